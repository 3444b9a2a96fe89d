"""What every template may ask of the site; asked lazily, so that public pages ask little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from flask import Flask, request

from campaign.config import Settings

AS_FILES = "campaign.as_files"
"""In the environment of a request: the answer becomes a plain file, which no form can ask."""


@dataclass
class Site:
    """The site as one page sees it; `counts` are asked once a page, and only by staff pages."""

    settings: Settings
    app: Flask
    counts: dict[str, Callable[[], object]] = field(default_factory=dict)

    @property
    def organisation(self) -> str:
        """Name of the organisation."""
        return self.settings.org_name

    @property
    def base_url(self) -> str:
        """Public address of the site, without a slash at its end."""
        return self.settings.base_url.rstrip("/")

    @property
    def timezone(self) -> str:
        """Zone in which staff read times."""
        return self.settings.timezone

    @property
    def as_files(self) -> bool:
        """Whether this page becomes a plain file: forms that ask the server are left out."""
        return bool(request.environ.get(AS_FILES))

    @property
    def captured(self) -> bool:
        """Whether mail stays on this machine."""
        return self.settings.captured

    @property
    def endpoints(self) -> set[str]:
        """Names of all pages."""
        return set(self.app.view_functions)

    @cached_property
    def inbox_waiting(self) -> int:
        """Messages that wait for a person."""
        return int(str(self.counts["inbox_waiting"]()))

    @cached_property
    def halted(self) -> str:
        """Why everything is halted; empty while nothing is."""
        return str(self.counts["halted"]())
