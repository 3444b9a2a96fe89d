"""Reading letters, texts and approvals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import selectinload

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.config import Settings
from campaign.drafting import (
    attachment_queries,
    composing,
    custom_queries,
    frozen,
    review,
    rules,
)
from campaign.drafting.models import (
    FrozenText,
    Letter,
    LetterContact,
    LetterOwn,
    LetterState,
    LetterTemplate,
    MentionTemplate,
    TextKind,
)
from campaign.drafting.review import Step
from campaign.extensions import db
from campaign.kernel import clock, days


def today() -> date:
    """The day on the staff's own calendar."""
    settings: Settings = current_app.extensions["settings"]
    return days.local_date(clock.now(), days.zone_of(settings.timezone))


def letter(ref: str) -> Letter | None:
    """The letter with this opaque id."""
    return db.session.scalar(sa.select(Letter).where(Letter.ref == ref))


def current_frozen(letter: Letter) -> FrozenText | None:
    """The frozen text that stands in the letter's present round."""
    return frozen_of(letter, letter.round)


def frozen_of(letter: Letter, number: int) -> FrozenText | None:
    """The frozen text that stands in one round of the letter; no query after `whole`."""
    if "frozen_texts" not in sa.inspect(letter).unloaded:
        texts = letter.frozen_texts
        return next((one for one in texts if one.round == number and not one.voided_at), None)
    return db.session.scalar(
        sa.select(FrozenText).where(
            FrozenText.letter_id == letter.id,
            FrozenText.round == number,
            FrozenText.voided_at.is_(None),
        )
    )


def frozen_text(ref: str) -> FrozenText | None:
    """The frozen text with this opaque id."""
    return db.session.scalar(sa.select(FrozenText).where(FrozenText.ref == ref))


def is_approved(frozen_text: FrozenText) -> bool:
    """Whether every step and enough people signed exactly this text, and it still is that.

    What stands in the text as its review steps counts, never what the campaign has now.
    """
    if frozen_text.voided_at is not None or not frozen.is_whole(frozen_text):
        return False
    return review.enough(
        frozen.load(frozen_text).review,
        signed_steps(frozen_text),
        len(signed_by(frozen_text)),
        frozen_text.approvals_needed,
    )


def signed_by(frozen_text: FrozenText) -> frozenset[int]:
    """Who of our own people signed this hash (their ids)."""
    return frozenset(
        approval.user_id
        for approval in frozen_text.approvals
        if approval.sha256 == frozen_text.sha256 and approval.user_id is not None
    )


def signed_steps(frozen_text: FrozenText) -> frozenset[int]:
    """The review steps (their numbers) that are signed for this hash."""
    return frozenset(
        approval.step
        for approval in frozen_text.approvals
        if approval.sha256 == frozen_text.sha256 and approval.step
    )


def step_for(steps: Sequence[Step], signed: Collection[int], person: User) -> Step | None:
    """The first open step that this person can sign."""
    roles = [role.name for role in person.roles]
    return next(
        (one for one in review.open_steps(steps, signed) if review.fits(one, person.ref, roles)),
        None,
    )


def is_stale(frozen_text: FrozenText) -> bool:
    """Whether today's facts would make another text with the same dates (rule 4).

    For letters of which nothing has left: template, questions, signatories, policy, company,
    contacts and our own settings may have changed since the text was frozen.
    """
    composed = composing.compose(frozen_text.letter, frozen_text.dated_on)
    return bool(composed.problems) or not frozen.says(frozen_text.bundle, composed.draft)


def writers(frozen_text: FrozenText) -> frozenset[int]:
    """Who may not approve: who froze it, or wrote the versions or values in it (rule 4)."""
    text = frozen.load(frozen_text)
    used = text.bundle["refs"]["templates"]
    versions = sa.or_(
        *(
            sa.and_(
                LetterTemplate.kind == TextKind(kind),
                LetterTemplate.language == text.language_of(TextKind(kind)),
                LetterTemplate.version == version,
            )
            for kind, version in used.items()
        )
    )
    wrote = db.session.scalars(
        sa.select(LetterTemplate.created_by_id).where(
            LetterTemplate.campaign_id == frozen_text.letter.campaign_id, versions
        )
    )
    of_mentions = db.session.scalars(
        sa.select(MentionTemplate.created_by_id).where(
            MentionTemplate.campaign_id == frozen_text.letter.campaign_id,
            sa.tuple_(MentionTemplate.language, MentionTemplate.version).in_(
                {(one.language, one.version) for one in text.mentions}
            ),
        )
    )
    of_values = custom_queries.authors(frozen_text.letter_id, text.prints)
    of_files = attachment_queries.authors(
        frozen_text.letter.campaign_id, {one.sha256 for one in text.content.attachments}
    )
    told = (wrote, of_mentions, of_values, of_files, _own_writer(text))
    return frozenset({frozen_text.frozen_by_id, *(one for some in told for one in some)})


def _own_writer(text: frozen.Frozen) -> Iterable[int]:
    """Who wrote the version of the letter's own words that stands in it."""
    version = text.bundle.get("own", {}).get("version")
    return db.session.scalars(
        sa.select(LetterOwn.created_by_id).where(
            LetterOwn.letter_id == text.row.letter_id, LetterOwn.version == version
        )
    )


