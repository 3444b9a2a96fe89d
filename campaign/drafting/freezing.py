"""Putting letters up for approval: all problems found first, texts rendered, then frozen at once.

Rendering takes long, so it happens before the act; within it, `freeze` looks whether the facts
still are those that were rendered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.drafting import composing, effects, frozen, queries, rules
from campaign.drafting.composing import Composed, Draft
from campaign.drafting.models import FrozenText, Letter, LetterState
from campaign.drafting.own import told
from campaign.extensions import db
from campaign.history.operations import record
from campaign.history.rules import canonical, digest
from campaign.kernel.errors import Problem

_LISTED = 30


class NotReady(Problem):
    """Letters cannot go to approval; `problems` are all that stand in the way."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        told = list(dict.fromkeys(str(problem) for problem in problems))
        more = f" And {len(told) - _LISTED:,} more." if len(told) > _LISTED else ""
        super().__init__("letters-not-ready", what=" ".join(told[:_LISTED]) + more)
        self.problems = tuple(told)


@dataclass(frozen=True)
class Prepared:
    """A draft, and its bundle unless the standing text says the same already."""

    draft: Draft
    bundle: str | None


class Composer:
    """Composes many letters with a fixed number of queries."""

    def __init__(self, letters: Sequence[Letter]) -> None:
        self._chosen = queries.chosen([letter.id for letter in letters])
        campaigns = {letter.campaign_id for letter in letters}
        self._sources = {one: composing.read_sources(one) for one in campaigns}

    def compose(self, letter: Letter, dated_on: date) -> Composed:
        """See `composing.compose`."""
        sources, chosen = self._sources[letter.campaign_id], self._chosen[letter.id]
        return composing.compose(letter, dated_on, sources, chosen)


def prepare(ids: Sequence[int], dated_on: date) -> dict[int, Prepared]:
    """Draft and render letters, outside any act; by their ids.

    Raises:
        Problem: `letter-left`; `NotReady` with everything that stands in the way.
    """
    letters = db.session.scalars(queries.whole(sa.select(Letter).where(Letter.id.in_(ids)))).all()
    composer = Composer(letters)
    problems: list[Problem] = []
    drafts: dict[int, Draft] = {}
    for letter in letters:
        must_be(letter, rules.UNSENT)
        composed = composer.compose(letter, dated_on)
        problems += composed.problems
        drafts[letter.id] = composed.draft
    if problems:
        raise NotReady(problems)
    prepared: dict[int, Prepared] = {}
    for letter in letters:
        try:
            prepared[letter.id] = _rendered(letter, drafts[letter.id])
        except Problem as problem:
            problems.append(problem)
    if problems:
        raise NotReady(problems)
    return prepared


def _rendered(letter: Letter, draft: Draft) -> Prepared:
    standing = queries.current_frozen(letter)
    if standing is not None and frozen.says(standing.bundle, draft):
        return Prepared(draft, None)
    return Prepared(draft, frozen.bundle_of(draft, current_app.extensions["files"]))


def freeze(
    session: Session, letter: Letter, prepared: Prepared, author: User, composer: Composer
) -> FrozenText:
    """Within an act: make what was prepared the letter's standing text, if it still holds.

    Args:
        composer: made within the act.

    Raises:
        Problem: `letter-left`, `text-changed`.
    """
    must_be(letter, rules.UNSENT)
    draft, bundle = prepared.draft, prepared.bundle
    if composer.compose(letter, draft.dated_on) != (draft, ()):
        raise Problem("text-changed", company=letter.company.name)
    standing = queries.current_frozen(letter)
    if standing is not None and frozen.says(standing.bundle, draft):
        return standing
    if bundle is None:  # the text that said the same was taken back meanwhile
        raise Problem("text-changed", company=letter.company.name)
    effects.void_frozen(letter, "The letter was put up for approval anew.", actor=author)
    session.flush()  # only one text stands at a time
    newest = queries.newest_frozen(letter)
    text = FrozenText(
        letter=letter,
        version=newest.version + 1 if newest else 1,
        round=letter.round,
        dated_on=draft.dated_on,
        deadline_on=draft.deadline_on,
        language=draft.letter.language,
        notice_given=draft.notice_given,
        bundle=bundle,
        pdf_sha256=json.loads(bundle)["pdf_sha256"],
        own=canonical(told(draft.own)) if draft.own else "",
        sha256=digest(bundle),
        approvals_needed=draft.approvals_needed,
        frozen_by_id=author.id,
    )
    session.add(text)
    letter.state = LetterState.IN_REVIEW
    record(
        "letter.submitted", letter, actor=author, version=text.version, round=text.round,
        sha256=text.sha256, deadline=text.deadline_on.isoformat(),
    )  # fmt: skip
    return text


def must_be(letter: Letter, states: frozenset[LetterState]) -> None:
    """Refuse a letter in another state.

    Raises:
        Problem: `letter-left`.
    """
    if letter.state not in states:
        raise Problem("letter-left", company=letter.company.name)
