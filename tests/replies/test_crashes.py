"""Killed while taking mail in: nothing is lost, nothing is doubled."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from campaign.config import ROOT, Settings
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.replies import operations, queries
from campaign.replies.kinds import Kind
from campaign.replies.models import IncomingPosition
from campaign.replies.rules import Triage
from campaign.sending.models import DeliveryEvidence
from campaign.sending.rules import EvidenceKind
from tests.builders import drafting, replies
from tests.replies.dies import POINTS


def _killed(point: str, settings: Settings) -> None:
    """A process that takes mail in and is killed at that point."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.replies.dies", point, settings.database_url,
         str(settings.instance_dir)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def _in_mailbox() -> set[str]:
    """The hashes of everything that lies in the mailbox."""
    box: Path = replies.settings().captured_inbox
    return {hashlib.sha256(f.read_bytes()).hexdigest() for f in (box / "new").iterdir()}


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_taking_mail_in_loses_and_doubles_nothing(
    app: Flask, settings: Settings, point: str
) -> None:
    with app.app_context():
        letter = replies.sent(drafting.staff())
        dispatch = replies.mail_of(letter)
        letter_id, dispatch_id, address = letter.id, dispatch.id, dispatch.recipient
        for kind, text in (("reply", "Three days."), ("ticket", "We received it, ticket 5.")):
            operations.reply_as_company(dispatch_id, from_address=address, text=text, kind=kind)
        there, began = _in_mailbox(), clock.now()
        assert len(there) == 3
    _killed(point, settings)
    with app.app_context():
        # Whatever was left by the kill, the watermark never promises what is not stored.
        mark = queries.mailbox_watermark()
        if mark is not None and mark > began:
            assert {m.sha256 for m in replies.stored()} == there
        for _ in range(2):  # the second round finds nothing to do
            found = replies.take_in()
        assert sorted(m.sha256 for m in found) == sorted(there)
        files = current_app.extensions["files"]
        assert all(hashlib.sha256(files.get(m.sha256)).hexdigest() == m.sha256 for m in found)
        positions = db.session.scalar(sa.select(sa.func.count()).select_from(IncomingPosition))
        assert positions == 3
        assert {(m.kind, m.triage) for m in found} == {
            (Kind.OWN_COPY, Triage.SETTLED),
            (Kind.REPLY, Triage.WAITING),
            (Kind.AUTO_REPLY, Triage.SETTLED),
        }
        assert {m.letter_id for m in found} == {letter_id}
        kinds = db.session.scalars(
            sa.select(DeliveryEvidence.kind).where(DeliveryEvidence.dispatch_id == dispatch_id)
        )
        assert sorted(kinds) == sorted(
            [EvidenceKind.ACCEPTED, EvidenceKind.OWN_COPY, EvidenceKind.AUTO_CONFIRMS_RECEIPT]
        )
        mark = queries.mailbox_watermark()
        assert mark is not None
        assert mark > began
        assert history.verify()[1] is None


def test_every_point_is_reached_before_the_end(app: Flask, settings: Settings) -> None:
    """Without a message there is nothing to be killed at: the points are where they say."""
    with app.app_context():
        operations.read_mailboxes()
    point = "after the file, before the row"
    with pytest.raises(AssertionError):
        _killed(point, settings)
