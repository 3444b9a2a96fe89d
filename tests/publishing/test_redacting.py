"""What is left out of a reply is left out of all that is public, at once; who may change that."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.history import queries as history
from campaign.history.queries import verify
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import redacting
from campaign.publishing.models import RecordEntry
from campaign.replies import redaction_queries, redaction_rules
from campaign.replies.models import Reply
from campaign.replies.redaction_rules import Mark, Reason
from campaign.replies.rules import Permission
from campaign.sending import operations as sending
from tests.builders import publishing as build
from tests.builders.accounts import post, sign_in, user
from tests.pages import page
from tests.publishing.asking import LARKFIELD, asked
from tests.publishing.conftest import NOW

TEXT = "We keep it for three days.\n\nKind regards,\nPetra Quill\nDesk 4, +44 20 7946 0018"
HIDDEN = ("Petra Quill", "7946 0018", "Desk 4")


@pytest.fixture
def reply(app: Flask, larkfield: int) -> int:
    """Id of a published reply of Larkfield Home; a comment and an extension speak of its writer."""
    with app.app_context():
        letter = letter_of(larkfield)
        build.extended(letter, asked_by="Petra Quill", why="Petra  Quill is away.")
        return build.answered(letter, text=TEXT, comment="We thank Petra Quill.").id


def letter_of(letter_id: int) -> Letter:
    return db.session.get_one(Letter, letter_id)


def publisher() -> User:
    known = db.session.query(User).filter_by(name="Pia Publisher").one_or_none()
    return known or user(name="Pia Publisher", role=Role.PUBLISHER)


def signature(text: str = TEXT) -> Mark:
    return Mark(text.index("Petra"), len(text), Reason.SIGNATURE)


def redact(reply: int, *marks: Mark, seen: int = 0, actor: User | None = None) -> None:
    redacting.redact(reply, marks, seen=seen, actor=actor or publisher())


def refused(code: str, act: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    assert caught.value.code == code
    return caught.value


ADDRESSES = (
    *(LARKFIELD, f"{LARKFIELD}history.json", "/feed.atom", "/feed.json", "/api/v1/records"),
    *("/api/v1/companies/larkfield-home", "/", "/campaigns/who-can-read-what-your-speaker-hears/"),
)


def test_what_is_left_out_is_gone_everywhere_at_once_and_no_cache_may_show_it(
    app: Flask, client: FlaskClient, reply: int
) -> None:
    before = {path: client.get(path) for path in ADDRESSES}
    assert any(word in before[LARKFIELD].text for word in HIDDEN)
    with app.app_context(), clock.at(NOW + timedelta(minutes=1)):
        redact(reply, signature())
    for path in ADDRESSES:
        again = client.get(path, headers={"If-None-Match": before[path].headers["ETag"]})
        told = [word for word in (*HIDDEN, "Petra") if word in before[path].text]
        assert again.status_code == (200 if told else again.status_code), path
        if told:
            assert before[path].headers["Cache-Control"] == "public, no-cache", path
        now = client.get(path).text
        assert not [word for word in HIDDEN if word in now], path
    shown = page(client.get(LARKFIELD))
    (words,) = shown.texts("#reply ~ .letter-sheet .verbatim")
    assert words == (
        "We keep it for three days. Kind regards, █████ left out: signature of a person"
    )
    assert "We thank █████." in shown.text
    assert any("1 passage: signature of a person" in one for one in shown.texts(".timeline li"))
    record = asked(client, "/api/v1/records")["items"][0]
    assert record["replies"][0]["left_out"] == ["signature of a person"]
    assert record["extensions"][0]["asked_by"] == "█████"


def test_feeds_tell_that_the_record_changed(app: Flask, client: FlaskClient, reply: int) -> None:
    before = asked(client, "/feed.json")["items"][0]
    with app.app_context(), clock.at(NOW + timedelta(minutes=1)):
        redact(reply, signature())
    after = asked(client, "/feed.json")["items"][0]
    assert before["date_modified"] < after["date_modified"]
    assert before["id"] == after["id"]


def test_the_public_history_still_verifies_and_tells_no_length(
    app: Flask, client: FlaskClient, reply: int
) -> None:
    with app.app_context():
        redact(reply, signature())
        assert verify()[1] is None
        kinds = [event.kind for event in history.of(db.session.get_one(Reply, reply).ref)]
        assert kinds[-1] == "reply.redacted"
    events = asked(client, f"{LARKFIELD}history.json")["events"]
    details = [json.loads(one["detail"]["body"]) for one in events if "detail" in one]
    assert {"number": 1, "reasons": {"signature": 1}} in details
    assert not any("asked_by" in one for one in details)
    assert any("letter.extended" in one["payload"] for one in events)


def test_the_mail_and_its_text_stay_as_they_came(app: Flask, reply: int) -> None:
    with app.app_context():
        redact(reply, signature())
        assert db.session.get_one(Reply, reply).text == TEXT


def test_every_state_is_kept_and_two_at_once_never_overwrite_each_other(
    app: Flask, reply: int
) -> None:
    with app.app_context():
        redact(reply, signature())
        refused("redaction-changed", lambda: redact(reply, seen=0))
        redact(reply, Mark(0, 2, Reason.LEGAL), signature(), seen=1)
        states = redaction_queries.versions([reply])[reply]
        assert [one.number for one in states] == [1, 2]
        assert [len(one.found) for one in states] == [1, 2]


def test_showing_words_again_is_for_publishers_and_leaving_out_for_everybody(
    app: Flask, reply: int
) -> None:
    with app.app_context():
        drafter = build.staff().drafter
        redact(reply, signature(), actor=drafter)
        refused("redaction-publisher", lambda: redact(reply, seen=1, actor=drafter))
        sending.halt(why="They rang.", actor=publisher())
        redact(reply, signature(), Mark(0, 2, Reason.LEGAL), seen=1, actor=drafter)
        refused("publication-stopped", lambda: redact(reply, signature(), seen=2))
        sending.release_halt(actor=publisher())
        redact(reply, signature(), seen=2)


def test_before_publication_anybody_may_change_what_is_left_out(app: Flask, larkfield: int) -> None:
    with app.app_context():
        reply = build.answered(letter_of(larkfield), text=TEXT, publish=False)
        drafter = build.staff().drafter
        redact(reply.id, signature(), actor=drafter)
        redact(reply.id, seen=1, actor=drafter)


def test_a_reply_with_parts_to_leave_out_stands_there_once_they_are_left_out(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        letter = letter_of(larkfield)
        given = build.answered(letter, text=TEXT, permission=Permission.REDACTIONS).id
        drafter = build.staff().drafter
    assert "three days" not in client.get(LARKFIELD).text
    with app.app_context():
        refused("redactions-needed", lambda: redact(given))
        refused("redaction-publisher", lambda: redact(given, signature(), actor=drafter))
        redact(given, signature())
    shown = client.get(LARKFIELD).text
    assert "three days" in shown
    assert not [word for word in HIDDEN if word in shown]


def test_marks_that_do_not_fit_the_text_any_more_show_nothing_of_it(
    app: Flask, client: FlaskClient, reply: int
) -> None:
    with app.app_context():
        redact(reply, signature())
        with transaction() as session:
            session.get_one(Reply, reply).text = f"Erased. {TEXT}"
    shown = page(client.get(LARKFIELD)).texts("#reply ~ .letter-sheet .verbatim")
    assert shown == ["█████ left out: for legal reasons"]


def test_a_person_marks_looks_and_saves_without_a_script(
    app: Flask, client: FlaskClient, reply: int
) -> None:
    with app.app_context():
        sign_in(client, publisher())
        ref = db.session.get_one(Reply, reply).ref
    address = f"/staff/replies/{ref}/redact"
    first = page(client.get(address))
    assert "This reply is public" in first.text
    (suggested,) = first.select("#suggested-1")
    assert "Petra Quill" in first.text

    def press(**given: str) -> TestResponse:
        return post(client, address, given)

    marked = page(press(act="suggested", seen="0", marks="", tick=str(suggested.attrs["value"])))
    assert "█████ left out: signature of a person" in marked.texts("#preview ~ .letter-sheet")[0]
    assert "Petra" in client.get(LARKFIELD).text
    carried = str(marked.select("[name=marks]")[0].attrs["value"])
    more = page(press(act="words", seen="0", marks=carried, words="three  days", reason="legal"))
    assert "left out: for legal reasons" in more.texts("#preview ~ .letter-sheet")[0]
    wrong = page(press(act="words", seen="0", marks=carried, words="four days", reason="legal"))
    assert "do not stand in their text" in wrong.text
    assert wrong.select("[name=marks]")[0].attrs["value"] == carried
    chosen = page(
        press(act="selection", seen="0", marks=carried, start="0", end="2", reason="legal")
    )
    carried = str(chosen.select("[name=marks]")[0].attrs["value"])
    again = page(press(act="show", seen="0", marks=carried, tick=carried.split()[0]))
    carried = str(again.select("[name=marks]")[0].attrs["value"])
    preview = again.texts("#preview ~ .letter-sheet .verbatim")[0]
    assert press(act="save", seen="0", marks=carried).status_code == 302
    assert page(client.get(LARKFIELD)).texts("#reply ~ .letter-sheet .verbatim") == [preview]
    late = page(press(act="save", seen="0", marks=""))
    assert "Somebody else has changed meanwhile" in late.text
    assert "Begin from this" not in page(client.get(address)).text


def test_names_are_left_out_of_what_is_published_unless_a_person_says_that_they_may_stand(
    app: Flask, client: FlaskClient, larkfield: int
) -> None:
    with app.app_context():
        reply = build.answered(letter_of(larkfield), text=TEXT, publish=False)
        sign_in(client, publisher())
        address = f"/staff/replies/{reply.ref}/publish"
    shown = page(client.get(address))
    assert "1 passage may tell who a member of staff is" in shown.text
    assert "Leave it out, or say" in page(post(client, address, {"seen": "0"})).text
    stale = page(post(client, address, {"seen": "4", "may_stand": "y"}))
    assert "Somebody else has changed" in stale.text
    with app.app_context():
        redact(reply.id, signature())
    shown = page(client.get(address))
    assert "may tell who" not in shown.text
    assert "1 passage: signature of a person." in shown.text
    assert post(client, address, {"seen": "1"}).status_code == 302
    with app.app_context():
        assert db.session.query(RecordEntry).count() == 1
    assert redaction_rules.BLOCK in client.get(LARKFIELD).text
