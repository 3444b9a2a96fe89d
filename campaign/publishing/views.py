"""Staff pages of publishing: the queue, and a person's word where one is asked for."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.awaiting import operations as awaiting
from campaign.drafting import asked
from campaign.drafting import queries as drafting
from campaign.drafting.models import Letter
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import (
    look,
    operations,
    queries,
    queue,
    redacting,
    retracting,
    statements,
    words,
)
from campaign.publishing.forms import PublishReplyForm, SweepManyForm, WhyForm, WordForm
from campaign.publishing.rules import TITLES
from campaign.replies import queries as replies
from campaign.replies.models import Reply
from campaign.web.acts import attempt
from campaign.web.lists import listed, searched
from campaign.web.moments import relative

blueprint = Blueprint("publishing_staff", __name__, url_prefix="/staff")

_PER_PAGE = 25


@blueprint.context_processor
def _words() -> dict[str, object]:
    now = clock.now()
    return {
        "GATE_TITLES": {gate.value: title for gate, title in TITLES.items()},
        "in_time": lambda moment: relative(moment, now),
    }


def _letter(ref: str) -> Letter:
    return drafting.letter(ref) or abort(404)


def _reply(ref: str) -> Reply:
    return queries.reply(ref) or abort(404)


def _to(letter: Letter) -> ResponseReturnValue:
    return redirect(url_for("drafting.letter", ref=letter.ref))


@blueprint.get("/publishing/")
@staff(May.VIEW)
def publication_queue() -> ResponseReturnValue:
    """Every open letter with its gates."""
    given = {
        "words": searched(),
        "campaign": request.args.get("campaign", "")[:100],
        "when": request.args.get("when", ""),
    }
    if given["when"] and given["when"] not in queue.WHEN:
        abort(400)
    now = clock.now()
    page = listed(queue.waiting_letters(now=now, **given), per_page=_PER_PAGE)
    return render_template(
        "publishing/staff/queue.html",
        page=page,
        rows=queue.rows(page.items),
        given=given,
        campaigns=queue.campaigns(),
        just_published=retracting.just_published(now),
        sweeps=len(queue.to_sweep(now)),
        now=now,
    )


@blueprint.route("/publishing/sweep", methods=["GET", "POST"])
@staff(May.PUBLISH)
def sweep_many() -> ResponseReturnValue:
    """Confirm for several letters that no reply came by a way that the program does not read."""
    waiting = queue.to_sweep(clock.now())
    form = SweepManyForm()
    form.letters.choices = [(one.letter.ref, one.letter.company.name) for one in waiting]
    if form.validate_on_submit():
        chosen = [one.letter for one in waiting if one.letter.ref in set(form.letters.data)]
        done = [letter for letter in chosen if _swept(letter, form.note.data)]
        if done:
            many = "letter" if len(done) == 1 else "letters"
            flash(f"Confirmed for {len(done)} {many}.", "success")
        return redirect(url_for(".publication_queue"))
    return render_template("publishing/staff/sweep_many.html", form=form, waiting=waiting)


def _swept(letter: Letter, note: str) -> bool:
    """Whether it could be confirmed; where not, the person is told why."""
    name = letter.company.name
    try:
        awaiting.confirm_sweep(letter.id, note=note, actor=current_user)
    except Problem as problem:
        flash(f"{name}: {problem}", "error")
        return False
    return True


@blueprint.route("/letters/<ref>/publish", methods=["GET", "POST"])
@staff(May.PUBLISH)
def publish_silence(ref: str) -> ResponseReturnValue:
    """Publish “did not respond” by a person's word: the same gate as the program's."""
    letter, form = _letter(ref), WordForm()
    if form.validate_on_submit() and attempt(
        lambda: operations.publish_silence(letter.id, actor=current_user),
        done="Published. A late answer changes the headline at once.",
        form=form,
    ):
        return _to(letter)
    return render_template(
        "publishing/staff/publish_silence.html",
        form=form,
        letter=letter,
        look=look.at([letter])[letter.id],
        statement=statements.silence(queries.told(letter, clock.now())),
        record=queries.record_of(letter.id),
    )


@blueprint.route("/letters/<ref>/acknowledged-only", methods=["GET", "POST"])
@staff(May.PUBLISH)
def acknowledged_only(ref: str) -> ResponseReturnValue:
    """Publish that they acknowledged the letter, or asked for time, and then nothing."""
    letter, form = _letter(ref), WordForm()
    if form.validate_on_submit() and attempt(
        lambda: operations.publish_acknowledged_only(letter.id, actor=current_user),
        done="Published as “acknowledged only”.",
        form=form,
    ):
        return _to(letter)
    thread = replies.theirs(letter.id)
    return render_template(
        "publishing/staff/acknowledged_only.html",
        form=form,
        letter=letter,
        look=look.at([letter])[letter.id],
        thread=thread,
        statement=operations.acknowledged_statement(letter, thread) if thread else "",
        passing={gate.value for gate in operations.NOT_ASKED_OF_ACKNOWLEDGED},
    )


@blueprint.route("/letters/<ref>/retract", methods=["GET", "POST"])
@staff(May.PUBLISH)
def retract(ref: str) -> ResponseReturnValue:
    """Withdraw what the record says: in the open, with the reason."""
    letter, form = _letter(ref), WhyForm()
    entry = queries.newest_entry(letter.id) or abort(404)
    if form.validate_on_submit() and attempt(
        lambda: retracting.retract(letter.id, why=form.why.data, actor=current_user),
        done="Withdrawn. The record says so, with your reason.",
        form=form,
    ):
        return _to(letter)
    return render_template(
        "publishing/staff/retract.html",
        form=form,
        letter=letter,
        entry=entry,
        statement=retracting.statement_of(letter, entry),
    )


@blueprint.route("/letters/<ref>/not-reached", methods=["GET", "POST"])
@staff(May.PUBLISH)
def not_reached(ref: str) -> ResponseReturnValue:
    """Say openly that the letter did not reach the company."""
    letter, form = _letter(ref), WhyForm()
    if form.validate_on_submit() and attempt(
        lambda: operations.set_not_reached(letter.id, why=form.why.data, actor=current_user),
        done="Published as “not reached”; it is left out of all rates.",
        form=form,
    ):
        return _to(letter)
    return render_template(
        "publishing/staff/not_reached.html",
        form=form,
        letter=letter,
        statement=statements.not_reached(queries.told(letter, clock.now())),
    )


@blueprint.route("/replies/<ref>/publish", methods=["GET", "POST"])
@staff(May.PUBLISH)
def publish_reply(ref: str) -> ResponseReturnValue:
    """Publish what the company said, after a look at exactly what becomes public."""
    reply, form = _reply(ref), PublishReplyForm()
    letter = reply.letter
    look_at = redacting.looked_at(reply)
    if form.validate_on_submit() and attempt(
        lambda: operations.publish_reply(
            reply.id,
            comment=form.comment.data or "",
            seen=form.seen_number,
            may_stand=form.may_stand.data,
            actor=current_user,
        ),
        done="Their reply is published.",
        form=form,
    ):
        return _to(letter)
    form.seen.data = str(look_at.number)
    told = operations.answered_as(reply, letter) if reply.answer else None
    shown, instead = True, ""
    redacted = bool(look_at.redaction and look_at.redaction.found)
    if told and not words.may_show(told.response.value, reply.permission.value, redacted=redacted):
        shown = False
        instead = words.why_not_shown(
            told.response.value, reply.permission.value, letter.company.name
        )
    return render_template(
        "publishing/staff/publish_reply.html",
        form=form,
        letter=letter,
        reply=reply,
        asked={one.number: one.text for one in asked.of_letter(letter)},
        told=told,
        shown=shown,
        instead=instead,
        before=queries.newest_entry(letter.id),
        pieces=look_at.pieces,
        redaction=look_at.redaction,
        suggested=look_at.suggested if shown else 0,
    )


@blueprint.route("/replies/<ref>/withdraw", methods=["GET", "POST"])
@staff(May.TRIAGE)
def withdraw_reply(ref: str) -> ResponseReturnValue:
    """Take back that something was the company's reply; its message waits in the inbox again."""
    reply, form = _reply(ref), WhyForm()
    letter = reply.letter
    if form.validate_on_submit() and _withdrawn(reply, form):
        return _to(letter)
    return render_template(
        "publishing/staff/withdraw_reply.html", form=form, letter=letter, reply=reply
    )


def _withdrawn(reply: Reply, form: WhyForm) -> bool:
    def act() -> bool:
        operations.withdraw_reply(reply.id, why=form.why.data, actor=current_user)
        return True

    done = "Taken back. The message waits in the inbox, and blocks silence until it is filed."
    return bool(attempt(act, done=done, form=form))
