"""Texts in the length that a form takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.companies.web_forms import FormCount, count
from campaign.sending.form_text import PARTS_MOST, parts

B, S, Y = FormCount.BROWSER, FormCount.SERVER, FormCount.BYTES


@pytest.mark.parametrize(
    ("text", "how", "length"),
    [
        ("", B, 0),
        ("abc\ndef", B, 7),
        ("abc\ndef", S, 8),
        ("abc\ndef", Y, 8),
        ("Zoë", B, 3),
        ("Zoë", Y, 4),
        ("\N{SNOWMAN}", B, 1),
        ("\N{SNOWMAN}", Y, 3),
        ("\U0001f600", B, 2),
        ("\U0001f600", S, 2),
        ("\U0001f600", Y, 4),
        ("e\u0301", B, 2),
    ],
)
def test_a_text_is_counted_as_the_form_counts(text: str, how: FormCount, length: int) -> None:
    assert count(text, how) == length


def test_a_text_that_fits_is_one_part_without_a_number() -> None:
    assert [part.text for part in parts("Dear all,\n\nwhy?\n", 15, B, "BW-1")] == [
        "Dear all,\n\nwhy?"
    ]
    assert len(parts("x" * 5000, None, B, "BW-1")) == 1


def test_a_longer_text_is_split_between_paragraphs_and_numbered() -> None:
    text = "\n\n".join(letter * 60 for letter in "abcd")
    split = parts(text, 150, B, "BW-1")
    assert [part.text for part in split] == [
        f"[1/2] BW-1\n\n{'a' * 60}\n\n{'b' * 60}",
        f"[2/2] BW-1\n\n{'c' * 60}\n\n{'d' * 60}",
    ]
    assert [part.length for part in split] == [134, 134]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("a" * 70 + "\n" + "b" * 70, "b" * 70),
        ("a" * 70 + " " + "b" * 70, "b" * 70),
        ("\U0001f469\u200d\U0001f680" * 30, "\U0001f469\u200d\U0001f680" * 13),
    ],
    ids=["between lines", "between words", "never within a sign"],
)
def test_without_paragraphs_it_is_split_where_it_hurts_least(text: str, second: str) -> None:
    assert parts(text, 100, B, "BW-1")[1].text == f"[2/2] BW-1\n\n{second}"


def test_more_parts_than_anybody_fills_in_are_none() -> None:
    assert len(parts("word " * 250, 100, B, "BW-1")) > 9
    assert parts("word " * 5000, 100, B, "BW-1") == ()
    assert parts("word " * 50, 9, B, "BW-1") == ()


_TEXTS = st.text(st.sampled_from("abc é\U0001f600\u0301 \n"), min_size=1, max_size=1500)


@given(_TEXTS, st.integers(100, 400), st.sampled_from(FormCount))
def test_every_part_fits_and_together_they_say_the_whole_text(
    text: str, limit: int, how: FormCount
) -> None:
    split = parts(text, limit, how, "BW-1")
    assert len(split) <= PARTS_MOST
    assert all(part.length == count(part.text, how) <= limit for part in split)
    said = "".join(
        part.text.partition("\n\n")[2] if len(split) > 1 else part.text for part in split
    )
    if split:
        assert "".join(said.split()) == "".join(text.split())
