"""Reading what is left out of replies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from campaign.extensions import db
from campaign.replies.redaction_models import ReplyRedaction


def versions(reply_ids: Collection[int]) -> dict[int, list[ReplyRedaction]]:
    """Every state of what is left out of these replies, oldest first; one query."""
    found: dict[int, list[ReplyRedaction]] = defaultdict(list)
    query = (
        sa.select(ReplyRedaction)
        .where(ReplyRedaction.reply_id.in_(reply_ids))
        .options(joinedload(ReplyRedaction.by))
        .order_by(ReplyRedaction.reply_id, ReplyRedaction.number)
    )
    for one in db.session.scalars(query):
        found[one.reply_id].append(one)
    return found


def newest(reply_id: int) -> ReplyRedaction | None:
    """What is left out of a reply now; None where nobody has redacted it."""
    return db.session.scalar(
        sa.select(ReplyRedaction)
        .where(ReplyRedaction.reply_id == reply_id)
        .order_by(ReplyRedaction.number.desc())
        .limit(1)
    )
