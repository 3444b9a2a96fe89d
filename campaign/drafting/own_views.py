"""The editor of what one letter says otherwise than its campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaign.accounts.guard import staff
from campaign.accounts.models import User
from campaign.accounts.rules import May
from campaign.drafting import (
    composing,
    custom_queries,
    differing,
    own_reading,
    own_saving,
    queries,
    rules,
    texts,
)
from campaign.drafting.models import Letter, LetterOwn, TextKind
from campaign.drafting.own import OwnWords
from campaign.drafting.own_forms import OwnForm, in_words, values_of
from campaign.drafting.previewing import VIEWS, Preview
from campaign.drafting.sources import Text
from campaign.drafting.views import letter_or_404, to_letter
from campaign.extensions import db
from campaign.kernel.compare import side_by_side
from campaign.web.acts import attempt
from campaign.web.headers import framed

blueprint = Blueprint("own", __name__, url_prefix="/staff")

_DONE = "Saved. A text of this letter that waited for approval is a draft again."


@dataclass
class OwnPreview(Preview):
    """How the typed words of one letter read."""

    letter: Letter | None = None
    words: OwnWords = own_reading.NOTHING

    @cached_property
    def composed(self) -> composing.Composed:
        """The letter with the words as typed, dated today, in the company's own language."""
        with db.session.no_autoflush:
            return composing.compose(self._letter, queries.today(), self._sources)

    @cached_property
    def _letter(self) -> Letter:
        assert self.letter is not None
        return self.letter

    @cached_property
    def _sources(self) -> composing.Sources:
        typed = {self._letter.id: self.words}
        return composing.read_sources(self.campaign.id, None, self._letter, typed)

    @cached_property
    def length(self) -> rules.Length:
        """How long the letter's text is as typed."""
        return rules.length(self.words.body)


@dataclass(frozen=True)
class Clash:
    """What somebody saved while another person was writing on the version before."""

    theirs: LetterOwn
    author: User
    rows: tuple[tuple[bool, str, str], ...]


def _unsent_or_404(ref: str) -> Letter:
    letter = letter_or_404(ref)
    return letter if letter.state in rules.UNSENT else abort(404)


@blueprint.route("/letters/<ref>/own/", methods=["GET", "POST"])
@staff(May.DRAFT)
def editor(ref: str) -> ResponseReturnValue:
    """The editor: look at what is typed, or save it. What both changed is settled first."""
    letter = letter_or_404(ref)
    if letter.state not in rules.UNSENT:
        return to_letter(letter)
    applied = own_saving.now(letter)
    form = OwnForm(data=values_of(applied))
    if "take" in request.form:
        form.take(applied)
    saving = "save" in request.form or "over" in request.form
    faults = _faults(letter, form)
    if saving and form.validate_on_submit() and not faults and _save(letter, form):
        return redirect(url_for("own.editor", ref=ref))
    shown = _shown(letter, form, faults if request.method == "POST" else ())
    page = render_template(
        "drafting/own.html",
        **shown,
        things=list(differing.told(applied)),
        applied=applied,
        seen=own_saving.fingerprint(applied),
        choices=own_saving.CHOICES,
        saving=saving,
        clash=_clash(form, own_reading.newest(letter.id)) if request.method == "POST" else None,
    )
    return (page, 422) if saving else page


def _faults(letter: Letter, form: OwnForm) -> list[texts.Found]:
    """What is wrong in the typed text."""
    custom = custom_queries.kinds(letter.campaign_id)
    return texts.faults(TextKind.LETTER, "", form.words().body, custom)


def _save(letter: Letter, form: OwnForm) -> bool:
    seen = form.over.data if form.over.data is not None else form.based_on.data
    return bool(
        attempt(
            lambda: (
                own_saving.save_own(letter.id, form.words(), actor=current_user, based_on=seen),
            ),
            done=_DONE,
            form=form,
        )
    )


def _clash(form: OwnForm, newest: LetterOwn | None) -> Clash | None:
    """The newest version where what is in the form is based on another; None where it is not."""
    if newest is None or form.based_on.data == newest.version:
        return None
    saved = in_words(own_reading.value(newest))
    rows = side_by_side(saved, in_words(form.words()))
    return Clash(newest, newest.created_by, rows) if any(not same for same, *_ in rows) else None


def _shown(letter: Letter, form: OwnForm, faults: Sequence[texts.Found]) -> dict[str, Any]:
    """What a page that shows the typed words needs."""
    asked = request.values.get("as", "")
    preview = OwnPreview(
        letter.campaign,
        TextKind.LETTER,
        Text("", form.words().body),
        letter.company,
        not faults,
        asked if asked in VIEWS else "page",
        letter=letter,
        words=form.words(),
    )
    return {
        "letter": letter,
        "campaign": letter.campaign,
        "kind": TextKind.LETTER,
        "form": form,
        "faults": faults,
        "preview": preview,
        "views": list(VIEWS.items()),
        "email_at": url_for("own.typed_email", ref=letter.ref),
    }


@blueprint.post("/letters/<ref>/own/preview")
@staff(May.DRAFT)
def live_preview(ref: str) -> ResponseReturnValue:
    """The part of the editor's page that follows what is typed."""
    letter, form = _unsent_or_404(ref), OwnForm()
    shown = _shown(letter, form, _faults(letter, form))
    return render_template("drafting/_preview.html", **shown, live=True)


@blueprint.post("/letters/<ref>/own/email.html")
@staff(May.DRAFT)
def typed_email(ref: str) -> ResponseReturnValue:
    """The typed words as an HTML mail, for a frame that can do nothing."""
    letter, form = _unsent_or_404(ref), OwnForm()
    preview: Preview = _shown(letter, form, _faults(letter, form))["preview"]
    return framed(Response(preview.html or abort(404), mimetype="text/html"))


@blueprint.post("/letters/<ref>/own/settle")
@staff(May.DRAFT)
def settle(ref: str) -> ResponseReturnValue:
    """Say what holds at each place that the campaign and the letter both changed."""
    letter = letter_or_404(ref)
    applied = own_saving.now(letter)
    places = len(applied.conflicts) + len(applied.question_conflicts)
    choices = [request.form.get(f"place-{n}", "") for n in range(1, places + 1)]
    attempt(
        lambda: own_saving.settle(
            letter.id, choices, seen=request.form.get("seen", ""), actor=current_user
        ),
        done="Settled. Read the whole letter once before it goes to approval.",
    )
    return redirect(url_for("own.editor", ref=ref))
