"""Which address a report without usable fields is about: every address in it, weighed.

Reports name many: ours, their postmaster's, the sender's of a quoted command, one in an
example. The one that failed stands alone in a line, behind a label, before what a server said.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable

from flufl.bounce import all_failures

from campaign.replies import words_reports as words
from campaign.replies.headers import addresses, author
from campaign.replies.mime import Headers

_STATED = (
    "x-failed-recipients",
    "x-failed-recipient",
    "x-bounced-address",
    "x-mailer-daemon-recipients",
    "x-actual-recipient",
)
_LINES, _LINE, _ADDRESSES = 400, 500, 100
_ADDRESS = re.compile(
    r'"[^"@\n]{1,64}"@[A-Za-z0-9.-]{1,253}'
    r"|[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,100}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}",
)
_WIDE = re.compile(r"[^\s<>()\[\],;:\"'@「」（）：]{1,64}@[^\s<>()\[\],;:\"'@「」（）：]{1,190}")
_LABEL = re.compile(
    r"(?:recipients?(?: address(?:es)?| e-?mail)?|to|rcpt to|address(?:es)?|user|mailbox|account"
    r"|e-?mail|failed|for|deliver(?:ed|y)?(?: message)? to|reach|final-recipient|original-recipient"
    r"|unknown|empfänger(?:adresse)?|an|adresse|destinataires?|à|destinatari[oa]s?|para|a|aan"
    r"|till|til"
    r"|do|komu|кому|получател\S+|адрес\S*|宛先|アドレス|あて先|收件人|地址|받는 사람|수신자)"
    r"\W{0,3}(?:is|was|rfc822|smtp)?[\s:;=<\"'(「：-]{1,4}$",
    re.I,
)
_NOT_IT = re.compile(
    r"(?:mail from|envelope(?:[- ](?:from|sender))?|\bfrom|sender(?: e-?mail)?(?: address)?"
    r"|return-path|reply-to"
    r"|moved(?: permanently)? to|new (?:e-?mail )?address(?: is)?|replaced by|please (?:try|use)"
    r"|message-?id|\bid"
    r"|contact|helpdesk|report(?:ed)? (?:this )?to|\bby|questions?|assistance|help|write to|mailto"
    r"|complain\w* to|e-?mail us at|forward (?:this|it) to|postmaster at|absender|expéditeur"
    r"|remitente"
    r"|mittente|отправител\S+|差出人|发件人|phone|support|administrator|authenticated|user=|orcpt"
    r"|cc|bcc|subject|note to|received)\W{0,4}(?:is|was|at|the|us)?[\s:;=<\"'(\[]{0,4}$",
    re.I,
)
_SERVICE = re.compile(
    r"^(?:postmaster|mailer-daemon|abuse|support|help\w*|no-?reply|hostmaster|admin\w*|security"
    r"|webmaster|info-?center|feedback|unblock|delist)(?:[-+.].*)?$",
    re.I,
)
_INTRODUCES = re.compile(
    r"(?:recipient|address|following|user|mailbox|deliver|reach|fail|empfänger|adress|destinat"
    r"|direcci|indirizz|endere|adres|получател|адрес|宛先|アドレス|收件人|地址|수신자|mottagar|modtager"
    r"|vastaanottaj|příjem|title|list)[^\n]{0,200}[:：]?\W{0,4}$",
    re.I,
)
_SURE = 4


def failed_address(
    own: str, headers: Headers, returned: Iterable[Headers], raw: bytes
) -> str | None:
    """The first address that failed; None where the report names none.

    Args:
        own: the report's own words.
        headers: those of the report.
        returned: those of the mail that it returns.
        raw: the report as it came, for the library that knows further shapes.
    """
    stated = [a for name in _STATED for value in headers.all(name)[:5] for a in addresses(value)]
    groups = list(returned)
    sent_to = _sent_to(groups)
    ours = set(addresses(headers.get("to")[:2000])) | {author(headers)[1]}
    ours |= _senders(groups) - set(sent_to)
    weighed = _weighed(own, ours, stated, sent_to)
    best = max(weighed.items(), key=lambda item: item[1], default=("", -9))
    if best[1] >= _SURE:
        return best[0]
    further = [*stated, *_flufl(raw), *([best[0]] if best[1] > 0 else []), *sent_to]
    if further:
        return next((a for a in further if a not in ours), further[0])
    return best[0] or None


def _senders(groups: list[Headers]) -> set[str]:
    """Our own addresses in the returned mail: servers name these too when they refuse."""
    names = ("from", "sender", "reply-to", "return-path")
    return {a for n in names for h in groups for a in addresses(h.get(n)[:2000])}


def _sent_to(groups: list[Headers]) -> list[str]:
    names = ("x-failed-recipients", "x-original-to", "envelope-to", "to", "cc", "apparently-to")
    return [a for n in names for h in groups for a in addresses(h.get(n)[:2000])][:20]


def _weighed(own: str, ours: set[str], stated: list[str], sent_to: list[str]) -> dict[str, int]:
    """Every address in the words with its best weight, in the order of the text."""
    weights: dict[str, int] = {}
    before = ""
    for line in own.split("\n")[:_LINES]:
        bare = line.strip()[:_LINE]
        if len(weights) >= _ADDRESSES:
            break
        for match in [*_ADDRESS.finditer(bare)] or [*_WIDE.finditer(bare)]:
            address = match.group().strip(".*'`=-").lower()
            if "@" not in address.strip("@"):
                continue
            weight = _weight(bare, match, before)
            weight -= 6 * (address in ours) + 5 * bool(_SERVICE.match(address.partition("@")[0]))
            weight += 4 * (address in stated) + 2 * (address in sent_to)
            weights[address] = max(weight, weights.get(address, -9))
        before = bare or before
    return weights


def _weight(line: str, match: re.Match[str], before: str) -> int:
    left, right = line[: match.start()], line[match.end() :]
    if _NOT_IT.search(left[-60:]) and not re.search(
        r"(?:rcpt|delivered|address)\W+to\W*$", left, re.I
    ):
        return -6
    weight = 1
    if re.match(r"^[\s<\"'*:>•·「(\[-]*$", left):  # it begins the line
        weight += 2 if re.match(r"^[>\"')\]」]*\s*(?:[:;.,(\[-]|\.\.\.|$)", right) else 1
    if re.match(r"^[\s<\"'*:>•·「(\[-]*$", left) and not re.search(r"\w", right):
        weight += 2  # and is all of it
    if _LABEL.search(left):
        weight += 3
    if words.SMTP_SAID.search(line) or words.FAILURE.search(line):
        weight += 2
    if _INTRODUCES.search(before):
        weight += 2
    return weight


def _flufl(raw: bytes) -> list[str]:
    beginning = b"\n".join(raw[: 64 * 1024].split(b"\n", 1000)[:1000])
    if b"@" not in beginning:
        return []
    try:
        message = email.message_from_bytes(beginning, policy=email.policy.compat32)
        temporary, permanent = all_failures(message)
    except Exception:
        return []
    return sorted(a.decode("latin-1").lower() for a in (permanent or temporary) if a)
