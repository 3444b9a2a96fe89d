"""Tables of sign-off: review steps, links to co-signers, and changes that were asked for."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.database import Utc, choice, new_ref
from campaign.drafting.models import FrozenText
from campaign.drafting.review import LINK_DAYS, LinkState, Signer, Step
from campaign.extensions import Model
from campaign.kernel import clock


class ReviewStep(Model):
    """One step of a campaign's sign-off: a person, a role, or an organisation that co-signs.

    Attributes:
        role: empty for whoever may approve.
        signer, email: who signs for the organisation, and where the link goes.
        link_days: days that the link works.
    """

    __tablename__ = "review_step"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "position"),
        sa.CheckConstraint("(kind = 'person') = (user_id IS NOT NULL)", name="person"),
        sa.CheckConstraint(
            "(kind = 'organisation') = (organisation <> '' AND signer <> '' AND email <> '')",
            name="organisation",
        ),
        sa.CheckConstraint("link_days BETWEEN 1 AND 60", name="link_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[Signer] = mapped_column(choice(Signer))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(sa.String(40), default="")
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    signer: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    link_days: Mapped[int] = mapped_column(default=LINK_DAYS)

    user: Mapped[User | None] = relationship()

    def as_step(self) -> Step:
        """The step as a text's hash holds it; where the link goes is no part of it."""
        who = {
            Signer.PERSON: self.user.ref if self.user else "",
            Signer.ROLE: self.role,
            Signer.ORGANISATION: self.organisation,
        }[self.kind]
        return Step(self.position, self.title, self.kind, who, self.signer)


class CosignLink(Model):
    """A link with which an organisation signs the texts it is bound to, and nothing else.

    Attributes:
        token_sha256: hash of the token; the token itself stands in the mail only.
        try_after: not mailed before that, after it did not leave.
        said: what they wrote, or why it did not leave.
    """

    __tablename__ = "cosign_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    organisation: Mapped[str] = mapped_column(sa.String(200))
    signer: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(320))
    link_days: Mapped[int] = mapped_column(default=LINK_DAYS)
    state: Mapped[LinkState] = mapped_column(choice(LinkState), default=LinkState.DUE)
    token_sha256: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    asked_at: Mapped[datetime | None] = mapped_column(Utc)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)
    try_after: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    said: Mapped[str] = mapped_column(sa.Text, default="")

    campaign: Mapped[Campaign] = relationship()
    texts: Mapped[list[CosignText]] = relationship(back_populates="link")


class CosignText(Model):
    """One frozen text that a link is bound to, by its hash."""

    __tablename__ = "cosign_text"

    link_id: Mapped[int] = mapped_column(sa.ForeignKey("cosign_link.id"), primary_key=True)
    frozen_text_id: Mapped[int] = mapped_column(sa.ForeignKey("frozen_text.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))

    link: Mapped[CosignLink] = relationship(back_populates="texts")
    frozen_text: Mapped[FrozenText] = relationship()


class ChangeRequest(Model):
    """What a person or a co-signer wants changed in a text that was put up for approval.

    Open until the letter is put up anew.
    """

    __tablename__ = "change_request"
    __table_args__ = (sa.CheckConstraint("(user_id IS NULL) = (organisation <> '')", name="who"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    frozen_text_id: Mapped[int] = mapped_column(sa.ForeignKey("frozen_text.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    comment: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    frozen_text: Mapped[FrozenText] = relationship()
    user: Mapped[User | None] = relationship()

    @property
    def asked_by(self) -> str:
        """Who asked, in words."""
        return str(self.user) if self.user else f"{self.name}, {self.organisation}"
