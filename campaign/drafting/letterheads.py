"""What stands at the top of letters: what staff saved last, over what the settings say."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from campaign.campaigns.models import Picture as StoredPicture
from campaign.config import Settings
from campaign.drafting.models import HeadVersion
from campaign.drafting.pictures import Picture
from campaign.drafting.rendering import Letterhead
from campaign.extensions import db


class Head(NamedTuple):
    """What staff may write at the top of letters, as it is now; `saved` is None before that."""

    saved: HeadVersion | None
    address: str
    phone: str
    website: str
    logo: Picture | None


def head() -> Head:
    """What stands at the top of letters now."""
    saved = newest()
    if saved is None:
        return Head(None, standard_address(), "", "", None)
    address = saved.address or standard_address()
    return Head(saved, address, saved.phone, saved.website, picture(saved.logo))


def newest() -> HeadVersion | None:
    """The version that counts; None where nobody has saved any."""
    return db.session.scalar(sa.select(HeadVersion).order_by(HeadVersion.id.desc()).limit(1))


def standard_address() -> str:
    """The address of the settings, its lines separated by line feeds."""
    # In an environment variable a line break is often written as a backslash and an n.
    return _settings().org_address.replace("\\n", "\n")


def current() -> Letterhead:
    """The letterhead as letters print it now."""
    ours, settings = head(), _settings()
    lines = tuple(line.strip() for line in ours.address.splitlines() if line.strip())
    return Letterhead(
        settings.org_name,
        lines,
        email=settings.mail_from,
        phone=ours.phone,
        website=ours.website,
        logo=ours.logo,
    )


def picture(stored: StoredPicture | None) -> Picture | None:
    """A stored picture as letters name it."""
    if stored is None:
        return None
    return Picture(stored.sha256, stored.media_type, stored.width, stored.height)


def is_logo(sha256: str) -> StoredPicture | None:
    """The picture, where a letterhead shows or has shown it: anybody may see it then."""
    return db.session.scalar(
        sa.select(StoredPicture)
        .join(HeadVersion, HeadVersion.logo_id == StoredPicture.id)
        .where(StoredPicture.sha256 == sha256)
        .limit(1)
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
