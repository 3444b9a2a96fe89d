"""The table of text that somebody types and has not saved as a version."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from campaign.database import Utc, choice, new_ref
from campaign.drafting.unsaved import Ending
from campaign.extensions import Model
from campaign.kernel import clock


class UnsavedText(Model):
    """One state of a text as its writer left it; seen by the writer alone.

    Attributes:
        text: which text of the campaign, as its address names it: “letter”, “reminder” …
        sitting: the page in a browser that it was typed in; states of one sitting follow each
            other, those of another window stand beside them.
        step: when it was typed, in milliseconds of the browser's clock; 0 without a script. What
            arrives late never replaces what was typed later.
        based_on: the version that was changed.
        begun_at: when this state was begun; text typed soon after takes its place.
        ended_at: when it was saved, dropped or gone on with; None while it waits.
        version: the version that it was saved as.
    """

    __tablename__ = "unsaved_text"
    __table_args__ = (
        sa.Index("ix_unsaved_text_place", "campaign_id", "text", "writer_id"),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    text: Mapped[str] = mapped_column(sa.String(60))
    writer_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    sitting: Mapped[str] = mapped_column(sa.String(32))
    step: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    based_on: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    kept_at: Mapped[datetime] = mapped_column(Utc, default=clock.now, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    ending: Mapped[Ending | None] = mapped_column(choice(Ending))
    version: Mapped[int | None]
