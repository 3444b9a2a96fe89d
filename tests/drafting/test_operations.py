from __future__ import annotations

import pytest
from flask.ctx import AppContext

from campaign.drafting import queries
from campaign.drafting.models import LetterState
from tests.builders import drafting as build

pytestmark = pytest.mark.usefixtures("ctx")


def test_a_second_person_approves_a_frozen_text(ctx: AppContext) -> None:
    people = build.staff()
    letter = build.approved(people)
    assert letter.state is LetterState.APPROVED
    text = queries.current_frozen(letter)
    assert text is not None
    assert queries.is_approved(text)
    assert not queries.is_stale(text)
