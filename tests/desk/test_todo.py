"""What stands on Today, for whom, and where its button leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.awaiting import operations as awaiting
from campaign.companies.rules import Channel
from campaign.desk import queries, todo
from campaign.drafting import reviewing
from campaign.drafting.review import Signer
from campaign.drafting.reviewing import Wanted
from campaign.extensions import db
from campaign.kernel import clock
from campaign.replies import operations as replies
from campaign.replies.rules import Answer, ItemKind, Permission
from campaign.sending import batches
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from tests.builders import accounts, mailbox_files, waiting
from tests.builders import drafting as drafts
from tests.builders import replies as incoming
from tests.builders import sending as to_send
from tests.builders.waiting import AFTER, SENT, run
from tests.pages import page

pytestmark = pytest.mark.database("sqlite")
SOON = SENT + timedelta(days=1)


def told(person: User) -> dict[str, str]:
    """Every item's title, and where its button leads."""
    db.session.rollback()
    rows = queries.looked_at(clock.now())
    return {
        item.title: item.endpoint
        for kind in todo.waiting_for(person, rows, clock.now())
        for item in kind.items
    }


def log(letter_id: int, who: User, kind: ItemKind, answer: Answer | None = None) -> Any:
    return replies.log_reply(
        letter_id,
        kind=kind,
        answer=answer,
        permission=Permission.NOTICE_DEFAULT,
        verdicts={},
        received_at=clock.now(),
        sender="them",
        text="We keep it for three days.",
        note="",
        actor=who,
    )


def test_an_approval_waits_for_a_second_person_only(ctx: AppContext) -> None:
    people = drafts.staff()
    other = accounts.user("Cy Approver", Role.APPROVER)
    text = drafts.in_review(people)
    wanted = {"Approve one letter": "drafting.approve_campaign"}
    assert told(people.approver) == told(other) == wanted
    assert told(people.drafter) == {}
    drafts.approve_all(people, [text])
    assert told(other) == {}
    assert told(people.drafter) == {"Send one letter": "drafting.letters"}


def test_an_approval_waits_for_whose_step_is_open(ctx: AppContext) -> None:
    people, boss = drafts.staff(), accounts.admin()
    letter = drafts.draft(people)
    steps = (
        Wanted("Legal", Signer.PERSON, user_id=people.approver.id),
        Wanted("Director", Signer.ROLE, role="admin"),
    )
    reviewing.set_steps(letter.campaign_id, steps, actor=people.approver)
    text = drafts.in_review(people, letter)
    assert told(boss) == {}
    assert told(people.approver) == {"Approve one letter": "drafting.approve_campaign"}
    drafts.approve_all(people, [text])
    assert told(people.approver) == {}
    assert told(boss) == {"Approve one letter": "drafting.approve_campaign"}


def test_an_approver_who_wrote_the_text_is_not_asked(ctx: AppContext) -> None:
    people = drafts.staff()
    boss = accounts.admin()
    drafts.in_review(drafts.Staff(boss, people.approver))  # wrote the texts, and froze them
    assert told(boss) == {}
    assert told(people.approver) == {"Approve one letter": "drafting.approve_campaign"}


