"""What architecture.md says of all files, where no linter looks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from campaign.config import ROOT

_LINES = 420  # architecture.md, rule 16: "under about 400 lines"
_PYTHON = [*ROOT.glob("*.py"), *(ROOT / "campaign").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
# E-mail programs know no style sheets: there, styles are inlined on purpose.
_TEMPLATES = [path for path in (ROOT / "templates").rglob("*.html") if "email" not in str(path)]
# A script of the type of data is none: no browser runs it.
_INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|<script(?![^>]*(\bsrc=|"application/ld\+json"))|\son[a-z]+\s*=\s*["']""",
    re.I,
)


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_has_grown_too_long() -> None:
    long = {
        _named(path): length
        for path in _PYTHON
        if (length := len(path.read_text().splitlines())) > _LINES
    }
    assert not long


@pytest.mark.parametrize(
    ("text", "inline"),
    [
        ('<p style="color:red">', True),
        ("<style>", True),
        ("<script>go()</script>", True),
        ('<a onclick="go()">', True),
        ('<script src="/static/a.js" defer></script>', False),
        ('<p class="style">one = two', False),
    ],
)
def test_inline_styles_and_scripts_are_recognised(text: str, inline: bool) -> None:
    assert bool(_INLINE.search(text)) is inline


def test_templates_hold_no_inline_styles_or_scripts() -> None:
    found = {
        _named(path): match[0] for path in _TEMPLATES if (match := _INLINE.search(path.read_text()))
    }
    assert not found


_MARK = re.compile(r"^(<{7}|>{7}|\|{7}) ", re.M)


def test_marks_of_a_merge_that_was_left_half_way_are_recognised() -> None:
    assert _MARK.search("a\n<<<<<<< HEAD\nb")
    assert not _MARK.search(">>> quoted\n=======\n")


def test_no_file_holds_marks_of_a_merge_that_was_left_half_way() -> None:
    # Python would stop at them; a template, a style sheet or a text shows them to readers.
    rooms = [ROOT / name for name in ("campaign", "templates", "static", "migrations", "tests")]
    endings = {".py", ".html", ".txt", ".md", ".js", ".css", ".toml", ".json"}
    files = [path for room in rooms for path in room.rglob("*") if path.suffix in endings]
    files += [path for path in ROOT.iterdir() if path.suffix in endings | {".in"}]
    assert [
        _named(path) for path in files if _MARK.search(path.read_text("utf-8", "replace"))
    ] == []
