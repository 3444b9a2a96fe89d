"""Comments on a text: they keep to their passage, and never leave the office."""

from __future__ import annotations

import ast
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns.models import Campaign
from campaign.config import ROOT
from campaign.drafting import anchors, comment_panels, commenting, comments, composing, operations
from campaign.drafting.anchors import Anchor
from campaign.drafting.comment_models import TextComment
from campaign.drafting.models import FrozenText, LetterTemplate, TextKind
from campaign.extensions import db
from campaign.history import queries as history
from tests.builders import accounts
from tests.builders import drafting as build
from tests.drafting.acting import refusal
from tests.pages import page

BASE = "/staff/campaigns/location-data"
URL = f"{BASE}/templates/letter/comments/"
ADA, BEA = "ada.drafter@brightwater.example", "bea.approver@brightwater.example"
VIV = "viv.viewer@brightwater.example"
SAID = "Is this <provable>?"
TEXT = "Subject\n\nYou sold data of users. We ask you to stop. Later we ask you to answer."


def _noted(quote: str, before: str = "") -> Anchor:
    noted = anchors.anchor(TEXT, quote, before)
    assert noted
    return noted


@pytest.mark.parametrize(
    ("quote", "before", "now", "expected"),
    [
        ("sold data", "", TEXT, "sold data"),
        ("sold data", "", "New words first. " + TEXT, "sold data"),
        ("sold data", "", TEXT.replace("sold data", "sold\ndata"), "sold\ndata"),
        ("we ask you", "stop. Later ", TEXT, "we ask you"),
        ("sold data", "", TEXT.replace("sold data", "gave away some data"), "gave away some data"),
        ("sold data", "", TEXT.replace("You sold data of users. ", ""), None),
        ("sold data", "", "Another letter.", None),
        ("sold data", "", TEXT.replace("sold data", "x" * 300), None),
    ],
)
def test_a_passage_is_found_again_in_an_edited_text(
    quote: str, before: str, now: str, expected: str | None
) -> None:
    spot = anchors.locate(now, _noted(quote, before))
    assert (now[spot.start : spot.end] if spot else None) == expected
    assert not spot or spot.changed == (expected != quote and "\n" not in str(expected))


def test_of_the_same_words_twice_the_ones_meant_are_found() -> None:
    text = "Stop. We ask you. Go on. We ask you."
    first, second = (anchors.anchor(text, "We ask you", near) for near in ("Stop. ", "Go on. "))
    assert first
    assert second
    edited = "Stop at once. We ask you. Go on. We ask you."
    spots = [anchors.locate(edited, one) for one in (first, second)]
    assert [spot.start for spot in spots if spot] == [14, 33]


def test_the_text_is_cut_into_pieces_that_make_up_the_whole_of_it() -> None:
    spots = {1: anchors.Spot(2, 6, changed=False), 2: anchors.Spot(4, 8, changed=False)}
    found = anchors.pieces("0123456789", spots)
    assert [(one.text, one.over, one.ends) for one in found] == [
        ("01", (), ()),
        ("23", (1,), ()),
        ("45", (1, 2), (1,)),
        ("67", (2,), (2,)),
        ("89", (), ()),
    ]
    assert "".join(one.text for one in anchors.pieces("", {})) == ""


@pytest.fixture
def desk(app: Flask) -> None:
    """A letter in review; a drafter, an approver, and two who may only look."""
    with app.app_context():
        build.in_review(build.staff())
        accounts.user("Viv Viewer", Role.VIEWER)
        accounts.user("Wim Viewer", Role.VIEWER)


