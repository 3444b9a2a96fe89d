"""The public pages of a co-signer's link: read, then sign or ask for changes; no account.

The address is the key. Opening it changes nothing, because mail scanners open links too: only
the form on the page does, with a token of its own that holds what the page showed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from campaign.accounts.guard import public
from campaign.accounts.models import User
from campaign.drafting import batch_reading, cosigning, judging, review_queries, showing
from campaign.drafting.models import Approval, FrozenText
from campaign.drafting.review import LinkState
from campaign.drafting.review_models import CosignLink
from campaign.extensions import csrf, db
from campaign.kernel.errors import Problem
from campaign.web.headers import framed
from campaign.web.pace import Pace

blueprint = Blueprint("cosigning", __name__, url_prefix="/sign")

_FORM_SECONDS = 24 * 3600
# A reader with a link is never held up by somebody who guesses: they are counted apart.
_GUESSES, _VISITS = (30, 60), (240, 60)  # times in so many seconds

View = Callable[..., ResponseReturnValue]


@blueprint.record
def _count(state: BlueprintSetupState) -> None:
    """Every app counts for itself."""
    state.app.extensions["cosign_pace"] = Pace(*_GUESSES), Pace(*_VISITS)


def _key(view: View) -> View:
    """Give a view the link that the address is the key of; headers that keep the key private."""

    @wraps(view)
    def keyed(token: str, **values: Any) -> ResponseReturnValue:
        link = review_queries.link(cosigning.digest_of(token))
        guesses, visits = current_app.extensions["cosign_pace"]
        brake = visits if link else guesses
        if not brake.allows(link.ref if link else request.remote_addr or ""):
            abort(429)
        answer = make_response(view(token, link, **values) if link else _unknown())
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    return keyed


def _unknown() -> ResponseReturnValue:
    return render_template("drafting/cosign_unknown.html"), 404


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="cosign")


def _texts(link: CosignLink) -> list[FrozenText]:
    """The texts that can be signed with a link now."""
    if not cosigning.is_live(link):
        return []
    texts = cosigning.waiting_texts(link)
    old = judging.stale(texts)
    return [text for text in texts if text.id not in old]


def _text(link: CosignLink, ref: str) -> FrozenText:
    return next((text for text in _texts(link) if text.ref == ref), None) or abort(404)


@blueprint.get("/<token>/")
@public
@_key
def page(token: str, link: CosignLink) -> ResponseReturnValue:
    """What the organisation is asked to sign, exactly; or why nothing can be signed any more."""
    return _page(token, link)


def _page(token: str, link: CosignLink, problem: str = "", comment: str = "") -> Any:
    texts = _texts(link)
    owner = db.session.get_one(User, link.campaign.owner_id)
    if not texts:
        words = {"link": link, "owner": owner, "why": _why(link)}
        status = 200 if link.state in (LinkState.SIGNED, LinkState.CHANGES) else 410
        return render_template("drafting/cosign_ended.html", **words), status
    only = texts[0] if len(texts) == 1 else None
    return render_template(
        "drafting/cosign.html",
        link=link,
        owner=owner,
        token=token,
        texts=texts,
        gone=len(review_queries.texts_of(link)) - len(texts),
        only=only,
        shown=showing.text_shown(only) if only else None,
        groups=batch_reading.read(texts),
        changed=judging.changed(texts, lambda one: _theirs(one, link)),
        form_token=_serializer().dumps([link.ref, cosigning.set_hash(texts)]),
        problem=problem,
        comment=comment,
    ), (422 if problem else 200)


def _theirs(approval: Approval, link: CosignLink) -> bool:
    return approval.organisation == link.organisation


def _why(link: CosignLink) -> str:
    """Why a link does not ask for anything any more: a name in the page."""
    if link.state is not LinkState.ASKED:
        return link.state.value
    return "changed" if cosigning.is_live(link) else "expired"


@blueprint.post("/<token>/")
@csrf.exempt
@public
@_key
def act(token: str, link: CosignLink) -> ResponseReturnValue:
    """Sign exactly what the page showed, or ask for changes."""
    try:
        given = request.form.get("form_token", "")
        ref, shown = _serializer().loads(given, max_age=_FORM_SECONDS)
    except (BadSignature, ValueError):
        return _page(token, link, "This form has expired. Read the text again, then answer.")
    if ref != link.ref:
        abort(400)
    comment = request.form.get("comment", "")
    try:
        if request.form.get("answer") == "sign":
            cosigning.sign(link.id, shown=shown)
        elif request.form.get("answer") == "changes":
            cosigning.ask_changes(link.id, shown=shown, comment=comment)
        else:
            abort(400)
    except Problem as problem:
        return _page(token, link, str(problem), comment)
    db.session.refresh(link)
    return _page(token, link)


@blueprint.get("/<token>/<ref>/")
@public
@_key
def letter(token: str, link: CosignLink, ref: str) -> ResponseReturnValue:
    """One of many letters, in all its forms."""
    row = _text(link, ref)
    return render_template(
        "drafting/cosign_letter.html",
        link=link,
        token=token,
        row=row,
        shown=showing.text_shown(row),
    )


@blueprint.get("/<token>/<ref>/letter.pdf")
@public
@_key
def pdf(token: str, link: CosignLink, ref: str) -> ResponseReturnValue:
    """The letter as PDF."""
    return Response(showing.text_shown(_text(link, ref)).pdf(), mimetype="application/pdf")


@blueprint.get("/<token>/<ref>/email.html")
@public
@_key
def email_html(token: str, link: CosignLink, ref: str) -> ResponseReturnValue:
    """The HTML part of the letter's mail, for a frame."""
    mail = showing.text_shown(_text(link, ref)).mail()
    assert mail is not None
    return framed(Response(mail.html, mimetype="text/html"))
