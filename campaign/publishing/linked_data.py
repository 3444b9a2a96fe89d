"""What a public page is about, for machines that read pages (schema.org, as JSON-LD).

It says nothing that the page itself does not say: only what is shown goes in.
"""

from __future__ import annotations

from typing import Any

from campaign.campaigns.models import Campaign
from campaign.publishing.shown import Shown

_CONTEXT = "https://schema.org"


def of_record(shown: Shown, *, url: str, campaign_url: str, publisher: dict[str, Any]) -> Any:
    """A record as an article of ours about a company; moments in UTC."""
    published = shown.record.published_at if shown.record else shown.sent_at
    return {
        "@context": _CONTEXT,
        "@type": "Article",
        "headline": shown.headline,
        "description": shown.statement,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": "en",
        "datePublished": published.isoformat(timespec="seconds") if published else None,
        "dateModified": shown.changed_at.isoformat(timespec="seconds"),
        "about": {"@type": "Organization", "name": shown.company.name},
        "author": publisher,
        "publisher": publisher,
        "isPartOf": {
            "@type": "CreativeWorkSeries",
            "name": shown.campaign.title,
            "url": campaign_url,
        },
    }


def of_campaign(campaign: Campaign, *, url: str, publisher: dict[str, Any]) -> Any:
    """A campaign as a set of data that can be downloaded."""
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": campaign.title,
        "description": campaign.summary or campaign.title,
        "url": url,
        "inLanguage": campaign.language,
        "creator": publisher,
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media_type,
                "contentUrl": f"{url}records.{ending}",
            }
            for ending, media_type in (
                ("csv", "text/csv"),
                ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            )
        ],
    }


def publisher(name: str, url: str) -> dict[str, Any]:
    """We, as an organisation."""
    return {"@type": "Organization", "name": name, "url": url}
