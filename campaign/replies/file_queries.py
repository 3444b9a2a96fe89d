"""Reading the files that companies sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from campaign.extensions import db
from campaign.replies.file_models import ReplyFile


def files_of(reply_id: int) -> list[ReplyFile]:
    """The files of a reply, in their order."""
    query = sa.select(ReplyFile).where(ReplyFile.reply_id == reply_id)
    return list(db.session.scalars(query.order_by(ReplyFile.position)))


def published(reply_ids: Collection[int]) -> dict[int, list[ReplyFile]]:
    """Files of these replies that a person approved, by reply, in their order."""
    found: dict[int, list[ReplyFile]] = defaultdict(list)
    query = (
        sa.select(ReplyFile)
        .where(ReplyFile.reply_id.in_(reply_ids), ReplyFile.published.is_not(None))
        .order_by(ReplyFile.reply_id, ReplyFile.position)
    )
    for one in db.session.scalars(query):
        found[one.reply_id].append(one)
    return found


def file(ref: str) -> ReplyFile | None:
    """The file with this opaque id."""
    return db.session.scalar(sa.select(ReplyFile).where(ReplyFile.ref == ref))


def with_token(token: str) -> ReplyFile | None:
    """The file with this public address, public or not."""
    return db.session.scalar(sa.select(ReplyFile).where(ReplyFile.token == token))
