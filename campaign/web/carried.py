"""What a person typed into a form whose session had ended is carried through the sign-in.

Nothing is stored for strangers: the words travel in the sign-in form, and are kept for the
person once they have signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, render_template, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException

View = TypeVar("View", bound=Callable[..., Any])
Keep = Callable[..., None]

_KEEP, _WORDS, _NAMES = "keep_typed", "typed_words", "typed_names"
_PREFIX, _AT = "typed-", "typed-at"


def carried(keep: Keep, *words: str, also: Iterable[str] = ()) -> Callable[[View], View]:
    """Mark a page of which what was typed outlives the session.

    Args:
        keep: called after the sign-in with the values by name, and the parts of the address.
        words: the form's fields that hold what was typed.
        also: other fields of the form that `keep` needs.
    """

    def mark(view: View) -> View:
        setattr(view, _KEEP, keep)
        setattr(view, _WORDS, words)
        setattr(view, _NAMES, (*words, *also))
        return view

    return mark


def sign_in_again() -> tuple[str, int] | None:
    """The answer to a form whose session has ended; None where there is nothing to carry.

    A form that another site sent is not carried: nobody typed it here.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    words = [request.form.get(name, "") for name in getattr(view, _WORDS, ())]
    if request.method != "POST" or not any(map(str.strip, words)) or not _is_ours():
        return None
    names: Iterable[str] = getattr(view, _NAMES, ())
    return render_template(
        "security/signed_out.html",
        words=words,
        typed={name: request.form.get(name, "") for name in names},
        at=request.path,
        prefix=_PREFIX,
        signed_in=current_user.is_authenticated,
    ), 401


def _is_ours() -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def register(app: Flask) -> None:
    """Keep what a sign-in carried, once it has succeeded."""

    @app.after_request
    def keep(response: Response) -> Response:
        signing_in = request.endpoint == "security.login" and request.method == "POST"
        if signing_in and _AT in request.form and current_user.is_authenticated:
            _keep(request.form)
        return response


def _keep(form: Mapping[str, str]) -> None:
    adapter = current_app.url_map.bind("")
    try:
        endpoint, parts = adapter.match(form[_AT], method="POST")
    except HTTPException:
        return
    view = current_app.view_functions[endpoint]
    keep: Keep | None = getattr(view, _KEEP, None)
    if keep is not None:
        names = getattr(view, _NAMES, ())
        keep({name: form.get(f"{_PREFIX}{name}", "") for name in names}, **parts)
