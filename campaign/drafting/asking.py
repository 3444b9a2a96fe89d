"""How many companies of a campaign ask for a language and get another, in words."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.drafting.models import FrozenText, Letter, LetterState
from campaign.drafting.rules import TextKind
from campaign.drafting.sources import all_texts, languages_of
from campaign.extensions import db
from campaign.kernel import languages


def told(campaign: Campaign) -> list[str]:
    """“3 companies ask for French and get English”, the most companies first.

    What was frozen tells its own language; a draft gets what the texts of today give it.
    """
    texts = all_texts(campaign.id, campaign.language)
    have = languages_of(texts, TextKind.LETTER)
    standing = sa.and_(
        FrozenText.letter_id == Letter.id,
        FrozenText.round == Letter.round,
        FrozenText.voided_at.is_(None),
    )
    rows = db.session.execute(
        sa.select(Company.language, FrozenText.language, sa.func.count())
        .select_from(Letter)
        .join(Company, Company.id == Letter.company_id)
        .outerjoin(FrozenText, standing)
        .where(
            Letter.campaign_id == campaign.id,
            Letter.state != LetterState.WITHDRAWN,
            Company.language != "",
        )
        .group_by(Company.language, FrozenText.language)
    )
    found: Counter[tuple[str, str]] = Counter()
    for wanted, frozen, count in rows:
        served = languages.served(wanted, campaign.language, have) or campaign.language
        given = frozen or texts[TextKind.LETTER, served].language
        if languages.base(wanted) != languages.base(given):
            found[languages.name(wanted), languages.name(given)] += count
    return [_sentence(count, *pair) for pair, count in found.most_common()]


def _sentence(count: int, wanted: str, given: str) -> str:
    if count == 1:
        return f"1 company asks for {wanted} and gets {given}"
    return f"{count:,} companies ask for {wanted} and get {given}"
