"""The table of what is left out of replies in public."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.database import Utc
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.replies import redaction_rules
from campaign.replies.models import Reply
from campaign.replies.redaction_rules import Mark, Piece


class ReplyRedaction(Model):
    """One state of what is left out of a reply; never changed, only followed by the next.

    Attributes:
        number: from 1; the newest counts.
        marks: JSON list of [start, end, reason]; holds no word of the reply.
        text_sha256: of the text that the marks were made for.
    """

    __tablename__ = "reply_redaction"
    __table_args__ = (
        sa.UniqueConstraint("reply_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(sa.ForeignKey("reply.id"))
    number: Mapped[int]
    marks: Mapped[str] = mapped_column(sa.Text)
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    reply: Mapped[Reply] = relationship()
    by: Mapped[User] = relationship()

    @property
    def found(self) -> tuple[Mark, ...]:
        """The marks."""
        return redaction_rules.from_json(self.marks)

    @property
    def in_words(self) -> str:
        """How much is left out and why; tells nothing of what it was."""
        return redaction_rules.counted(self.found)


def as_shown(reply: Reply, redaction: ReplyRedaction | None) -> list[Piece]:
    """What the public sees of a reply: every output goes through here."""
    if redaction is None:
        return redaction_rules.pieces(reply.text, ())
    if redaction.text_sha256 != redaction_rules.digest(reply.text):
        return redaction_rules.nothing_shown()
    return redaction_rules.pieces(reply.text, redaction.found)
