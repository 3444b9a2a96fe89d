"""Sessions belong to staff: outside their pages none is read, made or mentioned.

A library that asks who is signed in while a public page is made finds nobody, and the answer
stays the same for everyone: no cookie, no `Vary: Cookie`.
"""

from __future__ import annotations

from flask import Flask, Request, Response
from flask import request as here
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class StaffSessions(SecureCookieSessionInterface):
    """Flask's own signed cookies, below the path of the session cookie only."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a staff page; an empty one that is never kept elsewhere."""
        if not _is_staff(app, request.path):
            return SecureCookieSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session of a staff page."""
        if _is_staff(app, here.path):
            super().save_session(app, session, response)


def _is_staff(app: Flask, path: str) -> bool:
    return path.startswith(app.config["SESSION_COOKIE_PATH"])
