"""`make` on machines that lack something says so in one line (contract.md, "Make")."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.config import ROOT

_TOO_OLD = "#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.9.2' && exit\nexit 1\n"
_WITHOUT_VENV = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'
_CANDIDATES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what `make setup` needs, in a path with a space."""
    made = tmp_path / "a campaign"
    (made / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", made)
    shutil.copy(ROOT / ".ci/setup.sh", made / ".ci")
    (made / "requirements.txt").write_text("# nothing\n")
    return made


def _setup(folder: Path, python: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run `make setup`, with `python` as the text of every Python on PATH."""
    path = os.environ["PATH"]
    if python is not None:
        programs = folder / "programs"
        programs.mkdir()
        for name in _CANDIDATES:
            (programs / name).write_text(python)
            (programs / name).chmod(0o755)
        path = f"{programs}{os.pathsep}{path}"
    return subprocess.run(
        ["make", "setup"],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("python", "says"),
    [
        (_TOO_OLD, "needs Python 3.11 or newer, and Python 3.9.2 is"),
        (_WITHOUT_VENV, "apt install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_gets_one_clear_line(
    folder: Path, python: str, says: str
) -> None:
    result = _setup(folder, python)
    lines = [line for line in result.stderr.splitlines() if not line.startswith("make: ***")]
    assert result.returncode != 0
    assert len(lines) == 1, result.stderr
    assert says in lines[0]
    assert not (folder / ".venv").exists()


def test_setup_is_done_once_and_again_after_a_change(folder: Path) -> None:
    first = _setup(folder)
    assert first.returncode == 0, first.stderr
    assert "Installing" in first.stderr
    assert _setup(folder).stderr == ""
    (folder / "requirements.txt").write_text("# something else\n")
    assert "Installing" in _setup(folder).stderr


def test_a_failed_installation_is_not_taken_for_done(folder: Path) -> None:
    (folder / "requirements.txt").write_text("no-such-package==1\n")
    for _ in range(2):
        result = _setup(folder)
        assert result.returncode != 0
        assert "no-such-package" in result.stderr
