"""The pages of sending, as staff use them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.companies.rules import Channel
from campaign.config import Settings
from campaign.drafting import operations as drafting
from campaign.extensions import db
from campaign.sending import operations, queries
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState as S
from campaign.sending.transport import TransportTrouble
from tests.builders import accounts
from tests.builders import sending as build
from tests.pages import page

Made = Callable[..., Any]
PICTURE = b"\x89PNG\r\n\x1a\npicture"


@pytest.fixture
def made(app: Flask) -> Callable[..., Any]:
    """Runs a builder in a short context of its own; gives back what its result says of itself."""

    def make(builder: Callable[..., Any], *told: str, **about: Any) -> Any:
        with app.app_context():
            result = builder(**about)
            rows = result if isinstance(result, list) else [result]
            kept = [[getattr(row, name) for name in told] for row in rows]
            db.session.remove()
        return kept

    return make


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    """Signed in as one who may send."""
    with app.app_context():
        accounts.sign_in(client, build.staff().drafter)
        db.session.remove()
    return client


def dispatched(app: Flask, ref: str) -> Dispatch:
    with app.app_context():
        found = queries.with_company(ref)
        assert found is not None
        db.session.expunge_all()
        return found


def send_captured(app: Flask) -> None:
    with app.app_context():
        operations.send_due()
        db.session.remove()


def test_letters_are_sent_after_a_page_that_says_to_whom(
    app: Flask, drafter: FlaskClient, made: Made
) -> None:
    ((number,), (other,)) = made(build.approved_letters, "id", number=2)
    url = "/staff/sending/send"
    with_token = {"csrf_token": accounts.token(drafter, "/staff/halt/")}
    shown = page(drafter.post(url, data={"letter_ids": [number, other], **with_token}))
    assert shown.h1 == "Send 2 letters"
    assert "privacy@larkspur-mobile.example" in shown.text
    assert "2 mails leave by themselves" in shown.text
    with app.app_context():
        assert queries.dispatches_of(number) == []
    given = {"letter_ids": [number, other], "confirmed": "1", **with_token}
    answer = drafter.post(url, data=given, follow_redirects=True)
    assert "2 dispatches are ordered." in page(answer).text
    again = drafter.post(url, data=given, follow_redirects=True)
    page(again)
    with app.app_context():
        assert [len(queries.dispatches_of(one)) for one in (number, other)] == [1, 1]


def test_a_letter_that_is_not_approved_is_named_and_nothing_is_sent(
    app: Flask, drafter: FlaskClient, made: Made
) -> None:
    ((number,),) = made(build.approved_letters, "id")
    with app.app_context():
        drafting.send_back(number, why="a wrong figure", actor=build.staff().drafter)
        db.session.remove()
    token = {"csrf_token": accounts.token(drafter, "/staff/halt/")}
    given = {"letter_ids": [number], "confirmed": "1", **token}
    shown = page(drafter.post("/staff/sending/send", data=given), 422)
    assert "The letter to Larkspur Mobile is not approved" in shown.text
    with app.app_context():
        assert queries.dispatches_of(number) == []


def test_the_queue_says_what_leaves_what_waits_and_what_failed(
    app: Flask, drafter: FlaskClient, made: Made
) -> None:
    empty = page(drafter.get("/staff/sending/"))
    assert empty.text.count("Nothing here now") == 3
    made(build.ordered, "ref", number=2, channels=(Channel.EMAIL, Channel.POST))
    shown = page(drafter.get("/staff/sending/"))
    assert shown.texts("#part-leaving") == ["Leaves by itself 2"]
    assert shown.texts("#part-tasks") == ["For a person 2"]
    with app.app_context():
        operations.send_due(transport=build.Way(build.FAILED))
        db.session.remove()
    failed = page(drafter.get("/staff/sending/?part=failed"))
    assert "no such user" in failed.text
    assert drafter.get("/staff/sending/?part=nonsense").status_code == 400


def test_trouble_with_the_way_is_one_line_and_can_be_tried_again(
    app: Flask, drafter: FlaskClient, made: Made
) -> None:
    made(build.ordered, "ref")
    with app.app_context():
        operations.send_due(transport=build.Way(TransportTrouble("mail.example:25: no route")))
        db.session.remove()
    shown = page(drafter.get("/staff/sending/"))
    assert "mail.example:25: no route" in shown.text
    accounts.post(drafter, "/staff/sending/try-again", page="/staff/sending/")
    send_captured(app)
    assert "no route" not in page(drafter.get("/staff/sending/")).text


BY_HAND = [
    (Channel.FORM, "form-submitted", {"reference": "CASE 7"}, S.FORM_SUBMITTED),
    (Channel.POST, "posted", {"tracking": "RR1"}, S.POSTED),
    (Channel.MENTION, "mentioned", {"link": "https://social.example/1"}, S.MENTIONED),
]


@pytest.mark.parametrize(("channel", "name", "given", "state"), BY_HAND, ids=lambda v: str(v)[:20])
def test_a_task_by_hand_is_done_on_its_page(
    app: Flask,
    drafter: FlaskClient,
    made: Made,
    channel: Channel,
    name: str,
    given: dict[str, str],
    state: S,
) -> None:
    channels = (channel,) if channel is not Channel.MENTION else (Channel.EMAIL, channel)
    refs = made(build.ordered, "ref", "channel", channels=channels)
    ref = next(ref for ref, of in refs if of is channel)
    url = f"/staff/dispatches/{ref}/"
    page(drafter.get(url))
    data = {f"{name}-{field}": value for field, value in given.items()}
    answer = accounts.post(drafter, url + name, data, page=url, follow_redirects=True)
    shown = page(answer)
    assert "Noted" in shown.text
    assert dispatched(app, ref).state is state
    late = accounts.post(drafter, url + name, data, page="/staff/halt/", follow_redirects=True)
    page(late)
    kinds = [evidence.kind for evidence in dispatched(app, ref).evidence]
    assert len(kinds) == len(set(kinds)), "the second click was noted too"


def test_a_person_copies_the_mention_that_was_approved(drafter: FlaskClient, made: Made) -> None:
    refs = made(build.ordered, "ref", "channel", channels=(Channel.EMAIL, Channel.MENTION))
    shown = {of: page(drafter.get(f"/staff/dispatches/{ref}/")) for ref, of in refs}
    posted = shown[Channel.MENTION].one('[aria-labelledby="to-post"]').to_text()
    assert "@larkspur-mobile We, " in posted
    assert "of 280 weighted characters" in posted
    assert not shown[Channel.EMAIL].select('[aria-labelledby="to-post"]')


def test_the_post_is_followed_to_its_end(app: Flask, drafter: FlaskClient, made: Made) -> None:
    ((ref,),) = made(build.ordered, "ref", channels=(Channel.POST,))
    url = f"/staff/dispatches/{ref}/"
    steps = [
        ("posted", {"tracking": "RR1"}, S.POSTED),
        ("delivered", {"detail": "scanned at the door"}, S.DELIVERED),
        ("returned", {"detail": "moved away"}, S.RETURNED_TO_SENDER),
    ]
    for name, given, state in steps:
        data = {f"{name}-{field}": value for field, value in given.items()}
        page(accounts.post(drafter, url + name, data, page=url, follow_redirects=True))
        assert dispatched(app, ref).state is state


def test_a_picture_of_a_form_is_kept_and_given_back(
    app: Flask, drafter: FlaskClient, made: Made
) -> None:
    ((ref,),) = made(build.ordered, "ref", channels=(Channel.FORM,))
    url = f"/staff/dispatches/{ref}/"
    data = {"form-submitted-picture": (io.BytesIO(PICTURE), "shot.png")}
    page(accounts.post(drafter, url + "form-submitted", data, page=url, follow_redirects=True))
    (evidence,) = dispatched(app, ref).evidence
    answer = drafter.get(f"{url}evidence/{evidence.id}")
    assert (answer.data, answer.mimetype) == (PICTURE, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    ((other,),) = made(build.ordered, "ref")
    assert drafter.get(f"/staff/dispatches/{other}/evidence/{evidence.id}").status_code == 404


def test_what_was_typed_is_kept_when_it_is_refused(
    app: Flask, drafter: FlaskClient, made: Made
) -> None:
    ((ref,),) = made(build.ordered, "ref", channels=(Channel.POST,))
    url = f"/staff/dispatches/{ref}/"
    data = {"posted-tracking": "RR1", "posted-at": "2099-01-01T10:00"}
    shown = page(accounts.post(drafter, url + "posted", data, page=url), 422)
    assert "still to come" in shown.text
    assert (shown.one("#posted-tracking").attrs or {})["value"] == "RR1"
    assert dispatched(app, ref).state is S.QUEUED


def test_an_unknown_is_settled_with_a_reason(app: Flask, drafter: FlaskClient, made: Made) -> None:
    ((ref,),) = made(build.ordered, "ref")
    with app.app_context():
        operations.send_due(transport=build.Way(build.LOST_AFTER))
        db.session.remove()
    url = f"/staff/dispatches/{ref}/"
    shown = page(drafter.get(url))
    assert "never sends it again by itself" in shown.text
    refused = page(accounts.post(drafter, url + "settle", {"settle-left": "yes"}, page=url), 422)
    assert "Write how you know." in refused.text
    data = {"settle-left": "yes", "settle-why": "the relay's log"}
    page(accounts.post(drafter, url + "settle", data, page=url, follow_redirects=True))
    assert dispatched(app, ref).state is S.ACCEPTED


def test_a_captured_mail_is_listed_read_framed_and_downloaded(
    app: Flask, drafter: FlaskClient, made: Made
) -> None:
    assert "Nothing was captured yet" in page(drafter.get("/staff/captured/")).text
    ((ref, sha256),) = made(build.ordered, "ref", "file_sha256")
    assert drafter.get(f"/staff/captured/{ref}/").status_code == 404, "it has not left"
    send_captured(app)
    listed = page(drafter.get("/staff/captured/"))
    assert "Larkspur Mobile" in listed.text
    assert listed.select(f'a[href="/staff/captured/{ref}/reply"]')
    shown = page(drafter.get(f"/staff/captured/{ref}/"))
    assert "answers+" in shown.text
    frame = shown.one("iframe").attrs or {}
    assert "sandbox" in frame
    html = drafter.get(str(frame["src"]))
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "<script" not in html.text
    mail = drafter.get(f"/staff/captured/{ref}/mail.eml")
    assert mail.mimetype == "message/rfc822"
    with app.app_context():
        assert mail.data == app.extensions["files"].get(sha256)


class TestForReal:
    """The same pages while mail leaves for real."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, mail_url="smtp://127.0.0.1:9", inbox_url="imap://u:p@127.0.0.1/")

    def test_there_is_no_captured_mail(self, app: Flask, drafter: FlaskClient, made: Made) -> None:
        ((ref,),) = made(build.ordered, "ref")
        with app.app_context():
            operations.send_due(transport=build.Way())
            db.session.remove()
        for url in ("", f"{ref}/", f"{ref}/html", f"{ref}/mail.eml"):
            assert drafter.get(f"/staff/captured/{url}").status_code == 404
        page(drafter.get(f"/staff/dispatches/{ref}/"))

    def test_a_mail_server_that_is_not_there_is_one_clear_line(
        self, app: Flask, drafter: FlaskClient, made: Made
    ) -> None:
        ((ref,),) = made(build.ordered, "ref")
        send_captured(app)
        shown = page(drafter.get("/staff/sending/"))
        assert "127.0.0.1:9" in shown.text
        assert "Nothing is lost" in shown.text
        assert dispatched(app, ref).state is S.QUEUED


