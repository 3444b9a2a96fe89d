"""What a job would find to do, at a glance: so that short runs are not spent on looking in vain."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from campaign.simulation.world import World

_SOON = timedelta(hours=1)

# For each job a query that finds something where it has something to do at :now, or will :soon.
_WORK = {
    "recover": "select 1 from dispatch where state in ('claimed', 'transmitting')",
    "send": "select 1 from dispatch where state in ('queued', 'deferred') and channel = 'email'"
    " and not_before <= :now",
    "receive": "select 1 from waiting w join letter l on l.id = w.letter_id"
    " where l.state = 'open' and w.silence_at <= :soon",
    "read": "select 1 from incoming_message where triage = 'unread'",
    "refresh": "select 1 from letter l left join waiting w on w.letter_id = l.id"
    " where l.state = 'open' and (w.letter_id is null or w.round <> l.round or w.seen_evidence <"
    " (select max(e.id) from delivery_evidence e join dispatch d on d.id = e.dispatch_id"
    " where d.letter_id = l.id) or (w.started_at is null and :now > w.look_from))",
    "remind": "select 1 from waiting w join letter l on l.id = w.letter_id"
    " where l.state = 'open' and w.next_at <= :now",
}
_WORK["send reminders"] = _WORK["send"]
_WORK["publish"] = _WORK["receive"]


class Glance:
    """Looks into the tables with the oracle's connection."""

    def __init__(self, db: sqlite3.Connection, world: World) -> None:
        self.db, self.world = db, world

    def waits(self, job: str) -> bool:
        """Whether there is something to do for it."""
        if job == "receive" and self._mail_waits():
            return True
        now = self.world.turns.now
        times = {"now": _text(now), "soon": _text(now + _SOON)}
        return self.db.execute(_WORK[job] + " limit 1", times).fetchone() is not None

    def _mail_waits(self) -> bool:
        """Whether a mail came since every mailbox was read, or its server numbered it anew."""
        marks = dict(self.db.execute("select key, watermark from mailbox").fetchall())
        for user, box in self.world.boxes.items():
            mark = next((m for key, m in marks.items() if f":{user}@" in key), None)
            if mark is None or any(_text(mail.at) >= mark for mail in box.ever[-20:]):
                return True
        return False


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"
