"""Pages of approval: one text, or all texts of a campaign that wait."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import (
    batch_reading,
    comments,
    differing,
    judging,
    operations,
    queries,
    showing,
)
from campaign.drafting.forms import ApproveForm, ReasonForm
from campaign.drafting.models import Approval, FrozenText, Letter, LetterState
from campaign.drafting.texts import NAMES as TEXT_NAMES
from campaign.drafting.views import blueprint, campaign_or_404, letter_or_404, to_letter
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt

_BATCH = 300
"""Letters that one page of a batch shows; what it does not show, it does not sign."""


def _mine(approval: Approval) -> bool:
    return bool(approval.user_id == current_user.id)


def _in_review(letter: Letter) -> FrozenText | None:
    row = queries.current_frozen(letter)
    return row if row is not None and letter.state.value == "in_review" else None


@blueprint.get("/letters/<ref>/approve/")
@staff(May.APPROVE)
def approve(ref: str) -> ResponseReturnValue:
    """The exact text of one letter, what is automatic afterwards, and the button to sign."""
    found = letter_or_404(ref)
    row = _in_review(found)
    if row is None:
        flash("This letter does not wait for approval.", "info")
        return to_letter(found)
    form = ApproveForm(formdata=None, data={"text": row.ref, "sha256": row.sha256})
    return render_template(
        "drafting/approve.html",
        letter=found,
        row=row,
        shown=showing.text_shown(row),
        why_not=judging.why_not([row], current_user)[row.id],
        since=judging.since(row, _mine),
        steps=showing.text_shown(row).steps(),
        told=differing.told,
        pages=len(showing.text_shown(row).pictures()),
        form=form,
        reason=ReasonForm(formdata=None, prefix="back"),
        comments=comments.open_ones(found.campaign_id),
        names=TEXT_NAMES,
    )


@blueprint.post("/letters/<ref>/approve/")
@staff(May.APPROVE)
def sign(ref: str) -> ResponseReturnValue:
    """Sign the text that was shown: by its hash."""
    found, form = letter_or_404(ref), ApproveForm()
    row = queries.frozen_text(form.text.data or "")
    if row is None or row.letter_id != found.id or not form.validate_on_submit():
        abort(400)
    signed = attempt(
        lambda: operations.approve(
            row.id, sha256=form.sha256.data or "", actor=current_user, note=form.note.data or ""
        ),
        done="You have signed this text.",
    )
    if signed is None and _in_review(found):
        return redirect(url_for("drafting.approve", ref=ref))
    return to_letter(found)


@blueprint.post("/letters/<ref>/send-back")
@staff(May.APPROVE)
def send_back(ref: str) -> ResponseReturnValue:
    """The approver sends a letter back to its writer, with a reason."""
    found, form = letter_or_404(ref), ReasonForm(prefix="back")
    if not form.validate_on_submit():
        flash("Nothing was done: write what has to change.", "error")
        return redirect(url_for("drafting.approve", ref=ref))
    attempt(
        lambda: operations.send_back(found.id, why=form.why.data, actor=current_user),
        done="The letter is with its writer again, with your reason.",
    )
    return to_letter(found)


@blueprint.get("/campaigns/<slug>/approve/")
@staff(May.APPROVE)
def approve_campaign(slug: str) -> ResponseReturnValue:
    """The texts of a campaign that wait, read as one, and one button for those shown."""
    campaign = campaign_or_404(slug)
    waiting = judging.waiting(campaign, _BATCH)
    why_not = judging.why_not(waiting, current_user)
    return render_template(
        "drafting/approve_campaign.html",
        campaign=campaign,
        waiting=waiting,
        total=queries.counts(campaign)[LetterState.IN_REVIEW],
        groups=batch_reading.read(waiting),
        changed=judging.changed(waiting, _mine),
        why_not=why_not,
        mine=[row for row in waiting if not why_not[row.id]],
        comments=comments.open_ones(campaign.id),
        names=TEXT_NAMES,
    )


@blueprint.post("/campaigns/<slug>/approve/")
@staff(May.APPROVE)
def sign_campaign(slug: str) -> ResponseReturnValue:
    """Sign all the texts that were shown, each by its own hash."""
    campaign = campaign_or_404(slug)
    pairs = [one.partition(":") for one in request.form.getlist("signed")]
    ids = queries.text_ids(campaign, [ref for ref, _, _ in pairs])
    if len(ids) != len(pairs):
        abort(400)
    signed = 0
    # An act for each: what is signed stays signed, whatever becomes of the rest.
    for ref, _, sha256 in pairs:
        try:
            operations.approve(ids[ref], sha256=sha256, actor=current_user)
            signed += 1
        except Problem as problem:
            flash(str(problem), "error")
    if signed:
        flash(f"You have signed {'1 text' if signed == 1 else f'{signed:,} texts'}.", "success")
    if queries.counts(campaign)[LetterState.IN_REVIEW]:
        return redirect(url_for("drafting.approve_campaign", slug=slug))
    return redirect(url_for("drafting.letters", slug=slug))
