"""Worker processes that outlive a pass.

Mail comes one by one, and each pass reads what came: a worker that started anew each time
would spend more on starting (a third of a second of one core) than on reading.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from campaign.replies.reading import ReadingProcess

Worker = TypeVar("Worker", bound=ReadingProcess)

# By process too: what a fork inherits belongs to its parent.
_idle: dict[tuple[int, type[ReadingProcess]], ReadingProcess] = {}
_lock = threading.Lock()


@contextmanager
def lent(kind: type[Worker]) -> Iterator[Worker]:
    """A worker of `kind` for this block alone; one of each kind is kept for the next block.

    Nothing starts before the first message. A worker that hangs or dies is replaced as
    `ReadingProcess` says; what is kept ends with this process.
    """
    key = (os.getpid(), kind)
    with _lock:
        kept = _idle.pop(key, None)
    worker = kept if isinstance(kept, kind) else kind()
    try:
        yield worker
    finally:
        with _lock:
            spare = _idle.setdefault(key, worker) is not worker
        if spare:
            worker.close()


@atexit.register
def close_all() -> None:
    """End the workers that this process keeps."""
    with _lock:
        mine = [_idle.pop(key) for key in list(_idle) if key[0] == os.getpid()]
    for worker in mine:
        worker.close()
