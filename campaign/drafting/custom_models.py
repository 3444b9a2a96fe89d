"""Tables of the fields that a campaign adds to the program's list, and their values."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from campaign.database import choice
from campaign.drafting.placeholders import PREFIX, FieldKind
from campaign.extensions import Model


class CustomField(Model):
    """A field of one campaign; `name` is without its prefix."""

    __tablename__ = "custom_field"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    name: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[FieldKind] = mapped_column(choice(FieldKind))
    label: Mapped[str] = mapped_column(sa.String(200))

    @property
    def placeholder(self) -> str:
        """Its name in a text."""
        return PREFIX + self.name


class CustomValue(Model):
    """What one letter prints for a field, and who wrote it."""

    __tablename__ = "custom_value"

    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("letter.id"), primary_key=True)
    field_id: Mapped[int] = mapped_column(sa.ForeignKey("custom_field.id"), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(500))
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
