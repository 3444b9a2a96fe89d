"""Notes of calls and meetings: kept in every version, never public, no answer by themselves."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.desk import board
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import look
from campaign.publishing import operations as publishing
from campaign.publishing.models import Response
from campaign.replies import note_queries, notes, queries
from campaign.replies import operations as replies
from campaign.replies.models import Reply
from campaign.replies.note_models import Note
from campaign.replies.notes import Said, Upload
from campaign.replies.rules import ItemKind, Permission
from campaign.sending import queries as sending
from campaign.sending.rules import EvidenceKind
from tests.builders import accounts, waiting
from tests.builders import drafting as drafts
from tests.builders import replies as build
from tests.pages import page

PDF = Upload("minutes.pdf", b"%PDF-1.7 minutes")
WORDS = "Pip said that the legal team has it."


def said(**changes: Any) -> Said:
    about = {
        "happened_at": clock.now() - timedelta(minutes=5),
        "ours": "Ada Drafter",
        "theirs": "Pip Larch, press office",
        "text": WORDS,
        "heard": True,
    }
    return Said(**{**about, **changes})


@pytest.fixture
def people(ctx: AppContext) -> drafts.Staff:
    return drafts.staff()


@pytest.fixture
def letter(people: drafts.Staff) -> Letter:
    """A letter that has left."""
    return build.sent(people, "Larkspur Mobile")


def call(letter: Letter, who: User, **changes: Any) -> Note:
    files = changes.pop("files", ())
    return notes.add_note(letter.id, ItemKind.PHONE_NOTE, said(**changes), files=files, actor=who)


def told() -> list[str]:
    return [event.kind for event in history.newest() if event.kind.startswith("note.")][::-1]


def test_a_note_keeps_when_who_what_and_its_files(letter: Letter, people: drafts.Staff) -> None:
    first = clock.now()
    made = call(letter, people.drafter, files=[PDF, PDF])
    (found,) = note_queries.notes_of(letter.id)
    assert found.ref == made.ref
    assert found.now.happened_at < first
    assert (found.now.ours, found.now.theirs) == ("Ada Drafter", "Pip Larch, press office")
    assert (found.now.text, found.now.by_id) == (WORDS, people.drafter.id)
    assert [(one.name, one.by_id) for one in found.kept_files] == [
        ("minutes.pdf", people.drafter.id)
    ]
    assert note_queries.names([found.ref]) == {found.ref: "Note of a call with Larkspur Mobile"}
    assert told() == ["note.added"]
    assert history.verify()[1] is None


def test_what_it_said_before_is_kept_with_who_wrote_it(
    letter: Letter, people: drafts.Staff
) -> None:
    note = call(letter, people.drafter)
    before = said(happened_at=note.now.happened_at)
    notes.change_note(
        note.id, before._replace(text="Another word."), based_on=1, actor=people.approver
    )
    notes.change_note(
        note.id, before._replace(text="Another word."), based_on=2, actor=people.approver
    )
    found = note_queries.note(note.ref)
    assert found is not None
    assert [(one.version, one.text, one.by_id) for one in found.versions] == [
        (1, WORDS, people.drafter.id),
        (2, "Another word.", people.approver.id),
    ]
    assert told() == ["note.added", "note.changed"]
    changed = next(one for one in history.newest() if one.kind == "note.changed")
    assert changed.detail["changed"] == {"text": [WORDS, "Another word."]}


def test_of_two_who_change_it_the_later_overwrites_nothing(
    letter: Letter, people: drafts.Staff
) -> None:
    note = call(letter, people.drafter)
    notes.change_note(note.id, said(text="One."), based_on=1, actor=people.drafter)
    with pytest.raises(Problem) as refused:
        notes.change_note(note.id, said(text="Two."), based_on=1, actor=people.approver)
    assert refused.value.code == "note-newer"
    found = note_queries.note(note.ref)
    assert found is not None
    assert found.now.text == "One."


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"happened_at": datetime(2999, 1, 1, tzinfo=UTC)}, "received-later"),
        ({"ours": " "}, "field-empty"),
        ({"theirs": ""}, "field-empty"),
        ({"theirs": "Pip\nBcc: x"}, "control-character"),
        ({"text": "\n"}, "field-empty"),
        ({"text": "a\x00b"}, "control-character"),
        ({"files": [Upload("a.exe", b"MZ")]}, "attachment-type"),
        ({"files": [Upload("a.pdf", b"<html>")]}, "attachment-type"),
        ({"files": [Upload("a.svg", b"<svg>")]}, "attachment-type"),
        ({"files": [Upload(f"{n}.txt", b"a") for n in range(11)]}, "note-files"),
    ],
)
def test_it_is_taken_down_in_full_or_not_at_all(
    letter: Letter, people: drafts.Staff, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Problem) as refused:
        call(letter, people.drafter, **changes)
    assert refused.value.code == code
    assert note_queries.notes_of(letter.id) == []
    assert told() == []


def test_a_file_is_taken_out_and_put_in_again(letter: Letter, people: drafts.Staff) -> None:
    note = call(letter, people.drafter, files=[PDF])
    notes.remove_file(note.id, note.kept_files[0].ref, actor=people.drafter)
    assert note.kept_files == []
    before = said(happened_at=note.now.happened_at)
    notes.change_note(note.id, before, based_on=1, files=[PDF], actor=people.drafter)
    assert [one.name for one in note.kept_files] == ["minutes.pdf"]
    assert told() == ["note.added", "note.file_removed", "note.changed"]


def test_a_letter_that_never_left_has_no_notes(people: drafts.Staff) -> None:
    draft = drafts.draft(people)
    with pytest.raises(Problem) as refused:
        call(draft, people.drafter)
    assert refused.value.code == "letter-not-out"


# What it means


def test_it_is_no_answer_and_proves_nothing(letter: Letter, people: drafts.Staff) -> None:
    before = sending.proof(letter, mailbox_read_at=None)
    call(letter, people.drafter)
    assert sending.proof(letter, mailbox_read_at=None) == before
    kinds = {e.kind for d in sending.dispatches_of(letter.id) for e in d.evidence}
    assert EvidenceKind.ANSWERED not in kinds
    assert queries.theirs(letter.id) == []
    (item,) = queries.thread(letter.id)
    assert (item.text, item.answer, item.permission) == ("", None, Permission.REFUSED)


@pytest.fixture
def ripe(ctx: AppContext) -> Letter:
    """A letter of which silence would be published at `AFTER`."""
    return waiting.ripe()[0]


SOON = waiting.FINAL_NOTICE + timedelta(hours=6)


def at_soon(letter: Letter, **changes: Any) -> tuple[Note, User]:
    who = waiting.publisher()
    with clock.at(SOON):
        return call(letter, who, **changes), who


def test_what_they_said_keeps_silence_back_until_the_note_is_taken_back(ripe: Letter) -> None:
    note, who = at_soon(ripe)
    assert waiting.run(waiting.AFTER).published == 0
    with clock.at(waiting.AFTER):
        notes.withdraw_note(note.id, why="Another company.", actor=who)
    assert waiting.run(waiting.AFTER + timedelta(hours=1)).published == 1


def test_a_call_that_nobody_answered_keeps_nothing_back(ripe: Letter) -> None:
    at_soon(ripe, heard=False)
    assert queries.thread(ripe.id) == []
    assert waiting.run(waiting.AFTER).published == 1


@pytest.mark.parametrize("heard", [True, False])
def test_a_change_of_what_was_heard_counts_from_then_on(ripe: Letter, heard: bool) -> None:
    note, who = at_soon(ripe, heard=not heard)
    with clock.at(SOON):
        notes.change_note(note.id, said(heard=heard), based_on=1, actor=who)
    assert len(queries.thread(ripe.id)) == int(heard)
    assert waiting.run(waiting.AFTER).published == int(not heard)
    with clock.at(waiting.AFTER):
        notes.change_note(note.id, said(heard=True), based_on=2, actor=who)
        assert len(queries.thread(ripe.id)) == 1
    assert db.session.query(Reply).count() == 1


def test_what_they_said_stops_reminders_and_a_call_in_vain_does_not(ctx: AppContext) -> None:
    first, second = waiting.sent(2)
    who = waiting.publisher()
    with clock.at(waiting.SENT + timedelta(days=1)):
        call(first, who, heard=True)
        call(second, who, heard=False)
    waiting.run(waiting.REMINDER)
    reminded = [len(sending.dispatches_of(letter.id)) for letter in (first, second)]
    assert reminded == [1, 2]


def test_a_note_beside_an_acknowledgement_leaves_it_one(ripe: Letter) -> None:
    _note, who = at_soon(ripe)
    with clock.at(SOON):
        replies.log_reply(
            ripe.id, kind=ItemKind.ACKNOWLEDGEMENT, answer=None,
            permission=Permission.UNDETERMINED, verdicts={}, received_at=SOON - timedelta(hours=1),
            sender="Pip Larch, by telephone", text="We have it.", actor=who,
        )  # fmt: skip
    waiting.run(waiting.AFTER)
    with clock.at(waiting.AFTER + timedelta(minutes=1)):
        assert look.at([ripe])[ripe.id].acknowledged_only
        (row,) = board.rows([ripe])
        assert row.next_step == "Publish that they acknowledged it only"
        record = publishing.publish_acknowledged_only(ripe.id, actor=who)
    assert [entry.response for entry in record.entries] == [Response.ACKNOWLEDGED_ONLY]


def test_a_note_alone_is_no_acknowledgement(ripe: Letter) -> None:
    _note, who = at_soon(ripe)
    waiting.run(waiting.AFTER)
    with clock.at(waiting.AFTER + timedelta(minutes=1)):
        (row,) = board.rows([ripe])
        assert row.next_step == "Log what they said in a call as a reply"
        assert not look.at([ripe])[ripe.id].acknowledged_only
        with pytest.raises(Problem) as refused:
            publishing.publish_acknowledged_only(ripe.id, actor=who)
    assert refused.value.code == "not-acknowledged-only"


def test_a_note_that_was_taken_back_is_not_changed_any_more(
    letter: Letter, people: drafts.Staff
) -> None:
    note = call(letter, people.drafter, files=[PDF])
    notes.withdraw_note(note.id, why="Another company.", actor=people.drafter)
    ref = note.files[0].ref

    def change() -> object:
        return notes.change_note(note.id, said(text="x"), based_on=1, actor=people.drafter)

    acts: list[Callable[[], object]] = [
        change,
        lambda: notes.withdraw_note(note.id, why="again", actor=people.drafter),
        lambda: notes.remove_file(note.id, ref, actor=people.drafter),
    ]
    for act in acts:
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.code == "note-withdrawn"
    assert note_queries.notes_of(letter.id) == []
    assert note_queries.note(note.ref) is not None


# The pages


@pytest.fixture
def out(app: Flask) -> str:
    """Address of the page of a letter that has left."""
    with app.app_context():
        ref = build.sent(drafts.staff(), "Larkspur Mobile").ref
        db.session.remove()
    return f"/staff/letters/{ref}"


def signed_in(app: Flask, client: FlaskClient, role: Role = Role.DRAFTER) -> FlaskClient:
    with app.app_context():
        accounts.sign_in(client, accounts.user(f"Nia {role.value}", role))
        db.session.remove()
    return client


TYPED = {
    "kind": "phone_note",
    "happened": "2026-01-05T10:30",
    "ours": "Nia",
    "theirs": "Pip Larch",
    "text": WORDS,
    "heard": "yes",
}


def test_a_person_takes_a_call_down_changes_it_and_takes_it_back(
    app: Flask, client: FlaskClient, out: str
) -> None:
    nia = signed_in(app, client)
    assert "Take a call or a meeting down" in page(nia.get(out + "/")).text
    new = f"{out}/notes/new"
    refused = page(accounts.post(nia, new, {**TYPED, "theirs": ""}), 422)
    assert "Say whom it was with." in refused.text
    assert WORDS in refused.text
    data = {**TYPED, "files": [(io.BytesIO(PDF.raw), PDF.name)]}
    made = accounts.post(nia, new, data)
    url = made.headers["Location"]
    shown = page(nia.get(url))
    assert shown.h1 == "Note of a call with Larkspur Mobile"
    assert "5 Jan 2026, 10:30 GMT" in shown.text
    file = str((shown.one('a[href*="/files/"]').attrs or {})["href"])
    fetched = nia.get(file)
    assert fetched.data == PDF.raw
    assert "minutes.pdf" in fetched.headers["Content-Disposition"]
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    listed = page(nia.get(out + "/"))
    assert WORDS in listed.one('[aria-labelledby="notes"]').to_text()
    assert "Note of a call" not in listed.one('[aria-labelledby="came-back"]').to_text()
    edit = url + "edit"
    changed = {**TYPED, "text": "Another word.", "based_on": "1"}
    shown = page(accounts.post(nia, edit, changed, page=edit, follow_redirects=True))
    assert "Another word." in shown.text
    assert "Version 1" in shown.text
    late = page(accounts.post(nia, edit, {**changed, "text": "Late."}, page=edit), 422)
    assert "has changed this note meanwhile" in late.text
    assert "Late." in late.text
    page(accounts.post(nia, file + "/remove", page=url, follow_redirects=True))
    assert not page(nia.get(url)).select('a[href*="/files/"]')
    empty = page(accounts.post(nia, url + "withdraw", {"why": ""}, page=url), 422)
    assert "Say why, in a few words." in empty.text
    gone = accounts.post(nia, url + "withdraw", {"why": "Wrong"}, page=url, follow_redirects=True)
    assert "Taken back" in page(gone).text
    assert WORDS not in page(nia.get(out + "/")).text


def test_a_viewer_reads_notes_and_writes_none(app: Flask, client: FlaskClient, out: str) -> None:
    nia = signed_in(app, client)
    url = accounts.post(nia, f"{out}/notes/new", TYPED).headers["Location"]
    for address in (url, url + "edit", f"{out}/notes/new"):
        assert app.test_client().get(address).status_code in (302, 401)
    vera = signed_in(app, app.test_client(), Role.VIEWER)
    shown = page(vera.get(url))
    assert not shown.select("main form")
    assert vera.get(url + "edit").status_code == 403
    assert vera.get(f"{out}/notes/new").status_code == 403
    token = {"csrf_token": accounts.token(vera, "/staff/sending/")}
    for act in ("edit", "withdraw", "files/x/remove"):
        assert vera.post(url + act, data=token).status_code == 403
    assert vera.get("/staff/notes/nothing/").status_code == 404
    assert vera.get(f"{url}files/nothing").status_code == 404


def test_no_public_page_holds_a_word_of_a_note(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        letter = waiting.ripe()[0]
        who = waiting.publisher()
        place = f"{letter.campaign.slug}/{letter.company.slug}"
        with clock.at(SOON):
            call(letter, who, heard=False, files=[PDF])
        waiting.run(waiting.AFTER)
        with clock.at(waiting.AFTER + timedelta(hours=1)):
            call(letter, who, heard=True)
        company, campaign = letter.company.slug, letter.campaign.slug
        db.session.remove()
    pages = [
        f"/campaigns/{place}/",
        f"/campaigns/{place}/history.json",
        f"/campaigns/{campaign}/",
        f"/companies/{company}/",
        "/",
        "/feed.atom",
        "/feed.json",
        "/api/v1/records",
        f"/api/v1/companies/{company}",
    ]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        for word in (WORDS, "Pip Larch", "minutes.pdf", "Note of a call"):
            assert word not in answer.text, (address, word)
