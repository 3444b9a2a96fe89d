"""Two changes of one text, brought together by paragraph."""

from __future__ import annotations

import itertools

import pytest

from campaign.drafting.merging import (
    Change,
    Conflict,
    bare,
    differing,
    merge,
    paragraphs,
)

BASE = ("Dear all,", "We read your notice.", "It says nothing of cars.", "Yours")
READ = "We read your old notice."
CARS = "It says nothing of cars or vans."


def changed(**given: str) -> tuple[str, ...]:
    """The base with paragraphs put in the place of others: `p1="…"`; several lines apart."""
    parts: list[str] = []
    for n, one in enumerate(BASE):
        parts += paragraphs(given.get(f"p{n}", one))
    return tuple(parts)


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (BASE, BASE, BASE),
        (changed(p1=READ), BASE, changed(p1=READ)),
        (BASE, changed(p1=READ), changed(p1=READ)),
        (changed(p1=READ), changed(p1=READ), changed(p1=READ)),
        (changed(p1=READ), changed(p2=CARS), changed(p1=READ, p2=CARS)),  # neighbours
        (changed(p1=""), changed(p2=CARS), changed(p1="", p2=CARS)),
        (changed(p1=""), changed(p1=""), changed(p1="")),
        (
            changed(p1=f"An aside.\n\n{BASE[1]}"),
            changed(p1=READ),
            changed(p1=f"An aside.\n\n{READ}"),
        ),
        (
            changed(p1=f"{READ}\n\nAn aside."),
            changed(p3="Sincerely"),
            changed(p1=f"{READ}\n\nAn aside.", p3="Sincerely"),
        ),
    ],
)
def test_what_one_side_changed_comes_through(
    ours: tuple[str, ...], theirs: tuple[str, ...], merged: tuple[str, ...]
) -> None:
    found = merge(BASE, ours, theirs)
    assert found.conflicts == ()
    assert found.paragraphs() == merged


@pytest.mark.parametrize(
    ("ours", "theirs", "conflict"),
    [
        (
            changed(p1=READ),
            changed(p1="We read your new notice."),
            Conflict((BASE[1],), (READ,), ("We read your new notice.",)),
        ),
        (changed(p1=""), changed(p1=READ), Conflict((BASE[1],), (), (READ,))),
        (changed(p1=READ), changed(p1=""), Conflict((BASE[1],), (READ,), ())),
        (
            changed(p1=f"An aside.\n\n{BASE[1]}"),
            changed(p1=f"A word before.\n\n{BASE[1]}"),
            Conflict((), ("An aside.",), ("A word before.",)),
        ),
    ],
)
def test_what_both_changed_otherwise_is_for_a_person(
    ours: tuple[str, ...], theirs: tuple[str, ...], conflict: Conflict
) -> None:
    found = merge(BASE, ours, theirs)
    assert found.conflicts == (conflict,)
    assert found.paragraphs([conflict.theirs]) == theirs
    assert found.paragraphs() == ours


def test_a_paragraph_keeps_its_place_although_another_came_before_it() -> None:
    ours = ("Dear all,", "A new word.", READ, *BASE[2:])
    theirs = changed(p1="We read your long notice.")
    (conflict,) = merge(BASE, ours, theirs).conflicts
    assert conflict == Conflict((BASE[1],), (READ,), ("We read your long notice.",))


def test_no_change_of_either_side_is_ever_lost_without_a_word() -> None:
    versions = [
        tuple(one for part in parts for one in paragraphs(part))
        for parts in itertools.product(("a a a", "a a b", ""), ("c c c", "c c d", "x\n\nc c c"))
    ]
    base = ("a a a", "c c c")
    for ours, theirs in itertools.product(versions, versions):
        found = merge(base, ours, theirs)
        kept = [
            *found.paragraphs(),
            *(one for place in found.conflicts for side in place for one in side),
        ]
        for one in (*ours, *theirs):
            assert one in kept or one in base, (ours, theirs)
        if ours == base:
            assert found.paragraphs() == theirs
        if theirs == base:
            assert found.paragraphs() == ours


def test_white_space_alone_is_no_change_of_a_question() -> None:
    found = merge(("Why?",), ("Why?", "When?"), ("Why? ",), bare)
    assert found.paragraphs() == ("Why? ", "When?")
    assert differing(("Why? ",), ("Why?",), bare) == ()


def test_what_differs_is_told_by_paragraph() -> None:
    assert differing(BASE, BASE) == ()
    assert differing(BASE, changed(p1=READ, p3="")) == (
        Change(BASE[1], READ),
        Change(BASE[3], ""),
    )
    assert differing(BASE, changed(p3="Yours\n\nPS: cars\n\nPS: vans")) == (
        Change("", "PS: cars"),
        Change("", "PS: vans"),
    )


def test_paragraphs_stand_between_empty_lines() -> None:
    assert paragraphs("\n\na\nb\n \n\n    c\n") == ("a\nb", "    c")
    assert paragraphs("") == ()
