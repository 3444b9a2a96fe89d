"""The site in a process of its own, as operators run it, and its commands beside it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from campaign.config import ROOT, Settings
from tests.servers.programs import dies_with_us, stop, wait_until


def environment(settings: Settings) -> dict[str, str]:
    """The variables of contract.md that give these settings to another process."""
    ours = {
        field.name.upper(): str(getattr(settings, field.name))
        for field in fields(settings)
        if field.name != "testing" and getattr(settings, field.name) != ""
    }
    return {**os.environ, **ours, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


@dataclass(frozen=True)
class LiveServer:
    """The running site. `settings.base_url` is `url`."""

    url: str
    settings: Settings
    process: subprocess.Popen[bytes]
    log: Path

    def flask(self, *arguments: str, status: int = 0) -> str:
        """Run a command (`flask tick …`) on the same instance; what it prints on stdout.

        Raises:
            AssertionError: its exit status is not `status`.
        """
        return flask(self.settings, *arguments, status=status)

    def kill(self) -> None:
        """SIGKILL the master and its worker, as a crash would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def flask(settings: Settings, *arguments: str, status: int = 0) -> str:
    """Run `flask …` in a process of its own; see `LiveServer.flask`."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments],
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == status, f"flask {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


@contextmanager
def serving(settings: Settings) -> Iterator[LiveServer]:
    """Serve with gunicorn on a free port of 127.0.0.1 until the block ends."""
    log = settings.instance_dir / "web.log"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = replace(settings, base_url=url)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "app:app"),
                    *("--bind", f"fd://{listener.fileno()}", "--threads", "4"),
                    *("--no-control-socket", "--graceful-timeout", "2"),
                ],
                cwd=ROOT,
                env=environment(settings),
                stdout=output,
                stderr=output,
                pass_fds=[listener.fileno()],
                start_new_session=True,
                preexec_fn=dies_with_us,
            )
    try:
        wait_until(lambda: _answers(url), "the site", process=process, log=log)
        yield LiveServer(url, settings, process, log)
    finally:
        stop(process)


def _answers(url: str) -> bool:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()
