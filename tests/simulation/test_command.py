"""`flask simulate` and what it promises (contract.md, “Commands”)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from campaign.config import ROOT, Settings
from campaign.factory import create_app

_TRACE = """
import logging; logging.disable(50)
from campaign.simulation.ground import ground
from campaign.simulation.story import run
with ground() as floor:
    print(run(11, floor).trace)
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an instance without a database."""
    folder = tmp_path_factory.mktemp("instance")
    return Settings(
        secret_key="a secret for tests alone",
        database_url=f"sqlite:///{folder / 'none.sqlite3'}",
        instance_dir=folder,
        testing=True,
    )


def test_the_last_line_tells_runs_events_and_violations_and_no_database_is_needed(
    settings: Settings,
) -> None:
    told = create_app(settings).test_cli_runner().invoke(args=["simulate", "--seeds", "11-11"])
    assert told.exit_code == 0, told.output
    last = json.loads(told.stdout.splitlines()[-1])
    assert (last["runs"], last["violations"]) == (1, 0)
    assert last["events"] > 50
    assert set(last) == {"runs", "events", "violations"}
    assert not list(settings.instance_dir.glob("*.sqlite3"))


@pytest.mark.parametrize("seeds", ["", "7", "5-3", "a-b", "1-2-3", "-1-4", "1-９"])
def test_what_is_no_range_of_seeds_is_wrong_use(settings: Settings, seeds: str) -> None:
    told = create_app(settings).test_cli_runner().invoke(args=["simulate", "--seeds", seeds])
    assert told.exit_code == 2
    assert told.stdout == ""


def test_one_seed_is_one_story_however_python_orders_its_sets() -> None:
    traces = [
        subprocess.run(
            [sys.executable, "-c", _TRACE],
            env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": number, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in ("0", "1")
    ]
    assert len(traces[0].strip()) == 64
    assert traces[0] == traces[1]
