"""Letters ordered together: paced, paused, taken back before the first leaves, reported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.ctx import AppContext

from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.drafting.models import LetterState
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import batch_queries, batches, operations, orders
from campaign.sending.models import Batch, Dispatch
from campaign.sending.outbox import Leases, Sender
from campaign.sending.pacing import Pace
from campaign.sending.rules import DispatchState as S
from tests.builders import sending as build
from tests.builders.sending import Way

pytestmark = pytest.mark.usefixtures("ctx")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)


def ordered(number: int = 3, **about: object) -> tuple[Batch, list[Dispatch]]:
    letters = build.approved_letters(number)
    rows = operations.send([one.id for one in letters], actor=build.staff().drafter, **about)  # type: ignore[arg-type]
    return only_batch(), rows


def only_batch() -> Batch:
    batch = db.session.scalars(sa.select(Batch).order_by(Batch.id.desc())).first()
    assert batch
    return batch


def refused(code: str, act: object, *args: object, **kwargs: object) -> Problem:
    with pytest.raises(Problem) as caught:
        act(*args, **kwargs)  # type: ignore[operator]
    assert caught.value.code == code, caught.value
    return caught.value


def test_what_is_ordered_together_is_one_batch_and_a_second_click_makes_none() -> None:
    batch, rows = ordered(3)
    assert {row.batch_id for row in rows} == {batch.id}
    assert batch.letters == 3
    operations.send([row.letter_id for row in rows], actor=None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Batch)) == 1
    assert [e.kind for e in history.of(batch.ref)] == ["batch.ordered"]


def test_a_paused_batch_stops_and_goes_on_where_it_stopped() -> None:
    batch, rows = ordered(3)

    def pause(_parcel: object) -> None:
        batches.pause(batch.id, actor=build.staff().drafter)

    first = Way(after_dot=pause)
    assert operations.send_due(transport=first) == 1
    assert len(first.taken) == 1
    assert operations.send_due(transport=Way()) == 0
    other = build.ordered()[0]
    assert operations.send_due(transport=Way()) == 1, "another batch is not held up"
    assert other.state is S.ACCEPTED
    batches.resume(batch.id, actor=build.staff().drafter)
    rest = Way()
    assert operations.send_due(transport=rest) == 2
    assert len({parcel.message_id for parcel in first.taken + rest.taken}) == 3
    assert {row.state for row in rows} == {S.ACCEPTED}
    kinds = [event.kind for event in history.of(batch.ref)]
    assert kinds == ["batch.ordered", "batch.paused", "batch.resumed"]


def test_a_pause_stops_a_mail_at_its_last_gate() -> None:
    batch, rows = ordered(1)
    way = Way(at_gate=lambda _parcel: batches.pause(batch.id, actor=None))
    assert operations.send_due(transport=way) == 0
    assert way.taken == []
    assert (rows[0].state, rows[0].attempts) == (S.QUEUED, 0)


def test_a_batch_is_taken_back_to_approved_and_can_be_sent_again() -> None:
    with clock.at(NOW):
        batch, rows = ordered(3, not_before=NOW + 5 * MINUTE)
        letters = [row.letter for row in rows]
        campaign = batch.campaign
        assert campaign.fixed_at is not None
        assert operations.send_due(transport=Way()) == 0
        batches.take_back(batch.id, actor=build.staff().drafter)
        assert {letter.state for letter in letters} == {LetterState.APPROVED}
        assert db.session.get_one(type(campaign), campaign.id).fixed_at is None, (
            "nothing has left: all can change again"
        )
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Dispatch)) == 0
        refused("batch-is-over", batches.take_back, batch.id, actor=None)
    with clock.at(NOW + 6 * MINUTE):
        assert operations.send_due(transport=Way()) == 0
        again = operations.send([letter.id for letter in letters], actor=build.staff().drafter)
        way = Way()
        assert operations.send_due(transport=way) == 3
        assert {parcel.message_id for parcel in way.taken} == {row.message_id for row in again}
    kinds = [event.kind for event in history.of(letters[0].ref)]
    assert kinds[-4:] == [
        "letter.sent_off",
        "letter.taken_back",
        "letter.sent_off",
        "letter.opened",
    ]
    assert history.verify()[1] is None


def _claim(batch: Batch, rows: list[Dispatch]) -> None:
    Sender(Way(), Leases(), Pace.unlimited()).claim(1)


def _send_one(batch: Batch, rows: list[Dispatch]) -> None:
    pause = Way(after_dot=lambda _parcel: batches.pause(batch.id, actor=None))
    operations.send_due(transport=pause)


def _defer(batch: Batch, rows: list[Dispatch]) -> None:
    operations.send_due(transport=Way(build.DEFERRED, build.DEFERRED, build.DEFERRED))


@pytest.mark.parametrize("begin", [_claim, _send_one, _defer])
def test_a_batch_that_has_begun_is_not_taken_back_in_part(begin: object) -> None:
    batch, rows = ordered(3)
    begin(batch, rows)  # type: ignore[operator]
    before = [(row.id, row.state) for row in rows]
    refused("batch-has-begun", batches.take_back, batch.id, actor=None)
    db.session.expire_all()
    assert [(row.id, row.state) for row in rows] == before
    assert batch.taken_back_at is None


def test_a_task_that_a_person_has_done_is_not_taken_back() -> None:
    letters = build.approved_letters(1, channels=(Channel.EMAIL, Channel.POST))
    later = clock.now() + 5 * MINUTE
    rows = operations.send([letters[0].id], actor=None, not_before=later)
    posted = next(row for row in rows if row.channel is Channel.POST)
    operations.posted(posted.id, tracking="RR1", actor=None)
    refused("batch-has-begun", batches.take_back, only_batch().id, actor=None)


def test_a_sender_that_holds_a_mail_which_was_taken_back_stops_at_its_last_gate() -> None:
    batch, _rows = ordered(1)
    sender = Sender(Way(), Leases(), Pace.unlimited())
    (held,) = sender.claim(1)
    with transaction() as session:  # its lease was over, and the row was queued again
        session.execute(sa.update(Dispatch).values(state=S.QUEUED, lease_holder=None))
    batches.take_back(batch.id, actor=None)
    assert not sender.may_leave_now(held)
    assert not sender.send(held)


def test_a_rate_holds_across_workers() -> None:
    pace = Pace(per_minute=4, per_domain=4)
    with clock.at(NOW):
        ordered(9)
        one, other = (Sender(Way(), Leases(), pace) for _ in range(2))
        assert len(one.claim(3)) == 3
        assert len(other.claim(3)) == 1, "what another sender holds counts"
        assert other.claim(3) == []
    with clock.at(NOW + 2 * MINUTE):
        assert other.claim(3) == [], "still held"


def test_a_batch_leaves_at_its_own_pace_and_another_beside_it_at_the_servers() -> None:
    with clock.at(NOW):
        slow, _rows = ordered(5, pace=Pace(per_minute=2))
        ordered(4)
        assert operations.send_due(transport=Way()) == 6
    with clock.at(NOW + MINUTE + timedelta(seconds=1)):
        assert operations.send_due(transport=Way()) == 2
        batches.change_pace(slow.id, Pace.unlimited(), actor=None)
        assert operations.send_due(transport=Way()) == 1


def test_a_letter_that_would_leave_too_late_for_its_printed_day_is_refused_by_name() -> None:
    with clock.at(NOW):
        letter = build.approved_letter()  # 14 days: to 7 December
        day = timedelta(days=1)
        problem = refused(
            "period-too-short", operations.send, [letter.id], actor=None, not_before=NOW + 8 * day
        )
        assert "30 November 2026 at the latest" in str(problem)
        (look,) = orders.look([letter.id], NOW + 8 * day)
        assert "too little time" in look.problem
        (dispatch,) = operations.send([letter.id], actor=None, not_before=NOW + 7 * day)
    assert dispatch.not_after == datetime(2026, 12, 2, tzinfo=UTC)


def test_a_pace_that_lets_the_last_leave_too_late_is_refused() -> None:
    with clock.at(NOW):
        letters = [one.id for one in build.approved_letters(3)]
        late = datetime(2026, 11, 30, 23, 58, tzinfo=UTC)
        slow = Pace(per_minute=1)
        refused(
            "period-too-short", operations.send, letters, actor=None, not_before=late, pace=slow
        )
        assert len(operations.send(letters, actor=None, not_before=late)) == 3


def test_a_paused_letter_whose_time_has_become_too_short_does_not_leave_any_more() -> None:
    with clock.at(NOW):
        batch, rows = ordered(1)
        batches.pause(batch.id, actor=None)
    with clock.at(NOW + timedelta(days=9)):
        batches.resume(batch.id, actor=None)
        way = Way()
        assert operations.send_due(transport=way) == 0
        assert way.taken == []
    db.session.expire_all()
    assert rows[0].state is S.EXPIRED
    assert "Too little time" in rows[0].why


def test_a_report_is_read_when_nothing_waits_any_more(ctx: AppContext) -> None:
    batch, _rows = ordered(2)
    refused("batch-goes-on", batches.note_report, batch.id, actor=None)
    operations.send_due(transport=Way(build.FAILED))
    batches.note_report(batch.id, actor=build.staff().drafter)
    assert batch.report_read_at is not None
    for act in (batches.pause, batches.resume):
        refused("batch-is-over", act, batch.id, actor=None)
    assert not batch_queries.waits(batch.id)
