"""Playing the demonstration's past, under `clock.at(…)`, through the operations that staff use.

The past ends just before the silent company's grace does, so that the first real pass of the
clock publishes its record (product.md, "The demonstration").
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.accounts.operations import create_user
from campaign.accounts.rules import Role
from campaign.config import Settings
from campaign.demo.play import Story
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem

PEOPLE = (
    (Role.VIEWER, "Tom Abara"),
    (Role.DRAFTER, "Mira Falkner"),
    (Role.APPROVER, "Ines Okonjo"),
    (Role.PUBLISHER, "Ravi Sandhu"),
    (Role.ADMIN, "Jo Brandt"),
)
DOMAIN = "brightwater.example"
_SIGN_INS = "sign-ins.json"
_UNFINISHED = "demonstration-unfinished"


def clear_unfinished(settings: Settings) -> None:
    """Take away what an interrupted load left, where all of it is in the instance folder.

    Only a load that never finished is taken away: nobody has worked with it. Call before the
    database is opened.
    """
    folder = settings.instance_dir
    own = settings.database_url == f"sqlite:///{folder / 'campaign.sqlite3'}"
    if not (own and settings.captured and (folder / _UNFINISHED).exists()):
        return
    for path in folder.glob("campaign.sqlite3*"):
        path.unlink()
    for name in ("captured", "files"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / _UNFINISHED).unlink()


def wanted(settings: Settings) -> bool:
    """Whether the demonstration may be loaded: into an instance that holds nothing yet.

    Raises:
        Problem: `demo-unfinished`: an earlier load was interrupted and left a part of it.
    """
    mark = settings.instance_dir / _UNFINISHED
    empty = not db.session.scalar(sa.select(sa.func.count()).select_from(User))
    db.session.rollback()
    if mark.exists() and not empty:
        raise Problem("demo-unfinished", folder=settings.instance_dir)
    return empty


def sign_ins(settings: Settings) -> list[str]:
    """One line a role: role, e-mail address, password; empty where no demonstration is loaded."""
    try:
        kept = json.loads((settings.instance_dir / _SIGN_INS).read_text())
    except FileNotFoundError:
        return []
    width = max(len(address) for address in kept.values() for address in [address["email"]])
    lines = [f"Sign in at {settings.base_url}/staff/login as"]
    for role, person in kept.items():
        lines.append(f"  {role:<10} {person['email']:<{width}}  {person['password']}")
    return lines


def load(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Play the whole story once. Takes some seconds; `say` is told so."""
    say("Loading the demonstration …")
    mark = settings.instance_dir / _UNFINISHED
    mark.touch()
    story = Story(clock.real_now())
    people = _people(settings, story.begin)
    story.people = people
    story.play()
    mark.unlink()


def _people(settings: Settings, when: datetime) -> dict[Role, User]:
    people, kept = {}, {}
    with clock.at(when):
        for role, name in PEOPLE:
            password = "-".join(secrets.choice(_SYLLABLES) for _ in range(6))
            email = f"{role.value}@{DOMAIN}"
            people[role] = create_user(email, name=name, role=role, password=password)
            kept[role.value] = {"email": email, "password": password}
    path = settings.instance_dir / _SIGN_INS
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(kept, file)
    return people


_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]
