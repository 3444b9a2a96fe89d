"""What is public about one letter, put together from rows that were read already."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from campaign.awaiting import rules as waiting_rules
from campaign.awaiting.models import Extension
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.drafting import asked
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.kernel import clock, days
from campaign.publishing import queries, rates, statements, words
from campaign.publishing.models import Record, RecordEntry, Response
from campaign.replies import redaction_rules
from campaign.replies.file_models import ReplyFile, ReplyFileVersion
from campaign.replies.models import Reply
from campaign.replies.redaction_models import ReplyRedaction, as_shown
from campaign.replies.redaction_rules import PERSONAL, Piece
from campaign.sending.models import Dispatch
from campaign.sending.rules import LEFT, NOT_REACHED


@dataclass(frozen=True)
class PublicFile:
    """A file of a reply that is public: its address, its name, what is served, and how it is."""

    token: str
    name: str
    content: ReplyFile | ReplyFileVersion
    redacted: bool


@dataclass(frozen=True)
class Shown:
    """One public letter; made by `public_queries.shown` for many at once.

    Attributes:
        entries: states of its record, oldest first; empty while nothing is published.
        replies: the published replies, oldest first, shown in full or not.
        round: the newest round that has left.
        dispatches: of all rounds, oldest first.
        extensions: of the present round, oldest first.
        promised: deadline that runs since proof of delivery; None without proof.
        promised_until: the moment at which that deadline was said to end, aware UTC.
        printed: deadline that the letter itself states.
        in_touch: something that may be theirs arrived after publication and is being read.
        differs: how its questions or days differ from the others'; None where they do not.
        redactions: every state of what is left out of a reply, by its id, oldest first.
        files: those that a person approved, by the reply's id.
    """

    letter: Letter
    round: int
    record: Record | None
    entries: Sequence[RecordEntry]
    replies: Sequence[Reply]
    dispatches: Sequence[Dispatch]
    extensions: Sequence[Extension]
    promised: date | None
    promised_until: datetime | None
    printed: date | None
    started_at: datetime | None
    in_touch: bool
    differs: asked.Differs | None = None
    redactions: Mapping[int, Sequence[ReplyRedaction]] = field(default_factory=dict)
    files: Mapping[int, Sequence[ReplyFile]] = field(default_factory=dict)

    @property
    def campaign(self) -> Campaign:
        return self.letter.campaign

    @property
    def company(self) -> Company:
        return self.letter.company

    @property
    def zone(self) -> str | None:
        """Name of the company's zone."""
        return self.company.timezone

    @property
    def entry(self) -> RecordEntry | None:
        """The state that counts now."""
        return self.entries[-1] if self.entries else None

    @property
    def response(self) -> str:
        """Published, or the computed label `awaiting` or `extended` (rule 15)."""
        if self.entry:
            return self.entry.response.value
        if self.letter.state is LetterState.WITHDRAWN:
            return Response.WITHDRAWN.value
        extended = any(not extension.own for extension in self.extensions)
        return (Response.EXTENDED if extended else Response.AWAITING).value

    @property
    def timeliness(self) -> str | None:
        return self.entry.timeliness.value if self.entry and self.entry.timeliness else None

    @property
    def permission(self) -> str | None:
        return self.entry.permission.value if self.entry and self.entry.permission else None

    @property
    def headline(self) -> str:
        if self.retracted:
            return words.RETRACTED.format(company=self.company.name)
        if self.unreached:
            return words.UNREACHED.format(company=self.company.name)
        return words.headline(self.response, self.company.name, self.timeliness)

    @property
    def deadline(self) -> date | None:
        """The day until which a reply was asked for, in the company's zone."""
        return (self.entry.deadline_on if self.entry else self.promised) or self.printed

    @property
    def deadline_at(self) -> datetime | None:
        """The end of that day, aware UTC."""
        if self.deadline is None:
            return None
        until = self.promised_until if self.deadline == self.promised else None
        today = days.end_of_day(self.deadline, days.zone_of(self.company.timezone))
        return waiting_rules.never_before(until, today)

    @property
    def deadline_place(self) -> str:
        """Where that day ends, such as “London (GMT)”."""
        if self.deadline_at is None:
            return ""
        return days.zone_in_words(self.zone, self.deadline_at - timedelta(seconds=1))

    @property
    def as_of(self) -> datetime | None:
        """The moment that the statement speaks of; None while an answer is awaited."""
        return self.entry.as_of if self.entry else None

    @property
    def basis(self) -> list[dict[str, Any]]:
        """How we know, gate by gate."""
        if self.entry is None:
            return []
        told: list[dict[str, Any]] = json.loads(self.entry.basis)
        return told

    @property
    def this_round(self) -> list[Dispatch]:
        return [d for d in self.dispatches if d.round == self.round]

    @property
    def sent_at(self) -> datetime | None:
        """When the letter first left in this round; aware UTC."""
        moments = [
            dispatch.accepted_at or dispatch.state_at
            for dispatch in self.this_round
            if dispatch.kind is TextKind.LETTER and (dispatch.accepted_at or dispatch.state in LEFT)
        ]
        return min(moments, default=None)

    @property
    def reminded(self) -> list[datetime]:
        """When reminders left that did not come back, oldest first."""
        return sorted(
            dispatch.accepted_at or dispatch.state_at
            for dispatch in self.this_round
            if dispatch.kind is not TextKind.LETTER and dispatch.state in LEFT
        )

    @property
    def statement(self) -> str:
        """What we say: as published, or as the facts are while an answer is awaited."""
        if self.entry:
            return self.entry.statement
        told = queries.told_from(
            self.letter, self.this_round, deadline=self.deadline, as_of=clock.now()
        )
        said = statements.asked(told)
        return f"{said} {words.NOT_DELIVERED}" if self.unreached else said

    @property
    def came_back(self) -> bool:
        """Whether a mail came back after silence was published: the record is being checked."""
        entry = self.entry
        if entry is None or entry.response is not Response.NO_RESPONSE:
            return False
        return any(d.state in NOT_REACHED and d.state_at > entry.at for d in self.this_round)

    @property
    def retracted(self) -> bool:
        """Whether we have withdrawn what the record said."""
        return self.entry is not None and self.entry.response is Response.WITHDRAWN

    @property
    def unreached(self) -> bool:
        """Whether all that left came back and nothing is published: there is nothing to await."""
        letters = [d for d in self.this_round if d.kind is TextKind.LETTER]
        left = [d for d in letters if d.state in NOT_REACHED]
        return self.entry is None and bool(left) and len(left) == len(letters)

    @property
    def arrived(self) -> bool:
        """Whether something proves that the letter reached the company."""
        return self.started_at is not None

    @property
    def changed_at(self) -> datetime:
        """When what is shown last changed through an act of ours; aware UTC."""
        if self.entry:
            return max([self.entry.at, *(one.at for one in self.redacted_since)])
        moments = [extension.at for extension in self.extensions]
        return max([*moments, self.sent_at or self.letter.created_at])

    @property
    def _not_withdrawn(self) -> Sequence[RecordEntry]:
        """States since we last withdrew what the record said; all where we never did."""
        last = max(
            (n for n, one in enumerate(self.entries, 1) if one.response is Response.WITHDRAWN),
            default=0,
        )
        return self.entries[last:]

    def shows(self, reply: Reply) -> bool:
        """Whether this reply's words may stand in public: then as published, and now."""
        published = [entry for entry in self._not_withdrawn if entry.reply_id == reply.id]
        if not published or reply.withdrawn_at is not None:
            return False
        stands = [self.response, *(entry.response.value for entry in published)]
        allowed = [reply.permission.value]
        allowed += [entry.permission.value for entry in published if entry.permission]
        redacted = self.is_redacted(reply)
        return all(
            words.may_show(response, one, redacted=redacted)
            for response in stands
            for one in allowed
        )

    def redaction(self, reply: Reply) -> ReplyRedaction | None:
        """What is left out of the reply now."""
        every = self.redactions.get(reply.id)
        return every[-1] if every else None

    def is_redacted(self, reply: Reply) -> bool:
        """Whether anything is left out of it."""
        newest = self.redaction(reply)
        return newest is not None and bool(newest.found)

    def pieces(self, reply: Reply) -> list[Piece]:
        """What the public sees of a reply that is shown."""
        return as_shown(reply, self.redaction(reply))

    def files_of(self, reply: Reply) -> list[PublicFile]:
        """The files of a reply that are public: none where its words are not."""
        if not self.shows(reply):
            return []
        return [
            PublicFile(file.token, self.mask(file.public_name), file.shown, bool(file.published))
            for file in self.files.get(reply.id, ())
            if file.shown is not None
        ]

    @property
    def redacted_since(self) -> list[ReplyRedaction]:
        """What was left out anew, or shown again, since a reply was published; oldest first."""
        since = {entry.reply_id: entry.at for entry in reversed(self.entries) if entry.reply_id}
        return [
            one
            for reply in self.shown_replies
            for one in self.redactions.get(reply.id, ())
            if one.at > since[reply.id]
        ]

    def _hidden(self, *, personal: bool) -> list[str]:
        passages = (
            (passage, reason)
            for reply in self.replies
            if (redaction := self.redaction(reply)) is not None
            for passage, reason in redaction_rules.hidden_in(reply.text, redaction.found)
            if reason in PERSONAL or not personal
        )
        kept = (self.company.name, self.company.legal_name or "")
        return redaction_rules.masks(passages, kept)

    @cached_property
    def hidden(self) -> list[str]:
        """Words left out of a reply, which nothing else about the letter may tell (rule 20)."""
        return self._hidden(personal=False)

    @cached_property
    def hidden_persons(self) -> list[str]:
        """Those of them that tell who a person is: left out of our own letter too."""
        found = self._hidden(personal=True)
        return [one for one in found if " " in one or "@" in one or any(map(str.isdigit, one))]

    def mask(self, text: str) -> str:
        """A text of ours without words that are left out of a reply."""
        return redaction_rules.masked(text, self.hidden)

    def _mask_persons(self, text: str) -> str:
        return redaction_rules.masked(text, self.hidden_persons)

    @property
    def why_differs(self) -> str:
        """Why it was asked something else or has other days; empty where it was and has not."""
        return self._mask_persons(self.differs.why) if self.differs else ""

    @property
    def comment(self) -> str:
        """Our own words."""
        return self.mask(self.entry.comment) if self.entry else ""

    def why_not_shown(self, reply: Reply) -> str:
        """What stands in its place."""
        return words.why_not_shown(self.response, self._strictest(reply), self.company.name)

    def _strictest(self, reply: Reply) -> str:
        published = [e.permission for e in self.entries if e.reply_id == reply.id]
        every = [reply.permission.value, *(one.value for one in published if one)]
        if self.is_redacted(reply):
            every = [one for one in every if one != "redactions"]
        return next((one for one in every if one not in words.SHOWN_PERMISSIONS), "undetermined")

    @property
    def shown_replies(self) -> list[Reply]:
        return [reply for reply in self.replies if self.shows(reply)]

    @property
    def verdicts(self) -> dict[int, str]:
        """The verdict on each question of the letter, from the replies shown (rule 17)."""
        return rates.merged(
            (verdict.number, verdict.verdict.value)
            for reply in self.shown_replies
            for verdict in reply.verdicts
        )

    @property
    def questions(self) -> tuple[asked.Question, ...]:
        """What this company was asked, in the numbering of its letter."""
        every = asked.questions(self.campaign, self.differs)
        if self.differs is None or self.differs.questions is None:
            return every
        return tuple(one._replace(text=self._mask_persons(one.text)) for one in every)

    @property
    def campaign_verdicts(self) -> dict[int, str]:
        """The same verdicts by the campaign's numbers: of questions in the campaign's words."""
        numbers = {one.number: one.campaign_number for one in self.questions}
        told = ((numbers.get(number), verdict) for number, verdict in self.verdicts.items())
        return {number: verdict for number, verdict in told if number is not None}

    @property
    def not_asked(self) -> frozenset[int]:
        """The numbers of the campaign's questions that this company was not asked in its words."""
        asked_here = {one.campaign_number for one in self.questions}
        return frozenset(one.number for one in self.campaign.questions) - asked_here

    @property
    def asked(self) -> rates.Asked:
        """The letter as the rates count it."""
        return rates.Asked(self.company.name, self.response, self.arrived)

    @property
    def what_next(self) -> list[str]:
        """What happens while an answer is awaited."""
        return words.what_next(
            self.company.name,
            deadline=self.deadline,
            deadline_at=self.deadline_at,
            arrived=self.arrived,
            came_back=self.unreached,
            zone=self.zone,
            now=clock.now(),
        )

    def local_date(self, moment: datetime) -> date:
        """The company's own date at that moment."""
        return days.local_date(moment, days.zone_of(self.zone))
