"""What a public mention says: a campaign's words for it, filled in for one company's account.

A mention is never a delivery (fairness.md rule 7). A person carries it out; what they post was
approved with the letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.drafting import markdown, mentions, wording
from campaign.drafting.mentions import Counted, Network
from campaign.drafting.models import MentionTemplate
from campaign.drafting.placeholders import NOT_YES_NO, YES, Custom, Field, FieldKind
from campaign.drafting.texts import Found
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.kernel.languages import ENGLISH

FIELDS = (
    Field("handle", "The company's account, as its network writes it"),
    Field("company.name", "The company's name as people know it"),
    Field("company.legal_name", "The company's name in the register"),
    Field("campaign.title", "The campaign's title"),
    Field("organisation.name", "Our name"),
    Field("deadline", "The last day for a reply, for example “6 December 2026”"),
    Field("letter.date", "The date of the letter"),
    Field("letter.reference", "The reference of the letter"),
)
"""What a mention may hold: plain words and these."""

_KNOWN = frozenset(field.name for field in FIELDS)
_UNKNOWN = "A mention has no such field. Pick one from the list below."
_NO_HANDLE = "Put ((handle)) into the text: without it nobody is mentioned."


class Words(NamedTuple):
    """A campaign's text for mentions; version 0 is the standard one, which nobody has saved.

    Attributes:
        language: that it is written in, a BCP 47 tag.
    """

    body: str
    version: int = 0
    language: str = ENGLISH


class Mention(NamedTuple):
    """What is posted to one account of a company.

    Attributes:
        contact: the contact's value, which the dispatch is addressed to.
        version: of the campaign's text for mentions in that language.
    """

    contact: str
    network: Network
    text: str
    version: int
    language: str = ENGLISH

    @property
    def where(self) -> str:
        """The network in words."""
        return mentions.NAMES[self.network]

    @property
    def counted(self) -> tuple[Counted, ...]:
        """Its length against each limit of the network."""
        return mentions.counts(self.network, self.text)

    @property
    def hint(self) -> str:
        """How the network writes handles."""
        return mentions.HOW_WRITTEN[self.network]


def standard(language: str) -> Words:
    """What a campaign's mention says before anybody has changed it."""
    lent = wording.lent(language)
    return Words(wording.of(language, lent).mention, 0, lent or language)


STANDARD = standard(ENGLISH).body


def by_language(campaign_id: int, main: str) -> dict[str, Words]:
    """The newest texts for mentions of a campaign; the standard one where its main language has
    none saved."""
    saved = db.session.scalars(
        sa.select(MentionTemplate)
        .where(MentionTemplate.campaign_id == campaign_id)
        .order_by(MentionTemplate.version)
    )
    found = {one.language: Words(one.body, one.version, one.language) for one in saved}
    return {main: standard(main), **found}


def versions(campaign_id: int, language: str = ENGLISH) -> list[tuple[MentionTemplate, User]]:
    """All versions of a campaign's text for mentions in a language and who wrote each, newest
    first."""
    rows = db.session.execute(
        sa.select(MentionTemplate, User)
        .join(User, User.id == MentionTemplate.created_by_id)
        .where(MentionTemplate.campaign_id == campaign_id, MentionTemplate.language == language)
        .order_by(MentionTemplate.version.desc())
    )
    return [(template, author) for template, author in rows]


def faults(body: str, custom: Custom) -> list[Found]:
    """Everything that keeps a text for mentions from being saved.

    Args:
        custom: the campaign's own fields.
    """
    marks = list(markdown.marks(body))
    found = [
        Found("", *markdown.position(body, mark.start), body[mark.start : mark.end], why)
        for mark in marks
        if (why := _why_not(mark, custom))
    ]
    if all(mark.name != "handle" for mark in marks):
        found.append(Found("Text", 1, 1, "((handle))", _NO_HANDLE))
    return found


def _why_not(mark: markdown.Mark, custom: Custom) -> str:
    if mark.why:
        return mark.why
    if mark.name not in _KNOWN and mark.name not in custom:
        return _UNKNOWN
    conditional = mark.shown is not None
    return NOT_YES_NO if conditional and custom.get(mark.name) is not FieldKind.YES_NO else ""


def filled(body: str, values: Mapping[str, str], company: str) -> str:
    """The text with every field filled in, in one pass: values are not read again.

    Raises:
        Problem: `placeholder-missing` for a field without a value.
    """
    parts, at = [], 0
    for mark in markdown.marks(body):
        value = values.get(mark.name, "").strip()
        if not value:
            raise Problem("placeholder-missing", company=company, field=mark.name)
        words = value if mark.shown is None else mark.shown if value == YES else ""
        before = body[at : mark.start]
        # Words that are not shown take the space before them along.
        parts += [before if words else before.rstrip(" "), " ".join(words.split())]
        at = mark.end
    return "".join((*parts, body[at:])).strip()


def mention(words: Words, contact: str, values: Mapping[str, str], company: str) -> Mention:
    """What is posted to an account.

    Raises:
        Problem: `placeholder-missing`.
    """
    handle = mentions.handle_of(contact)
    text = filled(words.body, {**values, "handle": handle.written}, company)
    return Mention(contact, handle.network, text, words.version, words.language)


def refuse_long(one: Mention, company: str) -> None:
    """Refuse a mention that its network would not take.

    Raises:
        Problem: `mention-too-long`, with how many too many.
    """
    over = mentions.too_long(one.network, one.text)
    if over:
        raise Problem(
            "mention-too-long", company=company, network=one.where, over=over.over,
            unit=over.unit, limit=over.limit,
        )  # fmt: skip
