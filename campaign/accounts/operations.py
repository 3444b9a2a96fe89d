"""What is done to people: let in, given a role, shut out."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_security import hash_password
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.accounts import models, rules
from campaign.accounts.models import User
from campaign.database import transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import fields
from campaign.kernel.errors import Problem


def create_user(
    email: str,
    *,
    name: str = "",
    role: rules.Role,
    password: str,
    actor: User | None = None,
) -> User:
    """Let a person in.

    Raises:
        Problem: `bad-sign-in-address`, `person-exists`, `password-weak`.
    """
    address = _address(email)
    called = fields.line(name, name="Name", limit=120)
    hashed = _hashed(password, address)
    try:
        with transaction() as session:
            user = User(
                email=address,
                name=called,
                password=hashed,
                fs_uniquifier=secrets.token_hex(32),
                roles=[_role(session, role)],
            )
            session.add(user)
            session.flush()
            record("user.added", user, actor=actor, name=str(user), email=address, role=role.value)
    except IntegrityError:
        raise Problem("person-exists", address=address) from None
    return user


def change_role(user_id: int, *, role: rules.Role, actor: User | None) -> User:
    """Give a person one role in place of those they have.

    Raises:
        Problem: `not-there`; `last-administrator`.
    """
    with transaction() as session:
        user = _locked(session, user_id)
        before = user.role_words
        if before == role.value:
            return user
        if role is not rules.Role.ADMIN:
            _keep_an_administrator(session, user)
        user.roles = [_role(session, role)]
        record(
            "user.role_changed", user, actor=actor, name=str(user), before=before, now=role.value
        )
    return user


def deactivate(user_id: int, *, actor: User | None) -> User:
    """Shut a person out at once: also the sessions that they have open.

    Raises:
        Problem: `not-there`; `last-administrator`.
    """
    with transaction() as session:
        user = _locked(session, user_id)
        if user.active:
            _keep_an_administrator(session, user)
            user.active = False
            user.fs_uniquifier = secrets.token_hex(32)
            record("user.deactivated", user, actor=actor, name=str(user))
    return user


def end_sessions(user_id: int) -> None:
    """End every session of a person, on every machine (bad-inputs.md 87).

    A session is a signed cookie that the browser keeps: a copy of it would sign in again for as
    long as the person has the mark that it names. So signing out gives the person another.

    Raises:
        Problem: `not-there`.
    """
    with transaction() as session:
        _locked(session, user_id).fs_uniquifier = secrets.token_hex(32)


def reactivate(user_id: int, *, actor: User | None) -> User:
    """Let a person in again, with the role and the password they had.

    Raises:
        Problem: `not-there`.
    """
    with transaction() as session:
        user = _locked(session, user_id)
        if not user.active:
            user.active = True
            record("user.reactivated", user, actor=actor, name=str(user))
    return user


def set_password(user_id: int, *, password: str, actor: User | None) -> User:
    """Give a person a new password; sessions that they have open end (bad-inputs.md 87).

    Raises:
        Problem: `not-there`; `password-weak`.
    """
    known = db.session.get(User, user_id)
    if known is None:
        raise Problem("not-there", what="person")
    hashed = _hashed(password, known.email)  # slow on purpose, so outside the act
    with transaction() as session:
        user = _locked(session, user_id)
        user.password, user.fs_uniquifier = hashed, secrets.token_hex(32)
        record("user.password_set", user, actor=actor, name=str(user))
    return user


def _address(email: str) -> str:
    # Normalised as at sign-in; in lower case, so that one address is one person.
    try:
        found = validate_email(email.strip(), check_deliverability=False)
        return str(found.normalized).lower()
    except EmailNotValidError as error:
        why = str(error).rstrip(".")
        raise Problem("bad-sign-in-address", address=email[:200], why=why) from None


def _hashed(password: str, address: str) -> str:
    security = current_app.extensions["security"]
    faults, normal = security.password_util.validate(password, is_register=True)
    if faults:
        raise Problem("password-weak", why=" ".join(map(str, faults)).rstrip("."))
    if normal.casefold() == address.casefold():
        raise Problem("password-weak", why="it is the address")
    return str(hash_password(normal))


def _role(session: Session, role: rules.Role) -> models.Role:
    query = sa.select(models.Role).where(models.Role.name == role.value)
    found: models.Role | None = session.scalar(query)
    if found is None:
        known = ", ".join(known.value for known in rules.Role)
        raise Problem("role-unknown", role=role.value, known=known)
    return found


def _locked(session: Session, user_id: int) -> User:
    """The person; one such act at a time, so that two administrators cannot shut each other out."""
    admin = models.Role.name == rules.Role.ADMIN.value
    session.scalar(sa.select(models.Role).where(admin).with_for_update())
    user = session.get(User, user_id)
    if user is None:
        raise Problem("not-there", what="person")
    return user


def _keep_an_administrator(session: Session, leaving: User) -> None:
    admins = session.scalars(
        sa.select(User.id).where(
            User.active, User.roles.any(models.Role.name == rules.Role.ADMIN.value)
        )
    ).all()
    if list(admins) == [leaving.id]:
        raise Problem("last-administrator", person=str(leaving))
