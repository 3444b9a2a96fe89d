"""The past of the demonstration: what happened when, hung on the silent company's deadline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from campaign import schedule
from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.awaiting import operations as awaiting
from campaign.awaiting import rules
from campaign.awaiting.models import Waiting
from campaign.campaigns.operations import create_campaign
from campaign.companies import operations as companies
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.demo import texts
from campaign.drafting import operations as drafting
from campaign.drafting.custom_operations import add_field, set_values
from campaign.drafting.models import Letter, TextKind
from campaign.drafting.queries import current_frozen
from campaign.evidence import starting
from campaign.evidence.operations import save_survey
from campaign.evidence.report_operations import save_figure, save_report
from campaign.extensions import db
from campaign.kernel import clock, days
from campaign.kernel.errors import Problem
from campaign.publishing import operations as publishing
from campaign.publishing import redacting
from campaign.replies import operations as replies
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.rules import Answer, ItemKind, Permission, Triage, Verdict
from campaign.sending import operations as sending
from campaign.sending import queries as sent

LONDON = ZoneInfo("Europe/London")
Events = list[tuple[datetime, Callable[[], object]]]


def _last_silence(now: datetime) -> tuple[date, datetime]:
    """The newest deadline whose grace has ended by now in London, and the moment it ended."""
    place = rules.Place("GB", None, "Europe/London")
    policy = rules.Policy()
    deadline = place.date_at(now)
    while True:
        deadline = place.working_day(deadline, -1)
        over = rules.silence_at(deadline, policy, place)
        if over <= now:
            return deadline, over


@dataclass
class Story:
    """The plan of the past: everything hangs on the silent company's deadline."""

    now: datetime
    people: dict[Role, User] = field(default_factory=dict)
    letters: dict[str, int] = field(default_factory=dict)
    worked_at: datetime | None = None

    def __post_init__(self) -> None:
        self.deadline, self.over = _last_silence(self.now)
        self.sent_on = self.deadline - timedelta(days=rules.Policy().response_days)
        self.begin = self.day(-6, 9)

    def day(self, n: int, hour: int, minute: int = 0) -> datetime:
        """That London time on the n-th day after sending."""
        day = self.sent_on + timedelta(days=n)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)

    def by(self, role: Role) -> User:
        """The person who has that role."""
        return self.people[role]

    def play(self) -> None:
        """Everything, in the order in which it happened."""
        events = [*self._main_campaign(), *self._answers(), *self._second_campaign()]
        for when, act in sorted(events, key=lambda event: event[0]):
            self._let_time_pass(when)
            with clock.at(when):
                act()
        self._let_time_pass(self.over - timedelta(minutes=5))
        self._work(self.over - timedelta(minutes=5))

    def _let_time_pass(self, until: datetime) -> None:
        """Let the clock work at every moment at which a reminder falls due."""
        while True:
            worked = self.worked_at or self.begin
            due = db.session.scalar(
                sa.select(sa.func.min(Waiting.next_at)).where(Waiting.next_at >= worked)
            )
            db.session.rollback()
            moment = due and due + timedelta(minutes=1)
            if moment is None or moment >= until:
                return
            self._work(moment)

    def _work(self, when: datetime) -> None:
        with clock.at(when):
            self._pass()

    def _pass(self) -> None:
        """What the clock does, every fifteen seconds of a real day."""
        self.worked_at = clock.now()
        tally = schedule.run_pass(wait=60)
        if tally is None or tally.errors:
            raise Problem("demo-broken", why="; ".join(tally.errors) if tally else "no lease")

    # -- the first campaign ---------------------------------------------------------------

    def _main_campaign(self) -> Events:
        return [
            (self.begin, self._prepare),
            (self.day(-2, 15), self._submit),
            (self.day(-1, 11), self._approve),
            (self.day(0, 10, 2), self._send),
            (self.day(0, 10, 3), self._pass),
            (self.day(0, 10, 20), self._automatic_reply),
            (self.day(0, 11), self._pass),
            (self.day(2, 14), self._not_reached),
            (self.day(8, 10), self._resend),
            (self.day(8, 12), self._approve_resend),
            (self.day(8, 12, 5), self._pass),
            (self.day(8, 12, 20), self._pass),
        ]

    def _prepare(self) -> None:
        drafter = self.by(Role.DRAFTER)
        campaign = create_campaign(
            title=texts.TITLE,
            summary=texts.SUMMARY,
            questions=texts.QUESTIONS,
            signatories=[("Ines Okonjo", "Head of campaigns", "")],
            actor=drafter,
        )
        self.campaign_id, self.campaign_slug = campaign.id, campaign.slug
        ids = [self._company(company) for company in self._companies()]
        save_survey(**texts.POLL, actor=drafter)
        starting.load(files=current_app.extensions["files"], actor=drafter)
        self._report(drafter)
        drafting.save_template(
            campaign.id, kind=TextKind.LETTER, subject=texts.SUBJECT, body=texts.BODY, actor=drafter
        )
        drafting.add_letters(self.campaign_id, ids, actor=drafter)
        self._remember_letters()

    def _report(self, drafter: User) -> None:
        """What a company has disclosed in the first half of last year, for texts to cite."""
        year = clock.now().year - 1
        report = save_report(
            **{**texts.REPORT, "period_label": f"{texts.REPORT['period_label']} {year}"},
            company=texts.FULL.slug,
            period_start=date(year, 1, 1),
            period_end=date(year, 6, 30),
            actor=drafter,
        )
        for figure in texts.FIGURES:
            save_figure(report.id, **figure, actor=drafter)

    def _companies(self) -> tuple[texts.DemoCompany, ...]:
        name, slug, office, email = texts.ACKNOWLEDGED
        country, zone = self._eastern()
        eastern = texts.DemoCompany(name, slug, country, zone, office, email)
        return (
            *(texts.FULL, texts.PARTIAL, texts.LATE, texts.DECLINED, texts.EXTENDED),
            *(texts.NOT_REACHED, texts.RESENT, texts.SILENT, eastern),
        )

    def _eastern(self) -> tuple[str, str]:
        """A place whose grace ends before the silent company's, whatever the holidays are."""
        for country, zone in texts.EASTERN:
            place = rules.Place(country, None, zone)
            ends = rules.silence_at(self.deadline, rules.Policy(), place)
            if ends < self.over - timedelta(hours=2):
                return country, zone
        raise Problem("demo-broken", why="holidays everywhere in the east")

    def _company(self, plan: texts.DemoCompany) -> int:
        drafter = self.by(Role.DRAFTER)
        company = companies.add_company(
            name=plan.name,
            slug=plan.slug,
            country=plan.country,
            timezone=plan.zone,
            website=f"https://{plan.email.partition('@')[2]}",
            actor=drafter,
        )
        self._contact(company.id, plan.office, plan.email)
        return company.id

    def _contact(self, company_id: int, office: str, email: str) -> int:
        contact = companies.add_contact(
            company_id,
            channel=Channel.EMAIL,
            value=email,
            office=office,
            verified_how="Privacy notice on the company's website",
            verified_on=clock.now().date(),
            actor=self.by(Role.DRAFTER),
        )
        return contact.id

    def _remember_letters(self) -> None:
        rows = db.session.execute(
            sa.select(Company.slug, Letter.id).join(Letter, Letter.company_id == Company.id)
        )
        self.letters = {row.slug: row.id for row in rows}

    def _submit(self) -> None:
        ids = [i for slug, i in self.letters.items()]
        drafting.submit(ids, dated_on=self.sent_on, actor=self.by(Role.DRAFTER))

    def _approve(self) -> None:
        self._sign(list(self.letters.values()))

    def _sign(self, letter_ids: list[int]) -> None:
        for letter_id in letter_ids:
            letter = db.session.get_one(Letter, letter_id)
            frozen = current_frozen(letter)
            if frozen is None:
                raise Problem("demo-broken", why="nothing to approve")
            drafting.approve(frozen.id, sha256=frozen.sha256, actor=self.by(Role.APPROVER))

    def _send(self) -> None:
        sending.send(list(self.letters.values()), actor=self.by(Role.DRAFTER))

    def _automatic_reply(self) -> None:
        self._mail(texts.SILENT.slug, texts.SILENT.email, texts.AUTOMATIC, kind="ticket")

    def _not_reached(self) -> None:
        publishing.set_not_reached(
            self.letters[texts.NOT_REACHED.slug],
            why=texts.NOT_REACHED_WHY,
            actor=self.by(Role.PUBLISHER),
        )

    def _resend(self) -> None:
        letter_id = self.letters[texts.RESENT.slug]
        drafter = self.by(Role.DRAFTER)
        company_id = db.session.get_one(Letter, letter_id).company_id
        contact_id = self._contact(company_id, "privacy office", "privacy@larkspindle.example")
        drafting.begin_round(letter_id, why="The first address does not exist.", actor=drafter)
        drafting.choose_contacts(letter_id, [contact_id], actor=drafter)
        today = days.local_date(clock.now(), LONDON)
        drafting.submit([letter_id], dated_on=today, actor=drafter)

    def _approve_resend(self) -> None:
        letter_id = self.letters[texts.RESENT.slug]
        self._sign([letter_id])
        sending.send([letter_id], actor=self.by(Role.DRAFTER))

    # -- what companies wrote -------------------------------------------------------------

    def _answers(self) -> Events:
        full = {1: Verdict.ANSWERED, 2: Verdict.ANSWERED, 3: Verdict.ANSWERED}
        part = {1: Verdict.ANSWERED, 2: Verdict.PARTLY, 3: Verdict.REFUSED_WITH_REASON}
        none = dict.fromkeys((1, 2, 3), Verdict.NOT_ADDRESSED)
        late = self._hour_of_grace()
        return [
            *self._answer(self.day(5, 11), texts.FULL, texts.REPLY_FULL, Answer.FULL, full),
            *self._answer(
                self.day(9, 16), texts.PARTIAL, texts.REPLY_PARTIAL, Answer.PARTIAL, part
            ),
            *self._answer(
                self.day(6, 9, 30), texts.DECLINED, texts.REPLY_DECLINED, Answer.DECLINED, none
            ),
            *self._answer(late, texts.LATE, texts.REPLY_LATE, Answer.FULL, full),
            *self._asks_for_time(),
            *self._acknowledges(),
        ]

    def _hour_of_grace(self) -> datetime:
        """Eleven o'clock on the grace day: after the deadline, before anything is published."""
        grace = (self.over - timedelta(hours=12)).astimezone(LONDON)
        return grace.replace(hour=11, minute=0)

    def _answer(
        self,
        when: datetime,
        company: texts.DemoCompany,
        text: str,
        answer: Answer,
        verdicts: dict[int, Verdict],
    ) -> Events:
        def publish() -> None:
            reply_id = self._file(company.slug, ItemKind.RESPONSE, answer, verdicts)
            self._leave_out(reply_id)
            comment = texts.COMMENT_PARTIAL if answer is Answer.PARTIAL else ""
            publishing.publish_reply(reply_id, comment=comment, actor=self.by(Role.PUBLISHER))

        return [
            *self._arrives(when, company.slug, company.email, text),
            (when + timedelta(hours=2), publish),
        ]

    def _leave_out(self, reply_id: int) -> None:
        """Leave out what may tell who a member of staff is, before the reply is published."""
        found = redacting.unmarked(db.session.get_one(Reply, reply_id), ())
        if found:
            marks = [one.mark for one in found]
            redacting.redact(reply_id, marks, seen=0, actor=self.by(Role.PUBLISHER))

    def _arrives(self, when: datetime, slug: str, email: str, text: str) -> Events:
        return [
            (when, lambda: self._mail(slug, email, text)),
            (when + timedelta(minutes=1), self._pass),
        ]

    def _asks_for_time(self) -> Events:
        company = texts.EXTENDED

        def grant() -> None:
            self._file(company.slug, ItemKind.EXTENSION_REQUEST, None, {})
            awaiting.extend(
                self.letters[company.slug],
                new_deadline=self.deadline + timedelta(days=21),
                asked_by="Jonas Wendel, Fennimoor Smart Home",
                why=texts.EXTENSION_WHY,
                actor=self.by(Role.PUBLISHER),
            )

        when = self.day(6, 15)
        return [
            *self._arrives(when, company.slug, company.email, texts.REPLY_MORE_TIME),
            (when + timedelta(hours=1), grant),
        ]

    def _acknowledges(self) -> Events:
        _name, slug, _office, email = texts.ACKNOWLEDGED
        when, publish_at = self.day(3, 9), self.over - timedelta(minutes=30)
        return [
            *self._arrives(when, slug, email, texts.REPLY_ACKNOWLEDGED),
            (
                when + timedelta(hours=3),
                lambda: self._file(slug, ItemKind.ACKNOWLEDGEMENT, None, {}),
            ),
            (publish_at - timedelta(minutes=5), self._pass),
            (
                publish_at,
                lambda: publishing.publish_acknowledged_only(
                    self.letters[slug], actor=self.by(Role.PUBLISHER)
                ),
            ),
        ]

    def _mail(self, slug: str, email: str, text: str, kind: str = "reply") -> None:
        dispatches = sent.dispatches_of(self.letters[slug])
        letter = next(d for d in reversed(dispatches) if d.kind is TextKind.LETTER)
        replies.reply_as_company(letter.id, from_address=email, text=text, kind=kind)

    def _file(
        self, slug: str, kind: ItemKind, answer: Answer | None, verdicts: dict[int, Verdict]
    ) -> int:
        letter = db.session.get_one(Letter, self.letters[slug])
        message = db.session.scalars(
            sa.select(IncomingMessage).where(
                IncomingMessage.letter_id == letter.id, IncomingMessage.triage == Triage.WAITING
            )
        ).one()
        yes = answer is Answer.FULL and slug == texts.FULL.slug
        reply = replies.file_reply(
            message.id,
            letter_id=letter.id,
            kind=kind,
            answer=answer,
            permission=Permission.EXPLICIT_YES if yes else Permission.NOTICE_DEFAULT,
            verdicts=verdicts,
            text=message.text,
            note="",
            actor=self.by(Role.DRAFTER),
        )
        return reply.id

    # -- the second campaign --------------------------------------------------------------

    def _second_campaign(self) -> Events:
        ambrel = texts.SECOND[0]
        return [
            (self.day(11, 10), self._begin_second),
            (self.day(12, 10), self._send_second),
            (self.day(12, 10, 5), self._pass),
            (self.day(12, 10, 20), self._pass),
            *self._arrives(self.day(13, 10), ambrel.slug, ambrel.email, texts.REPLY_WAITING),
        ]

    def _begin_second(self) -> None:
        drafter = self.by(Role.DRAFTER)
        campaign = create_campaign(
            title=texts.SECOND_TITLE,
            summary=texts.SECOND_SUMMARY,
            questions=texts.SECOND_QUESTIONS,
            signatories=[("Ines Okonjo", "Head of campaigns", "")],
            actor=drafter,
        )
        ids = [self._company(company) for company in texts.SECOND]
        letters = drafting.add_letters(campaign.id, ids, actor=drafter)
        add_field(campaign.id, **texts.SECOND_FIELD, actor=drafter)
        values = {letter.id: {texts.SECOND_FIELD["name"]: "yes"} for letter in letters}
        set_values(campaign.id, values, actor=drafter)
        self._remember_letters()

    def _send_second(self) -> None:
        *first, last = (self.letters[company.slug] for company in texts.SECOND)
        today = days.local_date(clock.now(), LONDON)
        drafter = self.by(Role.DRAFTER)
        drafting.submit(first, dated_on=today, actor=drafter)
        self._sign(first)
        sending.send(first, actor=drafter)
        # The last letter waits for the approver, so that Today has something to sign.
        drafting.submit([last], dated_on=max(today, self.now.date()), actor=drafter)
