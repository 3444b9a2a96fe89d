"""Panels that later stages add to the pages of earlier ones.

`current_app.extensions["letter_panels"]`, `["company_panels"]` and `["campaign_panels"]` are
lists of functions: each takes what the page is about and gives the name of a template with the
context to show it with, or None where it has nothing to say. Stages append theirs in the
factory, in the order of the page; the templates get what the page is about too.
"""

from __future__ import annotations

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
