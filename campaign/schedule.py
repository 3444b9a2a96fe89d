"""The one table of jobs: name, what it does; and the pass that runs them in order.

Every job asks the database what is due and not done; the scheduler remembers nothing, so that
a second run does nothing and weeks of downtime are caught up (reliability.md, "The clock").
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from campaign import leases
from campaign.awaiting import operations as awaiting
from campaign.drafting import unsaved_keeping
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import due as publishing
from campaign.publishing import retention
from campaign.reminding import operations as reminding
from campaign.replies import operations as replies
from campaign.replies import queries as mailboxes
from campaign.sending import cosign_mail
from campaign.sending import operations as sending
from campaign.sending import queries as outbox

EVERY = 15  # seconds between two passes
FULL_REFRESH_EVERY = 3600  # seconds; picks up changed holidays, zones and policies
LEASE = "clock"
LEASE_SECONDS = 30  # renewed before every job; a dead clock is followed after at most this long

log = logging.getLogger(__name__)


@dataclass
class Tally:
    """What one pass did.

    Attributes:
        troubles: what the world around did not let it do: mailboxes, the mail server.
        errors: jobs of ours that failed.
    """

    received: int = 0
    reminded: int = 0
    sent: int = 0
    published: int = 0
    blocked: list[publishing.Blocked] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Job(NamedTuple):
    """One row of the table; `act` adds what it did to the tally and returns it in words.

    Attributes:
        every: seconds from the beginning of one run to that of the next.
    """

    name: str
    act: Callable[[Tally], str]
    every: int = EVERY


def _recover(_tally: Tally) -> str:
    return f"{sending.recover_stale()} taken over"


def _send(tally: Tally) -> str:
    sent = sending.send_due()
    tally.sent += sent
    trouble = outbox.sending_trouble()
    if trouble and trouble not in tally.troubles:
        tally.troubles.append(trouble)
    return f"{sent} sent"


def _ask_cosigners(_tally: Tally) -> str:
    return f"{cosign_mail.mail_links()} asked"


def _receive(tally: Tally) -> str:
    received = replies.read_mailboxes()
    tally.received += received
    boxes = mailboxes.active_mailboxes()
    tally.troubles += [f"{box.name}: {box.error}" for box in boxes if box.error]
    return f"{received} received"


def _read(_tally: Tally) -> str:
    return f"{replies.read_stored()} read"


def _refresh(_tally: Tally) -> str:
    return f"{awaiting.refresh()} looked at"


def _refresh_all(_tally: Tally) -> str:
    return f"{awaiting.refresh_all()} looked at"


def _remind(tally: Tally) -> str:
    reminded = awaiting.remind_due()
    tally.reminded += reminded
    return f"{reminded} ordered"


def _probe(_tally: Tally) -> str:
    return "a probe sent" if awaiting.probe_due() else "no probe needed"


def _publish(tally: Tally) -> str:
    published, tally.blocked = publishing.publish_due()
    tally.published += published
    return f"{published} published, {len({b.letter for b in tally.blocked})} blocked"


def _remind_staff(_tally: Tally) -> str:
    return f"{reminding.remind_staff()} told"


def _forget(_tally: Tally) -> str:
    return f"{unsaved_keeping.forget_old()} let go"


def _erase(_tally: Tally) -> str:
    return f"{retention.erase_due()} erased"


# In this order, so that one pass reads before it reminds, and reads before it publishes. What
# leaves in a pass is read back in it while mail is captured, since it arrives at once.
JOBS: tuple[Job, ...] = (
    Job("recover", _recover),
    Job("send", _send),
    Job("ask co-signers", _ask_cosigners),
    Job("receive", _receive),
    Job("read", _read),
    Job("refresh", _refresh),
    Job("remind", _remind),
    Job("send reminders", _send),
    Job("probe", _probe),
    Job("publish", _publish),
    Job("remind staff", _remind_staff),
    Job("forget old unsaved texts", _forget),
    Job("erase what is kept no longer", _erase),
)
# Beside the passes: holidays, zones and policies that changed while nothing of a letter did.
FULL_REFRESH = Job("refresh everything", _refresh_all, FULL_REFRESH_EVERY)


def run_pass(*, wait: float = 0) -> Tally | None:
    """Run every job once, one process at a time.

    Args:
        wait: seconds to wait for another process that works now.

    Returns None while another process holds the lease.
    """
    until = time.monotonic() + wait
    while not leases.take(LEASE, LEASE_SECONDS):
        if time.monotonic() >= until:
            return None
        time.sleep(0.2)
    tally = Tally()
    try:
        for job in JOBS:
            leases.take(LEASE, LEASE_SECONDS)
            _run(job, tally)
    finally:
        leases.give_back(LEASE)
    return tally


def _run(job: Job, tally: Tally) -> None:
    """Run one job; its failure is noted and shown to staff, and the next job runs all the same."""
    started = clock.real_now()
    try:
        result, ok = job.act(tally), True
    except Problem as problem:
        result, ok = str(problem), False
    except Exception as error:
        log.exception("the job “%s” failed", job.name)
        result, ok = f"{type(error).__name__}: {error}", False
    finally:
        db.session.rollback()
    if not ok:
        tally.errors.append(f"{job.name}: {result}")
    leases.note_run(job.name, started, ok=ok, result=result, again=timedelta(seconds=job.every))


def _run_one() -> None:
    _run(FULL_REFRESH, Tally())


def start(app: Flask) -> BackgroundScheduler:
    """Start the scheduler: a pass at once, then every `EVERY` seconds."""
    # One thread: the jobs are one after another by design, and two passes never meet.
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    now = clock.real_now()

    def in_app(act: Callable[[], Any]) -> None:
        with app.app_context():
            try:
                act()
            except Exception:  # the database is away: the next pass asks again
                log.exception("the clock could not work")

    scheduler.add_job(
        in_app, "interval", seconds=EVERY, next_run_time=now, args=[run_pass], id="pass"
    )
    scheduler.add_job(
        in_app,
        "interval",
        seconds=FULL_REFRESH_EVERY,
        args=[_run_one],
        id="full refresh",
    )
    scheduler.start()
    return scheduler


class Sooner:
    """A further pass at once, for whoever has heard of something new; many at once ask for one."""

    def __init__(self, app: Flask, scheduler: BackgroundScheduler) -> None:
        self._app, self._scheduler = app, scheduler
        self._asked = threading.Event()

    def __call__(self) -> None:
        if not self._asked.is_set():
            self._asked.set()
            # One may be under way and one wait: what came after the first began is not missed.
            self._scheduler.add_job(self._run, id="sooner", replace_existing=True, max_instances=2)

    def _run(self) -> None:
        self._asked.clear()
        with self._app.app_context():
            try:
                run_pass()
            except Exception:
                log.exception("the clock could not work")


def run_for_ever(app: Flask, stop: threading.Event) -> None:
    """Work until `stop` is set, then end after the job that is under way."""
    scheduler = start(app)
    with app.app_context(), suppress(Problem):  # a pass meets it too, and tells it
        replies.watch_mailboxes(stop, Sooner(app, scheduler))
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)
