"""Tables of waiting: computed times, extensions, holds, sweeps."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.database import Utc, new_ref
from campaign.drafting.models import Letter
from campaign.extensions import Model
from campaign.kernel import clock


class Waiting(Model):
    """The computed times of one open letter; a cache of facts, never their source.

    All moments are aware UTC; None while there is no adequate proof.

    Attributes:
        started_at: the event that gave adequate proof in this round.
        deadline_on: binding deadline, a date in the company's zone, inclusive.
        deadline_at, silence_at: end of that day; end of the last grace working day.
        reminder_at, final_notice_at: when the next of each is due; None when done or not due.
        look_from: from this moment the gate is looked at in every tick.
        seen_evidence: newest piece of evidence (its id) that the times rest on.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        sa.Index(
            "ix_waiting_next",
            "next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_waiting_look",
            "look_from",
            sqlite_where=sa.text("look_from IS NOT NULL"),
            postgresql_where=sa.text("look_from IS NOT NULL"),
        ),
        sa.Index("ix_waiting_deadline", "deadline_at"),
    )

    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), primary_key=True)
    round: Mapped[int]
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    deadline_on: Mapped[date | None]
    deadline_at: Mapped[datetime | None] = mapped_column(Utc)
    silence_at: Mapped[datetime | None] = mapped_column(Utc)
    reminder_at: Mapped[datetime | None] = mapped_column(Utc)
    final_notice_at: Mapped[datetime | None] = mapped_column(Utc)
    next_at: Mapped[datetime | None] = mapped_column(Utc)
    look_from: Mapped[datetime | None] = mapped_column(Utc)
    seen_evidence: Mapped[int] = mapped_column(default=0)

    letter: Mapped[Letter] = relationship()


class Extension(Model):
    """More time: who asked, why, old and new date; shown publicly (fairness.md rule 13).

    `by_id` is None where the program itself moved the date because a reminder of ours was late.
    `old_deadline_at` is the UTC moment at which the old date would have ended, as promised then;
    None for extensions from before it was kept.
    """

    __tablename__ = "extension"
    __table_args__ = (sa.CheckConstraint("new_deadline > old_deadline", name="later"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    round: Mapped[int]
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    why: Mapped[str] = mapped_column(sa.Text)
    old_deadline: Mapped[date]
    old_deadline_at: Mapped[datetime | None] = mapped_column(Utc)
    new_deadline: Mapped[date]
    own: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    letter: Mapped[Letter] = relationship()


class Hold(Model):
    """Stops every automatic step on one letter, one company or one campaign, with a reason."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN letter_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN company_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN campaign_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(sa.ForeignKey("company.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    why: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    released_at: Mapped[datetime | None] = mapped_column(Utc)
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class Sweep(Model):
    """A person looked through the doors that the program does not read, and found no reply."""

    __tablename__ = "sweep"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    doors: Mapped[str] = mapped_column(sa.String(300))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class ProofSignature(Model):
    """A second person's written word that weak proof suffices for this letter's round."""

    __tablename__ = "proof_signature"
    __table_args__ = (sa.UniqueConstraint("letter_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"))
    round: Mapped[int]
    words: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
