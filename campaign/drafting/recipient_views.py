"""Pages of the check of a campaign's recipients before its letters go to approval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.config import Settings
from campaign.drafting import checking, queries
from campaign.drafting.checking import Check
from campaign.drafting.recipients import KINDS, Finding, Mend
from campaign.drafting.views import campaign_or_404
from campaign.kernel.errors import Problem
from campaign.web.lists import csv_file
from campaign.web.sheets import xlsx_file

blueprint = Blueprint("recipients", __name__, url_prefix="/staff")

_SHEETS = {"csv": csv_file, "xlsx": xlsx_file}
_HEADER = ("Company", "What to do", "Effect", "About", "Where to mend it")


@blueprint.get("/campaigns/<slug>/recipients/")
@staff(May.VIEW)
def check(slug: str) -> ResponseReturnValue:
    """What stands in the way of the drafts of a campaign, and what to do about each."""
    campaign, asked = campaign_or_404(slug), request.args.get("dated_on", "")
    try:
        found, problem = checking.check(campaign, _day(asked)), None
    except Problem as refused:
        found, problem = None, refused
    shown = render_template(
        "drafting/recipients.html",
        campaign=campaign,
        check=found,
        problem=problem,
        dated_on=asked or queries.today().isoformat(),
        where=lambda finding: _where(finding, campaign),
    )
    return shown, 422 if problem else 200


@blueprint.get("/campaigns/<slug>/recipients.csv", defaults={"kind": "csv"})
@blueprint.get("/campaigns/<slug>/recipients.xlsx", defaults={"kind": "xlsx"})
@staff(May.VIEW)
def sheet(slug: str, kind: str) -> ResponseReturnValue:
    """The findings as a table, one company and finding a row."""
    campaign = campaign_or_404(slug)
    try:
        found = checking.check(campaign, _day(request.args.get("dated_on", "")))
    except Problem:
        abort(400)
    return _SHEETS[kind](f"{slug}-recipients", _HEADER, _rows(found, campaign))


def _day(asked: str) -> date:
    """The day asked for in the address, else today; 400 for what is none."""
    try:
        return date.fromisoformat(asked) if asked else queries.today()
    except ValueError:
        abort(400)


def _rows(found: Check, campaign: Campaign) -> Iterator[tuple[str, ...]]:
    settings: Settings = current_app.extensions["settings"]
    for group in found.groups:
        effect = "stands in the way" if group.kind.blocks else "to look at"
        for one in group.findings:
            address = settings.base_url.rstrip("/") + _where(one, campaign)
            yield one.recipient.names[0], group.title, effect, one.detail, address


def _where(finding: Finding, campaign: Campaign) -> str:
    """The address of the page that mends a finding, or that shows it to who may not change it."""
    mend, company = KINDS[finding.kind].mend, finding.recipient.slug
    if not current_user.may("draft"):
        return url_for("drafting.letter", ref=finding.recipient.ref)
    if mend is Mend.VERIFY:
        return url_for("companies.verify_contact", slug=company, ref=finding.contact)
    return {
        Mend.COMPANY: lambda: url_for("companies.company", slug=company),
        Mend.FACTS: lambda: url_for("companies.edit", slug=company),
        Mend.NEW_CONTACT: lambda: url_for("companies.new_contact", slug=company),
        Mend.LETTER: lambda: url_for("drafting.letter", ref=finding.recipient.ref),
        Mend.OWN: lambda: url_for("own.editor", ref=finding.recipient.ref),
        Mend.POLICY: lambda: url_for("campaigns.edit", slug=campaign.slug),
        Mend.QUESTIONS: lambda: url_for("campaigns.translate", slug=campaign.slug),
        Mend.TEXTS: lambda: url_for("drafting.templates", slug=campaign.slug),
        Mend.REPORTS: lambda: url_for("reports.index", company=company),
        Mend.VALUES: lambda: url_for("fields.values", slug=campaign.slug),
    }[mend]()
