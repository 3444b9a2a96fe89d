"""The sender against servers that end conversations in every way (reliability.md, Sending)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
from flask.ctx import AppContext

from campaign.database import transaction
from campaign.drafting.models import FrozenText, Letter, LetterState
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.sending import effects, operations, queries, rules
from campaign.sending.models import Dispatch
from campaign.sending.outbox import Leases, Sender
from campaign.sending.pacing import Pace
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import EvidenceKind, Proof
from campaign.sending.transport import Outcome, Parcel, TransportTrouble
from tests.builders import sending as build
from tests.builders.sending import Way

pytestmark = pytest.mark.usefixtures("ctx")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NO_TIME = Leases(timedelta(0), timedelta(0))


def ordered() -> Dispatch:
    return build.ordered()[0]


def attempts(dispatch: Dispatch) -> list[str]:
    return [attempt.outcome for attempt in queries.attempts_of(dispatch)]


def test_an_accepted_mail_has_its_attempt_evidence_and_event_and_opens_its_letter() -> None:
    dispatch = ordered()
    way = Way()
    assert operations.send_due(transport=way) == 1
    assert (dispatch.state, dispatch.queue_id) == (S.ACCEPTED, "4X1")
    assert dispatch.server_reply == build.ACCEPTED.reply
    assert attempts(dispatch) == ["accepted"]
    (evidence,) = dispatch.evidence
    assert (evidence.kind, evidence.at) == (EvidenceKind.ACCEPTED, dispatch.accepted_at)
    assert dispatch.letter.state is LetterState.OPEN
    kinds = [event.kind for event in history.of(dispatch.ref, dispatch.letter.ref)]
    assert kinds[-3:] == ["letter.sent_off", "letter.opened", "dispatch.accepted"]
    assert history.verify()[1] is None


def test_the_server_gets_the_stored_bytes_with_our_envelope_and_archive(ctx: AppContext) -> None:
    dispatch = ordered()
    way = Way()
    operations.send_due(transport=way)
    (parcel,) = way.taken
    assert parcel.data == ctx.app.extensions["files"].get(dispatch.file_sha256)
    assert parcel.envelope_sender == f"answers+b-{dispatch.token}@brightwater.example"
    assert parcel.archive == "answers@brightwater.example"
    mail = message_from_bytes(parcel.data, policy=policy.default)
    assert mail["Message-ID"] == dispatch.message_id
    assert mail["From"] == "Brightwater Digital Rights <letters@brightwater.example>"
    assert mail["Reply-To"] == f"answers+{dispatch.letter.reply_token}@brightwater.example"


@pytest.mark.parametrize(
    ("end", "state", "letter"),
    [
        (build.ACCEPTED, S.ACCEPTED, LetterState.OPEN),
        (build.DEFERRED, S.DEFERRED, LetterState.SENDING),
        (build.FAILED, S.FAILED, LetterState.SENDING),
        (build.LOST_BEFORE, S.DEFERRED, LetterState.SENDING),
        (build.LOST_AFTER, S.UNKNOWN, LetterState.OPEN),
    ],
)
def test_each_end_of_a_conversation_has_its_state(
    end: Outcome, state: S, letter: LetterState
) -> None:
    dispatch = ordered()
    operations.send_due(transport=Way(end))
    assert (dispatch.state, dispatch.letter.state) == (state, letter)
    assert attempts(dispatch) == [end.handover.value]
    assert dispatch.lease_holder is None


@pytest.mark.parametrize("end", [build.FAILED, build.LOST_AFTER], ids=["failed", "unknown"])
def test_what_failed_or_is_unknown_is_never_sent_again_by_itself(end: Outcome) -> None:
    with clock.at(NOW):
        dispatch = ordered()
        operations.send_due(transport=Way(end))
    for later in (timedelta(minutes=2), timedelta(days=1), timedelta(days=300)):
        with clock.at(NOW + later):
            way = Way()
            assert operations.send_due(transport=way) == 0
            assert way.taken == []
    assert attempts(dispatch) == [end.handover.value]


def test_what_was_lost_before_the_dot_is_tried_again_then_expires() -> None:
    with clock.at(NOW):
        dispatch = ordered()
    tries, moment = [], NOW
    while dispatch.state not in rules.NOT_REACHED:
        with clock.at(moment):
            operations.send_due(transport=Way(build.LOST_BEFORE))
            db.session.expire_all()
        tries.append(round((moment - NOW) / timedelta(minutes=1)))
        moment = max(dispatch.not_before, moment + timedelta(seconds=1))
    assert tries[:7] == [0, 1, 6, 21, 81, 141, 201]
    assert dispatch.state is S.EXPIRED
    assert tries[-1] >= 2 * 24 * 60
    assert dispatch.letter.state is LetterState.SENDING


def test_a_mail_waits_for_its_hour() -> None:
    with clock.at(NOW):
        letter = build.approved_letter()
        later = NOW + timedelta(hours=20)
        (dispatch,) = operations.send([letter.id], actor=None, not_before=later)
        assert operations.send_due(transport=Way()) == 0
    with clock.at(later):
        assert operations.send_due(transport=Way()) == 1
    assert dispatch.state is S.ACCEPTED


def test_trouble_with_the_way_queues_everything_again_and_is_shown_until_it_ends() -> None:
    with clock.at(NOW):
        rows = build.ordered(3)
        way = Way(build.ACCEPTED, TransportTrouble("mail.example:587: sign-in was refused: 535"))
        assert operations.send_due(transport=way) == 1
        assert [row.state for row in rows] == [S.ACCEPTED, S.QUEUED, S.QUEUED]
        assert queries.sending_trouble() == "mail.example:587: sign-in was refused: 535"
        assert [row.attempts for row in rows] == [1, 0, 0]
    with clock.at(NOW + timedelta(seconds=30)):
        build.ordered()
        assert operations.send_due(transport=Way()) == 0, "a broken way rests for a minute"
    with clock.at(NOW + timedelta(minutes=1)):
        assert operations.send_due(transport=Way()) == 3
        assert queries.sending_trouble() == ""
    kinds = [event.kind for event in history.newest()]
    assert kinds.count("sending.trouble") == 1


def test_a_person_can_have_it_tried_again_at_once() -> None:
    with clock.at(NOW):
        ordered()
        operations.send_due(transport=Way(TransportTrouble("no route")))
        assert operations.send_due(transport=Way()) == 0
        assert operations.try_again(actor=None) == 1
        assert operations.send_due(transport=Way()) == 1


def test_a_full_disk_for_captured_mail_is_one_clear_line(ctx: AppContext) -> None:
    outbox = ctx.app.extensions["settings"].captured_outbox
    outbox.parent.mkdir(parents=True)
    outbox.write_text("a file where the folder should be")
    dispatch = ordered()
    assert operations.send_due() == 0
    assert dispatch.state is S.DEFERRED
    assert "outbox" in queries.sending_trouble()
    outbox.unlink()
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert operations.send_due() == 1
    assert queries.sending_trouble() == ""


def test_a_mail_whose_bytes_are_gone_holds_up_no_other(ctx: AppContext) -> None:
    gone, other = build.ordered(2)
    files = ctx.app.extensions["files"]
    files._path(gone.file_sha256).unlink()
    assert operations.send_due(transport=Way()) == 1
    assert (gone.state, other.state) == (S.DEFERRED, S.ACCEPTED)
    assert str(gone.file_sha256) in gone.why


def _halt(dispatch: Dispatch) -> None:
    operations.halt(why="a wrong figure in the letter", actor=None)


def _withdraw(dispatch: Dispatch) -> None:
    operations.withdraw_dispatch(dispatch.id, why="a wrong figure", actor=None)


def _end_letter(dispatch: Dispatch) -> None:
    with transaction() as session:
        session.get_one(Letter, dispatch.letter_id).state = LetterState.WITHDRAWN


def _next_round(dispatch: Dispatch) -> None:
    with transaction() as session:
        session.get_one(Letter, dispatch.letter_id).round += 1


def _void_text(dispatch: Dispatch) -> None:
    with transaction() as session:
        session.get_one(FrozenText, dispatch.frozen_text_id).voided_at = clock.now()


def _lose_lease(dispatch: Dispatch) -> None:
    with transaction() as session:
        session.execute(sa.update(Dispatch).values(lease_until=clock.real_now()))


def _other_holder(dispatch: Dispatch) -> None:
    with transaction() as session:
        session.execute(sa.update(Dispatch).values(lease_holder="another"))


def _pass_deadline(dispatch: Dispatch) -> None:
    with transaction() as session:
        session.execute(sa.update(Dispatch).values(not_after=clock.now()))


GATES = {
    "halted": (_halt, S.QUEUED, S.QUEUED),
    "withdrawn": (_withdraw, S.WITHDRAWN, S.WITHDRAWN),
    "its letter withdrawn": (_end_letter, S.QUEUED, S.WITHDRAWN),
    "its round over": (_next_round, S.QUEUED, S.WITHDRAWN),
    "its text voided": (_void_text, S.QUEUED, S.WITHDRAWN),
    "its lease over": (_lose_lease, S.QUEUED, S.ACCEPTED),
    "in other hands": (_other_holder, S.CLAIMED, S.CLAIMED),
    "its stated deadline passed": (_pass_deadline, S.QUEUED, S.EXPIRED),
}


@pytest.mark.parametrize("case", GATES, ids=str)
def test_the_last_gate_stops_a_mail_that_is(case: str) -> None:
    close, at_once, afterwards = GATES[case]
    dispatch = ordered()
    way = Way(at_gate=lambda _parcel: close(dispatch))
    assert operations.send_due(transport=way) == 0
    assert way.taken == []
    assert dispatch.state is at_once
    again = Way()
    operations.send_due(transport=again)
    db.session.expire_all()
    assert dispatch.state is afterwards
    assert len(again.taken) == (afterwards is S.ACCEPTED)
    assert dispatch.attempts == len(again.taken)


@pytest.mark.parametrize("end", [build.DEFERRED, build.FAILED, build.LOST_BEFORE])
def test_a_refusal_does_not_touch_a_row_that_another_sender_holds_by_now(end: Outcome) -> None:
    dispatch = ordered()

    class Slow(Way):
        def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
            _other_holder(dispatch)
            return end

    operations.send_due(transport=Slow())
    assert (dispatch.state, dispatch.lease_holder) == (S.CLAIMED, "another")
    assert attempts(dispatch) == [end.handover.value]


def test_a_released_halt_lets_the_rest_go() -> None:
    rows = build.ordered(3)
    way = Way(after_dot=lambda _parcel: operations.halt(why="stop", actor=None))
    assert operations.send_due(transport=way) == 1
    assert sorted(row.state for row in rows) == [S.ACCEPTED, S.QUEUED, S.QUEUED]
    assert queries.halt_words() == "stop"
    halted = Way()
    assert operations.send_due(transport=halted) == 0
    assert halted.offered == [], "a server is not even talked to"
    operations.release_halt(actor=None)
    assert operations.send_due(transport=Way()) == 2


def test_a_dead_senders_claim_is_queued_again_and_its_half_sent_mail_is_unknown() -> None:
    half, claimed = build.ordered(2)
    dead = Sender(Way(), Leases(timedelta(0), timedelta(0)), Pace.unlimited())
    dead.leases = Leases(timedelta(minutes=1), timedelta(0))
    rows = dead.claim(10)
    assert dead.may_leave_now(rows[0])
    with transaction() as session:
        session.execute(sa.update(Dispatch).values(lease_until=clock.real_now()))
    assert operations.recover_stale() == 2
    assert (half.state, claimed.state) == (S.UNKNOWN, S.QUEUED)
    assert half.letter.state is LetterState.OPEN
    assert half.why
    assert operations.recover_stale() == 0
    way = Way()
    operations.send_due(transport=way)
    assert [parcel.message_id for parcel in way.taken] == [claimed.message_id]


def test_a_living_senders_rows_are_left_alone() -> None:
    dispatch = ordered()

    def meanwhile(_parcel: object) -> None:
        assert operations.recover_stale() == 0
        other = Way()
        assert operations.send_due(transport=other) == 0
        assert other.taken == []

    assert operations.send_due(transport=Way(at_gate=meanwhile, after_dot=meanwhile)) == 1
    assert dispatch.state is S.ACCEPTED


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (build.ACCEPTED, S.ACCEPTED),
        (build.FAILED, S.FAILED),
        (build.DEFERRED, S.UNKNOWN),
        (build.LOST_AFTER, S.UNKNOWN),
    ],
)
def test_an_answer_that_comes_after_the_lease_is_kept_as_evidence(end: Outcome, state: S) -> None:
    dispatch = ordered()

    class Slow(Way):
        def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
            assert before_dot()
            with transaction() as session:
                session.execute(sa.update(Dispatch).values(lease_until=clock.real_now()))
            assert operations.recover_stale() == 1
            return end

    operations.send_due(transport=Slow())
    assert dispatch.state is state
    assert attempts(dispatch) == [end.handover.value]
    assert history.verify()[1] is None


def test_the_archive_copy_may_arrive_before_the_servers_answer() -> None:
    dispatch = ordered()

    def arrives(_parcel: object) -> None:
        with transaction() as session:
            row = session.get_one(Dispatch, dispatch.id)
            effects.add_evidence(row, EvidenceKind.OWN_COPY, at=clock.now(), source_ref="m1")

    operations.send_due(transport=Way(after_dot=arrives))
    assert dispatch.state is S.ACCEPTED
    kinds = [evidence.kind for evidence in dispatch.evidence]
    assert kinds.count(EvidenceKind.OWN_COPY) == 1
    read = clock.now() + timedelta(minutes=1)
    assert queries.proof(dispatch.letter, mailbox_read_at=read).grade is Proof.ADEQUATE


def test_a_claim_is_prolonged_while_its_rows_wait() -> None:
    build.ordered(6)
    sender = Sender(Way(), Leases(claimed=timedelta(minutes=2)), Pace.unlimited())
    sender.claim(10)
    assert sender._still_holds()
    sender._held_until -= timedelta(minutes=1, seconds=1)
    before = db.session.scalars(sa.select(Dispatch.lease_until)).all()
    assert sender._still_holds()
    assert not set(before) & set(db.session.scalars(sa.select(Dispatch.lease_until)))
    _lose_lease(None)  # type: ignore[arg-type]
    sender._held_until -= timedelta(minutes=2)
    assert not sender._still_holds()


def test_a_pace_lets_so_many_go_a_minute() -> None:
    pace = Pace(per_minute=3, per_domain=3)
    with clock.at(NOW):
        build.ordered(5)
        assert operations.send_due(transport=Way(), pace=pace) == 3
        assert operations.send_due(transport=Way(), pace=pace) == 0
    with clock.at(NOW + timedelta(seconds=61)):
        assert operations.send_due(transport=Way(), pace=pace) == 2
