"""What would keep a letter's forms from being made, found without making any of them."""

from __future__ import annotations

from campaign.drafting import frozen, rendering
from campaign.drafting.composing import Draft
from campaign.drafting.rules import TextKind
from campaign.kernel.errors import Problem


def problems(draft: Draft) -> list[Problem]:
    """The first fault of each text of a draft, in the order in which its forms are made.

    Only the letter becomes a PDF, so that only its characters need a font of ours.
    """
    found = []
    for kind, content in draft.texts.items():
        if kind is not TextKind.LETTER:
            content = frozen.with_deadline(content, draft.deadline_on, draft.zone)
        try:
            sheet = rendering.sheet(content)
            if kind is TextKind.LETTER:
                rendering.refuse_unprintable(sheet)
        except Problem as problem:
            found.append(problem)
    return found
