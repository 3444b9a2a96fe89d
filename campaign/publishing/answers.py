"""How public addresses answer: the same to everyone, without a session, ready for any cache.

What is not public answers exactly as what does not exist (fairness.md rule 24).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, make_response, request

from campaign.config import Settings
from campaign.kernel import days
from campaign.kernel.files import FileStore

blueprint = Blueprint("publishing", __name__)
blueprint.add_app_template_filter(days.in_words, "in_words")

MAX_AGE = 60
"""Seconds for which a cache may answer by itself."""


def cached(view: Callable[..., Any]) -> Callable[..., Response]:
    """Let caches keep what the view answers for a minute, and ask again with its ETag.

    For standing words alone, which say nothing about any company.
    """
    return _kept(view, f"public, max-age={MAX_AGE}")


def revalidated(view: Callable[..., Any]) -> Callable[..., Response]:
    """Let caches keep what the view answers, but ask with its ETag every time.

    For all that tells of a company: a record that was changed or is under embargo, and words that
    are left out of a reply, are so in every cache as soon as here (fairness.md rules 20 and 24).
    """
    return _kept(view, "public, no-cache")


def _kept(view: Callable[..., Any], control: str) -> Callable[..., Response]:

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers["Cache-Control"] = control
        response.add_etag()
        response.make_conditional(request)
        return response

    return answered


@blueprint.after_request
def _errors_are_not_kept(response: Response) -> Response:
    if response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


def json_answer(content: object, status: int = 200, mimetype: str = "application/json") -> Response:
    """Data for programs of any origin: it is open, and no cookie goes with it."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    response = Response(text + "\n", status, mimetype=mimetype)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def settings() -> Settings:
    """The instance's settings."""
    found: Settings = current_app.extensions["settings"]
    return found


def files() -> FileStore:
    """Where bytes are kept."""
    found: FileStore = current_app.extensions["files"]
    return found


def absolute(path: str) -> str:
    """The public web address of a path of ours; never taken from the request."""
    return settings().base_url.rstrip("/") + path
