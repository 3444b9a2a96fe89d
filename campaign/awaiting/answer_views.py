"""Staff pages of what we write in the thread of a letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.awaiting import answer_queries, answer_rules, answer_texts, answering, queries
from campaign.awaiting.answer_forms import KINDS, AnswerForm
from campaign.awaiting.answer_models import OutgoingAnswer
from campaign.awaiting.answer_rules import NEEDS_SECOND, AnswerKind, AnswerState
from campaign.drafting import queries as drafting
from campaign.drafting.models import Letter
from campaign.replies.models import IncomingMessage
from campaign.web.acts import attempt

blueprint = Blueprint("answers", __name__, url_prefix="/staff")


def panel(letter: Letter) -> tuple[str, dict[str, Any]] | None:
    """What we wrote in the thread, on the page of a letter that has left."""
    if not answer_queries.first_mail(letter):
        return None
    return "awaiting/_answers.html", {
        "answers": answer_queries.answers_of(letter.id),
        "kinds": KINDS,
        "may_write": current_user.may(May.TRIAGE),
    }


def _answer(ref: str) -> OutgoingAnswer:
    return answer_queries.answer(ref) or abort(404)


def _to_letter(letter: Letter) -> ResponseReturnValue:
    return redirect(url_for("drafting.letter", ref=letter.ref))


@blueprint.route("/letters/<ref>/answer", methods=["GET", "POST"])
@staff(May.TRIAGE)
def write(ref: str) -> ResponseReturnValue:
    """Begin an answer: choose what it is, go on from its starting text."""
    letter = drafting.letter(ref) or abort(404)
    asked = request.values.get("message", "")
    message = (answer_queries.message_of(letter, asked) or abort(404)) if asked else None
    kind = _kind(letter, message)
    start = answer_texts.start(letter, kind, message)
    allowed = answer_queries.to_whom(letter, message)
    form = AnswerForm(
        data={
            "kind": kind.value, "to": next(iter(allowed), ""),
            "subject": start.subject, "text": start.text,
        }
    )  # fmt: skip
    form.offer(allowed)
    if form.validate_on_submit():
        made = attempt(
            lambda: answering.write(letter.id, form.words(), message_ref=asked, actor=current_user),
            form=form,
        )
        if made:
            return _after(made)
    return _page(letter, message, form, kind=kind)


def _kind(letter: Letter, message: IncomingMessage | None) -> AnswerKind:
    """The kind that the address asks for, else what an answer to this most likely is."""
    given = request.args.get("kind", "")
    if given:
        return AnswerKind(given) if given in set(AnswerKind) else abort(400)
    filed = answer_queries.filed_as(letter, message) if message else None
    return answer_rules.first_kind(filed.kind if filed else None)


@blueprint.route("/answers/<ref>/", methods=["GET", "POST"])
@staff(May.TRIAGE)
def edit(ref: str) -> ResponseReturnValue:
    """Go on with a draft; look at what waits or has been ordered."""
    found = _answer(ref)
    if found.state is not AnswerState.DRAFT:
        return render_template(
            "awaiting/answer.html", answer=found, letter=found.letter, kinds=KINDS,
            may_agree=current_user.may(May.APPROVE) and found.written_by_id != current_user.id,
        )  # fmt: skip
    form = AnswerForm(
        data={
            "kind": found.kind.value, "to": found.to_address, "subject": found.subject,
            "text": found.text, "seen": str(found.version),
        }
    )  # fmt: skip
    form.offer(answer_queries.to_whom(found.letter, found.message))
    if form.validate_on_submit():
        saved = attempt(
            lambda: answering.rewrite(
                found.id, form.words(), seen=form.version, actor=current_user
            ),
            form=form,
        )
        if saved:
            return _after(saved)
    return _page(found.letter, found.message, form, answer=found)


def _after(saved: OutgoingAnswer) -> ResponseReturnValue:
    """Send what was saved, where that was asked for; else back to the letter."""
    if "send" not in request.form:
        attempt(lambda: True, done="The draft is kept.")
        return _to_letter(saved.letter)
    sent = attempt(
        lambda: answering.send(saved.id, seen=saved.version, actor=current_user),
        done="A second person reads it before it goes."
        if saved.kind in NEEDS_SECOND
        else "It is in the outbox.",
    )
    if sent is None:
        return redirect(url_for("answers.edit", ref=saved.ref))
    return _to_letter(saved.letter)


def _page(
    letter: Letter, message: IncomingMessage | None, form: AnswerForm, **more: Any
) -> ResponseReturnValue:
    return render_template(
        "awaiting/write_answer.html",
        letter=letter,
        message=message,
        form=form,
        standing=queries.standing(letter),
        needs_second=[kind.value for kind in NEEDS_SECOND],
        **{"answer": None, "kind": None, **more},
    )


@blueprint.post("/answers/<ref>/agree")
@staff(May.APPROVE)
def agree(ref: str) -> ResponseReturnValue:
    """A second person agrees: it goes into the outbox."""
    return _act(ref, answering.approve, "It is in the outbox.")


@blueprint.post("/answers/<ref>/give-back")
@staff(May.TRIAGE)
def give_back(ref: str) -> ResponseReturnValue:
    """It is a draft again."""
    return _act(ref, answering.give_back, "It is a draft again.")


@blueprint.post("/answers/<ref>/discard")
@staff(May.TRIAGE)
def discard(ref: str) -> ResponseReturnValue:
    """Throw a draft away."""
    return _act(ref, answering.discard, "The draft is thrown away.")


def _act(ref: str, act: Callable[..., Any], done: str) -> ResponseReturnValue:
    found = _answer(ref)
    seen = AnswerForm().version
    attempt(lambda: (act(found.id, seen=seen, actor=current_user),), done=done)
    return _to_letter(found.letter)
