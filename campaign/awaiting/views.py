"""Staff pages of waiting: more time, holds, sweeps, weak proof."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.awaiting import answer_queries, operations, queries
from campaign.awaiting.forms import (
    ExtendForm,
    ExtendManyForm,
    HoldForm,
    HoldManyForm,
    SignProofForm,
    SweepForm,
)
from campaign.awaiting.models import Hold
from campaign.campaigns import queries as campaigns
from campaign.drafting import queries as drafting
from campaign.drafting.models import Letter
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.web.acts import attempt

blueprint = Blueprint("awaiting", __name__, url_prefix="/staff")

_MOST = 500  # letters that one form can act on


def _letter(ref: str) -> Letter:
    return drafting.letter(ref) or abort(404)


def _to(letter: Letter) -> ResponseReturnValue:
    return redirect(url_for("drafting.letter", ref=letter.ref))


def _to_tell_them(letter: Letter) -> ResponseReturnValue:
    """The drafted answer to their request for more time; else back to the letter."""
    asked = answer_queries.unanswered_request(letter)
    if asked is None:
        return _to(letter)
    return redirect(url_for("answers.write", ref=letter.ref, message=asked.ref))


@blueprint.route("/letters/<ref>/extend", methods=["GET", "POST"])
@staff(May.TRIAGE)
def extend(ref: str) -> ResponseReturnValue:
    """Give one company more time, then offer the same to the others (fairness.md rule 13)."""
    letter, form = _letter(ref), ExtendForm()
    if form.validate_on_submit():
        extension = attempt(
            lambda: operations.extend(
                letter.id,
                new_deadline=form.new_deadline.data,
                asked_by=form.asked_by.data,
                why=form.why.data,
                actor=current_user,
            ),
            form=form,
        )
        if extension:
            flash(
                f"{letter.company.name} has time until {form.new_deadline.data:%-d %B %Y}.",
                "success",
            )
            if queries.others_with_less_time(letter, extension.new_deadline):
                return redirect(url_for("awaiting.extend_others", ref=letter.ref))
            return _to_tell_them(letter)
    return render_template(
        "awaiting/extend.html", form=form, letter=letter, standing=queries.standing(letter)
    )


@blueprint.get("/letters/<ref>/extend/others")
@staff(May.TRIAGE)
def extend_others(ref: str) -> ResponseReturnValue:
    """The other open letters of the campaign, for the same treatment."""
    letter = _letter(ref)
    extensions = queries.extensions_of(letter)
    if not extensions:
        return _to(letter)
    newest = extensions[-1]
    form = ExtendManyForm(
        formdata=None,
        data={
            "new_deadline": newest.new_deadline,
            "asked_by": "us",
            "why": "Another company was given more time; the same holds for all.",
        },
    )
    others = queries.others_with_less_time(letter, newest.new_deadline)
    return _many("awaiting/extend_many.html", form, letter.campaign.slug, others, letter=letter)


@blueprint.route("/campaigns/<slug>/extend", methods=["GET", "POST"])
@staff(May.TRIAGE)
def extend_many(slug: str) -> ResponseReturnValue:
    """Give several companies of a campaign the same new date."""
    form = ExtendManyForm(letters=_asked_for())
    if form.validate_on_submit():
        return _each(
            slug,
            form.letters.data,
            lambda letter: operations.extend(
                letter.id,
                new_deadline=form.new_deadline.data,
                asked_by=form.asked_by.data,
                why=form.why.data,
                actor=current_user,
            ),
            f"given time until {days.date_in_words(form.new_deadline.data)}",
        )
    return _many("awaiting/extend_many.html", form, slug)


@blueprint.route("/campaigns/<slug>/hold", methods=["GET", "POST"])
@staff(May.TRIAGE)
def hold_many(slug: str) -> ResponseReturnValue:
    """Hold several letters of a campaign."""
    form = HoldManyForm(letters=_asked_for())
    if form.validate_on_submit():
        return _each(
            slug,
            form.letters.data,
            lambda letter: operations.hold(
                letter_id=letter.id, why=form.why.data, actor=current_user
            ),
            "on hold",
        )
    return _many("awaiting/hold_many.html", form, slug)


def _asked_for() -> list[str]:
    """The letters named in the address."""
    return request.args.getlist("letters")[:_MOST]


def _many(
    template: str,
    form: ExtendManyForm | HoldManyForm,
    slug: str,
    letters: list[Letter] | None = None,
    letter: Letter | None = None,
) -> ResponseReturnValue:
    """The form about several letters: those given, else those named, else every open one."""
    campaign = campaigns.campaign(slug) or abort(404)
    chosen = set(form.letters.data or ())
    if letters is None:
        letters = queries.open_letters(campaign.id, chosen, _MOST)
    return render_template(
        template,
        form=form,
        campaign=campaign,
        letters=letters,
        times=queries.times_of(letters),
        chosen=chosen,
        because=letter,
    )


def _each(
    slug: str, refs: list[str], act: Callable[[Letter], object], done: str
) -> ResponseReturnValue:
    """Act on each letter; tell what was done, and of each that could not be, why."""
    campaign = campaigns.campaign(slug) or abort(404)
    letters = queries.open_letters(campaign.id, set(refs[:_MOST]), _MOST) if refs else []
    names = {letter.id: letter.company.name for letter in letters}
    changed = 0
    for letter in letters:
        try:
            act(letter)
            changed += 1
        except Problem as problem:
            flash(f"{names[letter.id]}: {problem}", "error")
    if changed:
        flash(f"{changed} letter{'s' * (changed != 1)} {done}.", "success")
    elif not letters:
        flash("No letter was chosen. Tick the companies that it is for.", "error")
    return redirect(url_for("desk.board", slug=slug))


@blueprint.route("/letters/<ref>/hold", methods=["GET", "POST"])
@staff(May.TRIAGE)
def hold(ref: str) -> ResponseReturnValue:
    """Hold the letter, everything about its company, or its whole campaign."""
    letter, form = _letter(ref), HoldForm(what="letter")
    subjects = {
        "letter": ("This letter", {"letter_id": letter.id}),
        "company": (f"Every letter to {letter.company.name}", {"company_id": letter.company_id}),
        "campaign": (
            f"The whole campaign “{letter.campaign.title}”",
            {"campaign_id": letter.campaign_id},
        ),
    }
    form.what.choices = [(name, words) for name, (words, _) in subjects.items()]
    if form.validate_on_submit() and attempt(
        lambda: operations.hold(
            why=form.why.data, actor=current_user, **subjects[form.what.data][1]
        ),
        done="On hold: nothing happens by itself until a person releases it.",
        form=form,
    ):
        return _to(letter)
    return render_template("awaiting/hold.html", form=form, letter=letter)


@blueprint.route("/letters/<ref>/release/<hold>", methods=["GET", "POST"])
@staff(May.PUBLISH)
def release(ref: str, hold: str) -> ResponseReturnValue:
    """Release a hold, after a look at what it lets go."""
    letter, held = _letter(ref), queries.hold(hold) or abort(404)
    if request.method == "GET":
        return render_template(
            "awaiting/release.html", letter=letter, hold=held, about=_about(held)
        )
    attempt(
        lambda: operations.release(held.id, actor=current_user),
        done="Released: what it stopped is due again at once.",
    )
    return _to(letter)


def _about(held: Hold) -> str:
    if held.letter_id is not None:
        return "this letter"
    return "every letter to this company" if held.company_id else "the whole campaign"


@blueprint.route("/letters/<ref>/sweep", methods=["GET", "POST"])
@staff(May.PUBLISH)
def sweep(ref: str) -> ResponseReturnValue:
    """Confirm that the doors that the program does not read were looked through."""
    letter, form = _letter(ref), SweepForm()
    if form.validate_on_submit() and attempt(
        lambda: operations.confirm_sweep(letter.id, note=form.note.data, actor=current_user),
        done="Confirmed: no reply had come by another way.",
        form=form,
    ):
        return _to(letter)
    standing = queries.standing(letter)
    return render_template(
        "awaiting/sweep.html",
        form=form,
        letter=letter,
        standing=standing,
        doors=queries.other_doors(standing),
        too_early=standing.deadline_at is None or clock.now() < standing.deadline_at,
    )


@blueprint.route("/letters/<ref>/sign-proof", methods=["GET", "POST"])
@staff(May.APPROVE)
def sign_proof(ref: str) -> ResponseReturnValue:
    """Sign that weak proof suffices."""
    letter, form = _letter(ref), SignProofForm()
    if form.validate_on_submit() and attempt(
        lambda: operations.sign_weak_proof(letter.id, words=form.words.data, actor=current_user),
        done="Signed: the proof counts, and the response period runs from it.",
        form=form,
    ):
        return _to(letter)
    return render_template(
        "awaiting/sign_proof.html", form=form, letter=letter, standing=queries.standing(letter)
    )
