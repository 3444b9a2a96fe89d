"""The posting list: what was posted when, as a person fills it in beside the envelopes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

HEADER = ("task", "number", "company", "what", "to", "answer by", "posted on", "tracking")
_NEEDED = ("task", "posted on", "tracking")
_ROWS_MOST = 5000
_TRACKING_MOST = 200


class Posted(NamedTuple):
    """A line that was filled in; `on` is the day at the place of posting."""

    task: str
    on: date
    tracking: str


class ReadList(NamedTuple):
    """What a list says, and what is wrong with it in words."""

    posted: tuple[Posted, ...]
    faults: tuple[str, ...]


def read(sheet: str, open_tasks: Mapping[str, date], today: date) -> ReadList:
    """Read a list back. Lines without a day were not posted yet and are passed over.

    Args:
        sheet: CSV with commas, semicolons or tabs, as spreadsheets save it.
        open_tasks: the tasks that can be noted as posted, each with the day it was ordered.
        today: no letter was posted later than this.
    """
    lines = sheet.lstrip("\ufeff").splitlines(keepends=True)
    if not lines:
        return ReadList((), ("The list is empty.",))
    mark = max(",;\t", key=lines[0].count)
    reader = csv.DictReader(io.StringIO("".join(lines), newline=""), delimiter=mark)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    lacking = [name for name in _NEEDED if name not in names]
    if lacking:
        return ReadList((), (f"The list has no column “{lacking[0]}”.",))
    posted: list[Posted] = []
    faults: list[str] = []
    for number, row in enumerate(reader, 2):
        if number > _ROWS_MOST:
            return ReadList((), (f"The list has more than {_ROWS_MOST} lines.",))
        cells = {name: (row[names[name]] or "").strip().lstrip("'") for name in _NEEDED}
        if not cells["posted on"]:
            if cells["tracking"]:
                faults.append(f"Line {number}: a tracking number and no day of posting.")
            continue
        found = _line(cells, open_tasks, today)
        if isinstance(found, str):
            faults.append(f"Line {number}: {found}")
        else:
            posted.append(found)
    faults += _twice(posted)
    return ReadList(tuple(posted), tuple(faults))


def _line(cells: Mapping[str, str], open_tasks: Mapping[str, date], today: date) -> Posted | str:
    try:
        on = date.fromisoformat(cells["posted on"])
    except ValueError:
        return f"“{cells['posted on'][:40]}” is no day like 2026-11-26."
    if on > today:
        return f"{on.isoformat()} has not come yet."
    if cells["task"] not in open_tasks:
        return "this letter does not wait to be posted any more, or never did."
    if on < open_tasks[cells["task"]]:
        return f"it was ordered on {open_tasks[cells['task']].isoformat()}, after that day."
    if len(cells["tracking"]) > _TRACKING_MOST:
        return f"the tracking number is longer than {_TRACKING_MOST} characters."
    return Posted(cells["task"], on, cells["tracking"])


def _twice(posted: Sequence[Posted]) -> list[str]:
    tasks = [one.task for one in posted]
    numbers = [one.tracking for one in posted if one.tracking]
    faults = ["The same letter stands in the list twice."] if len(set(tasks)) < len(tasks) else []
    if len(set(numbers)) < len(numbers):
        faults.append("Two letters have the same tracking number: each has its own.")
    return faults
