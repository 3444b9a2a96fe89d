"""Tables of mailboxes, incoming messages and replies."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.database import Utc, choice, new_ref, one_of
from campaign.drafting.models import Letter
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.replies.kinds import Kind
from campaign.replies.mailbox_words import Trouble, overdue, trouble
from campaign.replies.rules import (
    UNTRIAGED,
    Answer,
    ItemKind,
    MatchReason,
    Permission,
    Triage,
    Verdict,
)


class MailboxReading(Model):
    """What is known of one mailbox.

    Attributes:
        watermark: the *start* of the last reading that reached the end of every folder without
            error (reliability.md, Receiving 2); aware UTC.
        own_copy_at: arrival of the newest message of ours in it.
        active: it is among the settings' mailboxes now.
    """

    __tablename__ = "mailbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    key: Mapped[str] = mapped_column(sa.String(300), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    watermark: Mapped[datetime | None] = mapped_column(Utc)
    own_copy_at: Mapped[datetime | None] = mapped_column(Utc)
    error: Mapped[str] = mapped_column(sa.Text, default="")
    error_since: Mapped[datetime | None] = mapped_column(Utc)

    @property
    def trouble(self) -> Trouble | None:
        """What stands in the way of reading it, in words; None where nothing does."""
        return trouble(self.error)

    def overdue(self, now: datetime) -> datetime | None:
        """Since when it has not been read to its end, if that is an alarm."""
        return overdue(self.watermark, self.error_since, now) if self.active else None

    @property
    def name(self) -> str:
        """The mailbox in words for people: no path of the machine, no port."""
        kind, _, place = self.key.partition(":")
        if kind == "imap":
            return place.rstrip("/").rpartition(":")[0] or place
        return f"mail folder “{place.rstrip('/').rpartition('/')[2]}”"


class IncomingMessage(Model):
    """One message, kept byte for byte under its SHA-256; stored first, read later.

    Attributes:
        arrived_at: when our server got it, never its own Date; aware UTC.
        letter_id: the letter that it belongs to; by thread or token, else by a person.
        possible: it could be a company's reply, as far as the program can tell.
        whole: the bytes are kept whole; False for one over the size limit.
        brought_by_id: who brought it as a file; None for what arrived in a mailbox.
        brought_as: what the file was called, or what a scan is of.
        original_sha256: the file itself, where it was none of the forms that mail travels in.
        sender_check: whom it is proved to come from and what that rests on, as JSON, found when
            it was read; empty for one that nobody checked.
        erased_at: its bytes and words were erased because their time was over; its hash and the
            places where it lay stay, so that it is never taken in again.
    """

    __tablename__ = "incoming_message"
    __table_args__ = (
        sa.Index(
            "ix_incoming_message_open",
            "id",
            sqlite_where=sa.text("triage IN ('unread', 'waiting')"),
            postgresql_where=sa.text("triage IN ('unread', 'waiting')"),
        ),
        sa.Index(
            "ix_incoming_message_to_erase",
            "arrived_at",
            sqlite_where=sa.text("erased_at IS NULL"),
            postgresql_where=sa.text("erased_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    size: Mapped[int]
    whole: Mapped[bool] = mapped_column(default=True)
    arrived_at: Mapped[datetime] = mapped_column(Utc, index=True)
    stored_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    triage: Mapped[Triage] = mapped_column(choice(Triage), default=Triage.UNREAD)
    kind: Mapped[Kind | None] = mapped_column(choice(Kind))
    letter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    dispatch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dispatch.id"), index=True)
    matched_by: Mapped[MatchReason | None] = mapped_column(choice(MatchReason))
    from_name: Mapped[str] = mapped_column(sa.String(300), default="")
    from_address: Mapped[str] = mapped_column(sa.String(320), default="")
    subject: Mapped[str] = mapped_column(sa.String(1000), default="")
    message_id: Mapped[str] = mapped_column(sa.String(1000), default="", index=True)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    full_text: Mapped[str] = mapped_column(sa.Text, default="")
    reading: Mapped[str] = mapped_column(sa.Text, default="")
    error: Mapped[str] = mapped_column(sa.Text, default="")
    sender_check: Mapped[str] = mapped_column(sa.Text, default="")
    brought_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    brought_as: Mapped[str] = mapped_column(sa.String(300), default="")
    original_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    triaged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    triaged_at: Mapped[datetime | None] = mapped_column(Utc)
    triage_note: Mapped[str] = mapped_column(sa.Text, default="")
    erased_at: Mapped[datetime | None] = mapped_column(Utc)

    letter: Mapped[Letter | None] = relationship()
    positions: Mapped[list[IncomingPosition]] = relationship(back_populates="message")
    suggestions: Mapped[list[MatchSuggestion]] = relationship(back_populates="message")


def is_open() -> sa.ColumnElement[bool]:
    """That nobody has said yet what a message is: read by `ix_incoming_message_open`."""
    return one_of(IncomingMessage.triage, UNTRIAGED)


class IncomingPosition(Model):
    """Where a message lay in a mailbox; written in the same commit as the message."""

    __tablename__ = "incoming_position"
    __table_args__ = (sa.UniqueConstraint("mailbox_id", "folder", "uidvalidity", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(sa.ForeignKey("mailbox.id"))
    folder: Mapped[str] = mapped_column(sa.String(255))
    uidvalidity: Mapped[int] = mapped_column(sa.BigInteger)
    uid: Mapped[str] = mapped_column(sa.String(255))
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("incoming_message.id"), index=True)

    message: Mapped[IncomingMessage] = relationship(back_populates="positions")


class MatchSuggestion(Model):
    """A letter that a message may belong to; blocks silence there until a person has seen it."""

    __tablename__ = "match_suggestion"
    __table_args__ = (sa.UniqueConstraint("message_id", "letter_id", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("incoming_message.id"), index=True)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    reason: Mapped[MatchReason] = mapped_column(choice(MatchReason))
    detail: Mapped[str] = mapped_column(sa.String(300), default="")

    message: Mapped[IncomingMessage] = relationship(back_populates="suggestions")
    letter: Mapped[Letter] = relationship()


class Reply(Model):
    """An item of a letter's thread that came from the company, as a person filed it.

    Attributes:
        received_at: when our server got it, or when a person took it down; aware UTC.
        answer: how far a response answers; None for items that are no response.
        text: what is shown in public: the full reply, verbatim (fairness.md rule 18).
        publishable_at: a person has said that it may be shown as the company's.
    """

    __tablename__ = "reply"
    __table_args__ = (
        sa.UniqueConstraint("message_id", "letter_id"),  # one mail may answer for two companies
        sa.CheckConstraint("kind <> 'response' OR answer IS NOT NULL", name="response_is_graded"),
        sa.Index(
            "ix_reply_to_erase",
            "received_at",
            sqlite_where=sa.text("erased_at IS NULL"),
            postgresql_where=sa.text("erased_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("incoming_message.id"))
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind))
    answer: Mapped[Answer | None] = mapped_column(choice(Answer))
    permission: Mapped[Permission] = mapped_column(
        choice(Permission), default=Permission.NOTICE_DEFAULT
    )
    received_at: Mapped[datetime] = mapped_column(Utc)
    sender: Mapped[str] = mapped_column(sa.String(700), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    filed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    filed_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
    erased_at: Mapped[datetime | None] = mapped_column(Utc)

    letter: Mapped[Letter] = relationship()
    message: Mapped[IncomingMessage | None] = relationship()
    verdicts: Mapped[list[QuestionVerdict]] = relationship(back_populates="reply")


class QuestionVerdict(Model):
    """How one reply deals with one question, by its number in the letter as it left."""

    __tablename__ = "question_verdict"
    __table_args__ = (
        sa.UniqueConstraint("reply_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(sa.ForeignKey("reply.id"))
    number: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))

    reply: Mapped[Reply] = relationship(back_populates="verdicts")
