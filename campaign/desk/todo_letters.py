"""Things to do about letters: to approve, to send, to see to where they did not arrive."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.desk.items import Item, Kind, Rows, first
from campaign.drafting import queries as drafting
from campaign.drafting import review_queries
from campaign.drafting.models import (
    Approval,
    FrozenText,
    Letter,
    LetterState,
    LetterTemplate,
    TextKind,
)
from campaign.drafting.review_models import ReviewStep
from campaign.extensions import db
from campaign.publishing.models import Record, RecordEntry, Response
from campaign.replies.models import Reply
from campaign.sending.models import Dispatch
from campaign.sending.queries import carries_the_letter
from campaign.sending.rules import NOT_REACHED, DispatchState

_LIVE = (LetterState.SENDING, LetterState.OPEN)


def approvals(person: User) -> Kind:
    """Letters that wait for this person's signature, by campaign."""
    signed = sa.exists().where(
        Approval.frozen_text_id == FrozenText.id, Approval.user_id == person.id
    )
    later = aliased(LetterTemplate)
    # A new version voids what was frozen before it: texts in review rest on the newest ones.
    newest = ~sa.exists().where(
        later.campaign_id == LetterTemplate.campaign_id,
        later.kind == LetterTemplate.kind,
        later.language == LetterTemplate.language,
        later.version > LetterTemplate.version,
    )
    wrote = sa.exists().where(
        LetterTemplate.campaign_id == Campaign.id,
        LetterTemplate.created_by_id == person.id,
        LetterTemplate.language == FrozenText.language,
        newest,
    )
    texts = (
        sa.select(FrozenText.id)
        .join(Letter, Letter.id == FrozenText.letter_id)
        .join(Campaign, Campaign.id == Letter.campaign_id)
        .join(User, User.id == FrozenText.frozen_by_id)
        .where(
            FrozenText.voided_at.is_(None),
            FrozenText.round == Letter.round,
            Letter.state == LetterState.IN_REVIEW,
            FrozenText.frozen_by_id != person.id,
            ~signed,
            ~wrote,
        )
    )
    query = (
        texts.where(sa.or_(~_has_steps(), FrozenText.id.in_(_at_step_of(texts, person))))
        .with_only_columns(
            Campaign.slug,
            Campaign.title,
            sa.func.count().label("letters"),
            sa.func.min(User.name).label("writer"),
        )
        .group_by(Campaign.slug, Campaign.title)
        .order_by(sa.func.min(FrozenText.frozen_at))
    )
    found, total = first(query)
    items = [
        Item(
            f"Approve {_letters(row.letters)}",
            f"{row.title}, put up by {row.writer or 'a colleague'}",
            "Review",
            "drafting.approve_campaign",
            {"slug": row.slug},
        )
        for row in found
    ]
    return Kind(items, total)


def _has_steps() -> sa.ColumnElement[bool]:
    """SQL on `Campaign`: it has review steps."""
    return sa.exists().where(ReviewStep.campaign_id == Campaign.id)


def _at_step_of(texts: Rows, person: User) -> list[int]:
    """Of these texts, those of campaigns with steps whose open step this person can sign."""
    stepped = texts.where(_has_steps()).with_only_columns(Campaign.id).distinct()
    return [
        one.frozen_text_id
        for campaign_id in db.session.scalars(stepped)
        for one in review_queries.progress(campaign_id)
        if drafting.step_for(one.steps, one.signed, person)
    ]


def _letters(count: int) -> str:
    return "one letter" if count == 1 else f"{count:,} letters"


def to_send() -> Kind:
    """Letters that are approved and not sent, by campaign."""
    query = (
        sa.select(Campaign.slug, Campaign.title, sa.func.count().label("letters"))
        .join(Letter, Letter.campaign_id == Campaign.id)
        .where(Letter.state == LetterState.APPROVED)
        .group_by(Campaign.slug, Campaign.title)
        .order_by(Campaign.title)
    )
    found, total = first(query)
    items = [
        Item(
            f"Send {_letters(row.letters)}",
            f"{row.title}: approved, nothing has left yet",
            "Look and send",
            "drafting.letters",
            {"slug": row.slug, "state": "approved"},
        )
        for row in found
    ]
    return Kind(items, total)