def test_everything_is_halted_with_a_reason_and_released_by_a_publisher(
    app: Flask, drafter: FlaskClient
) -> None:
    page(drafter.get("/staff/halt/"))
    page(accounts.post(drafter, "/staff/halt/", {"why": ""}), 422)
    shown = page(
        accounts.post(drafter, "/staff/halt/", {"why": "a wrong figure"}, follow_redirects=True)
    )
    assert shown.h1 == "Everything is halted"
    assert "a wrong figure" in shown.one("aside.halt-note").to_text()
    assert not shown.select('form[action="/staff/halt/release"]')
    refused = accounts.post(drafter, "/staff/halt/release", page="/staff/sending/")
    assert refused.status_code == 403
    publisher = app.test_client()
    with app.app_context():
        accounts.sign_in(publisher, accounts.user("Cleo Publisher", Role.PUBLISHER))
        db.session.remove()
    url = "/staff/halt/release"
    ended = accounts.post(publisher, url, page="/staff/halt/", follow_redirects=True)
    assert page(ended).h1 == "Halt everything"
    assert not page(drafter.get("/staff/sending/")).select("aside.halt-note")


def test_a_viewer_reads_and_changes_nothing(app: Flask, client: FlaskClient, made: Made) -> None:
    ((ref,),) = made(build.ordered, "ref", channels=(Channel.FORM,))
    with app.app_context():
        accounts.sign_in(client, accounts.user("Vera Viewer", Role.VIEWER))
        db.session.remove()
    shown = page(client.get(f"/staff/dispatches/{ref}/"))
    assert not shown.select("main form")
    token = {"csrf_token": accounts.token(client, "/staff/sending/")}
    for url in (f"/staff/dispatches/{ref}/form-submitted", "/staff/sending/send"):
        assert client.post(url, data=token).status_code == 403
    assert client.get("/staff/halt/").status_code == 403
    assert dispatched(app, ref).state is S.QUEUED


def test_a_dispatch_that_is_not_there_is_no_page(drafter: FlaskClient) -> None:
    for url in ("/staff/dispatches/nothing/", "/staff/captured/nothing/"):
        assert drafter.get(url).status_code == 404