def _client(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    accounts.sign_in(client, who)
    return client


def _say(client: FlaskClient, **typed: str) -> str:
    """Comment on the letter; the comment's opaque id."""
    answer = accounts.post(client, URL, {"quote": "", "body": SAID, **typed})
    assert answer.status_code == 302, answer.text
    return answer.location.rpartition("#comment-")[2]


def _edit(app: Flask, old: str, new: str) -> None:
    with app.app_context():
        author = db.session.query(User).filter_by(email=ADA).one()
        campaign = db.session.query(Campaign).one()
        text = composing.latest(campaign.id)[TextKind.LETTER]
        assert old in text.body
        operations.save_template(
            campaign.id,
            kind=TextKind.LETTER,
            subject=text.subject,
            body=text.body.replace(old, new),
            actor=author,
        )


@pytest.mark.usefixtures("desk")
def test_who_may_look_comments_on_a_passage_and_others_answer_and_resolve(app: Flask) -> None:
    viv, ada = _client(app, VIV), _client(app, ADA)
    _say(viv, quote="answer these\n questions")
    shown = page(ada.get(URL))
    assert "answer these questions" in shown.texts("#commented mark")
    assert SAID in shown.text
    assert len(shown.select(".comment-mark")) == 1
    ref = _say(viv)
    assert "On the whole text" in page(ada.get(URL)).text
    accounts.post(ada, f"/staff/comments/{ref}/reply", {"body": "It is, see page 4."}, page=URL)
    assert "It is, see page 4." in page(viv.get(URL)).text
    accounts.post(ada, f"/staff/comments/{ref}/resolve", page=URL)
    shown = page(viv.get(URL))
    assert "Resolved by Ada Drafter" in shown.text
    assert "Open 1" in shown.text
    accounts.post(viv, f"/staff/comments/{ref}/reopen", page=URL)
    assert "Open 2" in page(viv.get(URL)).text
    with app.app_context():
        subject = db.session.query(Campaign).one().ref
        kinds = [one.kind for one in history.of(subject) if one.kind.startswith("comment.")]
    assert kinds == [
        f"comment.{what}" for what in ("added", "added", "replied", "resolved", "reopened")
    ]


@pytest.mark.usefixtures("desk")
def test_a_comment_survives_edits_and_says_when_its_passage_is_gone(app: Flask) -> None:
    viv = _client(app, VIV)
    _say(viv, quote="answer these questions")
    _edit(app, "Please answer these questions", "Please answer the following questions")
    shown = page(viv.get(URL))
    assert "The passage has changed since." in shown.text
    assert "answer the following questions" in " ".join(shown.texts(".thread ins"))
    _edit(app, "Please answer the following questions:\n\n", "")
    shown = page(viv.get(URL))
    assert "The passage is not in the text any more" in shown.text
    assert shown.texts(".quoted del") == ["answer these questions"]
    assert not shown.select("#commented mark")


@pytest.mark.usefixtures("desk")
def test_what_cannot_be_said_is_refused_and_nothing_typed_is_lost(app: Flask) -> None:
    viv = _client(app, VIV)
    for typed, told in (
        ({"quote": "words that are not there", "body": SAID}, "does not stand in the text in use"),
        ({"quote": "", "body": ""}, "Write the comment"),
        ({"quote": "", "body": "b" * 5_001}, "5000"),
    ):
        shown = page(accounts.post(viv, URL, typed), 422)
        assert told in shown.text
        assert shown.one("[name=quote]").to_text().strip() == typed["quote"]
    ref = _say(viv)
    accounts.post(viv, f"/staff/comments/{ref}/reply", {"body": ""}, page=URL)
    assert "Nothing was said" in page(viv.get(URL)).text
    assert viv.post(URL, data={"body": "No token."}).status_code == 401  # asks to send it again
    assert viv.get(URL.replace("letter", "postcard")).status_code == 404
    assert accounts.post(viv, "/staff/comments/none/resolve", page=URL).status_code == 404


@pytest.mark.usefixtures("desk")
def test_who_may_only_look_resolves_their_own_comments_alone(app: Flask) -> None:
    viv, wim = _client(app, VIV), _client(app, "wim.viewer@brightwater.example")
    ref = _say(viv)
    assert "Resolve" not in page(wim.get(URL)).texts("button")
    accounts.post(wim, f"/staff/comments/{ref}/resolve", page=URL)
    assert "This comment is somebody else's." in page(wim.get(URL)).text
    accounts.post(viv, f"/staff/comments/{ref}/resolve", page=URL)
    assert "Resolved by Viv Viewer" in page(viv.get(URL)).text


@pytest.mark.usefixtures("desk")
def test_open_comments_are_counted_and_said_aloud_at_approval_and_block_nothing(
    app: Flask,
) -> None:
    bea = _client(app, BEA)
    with app.app_context():
        text = db.session.query(FrozenText).one()
        ref, sha256, letter = text.ref, text.sha256, text.letter.ref
    one, all_of_them = f"/staff/letters/{letter}/approve/", f"{BASE}/approve/"
    assert "comment is open" not in page(bea.get(one)).text
    said = _say(_client(app, VIV))
    for address in (one, all_of_them):
        shown = page(bea.get(address))
        assert "1 comment is open" in shown.text
        assert SAID in shown.text
    assert "1 open comment" in page(bea.get(f"{BASE}/templates/")).text
    assert "1 open comment" in page(bea.get(f"{BASE}/")).text
    ada = _client(app, ADA)
    assert "1 open comment" in page(ada.get(f"{BASE}/templates/letter/")).text
    accounts.post(bea, f"/staff/comments/{said}/resolve", page=URL)
    assert "comment is open" not in page(bea.get(one)).text
    accounts.post(bea, f"/staff/comments/{said}/reopen", page=URL)
    signed = accounts.post(bea, one, {"text": ref, "sha256": sha256, "note": ""})
    assert signed.status_code == 302
    assert "You have signed this text." in page(bea.get(f"/staff/letters/{letter}/")).text


@pytest.mark.usefixtures("desk")
def test_a_comment_on_a_text_in_another_language_is_counted_by_its_name(app: Flask) -> None:
    with app.app_context():
        author = db.session.query(User).filter_by(email=ADA).one()
        campaign = db.session.query(Campaign).one()
        text = composing.Text("Fragen", "Guten Tag", 1)
        commenting.add(campaign.id, "letter.de", text, quote="", body=SAID, actor=author)
        told = comment_panels.campaign_panel(campaign)[1]["told"]
        letter = db.session.query(FrozenText).one().letter.ref
    assert [(one.name, one.open) for one in told if one.open] == [("letter in German", 1)]
    shown = page(_client(app, BEA).get(f"/staff/letters/{letter}/approve/"))
    assert "Letter (de), Ada Drafter" in shown.text


@pytest.mark.usefixtures("desk")
def test_a_comment_changes_neither_a_text_nor_what_waits_with_it(app: Flask) -> None:
    with app.app_context():
        bundle = db.session.query(FrozenText).one().bundle
        versions = db.session.query(LetterTemplate).count()
    _say(_client(app, VIV), quote="answer these questions")
    with app.app_context():
        text = db.session.query(FrozenText).one()
        assert (text.bundle, text.voided_at) == (bundle, None)
        assert "provable" not in text.bundle
        assert db.session.query(LetterTemplate).count() == versions


def _imported(path: Path) -> set[str]:
    """What a module takes from drafting, by name."""
    nodes = [
        one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.ImportFrom)
    ]
    whole = {name.name for one in nodes if one.module == "campaign.drafting" for name in one.names}
    return whole | {str(one.module).rpartition(".")[2] for one in nodes}


