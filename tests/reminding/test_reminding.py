"""Staff hear of each thing once, in their hours, as they chose; nothing is muted by accident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns import operations as campaigns
from campaign.drafting import operations as drafting
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing.models import Record
from campaign.reminding import operations, queries, rules
from campaign.reminding.models import Reminder, ReminderChoice
from campaign.reminding.rules import TOPICS, Topic, Way
from campaign.replies import triage
from campaign.replies.models import MailboxReading
from campaign.sending import operations as sending
from campaign.sending.transport import Handover, Outcome, Parcel
from tests.builders import drafting as drafts
from tests.builders import publishing as published
from tests.builders import replies as mails
from tests.builders import waiting as wait
from tests.builders.accounts import post, sign_in, user
from tests.pages import page

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 22, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 10, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


class Post:
    """A way for mails that keeps them; `answers` are used up first, then all are accepted."""

    def __init__(self, *answers: Handover) -> None:
        self.answers = list(answers)
        self.mails: list[tuple[str, EmailMessage]] = []

    def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Handover.ACCEPTED
        if answer is Handover.ACCEPTED and before_dot():
            mail = message_from_bytes(parcel.data, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append((parcel.recipient, mail))
        return Outcome(answer, reply="said so")

    def close(self) -> None:
        """Nothing is open."""

    def texts(self, to: User) -> list[str]:
        found = []
        for recipient, mail in self.mails:
            if recipient == to.email:
                body = mail.get_body(("plain",))
                assert body is not None
                found.append(body.get_content())
        return found


def remind(way: Post, at: datetime) -> int:
    with clock.at(at):
        return operations.remind_staff(transport=way, always=True)  # type: ignore[arg-type]


@pytest.fixture
def triager(app: Flask) -> User:
    """Somebody with a message in the inbox that came on Monday at six."""
    with app.app_context():
        who = user("Tom Triager", Role.PUBLISHER)
        mails.taken_in(
            mails.mail(sender="stranger@elsewhere.example", subject="Hello"),
            MONDAY - timedelta(hours=4, minutes=30),
        )
        db.session.refresh(who)
        db.session.expunge(who)
        return who


def test_a_thing_is_told_once_and_again_only_when_it_comes_back(app: Flask) -> None:
    way = Post()
    with app.app_context():
        people = drafts.staff()
        letter = drafts.draft(people)
        with clock.at(MONDAY - timedelta(days=2)):
            drafts.in_review(people, letter)
        assert remind(way, MONDAY) == 0, "it has to wait a day after it was first seen"
        later = MONDAY + timedelta(days=1, minutes=1)
        assert remind(way, later) == 1
        (text,) = way.texts(people.approver)
        assert "Approve one letter" in text
        assert "/staff/campaigns/" in text
        assert "/staff/reminders/" in text
        assert remind(way, later + timedelta(hours=2)) == 0
        with clock.at(later + timedelta(hours=3)):
            drafting.withdraw_letter(letter.id, why="Not now.", actor=people.drafter)
        assert remind(way, later + timedelta(hours=4)) == 0
        (row,) = db.session.scalars(sa.select(Reminder).filter_by(user_id=people.approver.id))
        assert row.over_at == later + timedelta(hours=4)


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        (MONDAY, True),
        (NIGHT, False),
        (SATURDAY, False),
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 18, 0, tzinfo=UTC), False),
        (datetime(2026, 6, 1, 7, 30, tzinfo=UTC), True),  # summer time
    ],
)
def test_people_work_from_monday_to_friday_from_eight_to_six(moment: datetime, works: bool) -> None:
    assert rules.is_working_time(moment, LONDON) is works


def test_nothing_is_mailed_at_night_and_it_waits_until_the_morning(
    app: Flask, triager: User
) -> None:
    way = Post()
    with app.app_context():
        assert remind(way, MONDAY - timedelta(hours=4)) == 0, "it is six in the morning"
        assert remind(way, NIGHT) == 0
        assert remind(way, MONDAY + timedelta(days=1)) == 1
        assert "Hello" in way.texts(triager)[0]


def test_a_matter_that_is_over_by_the_morning_is_told_to_nobody(app: Flask, triager: User) -> None:
    way = Post()
    with app.app_context():
        remind(way, NIGHT)
        for message in mails.stored():
            triage.mark_spam(message.id, actor=triager)
        assert remind(way, MONDAY + timedelta(days=1)) == 0


@pytest.mark.parametrize("answer", [Handover.DEFERRED, Handover.FAILED, Handover.LOST_BEFORE_DOT])
def test_what_certainly_did_not_leave_is_tried_again_later(
    app: Flask, triager: User, answer: Handover
) -> None:
    way = Post(answer)
    with app.app_context():
        remind(way, MONDAY - timedelta(hours=2))
        assert remind(way, MONDAY + timedelta(hours=3)) == 0
        assert remind(way, MONDAY + timedelta(hours=3, minutes=14)) == 0
        assert way.mails == []
        assert remind(way, MONDAY + timedelta(hours=3, minutes=16)) == 1


def test_what_may_have_left_is_never_sent_twice(app: Flask, triager: User) -> None:
    way = Post(Handover.LOST_AFTER_DOT)
    with app.app_context():
        remind(way, MONDAY - timedelta(hours=2))
        remind(way, MONDAY + timedelta(hours=3))
        remind(way, MONDAY + timedelta(hours=9))
        assert way.mails == []


def test_it_is_noted_before_it_is_handed_over(app: Flask, triager: User) -> None:
    class Crash(Post):
        def send(self, parcel: Parcel, before_dot: Callable[[], bool]) -> Outcome:
            raise KeyboardInterrupt

    with app.app_context():
        remind(Post(), MONDAY - timedelta(hours=2))
        with pytest.raises(KeyboardInterrupt):
            remind(Crash(), MONDAY + timedelta(hours=3))
        way = Post()
        assert remind(way, MONDAY + timedelta(hours=7)) == 0
        assert remind(way, MONDAY + timedelta(days=1)) == 0


def test_nothing_leaves_while_everything_is_halted(app: Flask, triager: User) -> None:
    way = Post()
    with app.app_context():
        remind(way, MONDAY - timedelta(hours=2))
        sending.halt(why="We look into something.", actor=triager)
        assert remind(way, MONDAY + timedelta(hours=3)) == 0


def test_a_person_mutes_one_topic_and_hears_of_the_others_and_what_is_muted_is_shown(
    app: Flask, client: FlaskClient, triager: User
) -> None:
    way = Post()
    with app.app_context():
        sign_in(client, triager)
    shown = page(client.get("/staff/reminders/"))
    assert len(shown.select("input[type=radio]")) == len(TOPICS) * len(Way)
    assert len(shown.select("input[type=radio][checked]")) == len(TOPICS)
    usual = {topic.value: usual.value for topic, (_, _, usual) in TOPICS.items()}
    answer = post(client, "/staff/reminders/", {**usual, "replies": "muted"})
    assert answer.status_code == 302
    assert "No mail about: Replies and messages." in page(client.get("/staff/reminders/")).text
    with app.app_context():
        assert [(one.topic, one.way) for one in db.session.scalars(sa.select(ReminderChoice))] == [
            (Topic.REPLIES, Way.MUTED)
        ]
        remind(way, MONDAY - timedelta(hours=2))
        assert remind(way, MONDAY + timedelta(hours=3)) == 0
    waits = page(client.get("/staff/reminders/")).texts("[aria-labelledby=waits] tbody th")
    assert waits == ["Message that could be anybody's"]
    assert post(client, "/staff/reminders/", {**usual, "replies": "loud"}).status_code == 200
    answer = post(client, "/staff/reminders/", {"replies": "muted"})
    assert "Choose one." in page(answer).text
    with app.app_context():
        assert queries.ways(triager)[Topic.PUBLICATION] is Way.AT_ONCE


def test_a_digest_comes_once_on_a_working_day(app: Flask, triager: User) -> None:
    way = Post()
    with app.app_context():
        operations.choose(triager, {**queries.ways(triager), Topic.REPLIES: Way.DIGEST})
        remind(way, MONDAY - timedelta(hours=2))
        assert remind(way, MONDAY + timedelta(hours=3)) == 1
        assert way.mails[0][1]["Subject"] == "Today: One thing waits for you"
        mails.taken_in(
            mails.mail(sender="other@elsewhere.example", subject="Another"),
            MONDAY + timedelta(hours=3),
        )
        remind(way, MONDAY + timedelta(hours=3, minutes=5))
        assert remind(way, MONDAY + timedelta(hours=7, minutes=50)) == 0
        assert remind(way, MONDAY + timedelta(days=1)) == 1
        assert ["Hello" in text for text in way.texts(triager)] == [True, False]


def test_between_two_mails_an_hour_passes(app: Flask, triager: User) -> None:
    way = Post()
    with app.app_context():
        remind(way, MONDAY - timedelta(hours=2))
        later = MONDAY + timedelta(hours=3)
        assert remind(way, later) == 1
        (box,) = db.session.scalars(sa.select(MailboxReading))
        assert box.active
        rows = db.session.scalars(sa.select(Reminder)).all()
        db.session.add(
            Reminder(
                user_id=triager.id, key="x", topic=Topic.REPLIES, title="Another", path="/",
                seen_at=later, due_at=later,
            )
        )  # fmt: skip
        db.session.commit()
        assert rows
        with clock.at(later + timedelta(minutes=59)), app.test_request_context():
            assert operations._batches(triager, clock.now(), LONDON) == []
        with clock.at(later + timedelta(minutes=61)), app.test_request_context():
            assert len(operations._batches(triager, clock.now(), LONDON)) == 1


def test_only_who_may_do_it_is_told_and_who_left_is_not(app: Flask, triager: User) -> None:
    way = Post()
    with app.app_context():
        viewer = user("Vera Viewer", Role.VIEWER)
        db.session.get_one(User, triager.id).active = False
        db.session.commit()
        remind(way, MONDAY - timedelta(hours=2))
        assert remind(way, MONDAY + timedelta(hours=3)) == 0
        assert way.texts(viewer) == []


THINGS = {
    "deadline": (wait.DEADLINE - timedelta(days=1), Topic.DEADLINES, "to answer by 16 November"),
    "publication": (wait.SILENCE - timedelta(hours=5), Topic.PUBLICATION, "did not respond"),
}


@pytest.mark.parametrize("name", THINGS)
def test_deadlines_and_publications_are_told_beforehand(app: Flask, name: str) -> None:
    at, topic, words = THINGS[name]
    with app.app_context():
        wait.sent()
        for step in wait.STEPS:
            wait.run(step)
            wait.run(step + timedelta(minutes=1))
        who = wait.publisher()
        wait.run(at)
        assert words in _told(app, who, at)[topic]


def test_drafts_reviews_embargoes_and_silent_mailboxes_are_told(app: Flask) -> None:
    with app.app_context():
        people = drafts.staff()
        with clock.at(MONDAY - timedelta(days=8)):
            drafts.draft(people)
        boss = user("Ann Admin", Role.ADMIN)
        told = _told(app, boss, MONDAY)
        assert "One letter of" in told[Topic.DRAFTS]
        letter = db.session.scalars(sa.select(Letter)).one()
        with clock.at(MONDAY):
            ends = MONDAY + timedelta(hours=9)
            campaigns.set_embargo(letter.campaign_id, until=ends, actor=boss)
        assert "ends within a day" in _told(app, boss, MONDAY)[Topic.EMBARGOES]
        published.silence(published.sent(published.campaign()))
        record = db.session.scalars(sa.select(Record)).one()
        record.review_on = MONDAY.date()
        db.session.add(
            MailboxReading(key="imaps://x/", started_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
        db.session.commit()
        told = _told(app, boss, MONDAY)
        assert "Look at the record of Larkfield Home again" in told[Topic.REVIEWS]
        assert "is not read" in told[Topic.MAILBOXES]


def _told(app: Flask, who: User, at: datetime) -> dict[Topic, str]:
    """Titles of what waits for a person, by topic."""
    found: dict[Topic, str] = {}
    with app.test_request_context(), clock.at(at):
        for _, things in queries.things([who], at):
            for thing in things:
                found[thing.topic] = found.get(thing.topic, "") + thing.title + "\n"
    return found


def test_everything_that_today_shows_has_a_topic_and_every_person_reads_as_many_queries(
    app: Flask,
) -> None:
    from campaign.desk import queries as desk
    from campaign.desk import todo

    with app.test_request_context(), clock.at(MONDAY):
        boss = user("Ann Admin", Role.ADMIN)
        asked = todo._asked(boss, desk.looked_at(MONDAY), MONDAY)
        assert set(asked) == set(queries._TODO)


def test_the_clock_looks_every_five_minutes_and_not_in_each_pass(
    app: Flask, triager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[datetime] = []
    monkeypatch.setattr(operations, "look", lambda people, now: looks.append(now))
    with app.app_context():
        for _ in range(3):
            operations.remind_staff(transport=Post())  # type: ignore[arg-type]
    assert len(looks) == 1
