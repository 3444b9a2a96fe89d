"""What a proof grade rests on, and what is missing for a better one, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaign.companies.rules import Channel
from campaign.sending.proof_rules import Missing as M
from campaign.sending.proof_rules import Weighs as W
from campaign.sending.proof_rules import missing, reasons
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import Evidence, Proof, Sent, grade
from campaign.sending.rules import EvidenceKind as K

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def sent(
    *kinds: K,
    channel: Channel = Channel.EMAIL,
    state: S = S.ACCEPTED,
    verified: bool = True,
    read: datetime | None = LATER,
) -> Sent:
    """A dispatch with this evidence, one piece a minute."""
    pieces = tuple(Evidence(kind, AT + timedelta(minutes=n)) for n, kind in enumerate(kinds))
    return Sent(channel, state, verified, pieces, read)


FORM, POST = Channel.FORM, Channel.POST
TABLE = [
    ("accepted for a verified contact", sent(K.ACCEPTED), [W.ADEQUATE], ()),
    ("not verified", sent(K.ACCEPTED, verified=False), [W.WEAK], (M.CONTACT_NOT_VERIFIED,)),
    ("not read since", sent(K.ACCEPTED, read=None), [W.WEAK], (M.MAILBOX_NOT_READ,)),
    ("read before it", sent(K.ACCEPTED, read=AT), [W.WEAK], (M.MAILBOX_NOT_READ,)),
    (
        "nobody reads there",
        sent(K.ACCEPTED, K.AUTO_UNMONITORED),
        [W.WEAK, W.AGAINST],
        (M.NOBODY_READS_THERE,),
    ),
    (
        "our copy and a delay say nothing",
        sent(K.OWN_COPY, K.DELAY, K.ACCEPTED),
        [W.NOTHING, W.NOTHING, W.ADEQUATE],
        (),
    ),
    (
        "a bounce outweighs all",
        sent(K.ACCEPTED, K.BOUNCE, state=S.BOUNCED),
        [W.NOTHING, W.AGAINST],
        (M.DID_NOT_LEAVE,),
    ),
    (
        "an answer stands against a bounce",
        sent(K.ACCEPTED, K.BOUNCE, K.ANSWERED, state=S.BOUNCED),
        [W.NOTHING, W.AGAINST, W.STRONG],
        (),
    ),
    (
        "a form without reference",
        sent(K.FORM_SUBMITTED, channel=FORM, state=S.FORM_SUBMITTED),
        [W.WEAK],
        (M.NO_REFERENCE,),
    ),
    (
        "a form with one",
        sent(K.FORM_SUBMITTED, K.FORM_REFERENCE, channel=FORM, state=S.FORM_SUBMITTED),
        [W.WEAK, W.ADEQUATE],
        (),
    ),
    ("posted", sent(K.POSTED, channel=POST, state=S.POSTED), [W.WEAK], (M.NO_TRACKING,)),
    (
        "signed for",
        sent(K.POSTED, K.SIGNED_FOR, channel=POST, state=S.DELIVERED_SIGNED),
        [W.WEAK, W.STRONG],
        (),
    ),
    (
        "came back by post",
        sent(K.POSTED, K.RETURNED, channel=POST, state=S.RETURNED_TO_SENDER),
        [W.NOTHING, W.AGAINST],
        (M.DID_NOT_LEAVE,),
    ),
    (
        "a mention",
        sent(K.MENTIONED, channel=Channel.MENTION, state=S.MENTIONED),
        [W.NOTHING],
        (M.MENTION_NEVER_COUNTS,),
    ),
    ("queued", sent(state=S.QUEUED), [], (M.DID_NOT_LEAVE,)),
]


@pytest.mark.parametrize(
    ("found", "weighs", "lacks"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_each_piece_says_what_it_does_and_what_is_missing(
    found: Sent, weighs: list[W], lacks: tuple[M, ...]
) -> None:
    assert [one.weighs for one in reasons(found)] == weighs
    assert missing(found) == lacks


@pytest.mark.parametrize("found", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
def test_something_is_missing_just_where_the_proof_is_not_adequate(found: Sent) -> None:
    assert bool(missing(found)) is (grade(found).grade < Proof.ADEQUATE)
