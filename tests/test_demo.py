"""The demonstration as a command: once, captured only, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from campaign.config import Settings
from campaign.demo import story
from campaign.drafting.models import FrozenText
from campaign.extensions import db
from campaign.factory import create_app
from campaign.history.queries import verify
from campaign.publishing import public_queries
from campaign.schedule import run_pass
from tests.test_first_start import STATES

# Mornings after weekends and holidays, days of clock changes, a leap day.
DAYS = (
    datetime(2026, 11, 22, 2, tzinfo=UTC),
    datetime(2026, 12, 28, 9, tzinfo=UTC),
    datetime(2027, 1, 2, 23, 30, tzinfo=UTC),
    datetime(2027, 3, 29, 1, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 0, 5, tzinfo=UTC),
    datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("now", DAYS, ids=str)
def test_on_any_day_the_first_pass_publishes_the_silent_company_and_no_other(
    app: Flask, settings: Settings, now: datetime
) -> None:
    with time_machine.travel(now, tick=True), app.app_context():
        story.load(settings, say=lambda _: None)
        tally = run_pass()
        assert tally is not None
        assert (tally.published, tally.errors) == (1, [])
        found = public_queries.campaign("who-can-copy-what-your-speaker-heard")
        assert found is not None
        shown = public_queries.shown(found[1])
        assert {one.company.slug: one.response for one in shown} == STATES
        late = next(one for one in shown if one.company.slug == "wexcombe-sound")
        (reply,) = late.shown_replies
        assert "Tilda Brook" in reply.text
        assert [piece.reason for piece in late.pieces(reply) if piece.reason] == ["name", "email"]
        assert verify()[1] is None
        again = run_pass()
        assert again is not None
        assert (again.published, again.sent, again.reminded) == (0, 0, 0)


@pytest.mark.database("postgresql")
def test_it_plays_on_postgresql_too(app: Flask, settings: Settings) -> None:
    with app.app_context():
        story.load(settings, say=lambda _: None)
        tally = run_pass()
        assert tally is not None
        assert (tally.published, tally.errors) == (1, [])


def test_the_command_loads_it_once(app: Flask, settings: Settings) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["demo"])
    assert first.exit_code == 0, first.output
    assert "Loading" in first.stderr
    assert "drafter@brightwater.example" in first.stderr
    events = runner.invoke(args=["history", "verify"]).stdout
    with app.app_context():
        mails = db.session.scalars(sa.select(FrozenText.bundle)).all()
        polled = [one for one in mails if "Would you want to be told" in one]
    assert polled
    assert all("Invented for this demonstration" in one for one in polled)
    second = runner.invoke(args=["demo"])
    assert second.exit_code == 0
    assert "Loading" not in second.stderr
    assert runner.invoke(args=["history", "verify"]).stdout == events


def test_it_never_mixes_with_real_sending(settings: Settings, tmp_path: Path) -> None:
    real = replace(
        settings,
        mail_url="smtp://mail.example.org",
        inbox_url="imaps://answers:secret@mail.example.org/",
    )
    done = create_app(real).test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 1
    assert "capture:" in done.stderr


@pytest.mark.database("sqlite")
def test_an_interrupted_load_is_taken_away_before_the_next(app: Flask, settings: Settings) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(*_: object) -> None:
        raise Interrupted

    own = replace(settings, database_url=f"sqlite:///{settings.instance_dir}/campaign.sqlite3")
    (settings.instance_dir / "campaign.sqlite3").write_bytes(
        Path(settings.database_url.removeprefix("sqlite:///")).read_bytes()
    )
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(story.Story, "play", interrupt)
        with pytest.raises(Interrupted):
            story.load(own, say=lambda _: None)
        db.session.remove()
    story.clear_unfinished(own)
    assert not list(settings.instance_dir.glob("campaign.sqlite3*"))
    (settings.instance_dir / "campaign.sqlite3").write_text("kept")
    story.clear_unfinished(own)
    assert (settings.instance_dir / "campaign.sqlite3").exists(), "a finished one is never touched"


def test_sign_ins_are_for_the_eyes_of_the_owner(app: Flask, settings: Settings) -> None:
    with app.app_context():
        story.load(settings, say=lambda _: None)
    kept = settings.instance_dir / "sign-ins.json"
    assert kept.stat().st_mode & 0o077 == 0
    people = json.loads(kept.read_text())
    assert list(people) == ["viewer", "drafter", "approver", "publisher", "admin"]
    lines = "\n".join(story.sign_ins(settings))
    assert all(person["password"] in lines for person in people.values())
