"""The tables of words beside this file, as patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent / "words"


@cache
def table(name: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of one table, in its order; each is found where any of its phrases is."""
    rows = tomllib.loads((_TABLES / f"{name}.toml").read_text(encoding="utf-8"))
    return {key: _any_of(phrases) for key, phrases in rows.items()}


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.IGNORECASE)
