"""Ordering letters: a plan of what leaves when, then the order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import queries as drafting
from campaign.extensions import db
from campaign.kernel import clock
from campaign.sending import batch_queries, order_plan, orders, outbox
from campaign.sending.captured_link_views import blueprint
from campaign.sending.models import Batch, Dispatch
from campaign.sending.order_forms import SendForm
from campaign.sending.order_plan import Plan
from campaign.sending.orders import Order
from campaign.web.acts import attempt
from campaign.web.moments import lasting, relative

_OFFICE_OPENS = time(9)


@blueprint.post("/sending/send")
@staff(May.SEND)
def send_letters() -> ResponseReturnValue:
    """Show what sending these letters means; with `confirmed`, order what was shown."""
    ids = _ids()
    if not ids:
        flash("Tick at least one approved letter.", "error")
        return redirect(request.referrer or url_for("sending.queue"))
    typed = "confirmed" in request.form or "preview" in request.form
    form = SendForm(formdata=request.form) if typed else SendForm(formdata=None, data=_usual(ids))
    if typed and not form.validate():
        return _page(form, ids), 422
    # What is ordered is what was shown: another time or pace is shown first.
    if "confirmed" in request.form and form.chosen == request.form.get("seen", ""):
        ordered = attempt(
            lambda: orders.send(ids, actor=current_user, not_before=form.leaves_at, pace=form.pace),
            form=form,
        )
        if ordered is not None:
            return _ordered(ordered)
    return _page(form, ids), 422 if form.errors else 200


def _ids() -> list[int]:
    given = request.form.getlist("letter_ids")
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in given):
        abort(400)
    return [int(one) for one in given]


def _usual(ids: Sequence[int]) -> dict[str, object]:
    """What the form holds at first: the campaign's last pace, the day that letters are dated."""
    found = order_plan.common(ids)
    before = batch_queries.newest_of(found.campaign_id) if found.campaign_id else None
    usual: dict[str, object] = {}
    if before is not None:
        usual |= {"per_minute": before.per_minute, "per_domain": before.per_domain}
    if found.dated_on is not None and found.dated_on > drafting.today():
        usual["not_before"] = datetime.combine(found.dated_on, _OFFICE_OPENS)
    return usual


def _ordered(ordered: Sequence[Dispatch]) -> ResponseReturnValue:
    said = "1 dispatch is" if len(ordered) == 1 else f"{len(ordered):,} dispatches are"
    flash(f"{said} ordered. What goes by e-mail leaves by itself.", "success")
    batches = {row.batch_id for row in ordered}
    batch = db.session.get(Batch, next(iter(batches))) if len(batches) == 1 else None
    if batch is None:
        return redirect(url_for("sending.queue"))
    return redirect(url_for("batches.page", ref=batch.ref))


def _page(form: SendForm, ids: Sequence[int]) -> str:
    server = outbox.server_pace()
    sound = not any(field.errors for field in form)
    order = Order(form.leaves_at, form.pace) if sound else Order(clock.now())
    plan: Plan = order_plan.plan(ids, order)
    return render_template(
        "sending/send.html",
        plan=plan,
        form=form,
        seen=form.chosen,
        pace=order.pace.within(server),
        server=server,
        ahead=len(batch_queries.domains_ahead(order.leaves_at)),
        planned=order.leaves_at > clock.now(),
        now=clock.now(),
        relative=relative,
        lasting=lasting,
    )
