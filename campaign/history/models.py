"""Tables of the event log."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from campaign.database import Utc
from campaign.extensions import Model


class HistoryEvent(Model):
    """One event. `payload` is canonical JSON (RFC 8785) and holds the hash of the one before."""

    __tablename__ = "history_event"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Utc)
    kind: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(40), index=True)
    payload: Mapped[str] = mapped_column(sa.Text)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class HistoryDetail(Model):
    """What an event speaks of, beside the chain, so that it can be erased (fairness.md rule 25)."""

    __tablename__ = "history_detail"

    seq: Mapped[int] = mapped_column(sa.ForeignKey("history_event.seq"), primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(32))
    body: Mapped[str] = mapped_column(sa.Text)


class HistoryHead(Model):
    """The end of the chain: one row, locked while an event is appended."""

    __tablename__ = "history_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
