"""Writing the public site as plain files: the same answers that readers get, without a session.

Every file is what a public address answers to somebody who is not signed in, so that the one
visibility check decides about all of them (fairness.md rule 24). What is no more public leaves the
folder before anything new comes in; records come before the lists that name them.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.config import ROOT, Settings
from campaign.exporting import addresses, folder
from campaign.exporting.folder import Folder
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import feeds, public_queries
from campaign.web.site import AS_FILES

_ERROR_PAGE = "404.html"
_TEXT = frozenset({
    "text/html", "text/css", "application/json", "application/feed+json", "application/xml",
    "application/atom+xml",
})  # fmt: skip
_STANDING = (
    "records_file",
    "record_columns",
    "feed_atom",
    "feed_json",
    "sitemap",
    "api_index",
    "api_openapi",
    "evidence_columns",
)
# What a server of plain files has to be told; the rest it knows from the names of the files.
_SENT = (
    "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
    "Cross-Origin-Opener-Policy", "Permissions-Policy", "Cache-Control",
)  # fmt: skip
_SENT_ALONE = ("Content-Disposition", "X-Robots-Tag", "Access-Control-Allow-Origin")

Progress = Callable[[int, int], None]
"""Told after each address: how many are done, and how many are known so far."""


@dataclass(frozen=True)
class Exported:
    """What a run did.

    Attributes:
        pages: addresses that the site has.
        bytes: their size, packed twins not counted.
        removed: files that were there and are no more part of it.
        written: files that are new or changed, packed twins included.
    """

    pages: int
    bytes: int
    removed: int
    written: int


def export(app: Flask, path: Path, *, progress: Progress = lambda done, known: None) -> Exported:
    """Write the public site into a folder, or bring an earlier export up to date.

    A run that finds nothing changed since the last one reads no page.

    Raises:
        Problem: `export-folder`, `export-link`, `export-busy`, `export-name`, `export-page`.
    """
    settings: Settings = app.extensions["settings"]
    base_url = settings.base_url.rstrip("/")
    with folder.opened(path) as into, app.test_request_context(base_url=base_url):
        mark = _mark(settings)
        before = into.manifest
        if before.mark == mark and into.is_untouched():
            return Exported(before.pages, _size(before.files), 0, 0)
        run = _Run(app.test_client(use_cookies=False), into, base_url, progress)
        into.save(folder.Manifest("", base_url, before.pages, before.files))
        run.remove_what_is_gone()
        run.everything()
        into.finish(mark, base_url, run.pages)
        return Exported(run.pages, _size(into.kept), into.removed, into.written)


def _size(files: Mapping[str, folder.Kept]) -> int:
    return sum(one.size for name, one in files.items() if not name.endswith(".gz"))


def _mark(settings: Settings) -> str:
    """What the whole site is made from; any change makes another mark.

    Every act writes an event, an embargo ends by itself, and what pages say of the day is at most
    a day old.
    """
    now = clock.now()
    told = [
        *history.head(),
        now.date().isoformat(),
        [campaign.id for campaign in public_queries.open_campaigns(now)],
        hashlib.sha256(repr(settings).encode()).hexdigest(),
        _program(),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _program() -> str:
    """What this program is: a new release can say everything otherwise."""
    made_of = hashlib.sha256()
    for place, kind in (("templates", "*"), ("static", "*"), ("campaign", "*.py")):
        for path in sorted((ROOT / place).rglob(kind)):
            if path.is_file():
                made_of.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return made_of.hexdigest()


@dataclass
class _Run:
    client: FlaskClient
    into: Folder
    base_url: str
    progress: Progress
    pages: int = 0
    waiting: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    usual: dict[str, str] = field(default_factory=dict)
    headers: list[str] = field(default_factory=list)
    redirects: list[str] = field(default_factory=list)

    def remove_what_is_gone(self) -> None:
        """Take away first what readers may not see any more, whatever happens later."""
        standing = {f"{path.strip('/')}/" for path in _letters()}
        db.session.remove()  # nothing is held while the pages are made
        for name in list(self.into.manifest.files):
            first, _, rest = name.partition("/")
            if first == "campaigns" and rest:
                folders = rest.split("/")[:-1]
                gone = "/".join([first, *folders[:2], ""]) not in standing
            elif first == "files":
                gone = self._ask(f"/{name}").status_code != 200
            else:
                gone = False
            if gone:
                self.into.drop(name)

    def everything(self) -> None:
        """Every public address, records first, then whatever they and the lists lead to."""
        self.usual = _told(self._ask("/"), _SENT)
        for address in _starts():
            self._also(address)
        while self.waiting:
            self._one(self.waiting.popleft())
            self.progress(len(self.known) - len(self.waiting), len(self.known))
        self._error_page()
        usual = [f"  {name}: {value}" for name, value in self.usual.items()]
        self._put_text("_headers", "\n".join(["/*", *usual, *self.headers, ""]))
        self._put_text("_redirects", "\n".join([*self.redirects, ""]))

    def _also(self, address: str) -> None:
        if address not in self.known:
            self.known.add(address)
            self.waiting.append(address)

    def _ask(self, address: str) -> TestResponse:
        return self.client.get(
            address, base_url=self.base_url, environ_overrides={AS_FILES: True}, buffered=True
        )

    def _one(self, address: str) -> None:
        answer = self._ask(address)
        if answer.status_code >= 500:
            raise Problem("export-page", address=address, status=answer.status_code)
        if 300 <= answer.status_code < 400:
            self._lead_on(address, answer)
        elif answer.status_code == 200 and _is_for_all(address, answer):
            self._write(address, answer)

    def _lead_on(self, address: str, answer: TestResponse) -> None:
        there = addresses.local(answer.headers["Location"], self.base_url, address)
        if there:
            self._also(there)
            self.redirects.append(f"{address} {addresses.moved(there)} {answer.status_code}")

    def _write(self, address: str, answer: TestResponse) -> None:
        name, raw = addresses.file_of(address), answer.data
        if answer.mimetype in _TEXT:
            raw = self._changed(address, answer.text, answer.mimetype).encode()
        self.into.put(name, raw)
        self.pages += 1
        self._note(address, name, answer)

    def _changed(self, address: str, text: str, mimetype: str) -> str:
        """The text with its links as plain files have them; what they lead to is asked for too."""

        def change(link: str) -> str:
            there = addresses.local(link, self.base_url, urlsplit(address).path)
            if there is None or there.startswith("/staff"):
                return link
            self._also(there)
            if "?" not in there:
                return link
            fragment = f"#{link.partition('#')[2]}" if "#" in link else ""
            start = self.base_url if link.startswith(self.base_url) else ""
            return start + addresses.moved(there) + fragment

        return addresses.replaced(text, mimetype, self.base_url, change)

    def _note(self, address: str, name: str, answer: TestResponse) -> None:
        """What a server has to know about one address, beside what holds for all."""
        path = urlsplit(addresses.moved(address)).path
        special = {
            key: value for key, value in _told(answer, _SENT).items() if self.usual[key] != value
        }
        special |= _told(answer, _SENT_ALONE)
        if "." not in Path(name).name:
            special["Content-Type"] = answer.headers["Content-Type"]
        if name.endswith("/index.json"):
            self.redirects.append(f"{path} /{name} 200")
        if special:
            self.headers.append(path)
            self.headers += [f"  {key}: {value}" for key, value in special.items()]

    def _error_page(self) -> None:
        missing = self._ask("/there-is-nothing-here/")
        self.into.put(_ERROR_PAGE, missing.data)

    def _put_text(self, name: str, text: str) -> None:
        self.into.put(name, text.encode())


def _told(answer: TestResponse, names: Iterable[str]) -> dict[str, str]:
    return {name: answer.headers[name] for name in names if name in answer.headers}


def _is_for_all(address: str, answer: TestResponse) -> bool:
    """Whether any cache may keep it; what is for the holder of an address alone is not exported."""
    if "Set-Cookie" in answer.headers:
        return False
    return bool(answer.cache_control.public) or address.startswith(("/static/", "/bootstrap/"))


def _letters() -> Iterator[str]:
    """Paths of public campaigns and records."""
    for letter in public_queries.every_letter():
        campaign, company = letter.campaign.slug, letter.company.slug
        yield url_for("publishing.record", slug=campaign, company=company)
        yield url_for("publishing.campaign", slug=campaign)


def _starts() -> Iterator[str]:
    yield from sorted(set(_letters()), key=lambda path: (-path.count("/"), path))
    for name in (*feeds.PAGES, *_STANDING):
        yield url_for(f"publishing.{name}")
