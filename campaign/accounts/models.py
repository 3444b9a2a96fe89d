"""Tables of staff."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts import rules
from campaign.database import Utc, new_ref
from campaign.extensions import Model, db
from campaign.kernel import clock

users_roles = sa.Table(
    "user_role",
    db.metadata,
    sa.Column("user_id", sa.ForeignKey("user_account.id"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id"), primary_key=True),
)


class Role(Model, RoleMixin):
    """A role by name; what it carries stands in `accounts.rules`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    description: Mapped[str] = mapped_column(sa.String(200), default="")


class User(Model, UserMixin):
    """A person on the staff."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(sa.String(32), unique=True, default=new_ref)
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    password: Mapped[str] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Utc, default=clock.now)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # theirs is a list of mixins
        secondary=users_roles, lazy="selectin"
    )

    def may(self, permission: rules.May) -> bool:
        """Whether one of the person's roles carries the permission."""
        return rules.may([role.name for role in self.roles], permission)

    @property
    def role_words(self) -> str:
        """The roles in words, for the page head."""
        return ", ".join(role.name for role in self.roles) or "no role"

    def __str__(self) -> str:
        return self.name or self.email
