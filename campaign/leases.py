"""Leases and job runs: which process works now, and what each job did last.

A lease saves effort and nothing more: every act rests on conditional updates of its own
(reliability.md, "The clock"). Leases and run times are in real time.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from campaign.database import Utc, transaction
from campaign.extensions import Model, db
from campaign.kernel import clock

ME = f"{os.getpid()}-{secrets.token_hex(8)}"


class Lease(Model):
    """Who works under a name, and until when unless renewed."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(64))
    until: Mapped[datetime] = mapped_column(Utc)


class JobRun(Model):
    """The last run of each job of the schedule, and when it runs next; real time."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    next_at: Mapped[datetime | None] = mapped_column(Utc)
    ok: Mapped[bool] = mapped_column(default=False)
    result: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def took(self) -> float | None:
        """Seconds that the last run took; None before one has ended."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None


def take(name: str, seconds: int, holder: str = ME) -> bool:
    """Take or renew the lease `name` for so many seconds; False while another holds it."""
    now = clock.real_now()
    until = now + timedelta(seconds=seconds)
    with transaction() as session:
        taken = session.execute(
            sa.update(Lease)
            .where(Lease.name == name, sa.or_(Lease.holder == holder, Lease.until <= now))
            .values(holder=holder, until=until)
        )
        if taken.rowcount:  # type: ignore[attr-defined]
            return True
        if session.get(Lease, name) is not None:
            return False
        session.add(Lease(name=name, holder=holder, until=until))
        try:
            session.flush()
        except sa.exc.IntegrityError:  # another made the row between the two statements
            session.rollback()
            return False
        return True


def give_back(name: str, holder: str = ME) -> None:
    """Give the lease back before its time."""
    with transaction() as session:
        session.execute(sa.delete(Lease).where(Lease.name == name, Lease.holder == holder))


def runs() -> Sequence[JobRun]:
    """The last run of every job, in the order in which they began."""
    return db.session.scalars(sa.select(JobRun).order_by(JobRun.started_at, JobRun.name)).all()


def note_run(
    name: str, started: datetime, *, ok: bool, result: str, again: timedelta | None = None
) -> None:
    """Keep the end of a job's run for the staff page and `/readyz`.

    Args:
        started: when it began, real time.
        again: how long after that it is to begin again; None where nobody has planned it.
    """
    with transaction() as session:
        run = session.get(JobRun, name) or JobRun(name=name)
        run.started_at, run.ended_at = started, clock.real_now()
        run.next_at = started + again if again else None
        run.ok, run.result = ok, result[:2000]
        session.add(run)
