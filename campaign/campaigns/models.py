"""Tables of campaigns."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.database import Utc, choice, new_ref
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.kernel.days import Unit, period_in_words
from campaign.kernel.languages import ENGLISH


class Campaign(Model):
    """An issue that we write to companies about, with its policy (product.md, “Words”).

    Attributes:
        response_days: days to answer, counted from proof of delivery.
        response_unit: what they are: days of the calendar, or working days where the company is.
        grace_working_days: working days after the deadline before silence may be published.
        auto_publish: silence is published by the program; otherwise after a person's word.
        language: the main one, a BCP 47 tag: of its questions as they stand here, and of the texts
            that a company gets whose own language has none.
        embargoed: nothing of the campaign is public, until `embargo_until` where that is set.
        fixed_at: since a letter left; from then on all companies are asked the same and given
            the same days (fairness.md rule 3).
    """

    __tablename__ = "campaign"
    __table_args__ = (
        sa.CheckConstraint("response_days BETWEEN 1 AND 365", name="response_days"),
        sa.CheckConstraint("grace_working_days BETWEEN 1 AND 30", name="grace_working_days"),
        sa.CheckConstraint("embargo_until IS NULL OR embargoed", name="embargo_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(10), default=ENGLISH)
    response_days: Mapped[int] = mapped_column(default=14)
    response_unit: Mapped[Unit] = mapped_column(choice(Unit), default=Unit.CALENDAR)
    grace_working_days: Mapped[int] = mapped_column(default=1)
    reminders: Mapped[bool] = mapped_column(default=True)
    auto_publish: Mapped[bool] = mapped_column(default=True)
    short_reason: Mapped[str] = mapped_column(sa.Text, default="")
    embargoed: Mapped[bool] = mapped_column(default=False)
    embargo_until: Mapped[datetime | None] = mapped_column(Utc)
    fixed_at: Mapped[datetime | None] = mapped_column(Utc)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    @property
    def time_to_answer(self) -> str:
        """Such as “14 days” or “10 working days”."""
        return self.in_days(self.response_days)

    def in_days(self, number: int) -> str:
        """So many days to answer, as this campaign counts them."""
        return period_in_words(number, self.response_unit)

    questions: Mapped[list[Question]] = relationship(
        back_populates="campaign", order_by="Question.number"
    )
    signatories: Mapped[list[Signatory]] = relationship(order_by="Signatory.position")


class Question(Model):
    """A numbered question that every company is asked."""

    __tablename__ = "question"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)

    campaign: Mapped[Campaign] = relationship(back_populates="questions")
    translations: Mapped[list[QuestionTranslation]] = relationship(
        cascade="all, delete-orphan", order_by="QuestionTranslation.language", lazy="joined"
    )


class QuestionTranslation(Model):
    """A question in another language than its campaign's main one; the number stays the same."""

    __tablename__ = "question_translation"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)


class PictureKind(StrEnum):
    """What a picture is for; a signature is never public (fairness.md rule 26)."""

    LOGO = "logo"
    SIGNATURE = "signature"


class Picture(Model):
    """A picture of letters; its bytes lie in the file store under their hash and never change.

    Attributes:
        media_type: `image/png` or `image/jpeg`.
        width, height: in pixels.
    """

    __tablename__ = "picture"
    __table_args__ = (
        sa.UniqueConstraint("kind", "sha256"),
        sa.CheckConstraint("width > 0 AND height > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PictureKind] = mapped_column(choice(PictureKind))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    media_type: Mapped[str] = mapped_column(sa.String(20))
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class Signatory(Model):
    """Who signs the letters; the first is the named contact."""

    __tablename__ = "signatory"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[str] = mapped_column(sa.String(120), default="")
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    signature_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"))

    signature: Mapped[Picture | None] = relationship(lazy="joined")
