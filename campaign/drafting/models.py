"""Tables of templates, letters, frozen texts and approvals."""

from __future__ import annotations

import json
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign, Picture
from campaign.companies.models import Company
from campaign.database import Utc, choice, new_ref
from campaign.drafting.rules import LetterState, TextKind
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.kernel.languages import ENGLISH

__all__ = [
    "Approval",
    "FrozenText",
    "HeadVersion",
    "Letter",
    "LetterContact",
    "LetterOwn",
    "LetterState",
    "LetterTemplate",
    "MentionTemplate",
    "TextKind",
]


class LetterTemplate(Model):
    """One version of one text of a campaign in one language; a change makes the next version.

    Attributes:
        language: a BCP 47 tag.
        name: what staff call this version, for their own lists; may be empty.
    """

    __tablename__ = "letter_template"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "kind", "language", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    kind: Mapped[TextKind] = mapped_column(choice(TextKind))
    language: Mapped[str] = mapped_column(sa.String(10), default=ENGLISH)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class MentionTemplate(Model):
    """One version of what a campaign writes in public in one language, a BCP 47 tag."""

    __tablename__ = "mention_template"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "language", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    language: Mapped[str] = mapped_column(sa.String(10), default=ENGLISH)
    version: Mapped[int]
    body: Mapped[str] = mapped_column(sa.Text)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)


class HeadVersion(Model):
    """One version of what stands at the top of letters; a change makes the next, the newest counts.

    Attributes:
        address: lines; empty for the one of the settings (ORG_ADDRESS).
    """

    __tablename__ = "head_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    address: Mapped[str] = mapped_column(sa.Text, default="")
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    website: Mapped[str] = mapped_column(sa.String(100), default="")
    logo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"))
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    logo: Mapped[Picture | None] = relationship(lazy="joined")


class Letter(Model):
    """One campaign's letter to one company.

    Attributes:
        reply_token: 128 random bits in the address that answers come to.
        round: 1, and one more for every resend that a person orders.
    """

    __tablename__ = "letter"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "company_id"),
        sa.Index(
            "ix_letter_open",
            "id",
            sqlite_where=sa.text("state IN ('sending', 'open')"),
            postgresql_where=sa.text("state IN ('sending', 'open')"),
        ),
        sa.Index(
            "ix_letter_draft",
            "created_at",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("company.id"), index=True)
    state: Mapped[LetterState] = mapped_column(choice(LetterState), default=LetterState.DRAFT)
    reply_token: Mapped[str] = mapped_column(sa.String(26), unique=True)
    round: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    withdrawn_why: Mapped[str] = mapped_column(sa.Text, default="")

    campaign: Mapped[Campaign] = relationship()
    company: Mapped[Company] = relationship()
    frozen_texts: Mapped[list[FrozenText]] = relationship(
        back_populates="letter", order_by="FrozenText.version"
    )


class LetterContact(Model):
    """A contact that a person chose for a letter; without any, the rule of drafting chooses."""

    __tablename__ = "letter_contact"

    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)


class LetterOwn(Model):
    """One version of what a letter says otherwise than its campaign; the newest is in use.

    Attributes:
        base_body, body: the campaign's text that a person changed, and what they made of it;
            both empty where the letter has the campaign's.
        base_questions, questions: likewise, each a JSON list.
        days: calendar days to answer; None for the campaign's.
        why: the reason for other questions or days, which readers see.
    """

    __tablename__ = "letter_own"
    __table_args__ = (
        sa.UniqueConstraint("letter_id", "version"),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"))
    version: Mapped[int]
    base_body: Mapped[str] = mapped_column(sa.Text, default="")
    body: Mapped[str] = mapped_column(sa.Text, default="")
    base_questions: Mapped[str] = mapped_column(sa.Text, default="[]")
    questions: Mapped[str] = mapped_column(sa.Text, default="[]")
    days: Mapped[int | None]
    why: Mapped[str] = mapped_column(sa.Text, default="")
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    letter: Mapped[Letter] = relationship()
    created_by: Mapped[User] = relationship()


class FrozenText(Model):
    """The exact text of every channel of one letter, as it was put up for approval.

    `bundle` is canonical JSON of all that will leave: the letter as e-mail text, e-mail HTML
    and page, the hash of its PDF, the reminders' texts, the contacts and what is automatic
    afterwards. `sha256` is its hash: what approvers sign (fairness.md rule 4). `language` is that
    of the letter, a BCP 47 tag.

    Attributes:
        own: JSON of how the letter differs from the campaign's others, as `own.told` has it, so
            that a list need not read bundles; empty where it does not.
        pdf_sha256: as the bundle has it, so that nothing lets those bytes go.
    """

    __tablename__ = "frozen_text"
    __table_args__ = (
        sa.UniqueConstraint("letter_id", "version"),
        sa.Index(
            "uq_frozen_text_current",
            "letter_id",
            "round",
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"))
    version: Mapped[int]
    round: Mapped[int]
    dated_on: Mapped[date]
    deadline_on: Mapped[date]
    language: Mapped[str] = mapped_column(sa.String(10), default=ENGLISH)
    notice_given: Mapped[bool]
    bundle: Mapped[str] = mapped_column(sa.Text)
    own: Mapped[str] = mapped_column(sa.Text, default="")
    pdf_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    approvals_needed: Mapped[int] = mapped_column(default=1)
    frozen_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    frozen_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    voided_at: Mapped[datetime | None] = mapped_column(Utc)
    voided_why: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def own_days(self) -> int | None:
        """Days to answer of this letter alone; None where it has the campaign's."""
        days: int | None = json.loads(self.own)["days"] if self.own else None
        return days

    @property
    def own_why(self) -> str:
        """Why this letter asks something else, or gives other days; empty where it does not."""
        return str(json.loads(self.own)["why"]) if self.own else ""

    letter: Mapped[Letter] = relationship(back_populates="frozen_texts")
    frozen_by: Mapped[User] = relationship()
    approvals: Mapped[list[Approval]] = relationship(
        back_populates="frozen_text", order_by="Approval.at"
    )


class Approval(Model):
    """A second person's word on exactly one hash; voided with its text, never moved to another.

    Attributes:
        user_id: who signed; None for a co-signer, who has no account.
        step: number of the review step that it signs; 0 where the text has none.
        name: who signed for the organisation.
    """

    __tablename__ = "approval"
    __table_args__ = (
        sa.UniqueConstraint("frozen_text_id", "user_id"),
        sa.CheckConstraint("(user_id IS NULL) = (organisation <> '')", name="who"),
        sa.Index(
            "uq_approval_step",
            "frozen_text_id",
            "step",
            unique=True,
            sqlite_where=sa.text("step > 0"),
            postgresql_where=sa.text("step > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    frozen_text_id: Mapped[int] = mapped_column(sa.ForeignKey("frozen_text.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    step: Mapped[int] = mapped_column(default=0, server_default="0")
    organisation: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    name: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    frozen_text: Mapped[FrozenText] = relationship(back_populates="approvals")
    user: Mapped[User | None] = relationship()

    @property
    def signed_by(self) -> str:
        """Who signed, in words."""
        return str(self.user) if self.user else f"{self.name}, {self.organisation}"
