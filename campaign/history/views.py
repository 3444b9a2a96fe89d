"""The log as a page. It stands below people and companies, so it is given what it needs of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from campaign.history import queries, words

PER_PAGE = 50
_LAST = 10**12

Guard = Callable[[Callable[..., Any]], Callable[..., Any]]
Namer = Callable[[Collection[str]], Mapping[str, str]]


def pages(guard: Guard, *namers: Namer) -> Blueprint:
    """The blueprint of the log.

    Args:
        guard: says to whom the pages are open.
        namers: each names those opaque ids that it knows.
    """
    blueprint = Blueprint("history", __name__, url_prefix="/staff/history")

    @blueprint.get("/")
    @guard
    def log() -> ResponseReturnValue:
        """The newest events; `before` in the address pages back."""
        before = _before()
        events = queries.newest(PER_PAGE + 1, before)
        lines = words.lines(events[:PER_PAGE], names_of(events, *namers))
        older = lines[-1].seq if len(events) > PER_PAGE else None
        return render_template("history/log.html", lines=lines, older=older, before=before)

    @blueprint.get("/verify")
    @guard
    def verify() -> ResponseReturnValue:
        """Whether the whole chain holds."""
        count, broken = queries.verify()
        return render_template("history/verify.html", count=count, broken=broken)

    return blueprint


def names_of(events: Collection[queries.Told], *namers: Namer) -> dict[str, str]:
    """Names of everything that the events speak of, as far as anybody knows them."""
    refs = {event.subject for event in events} | {event.actor for event in events if event.actor}
    named: dict[str, str] = {}
    for namer in namers:
        named |= namer(refs)
    return named


def _before() -> int | None:
    asked = request.args.get("before")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:15]) < _LAST):
        abort(400)
    return int(asked)
