"""Leaving passages of a reply out of everything that is public (fairness.md rule 20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.database import transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import queries, reply_files, words
from campaign.replies import redaction_queries, redaction_rules, redaction_suggesting
from campaign.replies.models import Reply
from campaign.replies.redaction_models import ReplyRedaction, as_shown
from campaign.replies.redaction_rules import Mark, Piece
from campaign.replies.redaction_suggesting import Suggestion
from campaign.replies.rules import Permission


class LookedAt(NamedTuple):
    """What somebody who publishes a reply looks at.

    Attributes:
        number: of the state of what is left out; 0 for none.
        suggested: how many passages that may tell who a person is would be seen.
    """

    redaction: ReplyRedaction | None
    number: int
    pieces: list[Piece]
    suggested: int


def looked_at(reply: Reply) -> LookedAt:
    """The reply as the public would see it now."""
    redaction = redaction_queries.newest(reply.id)
    marks = redaction.found if redaction else ()
    return LookedAt(
        redaction,
        redaction.number if redaction else 0,
        as_shown(reply, redaction),
        len(unmarked(reply, marks)),
    )


def unmarked(reply: Reply, marks: tuple[Mark, ...]) -> list[Suggestion]:
    """Passages that may tell who a person is, and that the marks do not leave out (rule 26)."""
    company, campaign = reply.letter.company, reply.letter.campaign
    signed = (one.name for one in campaign.signatories)
    known = [company.name, company.legal_name or "", *signed]
    return [
        one
        for one in redaction_suggesting.suggestions(reply.text, reply.sender, known)
        if redaction_rules.reveals(reply.text, [one.mark], marks)
    ]


def may_publish(reply: Reply, response: str, *, seen: int | None, may_stand: bool) -> None:
    """Within the act that publishes a reply: what is left out was seen, and nobody is forgotten.

    Raises:
        Problem: `redaction-changed`, `redaction-unseen`.
    """
    now = looked_at(reply)
    if seen is not None and seen != now.number:
        raise Problem("redaction-changed")
    redacted = bool(now.redaction and now.redaction.found)
    shown = words.may_show(response, reply.permission.value, redacted=redacted)
    if shown and now.suggested and not may_stand:
        company = reply.letter.company.name
        raise Problem("redaction-unseen", company=company, number=now.suggested)


def redact(reply_id: int, marks: Iterable[Mark], *, seen: int, actor: User) -> ReplyRedaction:
    """Say anew what is left out of a reply. Public pages show it from this moment.

    Leaving more out is open to whoever may triage and is never stopped. Showing words again that
    are public but for the mark is a publication.

    Args:
        marks: all that is left out now; a new state, the old ones are kept.
        seen: number of the state that the person saw, 0 for none.

    Raises:
        Problem: `redaction-changed` where somebody was first, `redactions-needed`,
            `redaction-publisher`, `publication-stopped`.
    """
    said = reply_files.public_words(db.session.get_one(Reply, reply_id).letter_id)
    with transaction(publishes=True) as session:
        reply = session.get_one(Reply, reply_id, with_for_update=True)
        before = redaction_queries.newest(reply.id)
        if (before.number if before else 0) != seen:
            raise Problem("redaction-changed")
        tidied = redaction_rules.tidy(marks, reply.text)
        if queries.published_replies([reply.id]):
            _may_change(reply, before, tidied, actor)
        redaction = ReplyRedaction(
            reply_id=reply.id,
            number=seen + 1,
            marks=redaction_rules.to_json(tidied),
            text_sha256=redaction_rules.digest(reply.text),
            by_id=actor.id,
            at=clock.now(),
        )
        session.add(redaction)
        session.flush()
        reply_files.close_telling(reply.letter_id, said, actor)
        reasons = Counter(mark.reason.value for mark in tidied)
        record("reply.redacted", reply, actor=actor, number=seen + 1, reasons=dict(reasons))
    return redaction


def _may_change(
    reply: Reply, before: ReplyRedaction | None, marks: tuple[Mark, ...], actor: User
) -> None:
    company = reply.letter.company.name
    held_back = reply.permission is Permission.REDACTIONS
    if held_back and not marks:
        raise Problem("redactions-needed", company=company)
    first = held_back and not (before and before.found)
    hidden = before.found if before else ()
    if not first and not redaction_rules.reveals(reply.text, hidden, marks):
        return
    if not actor.may(May.PUBLISH):
        raise Problem("redaction-publisher", company=company)
    stops = queries.stops(reply.letter)
    if stops:
        raise Problem("publication-stopped", company=company, stops="; ".join(stops))
