"""What the page of a letter tells of its waiting and its publication."""

from __future__ import annotations

from typing import Any

from campaign.awaiting import queries as awaiting
from campaign.drafting.models import Letter, LetterState
from campaign.kernel import clock
from campaign.publishing import look, queries
from campaign.publishing.rules import TITLES
from campaign.replies import queries as replies
from campaign.sending import queries as sending

_LEFT = (LetterState.SENDING, LetterState.OPEN, LetterState.CONCLUDED)


def panel(letter: Letter) -> tuple[str, dict[str, Any]] | None:
    """Gates, deadline, acts, what may be published, what was sent; nothing before it is sent."""
    if letter.state not in _LEFT:
        return None
    thread = replies.thread(letter.id)
    return "publishing/staff/_panel.html", {
        "look": look.at([letter])[letter.id],
        "times": awaiting.waiting_of(letter),
        "thread": thread,
        "published": queries.published_replies([reply.id for reply in thread]),
        "record": queries.record_of(letter.id),
        "entry": queries.newest_entry(letter.id),
        "dispatches": sending.dispatches_of(letter.id),
        "titles": {gate.value: title for gate, title in TITLES.items()},
        "now": clock.now(),
    }
