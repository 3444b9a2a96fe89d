"""Pages about letters: the letters of a campaign, one letter, what is done to them.

Later stages add to the page of a letter: `campaign/web/panels.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.companies import queries as companies
from campaign.companies.models import Company
from campaign.drafting import (
    addressing,
    custom_queries,
    differing,
    operations,
    queries,
    review_queries,
    rules,
    showing,
)
from campaign.drafting.forms import ReasonForm, SubmitForm
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.drafting.operations import NotReady
from campaign.extensions import db
from campaign.history import queries as history
from campaign.history import words
from campaign.history.views import names_of
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt
from campaign.web.headers import framed
from campaign.web.lists import listed, searched
from campaign.web.panels import letter_subjects, namers, panels

blueprint = Blueprint("drafting", __name__, url_prefix="/staff")

LETTERS_A_PAGE = 100
COMPANIES_A_PAGE = 100
_EVENTS = 50
# Acts on a letter that need a reason: the names of their forms on its page.
REASONS = ("back", "withdraw", "resend")
_TABS = {
    "email": "E-mail text",
    "html": "E-mail HTML",
    "page": "Page",
    "pdf": "PDF",
    "reminder": "Reminder",
    "final_notice": "Final notice",
}

Panel = Callable[[Letter], tuple[str, dict[str, Any]] | None]


def campaign_or_404(slug: str) -> Campaign:
    """The campaign of a page."""
    return campaigns.campaign(slug) or abort(404)


def letter_or_404(ref: str) -> Letter:
    """The letter of a page."""
    return queries.letter(ref) or abort(404)


def to_letter(letter: Letter) -> ResponseReturnValue:
    """Back to the page of a letter."""
    return redirect(url_for("drafting.letter", ref=letter.ref))


def _ids(name: str) -> list[int]:
    """Numbers that a form sent under one name; 400 for what is none."""
    given = request.form.getlist(name)
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in given):
        abort(400)
    return [int(one) for one in given]


@blueprint.get("/campaigns/<slug>/letters/")
@staff(May.VIEW)
def letters(slug: str) -> ResponseReturnValue:
    """The letters of a campaign, by company."""
    return _letters_page(campaign_or_404(slug))


def _letters_page(campaign: Campaign, problems: tuple[str, ...] = ()) -> str:
    words_given = searched()
    asked = request.args.get("state", "")
    state = LetterState(asked) if asked in set(LetterState) else None
    differs, how = differing.summaries(campaign), _differs()
    found = listed(
        differing.only(queries.letters_of(campaign, words_given, state), how, differs),
        per_page=LETTERS_A_PAGE,
    )
    form = SubmitForm(formdata=request.form or None)
    if form.dated_on.data is None:
        form.dated_on.data = queries.today()
    return render_template(
        "drafting/letters.html",
        campaign=campaign,
        letters=found,
        counts=queries.counts(campaign),
        q=words_given,
        state=state,
        differs=differs,
        how=how,
        ways=differing.HOW,
        form=form,
        drafts=queries.ids_in(campaign, LetterState.DRAFT),
        approved=queries.ids_in(campaign, LetterState.APPROVED),
        problems=problems,
        sent_back=queries.sent_back,
        asked=review_queries.asked_changes(Letter.campaign_id == campaign.id),
    )


def _differs() -> str:
    """The filter by difference in the address; 400 for what no link of ours holds."""
    how = request.args.get("differs", "")
    return how if how in {"", *differing.HOW} else abort(400)


@blueprint.post("/campaigns/<slug>/letters/")
@staff(May.DRAFT)
def submit_letters(slug: str) -> ResponseReturnValue:
    """Put letters of a campaign up for approval: those ticked, or all drafts."""
    campaign, form = campaign_or_404(slug), SubmitForm()
    drafts = queries.ids_in(campaign, LetterState.DRAFT)
    ticked = set(_ids("letter_ids"))
    ids = drafts if request.form.get("which") == "all" else [n for n in drafts if n in ticked]
    if not form.validate_on_submit():
        return _letters_page(campaign), 422
    if not ids:
        flash("Tick at least one draft.", "error")
        return redirect(url_for("drafting.letters", slug=slug))
    try:
        operations.submit(ids, dated_on=form.dated_on.data, actor=current_user)
    except NotReady as problem:
        return _letters_page(campaign, problem.problems), 422
    except Problem as problem:
        return _letters_page(campaign, (str(problem),)), 422
    said = "1 letter waits" if len(ids) == 1 else f"{len(ids):,} letters wait"
    flash(f"{said} for a second person now.", "success")
    return redirect(url_for("drafting.letters", slug=slug))


@blueprint.route("/campaigns/<slug>/letters/add", methods=["GET", "POST"])
@staff(May.DRAFT)
def add_letters(slug: str) -> ResponseReturnValue:
    """Choose companies to write to: those ticked, or all that the search finds."""
    campaign, given = campaign_or_404(slug), searched()
    found = queries.companies_without(campaign, given)
    if request.method == "POST":
        ids = _ids("company_ids")
        if request.form.get("which") == "all":
            ids = [company.id for company in db.session.scalars(found)]
        added = attempt(lambda: operations.add_letters(campaign.id, ids, actor=current_user))
        if added:
            said = "1 draft" if len(added) == 1 else f"{len(added):,} drafts"
            flash(f"{said} begun.", "success")
            return redirect(url_for("drafting.letters", slug=slug))
        if not ids:
            flash("Tick at least one company.", "error")
    return render_template(
        "drafting/add.html",
        campaign=campaign,
        companies=listed(found, per_page=COMPANIES_A_PAGE),
        q=given,
        nobody=db.session.scalar(sa.select(sa.func.count(Company.id))) == 0,
    )


@blueprint.get("/letters/<ref>/")
@staff(May.VIEW)
def letter(ref: str) -> ResponseReturnValue:
    """One letter: what the company gets, to whom, where it stands, what can be done."""
    return _letter_page(letter_or_404(ref))


def _letter_page(found: Letter, problems: tuple[str, ...] = ()) -> str:
    view = request.args.get("as", "email")
    shown = showing.shown(found)
    events = history.of(found.ref, *letter_subjects(found))[: -_EVENTS - 1 : -1]
    submit = SubmitForm(formdata=None, data={"dated_on": queries.today()})
    return render_template(
        "drafting/letter.html",
        letter=found,
        shown=shown,
        view=view if view in _TABS else "email",
        tried=_tried,
        unsent=found.state in rules.UNSENT,
        waits=found.state in rules.FROZEN,
        sent=found.state in rules.SENT,
        stale=found.state in rules.FROZEN and shown.row and queries.is_stale(shown.row),
        sent_back=queries.sent_back(found),
        asked=review_queries.asked_changes(Letter.id == found.id),
        steps=shown.steps(),
        chosen={contact.id for contact in addressing.chosen(found)},
        own=shown.own,
        own_things=list(differing.told(shown.own)),
        own_words=differing.summary(shown.own).words,
        used={contact.ref for contact in shown.contacts},
        contact_state=companies.contact_state,
        today=queries.today(),
        submit=submit,
        reasons={name: ReasonForm(formdata=None, prefix=name) for name in REASONS},
        problems=problems or tuple(str(problem) for problem in shown.problems),
        events=words.lines(events, names_of(events, *namers()) | {found.ref: ""}),
        panels=panels("letter", found),
        custom=custom_queries.fields_of(found.campaign_id),
        custom_values=custom_queries.own(found.campaign_id, found).of(found),
        tabs=[(said, key) for key, said in _TABS.items() if shown.has(key)],
    )


def _tried(shown: showing.Shown, view: str) -> str:
    """Why a form of the letter cannot be shown; empty where it can."""
    forms: dict[str, Callable[[], object]] = {"page": shown.page, "pdf": shown.pictures}
    kind = TextKind(view) if view in set(TextKind) else TextKind.LETTER
    problem = showing.tried(forms.get(view, lambda: shown.mail(kind)))
    return str(problem) if problem else ""


@blueprint.get("/letters/<ref>/letter.pdf")
@staff(May.VIEW)
def pdf(ref: str) -> ResponseReturnValue:
    """The letter as PDF: the frozen one where one stands."""
    found = letter_or_404(ref)
    response = Response(showing.shown(found).pdf(), mimetype="application/pdf")
    name = f"{found.campaign.slug}-{found.company.slug}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@blueprint.get("/letters/<ref>/page-<int:number>.png")
@staff(May.VIEW)
def picture(ref: str, number: int) -> ResponseReturnValue:
    """A page of the PDF as a picture."""
    pages = showing.shown(letter_or_404(ref)).pictures()
    if not 1 <= number <= len(pages):
        abort(404)
    return Response(pages[number - 1], mimetype="image/png")


@blueprint.get("/letters/<ref>/email.html")
@staff(May.VIEW)
def email_html(ref: str) -> ResponseReturnValue:
    """The HTML part of the letter's mail, or with `kind` of a reminder's, for a frame."""
    kind = request.args.get("kind", TextKind.LETTER.value)
    if kind not in rules.CAMPAIGN_TEXTS:
        abort(404)
    html = showing.shown(letter_or_404(ref)).mail_to_look_at(TextKind(kind)) or abort(404)
    return framed(Response(html, mimetype="text/html"))


@blueprint.post("/letters/<ref>/submit")
@staff(May.DRAFT)
def submit(ref: str) -> ResponseReturnValue:
    """Put one letter up for approval."""
    found, form = letter_or_404(ref), SubmitForm()
    if not form.validate_on_submit():
        flash("Choose the day that the letter prints.", "error")
        return to_letter(found)
    try:
        operations.submit([found.id], dated_on=form.dated_on.data, actor=current_user)
    except NotReady as problem:
        return _letter_page(found, problem.problems), 422
    except Problem as problem:
        return _letter_page(found, (str(problem),)), 422
    flash("The letter waits for a second person now.", "success")
    return to_letter(found)


@blueprint.post("/letters/<ref>/contacts")
@staff(May.DRAFT)
def choose_contacts(ref: str) -> ResponseReturnValue:
    """Say to whom the letter goes."""
    found, ids = letter_or_404(ref), _ids("contact_ids")
    if request.form.get("which") == "rule":
        ids = []
    attempt(
        lambda: operations.choose_contacts(found.id, ids, actor=current_user),
        done="The contacts of this letter are chosen.",
    )
    return to_letter(found)


def _with_reason(
    found: Letter, name: str, act: Callable[..., Letter], done: str
) -> ResponseReturnValue:
    """Carry out an act that needs a reason."""
    form = ReasonForm(prefix=name)
    if form.validate_on_submit():
        attempt(lambda: act(found.id, why=form.why.data, actor=current_user), done=done)
    else:
        flash("Nothing was done: write the reason in a few words.", "error")
    return to_letter(found)


@blueprint.post("/letters/<ref>/take-back")
@staff(May.DRAFT)
def take_back(ref: str) -> ResponseReturnValue:
    """The drafter takes a letter back from approval."""
    found = letter_or_404(ref)
    return _with_reason(found, "back", operations.send_back, "The letter is a draft again.")


@blueprint.post("/letters/<ref>/withdraw")
@staff(May.DRAFT)
def withdraw(ref: str) -> ResponseReturnValue:
    """Give the letter up."""
    found = letter_or_404(ref)
    return _with_reason(found, "withdraw", operations.withdraw_letter, "The letter is withdrawn.")


@blueprint.post("/letters/<ref>/resend")
@staff(May.SEND)
def begin_round(ref: str) -> ResponseReturnValue:
    """Order a resend: the letter becomes a draft of a new round."""
    found, ids = letter_or_404(ref), _ids("contact_ids")
    done = "A new round has begun: look at the contacts, then send the letter to approval."
    return _with_reason(found, "resend", partial(operations.begin_round, contact_ids=ids), done)
