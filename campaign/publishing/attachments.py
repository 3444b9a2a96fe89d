"""Files of letters that are too large for a mail, at the address that the letter gives.

The address holds 128 random bits and stands in the letter alone: public pages leave it out, no
list, feed, export or search names it. Who holds it holds the letter, so it answers from the
moment when a letter of the campaign has left, and while an embargo hides that letter from
everybody else (fairness.md rule 24): its recipient has to read what it is asked about.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask import Response, abort

from campaign.accounts.guard import public
from campaign.drafting import attachment_queries
from campaign.drafting.attachment_models import Attachment
from campaign.drafting.models import Letter, LetterState
from campaign.drafting.rules import UNSENT
from campaign.extensions import db
from campaign.publishing.answers import blueprint, files
from campaign.web.headers import download


@blueprint.get("/attachments/<token>/<name>")
@public
def attachment(token: str, name: str) -> Response:
    """A file of a letter, for who has its address; never kept by a cache, never indexed."""
    found = attachment_queries.with_token(token) or abort(404)
    if name != found.name or not _has_left(found):
        abort(404)
    raw = files().get(found.sha256)
    response = download(Response(raw, mimetype=found.media_type), found.name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _has_left(found: Attachment) -> bool:
    """Whether a letter of the campaign is on its way, or was in an earlier round."""
    on_its_way = Letter.state.not_in(UNSENT | {LetterState.WITHDRAWN})
    letter = sa.select(Letter.id).where(
        Letter.campaign_id == found.campaign_id, sa.or_(on_its_way, Letter.round > 1)
    )
    return db.session.scalar(letter.limit(1)) is not None
