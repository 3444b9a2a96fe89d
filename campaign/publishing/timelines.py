"""What happened to one public letter, as far as readers are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from campaign.awaiting.models import Extension
from campaign.drafting.models import TextKind
from campaign.kernel import days
from campaign.publishing import queries
from campaign.publishing.models import RecordEntry
from campaign.publishing.shown import Shown
from campaign.replies.models import Reply
from campaign.replies.redaction_models import ReplyRedaction
from campaign.sending.models import Dispatch
from campaign.sending.rules import LEFT


@dataclass(frozen=True)
class Event:
    """One line of the public history of a letter.

    Attributes:
        side: who acted: “us”, “them”, or empty for what happened to the letter.
        outcome, late: codes of the outcome and timeliness that were published then, or empty.
    """

    at: datetime
    title: str
    detail: str = ""
    side: str = "us"
    outcome: str = ""
    late: str = ""


_SENT = {
    TextKind.LETTER: "Letter sent {by}",
    TextKind.REMINDER: "Reminder sent {by}",
    TextKind.FINAL_NOTICE: "Final notice sent {by}",
}
_BACK = {
    "bounced": "It came back: {what} could not be delivered",
    "returned_to_sender": "It came back: {what} could not be delivered",
}
_WHAT: Mapping[TextKind, str] = {
    TextKind.LETTER: "the letter",
    TextKind.REMINDER: "the reminder",
    TextKind.FINAL_NOTICE: "the final notice",
}


def timeline(shown: Shown) -> list[Event]:
    """What happened, newest first, as far as it is public."""
    events = [
        *(event for dispatch in shown.dispatches for event in _of_dispatch(dispatch)),
        *(_of_extension(shown, extension) for extension in shown.extensions),
        *(_of_redaction(one) for one in shown.redacted_since),
        *(_of_reply(shown, reply) for reply in shown.replies),
        *(_of_entry(entry) for entry in shown.entries),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _of_dispatch(dispatch: Dispatch) -> list[Event]:
    events = []
    left_at = dispatch.accepted_at or (dispatch.state_at if dispatch.state in LEFT else None)
    if left_at is not None:
        by = queries.CHANNEL_WORDS[dispatch.channel.value]
        events.append(Event(left_at, _SENT[dispatch.kind].format(by=by)))
    back = _BACK.get(dispatch.state.value)
    if back:
        words_for_it = back.format(what=_WHAT[dispatch.kind])
        events.append(Event(dispatch.state_at, words_for_it, side=""))
    return events


def _of_redaction(redaction: ReplyRedaction) -> Event:
    return Event(redaction.at, "Changed what is left out of the reply", redaction.in_words)


def _of_extension(shown: Shown, extension: Extension) -> Event:
    until = days.date_in_words(extension.new_deadline)
    before = days.date_in_words(extension.old_deadline)
    if extension.own:
        detail = f"Instead of {before}, because a reminder of ours was late."
    else:
        asked = shown.mask(f"{extension.asked_by}: {extension.why}")
        detail = f"Instead of {before}. Asked for by {asked}"
    return Event(extension.at, f"More time given, until {until}", detail)


def _of_reply(shown: Shown, reply: Reply) -> Event:
    return Event(reply.received_at, f"Reply from {shown.company.name} received", side="them")


def _of_entry(entry: RecordEntry) -> Event:
    title = "Published" if entry.number == 1 else "Changed"
    late = entry.timeliness.value if entry.timeliness else ""
    return Event(entry.at, title, outcome=entry.response.value, late=late)
