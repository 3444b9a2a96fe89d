"""What people at companies wrote is erased when its term is over; the record and the chain stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient

from campaign import schedule
from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.awaiting import answering
from campaign.awaiting.answer_models import OutgoingAnswer
from campaign.awaiting.answer_rules import AnswerKind
from campaign.awaiting.answering import Words
from campaign.database import transaction
from campaign.drafting.models import FrozenText, Letter, LetterState
from campaign.extensions import db
from campaign.history import queries as history
from campaign.history.models import HistoryDetail, HistoryEvent
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import LocalFiles
from campaign.publishing import operations as publishing
from campaign.publishing import retention, retention_queries
from campaign.publishing.retention_rules import months_before, without_names
from campaign.replies import notes, triage
from campaign.replies.file_models import ReplyFile
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.notes import Said, Upload
from campaign.replies.rules import Answer, ItemKind, Permission, Triage
from campaign.sending import operations as sending
from campaign.sending.models import Dispatch
from tests.builders import accounts, waiting
from tests.builders import replies as incoming
from tests.builders.drafting import Staff
from tests.pages import page

CAME = waiting.SENT + timedelta(days=3)
TERM = datetime(2028, 11, 20, tzinfo=UTC)  # 24 months after the last word, and some days
SECRET = ("Pip Larch", "pip@larch.example", "Our vault is in Leeds.")


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def people(in_app: None) -> tuple[User, User]:
    return accounts.user("Tessa Triage", Role.DRAFTER), waiting.publisher()


@pytest.fixture
def letter(people: tuple[User, User]) -> Letter:
    """Answered by a named person, whom we thanked, and over."""
    with clock.at(waiting.SENT):
        (found,) = waiting.sent()
    with clock.at(CAME):
        raw = incoming.mail(
            sender=f"{SECRET[0]} <{SECRET[1]}>", to=incoming.reply_address(found), text=SECRET[2]
        )
        message = incoming.taken_in(raw, CAME)
        triage.file_reply(
            message.id, letter_id=found.id, kind=ItemKind.RESPONSE, answer=Answer.FULL,
            permission=Permission.EXPLICIT_YES, verdicts={}, text=message.text,
            note=f"{SECRET[0]} is friendly.", actor=people[0],
        )  # fmt: skip
        words = Words(AnswerKind.THANKS, SECRET[1], "Re: Your letter", "Thank you.")
        made = answering.write(found.id, words, message_ref=message.ref, actor=people[0])
        answering.send(made.id, seen=1, actor=people[0])
        sending.send_due()
        incoming.take_in()  # our own copy of it
    _conclude(found)
    return found


def _conclude(letter: Letter) -> None:
    with transaction() as session:
        session.get_one(Letter, letter.id).state = LetterState.CONCLUDED


def _everything() -> str:
    """All that the database says, and every stored file, as text."""
    db.session.rollback()
    told = [
        str(tuple(row))
        for table in db.metadata.sorted_tables
        if table.name not in ("user_account", "company", "contact")
        for row in db.session.execute(sa.select(table))
    ]
    files: LocalFiles = current_app.extensions["files"]
    told += [p.read_bytes().decode("latin-1") for p in files.root.rglob("*") if p.is_file()]
    return "\n".join(told)


def test_nothing_of_a_person_is_left_anywhere_after_the_term(letter: Letter) -> None:
    before = _everything()
    assert all(words in before for words in SECRET)
    with clock.at(TERM):
        assert retention.erase_due() == 1
        assert retention.erase_due() == 0
    after = _everything()
    assert [words for words in SECRET if words in after] == []
    assert history.verify()[1] is None


def test_what_was_published_stays_and_its_writer_goes(
    letter: Letter, people: tuple[User, User]
) -> None:
    with transaction() as session:
        session.get_one(Letter, letter.id).state = LetterState.OPEN
    reply = db.session.query(Reply).one()
    with clock.at(CAME):
        publishing.publish_reply(reply.id, actor=people[1], may_stand=True)
    with clock.at(TERM):
        retention.erase_due()
    db.session.expire_all()
    reply = db.session.query(Reply).one()
    assert SECRET[2] in reply.text
    assert (reply.sender, reply.note) == ("", "")
    assert SECRET[0] not in _everything()


def test_files_of_the_company_go_but_for_what_is_public_of_them(
    letter: Letter, people: tuple[User, User]
) -> None:
    reply = db.session.query(Reply).one()
    with transaction() as session:
        for position, (name, published) in enumerate((("Pip Larch.pdf", None), ("us.pdf", 0))):
            raw = f"bytes of file {position}".encode()
            session.add(
                ReplyFile(
                    reply_id=reply.id, position=position, name=name, kind="pdf", size=len(raw),
                    sha256=current_app.extensions["files"].put(raw), public_name="Answer.pdf",
                    published=published, published_by_id=people[1].id,
                )
            )  # fmt: skip
    with clock.at(TERM):
        retention.erase_due()
    told = _everything()
    assert "Pip Larch.pdf" not in told
    assert "bytes of file 0" not in told
    assert "bytes of file 1" in told


def test_a_note_of_a_call_keeps_when_it_was_and_nothing_that_was_said(
    letter: Letter, people: tuple[User, User], client: FlaskClient
) -> None:
    said = Said(CAME, "Tessa", SECRET[0], SECRET[2], True)
    with clock.at(CAME):
        minutes = [Upload("Pip Larch.txt", b"What Pip said: " + SECRET[2].encode())]
        note = notes.add_note(letter.id, ItemKind.PHONE_NOTE, said, files=minutes, actor=people[0])
    ref, file = note.ref, note.files[0].ref
    with clock.at(TERM):
        assert retention.erase_due() == 1
    told = _everything()
    assert [words for words in SECRET if words in told] == []
    with pytest.raises(Problem, match="is erased"):
        notes.withdraw_note(note.id, why="wrong", actor=people[0])
    accounts.sign_in(client, people[0])
    seen = page(client.get(f"/staff/notes/{ref}/"))
    assert "Its time was over" in seen.text
    assert client.get(f"/staff/notes/{ref}/files/{file}").status_code == 404
    assert "what was said is erased" in page(client.get(f"/staff/letters/{letter.ref}/")).text


@pytest.mark.parametrize(
    "state", [one for one in LetterState if one not in {"concluded", "withdrawn"}]
)
def test_a_letter_that_is_not_over_keeps_all(letter: Letter, state: LetterState) -> None:
    with transaction() as session:
        session.get_one(Letter, letter.id).state = state
    with clock.at(TERM):
        assert retention.erase_due() == 0


def test_our_letter_that_the_company_sent_back_stays_ours(
    letter: Letter, people: tuple[User, User]
) -> None:
    files: LocalFiles = current_app.extensions["files"]
    frozen = db.session.query(FrozenText).one()
    with transaction() as session:
        session.add(
            ReplyFile(
                reply_id=session.query(Reply).one().id, position=0, name="Your letter.pdf",
                kind="pdf", size=10, sha256=frozen.pdf_sha256,
            )
        )  # fmt: skip
    with clock.at(TERM):
        assert retention.erase_due() == 1
    assert files.get(frozen.pdf_sha256).startswith(b"%PDF")


def _also_answers(letter: Letter, who: User) -> Letter:
    """Another letter, over, to which the first letter's mail was filed as well."""
    ada, bea = (
        db.session.query(User).filter(User.email.startswith(name)).one()
        for name in ("ada.", "bea.")
    )
    with clock.at(waiting.SENT):
        (other,) = waiting.sent(people=Staff(ada, bea), campaign=letter.campaign, first=7)
    with transaction() as session:
        mine = session.query(Reply).filter_by(letter_id=letter.id).one()
        session.add(
            Reply(
                letter_id=other.id, message_id=mine.message_id, kind=mine.kind, answer=mine.answer,
                received_at=mine.received_at, filed_at=mine.filed_at, text=SECRET[2],
                sender=SECRET[0], permission=mine.permission, filed_by_id=who.id,
            )
        )  # fmt: skip
    _conclude(other)
    return other


