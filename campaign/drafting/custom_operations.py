"""What is done to a campaign's own fields and to the values of its letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.database import transaction
from campaign.drafting import (
    custom_queries,
    custom_rules,
    effects,
    frozen,
    mentioning,
    operations,
    own_reading,
    placeholders,
    queries,
    rules,
    sources,
)
from campaign.drafting.custom_models import CustomField, CustomValue
from campaign.drafting.freezing import must_be
from campaign.drafting.models import Letter
from campaign.drafting.placeholders import FieldKind
from campaign.history.operations import record
from campaign.kernel import fields
from campaign.kernel.errors import Problem


def add_field(
    campaign_id: int, *, name: str, kind: FieldKind, label: str, actor: User | None
) -> CustomField:
    """Add a field to a campaign.

    Raises:
        Problem: `custom-name`, `custom-taken`, `custom-too-many`, `not-there`, or that the label
            is empty or too long.
    """
    name = custom_rules.field_name(name)
    label = fields.line(label, name="What it means", limit=200, required=True)
    with transaction() as session:
        campaign = operations.locked_campaign(session, campaign_id)
        known = custom_queries.fields_of(campaign.id)
        if name in {one.name for one in known}:
            raise Problem("custom-taken", name=name)
        if len(known) >= custom_rules.FIELDS_MAX:
            raise Problem("custom-too-many", limit=custom_rules.FIELDS_MAX)
        field = CustomField(campaign_id=campaign.id, name=name, kind=kind, label=label)
        session.add(field)
        record(
            "campaign.field_added", campaign, actor=actor, field=name, holds=kind.value, label=label
        )
    return field


def remove_field(campaign_id: int, name: str, *, actor: User | None) -> None:
    """Take a field and its values out of a campaign whose newest texts do not use it.

    Raises:
        Problem: `custom-in-use`, `not-there`.
    """
    with transaction() as session:
        campaign = operations.locked_campaign(session, campaign_id)
        known = custom_queries.fields_of(campaign.id)
        field = next((one for one in known if one.name == name), None)
        if field is None:
            raise Problem("not-there", what="field")
        newest = sources.all_texts(campaign.id, campaign.language).values()
        written = [part for text in newest for part in (text.subject, text.body)]
        mentions = mentioning.by_language(campaign.id, campaign.language).values()
        written += [one.body for one in mentions]
        written += [own.body for own in own_reading.of_campaign(campaign.id).values()]
        if any(field.placeholder in placeholders.names(one) for one in written):
            raise Problem("custom-in-use", name=field.placeholder)
        session.execute(sa.delete(CustomValue).where(CustomValue.field_id == field.id))
        session.delete(field)
        record("campaign.field_removed", campaign, actor=actor, field=name)


def set_values(
    campaign_id: int, values: Mapping[int, Mapping[str, str]], *, actor: User | None
) -> int:
    """Give letters their values; a frozen text that prints what changes is voided (rule 4).

    All of them or none. Returns how many letters changed.

    Args:
        values: by letter's id and field's own name; a field that is not named stays as it is.

    Raises:
        Problem: `letter-left`, `custom-not-yes-no`, `not-there`, or what keeps a value from
            being stored.
    """
    author = operations.person(actor)
    with transaction() as session:
        campaign = operations.locked_campaign(session, campaign_id)
        known = {one.name: one for one in custom_queries.fields_of(campaign.id)}
        letters = session.scalars(
            sa.select(Letter)
            .where(Letter.id.in_(list(values)), Letter.campaign_id == campaign.id)
            .order_by(Letter.id)
            .with_for_update()
        ).all()
        if len(letters) != len(values):
            raise Problem("not-there", what="letter")
        stored = {
            (one.letter_id, one.field_id): one
            for one in session.scalars(
                sa.select(CustomValue).where(CustomValue.letter_id.in_(list(values)))
            )
        }
        setter = _Setter(session, known, stored, author)
        return sum(setter.set(one, values[one.id]) for one in letters)


class _Setter(NamedTuple):
    """Writes the values of letters within an act."""

    session: Session
    known: Mapping[str, CustomField]
    stored: Mapping[tuple[int, int], CustomValue]
    author: User

    def set(self, letter: Letter, values: Mapping[str, str]) -> bool:
        """Whether the letter has other values than before."""
        changed = {
            name: value for name, value in self._fit(values) if self._put(letter, name, value)
        }
        if not changed:
            return False
        must_be(letter, rules.UNSENT)
        record("letter.values_set", letter, actor=self.author, values=changed)
        text = queries.current_frozen(letter)
        if text and any(map(frozen.load(text).prints, map(self._in_text, changed))):
            effects.void_frozen(letter, "A value of its own fields was changed.", actor=self.author)
        return True

    def _in_text(self, name: str) -> str:
        return self.known[name].placeholder

    def _fit(self, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, typed in values.items():
            if name not in self.known:
                raise Problem("not-there", what="field")
            yield name, custom_rules.value(self.known[name].kind, name, typed)

    def _put(self, letter: Letter, name: str, value: str) -> bool:
        field_id = self.known[name].id
        stored = self.stored.get((letter.id, field_id))
        if value == (stored.value if stored else ""):
            return False
        if stored:
            stored.value, stored.set_by_id = value, self.author.id
        else:
            new = CustomValue(
                letter_id=letter.id, field_id=field_id, value=value, set_by_id=self.author.id
            )
            self.session.add(new)
        return True
