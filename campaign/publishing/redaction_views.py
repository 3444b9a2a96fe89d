"""Staff page on which passages of a reply are left out of everything that is public."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.publishing import public_queries, queries, redacting
from campaign.publishing.redaction_forms import MarksForm, changed
from campaign.replies import redaction_queries, redaction_rules
from campaign.replies.models import Reply
from campaign.replies.redaction_rules import Mark
from campaign.web.acts import attempt

blueprint = Blueprint("redaction", __name__, url_prefix="/staff/replies")


def found(ref: str) -> Reply:
    """The reply with this opaque id; 404 for none."""
    return queries.reply(ref) or abort(404)


@blueprint.route("/<ref>/redact", methods=["GET", "POST"])
@staff(May.TRIAGE)
def text(ref: str) -> ResponseReturnValue:
    """Mark what is left out, look at what the public will see, save it."""
    reply, form = found(ref), MarksForm()
    if not form.is_submitted():
        return _begin(reply, form)
    form.validate()
    marks = changed(form, request, reply.text)
    if request.form.get("act") == "save" and not form.errors and _saved(reply, form, marks):
        return redirect(url_for("drafting.letter", ref=reply.letter.ref))
    return _page(found(ref), form, marks)


def _begin(reply: Reply, form: MarksForm) -> str:
    """Start from what is left out now, or was in an earlier state that is asked for."""
    every = redaction_queries.versions([reply.id])[reply.id]
    form.seen.data = str(every[-1].number if every else 0)
    asked = request.args.get("state", "")
    chosen = [one for one in every if str(one.number) == asked] or every[-1:]
    return _page(reply, form, chosen[0].found if chosen else ())


def _saved(reply: Reply, form: MarksForm, marks: tuple[Mark, ...]) -> bool:
    public = bool(queries.published_replies([reply.id]))
    done = "Saved. " + (
        "It is so in public from now on: page, data and feeds."
        if public
        else "Nothing is published by this."
    )
    saved = attempt(
        lambda: redacting.redact(reply.id, marks, seen=form.seen_number, actor=current_user),
        done=done,
        form=form,
    )
    return saved is not None


def _page(reply: Reply, form: MarksForm, marks: tuple[Mark, ...]) -> str:
    form.marks.data = redaction_rules.written(marks)
    every = redaction_queries.versions([reply.id])[reply.id]
    return render_template(
        "publishing/staff/redact.html",
        form=form,
        reply=reply,
        letter=reply.letter,
        marks=marks,
        pieces=redaction_rules.pieces(reply.text, marks),
        source=redaction_rules.base(reply.text),
        suggested=redacting.unmarked(reply, marks),
        again=_again(reply, marks),
        elsewhere=_elsewhere(reply, marks),
        states=every[::-1],
        saved=every[-1].found if every else (),
        public=bool(queries.published_replies([reply.id])),
        REASONS=redaction_rules.REASONS,
        written=redaction_rules.written,
    )


def _again(reply: Reply, marks: tuple[Mark, ...]) -> int:
    """How many more passages hold words that are left out elsewhere."""
    everywhere = redaction_rules.everywhere(reply.text, marks)
    return sum(redaction_rules.reveals(reply.text, [mark], marks) for mark in everywhere)


def _elsewhere(reply: Reply, marks: tuple[Mark, ...]) -> list[str]:
    """Other replies of the letter in which words that are left out here still stand."""
    told = redaction_rules.masks(redaction_rules.hidden_in(reply.text, marks))
    shown = public_queries.shown([reply.letter])[0]
    others = (one for one in shown.shown_replies if one.id != reply.id)
    return [
        one.ref
        for one in others
        if redaction_rules.tells(redaction_rules.plain(shown.pieces(one)), told)
    ]
