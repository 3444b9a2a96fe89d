"""What a person carries out by hand: whether it may leave now, and what goes into a form."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from campaign.companies.rules import Channel
from campaign.companies.web_forms import UNITS, FormCount, count
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.frozen import Frozen
from campaign.drafting.models import FrozenText, TextKind
from campaign.drafting.rules import reference
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.sending import form_text, parcels, queries
from campaign.sending.form_text import Part
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState


class Field(NamedTuple):
    """What goes into one of the form's fields; `name` is what forms usually call it."""

    name: str
    value: str


class ToFill(NamedTuple):
    """What a person puts into a company's form.

    Attributes:
        parts: the approved text in the length that the form takes; none where it would be more
            parts than anybody fills in.
        length: of the whole text, as the form counts.
        most: what the form takes; None while nobody knows.
        notes: what else it asks for.
    """

    address: str
    fields: tuple[Field, ...]
    parts: tuple[Part, ...]
    length: int
    most: int | None
    unit: str
    notes: str


def why_not(dispatch: Dispatch) -> str:
    """Why nobody should carry it out now, in one sentence; empty where nothing is in the way."""
    halt = queries.halt_words()
    if halt:
        return f"Everything is halted: {halt}"
    stands = sa.select(Dispatch.id).where(Dispatch.id == dispatch.id, queries.may_still_leave())
    if db.session.scalar(stands) is None:
        return "The text of this letter does not stand any more: it was voided, or sent anew."
    now = clock.now()
    if dispatch.not_after is not None and dispatch.not_after <= now:
        return "The deadline that it states has passed. Withdraw it, and order a new round."
    if dispatch.not_before > now:
        moment = days.in_words(dispatch.not_before, parcels.settings().timezone)
        return f"It is not to leave before {moment}."
    return ""


def to_fill(dispatch: Dispatch) -> ToFill | None:
    """What goes into the form that the dispatch is addressed to; None where there is none."""
    if dispatch.channel is not Channel.FORM or dispatch.state is not DispatchState.QUEUED:
        return None
    frozen = frozen_texts.load(db.session.get_one(FrozenText, dispatch.frozen_text_id))
    text, form = queries.text_to_paste(dispatch), dispatch.contact.web_form
    most, how = (form.most, form.counts) if form else (None, FormCount.BROWSER)
    ours = reference(dispatch.letter.ref)
    return ToFill(
        dispatch.recipient,
        _fields(dispatch, frozen, ours),
        form_text.parts(text, most, how, ours),
        count(text.strip("\n"), how),
        most,
        UNITS[how],
        form.notes if form else "",
    )


def _fields(dispatch: Dispatch, frozen: Frozen, ours: str) -> tuple[Field, ...]:
    head, signed = frozen.content.letterhead, frozen.content.signatories
    if dispatch.kind is TextKind.LETTER or dispatch.states_deadline is None:
        subject = frozen.letter_mail().subject
    else:
        subject = frozen.reminder_mail(dispatch.kind, dispatch.states_deadline).subject
    given = (
        ("Name", signed[0].name if signed else head.name),
        ("Organisation", head.name),
        ("E-mail", frozen.reply_address),
        ("Telephone", head.phone),
        ("Subject", subject),
        ("Reference", ours),
    )
    return tuple(Field(name, value) for name, value in given if value)
