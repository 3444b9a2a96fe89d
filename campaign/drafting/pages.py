"""All pages of drafting: a module that is named here adds its pages, one that is not has none."""

from __future__ import annotations

from flask import Flask

from campaign.drafting import (
    approval_views,
    attachment_views,
    comment_views,
    cosign_views,
    custom_views,
    differing_views,
    letterhead_views,
    library_views,
    mention_views,
    own_views,
    preview_views,
    recipient_views,
    review_views,
    template_views,
    unsaved_views,
    version_views,
    views,
)

MODULES = (
    views,
    template_views,
    version_views,
    library_views,
    preview_views,
    mention_views,
    own_views,
    differing_views,
    letterhead_views,
    approval_views,
    review_views,
    cosign_views,
    recipient_views,
    custom_views,
    attachment_views,
    unsaved_views,
    comment_views,
)


def register(app: Flask) -> None:
    """Add the pages to the app, each blueprint once."""
    for blueprint in dict.fromkeys(module.blueprint for module in MODULES):
        app.register_blueprint(blueprint)
