"""Posting a mention when a person presses: once, and only of a company that was written to.

A mention is never a delivery (fairness.md rule 7). Nothing here is ever done by itself.
"""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.queries import embargo_holds
from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.drafting.mentioning import Mention
from campaign.drafting.models import TextKind
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import by_hand, effects, mention_links, queries, rules
from campaign.sending.mention_models import MentionPost, PostState
from campaign.sending.models import Dispatch
from campaign.sending.networks import networks
from campaign.sending.rules import DispatchState, EvidenceKind
from campaign.sending.ways import Post, Refused, Unsure, Way

_MAY_POST = (PostState.READY, PostState.REFUSED)


class ToMention(NamedTuple):
    """A mention as its page shows it.

    Attributes:
        stopped: why nobody should post it now; empty where nothing is in the way.
        composer: address of the network's own window with the text in it; empty without one.
        by_us: the program can post it.
        stands: where a post of the program stands; None where none was tried.
        why: what the network said last.
    """

    mention: Mention
    stopped: str
    composer: str
    by_us: bool
    stands: PostState | None
    why: str


def to_mention(dispatch: Dispatch) -> ToMention | None:
    """What a person posts for a dispatch by mention; None where there is nothing to post."""
    mention = queries.mention_of(dispatch)
    if mention is None or dispatch.state is not DispatchState.QUEUED:
        return None
    row = db.session.get(MentionPost, dispatch.id)
    there = networks()
    return ToMention(
        mention,
        why_not(dispatch),
        mention_links.composer(mention.network, mention.text, there.mastodon_url),
        there.way(mention.network) is not None,
        row.stands(clock.now()) if row else None,
        row.why if row else "",
    )


def why_not(dispatch: Dispatch) -> str:
    """Why nobody should mention the company now; empty where nothing is in the way."""
    letter = dispatch.letter
    if embargo_holds(letter.campaign, clock.now()):
        return "The campaign is under embargo: nothing of it is public yet."
    reached = any(
        one.kind is TextKind.LETTER
        and one.channel is not Channel.MENTION
        and one.state in rules.LEFT
        for one in queries.dispatches_of(letter.id, dispatch.round)
    )
    if not reached:
        return "The letter itself has not left yet, or came back: mention them after it has."
    return by_hand.why_not(dispatch)


def post(dispatch_id: int, *, actor: User) -> Dispatch:
    """Post the approved text by our account, because a person pressed.

    Three steps: that it is being posted is committed first, then the network is asked, then
    what it said is kept. Whoever presses meanwhile is told so.

    Raises:
        Problem: `mention-not-now`, `mention-by-hand`, `mention-pressed`, `dispatch-moved-on`;
            `mention-refused` or `mention-unknown`, which are kept too.
    """
    try:
        with transaction() as session:
            dispatch, mention, way = _may(dispatch_id)
            sent = _press(session, dispatch, mention, way)
            record(
                "mention.pressed", dispatch, actor=actor, network=mention.network.value,
                text=mention.text, key=sent.key,
            )  # fmt: skip
    except IntegrityError:  # another person was first, by a moment
        raise Problem("mention-pressed") from None
    try:
        address = way.post(sent)
    except Refused as refused:
        _keep(dispatch_id, PostState.REFUSED, str(refused), actor)
        raise Problem("mention-refused", network=mention.where, why=refused) from None
    except Unsure as unsure:
        _keep(dispatch_id, PostState.UNKNOWN, str(unsure), actor)
        raise Problem("mention-unknown", network=mention.where, why=unsure) from None
    return _posted(dispatch_id, address, actor)


