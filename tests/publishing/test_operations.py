"""Acts of publishing: one record a letter, whatever happens at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.awaiting import operations as awaiting
from campaign.campaigns import operations as campaigning
from campaign.database import transaction
from campaign.desk.todo import waiting_for
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import operations, public_queries
from campaign.publishing.models import Record, RecordEntry, Response, Timeliness
from campaign.publishing.rules import Gate
from campaign.replies import operations as replies
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.rules import Answer, ItemKind, Permission
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from tests.builders import drafting as drafts
from tests.builders import mailbox_files, waiting
from tests.builders import replies as incoming
from tests.builders.threads import at_once
from tests.builders.waiting import AFTER, SENT, record_of, run
from tests.pages import page

IN_TIME = SENT + timedelta(days=3)
LATE = AFTER + timedelta(days=2)


def entries() -> list[RecordEntry]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(RecordEntry).order_by(RecordEntry.id)))


def filed(
    letter: Letter,
    who: User,
    kind: ItemKind = ItemKind.RESPONSE,
    answer: Answer | None = Answer.FULL,
    permission: Permission = Permission.NOTICE_DEFAULT,
) -> Reply:
    """What came from the company by telephone or post, taken down now."""
    return replies.log_reply(
        letter.id,
        kind=kind,
        answer=answer,
        permission=permission,
        verdicts={},
        received_at=clock.now(),
        sender="their press office",
        text="We keep it for three days.",
        note="",
        actor=who,
    )


def refused(code: str, act: Callable[[], Any]) -> Problem:
    """The act raises this problem and leaves no record behind."""
    before = len(entries())
    with pytest.raises(Problem) as caught:
        act()
    assert caught.value.code == code
    assert len(entries()) == before
    return caught.value


def test_two_publishers_at_once_make_one_record(app: Flask, ctx: AppContext) -> None:
    letter_id = waiting.ripe()[0].id
    with clock.at(AFTER):
        incoming.take_in()
        db.session.remove()

        def publish() -> str:
            return operations.publish_silence(letter_id).ref

        told = at_once(app, publish, publish, publish)
    (record,) = db.session.scalars(sa.select(Record.ref))
    assert sorted(map(str, told)) == sorted([record, "not-open", "not-open"])
    assert len(entries()) == 1
    assert history.verify()[1] is None


def test_a_reply_stored_between_the_look_and_the_act_prevents_publication(
    ctx: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = waiting.ripe()[0]
    publish = operations.publish_silence

    def a_reply_comes_first(letter_id: int, **how: Any) -> Record:
        incoming.arrives(incoming.mail(to=incoming.reply_address(letter)))
        replies.read_mailboxes()
        return publish(letter_id, **how)

    monkeypatch.setattr(operations, "publish_silence", a_reply_comes_first)
    tally = run(AFTER)
    assert tally.published == 0
    assert {b.gate for b in tally.blocked} == {Gate.NOTHING_WAITING}
    assert record_of(letter) is None


def test_a_publication_waits_for_a_reply_that_is_just_being_stored(
    app: Flask, ctx: AppContext
) -> None:
    letter_id = waiting.ripe()[0].id
    begun, may_end = threading.Event(), threading.Event()

    def store() -> str:
        with transaction() as session:
            session.add(IncomingMessage(sha256="0" * 64, size=1, arrived_at=AFTER))
            session.flush()
            begun.set()
            may_end.wait(3)
        return "stored"

    def publish() -> str:
        begun.wait(10)
        threading.Timer(0.5, may_end.set).start()
        return operations.publish_silence(letter_id).ref

    with clock.at(AFTER):
        incoming.take_in()
        db.session.remove()
        assert at_once(app, store, publish) == ["stored", "gate-closed"]
    assert entries() == []


def test_a_reply_after_publication_shows_at_once_that_they_have_been_in_touch(
    ctx: AppContext,
) -> None:
    letter = waiting.ripe()[0]
    run(AFTER)
    assert public_queries.shown([letter])[0].in_touch is False
    with clock.at(LATE):
        incoming.arrives(incoming.mail(to=incoming.reply_address(letter)))
        run(LATE)
        found = public_queries.shown([letter])[0]
    assert found.in_touch is True
    assert found.response == "no_response"


def test_it_still_says_so_while_the_filed_reply_waits_to_be_published(ctx: AppContext) -> None:
    letter, who = waiting.ripe()[0], waiting.publisher()
    run(AFTER)
    with clock.at(LATE):
        reply = filed(letter, who)
        assert public_queries.shown([letter])[0].in_touch is True
        operations.publish_reply(reply.id, actor=who)
        db.session.rollback()
        assert public_queries.shown([letter])[0].in_touch is False


def test_a_late_answer_changes_the_headline_and_the_old_state_stays(ctx: AppContext) -> None:
    letter, who = waiting.ripe()[0], waiting.publisher()
    run(AFTER)
    with clock.at(LATE):
        operations.publish_reply(filed(letter, who).id, actor=who, comment="We thank them.")
    first, second = entries()
    assert (first.response, first.timeliness) == (Response.NO_RESPONSE, None)
    assert second.response is Response.RESPONDED_FULL
    assert second.timeliness is Timeliness.AFTER_PUBLICATION
    assert second.comment == "We thank them."
    assert "It answered on 20 November 2026." in second.statement
    assert [event.kind for event in history.of(letter.ref)][-1] == "record.changed"


@pytest.mark.parametrize(
    ("answer", "days", "extended", "timeliness"),
    [
        (Answer.FULL, 3, False, Timeliness.ON_TIME),
        (Answer.DECLINED, 14, False, Timeliness.ON_TIME),  # the deadline's own day
        (Answer.PARTIAL, 15, False, Timeliness.AFTER_DEADLINE),
        (Answer.REDIRECTED, 15, True, Timeliness.WITHIN_EXTENSION),
    ],
)
@pytest.mark.database("sqlite")
def test_an_answer_is_published_with_the_time_it_came(
    ctx: AppContext, answer: Answer, days: int, extended: bool, timeliness: Timeliness
) -> None:
    letter, who = waiting.sent()[0], waiting.publisher()
    if extended:
        with clock.at(IN_TIME):
            awaiting.extend(
                letter.id,
                new_deadline=(SENT + timedelta(days=20)).date(),
                asked_by="them",
                why="Holidays.",
                actor=who,
            )
    with clock.at(SENT + timedelta(days=days)):
        operations.publish_reply(filed(letter, who, answer=answer).id, actor=who)
    (entry,) = entries()
    assert (entry.response.value, entry.timeliness) == (answer.value, timeliness)
    db.session.refresh(letter)
    assert letter.state is LetterState.CONCLUDED


def test_an_answer_in_time_stays_so_when_the_companys_zone_is_changed_after_more_time(
    ctx: AppContext,
) -> None:
    letter, who = waiting.sent()[0], waiting.publisher()
    until = (SENT + timedelta(days=20)).date()
    with clock.at(IN_TIME):
        awaiting.extend(letter.id, new_deadline=until, asked_by="them", why="Holidays.", actor=who)
        letter.company.timezone = "Asia/Tokyo"  # there the first deadline's day ended at 15:00 UTC
        db.session.commit()
    with clock.at(SENT + timedelta(days=14, hours=10)):  # 20:00 UTC on that day
        operations.publish_reply(filed(letter, who).id, actor=who)
    (entry,) = entries()
    assert entry.timeliness is Timeliness.ON_TIME


def test_what_may_not_be_published_is_refused_with_the_reason(ctx: AppContext) -> None:
    letter, who = waiting.sent()[0], waiting.publisher()
    with clock.at(IN_TIME):
        note = filed(letter, who, ItemKind.PHONE_NOTE, None)
        undecided = filed(letter, who, permission=Permission.UNDETERMINED)
        good = filed(letter, who)

        def publish(reply: Reply) -> Callable[[], Record]:
            return lambda: operations.publish_reply(reply.id, actor=who)

        refused("no-response-item", publish(note))
        refused("permission-undecided", publish(undecided))
        hold = awaiting.hold(why="They rang", actor=who, letter_id=letter.id)
        assert "They rang" in str(refused("publication-stopped", publish(good)))
        awaiting.release(hold.id, actor=who)
        campaigning.set_embargo(letter.campaign_id, until=None, actor=who)
        refused("publication-stopped", publish(good))
        campaigning.lift_embargo(letter.campaign_id, actor=who)
        sending.halt(why="A fire.", actor=who)
        refused("publication-stopped", publish(good))
        sending.release_halt(actor=who)
        operations.withdraw_reply(good.id, why="Another company's.", actor=who)
        refused("reply-withdrawn", publish(good))


def test_a_published_reply_is_not_taken_back_in_silence(ctx: AppContext) -> None:
    letter, who = waiting.sent()[0], waiting.publisher()
    with clock.at(IN_TIME):
        reply = filed(letter, who)
        operations.publish_reply(reply.id, actor=who)
        refused(
            "reply-published",
            lambda: operations.withdraw_reply(reply.id, why="A mistake.", actor=who),
        )
        refused("reason-missing", lambda: operations.withdraw_reply(reply.id, why=" ", actor=who))


def test_a_reply_taken_back_waits_in_the_inbox_and_blocks_silence(ctx: AppContext) -> None:
    letter, who = waiting.ripe()[0], waiting.publisher()
    with clock.at(waiting.FINAL_NOTICE + timedelta(hours=6)):
        message = incoming.answered(letter)
        reply = replies.file_reply(
            message.id,
            letter_id=letter.id,
            kind=ItemKind.RESPONSE,
            answer=Answer.FULL,
            permission=Permission.NOTICE_DEFAULT,
            verdicts={},
            text=message.text,
            note="",
            actor=who,
        )
        assert {b.gate for b in run(AFTER).blocked} == {Gate.NO_REPLY}
        operations.withdraw_reply(reply.id, why="Not theirs.", actor=who)
    assert {b.gate for b in run(AFTER).blocked} == {Gate.NOTHING_WAITING}


def acknowledged(who: User) -> Letter:
    letter = waiting.sent()[0]
    with clock.at(IN_TIME):
        filed(letter, who, ItemKind.ACKNOWLEDGEMENT, None)
    return letter


def test_an_acknowledgement_never_becomes_silence_and_a_person_publishes_what_it_is(
    ctx: AppContext,
) -> None:
    who = waiting.publisher()
    letter = acknowledged(who)
    for step in waiting.STEPS[1:]:
        assert run(step).reminded == 0
    assert {b.gate for b in run(AFTER).blocked} == {Gate.NO_REPLY, Gate.REMINDED}
    with clock.at(AFTER):
        operations.publish_acknowledged_only(letter.id, actor=who)
    (entry,) = entries()
    assert entry.response is Response.ACKNOWLEDGED_ONLY
    assert "It was acknowledged on 5 November 2026; we had not received an answer by" in (
        entry.statement
    )


def test_acknowledged_only_needs_its_time_and_nothing_but_acknowledgements(
    ctx: AppContext,
) -> None:
    who = waiting.publisher()
    letter = acknowledged(who)

    def publish() -> Record:
        return operations.publish_acknowledged_only(letter.id, actor=who)

    with clock.at(IN_TIME):
        run(IN_TIME)
        refused("gate-closed", publish)
    run(AFTER)
    with clock.at(AFTER):
        filed(letter, who)
        refused("not-acknowledged-only", publish)


def test_silence_cannot_be_published_as_acknowledged(ctx: AppContext) -> None:
    letter, who = waiting.ripe()[0], waiting.publisher()
    with clock.at(AFTER):
        refused(
            "not-acknowledged-only",
            lambda: operations.publish_acknowledged_only(letter.id, actor=who),
        )


def test_not_reached_is_a_persons_word_and_only_without_proof(ctx: AppContext) -> None:
    letter, who = waiting.sent()[0], waiting.publisher()

    def say() -> Record:
        return operations.set_not_reached(letter.id, why="No address works.", actor=who)

    with clock.at(IN_TIME):
        refused("was-reached", say)
        mailbox_files.bounces(outbox.dispatches_of(letter.id)[0])
        run(IN_TIME)
        refused("reason-missing", lambda: operations.set_not_reached(letter.id, why="", actor=who))
        say()
        refused("already-published", say)
    (entry,) = entries()
    assert entry.response is Response.NOT_REACHED
    assert "could not be delivered" in entry.statement
    assert entry.comment == "No address works."


def test_a_person_cannot_publish_silence_through_a_closed_gate(ctx: AppContext) -> None:
    letter, who = waiting.ripe(auto_publish=False)[0], waiting.publisher()
    with clock.at(waiting.FINAL_NOTICE):
        told = refused("gate-closed", lambda: operations.publish_silence(letter.id, actor=who))
    assert "of grace it ends" in str(told)


def test_publishing_withdraws_reminders_that_have_not_left(ctx: AppContext) -> None:
    letter, who = waiting.sent()[0], waiting.publisher()
    with clock.at(waiting.REMINDER):
        assert awaiting.remind_due() == 1
        operations.publish_reply(filed(letter, who).id, actor=who)
        db.session.rollback()
        assert [d.state.value for d in outbox.dispatches_of(letter.id)][1:] == ["withdrawn"]


def test_a_record_has_an_owner_a_day_of_review_and_an_entry_nobody_changes(
    ctx: AppContext,
) -> None:
    people = drafts.staff()
    letter = waiting.ripe(people=people)[0]
    run(AFTER)
    record = record_of(letter)
    assert record is not None
    assert record.owner_id == people.drafter.id
    assert record.review_on.isoformat() == "2027-05-17"
    kinds = [event.kind for event in history.of(letter.ref)]
    assert kinds.count("record.published") == 1
    assert history.verify()[1] is None


def test_a_bounce_after_silence_was_published_is_told_at_once_and_can_be_corrected(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        letter, who = waiting.ripe()[0], waiting.publisher()
        run(AFTER)
        path = f"/campaigns/{letter.campaign.slug}/{letter.company.slug}/"
        with pytest.raises(Problem) as early:
            operations.set_not_reached(letter.id, why="A guess.", actor=who)
        assert early.value.code == "was-reached"
        with clock.at(LATE):
            sent = next(d for d in outbox.dispatches_of(letter.id) if d.kind.value == "letter")
            replies.reply_as_company(sent.id, from_address="", text="", kind="bounce")
            run(LATE)
            assert public_queries.shown([letter])[0].came_back
            assert [item.title for kind in waiting_for(who, [], LATE) for item in kind.items] == [
                f"A mail to {letter.company.name} came back after silence was published"
            ]
        db.session.remove()
    assert "has come back since this was published" in page(client.get(path)).text
    with app.app_context():
        with clock.at(LATE):
            operations.set_not_reached(letter.id, why="It came back late.", actor=who)
        assert [entry.response.value for entry in entries()] == ["no_response", "not_reached"]
        assert not public_queries.shown([letter])[0].came_back
