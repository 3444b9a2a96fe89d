"""A short run of the fuzzer; `make fuzz` runs it for minutes."""

from __future__ import annotations

import random
from pathlib import Path

from campaign.kernel.files import LocalFiles
from campaign.replies.files import messages_in
from campaign.replies.reading import ReadingProcess, read_bytes
from tests.replies import fuzz

SEEDS = range(80)


def test_mutated_mail_neither_crashes_nor_stops_the_reader_and_loses_no_answer() -> None:
    started_with = fuzz.seeds()
    for seed in SEEDS:
        fuzz.run(seed, started_with)


def test_mutated_mail_is_kept_byte_for_byte(tmp_path: Path) -> None:
    started_with = fuzz.seeds()
    files = LocalFiles(tmp_path / "files")
    for seed in range(40):
        chance = random.Random(seed)
        raw = fuzz.mutated(chance.choice(started_with), started_with, chance)
        path = tmp_path / f"{seed}.eml"
        path.write_bytes(raw)
        assert [filed.raw for filed in messages_in([path])] == [raw]
        assert files.get(files.put(raw)) == raw


def test_the_worker_reads_mutated_mail_as_the_reader_itself_does() -> None:
    started_with = fuzz.seeds()
    with ReadingProcess() as process:
        for seed in range(20):
            chance = random.Random(seed)
            raw = fuzz.mutated(chance.choice(started_with), started_with, chance)
            assert process.read(raw) == read_bytes(raw)
