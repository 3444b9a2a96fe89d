"""Reports of letters that were sent together: told once, until somebody has read them."""

from __future__ import annotations

import sqlalchemy as sa

from campaign.campaigns.models import Campaign
from campaign.companies.rules import Channel
from campaign.desk.items import Item, Kind, first
from campaign.sending.batch_queries import WAITING
from campaign.sending.models import Batch, Dispatch
from campaign.sending.rules import LEFT


def reports() -> Kind:
    """What was sent together and is done with; a single letter has its own page for that."""
    left = sa.func.sum(sa.case((Dispatch.state.in_(LEFT), 1), else_=0))
    waits = sa.func.sum(sa.case((Dispatch.state.in_(WAITING), 1), else_=0))
    query = (
        sa.select(Batch.ref, Campaign.title, sa.func.count().label("mails"), left.label("left"))
        .join(Campaign, Campaign.id == Batch.campaign_id)
        .join(Dispatch, Dispatch.batch_id == Batch.id)
        .where(
            Batch.report_read_at.is_(None),
            Batch.taken_back_at.is_(None),
            Batch.letters > 1,
            Dispatch.channel == Channel.EMAIL,
        )
        .group_by(Batch.id, Batch.ref, Batch.ordered_at, Campaign.title)
        .having(waits == 0)
        .order_by(Batch.ordered_at, Batch.id)
    )
    found, total = first(query)
    items = [
        Item(
            f"All {row.mails:,} mails have left"
            if row.left == row.mails
            else f"{row.left:,} of {row.mails:,} mails have left; the others need a look",
            f"{row.title} – "
            + (
                "read and noted, it is off this list"
                if row.left == row.mails
                else "the report says which, why, and what to do"
            ),
            "Read the report",
            "batches.page",
            {"ref": row.ref},
        )
        for row in found
    ]
    return Kind(items, total)
