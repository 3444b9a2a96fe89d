"""A real mailbox that is away for three hours across the deadline (bad input 69).

No record of silence is published before the mailbox has been read to its end again; what came in
meanwhile is found then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import current_app
from flask.ctx import AppContext

from campaign import schedule
from campaign.drafting.models import Letter
from campaign.kernel import clock
from campaign.publishing.models import Response
from campaign.publishing.rules import Gate
from campaign.replies import imap, queries
from campaign.schedule import Tally
from tests.builders import replies, waiting
from tests.builders.waiting import SENT, SILENCE, record_of
from tests.replies.dovecot import Server, dovecot

AWAY = SILENCE - timedelta(hours=1, minutes=30)
BACK = SILENCE + timedelta(hours=1, minutes=30)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with dovecot(tmp_path) as running:
        yield running


@pytest.fixture
def letter(ctx: AppContext, server: Server, monkeypatch: pytest.MonkeyPatch) -> Letter:
    """A letter that is ripe but for the time, answered to a mailbox on a real server."""
    letter = waiting.ripe()[0]
    wanted = replace(replies.settings(), inbox_url=server.url)
    monkeypatch.setitem(current_app.extensions, "settings", wanted)
    ours = current_app.extensions["files"].get(replies.mail_of(letter).file_sha256)
    server.append(ours, when=SENT + timedelta(minutes=1))
    run = _pass(AWAY - timedelta(minutes=5))
    assert (run.received, run.troubles) == (1, [])
    assert queries.own_copy_since(letter)
    return letter


def _pass(at: datetime) -> Tally:
    with clock.at(at):
        tally = schedule.run_pass(wait=5)
    assert tally is not None
    assert tally.errors == []
    return tally


def _through_the_outage(letter: Letter, server: Server) -> None:
    """Passes while the server is away: nothing is published, before the deadline and after."""
    server.stop()
    for minutes in (1, 60, 89, 95, 120, 179):
        tally = _pass(AWAY + timedelta(minutes=minutes))
        assert tally.troubles
        assert tally.published == 0
        assert record_of(letter) is None
    assert {b.gate for b in tally.blocked} == {Gate.MAILBOXES_READ}
    server.start()


def test_an_answer_that_came_during_the_outage_is_found_before_anything_is_published(
    letter: Letter, server: Server
) -> None:
    _through_the_outage(letter, server)
    # It reached the server in time, while nobody could read there.
    server.append(replies.in_thread(letter), "Junk", when=SILENCE - timedelta(minutes=1))
    tally = _pass(BACK)
    assert (tally.received, tally.published) == (1, 0)
    assert record_of(letter) is None
    assert {b.gate for b in tally.blocked} == {Gate.NOTHING_WAITING}


def test_silence_is_published_once_the_mailbox_was_read_again(
    letter: Letter, server: Server
) -> None:
    _through_the_outage(letter, server)
    tally = _pass(BACK)
    assert (tally.troubles, tally.published) == ([], 1)
    record = record_of(letter)
    assert record is not None
    assert [entry.response for entry in record.entries] == [Response.NO_RESPONSE]
    mark = queries.mailbox_watermark()
    assert mark is not None
    assert mark >= SILENCE


def test_a_server_that_hangs_up_midway_is_not_a_mailbox_that_was_read(
    letter: Letter, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.append(replies.mail(), "Zoo", when=SENT)
    real = imap.examine

    def gone(client: object, quoted: str) -> object:
        if quoted == '"Zoo"':
            raise OSError("connection reset by peer")
        return real(client, quoted)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(imap, "examine", gone)
        tally = _pass(SILENCE + timedelta(minutes=5))
    assert tally.troubles
    assert tally.published == 0
    assert {b.gate for b in tally.blocked} == {Gate.MAILBOXES_READ}
