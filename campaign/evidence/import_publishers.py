"""The CSV files of Google, Apple and Meta; columns are found by the words of their headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from campaign.evidence.figure_rules import Amount, Denominator, ValueKind
from campaign.evidence.figure_terms import EVERYWHERE, Kind, Measure, Result, Terms
from campaign.evidence.import_cells import NoFigure, clean, count, place, ranged, share
from campaign.evidence.import_found import FoundFigure, Reading
from campaign.evidence.import_periods import Period, found
from campaign.evidence.import_tables import Line, Table

# Words for kinds of request in all three publishers' files; the first that fits.
_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"^all\b|all legal|^total", Kind.ALL_LEGAL_PROCESS),
    (r"preserv", Kind.PRESERVATION),
    (r"emergenc", Kind.EMERGENCY),
    (r"pen register|trap", Kind.PEN_REGISTER_TRAP_TRACE),
    (r"wiretap|title iii", Kind.WIRETAP_ORDER),
    (r"search warrant|^warrants?$", Kind.SEARCH_WARRANT),
    (r"criminal subpoena|grand jury", Kind.SUBPOENA_CRIMINAL),
    (r"civil subpoena", Kind.SUBPOENA_CIVIL),
    (r"subpoena", Kind.SUBPOENA),
    (r"court order|2703\(?d|\bd orders?", Kind.OTHER_COURT_ORDER),
    (r"mlat|diplomatic|mutual legal", Kind.MLAT_OR_DIPLOMATIC),
    (r"national security letter|\bnsls?\b", Kind.NSL),
    (r"fisa.*non-?\s?content", Kind.FISA_NONCONTENT),
    (r"fisa.*content", Kind.FISA_CONTENT),
    (r"national security", Kind.NATIONAL_SECURITY_COMBINED),
    (r"private part|civil", Kind.CIVIL_PRIVATE_PARTY),
    (r"restrict|delet", Kind.ACCOUNT_RESTRICTION),
    (r"removal", Kind.CONTENT_REMOVAL),
    (r"legal process|legal request|government request", Kind.ALL_LEGAL_PROCESS),
    (r"other", Kind.OTHER),
)
_PERCENT = re.compile(r"%|percent", re.I)
_COUNTRY = re.compile(r"^(country|countries)(\s*/\s*region)?( name)?$|^region$", re.I)
_CODE = re.compile(r"territory code|country code|^iso", re.I)
_PERIOD = re.compile(r"period|^tr date|half|^date|report(ing)? (date|month)|end date", re.I)
_PROCESS = re.compile(r"legal process|request type|process type|type of (request|process)", re.I)
_END = re.compile(r"range\s*(min|max)|\((min|max)\)|\b(minimum|maximum)\b", re.I)
_RANGE = re.compile(r"\s*\(?\s*range\s*(min|max)\s*\)?|\s*\((min|max)\)", re.I)


class Rule(NamedTuple):
    """What words above a column mean."""

    words: str
    measure: Measure
    outcome: Result = Result.NONE


@dataclass(frozen=True)
class Publisher:
    """How one publisher's files are read.

    Attributes:
        rules: the first that fits a header says what its column counts.
        scope: the service that a file is about, from its headers; empty for all.
        kind: of the requests in a column without a column or words of its own for that.
    """

    rules: tuple[Rule, ...]
    scope: Callable[[str], str]
    kind: Callable[[str], Kind]


@dataclass(frozen=True)
class _Column:
    index: int
    label: str
    terms: Terms
    upper: int | None = None  # the column of a range's upper end

    @property
    def is_share(self) -> bool:
        return self.terms.denominator is not None


def kind_of(words: str, usual: Kind | None = None) -> Kind | None:
    """The kind of request that words name."""
    text = words.strip().lower()
    return next((kind for pattern, kind in _KINDS if re.search(pattern, text)), usual)


def _no_scope(headers: str) -> str:
    return ""


def _apple_scope(headers: str) -> str:
    for words in ("device", "financial identifier", "account", "emergency", "app"):
        if words in headers.lower():
            return "" if words == "emergency" else f"{words.capitalize()} requests"
    return ""


def _apple_kind(headers: str) -> Kind:
    words = headers.lower()
    said = kind_of(words, Kind.ALL_LEGAL_PROCESS)
    return said if said in _APPLE_KINDS else Kind.ALL_LEGAL_PROCESS


_APPLE_KINDS = {
    Kind.PRESERVATION, Kind.EMERGENCY, Kind.ACCOUNT_RESTRICTION, Kind.CONTENT_REMOVAL, Kind.NSL,
    Kind.FISA_CONTENT, Kind.FISA_NONCONTENT, Kind.NATIONAL_SECURITY_COMBINED,
    Kind.CIVIL_PRIVATE_PARTY,
}  # fmt: skip
_SOME = (Measure.REQUESTS_WITH_OUTCOME, Result.SOME_DATA)

GOOGLE = Publisher(
    (
        Rule(r"some data produced|data produced", *_SOME),
        Rule(r"account|user.*specified|identifier", Measure.ACCOUNTS_SPECIFIED),
        Rule(r"request|letter|nsl|fisa", Measure.REQUESTS_RECEIVED),
    ),
    _no_scope,
    lambda headers: Kind.ALL_LEGAL_PROCESS,
)
APPLE = Publisher(
    (
        Rule(r"where (some )?data (was )?(provided|preserved)|data provided", *_SOME),
        Rule(r"challenged|rejected", Measure.REQUESTS_WITH_OUTCOME, Result.CHALLENGED),
        Rule(r"no data", Measure.REQUESTS_WITH_OUTCOME, Result.NO_DATA),
        Rule(r"non-?content.*provided", Measure.REQUESTS_WITH_OUTCOME, Result.NONCONTENT_ONLY),
        Rule(r"content (data )?provided", Measure.REQUESTS_WITH_OUTCOME, Result.CONTENT),
        Rule(r"accounts? (restricted|deleted|preserved)", Measure.ACCOUNTS_WITH_OUTCOME,
             Result.SOME_DATA),
        Rule(r"specified in|accounts? (affected|specified)|users?/accounts?",
             Measure.ACCOUNTS_SPECIFIED),
        Rule(r"(request|order|letter)s?$|received", Measure.REQUESTS_RECEIVED),
    ),
    _apple_scope,
    _apple_kind,
)  # fmt: skip
META = Publisher(
    (
        Rule(r"(some )?data produced|where.*produced|complied", *_SOME),
        Rule(r"account|users\b|profile|referenced", Measure.ACCOUNTS_SPECIFIED),
        Rule(r"request|disclosure", Measure.REQUESTS_RECEIVED),
    ),
    _no_scope,
    lambda headers: Kind.ALL_LEGAL_PROCESS,
)


def read(tables: Sequence[Table], name: str, publisher: Publisher) -> Reading:
    """Read a publisher's file.

    Args:
        name: the file's name, which may say the period or the kind.
    """
    reading = Reading()
    for table in tables:
        at = next((n for n, line in enumerate(table.lines) if _is_header(line)), None)
        if at is None:
            reading.refuse(table.name or name, "no line of headers names a country or a period")
        else:
            _File(table, at, name, publisher, reading).read()
    return reading


def _is_header(line: Line) -> bool:
    named = [cell for cell in line.cells if _COUNTRY.search(cell) or _PERIOD.search(cell)]
    return bool(named) and len([cell for cell in line.cells if cell]) > 1


class _File:
    """One file: where its columns are, and its lines."""

    def __init__(
        self, table: Table, at: int, name: str, publisher: Publisher, reading: Reading
    ) -> None:
        self.table, self.reading, self.publisher = table, reading, publisher
        self.lines = table.lines[at + 1 :]
        headers = [" ".join(cell.strip("# ").split()) for cell in table.lines[at].cells]
        self.country = _first(headers, _COUNTRY)
        self.code = _first(headers, _CODE)
        self.process = _first(headers, _PROCESS)
        every = f"{' '.join(headers)} {name}"
        self.scope, self.usual = publisher.scope(every), publisher.kind(every)
        self.own = {self.country, self.code, self.process}
        self.period_at = next(
            (n for n, cell in enumerate(headers) if n not in self.own and _PERIOD.search(cell)),
            None,
        )
        self.own.add(self.period_at)
        self.period = found(name)
        self.columns = self._columns(table.lines[at].cells, headers)

    def _columns(self, written: Sequence[str], headers: Sequence[str]) -> list[_Column]:
        columns: dict[str, _Column] = {}
        for index, words in enumerate(headers):
            terms = None if index in self.own or not words else self._terms(words)
            if terms is None:
                continue
            end, label = _END.search(words), _RANGE.sub("", words).strip()
            if end and "max" in end[0].lower() and label in columns:
                columns[label] = replace(columns[label], upper=index)
            else:
                columns.setdefault(label, _Column(index, clean(written[index])[:200], terms))
        return list(columns.values())

    def _terms(self, words: str) -> Terms | None:
        for rule in self.publisher.rules:
            if re.search(rule.words, words, re.I):
                share_of = Denominator.REQUESTS_RECEIVED if _PERCENT.search(words) else None
                kind = kind_of(_RANGE.sub("", words)) if self.process is None else None
                kind = kind if kind not in (None, Kind.OTHER) else self.usual
                return Terms(rule.measure, EVERYWHERE, kind.value, rule.outcome,
                             denominator=share_of)  # fmt: skip
        return None

    def read(self) -> None:
        """Every line that names a country and a period."""
        if not self.columns:
            self.reading.refuse(self.table.locator(1), "no column is about requests or accounts")
        for line in self.lines:
            self._line(line)

    def _line(self, line: Line) -> None:
        where = self.table.locator(line.number)
        requester, period = self._requester(line), self._period(line)
        if requester is None:
            name = line.cell(self.country or 0)
            self.reading.refuse(where, f"“{name[:60]}” is no country that we know by this name")
            return
        if period is None:
            self.reading.refuse(
                where, "no period is named; put it into the file's name, as requests-2019-H1.csv"
            )
            return
        kind = self._kind(line)
        if kind is None:
            process = line.cell(self.process or 0)
            self.reading.refuse(where, f"“{process[:60]}” is no kind of request that we know")
            return
        for column in self.columns:
            self._cell(line, column, requester, period, kind)

    def _requester(self, line: Line) -> str | None:
        if self.country is None:
            # National-security files are about one country's authorities and do not say so.
            return "US" if "United States" in " ".join(line.cells) else EVERYWHERE
        code = line.cell(self.code) if self.code is not None else ""
        return (place(code) if code else None) or place(line.cell(self.country))

    def _period(self, line: Line) -> Period | None:
        written = line.cell(self.period_at) if self.period_at is not None else ""
        return found(written) or self.period

    def _kind(self, line: Line) -> str | None:
        """The line's own kind; empty where the column says it."""
        if self.process is None:
            return ""
        words = line.cell(self.process)
        return kind_of(words) if words else self.usual

    def _cell(self, line: Line, column: _Column, requester: str, period: Period, kind: str) -> None:
        cell, where = line.cell(column.index), self.table.locator(line.number, column.index)
        try:
            amount, cell = self._amount(line, column, cell)
        except NoFigure as error:
            self.reading.refuse(where, f"{column.label}: {error}")
            return
        terms = replace(column.terms, requester=requester, kinds=kind or column.terms.kinds)
        where = where if self.table.name else f"{where}, column “{column.label}”"
        figure = FoundFigure(terms, amount, column.label, cell, where[:200])
        self.reading.add(period, self.scope, figure)

    def _amount(self, line: Line, column: _Column, cell: str) -> tuple[Amount, str]:
        if column.is_share:
            return share(cell), cell
        if column.upper is None:
            return count(cell), cell
        low, high = count(cell), count(line.cell(column.upper))
        if ValueKind.NOT_REPORTED in (low.kind, high.kind):
            return Amount(ValueKind.NOT_REPORTED), cell
        if low.low is None or high.low is None:
            raise NoFigure(f"“{cell}” and “{line.cell(column.upper)}” are no ends of a range")
        return ranged(low.low, high.low), f"{cell} - {line.cell(column.upper)}"


def _first(headers: Iterable[str], wanted: re.Pattern[str]) -> int | None:
    return next((n for n, cell in enumerate(headers) if wanted.search(cell)), None)
