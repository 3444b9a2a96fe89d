"""Tables of what each person was reminded of, and of what each has chosen."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.database import Utc, choice
from campaign.extensions import Model
from campaign.reminding.rules import Topic, Way


class Reminder(Model):
    """One thing and one person: told once, for as long as it is the same thing.

    Attributes:
        seen_at: when it was first seen to wait.
        over_at: when it was seen no more; one that comes back is told again.
        told_at: when the mail about it was handed over, noted before that happens.
        in_digest: it was told in the digest of a day.
        again_at: not before then, after a mail that did not leave.
    """

    __tablename__ = "reminder"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    key: Mapped[str] = mapped_column(sa.String(200))
    topic: Mapped[Topic] = mapped_column(choice(Topic))
    title: Mapped[str] = mapped_column(sa.String(400))
    detail: Mapped[str] = mapped_column(sa.String(400), default="")
    path: Mapped[str] = mapped_column(sa.String(400))
    seen_at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime] = mapped_column(Utc)
    over_at: Mapped[datetime | None] = mapped_column(Utc)
    told_at: Mapped[datetime | None] = mapped_column(Utc)
    in_digest: Mapped[bool] = mapped_column(default=False)
    again_at: Mapped[datetime | None] = mapped_column(Utc)

    user: Mapped[User] = relationship()


class ReminderChoice(Model):
    """How a person wants to hear of a topic, where they have said so."""

    __tablename__ = "reminder_choice"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(choice(Topic), primary_key=True)
    way: Mapped[Way] = mapped_column(choice(Way))
