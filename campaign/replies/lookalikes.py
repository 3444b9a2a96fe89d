"""Domains that look like another's: the rules, pure. What they find is a warning, never a proof."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import idna

from campaign.replies.owned import is_free_mail, registered

_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"))
_SHORTEST = 4  # letters of a name that is looked for in others
_ONE_SLIP, _TWO_SLIPS = 5, 9  # letters from which so many differences still look alike


class How(StrEnum):
    """In what a domain looks like another."""

    LETTERS = "letters"
    SPELLING = "spelling"
    ENDING = "ending"
    WITHIN = "within"
    BELOW = "below"
    MAILBOX = "mailbox"


class Likeness(NamedTuple):
    """The domain that it looks like, and in what."""

    domain: str
    how: How


def likeness(address: str, domains: Iterable[str]) -> Likeness | None:
    """The strongest likeness of an address to one of a company's registered domains.

    Args:
        address: its domain in A-labels.
        domains: the company's own; none of them is the address's.
    """
    local, _, host = address.lower().rpartition("@")
    found = (_of(local, host, domain) for domain in domains)
    order = list(How)
    told = [one for one in found if one is not None]
    return min(told, key=lambda one: order.index(one.how), default=None)


def _of(local: str, host: str, domain: str) -> Likeness | None:
    mine, theirs = registered(host), registered(domain)
    if not host or not theirs or mine == theirs:
        return None
    name, known = (mine or host).split(".")[0], theirs.split(".")[0]
    how = _of_names(name, known)
    if how is None and len(known) >= _SHORTEST:
        how = _of_places(local, host, mine, known)
    return Likeness(theirs, how) if how else None


def _of_names(name: str, known: str) -> How | None:
    shown, meant = _readable(name), _readable(known)
    if shown == meant:
        return How.ENDING if len(known) >= _SHORTEST else None
    if skeleton(shown) == skeleton(meant):
        return How.LETTERS
    most = 2 if len(meant) >= _TWO_SLIPS else 1 if len(meant) >= _ONE_SLIP else 0
    return How.SPELLING if most and _distance(skeleton(shown), skeleton(meant), most) else None


def _of_places(local: str, host: str, mine: str, known: str) -> How | None:
    if is_free_mail(host):
        return How.MAILBOX if known in re.split(r"[^a-z0-9]+", local) else None
    below = host[: -len(mine)].strip(".") if mine else ""
    words = re.split(r"[^a-z0-9]+", skeleton(_readable(below)))
    if skeleton(known) in words:
        return How.BELOW
    name = skeleton(_readable(mine.split(".")[0]))
    return How.WITHIN if skeleton(known) in re.split(r"[^a-z0-9]+", name) else None


def skeleton(name: str) -> str:
    """A name with each letter as the one that it looks like (Unicode TR 39, and a few pairs)."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(_letters().get(c, c) for c in plain if not unicodedata.combining(c))
    for pair, one in _PAIRS:
        plain = plain.replace(pair, one)
    return plain


@cache
def _letters() -> dict[str, str]:
    """Letters beyond ASCII, and the ASCII letter or digit that each looks like."""
    table = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    found = {}
    for letter, others in json.loads(table).items():
        like = [
            o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii() and o["c"].isalnum()
        ]
        if len(letter) == 1 and not letter.isascii() and like:
            found[letter] = like[0].lower()
    return found


def _readable(name: str) -> str:
    try:
        return idna.decode(name) if "xn--" in name else name
    except (idna.IDNAError, UnicodeError):
        return name


def is_mixed(host: str) -> bool:
    """Whether a label holds letters of more than one script beside each other."""
    return any(len(_scripts(label)) > 1 for label in map(_readable, host.split(".")))


def _scripts(label: str) -> set[str]:
    named = (unicodedata.name(c, "").partition(" ")[0] for c in label if c.isalpha())
    found = {name for name in named if name}
    # Japanese is written in three at once.
    return found - {"CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "KATAKANA-HIRAGANA"} or set()


def _distance(one: str, other: str, most: int) -> bool:
    """Whether at most so many letters are added, left out, changed or swapped with the next."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        previous, row = row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (letter != wanted))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted
            row.append(min(cost, before[j - 2] + 1) if swapped else cost)
        before = previous
    return row[-1] <= most
