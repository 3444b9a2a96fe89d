"""What staff order: letters, tasks done by hand, doubts settled, the halt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.ctx import AppContext

from campaign.companies import operations as companies
from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.drafting import operations as drafting
from campaign.drafting import queries as drafted
from campaign.drafting.models import Approval, FrozenText, Letter, LetterState
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import operations, orders, queries
from campaign.sending.models import Dispatch, Halt
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import EvidenceKind as K
from campaign.sending.rules import Proof
from tests.builders import drafting as drafts
from tests.builders import sending as build
from tests.builders.sending import Way
from tests.counting import counted, reads

pytestmark = pytest.mark.usefixtures("ctx")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVERY = (Channel.EMAIL, Channel.FORM, Channel.POST, Channel.MENTION)


def send(*letters: Letter) -> list[Dispatch]:
    return operations.send([letter.id for letter in letters], actor=build.staff().drafter)


def task(channel: Channel) -> Dispatch:
    rows = build.ordered(channels=(channel,) if channel is not Channel.MENTION else EVERY)
    return next(row for row in rows if row.channel is channel)


def refused(code: str, act: object, *args: object, **kwargs: object) -> Problem:
    with pytest.raises(Problem) as caught:
        act(*args, **kwargs)  # type: ignore[operator]
    assert caught.value.code == code, caught.value
    return caught.value


def grade(dispatch: Dispatch) -> Proof:
    return queries.proof(dispatch.letter, mailbox_read_at=None).grade


def test_a_letter_goes_to_each_of_its_contacts_with_bytes_for_the_mail_only() -> None:
    rows = build.ordered(channels=EVERY)
    assert {row.channel for row in rows} == set(EVERY)
    for row in rows:
        assert row.state is S.QUEUED
        assert bool(row.file_sha256 and row.message_id) is (row.channel is Channel.EMAIL)
        assert row.states_deadline == drafted.current_frozen(row.letter).deadline_on  # type: ignore[union-attr]
    letter = rows[0].letter
    assert letter.state is LetterState.SENDING
    assert letter.campaign.fixed_at is not None
    assert [e.kind for e in history.of(letter.ref)][-1] == "letter.sent_off"


def test_an_order_reads_as_often_for_many_as_for_few() -> None:
    asked = []
    for number in (2, 7):
        ids = [letter.id for letter in build.approved_letters(number)]
        db.session.remove()
        with counted() as told:
            orders.look(ids)
        looked = reads(told)
        with counted() as told:
            operations.send(ids, actor=None)
        asked.append((looked, reads(told)))
    assert asked[0] == asked[1]


def test_ordering_again_gives_the_same_rows() -> None:
    letter = build.approved_letter()
    first, again = send(letter), send(letter)
    assert [row.id for row in first] == [row.id for row in again]
    operations.send_due(transport=Way())
    assert [row.id for row in send(letter)] == [row.id for row in first]
    assert [e.kind for e in history.newest()].count("letter.sent_off") == 1


def _back_to_draft(letter: Letter) -> None:
    drafting.send_back(letter.id, why="a wrong figure", actor=build.staff().drafter)


def _other_text(letter: Letter) -> None:
    with transaction() as session:
        session.execute(sa.update(FrozenText).values(bundle=FrozenText.bundle + " "))


def _other_hash(letter: Letter) -> None:
    with transaction() as session:
        session.execute(sa.update(FrozenText).values(sha256="0" * 64))


def _no_approval(letter: Letter) -> None:
    with transaction() as session:
        session.execute(sa.delete(Approval))


def _next_round(letter: Letter) -> None:
    with transaction() as session:
        session.get_one(Letter, letter.id).round += 1


def _conclude(letter: Letter) -> None:
    with transaction() as session:
        session.get_one(Letter, letter.id).state = LetterState.CONCLUDED


@pytest.mark.parametrize(
    "spoil", [_back_to_draft, _other_text, _other_hash, _no_approval, _next_round, _conclude]
)
def test_a_letter_that_is_not_approved_as_it_stands_is_refused_by_name(spoil: object) -> None:
    good, bad = build.approved_letters(2)
    spoil(bad)  # type: ignore[operator]
    if spoil in (_other_text, _other_hash, _no_approval):  # of every letter
        good = bad
    problem = refused("letter-not-approved", send, good, bad)
    assert bad.company.name in str(problem)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Dispatch)) == 0, "none goes"


def test_a_letter_whose_facts_have_changed_since_is_refused() -> None:
    letter = build.approved_letter()
    companies.change_company(letter.company_id, actor=None, name="Larkspur Mobile plc")
    assert "Larkspur" in str(refused("text-changed", send, letter))


def test_a_text_that_is_approved_anew_between_the_making_and_the_act_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letter = build.approved_letter()
    make = orders._make

    def made_then_changed(*args: object) -> object:
        made = make(*args)  # type: ignore[arg-type]
        _back_to_draft(letter)
        people, tomorrow = build.staff(), drafted.today() + timedelta(days=1)
        texts = drafting.submit([letter.id], dated_on=tomorrow, actor=people.drafter)
        drafts.approve_all(people, texts)
        return made

    monkeypatch.setattr(orders, "_make", made_then_changed)
    refused("letter-not-approved", send, letter)


def test_a_letter_whose_printed_day_will_be_over_is_refused() -> None:
    with clock.at(NOW):
        letter = build.approved_letter()
    with clock.at(NOW + timedelta(days=15)):
        problem = refused("letter-out-of-date", send, letter)
    assert "7 December 2026" in str(problem)
    with clock.at(NOW):
        later = NOW + timedelta(days=30)
        refused("letter-out-of-date", operations.send, [letter.id], actor=None, not_before=later)


@pytest.mark.parametrize("address", ["press@brightwater.example", "x@mail.brightwater.example"])
def test_our_own_addresses_are_no_contacts(ctx: AppContext, address: str) -> None:
    letter = build.approved_letter()
    with transaction() as session:
        row = session.get_one(Letter, letter.id)
        row.company.contacts[0].value = address
        ref = row.company.contacts[0].ref
    with pytest.raises(Problem) as caught:
        orders._fit(letter, address, letter.company.contacts[0])
    assert caught.value.code == "contact-is-ours"
    assert ref


def test_a_contact_that_went_bad_since_the_approval_is_refused() -> None:
    letter = build.approved_letter()
    with transaction() as session:
        row = session.get_one(Letter, letter.id)
        row.company.contacts[0].bad_since = clock.now()
    with pytest.raises(Problem) as caught:
        orders._fit(letter, "privacy@x.example", letter.company.contacts[0])
    assert caught.value.code == "contact-unusable"
    with pytest.raises(Problem):
        send(letter)


def test_a_look_before_sending_makes_nothing_and_names_what_stands_in_the_way() -> None:
    good, bad = build.approved_letters(2)
    _back_to_draft(bad)
    looks = {look.letter.id: look for look in orders.look([good.id, bad.id, 999])}
    assert set(looks) == {good.id, bad.id}
    assert not looks[good.id].problem
    assert [contact.channel for contact in looks[good.id].contacts] == [Channel.EMAIL]
    assert bad.company.name in looks[bad.id].problem
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Dispatch)) == 0


@pytest.mark.parametrize(("verified", "proof"), [(True, Proof.ADEQUATE), (False, Proof.WEAK)])
def test_whether_a_contact_was_verified_is_kept_when_it_leaves(
    verified: bool, proof: Proof
) -> None:
    (dispatch,) = build.ordered(verified=verified)
    operations.send_due(transport=Way())
    assert dispatch.verified is verified
    read = clock.now() + timedelta(minutes=1)
    assert queries.proof(dispatch.letter, mailbox_read_at=read).grade is proof


@pytest.mark.parametrize(("reference", "proof"), [("CASE 7", Proof.ADEQUATE), ("", Proof.WEAK)])
def test_a_form_counts_by_its_reference(reference: str, proof: Proof) -> None:
    dispatch = task(Channel.FORM)
    operations.form_submitted(dispatch.id, reference=reference, actor=None)
    assert dispatch.state is S.FORM_SUBMITTED
    assert dispatch.letter.state is LetterState.OPEN
    assert grade(dispatch) is proof
    assert queries.left_at(dispatch.letter) == dispatch.evidence[0].at


def test_post_counts_when_its_tracking_shows_it() -> None:
    dispatch = task(Channel.POST)
    operations.posted(dispatch.id, tracking="RR1", actor=None)
    assert (dispatch.letter.state, grade(dispatch)) == (LetterState.OPEN, Proof.WEAK)
    operations.post_delivered(dispatch.id, signed=False, detail="scanned", actor=None)
    assert (dispatch.state, grade(dispatch)) == (S.DELIVERED, Proof.ADEQUATE)
    operations.post_delivered(dispatch.id, signed=True, detail="M. Reed", actor=None)
    assert (dispatch.state, grade(dispatch)) == (S.DELIVERED_SIGNED, Proof.STRONG)
    operations.post_returned(dispatch.id, detail="moved away", actor=None)
    assert (dispatch.state, grade(dispatch)) == (S.RETURNED_TO_SENDER, Proof.NONE)


def test_untracked_post_is_delivered_by_a_signature_only() -> None:
    dispatch = task(Channel.POST)
    operations.posted(dispatch.id, tracking="", actor=None)
    act = operations.post_delivered
    refused("post-without-tracking", act, dispatch.id, signed=False, detail="seen", actor=None)
    assert {e.kind for e in dispatch.evidence} == {K.POSTED}
    act(dispatch.id, signed=True, detail="M. Reed", actor=None)
    assert dispatch.state is S.DELIVERED_SIGNED


def test_a_mention_is_no_delivery_and_opens_nothing() -> None:
    dispatch = task(Channel.MENTION)
    operations.mentioned(dispatch.id, link="https://social.example/1", actor=None)
    assert dispatch.state is S.MENTIONED
    assert dispatch.letter.state is LetterState.SENDING
    assert grade(dispatch) is Proof.NONE
    assert queries.left_at(dispatch.letter) is None
    refused("bad-contact", operations.mentioned, dispatch.id, link="javascript:x", actor=None)


def test_a_task_is_done_once_and_by_its_own_channel() -> None:
    dispatch = task(Channel.POST)
    refused("other-channel", operations.form_submitted, dispatch.id, reference="", actor=None)
    operations.posted(dispatch.id, tracking="RR1", actor=None)
    refused("dispatch-moved-on", operations.posted, dispatch.id, tracking="RR2", actor=None)
    assert [e.detail for e in dispatch.evidence] == ["RR1"], "the refused one left no trace"


@pytest.mark.parametrize(
    ("minutes", "code"), [(1, "moment-to-come"), (-61, "moment-too-early"), (-30, "")]
)
def test_a_task_was_done_between_its_order_and_now(minutes: int, code: str) -> None:
    with clock.at(NOW - timedelta(hours=1)):
        dispatch = task(Channel.POST)
    with clock.at(NOW):
        at = NOW + timedelta(minutes=minutes)
        if code:
            refused(code, operations.posted, dispatch.id, tracking="", actor=None, at=at)
        else:
            operations.posted(dispatch.id, tracking="", actor=None, at=at)
            assert dispatch.evidence[0].at == at


@pytest.mark.parametrize(("left", "state"), [(True, S.ACCEPTED), (False, S.FAILED)])
def test_a_person_settles_an_unknown_with_a_reason(left: bool, state: S) -> None:
    (dispatch,) = build.ordered()
    refused(
        "dispatch-moved-on", operations.settle_unknown, dispatch.id, left=left, why="x", actor=None
    )
    operations.send_due(transport=Way(build.LOST_AFTER))
    refused("words-missing", operations.settle_unknown, dispatch.id, left=left, why=" ", actor=None)
    person = build.staff().drafter
    operations.settle_unknown(dispatch.id, left=left, why="the relay's log", actor=person)
    assert dispatch.state is state
    event = history.of(dispatch.ref)[-1]
    assert event.actor == person.ref
    assert event.detail["detail"] == "the relay's log"
    assert (queries.left_at(dispatch.letter) is not None) is left


@pytest.mark.parametrize(
    ("end", "possible"),
    [(None, True), (build.DEFERRED, True), (build.ACCEPTED, False), (build.LOST_AFTER, False)],
)
def test_only_what_has_not_left_can_be_withdrawn(end: object, possible: bool) -> None:
    (dispatch,) = build.ordered()
    if end:
        operations.send_due(transport=Way(end))  # type: ignore[arg-type]
    if possible:
        operations.withdraw_dispatch(dispatch.id, why="a wrong figure", actor=None)
        assert (dispatch.state, dispatch.why) == (S.WITHDRAWN, "a wrong figure")
    else:
        refused("dispatch-moved-on", operations.withdraw_dispatch, dispatch.id, why="x", actor=None)


def test_one_halt_stands_at_a_time_and_says_why() -> None:
    refused("not-halted", operations.release_halt, actor=None)
    refused("words-missing", operations.halt, why="", actor=None)
    operations.halt(why="a wrong figure", actor=build.staff().drafter)
    assert queries.halt_words() == "a wrong figure"
    assert "a wrong figure" in str(refused("halted-already", operations.halt, why="x", actor=None))
    operations.release_halt(actor=None)
    assert queries.halt_words() == ""
    operations.halt(why="again", actor=None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Halt)) == 2
    assert [e.kind for e in history.newest(3)] == ["halt.begun", "halt.released", "halt.begun"]


def test_left_at_is_the_first_moment_of_the_round_asked_for() -> None:
    with clock.at(NOW):
        (dispatch,) = build.ordered()
        assert queries.left_at(dispatch.letter) is None
        operations.send_due(transport=Way(build.LOST_AFTER))
        assert queries.left_at(dispatch.letter) == NOW
    assert queries.left_at(dispatch.letter, round=1) == NOW
    assert queries.left_at(dispatch.letter, round=2) is None


def test_dispatches_are_found_by_message_id_and_by_token() -> None:
    rows = build.ordered(2)
    assert queries.by_message_ids([str(rows[0].message_id), "<no@where>"]) == [rows[0]]
    assert queries.by_tokens([rows[1].token, "x" * 26]) == [rows[1]]
    assert queries.by_tokens([]) == []
