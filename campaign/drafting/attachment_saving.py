"""What is done to the files that go with a campaign's letters.

Each act takes back the texts that wait for approval or sending: they named other files (rule 4).
"""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.database import transaction
from campaign.drafting import (
    attachment_queries,
    attachment_rules,
    attachment_stripping,
    operations,
)
from campaign.drafting.attachment_models import Attachment
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore

_VOIDED = "The files that go with the letters were changed."


def add(
    campaign_id: int, *, raw: bytes, filename: str, actor: User | None, name: str = ""
) -> Attachment:
    """Let a file go with the letters of a campaign, after those that do already.

    It goes without its metadata: authors, places, programs.

    Args:
        filename: of the file that was sent; its ending tells its kind.
        name: printed in letters in place of that; gets the same ending.

    Raises:
        Problem: `attachment-empty`, `attachment-large`, `attachment-type`, `attachment-name`,
            `attachment-many`, `not-there`; that the file store has no room.
    """
    author = operations.person(actor)
    name = _named(filename, name)
    media_type = attachment_rules.media_type(name, raw)
    raw = attachment_stripping.stripped(attachment_rules.ending(name), raw)
    files: FileStore = current_app.extensions["files"]
    sha256 = files.put(raw)
    with transaction() as session:
        campaign = operations.locked_campaign(session, campaign_id)
        others = attachment_queries.attachments(campaign.id)
        if len(others) >= attachment_rules.FILES_MOST:
            raise Problem("attachment-many", limit=attachment_rules.FILES_MOST)
        if any(name.casefold() == one.name.casefold() for one in others):
            raise Problem("attachment-name", name=name)
        added = Attachment(
            campaign_id=campaign.id,
            position=others[-1].position + 1 if others else 0,
            name=name,
            media_type=media_type,
            size=len(raw),
            sha256=sha256,
            added_by_id=author.id,
        )
        session.add(added)
        record(
            "campaign.attachment_added", campaign, actor=author, name=name, size=len(raw),
            sha256=sha256,
        )  # fmt: skip
        operations.void_waiting(session, campaign, _VOIDED, author)
    return added


def _named(filename: str, name: str) -> str:
    given = attachment_rules.clean_name(filename)
    wanted = attachment_rules.clean_name(name)
    last = attachment_rules.ending(given)
    if wanted and attachment_rules.ending(wanted) != last:
        wanted = attachment_rules.clean_name(f"{wanted}.{last}")
    return wanted or given


def move_up(attachment_id: int, *, actor: User | None) -> None:
    """Let a file stand before the one that stands before it; the first stays where it is.

    Raises:
        Problem: `not-there`.
    """
    author = operations.person(actor)
    with transaction() as session:
        campaign, one = _locked(session, attachment_id)
        every = attachment_queries.attachments(campaign.id)
        place = every.index(one)
        if place == 0:
            return
        before = every[place - 1]
        before.position, one.position = one.position, before.position
        record(
            "campaign.attachment_moved", campaign, actor=author, name=one.name, before=before.name
        )
        operations.void_waiting(session, campaign, _VOIDED, author)


def remove(attachment_id: int, *, actor: User | None) -> None:
    """Let a file go with no further letter; letters that have left keep theirs.

    Raises:
        Problem: `not-there`.
    """
    author = operations.person(actor)
    with transaction() as session:
        campaign, one = _locked(session, attachment_id)
        one.removed_at = clock.now()
        record(
            "campaign.attachment_removed", campaign, actor=author, name=one.name, sha256=one.sha256
        )
        operations.void_waiting(session, campaign, _VOIDED, author)


def _locked(session: Session, attachment_id: int) -> tuple[Campaign, Attachment]:
    found = session.get(Attachment, attachment_id)
    if found is None:
        raise Problem("not-there", what="file")
    campaign = operations.locked_campaign(session, found.campaign_id)
    session.refresh(found)
    if found.removed_at is not None:
        raise Problem("not-there", what="file")
    return campaign, found
