"""What staff order about sending: letters, tasks done by hand, doubts settled, the halt."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from campaign.accounts.models import User
from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.kernel.text import one_line
from campaign.sending import effects, mention_links, proof_files, queries
from campaign.sending.models import Dispatch, Halt, waits_to_leave
from campaign.sending.orders import send
from campaign.sending.outbox import send_due
from campaign.sending.rules import DispatchState, EvidenceKind
from campaign.sending.upkeep import recover_stale

__all__ = [
    "form_submitted",
    "halt",
    "mentioned",
    "post_delivered",
    "post_returned",
    "posted",
    "recover_stale",
    "release_halt",
    "send",
    "send_due",
    "settle_unknown",
    "try_again",
    "withdraw_dispatch",
]

_S = DispatchState
_K = EvidenceKind


def form_submitted(
    dispatch_id: int,
    *,
    reference: str,
    actor: User | None,
    file: bytes | None = None,
    at: datetime | None = None,
) -> Dispatch:
    """Note that a person filled the company's form in (proof: fairness.md rule 7).

    Args:
        reference: what the form gave as a receipt; empty where it gave none.
        file: a picture of the confirmation.

    Raises:
        Problem: those of `proof_files.keep`, as every act that takes a file.
    """
    reference = one_line(reference, name="The reference")
    kept = proof_files.keep(file)
    with transaction():
        dispatch = _task(dispatch_id, Channel.FORM)
        moment = _moment(dispatch, at)
        _note(dispatch, _K.FORM_SUBMITTED, moment, reference, actor, kept)
        if reference:
            effects.add_evidence(dispatch, _K.FORM_REFERENCE, at=moment, detail=reference, by=actor)
        return dispatch


def posted(
    dispatch_id: int,
    *,
    tracking: str,
    actor: User | None,
    file: bytes | None = None,
    at: datetime | None = None,
) -> Dispatch:
    """Note that a person posted the letter; without tracking number its proof stays weak.

    Args:
        file: a picture of the post's receipt.
    """
    tracking = one_line(tracking, name="The tracking number")
    kept = proof_files.keep(file)
    with transaction():
        dispatch = _task(dispatch_id, Channel.POST)
        _note(dispatch, _K.POSTED, _moment(dispatch, at), tracking, actor, kept)
        return dispatch


def post_delivered(
    dispatch_id: int,
    *,
    signed: bool,
    detail: str,
    actor: User | None,
    file: bytes | None = None,
    at: datetime | None = None,
) -> Dispatch:
    """Note that the post says that it delivered the letter.

    Args:
        signed: somebody there signed for it.
        detail: what the tracking says, or who signed.
        file: what the tracking shows, or the signature.

    Raises:
        Problem: `post-without-tracking`, unsigned and posted without tracking number.
    """
    detail = _needed(detail, "what the tracking says, or who signed")
    kept = proof_files.keep(file)
    with transaction():
        dispatch = _task(dispatch_id, Channel.POST)
        tracked = any(e.kind is _K.POSTED and e.detail for e in dispatch.evidence)
        if not signed and not tracked:
            raise Problem("post-without-tracking", company=dispatch.letter.company.name)
        kind = _K.SIGNED_FOR if signed else _K.TRACKED_DELIVERED
        _note(dispatch, kind, _moment(dispatch, at), detail, actor, kept)
        return dispatch


def post_returned(
    dispatch_id: int,
    *,
    detail: str,
    actor: User | None,
    file: bytes | None = None,
    at: datetime | None = None,
) -> Dispatch:
    """Note that the post brought the letter back: it is not delivered, proof falls to none.

    Args:
        file: a picture of the envelope.
    """
    detail = _needed(detail, "what the post wrote on it")
    kept = proof_files.keep(file)
    with transaction():
        dispatch = _task(dispatch_id, Channel.POST)
        _note(dispatch, _K.RETURNED, _moment(dispatch, at), detail, actor, kept)
        return dispatch


def mentioned(
    dispatch_id: int,
    *,
    link: str,
    actor: User | None,
    file: bytes | None = None,
    at: datetime | None = None,
) -> Dispatch:
    """Note that we mentioned the company in public; that never counts as delivery.

    Args:
        link: the address of the post, on the network of the account that is mentioned.
        file: a picture of it.
    """
    link = _needed(link, "the link to what we posted")
    kept = proof_files.keep(file)
    with transaction():
        dispatch = _task(dispatch_id, Channel.MENTION)
        address = mention_links.post_address(dispatch.recipient, link)
        _note(dispatch, _K.MENTIONED, _moment(dispatch, at), address, actor, kept)
        return dispatch


def settle_unknown(dispatch_id: int, *, left: bool, why: str, actor: User | None) -> Dispatch:
    """Decide about a mail of which nobody knows whether it left; logged with the reason.

    Args:
        left: it did; it counts as accepted from now, never earlier. Otherwise it failed, and a
            person may order a new round.
    """
    why = _needed(why, "how you know")
    with transaction():
        dispatch = db.session.get_one(Dispatch, dispatch_id)
        if dispatch.state is not _S.UNKNOWN:
            raise _moved_on(dispatch)
        kind = _K.ACCEPTED if left else _K.PERSON_SAYS_NOT_SENT
        _note(dispatch, kind, clock.now(), why, actor)
        return dispatch


def withdraw_dispatch(dispatch_id: int, *, why: str, actor: User | None) -> Dispatch:
    """Withdraw what has not left. One that a sender holds is stopped at its last gate."""
    why = _needed(why, "why it should not leave")
    with transaction():
        dispatch = db.session.get_one(Dispatch, dispatch_id)
        if not effects.withdraw(dispatch, why, by=actor):
            raise _moved_on(dispatch)
        return dispatch


def try_again(*, actor: User | None) -> int:
    """Let everything that waits for its next attempt be tried at once; how many."""
    now = clock.now()
    with transaction() as session:
        waiting = sa.and_(
            Dispatch.channel == Channel.EMAIL,
            waits_to_leave(),
            Dispatch.not_before > now,
            sa.or_(
                Dispatch.state == _S.DEFERRED,
                sa.and_(Dispatch.state == _S.QUEUED, Dispatch.why != ""),
            ),
        )
        count = effects.changed(
            session.execute(
                sa.update(Dispatch)
                .where(waiting)
                .values(not_before=now)
                .execution_options(synchronize_session=False)
            )
        )
        record("sending.try_again", "outbox", actor=actor, count=count)
    return count


def halt(*, why: str, actor: User | None) -> Halt:
    """Stop every send and every publication at its next gate (reliability.md, Sending 8).

    Args:
        actor: None where the program itself halts.

    Raises:
        Problem: `halted-already`, or `words-missing` without a reason.
    """
    why = _needed(why, "why everything is to stop")
    try:
        with transaction() as session:
            standing = queries.standing_halt()
            if standing is not None:
                raise Problem("halted-already", why=standing.why)
            stop = Halt(why=why, by_id=actor.id if actor else None)
            session.add(stop)
            session.flush()
            record("halt.begun", stop, actor=actor, why=why)
            return stop
    except IntegrityError:  # another person was first, by a moment
        raise Problem("halted-already", why=queries.halt_words()) from None


def release_halt(*, actor: User | None) -> Halt:
    """Let sending and publishing go on; what is due then goes at the next tick.

    Raises:
        Problem: `not-halted`.
    """
    with transaction():
        standing = queries.standing_halt()
        if standing is None:
            raise Problem("not-halted")
        standing.standing = None
        standing.released_at = clock.now()
        standing.released_by_id = actor.id if actor else None
        record("halt.released", standing, actor=actor)
        return standing


def _task(dispatch_id: int, channel: Channel) -> Dispatch:
    dispatch = db.session.get_one(Dispatch, dispatch_id)
    if dispatch.channel is not channel:
        raise Problem("other-channel", channel=dispatch.channel.value)
    return dispatch


def _moment(dispatch: Dispatch, at: datetime | None) -> datetime:
    """When it happened: not to come, and not before it was ordered, to the minute."""
    now = clock.now()
    if at is None:
        return now
    if at > now:
        raise Problem("moment-to-come")
    if at < dispatch.created_at.replace(second=0, microsecond=0):
        raise Problem("moment-too-early")
    return at


def _note(
    dispatch: Dispatch,
    kind: EvidenceKind,
    at: datetime,
    detail: str,
    actor: User | None,
    file_sha256: str | None = None,
) -> None:
    """Evidence that a person gives: it has to fit where the dispatch stands."""
    before = dispatch.state
    effects.add_evidence(dispatch, kind, at=at, detail=detail, by=actor, file_sha256=file_sha256)
    if dispatch.state is before:
        raise _moved_on(dispatch)


def _moved_on(dispatch: Dispatch) -> Problem:
    state = dispatch.state.value.replace("_", " ")
    return Problem("dispatch-moved-on", company=dispatch.letter.company.name, state=state)


def _needed(words: str, what: str) -> str:
    words = words.strip()
    if not words:
        raise Problem("words-missing", what=what)
    return words
