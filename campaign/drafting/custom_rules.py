"""A campaign's own fields: what they may be called, what they may hold, many of them in a sheet.

Their names stand in a text with `custom.` before, so that none can ever stand for a field of the
program's list, today's or a later one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from campaign.drafting.placeholders import NO, YES, FieldKind
from campaign.kernel import fields
from campaign.kernel.errors import Problem

NAME_MAX = 40
VALUE_MAX = 500
SHEET_MAX = 1_000_000
FIELDS_MAX = 30
COMPANY = "company"

_GUARDED = re.compile(r"^'(?=[=+\-@\t\r])")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class Sheet(NamedTuple):
    """Values by letter's id and field's name, and what is wrong, each with its line."""

    values: dict[int, dict[str, str]]
    faults: tuple[str, ...]


def field_name(name: str) -> str:
    """The name of a field, checked; a leading `custom.` is taken off.

    Raises:
        Problem: `custom-name`.
    """
    name = name.strip().removeprefix("custom.")
    if len(name) > NAME_MAX or not _NAME.fullmatch(name) or name == COMPANY:
        raise Problem("custom-name", name=name[:60])
    return name


def value(kind: FieldKind, name: str, typed: str) -> str:
    """What was typed for a field, made fit to be printed; empty for no value.

    Raises:
        Problem: `custom-not-yes-no`, `control-character`, `field-too-long`.
    """
    line = fields.line(typed, name=name, limit=VALUE_MAX)
    if kind is FieldKind.TEXT or not line:
        return line
    if line.casefold() not in (YES, NO):
        raise Problem("custom-not-yes-no", name=name, value=line[:60])
    return line.casefold()


def written(names: Sequence[str], rows: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """A sheet of companies' values: a header, then one line for each company."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([COMPANY, *names])
    writer.writerows(
        [company, *(values.get(name, "") for name in names)] for company, values in rows
    )
    return out.getvalue()


def read(text: str, kinds: Mapping[str, FieldKind], letters: Mapping[str, int]) -> Sheet:
    """Read a sheet; separators are commas, semicolons or tabs, whichever the header holds.

    Args:
        kinds: the campaign's fields by name.
        letters: letters that can still be changed, by the company's name, and by its slug, in
            small letters.
    """
    if len(text) > SHEET_MAX:
        return Sheet({}, ("The sheet is too long: send it in parts.",))
    head = text.lstrip("\ufeff").splitlines()[:1]
    mark = next((one for one in "\t;" if head and one in head[0]), ",")
    # strict: otherwise one quotation mark that is never closed swallows the rest in silence.
    source = io.StringIO(text.lstrip("\ufeff"), newline="")
    reader = csv.reader(source, delimiter=mark, strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        return Sheet({}, (f"Line {reader.line_num}: it cannot be read ({error}).",))
    names = [cell.strip().removeprefix("custom.") for cell in lines[0][1]] if lines else []
    if fault := _fault_of_header(names, kinds):
        return Sheet({}, (fault,))
    return _read_rows(lines[1:], names[1:], kinds, letters)


def _fault_of_header(names: list[str], kinds: Mapping[str, FieldKind]) -> str:
    if not names or names[0].casefold() != COMPANY:
        return f"Line 1: the first column has to be “{COMPANY}”, then one for each field."
    unknown = [name for name in names[1:] if name not in kinds]
    if unknown:
        return f"Line 1: there is no field “{unknown[0][:60]}”."
    return "Line 1: a field stands there twice." if len(set(names)) < len(names) else ""


def _read_rows(
    lines: list[tuple[int, list[str]]],
    names: list[str],
    kinds: Mapping[str, FieldKind],
    letters: Mapping[str, int],
) -> Sheet:
    values: dict[int, dict[str, str]] = {}
    faults: list[str] = []
    for number, row in lines:
        letter = letters.get(row[0].strip().casefold())
        if letter is None:
            faults.append(f"Line {number}: no letter to “{row[0].strip()[:60]}” can be changed.")
        elif letter in values:
            faults.append(f"Line {number}: “{row[0].strip()[:60]}” stands there twice.")
        elif len(row) != len(names) + 1:
            faults.append(f"Line {number}: it has {len(row)} cells, the header {len(names) + 1}.")
        else:
            values[letter] = {}
            for name, typed in zip(names, row[1:], strict=True):
                try:
                    values[letter][name] = value(kinds[name], name, _typed(typed))
                except Problem as problem:
                    faults.append(f"Line {number}: {problem}")
    return Sheet(values, tuple(faults))


def _typed(cell: str) -> str:
    """A cell without the mark that our downloads put before what looks like a formula."""
    return _GUARDED.sub("", cell)
