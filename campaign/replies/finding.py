"""Finding the letter and the dispatch that an incoming message is about. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from campaign.companies.rules import Channel
from campaign.drafting import queries as drafting
from campaign.drafting.models import Letter
from campaign.replies import matching, queries, senders
from campaign.replies.kinds import Reading
from campaign.replies.matching import Known, Suggested
from campaign.replies.rules import MatchReason
from campaign.sending import queries as sending
from campaign.sending.models import Dispatch
from campaign.sending.rules import LEFT, NOT_REACHED, DispatchState

# A mail that came back, or that nobody knows of, may be answered too.
_MAY_HAVE_LEFT = LEFT | NOT_REACHED | {DispatchState.UNKNOWN, DispatchState.TRANSMITTING}


class Hit(NamedTuple):
    """A letter that the message points to by something that only we and its readers know."""

    letter_id: int
    reason: MatchReason
    dispatch: Dispatch | None


class Found(NamedTuple):
    """Where a message belongs.

    Attributes:
        match: the one letter that the strongest reason points to; None where it points to
            none or to several.
        others: every other letter that it may belong to; each blocks silence there.
    """

    match: Hit | None
    others: tuple[Suggested, ...]


def find(reading: Reading) -> Found:
    """The letter that a message belongs to, and those that it may belong to."""
    steps = [list(step) for step in _steps(reading)]
    hits = [hit for step in steps for hit in step]
    strongest = next((step for step in steps if step), [])
    match = strongest[0] if len({hit.letter_id for hit in strongest}) == 1 else None
    taken = {match.letter_id} if match else set()
    others: dict[int, Suggested] = {}
    for hit in hits:
        if hit.letter_id not in taken:
            others.setdefault(hit.letter_id, Suggested(hit.letter_id, hit.reason, ""))
    for suggested in _weak(reading, whole=not hits):
        if suggested.letter_id not in taken:
            others.setdefault(suggested.letter_id, suggested)
    return Found(match, tuple(others.values()))


def _steps(reading: Reading) -> Iterable[Iterable[Hit]]:
    """In the order of reliability.md, “Receiving” 5; what the mail answers directly first."""
    said = f"{reading.subject}\n{reading.full_text}"
    for ids in (
        (*reading.in_reply_to, reading.message_id),
        reading.references,
        reading.reported_ids,
        reading.forwarded_ids,
    ):
        yield _of_dispatches(by_ids(ids), MatchReason.THREAD)
    yield _by_tokens(reading.recipients, MatchReason.TOKEN_ADDRESS)
    yield _by_tokens((said, *reading.reported_strings), MatchReason.TOKEN_TEXT)
    alone = queries.letters_by_tokens(matching.tokens_alone(said))
    yield _of_letters(alone, MatchReason.TOKEN_TEXT)
    yield _of_letters(drafting.by_reference(said), MatchReason.REFERENCE)


def _of_dispatches(dispatches: Iterable[Dispatch], reason: MatchReason) -> list[Hit]:
    newest_first = sorted(dispatches, key=lambda d: d.id, reverse=True)
    return [Hit(dispatch.letter_id, reason, dispatch) for dispatch in newest_first]


def _of_letters(letters: Iterable[Letter], reason: MatchReason) -> list[Hit]:
    return [Hit(letter.id, reason, None) for letter in letters]


def _by_tokens(strings: Iterable[str], reason: MatchReason) -> list[Hit]:
    tokens = matching.tokens_in(strings)
    of_bounces = _of_dispatches(sending.by_tokens(tokens.bounce), reason)
    return of_bounces + _of_letters(queries.letters_by_tokens(tokens.reply), reason)


def by_ids(ids: Iterable[str]) -> list[Dispatch]:
    """Our dispatches among these Message-IDs; ours are in small letters, relays may not be."""
    known = {form for each in ids if each for form in (each, each.lower())}
    return sending.by_message_ids(known)


def _weak(reading: Reading, *, whole: bool) -> list[Suggested]:
    """Letters of companies that the sender or a name points to.

    Args:
        whole: look for names in the quoted text too, because nothing better is known.
    """
    named = (reading.from_address, *reading.claimed_senders, *reading.forwarded_senders)
    claimed = dict.fromkeys(named)
    text = reading.full_text if whole else reading.text
    words = f"{reading.subject}\n{reading.from_name}\n{text}"
    known = (_known(candidate) for candidate in queries.candidates())
    return matching.suggestions([address for address in claimed if address], words, known)


def _known(candidate: queries.Candidate) -> Known:
    company = candidate.company
    mails = (c.value.lower() for c in company.contacts if c.channel is Channel.EMAIL)
    return Known(
        candidate.letter_id,
        frozenset(mails),
        senders.domains(company),
        tuple(name for name in (company.name, company.legal_name) if name),
    )


def dispatch_reported(reading: Reading, arrived_at: datetime) -> Dispatch | None:
    """The one dispatch of ours that a report or an automatic reply is about.

    It must carry our Message-ID or a token in an address (reliability.md, “Receiving” 7); who
    it says that it comes from counts for nothing.
    """
    tokens = matching.tokens_in((*reading.recipients, *reading.reported_strings))
    for dispatches in (
        sending.by_tokens(tokens.bounce),
        by_ids(reading.reported_ids),
        by_ids(reading.in_reply_to),
        by_ids(reading.references[-1:]),
    ):
        if dispatches:
            return _the_one(dispatches, reading, arrived_at)
    letters = queries.letters_by_tokens(tokens.reply)
    if len(letters) != 1:
        return None
    return _the_one(_mails_of(letters[0]), reading, arrived_at)


def _mails_of(letter: Letter) -> list[Dispatch]:
    return [
        dispatch
        for dispatch in sending.dispatches_of(letter.id, letter.round)
        if dispatch.channel is Channel.EMAIL and dispatch.state in _MAY_HAVE_LEFT
    ]


def _the_one(dispatches: list[Dispatch], reading: Reading, arrived_at: datetime) -> Dispatch | None:
    """Of several, those to the address that the message speaks of; of one contact's, the newest."""
    spoken_of = {(reading.recipient or "").lower(), reading.from_address}
    named = [d for d in dispatches if d.recipient.lower() in spoken_of] or dispatches
    if len({d.contact_id for d in named}) != 1:
        return None
    before = [d for d in named if (d.first_attempt_at or d.created_at) <= arrived_at] or named
    return max(before, key=lambda d: (d.first_attempt_at or d.created_at, d.id))


def answered_dispatch(letter: Letter, dispatch: Dispatch | None, sender: str) -> Dispatch | None:
    """The dispatch of the letter itself that an answer speaks for.

    Args:
        dispatch: what the answer is a reply to, if known; a reminder stands for its letter.
        sender: the address that it claims to come from.
    """
    mine = [d for d in sending.dispatches_of(letter.id) if d.kind.value == "letter"]
    mine = [d for d in mine if d.state in _MAY_HAVE_LEFT] or mine
    if dispatch is not None and dispatch.letter_id == letter.id:
        told = [d for d in mine if (d.round, d.contact_id) == (dispatch.round, dispatch.contact_id)]
        mine = told or mine
    mine = [d for d in mine if d.recipient.lower() == sender.lower()] or mine
    return max(mine, key=lambda d: (d.round, d.state in LEFT, -d.id), default=None)
