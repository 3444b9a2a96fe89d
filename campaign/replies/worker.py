"""The process in which mail is read: `python -m campaign.replies.worker MEMORY SECONDS`.

Frames on stdin and stdout: eight octets of length, then the message, or the reading as
JSON. It imports neither Flask nor SQLAlchemy, writes no file and ends with its parent.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from campaign.replies.kinds import Kind, to_dict
from campaign.replies.reading import read_bytes


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on this platform; the time limit still holds
        return
    for name, value in (("RLIMIT_AS", memory), ("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0)):
        with suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _watch(seconds: int) -> None:
    """Die by SIGALRM should the parent be gone while a message is stuck."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def serve(memory: int, seconds: int, answer: Callable[[bytes], tuple[bytes, bool]]) -> None:
    """Answer frames until stdin ends, or until an answer says that it is the last."""
    _limit(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(b"+")
    sink.flush()
    last = False
    while not last:
        try:
            frame = _exactly(source, int.from_bytes(_exactly(source, 8), "big"))
        except EOFError:
            return
        _watch(seconds)
        said, last = answer(frame)
        sink.write(len(said).to_bytes(8, "big") + said)
        sink.flush()
        _watch(0)


def _read(raw: bytes) -> tuple[bytes, bool]:
    reading = read_bytes(raw)
    # After a lack of memory: a fresh process for the next one.
    last = reading.kind is Kind.UNREADABLE and "memory" in (reading.error or "")
    return json.dumps(to_dict(reading)).encode("ascii"), last


def main(memory: int, seconds: int) -> None:
    """Read messages until stdin ends."""
    serve(memory, seconds, _read)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
