"""What the records of our domain tell other mail servers about our mails.

SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) as a receiving server reads them; values in,
findings out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

_LOOKUPS_MOST = 10  # RFC 7208 section 4.6.4
_ASKS = re.compile(r"^[+?~-]?(include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr|exists:)|^redirect=", re.I)
_FURTHER = re.compile(r"^[+?~-]?include:(?P<name>\S+)$|^redirect=(?P<other>\S+)$", re.I)
_ALL = re.compile(r"^([+?~-]?)all$", re.I)


class Standing(StrEnum):
    """How well a record serves us."""

    GOOD = "good"
    UNSURE = "unsure"
    BAD = "bad"


class Finding(NamedTuple):
    """One thing that other servers look at.

    Attributes:
        found: the record itself; empty where there is none.
        means: what a receiving server makes of it.
        to_do: what to change; empty where nothing has to be.
    """

    name: str
    standing: Standing
    found: str
    means: str
    to_do: str = ""


def spf_records(texts: Sequence[str]) -> list[str]:
    """Those TXT records that are SPF."""
    return [text for text in texts if re.match(r"v=spf1(?: |$)", text, re.I)]


def spf_further(record: str) -> list[str]:
    """The domains whose records an SPF record takes in; macros are left out."""
    found = (_FURTHER.match(term) for term in record.split())
    names = [one["name"] or one["other"] for one in found if one]
    return [name for name in names if "%" not in name]


def spf_lookups(record: str) -> int:
    """How many questions the record itself costs a receiving server."""
    return sum(bool(_ASKS.match(term)) for term in record.split())


def spf(domain: str, texts: Sequence[str], lookups: int) -> Finding:
    """Which servers may send for the domain.

    Args:
        lookups: of the record and of all that it takes in.
    """
    name, records = "SPF", spf_records(texts)
    if not records:
        return Finding(
            name, Standing.BAD, "", "Nobody is told which servers send for this domain.",
            f"Publish a TXT record of {domain} such as “v=spf1 include:… -all”; your mail provider"
            " says what to include.",
        )  # fmt: skip
    if len(records) > 1:
        return Finding(
            name, Standing.BAD, " | ".join(records),
            "There are several records: servers then trust none of them.",
            "Put everything into one record.",
        )  # fmt: skip
    record = records[0]
    if lookups > _LOOKUPS_MOST:
        return Finding(
            name, Standing.BAD, record,
            f"It makes servers ask {lookups} questions; after {_LOOKUPS_MOST} they give up.",
            "Take out what no longer sends for you.",
        )  # fmt: skip
    ending = next((m[1] or "+" for term in record.split() if (m := _ALL.match(term))), "")
    if ending == "+":
        return Finding(
            name, Standing.BAD, record, "It allows every server of the world to send as you.",
            "End it with -all or ~all.",
        )  # fmt: skip
    if (not ending and "redirect=" not in record.lower()) or ending == "?":
        return Finding(
            name, Standing.UNSURE, record, "It says nothing about servers that it does not name.",
            "End it with -all or ~all.",
        )  # fmt: skip
    return Finding(
        name, Standing.GOOD, record, "Servers that it does not name are not trusted to be you."
    )


def dkim(record: str, texts: Sequence[str], our_key: str) -> Finding:
    """The public key that our signatures are checked with.

    Args:
        record: the name that it is looked up under; empty where this program does not sign.
        our_key: our public key as its record should hold it (base64).
    """
    name = "DKIM"
    if not record:
        return Finding(
            name, Standing.UNSURE, "", "This program does not sign; your mail server may.",
            "Send yourself a test and look for “dkim=pass” among its headers. Where it is missing,"
            " set DKIM_KEY and DKIM_SELECTOR, or let your provider sign.",
        )  # fmt: skip
    keys = [text for text in texts if "p=" in text]
    wanted = f"Publish a TXT record of {record}: “v=DKIM1; k=rsa; p={our_key}”."
    if not keys:
        return Finding(
            name, Standing.BAD, "", "We sign, and nobody can check it: the key is not published.",
            wanted,
        )  # fmt: skip
    published = re.sub(r"\s", "", tags(keys[0]).get("p", ""))
    if len(keys) > 1 or published != our_key:
        return Finding(
            name, Standing.BAD, " | ".join(keys),
            "The published key is not ours: every signature of ours is wrong.", wanted,
        )  # fmt: skip
    return Finding(name, Standing.GOOD, keys[0], "Servers can check that our mails are ours.")


def dmarc(where: str, texts: Sequence[str]) -> Finding:
    """What other servers do with mails that are not ours.

    Args:
        where: the name that a record was looked for under last.
    """
    name = "DMARC"
    records = [text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", text)]
    if not records:
        return Finding(
            name, Standing.BAD, "",
            "Anybody can write as you, and large providers may refuse your mail.",
            f"Publish a TXT record of {where}: “v=DMARC1; p=none; rua=mailto:…” to begin with.",
        )  # fmt: skip
    if len(records) > 1:
        return Finding(
            name, Standing.BAD, " | ".join(records), "There are several records: none counts.",
            "Leave one.",
        )  # fmt: skip
    policy = tags(records[0]).get("p", "").lower()
    if policy in ("quarantine", "reject"):
        done = "is refused" if policy == "reject" else "goes to spam"
        return Finding(
            name, Standing.GOOD, records[0], f"What is sent as you and is not yours {done}."
        )
    if policy == "none":
        return Finding(
            name, Standing.UNSURE, records[0],
            "It satisfies the providers that ask for a record and protects nobody yet.",
            "When the reports show only your own servers, change p to quarantine, then to reject.",
        )  # fmt: skip
    return Finding(
        name, Standing.BAD, records[0], "It states no policy that servers know.",
        "Write p=none, p=quarantine or p=reject.",
    )  # fmt: skip


def mx(domain: str, hosts: Sequence[str]) -> Finding:
    """Whether answers can arrive at all."""
    name = f"Mail to {domain}"
    if [host for host in hosts if host.strip(".")]:
        return Finding(name, Standing.GOOD, ", ".join(hosts), "Answers find a server.")
    return Finding(
        name, Standing.BAD, "", "No server takes mail for the address that answers come to.",
        f"Publish an MX record of {domain}.",
    )  # fmt: skip


def tags(record: str) -> dict[str, str]:
    """The `name=value` pairs of a record; the first of a name counts."""
    found: dict[str, str] = {}
    for part in record.split(";"):
        key, mark, value = part.partition("=")
        if mark:
            found.setdefault(key.strip().lower(), value.strip())
    return found


def parents(domain: str) -> list[str]:
    """The domain and those above it, down to two labels: where a DMARC record may stand."""
    labels = domain.split(".")
    return [".".join(labels[n:]) for n in range(max(1, len(labels) - 1))]
