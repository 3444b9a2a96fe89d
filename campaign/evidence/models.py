"""Tables of surveys: who asked whom and when, the questions, and the share of each answer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.database import Utc, new_ref
from campaign.evidence.rules import FACTS, Answer, Asked, Source, typed
from campaign.extensions import Model
from campaign.kernel import clock


class Survey(Model):
    """A survey; what its source does not print is empty, never guessed (evidence.md).

    Attributes:
        universe: who was asked, such as “adults in Great Britain”.
        invented: made up for the demonstration; a chart of it says so.
    """

    __tablename__ = "survey"
    __table_args__ = (
        sa.CheckConstraint("fieldwork_start <= fieldwork_end", name="fieldwork"),
        sa.CheckConstraint("sample_size > 0", name="sample_size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    pollster: Mapped[str] = mapped_column(sa.String(200))
    client: Mapped[str] = mapped_column(sa.String(200), default="")
    method: Mapped[str] = mapped_column(sa.String(200), default="")
    universe: Mapped[str] = mapped_column(sa.String(200), default="")
    coverage: Mapped[str] = mapped_column(sa.String(200), default="")
    fieldwork_start: Mapped[date | None]
    fieldwork_end: Mapped[date | None]
    sample_size: Mapped[int | None]
    weighted: Mapped[bool | None]
    tables_url: Mapped[str] = mapped_column(sa.String(500), default="")
    archive_url: Mapped[str] = mapped_column(sa.String(500), default="")
    invented: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    questions: Mapped[list[SurveyQuestion]] = relationship(
        back_populates="survey",
        order_by="SurveyQuestion.position",
        cascade="all, delete-orphan",
    )

    @property
    def facts(self) -> dict[str, Any]:
        """All that a person enters, by the names of `operations.save_survey`."""
        plain = {name: getattr(self, name) for name in FACTS}
        return {**plain, "questions": typed(one.asked for one in self.questions)}

    @property
    def source(self) -> Source:
        """What the line below a chart is made of."""
        return Source(
            self.pollster, self.client, self.method, self.universe, self.fieldwork_start,
            self.fieldwork_end, self.sample_size, self.weighted, self.invented,
        )  # fmt: skip


class SurveyQuestion(Model):
    """A question of a survey; its short name stands in letters.

    Attributes:
        flag: why no chart is drawn of it, empty where one may be.
    """

    __tablename__ = "survey_question"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "slug"),
        sa.UniqueConstraint("survey_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(sa.String(40))
    wording: Mapped[str] = mapped_column(sa.String(500))
    flag: Mapped[str] = mapped_column(sa.String(500), default="")

    survey: Mapped[Survey] = relationship(back_populates="questions")
    answers: Mapped[list[SurveyAnswer]] = relationship(
        order_by="SurveyAnswer.position", cascade="all, delete-orphan"
    )

    @property
    def asked(self) -> Asked:
        """The question as the rules know it."""
        answers = (Answer(one.label, one.percent) for one in self.answers)
        return Asked(self.slug, self.wording, tuple(answers), self.flag)


class SurveyAnswer(Model):
    """An answer and its share in hundredths of a percent, which every database keeps exactly.

    Attributes:
        hundredths: None where the source reports no share; that is not zero.
        decimals: how many the source prints, so that 46.0 stays 46.0.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "label"),
        sa.UniqueConstraint("question_id", "position"),
        sa.CheckConstraint("hundredths BETWEEN 0 AND 10000", name="hundredths"),
        sa.CheckConstraint("decimals BETWEEN 0 AND 2", name="decimals"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_question.id"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(sa.String(200))
    hundredths: Mapped[int | None]
    decimals: Mapped[int] = mapped_column(default=0)

    @property
    def percent(self) -> Decimal | None:
        """The share as the source prints it."""
        if self.hundredths is None:
            return None
        return (Decimal(self.hundredths) / 100).quantize(Decimal(1).scaleb(-self.decimals))
