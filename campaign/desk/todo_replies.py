"""Things to do about what companies sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from campaign.awaiting.models import Waiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.desk.items import Item, Kind, Rows, first
from campaign.drafting.models import Letter, LetterState
from campaign.publishing.look import BARE
from campaign.publishing.models import Record, RecordEntry
from campaign.replies.kinds import Kind as Kinds
from campaign.replies.models import IncomingMessage, MatchSuggestion, Reply, is_open
from campaign.replies.rules import NOTES, ItemKind, Permission, Triage


def _concerned() -> sa.Subquery:
    """Pairs of untriaged messages and the letters that they are matched or suggested to."""
    open_ = is_open()
    matched = sa.select(IncomingMessage.id.label("message_id"), IncomingMessage.letter_id).where(
        open_, IncomingMessage.letter_id.is_not(None)
    )
    suggested = (
        sa.select(MatchSuggestion.message_id, MatchSuggestion.letter_id)
        .join(IncomingMessage, IncomingMessage.id == MatchSuggestion.message_id)
        .where(open_)
    )
    return sa.union(matched, suggested).subquery()


def _after_publication() -> Rows:
    pairs = _concerned()
    later = sa.or_(
        IncomingMessage.arrived_at > Record.published_at,
        IncomingMessage.stored_at > Record.published_at,
    )
    return (
        sa.select(IncomingMessage.id, IncomingMessage.ref, Company.name)
        .join(pairs, pairs.c.message_id == IncomingMessage.id)
        .join(Record, Record.letter_id == pairs.c.letter_id)
        .join(Letter, Letter.id == Record.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .where(later)
        .order_by(IncomingMessage.arrived_at, IncomingMessage.id)
    )


def in_touch() -> Kind:
    """Messages after publication: the record says that the company has been in touch."""
    found, total = first(_after_publication())
    items = [
        Item(
            f"{row.name} has been in touch",
            "Their record says so in public until a person has read it.",
            "Read",
            "replies.message",
            {"ref": row.ref},
        )
        for row in found
    ]
    return Kind(items, total, "All in the inbox", "replies.inbox")


def messages() -> Kind:
    """Messages that wait for a person, besides those that came after publication."""
    theirs, perhaps = aliased(Letter), aliased(Letter)
    suggested = (
        sa.select(sa.func.min(Company.name))
        .join(perhaps, perhaps.company_id == Company.id)
        .join(MatchSuggestion, MatchSuggestion.letter_id == perhaps.id)
        .where(MatchSuggestion.message_id == IncomingMessage.id)
        .scalar_subquery()
    )
    query = (
        sa.select(
            IncomingMessage.ref,
            IncomingMessage.from_name,
            IncomingMessage.from_address,
            IncomingMessage.subject,
            IncomingMessage.kind,
            Company.name,
            suggested.label("perhaps"),
        )
        .outerjoin(theirs, theirs.id == IncomingMessage.letter_id)
        .outerjoin(Company, Company.id == theirs.company_id)
        .where(
            IncomingMessage.triage == Triage.WAITING,
            IncomingMessage.id.not_in(
                _after_publication().with_only_columns(IncomingMessage.id).order_by(None)
            ),
        )
        .order_by(IncomingMessage.arrived_at, IncomingMessage.id)
    )
    found, total = first(query)
    return Kind([_message(row) for row in found], total, "All in the inbox", "replies.inbox")


def _message(row: Any) -> Item:
    subject = f"“{row.subject}”" if row.subject else "without a subject"
    said = f"{row.from_name or row.from_address or 'nobody named'}, {subject}"
    place: dict[str, Any] = {"ref": row.ref}
    if row.kind is Kinds.UNREADABLE:
        why = "The program could not read it; it blocks every “no response” until you have."
        return Item("A message that cannot be read", why, "Look", "replies.message", place)
    if row.name:
        return Item(f"Message from {row.name}", said, "Read", "replies.message", place)
    if row.perhaps:
        title = f"Possible reply of {row.perhaps}, unmatched"
        return Item(
            title, f"{said}; it blocks “no response” there", "Match", "replies.message", place
        )
    blocks = f"{said}; it blocks every “no response”"
    return Item("Message that could be anybody's", blocks, "Read", "replies.message", place)


def responses(now: datetime) -> Kind:
    """Responses that a person filed and nobody has published."""
    published = sa.exists().where(RecordEntry.reply_id == Reply.id)
    query = (
        sa.select(Reply.ref, Reply.permission, Reply.received_at, Company.name, Campaign.title)
        .join(Letter, Letter.id == Reply.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .join(Campaign, Campaign.id == Letter.campaign_id)
        .where(
            Reply.kind.in_((ItemKind.RESPONSE, ItemKind.SUPPLEMENT)),
            Reply.answer.is_not(None),
            Reply.withdrawn_at.is_(None),
            Letter.state.in_((LetterState.OPEN, LetterState.CONCLUDED)),
            ~published,
            ~_embargoed(now),
        )
        .order_by(Reply.received_at, Reply.id)
    )
    found, total = first(query)
    items = []
    for row in found:
        undecided = row.permission is Permission.UNDETERMINED
        detail = "It is not decided whether it may be published." if undecided else row.title
        items.append(
            Item(
                f"Publish the reply of {row.name}",
                detail,
                "Decide" if undecided else "Look and publish",
                "publishing_staff.publish_reply",
                {"ref": row.ref},
            )
        )
    return Kind(items, total)


def _embargoed(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Campaign.embargoed,
        sa.or_(Campaign.embargo_until.is_(None), Campaign.embargo_until > now),
    )


def acknowledged(now: datetime) -> Kind:
    """Letters that were acknowledged, and then no answer came in time."""
    mine = [Reply.letter_id == Letter.id, Reply.withdrawn_at.is_(None)]
    query = (
        sa.select(Letter.ref, Company.name, Waiting.silence_at)
        .join(Company, Company.id == Letter.company_id)
        .join(Waiting, Waiting.letter_id == Letter.id)
        .where(
            Letter.state == LetterState.OPEN,
            Waiting.silence_at <= now,
            sa.exists().where(*mine, Reply.kind.in_(BARE)),
            ~sa.exists().where(*mine, Reply.kind.not_in(BARE | NOTES)),
        )
        .order_by(Waiting.silence_at, Letter.id)
    )
    found, total = first(query)
    items = [
        Item(
            f"{row.name} acknowledged, and no answer came",
            "The program never publishes this by itself.",
            "Look and publish",
            "publishing_staff.acknowledged_only",
            {"ref": row.ref},
        )
        for row in found
    ]
    return Kind(items, total)
