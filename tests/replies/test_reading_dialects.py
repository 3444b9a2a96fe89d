"""The newest text in the dialects of mail programs; a table in `dialects.py`."""

from __future__ import annotations

import pytest

from campaign.replies.newest_text import newest_text
from tests.replies.dialects import ANSWER, MARKED, UNMARKED, Dialect

ALL = pytest.mark.parametrize("dialect", MARKED + UNMARKED, ids=lambda d: d.name)


@ALL
def test_an_answer_above_our_letter_is_told_from_it(dialect: Dialect) -> None:
    answer = ANSWER[dialect.language]
    assert newest_text(dialect.reply(answer)) == answer


@pytest.mark.parametrize("dialect", MARKED, ids=lambda d: d.name)
def test_an_answer_below_our_letter_is_told_from_it(dialect: Dialect) -> None:
    answer = ANSWER[dialect.language]
    assert newest_text(f"{dialect.head}\n{dialect.quoted}\n\n{answer}\n") == answer


@pytest.mark.parametrize("dialect", MARKED, ids=lambda d: d.name)
def test_answers_between_our_questions_are_kept(dialect: Dialect) -> None:
    quoted, marks = dialect.quoted, dialect.marks
    text = (
        f"{dialect.head}\n{quoted}\n\nWe got 512.\n\n{marks}And refused?\n\n41, for good reason.\n"
    )
    assert newest_text(text) == "We got 512.\n\n41, for good reason."


@pytest.mark.parametrize("dialect", UNMARKED, ids=lambda d: d.name)
def test_what_stands_below_a_head_with_nothing_above_is_never_lost(dialect: Dialect) -> None:
    answer = ANSWER[dialect.language]
    assert answer in newest_text(f"{dialect.head}\n{answer}\n")


@ALL
def test_a_signature_above_the_quotation_is_left_out_too(dialect: Dialect) -> None:
    answer = ANSWER[dialect.language]
    signed = f"{answer}\n\nKind regards\n\nAnna Example\nHead of Ethics\nAcme Ltd, +49 30 123456"
    assert newest_text(dialect.reply(signed)) == answer
