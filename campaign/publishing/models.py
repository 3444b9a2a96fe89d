"""Tables of records."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.database import Utc, choice, new_ref
from campaign.drafting.models import Letter
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.replies.rules import Permission


class Response(StrEnum):
    """The public response (fairness.md rule 16); the first two are computed, never stored."""

    AWAITING = "awaiting"
    EXTENDED = "extended"
    RESPONDED_FULL = "responded_full"
    RESPONDED_PARTIAL = "responded_partial"
    STATEMENT_ONLY = "statement_only"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    ACKNOWLEDGED_ONLY = "acknowledged_only"
    ENGAGED_OFF_RECORD = "engaged_off_record"
    RESPONDED_CONFIDENTIAL = "responded_confidential"
    NO_RESPONSE = "no_response"
    NOT_REACHED = "not_reached"
    WITHDRAWN = "withdrawn"


class Timeliness(StrEnum):
    """When the response came, apart from what it is."""

    ON_TIME = "on_time"
    WITHIN_EXTENSION = "within_extension"
    AFTER_DEADLINE = "after_deadline"
    AFTER_PUBLICATION = "after_publication"


class Record(Model):
    """The public outcome of one letter. What it says stands in its entries, the newest counts.

    Attributes:
        review_on: the day by which the owner looks at it again.
    """

    __tablename__ = "record"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), unique=True)
    published_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    review_on: Mapped[date] = mapped_column(index=True)

    letter: Mapped[Letter] = relationship()
    entries: Mapped[list[RecordEntry]] = relationship(
        back_populates="record", order_by="RecordEntry.number"
    )


class RecordEntry(Model):
    """One state of a record; never changed afterwards, only followed by the next.

    Attributes:
        basis: JSON list of {gate, holds, detail}: how we know (fairness.md, “The gate”).
        as_of: the moment that the statement speaks of; aware UTC.
        by_id: None where the program published by itself.
        comment: our own words, shown apart.
    """

    __tablename__ = "record_entry"
    __table_args__ = (
        sa.UniqueConstraint("record_id", "number"),
        sa.CheckConstraint("response NOT IN ('awaiting', 'extended')", name="computed"),
        sa.CheckConstraint(
            "response <> 'no_response' OR (timeliness IS NULL AND reply_id IS NULL)", name="silence"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(sa.ForeignKey("record.id"))
    number: Mapped[int]
    response: Mapped[Response] = mapped_column(choice(Response))
    timeliness: Mapped[Timeliness | None] = mapped_column(choice(Timeliness))
    permission: Mapped[Permission | None] = mapped_column(choice(Permission))
    reply_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reply.id"))
    deadline_on: Mapped[date | None]
    statement: Mapped[str] = mapped_column(sa.Text)
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    basis: Mapped[str] = mapped_column(sa.Text)
    as_of: Mapped[datetime] = mapped_column(Utc)
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    record: Mapped[Record] = relationship(back_populates="entries")
