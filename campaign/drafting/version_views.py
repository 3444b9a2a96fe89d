"""The versions of a text: what differs between two of them, and one brought back."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import operations, queries
from campaign.drafting.changes import changes
from campaign.drafting.models import LetterTemplate
from campaign.drafting.template_views import which_or_404
from campaign.drafting.views import blueprint, campaign_or_404
from campaign.web.acts import attempt


def _number(given: str) -> int | None:
    """A version's number as an address or a form gives it; None for what is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _asked(name: str, default: int, known: dict[int, LetterTemplate]) -> LetterTemplate:
    """The version that the address names; 404 for one that is not there."""
    number = _number(request.args.get(name, ""))
    return known.get(default if number is None else number) or abort(404)


@blueprint.get("/campaigns/<slug>/templates/<kind>/versions/")
@staff(May.VIEW)
def versions(slug: str, kind: str) -> ResponseReturnValue:
    """What differs between two versions of a text: by default the newest two."""
    campaign = campaign_or_404(slug)
    which = which_or_404(campaign, kind)
    listed = queries.versions(campaign.id, *which.key)
    if not listed:
        abort(404)
    known = {version.version: version for version, _ in listed}
    newest = listed[0][0].version
    after = _asked("to", newest, known)
    before = _asked("from", max(1, after.version - 1), known)
    return render_template(
        "drafting/versions.html",
        campaign=campaign,
        kind=which,
        name=which.name,
        listed=listed,
        before=before,
        after=after,
        newest=newest,
        subject=changes(before.subject, after.subject),
        body=changes(before.body, after.body),
    )


@blueprint.post("/campaigns/<slug>/templates/<kind>/versions/<int:number>/bring-back")
@staff(May.DRAFT)
def bring_back(slug: str, kind: str, number: int) -> ResponseReturnValue:
    """Save an older version as the newest; nothing that was saved since is lost."""
    campaign = campaign_or_404(slug)
    which = which_or_404(campaign, kind)
    listed = queries.versions(campaign.id, *which.key)
    wanted = next((one for one, _ in listed if one.version == number), None) or abort(404)
    # What the page showed as the newest, so that a text saved meanwhile is not passed over.
    seen = _number(request.form.get("newest", ""))
    if seen is None:
        abort(400)
    attempt(
        lambda: operations.save_template(
            campaign.id,
            kind=which.kind,
            language=which.language,
            name=wanted.name,
            subject=wanted.subject,
            body=wanted.body,
            based_on=seen,
            actor=current_user,
        ),
        done=f"Version {number} is in use again, saved as the newest. Letters that waited for "
        "approval are drafts again.",
    )
    return redirect(url_for("drafting.template", slug=slug, kind=kind))
