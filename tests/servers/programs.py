"""Finding programs, and running them so that none outlives the test run."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Never

import pytest

_PR_SET_PDEATHSIG = 1


def missing(what: str) -> Never:
    """Skip the test with a line that names `what`; with REQUIRE_SERVERS=1, fail it."""
    line = f"{what} is missing here; make test installs it as root on Debian or Ubuntu"
    if os.environ.get("REQUIRE_SERVERS") == "1":
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


def needs(*names: str, folders: Iterable[Path] = ()) -> Path:
    """The path of the first program of these names, on PATH or in `folders`.

    Skips the test where there is none, or fails it with REQUIRE_SERVERS=1.
    """
    searched = os.pathsep.join(
        [os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin", *map(str, folders)]
    )
    for name in names:
        if found := shutil.which(name, path=searched):
            return Path(found)
    missing(names[0])


def dies_with_us() -> None:
    """For `preexec_fn`: the kernel ends the child when the test run is killed (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until(
    ready: Callable[[], bool],
    what: str,
    *,
    process: subprocess.Popen[bytes] | None = None,
    seconds: float = 30,
    log: Path | None = None,
) -> None:
    """Return as soon as `ready()` is true.

    Raises:
        AssertionError: the process ended, or the time ran out; holds the end of the log.
    """
    end = time.monotonic() + seconds
    while not ready():
        ended = process is not None and process.poll() is not None
        if ended or time.monotonic() > end:
            said = log.read_text(errors="replace")[-4000:] if log and log.exists() else ""
            why = "ended" if ended else f"not ready after {seconds} s"
            raise AssertionError(f"{what}: {why}\n{said}")
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes], by: signal.Signals = signal.SIGTERM) -> int:
    """Ask a process of ours to end, make it after 10 s; its exit status."""
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
