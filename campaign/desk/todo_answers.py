"""Things to do about what we write in the threads of letters."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from campaign.accounts.models import User
from campaign.awaiting.answer_models import OutgoingAnswer
from campaign.awaiting.answer_rules import AnswerState
from campaign.companies.models import Company
from campaign.desk.items import Item, Kind, Rows, first
from campaign.drafting.models import Letter
from campaign.sending.models import Dispatch
from campaign.sending.rules import NOT_REACHED


def _answers(*conditions: sa.ColumnElement[bool]) -> Rows:
    return (
        sa.select(OutgoingAnswer.ref, OutgoingAnswer.subject, Company.name, Dispatch.why)
        .join(Letter, Letter.id == OutgoingAnswer.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .outerjoin(Dispatch, Dispatch.id == OutgoingAnswer.dispatch_id)
        .where(*conditions)
        .order_by(OutgoingAnswer.written_at, OutgoingAnswer.id)
    )


def to_agree(person: User) -> Kind:
    """Answers that wait for a second person's word."""
    found, total = first(
        _answers(
            OutgoingAnswer.state == AnswerState.WAITING, OutgoingAnswer.written_by_id != person.id
        )
    )
    items = [
        Item(
            f"A mail to {row.name} waits for a second person",
            row.subject,
            "Read it",
            "answers.edit",
            {"ref": row.ref},
        )
        for row in found
    ]
    return Kind(items, total)


def not_gone() -> Kind:
    """Answers that did not reach anybody, until another one is written to that company."""
    later = aliased(OutgoingAnswer)
    again = sa.exists().where(
        later.letter_id == OutgoingAnswer.letter_id, later.id > OutgoingAnswer.id
    )
    found, total = first(_answers(Dispatch.state.in_(NOT_REACHED), ~again))
    items = [
        Item(
            f"Our mail to {row.name} did not arrive",
            row.why or "It came back.",
            "Look, and write again",
            "answers.edit",
            {"ref": row.ref},
        )
        for row in found
    ]
    return Kind(items, total)
