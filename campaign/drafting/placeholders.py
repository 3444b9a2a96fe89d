"""The fields that a letter may hold, and what is wrong in a source that uses them.

A fixed list, filled in one pass (bad-inputs.md 13 to 16). `campaign.drafting.markdown` has the
syntax. Block fields stand alone in a paragraph, and so does `((chart: survey/question))` of
`campaign.drafting.charts`; the others stand in any text, and so does `((figure: report/name))` of
`campaign.drafting.figures`. As a link's
target only `privacy_link` and `reply.address` are allowed: `[notice](((privacy_link)))`.

A campaign adds fields of its own; their names begin with `custom.`, so that none ever stands for
one of the list. A yes/no field may hold words to show where the answer is yes: `((name??words))`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_location, get_timezone_name

from campaign.drafting import markdown, wording
from campaign.drafting.markdown import Fault
from campaign.kernel.languages import ENGLISH, base

__all__ = [
    "BLOCKS",
    "FIELDS",
    "LATEST_ZONE",
    "TARGETS",
    "UNKNOWN",
    "Custom",
    "Fault",
    "Field",
    "FieldKind",
    "FigureKey",
    "chart_key",
    "date_words",
    "deadline_values",
    "faults",
    "faults_of_line",
    "figure_key",
    "is_block",
    "kinds_by_value",
    "missing",
    "names",
]


class FieldKind(StrEnum):
    """What a field of a campaign holds: words, or a yes or no."""

    TEXT = "text"
    YES_NO = "yes_no"


Custom = Mapping[str, FieldKind]
"""The fields of a campaign: their names with `custom.` before, and what they hold."""

PREFIX = "custom."
YES, NO = "yes", "no"
_NONE: Custom = {}


class Field(NamedTuple):
    """A placeholder: its name, what it prints, and whether it fills a paragraph of its own."""

    name: str
    what: str
    block: bool = False


FIELDS: tuple[Field, ...] = (
    Field("company.name", "The company's name as people know it"),
    Field("company.legal_name", "The company's name in the register"),
    Field("contact.salutation", "Whom the letter greets, for example “Privacy Office”"),
    Field("contact.office", "The office or person the letter is addressed to"),
    Field("contact.address", "The contact's postal address"),
    Field("campaign.title", "The campaign's title"),
    Field("organisation.name", "Our name"),
    Field("organisation.address", "Our postal address"),
    Field("reply.address", "The one e-mail address to answer to"),
    Field("deadline", "The last day for a reply, for example “6 December 2026”"),
    Field("deadline.long", "The last day for a reply with weekday, end of day and time zone"),
    Field("letter.date", "The date of this letter"),
    Field("questions", "The campaign's questions as a numbered list", block=True),
    Field("publication_notice", "That we publish the reply, and that none came", block=True),
    Field("how_to_confidential", "How to mark something as confidential", block=True),
    Field("how_to_more_time", "How to ask for more time", block=True),
    Field("privacy_link", "The address of our page on personal data"),
    Field("signatory.name", "The name of the first person who signs"),
    Field("signatory.role", "The role of the first person who signs"),
    Field("letter.reference", "The reference of this letter"),
    Field("original.date", "In a reminder: the date of the letter that it reminds of"),
)
LATEST_ZONE = "Etc/GMT+12"
"""The zone whose day ends last, for a company whose zone is not known (fairness.md rule 2)."""

BLOCKS = frozenset(field.name for field in FIELDS if field.block)
TARGETS = frozenset({"privacy_link", "reply.address"})

_KNOWN = frozenset(field.name for field in FIELDS)
UNKNOWN = "There is no such field. Pick one from the list, or write \\(( to print two brackets."
_NOT_ALONE = "This field fills a paragraph of its own: put an empty line before and after it."
NOT_YES_NO = "Only a yes/no field of this campaign can decide with ?? whether words are shown."
_NOT_A_TARGET = "Only privacy_link and reply.address can be the target of a link."


_FIGURE = re.compile(r"figure:[ \t]*([a-z0-9-]+)/([a-z0-9-]+)(?:[ \t]+(period|source))?", re.ASCII)
_CHART = re.compile(r"chart:[ \t]*([a-z0-9-]+/[a-z0-9-]+)")


def chart_key(name: str) -> str:
    """`survey/question` of a name such as `chart: survey/question`; empty for other names."""
    found = _CHART.fullmatch(name)
    return found[1] if found else ""


class FigureKey(NamedTuple):
    """What a name such as `figure: report/short-name source` asks for.

    Attributes:
        report: the report's short name, or `company` for the letter's company's newest.
        part: `period` or `source`; empty for the figure itself.
    """

    report: str
    figure: str
    part: str = ""


def figure_key(name: str) -> FigureKey | None:
    """What a name asks for of a figure; None for other names."""
    found = _FIGURE.fullmatch(name)
    return FigureKey(found[1], found[2], found[3] or "") if found else None


def is_block(name: str) -> bool:
    """Whether a field fills a paragraph of its own."""
    return name in BLOCKS or bool(chart_key(name))


def _is_known(name: str) -> bool:
    return name in _KNOWN or bool(chart_key(name)) or bool(figure_key(name))


def names(source: str) -> frozenset[str]:
    """The names used in a source, known or not."""
    return frozenset(mark.name for mark in markdown.marks(source) if not mark.why)


def missing(source: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The names used in a source that have no value or a blank one, in the order of `FIELDS`."""
    used = names(source)
    blank = {name for name in used if not values.get(name, "").strip()}
    order = [field.name for field in FIELDS if field.name in blank]
    return (*order, *sorted(blank - _KNOWN))


