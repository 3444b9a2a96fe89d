"""Acts of waiting: deadlines from proof, reminders once, extensions, holds, sweeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.ctx import AppContext

from campaign.accounts.models import User
from campaign.awaiting import operations, queries
from campaign.awaiting.models import Extension, Waiting
from campaign.campaigns import operations as campaigning
from campaign.companies.rules import Channel
from campaign.drafting.models import Letter, TextKind
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import public_queries
from campaign.replies import operations as replies
from campaign.replies.rules import ItemKind, Permission
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from campaign.sending.models import Dispatch
from tests.builders import drafting as drafts
from tests.builders import mailbox_files, waiting
from tests.builders import replies as incoming
from tests.builders.waiting import AFTER, DEADLINE, FINAL_NOTICE, REMINDER, SENT, SILENCE, run

PRINTED = date(2026, 11, 16)


def times(letter: Letter) -> Waiting:
    db.session.rollback()
    found = queries.waiting_of(letter)
    assert found is not None
    return found


def reminders(letter: Letter) -> list[Dispatch]:
    db.session.rollback()
    return [d for d in outbox.dispatches_of(letter.id) if d.kind is not TextKind.LETTER]


def states(letter: Letter) -> list[str]:
    return [dispatch.state.value for dispatch in reminders(letter)]


def extensions(letter: Letter) -> list[Extension]:
    db.session.rollback()
    return queries.extensions_of(letter)


def refused(code: str, act: Callable[[], Any]) -> Problem:
    with pytest.raises(Problem) as caught:
        act()
    assert caught.value.code == code
    return caught.value


@pytest.fixture
def who(ctx: AppContext) -> User:
    return waiting.publisher()


@pytest.fixture
def letter(ctx: AppContext) -> Letter:
    """A letter that left at `SENT` and was proved to have arrived."""
    return waiting.sent()[0]


def test_the_times_of_a_letter_follow_from_its_proof(letter: Letter) -> None:
    found = times(letter)
    assert (found.started_at, found.deadline_on) == (SENT, PRINTED)
    assert (found.deadline_at, found.silence_at) == (DEADLINE, SILENCE)
    assert (found.reminder_at, found.final_notice_at) == (REMINDER, FINAL_NOTICE)
    assert found.next_at == REMINDER


def test_without_proof_nothing_runs(ctx: AppContext) -> None:
    letter = waiting.sent(verified=False)[0]
    found = times(letter)
    assert found.started_at is found.deadline_at is found.silence_at is found.next_at is None
    assert found.look_from is not None, "staff are told what blocks it"


def test_a_bounce_stops_the_period(letter: Letter) -> None:
    with clock.at(SENT + timedelta(days=1)):
        mailbox_files.bounces(outbox.dispatches_of(letter.id)[0])
    run(SENT + timedelta(days=1))
    found = times(letter)
    assert found.started_at is found.silence_at is found.next_at is None
    assert run(REMINDER).reminded == 0


def test_a_company_without_a_known_zone_has_until_the_day_ends_everywhere(
    ctx: AppContext,
) -> None:
    letter = waiting.sent(company={"timezone": None})[0]
    assert times(letter).deadline_at == DEADLINE + timedelta(hours=12)


@pytest.mark.parametrize(
    ("zone", "moves"),
    [("Asia/Tokyo", timedelta()), ("Pacific/Honolulu", timedelta(hours=10))],
)
def test_a_zone_that_is_changed_ends_no_time_earlier_than_was_promised(
    letter: Letter, who: User, zone: str, moves: timedelta
) -> None:
    with clock.at(REMINDER):
        letter.company.timezone = zone
        db.session.commit()
        operations.refresh_all()
    found = times(letter)
    assert (found.deadline_at, found.silence_at) == (DEADLINE + moves, SILENCE + moves)
    assert queries.standing(letter).deadline_at == DEADLINE + moves
    assert public_queries.shown([letter])[0].deadline_at == DEADLINE + moves
    with clock.at(DEADLINE + moves - timedelta(seconds=1)):
        refused(
            "sweep-too-early",
            lambda: operations.confirm_sweep(letter.id, note="Post box.", actor=who),
        )


def test_a_second_look_changes_nothing_and_notes_nothing(letter: Letter) -> None:
    before = [event.seq for event in history.newest()]
    with clock.at(SENT + timedelta(hours=1)):
        assert operations.refresh_all() == 1
        assert operations.refresh() == 0
    assert [event.seq for event in history.newest()] == before


# reminders


def test_a_reminder_and_a_final_notice_leave_once_each_on_their_day(letter: Letter) -> None:
    assert run(REMINDER - timedelta(minutes=1)).reminded == 0
    assert run(REMINDER).reminded == 1
    assert run(REMINDER + timedelta(hours=1)).reminded == 0
    assert run(FINAL_NOTICE).reminded == 1
    assert run(FINAL_NOTICE + timedelta(hours=1)).reminded == 0
    assert [d.kind for d in reminders(letter)] == [TextKind.REMINDER, TextKind.FINAL_NOTICE]
    assert states(letter) == ["accepted", "accepted"]
    assert [d.late for d in reminders(letter)] == [False, False]
    assert extensions(letter) == []


def test_a_reminder_that_was_missed_goes_at_once_and_moves_the_deadline(letter: Letter) -> None:
    back = datetime(2026, 11, 16, 12, tzinfo=UTC)  # the program was away for two weeks
    assert run(back).reminded == 1
    (extension,) = extensions(letter)
    assert (extension.own, extension.by_id, extension.asked_by) == (True, None, "us")
    assert (extension.old_deadline, extension.new_deadline) == (PRINTED, date(2026, 11, 19))
    (reminder,) = reminders(letter)
    assert (reminder.late, reminder.states_deadline) == (True, date(2026, 11, 19))
    assert times(letter).deadline_on == date(2026, 11, 19)
    events = history.of(letter.ref)
    moved = next(event for event in events if event.kind == "letter.extended")
    assert (moved.actor, moved.detail["why"]) == (None, "late reminder")
    # The final notice follows the new deadline.
    assert times(letter).final_notice_at == datetime(2026, 11, 17, 9, tzinfo=UTC)


def test_no_reminder_goes_where_a_message_may_be_theirs(letter: Letter, who: User) -> None:
    with clock.at(SENT + timedelta(days=2)):
        message = incoming.taken_in(incoming.mail(to=incoming.reply_address(letter)))
    assert run(REMINDER).reminded == 0
    with clock.at(REMINDER):
        replies.dismiss(message.id, why="A greeting card.", actor=who)
    assert run(REMINDER + timedelta(minutes=1)).reminded == 1


def test_no_reminder_goes_to_a_company_that_wrote(letter: Letter, who: User) -> None:
    with clock.at(SENT + timedelta(days=2)):
        replies.log_reply(
            letter.id,
            kind=ItemKind.ACKNOWLEDGEMENT,
            answer=None,
            permission=Permission.UNDETERMINED,
            verdicts={},
            received_at=clock.now(),
            sender="them",
            text="Thank you.",
            note="",
            actor=who,
        )
    assert run(REMINDER).reminded == run(FINAL_NOTICE).reminded == 0


@pytest.mark.parametrize("stop", ["hold", "embargo", "halt"])
@pytest.mark.database("sqlite")
def test_nothing_is_reminded_while_something_stops_it(letter: Letter, who: User, stop: str) -> None:
    with clock.at(SENT + timedelta(days=1)):
        if stop == "hold":
            operations.hold(why="They rang.", actor=who, company_id=letter.company_id)
        elif stop == "embargo":
            campaigning.set_embargo(letter.campaign_id, until=None, actor=who)
        else:
            sending.halt(why="A fire.", actor=who)
    assert run(REMINDER).reminded == 0
    assert reminders(letter) == []


def test_a_company_without_email_is_reminded_by_a_person_and_then_silence_is_published(
    ctx: AppContext,
) -> None:
    people, who = drafts.staff(), waiting.publisher()
    letter = waiting.sent(people=people, channels=[Channel.FORM])[0]
    done(letter, people.drafter, SENT + timedelta(hours=1))
    run(SENT + timedelta(hours=2))
    assert run(REMINDER).reminded == 1
    task = reminders(letter)[0]
    assert (task.channel, task.state.value, task.file_sha256) == (Channel.FORM, "queued", None)
    assert "Reminder" in outbox.text_to_paste(task)
    assert run(REMINDER + timedelta(minutes=5)).reminded == 0, "one task, not one a pass"
    done(letter, people.drafter, REMINDER + timedelta(hours=1))
    assert run(FINAL_NOTICE).reminded == 1
    done(letter, people.drafter, FINAL_NOTICE + timedelta(hours=1))
    assert (times(letter).deadline_on, extensions(letter)) == (PRINTED, [])
    blocked = run(waiting.AFTER).blocked
    # A form sends no copy to ourselves: a probe showed that the mailbox works.
    assert [one.gate for one in blocked] == ["other_doors_swept"]
    with clock.at(waiting.AFTER):
        operations.confirm_sweep(letter.id, note="the form's answers", actor=who)
    assert run(waiting.AFTER + timedelta(minutes=1)).published == 1


def test_a_reminder_by_hand_that_was_done_late_moves_the_deadline(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.sent(people=people, channels=[Channel.FORM])[0]
    done(letter, people.drafter, SENT + timedelta(hours=1))
    run(SENT + timedelta(hours=2))
    for due in (REMINDER, FINAL_NOTICE):
        run(due)
    late = datetime(2026, 11, 16, 12, tzinfo=UTC)  # the deadline's own day, a Monday
    done(letter, people.drafter, late)
    run(late + timedelta(minutes=1))
    assert times(letter).deadline_on == date(2026, 11, 19)


def done(letter: Letter, person: User, at: datetime) -> None:
    """A person fills in the company's form with what waits for it."""
    with clock.at(at):
        for task in outbox.dispatches_of(letter.id):
            if task.state.value == "queued":
                sending.form_submitted(task.id, reference="T-1", actor=person)


