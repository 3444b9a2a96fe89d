"""The gate as a table of facts, the statements, and when a reply came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from campaign.publishing import rules, statements
from campaign.publishing.rules import Facts, Gate, MailboxFacts, SentReminder
from campaign.publishing.statements import Told
from campaign.sending.rules import EvidenceKind, Proof


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SENT = utc("2026-11-02T10:00")
DEADLINE = date(2026, 11, 16)
DEADLINE_AT = utc("2026-11-17T00:00")
SILENCE_AT = utc("2026-11-18T00:00")
NOW = SILENCE_AT + timedelta(minutes=5)
READ = MailboxFacts("answers@", SILENCE_AT + timedelta(minutes=1), "")

OPEN = Facts(
    now=NOW,
    zone="Europe/London",
    notice_given=True,
    direct=True,
    proof=Proof.ADEQUATE,
    proof_why=EvidenceKind.ACCEPTED,
    proof_at=SENT,
    proof_words="Accepted by the company's mail server, 2 November 2026, 10:00 GMT.",
    signed_words="",
    reminders_on=True,
    reminders=[
        SentReminder("reminder", True, utc("2026-11-09T09:00")),
        SentReminder("final_notice", True, utc("2026-11-12T09:00")),
    ],
    deadline=DEADLINE,
    silence_at=SILENCE_AT,
    deadline_at=DEADLINE_AT,
    grace_working_days=1,
    mailboxes=[READ],
    own_copy=True,
    possible_here=0,
    possible_anywhere=0,
    other_doors=(),
    swept_at=None,
    replies=0,
    stops=(),
    approved=True,
)


def test_with_every_fact_in_order_every_gate_holds_in_the_order_of_the_law() -> None:
    results = rules.gate(OPEN)
    assert [result.gate for result in results] == list(Gate)
    assert len(results) == 10
    assert rules.closed(results) == ()
    assert all(result.detail for result in results)


def test_every_gate_has_a_title_for_the_record() -> None:
    assert set(rules.TITLES) == set(Gate)


CLOSED: list[tuple[Gate, dict[str, Any], str]] = [
    (Gate.NOTICE_GIVEN, {"notice_given": False}, "no publication notice"),
    (Gate.PROOF, {"proof": Proof.NONE, "proof_words": ""}, "no proof"),
    (Gate.PROOF, {"proof": Proof.WEAK}, "weak"),
    (Gate.PROOF, {"direct": False}, "no direct channel"),
    (Gate.PROOF, {"direct": False, "proof": Proof.STRONG}, "no direct channel"),
    (Gate.PROOF, {"proof": Proof.NONE, "signed_words": "Signed for by Ines: enough"}, "no proof"),
    (Gate.REMINDED, {"reminders": []}, "the reminder and the final notice"),
    (Gate.REMINDED, {"reminders": OPEN.reminders[:1]}, "the final notice"),
    (Gate.REMINDED, {"reminders": OPEN.reminders[1:]}, "the reminder"),
    (
        Gate.REMINDED,
        {"reminders": [OPEN.reminders[0], SentReminder("final_notice", False, None)]},
        "the final notice",
    ),
    (Gate.REMINDED, {"reminders_on": False, "reminders": []}, "sends no reminders"),
    (Gate.PERIOD, {"now": SILENCE_AT - timedelta(microseconds=1)}, "of grace it ends"),
    (Gate.PERIOD, {"deadline": None, "silence_at": None}, "No deadline runs"),
    (Gate.MAILBOXES_READ, {"mailboxes": []}, "No mailbox"),
    (Gate.MAILBOXES_READ, {"mailboxes": [MailboxFacts("a", None, "")]}, "not read to its end"),
    (
        Gate.MAILBOXES_READ,
        {"mailboxes": [MailboxFacts("a", SILENCE_AT, "")]},  # began at, not after, that moment
        "not read to its end",
    ),
    (Gate.MAILBOXES_READ, {"mailboxes": [READ, MailboxFacts("b", None, "")]}, "b was not read"),
    (
        Gate.MAILBOXES_READ,
        {"mailboxes": [READ, MailboxFacts("b", READ.watermark, "sign-in refused")]},
        "sign-in refused",
    ),
    (Gate.MAILBOXES_READ, {"own_copy": False}, "No message of ours"),
    (Gate.NOTHING_WAITING, {"possible_here": 1}, "One message may be theirs"),
    (Gate.NOTHING_WAITING, {"possible_here": 2}, "2 messages may be theirs"),
    (Gate.NOTHING_WAITING, {"possible_anywhere": 3}, "3 messages"),
    (Gate.OTHER_DOORS_SWEPT, {"other_doors": ("telephone",)}, "telephone"),
    (
        Gate.OTHER_DOORS_SWEPT,
        {"other_doors": ("the post box",), "swept_at": DEADLINE_AT - timedelta(seconds=1)},
        "the post box",
    ),
    (Gate.NO_REPLY, {"replies": 1}, "holds a reply"),
    (Gate.NO_HOLD, {"stops": ("On hold: they rang.",)}, "they rang"),
    (Gate.NO_HOLD, {"stops": ("The campaign is under embargo.",)}, "embargo"),
    (Gate.STILL_APPROVED, {"approved": False}, "not what was signed"),
]


@pytest.mark.parametrize(("gate", "change", "words"), CLOSED)
def test_each_fact_closes_its_gate_and_no_other(
    gate: Gate, change: dict[str, Any], words: str
) -> None:
    shut = rules.closed(rules.gate(replace(OPEN, **change)))
    closed_too = {Gate.PERIOD} if "silence_at" in change and gate is not Gate.PERIOD else set()
    assert {result.gate for result in shut} == {gate} | closed_too
    assert words in shut[0].detail
    assert shut[0].opens, "staff are told what opens it"


OPENED: list[dict[str, Any]] = [
    {"proof": Proof.STRONG},
    {"proof": Proof.WEAK, "signed_words": "Signed for by Ines: the form shows no number."},
    {"now": SILENCE_AT},
    {"other_doors": ("telephone",), "swept_at": DEADLINE_AT},
    {"zone": None},
]


@pytest.mark.parametrize("change", OPENED)
def test_what_suffices_keeps_every_gate_open(change: dict[str, Any]) -> None:
    assert rules.closed(rules.gate(replace(OPEN, **change))) == ()


def test_a_signature_for_weak_proof_is_told_with_its_words() -> None:
    signed = replace(OPEN, proof=Proof.WEAK, signed_words="Signed for by Ines: no number given.")
    proof = next(r for r in rules.gate(signed) if r.gate is Gate.PROOF)
    assert "Signed for by Ines: no number given." in proof.detail


TOLD = Told(
    company="Harrow Acoustics",
    office="privacy office",
    sent_on=date(2026, 11, 2),
    channels=["by e-mail", "by post"],
    deadline=DEADLINE,
    as_of=NOW,
    zone="Europe/London",
)


def test_the_statement_of_silence_is_made_of_facts() -> None:
    assert statements.silence(TOLD) == (
        "We wrote to the privacy office at Harrow Acoustics on 2 November 2026 by e-mail and by"
        " post and asked for a reply by 16 November 2026. We had not received a response by"
        " 18 November 2026, 00:05 GMT."
    )


@pytest.mark.parametrize(
    ("told", "part"),
    [
        (replace(TOLD, office=""), "We wrote to Harrow Acoustics on 2 November 2026"),
        (replace(TOLD, office="public affairs"), "to Harrow Acoustics (public affairs) on 2"),
        (replace(TOLD, office="data protection team"), "the data protection team at Harrow"),
        (replace(TOLD, channels=["by e-mail"]), "2026 by e-mail and asked"),
        (replace(TOLD, channels=["a", "b", "c"]), "2026 a, b and c and asked"),
        (replace(TOLD, zone=None), "UTC−12"),
    ],
)
def test_the_statement_leaves_out_what_is_not_known(told: Told, part: str) -> None:
    assert part in statements.silence(told)


def test_an_acknowledgement_is_told_with_its_date() -> None:
    told = replace(TOLD, acknowledged_on=date(2026, 11, 5))
    assert "It was acknowledged on 5 November 2026; we had not received an answer by" in (
        statements.acknowledged_only(told)
    )
    with pytest.raises(ValueError, match="has a date"):
        statements.acknowledged_only(TOLD)


def test_not_reached_says_nothing_about_the_company() -> None:
    words = statements.not_reached(TOLD)
    assert "could not be delivered" in words
    assert "not received" not in words


_BLAME = ("refused", "ignored", "failed to", "silent")


@pytest.mark.parametrize(
    "response",
    [
        "responded_full",
        "responded_partial",
        "statement_only",
        "declined",
        "redirected",
        "engaged_off_record",
        "responded_confidential",
    ],
)
def test_every_answer_has_a_statement_without_blame(response: str) -> None:
    words = statements.answered(TOLD, response, date(2026, 11, 9))
    assert "9 November 2026" in words
    assert not [blame for blame in _BLAME if blame in words.lower()]


FIRST = utc("2026-11-17T00:00")
EXTENDED = utc("2026-11-24T00:00")
PUBLISHED = utc("2026-11-26T00:00")
JUST = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("received", "first", "last", "silence", "expected"),
    [
        (FIRST - JUST, FIRST, FIRST, None, "on_time"),
        (FIRST, FIRST, FIRST, None, "after_deadline"),
        (FIRST, FIRST, EXTENDED, None, "within_extension"),
        (EXTENDED - JUST, FIRST, EXTENDED, None, "within_extension"),
        (EXTENDED, FIRST, EXTENDED, None, "after_deadline"),
        (PUBLISHED + JUST, FIRST, EXTENDED, PUBLISHED, "after_publication"),
        (PUBLISHED, FIRST, EXTENDED, PUBLISHED, "after_deadline"),
        # It came in time and was filed after silence had been told: our mistake, not theirs.
        (FIRST - JUST, FIRST, EXTENDED, PUBLISHED, "on_time"),
        (FIRST, None, None, None, "on_time"),
    ],
)
def test_when_a_reply_came(
    received: datetime,
    first: datetime | None,
    last: datetime | None,
    silence: datetime | None,
    expected: str,
) -> None:
    told = rules.timeliness(
        received, first_deadline_at=first, deadline_at=last, silence_published_at=silence
    )
    assert told == expected
