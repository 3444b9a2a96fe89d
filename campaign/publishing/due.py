"""Publishing of silence by the program, as soon as every gate holds (fairness.md, “The gate”)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.turns import pages
from campaign.publishing import gate, look, operations, queries, rules

BATCH = 200
PERSON = "persons_word"


class Blocked(NamedTuple):
    """A letter that silence cannot be published of yet, and one gate that is closed."""

    letter: str
    gate: str
    company: str
    detail: str
    opens: str


def publish_due() -> tuple[int, list[Blocked]]:
    """Publish silence wherever every gate holds; tell what blocks the others.

    The letters of a page are looked at together first: those that stay blocked are looked at in
    every pass. What seems ready is checked again inside the act that publishes it.
    """
    published, blocked = 0, []
    now = clock.now()
    for page in pages(lambda after: queries.to_look_at(now, after, BATCH)):
        for letter_id, reasons in _looked_at([number for _, number in page]).items():
            if not reasons and _publish(letter_id):
                published += 1
            else:
                blocked.extend(reasons or _blocked_now(letter_id))
        db.session.rollback()
    return published, blocked


def _looked_at(ids: Sequence[int]) -> dict[int, list[Blocked]]:
    """What blocks each of these letters, in their order; read before anything is written."""
    query = sa.select(Letter).where(Letter.id.in_(ids))
    query = query.options(joinedload(Letter.company), joinedload(Letter.campaign))
    letters = {letter.id: letter for letter in db.session.scalars(query)}
    looks = look.at([letters[number] for number in ids])
    return {number: _blocked(letters[number], looks[number].results) for number in ids}


def _publish(letter_id: int) -> bool:
    """Publish silence; False where a gate closed between the look and the act."""
    try:
        operations.publish_silence(letter_id)
    except Problem as problem:
        if problem.code != "gate-closed":
            raise
        return False
    return True


def _blocked_now(letter_id: int) -> list[Blocked]:
    letter = db.session.get_one(Letter, letter_id)
    return _blocked(letter, gate.check(letter))


def _blocked(letter: Letter, results: tuple[rules.Result, ...]) -> list[Blocked]:
    reasons = [
        Blocked(letter.ref, r.gate.value, letter.company.name, r.detail, r.opens)
        for r in rules.closed(results)
    ]
    if not reasons and not letter.campaign.auto_publish:
        opens = "A publisher publishes it by hand."
        reasons.append(
            Blocked(
                letter.ref,
                PERSON,
                letter.company.name,
                "Every gate holds; a person decides.",
                opens,
            )
        )
    return reasons
