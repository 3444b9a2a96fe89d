"""Letters a second as text, HTML and PDF, beside the Markdown parser and the PDF engine alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import typst
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from bench import _measure
from campaign.drafting import frozen, markdown, rendering
from campaign.drafting.rendering import LetterContent
from tests.drafting.letters import a_letter

MANY, PDFS = 100, 20
_FOLDER = Path(rendering.__file__).parents[2] / "templates" / "letter"


def letter(name: str) -> LetterContent:
    """The letter of the golden files, to a company of that name."""
    one = a_letter()
    to = replace(one.addressee, company=name)
    return replace(one, addressee=to, values={**one.values, "company.name": name})


def letters(number: int, who: str, many: int) -> list[LetterContent]:
    """As many letters, to companies that no other round has had: the engine remembers."""
    return [letter(f"Larkfield {who} {number:02} {n:03}") for n in range(many)]


def words(made: list[LetterContent]) -> None:
    """Text and HTML, as a mail has both."""
    for one in made:
        frozen.mail_of(one)


def first_words(made: list[LetterContent]) -> None:
    """The same where no letter of this text was made before."""
    for one in made:
        markdown.parse.cache_clear()
        frozen.mail_of(one)


def read(made: list[LetterContent]) -> None:
    """What the Markdown parser alone needs to read the text of as many letters."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").use(footnote_plugin)
    for one in made:
        reader.parse(one.body)


def pdfs(made: list[LetterContent]) -> None:
    """PDFs as the product makes them."""
    for one in made:
        rendering.as_pdf(one)


class Bare:
    """The PDF engine of this process, and nothing else of the product."""

    compiler: typst.Compiler | None = None


def prepared(one: LetterContent) -> tuple[str, datetime]:
    """What the engine is given for a letter."""
    data = json.dumps(asdict(rendering.sheet(one)), ensure_ascii=False)
    return data, datetime.combine(one.date, time(), tzinfo=UTC)


def bare_pdfs(made: list[tuple[str, datetime]]) -> None:
    """PDFs as the engine alone makes them of data that lies ready."""
    if Bare.compiler is None:
        Bare.compiler = typst.Compiler(
            _FOLDER / "letter.typ",
            root=_FOLDER,
            font_paths=[_FOLDER / "fonts"],
            ignore_system_fonts=True,
        )
    for data, day in made:
        Bare.compiler.compile(
            sys_inputs={"data": data}, timestamp=day, format="pdf", pdf_standards=["ua-1"]
        )


def _halves(act: Callable[[list[Any]], None], pool: ProcessPoolExecutor, made: list[Any]) -> None:
    """Let two processes do half each."""
    middle = len(made) // 2
    list(pool.map(act, (made[:middle], made[middle:])))


def as_words() -> None:
    """Rows of text and HTML."""
    ready = [letters(number, "text", MANY) for number in range(_measure.ROUNDS + 1)]
    pair = _measure.in_turn(lambda n: words(ready[n]), lambda n: read(ready[n]))
    _measure.times("text and HTML", pair, MANY, "<= 3")
    pair = _measure.in_turn(lambda n: first_words(ready[n]), lambda n: read(ready[n]))
    _measure.times("text and HTML, the text read anew", pair, MANY, "")


def as_pdfs() -> None:
    """Rows of PDF: beside the bare engine with one process and with two, and two beside one."""
    rounds = range(_measure.ROUNDS + 1)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        ours_by_two, bare_by_two = partial(_halves, pdfs, pool), partial(_halves, bare_pdfs, pool)
        ours = {who: [letters(n, who, PDFS) for n in rounds] for who in ("a", "b", "c", "d")}
        bare = {
            who: [list(map(prepared, letters(n, who, PDFS))) for n in rounds]
            for who in ("bare a", "bare b")
        }
        pair = _measure.in_turn(
            lambda n: pdfs(ours["a"][n]), lambda n: bare_pdfs(bare["bare a"][n])
        )
        _measure.rates("PDF, 1 process", pair, PDFS, ">= 0.7")
        pair = _measure.in_turn(
            lambda n: ours_by_two(ours["b"][n]), lambda n: bare_by_two(bare["bare b"][n])
        )
        _measure.rates("PDF, 2 processes", pair, PDFS, ">= 0.7")
        pair = _measure.in_turn(lambda n: ours_by_two(ours["c"][n]), lambda n: pdfs(ours["d"][n]))
        _measure.rates("PDF, 2 processes beside 1", pair, PDFS, ">= 1.7")


def main() -> None:
    """Print the table."""
    _measure.title(f"Letters ({len(a_letter().body):,} characters of Markdown each)")
    as_words()
    as_pdfs()
    _measure.memory()


if __name__ == "__main__":
    main()
