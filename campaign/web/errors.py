"""Errors as pages: a title and what to do, in the same words everywhere."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from campaign.kernel.errors import Problem
from campaign.web import carried

WORDS = {
    400: ("This request cannot be understood.", "Go back and try again."),
    401: ("You are not signed in.", "Sign in and try again."),
    403: ("You may not open this page.", "Ask an administrator for the role that it needs."),
    404: ("There is no such page.", "Check the address, or start from the front page."),
    405: ("This page does not take that request.", "Go back and use its buttons."),
    410: ("This page is gone.", "Start from the front page."),
    413: ("What you sent is too large.", "Send a smaller file."),
    429: ("Too many requests.", "Wait a minute and try again."),
    500: ("Something went wrong on our side.", "Nothing was half-done. Try again in a minute."),
}


def register(app: Flask) -> None:
    """Show every error as a page of ours."""

    @app.errorhandler(SecurityError)
    def unknown_host(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
        # A page of ours needs links, and none can be made below a name that is not ours.
        words = "This site has another name. Check the address, and the setting BASE_URL.\n"
        return words, 400, {"Content-Type": "text/plain; charset=utf-8"}

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
        code = error.code or 500
        if error.response is not None or code < 400:  # a redirect, or an answer made already
            return error
        title, what_to_do = WORDS.get(code, WORDS[400 if code < 500 else 500])
        return _page(code, title, what_to_do)

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> tuple[str, int]:
        return carried.sign_in_again() or _page(
            400, "This form has expired.", "Go back, reload the page and send it again."
        )

    @app.errorhandler(Problem)
    def problem(error: Problem) -> tuple[str, int]:
        return _page(422, error.title, error.what_to_do)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> tuple[str, int]:
        app.logger.exception("%s %s failed", request.method, request.path)
        return _page(500, *WORDS[500])


def _page(code: int, title: str, what_to_do: str) -> tuple[str, int]:
    return render_template("errors/page.html", code=code, title=title, what_to_do=what_to_do), code
