"""Pictures of signatures: one for each who signs, printed above the name."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns import pictures
from campaign.campaigns.models import Campaign, PictureKind, Signatory
from campaign.database import transaction
from campaign.history.operations import record
from campaign.kernel.errors import Problem


def set_signature(signatory_id: int, *, raw: bytes, actor: User | None) -> Signatory:
    """Print this picture above a name from now on; a text frozen without it becomes stale.

    Raises:
        Problem: `picture-missing`, those of `kernel.pictures.clean`, `not-there`.
    """
    if not raw:
        raise Problem("picture-missing")
    chosen = pictures.kept(raw, PictureKind.SIGNATURE)
    with transaction() as session:
        signatory, campaign = _one(session, signatory_id)
        row = pictures.stored(session, chosen)
        if signatory.signature_id != row.id:
            signatory.signature = row
            record(
                "campaign.signature_set", campaign, actor=actor, of=signatory.name,
                sha256=row.sha256,
            )  # fmt: skip
    return signatory


def remove_signature(signatory_id: int, *, actor: User | None) -> Signatory:
    """Leave the room above a name empty again.

    Raises:
        Problem: `not-there`.
    """
    with transaction() as session:
        signatory, campaign = _one(session, signatory_id)
        if signatory.signature is not None:
            signatory.signature = None
            record("campaign.signature_removed", campaign, actor=actor, of=signatory.name)
    return signatory


def _one(session: Session, signatory_id: int) -> tuple[Signatory, Campaign]:
    found = session.get(Signatory, signatory_id)
    if found is None:
        raise Problem("not-there", what="signatory")
    campaign = session.scalars(
        sa.select(Campaign).where(Campaign.id == found.campaign_id).with_for_update()
    ).one()
    return found, campaign
