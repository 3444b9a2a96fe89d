"""Pages about companies and their contacts."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts import queries as people
from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.companies import operations, queries
from campaign.companies.forms import (
    CHANNELS,
    CompanyForm,
    ContactForm,
    ContactWordsForm,
    NewCompanyForm,
    VerifyForm,
)
from campaign.companies.models import Company, Contact
from campaign.companies.rules import Channel
from campaign.extensions import db
from campaign.history import queries as history
from campaign.history import words
from campaign.history.views import names_of
from campaign.web.acts import attempt
from campaign.web.lists import csv_file, listed, searched
from campaign.web.panels import panels

blueprint = Blueprint("companies", __name__, url_prefix="/staff/companies")

_STATES = ("usable", "none", "bad")
_EVENTS = 20


@blueprint.context_processor
def _channels() -> dict[str, object]:
    return {"CHANNEL_WORDS": {channel.value: words for channel, words in CHANNELS.items()}}


def _company(slug: str) -> Company:
    return queries.company(slug) or abort(404)


def _contact(slug: str, ref: str) -> Contact:
    contact = queries.contact(ref)
    if contact is None or contact.company.slug != slug or contact.retired_at is not None:
        abort(404)
    return contact


def _to(company: Company) -> ResponseReturnValue:
    return redirect(url_for("companies.company", slug=company.slug))


def _filters() -> dict[str, str]:
    """The filters in the address; 400 for what no link of ours holds."""
    country, contacts = request.args.get("country", ""), request.args.get("contacts", "")
    if contacts and contacts not in _STATES:
        abort(400)
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        abort(400)
    return {"words": searched(), "country": country, "contacts": contacts}


@blueprint.get("/")
@staff(May.VIEW)
def index() -> ResponseReturnValue:
    """The directory."""
    given = _filters()
    return render_template(
        "companies/index.html",
        companies=listed(queries.companies(**given)),
        country_name=queries.country_name,
        given=given,
        countries=[(code, queries.country_name(code)) for code in queries.countries()],
        today=queries.today(),
        contact_state=queries.contact_state,
    )


@blueprint.get("/companies.csv")
@staff(May.VIEW)
def export() -> ResponseReturnValue:
    """What the filters leave, one contact a line, in the columns that the import reads."""
    header = [
        "name", "slug", "legal_name", "country", "region", "timezone", "language", "website",
        "email", "form", "address", "mention", "office", "person", "salutation",
        "verified_how", "verified_on",
    ]  # fmt: skip
    rows = (
        _exported(company, contact)
        for company in db.session.scalars(queries.companies(**_filters()))
        for contact in [c for c in company.contacts if c.retired_at is None] or [None]
    )
    return csv_file("companies", header, rows)


_COLUMNS = (Channel.EMAIL, Channel.FORM, Channel.POST, Channel.MENTION)


def _exported(company: Company, contact: Contact | None) -> list[object]:
    facts: list[object] = [
        company.name, company.slug, company.legal_name, company.country, company.region,
        company.timezone, company.language, company.website,
    ]  # fmt: skip
    if contact is None:
        return facts + [""] * 9
    values = [contact.value if contact.channel is channel else "" for channel in _COLUMNS]
    words = [contact.office, contact.person, contact.salutation]
    return [*facts, *values, *words, contact.verified_how, contact.verified_on]


@blueprint.route("/new", methods=["GET", "POST"])
@staff(May.DRAFT)
def new() -> ResponseReturnValue:
    """Add a company."""
    form = NewCompanyForm()
    if form.validate_on_submit():
        company = attempt(
            lambda: operations.add_company(
                **form.facts(), slug=form.slug.data or None, actor=current_user
            ),
            done="The company is added. Add a contact next, so that a letter can reach it.",
            form=form,
        )
        if company:
            return _to(company)
    return render_template("companies/edit.html", form=form, company=None)


@blueprint.get("/<slug>/")
@staff(May.VIEW)
def company(slug: str) -> ResponseReturnValue:
    """One company: facts, contacts, what happened."""
    found = _company(slug)
    refs = [found.ref, *(contact.ref for contact in found.contacts)]
    events = history.of(*refs)[: -_EVENTS - 1 : -1]
    return render_template(
        "companies/company.html",
        company=found,
        country_name=queries.country_name,
        today=queries.today(),
        contact_state=queries.contact_state,
        panels=panels("company", found),
        events=words.lines(events, names_of(events, people.names, queries.names) | {found.ref: ""}),
    )


@blueprint.route("/<slug>/edit", methods=["GET", "POST"])
@staff(May.DRAFT)
def edit(slug: str) -> ResponseReturnValue:
    """Change facts."""
    found = _company(slug)
    form = CompanyForm(obj=found)
    if form.validate_on_submit() and attempt(
        lambda: operations.change_company(found.id, actor=current_user, **form.facts()),
        done="The facts are saved.",
        form=form,
    ):
        return _to(found)
    return render_template("companies/edit.html", form=form, company=found)


@blueprint.route("/<slug>/contacts/new", methods=["GET", "POST"])
@staff(May.DRAFT)
def new_contact(slug: str) -> ResponseReturnValue:
    """Add a contact."""
    found, form = _company(slug), ContactForm()
    if form.validate_on_submit() and attempt(
        lambda: operations.add_contact(
            found.id,
            channel=Channel(form.channel.data),
            value=form.value.data or "",
            office=form.office.data or "",
            person=form.person.data or "",
            salutation=form.salutation.data or "",
            verified_how=form.verified_how.data or "",
            verified_on=form.verified_on.data,
            actor=current_user,
        ),
        done="The contact is added.",
        form=form,
    ):
        return _to(found)
    return render_template("companies/contact.html", form=form, company=found, contact=None)


@blueprint.route("/<slug>/contacts/<ref>/edit", methods=["GET", "POST"])
@staff(May.DRAFT)
def edit_contact(slug: str, ref: str) -> ResponseReturnValue:
    """Change words about a contact."""
    contact = _contact(slug, ref)
    form = ContactWordsForm(obj=contact)
    if form.validate_on_submit() and attempt(
        lambda: operations.change_contact(
            contact.id,
            office=form.office.data or "",
            person=form.person.data or "",
            salutation=form.salutation.data or "",
            actor=current_user,
        ),
        done="The contact is saved.",
        form=form,
    ):
        return _to(contact.company)
    return render_template(
        "companies/contact.html", form=form, company=contact.company, contact=contact
    )


@blueprint.route("/<slug>/contacts/<ref>/verify", methods=["GET", "POST"])
@staff(May.DRAFT)
def verify_contact(slug: str, ref: str) -> ResponseReturnValue:
    """Say where a contact comes from."""
    contact = _contact(slug, ref)
    form = VerifyForm(data={"how": contact.verified_how, "on": queries.today()})
    if form.validate_on_submit() and attempt(
        lambda: operations.verify_contact(
            contact.id, how=form.how.data or "", on=form.on.data, actor=current_user
        ),
        done="The contact is verified.",
        form=form,
    ):
        return _to(contact.company)
    return render_template("companies/verify.html", form=form, contact=contact)


@blueprint.route("/<slug>/contacts/<ref>/retire", methods=["GET", "POST"])
@staff(May.DRAFT)
def retire_contact(slug: str, ref: str) -> ResponseReturnValue:
    """Use a contact no more."""
    contact = _contact(slug, ref)
    if request.method == "GET":
        return render_template("companies/retire.html", contact=contact)
    attempt(
        lambda: operations.retire_contact(contact.id, actor=current_user),
        done="The contact is retired. Add it again if it is in use after all.",
    )
    return _to(contact.company)
