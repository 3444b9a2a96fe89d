"""Tables of notes of telephone calls and meetings. Never public: no public page reads them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.database import Utc, choice, new_ref
from campaign.drafting.models import Letter
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.replies.models import Reply
from campaign.replies.rules import ItemKind


class Note(Model):
    """One call or meeting about a letter; what it says is its newest version.

    Attributes:
        reply_id: the item of the thread that keeps silence from being published while the
            company said something; None where it did not, or no more.
        erased_at: what was said, and by whom, was erased because its time was over.
    """

    __tablename__ = "note"
    __table_args__ = (sa.CheckConstraint("kind IN ('phone_note', 'meeting_note')", name="note"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind))
    reply_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reply.id"), unique=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
    withdrawn_why: Mapped[str] = mapped_column(sa.Text, default="")
    erased_at: Mapped[datetime | None] = mapped_column(Utc)

    letter: Mapped[Letter] = relationship()
    reply: Mapped[Reply | None] = relationship()
    versions: Mapped[list[NoteVersion]] = relationship(
        back_populates="note", order_by="NoteVersion.version"
    )
    files: Mapped[list[NoteFile]] = relationship(back_populates="note", order_by="NoteFile.id")

    @property
    def now(self) -> NoteVersion:
        """What it says."""
        return self.versions[-1]

    @property
    def counts(self) -> bool:
        """Whether it stands in the thread as something that the company said."""
        return self.reply is not None and self.reply.withdrawn_at is None

    @property
    def kept_files(self) -> list[NoteFile]:
        """Its files that were not taken out."""
        return [one for one in self.files if one.removed_at is None]


class NoteVersion(Model):
    """What a note says, or said before it was changed.

    Attributes:
        happened_at: when they spoke; aware UTC.
        ours, theirs: who of us, and who of the company.
        heard: somebody of the company said something about the letter.
    """

    __tablename__ = "note_version"
    __table_args__ = (sa.UniqueConstraint("note_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(sa.ForeignKey("note.id"))
    version: Mapped[int]
    happened_at: Mapped[datetime] = mapped_column(Utc)
    ours: Mapped[str] = mapped_column(sa.String(300))
    theirs: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(sa.Text)
    heard: Mapped[bool]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    note: Mapped[Note] = relationship(back_populates="versions")
    by: Mapped[User] = relationship()


class NoteFile(Model):
    """A file that belongs to a note."""

    __tablename__ = "note_file"
    __table_args__ = (sa.UniqueConstraint("note_id", "sha256", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    note_id: Mapped[int] = mapped_column(sa.ForeignKey("note.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(Utc)

    note: Mapped[Note] = relationship(back_populates="files")
    by: Mapped[User] = relationship()
