"""Asking the interface for programs."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

SPEAKER = "/campaigns/who-can-read-what-your-speaker-hears/"
LARKFIELD = f"{SPEAKER}larkfield-home/"
STANDING = ("/corrections/", "/how-we-work/", "/privacy/", "/imprint/")


def asked(client: FlaskClient, path: str) -> Any:
    """The JSON at an address.

    Raises:
        AssertionError: it answers with anything but 200.
    """
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}\n{answer.text}"
    return answer.json
