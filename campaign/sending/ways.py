"""What a network that takes posts can say, whatever its API is."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple, Protocol

from campaign.kernel.text import shorten

# By the names of what `requests` and `urllib3` raise; the first that fits.
_NO_ANSWER = {
    "NewConnectionError": "it cannot be reached",
    "Timeout": "it did not answer in time",
    "TimeoutError": "it did not answer in time",
    "SSLError": "its certificate is not good",
    "TooManyRedirects": "it sent us to another address",
}
_BROKEN = "the connection broke before it had answered"


class Refused(Exception):
    """It was not posted, for certain; the words say why, and hold no secret."""


class Unsure(Exception):
    """It may have been posted: the answer was lost, or makes no sense."""


class Post(NamedTuple):
    """One post as it goes to a network.

    Attributes:
        key: made before the first try and kept: with it the network takes the post once.
        at: when a person first pressed, aware.
        language: a BCP 47 tag.
    """

    text: str
    key: str
    at: datetime
    language: str


class Way(Protocol):
    """Posts to one network by our account there."""

    def new_key(self, at: datetime) -> str:
        """A key for a post that was never tried."""
        ...

    def post(self, post: Post) -> str:
        """Post once and give its address.

        Raises:
            Refused, Unsure.
        """
        ...

    def find(self, post: Post) -> str | None:
        """The address of a post that may have been taken; None where it is not there.

        Raises:
            Refused: the network cannot be asked.
        """
        ...


def plain(words: object, *hidden: str) -> str:
    """Words of a library or a server as one line, without what must not be told."""
    text = str(words)
    for secret in filter(None, hidden):
        text = text.replace(secret, "•••")
    return shorten(" ".join("".join(c if c.isprintable() else " " for c in text).split()), 300)


def no_answer(error: BaseException) -> str:
    """Why a network did not answer, for people; from what the libraries under us raised."""
    names = set()
    cause: BaseException | None = error
    while cause is not None:
        names |= {kind.__name__ for kind in type(cause).__mro__}
        cause = cause.__cause__ or cause.__context__
    return next((words for name, words in _NO_ANSWER.items() if name in names), _BROKEN)


def random_key() -> str:
    """128 random bits."""
    return secrets.token_hex(16)
