"""The page of what colleagues say about a text. None of it ever leaves the office."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.drafting import commenting, comments
from campaign.drafting.comment_forms import CommentForm, ReplyForm
from campaign.drafting.comment_models import TextComment
from campaign.drafting.template_views import which_or_404
from campaign.drafting.views import campaign_or_404
from campaign.drafting.which import Which, parse, text_in_use
from campaign.extensions import db
from campaign.web.acts import attempt
from campaign.web.carried import carried

blueprint = Blueprint("comments", __name__, url_prefix="/staff")


def _say_after_sign_in(typed: dict[str, str], *, slug: str, kind: str) -> None:
    """Put the comment of somebody who had to sign in again where it was meant to stand."""
    campaign = db.session.scalar(sa.select(Campaign).where(Campaign.slug == slug))
    which = parse(kind, campaign.language) if campaign else None
    if campaign and which and current_user.may(May.VIEW):
        attempt(lambda: _add(campaign, which, **typed), done="Your comment stands here.")


def _add(campaign: Campaign, which: Which, *, quote: str, before: str, body: str) -> TextComment:
    text = text_in_use(which, campaign.id)
    return commenting.add(
        *(campaign.id, which.value, text), quote=quote, before=before, body=body, actor=current_user
    )


@blueprint.route("/campaigns/<slug>/templates/<kind>/comments/", methods=["GET", "POST"])
@carried(_say_after_sign_in, "quote", "body", also=("before",))
@staff(May.VIEW)
def discussion(slug: str, kind: str) -> ResponseReturnValue:
    """A text with what was said about it; and a comment more."""
    campaign = campaign_or_404(slug)
    which, form = which_or_404(campaign, kind), CommentForm()
    typed = {"quote": form.quote.data or "", "before": form.before.data or ""}
    if form.validate_on_submit():
        said = attempt(
            lambda: _add(campaign, which, **typed, body=form.body.data or ""),
            done="Your comment stands here.",
            form=form,
        )
        if said:
            here = url_for("comments.discussion", slug=slug, kind=kind)
            return redirect(f"{here}#comment-{said.ref}")
    text = text_in_use(which, campaign.id)
    page = render_template(
        "drafting/comments.html",
        campaign=campaign,
        kind=which,
        name=which.name,
        version=text.version,
        found=comments.discussion(campaign.id, which.value, text),
        form=form,
        may_settle=comments.may_settle,
    )
    return (page, 422) if form.errors else page


@blueprint.post("/comments/<ref>/reply")
@staff(May.VIEW)
def reply(ref: str) -> ResponseReturnValue:
    """Answer a comment."""
    comment, form = _comment_or_404(ref), ReplyForm()
    if form.validate_on_submit():
        attempt(lambda: commenting.reply(ref, body=form.body.data or "", actor=current_user))
    else:
        flash("Nothing was said: write the reply, in at most 5,000 characters.", "error")
    return _back(comment)


@blueprint.post("/comments/<ref>/resolve")
@staff(May.VIEW)
def resolve(ref: str) -> ResponseReturnValue:
    """Say that a comment is dealt with."""
    return _settled(ref, commenting.resolve, "The comment is resolved.")


@blueprint.post("/comments/<ref>/reopen")
@staff(May.VIEW)
def reopen(ref: str) -> ResponseReturnValue:
    """Open a resolved comment again."""
    return _settled(ref, commenting.reopen, "The comment is open again.")


def _settled(ref: str, act: Callable[..., TextComment], done: str) -> ResponseReturnValue:
    comment = _comment_or_404(ref)
    attempt(lambda: act(ref, actor=current_user), done=done)
    return _back(comment)


def _comment_or_404(ref: str) -> TextComment:
    return comments.one(ref) or abort(404)


def _back(comment: TextComment) -> ResponseReturnValue:
    slug, kind = comment.campaign.slug, comment.text
    here = url_for("comments.discussion", slug=slug, kind=kind)
    return redirect(f"{here}#comment-{comment.ref}")
