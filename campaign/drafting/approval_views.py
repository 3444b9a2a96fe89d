"""Pages of approval: one text, or all texts of a campaign that wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import comments, operations, queries, rules, showing
from campaign.drafting.forms import ApproveForm, ReasonForm
from campaign.drafting.models import FrozenText, Letter
from campaign.drafting.showing import Shown
from campaign.drafting.texts import NAMES as TEXT_NAMES
from campaign.drafting.views import blueprint, campaign_or_404, letter_or_404, to_letter
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt


class Waiting(NamedTuple):
    """A text that waits for approval, as one person sees it.

    Attributes:
        why_not: why this person cannot sign it; empty where they can.
        before: the text that it follows, None for the first.
        differences: lines gone (“-”) and new (“+”) since then.
    """

    row: FrozenText
    shown: Shown
    why_not: str
    before: FrozenText | None
    differences: Sequence[tuple[str, str]]


def _waiting(row: FrozenText) -> Waiting:
    shown, before = showing.text_shown(row), queries.before(row)
    differences: Sequence[tuple[str, str]] = ()
    if before is not None:
        earlier = showing.text_shown(before).mail()
        now = shown.mail()
        assert earlier
        assert now
        differences = rules.differences(
            f"{earlier.subject}\n{earlier.text}", f"{now.subject}\n{now.text}"
        )
    return Waiting(row, shown, _why_not(row), before, differences)


def _why_not(row: FrozenText) -> str:
    if current_user.id in queries.signed_by(row):
        return "You have signed this text already; it needs another person's word too."
    if current_user.id in queries.writers(row):
        return "You wrote this text or put it up for approval: a second person has to sign it."
    if queries.is_stale(row):
        return "What the letter is made of has changed since: send it back, to be put up anew."
    return ""


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
        waiting=_waiting(row),
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
    """Every text of a campaign that waits, and one button for all that this person can sign."""
    campaign = campaign_or_404(slug)
    waiting = [_waiting(row) for row in queries.in_review(campaign)]
    return render_template(
        "drafting/approve_campaign.html",
        campaign=campaign,
        waiting=waiting,
        mine=[one for one in waiting if not one.why_not],
        comments=comments.open_ones(campaign.id),
        names=TEXT_NAMES,
    )


@blueprint.post("/campaigns/<slug>/approve/")
@staff(May.APPROVE)
def sign_campaign(slug: str) -> ResponseReturnValue:
    """Sign all the texts that were shown, each by its own hash."""
    campaign = campaign_or_404(slug)
    signed = 0
    for pair in request.form.getlist("signed"):
        ref, _, sha256 = pair.partition(":")
        row = queries.frozen_text(ref)
        if row is None or row.letter.campaign_id != campaign.id:
            abort(400)
        try:
            operations.approve(row.id, sha256=sha256, actor=current_user)
            signed += 1
        except Problem as problem:
            flash(str(problem), "error")
    if signed:
        flash(f"You have signed {'1 text' if signed == 1 else f'{signed:,} texts'}.", "success")
    if queries.in_review(campaign):
        return redirect(url_for("drafting.approve_campaign", slug=slug))
    return redirect(url_for("drafting.letters", slug=slug))