def test_nothing_that_leaves_the_office_can_read_a_comment() -> None:
    own = {
        "comments",
        "commenting",
        *(f"comment_{room}" for room in ("forms", "models", "panels", "views")),
    }
    found = {path.stem for path in (ROOT / "campaign").rglob("*.py") if _imported(path) & own}
    assert found - own == {"approval_views", "template_views", "pages", "factory", "models"}
    using = {
        path.parent.name
        for path in (ROOT / "templates").rglob("*.*")
        if path.suffix in {".html", ".txt"} and "_comments.html" in path.read_text()
    }
    assert using == {"drafting"}


@pytest.mark.usefixtures("desk")
def test_a_comment_sent_after_the_session_ended_stands_after_the_sign_in(app: Flask) -> None:
    viv = _client(app, VIV)
    viv.delete_cookie("staff_session", path="/staff")
    typed = {"quote": "answer these questions", "before": "", "body": SAID, "csrf_token": "old"}
    carried = page(viv.post(URL, data=typed), 401)
    form = {
        str((field.attrs or {})["name"]): str((field.attrs or {}).get("value", ""))
        for field in carried.select("form input")
    }
    sign_in = {"email": VIV, "password": accounts.PASSWORD}
    viv.post(f"/staff/login?next={URL}", data={**form, **sign_in})
    assert SAID in page(viv.get(URL)).text


def test_acts_on_comments_are_a_persons(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        build.draft(people)
        campaign = db.session.query(Campaign).one()
        text = composing.latest(campaign.id)[TextKind.LETTER]
        comment = commenting.add(
            campaign.id, "letter", text, quote="", body="Words.", actor=people.drafter
        )
        ref = comment.ref
        for act in (commenting.resolve, commenting.reopen):
            assert refusal(partial(act, ref, actor=None)) == "person-needed"
        assert (
            refusal(lambda: commenting.reply("none", body="x", actor=people.drafter)) == "not-there"
        )
        first = commenting.resolve(ref, actor=people.drafter).resolved_at
        assert commenting.resolve(ref, actor=people.approver).resolved_at == first  # twice is once
        assert db.session.query(TextComment).one().resolved_by == people.drafter
        assert comments.open_counts(campaign.id) == {}
