"""Pages of the fields that a text may hold: the whole list, and a campaign's own with values."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns.models import Campaign
from campaign.companies.reading import decoded
from campaign.drafting import (
    charts,
    composing,
    custom_operations,
    custom_queries,
    custom_rules,
    figures,
    placeholders,
)
from campaign.drafting.custom_queries import Row
from campaign.drafting.custom_rules import Sheet
from campaign.drafting.forms import FieldForm, ValuesForm
from campaign.drafting.models import TextKind
from campaign.drafting.placeholders import FieldKind
from campaign.drafting.previewing import Preview
from campaign.drafting.template_views import companies_of, company_of
from campaign.drafting.views import campaign_or_404, letter_or_404, to_letter
from campaign.web.acts import attempt
from campaign.web.lists import csv_file

blueprint = Blueprint("fields", __name__, url_prefix="/staff")

_SHOWN = 20
_PREFIX = "value-"


@blueprint.get("/campaigns/<slug>/fields/")
@staff(May.VIEW)
def index(slug: str) -> ResponseReturnValue:
    """Every field with what it prints today for the company that was chosen."""
    return _fields_page(campaign_or_404(slug), FieldForm(formdata=None))


def _fields_page(campaign: Campaign, form: FieldForm) -> str:
    company = company_of(campaign)
    newest = composing.latest(campaign.id)
    values: dict[str, str] = {}
    for kind in (TextKind.REMINDER, TextKind.LETTER):
        values |= Preview(campaign, kind, newest[kind], company, True).values
    return render_template(
        "drafting/fields.html",
        campaign=campaign,
        company=company,
        companies=[(one.slug, one.name) for one in companies_of(campaign)],
        builtin=placeholders.FIELDS,
        custom=custom_queries.fields_of(campaign.id),
        charts=charts.shelf(),
        figures=figures.offered(company) if company else (),
        values=values,
        form=form,
    )


@blueprint.post("/campaigns/<slug>/fields/")
@staff(May.DRAFT)
def add(slug: str) -> ResponseReturnValue:
    """Add a field of the campaign's own."""
    campaign, form = campaign_or_404(slug), FieldForm()
    if form.validate_on_submit() and attempt(
        lambda: custom_operations.add_field(
            campaign.id,
            name=form.name.data or "",
            kind=FieldKind(form.kind.data),
            label=form.label.data or "",
            actor=current_user,
        ),
        done="The field is added. Enter its values now.",
        form=form,
    ):
        return redirect(url_for("fields.index", slug=slug))
    return _fields_page(campaign, form), 422


@blueprint.post("/campaigns/<slug>/fields/<name>/remove")
@staff(May.DRAFT)
def remove(slug: str, name: str) -> ResponseReturnValue:
    """Take a field out that no text uses."""
    campaign = campaign_or_404(slug)
    attempt(lambda: custom_operations.remove_field(campaign.id, name, actor=current_user))
    return redirect(url_for("fields.index", slug=slug))


@blueprint.route("/campaigns/<slug>/fields/values", methods=["GET", "POST"])
@staff(May.DRAFT)
def values(slug: str) -> ResponseReturnValue:
    """The values of all letters that have not left, as one sheet to edit, paste or send in."""
    campaign, form = campaign_or_404(slug), ValuesForm()
    own, letters = custom_queries.fields_of(campaign.id), custom_queries.unsent(campaign.id)
    names = {one.name: one.kind for one in own}
    faults: tuple[str, ...] = ()
    if form.validate_on_submit():
        sheet = _read(form, names, letters)
        faults = sheet.faults
        if not faults and _stored(campaign, sheet, form):
            return redirect(url_for("fields.index", slug=slug))
    else:
        form.sheet.data = custom_rules.written(list(names), _rows(campaign, letters))
    page = render_template(
        "drafting/values.html",
        campaign=campaign,
        form=form,
        own=own,
        letters=len(letters),
        faults=faults[:_SHOWN],
        more=max(len(faults) - _SHOWN, 0),
    )
    return (page, 422) if request.method == "POST" else page


def _rows(campaign: Campaign, letters: list[Row]) -> list[tuple[str, dict[str, str]]]:
    stored = custom_queries.own(campaign.id).values
    return [
        (
            one.company,
            {
                name.removeprefix(placeholders.PREFIX): value
                for name, value in stored.get(one.letter_id, {}).items()
            },
        )
        for one in letters
    ]


def _read(form: ValuesForm, names: dict[str, FieldKind], letters: list[Row]) -> Sheet:
    """What was sent: a file where there is one, else what stands in the form."""
    typed = form.sheet.data or ""
    if form.file.data:
        raw = form.file.data.read(custom_rules.SHEET_MAX + 1)
        typed = attempt(lambda: decoded(raw), form=form) or ""
        form.sheet.data = typed  # so that what is wrong in it can be mended in the form
    by_company = {one.slug: one.letter_id for one in letters}
    by_company |= {one.company.casefold(): one.letter_id for one in letters}
    return custom_rules.read(typed, names, by_company)


def _stored(campaign: Campaign, sheet: Sheet, form: ValuesForm) -> bool:
    count = attempt(
        lambda: custom_operations.set_values(campaign.id, sheet.values, actor=current_user),
        form=form,
    )
    if count is None:
        return False
    flash(f"Letters with other values than before: {count:,}.", "success")
    return True


@blueprint.get("/campaigns/<slug>/fields/values.csv")
@staff(May.VIEW)
def sheet(slug: str) -> ResponseReturnValue:
    """The values of all letters that have not left, to fill in elsewhere and send in again."""
    campaign = campaign_or_404(slug)
    names = [one.name for one in custom_queries.fields_of(campaign.id)]
    rows = _rows(campaign, custom_queries.unsent(campaign.id))
    lines = [(company, *(own.get(name, "") for name in names)) for company, own in rows]
    return csv_file(f"{slug}-values", (custom_rules.COMPANY, *names), lines)


@blueprint.post("/letters/<ref>/values")
@staff(May.DRAFT)
def of_letter(ref: str) -> ResponseReturnValue:
    """Give one letter its values."""
    letter = letter_or_404(ref)
    given = {
        key.removeprefix(_PREFIX): typed
        for key, typed in request.form.items()
        if key.startswith(_PREFIX)
    }
    attempt(
        lambda: custom_operations.set_values(
            letter.campaign_id, {letter.id: given}, actor=current_user
        ),
        done="The values of this letter are saved.",
    )
    return to_letter(letter)
