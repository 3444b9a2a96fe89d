"""Mutated mail for the reader: `python -m tests.replies.fuzz --minutes 10`, or `make fuzz`.

Everything follows from a seed: a finding prints the one that makes it again. A mutator of our
own, because it needs no compiler and runs wherever the tests run.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from campaign.replies.kinds import Kind, from_dict, to_dict
from campaign.replies.newest_text import newest_text
from campaign.replies.reading import SECONDS_A_MESSAGE, read_bytes
from tests.replies.bad_inputs import BAD, FROM
from tests.replies.dialects import ANSWER, MARKED, UNMARKED

LONGEST = 200_000  # octets of a mutated mail
SECONDS = SECONDS_A_MESSAGE / 2  # of processor time; the worker is ended after twice as long
_MADE = frozenset(Kind) - {Kind.OWN_COPY}  # decided by those who can see the outbox
_TOKENS = [
    b"\r\n",
    b"\n\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xe2\x80",
    b"--b",
    b"--b--",
    b"> ",
    b">",
    b"| ",
    b": ",
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Type: text/html\n\n",
    b"Content-Transfer-Encoding: base64\n",
    b"=?utf-8?B?",
    b"?=",
    b"Content-Transfer-Encoding: quoted-printable\n",
    b"charset=x",
    b"format=flowed",
    b"<div>",
    b"<blockquote>",
    b"</div>",
    b"<!--",
    b"<pre>",
    b"&nbsp;",
    b"&#0;",
    b"On 2 March 2026 at 10:00, ",
    b"wrote:\n",
    b"From: a\nSent: b\nTo: c\n",
    b"-----Original Message-----\n",
    b"-- \n",
    b"____________",
    b"Kind regards\n",
    b"begin 644 a\n",
    b"=ybegin name=a\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\n",
    b"Subject: Undeliverable\n",
    b"Auto-Submitted: auto-replied\n",
    b"Final-Recipient: rfc822; a@b\n",
    b"Message-ID: <",
    b"\x30\x80",
    b"\x78\x9f\x3e\x22",
    b"\xef\xbb\xbf",
    b"(",
    b'"',
    b"\x1b$B",
]


def seeds() -> list[bytes]:
    """Mail to begin with: fixtures, bad inputs, and replies in the dialects of programs."""
    folder = Path(__file__).parent / "mail"
    found = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    found += [raw for raw in (bad.make() for bad in BAD) if len(raw) < LONGEST]
    for dialect in MARKED + UNMARKED:
        head = FROM + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
        found.append(head + dialect.reply(ANSWER[dialect.language]).encode())
    return found


def mutated(raw: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The mail with one to eight things done to it."""
    data = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        _mutate(data, others, chance)
        del data[LONGEST:]
    return bytes(data)


def _mutate(data: bytearray, others: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice((1, 2, 8, 64, 512)))
    way = chance.randrange(8)
    if way == 0 and at < len(data):
        data[at] = chance.randrange(256)
    elif way == 1:
        del data[at:end]
    elif way == 2:
        data[at:at] = data[at:end] * chance.choice((1, 2, 10, 1000))
    elif way == 3:
        other = chance.choice(others)
        start = chance.randrange(len(other) + 1)
        data[at:end] = other[start : start + chance.choice((8, 64, 512, 4096))]
    elif way == 4:
        lines = bytes(data).split(b"\n")
        chance.shuffle(lines)
        data[:] = b"\n".join(lines)
    else:
        data[at:at] = chance.choice(_TOKENS) * chance.choice((1, 1, 1, 2, 30, 5000))


class Finding(AssertionError):
    """A mail that the reader must not treat as it did."""


def check(raw: bytes) -> None:
    """Read a mail.

    Raises:
        Finding: on a crash, on too much time, on a reading that cannot be stored.
    """
    begun = time.process_time()
    reading = read_bytes(raw)
    spent = time.process_time() - begun
    if spent > SECONDS:
        raise Finding(f"reading took {spent:.1f} s")
    if reading.kind not in _MADE:
        raise Finding(f"kind {reading.kind}")
    if (reading.error or "").startswith("The message could not be read"):
        raise Finding(reading.error)
    told = json.dumps(to_dict(reading), ensure_ascii=False)
    if from_dict(json.loads(told)) != reading or "\0" in told:
        raise Finding("the reading cannot be stored")
    told.encode("utf-8")  # no lone surrogate


def check_answer(below: bytes) -> None:
    """Whatever stands below an answer, the answer is in the newest text.

    Raises:
        Finding: where it is not.
    """
    answer = ANSWER["en"]
    newest = newest_text(f"{answer}\n\n{below.decode('utf-8', 'replace')}")
    if not newest.startswith(answer):
        raise Finding("words of the answer are lost")


def run(seed: int, started_with: list[bytes]) -> None:
    """One mail of one seed, checked.

    Raises:
        Finding: with the seed in its words.
    """
    chance = random.Random(seed)
    raw = mutated(chance.choice(started_with), started_with, chance)
    try:
        check(raw)
        check_answer(raw.partition(b"\r\n\r\n")[2][:LONGEST])
    except Exception as trouble:
        raise Finding(f"seed {seed}: {type(trouble).__name__}: {trouble}") from trouble


def _stuck(_number: int, _frame: FrameType | None) -> None:
    raise Finding("no end")


def _seeds_until(end: float, first: int) -> Iterator[int]:
    seed = first
    while time.monotonic() < end:
        yield seed
        seed += 1


def main() -> int:
    """Run for some minutes; the exit code is 1 after a finding."""
    parser = argparse.ArgumentParser(description="Read mutated mail and look for harm.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="where to begin")
    asked = parser.parse_args()
    signal.signal(signal.SIGALRM, _stuck)
    logging.disable(logging.CRITICAL)  # a library tells each of its own exceptions
    started_with, found, runs = seeds(), 0, 0
    for seed in _seeds_until(time.monotonic() + asked.minutes * 60, asked.seed):
        signal.alarm(60)
        try:
            run(seed, started_with)
        except Finding as finding:
            found += 1
            print(finding, flush=True)
        signal.alarm(0)
        runs += 1
    print(json.dumps({"runs": runs, "findings": found, "next": asked.seed + runs}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