# holds


def test_a_hold_withdraws_queued_reminders_and_release_lets_them_go(
    letter: Letter, who: User
) -> None:
    with clock.at(REMINDER):
        assert operations.remind_due() == 1
        assert states(letter) == ["queued"]
        held = operations.hold(why="They rang.", actor=who, letter_id=letter.id)
        assert states(letter) == ["withdrawn"]
    assert run(REMINDER + timedelta(minutes=1)).reminded == 0
    with clock.at(REMINDER + timedelta(minutes=5)):
        operations.release(held.id, actor=who)
    assert run(REMINDER + timedelta(minutes=6)).reminded == 1
    assert states(letter) == ["accepted"]
    assert extensions(letter) == []


def test_a_hold_that_lasts_past_the_reminders_day_makes_it_late(letter: Letter, who: User) -> None:
    with clock.at(REMINDER - timedelta(days=1)):
        held = operations.hold(why="They rang.", actor=who, campaign_id=letter.campaign_id)
    late = datetime(2026, 11, 16, 12, tzinfo=UTC)
    run(late)
    with clock.at(late):
        operations.release(held.id, actor=who)
    assert run(late + timedelta(minutes=1)).reminded == 1
    assert [extension.own for extension in extensions(letter)] == [True]


def test_a_hold_needs_a_reason_and_is_released_once(letter: Letter, who: User) -> None:
    refused("reason-missing", lambda: operations.hold(why=" ", actor=who, letter_id=letter.id))
    held = operations.hold(why="They rang.", actor=who, letter_id=letter.id)
    operations.release(held.id, actor=who)
    refused("hold-released", lambda: operations.release(held.id, actor=who))
    kinds = [event.kind for event in history.of(letter.ref)]
    assert (kinds.count("hold.placed"), kinds.count("hold.released")) == (1, 1)


