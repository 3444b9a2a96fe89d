"""What became of a dispatch, in a few words that say what to do."""

from __future__ import annotations

import pytest

from campaign.sending.reasons import Group, group, reason
from campaign.sending.rules import DispatchState as S

REFUSALS = {
    "550 5.1.1 no such user": "does not exist",
    "550 5.1.10 recipient not found": "does not exist",
    "550 5.4.4 no such host": "does not exist",
    "550 5.2.1 mailbox disabled": "is closed",
    "552 5.2.2 over quota": "mailbox is full",
    "552 5.3.4 message too big": "too large",
    "552 too big": "too large",
    "550 5.7.1 blocked by policy": "does not want mail from us",
    "554 no thanks": "does not want mail from us",
    "550 no": "refused it",
    "553 10.5.1.1 is no address of ours": "refused it",
}


@pytest.mark.parametrize("words", REFUSALS)
def test_a_refusal_is_sorted_by_what_the_server_said(words: str) -> None:
    told = reason(S.FAILED, by_hand=False, code=int(words[:3]), words=words, attempts=1)
    assert REFUSALS[words] in told.words
    assert told.to_do


def test_what_came_back_says_why_where_the_notice_does() -> None:
    def told(words: str) -> str:
        return reason(S.BOUNCED, by_hand=False, code=250, words=words, attempts=1).words

    assert told("5.1.1: unknown user") == "The address does not exist"
    assert told("we could not deliver it") == "It came back"


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("by_hand", [False, True])
def test_every_state_has_its_place_in_a_report(state: S, by_hand: bool) -> None:
    where = group(state, by_hand=by_hand)
    told = reason(state, by_hand=by_hand, code=None, words="", attempts=0)
    well = where in (Group.LEFT, Group.WAITING)
    assert bool(told.words) is not well
    assert bool(told.to_do) or well or where is Group.WITHDRAWN


@pytest.mark.parametrize(
    ("state", "code", "attempts", "words"),
    [
        (S.DEFERRED, 451, 1, "come back later"),
        (S.DEFERRED, None, 1, "broke off before"),
        (S.UNKNOWN, None, 1, "broke off after"),
        (S.EXPIRED, 451, 9, "two days"),
        (S.EXPIRED, None, 0, "could not leave in time"),
    ],
)
def test_what_waits_or_was_given_up_says_why(
    state: S, code: int | None, attempts: int, words: str
) -> None:
    assert words in reason(state, by_hand=False, code=code, words="", attempts=attempts).words


def test_a_task_that_a_person_has_not_done_is_apart() -> None:
    assert group(S.QUEUED, by_hand=True) is Group.BY_HAND
    assert group(S.QUEUED, by_hand=False) is Group.WAITING