def faults(source: str, custom: Custom = _NONE) -> tuple[Fault, ...]:
    """Everything that keeps a source from being a letter, in the order of its lines."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    document = markdown.parse(source)
    found = [*_faults_of_marks(source, custom), *_faults_of_places(source, document.places)]
    return tuple(sorted({*found, *document.faults}))


def faults_of_line(source: str, custom: Custom = _NONE) -> tuple[Fault, ...]:
    """What is wrong with the placeholders of a line that holds no Markdown, such as a subject."""
    return tuple(_faults_of_marks(source, custom))


def _why_not(mark: markdown.Mark, custom: Custom) -> str:
    if mark.why:
        return mark.why
    if not _is_known(mark.name) and mark.name not in custom:
        return UNKNOWN
    conditional = mark.shown is not None
    return NOT_YES_NO if conditional and custom.get(mark.name) is not FieldKind.YES_NO else ""


def _faults_of_marks(source: str, custom: Custom) -> list[Fault]:
    found = []
    for mark in markdown.marks(source):
        why = _why_not(mark, custom)
        if why:
            line, column = markdown.position(source, mark.start)
            found.append(Fault(line, column, source[mark.start : mark.end], why))
    return found


def _faults_of_places(source: str, places: tuple[markdown.Place, ...]) -> list[Fault]:
    found = []
    for place in places:
        if place.where == "target":
            why = "" if place.name in TARGETS else _NOT_A_TARGET
        else:
            why = _NOT_ALONE if is_block(place.name) and place.where != "alone" else ""
        if why and _is_known(place.name):
            line, column = _position_of(source, place)
            found.append(Fault(line, column, f"(({place.name}))", why))
    return found


def _position_of(source: str, place: markdown.Place) -> tuple[int, int]:
    """Line and column of a placeholder, which stands in the paragraph that starts at its line."""
    needle = re.compile(r"\(\([ \t]*" + re.escape(place.name) + r"[ \t]*\)\)")
    start = sum(len(line) + 1 for line in source.split("\n")[: place.line - 1])
    found = needle.search(source, start)
    return markdown.position(source, found.start()) if found else (place.line, 1)


def kinds_by_value(values: Mapping[str, str]) -> dict[str, FieldKind]:
    """A campaign's fields as far as a letter's own values tell; a blank one may be either."""
    return {
        name: FieldKind.YES_NO if value.strip() in ("", YES, NO) else FieldKind.TEXT
        for name, value in values.items()
        if name.startswith(PREFIX)
    }


@lru_cache(maxsize=512)
def date_words(day: date, language: str = ENGLISH) -> str:
    """A date in words, “6 December 2026”; in English where the language is not known."""
    locale = _locale(language)
    pattern = "d MMMM y" if locale.language == ENGLISH else "long"
    return format_date(day, pattern, locale=locale)


def deadline_values(
    day: date, zone: str, language: str = ENGLISH, lent: str = ""
) -> dict[str, str]:
    """The values of `deadline` and `deadline.long` for an inclusive day in a time zone.

    The zone is said in words, because a deadline means the end of the day where the company is
    (fairness.md rule 2).

    Args:
        day: the last day on which a reply is in time.
        zone: a name from the tz database, “Europe/Berlin”.
        language: of the letter.
        lent: the language whose words it gets where there are none in its own.
    """
    words = wording.of(language, lent)
    # One language within the sentence: that of its words.
    tag = language if base(language) == base(words.language) else words.language
    locale = _locale(tag)
    end = datetime.combine(day, time.max, tzinfo=ZoneInfo(zone))
    place = "city"
    if zone == LATEST_ZONE:
        place = "anywhere"
    elif "/" not in zone or zone.startswith("Etc/"):
        place = "offset"
    where = words.deadline[place].format(city=_city(zone, locale), short=_zone_sign(end, locale))
    weekday = format_date(day, "EEEE", locale=locale)
    long = words.deadline["long"].format(weekday=weekday, date=date_words(day, tag), where=where)
    return {"deadline": date_words(day, language), "deadline.long": long}


def _city(zone: str, locale: Locale) -> str:
    if locale.language == ENGLISH:
        return zone.rpartition("/")[2].replace("_", " ")
    return str(get_timezone_location(zone, locale=locale, return_city=True)).rpartition("/")[2]


def _zone_sign(end: datetime, locale: Locale) -> str:
    """The zone at that moment in letters, “CET”, in German “MEZ”; else as “UTC+01:00”."""
    sign = end.tzname() or ""
    if sign.isalpha() and locale.language != ENGLISH:
        told = get_timezone_name(end, width="short", locale=locale)
        sign = told if told.isalpha() else sign
    if sign.isalpha():
        return sign
    offset = end.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:]}"


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale(ENGLISH)
