"""Messages a second through the outbox, beside plain smtplib with prebuilt bytes; and its memory.

Both hand the same bytes to the same sink over one connection, with the same two recipients. The
outbox commits every state of every mail besides (reliability.md, “Sending”). A second row shows
what two bare commits a mail cost, with no record of anything: no outbox that keeps the rules can
be faster than that. `--full` measures memory with 10,000 letters instead of 1,000.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pysqlite3
from flask import Flask

from bench import _measure
from bench._rows import copies, like
from campaign.config import Settings
from campaign.database import new_ref
from campaign.drafting.models import FrozenText
from campaign.extensions import db
from campaign.factory import create_app
from campaign.kernel import clock
from campaign.sending import operations, parcels
from campaign.sending.addresses import new_token
from campaign.sending.message import Mail, build, new_message_id
from campaign.sending.pacing import Pace
from tests.builders import sending as builders
from tests.servers.databases import NewDatabase, sqlite_copies

MANY = 300
FEW, MORE, MOST = 100, 1_000, 10_000
_TEXT = "We ask for how long you keep recordings, and who may ask you for them.\n" * 20


class Ready(NamedTuple):
    """A mail that is made: its envelope, Message-ID and bytes."""

    sender: str
    recipient: str
    message_id: str
    raw: bytes


@contextmanager
def sink() -> Iterator[int]:
    """A server that takes every mail and keeps none, in a process of its own; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin")
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    told = (
        [program, *as_nobody, f"127.0.0.1:{port}", "100"]
        if program
        else [sys.executable, "-m", "bench._sink", str(port)]
    )
    process = subprocess.Popen(told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the sink did not start")


def app_in(folder: Path, url: str, port: int) -> Flask:
    """The program on a database of its own, sending to the sink."""
    instance = folder / "instance"
    instance.mkdir(exist_ok=True)
    return create_app(
        Settings(
            secret_key="b" * 32,
            database_url=url,
            instance_dir=instance,
            mail_url=f"smtp://127.0.0.1:{port}",
            inbox_url=f"maildir:{folder / 'inbox'}",
            testing=True,
        )
    )


def _ready(to: str, token: str) -> Ready:
    """A mail of about 6 kB."""
    message_id = new_message_id("brightwater.example")
    mail = Mail(
        from_name="Brightwater Digital Rights",
        from_address="letters@brightwater.example",
        to_name="The office",
        to_address=to,
        reply_to="answers@brightwater.example",
        subject="Recordings",
        text=_TEXT,
        html=f"<!doctype html><html><body><p>{_TEXT}</p></body></html>",
        message_id=message_id,
        date=clock.now(),
    )
    return Ready(f"answers+b-{token}@brightwater.example", to, message_id, build(mail))


def queue(many: int, leaves_at: datetime) -> list[Ready]:
    """So many letters that wait for that moment: the envelope and the bytes of each."""
    (first,) = builders.ordered(1)
    letter, stamp = first.letter, new_ref()[:12]
    text = db.session.get_one(FrozenText, first.frozen_text_id)
    names = [f"firm-{stamp}-{n:05}" for n in range(many)]
    tokens = [new_token() for _ in names]
    made = [
        _ready(f"office@{name}.example", token) for name, token in zip(names, tokens, strict=True)
    ]
    companies = like(letter.company, many, name=names, slug=names)
    to = [one.recipient for one in made]
    contacts = like(first.contact, many, company_id=companies, value=to)
    letters = like(letter, many, company_id=companies, reply_token=tokens)
    texts = like(text, many, letter_id=letters)
    copies(
        first,
        many,
        letter_id=letters,
        frozen_text_id=texts,
        contact_id=contacts,
        recipient=to,
        token=tokens,
        envelope_sender=[one.sender for one in made],
        message_id=[one.message_id for one in made],
        size=[len(one.raw) for one in made],
        file_sha256=[parcels.files().put(one.raw) for one in made],
        not_before=[leaves_at] * many,
    )
    db.session.commit()
    operations.withdraw_dispatch(first.id, why="only a model for the others", actor=None)
    db.session.remove()
    return made


def by_outbox(app: Flask, many: int, at: datetime) -> None:
    """As the clock sends: every state of every mail is committed."""
    with app.app_context(), clock.at(at):
        sent = operations.send_due(pace=Pace.unlimited())
        db.session.remove()
    assert sent == many, f"{sent} of {many} were sent"


def by_smtplib(port: int, archive: str, mails: Sequence[Ready]) -> None:
    """The same bytes to the same recipients, and nothing else."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for one in mails:
            server.sendmail(one.sender, [one.recipient, archive], one.raw)


def rate(folder: Path, url: str, port: int) -> None:
    """The row of messages a second; each round has letters of its own."""
    app, began = app_in(folder, url, port), clock.now()
    archive = app.extensions["settings"].archive
    hours = [began + timedelta(hours=n) for n in range(_measure.ROUNDS + 1)]
    with app.app_context():
        ready = [queue(MANY, hour) for hour in hours]
    pair = _measure.in_turn(
        lambda n: by_outbox(app, MANY, hours[n]), lambda n: by_smtplib(port, archive, ready[n])
    )
    _measure.rates("outbox, every state committed", pair, MANY, ">= 0.5")


def _by_bare_commits(folder: Path, port: int, archive: str, mails: Sequence[Ready]) -> None:
    """The same bytes, with one small durable commit before and one after each mail."""
    base = pysqlite3.connect(folder / "floor.db", isolation_level=None)
    for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
        base.execute(line)
    base.execute("CREATE TABLE IF NOT EXISTS sent (id INTEGER PRIMARY KEY, state TEXT)")
    base.execute("INSERT OR IGNORE INTO sent VALUES (1, 'queued')")
    with closing(base), smtplib.SMTP("127.0.0.1", port) as server:
        for one in mails:
            base.execute("UPDATE sent SET state = 'transmitting' WHERE id = 1")
            server.sendmail(one.sender, [one.recipient, archive], one.raw)
            base.execute("UPDATE sent SET state = 'accepted' WHERE id = 1")


def floor(folder: Path, port: int) -> None:
    """The row of the least that two commits a mail cost."""
    archive = "archive@brightwater.example"
    mails = [_ready(f"office@floor-{n}.example", new_token()) for n in range(MANY)]
    pair = _measure.in_turn(
        lambda _: _by_bare_commits(folder, port, archive, mails),
        lambda _: by_smtplib(port, archive, mails),
    )
    _measure.rates("two bare commits a mail, no record", pair, MANY, "the floor")


def memory(many: int, new: NewDatabase, folder: Path, port: int) -> None:
    """The most memory of a process that sends so many letters, without what made them."""
    with new() as url:
        app = app_in(folder, url, port)
        with app.app_context():
            queue(many, clock.now())
            for engine in db.engines.values():
                engine.dispose()
        told = [
            sys.executable,
            "-m",
            "bench.outbox",
            "--send",
            str(many),
            url,
            str(folder),
            str(port),
        ]
        done = subprocess.run(told, stdout=subprocess.PIPE, text=True, check=True)
    print(f"{many:>7,} letters sent by one process: peak memory {done.stdout.strip()}")


def send_alone(many: str, url: str, folder: str, port: str) -> None:
    """The process of `memory`: send what waits, say how much memory it took."""
    app = app_in(Path(folder), url, int(port))
    by_outbox(app, int(many), clock.now())
    print(f"{_measure.peak_memory():,.1f} MiB")


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--send"]:
        send_alone(*sys.argv[2:])
        return
    with tempfile.TemporaryDirectory() as given, sink() as port:
        folder = Path(given)
        new = sqlite_copies(folder)
        _measure.title("Sending (mails of 6 kB, one connection, two recipients each)")
        with new() as url:
            rate(folder, url, port)
        floor(folder, port)
        for many in (FEW, MOST if "--full" in sys.argv else MORE):
            memory(many, new, folder, port)


if __name__ == "__main__":
    main()
