"""The inbox in a browser without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.extensions import db
from campaign.kernel import clock
from campaign.replies import operations, queries
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.rules import Triage
from tests.builders import accounts, drafting, replies
from tests.pages import page


def _reply(app: Flask, text: str = "We keep it for three days.") -> tuple[str, str]:
    """Ids of a waiting reply and of its letter."""
    with app.app_context():
        letter = replies.sent(drafting.staff())
        message = replies.answered(letter, text)
        return message.ref, letter.ref


def _signed_in(app: Flask, client: FlaskClient, role: Role = Role.APPROVER) -> None:
    with app.app_context():
        who = accounts.user(f"Tia {role.value.title()}", role)
        email = who.email
    accounts.sign_in(client, email)


def _filing(app: Flask, ref: str, **changes: str) -> dict[str, str]:
    """What the form sends for a full answer."""
    with app.app_context():
        message = queries.message(ref)
        assert message is not None
        assert message.letter is not None
        verdicts = {
            f"verdict_{question.number}": "answered"
            for question in message.letter.campaign.questions
        }
        given = {"letter": message.letter.ref, "kind": "response", "answer": "responded_full"}
        return {**given, "permission": "notice_default", "shown": "newest", **verdicts, **changes}


def _message(ref: str) -> IncomingMessage:
    db.session.rollback()
    found = queries.message(ref)
    assert found is not None
    return found


def test_the_inbox_is_empty_and_says_what_goes_here(app: Flask, client: FlaskClient) -> None:
    _signed_in(app, client)
    assert "Nothing waits" in page(client.get("/staff/inbox/")).text


def test_what_waits_is_listed_with_the_reason_of_its_match(app: Flask, client: FlaskClient) -> None:
    ref, _ = _reply(app)
    _signed_in(app, client)
    shown = page(client.get("/staff/inbox/"))
    assert "Larkspur Mobile" in shown.text
    assert "it answers our mail" in shown.text
    assert f"/staff/inbox/{ref}/" in client.get("/staff/inbox/").text
    assert "1 waiting" in shown.text  # in the navigation of every page


@pytest.mark.parametrize("part", ["filed", "settled", "dismissed", "spam", "unreadable", "all"])
def test_every_part_of_the_inbox_has_its_page(app: Flask, client: FlaskClient, part: str) -> None:
    _reply(app)
    _signed_in(app, client)
    page(client.get(f"/staff/inbox/?part={part}"))
    page(client.get(f"/staff/inbox/?part={part}&q=keep"))


def test_an_unknown_part_is_refused(app: Flask, client: FlaskClient) -> None:
    _signed_in(app, client)
    assert client.get("/staff/inbox/?part=everything").status_code == 400


def test_a_search_finds_by_company_and_by_text(app: Flask, client: FlaskClient) -> None:
    _reply(app)
    _signed_in(app, client)
    for words in ("larkspur", "three days", "privacy@larkspur"):
        found = page(client.get("/staff/inbox/", query_string={"q": words}))
        assert "it answers our mail" in found.text, words
    assert "Nothing found" in page(client.get("/staff/inbox/?q=nobody%25")).text


def test_a_message_shows_its_newest_text_and_who_it_claims_to_be(
    app: Flask, client: FlaskClient
) -> None:
    ref, _ = _reply(app)
    _signed_in(app, client)
    shown = page(client.get(f"/staff/inbox/{ref}/"))
    claim = "Claims to be from privacy@larkspur-mobile.example, a contact of Larkspur Mobile."
    assert claim in shown.text
    assert "Whether it is was not checked" in shown.text  # nobody is asked while mail is captured
    assert shown.texts("[data-from=company] .verbatim") == ["We keep it for three days."]
    assert "The whole text, with quotation and signature" in shown.text


def test_the_whole_mail_is_a_download_that_no_browser_opens(
    app: Flask, client: FlaskClient
) -> None:
    ref, _ = _reply(app)
    _signed_in(app, client)
    answer = client.get(f"/staff/inbox/{ref}/message.eml")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with app.app_context():
        assert answer.data == app.extensions["files"].get(_message(ref).sha256)


def test_a_stranger_is_called_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        letter = replies.sent(drafting.staff())
        raw = replies.mail(to=replies.reply_address(letter))
        ref = replies.taken_in(raw).ref
    _signed_in(app, client)
    shown = page(client.get(f"/staff/inbox/{ref}/"))
    assert "elsewhere.example is not a domain that we know for Larkspur Mobile." in shown.text
    assert "It is the first that we have from this address." in shown.text


def test_a_response_is_filed_and_the_letter_follows(app: Flask, client: FlaskClient) -> None:
    ref, letter_ref = _reply(app)
    _signed_in(app, client)
    url = f"/staff/inbox/{ref}/"
    answer = accounts.post(client, url, _filing(app, ref))
    assert answer.status_code == 302, page(answer).text
    with app.app_context():
        message = _message(ref)
        assert message.triage is Triage.FILED
        (reply,) = queries.items_of(message)
        assert reply is not None
        assert reply.text == "We keep it for three days."
        assert reply.letter.ref == letter_ref
        assert {v.verdict.value for v in reply.verdicts} == {"answered"}
    shown = page(client.get(url))
    assert "Filed" in shown.text
    assert not shown.select("form[action$='/dismiss']")


def test_a_response_without_an_answer_is_refused_and_nothing_typed_is_lost(
    app: Flask, client: FlaskClient
) -> None:
    ref, _ = _reply(app)
    _signed_in(app, client)
    answer = accounts.post(
        client, f"/staff/inbox/{ref}/", _filing(app, ref, answer="", note="They rang too.")
    )
    shown = page(answer)
    assert "Choose how far the response answers." in shown.text
    assert shown.one("#note").to_text().strip() == "They rang too."
    with app.app_context():
        assert _message(ref).triage is Triage.WAITING


def test_two_people_never_overwrite_each_other(app: Flask, client: FlaskClient) -> None:
    ref, _ = _reply(app)
    _signed_in(app, client)
    second = app.test_client()
    _signed_in(app, second, Role.PUBLISHER)
    url = f"/staff/inbox/{ref}/"
    token = accounts.token(second, url)
    accounts.post(client, f"{url}spam", page=url)
    answer = second.post(url, data={**_filing(app, ref), "csrf_token": token})
    assert "This message was marked as spam, by Tia Approver." in page(answer).text
    with app.app_context():
        assert _message(ref).triage is Triage.SPAM
        assert db.session.query(Reply).count() == 0


def test_a_form_that_showed_another_letter_files_nothing(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        people = drafting.staff()
        letter = replies.sent(people)
        other = replies.sent(people, "Teasel Telecom", letter.campaign).ref
        ref = replies.answered(letter).ref
    _signed_in(app, client)
    answer = accounts.post(client, f"/staff/inbox/{ref}/", _filing(app, ref, letter=other))
    assert "belongs to another letter" in page(answer).text
    with app.app_context():
        assert _message(ref).triage is Triage.WAITING


def test_a_message_of_nobody_is_assigned_by_search_and_then_filed(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        letter_ref = replies.sent(drafting.staff()).ref
        replies.take_in()
        ref = replies.taken_in(replies.mail()).ref
    _signed_in(app, client)
    url = f"/staff/inbox/{ref}/"
    shown = page(client.get(url))
    assert "No “did not respond” is published anywhere" in shown.text
    assert not shown.select("#kind")
    assert "No letter that has left" in page(client.get(f"{url}?company=Teasel")).text
    found = page(client.get(f"{url}?company=lark"))
    assert letter_ref in [(e.attrs or {})["value"] for e in found.select("[name=letter]")]
    accounts.post(client, f"{url}match", {"letter": letter_ref}, page=url)
    assert page(client.get(url)).select("#kind")


def test_putting_aside_needs_a_reason_and_can_be_undone(app: Flask, client: FlaskClient) -> None:
    ref, _ = _reply(app)
    _signed_in(app, client)
    url = f"/staff/inbox/{ref}/"
    refused = accounts.post(client, f"{url}dismiss", {"dismiss-why": ""}, page=url)
    assert "Say why" in page(refused).text
    accounts.post(client, f"{url}dismiss", {"dismiss-why": "a newsletter"}, page=url)
    assert "a newsletter" in page(client.get(url)).text
    accounts.post(client, f"{url}reopen", page=url)
    with app.app_context():
        assert _message(ref).triage is Triage.WAITING


@pytest.mark.parametrize(
    ("text", "permission", "said"),
    [
        ("We keep it for three days.", "notice_default", ""),
        ("This is confidential, not for publication.", "undetermined", "It may be confidential"),
        (
            "Three days.\n\nThis e-mail is confidential and intended solely for the addressee. If"
            " you received it in error, please notify the sender and delete it.",
            "notice_default",
            "Standard footer",
        ),
    ],
)
def test_words_of_an_objection_leave_permission_to_a_person(
    app: Flask, client: FlaskClient, text: str, permission: str, said: str
) -> None:
    ref, _ = _reply(app, text)
    _signed_in(app, client)
    shown = page(client.get(f"/staff/inbox/{ref}/"))
    chosen = shown.one("#permission option[selected]")
    assert (chosen.attrs or {})["value"] == permission
    assert said in shown.text
    assert bool(shown.select("mark[data-mark=objection]")) == (permission == "undetermined")


def test_a_viewer_reads_and_changes_nothing(app: Flask, client: FlaskClient) -> None:
    ref, _ = _reply(app)
    _signed_in(app, client, Role.VIEWER)
    url = f"/staff/inbox/{ref}/"
    shown = page(client.get(url))
    assert not shown.select("form[method=post][action*='/inbox/']")
    for path in ("", "spam", "dismiss", "match", "reopen"):
        data = {"csrf_token": accounts.token(client, url)}
        assert client.post(f"{url}{path}", data=data).status_code == 403


def test_no_part_of_a_message_becomes_markup(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        letter = replies.sent(drafting.staff())
        attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
        raw = replies.mail(
            to=replies.reply_address(letter),
            sender=f'"{attack}" <x@evil.example>',
            subject=attack,
            text=attack,
        )
        ref = replies.taken_in(raw).ref
    _signed_in(app, client)
    for url in ("/staff/inbox/", f"/staff/inbox/{ref}/"):
        shown = page(client.get(url))  # refuses inline scripts and handlers
        assert "<script>alert" not in client.get(url).text
        assert "alert(1)" in shown.text


def test_mailboxes_show_their_last_complete_reading_and_their_errors(
    app: Flask, client: FlaskClient
) -> None:
    _signed_in(app, client)
    assert "No mailbox was read yet" in page(client.get("/staff/mailboxes/")).text
    with app.app_context():
        operations.read_mailboxes()
    assert "Read" in page(client.get("/staff/mailboxes/")).text
    with app.app_context():
        box = replies.settings().captured_inbox / "cur"
        box.rmdir()
        box.write_text("no folder")
        operations.read_mailboxes()
    shown = page(client.get("/staff/mailboxes/"))
    assert "Cannot be read" in shown.text
    assert "Not everything is read" in shown.text


def test_a_telephone_call_is_taken_down(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        letter = replies.sent(drafting.staff())
        letter_id, ref = letter.id, letter.ref
        when = clock.now() - timedelta(hours=1)
    _signed_in(app, client)
    url = f"/staff/letters/{ref}/log-reply"
    page(client.get(url))
    given = {
        "received": when.strftime("%Y-%m-%dT%H:%M"),
        "sender": "Pip Larch, by telephone",
        "text": "They need two more weeks.",
        "kind": "extension_request",
        "permission": "undetermined",
    }
    later = {**given, "received": "2099-01-01T10:00"}
    assert "has not come yet" in page(accounts.post(client, url, later)).text
    answer = accounts.post(client, url, given)
    assert answer.status_code == 302, page(answer).text
    with app.app_context():
        (reply,) = queries.thread(letter_id)
        assert (reply.kind.value, reply.text) == ("extension_request", "They need two more weeks.")


@pytest.mark.parametrize(
    ("kind", "text", "read_as"),
    [
        ("reply", "Dear all,\n\nwe keep it for three days.", "reply"),
        ("out_of_office", "I am out of the office until Monday.", "auto_reply"),
        ("ticket", "We have received your message, ticket 4711.", "auto_reply"),
        ("bounce", "", "bounce"),
    ],
)
def test_answering_as_the_company_puts_a_real_mail_into_the_inbox(
    app: Flask, client: FlaskClient, kind: str, text: str, read_as: str
) -> None:
    with app.app_context():
        letter = replies.sent(drafting.staff())
        dispatch = replies.mail_of(letter)
        letter_id, ref, address = letter.id, dispatch.ref, dispatch.recipient
        replies.take_in()
    _signed_in(app, client)
    url = f"/staff/captured/{ref}/reply"
    assert (page(client.get(url)).one("[name=sender][checked]").attrs or {})["value"] == address
    answer = accounts.post(client, url, {"sender": address, "kind": kind, "text": text})
    assert answer.status_code == 302, page(answer).text
    with app.app_context():
        newest = replies.take_in()[-1]
        assert newest.kind is not None
        assert (newest.kind.value, newest.letter_id) == (read_as, letter_id)


def test_another_address_is_checked(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        ref = replies.mail_of(replies.sent(drafting.staff())).ref
    _signed_in(app, client)
    url = f"/staff/captured/{ref}/reply"
    given = {"sender": "other", "kind": "reply", "text": "Hello"}
    assert "Write the address." in page(accounts.post(client, url, given)).text
    two = {**given, "other": "a@b.example, c@d.example"}
    assert "not one address" in page(accounts.post(client, url, two)).text
    # Typed text goes into a mail: nothing in it may become a header.
    broken = {**given, "other": "a@b.example", "subject": "x\r\nBcc: y@z.example"}
    assert accounts.post(client, url, broken).status_code == 200
