"""The table of mentions that the program posts when a person presses."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.database import Utc, choice
from campaign.extensions import Model
from campaign.sending.models import Dispatch

LOST_AFTER = timedelta(minutes=3)
"""Longer than any talk with a network: a post that is still going on then was cut off."""


class PostState(StrEnum):
    """Where one post stands.

    `READY`: looked for and not there; may be tried. `POSTING`: a person pressed. `POSTED`: the
    network took it. `REFUSED`: it said no. `UNKNOWN`: nobody knows; never tried by itself.
    """

    READY = "ready"
    POSTING = "posting"
    POSTED = "posted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class MentionPost(Model):
    """One mention as it goes to a network by its API.

    Attributes:
        key: made before the first try and never changed, so that the network takes it once.
        first_at, pressed_at: the first and the last time that a person pressed; aware UTC.
        why: what the network said where it is not posted, or nobody knows.
    """

    __tablename__ = "mention_post"

    dispatch_id: Mapped[int] = mapped_column(sa.ForeignKey("dispatch.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    state: Mapped[PostState] = mapped_column(choice(PostState))
    first_at: Mapped[datetime] = mapped_column(Utc)
    pressed_at: Mapped[datetime] = mapped_column(Utc)
    why: Mapped[str] = mapped_column(sa.Text, default="")

    dispatch: Mapped[Dispatch] = relationship()

    def stands(self, now: datetime) -> PostState:
        """Its state; `UNKNOWN` where the program was stopped while it posted."""
        if self.state is PostState.POSTING and now - self.pressed_at >= LOST_AFTER:
            return PostState.UNKNOWN
        return self.state
