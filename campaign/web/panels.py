"""Panels that later stages add to the pages of earlier ones.

`current_app.extensions["letter_panels"]`, `["company_panels"]` and `["campaign_panels"]` are
lists of functions: each takes what the page is about and gives the name of a template with the
context to show it with, or None where it has nothing to say. Stages append theirs in the
factory, in the order of the page; the templates get what the page is about too.

`current_app.extensions["letter_subjects"]` are functions too: each takes the letter and gives the
opaque ids of what belongs to it in a later stage, so that its page tells their history as well.
`current_app.extensions["namers"]` say what any opaque id stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask import current_app, render_template
from markupsafe import Markup


def panels(page: str, subject: Any) -> list[Markup]:
    """What later stages have to say on a page.

    Args:
        page: “letter”, “company” or “campaign”: the name under which the templates get `subject`.
    """
    told = [panel(subject) for panel in current_app.extensions[f"{page}_panels"]]
    return [
        Markup(render_template(name, **{page: subject}, **context))  # noqa: S704 (autoescaped)
        for name, context in filter(None, told)
    ]


def letter_subjects(letter: Any) -> list[str]:
    """The opaque ids of everything whose history is a letter's too."""
    return [ref for told in current_app.extensions["letter_subjects"] for ref in told(letter)]


def namers() -> tuple[Callable[[Collection[str]], dict[str, str]], ...]:
    """What says how the things of every stage are called, for the history."""
    return current_app.extensions["namers"]
