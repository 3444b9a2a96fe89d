"""Tables of the files that companies sent, and of what was made of them for the public."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.database import Utc, choice, new_ref
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.kernel.text import new_token
from campaign.replies.file_kinds import FINDINGS, KINDS, FileKind, Finding
from campaign.replies.models import Reply
from campaign.replies.scanning import Scan


class How(StrEnum):
    """How a version for the public was made."""

    BOXES = "boxes"
    UPLOADED = "uploaded"


class ReplyFile(Model):
    """A file that came with a reply. Its bytes are never changed, and nothing of it is public.

    Attributes:
        token: 128 random bits; the public address, which stays the same when it is redacted anew.
        name: as its sender gave it.
        kind: told by its content, a key of `file_kinds.KINDS`.
        pages: 0 where it has none that can be drawn.
        found: JSON of what it tells besides, {Finding: [words]}.
        scan: what the virus scanner says; a file that is infected or unscannable stays closed.
        public_name: chosen by a person; never the sender's by itself.
        published: number of the version that is public, 0 for the file as it came; None for none.
    """

    __tablename__ = "reply_file"
    __table_args__ = (
        sa.UniqueConstraint("reply_id", "position"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.CheckConstraint(
            "published IS NULL OR (scan IN ('none', 'clean') AND public_name <> ''"
            " AND published_by_id IS NOT NULL)",
            name="published",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    token: Mapped[str] = mapped_column(sa.String(26), unique=True, default=new_token)
    reply_id: Mapped[int] = mapped_column(sa.ForeignKey("reply.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(300), default="")
    kind: Mapped[str] = mapped_column(sa.String(20))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    pages: Mapped[int] = mapped_column(default=0)
    found: Mapped[str] = mapped_column(sa.Text, default="{}")
    scan: Mapped[Scan] = mapped_column(choice(Scan), default=Scan.NONE)
    scan_detail: Mapped[str] = mapped_column(sa.String(200), default="")
    public_name: Mapped[str] = mapped_column(sa.String(100), default="")
    published: Mapped[int | None]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(Utc)

    reply: Mapped[Reply] = relationship()
    versions: Mapped[list[ReplyFileVersion]] = relationship(
        order_by="ReplyFileVersion.number", lazy="selectin"
    )

    @property
    def about(self) -> FileKind:
        """What kind of file it is."""
        return KINDS[self.kind]

    @property
    def findings(self) -> dict[Finding, list[str]]:
        """What it tells besides what it shows."""
        return {Finding(code): words for code, words in json.loads(self.found).items()}

    @property
    def warnings(self) -> list[str]:
        """The same in sentences."""
        told = self.findings.items()
        return [FINDINGS[one] + (f": {', '.join(words)}" if words else "") for one, words in told]

    @property
    def newest(self) -> ReplyFileVersion | None:
        """What was last made of it for the public."""
        return self.versions[-1] if self.versions else None

    @property
    def shown(self) -> ReplyFile | ReplyFileVersion | None:
        """What is public of it: bytes, kind and size; None while nothing is."""
        if self.published is None:
            return None
        if self.published == 0:
            return self
        return next((one for one in self.versions if one.number == self.published), None)


class ReplyFileVersion(Model):
    """What was made of a file for the public; never changed, only followed by the next.

    Attributes:
        boxes: JSON list of [page, left, top, width, height, reason]; empty for what was uploaded.
    """

    __tablename__ = "reply_file_version"
    __table_args__ = (
        sa.UniqueConstraint("file_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("reply_file.id"))
    number: Mapped[int]
    how: Mapped[How] = mapped_column(choice(How))
    boxes: Mapped[str] = mapped_column(sa.Text, default="[]")
    kind: Mapped[str] = mapped_column(sa.String(20))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    pages: Mapped[int]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    by: Mapped[User] = relationship()

    @property
    def about(self) -> FileKind:
        """What kind of file it is."""
        return KINDS[self.kind]
