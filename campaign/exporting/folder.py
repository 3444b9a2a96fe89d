"""The folder of an exported site: whose it is, what is in it, and writing whole files only."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from campaign.kernel.errors import Problem

MARKER = ".campaign-export.json"
_UNFINISHED = ".campaign-unfinished"
_PACKED = frozenset({".html", ".json", ".xml", ".atom", ".css", ".js", ".svg", ".csv", ".txt"})
_SMALL = 1_024  # bytes; packing less gains nothing


@dataclass
class Kept:
    """A file as it was written: its size, when (nanoseconds), and the hash of its bytes."""

    size: int
    mtime: int
    sha256: str


@dataclass
class Manifest:
    """What the last run left.

    Attributes:
        mark: what the site was made from; empty while a run is under way.
        base_url: the site's public address.
        pages: how many addresses it has.
        files: by path below the folder.
    """

    mark: str = ""
    base_url: str = ""
    pages: int = 0
    files: dict[str, Kept] = field(default_factory=dict)


@dataclass
class Folder:
    """A folder that holds one exported site and nothing else."""

    path: Path
    manifest: Manifest
    written: int = 0
    removed: int = 0
    kept: dict[str, Kept] = field(default_factory=dict)

    def is_untouched(self) -> bool:
        """Whether everything is there as the last run left it, and nothing beside it."""
        found = dict(_walk(self.path))
        found.pop(MARKER, None)
        return found == {name: (one.size, one.mtime) for name, one in self.manifest.files.items()}

    def put(self, name: str, raw: bytes) -> None:
        """Write a file whole, and its packed twin where that is smaller; the same bytes stay."""
        self._put(name, raw)
        if Path(name).suffix in _PACKED and len(raw) >= _SMALL:
            packed = gzip.compress(raw, 9, mtime=0)
            if len(packed) < len(raw):
                self._put(f"{name}.gz", packed)

    def _put(self, name: str, raw: bytes) -> None:
        sha256 = hashlib.sha256(raw).hexdigest()
        path, before = self.path / name, self.manifest.files.get(name)
        if before and before.sha256 == sha256 and _stat(path) == (before.size, before.mtime):
            self.kept[name] = before
            return
        _clear_the_way(self.path, path)
        unfinished = self.path / _UNFINISHED
        unfinished.write_bytes(raw)
        os.replace(unfinished, path)
        size, mtime = _stat(path) or (len(raw), 0)
        self.kept[name] = Kept(size, mtime, sha256)
        self.written += 1

    def drop(self, name: str) -> None:
        """Remove a file of the last run now, before anything new is written."""
        for one in (name, f"{name}.gz"):
            if one in self.manifest.files and one not in self.kept:
                self._remove(one)

    def finish(self, mark: str, base_url: str, pages: int) -> None:
        """Remove what is no more part of the site, and note what it was made from."""
        for name, _ in list(_walk(self.path)):
            if name not in self.kept and name != MARKER:
                self._remove(name)
        self.save(Manifest(mark, base_url, pages, self.kept))

    def _remove(self, name: str) -> None:
        path = self.path / name
        if not path.exists():
            return
        path.unlink()
        self.removed += not name.endswith(".gz")
        folder = path.parent
        while folder != self.path and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def save(self, manifest: Manifest) -> None:
        """Replace the manifest."""
        unfinished = self.path / _UNFINISHED
        unfinished.write_text(json.dumps(asdict(manifest), indent=0), encoding="utf-8")
        os.replace(unfinished, self.path / MARKER)


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """The folder, for this run alone; made where it is missing.

    Raises:
        Problem: `export-folder`, `export-link`, `export-busy`.
    """
    path.mkdir(parents=True, exist_ok=True)
    path = path.resolve()
    with _alone(path):
        yield Folder(path, _read(path))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Problem("export-busy", folder=str(path)) from None
    finally:
        os.close(handle)


def _read(path: Path) -> Manifest:
    marker = path / MARKER
    if not marker.exists():
        if any(path.iterdir()):
            raise Problem("export-folder", folder=str(path))
        return Manifest()
    try:
        with marker.open(encoding="utf-8") as stored:
            return _manifest(stored)
    except (ValueError, TypeError, KeyError):
        return Manifest()  # cut off or foreign: everything is made anew


def _manifest(stored: IO[str]) -> Manifest:
    told: dict[str, Any] = json.load(stored)
    files = {str(name): Kept(**one) for name, one in told.pop("files").items()}
    return Manifest(**told, files=files)


def _walk(path: Path, below: str = "") -> Iterator[tuple[str, tuple[int, int]]]:
    with os.scandir(path) as entries:
        for entry in entries:
            name = below + entry.name
            if entry.is_symlink():
                raise Problem("export-link", path=str(path / entry.name))
            if entry.is_dir():
                yield from _walk(path / entry.name, f"{name}/")
            else:
                told = entry.stat()
                yield name, (told.st_size, told.st_mtime_ns)


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        told = path.lstat()
    except OSError:
        return None
    return told.st_size, told.st_mtime_ns


def _clear_the_way(root: Path, path: Path) -> None:
    """Make the folders of a file, where a file of an earlier run stands in their place too."""
    for folder in reversed(path.relative_to(root).parents[:-1]):
        place = root / folder
        if place.is_symlink():
            raise Problem("export-link", path=str(place))
        if place.is_file():
            place.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise Problem("export-folder", folder=str(path))
