"""What a bounce does (fairness.md rule 8): each sentence of the rule, by the real operations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.awaiting import queries
from campaign.companies.models import Contact
from campaign.companies.rules import Channel
from campaign.drafting import addressing
from campaign.drafting import operations as drafting
from campaign.drafting import queries as frozen
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.replies.kinds import Kind
from campaign.replies.models import IncomingMessage
from campaign.replies.rules import Triage
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState, EvidenceKind, Proof
from tests.builders import companies, mailbox_files, waiting
from tests.builders import drafting as drafts
from tests.builders import replies as incoming
from tests.builders.accounts import post, sign_in
from tests.builders.waiting import AFTER, FINAL_NOTICE, REMINDER, SENT, record_of, run
from tests.pages import page

SOON = SENT + timedelta(hours=2)
LATER = SENT + timedelta(days=5)
REASONS = ["5.1.1", "5.2.2", "5.7.1", "5.3.4", "5.0.0", "4.4.7"]


@pytest.fixture
def people(ctx: AppContext) -> drafts.Staff:
    return drafts.staff()


@pytest.fixture
def letter(people: drafts.Staff) -> Letter:
    """A letter that left at `SENT` and was proved to have arrived."""
    return waiting.sent(people=people)[0]


def mails(letter: Letter, kind: TextKind = TextKind.LETTER) -> list[Dispatch]:
    db.session.rollback()
    return [one for one in outbox.dispatches_of(letter.id) if one.kind is kind]


def comes_back(dispatch: Dispatch, status: str = "5.1.1", action: str = "failed") -> None:
    with clock.at(SOON):
        mailbox_files.bounces(dispatch, status, action)
    run(SOON)


def grade(letter: Letter) -> Proof:
    db.session.rollback()
    return queries.standing(letter).proof.grade


@pytest.mark.parametrize("status", REASONS)
def test_whatever_its_reason_a_bounce_takes_the_proof_and_stops_the_period(
    letter: Letter, status: str
) -> None:
    assert grade(letter) is Proof.ADEQUATE
    comes_back(mails(letter)[0], status)
    assert mails(letter)[0].state is DispatchState.BOUNCED
    assert grade(letter) is Proof.NONE
    times = queries.waiting_of(letter)
    assert times is not None
    assert (times.started_at, times.silence_at) == (None, None)
    assert run(REMINDER).reminded == 0
    run(AFTER + timedelta(days=30))
    assert record_of(letter) is None


@pytest.mark.parametrize("status", REASONS)
def test_only_a_bad_address_marks_the_contact(letter: Letter, status: str) -> None:
    comes_back(mails(letter)[0], status)
    assert (mails(letter)[0].contact.bad_since is not None) is (status == "5.1.1")


def test_days_later_a_bounce_does_the_same(letter: Letter) -> None:
    run(REMINDER)
    run(FINAL_NOTICE)
    with clock.at(AFTER - timedelta(hours=1)):
        mailbox_files.bounces(mails(letter)[0], "5.2.2")
    run(AFTER)
    assert grade(letter) is Proof.NONE
    assert record_of(letter) is None


def test_of_two_ways_the_other_still_counts(people: drafts.Staff) -> None:
    letter = waiting.sent(people=people, channels=[Channel.EMAIL, Channel.FORM])[0]
    mail, form = mails(letter)
    with clock.at(SOON):
        sending.form_submitted(form.id, reference="A-1", file=None, at=SOON, actor=people.drafter)
    comes_back(mail)
    assert grade(letter) is Proof.ADEQUATE
    times = queries.waiting_of(letter)
    assert times is not None
    assert times.started_at == SOON


@pytest.mark.parametrize("kind", [TextKind.REMINDER, TextKind.FINAL_NOTICE])
def test_a_bounce_of_a_reminder_only_leaves_the_letter_and_keeps_silence_back(
    letter: Letter, kind: TextKind
) -> None:
    run(REMINDER)
    run(FINAL_NOTICE)
    with clock.at(FINAL_NOTICE + timedelta(hours=2)):
        mailbox_files.bounces(mails(letter, kind)[0], "5.2.2")
    run(FINAL_NOTICE + timedelta(hours=2))
    assert mails(letter, kind)[0].state is DispatchState.BOUNCED
    assert mails(letter)[0].state is DispatchState.ACCEPTED
    assert grade(letter) is Proof.ADEQUATE
    run(AFTER + timedelta(days=30))
    assert record_of(letter) is None


def test_a_delay_notice_only_shows(letter: Letter) -> None:
    comes_back(mails(letter)[0], "4.4.1", "delayed")
    dispatch = mails(letter)[0]
    assert dispatch.state is DispatchState.ACCEPTED
    assert EvidenceKind.DELAY in {one.kind for one in dispatch.evidence}
    assert (grade(letter), dispatch.contact.bad_since) == (Proof.ADEQUATE, None)
    times = queries.waiting_of(letter)
    assert times is not None
    assert times.started_at == SENT
    assert run(REMINDER).reminded == 1


def test_a_bounce_that_is_of_no_letter_of_ours_waits_and_does_nothing(letter: Letter) -> None:
    stranger = (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: answers@brightwater.example\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {mails(letter)[0].recipient}\nAction: failed\nStatus: 5.1.1\n"
        "--b--\n"
    )
    with clock.at(SOON):
        incoming.arrives(stranger.encode())
    run(SOON)
    message = db.session.query(IncomingMessage).order_by(IncomingMessage.id.desc()).first()
    assert message is not None
    assert (message.kind, message.triage, message.letter_id) == (Kind.BOUNCE, Triage.WAITING, None)
    assert mails(letter)[0].state is DispatchState.ACCEPTED
    assert mails(letter)[0].contact.bad_since is None
    assert grade(letter) is Proof.ADEQUATE


# What a person does then


def other(letter: Letter) -> Contact:
    """A second, verified address of the letter's company."""
    with clock.at(SENT):
        return companies.contact(letter.company, f"office@{letter.company.slug}.example")


