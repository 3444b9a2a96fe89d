"""Co-signers: asked by a link without an account, for exactly the text that they read."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.campaigns import operations as campaigns
from campaign.database import transaction
from campaign.drafting import cosigning, operations, queries, review_queries
from campaign.drafting.models import Approval, FrozenText, Letter, LetterState
from campaign.drafting.review import LinkState
from campaign.drafting.review_models import CosignLink
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.sending import cosign_mail, orders
from campaign.sending import operations as sending
from campaign.sending.transport import Handover, Outcome, Parcel, TransportTrouble
from tests.builders import accounts
from tests.builders import drafting as build
from tests.drafting import cosigners
from tests.drafting.acting import approve, refusal, submit
from tests.pages import Page, page

ADA, BEA = "ada.drafter@brightwater.example", "bea.approver@brightwater.example"


@pytest.fixture
def path(app: Flask) -> str:
    """The path of a link to North, for one letter that Legal has signed."""
    with app.app_context():
        cosigners.waits(build.staff())
        return cosigners.mailed()


def _letter() -> Letter:
    return db.session.scalars(sa.select(Letter)).one()


def _link() -> CosignLink:
    return db.session.scalars(sa.select(CosignLink).order_by(CosignLink.id.desc())).first()  # type: ignore[return-value]


def _form_token(shown: Page) -> str:
    return str((shown.one("input[name=form_token]").attrs or {})["value"])


def _answer(client: FlaskClient, path: str, answer: str, comment: str = "") -> TestResponse:
    token = _form_token(page(client.get(path)))
    return client.post(path, data={"form_token": token, "answer": answer, "comment": comment})


def test_an_organisation_is_asked_once_everybody_before_it_has_signed(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        letter = build.draft(people)
        cosigners.steps(letter, people, cosigners.NORTH, cosigners.SOUTH)
        text = submit(letter, people)
        assert cosign_mail.mail_links() == 0
        approve(text, people.approver)
        assert cosign_mail.mail_links() == 2
        assert cosign_mail.mail_links() == 0
        sent = cosigners.mails()
    assert {str(mail["To"]) for mail in sent} == {
        "Ines Vale <i@north.example>", "Omar Lund <o@south.example>",
    }  # fmt: skip


def test_an_organisation_is_asked_about_all_letters_together(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        first = build.draft(people)
        second = build.draft(people, build.reachable("Aster"), first.campaign)
        cosigners.steps(first, people, cosigners.NORTH)
        texts = [submit(first, people), submit(second, people)]
        approve(texts[0], people.approver)
        assert cosign_mail.mail_links() == 0
        approve(texts[1], people.approver)
        assert cosign_mail.mail_links() == 1
        assert "2 letters" in str(cosigners.mails()[0].get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_the_letter_is_approved_once_the_organisation_signs_and_says_so(
    app: Flask, client: FlaskClient, path: str
) -> None:
    with app.app_context():
        assert refusal(lambda: orders.send([_letter().id], actor=None)) == "letter-not-approved"
        ref = _letter().ref
    shown = page(client.get(path))
    assert shown.h1 == "Sign for North"
    assert "Larkspur Mobile" in shown.text
    assert "the program publishes “did not respond” by itself" in shown.text
    assert "you have signed" in page(_answer(client, path, "sign")).text
    with app.app_context():
        assert _letter().state is LetterState.APPROVED
        signed = db.session.scalars(sa.select(Approval).where(Approval.user_id.is_(None))).one()
        assert signed.signed_by == "Ines Vale, North"
        assert signed.sha256 == signed.frozen_text.sha256
        told = [event.detail for event in history.of(ref) if event.kind == "letter.signed"]
        assert told[-1]["organisation"] == "North"
        assert orders.send([_letter().id], actor=None)
    accounts.sign_in(client, ADA)
    shown = page(client.get(f"/staff/letters/{ref}/"))
    assert "Signed by Ines Vale, North" in shown.text
    assert "Text signed Ines Vale, North" in shown.text


@pytest.mark.database("sqlite")
def test_opening_a_link_signs_nothing_and_tells_nobody_of_it(
    app: Flask, client: FlaskClient, path: str
) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        response = client.open(path, method=method)
        assert response.status_code == 200
    got = client.get(path)
    assert got.headers["Cache-Control"] == "no-store"
    assert "noindex" in got.headers["X-Robots-Tag"]
    assert got.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in got.headers
    with app.app_context():
        assert _letter().state is LetterState.IN_REVIEW
        assert db.session.scalar(sa.select(sa.func.count(Approval.id))) == 1


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("token", ["", "x", "W10.aaaa.bbbb"])
def test_a_form_that_is_not_the_one_on_the_page_signs_nothing(
    app: Flask, client: FlaskClient, path: str, token: str
) -> None:
    answer = client.post(path, data={"form_token": token, "answer": "sign"})
    assert "This form has expired" in page(answer, 422).text
    with app.app_context():
        assert _letter().state is LetterState.IN_REVIEW


@pytest.mark.database("sqlite")
def test_the_form_of_one_link_answers_no_other(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        cosigners.waits(build.staff(), cosigners.NORTH, cosigners.SOUTH)
        assert cosign_mail.mail_links() == 2
        north, south = (cosigners.path_in(mail) for mail in cosigners.mails())
    token = _form_token(page(client.get(north)))
    assert client.post(south, data={"form_token": token, "answer": "sign"}).status_code == 400
    page(_answer(client, north, "sign"))
    with app.app_context():
        assert _letter().state is LetterState.IN_REVIEW
    page(_answer(client, south, "sign"))
    with app.app_context():
        assert _letter().state is LetterState.APPROVED


def test_the_token_is_kept_as_a_hash_only(app: Flask, path: str) -> None:
    token = path.split("/")[2]
    assert len(token) >= 43
    with app.app_context():
        link = _link()
        assert link.token_sha256 == cosigning.digest_of(token)
        assert token not in repr(vars(link))
        told = [str(event.detail) for event in history.of(link.campaign.ref)]
        assert not [one for one in told if token in one]


@pytest.mark.database("sqlite")
def test_an_unknown_link_is_a_page_that_says_so(client: FlaskClient, path: str) -> None:
    assert page(client.get("/sign/" + "A" * 43 + "/"), 404).h1 == "This link does not work"
    assert client.post("/sign/nothing/", data={"answer": "sign"}).status_code == 404


def _expire(app: Flask) -> None:
    with transaction():
        _link().expires_at = clock.now()


def _change_question(app: Flask) -> None:
    campaigns.change_campaign(_letter().campaign_id, questions=["Only this?"], actor=None)


def _send_back(app: Flask) -> None:
    operations.send_back(_letter().id, why="A word.", actor=None)


def _revoke(app: Flask) -> None:
    actor = db.session.scalars(sa.select(accounts.User).filter_by(email=BEA)).one()
    cosigning.revoke(_link().id, actor=actor)


ENDS: dict[str, tuple[Callable[[Flask], None], str]] = {
    "it expires": (_expire, "This link has expired"),
    "a fact changes": (_change_question, "The letters have changed"),
    "the text is taken back": (_send_back, "The letters have changed"),
    "it is revoked": (_revoke, "This link was taken back"),
}


@pytest.mark.parametrize("why", ENDS)
def test_a_link_that_ended_says_why_and_whom_to_ask_and_signs_nothing(
    app: Flask, client: FlaskClient, path: str, why: str
) -> None:
    token = _form_token(page(client.get(path)))
    end, words = ENDS[why]
    with app.app_context():
        end(app)
    shown = page(client.get(path), 410)
    assert shown.h1 == words
    assert ADA in shown.text
    answer = client.post(path, data={"form_token": token, "answer": "sign"})
    assert answer.status_code == 410
    with app.app_context():
        assert _letter().state is not LetterState.APPROVED
        assert db.session.scalar(sa.select(sa.func.count(Approval.id))) == 1


@pytest.mark.database("sqlite")
def test_what_the_page_did_not_show_is_not_signed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = build.staff()
        first = build.draft(people)
        second = build.draft(people, build.reachable("Aster"), first.campaign)
        cosigners.steps(first, people, cosigners.NORTH)
        for letter in (first, second):
            approve(submit(letter, people), people.approver)
        path = cosigners.mailed()
    token = _form_token(page(client.get(path)))
    with app.app_context():
        one = db.session.scalars(sa.select(Letter).order_by(Letter.id)).first()
        assert one
        operations.send_back(one.id, why="A word.", actor=None)
    answer = client.post(path, data={"form_token": token, "answer": "sign"})
    shown = page(answer, 422)
    assert "nothing more was signed" in shown.text
    assert "1 letter of your link has changed" in shown.text
    page(_answer(client, path, "sign"))
    with app.app_context():
        states = {one.state for one in db.session.scalars(sa.select(Letter))}
    assert states == {LetterState.DRAFT, LetterState.APPROVED}


def test_changes_asked_for_stand_before_the_writer_until_the_letter_is_put_up_anew(
    app: Flask, client: FlaskClient, path: str
) -> None:
    assert "is empty" in page(_answer(client, path, "changes"), 422).text
    assert "we have your comment" in page(_answer(client, path, "changes", "Name the law.")).text
    writer = app.test_client()
    accounts.sign_in(writer, ADA)
    with app.app_context():
        ref = _letter().ref
        assert _letter().state is LetterState.DRAFT
    places = (
        f"/staff/letters/{ref}/",
        "/staff/campaigns/location-data/letters/",
        "/staff/campaigns/location-data/templates/letter/",
    )
    for place in places:
        shown = page(writer.get(place)).text
        assert "Name the law." in shown, place
        assert "Ines Vale, North" in shown, place
    with app.app_context():
        people = [db.session.scalars(sa.select(accounts.User).filter_by(email=ADA)).one()]
        operations.submit([_letter().id], dated_on=queries.today(), actor=people[0])
        assert review_queries.asked_changes(Letter.id == _letter().id) == []
    assert "Changes are asked for" not in page(writer.get(places[1])).text


def test_a_new_link_makes_the_older_one_useless(app: Flask, client: FlaskClient, path: str) -> None:
    approver = app.test_client()
    accounts.sign_in(approver, BEA)
    here = "/staff/campaigns/location-data/sign-off/"
    accounts.post(approver, f"{here}ask", {"organisation": "North"}, page=here)
    with app.app_context():
        newer = cosigners.mailed()
    assert page(client.get(path), 410).h1 == "There is a newer link"
    assert page(client.get(newer)).h1 == "Sign for North"


def test_another_address_replaces_the_link_and_voids_nothing(app: Flask, path: str) -> None:
    with app.app_context():
        text = db.session.scalars(sa.select(FrozenText)).one()
        bea = db.session.scalars(sa.select(accounts.User).filter_by(email=BEA)).one()
        moved = replace(cosigners.NORTH, email="new@north.example")
        cosigners.steps(text.letter, build.Staff(bea, bea), moved)
        assert text.voided_at is None
        cosigners.mailed()
        assert str(cosigners.mails()[-1]["To"]) == "Ines Vale <new@north.example>"
        states = [one.state for one in review_queries.links_of(text.letter.campaign_id)]
    assert states == [LinkState.ASKED, LinkState.REPLACED]


class _Way:
    """A way that ends as it is told."""

    captured = False

    def __init__(self, outcome: Outcome | TransportTrouble) -> None:
        self.outcome = outcome

    def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
        assert parcel.archive is None
        if isinstance(self.outcome, TransportTrouble):
            raise self.outcome
        return self.outcome

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome(Handover.DEFERRED, reply="later"), LinkState.DUE),
        (Outcome(Handover.LOST_BEFORE_DOT, reply="lost"), LinkState.DUE),
        (TransportTrouble("no server"), LinkState.DUE),
        (Outcome(Handover.LOST_AFTER_DOT, reply="lost"), LinkState.ASKED),
        (Outcome(Handover.FAILED, reply="no such user"), LinkState.REFUSED),
    ],
)
def test_a_link_that_did_not_leave_is_mailed_again_later_with_another_token(
    app: Flask, outcome: Outcome | TransportTrouble, state: LinkState
) -> None:
    with app.app_context():
        cosigners.waits(build.staff())
        assert cosign_mail.mail_links(transport=_Way(outcome)) == 0
        assert _link().state is state
        assert cosign_mail.mail_links() == 0
        with clock.at(clock.now() + timedelta(minutes=6)):
            assert cosign_mail.mail_links() == (state is LinkState.DUE)


def test_nothing_is_mailed_while_everything_is_halted(app: Flask) -> None:
    with app.app_context():
        people = build.staff()
        cosigners.waits(people)
        sending.halt(why="A doubt.", actor=people.approver)
        assert cosign_mail.mail_links() == 0
        assert _link().state is LinkState.DUE


@pytest.mark.database("sqlite")
def test_who_guesses_is_slowed_down_and_holds_up_nobody(
    client: FlaskClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    answers = [client.get(f"/sign/guess-{n}/").status_code for n in range(40)]
    assert set(answers) == {404, 429}
    assert client.get(path).status_code == 200


@pytest.mark.database("sqlite")
def test_the_sign_off_page_shows_every_step_and_link_and_the_captured_mail(
    app: Flask, client: FlaskClient, path: str
) -> None:
    accounts.sign_in(client, BEA)
    shown = page(client.get("/staff/campaigns/location-data/sign-off/"))
    for words in (
        "Legal",
        "Ines Vale for North",
        "1 letter waits here now",
        "Mailed, not answered",
    ):
        assert words in shown.text, words
    with app.app_context():
        ref = _link().ref
    assert path in page(client.get(f"/staff/captured/links/{ref}/")).text
    viewer = app.test_client()
    accounts.sign_in(viewer, ADA)
    assert viewer.get(f"/staff/captured/links/{ref}/").status_code == 403
    assert viewer.get("/staff/campaigns/location-data/sign-off/steps").status_code == 403


@pytest.mark.database("sqlite")
def test_the_forms_of_a_letter_open_with_the_link_only(
    app: Flask, client: FlaskClient, path: str
) -> None:
    with app.app_context():
        ref = db.session.scalars(sa.select(FrozenText.ref)).one()
    assert client.get(f"{path}{ref}/letter.pdf").data.startswith(b"%PDF")
    assert "sandbox" in client.get(f"{path}{ref}/email.html").headers["Content-Security-Policy"]
    assert "Larkspur" in page(client.get(f"{path}{ref}/")).text
    assert client.get(f"/sign/nothing/{ref}/letter.pdf").status_code == 404
    assert client.get(f"{path}{'0' * 32}/").status_code == 404
