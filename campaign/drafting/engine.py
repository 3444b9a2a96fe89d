"""The PDF engine: it gets words as data, reads no file but ours, and reaches no network."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parents[2] / "templates" / "letter"
_REFUSED = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_PDF: Mapping[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"]}
_mine = threading.local()
_printed: set[str] = set(map(chr, range(0x20, 0x7F)))
_unprintable: set[str] = set()


class Refused(Exception):
    """The engine cannot make this; `why` in words, `character` where it is for one."""

    def __init__(self, message: str) -> None:
        found = _REFUSED.search(message)
        self.character = found and _ESCAPED.sub(lambda it: chr(int(it[1], 16)), found[1])
        self.why = no_sign_for(self.character) if self.character else message.rstrip(".")
        super().__init__(self.why)


def no_sign_for(character: str) -> str:
    """Why a letter with a character that no font of ours has cannot be printed."""
    return f"our fonts have no sign for “{character}”"


def pdf(page: str, data: object, at: datetime) -> bytes:
    """An accessible PDF (PDF/UA-1) of data set on a page of ours, as if made at that time.

    Raises:
        Refused: a character that no font of ours has, and whatever else it cannot set.
    """
    made = _made(page, data, timestamp=at, **_PDF)
    assert isinstance(made, bytes)
    return made


def pictures(page: str, data: object, at: datetime) -> list[bytes]:
    """The same pages as PNG.

    Raises:
        Refused: see `pdf`.
    """
    made = _made(page, data, timestamp=at, format="png", ppi=110)
    return made if isinstance(made, list) else [made]


def unprintable(words: str) -> str:
    """The first character of words that no font of ours has; empty where each is there.

    The engine is asked once for every character and remembers the answer.
    """
    asked = set(words) - _printed - _unprintable
    while asked:
        try:
            _made("characters.typ", sorted(asked), **_PDF)
        except Refused as refused:
            if refused.character not in asked:
                break  # not about a character: making the letter will say what it is
            asked.remove(refused.character)
            _unprintable.add(refused.character)
        else:
            _printed.update(asked)
            break
    return next((one for one in words if one in _unprintable), "")


def _made(page: str, data: object, **form: Any) -> bytes | list[bytes]:
    words = json.dumps(data, ensure_ascii=False)
    try:
        made = _compiler(page).compile(sys_inputs={"data": words}, **form)
    except typst.TypstError as error:
        raise Refused(error.message) from error
    assert made is not None  # it returns None only where it was given a file to write
    return made


def _compiler(page: str) -> typst.Compiler:
    """The engine of this thread: it keeps fonts and the parsed page, and is not shareable."""
    kept: dict[str, typst.Compiler] = _mine.__dict__.setdefault("compilers", {})
    if page not in kept:
        kept[page] = typst.Compiler(
            _FOLDER / page, root=_FOLDER, font_paths=[_FOLDER / "fonts"], ignore_system_fonts=True
        )
    return kept[page]
