"""Tables of comments on a campaign's texts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.database import Utc, new_ref
from campaign.extensions import Model
from campaign.kernel import clock


class TextComment(Model):
    """What a colleague says about a text, or about a passage of it. It never leaves the office.

    Attributes:
        text: which text of the campaign, as in `UnsavedText`.
        version: the version that was in use when it was written.
        quote: the passage as it stood then; empty where the comment is about the whole text.
        before, after: what stood on both sides of it (`anchors.Anchor`).
    """

    __tablename__ = "text_comment"
    __table_args__ = (
        sa.Index("ix_text_comment_place", "campaign_id", "text"),
        sa.CheckConstraint("(resolved_at IS NULL) = (resolved_by_id IS NULL)", name="resolved"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    text: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int]
    quote: Mapped[str] = mapped_column(sa.Text, default="")
    before: Mapped[str] = mapped_column(sa.Text, default="")
    after: Mapped[str] = mapped_column(sa.Text, default="")
    body: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    resolved_at: Mapped[datetime | None] = mapped_column(Utc)
    resolved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    campaign: Mapped[Campaign] = relationship()
    author: Mapped[User] = relationship(foreign_keys=author_id, lazy="joined")
    resolved_by: Mapped[User | None] = relationship(foreign_keys=resolved_by_id, lazy="joined")
    replies: Mapped[list[TextReply]] = relationship(order_by="TextReply.id", lazy="selectin")


class TextReply(Model):
    """An answer to a comment."""

    __tablename__ = "text_comment_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("text_comment.id"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    author: Mapped[User] = relationship(lazy="joined")
