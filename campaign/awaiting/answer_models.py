"""The table of what persons write in the thread of a letter."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.models import User
from campaign.awaiting.answer_rules import AnswerKind, AnswerState
from campaign.database import Utc, choice, new_ref
from campaign.drafting.models import Letter
from campaign.extensions import Model
from campaign.kernel import clock
from campaign.replies.models import IncomingMessage
from campaign.sending.models import Dispatch


class OutgoingAnswer(Model):
    """A mail of ours in the thread of a letter: written by a person, sent through the outbox.

    Attributes:
        message_id: the incoming message that it answers; None for one that answers none.
        version: grows with every save; whoever saves on an older one overwrites nothing.
        dispatch_id: its place in the outbox, from the moment when it was ordered.
    """

    __tablename__ = "outgoing_answer"
    __table_args__ = (
        sa.CheckConstraint(
            "(state = 'ordered') = (dispatch_id IS NOT NULL)", name="ordered_has_its_dispatch"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("incoming_message.id"))
    kind: Mapped[AnswerKind] = mapped_column(choice(AnswerKind))
    state: Mapped[AnswerState] = mapped_column(choice(AnswerState), default=AnswerState.DRAFT)
    to_name: Mapped[str] = mapped_column(sa.String(300), default="")
    to_address: Mapped[str] = mapped_column(sa.String(320))
    subject: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(default=1)
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    ordered_at: Mapped[datetime | None] = mapped_column(Utc)
    dispatch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dispatch.id"), unique=True)

    letter: Mapped[Letter] = relationship()
    message: Mapped[IncomingMessage | None] = relationship()
    dispatch: Mapped[Dispatch | None] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
