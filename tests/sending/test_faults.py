"""The sender against a server that breaks at each step (bad-inputs.md B.21-30).

For each: the state, what the server has, and that it goes on as reliability.md, "Sending", says.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.sending import operations, queries
from campaign.sending.models import Dispatch
from campaign.sending.outbox import Leases
from campaign.sending.rules import DispatchState as S
from campaign.sending.transport import Transport, Waits
from tests.builders import sending as build
from tests.sending.faults import FAULTS, STEPS, Meeting, Step, doing
from tests.sending.mails import opened
from tests.sending.smtp_server import (
    Peer,
    after,
    flood,
    make_certificate,
    say_then_drop,
    trusting,
)

pytestmark = pytest.mark.usefixtures("ctx")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HASTY = Waits(connect=2, command=0.5, after_dot=0.8)
SECOND, MINUTE, DAYS = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=3)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    make_certificate(folder, days=2, name="IP:127.0.0.1")
    return folder


@contextmanager
def way_to(peer: Peer, step: Step, certificate: Path) -> Iterator[Transport]:
    url = peer.url.replace("//", "//us:word@") if step.sign_in else peer.url
    context = trusting(certificate) if step.tls else None
    url += "?tls=starttls" if step.tls else ""
    with opened(url, waits=HASTY, context=context) as way:
        yield way


def peer_for(step: Step, fault: str, certificate: Path, meeting: Meeting, where: str) -> Peer:
    action = meeting.then(fault) if step.name == "BODY" else doing(fault, keeping="taken" in where)
    return Peer(
        {step.name: [*[None] * step.agreed, action]},
        extensions=("SIZE 10485760", "AUTH PLAIN"),
        tls=make_certificate(certificate, days=2, name="IP:127.0.0.1") if step.tls else None,
    )


def order(letter: Letter) -> Dispatch:
    (dispatch,) = operations.send([letter.id], actor=build.staff().drafter)
    return dispatch


def look(dispatch: Dispatch) -> Dispatch:
    db.session.rollback()
    return db.session.get_one(Dispatch, dispatch.id, populate_existing=True)


@pytest.mark.parametrize("where", STEPS)
def test_a_server_that_breaks_at(
    where: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = STEPS[where]
    letters = build.approved_letters(len(FAULTS))
    for number, (fault, end) in enumerate(zip(FAULTS, step.ends, strict=True)):
        meeting, start = Meeting(), NOW + number * timedelta(days=1)
        with (
            monkeypatch.context() as patch,
            peer_for(step, fault, certificate, meeting, where) as peer,
        ):
            if where == "the text":
                meeting.in_text(patch)
            elif where == "our last gate":
                meeting.at_gate(patch)
            story = Story(peer, step, certificate, f"{fault} at {where}")
            with clock.at(start):
                dispatch = order(letters[number])
                story.send(dispatch)
            story.has_ended(dispatch, end, kept="taken" in where and fault not in ("4xx", "5xx"))
            story.goes_on(dispatch, end, start)
    assert history.verify()[1] is None


class Story:
    """One mail and one server."""

    def __init__(self, peer: Peer, step: Step, certificate: Path, name: str) -> None:
        self.peer, self.step, self.certificate, self.name = peer, step, certificate, name

    def send(self, dispatch: Dispatch) -> None:
        with way_to(self.peer, self.step, self.certificate) as way:
            operations.send_due(transport=way)

    def has_ended(self, dispatch: Dispatch, end: S, *, kept: bool) -> None:
        """The state, the attempt, an alarm where the way is broken, and what the server has."""
        now = look(dispatch)
        assert now.state is end, self.name
        assert [a.number for a in queries.attempts_of(now)] == ([] if end is S.QUEUED else [1])
        if end is S.QUEUED:
            assert queries.sending_trouble(), self.name
        taken = end is S.ACCEPTED or kept
        assert len(self.peer.mails) == taken, self.name
        assert not any(text.endswith(b"\r\n.\r\n") for text in self.peer.unfinished), self.name
        assert now.lease_holder is None

    def goes_on(self, dispatch: Dispatch, end: S, start: datetime) -> None:
        """Tried again after a minute where the server cannot have it, else never by itself."""
        again = end in (S.QUEUED, S.DEFERRED)
        before = self.peer.connections
        with clock.at(start + MINUTE - SECOND):
            self.send(dispatch)
        assert self.peer.connections == before, f"{self.name}: it is tried before its time"
        with clock.at(start + (MINUTE + SECOND if again else DAYS)):
            self.send(dispatch)
        assert look(dispatch).state is (S.ACCEPTED if again else end), self.name
        copies = [mail.sender for mail in self.peer.mails].count(str(dispatch.envelope_sender))
        assert copies <= 1, f"{self.name}: the server has it twice"
        if look(dispatch).state is S.ACCEPTED:
            assert copies == 1, f"{self.name}: accepted, and the server has it not"


ENDLESS = {"many lines": b"250-and so on\r\n", "one line": b"250 " + b"x" * 1000}
AT = {"GREETING": S.QUEUED, "EHLO": S.QUEUED, "RCPT": S.DEFERRED, "DATA": S.DEFERRED}


@pytest.mark.parametrize("shape", ENDLESS)
@pytest.mark.parametrize(("step", "end"), [*AT.items(), ("DOT", S.UNKNOWN)])
def test_an_answer_of_100_megabytes_counts_by_its_place(step: str, end: S, shape: str) -> None:
    """bad-inputs.md B.27."""
    (dispatch,) = build.ordered()
    with Peer({step: [flood(ENDLESS[shape])]}) as peer, opened(peer.url, waits=HASTY) as way:
        tracemalloc.start()
        try:
            operations.send_due(transport=way)
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()
    assert look(dispatch).state is end
    assert peer.mails == []


def test_a_server_that_closes_between_mails_is_called_again_for_the_same_row() -> None:
    """bad-inputs.md B.26."""
    rows = build.ordered(3)
    bye = say_then_drop(b"250 2.0.0 ok\r\n421 4.4.2 idle too long\r\n")

    def keep_and_bye(session: Any) -> None:
        session.keep()
        bye(session)

    script: dict[str, Any] = {
        "DOT": [keep_and_bye],
        "MAIL": [None, None, b"421 4.3.2 restarting\r\n"],
    }
    with Peer(script) as peer, opened(peer.url) as way:
        assert operations.send_due(transport=way) == 3
    assert [look(row).state for row in rows] == [S.ACCEPTED] * 3
    assert [len(queries.attempts_of(look(row))) for row in rows] == [1, 1, 1]
    assert sorted(mail.sender for mail in peer.mails) == sorted(
        str(r.envelope_sender) for r in rows
    )
    assert peer.connections == 3


def test_an_answer_that_takes_its_time_is_waited_for_within_the_lease() -> None:
    """bad-inputs.md B.25: the server has ten minutes, and nobody takes the row meanwhile."""
    assert Waits().after_dot == 600
    assert Leases().transmitting.total_seconds() > Waits().after_dot
    (dispatch,) = build.ordered()

    def meanwhile(session: Any) -> None:
        time.sleep(1)
        session.say(b"250 2.0.0 Ok: queued as 4SLOW\r\n")

    with Peer({"DOT": [meanwhile]}) as peer, opened(peer.url, waits=Waits(2, 0.3, 5)) as way:
        assert operations.send_due(transport=way) == 1
    assert (look(dispatch).state, look(dispatch).queue_id) == (S.ACCEPTED, "4SLOW")
    assert len(peer.mails) == 1


def test_a_slow_mail_leaves_the_next_one_its_whole_lease() -> None:
    """Each conversation may take as long as a server is given; two in a row as well."""
    rows = build.ordered(2)
    slow = Leases(claimed=timedelta(seconds=4))
    script: dict[str, Any] = {
        "DOT": [after(1.6, b"250 2.0.0 ok\r\n")],
        "DATA": [None, after(2.8, b"354 go on\r\n")],
    }
    with Peer(script) as peer, opened(peer.url) as way:
        assert operations.send_due(transport=way, leases=slow) == 2
    assert [len(queries.attempts_of(look(row))) for row in rows] == [1, 1]
    assert peer.verbs().count("DATA") == 2


def test_a_greeting_may_take_as_long_as_any_other_answer() -> None:
    """RFC 5321 section 4.5.3.2.1: five minutes; some servers let strangers wait on purpose."""
    (dispatch,) = build.ordered()
    late = after(0.8, b"220 peer.example at last\r\n")
    with Peer({"GREETING": [late]}) as peer, opened(peer.url, waits=Waits(0.4, 3, 3)) as way:
        operations.send_due(transport=way)
    assert look(dispatch).state is S.ACCEPTED


def test_a_server_that_is_not_there_is_called_again_after_a_minute() -> None:
    with Peer() as peer:
        url = peer.url
    with clock.at(NOW):
        (dispatch,) = build.ordered()
        with opened(url) as way:
            operations.send_due(transport=way)
        assert look(dispatch).state is S.QUEUED
        assert "refused" in queries.sending_trouble()
    with clock.at(NOW + MINUTE), Peer() as peer, opened(peer.url) as way:
        operations.send_due(transport=way)
    assert (look(dispatch).state, len(peer.mails)) == (S.ACCEPTED, 1)
