"""Each gate closed alone keeps silence from being published, and says so; opened, it lets it out.

Every letter here came to its day through the real operations: written, approved by a second
person, sent, read back, reminded twice. The clock's own pass publishes.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from flask.ctx import AppContext

from campaign import schedule
from campaign.awaiting import operations as awaiting
from campaign.campaigns import operations as campaigning
from campaign.companies.rules import Channel
from campaign.drafting import operations as drafting
from campaign.drafting.completeness import STANDARD
from campaign.drafting.models import Letter, TextKind
from campaign.kernel import clock
from campaign.publishing import due, gate, look, rules
from campaign.publishing import operations as publishing
from campaign.publishing.models import Response
from campaign.publishing.rules import Gate
from campaign.replies import operations as replies
from campaign.replies.rules import ItemKind, Permission
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from tests.builders import campaigns, mailbox_files, waiting
from tests.builders import drafting as drafts
from tests.builders import replies as incoming
from tests.builders.waiting import AFTER, FINAL_NOTICE, SILENCE, go_on, record_of, run

SOON = FINAL_NOTICE + timedelta(hours=6)
LATER = AFTER + timedelta(hours=1)

# What cannot be known before the time has passed is closed with the gate of the period.
TIME = {Gate.PERIOD, Gate.MAILBOXES_READ}


def blocks(letter: Letter, *gates: str, at: datetime = AFTER) -> None:
    """A pass at that moment publishes nothing and names exactly these gates."""
    tally = run(at)
    assert tally.published == 0
    assert record_of(letter) is None
    assert {b.gate for b in tally.blocked} == set(gates)
    assert {b.letter for b in tally.blocked} == {letter.ref}
    assert all(b.detail and b.opens for b in tally.blocked)


def publishes(letter: Letter, at: datetime = LATER) -> None:
    """A pass at that moment publishes silence, and its basis holds all ten gates."""
    assert run(at).published == 1
    all_ten_hold(letter)


def all_ten_hold(letter: Letter) -> None:
    record = record_of(letter)
    assert record is not None
    assert [entry.response for entry in record.entries] == [Response.NO_RESPONSE]
    basis = json.loads(record.entries[0].basis)
    assert [result["gate"] for result in basis] == list(Gate)
    assert all(result["holds"] and result["detail"] for result in basis)
    assert run(LATER + timedelta(days=30)).published == 0


@pytest.fixture
def letter(ctx: AppContext) -> Letter:
    """A letter with every gate open at `AFTER`."""
    return waiting.ripe()[0]


def test_with_every_gate_open_the_clock_itself_publishes_silence(letter: Letter) -> None:
    publishes(letter, AFTER)
    record = record_of(letter)
    assert record is not None
    assert record.entries[0].statement == (
        "We wrote to the privacy office at Larkspur Mobile on 2 November 2026 by e-mail and asked"
        " for a reply by 16 November 2026. We had not received a response by 18 November 2026,"
        " 00:05 GMT."
    )
    assert record.entries[0].by_id is None


# notice given


def test_a_letter_without_the_publication_notice_never_leads_to_a_record(ctx: AppContext) -> None:
    people = drafts.staff()
    with clock.at(waiting.SENT):
        campaign = campaigns.campaign(people.drafter)
        subject, body = STANDARD[TextKind.LETTER]
        plain = body.replace("((publication_notice))\n", "")
        assert plain != body
        save = drafting.save_template
        save(campaign.id, kind=TextKind.LETTER, subject=subject, body=plain, actor=people.drafter)
    letter = waiting.ripe(people=people, campaign=campaign)[0]
    blocks(letter, Gate.NOTICE_GIVEN)
    with clock.at(LATER):
        save(campaign.id, kind=TextKind.LETTER, subject=subject, body=body, actor=people.drafter)
    waiting.again(letter, people, LATER, "With the notice.")
    go_on(letter, LATER + timedelta(days=1))
    all_ten_hold(letter)


# proof


def test_weak_proof_keeps_silence_back_until_a_second_person_signs(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.sent(people=people, verified=False)[0]
    blocks(letter, Gate.PROOF, Gate.PERIOD, Gate.REMINDED)
    with clock.at(LATER):
        awaiting.sign_weak_proof(
            letter.id, words="Their press office confirms the address.", actor=people.approver
        )
    # The reminders that nobody could send before move the deadline: our own extension.
    go_on(letter, LATER)
    all_ten_hold(letter)
    record = record_of(letter)
    assert record is not None
    basis = {result["gate"]: result["detail"] for result in json.loads(record.entries[0].basis)}
    assert "A second person signed for it: Their press office confirms" in basis["proof"]


def test_a_bounce_that_comes_late_takes_the_proof_away(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.ripe(people=people)[0]
    with clock.at(SOON):
        mailbox_files.bounces(outbox.dispatches_of(letter.id)[0])
    blocks(letter, Gate.PROOF, Gate.PERIOD)
    waiting.again(letter, people, LATER)
    go_on(letter, LATER + timedelta(days=1))
    all_ten_hold(letter)


def test_a_public_mention_alone_is_no_delivery(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.sent(people=people, channels=[Channel.EMAIL, Channel.MENTION])[0]
    mail, mention = outbox.dispatches_of(letter.id)
    with clock.at(SOON):
        sending.mentioned(mention.id, link="https://social.example/1", actor=people.drafter)
        mailbox_files.bounces(mail)
    tally = run(AFTER + timedelta(days=40))
    assert {Gate.PROOF, Gate.PERIOD} <= {b.gate for b in tally.blocked}
    assert record_of(letter) is None


# reminded


def test_a_final_notice_that_bounced_keeps_silence_back(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.ripe(people=people)[0]
    final = next(d for d in outbox.dispatches_of(letter.id) if d.kind is TextKind.FINAL_NOTICE)
    with clock.at(SOON):
        mailbox_files.bounces(final)
    blocks(letter, Gate.REMINDED)
    waiting.again(letter, people, LATER)
    go_on(letter, LATER + timedelta(days=1))
    all_ten_hold(letter)


def test_a_campaign_without_reminders_never_publishes_silence_until_it_reminds(
    ctx: AppContext,
) -> None:
    people = drafts.staff()
    letter = waiting.sent(people=people, reminders=False)[0]
    blocks(letter, Gate.REMINDED)
    campaigning.change_campaign(letter.campaign_id, reminders=True, actor=people.drafter)
    waiting.again(letter, people, LATER, "With reminders.")
    go_on(letter, LATER + timedelta(days=1))
    all_ten_hold(letter)


# period


def test_nothing_is_published_before_the_grace_is_over(letter: Letter) -> None:
    blocks(letter, *TIME, at=SILENCE - timedelta(seconds=1))
    publishes(letter)


def test_an_extension_closes_the_period_again(letter: Letter) -> None:
    with clock.at(SOON):
        awaiting.extend(
            letter.id,
            new_deadline=SILENCE.date(),
            asked_by="their press office",
            why="The person in charge is away.",
            actor=waiting.publisher(),
        )
    blocks(letter, *TIME)
    assert go_on(letter, AFTER + timedelta(hours=1))
    all_ten_hold(letter)


# mailboxes read


def test_a_mailbox_that_cannot_be_read_keeps_silence_back(letter: Letter) -> None:
    inbox = incoming.settings().captured_inbox
    away = inbox.with_name("away")
    inbox.rename(away)
    inbox.write_text("no folder")
    with clock.at(AFTER):
        tally = schedule.run_pass()
    assert tally is not None
    assert {b.gate for b in tally.blocked} == {Gate.MAILBOXES_READ}
    assert record_of(letter) is None
    inbox.unlink()
    away.rename(inbox)
    publishes(letter)


def test_without_a_copy_of_ours_in_the_mailbox_it_is_not_shown_to_work(ctx: AppContext) -> None:
    letter = waiting.sent(lose_copies=True)[0]
    for step in waiting.STEPS[1:]:
        run(step, lose_copies=True)
    blocks(letter, Gate.MAILBOXES_READ)
    with clock.at(AFTER):
        mailbox_files.own_copy(outbox.dispatches_of(letter.id)[0])
    publishes(letter)


# nothing waiting


MAILS = {
    "from their domain": {"sender": "Jo <jo@larkspur-mobile.example>"},
    "from nobody known": {"sender": "Pip <pip@elsewhere.example>"},
    "with their name": {"sender": "Pip <pip@elsewhere.example>", "text": "Larkspur Mobile here."},
}


@pytest.mark.parametrize("mail", list(MAILS))
def test_a_message_that_nobody_has_seen_keeps_silence_back(letter: Letter, mail: str) -> None:
    with clock.at(SOON):
        incoming.arrives(incoming.mail(**MAILS[mail]))
    blocks(letter, Gate.NOTHING_WAITING)
    with clock.at(AFTER):
        message = next(m for m in incoming.stored() if m.triage.value == "waiting")
        replies.dismiss(message.id, why="A greeting card.", actor=waiting.publisher())
    publishes(letter)


def test_a_message_that_cannot_be_read_keeps_silence_back(letter: Letter) -> None:
    with clock.at(SOON):
        incoming.arrives(b"\r\n\r\n")
    blocks(letter, Gate.NOTHING_WAITING)
    message = next(m for m in incoming.stored() if m.triage.value == "waiting")
    replies.mark_spam(message.id, actor=waiting.publisher())
    publishes(letter)


# other doors swept


def test_a_form_is_a_door_that_a_person_looks_through_after_the_deadline(ctx: AppContext) -> None:
    people = drafts.staff()
    letter = waiting.sent(people=people, channels=[Channel.EMAIL, Channel.FORM])[0]
    form = outbox.dispatches_of(letter.id)[1]
    with clock.at(waiting.SENT + timedelta(hours=1)):
        sending.form_submitted(form.id, reference="T-1", actor=people.drafter)
    for step in waiting.STEPS[1:]:
        run(step)
    blocks(letter, Gate.OTHER_DOORS_SWEPT)
    with clock.at(AFTER):
        awaiting.confirm_sweep(letter.id, note="Their portal.", actor=waiting.publisher())
    publishes(letter)


# no reply


def test_a_reply_of_any_kind_keeps_silence_back_until_it_is_taken_back(letter: Letter) -> None:
    who = waiting.publisher()
    with clock.at(SOON):
        reply = replies.log_reply(
            letter.id,
            kind=ItemKind.PHONE_NOTE,
            answer=None,
            permission=Permission.UNDETERMINED,
            verdicts={},
            received_at=SOON,
            sender="their switchboard",
            text="They will look into it.",
            note="",
            actor=who,
        )
    blocks(letter, Gate.NO_REPLY)
    with clock.at(AFTER):
        publishing.withdraw_reply(reply.id, why="It was another company.", actor=who)
    publishes(letter)


# no hold, no embargo, no halt


@pytest.mark.parametrize("what", ["letter_id", "company_id", "campaign_id"])
def test_a_hold_keeps_silence_back(letter: Letter, what: str) -> None:
    subject = {
        "letter_id": letter.id,
        "company_id": letter.company_id,
        "campaign_id": letter.campaign_id,
    }[what]
    who = waiting.publisher()
    with clock.at(SOON):
        hold = awaiting.hold(why="They rang.", actor=who, **{what: subject})
    blocks(letter, Gate.NO_HOLD)
    with clock.at(AFTER):
        awaiting.release(hold.id, actor=who)
    publishes(letter)


def test_an_embargo_keeps_silence_back(letter: Letter) -> None:
    who = waiting.publisher()
    with clock.at(SOON):
        campaigning.set_embargo(letter.campaign_id, until=None, actor=who)
    blocks(letter, Gate.NO_HOLD)
    with clock.at(AFTER):
        campaigning.lift_embargo(letter.campaign_id, actor=who)
    publishes(letter)


def test_a_halt_keeps_silence_back(letter: Letter) -> None:
    who = waiting.publisher()
    with clock.at(SOON):
        sending.halt(why="A fire.", actor=who)
    blocks(letter, Gate.NO_HOLD)
    with clock.at(AFTER):
        sending.release_halt(actor=who)
    publishes(letter)


# still approved


def test_bytes_that_are_not_what_was_signed_keep_silence_back(letter: Letter) -> None:
    mail = outbox.dispatches_of(letter.id)[0]
    with mailbox_files.altered(mail, b"location", b"vacation"):
        blocks(letter, Gate.STILL_APPROVED)
    publishes(letter)


def test_a_frozen_text_that_was_changed_keeps_silence_back(letter: Letter) -> None:
    with mailbox_files.rewritten(letter):
        blocks(letter, Gate.STILL_APPROVED)
    publishes(letter)


# a person's word


def test_where_a_campaign_asks_for_it_a_person_decides(ctx: AppContext) -> None:
    letter = waiting.ripe(auto_publish=False)[0]
    blocks(letter, due.PERSON)
    with clock.at(LATER):
        publishing.publish_silence(letter.id, actor=waiting.publisher())
    all_ten_hold(letter)


# lists show what the gate says


def test_the_look_at_many_letters_says_what_the_gate_says_of_each(ctx: AppContext) -> None:
    people = drafts.staff()
    who = waiting.publisher()
    letters = waiting.ripe(5, people=people, channels=[Channel.EMAIL, Channel.FORM])
    weak = waiting.sent(people=people, verified=False, company={"name": "Weak Post"}, title="Two")
    with clock.at(SOON):
        awaiting.hold(why="They rang.", actor=who, letter_id=letters[0].id)
        mailbox_files.bounces(outbox.dispatches_of(letters[1].id)[0])
        incoming.arrives(incoming.mail(sender="Jo <jo@company-002.example>"))
        incoming.arrives(incoming.mail())
        incoming.take_in()
    with clock.at(AFTER):
        awaiting.confirm_sweep(letters[3].id, note="Their portal.", actor=who)
        awaiting.sign_weak_proof(weak[0].id, words="Confirmed.", actor=people.approver)
        every = [*letters, *weak]
        looks = look.at(every)
        assert {one.id: looks[one.id].results for one in every} == {
            one.id: gate.check(one) for one in every
        }
        assert {len(rules.closed(found.results)) for found in looks.values()} != {0}