def _mail_of(letter: Letter) -> IncomingMessage:
    db.session.expire_all()
    reply = db.session.query(Reply).filter_by(letter_id=letter.id).one()
    assert reply.message is not None
    return reply.message


def test_a_mail_that_answers_for_two_goes_only_when_the_other_needs_it_no_more(
    letter: Letter, people: tuple[User, User]
) -> None:
    other = _also_answers(letter, people[0])
    with transaction() as session:
        session.get_one(Letter, other.id).state = LetterState.OPEN
    with clock.at(TERM):
        retention.erase_due()
        assert _mail_of(letter).erased_at is None
        _conclude(other)
        until = (TERM + timedelta(days=100)).date()
        retention.keep_longer(other.id, until=until, why="A case.", actor=people[1])
        retention.erase_due()
        assert SECRET[2] in _mail_of(letter).text
    with clock.at(TERM + timedelta(days=101)):
        retention.erase_due()
        retention.erase_due()
        assert _mail_of(letter).erased_at is not None
    assert [words for words in SECRET if words in _everything()] == []


def test_a_letter_that_is_kept_after_it_was_looked_for_is_not_erased(
    letter: Letter, people: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = retention_queries.due_letters

    def meanwhile(*args: object, **named: object) -> list[int]:
        found = real(*args, **named)  # type: ignore[arg-type]
        if "only" not in named:
            until = (TERM + timedelta(days=100)).date()
            retention.keep_longer(letter.id, until=until, why="A case.", actor=people[1])
        return found

    monkeypatch.setattr(retention_queries, "due_letters", meanwhile)
    with clock.at(TERM):
        retention.erase_due()
    assert _mail_of(letter).erased_at is None
    reply = db.session.query(Reply).one()
    assert (reply.erased_at, reply.text) == (None, SECRET[2])


def test_our_answer_keeps_its_words_without_the_name_that_it_greets(
    letter: Letter, people: tuple[User, User]
) -> None:
    answer = db.session.query(OutgoingAnswer).one()
    with transaction():
        answer.text = f"Dear Pip Larch,\n\nThank you, Pip. We wrote to {SECRET[1]}."
    with clock.at(TERM):
        retention.erase_due()
    db.session.expire_all()
    text = db.session.query(OutgoingAnswer).one().text
    assert text == "Dear [name],\n\nThank you, [name]. We wrote to [name]."


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("Dear Ana Díaz,", ["Ana Díaz"], "Dear [name],"),
        ("Ms Díaz said so; Anagram stays.", ["Ana Díaz"], "Ms [name] said so; Anagram stays."),
        ("Larkspur answered.", ["Larkspur Press"], "Larkspur answered."),
        ("Write to a.d@x.example now", ["a.d@x.example"], "Write to [name] now"),
        ("Nobody", ["", "J"], "Nobody"),
        ("A plain text.", [], "A plain text."),
    ],
)
def test_names_leave_a_text_of_ours(text: str, names: list[str], left: str) -> None:
    assert without_names(text, names, company="Larkspur Mobile") == left


