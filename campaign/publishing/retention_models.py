"""The table of letters of which the correspondence is kept longer."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.database import Utc
from campaign.drafting.models import Letter
from campaign.extensions import Model
from campaign.kernel import clock


class RetentionHold(Model):
    """A person's word that a letter's correspondence is needed longer; the newest counts.

    Attributes:
        until: inclusive, on the calendar of UTC.
        why: such as a dispute or a case in court.
    """

    __tablename__ = "retention_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    until: Mapped[date]
    why: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    letter: Mapped[Letter] = relationship()
    by: Mapped[User] = relationship()
