"""States, moves, the proof grade and the pace, as tables (fairness.md rules 6-9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaign.companies.rules import Channel
from campaign.sending import rules
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import Evidence, Graded, Proof, Sent
from campaign.sending.rules import EvidenceKind as K

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def test_every_state_has_its_row_of_moves() -> None:
    assert set(rules.MOVES) == set(S)


@pytest.mark.parametrize("old", [S.UNKNOWN, S.ACCEPTED, S.FAILED, S.EXPIRED, S.BOUNCED])
@pytest.mark.parametrize("new", [S.QUEUED, S.CLAIMED, S.DEFERRED, S.TRANSMITTING])
def test_what_may_have_left_never_comes_near_the_wire_again(old: S, new: S) -> None:
    assert not rules.may_move(old, new)


@pytest.mark.parametrize("old", sorted(set(S) - {S.CLAIMED}))
def test_only_a_claimed_one_is_transmitted(old: S) -> None:
    assert not rules.may_move(old, S.TRANSMITTING)
    assert rules.may_move(S.CLAIMED, S.TRANSMITTING)


@pytest.mark.parametrize("old", [S.TRANSMITTING, S.UNKNOWN, S.ACCEPTED, S.DELIVERED])
def test_a_bounce_counts_for_whatever_may_have_left(old: S) -> None:
    assert rules.may_move(old, S.BOUNCED)


@pytest.mark.parametrize("old", [S.POSTED, S.DELIVERED, S.DELIVERED_SIGNED])
def test_post_can_come_back_at_any_time(old: S) -> None:
    assert rules.may_move(old, S.RETURNED_TO_SENDER)


@pytest.mark.parametrize("old", [S.TRANSMITTING, S.UNKNOWN, S.ACCEPTED, S.BOUNCED, S.FAILED])
def test_what_is_on_its_way_cannot_be_withdrawn(old: S) -> None:
    assert not rules.may_move(old, S.WITHDRAWN)


def test_left_not_reached_and_undecided_name_each_state_at_most_once() -> None:
    named = [*rules.LEFT, *rules.NOT_REACHED, *rules.UNDECIDED]
    assert len(named) == len(set(named))
    assert set(S) - set(named) == {S.WITHDRAWN}


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (40, 60)]
)
def test_the_waits_grow_to_an_hour(attempts: int, minutes: int) -> None:
    assert rules.next_attempt(attempts, AT, AT) == AT + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("passed", "again"),
    [
        (timedelta(days=2) - timedelta(seconds=1), True),
        (timedelta(days=2), False),
        (timedelta(days=9), False),
    ],
)
def test_after_two_days_nobody_tries_any_more(passed: timedelta, again: bool) -> None:
    assert (rules.next_attempt(9, AT, AT + passed) is not None) is again


def graded(
    state: S,
    *kinds: K,
    channel: Channel = Channel.EMAIL,
    verified: bool = True,
    read: datetime | None = LATER + timedelta(hours=1),
) -> Graded:
    evidence = tuple(Evidence(kind, AT + timedelta(minutes=n)) for n, kind in enumerate(kinds))
    return rules.grade(Sent(channel, state, verified, evidence, read))


# fairness.md rule 7, row by row.
GRADES: list[tuple[str, Graded, Proof]] = [
    ("queued", graded(S.QUEUED), Proof.NONE),
    ("failed", graded(S.FAILED), Proof.NONE),
    ("bounced", graded(S.BOUNCED, K.ACCEPTED, K.BOUNCE), Proof.NONE),
    ("expired", graded(S.EXPIRED), Proof.NONE),
    ("unknown", graded(S.UNKNOWN), Proof.NONE),
    ("a mention", graded(S.MENTIONED, K.MENTIONED, channel=Channel.MENTION), Proof.NONE),
    ("not verified", graded(S.ACCEPTED, K.ACCEPTED, verified=False), Proof.WEAK),
    ("mailbox not read since", graded(S.ACCEPTED, K.ACCEPTED, read=AT), Proof.WEAK),
    ("mailbox never read", graded(S.ACCEPTED, K.ACCEPTED, read=None), Proof.WEAK),
    ("nobody reads there", graded(S.ACCEPTED, K.ACCEPTED, K.AUTO_UNMONITORED), Proof.WEAK),
    ("untracked post", graded(S.POSTED, K.POSTED, channel=Channel.POST), Proof.WEAK),
    ("a form without reference", graded(S.FORM_SUBMITTED, K.FORM_SUBMITTED), Proof.WEAK),
    ("accepted", graded(S.ACCEPTED, K.ACCEPTED), Proof.ADEQUATE),
    ("a form's reference", graded(S.FORM_SUBMITTED, K.FORM_REFERENCE), Proof.ADEQUATE),
    ("tracked", graded(S.DELIVERED, K.POSTED, K.TRACKED_DELIVERED), Proof.ADEQUATE),
    ("a receipt", graded(S.DELIVERED, K.DELIVERY_RECEIPT, verified=False), Proof.ADEQUATE),
    (
        "an automatic reply confirms",
        graded(S.ACCEPTED, K.ACCEPTED, K.AUTO_CONFIRMS_RECEIPT, verified=False),
        Proof.ADEQUATE,
    ),
    ("signed", graded(S.DELIVERED_SIGNED, K.POSTED, K.SIGNED_FOR), Proof.STRONG),
    ("answered", graded(S.ACCEPTED, K.ACCEPTED, K.ANSWERED), Proof.STRONG),
    ("answered after a bounce", graded(S.BOUNCED, K.BOUNCE, K.ANSWERED), Proof.STRONG),
    ("posted and returned", graded(S.RETURNED_TO_SENDER, K.SIGNED_FOR, K.RETURNED), Proof.NONE),
]


@pytest.mark.parametrize(("case", "found", "proof"), GRADES, ids=[case for case, *_ in GRADES])
def test_the_grade_follows_from_the_evidence(case: str, found: Graded, proof: Proof) -> None:
    assert found.grade is proof
    assert (found.at is None) is (proof is Proof.NONE)


def test_the_period_counts_from_acceptance_and_an_answer_does_not_move_it() -> None:
    assert graded(S.ACCEPTED, K.ACCEPTED, K.AUTO_CONFIRMS_RECEIPT).at == AT
    assert graded(S.ACCEPTED, K.ACCEPTED, K.ANSWERED).at == AT


def test_the_best_of_several_ways_counts_from_the_earliest_adequate_one() -> None:
    weak = Graded(Proof.WEAK, AT, K.ACCEPTED)
    adequate = Graded(Proof.ADEQUATE, LATER, K.FORM_REFERENCE)
    strong = Graded(Proof.STRONG, LATER + timedelta(days=1), K.ANSWERED)
    assert rules.best([]) == Graded(Proof.NONE)
    assert rules.best([weak, Graded(Proof.NONE)]) == weak
    assert rules.best([weak, adequate]) == adequate
    assert rules.best([weak, adequate, strong]) == Graded(Proof.STRONG, LATER, K.ANSWERED)


def test_what_a_sender_does_in_statements_of_its_own_is_in_the_table() -> None:
    assert rules.may_move(S.CLAIMED, S.TRANSMITTING)
    assert rules.may_move(S.TRANSMITTING, S.ACCEPTED)
