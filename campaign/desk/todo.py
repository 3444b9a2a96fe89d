"""What waits for one person: each item with the one place where it is done.

A fixed number of queries, however much waits; of each kind the first few are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.desk import todo_answers, todo_letters, todo_replies, todo_sending
from campaign.desk.items import SHOWN, Item, Kind
from campaign.publishing.queue import Row
from campaign.publishing.rules import Gate

QUEUE = "publishing_staff.publication_queue"


def waiting_for(person: User, rows: Sequence[Row], now: datetime) -> list[Kind]:
    """Everything that the person may do now, the most urgent kind first.

    Args:
        rows: letters of which the gate was looked at.
    """
    return list(by_name(person, rows, now).values())


def by_name(person: User, rows: Sequence[Row], now: datetime) -> dict[str, Kind]:
    """The same, under the names of the kinds."""
    asked = _asked(person, rows, now)
    kinds = {name: look() for name, (may, look) in asked.items() if person.may(may)}
    return {name: kind for name, kind in kinds.items() if kind.total}


def _asked(
    person: User, rows: Sequence[Row], now: datetime
) -> dict[str, tuple[May, Callable[[], Kind]]]:
    return {
        "came_back": (May.PUBLISH, todo_letters.came_back),
        "in_touch": (May.TRIAGE, todo_replies.in_touch),
        "messages": (May.TRIAGE, todo_replies.messages),
        "responses": (May.PUBLISH, lambda: todo_replies.responses(now)),
        "persons_word": (May.PUBLISH, lambda: _persons_word(rows)),
        "acknowledged": (May.PUBLISH, lambda: todo_replies.acknowledged(now)),
        "sweeps": (May.PUBLISH, lambda: _sweeps(rows)),
        "approvals": (May.APPROVE, lambda: todo_letters.approvals(person)),
        "weak_proof": (May.APPROVE, lambda: _weak_proof(rows, person)),
        "to_agree": (May.APPROVE, lambda: todo_answers.to_agree(person)),
        "not_gone": (May.TRIAGE, todo_answers.not_gone),
        "unknown": (May.SEND, todo_letters.unknown),
        "failed": (May.SEND, todo_letters.failed),
        "tasks": (May.SEND, todo_letters.tasks),
        "to_send": (May.SEND, todo_letters.to_send),
        "reports": (May.SEND, todo_sending.reports),
    }


def _some(rows: Iterable[Row], make: Callable[[Row], Item]) -> Kind:
    made = [make(row) for row in rows]
    return Kind(made[:SHOWN], len(made), "All in the publication queue", QUEUE)


def _persons_word(rows: Sequence[Row]) -> Kind:
    return _some(
        (row for row in rows if row.ready and row.by_person),
        lambda row: Item(
            f"{row.letter.company.name}: every gate holds",
            f"{row.letter.campaign.title}: silence is published after a person's word.",
            "Look and publish",
            "publishing_staff.publish_silence",
            {"ref": row.letter.ref},
        ),
    )


def _sweeps(rows: Sequence[Row]) -> Kind:
    def due(row: Row) -> bool:
        end = row.look.facts.deadline_at
        over = end is not None and row.look.facts.now >= end
        return over and Gate.OTHER_DOORS_SWEPT in row.look.shut

    return _some(
        filter(due, rows),
        lambda row: Item(
            f"Look for a reply of {row.letter.company.name}",
            f"Not checked since the deadline: {', '.join(row.look.facts.other_doors)}",
            "Confirm",
            "awaiting.sweep",
            {"ref": row.letter.ref},
        ),
    )


def _weak_proof(rows: Sequence[Row], person: User) -> Kind:
    def mine_to_sign(row: Row) -> bool:
        frozen = row.look.standing.frozen
        return row.look.weak_unsigned and frozen is not None and frozen.frozen_by_id != person.id

    return _some(
        filter(mine_to_sign, rows),
        lambda row: Item(
            f"Weak proof that the letter reached {row.letter.company.name}",
            row.look.facts.proof_words,
            "Look and sign",
            "awaiting.sign_proof",
            {"ref": row.letter.ref},
        ),
    )
