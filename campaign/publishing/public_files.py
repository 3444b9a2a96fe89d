"""Files of replies that a person approved: downloads that no browser shows as one of our pages."""

from __future__ import annotations

from flask import Response, abort

from campaign.accounts.guard import public
from campaign.publishing import public_queries, queries
from campaign.publishing.answers import blueprint, files, revalidated
from campaign.publishing.shown import PublicFile
from campaign.replies import file_queries
from campaign.web.headers import download


@blueprint.get("/files/<token>")
@public
@revalidated
def reply_file(token: str) -> Response:
    """A file of a reply; caches ask every time, so that a new redaction counts at once."""
    found = _found(token) or abort(404)
    response = Response(files().get(found.content.sha256))
    response.headers["Content-Type"] = found.content.about.media_type
    response.headers["X-Robots-Tag"] = "noindex"
    return download(response, found.name)


def _found(token: str) -> PublicFile | None:
    file = file_queries.with_token(token) if token.isascii() and token.isalnum() else None
    if file is None or file.published is None or not queries.is_public(file.reply.letter):
        return None
    shown = public_queries.shown([file.reply.letter])[0]
    return next((one for one in shown.files_of(file.reply) if one.token == token), None)
