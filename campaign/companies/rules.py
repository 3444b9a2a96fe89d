"""What a company's contacts are worth, and which domains are its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

import idna
from email_validator import EmailNotValidError, validate_email

from campaign.kernel.errors import Problem
from campaign.kernel.text import slugify

VERIFIED_FOR_DAYS = 365
"""A contact counts as verified for under 12 months (fairness.md rule 7)."""

SLUG_LENGTH = 80
WEB_ADDRESS_LENGTH = 1000

FREE_MAIL_HOSTS = frozenset(
    """
    126.com 163.com 1und1.de aol.com aol.de arcor.de bluewin.ch btinternet.com
    comcast.net duck.com fastmail.com fastmail.fm free.fr freenet.de gmail.com gmx.at
    gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.com hotmail.co.uk
    hotmail.de hotmail.fr icloud.com inbox.lv interia.pl kabelmail.de laposte.net libero.it
    live.com live.co.uk mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com naver.com
    o2.pl online.de orange.fr outlook.com outlook.de pm.me posteo.de posteo.net proton.me
    protonmail.com qq.com rambler.ru riseup.net rocketmail.com sapo.pt seznam.cz sfr.fr
    sky.com t-online.de tuta.com tuta.io tutanota.com tutanota.de ukr.net virgilio.it
    wanadoo.fr web.de wp.pl yahoo.com yahoo.co.jp yahoo.co.uk yahoo.de yahoo.fr yandex.com
    yandex.ru ymail.com zoho.com
    """.split()
)

# Sites on which a company has a page but not the domain.
_SHARED_SITES = frozenset(
    """
    bsky.app facebook.com github.com instagram.com linkedin.com mastodon.social medium.com
    sites.google.com tiktok.com twitter.com wikipedia.org x.com xing.com youtube.com
    docs.google.com forms.gle forms.office.com typeform.com zendesk.com onetrust.com
    """.split()
)

# Hosts below which each name belongs to somebody else.
_SHARED_SUFFIXES = frozenset(
    """
    appspot.com azurewebsites.net blogspot.com cloudfront.net github.io gitlab.io herokuapp.com
    jimdofree.com myshopify.com netlify.app onmicrosoft.com pages.dev substack.com tumblr.com
    vercel.app weebly.com wixsite.com wordpress.com workers.dev zendesk.com onetrust.com
    """.split()
)

# Second levels under a country's domain that are open to all (co.uk, com.au, or.jp).
_SECOND_LEVELS = frozenset(
    "ac asso co com edu gob gouv gov gv ltd mil ne net nhs nom or org plc sch".split()
)


class Channel(StrEnum):
    """The way a letter takes to a contact."""

    EMAIL = "email"
    FORM = "form"
    POST = "post"
    MENTION = "mention"


def is_verified(verified_how: str | None, verified_on: date | None, today: date) -> bool:
    """Whether a person recorded where the contact comes from, under 12 months ago.

    Source: fairness.md rule 7. A date to come verifies nothing.
    """
    if not (verified_how or "").strip() or verified_on is None:
        return False
    return 0 <= (today - verified_on).days < VERIFIED_FOR_DAYS


def domains_of(website: str | None, emails: Iterable[str]) -> frozenset[str]:
    """The company's own domains, as A-labels, to suggest whose an incoming message is.

    Subdomains are cut off (`mail.acme.co.uk` gives `acme.co.uk`). A free-mail host, a social
    network or a form service is never a company's domain. Works without the public suffix
    list, so a match is a suggestion to a person and no proof.
    """
    hosts = [address.rpartition("@")[2] for address in emails if "@" in address]
    if website:
        hosts.append(_host_of(website))
    return frozenset(domain for domain in map(own_domain, hosts) if domain)


def own_domain(host: str) -> str:
    """The part of a host name that its owner registered; empty where it is nobody's own."""
    name = _a_label(host.strip().rstrip(".").lower())
    labels = name.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return ""
    if any(".".join(labels[n:]) in _SHARED_SITES for n in range(len(labels))):
        # A customer of a form service has a name of its own there; a social network gives none.
        return ""
    domain = ".".join(labels[-_labels_owned(labels) :])
    return "" if domain in FREE_MAIL_HOSTS or domain in _SHARED_SUFFIXES else domain


def _labels_owned(labels: list[str]) -> int:
    if ".".join(labels[-2:]) in _SHARED_SUFFIXES:
        return 3
    country_code = len(labels[-1]) == 2
    return 3 if country_code and labels[-2] in _SECOND_LEVELS and len(labels) > 2 else 2


def _host_of(website: str) -> str:
    try:
        return urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return ""


def _a_label(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def clean_email(text: str) -> str:
    """The one address in `text`, its domain as A-labels in lower case.

    The part before the @ may go beyond ASCII: whether our mail server takes such an address
    is asked when a letter is sent there.

    Raises:
        Problem: `bad-contact`; nothing is looked up in the network.
    """
    value = text.strip()
    # Routes of old (`user%host@relay`, `host!user@relay`) make a relay send elsewhere.
    if "%" in value or "!" in value:
        raise Problem("bad-contact", value=text, what="mail address", why="it holds % or !")
    if value.count("@") > 1 or "," in value or ";" in value:
        why = "it is not one address; give each a contact of its own"
        raise Problem("bad-contact", value=text, what="mail address", why=why)
    try:
        found = validate_email(value, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        why = str(error).rstrip(".")
        raise Problem("bad-contact", value=text, what="mail address", why=why) from None
    return f"{found.local_part}@{found.ascii_domain.lower()}"


def clean_web_address(text: str) -> str:
    """An http or https address; `https://` is added where no scheme is given.

    Raises:
        Problem: `bad-contact`.
    """
    value = text.strip()
    why = _why_not_web(value if "//" in value else f"https://{value}")
    if why:
        raise Problem("bad-contact", value=text[:200], what="web address", why=why)
    return value if "//" in value else f"https://{value}"


def _why_not_web(value: str) -> str:
    if len(value) > WEB_ADDRESS_LENGTH:
        return f"it is longer than {WEB_ADDRESS_LENGTH} characters"
    if re.search(r"[\s<>\"\\]", value):
        return "it holds a space, a quotation mark or a bracket"
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return "it is not a web address"
    if parts.scheme.lower() not in {"http", "https"}:
        return "it must begin with https:// or http://"
    if parts.username is not None or parts.password is not None:
        return "it holds a user name"
    host = _a_label(parts.hostname or "")
    return "" if "." in host and not host[-1].isdigit() else "its host is not a public name"


def slug_of(name: str) -> str:
    """A slug made from a company's name; the same name always gives the same slug."""
    slug = slugify(name, SLUG_LENGTH)
    # A name in another script leaves nothing ("item"), or a rest that many others share.
    nothing_left = slug == slugify("") and slug not in name.casefold()
    if nothing_left or sum(map(str.isalpha, name)) > 2 * sum(map(str.isalpha, slug)):
        return f"company-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
    return slug


def is_slug(text: str) -> bool:
    """Whether the text can stand in a web address as a company's name."""
    return len(text) <= SLUG_LENGTH and bool(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text))
