import errno
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign.kernel.errors import Problem
from campaign.kernel.files import LocalFiles, open_store, write_maildir

RAW = b"From: a@b.example\r\n\r\nkept \x00 byte for byte\r"
WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def test_what_is_put_comes_back_byte_for_byte(tmp_path):
    store = LocalFiles(tmp_path)
    sha = store.put(RAW)
    assert sha == hashlib.sha256(RAW).hexdigest()
    assert store.get(sha) == RAW


def test_the_same_bytes_twice_are_one_file(tmp_path):
    store = LocalFiles(tmp_path)
    assert store.put(RAW) == store.put(RAW)
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 1


def test_a_changed_file_is_never_handed_out_and_is_mended_by_the_next_put(tmp_path):
    store = LocalFiles(tmp_path)
    sha = store.put(RAW)
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    path.write_bytes(RAW[:-1] + b"!")
    with pytest.raises(Problem) as caught:
        store.get(sha)
    assert caught.value.code == "file-damaged"
    store.put(RAW)
    assert store.get(sha) == RAW


@pytest.mark.parametrize("sha", ["0" * 64, "../../etc/passwd", "", "A" * 64, "0" * 64 + "\n"])
def test_a_name_that_is_not_a_stored_hash_is_missing(tmp_path, sha):
    with pytest.raises(Problem) as caught:
        LocalFiles(tmp_path).get(sha)
    assert caught.value.code == "file-missing"


def test_a_path_in_place_of_a_hash_reads_nothing(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"not ours to give")
    for name in (str(secret), "../" * 9 + str(secret)[1:]):
        with pytest.raises(Problem) as caught:
            LocalFiles(tmp_path / "files").get(name)
        # Neither read nor compared: that would be `file-damaged`.
        assert caught.value.code == "file-missing"


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "files-full"), (errno.EDQUOT, "files-full"), (errno.EIO, "files-unwritable")],
)
def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path, monkeypatch, number, code):
    def no_room(_descriptor):
        raise OSError(number, os.strerror(number))

    store = LocalFiles(tmp_path)
    store.put(b"makes the folders")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(Problem) as caught:
        store.put(RAW)
    assert caught.value.code == code
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_bytes_are_flushed_before_they_are_visible_and_the_folder_after(tmp_path, monkeypatch):
    steps = []
    sync, replace = os.fsync, Path.replace
    store = LocalFiles(tmp_path)
    store.put(RAW)
    next(path for path in tmp_path.rglob("*") if path.is_file()).unlink()

    def noted_sync(descriptor):
        steps.append("flush")
        sync(descriptor)

    def noted_replace(source, target):
        steps.append("rename")
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    store.put(RAW)
    assert steps == ["flush", "rename", "flush"]


def test_the_store_is_named_by_its_url(tmp_path):
    for url, folder in [
        ("file:", tmp_path / "files"),
        ("file:mine", tmp_path / "mine"),
        (f"file:{tmp_path}/x", tmp_path / "x"),
        (f"file://{tmp_path}/y", tmp_path / "y"),
    ]:
        store = open_store(url, tmp_path)
        assert isinstance(store, LocalFiles)
        assert store.root == folder


@pytest.mark.parametrize("url", ["", "s3://bucket/x", "file", "file://host/x", "/tmp"])
def test_another_store_stops_with_the_name_of_the_setting(tmp_path, url):
    with pytest.raises(Problem) as caught:
        open_store(url, tmp_path)
    assert caught.value.code == "bad-setting"
    assert "FILES_URL" in str(caught.value)


def test_a_maildir_message_is_whole_and_carries_its_time_of_arrival(tmp_path):
    path = write_maildir(tmp_path / "box", RAW, WHEN)
    assert path.parent == tmp_path / "box" / "new"
    assert path.read_bytes() == RAW
    assert path.stat().st_mtime == WHEN.timestamp()
    assert list((tmp_path / "box" / "tmp").iterdir()) == []
    assert (tmp_path / "box" / "cur").is_dir()


def test_the_same_letter_twice_at_one_moment_is_two_messages(tmp_path):
    assert write_maildir(tmp_path, RAW, WHEN) != write_maildir(tmp_path, RAW, WHEN)
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_a_full_disk_leaves_nothing_in_the_maildir(tmp_path, monkeypatch):
    write_maildir(tmp_path, b"first", WHEN)

    def no_room(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(Problem) as caught:
        write_maildir(tmp_path, RAW, WHEN)
    assert caught.value.code == "files-full"
    assert len(list((tmp_path / "new").iterdir())) == 1
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_folder_in_the_way_is_said_plainly(tmp_path):
    (tmp_path / "box").write_text("a file, not a folder")
    with pytest.raises(Problem) as caught:
        write_maildir(tmp_path / "box", RAW, WHEN)
    assert caught.value.code == "files-unwritable"
