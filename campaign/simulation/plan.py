"""What one seed decides before anything happens: who, where, when, and what goes wrong.

Chance is drawn apart for everything (`Plan.chance`), so that what is left out of a story, to
make it shorter, changes nothing of the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from campaign.simulation import imap_peer, smtp_peer
from campaign.simulation.turns import Rates

OUTAGES, MOVES, RENUMBERS, DOWNTIME, CLOCKS, HALTS, HOLDS, SPEED = (
    "outages", "mails are moved", "UIDVALIDITY changes", "the clock is off for days",
    "clocks differ", "halts", "holds", "no leases between passes",
)  # fmt: skip
KINDS = (
    *smtp_peer.FAULTS, *imap_peer.FAULTS,
    OUTAGES, MOVES, RENUMBERS, DOWNTIME, CLOCKS, HALTS, HOLDS, SPEED,
)  # fmt: skip

PLACES = (
    ("GB", "Europe/London"), ("DE", "Europe/Berlin"), ("US", "America/New_York"),
    ("US", "Pacific/Honolulu"), ("KI", "Pacific/Kiritimati"), ("IN", "Asia/Kolkata"),
    ("MA", "Africa/Casablanca"), ("AU", "Australia/Lord_Howe"), ("BR", "America/Sao_Paulo"),
    ("IL", "Asia/Jerusalem"), ("EG", "Africa/Cairo"), ("CL", "America/Santiago"),
    ("NZ", "Pacific/Chatham"), (None, None), ("WS", "Pacific/Apia"), ("AS", "Pacific/Pago_Pago"),
)  # fmt: skip

# Working days of 25 or 23 hours, and the deadline whose grace ends on them.
_LONG_DAYS = (
    ("EG", "Africa/Cairo", date(2026, 10, 28)),
    ("IL", "Asia/Jerusalem", date(2026, 10, 22)),
)
_FIRST_DAY = date(2026, 2, 2)
_DAYS = 300


@dataclass(frozen=True)
class Company:
    """What a company is and does.

    Attributes:
        reach: how its mail server takes our letter.
        auto: what its programs answer.
        answers: what its people do, in order; each with when and how.
    """

    number: int
    country: str | None
    zone: str | None
    channel: str = "email"
    verified: bool = True
    reach: str = "takes"
    auto: str = ""
    answers: tuple[tuple[str, str, str], ...] = ()
    twin: bool = False
    fake: bool = False

    @property
    def name(self) -> str:
        return f"{_NAMES[self.number % len(_NAMES)]} {_numeral(self.number)}"

    @property
    def domain(self) -> str:
        return f"{self.name.lower().replace(' ', '-')}.example"

    @property
    def id(self) -> str:
        return f"company {self.number}"


_NAMES = ("Larkspur", "Ostrava", "Quillon", "Ambrel", "Fennimoor", "Vellum", "Harbour", "Tern")


def _numeral(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in f"{number:02}") + "yx"


@dataclass(frozen=True)
class Campaign:
    """What a campaign promises."""

    number: int
    response_days: int
    grace: int
    auto_publish: bool
    embargo: int | None
    companies: tuple[Company, ...]


@dataclass(frozen=True)
class Plan:
    """All that follows from one seed.

    Attributes:
        dropped: names of what is left out, to make the story shorter.
    """

    seed: int
    start: datetime
    faults: frozenset[str]
    rates: Rates
    workers: int
    boxes: int
    campaigns: tuple[Campaign, ...]
    dropped: frozenset[str] = field(default_factory=frozenset)

    def chance(self, *about: Any) -> Random:
        """Chance that depends on the seed and on these words only."""
        return Random(f"{self.seed} {' '.join(map(str, about))}")

    def has(self, name: str) -> bool:
        """Whether something happens in this story."""
        return name not in self.dropped

    @property
    def companies(self) -> list[Company]:
        return [one for campaign in self.campaigns for one in campaign.companies]

    def without(self, dropped: frozenset[str]) -> Plan:
        """The same with less."""
        return make(self.seed, dropped)


def make(seed: int, dropped: frozenset[str] = frozenset()) -> Plan:
    """What the seed decides, but for what is dropped."""
    chance = Random(f"{seed} plan")
    faults = frozenset(kind for kind in KINDS if chance.random() < 0.3) - dropped
    rates = Rates(
        crash=chance.choice((0, 0, 0.002, 0.01, 0.03)),
        stall=chance.choice((0, 0, 0.005, 0.02, 0.06)),
        switch=chance.choice((0, 0.1, 0.3, 0.6)),
    )
    rates = Rates(
        crash=0 if "crashes" in dropped else rates.crash,
        stall=0 if "stalls" in dropped else rates.stall,
        switch=0 if "turns" in dropped else rates.switch,
    )
    aim = chance.choice(_LONG_DAYS) if chance.random() < 0.15 else None
    response_days = chance.choice((8, 8, 9, 10, 12))
    if aim:
        dated = aim[2] - timedelta(days=response_days)
    else:
        dated = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
    start = datetime(dated.year, dated.month, dated.day, chance.randrange(7, 16), tzinfo=UTC)
    sizes = _sizes(chance)
    campaigns = []
    for number, size in enumerate(sizes):
        first = sum(sizes[:number])
        campaigns.append(_campaign(seed, number, range(first, first + size), response_days, aim))
    kept = tuple(_kept(campaign, dropped) for campaign in campaigns)
    return Plan(
        seed=seed,
        start=start,
        faults=faults,
        rates=rates,
        workers=1 if "second worker" in dropped else chance.choice((1, 2, 2, 2)),
        boxes=chance.choice((1, 1, 1, 2)),
        campaigns=tuple(campaign for campaign in kept if campaign.companies),
        dropped=dropped,
    )


def _sizes(chance: Random) -> list[int]:
    """How many companies each campaign writes to; most worlds are small."""
    roll = chance.random()
    if roll < 0.75:
        return [chance.randrange(2, 6)]
    if roll < 0.985:
        return [chance.randrange(1, 3) for _ in range(chance.randrange(2, 6))]
    return [chance.randrange(15, 26) for _ in range(chance.choice((1, 1, 2)))]


def _kept(campaign: Campaign, dropped: frozenset[str]) -> Campaign:
    companies = tuple(one for one in campaign.companies if one.id not in dropped)
    return Campaign(**{**campaign.__dict__, "companies": companies})


def _campaign(seed: int, number: int, companies: range, response_days: int, aim: Any) -> Campaign:
    chance = Random(f"{seed} campaign {number}")
    return Campaign(
        number,
        response_days if number == 0 else chance.choice((8, 9, 11)),
        1 if aim else chance.choice((1, 1, 1, 2)),
        chance.random() < 0.85,
        chance.choice((None, None, None, None, 5, 30)),
        tuple(_company(seed, one, aim) for one in companies),
    )


def _company(seed: int, number: int, aim: Any) -> Company:
    chance = Random(f"{seed} company {number}")
    country, zone = chance.choice(PLACES)
    if aim and chance.random() < 0.6:
        country, zone = aim[0], aim[1]
    reach = chance.choices(
        ("takes", "refuses", "bounces", "bounces late", "delays", "delays and bounces", "busy",
         "says delivered"),
        (60, 4, 6, 5, 5, 3, 5, 6),
    )[0]  # fmt: skip
    return Company(
        number,
        country,
        zone,
        channel=chance.choices(("email", "post", "form"), (90, 5, 5))[0],
        verified=chance.random() < 0.85,
        reach=reach,
        auto=chance.choices(("", "confirms", "away", "unread", "ticket"), (60, 12, 10, 6, 12))[0],
        answers=_answers(chance),
        twin=chance.random() < 0.15,
        fake=chance.random() < 0.15,
    )


_WHEN = ("early", "half", "before the deadline", "in grace", "at the edge", "late", "days later")
_HOW = ("thread", "thread", "thread", "apart", "other address", "junk", "copied")


def _answers(chance: Random) -> tuple[tuple[str, str, str], ...]:
    roll = chance.random()
    if roll < 0.45:
        return ()
    how = chance.choice(_HOW)
    when = chance.choice(_WHEN)
    if roll < 0.8:
        return (("reply", when, how),)
    if roll < 0.87:
        return (("acknowledgement", chance.choice(_WHEN[:3]), how),)
    if roll < 0.93:
        return (("time", chance.choice(_WHEN[:3]), how), ("reply", when, how))
    return (("acknowledgement", "early", how), ("reply", when, how))