def versions(
    campaign_id: int, kind: TextKind, language: str | None = None
) -> list[tuple[LetterTemplate, User]]:
    """All versions of a text in a language and who wrote each, newest first.

    Args:
        language: the campaign's main language where none is given.
    """
    main = sa.select(Campaign.language).where(Campaign.id == campaign_id).scalar_subquery()
    rows = db.session.execute(
        sa.select(LetterTemplate, User)
        .join(User, User.id == LetterTemplate.created_by_id)
        .where(
            LetterTemplate.campaign_id == campaign_id,
            LetterTemplate.kind == kind,
            LetterTemplate.language == (language or main),
        )
        .order_by(LetterTemplate.version.desc())
    )
    return [(template, author) for template, author in rows]


def newest_frozen(letter: Letter) -> FrozenText | None:
    """The newest frozen text of the letter, voided or not."""
    return letter.frozen_texts[-1] if letter.frozen_texts else None


def before(frozen_text: FrozenText) -> FrozenText | None:
    """What an approver compares with: the text that stood last in the round before, else the
    version before; None for a first text."""
    earlier = [one for one in frozen_text.letter.frozen_texts if one.version < frozen_text.version]
    if frozen_text.round > 1:
        left = [one for one in earlier if one.round < frozen_text.round and not one.voided_at]
        if left:
            return left[-1]
    return earlier[-1] if earlier else None


def whole(letters: sa.Select[Any]) -> sa.Select[Any]:
    """Letters with their companies, contacts and frozen texts: four queries for any number."""
    return letters.options(
        selectinload(Letter.company).selectinload(Company.contacts),
        selectinload(Letter.frozen_texts),
    )


def chosen(ids: Collection[int]) -> dict[int, set[int]]:
    """The ids of the contacts that people chose, by letter; empty where nobody did."""
    found: dict[int, set[int]] = {one: set() for one in ids}
    query = sa.select(LetterContact.letter_id, LetterContact.contact_id)
    for letter_id, contact_id in db.session.execute(query.where(LetterContact.letter_id.in_(ids))):
        found[letter_id].add(contact_id)
    return found


def letters_of(
    campaign: Campaign, words: str = "", state: LetterState | None = None
) -> sa.Select[Any]:
    """Letters of a campaign by company, with what a list shows of each."""
    query = (
        sa.select(Letter)
        .join(Letter.company)
        .where(Letter.campaign_id == campaign.id)
        .order_by(sa.func.lower(Company.name), Letter.id)
    )
    if words:
        query = query.where(Company.name.icontains(words, autoescape=True))
    query = whole(query)
    return query.where(Letter.state == state) if state else query


def counts(campaign: Campaign) -> dict[LetterState, int]:
    """How many letters of a campaign are in each state."""
    rows = db.session.execute(
        sa.select(Letter.state, sa.func.count())
        .where(Letter.campaign_id == campaign.id)
        .group_by(Letter.state)
    )
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in LetterState}


def ids_in(campaign: Campaign, state: LetterState) -> list[int]:
    """Ids of a campaign's letters in a state."""
    query = sa.select(Letter.id).where(Letter.campaign_id == campaign.id, Letter.state == state)
    return list(db.session.scalars(query.order_by(Letter.id)))


def sent_back(letter: Letter) -> FrozenText | None:
    """The text of this round that was taken back last, while the letter is a draft again."""
    newest = newest_frozen(letter)
    if letter.state is not LetterState.DRAFT or newest is None or newest.round != letter.round:
        return None
    return newest if newest.voided_at else None


def companies_without(campaign: Campaign, words: str = "") -> sa.Select[Any]:
    """Companies that the campaign has no letter to."""
    has = sa.select(Letter.company_id).where(Letter.campaign_id == campaign.id)
    query = (
        sa.select(Company)
        .where(Company.id.not_in(has))
        .options(selectinload(Company.contacts))
        .order_by(sa.func.lower(Company.name), Company.id)
    )
    return query.where(Company.name.icontains(words, autoescape=True)) if words else query


def text_ids(campaign: Campaign, refs: Collection[str]) -> dict[str, int]:
    """Ids of a campaign's frozen texts by their opaque ids; others are left out."""
    query = sa.select(FrozenText.ref, FrozenText.id).join(FrozenText.letter)
    rows = db.session.execute(
        query.where(Letter.campaign_id == campaign.id, FrozenText.ref.in_(refs))
    )
    return {ref: id_ for ref, id_ in rows}  # noqa: C416 (rows are no pairs)


def by_reference(text: str) -> list[Letter]:
    """The letters whose printed reference stands in a text."""
    starts = rules.references_in(text)[:20]
    if not starts:
        return []
    found = sa.or_(*(Letter.ref.startswith(start) for start in starts))
    return list(db.session.scalars(sa.select(Letter).where(found).order_by(Letter.id)))


def names(refs: Collection[str]) -> dict[str, str]:
    """Names of those among these opaque ids that are letters."""
    rows = db.session.execute(
        sa.select(Letter.ref, Company.name).join(Letter.company).where(Letter.ref.in_(refs))
    )
    return {ref: f"Letter to {name}" for ref, name in rows}
