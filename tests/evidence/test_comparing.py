"""What may stand in one line, what may be computed, and the words for why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from campaign.evidence import comparing
from campaign.evidence.comparing import Break, Side
from campaign.evidence.figure_rules import Amount, Denominator, Unit, ValueKind
from campaign.evidence.figure_terms import Location, Measure, Result, Segment, Sought, Terms


def exact(value: str, unit: Unit = Unit.COUNT) -> Amount:
    return Amount(ValueKind.EXACT, unit, Decimal(value), Decimal(value))


COUNT = Side("Amazon", Terms(kinds="subpoena", requester="US"), exact("1618"),
             date(2017, 1, 1), date(2017, 6, 30))  # fmt: skip
SHARE = replace(
    COUNT,
    terms=Terms(
        measure=Measure.REQUESTS_WITH_OUTCOME, kinds="subpoena", requester="US",
        outcome=Result.FULL, denominator=Denominator.REQUESTS_RECEIVED,
    ),
    amount=exact("42", Unit.PERCENT),
)  # fmt: skip


def later(side: Side, value: str = "2416", **terms: Any) -> Side:
    assert side.terms
    return replace(
        side,
        terms=replace(side.terms, **terms),
        amount=exact(value, side.amount.unit),
        start=date(2020, 1, 1),
        end=date(2020, 6, 30),
    )


def test_the_same_of_two_half_years_stands_in_one_line() -> None:
    assert comparing.reasons((COUNT, later(COUNT))) == ()
    assert comparing.reasons((SHARE, later(SHARE, "70"))) == ()
    assert comparing.reasons((COUNT,)) == ()


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (SHARE, later(SHARE, outcome=Result.FULL_OR_PARTIAL),
         "complied with in full, the other complied with in full or in part"),
        (SHARE, later(SHARE, denominator=Denominator.REQUESTS_WITH_DISCLOSURE),
         "a share of requests received, the other a share of requests in which"),
        (COUNT, later(COUNT, segment=Segment.ENTERPRISE), "the other enterprise customers"),
        (COUNT, later(COUNT, requester="DE"), "the other authorities in Germany"),
        (COUNT, later(COUNT, kinds="search_warrant"), "subpoenas, the other search warrants"),
        (COUNT, later(COUNT, measure=Measure.ACCOUNTS_SPECIFIED), "the other accounts that"),
        (COUNT, later(COUNT, sought=Sought.CONTENT), "the other content"),
        (COUNT, later(COUNT, location=Location.OUTSIDE_US), "the other kept outside the US"),
        (COUNT, later(SHARE), "One is a number, the other a share."),
        (COUNT, replace(later(COUNT), scope="Alexa"), "about all services, the other about Alexa"),
        (COUNT, replace(later(COUNT), end=date(2020, 12, 31)), "181 days and 366 days"),
        (COUNT, replace(later(COUNT), terms=None), "Nobody has said yet"),
    ],
)  # fmt: skip
def test_what_counts_something_else_stands_apart_and_the_reason_is_said(
    one: Side, other: Side, why: str
) -> None:
    told = comparing.reasons((one, other))
    assert len(told) >= 1
    assert any(why in reason for reason in told), told
    assert comparing.no_change(one, other)


def test_halves_of_181_and_184_days_are_equally_long_and_shares_need_not_be() -> None:
    second = replace(COUNT, start=date(2017, 7, 1), end=date(2017, 12, 31))
    assert comparing.reasons((COUNT, second)) == ()
    assert comparing.reasons((SHARE, replace(SHARE, end=date(2017, 12, 31)))) == ()


@pytest.mark.parametrize(
    ("on", "company", "holds"),
    [
        (date(2020, 1, 1), "Amazon", True),
        (date(2018, 1, 1), "Amazon", True),
        (date(2017, 1, 1), "Amazon", False),
        (date(2020, 7, 1), "Amazon", False),
        (date(2018, 1, 1), "Microsoft", False),
    ],
)
def test_no_line_goes_across_a_break_in_the_series(on: date, company: str, holds: bool) -> None:
    there = Break(company, on, "Requests are counted by account now.")
    told = comparing.reasons((COUNT, later(COUNT)), (there,))
    assert bool(told) is holds
    assert all("counted by account now" in one for one in told)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (replace(COUNT, amount=Amount(ValueKind.BAND, low=Decimal(0), high=Decimal(249))),
         later(COUNT), "A band stands for any number within it"),
        (COUNT, replace(later(COUNT), amount=Amount(ValueKind.AT_LEAST, low=Decimal(9))),
         "without one exact number"),
        (COUNT, replace(later(COUNT), amount=Amount(ValueKind.NOT_REPORTED)),
         "without one exact number"),
        (replace(COUNT, amount=exact("0")), later(COUNT), "no percent of zero"),
        (SHARE, later(SHARE, "70"), "No percent is computed of a percent"),
        (COUNT, replace(later(COUNT), company="Microsoft"), "a difference and no change"),
    ],
)  # fmt: skip
def test_nothing_is_computed_from_what_is_no_single_number(old: Side, new: Side, why: str) -> None:
    assert any(why in reason for reason in comparing.no_change(old, new))


def test_a_change_is_a_percent_to_one_decimal() -> None:
    assert comparing.no_change(COUNT, later(COUNT)) == ()
    assert comparing.change(COUNT.amount, later(COUNT).amount) == Decimal("49.3")
    with pytest.raises(ValueError, match="reason against"):
        comparing.change(exact("0"), COUNT.amount)
