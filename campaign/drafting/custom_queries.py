"""A campaign's own fields and its letters' values for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from campaign.companies.models import Company
from campaign.drafting import rules
from campaign.drafting.custom_models import CustomField, CustomValue
from campaign.drafting.models import Letter
from campaign.drafting.placeholders import PREFIX, Custom, FieldKind
from campaign.extensions import db


class Own(NamedTuple):
    """The fields of a campaign by their names in a text, and values by letter and such a name."""

    kinds: Custom
    values: Mapping[int, Mapping[str, str]]

    def of(self, letter: Letter) -> dict[str, str]:
        """The letter's value of each field; blank where there is none."""
        values = self.values.get(letter.id, {})
        return {name: values.get(name, "") for name in self.kinds}


class Row(NamedTuple):
    """A letter whose values can still be changed, and its company."""

    letter_id: int
    company: str
    slug: str


def fields_of(campaign_id: int) -> list[CustomField]:
    """The fields of a campaign by name."""
    query = sa.select(CustomField).where(CustomField.campaign_id == campaign_id)
    return list(db.session.scalars(query.order_by(CustomField.name)))


def kinds(campaign_id: int) -> dict[str, FieldKind]:
    """What the campaign's fields hold, by their names in a text."""
    return {one.placeholder: one.kind for one in fields_of(campaign_id)}


def own(campaign_id: int, only: Letter | None = None) -> Own:
    """A campaign's own fields with their values, read at once however many letters there are.

    Args:
        only: the one letter whose values are read; all of the campaign where none is given.
    """
    names = {one.id: one for one in fields_of(campaign_id)}
    query = sa.select(CustomValue).where(CustomValue.field_id.in_(list(names)))
    if only is not None:
        query = query.where(CustomValue.letter_id == only.id)
    values: dict[int, dict[str, str]] = {}
    for one in db.session.scalars(query) if names else ():
        values.setdefault(one.letter_id, {})[names[one.field_id].placeholder] = one.value
    return Own({one.placeholder: one.kind for one in names.values()}, values)


def authors(letter_id: int, concerns: Callable[[str], bool]) -> set[int]:
    """Who wrote the letter's values (ids of people).

    Args:
        concerns: whether it is about the field with this name in a text.
    """
    query = (
        sa.select(CustomField.name, CustomValue.set_by_id)
        .join(CustomValue, CustomValue.field_id == CustomField.id)
        .where(CustomValue.letter_id == letter_id)
    )
    return {who for name, who in db.session.execute(query) if concerns(PREFIX + name)}


def unsent(campaign_id: int) -> list[Row]:
    """Letters whose values can still be changed, by company; a namesake stands by its slug."""
    query = (
        sa.select(Letter.id, Company.name, Company.slug)
        .join(Company, Company.id == Letter.company_id)
        .where(Letter.campaign_id == campaign_id, Letter.state.in_(rules.UNSENT))
        .order_by(sa.func.lower(Company.name), Letter.id)
    )
    rows = db.session.execute(query).all()
    often = Counter(name.casefold() for _, name, _ in rows)
    return [
        Row(id_, name if often[name.casefold()] == 1 else slug, slug) for id_, name, slug in rows
    ]
