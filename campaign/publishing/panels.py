"""What the page of a letter tells of its waiting and its publication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from campaign.awaiting import queries as awaiting
from campaign.awaiting.queries import Standing
from campaign.drafting.models import Letter, LetterState
from campaign.kernel import clock
from campaign.publishing import look, queries, retracting
from campaign.publishing.rules import TITLES
from campaign.replies import note_queries
from campaign.replies import queries as replies
from campaign.sending import proof_rules
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch

_LEFT = (LetterState.SENDING, LetterState.OPEN, LetterState.CONCLUDED)


def panel(letter: Letter) -> tuple[str, dict[str, Any]] | None:
    """Gates, deadline, acts, what may be published, what was sent; nothing before it is sent."""
    if letter.state not in _LEFT:
        return None
    apart = note_queries.reply_ids(letter.id)
    heard = replies.thread(letter.id)
    thread = [reply for reply in heard if reply.id not in apart]
    seen = look.at([letter])[letter.id]
    entry = queries.newest_entry(letter.id)
    return "publishing/staff/_panel.html", {
        "look": seen,
        "behind": _behind(seen.standing),
        "times": awaiting.waiting_of(letter),
        "heard": bool(heard),
        "thread": thread,
        "published": queries.published_replies([reply.id for reply in thread]),
        "record": queries.record_of(letter.id),
        "entry": entry,
        "undo_until": entry and retracting.undo_until(entry),
        "dispatches": sending.dispatches_of(letter.id),
        "titles": {gate.value: title for gate, title in TITLES.items()},
        "now": clock.now(),
    }


def _behind(
    standing: Standing,
) -> list[tuple[Dispatch, Sequence[proof_rules.Reason], Sequence[proof_rules.Missing]]]:
    """What the proof grade rests on, for each way that the letter took."""
    read_at = replies.mailbox_watermark()
    sent = [(one, sending.as_sent(one, read_at)) for one in standing.sent]
    return [(one, proof_rules.reasons(it), proof_rules.missing(it)) for one, it in sent]
