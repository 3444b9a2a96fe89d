"""Reading the files that go with a campaign's letters."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote

import sqlalchemy as sa
from flask import current_app

from campaign.config import Settings
from campaign.drafting.attached import Attached, Offered, travelling
from campaign.drafting.attachment_models import Attachment
from campaign.extensions import db


def attachments(campaign_id: int) -> list[Attachment]:
    """The files that go with letters now, in their order."""
    query = sa.select(Attachment).where(
        Attachment.campaign_id == campaign_id, Attachment.removed_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Attachment.position, Attachment.id)))


def offered(campaign_id: int) -> tuple[Offered, ...]:
    """The same as letters may name them, and which of them fit into a mail together."""
    settings: Settings = current_app.extensions["settings"]
    found = attachments(campaign_id)
    fits = travelling([one.size for one in found], settings.attachments_mb * 1_000_000)
    return tuple(
        Offered(
            Attached(
                one.name, one.media_type, one.size, one.sha256, _address(settings.base_url, one)
            ),
            fitting,
        )
        for one, fitting in zip(found, fits, strict=True)
    )


def _address(base_url: str, one: Attachment) -> str:
    return f"{base_url.rstrip('/')}/attachments/{one.token}/{quote(one.name, safe='')}"


def with_token(token: str) -> Attachment | None:
    """The file with this address, removed or not: letters that have left name it for ever."""
    return db.session.scalar(sa.select(Attachment).where(Attachment.token == token))


def with_hash(campaign_id: int, sha256: str) -> Attachment | None:
    """The newest file of the campaign with this hash, removed or not."""
    return db.session.scalar(
        sa.select(Attachment)
        .where(Attachment.campaign_id == campaign_id, Attachment.sha256 == sha256)
        .order_by(Attachment.id.desc())
        .limit(1)
    )


def authors(campaign_id: int, hashes: Collection[str]) -> set[int]:
    """Who added the files with these hashes (ids of people)."""
    if not hashes:
        return set()
    query = sa.select(Attachment.added_by_id).where(
        Attachment.campaign_id == campaign_id, Attachment.sha256.in_(hashes)
    )
    return set(db.session.scalars(query))
