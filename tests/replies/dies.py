"""Takes mail in and ends itself at a chosen point, as a power cut would.

Run as `python -m tests.replies.dies POINT DATABASE_URL INSTANCE_DIR`; it ends by SIGKILL.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from campaign.config import Settings
from campaign.factory import create_app
from campaign.replies import intake, operations, sorting


def die(*_args: object, **_more: object) -> None:
    """End here and now."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(act: Callable[..., Any], times: int = 1) -> Callable[..., Any]:
    """The act, and the end after it was done so many times."""
    done = 0

    def counted(*args: Any, **more: Any) -> Any:
        nonlocal done
        result = act(*args, **more)
        done += 1
        if done == times:
            die()
        return result

    return counted


# By name: module, function in it, and what takes its place.
POINTS: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "after the file, before the row": (intake, "keep", lambda _: die),
    "after the row, before the position": (intake, "keep", after),
    "after the position, before the commit": (intake, "_note_position", after),
    "after the first message": (intake, "_store_once", after),
    "after the second message": (intake, "_store_once", lambda act: after(act, 2)),
    "before the watermark": (intake, "_note_end", lambda _: die),
    "after the watermark": (intake, "_note_end", after),
    "after reading, before the act": (sorting, "_sort", lambda _: die),
    "within the act, after its effects": (sorting, "record", lambda _: die),
    "after the first act": (sorting, "_sort", after),
}


def main() -> None:
    """Take in until the end comes."""
    point, database_url, instance = sys.argv[1:]
    module, name, make = POINTS[point]
    settings = Settings(
        secret_key="a secret for tests alone",
        database_url=database_url,
        instance_dir=Path(instance),
        testing=True,
    )
    with create_app(settings).app_context():
        setattr(module, name, make(getattr(module, name)))
        operations.read_mailboxes()
        operations.read_stored()


if __name__ == "__main__":
    main()
