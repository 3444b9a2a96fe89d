"""What later stages change about letters, within acts of their own."""

from __future__ import annotations

from campaign.accounts.models import User
from campaign.drafting import queries
from campaign.drafting.models import FrozenText, Letter, LetterState
from campaign.drafting.rules import FROZEN
from campaign.history.operations import record
from campaign.kernel import clock


def void_frozen(letter: Letter, why: str, *, actor: User | None = None) -> FrozenText | None:
    """Take the standing text of a letter back, and every approval with it. Call within an act.

    A letter that waited for approval or sending is a draft again; it can be frozen anew.
    Returns the text that was voided, None where none stood.
    """
    text = queries.current_frozen(letter)
    if text is not None:
        text.voided_at, text.voided_why = clock.now(), why
        record(
            "letter.text_voided", letter, actor=actor, version=text.version,
            sha256=text.sha256, why=why,
        )  # fmt: skip
    if letter.state in FROZEN:
        letter.state = LetterState.DRAFT
    return text
