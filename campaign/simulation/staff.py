"""What people of ours do: read and sort mail, publish, resend, settle doubts.

They see what the pages show them, and they know what a message is because they can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from random import Random

import sqlalchemy as sa

from campaign.awaiting import operations as awaiting
from campaign.awaiting import queries as waits
from campaign.awaiting.models import Waiting
from campaign.companies.models import Contact
from campaign.drafting import operations as drafting
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.publishing import operations as publishing
from campaign.publishing.models import RecordEntry, Response
from campaign.replies import operations as replies
from campaign.replies import queries as threads
from campaign.replies.models import IncomingMessage, Reply
from campaign.replies.rules import Answer, ItemKind, Permission, Triage
from campaign.sending import operations as sending
from campaign.sending import queries as outbox
from campaign.sending.models import Dispatch
from campaign.sending.rules import NOT_REACHED, DispatchState, Proof
from campaign.simulation import opening
from campaign.simulation.ground import Ground
from campaign.simulation.mailbox import Mail, What
from campaign.simulation.oracle import Oracle
from campaign.simulation.turns import Actor, Turns
from campaign.simulation.world import World

_FILED = {
    What.REPLY: ItemKind.RESPONSE,
    What.ACKNOWLEDGEMENT: ItemKind.ACKNOWLEDGEMENT,
    What.ASKS_FOR_TIME: ItemKind.EXTENSION_REQUEST,
}
_ROUNDS = 5
_BEGUN = (LetterState.DRAFT, LetterState.IN_REVIEW, LetterState.APPROVED)
_LIVE = (LetterState.SENDING, LetterState.OPEN, *_BEGUN)
Duty = Callable[[], object]


class Staff:
    """People at work.

    Attributes:
        diligence: how much of what waits is done at a visit, 0 to 1.
    """

    def __init__(self, world: World, turns: Turns, ground: Ground, oracle: Oracle) -> None:
        self.world, self.turns, self.ground, self.oracle = world, turns, ground, oracle
        self.visits = 0
        self.diligence = 0.8
        self.actor: Actor | None = None
        self.who: dict[str, opening.User] = {}
        self.chance = Random(0)

    def visit(self) -> None:
        """Somebody comes in and does what waits."""
        if self.actor is not None and self.actor.alive:
            return
        self.visits += 1
        self.chance = self.world.plan.chance("visit", self.visits)
        self.actor = Actor("staff", self.chance)
        self.turns.start(self.actor, self._works)

    def _works(self) -> None:
        with self.ground.app.app_context():
            self.who = opening.people()
            for duties in (
                self._sort, self._ask_for_time, self._publish_replies, self._settle, self._tasks,
                self._sign, self._sweep, self._resend, self._give_up, self._by_hand, self._correct,
            ):  # fmt: skip
                for what, duty in list(duties()):
                    if self.chance.random() < self.diligence:
                        self._do(what, duty)

    def _do(self, what: str, duty: Duty) -> bool:
        try:
            duty()
        except Problem as problem:
            self.turns.tell("staff", f"cannot {what}: {problem.code}")
            return False
        finally:
            db.session.rollback()
        self.turns.tell("staff", what)
        return True

    def _letters(self, *states: LetterState) -> list[Letter]:
        query = sa.select(Letter).where(Letter.state.in_(states)).order_by(Letter.id)
        return list(db.session.scalars(query))

    def _name(self, letter_id: int) -> str:
        return self.world.letters[letter_id].company.name

    # -- mail -------------------------------------------------------------------------------

    def _sort(self) -> Iterator[tuple[str, Duty]]:
        query = sa.select(IncomingMessage.id, IncomingMessage.sha256, IncomingMessage.text)
        waiting = db.session.execute(
            query.where(IncomingMessage.triage == Triage.WAITING).order_by(IncomingMessage.id)
        ).all()
        for number, sha, text in waiting:
            mail = self.world.mails[sha]
            yield f"sort {mail.what}", self._sorting(number, mail, text)

    def _sorting(self, number: int, mail: Mail, text: str) -> Duty:
        actor = self.who["drafter"]
        letter_id, kind = mail.letter, _FILED.get(mail.what)
        if kind is None or letter_id is None:
            if mail.what is What.STRANGER:
                return lambda: replies.mark_spam(number, actor=actor)
            return lambda: replies.dismiss(number, why=f"It is {mail.what}.", actor=actor)

        def file() -> None:
            replies.file_reply(
                number,
                letter_id=letter_id,
                kind=kind,
                answer=self._answer(mail) if kind is ItemKind.RESPONSE else None,
                permission=Permission.REFUSED if mail.confidential else Permission.NOTICE_DEFAULT,
                verdicts={},
                text=text or mail.marker,
                actor=actor,
            )

        return file

    @staticmethod
    def _answer(mail: Mail) -> Answer:
        return Answer.CONFIDENTIAL if mail.confidential else Answer.FULL

    def _ask_for_time(self) -> Iterator[tuple[str, Duty]]:
        query = sa.select(Reply).where(
            Reply.kind == ItemKind.EXTENSION_REQUEST, Reply.withdrawn_at.is_(None)
        )
        for reply in db.session.scalars(query).all():
            truth = self.world.letters[reply.letter_id]
            if not truth.granted:
                yield f"give {truth.company.name} more time", self._granting(reply.letter_id)

    def _granting(self, letter_id: int) -> Duty:
        def grant() -> None:
            facts = waits.standing(db.session.get_one(Letter, letter_id))
            if facts.deadline is None:
                return
            until = facts.deadline + timedelta(days=7)
            awaiting.extend(
                letter_id, new_deadline=until, asked_by="their office", why="They asked.",
                actor=self.who["publisher"],
            )  # fmt: skip
            self.world.letters[letter_id].granted.append(until)

        return grant

    # -- what is published by people --------------------------------------------------------

    def _publish_replies(self) -> Iterator[tuple[str, Duty]]:
        published = sa.select(RecordEntry.reply_id).where(RecordEntry.reply_id.is_not(None))
        query = sa.select(Reply.id, Reply.letter_id).where(
            Reply.kind == ItemKind.RESPONSE,
            Reply.withdrawn_at.is_(None),
            Reply.id.not_in(published),
        )
        for number, letter_id in db.session.execute(query).all():
            yield (
                f"publish the reply of {self._name(letter_id)}",
                partial(publishing.publish_reply, number, actor=self.who["publisher"]),
            )

    def _by_hand(self) -> Iterator[tuple[str, Duty]]:
        for letter in self._letters(LetterState.OPEN):
            times = db.session.get(Waiting, letter.id)
            if times is None or times.silence_at is None or times.silence_at > clock.now():
                continue
            kinds = _said(letter)
            number, name = letter.id, self._name(letter.id)
            if kinds and kinds <= {ItemKind.ACKNOWLEDGEMENT, ItemKind.EXTENSION_REQUEST}:
                yield (
                    f"publish that {name} only acknowledged",
                    partial(
                        publishing.publish_acknowledged_only, number, actor=self.who["publisher"]
                    ),
                )
            elif not letter.campaign.auto_publish and not kinds:
                yield (
                    f"publish the silence of {name}",
                    partial(publishing.publish_silence, number, actor=self.who["publisher"]),
                )

    def _correct(self) -> Iterator[tuple[str, Duty]]:
        """Silence was published, and then the mail came back after all."""
        for letter in self._letters(LetterState.CONCLUDED):
            entry = publishing.queries.newest_entry(letter.id)
            silent = entry is not None and entry.response is Response.NO_RESPONSE
            if silent and waits.standing(letter).started_at is None:
                yield f"correct {self._name(letter.id)}", self._not_reached(letter.id)

    def _not_reached(self, letter_id: int) -> Duty:
        return lambda: publishing.set_not_reached(
            letter_id, why="Nothing arrives there.", actor=self.who["publisher"]
        )

    # -- sending ------------------------------------------------------------------------------

    def _settle(self) -> Iterator[tuple[str, Duty]]:
        """Nobody knows whether a mail left: somebody asks them by telephone, after two days."""
        query = sa.select(Dispatch).where(
            Dispatch.state == DispatchState.UNKNOWN,
            Dispatch.state_at < clock.now() - timedelta(days=2),
        )
        for dispatch in db.session.scalars(query).all():
            key = (dispatch.letter_id, dispatch.kind.value, dispatch.round, dispatch.contact_id)
            left = self.oracle.was_taken(key)
            yield (
                f"settle that it {'left' if left else 'did not leave'}",
                partial(
                    sending.settle_unknown,
                    dispatch.id,
                    left=left,
                    why="They say so.",
                    actor=self.who["drafter"],
                ),
            )

    def _tasks(self) -> Iterator[tuple[str, Duty]]:
        """What is posted, or filled into a form, by hand."""
        query = sa.select(Dispatch).where(
            Dispatch.channel.in_(("post", "form")),
            Dispatch.state.in_((DispatchState.QUEUED, DispatchState.POSTED)),
        )
        for dispatch in db.session.scalars(query).all():
            name = self._name(dispatch.letter_id)
            yield f"see to the {dispatch.channel} to {name}", self._task(dispatch)

    def _task(self, dispatch: Dispatch) -> Duty:
        number, actor = dispatch.id, self.who["drafter"]
        first = dispatch.kind is TextKind.LETTER
        there = self.world.letters[dispatch.letter_id].rounds[dispatch.round]

        def reached() -> None:
            if first:
                there.reached = there.reached or clock.now()
                there.confirmed = True

        if dispatch.state is DispatchState.POSTED:

            def delivered() -> None:
                reached()
                sending.post_delivered(number, signed=False, detail="Delivered.", actor=actor)

            return delivered
        if dispatch.channel.value == "post":
            return lambda: sending.posted(number, tracking="AB 123", actor=actor)

        def submitted() -> None:
            reached()
            sending.form_submitted(number, reference="C-1", actor=actor)

        return submitted

    def _sign(self) -> Iterator[tuple[str, Duty]]:
        for letter in self._letters(LetterState.OPEN):
            truth = self.world.letters[letter.id]
            if truth.round.verified and truth.company.auto != "unread":
                continue
            facts = waits.standing(letter)
            if facts.proof.grade is Proof.WEAK and facts.signed is None:
                yield f"sign for weak proof of {self._name(letter.id)}", self._signing(letter)

    def _signing(self, letter: Letter) -> Duty:
        number, round_ = letter.id, letter.round

        def sign() -> None:
            self.world.letters[number].signed.add(round_)
            awaiting.sign_weak_proof(
                number, words="It is on their site.", actor=self.who["approver"]
            )

        return sign

    def _sweep(self) -> Iterator[tuple[str, Duty]]:
        for letter in self._letters(LetterState.OPEN):
            if self.world.letters[letter.id].company.channel == "email":
                continue
            facts = waits.standing(letter)
            end = facts.deadline_at
            swept = waits.sweeps_of(letter)
            if end is None or end > clock.now() or not waits.other_doors(facts):
                continue
            if not swept or swept[-1].at < end:
                yield (
                    f"look through the doors of {self._name(letter.id)}",
                    partial(
                        awaiting.confirm_sweep,
                        letter.id,
                        note="Nothing there.",
                        actor=self.who["drafter"],
                    ),
                )

    def _resend(self) -> Iterator[tuple[str, Duty]]:
        """A letter that came back, or could not leave, goes to another address."""
        for letter in self._letters(*_LIVE):
            if self._begun(letter) or self._lost(letter):
                yield f"send the letter to {self._name(letter.id)} again", self._again(letter)

    @staticmethod
    def _begun(letter: Letter) -> bool:
        """Whether a new round was begun and not ended, and no answer has come since."""
        return letter.state in _BEGUN and ItemKind.RESPONSE not in _said(letter)

    @staticmethod
    def _lost(letter: Letter) -> bool:
        """Whether the letter of its round reached nobody, and no answer has come; or whether a
        reminder did not arrive, and they have said nothing at all.

        After so many addresses nobody looks for another; that one works is known of a reminder.
        """
        sent, said = outbox.dispatches_of(letter.id, letter.round), _said(letter)
        first = [one for one in sent if one.kind is TextKind.LETTER]
        if first and all(one.state in NOT_REACHED for one in first):
            return ItemKind.RESPONSE not in said and letter.round < _ROUNDS
        return not said and any(one.state in NOT_REACHED for one in sent)

    def _again(self, letter: Letter) -> Duty:
        number, begun, drafter = letter.id, letter.state in _BEGUN, self.who["drafter"]
        company_id, round_ = letter.company_id, letter.round

        def again() -> None:
            truth = self.world.letters[number]
            if not begun:
                drafting.begin_round(number, why="It came back.", actor=drafter)
            address = f"office{round_}@{truth.company.domain}"
            contact = db.session.scalar(sa.select(Contact).where(Contact.value == address))
            if contact is None:
                opening.add_contact(company_id, "email", address, verified=True)
                contact = db.session.scalar(sa.select(Contact).where(Contact.value == address))
            assert contact is not None
            drafting.choose_contacts(number, [contact.id], actor=drafter)
            truth.addresses.append(address)
            opening.order(self.world, [number], verified=True)

        return again

    def _give_up(self) -> Iterator[tuple[str, Duty]]:
        """After three addresses nobody looks for a fourth."""
        for letter in self._letters(LetterState.SENDING, LetterState.OPEN):
            sent = outbox.dispatches_of(letter.id, letter.round)
            first = [d for d in sent if d.kind is TextKind.LETTER]
            if first and all(d.state in NOT_REACHED for d in first) and letter.round >= _ROUNDS:
                yield f"give up on {self._name(letter.id)}", self._not_reached(letter.id)


def _said(letter: Letter) -> set[ItemKind]:
    """What kinds of word have come from the company."""
    return {reply.kind for reply in threads.thread(letter.id)}
