"""What a person can do with a dispatch, by its channel and state: for its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_wtf import FlaskForm

from campaign.accounts.models import User
from campaign.companies.rules import Channel
from campaign.sending import forms, operations
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState

_S = DispatchState


class Act(NamedTuple):
    """One thing to do.

    Attributes:
        name: its part of the address.
        danger: it cannot be taken back; shown after the others.
        order: carries it out with what the form holds.
    """

    name: str
    title: str
    says: str
    button: str
    done: str
    form: type[FlaskForm]
    channel: Channel | None
    states: frozenset[DispatchState]
    order: Callable[[Dispatch, Any, User], object]
    danger: bool = False

    def fits(self, dispatch: Dispatch) -> bool:
        """Whether it can be done where the dispatch stands."""
        return dispatch.state in self.states and self.channel in (None, dispatch.channel)


ACTS = (
    Act(
        "form-submitted",
        "I have filled in their form",
        "What the form answered is the proof: with a reference it is adequate.",
        "Note it as sent",
        "Noted: the form was sent.",
        forms.FormSubmittedForm,
        Channel.FORM,
        frozenset({_S.QUEUED}),
        lambda dispatch, form, actor: operations.form_submitted(
            dispatch.id,
            reference=form.reference.data or "",
            file=form.file(),
            at=form.moment(),
            actor=actor,
        ),
    ),
    Act(
        "posted",
        "I have posted it",
        "Print the letter's PDF, sign it, and post it with tracking.",
        "Note it as posted",
        "Noted: the letter was posted.",
        forms.PostedForm,
        Channel.POST,
        frozenset({_S.QUEUED}),
        lambda dispatch, form, actor: operations.posted(
            dispatch.id,
            tracking=form.tracking.data or "",
            file=form.file(),
            at=form.moment(),
            actor=actor,
        ),
    ),
    Act(
        "delivered",
        "The post has delivered it",
        "What the tracking shows is proof of delivery; the time to answer starts then.",
        "Note it as delivered",
        "Noted: the letter was delivered.",
        forms.DeliveredForm,
        Channel.POST,
        frozenset({_S.POSTED, _S.DELIVERED}),
        lambda dispatch, form, actor: operations.post_delivered(
            dispatch.id,
            signed=form.signed.data,
            detail=form.detail.data or "",
            file=form.file(),
            at=form.moment(),
            actor=actor,
        ),
    ),
    Act(
        "returned",
        "It has come back",
        "A letter that came back was not delivered: the time to answer stops.",
        "Note it as returned",
        "Noted: the letter came back.",
        forms.ReturnedForm,
        Channel.POST,
        frozenset({_S.POSTED, _S.DELIVERED, _S.DELIVERED_SIGNED}),
        lambda dispatch, form, actor: operations.post_returned(
            dispatch.id,
            detail=form.detail.data or "",
            file=form.file(),
            at=form.moment(),
            actor=actor,
        ),
        danger=True,
    ),
    Act(
        "mentioned",
        "I have mentioned them",
        "A mention in public never counts as delivery.",
        "Note the mention",
        "Noted: they were mentioned.",
        forms.MentionedForm,
        Channel.MENTION,
        frozenset({_S.QUEUED}),
        lambda dispatch, form, actor: operations.mentioned(
            dispatch.id,
            link=form.link.data or "",
            file=form.file(),
            at=form.moment(),
            actor=actor,
        ),
    ),
    Act(
        "settle",
        "Did it leave?",
        "The connection broke after the mail was handed over. The program never sends it again by"
        " itself; our own copy, a bounce or an answer settles it, or you do.",
        "Decide",
        "Decided.",
        forms.SettleForm,
        Channel.EMAIL,
        frozenset({_S.UNKNOWN}),
        lambda dispatch, form, actor: operations.settle_unknown(
            dispatch.id, left=form.left.data == "yes", why=form.why.data or "", actor=actor
        ),
    ),
    Act(
        "withdraw",
        "Withdraw it",
        "It has not left, and will not.",
        "Withdraw it",
        "Withdrawn: it will not leave.",
        forms.WithdrawForm,
        None,
        frozenset({_S.QUEUED, _S.DEFERRED, _S.CLAIMED}),
        lambda dispatch, form, actor: operations.withdraw_dispatch(
            dispatch.id, why=form.why.data or "", actor=actor
        ),
        danger=True,
    ),
)


def act(name: str) -> Act | None:
    """The act of that name."""
    return next((one for one in ACTS if one.name == name), None)


def acts_on(dispatch: Dispatch) -> list[Act]:
    """What can be done with a dispatch now."""
    return [one for one in ACTS if one.fits(dispatch)]
