"""Figures as people type them and as texts print them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from campaign.evidence import figure_rules
from campaign.evidence.figure_rules import Amount, Unit, ValueKind
from campaign.kernel.errors import Problem

PERCENT = Unit.PERCENT


@pytest.mark.parametrize(
    ("typed", "amount", "printed"),
    [
        ("1,618", (ValueKind.EXACT, Unit.COUNT, "1618", "1618", 0), "1,618"),
        ("1618", (ValueKind.EXACT, Unit.COUNT, "1618", "1618", 0), "1,618"),
        ("0", (ValueKind.EXACT, Unit.COUNT, "0", "0", 0), "0"),
        (" 42 % ", (ValueKind.EXACT, PERCENT, "42", "42", 0), "42%"),
        ("46.0 per cent", (ValueKind.EXACT, PERCENT, "46.0", "46.0", 1), "46.0%"),
        ("0-249", (ValueKind.BAND, Unit.COUNT, "0", "249", 0), "0–249"),
        ("0 to 249", (ValueKind.BAND, Unit.COUNT, "0", "249", 0), "0–249"),
        ("10–20%", (ValueKind.BAND, PERCENT, "10", "20", 0), "10–20%"),
        ("At least 1,000", (ValueKind.AT_LEAST, Unit.COUNT, "1000", None, 0), "at least 1,000"),
        ("fewer than 10", (ValueKind.LESS_THAN, Unit.COUNT, None, "10", 0), "fewer than 10"),
        ("<10%", (ValueKind.LESS_THAN, PERCENT, None, "10", 0), "less than 10%"),
        ("around 33%", (ValueKind.APPROX, PERCENT, "33", "33", 0), "about 33%"),
        ("Not reported", (ValueKind.NOT_REPORTED, Unit.COUNT, None, None, 0), ""),
    ],
)
def test_a_figure_is_read_as_typed_and_printed_as_the_source_means_it(
    typed: str, amount: tuple[ValueKind, Unit, str | None, str | None, int], printed: str
) -> None:
    kind, unit, low, high, decimals = amount
    found = figure_rules.read(typed)
    least, most = (None if end is None else Decimal(end) for end in (low, high))
    assert found == Amount(kind, unit, least, most, decimals)
    assert figure_rules.words(found) == printed
    assert figure_rules.read(figure_rules.typed(found)) == found


@pytest.mark.parametrize(
    "typed",
    ["", "many", "1.618", "1,61", "16,18", "45,6%", "-3", "249-0", "5-5", "101%", "1e9", "٣",
     "fewer than 0", "99999999999999", "1 46", "at least", "3 or so"],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(Problem) as caught:
        figure_rules.read(typed)
    assert caught.value.code == "figure-value"


@pytest.mark.parametrize(
    ("typed", "language", "printed"),
    [
        ("1,618", "de", "1.618"),
        ("1,618", "en-GB", "1,618"),
        ("45.60%", "de", "45,60\u00a0%"),
        ("at least 1,000", "de", "≥ 1.000"),
        ("0-249", "fr", "0–249"),
        ("not reported", "de", ""),
        ("1,618", "no such", "1,618"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    typed: str, language: str, printed: str
) -> None:
    assert figure_rules.words(figure_rules.read(typed), language) == printed


@pytest.mark.parametrize("name", ["", "A", "a b", "a--b", "-a", "a/b", "a_b", "a" * 41, "é"])
def test_a_short_name_that_no_text_could_hold_is_refused(name: str) -> None:
    with pytest.raises(Problem) as caught:
        figure_rules.short_name(name)
    assert caught.value.code == "figure-short-name"
