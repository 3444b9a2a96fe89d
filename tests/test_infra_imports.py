"""Import direction (architecture.md, "Direction"), held on every run and shown to hold."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.config import ROOT

_COMMAND = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _COMMAND, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(folder), "NO_COLOR": "1"},
    )


def test_imports_follow_the_life_of_a_letter() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("sending/wrong.py", "import campaign.publishing", "A stage imports only"),
        ("kernel/wrong.py", "import campaign.history", "A stage imports only"),
        ("config.py", "import campaign.database", "A stage imports only"),
        ("somewhere.py", "", "A stage imports only"),
        ("awaiting/rules.py", "import flask", "Rules are pure"),
        ("companies/rules.py", "import campaign.companies.operations", "Inside a stage"),
        ("kernel/wrong.py", "import sqlalchemy", "The kernel knows"),
    ],
)
def test_an_import_in_the_wrong_direction_is_found(
    tmp_path: Path, module: str, line: str, contract: str
) -> None:
    shutil.copytree(ROOT / "campaign", tmp_path / "campaign")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "campaign/companies/operations.py").touch()
    with (tmp_path / "campaign" / module).open("a") as file:
        file.write(f"\n{line}\n")
    result = _lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    broken = [row for row in result.stdout.splitlines() if row.rstrip().endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), result.stdout
