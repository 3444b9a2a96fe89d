"""The public site as plain files: all of it, nothing else, and nothing that was hidden since."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from flask import Flask, request, request_started

from campaign.campaigns import operations as campaigns
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.evidence import starting
from campaign.exporting import folder
from campaign.exporting.operations import Exported, export
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import redacting
from campaign.replies.models import Reply
from campaign.replies.redaction_rules import Mark, Reason
from tests.builders import publishing as build
from tests.publishing.asking import LARKFIELD, SPEAKER
from tests.publishing.conftest import NOW, larkfield, later
from tests.publishing.test_redacting import TEXT, publisher

__all__ = ["larkfield", "later"]

SECRET = "Petra Quill"
RECORD = LARKFIELD.strip("/")


@pytest.fixture
def site(app: Flask, larkfield: int, tmp_path: Path) -> Path:
    """Folder of an export with a record that a reply is on, and figures."""
    with app.app_context():
        build.answered(db.session.get_one(Letter, larkfield), text=TEXT)
        starting.load(files=app.extensions["files"], actor=None)
    export(app, tmp_path / "site")
    return tmp_path / "site"


def files(site: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(site)): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and path.name != folder.MARKER
    }


def holding(site: Path, words: str) -> list[str]:
    """Files whose bytes hold these words, packed ones unpacked."""
    return [
        name for name, raw in files(site).items()
        if words.encode() in (gzip.decompress(raw) if name.endswith(".gz") else raw)
    ]  # fmt: skip


@contextmanager
def asked_for(app: Flask) -> Iterator[list[str]]:
    """The pages that are read meanwhile."""
    found: list[str] = []

    def note(*_: object, **__: object) -> None:
        found.append(request.path)

    with request_started.connected_to(note, app):
        yield found


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The folder behind the plainest web server that there is."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def broken(base: str, own: str) -> tuple[set[str], list[str]]:
    """Every page that links lead to from the front, and the links that lead nowhere."""
    waiting, seen, bad = ["/"], {"/"}, []
    while waiting:
        path = waiting.pop()
        try:
            with urlopen(base + path) as answer:
                html = answer.headers.get_content_type() == "text/html"
                text = answer.read().decode() if html else ""
        except HTTPError:
            bad.append(path)
            continue
        for link in re.findall(r'\s(?:href|src)="([^"#]+)', text):
            there = link.removeprefix(own)
            if there.startswith("/") and not there.startswith("/staff") and there not in seen:
                seen.add(there)
                waiting.append(there)
    return seen, bad


def test_every_public_page_is_a_file_and_every_link_leads_to_one(app: Flask, site: Path) -> None:
    there = files(site)
    for name in (
        "index.html", "404.html", "_headers", "_redirects", "feed.atom", "feed.json", "sitemap.xml",
        f"{RECORD}/index.html", f"{RECORD}/letter.pdf", f"{RECORD}/history.json",
        f"{SPEAKER.strip('/')}/index.html", "companies/larkfield-home/index.html",
        "evidence/amazon/index.html", "evidence.csv", "api/v1/records/index.json",
        "corrections/index.html", "how-we-work/index.html", "privacy/index.html",
        "imprint/index.html", "static/css/theme.css",
    ):  # fmt: skip
        assert name in there, name
    with served(site) as base:
        seen, bad = broken(base, app.extensions["settings"].base_url.rstrip("/"))
    assert bad == []
    assert {LARKFIELD, SPEAKER, "/evidence/amazon/", "/companies/"} <= seen


def test_nothing_of_staff_is_in_it_and_no_form_asks_a_server(site: Path) -> None:
    assert not [name for name in files(site) if "staff" in name.split("/")]
    html = [raw.decode() for name, raw in files(site).items() if name.endswith(".html")]
    assert not [page for page in html if "<form" in page or "csrf" in page]


def test_packed_twins_hold_the_same_and_what_a_server_has_to_know_stands_beside(
    site: Path,
) -> None:
    there = files(site)
    packed = [name for name in there if name.endswith(".gz")]
    assert f"{RECORD}/index.html.gz" in packed
    for name in packed:
        assert gzip.decompress(there[name]) == there[name.removesuffix(".gz")]
    told = there["_headers"].decode()
    assert told.startswith("/*\n  Content-Security-Policy: default-src 'self'")
    assert "/how-we-work/\n  Cache-Control: public, max-age=60" in told
    assert "/api/v1/records /api/v1/records/index.json 200" in there["_redirects"].decode()


def test_a_second_run_reads_no_page_and_writes_nothing(app: Flask, site: Path) -> None:
    def when() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in site.rglob("*")}

    before = when()
    with asked_for(app) as asked:
        done = export(app, site)
    assert (done.written, done.removed, asked) == (0, 0, [])
    assert when() == before
    assert done.pages > 30
    assert done.bytes == sum(
        len(raw) for name, raw in files(site).items() if not name.endswith(".gz")
    )


def redact(app: Flask) -> None:
    reply = db.session.query(Reply).one()
    mark = Mark(TEXT.index("Petra"), len(TEXT), Reason.SIGNATURE)
    redacting.redact(reply.id, [mark], seen=0, actor=publisher())


def embargo(app: Flask) -> None:
    campaigns.set_embargo(db.session.query(Letter).one().campaign_id, until=None, actor=publisher())


@pytest.mark.parametrize("hide", [redact, embargo], ids=lambda act: act.__name__)
def test_what_is_hidden_is_in_no_file_of_the_next_run(
    app: Flask, site: Path, hide: Callable[[Flask], None]
) -> None:
    assert holding(site, SECRET)
    with app.app_context(), clock.at(NOW + timedelta(minutes=1)):
        hide(app)
    with clock.at(NOW + timedelta(minutes=2)):
        done = export(app, site)
    assert done.written > 0
    assert holding(site, SECRET) == []


def test_an_embargoed_campaign_leaves_before_anything_can_fail(
    app: Flask, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        embargo(app)
    monkeypatch.setattr("campaign.publishing.public_queries.newest_letters", _fails)
    with pytest.raises(Problem) as caught:
        export(app, site)
    assert caught.value.code == "export-page"
    assert not (site / RECORD).exists()
    assert (site / "how-we-work/index.html").exists()
    monkeypatch.undo()
    assert export(app, site).removed > 0
    assert holding(site, "Larkfield") == []


def _fails(*_: object) -> object:
    raise RuntimeError("the database went away")


def test_an_embargo_that_ends_by_itself_brings_the_pages(app: Flask, site: Path) -> None:
    ends = NOW + timedelta(hours=2)
    with app.app_context():
        letter = db.session.query(Letter).one()
        campaigns.set_embargo(letter.campaign_id, until=ends, actor=publisher())
    export(app, site)
    assert not (site / RECORD).exists()
    with clock.at(ends + timedelta(minutes=1)):
        export(app, site)
    assert (site / RECORD / "index.html").exists()


def test_a_draft_is_never_in_it(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        build.campaign(title="Quite secret until it leaves")
    export(app, tmp_path / "site")
    assert holding(tmp_path / "site", "Quite secret") == []


def test_what_somebody_changed_or_put_beside_it_is_mended(app: Flask, site: Path) -> None:
    front, stray = site / "index.html", site / "old" / "page.html"
    before = front.read_bytes()
    front.write_text("changed")
    stray.parent.mkdir()
    stray.write_text("beside")
    done = export(app, site)
    assert (front.read_bytes(), stray.parent.exists()) == (before, False)
    assert done.removed == 1


def test_a_run_that_was_cut_off_is_made_anew(app: Flask, site: Path) -> None:
    marker = site / folder.MARKER
    told = json.loads(marker.read_text())
    assert told["mark"]
    for cut in (json.dumps({**told, "mark": ""}), marker.read_text()[:50]):
        marker.write_text(cut)
        done = export(app, site)
        assert done.pages == told["pages"]
        assert json.loads(marker.read_text())["mark"] == told["mark"]


@pytest.mark.parametrize("kind", ["foreign", "link", "busy"])
def test_a_folder_that_is_not_ours_is_left_alone(app: Flask, tmp_path: Path, kind: str) -> None:
    there = tmp_path / "site"
    there.mkdir()
    if kind == "foreign":
        (there / "thesis.txt").write_text("years of work")
    else:
        export(app, there)
    if kind == "link":
        (tmp_path / "outside").mkdir()
        os.symlink(tmp_path / "outside", there / "campaigns")
    with folder.opened(there) if kind == "busy" else _nothing(), pytest.raises(Problem) as caught:
        export(app, there)
    code = "export-folder" if kind == "foreign" else f"export-{kind}"
    assert caught.value.code == code
    if kind == "foreign":
        assert [path.name for path in there.iterdir()] == ["thesis.txt"]
    if kind == "link":
        assert list((tmp_path / "outside").iterdir()) == []


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def test_any_event_makes_the_next_run_look_again(app: Flask, site: Path) -> None:
    with app.app_context(), transaction():
        record("letter.noted", db.session.query(Letter).one())
    with asked_for(app) as asked:
        done = export(app, site)
    assert asked
    assert done.removed == 0


def test_a_day_later_everything_is_looked_at_again(app: Flask, site: Path) -> None:
    with clock.at(NOW + timedelta(days=1)), asked_for(app) as asked:
        export(app, site)
    assert asked


def test_the_command_says_what_it_did_in_its_last_line(app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["site", "export", str(tmp_path / "site")])
    assert done.exit_code == 0, done.output
    told = Exported(**json.loads(done.stdout.splitlines()[-1]))
    assert told.pages > 10
    assert (tmp_path / "site" / "index.html").exists()
    again = app.test_cli_runner().invoke(args=["site", "export", str(tmp_path)])
    assert again.exit_code != 0
    assert "holds files that no export has made" in again.stderr
