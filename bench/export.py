"""Records a second into plain files, the run after it that finds nothing new, and the memory.

The first row's limit is the same pages asked for and thrown away. The second row is the run that
changes nothing beside the first; it has to be at least twenty times as fast. `--full` exports
10,000 records instead of 300.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from flask import Flask

from bench import _measure
from bench._measure import Pair
from bench._rows import copies, like
from campaign.config import Settings
from campaign.database import new_ref
from campaign.drafting.models import FrozenText
from campaign.exporting.operations import export
from campaign.extensions import db
from campaign.factory import create_app
from campaign.publishing.models import Record, RecordEntry
from campaign.sending.addresses import new_token
from campaign.sending.models import DeliveryEvidence, Dispatch
from tests.builders import publishing as builders
from tests.servers.databases import sqlite_copies

FEW, MANY, MOST = 50, 300, 10_000
_EACH = 5  # public addresses of a record: page, letter, history, company, company's data


def app_in(folder: Path, url: str) -> Flask:
    """The product with its files in that folder."""
    return create_app(
        Settings(
            secret_key="x" * 32,
            database_url=url,
            instance_dir=folder,
            testing=True,
        )
    )


def published(many: int) -> None:
    """So many records of silence in one campaign."""
    letter = builders.sent(builders.campaign(title=f"Campaign {new_ref()[:8]}"), reminded=False)
    record = builders.silence(letter)
    (text,) = db.session.query(FrozenText).filter_by(letter_id=letter.id)
    (dispatch,) = db.session.query(Dispatch).filter_by(letter_id=letter.id)
    (entry,) = db.session.query(RecordEntry).filter_by(record_id=record.id)
    (shown,) = db.session.query(DeliveryEvidence).filter_by(dispatch_id=dispatch.id)
    names = [f"firm-{new_ref()[:8]}-{n:05}" for n in range(many)]
    companies = like(letter.company, many, name=names, slug=names)
    letters = like(letter, many, company_id=companies, reply_token=[new_token() for _ in names])
    texts = like(text, many, letter_id=letters)
    dispatches = like(
        dispatch,
        many,
        letter_id=letters,
        frozen_text_id=texts,
        token=[new_token() for _ in names],
        message_id=[f"<{name}@brightwater.example>" for name in names],
    )
    copies(shown, many, dispatch_id=dispatches)
    records = like(db.session.get_one(Record, record.id), many, letter_id=letters)
    copies(entry, many, record_id=records)
    db.session.commit()


def asked(app: Flask, site: Path) -> None:
    """Every file of the site asked for once more as a page, and thrown away."""
    client = app.test_client(use_cookies=False)
    base = app.extensions["settings"].base_url
    for path in site.rglob("*"):
        name = str(path.relative_to(site)).removesuffix("index.html").removesuffix("/index.json")
        if path.is_file() and path.suffix != ".gz":
            client.get(f"/{name}", base_url=base, buffered=True)


def rates(folder: Path, url: str, many: int) -> None:
    """The rows of speed."""
    app, site = app_in(folder, url), folder / "site"
    with app.app_context():
        published(many)
    first = _measure.seconds(lambda: export(app, site))
    again = [_measure.seconds(lambda: export(app, site)) for _ in range(_measure.ROUNDS)]
    limit = _measure.seconds(lambda: asked(app, site))
    _measure.rates("addresses exported", Pair((first,), (limit,)), many * _EACH, "-")
    pair = Pair(tuple(again), (first,) * len(again))
    _measure.rates("a run without change, beside the first", pair, many * _EACH, ">= 20")


def memory(many: int, folder: Path) -> None:
    """The most memory of a process that exports so many records, without what made them."""
    with sqlite_copies(folder)() as url:
        with app_in(folder, url).app_context():
            published(many)
            for engine in db.engines.values():
                engine.dispose()
        told = [sys.executable, "-m", "bench.export", "--alone", url, str(folder), str(many)]
        done = subprocess.run(told, stdout=subprocess.PIPE, text=True, check=True)
    print(f"{many:>7,} records exported by one process: peak memory {done.stdout.strip()}")


def alone(url: str, folder: str, many: str) -> None:
    """The process of `memory`."""
    export(app_in(Path(folder), url), Path(folder) / f"site-{many}")
    print(f"{_measure.peak_memory():,.1f} MiB")


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--alone"]:
        alone(*sys.argv[2:])
        return
    many = MOST if "--full" in sys.argv else MANY
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        _measure.title(f"Plain files of {many:,} records (one process)")
        with sqlite_copies(folder)() as url:
            rates(folder, url, many)
        for number in (FEW, many):
            memory(number, folder)


if __name__ == "__main__":
    main()
