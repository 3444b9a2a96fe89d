"""Every page is closed unless it says otherwise; `factory` refuses a page that says nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app
from flask_login import current_user

from campaign.accounts.rules import May
from campaign.web import carried

View = TypeVar("View", bound=Callable[..., Any])
MARK = "open_to"
PUBLIC = "everyone"


def public(view: View) -> View:
    """Open a page to everyone, without a session."""
    setattr(view, MARK, PUBLIC)
    return view


def staff(permission: May = May.VIEW) -> Callable[[View], View]:
    """Open a page to staff who hold the permission; others get the sign-in page or 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                away = current_app.login_manager  # type: ignore[attr-defined]
                return carried.sign_in_again() or away.unauthorized()
            if not current_user.may(permission):
                abort(403)
            return current_app.ensure_sync(view)(*args, **kwargs)

        setattr(guarded, MARK, permission)
        return guarded  # type: ignore[return-value]

    return guard
