"""What the letters of a campaign are made of: its texts, mentions and questions, by language.

Read once for any number of letters, with a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import sqlalchemy as sa

from campaign.campaigns.models import Campaign
from campaign.drafting import (
    attachment_queries,
    charts,
    custom_queries,
    figures,
    letterheads,
    library,
    mentioning,
    own_reading,
    review,
    review_queries,
)
from campaign.drafting.attached import Offered
from campaign.drafting.custom_queries import Own
from campaign.drafting.mentioning import Words
from campaign.drafting.models import Letter, LetterTemplate
from campaign.drafting.own import OwnWords, Said
from campaign.drafting.rendering import Letterhead
from campaign.drafting.rules import CAMPAIGN_TEXTS, TextKind
from campaign.extensions import db
from campaign.kernel import languages
from campaign.kernel.languages import ENGLISH


class Text(NamedTuple):
    """One text of a campaign; version 0 is the standard text, which nobody has saved yet.

    Attributes:
        language: that it is written in, a BCP 47 tag.
        name: what staff call it.
    """

    subject: str
    body: str
    version: int = 0
    language: str = ENGLISH
    name: str = ""

    @property
    def whole(self) -> str:
        """Its subject and its body."""
        return f"{self.subject}\n\n{self.body}"


Texts = Mapping[tuple[TextKind, str], Text]
"""A campaign's texts by kind and language. Its main language always has one; where that is a
standard text that we have not got in it, the text itself says another language."""


class Sources(NamedTuple):
    """What all letters of a campaign are made of.

    Attributes:
        main: the campaign's main language.
        mentions: its texts for public mentions, by language.
        charts: those that its texts show, or why one cannot be drawn.
        questions: all of them, by the languages that have every one.
        own: its own fields, and what its letters print for them.
        head: who we are.
        figures: those of reports that its texts print.
        attachments: files that go with its letters.
        steps: the campaign's review steps.
        differing: what single letters say otherwise, by the letter's id.
    """

    main: str
    texts: Texts
    mentions: Mapping[str, Words]
    charts: charts.Looked
    questions: Mapping[str, tuple[str, ...]]
    own: Own
    head: Letterhead
    figures: figures.Looked
    attachments: tuple[Offered, ...]
    steps: tuple[review.Step, ...] = ()
    differing: Mapping[int, OwnWords] = MappingProxyType({})

    def text(self, kind: TextKind, wanted: str) -> Text:
        """The text of a kind for a company whose language is `wanted` (empty: unknown)."""
        have = languages_of(self.texts, kind)
        return self.texts[kind, languages.served(wanted, self.main, have) or self.main]

    def mention(self, wanted: str) -> Words:
        """The text for public mentions of a company whose language is `wanted`."""
        return self.mentions[languages.served(wanted, self.main, self.mentions) or self.main]

    def asked(self, wanted: str) -> tuple[str, ...]:
        """The questions for a letter in that language: all in one, never mixed."""
        return self.questions[self.asks_in(wanted)]

    def asks_in(self, wanted: str) -> str:
        """The language of the questions for a letter in that language."""
        return languages.served(wanted, self.main, self.questions) or self.main


def main_language(campaign_id: int) -> str:
    """The campaign's main language."""
    return _campaign(campaign_id).language


def _campaign(campaign_id: int) -> Campaign:
    # Mostly in the session already, so that nothing is asked.
    return db.session.get_one(Campaign, campaign_id)


def standard(kind: TextKind, language: str) -> Text:
    """The text that a campaign in this language starts with; in English where we have no other."""
    text = library.standard(kind.value, language)
    own = languages.base(text.language) == languages.base(language)
    return Text(text.subject, text.body, 0, language if own else text.language)


def all_texts(campaign_id: int, main: str | None = None) -> dict[tuple[TextKind, str], Text]:
    """The newest texts of a campaign; the standard ones where its main language has none saved."""
    main = main or main_language(campaign_id)
    newest = {(kind, main): standard(kind, main) for kind in CAMPAIGN_TEXTS}
    saved = db.session.scalars(
        sa.select(LetterTemplate)
        .where(LetterTemplate.campaign_id == campaign_id)
        .order_by(LetterTemplate.version)
    )
    return newest | {
        (one.kind, one.language): Text(one.subject, one.body, one.version, one.language, one.name)
        for one in saved
    }


def latest(campaign_id: int) -> dict[TextKind, Text]:
    """The newest texts of a campaign in its main language."""
    main = main_language(campaign_id)
    texts = all_texts(campaign_id, main)
    return {kind: texts[kind, main] for kind in CAMPAIGN_TEXTS}


def languages_of(texts: Iterable[tuple[TextKind, str]], kind: TextKind) -> tuple[str, ...]:
    """The languages in which there is a text of that kind, in the order of their tags."""
    return tuple(sorted(language for which, language in texts if which is kind))


def read_sources(
    campaign_id: int,
    texts: Texts | None = None,
    only: Letter | None = None,
    differing: Mapping[int, OwnWords] | None = None,
) -> Sources:
    """What the letters of a campaign are made of, read once.

    Args:
        texts: in place of the newest saved ones, for a look at what is being typed.
        only: the one letter that they are read for; all of the campaign where none is given.
        differing: in place of what is saved of what single letters say otherwise.
    """
    main = main_language(campaign_id)
    texts = texts or all_texts(campaign_id, main)
    if differing is None:
        differing = own_reading.of_campaign(campaign_id, only)
    bodies = [one.body for one in differing.values()]
    shown = charts.looked([*(text.body for text in texts.values()), *bodies])
    written = [*(text.whole for text in texts.values()), *bodies]
    return Sources(
        main,
        texts,
        mentioning.by_language(campaign_id, main),
        shown,
        questions(_campaign(campaign_id)),
        custom_queries.own(campaign_id, only),
        letterheads.current(),
        figures.looked(written, only.company if only else None),
        attachment_queries.offered(campaign_id),
        review_queries.steps_of(campaign_id),
        differing,
    )


def questions(campaign: Campaign) -> dict[str, tuple[str, ...]]:
    """A campaign's questions by language; a language that lacks one of them has none."""
    asked = campaign.questions
    found: dict[str, list[str]] = {}
    for one in asked:
        for translated in one.translations:
            found.setdefault(translated.language, []).append(translated.text)
    whole = {tag: tuple(texts) for tag, texts in found.items() if len(texts) == len(asked)}
    return {**whole, campaign.language: tuple(one.text for one in asked)}


def said(campaign: Campaign) -> Callable[[str], Said]:
    """What a campaign's letters say that have nothing of their own, by the company's language."""
    main, asked = campaign.language, questions(campaign)
    texts = all_texts(campaign.id, main)
    have = languages_of(texts, TextKind.LETTER)

    def to(wanted: str) -> Said:
        text = texts[TextKind.LETTER, languages.served(wanted, main, have) or main]
        served = languages.served(text.language, main, asked) or main
        return own_reading.said(campaign, text.body, asked[served])

    return to
