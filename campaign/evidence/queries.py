"""Reading surveys."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from campaign.evidence.models import Survey, SurveyQuestion
from campaign.extensions import db


def surveys(words: str = "") -> sa.Select[Any]:
    """Surveys, newest first; those whose title or pollster holds the words."""
    query = sa.select(Survey).order_by(Survey.created_at.desc(), Survey.id.desc())
    if words:
        found = [name.icontains(words, autoescape=True) for name in (Survey.title, Survey.pollster)]
        query = query.where(sa.or_(*found))
    return query


def survey(slug: str) -> Survey | None:
    """The survey with that short name."""
    return db.session.scalar(sa.select(Survey).where(Survey.slug == slug))


def question(survey_slug: str, slug: str) -> SurveyQuestion | None:
    """A question by the short names of its survey and its own."""
    return db.session.scalar(
        sa.select(SurveyQuestion)
        .join(Survey)
        .where(Survey.slug == survey_slug, SurveyQuestion.slug == slug)
    )


def questions() -> list[SurveyQuestion]:
    """The questions of all surveys with their answers, newest survey first."""
    query = (
        sa.select(SurveyQuestion)
        .join(SurveyQuestion.survey)
        .options(contains_eager(SurveyQuestion.survey), selectinload(SurveyQuestion.answers))
        .order_by(Survey.created_at.desc(), Survey.id.desc(), SurveyQuestion.position)
    )
    return list(db.session.scalars(query))


def names(refs: Collection[str]) -> dict[str, str]:
    """Titles of surveys by their opaque ids."""
    query = sa.select(Survey.ref, Survey.title).where(Survey.ref.in_(refs))
    return {row.ref: row.title for row in db.session.execute(query)}
