"""A campaign's own fields: their names, their values, and many values in one sheet."""

from __future__ import annotations

import pytest

from campaign.drafting import custom_rules
from campaign.drafting.placeholders import FIELDS, FieldKind
from campaign.kernel.errors import Problem

KINDS = {"service": FieldKind.TEXT, "cloud": FieldKind.YES_NO}
LETTERS = {"larkspur, inc": 1, "marram": 2}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("service", "service"),
        (" uses_cloud ", "uses_cloud"),
        ("custom.a1", "a1"),
        ("deadline",) * 2,
    ],
)
def test_a_name_is_taken(typed: str, name: str) -> None:
    assert custom_rules.field_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    ["", "Service", "1a", "a b", "a.b", "a__b", "_a", "a_", "a-b", "a??b", "é", "a" * 41, "company",
     "__class__", "((a))"],
)  # fmt: skip
def test_a_name_is_refused(typed: str) -> None:
    with pytest.raises(Problem) as caught:
        custom_rules.field_name(typed)
    assert caught.value.code == "custom-name"


def test_no_field_of_the_list_can_be_shadowed() -> None:
    assert not [field.name for field in FIELDS if field.name.startswith("custom.")]


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (FieldKind.TEXT, " Lark  Home ", "Lark  Home"),
        (FieldKind.TEXT, "((deadline))", "((deadline))"),
        (FieldKind.YES_NO, " YES ", "yes"),
        (FieldKind.YES_NO, "no", "no"),
        (FieldKind.YES_NO, "", ""),
    ],
)
def test_a_value_is_made_fit(kind: FieldKind, typed: str, stored: str) -> None:
    assert custom_rules.value(kind, "x", typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (FieldKind.YES_NO, "perhaps", "custom-not-yes-no"),
        (FieldKind.TEXT, "a\x00b", "control-character"),
        (FieldKind.TEXT, "a" * 501, "field-too-long"),
    ],
)
def test_a_value_is_refused(kind: FieldKind, typed: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        custom_rules.value(kind, "x", typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        'company,service,cloud\n"Larkspur, Inc",Lark Home,yes\nMarram,,No\n',
        "\ufeffcompany;custom.service;cloud\r\nLARKSPUR, INC;Lark Home;YES\r\n\r\nmarram;;no",
        "Company\tservice\tcloud\nLarkspur, Inc\tLark Home\tyes\nMarram\t\tno",
    ],
)
def test_a_sheet_is_read_whatever_its_separator(text: str) -> None:
    found = custom_rules.read(text, KINDS, LETTERS)
    assert found.faults == ()
    assert found.values == {
        1: {"service": "Lark Home", "cloud": "yes"},
        2: {"service": "", "cloud": "no"},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Line 1: the first column"),
        ("service\nx", "Line 1: the first column"),
        ("company,other\nMarram,x", "Line 1: there is no field “other”"),
        ("company,cloud,cloud\nMarram,yes,no", "Line 1: a field stands there twice"),
        ("company,cloud\nNobody,yes", "Line 2: no letter to “Nobody”"),
        ("company,cloud\nMarram,yes\nmarram,no", "Line 3: “marram” stands there twice"),
        ("company,cloud\nMarram,yes,no", "Line 2: it has 3 cells"),
        ("company,cloud\n\nMarram,maybe", "Line 3: “maybe” is no value"),
        ('company,cloud\n"Marram,yes', "Line 2: it cannot be read"),
        ("company,service\nMarram," + "x" * 200_000, "it cannot be read"),
        ("company," + "x" * 1_000_001, "too long"),
    ],
)
def test_a_fault_of_a_sheet_is_told_with_its_line(text: str, words: str) -> None:
    assert words in custom_rules.read(text, KINDS, LETTERS).faults[0]


def test_a_sheet_that_was_written_is_read_back() -> None:
    rows = [("Larkspur, Inc", {"service": 'a "b", c'}), ("Marram", {"cloud": "no"})]
    text = custom_rules.written(list(KINDS), rows)
    assert custom_rules.read(text, KINDS, LETTERS).values == {
        1: {"service": 'a "b", c', "cloud": ""},
        2: {"service": "", "cloud": "no"},
    }


@pytest.mark.parametrize("value", ["-5", "=1+1", "+44", "@us", "'tis"])
def test_what_our_download_marks_as_no_formula_is_read_as_it_was(value: str) -> None:
    cell = f"'{value}" if value[0] in "=+-@" else value
    found = custom_rules.read(f"company,service\nMarram,{cell}", KINDS, LETTERS)
    assert found.values == {2: {"service": value}}
