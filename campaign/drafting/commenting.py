"""What is done with comments on a campaign's texts: said, answered, resolved, opened again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.database import transaction
from campaign.drafting import anchors, comments, operations
from campaign.drafting.anchors import Anchor
from campaign.drafting.comment_models import TextComment, TextReply
from campaign.drafting.composing import Text
from campaign.history.operations import record
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem
from campaign.kernel.text import shorten

_TOLD = 120  # characters of a passage in the history


def add(
    campaign_id: int,
    key: str,
    text: Text,
    *,
    quote: str,
    before: str = "",
    body: str,
    actor: User | None,
) -> TextComment:
    """Comment on a text, or on the passage of it that is quoted.

    Args:
        key, text: which text, and its words in use.
        before: what stands before the passage, where the same words stand elsewhere too.

    Raises:
        Problem: `comment-passage`, `not-there`, `person-needed`, or that a field is empty or too
            long.
    """
    author = operations.person(actor)
    body = fields.text(body, name="Comment", limit=5_000, required=True)
    quote = fields.text(quote, name="Passage", limit=2_000)
    noted = Anchor("")
    if quote:
        found = anchors.anchor(comments.whole(text), quote, before[-anchors.AROUND :])
        if found is None:
            raise Problem("comment-passage")
        noted = found
    with transaction() as session:
        campaign = session.get(Campaign, campaign_id)
        if campaign is None:
            raise Problem("not-there", what="campaign")
        comment = TextComment(
            campaign_id=campaign_id,
            text=key,
            version=text.version,
            body=body,
            author_id=author.id,
            **noted._asdict(),
        )
        session.add(comment)
        passage = shorten(noted.quote, _TOLD)
        record("comment.added", campaign, actor=author, text=key, passage=passage)
    return comment


def reply(ref: str, *, body: str, actor: User | None) -> TextReply:
    """Answer a comment; one that was resolved stays so.

    Raises:
        Problem: `not-there`, `person-needed`, or that the reply is empty or too long.
    """
    author = operations.person(actor)
    body = fields.text(body, name="Reply", limit=5_000, required=True)
    with transaction() as session:
        comment = _locked(session, ref)
        answer = TextReply(comment_id=comment.id, body=body, author_id=author.id)
        session.add(answer)
        _note("comment.replied", comment, author)
    return answer


def resolve(ref: str, *, actor: User | None) -> TextComment:
    """Say that a comment is dealt with. Twice is once.

    Raises:
        Problem: `not-there`, `person-needed`, `comment-not-yours`.
    """
    return _settle(ref, actor, resolved=True)


def reopen(ref: str, *, actor: User | None) -> TextComment:
    """Open a resolved comment again. Twice is once.

    Raises:
        Problem: as `resolve`.
    """
    return _settle(ref, actor, resolved=False)


def _settle(ref: str, actor: User | None, *, resolved: bool) -> TextComment:
    person = operations.person(actor)
    with transaction() as session:
        comment = _locked(session, ref)
        if not comments.may_settle(comment, person):
            raise Problem("comment-not-yours")
        if (comment.resolved_at is not None) != resolved:
            comment.resolved_at = clock.now() if resolved else None
            comment.resolved_by_id = person.id if resolved else None
            _note("comment.resolved" if resolved else "comment.reopened", comment, person)
    return comment


def _note(kind: str, comment: TextComment, person: User) -> None:
    passage = shorten(comment.quote, _TOLD)
    record(kind, comment.campaign, actor=person, text=comment.text, passage=passage)


def _locked(session: Session, ref: str) -> TextComment:
    found = session.scalar(
        sa.select(TextComment).where(TextComment.ref == ref).with_for_update(of=TextComment)
    )
    if found is None:
        raise Problem("not-there", what="comment")
    return found
