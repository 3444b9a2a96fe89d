"""Saving what stands at the top of letters."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns import pictures
from campaign.campaigns.models import PictureKind
from campaign.database import transaction
from campaign.drafting import letterheads
from campaign.drafting.models import HeadVersion
from campaign.drafting.operations import person
from campaign.history.operations import record
from campaign.kernel import fields
from campaign.kernel.errors import Problem

_PHONE = re.compile(r"[+(]?[0-9][0-9 ()/.-]*")
_SITE = re.compile(r"(https?://)?[a-z0-9-]+(\.[a-z0-9-]+)+(/[!-~]*)?", re.IGNORECASE)
_LINES_MOST = 6


def save_head(
    *,
    address: str,
    phone: str,
    website: str,
    actor: User | None,
    logo: bytes = b"",
    without_logo: bool = False,
) -> HeadVersion:
    """Save what stands at the top of letters from now on; the same again is no new version.

    A text that was frozen with another one is stale from then on: it cannot be signed or sent.

    Args:
        address: lines; empty for the one of the settings.
        logo: an uploaded file; empty keeps the present logo.
        without_logo: print none.

    Raises:
        Problem: `head-address`, `head-phone`, `head-website`, those of `pictures.clean`, or that
            a field is too long.
    """
    author = person(actor)
    facts = {
        "address": _address(address),
        "phone": _phone(phone),
        "website": _website(website),
    }
    chosen = pictures.kept(logo, PictureKind.LOGO) if logo and not without_logo else None
    with transaction() as session:
        before = _newest(session)
        row = None if before is None or without_logo else before.logo
        if chosen is not None:
            row = pictures.stored(session, chosen)
        said = {**facts, "logo": row.sha256 if row else ""}
        told = _said(before)
        if said == told:
            assert before is not None
            return before
        version = HeadVersion(**facts, logo=row, created_by_id=author.id)
        session.add(version)
        session.flush()
        changed = {name: [told.get(name, ""), said[name]] for name in said}
        record(
            "letterhead.saved", version, actor=author,
            changed={name: pair for name, pair in changed.items() if pair[0] != pair[1]},
        )  # fmt: skip
    return version


def _newest(session: Session) -> HeadVersion | None:
    return session.scalar(
        sa.select(HeadVersion)
        .order_by(HeadVersion.id.desc())
        .limit(1)
        .with_for_update(of=HeadVersion)
    )


def _said(head: HeadVersion | None) -> dict[str, str]:
    if head is None:
        return {}
    logo = head.logo.sha256 if head.logo else ""
    return {"address": head.address, "phone": head.phone, "website": head.website, "logo": logo}


def _address(typed: str) -> str:
    lines = fields.text(typed, name="Postal address", limit=400).splitlines()
    found = [line.strip() for line in lines if line.strip()]
    if len(found) > _LINES_MOST:
        raise Problem("head-address", lines=len(found))
    address = "\n".join(found)
    return "" if address == _standard() else address


def _standard() -> str:
    lines = letterheads.standard_address().splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _phone(typed: str) -> str:
    phone = fields.line(typed, name="Telephone", limit=60)
    if phone and not _PHONE.fullmatch(phone):
        raise Problem("head-phone", phone=phone)
    return phone


def _website(typed: str) -> str:
    site = fields.line(typed, name="Website", limit=100)
    if site and not _SITE.fullmatch(site):
        raise Problem("head-website", site=site)
    return site
