"""What later stages do to dispatches within their own acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask.ctx import AppContext

from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.drafting import queries as drafting
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import effects, operations, queries
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import EvidenceKind as K
from campaign.sending.rules import Proof
from campaign.sending.transport import Outcome, Parcel
from tests.builders import sending as build
from tests.builders.sending import Way

pytestmark = pytest.mark.usefixtures("ctx")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEADLINE = date(2026, 12, 9)


def left(end: object = build.ACCEPTED) -> Dispatch:
    (dispatch,) = build.ordered()
    operations.send_due(transport=Way(end))  # type: ignore[arg-type]
    return dispatch


def add(dispatch: Dispatch, kind: K, source: str = "m1", at: datetime | None = None) -> None:
    with transaction() as session:
        row = session.get_one(Dispatch, dispatch.id)
        effects.add_evidence(row, kind, at=at or clock.now(), source_ref=source, detail="said")


def remind(
    letter_id: int,
    kind: TextKind = TextKind.REMINDER,
    deadline: date = DEADLINE,
    *,
    late: bool = False,
) -> list[Dispatch]:
    with transaction() as session:
        letter = session.get_one(Letter, letter_id)
        return effects.queue_reminder(letter, kind, deadline=deadline, late=late)


def withdraw(letter_id: int) -> int:
    with transaction() as session:
        return effects.withdraw_reminders(session.get_one(Letter, letter_id), "a reply arrived")


def mail(ctx: AppContext, dispatch: Dispatch) -> EmailMessage:
    raw = ctx.app.extensions["files"].get(dispatch.file_sha256)
    return message_from_bytes(raw, _class=EmailMessage, policy=policy.default)


CAME_BACK = (
    K.OWN_COPY, K.DELAY, K.AUTO_CONFIRMS_RECEIPT, K.AUTO_UNMONITORED, K.AUTO_OTHER, K.ANSWERED,
)  # fmt: skip


@pytest.mark.parametrize("kind", CAME_BACK)
def test_whatever_comes_back_settles_an_unknown(kind: K) -> None:
    dispatch = left(build.LOST_AFTER)
    add(dispatch, kind)
    assert dispatch.state is S.ACCEPTED
    assert {evidence.kind for evidence in dispatch.evidence} == {K.ACCEPTED, kind}
    read = clock.now() + timedelta(minutes=1)
    enough = queries.proof(dispatch.letter, mailbox_read_at=read).grade >= Proof.ADEQUATE
    assert enough is (kind is not K.AUTO_UNMONITORED)


@pytest.mark.parametrize(
    ("end", "kind", "state"),
    [
        (build.ACCEPTED, K.BOUNCE, S.BOUNCED),
        (build.LOST_AFTER, K.BOUNCE, S.BOUNCED),
        (build.ACCEPTED, K.DELIVERY_RECEIPT, S.DELIVERED),
        (build.LOST_AFTER, K.DELIVERY_RECEIPT, S.DELIVERED),
        (build.ACCEPTED, K.OWN_COPY, S.ACCEPTED),
        (build.ACCEPTED, K.ANSWERED, S.ACCEPTED),
        (build.FAILED, K.BOUNCE, S.FAILED),
        (build.DEFERRED, K.ANSWERED, S.DEFERRED),
        (build.DEFERRED, K.AUTO_OTHER, S.DEFERRED),
    ],
)
def test_evidence_moves_a_dispatch_where_the_table_allows_it_and_is_kept_always(
    end: object, kind: K, state: S
) -> None:
    dispatch = left(end)
    add(dispatch, kind)
    assert dispatch.state is state
    assert kind in {evidence.kind for evidence in dispatch.evidence}
    assert f"dispatch.{kind.value}" in {event.kind for event in history.of(dispatch.ref)}


@pytest.mark.parametrize(
    ("kind", "state"), [(K.OWN_COPY, S.ACCEPTED), (K.BOUNCE, S.BOUNCED), (K.DELAY, S.ACCEPTED)]
)
def test_a_mail_that_a_server_disowned_and_took_is_not_sent_again(kind: K, state: S) -> None:
    with clock.at(NOW):
        dispatch = left(build.DEFERRED)
        add(dispatch, kind)
    with clock.at(NOW + timedelta(hours=1)):
        way = Way()
        operations.send_due(transport=way)
    assert way.taken == []
    assert dispatch.state is state


def test_an_answer_to_the_letter_does_not_count_a_queued_reminder_as_sent() -> None:
    (reminder,) = remind(left().letter_id)
    add(reminder, K.ANSWERED)
    assert reminder.state is S.QUEUED


def test_an_answer_does_not_count_a_form_as_filled_in() -> None:
    (task,) = build.ordered(channels=(Channel.FORM,))
    add(task, K.ANSWERED)
    assert task.state is S.QUEUED


def test_a_bounce_after_a_receipt_still_takes_proof_away() -> None:
    dispatch = left()
    add(dispatch, K.DELIVERY_RECEIPT)
    add(dispatch, K.BOUNCE, "m2")
    assert dispatch.state is S.BOUNCED
    assert dispatch.why == "said"
    assert queries.proof(dispatch.letter, mailbox_read_at=clock.now()).grade is Proof.NONE


def test_the_same_evidence_twice_is_one() -> None:
    dispatch, at = left(), clock.now()
    add(dispatch, K.BOUNCE, at=at)
    add(dispatch, K.BOUNCE, at=at)
    assert [e.kind for e in dispatch.evidence].count(K.BOUNCE) == 1


def test_evidence_that_it_left_opens_the_letter_of_an_unknown_being_handed_over() -> None:
    (dispatch,) = build.ordered()

    def crash(_parcel: object) -> None:
        add(dispatch, K.OWN_COPY)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operations.send_due(transport=Way(after_dot=crash))
    assert dispatch.state is S.ACCEPTED
    assert dispatch.letter.state is LetterState.OPEN


def test_a_reminder_goes_in_the_letters_thread_and_states_the_binding_deadline(
    ctx: AppContext,
) -> None:
    with clock.at(NOW):
        first = left()
    with clock.at(NOW + timedelta(days=8)):
        (reminder,) = remind(first.letter_id)
        assert operations.send_due(transport=Way()) == 1
    assert (reminder.kind, reminder.state) == (TextKind.REMINDER, S.ACCEPTED)
    assert reminder.recipient == first.recipient
    assert reminder.token != first.token
    message = mail(ctx, reminder)
    assert message["In-Reply-To"] == first.message_id
    assert message["References"] == first.message_id
    assert message["Auto-Submitted"] is None
    assert "9 December 2026" in str(message.get_body(("plain",)))


def test_each_reminder_goes_once() -> None:
    first = left()
    assert len(remind(first.letter_id)) == 1
    assert remind(first.letter_id) == []
    operations.send_due(transport=Way())
    assert remind(first.letter_id) == []
    assert len(remind(first.letter_id, TextKind.FINAL_NOTICE)) == 1


@pytest.mark.parametrize("end", [build.FAILED, build.DEFERRED, build.LOST_AFTER])
def test_no_reminder_goes_where_the_letter_did_not_arrive(end: object) -> None:
    assert remind(left(end).letter_id) == []


def test_no_reminder_goes_where_the_letter_bounced() -> None:
    dispatch = left()
    add(dispatch, K.BOUNCE)
    assert remind(dispatch.letter_id) == []


def test_a_company_without_email_is_reminded_by_a_person() -> None:
    (dispatch,) = build.ordered(channels=(Channel.POST,))
    operations.posted(dispatch.id, tracking="RR1", actor=None)
    (task,) = remind(dispatch.letter_id)
    assert (task.channel, task.state, task.message_id) == (Channel.POST, S.QUEUED, None)
    assert remind(dispatch.letter_id) == []


def test_a_reminder_of_a_text_that_is_not_approved_any_more_is_refused() -> None:
    first = left()
    with transaction() as session:
        frozen = drafting.current_frozen(session.get_one(Letter, first.letter_id))
        assert frozen is not None
        frozen.bundle = frozen.bundle.replace("Location", "Lokation")
    with pytest.raises(Problem) as caught:
        remind(first.letter_id)
    assert caught.value.code == "letter-not-approved"


def test_a_withdrawn_reminder_is_queued_again_with_the_new_deadline(ctx: AppContext) -> None:
    with clock.at(NOW):
        first = left()
    with clock.at(NOW + timedelta(days=8)):
        (reminder,) = remind(first.letter_id)
        old = reminder.message_id, reminder.token, reminder.file_sha256
        assert withdraw(first.letter_id) == 1
        assert reminder.state is S.WITHDRAWN
        assert operations.send_due(transport=Way()) == 0
        (again,) = remind(first.letter_id, deadline=date(2026, 12, 16), late=True)
        assert again.id == reminder.id
        assert (again.message_id, again.token) == old[:2]
        assert again.file_sha256 != old[2]
        assert (again.late, again.states_deadline) == (True, date(2026, 12, 16))
        assert operations.send_due(transport=Way()) == 1
        assert "16 December 2026" in str(mail(ctx, again).get_body(("plain",)))


def test_a_reminder_that_a_sender_holds_is_withdrawn_and_stopped_at_its_gate() -> None:
    first = left()
    (reminder,) = remind(first.letter_id)
    way = Way(at_gate=lambda _parcel: withdraw(first.letter_id))
    assert operations.send_due(transport=way) == 0
    assert way.taken == []
    assert reminder.state is S.WITHDRAWN


def test_withdrawing_reminders_leaves_the_letter_itself_alone() -> None:
    dispatch = left(build.DEFERRED)
    assert withdraw(dispatch.letter_id) == 0
    assert dispatch.state is S.DEFERRED


def test_what_is_being_handed_over_is_not_withdrawn() -> None:
    first = left()
    (reminder,) = remind(first.letter_id)
    counts: list[int] = []
    way = Way(after_dot=lambda _parcel: counts.append(withdraw(first.letter_id)))
    operations.send_due(transport=way)
    assert counts == [0]
    assert reminder.state is S.ACCEPTED


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 12, 9, 23, 59, tzinfo=UTC), S.ACCEPTED),
        (datetime(2026, 12, 10, 0, 0, tzinfo=UTC), S.EXPIRED),
    ],
)
def test_a_reminder_never_leaves_after_the_day_that_it_names(moment: datetime, state: S) -> None:
    with clock.at(NOW):
        first = left()
        (reminder,) = remind(first.letter_id)
    with clock.at(moment):
        operations.send_due(transport=Way())
    db.session.expire_all()
    assert reminder.state is state


def test_the_last_gate_looks_at_the_stated_deadline_too() -> None:
    with clock.at(NOW):
        first = left()
        (reminder,) = remind(first.letter_id)

    class Slow(Way):
        def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
            with clock.at(datetime(2026, 12, 10, tzinfo=UTC)):
                return super().send(parcel, before_dot)

    way = Slow()
    with clock.at(datetime(2026, 12, 9, 23, 59, 59, tzinfo=UTC)):
        operations.send_due(transport=way)
    assert way.taken == []
    assert reminder.state is S.QUEUED
