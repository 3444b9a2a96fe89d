"""Reading comments on a campaign's texts, with the place in the text that each is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.drafting import anchors
from campaign.drafting.anchors import Anchor, Piece, Spot
from campaign.drafting.comment_models import TextComment
from campaign.drafting.composing import Text
from campaign.extensions import db


class Thread(NamedTuple):
    """A comment with its replies.

    Attributes:
        number: as the page counts comments that are open.
        spot: where its passage stands; None where it is gone, or for the whole text.
        passage: the words that stand there now, where they have changed; else empty.
    """

    comment: TextComment
    number: int
    spot: Spot | None
    passage: str

    @property
    def is_gone(self) -> bool:
        """Whether the passage does not stand in the text any more."""
        return bool(self.comment.quote) and self.spot is None


class Discussion(NamedTuple):
    """All that was said about one text.

    Attributes:
        open: in the order of the text, then what is about no passage of it.
        resolved: the newest first.
        pieces: the text itself, cut where an open comment's passage begins or ends.
    """

    open: list[Thread]
    resolved: list[Thread]
    pieces: list[Piece]


def whole(text: Text) -> str:
    """The text as passages are quoted from it: the subject, then the body."""
    return f"{text.subject}\n\n{text.body}"


def discussion(campaign_id: int, key: str, text: Text) -> Discussion:
    """What was said about a text of a campaign.

    Args:
        key: which text.
        text: its words in use.
    """
    rows = db.session.scalars(
        sa.select(TextComment)
        .where(TextComment.campaign_id == campaign_id, TextComment.text == key)
        .order_by(TextComment.id)
    ).unique()
    words = whole(text)
    found = [_thread(row, words) for row in rows]
    waiting = _ordered(one for one in found if one.comment.resolved_at is None)
    spots = {one.number: one.spot for one in waiting if one.spot}
    resolved = [one for one in found if one.comment.resolved_at is not None]
    resolved.sort(key=lambda one: str(one.comment.resolved_at), reverse=True)
    return Discussion(waiting, resolved, anchors.pieces(words, spots))


def _thread(row: TextComment, words: str) -> Thread:
    spot = anchors.locate(words, Anchor(row.quote, row.before, row.after))
    return Thread(row, 0, spot, words[spot.start : spot.end] if spot and spot.changed else "")


def _ordered(threads: Iterable[Thread]) -> list[Thread]:
    def place(thread: Thread) -> tuple[bool, int, int]:
        return thread.spot is None, thread.spot.start if thread.spot else 0, thread.comment.id

    return [one._replace(number=number) for number, one in enumerate(sorted(threads, key=place), 1)]


def open_ones(campaign_id: int) -> list[TextComment]:
    """Every comment of a campaign that nobody has resolved, the oldest first."""
    return list(
        db.session.scalars(
            sa.select(TextComment)
            .where(TextComment.campaign_id == campaign_id, TextComment.resolved_at.is_(None))
            .order_by(TextComment.id)
        ).unique()
    )


def open_counts(campaign_id: int) -> dict[str, int]:
    """How many comments are open, by text; nothing for a text without."""
    rows: Any = db.session.execute(
        sa.select(TextComment.text, sa.func.count())
        .where(TextComment.campaign_id == campaign_id, TextComment.resolved_at.is_(None))
        .group_by(TextComment.text)
    )
    return dict(rows.all())


def one(ref: str) -> TextComment | None:
    """The comment with this opaque id."""
    return db.session.scalar(sa.select(TextComment).where(TextComment.ref == ref))


def may_settle(comment: TextComment, person: User) -> bool:
    """Whether a person may resolve a comment or open it again: who wrote it, writes or approves."""
    return comment.author_id == person.id or person.may(May.DRAFT) or person.may(May.APPROVE)
