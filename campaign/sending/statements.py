"""The statements of a mail that simply leaves, built once.

A sender runs them for every mail, twice in a transaction of its own; building them anew each time
took longer than everything that the database does with them. What they say is the same as
`effects.move` and its like; what ends otherwise goes by those.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from campaign.database import Utc
from campaign.drafting.models import Letter, LetterState
from campaign.sending import queries
from campaign.sending.models import DeliveryEvidence, Dispatch, DispatchAttempt
from campaign.sending.rules import DispatchState, EvidenceKind

_S = DispatchState
_NOW: Any = sa.bindparam("now", type_=Utc)
_REAL_NOW = sa.bindparam("real_now", type_=Utc)
_MINE = Dispatch.id == sa.bindparam("row"), Dispatch.lease_holder == sa.bindparam("holder")

# The last gate: parameters row, holder, now, real_now, until.
PASS_GATE = (
    sa.update(Dispatch)
    .where(
        *_MINE,
        Dispatch.state == _S.CLAIMED,
        Dispatch.lease_until > _REAL_NOW,
        queries.not_halted(),
        queries.may_still_leave(),
        queries.not_paused(),
        queries.in_time(_NOW),
    )
    .values(state=_S.TRANSMITTING, state_at=_NOW, lease_until=sa.bindparam("until", type_=Utc))
)
# A server has taken it: row, holder, now, said, queue_id; gives the number of the attempt.
ACCEPT = (
    sa.update(Dispatch)
    .where(*_MINE, Dispatch.state == _S.TRANSMITTING)
    .values(
        state=_S.ACCEPTED,
        state_at=_NOW,
        accepted_at=_NOW,
        why="",
        server_reply=sa.bindparam("said"),
        queue_id=sa.bindparam("number"),
        attempts=Dispatch.attempts + 1,
        first_attempt_at=sa.func.coalesce(Dispatch.first_attempt_at, _NOW),
        lease_holder=None,
        lease_until=None,
    )
    .returning(Dispatch.attempts)
)
ADD_ATTEMPT = sa.insert(DispatchAttempt)
ADD_ACCEPTED = sa.insert(DeliveryEvidence).values(kind=EvidenceKind.ACCEPTED, source_ref="")
# A letter's first dispatch has left: letter; gives its opaque id.
OPEN_LETTER = (
    sa.update(Letter)
    .where(Letter.id == sa.bindparam("letter"), Letter.state == LetterState.SENDING)
    .values(state=LetterState.OPEN)
    .returning(Letter.ref)
)
