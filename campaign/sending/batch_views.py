"""The sending page: how far letters that were ordered together are, and the report at its end.

The page is whole without its script: a reload shows the same.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns.views import campaign_or_404
from campaign.extensions import db
from campaign.kernel import clock
from campaign.sending import batch_queries, batches, outbox, queries
from campaign.sending.batch_sheet import HEADER, rows_of
from campaign.sending.models import Batch
from campaign.sending.order_forms import PaceForm
from campaign.sending.pacing import time_left
from campaign.sending.standing import Standing
from campaign.web.acts import attempt
from campaign.web.lists import csv_file, listed
from campaign.web.moments import lasting, relative
from campaign.web.sheets import xlsx_file

blueprint = Blueprint("batches", __name__, url_prefix="/staff")

_ACTS = {
    "pause": (batches.pause, "Paused: no more mails leave until somebody lets it go on."),
    "resume": (batches.resume, "It goes on with the next round of the clock."),
    "take-back": (batches.take_back, "Taken back: nothing has left, and the letters are approved."),
    "noted": (batches.note_report, "Noted: the report is off Today."),
}


def _batch_or_404(ref: str) -> Batch:
    return batch_queries.find(ref) or abort(404)


@blueprint.get("/campaigns/<slug>/sending/")
@staff(May.VIEW)
def of_campaign(slug: str) -> ResponseReturnValue:
    """What was sent of a campaign, the newest first, and how far each is."""
    campaign, now = campaign_or_404(slug), clock.now()
    found = listed(batch_queries.of_campaign(campaign.id))
    return render_template(
        "sending/batches.html",
        campaign=campaign,
        batches=found,
        facts=batch_queries.facts(found.items, now),
        by=queries.who(batch.ordered_by_id for batch in found.items),
        now=now,
        relative=relative,
    )


@blueprint.get("/sending/batches/<ref>/")
@staff(May.VIEW)
def page(ref: str) -> ResponseReturnValue:
    """One of them, as it goes on."""
    return _page(_batch_or_404(ref))


@blueprint.get("/sending/batches/<ref>/now")
@staff(May.VIEW)
def now(ref: str) -> ResponseReturnValue:
    """The parts of the page that change, for its script."""
    batch = _batch_or_404(ref)
    return render_template("sending/_batch_now.html", **_told(batch, _pace_form(batch)))


@blueprint.post("/sending/batches/<ref>/<name>")
@staff(May.SEND)
def do(ref: str, name: str) -> ResponseReturnValue:
    """Pause, go on, take back, take the report from Today."""
    batch = _batch_or_404(ref)
    if name not in _ACTS:
        abort(404)
    act, done = _ACTS[name]
    attempt(lambda: act(batch.id, actor=current_user), done=done)
    return redirect(url_for("batches.page", ref=ref))


@blueprint.post("/sending/batches/<ref>/pace")
@staff(May.SEND)
def change_pace(ref: str) -> ResponseReturnValue:
    """Let the rest leave faster or slower."""
    batch, form = _batch_or_404(ref), PaceForm()
    if form.validate_on_submit():
        done = attempt(
            lambda: batches.change_pace(batch.id, form.pace, actor=current_user),
            done="The rest leaves at this pace.",
            form=form,
        )
        if done:
            return redirect(url_for("batches.page", ref=ref))
    db.session.rollback()
    return _page(_batch_or_404(ref), form), 422


@blueprint.get("/sending/batches/<ref>/report.<kind>")
@staff(May.VIEW)
def report(ref: str, kind: str) -> ResponseReturnValue:
    """The report as a sheet: every letter, what became of it, why, what to do."""
    batch = _batch_or_404(ref)
    if kind not in ("csv", "xlsx"):
        abort(404)
    name = f"sent-{batch.campaign.slug}-{batch.ordered_at:%Y-%m-%d}"
    make = csv_file if kind == "csv" else xlsx_file
    return make(name, HEADER, rows_of(batch_queries.lines(batch.id)))


def _pace_form(batch: Batch) -> PaceForm:
    return PaceForm(
        formdata=None, data={"per_minute": batch.per_minute, "per_domain": batch.per_domain}
    )


def _page(batch: Batch, form: PaceForm | None = None) -> str:
    return render_template("sending/batch.html", **_told(batch, form or _pace_form(batch)))


def _told(batch: Batch, form: PaceForm) -> dict[str, Any]:
    """Everything that the page says; a fixed number of queries."""
    moment = clock.now()
    facts = batch_queries.facts([batch], moment)[batch.id]
    pace = batch_queries.pace_of(batch, outbox.server_pace())
    leaving = facts.standing in (Standing.LEAVING, Standing.PAUSED)
    waiting = batch_queries.waiting_domains(batch.id) if leaving else []
    return {
        "batch": batch,
        "campaign": batch.campaign,
        "facts": facts,
        "standing": facts.standing.value,
        "pace": pace,
        "left": time_left(waiting, facts.speed, pace, moment) if leaving else None,
        "reasons": batch_queries.by_reason(batch_queries.lines(batch.id, batch_queries.NOT_WELL)),
        "by": queries.who([batch.ordered_by_id, batch.paused_by_id, batch.taken_back_by_id]),
        "halt": queries.halt_words(),
        "trouble": queries.sending_trouble() if facts.live else "",
        "form": form,
        "now": moment,
        "relative": relative,
        "lasting": lasting,
    }
