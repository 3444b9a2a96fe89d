"""Saving what one letter says otherwise than its campaign, and settling what both changed."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.operations import QUESTIONS_MOST
from campaign.campaigns.rules import RESPONSE_DAYS
from campaign.database import transaction
from campaign.drafting import (
    custom_queries,
    effects,
    freezing,
    merging,
    operations,
    own_reading,
    sources,
    texts,
)
from campaign.drafting import own as rules
from campaign.drafting.merging import Conflict
from campaign.drafting.models import Letter, LetterOwn, TextKind
from campaign.drafting.own import Applied, OwnWords
from campaign.drafting.rules import UNSENT
from campaign.history.operations import record
from campaign.history.rules import canonical, digest
from campaign.kernel import fields
from campaign.kernel.errors import Problem

CHOICES = {
    "ours": "Keep this letter’s own",
    "theirs": "Take the campaign’s",
    "both": "Keep both, the campaign’s first",
}
"""What a person can say of a place that both changed."""


def now(letter: Letter, own: OwnWords | None = None) -> Applied:
    """What the letter says today.

    Args:
        own: in place of what is saved, for a look at what is being typed.
    """
    if own is None:
        own = own_reading.of_campaign(letter.campaign_id, letter).get(letter.id)
    return own_reading.applied(sources.said(letter.campaign)(letter.company.language), own)


def save_own(
    letter_id: int, typed: OwnWords, *, actor: User | None, based_on: int | None = None
) -> LetterOwn | None:
    """Save what a letter says otherwise; where it says the same as before, nothing is saved.

    A text that waits for approval or sending is voided (rule 4).

    Args:
        typed: the campaign's words as they stood before the person, and what was made of them.
        based_on: the version that was changed; where given, a newer one is not overwritten.

    Returns:
        The new version; None where nothing is new.

    Raises:
        Problem: `letter-left`, `own-newer`, `own-reason-missing`, `own-fixed`, `not-there`,
            `template-faults` with every place, `questions-missing`, `bad-policy`, or that a
            field is too long; `own-conflict` where saving would choose what holds unasked.
    """
    author = operations.person(actor)
    with transaction() as session:
        letter, before = _locked(session, letter_id, based_on)
        own = _fit(letter, typed)
        custom = custom_queries.kinds(letter.campaign_id)
        texts.refuse(texts.faults(TextKind.LETTER, "", own.body, custom) if own.body else [])
        if not now(letter, before).settled and now(letter, own).settled:
            raise Problem("own-conflict", company=letter.company.name, what="words")
        return _add(session, letter, before, own, author)


def settle(
    letter_id: int, choices: Sequence[str], *, seen: str, actor: User | None
) -> LetterOwn | None:
    """Choose what holds at every place that the campaign and the letter both changed.

    Args:
        choices: one of `CHOICES` each, those of the text first, then those of the questions.
        seen: `fingerprint` of what the person chose between.

    Raises:
        Problem: `own-moved`, and as `save_own`.
    """
    author = operations.person(actor)
    with transaction() as session:
        letter, before = _locked(session, letter_id, None)
        applied = now(letter, before)
        places = [*applied.conflicts, *applied.question_conflicts]
        if seen != fingerprint(applied) or len(choices) != len(places):
            raise Problem("own-moved")
        if not places:
            return None
        settled = [_chosen(place, one) for place, one in zip(places, choices, strict=True)]
        of_text = len(applied.conflicts)
        text, asked = rules.merged(before, applied.instead_of)
        campaign = applied.instead_of
        own = before._replace(
            base_body=campaign.body if before.body else "",
            body=merging.joined(text.paragraphs(settled[:of_text])) if before.body else "",
            base_questions=campaign.questions if before.questions else (),
            questions=asked.paragraphs(settled[of_text:]) if before.questions else (),
        )
        return _add(session, letter, before, _fit(letter, own), author)


def fingerprint(applied: Applied) -> str:
    """What a person chooses between, as a hash."""
    places = [*applied.conflicts, *applied.question_conflicts]
    return digest(canonical([applied.own.version, [list(map(list, one)) for one in places]]))


def _chosen(place: Conflict, choice: str) -> tuple[str, ...]:
    if choice not in CHOICES:
        raise Problem("own-moved")
    given = {"ours": place.ours, "theirs": place.theirs, "both": place.theirs + place.ours}
    return given[choice]


def _locked(session: Session, letter_id: int, based_on: int | None) -> tuple[Letter, OwnWords]:
    """The letter, locked, and its own words as they are now."""
    letter = session.scalar(sa.select(Letter).where(Letter.id == letter_id).with_for_update())
    if letter is None:
        raise Problem("not-there", what="letter")
    freezing.must_be(letter, UNSENT)
    own = own_reading.of_campaign(letter.campaign_id, letter).get(letter_id, own_reading.NOTHING)
    if based_on is not None and based_on != own.version:
        raise Problem("own-newer")
    return letter, own


def _fit(letter: Letter, typed: OwnWords) -> OwnWords:
    """What was typed, fit to be stored; without what is the campaign's."""
    base = fields.text(typed.base_body, name="Text", limit=50_000)
    body = fields.text(typed.body, name="Text", limit=50_000)
    if merging.paragraphs(base) == merging.paragraphs(body):
        base, body = "", ""
    was, asked = _questions(typed.base_questions), _questions(typed.questions)
    if was and not asked:
        raise Problem("questions-missing")
    if len(asked) > QUESTIONS_MOST:
        raise Problem(
            "bad-policy",
            why=f"{len(asked)} questions are too many",
            fix=f"Ask at most {QUESTIONS_MOST}.",
        )
    if list(map(merging.bare, was)) == list(map(merging.bare, asked)):
        was, asked = (), ()
    why = fields.text(typed.why, name="Reason", limit=2_000)
    return OwnWords(0, base, body, was, asked, _days(letter, typed.days), why)


def _questions(given: Sequence[str]) -> tuple[str, ...]:
    fit = (fields.text(one, name=f"Question {n}", limit=2_000) for n, one in enumerate(given, 1))
    return tuple(filter(None, fit))


def _days(letter: Letter, days: int | None) -> int | None:
    if days is not None and days not in RESPONSE_DAYS:
        raise Problem(
            "bad-policy",
            why=f"a response period of {days} days is not possible",
            fix="Give between 1 and 365 days.",
        )
    return None if days == letter.campaign.response_days else days


def _add(
    session: Session, letter: Letter, before: OwnWords, own: OwnWords, author: User
) -> LetterOwn | None:
    applied, was = now(letter, own), now(letter, before)
    if was.settled and (applied.said, own.why) == (was.said, before.why):
        return None
    if applied.unequal and not own.why:
        raise Problem("own-reason-missing", company=letter.company.name)
    asked = (applied.said.asks, applied.said.days)
    if letter.round > 1 and asked != (was.said.asks, was.said.days):
        raise Problem("own-fixed", company=letter.company.name)
    row = LetterOwn(
        letter_id=letter.id,
        version=before.version + 1,
        base_body=own.base_body,
        body=own.body,
        base_questions=json.dumps(own.base_questions),
        questions=json.dumps(own.questions),
        days=own.days,
        why=own.why,
        created_by_id=author.id,
    )
    session.add(row)
    session.flush()
    record(
        "letter.own_saved", letter, actor=author, version=row.version,
        paragraphs=len(applied.paragraphs), questions=len(applied.questions),
        days=applied.own_days, why=own.why,
    )  # fmt: skip
    effects.void_frozen(letter, "The letter's own text, questions or days changed.", actor=author)
    return row
