"""What the editor does about text that is not saved yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import abort, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.drafting import unsaved, unsaved_keeping, unsaved_texts
from campaign.drafting.composing import Text
from campaign.drafting.forms import TemplateForm
from campaign.drafting.unsaved import Ending
from campaign.drafting.unsaved_keeping import Place, Typed
from campaign.drafting.unsaved_models import UnsavedText
from campaign.drafting.unsaved_texts import Writer
from campaign.drafting.which import Which, parse, text_in_use
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt


@dataclass(frozen=True)
class Unsaved:
    """What the editor tells of unsaved text.

    Attributes:
        here: what this page goes on with or has kept; None where it holds nothing unsaved.
        is_kept: whether `here` is what this page has kept.
        elsewhere: what the person typed on other pages and neither saved nor dropped.
        beside: the newest of it, where it was typed a moment ago: in another window.
        writers: who else writes on this text.
        newer: the version in use, where this page is based on another.
        steps: the last step kept of every sitting, for what a browser holds of its own.
    """

    here: UnsavedText | None
    is_kept: bool
    elsewhere: list[UnsavedText]
    beside: UnsavedText | None
    writers: list[Writer]
    newer: int | None
    steps: str
    now: datetime


def place_of(campaign: Campaign, which: Which) -> Place:
    """Where what the person types in this editor is kept."""
    return Place(campaign.id, which.value, current_user)


def keep(
    campaign: Campaign, which: Which, typed: Typed, *, by_script: bool = False
) -> UnsavedText | None:
    """Keep what is typed; the arguments and problems of `unsaved_keeping.keep`."""
    in_use = text_in_use(which, campaign.id)
    return unsaved_keeping.keep(
        place_of(campaign, which), typed, in_use=(in_use.subject, in_use.body), by_script=by_script
    )


def keep_sent(campaign: Campaign, which: Which, form: TemplateForm) -> UnsavedText | None:
    """Keep what a form sent, whatever its buttons then do, so that it outlives a refusal.

    Where a person asked for just this, what stands in its way is an error of the form.
    """
    if request.method != "POST":
        return None
    try:
        return keep(campaign, which, form.typed)
    except Problem as problem:
        if "keep" in request.form:
            form.form_errors.append(str(problem))
        return None


def ended(campaign: Campaign, which: Which, form: TemplateForm, version: int) -> None:
    """The form's text is a version now."""
    unsaved_keeping.end(
        place_of(campaign, which),
        sitting=form.sitting.data or "",
        goes_on=form.goes_on.data or "",
        ending=Ending.SAVED,
        version=version,
    )


def begin(campaign: Campaign, which: Which, saved: Text) -> TemplateForm:
    """The editor's form: as sent, else with the unsaved text that the address names."""
    ref = request.args.get("draft", "")
    if request.method == "POST" or not ref:
        return TemplateForm(data={**saved._asdict(), "based_on": saved.version})
    row = unsaved_texts.one(campaign.id, which.value, current_user.id, ref) or abort(404)
    typed = {"subject": row.subject, "body": row.body, "based_on": row.based_on}
    return TemplateForm(data={**typed, "goes_on": row.ref})


def told(campaign: Campaign, which: Which, form: TemplateForm, version: int) -> Unsaved:
    """What the editor tells of unsaved text, where `version` is in use."""
    place, now = (campaign.id, which.value, current_user.id), clock.now()
    found = unsaved_texts.waiting(*place)
    kept = next((row for row in found if row.sitting == form.sitting.data), None)
    goes_on = form.goes_on.data
    here = kept or (unsaved_texts.one(*place, goes_on) if goes_on else None)
    elsewhere = [row for row in found if here is None or row.id != here.id]
    return Unsaved(
        here,
        kept is not None,
        elsewhere,
        next((row for row in elsewhere if now - row.kept_at < unsaved.WRITES_NOW), None),
        unsaved_texts.others(campaign.id, current_user.id).get(which.value, []),
        version if form.based_on.data != version else None,
        " ".join(f"{sitting}:{step}" for sitting, step in unsaved_texts.steps(*place).items()),
        now,
    )


def keep_after_sign_in(typed: dict[str, str], *, slug: str, kind: str) -> None:
    """Keep what somebody typed before they had to sign in again."""
    campaign = db.session.scalar(sa.select(Campaign).where(Campaign.slug == slug))
    which = parse(kind, campaign.language) if campaign else None
    if campaign is None or which is None or not current_user.may(May.DRAFT):
        return
    form = TemplateForm(MultiDict(typed))
    attempt(
        lambda: keep(campaign, which, form.typed),
        done="What you typed before you signed in is kept.",
    )
