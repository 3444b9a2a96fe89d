"""Asking who a message is from when it is read, since keys change: name servers and signatures.

Whatever cannot be asked leaves a message “not checked”, which is not “failed”.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from types import TracebackType
from typing import Any

from flask import current_app

from campaign.config import Settings
from campaign.replies import origins, proving
from campaign.replies.mime import MAX_MESSAGE
from campaign.replies.origins import Origin
from campaign.replies.proving import Check, Envelope, State
from campaign.replies.reading import ReadingProcess, WorkerEnded
from campaign.replies.signatures import Result, Signature
from campaign.replies.standing import lent
from campaign.sending.deliverability import Unanswered

SECONDS_A_MESSAGE = 10.0
SECONDS_A_PASS = 60.0

OFF = "checking is turned off here (CHECK_SENDERS)."
SILENT = "the name servers did not answer."
TOO_MUCH = "checking it took too long."


@dataclass(frozen=True)
class Checked:
    """A check and what it rests on, as both are kept with the message."""

    check: Check
    answers: dict[str, list[str] | None]

    def as_json(self) -> str:
        """For the message's row."""
        told = {"check": proving.to_dict(self.check), "answers": self.answers}
        return json.dumps(told, ensure_ascii=True)


def check_in(kept: str) -> Check | None:
    """The check in a message's row; None where none was made."""
    return proving.from_dict(json.loads(kept)["check"]) if kept else None


class SignatureProcess(ReadingProcess):
    """The worker process in which signatures are checked."""

    module = "campaign.replies.signature_worker"

    def ask(self, raw: bytes, question: dict[str, Any]) -> tuple[Origin, list[Signature]] | None:
        """Where a message says that it comes from, and its signatures; None past a limit."""
        frame = json.dumps(question).encode("ascii") + b"\0" + raw
        try:
            return self.answer(frame, _understood)
        except (TimeoutError, WorkerEnded):
            return None


def _understood(said: bytes) -> tuple[Origin, list[Signature]]:
    told = json.loads(said)
    return origins.from_dict(told["origin"]), [_signature(each) for each in told["signatures"]]


def _signature(told: dict[str, Any]) -> Signature:
    return Signature(**{**told, "result": Result(told["result"]), "covers": tuple(told["covers"])})


class Checker:
    """Checks the messages of one pass; a context manager. Waits for nobody too long."""

    def __init__(self) -> None:
        settings: Settings = current_app.extensions["settings"]
        self._names = current_app.extensions["names"]
        self._on, self._server = settings.checks_senders, settings.authserv_id
        self._ours = [settings.reply_address, settings.mail_from, settings.archive]
        self._lent = lent(SignatureProcess)
        self._answers: dict[str, list[str] | None] = {}
        self._waited = 0.0

    def __enter__(self) -> Checker:
        self._process = self._lent.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lent.__exit__(kind, error, trace)

    def check(self, raw: bytes, arrived_at: datetime) -> Checked:
        """Which domain a message is proved to come from.

        Args:
            arrived_at: when our server got it, aware.
        """
        question = {"ours": self._ours, "server": self._server}
        first = self._ask(raw, {**question, "answers": {} if not self._on else None})
        if first is None:
            return Checked(proving.not_checked(Envelope(""), TOO_MUCH), {})
        origin, signatures = first
        if not self._on and origin.word is None:
            return Checked(proving.not_checked(origin.envelope, OFF), {})
        answers = self._look_up(origin.names) if self._on else {}
        if any("._domainkey." in name for name in answers):
            second = self._ask(raw, {**question, "answers": answers})
            if second is None:
                return Checked(proving.not_checked(origin.envelope, TOO_MUCH), answers)
            signatures = second[1]
        check = proving.judge(origin.envelope, signatures, origin.word, answers, arrived_at)
        if check.state is State.NOT_CHECKED:
            check = replace(check, why_not=SILENT if self._on else OFF)
        return Checked(check, answers)

    def _ask(self, raw: bytes, question: dict[str, Any]) -> tuple[Origin, list[Signature]] | None:
        return self._process.ask(raw, question) if len(raw) <= MAX_MESSAGE else None

    def _look_up(self, names: Sequence[str]) -> dict[str, list[str] | None]:
        until = monotonic() + SECONDS_A_MESSAGE
        for name in names:
            if name not in self._answers and monotonic() < until:
                self._answers[name] = self._texts(name)
        return {name: self._answers.get(name) for name in names}

    def _texts(self, name: str) -> list[str] | None:
        """The records of a name; None where nobody answers, or too much time is gone already."""
        if self._waited >= SECONDS_A_PASS:
            return None
        began = monotonic()
        try:
            return [text[:4096] for text in self._names.texts(name)[:20]]
        except Unanswered:
            return None
        finally:
            self._waited += monotonic() - began
