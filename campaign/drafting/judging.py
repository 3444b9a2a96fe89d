"""Whether a person can sign texts, and what changed in them: for many in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.drafting import frozen, queries, review, review_queries, showing
from campaign.drafting.changes import Line, changes
from campaign.drafting.custom_models import CustomField, CustomValue
from campaign.drafting.freezing import Composer
from campaign.drafting.models import (
    Approval,
    FrozenText,
    Letter,
    LetterTemplate,
    MentionTemplate,
    TextKind,
)
from campaign.drafting.placeholders import PREFIX
from campaign.extensions import db

_MENTION = "mention"


def waiting(campaign: Campaign, limit: int) -> list[FrozenText]:
    """The texts of a campaign that wait for a signature, by company, whole."""
    query = review_queries.whole(sa.select(FrozenText)).where(
        Letter.campaign_id == campaign.id, *review_queries.standing()
    )
    return list(db.session.scalars(query.limit(limit)))


def stale(rows: Sequence[FrozenText]) -> frozenset[int]:
    """Ids of the texts that today's facts would make otherwise: see `queries.is_stale`."""
    composer = Composer([row.letter for row in rows])
    found = set()
    for row in rows:
        composed = composer.compose(row.letter, row.dated_on)
        if composed.problems or not frozen.says(row.bundle, composed.draft):
            found.add(row.id)
    return frozenset(found)


def writers(rows: Sequence[FrozenText]) -> dict[int, frozenset[int]]:
    """Who may not sign, by text: see `queries.writers`."""
    campaigns = {row.letter.campaign_id for row in rows}
    template, mention = LetterTemplate, MentionTemplate
    of_texts = sa.select(
        template.kind, template.language, template.version, template.created_by_id
    ).where(template.campaign_id.in_(campaigns))
    wrote: dict[tuple[str, str, int], int] = {
        (kind.value, language, version): author
        for kind, language, version, author in db.session.execute(of_texts)
    }
    of_mentions = sa.select(mention.language, mention.version, mention.created_by_id).where(
        mention.campaign_id.in_(campaigns)
    )
    for language, version, author in db.session.execute(of_mentions):
        wrote[(_MENTION, language, version)] = author
    query = (
        sa.select(CustomValue.letter_id, CustomField.name, CustomValue.set_by_id)
        .join(CustomField, CustomField.id == CustomValue.field_id)
        .where(CustomValue.letter_id.in_([row.letter_id for row in rows]))
    )
    values: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for letter_id, name, author in db.session.execute(query):
        values[letter_id].append((PREFIX + name, author))
    return {row.id: _writers(row, wrote, values[row.letter_id]) for row in rows}


def _writers(
    row: FrozenText,
    wrote: Mapping[tuple[str, str, int], int],
    values: Sequence[tuple[str, int]],
) -> frozenset[int]:
    text = frozen.load(row)
    used = {
        (kind, text.language_of(TextKind(kind)), version)
        for kind, version in text.bundle["refs"]["templates"].items()
    }
    used |= {(_MENTION, one.language, one.version) for one in text.mentions}
    found = {wrote[one] for one in used if one in wrote}
    found |= {author for field, author in values if text.prints(field)}
    return frozenset({row.frozen_by_id, *found})


def why_not(rows: Sequence[FrozenText], person: User) -> dict[int, str]:
    """Why a person cannot sign these texts now, in words; empty where they can."""
    if not rows:
        return {}
    old, wrote = stale(rows), writers(rows)
    return {row.id: _why_not(row, person, row.id in old, wrote[row.id]) for row in rows}


def _why_not(row: FrozenText, person: User, is_stale: bool, wrote: Collection[int]) -> str:
    if person.id in queries.signed_by(row):
        return "You have signed this text already; it needs another's word too."
    if person.id in wrote:
        return "You wrote this text or put it up for approval: a second person has to sign it."
    if is_stale:
        return "What the letter is made of has changed since: send it back, to be put up anew."
    steps, signed = frozen.load(row).review, queries.signed_steps(row)
    if steps and queries.step_for(steps, signed, person) is None:
        now = " and ".join(f"“{one.title}”" for one in review.open_steps(steps, signed))
        return f"It waits for another's signature now: {now}."
    return ""


class Since(NamedTuple):
    """What changed since an earlier text of the same letter, word by word.

    Attributes:
        said: what that text is, in words.
        why: why it was taken back.
    """

    said: str
    why: str
    lines: tuple[Line, ...]


def since(row: FrozenText, mine: Callable[[Approval], bool]) -> Since | None:
    """What changed since the text that one signed last, else anybody, else the one before.

    Args:
        mine: whether a signature is one's own.
    """
    earlier = [one for one in row.letter.frozen_texts if one.version < row.version]
    if not earlier:
        return None
    found, said = _last(earlier, mine), "the text that you signed"
    if found is None:
        found, said = _last(earlier, lambda _: True), "the last text that was signed"
    if found is None:
        before = queries.before(row)
        assert before is not None
        other = before.round != row.round
        said = f"round {before.round}" if other else f"version {before.version}"
        found = before
    why = found.voided_why if found.round == row.round else ""
    return Since(said, why, changes(_words(found), _words(row)))


def changed(
    rows: Sequence[FrozenText], mine: Callable[[Approval], bool]
) -> list[tuple[Since, list[FrozenText]]]:
    """What changed in these texts, each kind of change once with the texts that it is in."""
    found: dict[Since, list[FrozenText]] = defaultdict(list)
    for row in rows:
        what = since(row, mine)
        if what is not None:
            found[what].append(row)
    return sorted(found.items(), key=lambda one: len(one[1]))


def _last(rows: Sequence[FrozenText], counts: Callable[[Approval], bool]) -> FrozenText | None:
    signed = [row for row in rows if any(counts(one) for one in row.approvals)]
    return signed[-1] if signed else None


def _words(row: FrozenText) -> str:
    shown = showing.text_shown(row)
    told = []
    for kind in ("letter", "reminder", "final_notice"):
        mail = shown.mail(kind)
        if mail is not None:
            told.append(f"{mail.subject}\n{mail.text}")
    return "\n".join([*(one.value for one in shown.contacts), *told, *shown.automation])
