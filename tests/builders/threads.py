"""Several people at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from flask import Flask

from campaign.kernel.errors import Problem


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[object]:
    """Run each act in a thread and an app context of its own; what each gave or raised."""
    told: list[object] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run_one(number: int) -> None:
        with app.app_context():
            ready.wait()
            try:
                told[number] = acts[number]()
            except Problem as problem:
                told[number] = problem.code
            except Exception as error:
                told[number] = error

    # Each thread starts with this one's clock.
    threads = [
        threading.Thread(target=copy_context().run, args=(run_one, number))
        for number in range(len(acts))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return told
