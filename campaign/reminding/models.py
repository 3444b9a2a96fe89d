"""Tables of what each person was reminded of, and of what each has chosen."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.database import Utc, choice, new_ref
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.reminding.rules import Topic, Way


class Reminder(Model):
    """One thing and one person: told once, for as long as it is the same thing.

    Attributes:
        user_id: None for the chat rooms, which are told together.
        seen_at: when it was first seen to wait.
        over_at: when it was seen no more; one that comes back is told again.
        told_at: when the mail about it was handed over, noted before that happens.
        in_digest: it was told in the digest of a day.
        again_at: not before then, after a mail that did not leave.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "key"),
        sa.Index(
            "ix_reminder_rooms",
            "key",
            unique=True,
            sqlite_where=sa.text("user_id IS NULL"),
            postgresql_where=sa.text("user_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
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


class CalendarFeed(Model):
    """A secret address at which a calendar can be read, of everything or of one campaign."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(sa.ForeignKey("campaign.id"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)

    user: Mapped[User] = relationship()
    campaign: Mapped[Campaign | None] = relationship()


class ReminderChoice(Model):
    """How a person wants to hear of a topic, where they have said so."""

    __tablename__ = "reminder_choice"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(choice(Topic), primary_key=True)
    way: Mapped[Way] = mapped_column(choice(Way))
