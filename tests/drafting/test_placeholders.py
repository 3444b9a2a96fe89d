"""Placeholders: a fixed list, one pass, and a place for every fault."""

from __future__ import annotations

from datetime import date

import pytest

from campaign.drafting import placeholders
from campaign.drafting.placeholders import deadline_values, faults, missing, names


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("((nobody))", 1, 1, "no such field"),
        ("{{ config }} ((company.__class__))", 1, 14, "no such field"),
        ("one\ntwo ((deadline", 2, 5, "closing"),
        ("((deadline\n))", 1, 1, "closing"),
        ("a (())", 1, 3, "no name"),
        ("a ((  ))", 1, 3, "no name"),
        ("((company.name ((deadline))))", 1, 1, "inside another"),
        ("((((deadline))))", 1, 1, "inside another"),
        ("((questions)) please", 1, 1, "paragraph of its own"),
        ("text\n((questions))", 2, 1, "paragraph of its own"),
        ("# ((questions))", 1, 3, "paragraph of its own"),
        ("`((questions))`", 1, 2, "paragraph of its own"),
        ("a | b\n--|--\n1 | ((questions))", 3, 5, "paragraph of its own"),
        ("[x](((deadline)))", 1, 5, "privacy_link and reply.address"),
        ("[x](https://c.example/((company.name)))", 1, 5, "A link starts with"),
        ("ok\n\n[x](javascript:alert)", 3, 5, "A link starts with"),
        ("[x](data:text/html,hello)", 1, 5, "A link starts with"),
        ("[x](/etc/passwd)", 1, 5, "A link starts with"),
        ("![chart](https://c.example/a.png)", 1, 1, "Pictures"),
        ("a[^1]\n\n[^1]: b[^2]\n\n[^2]: c", 3, 1, "another footnote"),
    ],
)
def test_a_fault_is_told_with_its_place(source: str, line: int, column: int, words: str) -> None:
    first = faults(source)[0]
    assert (first.line, first.column) == (line, column)
    assert words in first.why


@pytest.mark.parametrize(
    "source",
    [
        "",
        "((deadline)) (((deadline))) (( deadline ))",
        "((questions))",
        "- ((questions))",
        "> ((publication_notice))",
        "\\((not a field)) and f(x) and (a (b))",
        "[x](((privacy_link))), [y](((reply.address))), [z](mailto:((reply.address)))",
        "[x](https://c.example/a_(b)) <mailto:a@c.example>",
        "<script>alert(1)</script>",
        "**((company.name))**[^1]\n\n[^1]: ((organisation.name))",
    ],
)
def test_a_sound_source_has_no_fault(source: str) -> None:
    assert faults(source) == ()


def test_every_field_of_the_list_is_sound_in_a_paragraph_of_its_own() -> None:
    for field in placeholders.FIELDS:
        assert faults(f"(({field.name}))") == ()


def test_names_are_found_everywhere_but_behind_a_backslash() -> None:
    source = "((deadline)) `((company.name))` [x](((privacy_link))) \\((letter.date))"
    assert names(source) == {"deadline", "company.name", "privacy_link"}


def test_a_blank_value_is_missing() -> None:
    values = {"company.name": "Larkfield", "deadline": " \n"}
    assert missing("((deadline)) ((company.name)) ((letter.date))", values) == (
        "deadline",
        "letter.date",
    )


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "Sunday 6 December 2026, end of the day in Berlin (CET)"),
        ("Asia/Dubai", "Sunday 6 December 2026, end of the day in Dubai (UTC+04:00)"),
        ("America/New_York", "Sunday 6 December 2026, end of the day in New York (EST)"),
        ("Etc/GMT+12", "Sunday 6 December 2026, end of the day anywhere on Earth (UTC-12:00)"),
        ("UTC", "Sunday 6 December 2026, end of the day (UTC)"),
    ],
)
def test_a_long_deadline_says_the_zone_in_words(zone: str, words: str) -> None:
    values = deadline_values(date(2026, 12, 6), zone)
    assert values == {"deadline": "6 December 2026", "deadline.long": words}


def test_a_source_of_a_megabyte_of_brackets_is_read_in_a_moment() -> None:
    assert faults("(" * 1_000_000)
    assert faults("((" + "a" * 1_000_000)