# extensions


def extend(letter: Letter, who: User, until: str, **changes: str) -> Extension:
    given = {"asked_by": "their press office", "why": "Holidays.", **changes}
    return operations.extend(letter.id, new_deadline=date.fromisoformat(until), actor=who, **given)


def test_an_extension_moves_every_time_and_is_told_with_who_and_why(
    letter: Letter, who: User
) -> None:
    with clock.at(SENT + timedelta(days=2)):
        extend(letter, who, "2026-11-30")
    found = times(letter)
    assert found.deadline_on == date(2026, 11, 30)
    assert found.silence_at == datetime(2026, 12, 2, tzinfo=UTC)
    assert found.final_notice_at == datetime(2026, 11, 26, 9, tzinfo=UTC)
    event = next(e for e in history.of(letter.ref) if e.kind == "letter.extended")
    assert event.actor == who.ref
    assert (event.detail["asked_by"], event.detail["why"]) == ("their press office", "Holidays.")


def test_an_extension_orders_a_queued_reminder_anew_with_the_new_date(
    letter: Letter, who: User
) -> None:
    with clock.at(REMINDER):
        operations.remind_due()
        extend(letter, who, "2026-11-18")
    assert states(letter) == ["withdrawn"]
    moved = times(letter).reminder_at
    assert moved is not None
    assert run(max(moved, REMINDER) + timedelta(minutes=1)).reminded == 1
    (reminder,) = reminders(letter)
    assert reminder.states_deadline == date(2026, 11, 18)


