"""Posting on Mastodon by Mastodon.py, once: with an idempotency key of the post.

A server keeps the key for an hour and answers a second post that has it with the first
(`app/services/post_status_service.rb`). The library is loaded when somebody posts: it takes
23 MB of memory and an eighth of a second.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from campaign.kernel.social import MastodonAccount
from campaign.sending.ways import Post, Refused, Unsure, no_answer, plain, random_key

if TYPE_CHECKING:
    from mastodon import Mastodon

SECONDS = 20.0
_LOOKED_AT = 20  # statuses
_CLOCKS_DIFFER = timedelta(minutes=10)


class MastodonWay:
    """Our account on a Mastodon server."""

    def __init__(self, account: MastodonAccount, seconds: float = SECONDS) -> None:
        self._account, self._seconds = account, seconds

    def new_key(self, at: datetime) -> str:
        """A key for a post that was never tried."""
        return random_key()

    def post(self, post: Post) -> str:
        """Post once and give its address.

        Raises:
            Refused: the server said no, or was not asked to post: our token is asked about first.
            Unsure: no answer, a server's error, or an answer that makes no sense.
        """
        client = self._client()
        self._who(client)
        try:
            status: Any = client.status_post(
                post.text,
                visibility="public",
                language=post.language.partition("-")[0],
                idempotency_key=post.key,
            )
        except Exception as error:
            raise self._trouble(error) from None
        return _address(status)

    def find(self, post: Post) -> str | None:
        """The address of a status of ours with exactly this text, since the post was tried.

        Raises:
            Refused: the server cannot be asked.
        """
        client = self._client()
        me = self._who(client)
        try:
            newest: Any = client.account_statuses(me, exclude_reblogs=True, limit=_LOOKED_AT)
            for status in newest:
                recent = status.created_at >= post.at - _CLOCKS_DIFFER
                if recent and client.status_source(status).text == post.text:
                    return _address(status)
        except Exception as error:
            raise Refused(self._words(error)) from None
        return None

    def _client(self) -> Mastodon:
        from mastodon import Mastodon
        from requests import Session

        session = Session()
        session.max_redirects = 0  # a post that is sent elsewhere could be taken twice
        return Mastodon(
            access_token=self._account.token,
            api_base_url=self._account.url,
            ratelimit_method="throw",  # a person waits for the answer
            request_timeout=self._seconds,
            version_check_mode="none",
            session=session,
            user_agent="campaign",
        )

    def _who(self, client: Mastodon) -> Any:
        try:
            return client.account_verify_credentials()
        except Exception as error:
            raise Refused(self._words(error)) from None

    def _trouble(self, error: Exception) -> Refused | Unsure:
        from mastodon import MastodonRatelimitError

        code = _code(error)
        if isinstance(error, MastodonRatelimitError) or (code is not None and 400 <= code < 500):
            return Refused(self._words(error))
        return Unsure(self._words(error))

    def _words(self, error: Exception) -> str:
        from mastodon import MastodonNetworkError, MastodonRatelimitError

        if isinstance(error, MastodonRatelimitError):
            return "429: the server wants us to wait before the next post"
        code = _code(error)
        if code == 401:
            return "401: the server does not accept MASTODON_TOKEN"
        if isinstance(error, MastodonNetworkError):
            return no_answer(error)
        if code is None:
            return "its answer makes no sense"
        return plain(f"{code}: {error.args[-1] or error.args[-2]}", self._account.token)


def _code(error: Exception) -> int | None:
    """The HTTP status of an answer that the library calls an error; None where there was none."""
    args = error.args
    return args[1] if len(args) == 4 and isinstance(args[1], int) else None


def _address(status: Any) -> str:
    address = str(getattr(status, "url", None) or getattr(status, "uri", None) or "")
    if not address.startswith(("https://", "http://")):
        raise Unsure("the server's answer names no post")
    return address
