"""The letter as the public sees it: the text that was sent, without what opens a door to others.

Five things are left out, everywhere alike (fairness.md rules 20 and 26). The letter's own tag in
the reply address: whoever wrote to it would pass for the company. The part before the @ of an
address that belongs to a named person. The pictures of signatures, which could be copied. The
addresses of attachments: they are the recipient's, and what is behind them was not published. And
what tells who a person is, where that was left out of the company's reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from flask import current_app
from markupsafe import Markup, escape

from campaign.companies.rules import Channel
from campaign.drafting import attached, pictures, rendering
from campaign.drafting.frozen import Frozen
from campaign.kernel.files import FileStore
from campaign.replies import redaction_rules

HIDDEN = "…"
_BETWEEN_TAGS = re.compile(r"(?<=>)[^<>]+(?=<)")


def replacements(frozen: Frozen) -> dict[str, str]:
    """What is left out, and what stands in its place."""
    local, _, domain = frozen.reply_address.rpartition("@")
    found = {frozen.reply_address: f"{local.partition('+')[0]}@{domain}"}
    for contact in frozen.contacts:
        if contact.channel is Channel.EMAIL and contact.person:
            found[contact.value] = f"{HIDDEN}@{contact.value.rpartition('@')[2]}"
    return found


def hides_addresses(frozen: Frozen) -> bool:
    """Whether an address of a named person is left out."""
    return len(replacements(frozen)) > 1


def page(frozen: Frozen, persons: Sequence[str] = ()) -> Markup:
    """The letter's sheet.

    Args:
        persons: words that tell who a person is and are left out.
    """
    html = attached.without_links(pictures.without_signatures(str(frozen.page())))
    for hidden, instead in replacements(frozen).items():
        html = html.replace(str(escape(hidden)), str(escape(instead)))
    if persons:
        told = [str(escape(one)) for one in persons]
        html = _BETWEEN_TAGS.sub(lambda text: redaction_rules.masked(text.group(), told), html)
    return Markup(html)  # noqa: S704 (made by an autoescaping template, and escaped words)


def pdf(frozen: Frozen, persons: Sequence[str] = ()) -> bytes:
    """The letter as PDF, made from the same content.

    Raises:
        Problem: those of `rendering.as_pdf`; that the file of the logo is missing.
    """
    files: FileStore = current_app.extensions["files"]
    found = replacements(frozen)

    def change(text: str) -> str:
        for hidden, instead in found.items():
            text = text.replace(hidden, instead)
        return redaction_rules.masked(text, persons)

    shown = pictures.unsigned(_changed(frozen.content, change))
    shown = replace(shown, attachments=attached.unlinked(shown.attachments))
    return rendering.as_pdf(shown, files.get)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed, however deep it stands."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _changed(one, change) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_changed(one, change) for one in value)
    if is_dataclass(value) and not isinstance(value, (type, date)):
        changed = {f.name: _changed(getattr(value, f.name), change) for f in fields(value)}
        return replace(value, **changed)
    return value