def test_what_is_no_extension_is_refused(letter: Letter, who: User) -> None:
    with clock.at(SENT + timedelta(days=2)):
        refused("extension-not-later", lambda: extend(letter, who, "2026-11-16"))
        refused("extension-unexplained", lambda: extend(letter, who, "2026-11-30", why=" "))
        refused("extension-unexplained", lambda: extend(letter, who, "2026-11-30", asked_by=""))
        refused("date-out-of-range", lambda: extend(letter, who, "2126-11-30"))
    assert extensions(letter) == []


def test_a_letter_without_proof_cannot_be_extended(ctx: AppContext, who: User) -> None:
    letter = waiting.sent(verified=False)[0]
    refused("not-waiting", lambda: extend(letter, who, "2026-11-30"))


# sweeps and signatures


def test_a_sweep_before_the_deadline_is_too_early(letter: Letter, who: User) -> None:
    def sweep(note: str = "Post box.") -> object:
        return operations.confirm_sweep(letter.id, note=note, actor=who)

    with clock.at(DEADLINE - timedelta(seconds=1)):
        refused("sweep-too-early", sweep)
    with clock.at(DEADLINE):
        refused("sweep-unexplained", lambda: sweep(" "))
        assert sweep()


def test_weak_proof_is_signed_once_by_somebody_who_did_not_write(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.sent(people=people, verified=False)[0]

    def sign(who: User, words: str = "They confirmed it.") -> object:
        return operations.sign_weak_proof(letter.id, words=words, actor=who)

    with clock.at(SENT + timedelta(days=1)):
        refused("reason-missing", lambda: sign(people.approver, " "))
        refused("proof-own-letter", lambda: sign(people.drafter))
        sign(people.approver)
        refused("proof-not-weak", lambda: sign(people.approver))
    assert times(letter).started_at == SENT


def test_adequate_proof_needs_no_signature(letter: Letter, who: User) -> None:
    refused(
        "proof-not-weak", lambda: operations.sign_weak_proof(letter.id, words="Yes.", actor=who)
    )


def test_a_mention_alone_starts_no_period(ctx: AppContext) -> None:
    people = drafts.staff()
    channels = [Channel.POST, Channel.MENTION]
    letter = waiting.sent(people=people, channels=channels)[0]
    mention = next(d for d in outbox.dispatches_of(letter.id) if d.channel is Channel.MENTION)
    with clock.at(SENT + timedelta(hours=1)):
        sending.mentioned(mention.id, link="https://social.example/1", actor=people.drafter)
    run(SENT + timedelta(hours=2))
    assert queries.waiting_of(letter) is None or times(letter).started_at is None
    assert run(AFTER).published == 0
