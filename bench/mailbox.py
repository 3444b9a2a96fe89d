"""A first reading of a mailbox of 10,000 messages on a real server, with every message stored.

Beside it, in the same run: fetching and hashing the same bytes; and writing each into a file of
its own and waiting for the disk, which no store that loses nothing can do without. The memory is
told for 1,000 messages and for 10,000: it is to stay the same.
"""

from __future__ import annotations

import hashlib
import imaplib
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from bench import _measure
from campaign.config import Settings
from campaign.extensions import db
from campaign.factory import create_app
from campaign.kernel import clock
from campaign.replies import operations
from tests.replies.dovecot import Server, dovecot
from tests.servers.databases import NewDatabase, sqlite_copies

FEW, MANY, BATCH = 1_000, 10_000, 50
LINES = 40  # lines of text in a message: about 3 kB, as an answer with its quotation has


def message(number: int) -> bytes:
    """An answer, of the size that answers have; no two are alike."""
    text = "".join(f"{number}.{line} We keep the recordings for three days, see below.\r\n"
                   for line in range(LINES))  # fmt: skip
    head = (
        f"From: Pip Larch <pip{number}@larkspur-mobile.example>\r\n"
        f"To: answers@brightwater.example\r\nSubject: Re: Your letter {number}\r\n"
        f"Message-ID: <{number}@larkspur-mobile.example>\r\n"
        f"In-Reply-To: <{number}@brightwater.example>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + text).encode()


def fill(server: Server, start: int, end: int) -> None:
    """Put messages into the inbox."""
    with server.client() as client:
        for number in range(start, end):
            client.append("INBOX", "", imaplib.Time2Internaldate(clock.real_now()), message(number))


class Reading(NamedTuple):
    """How many messages a reading took in, in how many seconds, with how many MiB at most."""

    many: int
    seconds: float
    peak: float


def read(url: str, database: str, folder: Path) -> Reading:
    """A first reading of the mailbox by the product, into an empty database."""
    settings = Settings(
        secret_key="b" * 40,
        database_url=database,
        instance_dir=folder,
        inbox_url=url,
        testing=True,
    )
    folder.mkdir()
    taken: list[int] = []
    with create_app(settings).app_context():
        seconds = _measure.seconds(lambda: taken.append(operations.read_mailboxes()))
        db.engine.dispose()
    peak = _measure.peak_memory()
    return Reading(taken[0], seconds, peak)


def fetch(server: Server) -> int:
    """The same bytes, fetched and hashed, and nothing else."""
    hashes = set()
    with server.client() as client:
        many = int(client.select("INBOX", readonly=True)[1][0] or 0)
        for start in range(1, many + 1, BATCH):
            said = client.fetch(f"{start}:{min(start + BATCH - 1, many)}", "(BODY.PEEK[])")[1]
            hashes |= {hashlib.sha256(one[1]).digest() for one in said if isinstance(one, tuple)}
    return len(hashes)


def flush(folder: Path, many: int) -> None:
    """The same bytes, each in a file of its own that is on the disk."""
    folder.mkdir()
    for number in range(many):
        with (folder / str(number)).open("xb") as file:
            file.write(message(number))
            file.flush()
            os.fsync(file.fileno())


def in_a_process(server: Server, empty: NewDatabase, folder: Path) -> Reading:
    """A first reading in a process of its own, whose memory tells of nothing else."""
    with empty() as database, ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(read, server.url, database, folder).result()


def main() -> None:
    """Print the table."""
    _measure.title(f"A mailbox of {MANY:,} messages ({len(message(1)):,} octets each)")
    with tempfile.TemporaryDirectory() as place, dovecot(Path(place)) as server:
        home = Path(place)
        (home / "databases").mkdir()
        empty = sqlite_copies(home / "databases")
        fill(server, 0, FEW)
        few = in_a_process(server, empty, home / "few")
        fill(server, FEW, MANY)
        many = in_a_process(server, empty, home / "many")
        _all(many.many)
        fetched = _measure.seconds(lambda: _all(fetch(server)))
        flushed = _measure.seconds(lambda: flush(home / "flushed", MANY))
    for words, limit, goal in (
        ("beside fetching and hashing", fetched, ">= 0.4"),
        ("beside files on the disk", flushed, ""),
    ):
        pair = _measure.Pair((many.seconds,), (limit,))
        _measure.rates(f"a first reading, {words}", pair, MANY, goal)
    ratio = f"{many.peak / few.peak:.2f} times as much"
    print(f"peak memory: {few.many:,} messages {few.peak:,.0f} MiB;"
          f" {many.many:,} messages {many.peak:,.0f} MiB, {ratio}")  # fmt: skip


def _all(many: int) -> None:
    """Nothing was left out."""
    if many != MANY:
        raise RuntimeError(f"{many} of {MANY} messages were read")


if __name__ == "__main__":
    main()