def test_messages_wait_for_staff_and_say_what_they_block(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.sent(people=people)[0]
    with clock.at(SOON):
        incoming.arrives(incoming.mail(to=incoming.reply_address(letter)))
        incoming.arrives(incoming.mail(sender="Jo <jo@larkspur-mobile.example>"))
        incoming.arrives(incoming.mail(sender="Pip <pip@elsewhere.example>"))
        incoming.arrives(b"\r\n\r\n")
        run(SOON)
        assert set(told(people.drafter)) == {
            "Message from Larkspur Mobile",
            "Possible reply of Larkspur Mobile, unmatched",
            "Message that could be anybody's",
            "A message that cannot be read",
        }
        assert told(accounts.user("Vi Viewer", Role.VIEWER)) == {}


def test_a_filed_response_waits_for_a_publisher(ctx: AppContext) -> None:
    people, who = drafts.staff(), waiting.publisher()
    letter = waiting.sent(people=people)[0]
    with clock.at(SOON):
        log(letter.id, who, ItemKind.RESPONSE, Answer.FULL)
        assert told(who) == {
            "Publish the reply of Larkspur Mobile": "publishing_staff.publish_reply"
        }
        assert told(people.drafter) == {}


def test_an_acknowledgement_without_an_answer_waits_for_a_publisher(ctx: AppContext) -> None:
    who = waiting.publisher()
    letter = waiting.sent()[0]
    with clock.at(SOON):
        log(letter.id, who, ItemKind.ACKNOWLEDGEMENT)
        assert told(who) == {}
    run(AFTER)
    with clock.at(AFTER):
        assert told(who) == {
            "Larkspur Mobile acknowledged, and no answer came": "publishing_staff.acknowledged_only"
        }


def test_the_company_in_touch_after_publication_comes_first(ctx: AppContext) -> None:
    who = waiting.publisher()
    letter = waiting.ripe()[0]
    run(AFTER)
    with clock.at(AFTER + timedelta(days=1)):
        incoming.arrives(incoming.mail(sender="Pip <pip@elsewhere.example>"))
        incoming.arrives(incoming.mail(to=incoming.reply_address(letter)))
        run(clock.now())
        assert list(told(who)) == [
            "Larkspur Mobile has been in touch",
            "Message that could be anybody's",
        ]


def test_sweeps_persons_words_and_weak_proof_wait_for_who_may_give_them(ctx: AppContext) -> None:
    people, who = drafts.staff(), waiting.publisher()
    letter = waiting.sent(people=people, channels=[Channel.EMAIL, Channel.FORM])[0]
    with clock.at(SENT + timedelta(hours=1)):
        form = outbox.dispatches_of(letter.id)[1]
        assert told(people.drafter) == {
            "Fill in the form of Larkspur Mobile: the letter": "sending.dispatch"
        }
        sending.form_submitted(form.id, reference="T-1", actor=people.drafter)
    waiting.ripe(people=people, company={"name": "Word Asked"}, title="Two", auto_publish=False)
    waiting.sent(people=people, company={"name": "Weak"}, title="Three", verified=False)
    for step in waiting.STEPS[1:]:
        run(step)
    run(AFTER)
    with clock.at(AFTER):
        assert told(who) == {
            "Word Asked: every gate holds": "publishing_staff.publish_silence",
            "Look for a reply of Larkspur Mobile": "awaiting.sweep",
        }
        assert told(people.approver) == {
            "Weak proof that the letter reached Weak": "awaiting.sign_proof"
        }


def test_what_came_back_waits_for_who_may_send(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.sent(people=people)[0]
    with clock.at(SOON):
        mailbox_files.bounces(outbox.dispatches_of(letter.id)[0])
    run(SOON)
    with clock.at(SOON):
        assert told(people.drafter) == {
            "The letter did not reach Larkspur Mobile": "drafting.letter"
        }
        assert told(people.approver) == {}


def test_today_offers_a_first_campaign_where_there_is_none(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        accounts.sign_in(client, accounts.user())
    today = page(client.get("/staff/"))
    assert today.h1 == "Today"
    assert "Nothing yet" in today.text
    assert "Start a campaign" in today.texts("#todo a")
    assert "The clock has not worked yet" in today.text


def test_today_says_who_is_next_what_is_due_and_that_all_works(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        who = waiting.publisher()
        letters = waiting.sent(3)
        run(waiting.REMINDER)
        with clock.at(waiting.REMINDER):
            awaiting.hold(why="They rang.", actor=who, letter_id=letters[2].id)
        accounts.sign_in(client, who)
        with clock.at(waiting.FINAL_NOTICE - timedelta(hours=1)):
            today = page(client.get("/staff/"))
    assert "in 5 days" in today.one("#publications").to_text()
    assert "Nothing but time" in today.texts("#publications td")
    assert "On hold: They rang." in today.texts("#publications td div")
    assert today.texts("#publications td .btn") == [
        "Hold : Larkspur Mobile",
        "Hold : Company 001",
        "Release : Company 002",
    ]
    due = today.texts("#due li")
    assert due[0].startswith("Final notice: Company 001 in 60 minutes") or "in 1 hour" in due[0]
    assert "end of 16 Nov 2026, London" in " ".join(due)
    assert "3 companies · 3 awaiting" in today.text
    assert "Halt everything" in today.text


def test_a_kind_with_many_items_shows_the_first_and_counts_the_rest(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        who = waiting.publisher()
        with clock.at(SENT):
            for number in range(7):
                incoming.arrives(incoming.mail(subject=f"Mail {number}"))
        run(SENT)
        accounts.sign_in(client, who)
    today = page(client.get("/staff/"))
    assert today.texts("#todo h2") == ["Waiting for you 7"]
    assert len(today.select("#todo a.btn")) == 5
    assert "and 2 more like these" in today.text


def test_a_report_of_what_was_sent_together_is_told_until_it_was_read(ctx: AppContext) -> None:
    rows = to_send.ordered(2)
    people = to_send.staff()
    report = "1 of 2 mails have left; the others need a look"
    assert report not in told(people.drafter), "they wait"
    sending.send_due(transport=to_send.Way(to_send.FAILED))
    assert told(people.drafter)[report] == "batches.page"
    assert report not in told(people.approver)
    assert rows[0].batch_id
    batches.note_report(rows[0].batch_id, actor=people.drafter)
    assert report not in told(people.drafter)
    to_send.ordered(1)
    sending.send_due(transport=to_send.Way())
    assert not any("have left" in title for title in told(people.drafter)), "one has its own page"
