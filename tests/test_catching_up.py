"""The clock after an absence, and with more letters than one look holds.

What stays due and cannot be done (a hold, a door that nobody looked at) must never hide what
stands behind it, and a week without the clock must end like a week with it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.ctx import AppContext

from campaign.awaiting import operations as awaiting
from campaign.awaiting import queries as waits
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.publishing import due as publishing
from campaign.publishing.models import Response
from campaign.sending import queries as outbox
from tests.builders import mailbox_files, waiting
from tests.builders import replies as incoming
from tests.builders.waiting import AFTER, FINAL_NOTICE, REMINDER, SENT, record_of, run

A_LOOK = 2  # letters; the tests need few of them for many looks
HELD = 4


@pytest.fixture
def small_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(awaiting, "BATCH", A_LOOK)
    monkeypatch.setattr(publishing, "BATCH", A_LOOK)


def hold_all_but_the_last(letters: list[Letter], at: datetime) -> None:
    who = waiting.publisher()
    with clock.at(at):
        for letter in letters[:-1]:
            awaiting.hold(why="They rang.", actor=who, letter_id=letter.id)


def reminders(letter: Letter) -> list[TextKind]:
    return [d.kind for d in outbox.dispatches_of(letter.id) if d.kind is not TextKind.LETTER]


@pytest.mark.usefixtures("small_looks")
def test_letters_that_are_blocked_do_not_keep_the_one_behind_them_from_being_published(
    ctx: AppContext,
) -> None:
    letters = waiting.ripe(HELD + 1)
    hold_all_but_the_last(letters, FINAL_NOTICE + timedelta(hours=1))
    tally = run(AFTER)
    assert tally.published == 1
    assert record_of(letters[-1]) is not None
    assert {one.letter for one in tally.blocked} == {letter.ref for letter in letters[:-1]}


@pytest.mark.usefixtures("small_looks")
def test_letters_that_are_held_do_not_keep_the_one_behind_them_from_being_reminded(
    ctx: AppContext,
) -> None:
    letters = waiting.sent(HELD + 1)
    hold_all_but_the_last(letters, SENT + timedelta(hours=1))
    assert run(REMINDER).reminded == 1
    assert [reminders(letter) for letter in letters] == [[]] * HELD + [[TextKind.REMINDER]]


@pytest.mark.usefixtures("small_looks")
def test_letters_without_proof_do_not_keep_the_one_behind_them_from_its_deadline(
    ctx: AppContext,
) -> None:
    letters = waiting.sent(HELD + 1)
    with clock.at(SENT + timedelta(hours=1)):
        for letter in letters[:-1]:
            mailbox_files.bounces(incoming.mail_of(letter))
    run(SENT + timedelta(hours=2))
    db.session.delete(waits.waiting_of(letters[-1]))  # as before the first look at it
    db.session.commit()
    run(SENT + timedelta(hours=3))
    found = [waits.waiting_of(letter) for letter in letters]
    assert [bool(one and one.deadline_at) for one in found] == [False] * HELD + [True]


@pytest.mark.usefixtures("small_looks")
def test_every_open_letter_is_computed_anew_when_zones_change(ctx: AppContext) -> None:
    letters = waiting.sent(HELD + 1)
    with clock.at(REMINDER):
        assert awaiting.refresh_all() == len(letters)


@pytest.mark.usefixtures("small_looks")
def test_every_letter_is_published_once_however_many_looks_it_takes(ctx: AppContext) -> None:
    letters = waiting.ripe(HELD + 1)
    assert run(AFTER).published == len(letters)
    assert run(AFTER + timedelta(minutes=1)).published == 0
    assert all(record_of(letter) for letter in letters)


# A week away: the clock stops after the final notice has left, and comes back after the silence.

BACK = FINAL_NOTICE + timedelta(days=8)


def test_after_a_week_without_the_clock_one_pass_publishes_only_where_nothing_came(
    ctx: AppContext,
) -> None:
    silent, answered, returned, held = letters = waiting.ripe(4)
    who = waiting.publisher()
    with clock.at(FINAL_NOTICE + timedelta(days=1)):
        mail = incoming.mail(to=incoming.reply_address(answered))
        incoming.arrives(mail, when=FINAL_NOTICE + timedelta(days=1))
        mailbox_files.bounces(incoming.mail_of(returned))
        awaiting.hold(why="They rang.", actor=who, letter_id=held.id)
    tally = run(BACK)
    assert (tally.published, tally.reminded) == (1, 0)
    assert [record_of(letter) is not None for letter in letters] == [True, False, False, False]
    assert silence_of(silent) == Response.NO_RESPONSE
    gates = {b.letter: b.gate for b in tally.blocked}
    assert set(gates) == {answered.ref, returned.ref, held.ref}
    again = run(BACK + timedelta(minutes=1))
    assert (again.published, again.reminded, again.received, again.sent) == (0, 0, 0, 0)


def silence_of(letter: Letter) -> Response:
    record = record_of(letter)
    assert record is not None
    return record.entries[-1].response


def test_reminders_that_a_week_without_the_clock_missed_leave_once_and_give_more_time(
    ctx: AppContext,
) -> None:
    letter = waiting.sent()[0]
    back = datetime(2026, 11, 16, 12, tzinfo=UTC)  # both reminders' days are over
    tally = run(back)
    assert (tally.reminded, tally.published) == (1, 0)
    assert reminders(letter) == [TextKind.REMINDER]
    times = waits.waiting_of(letter)
    assert times is not None
    assert times.deadline_on == date(2026, 11, 19), "three working days from our late reminder"
    assert run(AFTER).published == 0, "the first deadline is not the binding one any more"
    assert waiting.go_on(letter, AFTER + timedelta(hours=1)) is not None
    assert reminders(letter) == [TextKind.REMINDER, TextKind.FINAL_NOTICE]
    kinds = [event.kind for event in history.of(letter.ref)]
    assert kinds.index("letter.extended") < kinds.index("record.published")
    assert letter.state is LetterState.CONCLUDED