def test_nothing_is_sent_again_by_itself(letter: Letter) -> None:
    other(letter)
    comes_back(mails(letter)[0])
    run(LATER)
    assert len(mails(letter)) == 1


def test_a_resend_is_a_new_round_with_a_new_date_and_a_new_approval(
    letter: Letter, people: drafts.Staff
) -> None:
    office = other(letter)
    comes_back(mails(letter)[0])
    first = frozen.frozen_of(letter, 1)
    with clock.at(LATER):
        why = "The address does not exist."
        drafting.begin_round(letter.id, why=why, actor=people.drafter, contact_ids=[office.id])
        assert (letter.round, letter.state) == (2, LetterState.DRAFT)
        (text,) = drafting.submit([letter.id], dated_on=LATER.date(), actor=people.drafter)
        assert first is not None
        assert text.deadline_on - first.deadline_on == LATER.date() - SENT.date()
        assert letter.state is LetterState.IN_REVIEW
        drafts.approve_all(people, [text])
        sending.send([letter.id], actor=people.drafter)
    run(LATER)
    run(LATER + timedelta(minutes=1))
    assert [(one.round, one.recipient) for one in mails(letter)][1:] == [(2, office.value)]
    times = queries.waiting_of(letter)
    assert times is not None
    assert (times.started_at, times.deadline_on) == (LATER, text.deadline_on)


def test_a_resend_goes_to_no_address_that_is_bad(letter: Letter, people: drafts.Staff) -> None:
    comes_back(mails(letter)[0])
    bad = mails(letter)[0].contact.id
    with pytest.raises(Problem, match="contact"):
        drafting.begin_round(letter.id, why="Again.", actor=people.drafter, contact_ids=[bad])
    db.session.rollback()
    assert letter.round == 1


@pytest.fixture
def asked(app: Flask, client: FlaskClient) -> Iterator[tuple[str, int]]:
    """A letter that came back, by its ref, and the id of the company's other contact."""
    with app.app_context():
        people = drafts.staff()
        letter = waiting.sent(people=people)[0]
        office = other(letter)
        comes_back(mails(letter)[0])
        found = letter.ref, office.id
        sign_in(client, people.drafter)
        db.session.remove()
    with clock.at(LATER):
        yield found


def test_staff_are_asked_with_the_companys_other_contacts_offered(
    client: FlaskClient, asked: tuple[str, int]
) -> None:
    ref, office = asked
    today = page(client.get("/staff/"))
    assert "The letter did not reach Larkspur Mobile" in today.text
    shown = page(client.get(f"/staff/letters/{ref}/"))
    assert "The letter reached nobody, so no time to answer runs." in shown.text
    assert "The address itself is bad" in shown.text
    offered = shown.select("section[aria-labelledby=not-arrived] input[name=contact_ids]")
    assert [one.attrs["value"] for one in offered] == [str(office)]


def test_the_page_of_the_letter_tells_in_its_history_that_it_came_back_and_asks_once_what_to_do(
    client: FlaskClient, asked: tuple[str, int]
) -> None:
    shown = page(client.get(f"/staff/letters/{asked[0]}/"))
    happened = shown.text.rpartition("What happened")[2]
    assert "Came back The program · Letter to Larkspur Mobile" in happened
    assert "Accepted by a mail server The program · Letter to Larkspur Mobile" in happened
    assert len(shown.select("form[action$=resend]")) == 1


def test_a_new_round_of_a_letter_that_nothing_came_back_from_can_be_begun_too(
    client: FlaskClient, app: Flask
) -> None:
    with app.app_context():
        staff = drafts.staff()
        ref = waiting.sent(people=staff)[0].ref
        sign_in(client, staff.drafter)
    shown = page(client.get(f"/staff/letters/{ref}/"))
    assert len(shown.select("section[aria-labelledby=again] form[action$=resend]")) == 1


def test_the_contact_that_is_ticked_is_the_one_of_the_new_round(
    app: Flask, client: FlaskClient, asked: tuple[str, int]
) -> None:
    ref, office = asked
    form = {"resend-why": "It came back.", "contact_ids": str(office)}
    where = f"/staff/letters/{ref}/"
    answer = post(client, f"{where}resend", form, page=where, follow_redirects=True)
    shown = page(answer)
    assert "A new round has begun" in shown.text
    assert "What did not arrive" not in shown.text
    with app.app_context():
        letter = db.session.query(Letter).filter_by(ref=ref).one()
        assert (letter.round, letter.state) == (2, LetterState.DRAFT)
        assert [one.id for one in addressing.chosen(letter)] == [office]
