"""Reading people."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.extensions import db


def people(words: str = "") -> sa.Select[Any]:
    """All people, those who can sign in first, then by name."""
    query = sa.select(User).order_by(User.active.desc(), User.name, User.email)
    if not words:
        return query
    found = (column.icontains(words, autoescape=True) for column in (User.name, User.email))
    return query.where(sa.or_(*found))


def person(ref: str) -> User | None:
    """The person with this opaque id."""
    return db.session.scalar(sa.select(User).where(User.ref == ref))


def names(refs: Collection[str]) -> dict[str, str]:
    """Names of those among these opaque ids that are people."""
    found = db.session.scalars(sa.select(User).where(User.ref.in_(refs)))
    return {user.ref: str(user) for user in found}
