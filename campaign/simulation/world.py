"""The world around the program: companies, their servers, our mailboxes; and what is true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from campaign.simulation import plan as plans
from campaign.simulation.imap_peer import Mailserver
from campaign.simulation.mailbox import READ, Box, Mail, What
from campaign.simulation.mails import Ours, Writer, own_copy, report
from campaign.simulation.plan import Plan
from campaign.simulation.smtp_peer import Relay, Taken
from campaign.simulation.truth import Letter
from campaign.simulation.turns import Turns

ADDRESS = "answers@brightwater.example"
USERS = ("answers", "press")
_HOUR = timedelta(hours=1)


class World:
    """Everything outside; `arrived` is told of each mail that our mailboxes get."""

    def __init__(self, plan: Plan, turns: Turns) -> None:
        self.plan, self.turns = plan, turns
        self.boxes = {user: Box(user, 7) for user in USERS[: plan.boxes]}
        self.letters: dict[int, Letter] = {}
        self.mails: dict[str, Mail] = {}
        self.calm = False
        self.arrived: Callable[[Mail], None] = lambda mail: None
        self._away: dict[str, list[tuple[datetime, datetime]]] = {"smtp": [], "imap": []}
        self._tries: dict[str, int] = {}
        self._validity = 7
        self.relay = Relay(
            turns, plan.faults, lambda: self._is_away("smtp"), self._refuses,
            takes=lambda taken: None, dot=lambda data: None,
        )  # fmt: skip
        self.mailserver = Mailserver(
            turns, self.boxes, plan.faults, lambda: self._is_away("imap"), self._between
        )

    # -- weather ----------------------------------------------------------------------------

    def outage(self, what: str, start: datetime, time: timedelta) -> None:
        """Let one of our servers be away for a while."""
        self._away[what].append((start, start + time))

    def _is_away(self, what: str) -> bool:
        now = self.turns.now
        return not self.calm and any(start <= now < end for start, end in self._away[what])

    def settle(self) -> None:
        """From now on nothing goes wrong any more."""
        self.calm = self.relay.calm = self.mailserver.calm = True

    def renumber(self, chance: Random) -> None:
        """A mail server makes the index of a mailbox anew."""
        self._validity += 1
        box = chance.choice(list(self.boxes.values()))
        box.renumber(self._validity)
        self.turns.tell("mail server", f"numbers {box.user} anew")

    def _between(self, box: Box) -> None:
        """Somebody tidies up while the program reads."""
        running = self.turns.running
        if plans.MOVES not in self.plan.faults or self.calm or running is None or not box.ever:
            return
        if running.chance.random() < 0.03:
            self.move(box, running.chance)

    def move(self, box: Box, chance: Random) -> None:
        """Somebody moves a message to another folder."""
        mail = chance.choice(box.ever[-4:])
        to = chance.choice(READ)
        if box.move(mail, to):
            self.turns.tell("a filter", f"moves {mail.what} to {to}")

    # -- mail from us -------------------------------------------------------------------------

    def letter_to(self, recipient: str) -> Letter | None:
        """The letter whose company has this address."""
        found = (one for one in self.letters.values() if recipient in one.addresses)
        return next(found, None)

    def _refuses(self, recipient: str) -> int:
        letter = self.letter_to(recipient)
        if letter is None:
            return 0
        if letter.company.reach == "refuses" and recipient == letter.addresses[0]:
            return 550
        if letter.company.reach == "busy" and not self.calm:
            self._tries[recipient] = self._tries.get(recipient, 0) + 1
            return 451 if self._tries[recipient] % 3 else 0
        return 0

    def carry(self, taken: Taken, letter: Letter | None, kind: str) -> None:
        """What comes of a mail that the relay took."""
        ours = Ours.read(taken.data, taken.envelope_sender)
        chance = self.plan.chance("mail", letter.id if letter else "probe", kind, ours.subject)
        wait = timedelta(seconds=chance.choice((2, 20, 90, 900)))
        raw = own_copy(taken.data, taken.envelope_sender, ADDRESS)
        if letter is None or ADDRESS in taken.recipients:
            self.send_home(wait, raw, What.OWN, letter.id if letter else None)
        if letter is None:
            return
        there = letter.round
        if kind == "letter":
            # By the clock of the machine that sends: the program knows no other, and it may be
            # slow, so that its day ends where the next has begun already.
            there.reached = there.reached or self.turns.clock()
            self._server_says(letter, taken, ours, chance)
            self._program_says(letter, ours, chance)
        self._people_say(letter, ours, chance)

    def _server_says(self, letter: Letter, taken: Taken, ours: Ours, chance: Random) -> None:
        """Reports of the company's mail server; a second address works."""
        reach = letter.company.reach if len(letter.rounds) == 1 else "takes"
        kinds: dict[str, list[tuple[What, float]]] = {
            "bounces": [(What.BOUNCE, 0.01)],
            "bounces late": [(What.BOUNCE, 24 * chance.uniform(0.2, 9))],
            "delays": [(What.DELAY, 4)],
            "delays and bounces": [(What.DELAY, 4), (What.BOUNCE, 120)],
            "says delivered": [(What.RECEIPT, 0.02)],
        }
        for what, hours in kinds.get(reach, []):
            marker = f"report-{letter.id}-{len(letter.rounds)}-{what.name.lower()}"
            if self.plan.has(marker):
                at = self.turns.now + timedelta(hours=hours)
                raw = report(ours, taken.recipients[0], at, what, marker)
                self.send_home(at - self.turns.now, raw, what, letter.id)

    def _program_says(self, letter: Letter, ours: Ours, chance: Random) -> None:
        company = letter.company
        marker = f"auto-{letter.id}-{len(letter.rounds)}"
        bounces = company.reach in ("bounces", "delays and bounces") and len(letter.rounds) == 1
        if not company.auto or bounces or not self.plan.has(marker):
            return
        at = self.turns.now + timedelta(minutes=chance.uniform(0.2, 50))
        writer = Writer(company.name, letter.address, marker)
        raw = writer.automatic(ours, company.auto, at)
        self.send_home(at - self.turns.now, raw, What.AUTOMATIC, letter.id, marker)

    # -- mail from people -------------------------------------------------------------------

    def _people_say(self, letter: Letter, ours: Ours, chance: Random) -> None:
        """Once they have it, they answer, as they are; and others pretend to be them."""
        if letter.answered or letter.round.failed:
            return
        reach = letter.company.reach if len(letter.rounds) == 1 else "takes"
        if reach in ("bounces", "delays and bounces", "bounces late"):
            return
        letter.answered = True
        for number, (what, when, how) in enumerate(letter.company.answers):
            name = f"answer-{letter.id}-{number}"
            if self.plan.has(name):
                writes = partial(self._writes, letter, ours, name, _KINDS[what], how)
                self._at(letter, when, chance, writes)
        if letter.company.fake and self.plan.has(f"fake-{letter.id}"):
            when = chance.choice(("early", "half", "at the edge", "late"))
            self._at(letter, when, chance, lambda: self._pretends(letter, ours))

    def _at(self, letter: Letter, when: str, chance: Random, act: Callable[[], None]) -> None:
        """Plan something against the letter's own time."""
        over = letter.over() or self.turns.now
        deadline = over - timedelta(days=1)
        start = self.turns.now
        moments = {
            "early": start + chance.uniform(0.5, 30) * _HOUR,
            "half": start + (deadline - start) * chance.uniform(0.3, 0.7),
            "before the deadline": deadline - chance.uniform(0, 3) * _HOUR,
            "in grace": deadline + chance.uniform(0, 20) * _HOUR,
            "at the edge": over + timedelta(
                seconds=chance.choice((-1, 0, 1, chance.randrange(-7200, 7200)))
            ),
            "late": over + chance.uniform(0, 20) * _HOUR,
            "days later": over + chance.uniform(1, 5) * 24 * _HOUR,
        }  # fmt: skip
        self.turns.at(max(moments[when], start + timedelta(minutes=1)), act)

    def _writes(self, letter: Letter, ours: Ours, marker: str, what: What, how: str) -> None:
        company, now = letter.company, self.turns.now
        address = letter.address if how != "other address" else f"office@mail.{company.domain}"
        writer = Writer(company.name, address, marker)
        folder = "Junk" if how == "junk" else "INBOX"
        raw = writer.apart(ADDRESS, what, now) if how == "apart" else writer.answer(ours, what, now)
        confidential = self.plan.chance("confidential", letter.id).random() < 0.15
        self.send_home(timedelta(), raw, what, letter.id, marker, folder, confidential)
        if how == "copied" and len(self.boxes) > 1:
            self._deliver(USERS[1], self.mails[_sha(raw)], "INBOX")
        if company.twin and what is What.REPLY and self.plan.has(f"twin-{marker}"):
            again = Writer(company.name, address, f"twin-{marker}")
            same_id = f"<{marker}@{address.rpartition('@')[2]}>"
            raw = again.answer(ours, what, now, same_id)
            self.send_home(3 * _HOUR, raw, what, letter.id, f"twin-{marker}")

    def _pretends(self, letter: Letter, ours: Ours) -> None:
        marker = f"fake-{letter.id}"
        writer = Writer(letter.company.name, letter.address, marker)
        raw = writer.answer(ours, What.FAKE, self.turns.now)
        self.send_home(timedelta(), raw, What.FAKE, letter.id, marker)

    def stranger(self, number: int, chance: Random) -> None:
        """Somebody writes who has nothing to do with it."""
        marker = f"stranger-{number}"
        writer = Writer("Sunny Offers", f"hello{number}@offers.example", marker)
        text = chance.choice(("Buy two, pay one.", "I read about your work. Go on!"))
        raw = writer.stranger(ADDRESS, "Hello", text, self.turns.now)
        folder = chance.choice(("INBOX", "Junk"))
        self.send_home(timedelta(), raw, What.STRANGER, None, marker, folder)

    # -- our mailboxes ----------------------------------------------------------------------

    def send_home(
        self,
        wait: timedelta,
        raw: bytes,
        what: What,
        letter_id: int | None,
        marker: str = "",
        folder: str = "INBOX",
        confidential: bool = False,
    ) -> None:
        """Let a mail arrive in our mailbox after a while; it is whole and true already."""
        user = USERS[0]
        letter = self.letters.get(letter_id) if letter_id else None
        of_round = max(letter.rounds, default=0) if letter else 0

        def arrives() -> None:
            mail = Mail(raw, what, self.turns.now, letter_id, marker, confidential, of_round)
            self._deliver(user, self.mails.setdefault(mail.sha, mail), folder)

        if wait:
            self.turns.at(self.turns.now + wait, arrives)
        else:
            arrives()

    def _deliver(self, user: str, mail: Mail, folder: str) -> None:
        known = any(mail in box.ever for box in self.boxes.values())
        self.boxes[user].deliver(mail, folder)
        if known:
            return
        letter = self.letters.get(mail.letter) if mail.letter else None
        if letter is not None:
            letter.mails.append(mail)
            there = letter.rounds[mail.round]
            if mail.what is What.BOUNCE:
                there.failed = there.failed or mail.at
            if mail.what is What.RECEIPT or letter.company.auto in ("confirms", "ticket"):
                there.confirmed |= mail.what in (What.RECEIPT, What.AUTOMATIC)
        name = letter.company.name if letter else "nobody"
        self.turns.tell(name, f"{mail.what} arrives in {folder} {mail.marker}".rstrip())
        self.turns.dirty = True
        self.arrived(mail)


_KINDS = {
    "reply": What.REPLY,
    "acknowledgement": What.ACKNOWLEDGEMENT,
    "time": What.ASKS_FOR_TIME,
}


def _sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
