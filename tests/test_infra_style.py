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
_INLINE = re.compile(r"""\sstyle\s*=|<style\b|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*["']""", re.I)


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
