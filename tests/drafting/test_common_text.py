"""Many texts read as one: nothing is lost, and what differs is seen."""

from __future__ import annotations

import random

import pytest

from campaign.drafting.common_text import common


def test_what_all_say_stands_once_and_the_places_hold_what_differs() -> None:
    texts = [f"Dear {name},\n\nWrite to us by {day} March." for name, day in
             (("Aster Ltd", 1), ("Larkspur Mobile Ltd", 1), ("Nine", 2))]  # fmt: skip
    found = common(texts)
    assert found.words[0] == "Dear "
    assert found.places == (
        ("Aster Ltd,", "Larkspur Mobile Ltd,", "Nine,"), ("1", "1", "2"),
    )  # fmt: skip


def test_a_paragraph_of_one_letter_is_a_place_where_the_others_say_nothing() -> None:
    texts = ["One.\n\nTwo.", "One.\n\nOnly here.\n\nTwo.", "One.\n\nTwo."]
    (place,) = common(texts).places
    assert [words.strip() for words in place] == ["", "Only here.", ""]


def test_a_paragraph_that_one_letter_lacks_is_seen() -> None:
    texts = ["One.\nTwo.\nThree.", "One.\nThree.", "One.\nTwo.\nThree."]
    assert common(texts).places == (("Two.\n", "", "Two.\n"),)


def test_one_text_has_no_places() -> None:
    assert common(["All of it.\nNo more."]).words == ("All of it.\nNo more.",)


@pytest.mark.parametrize("seed", range(200))
def test_every_text_is_put_together_again_to_the_last_character(seed: int) -> None:
    chance = random.Random(seed)
    texts = [
        "".join(chance.choice("ab \n\u00a0é") for _ in range(chance.randint(0, 30)))
        for _ in range(chance.randint(1, 6))
    ]
    found = common(texts)
    assert [found.whole(number) for number in range(len(texts))] == texts