def look(dispatch_id: int, *, actor: User) -> bool:
    """Ask the network whether a post is there of which nobody knows; whether it is.

    Where it is not, a person may press again; with its key the network still takes it once.

    Raises:
        Problem: `mention-known` where there is no doubt, `mention-not-asked`.
    """
    row = db.session.get(MentionPost, dispatch_id)
    if row is None or row.stands(clock.now()) is not PostState.UNKNOWN:
        raise Problem("mention-known")
    mention, way = _mention(row.dispatch)
    sent = _sent(row, mention)
    db.session.rollback()  # no transaction is open while the network is asked
    try:
        address = way.find(sent)
    except (Refused, Unsure) as refused:
        raise Problem("mention-not-asked", network=mention.where, why=refused) from None
    if address:
        _posted(dispatch_id, address, actor)
        return True
    _keep(dispatch_id, PostState.READY, "", actor)
    return False


def _may(dispatch_id: int) -> tuple[Dispatch, Mention, Way]:
    dispatch = db.session.get_one(Dispatch, dispatch_id)
    mention, way = _mention(dispatch)
    if dispatch.state is not DispatchState.QUEUED:
        state = dispatch.state.value.replace("_", " ")
        raise Problem("dispatch-moved-on", company=dispatch.letter.company.name, state=state)
    stopped = why_not(dispatch)
    if stopped:
        raise Problem("mention-not-now", why=stopped)
    return dispatch, mention, way


def _mention(dispatch: Dispatch) -> tuple[Mention, Way]:
    mention = queries.mention_of(dispatch)
    if mention is None:
        raise Problem("other-channel", channel=dispatch.channel.value)
    way = networks().way(mention.network)
    if way is None:
        raise Problem("mention-by-hand", network=mention.where)
    return mention, way


def _press(session: Session, dispatch: Dispatch, mention: Mention, way: Way) -> Post:
    """Say that it is being posted, in one conditional write: of two who press, one does."""
    now = clock.now()
    row = session.get(MentionPost, dispatch.id)
    if row is None:
        row = MentionPost(
            dispatch_id=dispatch.id,
            key=way.new_key(now),
            state=PostState.POSTING,
            first_at=now,
            pressed_at=now,
        )
        session.add(row)
        session.flush()
    elif not _move(
        dispatch.id, PostState.POSTING, MentionPost.state.in_(_MAY_POST), why="", at=now
    ):
        raise Problem("mention-pressed")
    session.refresh(row)
    return _sent(row, mention)


def _sent(row: MentionPost, mention: Mention) -> Post:
    return Post(mention.text, row.key, row.first_at, mention.language)


def _move(
    dispatch_id: int,
    state: PostState,
    condition: sa.ColumnElement[bool],
    *,
    why: str,
    at: object = None,
) -> bool:
    values: dict[str, object] = {"state": state, "why": why}
    if at is not None:
        values["pressed_at"] = at
    moved = db.session.execute(
        sa.update(MentionPost)
        .where(MentionPost.dispatch_id == dispatch_id, condition)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return effects.changed(moved) == 1


def _in_doubt() -> sa.ColumnElement[bool]:
    """SQL: it is being posted, or nobody knows whether it was."""
    return MentionPost.state.in_((PostState.POSTING, PostState.UNKNOWN))


_EVENTS = {
    PostState.REFUSED: "mention.refused",
    PostState.UNKNOWN: "mention.unknown",
    PostState.READY: "mention.not_there",
}


def _keep(dispatch_id: int, state: PostState, why: str, actor: User) -> None:
    with transaction() as session:
        dispatch = session.get_one(Dispatch, dispatch_id)
        if _move(dispatch_id, state, _in_doubt(), why=why):
            record(_EVENTS[state], dispatch, actor=actor, why=why)


def _posted(dispatch_id: int, address: str, actor: User) -> Dispatch:
    """It is there: kept as evidence, also where somebody noted or withdrew it meanwhile."""
    with transaction() as session:
        dispatch = session.get_one(Dispatch, dispatch_id, populate_existing=True)
        if _move(dispatch_id, PostState.POSTED, _in_doubt(), why=""):
            effects.add_evidence(
                dispatch, EvidenceKind.MENTIONED, at=clock.now(), detail=address, by=actor
            )
        return dispatch
