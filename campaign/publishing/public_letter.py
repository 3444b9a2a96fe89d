"""The letter as the public sees it: the text that was sent, without what opens a door to others.

Four things are left out, everywhere alike (fairness.md rules 20 and 26). The letter's own tag in
the reply address: whoever wrote to it would pass for the company. The part before the @ of an
address that belongs to a named person. The pictures of signatures, which could be copied. And
the addresses of attachments: they are the recipient's, and what is behind them was not published.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from flask import current_app
from markupsafe import Markup, escape

from campaign.companies.rules import Channel
from campaign.drafting import attached, pictures, rendering
from campaign.drafting.frozen import Frozen
from campaign.kernel.files import FileStore

HIDDEN = "…"


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


def page(frozen: Frozen) -> Markup:
    """The letter's sheet."""
    html = attached.without_links(pictures.without_signatures(str(frozen.page())))
    for hidden, instead in replacements(frozen).items():
        html = html.replace(str(escape(hidden)), str(escape(instead)))
    return Markup(html)  # noqa: S704 (made by an autoescaping template, and escaped words)


def pdf(frozen: Frozen) -> bytes:
    """The letter as PDF, made from the same content.

    Raises:
        Problem: those of `rendering.as_pdf`; that the file of the logo is missing.
    """
    files: FileStore = current_app.extensions["files"]
    shown = pictures.unsigned(_without(frozen.content, replacements(frozen)))
    shown = replace(shown, attachments=attached.unlinked(shown.attachments))
    return rendering.as_pdf(shown, files.get)


def _without(value: Any, found: dict[str, str]) -> Any:
    """The value with every hidden text in it replaced, however deep it stands."""
    if isinstance(value, str):
        for hidden, instead in found.items():
            value = value.replace(hidden, instead)
        return value
    if isinstance(value, dict):
        return {name: _without(one, found) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_without(one, found) for one in value)
    if is_dataclass(value) and not isinstance(value, (type, date)):
        changed = {f.name: _without(getattr(value, f.name), found) for f in fields(value)}
        return replace(value, **changed)
    return value
