"""What the tests of drafting do again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from campaign.accounts.models import User
from campaign.drafting import operations, queries
from campaign.drafting.models import Approval, FrozenText, Letter, LetterState
from campaign.history import queries as history
from campaign.kernel.errors import Problem
from tests.builders import drafting as build


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        act()
    return caught.value.code


def submit(letter: Letter, people: build.Staff, days: int = 0) -> FrozenText:
    return build.in_review(people, letter, queries.today() + timedelta(days=days))


def approve(text: FrozenText, by: User | None, sha256: str = "") -> Approval:
    return operations.approve(text.id, sha256=sha256 or text.sha256, actor=by)


def state_of(letter: Letter) -> LetterState:
    return letter.state


def kinds(letter: Letter) -> list[str]:
    return [event.kind for event in history.of(letter.ref)]
