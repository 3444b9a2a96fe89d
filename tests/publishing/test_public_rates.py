"""Rates count over companies reached, and say who stands behind them (fairness.md rule 17)."""

from __future__ import annotations

import pytest

from campaign.publishing.models import Response
from campaign.publishing.rates import LEFT_OUT, OPEN, REPLIED, Asked, merged, rates


@pytest.mark.parametrize(
    ("response", "reached", "lists"),
    [
        ("responded_full", True, {"reached", "replied", "substantive"}),
        ("responded_partial", True, {"reached", "replied", "substantive"}),
        ("responded_confidential", True, {"reached", "replied", "substantive"}),
        ("statement_only", True, {"reached", "replied"}),
        ("declined", True, {"reached", "replied"}),
        ("redirected", True, {"reached", "replied"}),
        ("acknowledged_only", True, {"reached", "replied"}),
        ("engaged_off_record", True, {"reached", "replied"}),
        ("no_response", True, {"reached", "silent"}),
        ("awaiting", True, {"reached", "open"}),
        ("extended", True, {"reached", "open"}),
        ("awaiting", False, {"left_out"}),
        ("extended", False, {"left_out"}),
        ("not_reached", False, {"left_out"}),
        ("not_reached", True, {"left_out"}),
        ("withdrawn", True, {"left_out"}),
        ("responded_full", False, {"reached", "replied", "substantive"}),
    ],
)
def test_where_a_company_counts(response: str, reached: bool, lists: set[str]) -> None:
    found = rates([Asked("Larkfield Home", response, reached)])
    assert {name for name, names in vars(found).items() if names} == lists


@pytest.mark.parametrize("response", [response.value for response in Response])
def test_every_response_counts_in_exactly_one_way(response: str) -> None:
    silent = response == "no_response"
    assert (response in REPLIED) + (response in LEFT_OUT) + (response in OPEN) + silent == 1


@pytest.mark.parametrize(
    ("replied", "silent", "percent"),
    [(0, 0, None), (0, 3, 0), (1, 2, 33), (2, 1, 67), (1, 1, 50), (1, 7, 13), (5, 0, 100)],
)
def test_a_rate_is_rounded_half_up_and_nothing_is_no_rate(
    replied: int, silent: int, percent: int | None
) -> None:
    asked = [Asked("a", "responded_full", True)] * replied
    asked += [Asked("b", "no_response", True)] * silent
    rate = rates(asked).any_reply
    assert (rate.number, rate.of, rate.percent) == (replied, replied + silent, percent)


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ([], {}),
        ([(2, "partly"), (1, "answered")], {1: "answered", 2: "partly"}),
        ([(1, "partly"), (1, "answered")], {1: "answered"}),
        ([(1, "answered"), (1, "not_addressed")], {1: "answered"}),
        ([(1, "not_addressed"), (1, "misunderstood")], {1: "misunderstood"}),
        ([(1, "not_addressed")], {1: "not_addressed"}),
    ],
)
def test_a_later_reply_adds_and_takes_nothing_back(
    verdicts: list[tuple[int, str]], told: dict[int, str]
) -> None:
    assert merged(verdicts) == told
