"""People, and what they do in a browser without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.accounts import operations
from campaign.accounts.models import User
from campaign.accounts.rules import Role
from tests.pages import Page

PASSWORD = "lockkeeper meadow thirteen"


def user(name: str = "Ada Drafter", role: Role = Role.DRAFTER, **changes: Any) -> User:
    """A person; the address is made from the name."""
    local = name.lower().replace(" ", ".")
    given = {"name": name, "role": role, "password": PASSWORD, **changes}
    return operations.create_user(given.pop("email", f"{local}@brightwater.example"), **given)


def admin(**changes: Any) -> User:
    """An administrator."""
    return user(**{"name": "Root Admin", "role": Role.ADMIN, **changes})


def sign_in(client: FlaskClient, who: User | str, password: str = PASSWORD) -> TestResponse:
    """Sign in as a person (or by address) through the page, as they do."""
    email = who if isinstance(who, str) else who.email
    return post(client, "/staff/login", {"email": email, "password": password})


def token(client: FlaskClient, url: str) -> str:
    """The CSRF token of a page's first form."""
    response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status}"
    return str((Page(response.text).select('[name$="csrf_token"]')[0].attrs or {})["value"])


def post(
    client: FlaskClient,
    url: str,
    data: Mapping[str, Any] | None = None,
    *,
    page: str | None = None,
    **how: Any,
) -> TestResponse:
    """Send a form with the token of the page that it stands on.

    Args:
        page: address of that page, where the form is sent elsewhere.
    """
    given = {**(data or {}), "csrf_token": token(client, page or url)}
    return client.post(url, data=given, **how)