def _dispatches(*where: sa.ColumnElement[bool]) -> tuple[list[Any], int]:
    query = (
        sa.select(
            Dispatch.ref,
            Dispatch.channel,
            Dispatch.kind,
            Dispatch.why,
            Dispatch.recipient,
            Letter.ref.label("letter"),
            Company.name,
        )
        .join(Letter, Letter.id == Dispatch.letter_id)
        .join(Company, Company.id == Letter.company_id)
        .where(Dispatch.round == Letter.round, Letter.state.in_(_LIVE), *where)
        .order_by(Dispatch.state_at, Dispatch.id)
    )
    return first(query)


_BY_HAND = {
    Channel.FORM: ("Fill in the form of {name}: {what}", "Fill in"),
    Channel.POST: ("Post to {name}: {what}", "Post"),
    Channel.MENTION: ("Mention {name} in public", "Mention"),
}


def tasks() -> Kind:
    """What a person sends by hand."""
    by_hand = Dispatch.channel != Channel.EMAIL
    found, total = _dispatches(by_hand, Dispatch.state == DispatchState.QUEUED)
    items = []
    for row in found:
        title, button = _BY_HAND[row.channel]
        first_line = row.recipient.splitlines()[0] if row.recipient else ""
        place = {"ref": row.ref}
        what = _WHAT[row.kind].lower()
        words = title.format(name=row.name, what=what)
        items.append(Item(words, first_line, button, "sending.dispatch", place))
    return Kind(items, total)


def unknown() -> Kind:
    """Mails of which nobody knows whether they left."""
    found, total = _dispatches(Dispatch.state == DispatchState.UNKNOWN)
    items = [
        Item(
            f"Did the mail to {row.name} leave?",
            "The connection broke after it was handed over; it is never sent again by itself.",
            "Decide",
            "sending.dispatch",
            {"ref": row.ref},
        )
        for row in found
    ]
    return Kind(items, total)


_WHAT = {
    TextKind.LETTER: "The letter",
    TextKind.REMINDER: "The reminder",
    TextKind.FINAL_NOTICE: "The final notice",
}


def came_back() -> Kind:
    """Silence that was published, and then a mail of that letter came back."""
    newest = sa.select(sa.func.max(RecordEntry.number)).where(RecordEntry.record_id == Record.id)
    query = (
        sa.select(Letter.ref, Company.name)
        .join(Company, Company.id == Letter.company_id)
        .join(Record, Record.letter_id == Letter.id)
        .join(RecordEntry, RecordEntry.record_id == Record.id)
        .join(Dispatch, sa.and_(Dispatch.letter_id == Letter.id, Dispatch.round == Letter.round))
        .where(
            RecordEntry.number == newest.correlate(Record).scalar_subquery(),
            RecordEntry.response == Response.NO_RESPONSE,
            Dispatch.state.in_(NOT_REACHED),
            carries_the_letter(),
            Dispatch.state_at > RecordEntry.at,
        )
        .distinct()
        .order_by(Company.name)
    )
    found, total = first(query)
    items = [
        Item(
            f"A mail to {row.name} came back after silence was published",
            "The record says in public that it is being checked.",
            "Look and correct",
            "drafting.letter",
            {"ref": row.ref},
        )
        for row in found
    ]
    return Kind(items, total)


def failed() -> Kind:
    """Letters and reminders that did not reach a company by any of its contacts."""
    other = aliased(Dispatch)
    arrived = sa.exists().where(
        other.letter_id == Dispatch.letter_id,
        other.kind == Dispatch.kind,
        other.round == Dispatch.round,
        other.state.not_in(NOT_REACHED),
    )
    no_record = ~sa.exists().where(Record.letter_id == Letter.id)
    no_reply = ~sa.exists().where(Reply.letter_id == Letter.id, Reply.withdrawn_at.is_(None))
    found, total = _dispatches(
        Dispatch.state.in_(NOT_REACHED), carries_the_letter(), ~arrived, no_record, no_reply
    )
    items = [
        Item(
            f"{_WHAT[row.kind]} did not reach {row.name}",
            row.why or "It came back; the period does not run.",
            "Choose what to do",
            "drafting.letter",
            {"ref": row.letter},
        )
        for row in found
    ]
    return Kind(items, total)
