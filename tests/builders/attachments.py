"""Files that go with letters."""

from __future__ import annotations

from campaign.campaigns.models import Campaign
from campaign.drafting import attachment_saving
from campaign.drafting.attachment_models import Attachment
from tests.builders import drafting

PDF = b"%PDF-1.7\nresearch\n"


def attached(
    campaign: Campaign, people: drafting.Staff, name: str = "Research note.pdf", raw: bytes = PDF
) -> Attachment:
    """A file that goes with the letters of a campaign."""
    return attachment_saving.add(campaign.id, raw=raw, filename=name, actor=people.drafter)


def large(size: int) -> bytes:
    """A PDF's first bytes and so many more."""
    return PDF + b"x" * (size - len(PDF))
