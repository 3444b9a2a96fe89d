"""Bar charts of survey answers in letters: `((chart: survey/question))` in a paragraph of its own.

What a chart shows is a part of the letter's content and is frozen with it: a later change of the
survey makes the text stale and changes nothing in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from campaign.drafting import markdown, placeholders
from campaign.drafting.tree import Bar, Chart
from campaign.evidence import queries, rules
from campaign.evidence.models import SurveyQuestion
from campaign.kernel.errors import Problem

UNKNOWN = "no survey has a question with these short names"
FLAGGED = "its numbers can be misread"
UNREPORTED = "not every answer has its percent in the survey"

Looked = Mapping[str, Chart | str]
"""By `survey/question`: the chart, or why it cannot be drawn."""


def used(source: str) -> tuple[str, ...]:
    """The charts that a text shows, `survey/question`, each once, in order."""
    names = (placeholders.chart_key(mark.name) for mark in markdown.marks(source) if not mark.why)
    return tuple(dict.fromkeys(name for name in names if name))


def looked(sources: Iterable[str]) -> Looked:
    """Every chart that these texts show as the surveys are now, each read once."""
    keys = dict.fromkeys(key for source in sources for key in used(source))
    return {key: look(key) for key in keys}


def of(source: str, known: Looked) -> dict[str, Chart]:
    """The charts of a text, without those that cannot be drawn."""
    shown = ((key, known[key]) for key in used(source))
    return {key: found for key, found in shown if isinstance(found, Chart)}


def problems(source: str, known: Looked) -> list[Problem]:
    """The charts of a text that cannot be drawn."""
    shown = ((key, known[key]) for key in used(source))
    return [
        Problem("chart-unusable", chart=key, why=found)
        for key, found in shown
        if isinstance(found, str)
    ]


def faults(source: str) -> list[markdown.Fault]:
    """Every place where a text shows a chart that cannot be drawn."""
    found = []
    for mark in markdown.marks(source):
        key = "" if mark.why else placeholders.chart_key(mark.name)
        why = look(key) if key else None
        if isinstance(why, str):
            place = markdown.position(source, mark.start)
            sentence = f"The chart cannot be drawn: {why}."
            found.append(markdown.Fault(*place, source[mark.start : mark.end], sentence))
    return found


def look(key: str) -> Chart | str:
    """The chart `survey/question`, or why it cannot be drawn."""
    survey_slug, _, slug = key.partition("/")
    question = queries.question(survey_slug, slug)
    return UNKNOWN if question is None else _drawn(question)


def _drawn(question: SurveyQuestion) -> Chart | str:
    asked = question.asked
    if asked.flag:
        return f"{FLAGGED} ({asked.flag})"
    if not rules.is_reported(asked.answers):
        return UNREPORTED
    bars = tuple(Bar(label, str(percent)) for label, percent in asked.answers)
    return Chart(asked.wording, bars, rules.source_line(question.survey.source))


class Offered(NamedTuple):
    """A chart that texts may show: what stands in the text, and why it cannot be drawn, if so."""

    key: str
    wording: str
    survey: str
    why: str


def shelf() -> tuple[Offered, ...]:
    """The charts of all surveys, newest survey first; read at once."""
    found = ((f"{one.survey.slug}/{one.slug}", one, _drawn(one)) for one in queries.questions())
    return tuple(
        Offered(key, one.wording, one.survey.title, drawn if isinstance(drawn, str) else "")
        for key, one, drawn in found
    )


def from_json(stored: Mapping[str, Any]) -> dict[str, Chart]:
    """Charts as a bundle holds them."""
    return {
        key: Chart(**{**one, "bars": tuple(Bar(**bar) for bar in one["bars"])})
        for key, one in stored.items()
    }
