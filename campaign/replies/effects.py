"""What later stages change about replies, within acts of their own."""

from __future__ import annotations

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.rules import Triage
from campaign.sending.models import DeliveryEvidence, Dispatch
from campaign.sending.rules import EvidenceKind


def unfile(reply: Reply, *, why: str, actor: User | None) -> None:
    """Take back that something was the company's; its message waits for a person again.

    Nothing that rested on it counts any more: the proof that an answer had given goes too.
    Call within an act.
    """
    if reply.withdrawn_at is not None:
        return
    message = db.session.get(IncomingMessage, reply.message_id) if reply.message_id else None
    reply.withdrawn_at = clock.now()
    reply.message_id = None  # so that the message can be filed anew, as something else
    if message is not None:
        message.triage = Triage.WAITING
        message.triaged_by_id = message.triaged_at = None
    _take_proof_back(message.ref if message else reply.ref, reply.letter_id)
    record(
        "reply.withdrawn",
        reply,
        actor=actor,
        why=why,
        company=reply.letter.company.name,
        message=message.ref if message else None,
    )


def _take_proof_back(source_ref: str, letter_id: int) -> None:
    """Forget that it was answered, and that an answer showed that the letter was taken.

    The same mail may answer another letter too; what it shows there stands.
    """
    shown = (EvidenceKind.ANSWERED, EvidenceKind.ACCEPTED)
    mine = sa.select(Dispatch.id).where(Dispatch.letter_id == letter_id)
    db.session.execute(
        sa.delete(DeliveryEvidence).where(
            DeliveryEvidence.source_ref == source_ref,
            DeliveryEvidence.kind.in_(shown),
            DeliveryEvidence.dispatch_id.in_(mine),
        )
    )
