"""Letters that left, and what came of them, for tests of what the public sees.

What these tests look at are the pages, for every outcome there is; the rows are therefore
written as the operations leave them, without playing the weeks that lead there.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from campaign.accounts.models import User
from campaign.awaiting.models import Extension, Waiting
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.drafting import queries as drafting
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.drafting.own import OwnWords
from campaign.drafting.own_saving import save_own
from campaign.extensions import db
from campaign.history.operations import record as note
from campaign.history.rules import canonical
from campaign.kernel import clock, days
from campaign.kernel.text import new_token
from campaign.publishing import rules, statements
from campaign.publishing.models import Record, RecordEntry, Response, Timeliness
from campaign.publishing.queries import told
from campaign.replies.models import IncomingMessage, QuestionVerdict, Reply
from campaign.replies.rules import Answer, ItemKind, Permission, Triage, Verdict
from campaign.sending.models import DeliveryEvidence, Dispatch
from campaign.sending.rules import DispatchState, EvidenceKind
from tests.builders import campaigns
from tests.builders import drafting as drafts

SENT_AT = datetime(2026, 11, 2, 10, 2, tzinfo=UTC)
DEADLINE = date(2026, 11, 17)
PUBLISHED_AT = datetime(2026, 11, 19, 0, 5, tzinfo=UTC)

SILENCE = [
    {"gate": gate.value, "holds": True, "detail": f"Detail of {gate.value}."} for gate in rules.Gate
]


def staff() -> drafts.Staff:
    """The drafter and the approver of this database."""
    known = {user.name: user for user in db.session.scalars(sa.select(User))}
    if not known:
        return drafts.staff()
    return drafts.Staff(known["Ada Drafter"], known["Bea Approver"])


def campaign(title: str = "Who can read what your speaker hears?", **more: Any) -> Campaign:
    """A campaign whose letters left on 2 November 2026."""
    return campaigns.campaign(staff().drafter, title, **more)


def company(name: str = "Larkfield Home", **changes: Any) -> Company:
    """A company that can be written to."""
    return drafts.reachable(name, **changes)


def sent(
    of: Campaign,
    to: Company | None = None,
    *,
    state: DispatchState = DispatchState.ACCEPTED,
    reminded: bool = True,
    own: OwnWords | None = None,
) -> Letter:
    """A letter that left by e-mail; with proof and a deadline unless it came back.

    Args:
        own: what it says otherwise than the campaign's others.
    """
    with clock.at(SENT_AT - timedelta(days=1)):
        people = staff()
        draft = drafts.draft(people, to or company(), of)
        if own is not None:
            save_own(draft.id, own, actor=people.drafter)
        letter = drafts.approved(people, draft, SENT_AT.date())
    with clock.at(SENT_AT), transaction() as session:
        letter = session.get_one(Letter, letter.id)
        letter.state = LetterState.OPEN
        _dispatch(letter, TextKind.LETTER, SENT_AT, state)
        if reminded and state is DispatchState.ACCEPTED:
            _dispatch(letter, TextKind.REMINDER, SENT_AT + timedelta(days=7), state)
            _dispatch(letter, TextKind.FINAL_NOTICE, SENT_AT + timedelta(days=13), state)
        arrived = state is DispatchState.ACCEPTED
        session.add(
            Waiting(
                letter_id=letter.id,
                round=letter.round,
                started_at=SENT_AT if arrived else None,
                deadline_on=DEADLINE if arrived else None,
            )
        )
        note("letter.opened", letter)
    return letter


def _dispatch(letter: Letter, kind: TextKind, at: datetime, state: DispatchState) -> None:
    frozen = drafting.current_frozen(letter)
    assert frozen is not None
    contact = letter.company.contacts[0]
    token = new_token()
    dispatch = Dispatch(
        letter_id=letter.id,
        frozen_text_id=frozen.id,
        kind=kind,
        round=letter.round,
        contact_id=contact.id,
        channel=Channel.EMAIL,
        state=state,
        state_at=at + timedelta(minutes=10) if state is DispatchState.BOUNCED else at,
        message_id=f"<{token}@brightwater.example>",
        token=token,
        recipient=contact.value,
        file_sha256=hashlib.sha256(token.encode()).hexdigest(),
        created_at=at,
        accepted_at=at,
    )
    dispatch.evidence.append(DeliveryEvidence(kind=EvidenceKind.ACCEPTED, at=at, recorded_at=at))
    db.session.add(dispatch)
    db.session.flush()
    note("dispatch.accepted", dispatch, at=at, recipient=contact.value)


def extended(letter: Letter, until: date = date(2026, 12, 1), **changes: Any) -> Extension:
    """More time, as a person grants it."""
    given = {"asked_by": "their press office", "why": "The person in charge is away.", **changes}
    with clock.at(SENT_AT + timedelta(days=8)), transaction() as session:
        letter = session.get_one(Letter, letter.id)
        extension = Extension(
            letter_id=letter.id, round=1, old_deadline=DEADLINE, new_deadline=until, **given
        )
        session.add(extension)
        session.get_one(Waiting, letter.id).deadline_on = until
        note("letter.extended", letter, own=False, old=str(DEADLINE), new=str(until), **given)
    return extension


def silence(letter: Letter, at: datetime = PUBLISHED_AT) -> Record:
    """A record of silence."""
    return _publish(letter, Response.NO_RESPONSE, at, basis=SILENCE)


def outcome(letter: Letter, response: Response, at: datetime = PUBLISHED_AT, **more: Any) -> Record:
    """Another record without a reply (`acknowledged_only`, `not_reached`)."""
    return _publish(letter, response, at, **more)


def answered(
    letter: Letter,
    answer: Answer = Answer.FULL,
    *,
    text: str = "Dear Brightwater,\n\nwe keep recordings for 30 days.\n\nLarkfield Home",
    verdicts: tuple[Verdict, ...] = (Verdict.ANSWERED, Verdict.PARTLY),
    permission: Permission = Permission.NOTICE_DEFAULT,
    received_at: datetime = SENT_AT + timedelta(days=10),
    timeliness: Timeliness = Timeliness.ON_TIME,
    at: datetime | None = None,
    comment: str = "",
    publish: bool = True,
) -> Reply:
    """A reply that a person filed and a publisher published."""
    with clock.at(received_at), transaction() as session:
        letter = session.get_one(Letter, letter.id)
        reply = Reply(
            letter_id=letter.id,
            kind=ItemKind.RESPONSE,
            answer=answer,
            permission=permission,
            received_at=received_at,
            sender="Petra Person <petra.person@larkfield.example>",
            text=text,
            filed_by_id=letter.created_by_id,
        )
        for question, verdict in zip(letter.campaign.questions, verdicts, strict=False):
            reply.verdicts.append(QuestionVerdict(number=question.number, verdict=verdict))
        session.add(reply)
        session.flush()
        note("reply.filed", reply, sender=reply.sender, text=reply.text)
    if publish:
        _publish(
            letter,
            Response(answer.value),
            at or received_at + timedelta(hours=5),
            reply=reply,
            timeliness=timeliness,
            comment=comment,
            basis=[{"gate": "reply", "holds": True, "detail": "Received; a person filed it."}],
        )
    return reply


def _publish(
    letter: Letter,
    response: Response,
    at: datetime,
    *,
    reply: Reply | None = None,
    timeliness: Timeliness | None = None,
    comment: str = "",
    basis: list[dict[str, Any]] | None = None,
) -> Record:
    with clock.at(at), transaction() as session:
        letter = session.get_one(Letter, letter.id)
        record = session.query(Record).filter_by(letter_id=letter.id).one_or_none()
        if record is None:
            record = Record(
                letter_id=letter.id, owner_id=letter.created_by_id, review_on=date(2027, 5, 1)
            )
            session.add(record)
            session.flush()
        waiting = session.get_one(Waiting, letter.id)
        entry = RecordEntry(
            record_id=record.id,
            number=len(record.entries) + 1,
            response=response,
            timeliness=timeliness,
            permission=reply.permission if reply else None,
            reply_id=reply.id if reply else None,
            deadline_on=waiting.deadline_on,
            statement=_statement(letter, response, at, reply),
            comment=comment,
            basis=canonical(basis or []),
            as_of=at,
            by_id=letter.created_by_id,
        )
        session.add(entry)
        letter.state = LetterState.CONCLUDED
        note(
            "record.published" if entry.number == 1 else "record.changed",
            letter,
            record=record.ref,
            number=entry.number,
            response=response.value,
            timeliness=timeliness.value if timeliness else None,
            statement=entry.statement,
            basis=entry.basis,
        )
    return record


def _statement(letter: Letter, response: Response, at: datetime, reply: Reply | None) -> str:
    facts = told(letter, at, date(2026, 11, 3))
    if response is Response.NO_RESPONSE:
        return statements.silence(facts)
    if response is Response.ACKNOWLEDGED_ONLY:
        return statements.acknowledged_only(facts)
    if response is Response.NOT_REACHED or reply is None:
        return statements.not_reached(facts)
    zone = days.zone_of(letter.company.timezone)
    return statements.answered(facts, response.value, days.local_date(reply.received_at, zone))


def something_arrives(letter: Letter, at: datetime) -> IncomingMessage:
    """A message that is matched to the letter and that nobody has seen."""
    with clock.at(at), transaction() as session:
        message = IncomingMessage(
            sha256=hashlib.sha256(f"{letter.id} {at}".encode()).hexdigest(),
            size=10,
            arrived_at=at,
            triage=Triage.WAITING,
            letter_id=letter.id,
        )
        session.add(message)
    return message


def every_outcome() -> Campaign:
    """A campaign with companies in every state that the public can see."""
    of = campaign()
    day = timedelta(days=1)
    silence(sent(of, company("Larkfield Home", legal_name="Larkfield Home Ltd")))
    answered(sent(of, company("Ambley Audio")), comment="We asked for its guidelines.")
    answered(sent(of, company("Ostrava Sound")), Answer.PARTIAL)
    late = sent(of, company("Tern & Co"))
    silence(late)
    answered(late, received_at=PUBLISHED_AT + 2 * day, timeliness=Timeliness.AFTER_PUBLICATION)
    answered(
        sent(of, company("Harbour Devices")),
        Answer.DECLINED,
        text="Dear Sir or Madam,\n\nwe do not comment on requests by authorities.\n\nPress Office",
        verdicts=(Verdict.REFUSED_WITH_REASON, Verdict.NOT_ADDRESSED),
        received_at=SENT_AT + 16 * day,
        timeliness=Timeliness.AFTER_DEADLINE,
    )
    answered(
        sent(of, company("Quillon Speakers")),
        Answer.CONFIDENTIAL,
        permission=Permission.REFUSED,
    )
    extended(sent(of, company("Ågren Hem", country="SE", timezone="Europe/Stockholm")))
    outcome(sent(of, company("Ustel")), Response.ACKNOWLEDGED_ONLY)
    bounced = sent(of, company("Vellum Home"), state=DispatchState.BOUNCED)
    outcome(bounced, Response.NOT_REACHED)
    sent(of, company("Zephyr Audio", timezone=None, country=None))
    touched = sent(of, company("Marrow Lane Electronics"))
    silence(touched)
    something_arrives(touched, PUBLISHED_AT + day)
    return of
