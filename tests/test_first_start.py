"""The first start, as a newcomer sees it: `python -m campaign.serve`, which `make run` calls."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from campaign.config import ROOT
from tests.servers.programs import dies_with_us, free_port, stop

STATES = {
    "brindlewick-audio": "responded_full",
    "tessaro-home": "responded_partial",
    "wexcombe-sound": "responded_full",
    "orrinvale-devices": "declined",
    "fennimoor-smart-home": "extended",
    "quarrymeade-electronics": "not_reached",
    "larkspindle-lighting": "awaiting",
    "kitemoor-instruments": "acknowledged_only",
    "haldenbrook-home": "no_response",
}
CAMPAIGN = "who-can-copy-what-your-speaker-heard"


@contextmanager
def started(instance: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The process, and its address once it answers."""
    log = instance.parent / "start.log"
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DATABASE_URL", "MAIL_URL", "INBOX_URL", "BASE_URL")
    }
    environment |= {"INSTANCE_DIR": str(instance), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "campaign.serve"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            preexec_fn=dies_with_us,
        )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        stop(process, signal.SIGINT)


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def _await(url: str, words: str, seconds: float) -> str:
    """The page once it holds the words."""
    until = time.monotonic() + seconds
    last = ""
    while time.monotonic() < until:
        try:
            last = _get(url)
            if words in last:
                return last
        except OSError as error:
            last = str(error)
        time.sleep(0.5)
    raise AssertionError(f"{words!r} did not appear at {url}: {last[:2000]}")


@pytest.mark.xdist_group("first start")
def test_the_clock_publishes_the_silent_company_within_a_minute_and_every_other_state_is_right(
    tmp_path: Path,
) -> None:
    instance, port = tmp_path / "instance", free_port()
    with started(instance, port) as (process, url):
        _await(f"{url}/api/v1/records?campaign={CAMPAIGN}", "no_response", 90)
        records = json.loads(_get(f"{url}/api/v1/records?campaign={CAMPAIGN}"))["items"]
        labels = {record["company"]: record for record in records}
        assert {slug: labels[slug]["response"] for slug in STATES} == STATES
        assert labels["wexcombe-sound"]["timeliness"] == "after_deadline"
        silent = labels["haldenbrook-home"]
        assert len(silent["basis"]) == 10
        assert all(gate["holds"] for gate in silent["basis"])
        assert "did not respond" in _get(f"{url}/campaigns/{CAMPAIGN}/haldenbrook-home/")
        assert "Haldenbrook Home" in _get(url)
        printed = (tmp_path / "start.log").read_text()
        for role in ("viewer", "drafter", "approver", "publisher", "admin"):
            assert re.search(rf"{role}\s+{role}@\S+\s+\S{{12,}}", printed), role
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        with pytest.raises(OSError, match="refused"):
            _get(url)

    with started(instance, port) as (process, url):
        # The second start repeats nothing; how long it takes is printed by the benchmark, not here.
        _await(url, "Haldenbrook Home", 30)
        again = json.loads(_get(f"{url}/api/v1/records?campaign={CAMPAIGN}"))["items"]
        assert {record["company"]: record["response"] for record in again} == {
            slug: record["response"] for slug, record in labels.items()
        }
        assert "Loading" not in (tmp_path / "start.log").read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_bad_setting_stops_the_start_with_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "campaign.serve"],
        cwd=ROOT,
        env={**os.environ, "INSTANCE_DIR": str(tmp_path), "TIMEZONE": "Mars/Olympus"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "TIMEZONE" in done.stderr


def test_a_database_that_cannot_be_reached_stops_the_start_with_one_line(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://nobody:x@127.0.0.1:{free_port()}/none"
    done = subprocess.run(
        [sys.executable, "-m", "campaign.serve"],
        cwd=ROOT,
        env={**os.environ, "INSTANCE_DIR": str(tmp_path), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "DATABASE_URL" in done.stderr


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "campaign.serve"],
            cwd=ROOT,
            env={**os.environ, "INSTANCE_DIR": str(tmp_path), "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert f"PORT={port}" in done.stderr or str(port) in done.stderr
    assert done.stderr.count("\n") == 1
