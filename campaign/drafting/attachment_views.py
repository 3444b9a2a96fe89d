"""Pages of the files that go with a campaign's letters."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.drafting import attachment_queries, attachment_rules, attachment_saving
from campaign.drafting.attached import size_words
from campaign.drafting.attachment_models import Attachment
from campaign.drafting.views import campaign_or_404
from campaign.web.acts import attempt
from campaign.web.headers import download

blueprint = Blueprint("attachments", __name__, url_prefix="/staff/campaigns/<slug>/attachments")


class AttachmentForm(FlaskForm):
    """A file to go with the letters."""

    file = FileField(
        "File",
        description=(
            "PDF, PNG, JPEG, text, CSV, or a text or table of an office program without macros; "
            "up to 25 MB."
        ),
        validators=[FileRequired("Choose a file.")],
    )
    name = StringField(
        "Name in the letter",
        description="Empty means the name of the file.",
        validators=[Length(max=attachment_rules.NAME_MOST)],
    )


def _page(campaign: Campaign, form: AttachmentForm) -> str:
    return render_template(
        "drafting/attachments.html",
        campaign=campaign,
        form=form,
        attachments=attachment_queries.attachments(campaign.id),
        size_words=size_words,
        limit=attachment_rules.FILES_MOST,
    )


def _one_or_404(campaign: Campaign, number: int) -> Attachment:
    known = attachment_queries.attachments(campaign.id)
    return next((one for one in known if one.id == number), None) or abort(404)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("attachments.index", slug=slug))


@blueprint.get("/")
@staff(May.VIEW)
def index(slug: str) -> ResponseReturnValue:
    """The files, in the order in which letters name them."""
    return _page(campaign_or_404(slug), AttachmentForm(formdata=None))


@blueprint.post("/")
@staff(May.DRAFT)
def add(slug: str) -> ResponseReturnValue:
    """Add a file."""
    campaign, form = campaign_or_404(slug), AttachmentForm()
    if form.validate_on_submit():
        upload = form.file.data
        raw = upload.read(attachment_rules.BYTES_MOST + 1)
        done = attempt(
            lambda: attachment_saving.add(
                campaign.id,
                raw=raw,
                filename=upload.filename or "",
                name=form.name.data or "",
                actor=current_user,
            ),
            done="The file goes with every letter that has not left yet.",
            form=form,
        )
        if done:
            return _back(slug)
    return _page(campaign, form), 422


@blueprint.post("/<int:number>/up")
@staff(May.DRAFT)
def move_up(slug: str, number: int) -> ResponseReturnValue:
    """Let a file stand further up."""
    _one_or_404(campaign_or_404(slug), number)
    attempt(lambda: attachment_saving.move_up(number, actor=current_user))
    return _back(slug)


@blueprint.post("/<int:number>/remove")
@staff(May.DRAFT)
def remove(slug: str, number: int) -> ResponseReturnValue:
    """Let a file go with no further letter."""
    _one_or_404(campaign_or_404(slug), number)
    attempt(
        lambda: attachment_saving.remove(number, actor=current_user),
        done="The file goes with no further letter. Letters that have left keep it.",
    )
    return _back(slug)


@blueprint.get("/<sha256>")
@staff(May.VIEW)
def fetch(slug: str, sha256: str) -> ResponseReturnValue:
    """A file of the campaign, as a download; removed ones too, since letters name them."""
    found = attachment_queries.with_hash(campaign_or_404(slug).id, sha256) or abort(404)
    raw = current_app.extensions["files"].get(found.sha256)
    return download(Response(raw, mimetype=found.media_type), found.name)
