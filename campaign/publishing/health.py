"""Whether the program is alive, and whether it is ready: for machines that watch it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Response
from sqlalchemy.exc import SQLAlchemyError

from campaign import leases
from campaign.accounts.guard import public
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing.answers import blueprint, json_answer
from campaign.replies import queries as replies

CLOCK_WITHIN = timedelta(minutes=2)
"""The scheduler's jobs run every 15 seconds; a long reading of mail may take its time."""

MAILBOXES_WITHIN = timedelta(minutes=30)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Alive; asks nothing of anybody."""
    return _not_kept({"ok": True}, 200)


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Ready: the database answers, the scheduler runs, the mailboxes are read to their end.

    A job that failed is named, and the next pass tries it again. Names of mailboxes and words of
    errors are for staff only.
    """
    try:
        checks: dict[str, dict[str, Any]] = {
            "database": {"ok": db.session.scalar(sa.select(sa.literal(1))) == 1},
            "scheduler": _scheduler(),
            "mailboxes": _mailboxes(),
        }
    except SQLAlchemyError:
        db.session.rollback()
        checks = {"database": {"ok": False}}
    ready = len(checks) == 3 and all(check["ok"] for check in checks.values())
    return _not_kept({"ok": ready, **checks}, 200 if ready else 503)


def _scheduler() -> dict[str, Any]:
    runs = leases.runs()
    last = max((run.ended_at for run in runs if run.ok and run.ended_at), default=None)
    return {
        "ok": _recent(last, CLOCK_WITHIN),
        "last_run": _told(last),
        "failed": [run.name for run in runs if not run.ok],
        "jobs": [_job(run) for run in runs],
    }


def _job(run: leases.JobRun) -> dict[str, Any]:
    return {
        "name": run.name,
        "ok": run.ok,
        "last_run": _told(run.ended_at),
        "seconds": run.took,
        "next_run": _told(run.next_at),
    }


def _mailboxes() -> dict[str, Any]:
    boxes = replies.active_mailboxes()
    read = [_recent(box.watermark, MAILBOXES_WITHIN) and not box.error for box in boxes]
    return {
        "ok": bool(boxes) and all(read),
        "read": sum(read),
        "of": len(boxes),
        "last_complete_reading": _told(replies.mailbox_watermark()),
    }


def _recent(moment: datetime | None, within: timedelta) -> bool:
    return moment is not None and clock.real_now() - moment <= within


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _not_kept(content: object, status: int) -> Response:
    response = json_answer(content, status)
    response.headers["Cache-Control"] = "no-store"
    return response
