"""A worker process is started once, not for every message that comes."""

from __future__ import annotations

import os

import pytest

from campaign.replies.checking import SignatureProcess
from campaign.replies.kinds import Kind
from campaign.replies.reading import ReadingProcess
from campaign.replies.standing import close_all, lent

MAIL = b"From: a@company.example\nSubject: Re: Your letter\n\nWe answer.\n"


@pytest.fixture(autouse=True)
def none_kept() -> None:
    close_all()


def _process(worker: ReadingProcess) -> int:
    assert worker.read(MAIL).kind is Kind.REPLY
    assert worker._worker is not None
    return worker._worker.pid


def test_the_next_block_gets_the_worker_of_the_one_before() -> None:
    with lent(ReadingProcess) as first:
        started = _process(first)
    with lent(ReadingProcess) as second:
        assert _process(second) == started


def test_two_blocks_at_once_share_no_worker_and_one_is_kept() -> None:
    with lent(ReadingProcess) as outer:
        spare = _process(outer)
        with lent(ReadingProcess) as inner:
            kept = _process(inner)
    assert kept != spare
    with pytest.raises(ProcessLookupError):
        os.kill(spare, 0)
    with lent(ReadingProcess) as third:
        assert _process(third) == kept


def test_kinds_are_kept_apart_and_all_end_together() -> None:
    with lent(ReadingProcess) as reader, lent(SignatureProcess) as checker:
        pid = _process(reader)
        assert type(checker) is SignatureProcess
    close_all()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_worker_that_died_meanwhile_costs_no_message() -> None:
    with lent(ReadingProcess) as first:
        pid = _process(first)
    os.kill(pid, 9)
    with lent(ReadingProcess) as second:
        assert _process(second) != pid
