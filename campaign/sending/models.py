"""Tables of the outbox: dispatches, their attempts, the evidence of delivery, the halt switch."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.campaigns.models import Campaign
from campaign.companies.models import Contact
from campaign.companies.rules import Channel
from campaign.database import Utc, choice, new_ref, one_of
from campaign.drafting.models import Letter, TextKind
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.sending.rules import DispatchState, EvidenceKind


class Batch(Model):
    """Letters of one campaign that were ordered together: they leave, stop and are reported as one.

    Attributes:
        letters: how many were ordered; a batch that was taken back has none left.
        leaves_at: aware; until then, and until a sender has begun, all of it can be taken back.
        per_minute, per_domain: at most so many mails a minute, over all and to one domain; None
            for what the mail server bears.
        report_read_at: when a person took the report from Today.
    """

    __tablename__ = "sending_batch"
    __table_args__ = (
        sa.CheckConstraint("per_minute > 0 AND per_domain > 0", name="pace"),
        sa.Index(
            "ix_sending_batch_unread",
            "ordered_at",
            sqlite_where=sa.text("report_read_at IS NULL AND taken_back_at IS NULL"),
            postgresql_where=sa.text("report_read_at IS NULL AND taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    letters: Mapped[int]
    ordered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    ordered_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    leaves_at: Mapped[datetime] = mapped_column(Utc)
    per_minute: Mapped[int | None]
    per_domain: Mapped[int | None]
    paused_at: Mapped[datetime | None] = mapped_column(Utc)
    paused_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(Utc)
    taken_back_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    report_read_at: Mapped[datetime | None] = mapped_column(Utc)
    report_read_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    campaign: Mapped[Campaign] = relationship()


class Dispatch(Model):
    """One letter, reminder or notice through one channel to one contact.

    Its kind may also be an answer that a person wrote in the thread: that one has no contact,
    because it goes to whoever wrote, and as many go as persons order.

    A row of an e-mail is written with its exact bytes (`file_sha256`), Message-ID and token, in
    the act that orders it (reliability.md, Sending 1). Leases are in real time.

    Attributes:
        token: 128 random bits in the envelope sender, so that its bounce comes home.
        states_deadline: the deadline that this text states.
        not_after: from then on it must not leave: that day is over in the company's zone or, for
            a letter, too little time is left until it (`timing`).
        batch_id: what it was ordered with; None for reminders and notices.
        first_attempt_at, not_before: clock time; the next attempt is not before it.
        why: what stands in the way of a queued or deferred one, or what ended it.
        late: a reminder that was missed and sent late; it moves the binding deadline.
    """

    __tablename__ = "dispatch"
    __table_args__ = (
        sa.UniqueConstraint("letter_id", "kind", "round", "contact_id"),
        sa.Index(
            "ix_dispatch_due",
            "not_before",
            sqlite_where=sa.text("state IN ('queued', 'deferred')"),
            postgresql_where=sa.text("state IN ('queued', 'deferred')"),
        ),
        sa.Index(
            "ix_dispatch_held",
            "lease_until",
            sqlite_where=sa.text("state IN ('claimed', 'transmitting')"),
            postgresql_where=sa.text("state IN ('claimed', 'transmitting')"),
        ),
        sa.CheckConstraint(
            "channel <> 'email' OR (file_sha256 IS NOT NULL AND message_id IS NOT NULL)",
            name="email_has_its_bytes",
        ),
        sa.CheckConstraint("kind = 'answer' OR contact_id IS NOT NULL", name="has_its_contact"),
        sa.CheckConstraint(
            "state NOT IN ('claimed', 'transmitting') OR lease_holder IS NOT NULL", name="lease"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    frozen_text_id: Mapped[int] = mapped_column(sa.ForeignKey("frozen_text.id"))
    kind: Mapped[TextKind] = mapped_column(choice(TextKind))
    round: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sending_batch.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"))
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    state: Mapped[DispatchState] = mapped_column(
        choice(DispatchState), default=DispatchState.QUEUED
    )
    state_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    why: Mapped[str] = mapped_column(sa.Text, default="")
    late: Mapped[bool] = mapped_column(default=False)
    verified: Mapped[bool] = mapped_column(default=False)
    states_deadline: Mapped[date | None]
    not_after: Mapped[datetime | None] = mapped_column(Utc)
    message_id: Mapped[str | None] = mapped_column(sa.String(255), unique=True)
    token: Mapped[str] = mapped_column(sa.String(26), unique=True)
    envelope_sender: Mapped[str] = mapped_column(sa.String(320), default="")
    recipient: Mapped[str] = mapped_column(sa.String(1000))
    file_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    not_before: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    first_attempt_at: Mapped[datetime | None] = mapped_column(Utc)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str | None] = mapped_column(sa.String(64))
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    accepted_at: Mapped[datetime | None] = mapped_column(Utc)
    server_reply: Mapped[str] = mapped_column(sa.Text, default="")
    queue_id: Mapped[str] = mapped_column(sa.String(120), default="")

    letter: Mapped[Letter] = relationship()
    known_contact: Mapped[Contact | None] = relationship()
    evidence: Mapped[list[DeliveryEvidence]] = relationship(
        back_populates="dispatch", order_by="DeliveryEvidence.at"
    )

    @property
    def contact(self) -> Contact:
        """The contact that the letter or reminder goes to.

        Raises:
            ValueError: for an answer, which goes to whoever wrote.
        """
        if self.known_contact is None:
            raise ValueError("an answer has no contact")
        return self.known_contact


def waits_to_leave() -> sa.ColumnElement[bool]:
    """That a dispatch is queued, or waits to be tried again: read by `ix_dispatch_due`."""
    return one_of(Dispatch.state, (DispatchState.QUEUED, DispatchState.DEFERRED))


def is_held() -> sa.ColumnElement[bool]:
    """That a sender has a dispatch in its hands: read by `ix_dispatch_held`."""
    return one_of(Dispatch.state, (DispatchState.CLAIMED, DispatchState.TRANSMITTING))


class DispatchAttempt(Model):
    """One conversation with a server about one dispatch, as it ended."""

    __tablename__ = "dispatch_attempt"
    __table_args__ = (sa.UniqueConstraint("dispatch_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(sa.ForeignKey("dispatch.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now, index=True)
    outcome: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[int | None]
    reply: Mapped[str] = mapped_column(sa.Text, default="")
    server: Mapped[str] = mapped_column(sa.String(255), default="")


class DeliveryEvidence(Model):
    """What speaks for or against delivery; kept for ever, applied or not.

    Attributes:
        at: when it happened, aware UTC.
        source_ref: opaque id of the incoming message that says so, empty where none does.
        by_id: the person who says so.
    """

    __tablename__ = "delivery_evidence"
    __table_args__ = (sa.UniqueConstraint("dispatch_id", "kind", "source_ref", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(sa.ForeignKey("dispatch.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(choice(EvidenceKind))
    at: Mapped[datetime] = mapped_column(Utc)
    recorded_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    detail: Mapped[str] = mapped_column(sa.Text, default="")
    source_ref: Mapped[str] = mapped_column(sa.String(32), default="")
    file_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    dispatch: Mapped[Dispatch] = relationship(back_populates="evidence")


class Halt(Model):
    """The one switch that stops every send and every publication at its next gate.

    `standing` is true while it stands and NULL afterwards: unique, so that only one stands.
    """

    __tablename__ = "halt"
    __table_args__ = (
        sa.CheckConstraint("(standing IS NULL) = (released_at IS NOT NULL)", name="standing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    standing: Mapped[bool | None] = mapped_column(default=True, unique=True)
    why: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    released_at: Mapped[datetime | None] = mapped_column(Utc)
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class Probe(Model):
    """A mail of ours to our own reply address; its arrival shows that the mailbox works."""

    __tablename__ = "probe"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    message_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    sent_at: Mapped[datetime] = mapped_column(Utc, default=clock.now, index=True)
    reply: Mapped[str] = mapped_column(sa.Text, default="")
