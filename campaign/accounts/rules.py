"""Who may do what. A role is a set of permissions; a page asks for a permission, never a role."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is on the staff."""

    VIEWER = "viewer"
    DRAFTER = "drafter"
    APPROVER = "approver"
    PUBLISHER = "publisher"
    ADMIN = "admin"


class May(StrEnum):
    """What a page or an act asks for."""

    VIEW = "view"
    DRAFT = "draft"
    APPROVE = "approve"
    SEND = "send"
    TRIAGE = "triage"
    HALT = "halt"
    PUBLISH = "publish"
    ADMIN = "admin"


_STAFF = frozenset({May.VIEW, May.TRIAGE, May.HALT})

PERMISSIONS: dict[Role, frozenset[May]] = {
    Role.VIEWER: frozenset({May.VIEW}),
    Role.DRAFTER: _STAFF | {May.DRAFT, May.SEND},
    Role.APPROVER: _STAFF | {May.APPROVE},
    Role.PUBLISHER: _STAFF | {May.SEND, May.PUBLISH},
    Role.ADMIN: frozenset(May),
}


def may(roles: list[str], permission: May) -> bool:
    """Whether any of these roles carries the permission; an unknown role carries none."""
    known = set(Role)
    return any(permission in PERMISSIONS[Role(role)] for role in roles if role in known)
