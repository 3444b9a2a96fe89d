"""What anybody can check, signed: a letter's history, the heads of all, the chain's hashes."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, request, url_for

from campaign.accounts.guard import public
from campaign.drafting.models import Letter
from campaign.history import queries as chain
from campaign.publishing import public_history, public_queries
from campaign.publishing.answers import absolute, blueprint, json_answer, revalidated
from campaign.publishing.shown import Shown
from campaign.publishing.signing import Signer

LETTERS_A_PAGE = 500
HASHES_A_PAGE = 10_000


def _signer() -> Signer:
    found: Signer = current_app.extensions["signer"]
    return found


def _signed(content: dict[str, Any]) -> Response:
    return json_answer(_signer().signed(content))


def history(shown: Shown) -> Response:
    """The chain's events about a letter, with what its record says."""
    return _signed(
        {
            "letter": _letter_url(shown.letter),
            "how_to_verify": absolute("/how-we-work/#verify"),
            "record": public_history.record_of(shown),
            "events": public_history.events(shown),
        }
    )


def _letter_url(letter: Letter) -> str:
    path = url_for("publishing.record", slug=letter.campaign.slug, company=letter.company.slug)
    return absolute(path)


@blueprint.get("/history/heads.json")
@public
@revalidated
def history_heads() -> Response:
    """The end of the whole chain, and of the history of each public letter."""
    page = _number("page", 1)
    part = public_queries.part(public_queries.letters().order_by(Letter.id), page, LETTERS_A_PAGE)
    if part is None:
        abort(404)
    shown = public_queries.shown(part.items)
    seq, digest = chain.head()
    return _signed(
        {
            "chain": {"seq": seq, "hash": digest},
            "hashes": absolute(url_for("publishing.history_hashes")),
            "letters": [
                {"letter": _letter_url(one.letter), **head}
                for one, head in zip(shown, public_history.head(shown), strict=True)
            ],
            "next": _next("history_heads", "page", page + 1) if page < part.pages else None,
        }
    )


@blueprint.get("/history/hashes.json")
@public
@revalidated
def history_hashes() -> Response:
    """The hash of every event there is, in order; a full page never changes again."""
    after = _number("after", 0)
    found = public_history.hashes(after, HASHES_A_PAGE + 1)
    if after and not found:
        abort(404)
    more = len(found) > HASHES_A_PAGE
    return _signed(
        {
            "first": after + 1,
            "hashes": found[:HASHES_A_PAGE],
            "next": _next("history_hashes", "after", after + HASHES_A_PAGE) if more else None,
        }
    )


@blueprint.get("/.well-known/campaign-signing-keys.json")
@public
@revalidated
def signing_keys() -> Response:
    """The keys that signatures are checked with (RFC 7517)."""
    return json_answer({"keys": _signer().public_keys()})


def _next(name: str, word: str, value: int) -> str:
    return absolute(f"{url_for(f'publishing.{name}')}?{word}={value}")


def _number(name: str, usual: int) -> int:
    asked = request.args.get(name, str(usual))
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 9 and int(asked) >= usual):
        abort(404)
    return int(asked)
