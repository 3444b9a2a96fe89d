"""The table of files that go with a campaign's letters."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from campaign.database import Utc
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.kernel.text import new_token


class Attachment(Model):
    """A file that goes with the letters of a campaign; its bytes lie in the file store.

    A file that is removed keeps its row: letters that have left name it for ever.

    Attributes:
        position: the order in letters, from 0.
        token: 128 random bits in the address under which a recipient can fetch it.
        size: in bytes.
    """

    __tablename__ = "attachment"
    __table_args__ = (sa.CheckConstraint("size > 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(80))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    token: Mapped[str] = mapped_column(sa.String(26), unique=True, default=new_token)
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    added_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(Utc)
