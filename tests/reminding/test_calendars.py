"""Calendars at secret addresses: what they tell, who can read them, and how they are taken back."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar.cal import Component

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns import operations as campaigns
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing.models import Record
from campaign.reminding import calendar
from campaign.reminding.models import CalendarFeed
from tests.builders import waiting as wait
from tests.builders.accounts import post, sign_in, user
from tests.pages import page

NOW = wait.SENT + timedelta(days=3)


@pytest.fixture
def viewer(app: Flask) -> User:
    """Somebody who may look, and a letter that is open since Monday."""
    with app.app_context():
        wait.sent()
        for step in (wait.SENT, wait.READ):
            wait.run(step)
        who = user("Vera Viewer", Role.VIEWER)
        db.session.refresh(who)
        db.session.expunge(who)
        return who


def entries(client: FlaskClient, token: str, at: datetime = NOW) -> dict[str, Component]:
    with clock.at(at):
        answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "private, no-store"
    found = icalendar.Calendar.from_ical(answer.data)
    return {str(event["SUMMARY"]): event for event in found.walk("VEVENT")}


def made(app: Flask, who: User, campaign: str = "") -> str:
    with app.app_context():
        return calendar.make(who, campaign)


def test_it_tells_deadlines_and_when_silence_can_be_published(
    app: Flask, client: FlaskClient, viewer: User
) -> None:
    found = entries(client, made(app, viewer))
    deadline = next(event for title, event in found.items() if title.startswith("Deadline"))
    silence = next(event for title, event in found.items() if title.startswith("Silence"))
    assert deadline.decoded("DTSTART") == date(2026, 11, 16)
    assert silence.decoded("DTSTART") == wait.SILENCE
    assert "/staff/letters/" in str(deadline["URL"])


def test_it_tells_reviews_and_embargoes_and_keeps_to_its_campaign(
    app: Flask, client: FlaskClient, viewer: User
) -> None:
    with app.app_context(), clock.at(NOW):
        letter = db.session.scalars(sa.select(Letter)).one()
        boss = wait.publisher()
        db.session.add(
            Record(letter_id=letter.id, owner_id=boss.id, review_on=NOW.date() + timedelta(days=9))
        )
        db.session.commit()
        slug = letter.campaign.slug
        letter = db.session.scalars(sa.select(Letter)).one()
        campaigns.set_embargo(letter.campaign_id, until=NOW + timedelta(days=2), actor=boss)
        other = campaigns.create_campaign(
            title="Another", summary="", questions=["Why?"], signatories=[("A", "", "")], actor=boss
        ).slug
    every = entries(client, made(app, viewer))
    assert any(title.startswith("Look at the record") for title in every)
    assert any(title.startswith("The embargo of") for title in every)
    assert entries(client, made(app, viewer, slug)).keys() == every.keys()
    assert entries(client, made(app, viewer, other)) == {}


def test_an_address_is_shown_once_and_works_until_it_is_taken_back(
    app: Flask, client: FlaskClient, viewer: User
) -> None:
    with app.app_context():
        sign_in(client, viewer)
    shown = page(post(client, "/staff/calendars/", {"campaign": ""}))
    found = re.search(r"/calendar/([\w-]+)\.ics", shown.text)
    assert found is not None
    token = found[1]
    assert len(token) >= 32
    assert token not in page(client.get("/staff/calendars/")).text
    assert entries(client, token)
    with app.app_context():
        (feed,) = db.session.scalars(sa.select(CalendarFeed))
        assert token not in f"{feed.token_hash}{feed.ref}"
    assert (
        post(client, f"/staff/calendars/{feed.ref}/revoke", page="/staff/calendars/").status_code
        == 302
    )
    gone, never = (client.get(f"/calendar/{one}.ics") for one in (token, "x" * 32))
    assert (gone.status_code, gone.data) == (never.status_code, never.data)
    assert gone.status_code == 404


def test_who_has_left_reads_no_more_and_nobody_takes_back_another_s(
    app: Flask, client: FlaskClient, viewer: User
) -> None:
    token = made(app, viewer)
    with app.app_context():
        (feed,) = db.session.scalars(sa.select(CalendarFeed))
        ref = feed.ref
        other = user("Olga Other", Role.VIEWER)
        sign_in(client, other)
    post(client, f"/staff/calendars/{ref}/revoke", page="/staff/calendars/")
    assert entries(client, token)
    with app.app_context():
        db.session.get_one(User, viewer.id).active = False
        db.session.commit()
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_an_unknown_campaign_and_too_many_addresses_are_refused(
    app: Flask, client: FlaskClient, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        sign_in(client, viewer)
    assert "/calendar/" not in page(post(client, "/staff/calendars/", {"campaign": "none"})).text
    monkeypatch.setattr(calendar, "_MANY", 1)
    post(client, "/staff/calendars/", {"campaign": ""})
    assert "Take one back" in page(post(client, "/staff/calendars/", {"campaign": ""})).text
