"""What must never happen: the invariants of reliability.md, seen from outside.

The oracle knows what the peers saw and what people decided (`truth`), reads the tables with a
connection of its own, and uses no rule of the program. It looks after every step that changed
something.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from campaign.simulation import days
from campaign.simulation.ground import Files
from campaign.simulation.mailbox import READ, Mail, What
from campaign.simulation.smtp_peer import Taken
from campaign.simulation.truth import Letter
from campaign.simulation.turns import Violation
from campaign.simulation.world import ADDRESS, World

_STATES = frozenset("draft in_review approved sending open concluded withdrawn".split())
_NEVER_AGAIN = frozenset("accepted delivered bounced failed expired unknown".split())
_LEAVES = frozenset("queued claimed transmitting deferred".split())


class Oracle:
    """Looks, and raises `Violation`.

    Attributes:
        halted: number of the step at which everything was halted; None while nothing is.
        held: letters on hold, by the step since when.
    """

    def __init__(self, world: World, path: Path, files: Files) -> None:
        self.world, self.files = world, files
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        self.halted: int | None = None
        self.held: dict[int, int] = {}
        self.events = 0
        self._hash = "0" * 64
        self._taken: dict[tuple[Any, ...], int] = {}
        self._states: dict[int, str] = {}
        self._entries: dict[int, tuple[Any, ...]] = {}
        self._marks: dict[int, str] = {}
        self._evidence = 0
        self._replies = 0
        self._read: dict[str, int] = {}
        world.relay.takes = self.takes
        world.relay.dot = self.dot

    def close(self) -> None:
        """End its connection."""
        self.db.close()

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query gives."""
        return self.db.execute(query, values).fetchall()

    # -- what the relay saw -------------------------------------------------------------------

    def dot(self, data: bytes) -> None:
        """The end of a mail is there: everything that could forbid it must have been asked."""
        running = self.world.turns.running
        gate = running.committed if running else 0
        if self.halted is not None and gate > self.halted:
            self._wrong(12, "a mail leaves after everything was halted")
        found = self._dispatch(data)
        if found is None or running is None or found[2] == "letter":
            return
        letter_id, kind, states, machine = found[1], found[2], found[5], running.committed_at
        letter = self.world.letters[letter_id]
        if states and machine and machine >= days.end_of(_day(states), letter.company.zone):
            self._wrong(7, f"a {kind} to {letter.company.name} leaves after its deadline")
        if any(self._known_since(mail) < gate for mail in letter.mails if mail.what.theirs):
            self._wrong(7, f"a {kind} to {letter.company.name} leaves after their reply was read")

    def _known_since(self, mail: Mail) -> int:
        """The step at which the program had read a mail, long ahead where it has not."""
        return self._read.get(mail.sha, 1 << 60)

    def _dispatch(self, data: bytes) -> Any:
        head = data.partition(b"\r\n\r\n")[0].decode("ascii")
        message_id = head.partition("Message-ID: ")[2].partition("\r\n")[0]
        found = self.rows(
            "select id, letter_id, kind, round, contact_id, states_deadline from dispatch"
            " where message_id = ?",
            message_id,
        )
        return found[0] if found else None

    def takes(self, taken: Taken) -> None:
        """The relay answers for a mail."""
        found = self._dispatch(taken.data)
        to = [one for one in taken.recipients if one != ADDRESS]
        letter = self.world.letters[found[1]] if found else None
        if to and (letter is None or to[0] not in letter.addresses or len(to) > 1):
            self._wrong(8, f"a mail that nobody ordered leaves to {to}")
            return
        if found and letter:
            key = found[1:5]
            self._taken[key] = self._taken.get(key, 0) + 1
            self.world.turns.tell("relay", f"takes the {found[2]} to {letter.company.name}")
            if self._taken[key] > 1:
                self._wrong(1, f"the {found[2]} to {letter.company.name} was sent twice")
            if found[3] not in letter.rounds:
                self._wrong(1, f"round {found[3]} to {letter.company.name} was ordered by nobody")
        self.world.carry(taken, letter, found[2] if found else "probe")

    def was_taken(self, key: tuple[Any, ...]) -> bool:
        """Whether the relay ever took that mail (letter, kind, round, contact)."""
        return key in self._taken

    def _wrong(self, number: int, why: str) -> None:
        self.world.turns.violate(number, why)

    # -- what the tables hold -----------------------------------------------------------------

    def look(self) -> None:
        """Everything that can have changed since the last look.

        Raises:
            Violation: something must not be.
        """
        fresh = self._chain()
        if not fresh:
            return
        self._mails_read()
        self._dispatches()
        self._watermarks()
        self._answers()
        if any(kind.startswith("record.") for kind in fresh):
            self._records()
        self._sums()

    def _chain(self) -> list[str]:
        """14: every event follows from the one before; the kinds of the new ones."""
        kinds = []
        for seq, kind, payload, digest, salt, body in self.rows(
            "select e.seq, e.kind, e.payload, e.hash, d.salt, d.body from history_event e"
            " left join history_detail d on d.seq = e.seq where e.seq > ? order by e.seq",
            self.events,
        ):
            told = json.loads(payload)
            whole = hashlib.sha256(payload.encode()).hexdigest() == digest
            follows = seq == self.events + 1 and told["before"] == self._hash
            detail = body is None or told["detail"] == _sha(f"{salt}:{body}")
            if not (whole and follows and detail):
                raise Violation(14, f"event {seq} does not follow from the one before")
            self.events, self._hash = seq, digest
            kinds.append(kind)
        head = self.rows("select seq, hash from history_head")[0]
        if head != (self.events, self._hash):
            raise Violation(14, "the end of the chain is missing")
        return kinds

    def _mails_read(self) -> None:
        for (sha,) in self.rows("select sha256 from incoming_message where triage <> 'unread'"):
            self._read.setdefault(sha, self.world.turns.steps)

    def _dispatches(self) -> None:
        """1, 13: what has left, or may have, never waits to leave again."""
        for number, state in self.rows("select id, state from dispatch"):
            before = self._states.get(number)
            if before in _NEVER_AGAIN and state in _LEAVES:
                raise Violation(13, f"a mail that was {before} is {state} again")
            self._states[number] = state

    def _watermarks(self) -> None:
        """4: what could be seen when a whole reading began is kept, once, byte for byte."""
        for number, key, mark in self.rows("select id, key, watermark from mailbox"):
            if mark and self._marks.get(number) != mark:
                self._marks[number] = mark
                user = key.partition(":")[2].partition("@")[0]
                self.kept(user, _moment(mark))

    def kept(self, user: str, until: datetime) -> None:
        """4, for one mailbox: everything that was there before that moment is kept."""
        box = self.world.boxes[user]
        there = {mail.sha: mail for f in READ for mail in box.folders[f].mails.values()}
        have = dict(self.rows("select sha256, count(*) from incoming_message group by sha256"))
        for sha, mail in there.items():
            if mail.at >= until:
                continue
            if have.get(sha) != 1:
                raise Violation(
                    4, f"{mail.what} of {mail.at:%d %b %H:%M} is kept {have.get(sha, 0)} times"
                )
            if self.files.kept.get(sha) != mail.raw:
                raise Violation(4, f"the bytes of {mail.what} were not kept")

    def _answers(self) -> None:
        """8, 10: only what people of the company wrote answers for the company."""
        for number, kind, ref in self.rows(
            "select e.id, e.kind, m.sha256 from delivery_evidence e"
            " join incoming_message m on m.ref = e.source_ref where e.id > ?",
            self._evidence,
        ):
            self._evidence = max(self._evidence, number)
            what = self.world.mails[ref].what
            if kind == "answered" and not what.theirs:
                raise Violation(8, f"{what} counts as an answer")
        for number, sha, letter_id in self.rows(
            "select r.id, m.sha256, r.letter_id from reply r"
            " join incoming_message m on m.id = r.message_id where r.id > ?",
            self._replies,
        ):
            self._replies = max(self._replies, number)
            mail = self.world.mails[sha]
            if not mail.what.theirs:
                number = 10 if mail.what in (What.FAKE, What.STRANGER) else 8
                raise Violation(number, f"{mail.what} stands in the thread as the company's")
            if mail.letter != letter_id:
                raise Violation(10, f"a reply of {mail.letter} stands in the thread of {letter_id}")

    # -- what is public -----------------------------------------------------------------------

    def _records(self) -> None:
        """9: one record a letter, whose states are only ever added to."""
        rows = self.rows(
            "select e.id, r.letter_id, e.number, e.response, e.statement, e.basis, e.reply_id,"
            " e.at, e.timeliness from record_entry e join record r on r.id = e.record_id"
            " order by e.id"
        )
        now = {row[0]: tuple(row) for row in rows}
        for number, before in self._entries.items():
            if now.get(number) != before:
                raise Violation(9, "a published state was changed afterwards")
        letters = self.rows("select letter_id from record group by letter_id having count(*) > 1")
        if letters:
            raise Violation(9, "a letter has two records")
        fresh = [row for number, row in now.items() if number not in self._entries]
        self._entries = now
        for row in fresh:
            self._published(row)
        self._replay()

    def _published(self, row: tuple[Any, ...]) -> None:
        letter = self.world.letters[row[1]]
        name, now = letter.company.name, self.world.turns.now
        self.world.turns.tell("record", f"{name}: {row[3]}")
        running = self.world.turns.running
        if self.halted is not None and running and running.committed > self.halted:
            raise Violation(12, f"{row[3]} of {name} is published while everything is halted")
        if letter.embargo_until and now < letter.embargo_until:
            raise Violation(11, f"{row[3]} of {name} is published under embargo")
        if letter.id in self.held:
            raise Violation(11, f"{row[3]} of {name} is published although it is on hold")
        if row[3] == "no_response":
            self._silence(letter)
        if row[6] is not None:
            self._reply_shown(letter, row)

    def _silence(self, letter: Letter) -> None:
        """2, 3, 5: silence is told only when it is true, in time, and proven."""
        name, there, now = letter.company.name, letter.round, self.world.turns.now
        if there.reached is None:
            raise Violation(5, f"{name} “did not respond” to a letter that it never got")
        over = letter.over()
        assert over is not None
        if now < over:
            raise Violation(3, f"{name} “did not respond”, {over - now} before its time was over")
        theirs = letter.theirs(over)
        if theirs:
            raise Violation(2, f"{name} “did not respond”, and wrote on {theirs[0].at:%d %b %H:%M}")
        if there.failed and there.failed <= over:
            raise Violation(5, f"{name} “did not respond” to a letter that came back")
        proven = there.verified or there.confirmed or max(letter.rounds) in letter.signed
        if not proven:
            raise Violation(5, f"{name} “did not respond”, and nobody signed for weak proof")

    def _reply_shown(self, letter: Letter, row: tuple[Any, ...]) -> None:
        found = self.rows(
            "select m.sha256 from reply r join incoming_message m on m.id = r.message_id"
            " where r.id = ?",
            row[6],
        )
        mail = self.world.mails[found[0][0]] if found else None
        if mail is not None and (not mail.what.theirs or mail.letter != letter.id):
            raise Violation(10, f"{mail.what} is published as {letter.company.name}'s")

    def _replay(self) -> None:
        """9: history, played again, gives what is public now."""
        told: dict[str, str] = {}
        for subject, body in self.rows(
            "select e.subject, d.body from history_event e join history_detail d on d.seq = e.seq"
            " where e.kind in ('record.published', 'record.changed') order by e.seq"
        ):
            told[subject] = json.loads(body)["response"]
        public = dict(
            self.rows(
                "select l.ref, e.response from record_entry e join record r on r.id = e.record_id"
                " join letter l on l.id = r.letter_id where e.number ="
                " (select max(number) from record_entry where record_id = r.id)"
            )
        )
        if told != public:
            raise Violation(9, "history does not give what is public")

    def _sums(self) -> None:
        """13: every letter is in one state, none is lost, and a record ends it."""
        rows = self.rows(
            "select l.id, l.state, l.round, r.id from letter l"
            " left join record r on r.letter_id = l.id"
        )
        if len(rows) != len(self.world.letters):
            raise Violation(13, f"{len(rows)} letters, not {len(self.world.letters)}")
        for number, state, round_, record in rows:
            if state not in _STATES:
                raise Violation(13, f"letter {number} is {state}")
            if state == "concluded" and record is None:
                raise Violation(13, f"letter {number} is concluded without a record")
            if record and state != "concluded" and round_ == 1:
                raise Violation(13, f"letter {number} has a record and is {state}")

    # -- at the end ---------------------------------------------------------------------------

    def last(self) -> None:
        """4, 6: nothing was lost, and nothing sticks."""
        self.look()
        for user in self.world.boxes:
            self.kept(user, self.world.turns.now)
        for number, state, why in self.rows("select id, state, why from dispatch"):
            if state in _LEAVES:
                channel = self.rows("select channel from dispatch where id = ?", number)[0][0]
                if channel == "email":
                    raise Violation(6, f"a mail is {state} for ever ({why})")
        for number, state in self.rows("select id, state from letter"):
            if state not in ("concluded", "withdrawn"):
                name = self.world.letters[number].company.name
                raise Violation(6, f"the letter to {name} is {state} for ever")
        unread = self.rows("select count(*) from incoming_message where triage = 'unread'")[0][0]
        if unread:
            raise Violation(6, f"{unread} messages are never read")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _day(text: str) -> date:
    return date.fromisoformat(text)
