"""What is done to surveys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.database import new_ref, transaction
from campaign.evidence import rules
from campaign.evidence.models import Survey, SurveyAnswer, SurveyQuestion
from campaign.evidence.rules import Answer
from campaign.history.operations import record
from campaign.kernel import fields
from campaign.kernel.errors import Problem
from campaign.kernel.text import slugify


def save_survey(
    *,
    title: str,
    pollster: str,
    questions: str,
    actor: User | None,
    survey_id: int | None = None,
    client: str = "",
    method: str = "",
    universe: str = "",
    coverage: str = "",
    fieldwork_start: date | None = None,
    fieldwork_end: date | None = None,
    sample_size: int | None = None,
    weighted: bool | None = None,
    tables_url: str = "",
    archive_url: str = "",
    invented: bool = False,
    note: str = "",
    based_on: str | None = None,
) -> Survey:
    """Add a survey, or change one; its short name comes from its first title and stays.

    The same words again change nothing.

    Args:
        questions: as typed, see `rules.read`.
        survey_id: the survey to change; None for a new one.
        based_on: the `rules.mark` of what was changed; where given, what somebody else has saved
            since is not overwritten.

    Raises:
        Problem: `survey-questions` with every line that is wrong, `survey-exists`,
            `survey-newer`, `survey-dates`, `survey-sample`, `survey-address`, `not-there`, or
            that a field is empty or too long.
    """
    facts = {
        "title": fields.line(title, name="Title", limit=200, required=True),
        "pollster": fields.line(pollster, name="Pollster", limit=200, required=True),
        "client": fields.line(client, name="Client", limit=200),
        "method": fields.line(method, name="Method", limit=200),
        "universe": fields.line(universe, name="Who was asked", limit=200),
        "coverage": fields.line(coverage, name="Coverage", limit=200),
        **_period(fieldwork_start, fieldwork_end),
        "sample_size": _sample(sample_size),
        "weighted": weighted,
        "tables_url": address(tables_url),
        "archive_url": address(archive_url),
        "invented": invented,
        "note": fields.text(note, name="Note", limit=2_000),
    }
    asked = _asked(fields.text(questions, name="Questions", limit=20_000, required=True))
    try:
        with transaction() as session:
            if survey_id is None:
                return _save(session, _new(session, facts), facts, asked, actor)
            survey = _standing(session, survey_id)
            now = rules.mark(survey.facts)
            if now == rules.mark({**facts, "questions": rules.typed(asked)}):
                return survey
            if based_on is not None and based_on != now:
                raise Problem("survey-newer", title=survey.title)
            return _save(session, survey, facts, asked, actor)
    except IntegrityError:  # somebody added the same one at the same moment
        raise Problem("survey-exists", title=facts["title"]) from None


def _save(
    session: Session,
    survey: Survey,
    facts: dict[str, Any],
    asked: Sequence[rules.Asked],
    actor: User | None,
) -> Survey:
    for name, value in facts.items():
        setattr(survey, name, value)
    survey.questions = []
    session.flush()  # the old questions leave before new ones take their short names
    survey.questions = [_question(position, one) for position, one in enumerate(asked, 1)]
    session.flush()
    told = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }
    record("survey.saved", survey, actor=actor, facts=told, questions=rules.typed(asked))
    return survey


def _standing(session: Session, survey_id: int) -> Survey:
    """The survey to change, one writer at a time."""
    survey = session.get(Survey, survey_id, with_for_update=True)
    if survey is None:
        raise Problem("not-there", what="survey")
    return survey


def _new(session: Session, facts: dict[str, Any]) -> Survey:
    slug = slugify(facts["title"])[:80].strip("-")
    if session.scalar(sa.select(Survey.id).where(Survey.slug == slug)) is not None:
        raise Problem("survey-exists", title=facts["title"])
    survey = Survey(ref=new_ref(), slug=slug, **facts)
    session.add(survey)
    return survey


def _question(position: int, asked: rules.Asked) -> SurveyQuestion:
    return SurveyQuestion(
        position=position,
        slug=asked.slug,
        wording=asked.wording,
        flag=asked.flag,
        answers=[_answer(place, one) for place, one in enumerate(asked.answers, 1)],
    )


def _answer(position: int, answer: Answer) -> SurveyAnswer:
    share = answer.percent
    if share is None:
        return SurveyAnswer(position=position, label=answer.label, hundredths=None)
    decimals = -int(share.as_tuple().exponent)
    hundredths = int(share.scaleb(2))
    return SurveyAnswer(
        position=position, label=answer.label, hundredths=hundredths, decimals=decimals
    )


def _asked(typed: str) -> Sequence[rules.Asked]:
    asked, wrong = rules.read(typed)
    if wrong:
        lines = " ".join(f"Line {one.line}: {one.why}" for one in sorted(wrong))
        raise Problem("survey-questions", lines=lines)
    return asked


def _period(start: date | None, end: date | None) -> dict[str, date | None]:
    if start and end and start > end:
        raise Problem("survey-dates")
    return {"fieldwork_start": start, "fieldwork_end": end}


def _sample(size: int | None) -> int | None:
    if size is not None and not 0 < size < 2**31:
        raise Problem("survey-sample")
    return size


def address(url: str) -> str:
    """The address of a page, checked; empty for none.

    Raises:
        Problem: `survey-address`.
    """
    url = fields.line(url, name="Address", limit=500)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Problem("survey-address", url=url) from None
    if url and not (parts.scheme in ("http", "https") and parts.netloc):
        raise Problem("survey-address", url=url)
    return url