def test_the_term_counts_from_the_last_word(letter: Letter, people: tuple[User, User]) -> None:
    later = CAME + timedelta(days=400)
    with clock.at(later):
        incoming.arrives(incoming.mail(to=incoming.reply_address(letter), text="One more."), later)
        incoming.take_in()
    with clock.at(TERM):
        assert retention.erase_due() == 0


def test_a_person_keeps_it_longer_and_shortens_that_again(
    letter: Letter, people: tuple[User, User]
) -> None:
    with clock.at(TERM):
        until = (TERM + timedelta(days=100)).date()
        retention.keep_longer(letter.id, until=until, why="A case.", actor=people[1])
        assert retention.erase_due() == 0
    with clock.at(TERM + timedelta(days=99)):
        assert retention.erase_due() == 0
    with clock.at(TERM + timedelta(days=101)):
        assert retention.erase_due() == 1


@pytest.mark.parametrize("days", [-1, 365 * 11])
def test_it_is_kept_neither_backwards_nor_for_ever(
    letter: Letter, people: tuple[User, User], days: int
) -> None:
    until = (clock.now() + timedelta(days=days)).date()
    with pytest.raises(Problem, match="years away"):
        retention.keep_longer(letter.id, until=until, why="A case.", actor=people[1])


def test_nobodys_mail_goes_sooner_and_what_waits_stays(
    letter: Letter, people: tuple[User, User]
) -> None:
    with clock.at(CAME):
        spam = incoming.taken_in(incoming.mail(sender="s@spam.example", text="Buy."), CAME)
        waits = incoming.taken_in(incoming.mail(sender="w@nobody.example", text="Who?"), CAME)
        triage.mark_spam(spam.id, actor=people[0])
    with clock.at(CAME + timedelta(days=200)):
        assert retention.erase_due() == 1
    db.session.expire_all()
    told = {m.id: m for m in db.session.query(IncomingMessage)}
    assert told[spam.id].erased_at is not None
    assert told[waits.id].erased_at is None
    assert told[waits.id].triage is Triage.WAITING


