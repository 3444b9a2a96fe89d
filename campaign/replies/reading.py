"""Reading one incoming mail: bounded, without trust, without database or web.

`read_bytes` never raises; `ReadingProcess` runs it in a worker process with limits on time
and memory, so that no message can stop the reading of the others (reliability.md,
Receiving 3). What cannot be read is `UNREADABLE` and still blocks "did not respond".
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from campaign.replies import headers as fields
from campaign.replies import quoted_mail, readable
from campaign.replies.bounces import read_report
from campaign.replies.classify import classify, is_automatic
from campaign.replies.kinds import (
    Attachment,
    AutoNote,
    Kind,
    Reading,
    from_dict,
    to_dict,
    unreadable,
)
from campaign.replies.mime import MAX_MESSAGE, Headers, TooMuch, decode_words, take_apart
from campaign.replies.newest_text import Setting, newest_of, shorter_of
from campaign.replies.oddities import oddities_of

__all__ = [
    "Attachment",
    "AutoNote",
    "Kind",
    "Reading",
    "ReadingProcess",
    "WorkerEnded",
    "from_dict",
    "read_bytes",
    "to_dict",
]

Answer = TypeVar("Answer")

SECONDS_A_MESSAGE = 10.0
MAX_TO = 2000  # characters of a recipient header in which names of ours are looked for
MEMORY = 512 * 1024 * 1024
_MAX_ANSWER = 16 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]


def read_bytes(raw: bytes) -> Reading:
    """What a message is and says. Bounded in size, depth and parts; never raises."""
    try:
        return _read(raw)
    except TooMuch as limit:
        return unreadable(str(limit))
    except MemoryError:
        return unreadable("The message needs more memory than reading is allowed.")
    except Exception as trouble:
        return unreadable(f"The message could not be read ({type(trouble).__name__}).")


def _read(raw: bytes) -> Reading:
    if not raw.strip():
        return unreadable("The message is empty.")
    message = take_apart(raw)
    heads = message.headers
    body = readable.body(message)
    text = body.text
    newest = _newest(body, heads)
    verdict, note = classify(message, text, newest, raw)
    name, address = fields.author(heads)
    groups = read_report(message, text).groups
    return Reading(
        kind=verdict.kind,
        hard=verdict.hard,
        recipient=verdict.recipient,
        status=verdict.status,
        text=newest,
        full_text=text,
        subject=decode_words(heads.get("subject"))[:998],
        from_name=name,
        from_address=address,
        claimed_senders=fields.claimed_senders(heads),
        message_id=fields.message_id(heads),
        in_reply_to=fields.message_ids(heads.all("in-reply-to")),
        references=fields.message_ids(heads.all("references")),
        recipients=fields.recipients(heads),
        return_path=fields.return_path(heads),
        reported_ids=quoted_mail.reported_ids(message, text, groups),
        reported_strings=quoted_mail.reported_strings(message, text, groups),
        forwarded_ids=quoted_mail.forwarded_ids(message),
        forwarded_senders=quoted_mail.forwarded_senders(message),
        auto_note=note,
        attachments=readable.attachments(message, body.files),
        oddities=oddities_of(message, body),
        enclosed=readable.enclosed(message),
        by_machine=is_automatic(message),
        relayed=verdict.relayed,
        said=verdict.said[:500],
    )


def _newest(body: readable.Body, heads: Headers) -> str:
    """The newest text; of plain text and page saying the same, the one that knows more."""
    setting = _setting(heads)
    if setting.is_ours(body.passed_on_from):
        return ""
    newest = newest_of(body.lines, setting)
    return shorter_of(newest, newest_of(body.page, setting)) if body.page else newest


def _setting(heads: Headers) -> Setting:
    sender = fields.author(heads)[1]
    to = [v for name in ("to", "delivered-to", "x-original-to") for v in heads.all(name)[:5]]
    ours = [each for v in to for each in fields.others(decode_words(v[:MAX_TO]), sender)]
    return Setting(decode_words(heads.get("subject"))[:998], sender, tuple(ours[:40]))


class WorkerEnded(Exception):
    """A worker process died over a frame, or answered nonsense."""


class ReadingProcess:
    """One long-lived worker process that reads messages within limits.

    Use it as a context manager. A worker that dies or takes longer than `seconds` for a
    message is ended; that message is `UNREADABLE`, the next one gets a new worker.
    """

    module = "campaign.replies.worker"

    def __init__(self, seconds: float = SECONDS_A_MESSAGE, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ReadingProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, if there is one."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                pipe.close()

    def read(self, raw: bytes) -> Reading:
        """The reading of one message; never raises."""
        if len(raw) > MAX_MESSAGE:
            return unreadable("The message is larger than 25 MiB.")
        try:
            return self.answer(raw, lambda said: from_dict(json.loads(said)))
        except TimeoutError:
            return unreadable(f"Reading the message took longer than {self._seconds:g} seconds.")
        except WorkerEnded:
            return unreadable("Reading the message ended the worker process.")

    def answer(self, frame: bytes, understand: Callable[[bytes], Answer]) -> Answer:
        """What the worker says to a frame, as `understand` takes it.

        A worker that ended after an earlier frame says nothing about this one, so a used worker
        that fails is tried once more anew; a new one that fails is the frame's doing.

        Raises:
            TimeoutError: it took too long; the worker is ended.
            WorkerEnded: the worker died or said what is not understood.
        """
        for fresh in (self._worker is None, True):
            try:
                return understand(self._ask(frame))
            except TimeoutError:
                self.close()
                raise
            except (OSError, EOFError, ValueError, KeyError, TypeError) as trouble:
                self.close()
                if fresh:
                    raise WorkerEnded from trouble
        raise AssertionError("the second try is always with a new worker")

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LANG")}
        environment |= {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", self.module]
        worker = subprocess.Popen(
            [*command, str(self._memory), str(int(self._seconds) + 5)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=environment,
            bufsize=0,
        )
        assert worker.stdin is not None
        assert worker.stdout is not None
        os.set_blocking(worker.stdin.fileno(), False)
        os.set_blocking(worker.stdout.fileno(), False)
        self._worker = worker
        # The worker says one byte when it is ready, so that a slow start is no slow message.
        self._receive(1, time.monotonic() + 60)
        return worker

    def _ask(self, raw: bytes) -> bytes:
        if self._worker is None or self._worker.poll() is not None:
            self.close()
            self._start()
        until = time.monotonic() + self._seconds
        self._send(len(raw).to_bytes(8, "big") + raw, until)
        size = int.from_bytes(self._receive(8, until), "big")
        if size > _MAX_ANSWER:
            raise ValueError("the worker's answer is too long")
        return self._receive(size, until)

    def _send(self, data: bytes, until: float) -> None:
        assert self._worker is not None
        assert self._worker.stdin is not None
        pipe = self._worker.stdin.fileno()
        rest = memoryview(data)
        while rest:
            if not select.select([], [pipe], [], max(0.0, until - time.monotonic()))[1]:
                raise TimeoutError
            rest = rest[os.write(pipe, rest[:65536]) :]

    def _receive(self, size: int, until: float) -> bytes:
        assert self._worker is not None
        assert self._worker.stdout is not None
        pipe = self._worker.stdout.fileno()
        pieces: list[bytes] = []
        while size:
            if not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError
            piece = os.read(pipe, min(size, 65536))
            if not piece:
                raise EOFError
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
