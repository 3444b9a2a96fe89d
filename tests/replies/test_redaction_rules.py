"""What is left out of a text, what stands in its place, and what a person is asked to look at."""

from __future__ import annotations

import pytest

from campaign.replies import redaction_rules as rules
from campaign.replies.redaction_rules import BLOCK, Mark, Reason
from campaign.replies.redaction_suggesting import suggestions

TEXT = "Dear all,\n\nPip Larch (pip@larch.example) answers.\n\nPip Larch\nJunior"


def at(words: str, reason: Reason = Reason.NAME, text: str = TEXT) -> Mark:
    start = text.index(words)
    return Mark(start, start + len(words), reason)


def shown(*marks: Mark, text: str = TEXT) -> str:
    return rules.plain(rules.pieces(text, marks))


def test_what_stands_in_the_place_of_words_does_not_tell_how_many_they_were() -> None:
    short, long = "It was Al.", f"It was {'Alexandra ' * 40}Vogel."
    first = shown(Mark(7, 9, Reason.NAME), text=short)
    second = shown(Mark(7, len(long) - 1, Reason.NAME), text=long)
    assert first == second == f"It was [{BLOCK} name of a person]."


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([(0, 3), (2, 5)], [(0, 5)]),  # one over the other
        ([(3, 5), (0, 2)], [(0, 5)]),  # only white space between
        ([(0, 2), (4, 5)], [(0, 2), (4, 5)]),
        ([(1, 1), (5, 3)], []),
        ([(-4, 2), (4, 999)], [(0, 2), (4, 8)]),
        ([(2, 4)], [(3, 4)]),  # no white space at its ends
    ],
)
def test_marks_are_brought_in_order(
    marks: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    found = rules.tidy([Mark(*one, Reason.NAME) for one in marks], "ab cd ef")
    assert [(mark.start, mark.end) for mark in found] == expected


def test_lines_end_alike_whatever_the_mail_had() -> None:
    text = "One\r\ntwo\rthree"
    marks = [Mark(4, 7, Reason.LEGAL)]
    assert rules.hidden_in(text, marks) == [("two", Reason.LEGAL)]
    assert "two" not in shown(*marks, text=text)


def test_the_same_words_are_found_wherever_they_stand() -> None:
    marks = rules.everywhere(TEXT, [at("Pip Larch")])
    assert [TEXT[m.start : m.end] for m in marks] == ["Pip Larch", "Pip Larch"]
    assert rules.found_in("Pip\n  larch, Pipette Larch", "pip larch") == [(0, 11)]
    assert rules.found_in("anything", "  ") == []


def test_showing_words_again_is_told_from_leaving_more_out() -> None:
    name, mail = at("Pip Larch"), at("pip@larch.example", Reason.EMAIL)
    assert rules.reveals(TEXT, [name, mail], [name])
    assert not rules.reveals(TEXT, [name], [name, mail])
    assert not rules.reveals(TEXT, [name], [Mark(0, len(TEXT), Reason.LEGAL)])


def test_marks_come_back_from_a_form_and_from_the_database() -> None:
    marks = (at("Pip Larch"), at("pip@larch.example", Reason.EMAIL))
    assert rules.read(rules.written(marks), TEXT) == marks
    assert rules.from_json(rules.to_json(marks)) == marks
    assert rules.read("1-2 x-y-name 1-99-unknown 5-4-name 1-2-name;drop", TEXT) == ()
    for word in ("Pip", "larch.example"):
        assert word not in rules.to_json(marks)


def test_what_tells_the_same_is_left_out_of_our_own_texts_too() -> None:
    signature = at("Pip Larch\nJunior", Reason.SIGNATURE)
    told = rules.masks(rules.hidden_in(TEXT, [signature]), kept=["Larch Ltd"])
    assert rules.masked("We thank Pip  Larch. Junior staff helped.", told) == (
        f"We thank {BLOCK}. Junior staff helped."
    )
    assert rules.tells("PIP LARCH", told)
    assert not rules.tells("Pipette Larch", told)
    assert rules.masks([("Larch  Ltd", Reason.NAME), ("the", Reason.LEGAL)], ["Larch Ltd"]) == []


SUGGESTED = [
    ("Write to pip.larch@company.example.", ["pip.larch@company.example"]),
    ("Write to press@company.example or privacy@company.example.", []),
    ("Call +44 20 7946 0018 or (030) 1234 5678.", ["+44 20 7946 0018", "(030) 1234 5678"]),
    ("Tel: 020-7946-0018", ["020-7946-0018"]),
    ("On 2026-11-02 we got 1,400 requests; see 12.11.2026 and ISO 27001.", []),
    ("It is so.\n\nKind regards,\nPip Larch\nPress Team", ["Pip Larch\nPress Team"]),
    ("Viele Grüße\n\nJana Öztürk\nSachbearbeitung\n", ["Jana Öztürk\nSachbearbeitung"]),
    ("Cordialement,\nLéa Martin, Exemple SA", ["Léa Martin, Exemple SA"]),
    ("Kind regards,\nPip Larch\nHead of Privacy", []),
    ("Kind regards,\nPip Larch\nGeschäftsführerin\n", []),
    ("Best wishes,\nPublic affairs, Company", []),
    ("My colleague Ann Otter looks after it.", ["Ann Otter"]),
    ("Frau Weber kümmert sich darum.", ["Weber"]),
    ("Dear Ms Okonjo,\n\nthank you.", []),
    ("Dear Ms Okonjo, my colleague Ann Otter answers.", ["Ann Otter"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), SUGGESTED, ids=lambda x: str(x)[:40])
def test_a_person_is_asked_to_look_at_what_tells_who_junior_staff_are(
    text: str, expected: list[str]
) -> None:
    assert [one.words for one in suggestions(text)] == expected


def test_the_sender_is_known_by_the_mail_and_the_company_stays() -> None:
    text = "Pip Larch asked me to write.\n\nLarch Audio"
    found = suggestions(text, "Pip Larch <pip@larch.example>", ["Larch Audio"])
    assert [one.words for one in found] == ["Pip Larch"]
    assert suggestions(text, "Larch Audio <mail@larch.example>", ["Larch Audio"]) == []


def test_suggestions_take_time_in_proportion_to_the_text() -> None:
    for text in (
        "a" * 60_000,
        "1 " * 30_000,
        "Kind regards,\n" * 4_000,
        "a@" * 30_000,
        "Ms A" * 9000,
    ):
        assert len(suggestions(text)) < 30_000