def test_erased_mail_that_still_lies_in_the_mailbox_is_not_taken_in_again(letter: Letter) -> None:
    with clock.at(TERM):
        retention.erase_due()
        count = db.session.query(IncomingMessage).count()
        incoming.take_in()
        assert db.session.query(IncomingMessage).count() == count
    assert SECRET[2] not in _everything()


def test_bytes_that_are_our_own_evidence_stay(letter: Letter) -> None:
    with clock.at(TERM):
        retention.erase_due()
    files = current_app.extensions["files"]
    mails = db.session.query(Dispatch).filter(Dispatch.contact_id.is_not(None))
    assert [files.get(mail.file_sha256) for mail in mails]
    answer = db.session.query(OutgoingAnswer).one()
    assert answer.text == "Thank you."
    assert answer.to_address == ""


def test_the_clock_does_it(letter: Letter) -> None:
    with clock.at(TERM):
        tally = schedule.run_pass()
    assert tally is not None
    assert tally.errors == []
    assert SECRET[2] not in _everything()


def test_events_keep_their_place_and_lose_their_words(letter: Letter) -> None:
    reply = db.session.query(Reply).one()
    about = sa.select(HistoryEvent.seq).where(HistoryEvent.subject == reply.ref)
    seqs = db.session.scalars(about).all()
    with clock.at(TERM):
        retention.erase_due()
    assert db.session.scalars(about).all() == seqs
    left = db.session.scalars(sa.select(HistoryDetail.seq).where(HistoryDetail.seq.in_(seqs)))
    assert left.all() == []


@pytest.mark.parametrize(
    ("moment", "months", "day"),
    [("2026-11-26", 24, "2024-11-26"), ("2024-02-29", 12, "2023-02-28"),
     ("2026-01-31", 2, "2025-11-30"), ("2026-11-26", -2, "2027-01-26")],
)  # fmt: skip
def test_months_are_those_of_the_calendar(moment: str, months: int, day: str) -> None:
    given = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert months_before(given, months).date().isoformat() == day


def test_staff_see_what_goes_when_and_keep_it_on_the_page(
    client: FlaskClient, letter: Letter, people: tuple[User, User]
) -> None:
    accounts.sign_in(client, people[1])
    with clock.at(CAME + timedelta(days=30)):
        shown = page(client.get("/staff/settings/personal-data/"))
        assert "5 Nov 2028" in shown.text
        accounts.post(
            client, f"/staff/letters/{letter.ref}/keep", {"until": "2029-02-01", "why": "A case."}
        )
        kept = page(client.get("/staff/settings/personal-data/")).text
        assert "not before 1 Feb 2029" in kept
        assert "A case." in kept


def test_an_erased_message_has_a_page_that_says_so_and_no_download(
    client: FlaskClient, letter: Letter, people: tuple[User, User]
) -> None:
    accounts.sign_in(client, people[1])
    with clock.at(TERM):
        retention.erase_due()
    message = db.session.query(IncomingMessage).filter_by(triage=Triage.FILED).one()
    assert message.sha256 in page(client.get(f"/staff/inbox/{message.ref}/")).text
    assert client.get(f"/staff/inbox/{message.ref}/message.eml").status_code == 410
    assert page(client.get(f"/staff/letters/{letter.ref}/")).h1
    assert page(client.get("/staff/inbox/?part=all")).h1
