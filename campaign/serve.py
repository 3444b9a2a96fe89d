"""`make run`: everything for a first start, then web and clock, both ended together."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from campaign.config import ROOT, Settings
from campaign.demo import story
from campaign.factory import create_app
from campaign.kernel.errors import Problem

PR_SET_PDEATHSIG = 1
STOP_WITHIN = 20  # seconds that a process gets to end by itself


def main() -> int:
    """Set the instance up, start web and clock, wait; returns the exit code."""
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return _stopped(f"PORT is not usable: {port}. Set PORT to a number such as 8000.")
    os.environ.setdefault("BASE_URL", f"http://127.0.0.1:{port}")
    try:
        settings = Settings.from_env()
        _check_port(int(port))
        _prepare(settings)
    except Problem as problem:
        return _stopped(str(problem))
    except OperationalError as error:
        why = " ".join(str(error.orig).split())
        return _stopped(f"The database of DATABASE_URL does not answer: {why}")
    return _serve(port)


def _check_port(port: int) -> None:
    """Say at once that the port is taken, not after the demonstration has been loaded."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem(
                "bad-setting",
                name="PORT",
                why=f"{port} is taken ({error.strerror})",
                fix=f"Set PORT to another number, for example PORT={port + 1} make run.",
            ) from error


def _stopped(why: str) -> int:
    print(f"The start was stopped: {why}", file=sys.stderr)
    return 2


def _prepare(settings: Settings) -> None:
    story.clear_unfinished(settings)
    app = create_app(settings)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        if settings.captured and story.wanted(settings):
            story.load(settings, say=lambda words: print(words, flush=True))
        _greet(settings)


def _greet(settings: Settings) -> None:
    print(f"\n  {settings.org_name} at {settings.base_url}\n", flush=True)
    for line in story.sign_ins(settings):
        print(f"  {line}")
    if settings.captured:
        print("\n  Mail is captured: nothing leaves this machine.")
        print(f"  Read it at {settings.base_url}/staff/captured/")
    else:
        print("\n  Mail is sent for real. Make the first person with")
        print("  .venv/bin/flask users create EMAIL --role admin")
    print("\n  Ctrl-C stops everything.\n", flush=True)


def _serve(port: str) -> int:
    python = [sys.executable, "-m"]
    web = [*python, "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "8"]
    web += ["--no-control-socket", "--log-level", "warning", "app:app"]
    processes = [_start(web), _start([*python, "flask", "clock"])]
    ended = _wait(processes)
    for process in processes:
        with suppress(ProcessLookupError):
            process.terminate()
    for process in processes:
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
    return ended


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # A process group of its own: Ctrl-C reaches this process, which ends both in order.
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=_die_with_parent)


def _die_with_parent() -> None:
    """Where the system can do it (Linux), end the process when this one is killed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(processes: list[subprocess.Popen[bytes]]) -> int:
    """Wait for a signal (exit code 0) or for one of the two to end by itself (1)."""
    stopping = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    while not stopping:
        for process in processes:
            if process.poll() is not None:
                print("One of the two processes ended; stopping the other.", file=sys.stderr)
                return 1
        time.sleep(0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
