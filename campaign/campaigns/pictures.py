"""Keeping pictures of letters: the bytes in the file store, what they are in a table."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from campaign.campaigns.models import Picture, PictureKind
from campaign.extensions import db
from campaign.kernel import pictures
from campaign.kernel.files import FileStore

# Pixels: twice and more of what a letter prints, so that it is sharp on paper and on screens.
MOST = {PictureKind.LOGO: (960, 320), PictureKind.SIGNATURE: (720, 240)}


def kept(raw: bytes, kind: PictureKind) -> Picture:
    """An uploaded picture, cleaned and kept in the file store; no row is added yet.

    Raises:
        Problem: those of `pictures.clean`, and that the file store has no room.
    """
    files: FileStore = current_app.extensions["files"]
    clean = pictures.clean(raw, MOST[kind])
    return Picture(
        kind=kind,
        sha256=files.put(clean.raw),
        media_type=clean.media_type,
        width=clean.width,
        height=clean.height,
    )


def stored(session: Session, picture: Picture) -> Picture:
    """Within an act: the row of a kept picture, a new one unless the same is there."""
    same = sa.select(Picture).where(Picture.kind == picture.kind, Picture.sha256 == picture.sha256)
    found = session.scalar(same)
    if found is not None:
        return found
    session.add(picture)
    session.flush()
    return picture


def known(sha256: str) -> Picture | None:
    """A picture with this hash, whatever it is for."""
    return db.session.scalar(sa.select(Picture).where(Picture.sha256 == sha256).limit(1))
