"""Events in words, for people who read the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from campaign.history.queries import Told
from campaign.kernel.text import shorten

KINDS = {
    "user.added": "Person let in",
    "user.role_changed": "Role changed",
    "user.deactivated": "Person shut out",
    "user.reactivated": "Person let in again",
    "user.password_set": "Password set by an administrator",
    "company.added": "Company added",
    "company.changed": "Facts about a company changed",
    "company.closure_noted": "Days on which a company is closed noted",
    "company.closure_withdrawn": "Days on which a company is closed taken back",
    "companies.imported": "Companies imported from a file",
    "contact.added": "Contact added",
    "contact.restored": "Retired contact brought back",
    "contact.changed": "Contact changed",
    "contact.verified": "Contact verified",
    "contact.form_described": "What a company's web form takes noted",
    "contact.retired": "Contact retired",
    "contact.bad": "A server called the contact's address bad",
    "survey.saved": "Survey saved",
    "report.saved": "Report saved",
    "report.imported": "Figures of a report imported from a file",
    "report.figure_saved": "Figure of a report saved",
    "report.figure_checked": "Figure held against its source by a second person",
    "report.figure_removed": "Figure taken out of a report",
    "campaign.created": "Campaign created",
    "campaign.changed": "Campaign changed",
    "campaign.questions_translated": "Questions translated",
    "campaign.fixed": "Questions and response period fixed: a letter left",
    "campaign.unfixed": "Questions and response period can change again: all was taken back",
    "campaign.embargoed": "Embargo set",
    "campaign.embargo_lifted": "Embargo lifted",
    "campaign.field_added": "Field of its own added to a campaign",
    "campaign.field_removed": "Field of its own taken out of a campaign",
    "letter.values_set": "Values of a letter's own fields changed",
    "campaign.signature_set": "Picture of a signature set",
    "campaign.signature_removed": "Picture of a signature removed",
    "campaign.attachment_added": "File added to a campaign's letters",
    "campaign.attachment_moved": "File moved up in a campaign's letters",
    "campaign.attachment_removed": "File taken out of a campaign's letters",
    "letterhead.saved": "Letterhead saved",
    "campaign.review_set": "Steps of sign-off set",
    "cosign.due": "Co-signer is to be asked",
    "cosign.asked": "Co-signer asked by a link",
    "cosign.not_left": "The link to a co-signer did not leave",
    "cosign.signed": "Co-signer signed",
    "cosign.changes": "Co-signer asked for changes",
    "cosign.revoked": "Link to a co-signer revoked",
    "template.saved": "Text saved",
    "comment.added": "Comment on a text",
    "comment.replied": "Comment answered",
    "comment.resolved": "Comment resolved",
    "comment.reopened": "Comment opened again",
    "letter.added": "Draft begun",
    "letter.contacts_chosen": "Contacts of a letter chosen",
    "letter.own_saved": "Letter made different for its company",
    "letter.submitted": "Letter put up for approval",
    "letter.signed": "Text signed",
    "letter.approved": "Letter approved",
    "letter.sent_back": "Letter sent back",
    "letter.text_voided": "Text voided, with its approvals",
    "letter.round_begun": "Resend ordered: a new round",
    "letter.withdrawn": "Letter withdrawn",
    "letter.sent_off": "Letter ordered to be sent",
    "letter.taken_back": "Letter taken back before it left: it is approved still",
    "letter.opened": "Letter left: it is open now",
    "dispatch.queued": "Reminder or notice queued",
    "dispatch.accepted": "Accepted by a mail server",
    "dispatch.deferred": "Not taken now; it is tried again",
    "dispatch.expired": "Given up",
    "dispatch.failed": "Refused by a mail server",
    "dispatch.unknown": "Not known whether it left",
    "dispatch.withdrawn": "Withdrawn before it left",
    "dispatch.late_answer": "A mail server's answer came too late to count",
    "dispatch.own_copy": "Our own copy arrived",
    "dispatch.delay": "A mail server still tries",
    "dispatch.bounce": "Came back",
    "dispatch.delivery_receipt": "A mail server says that it was delivered",
    "dispatch.auto_confirms_receipt": "An automatic reply confirms receipt",
    "dispatch.auto_unmonitored": "An automatic reply says that nobody reads there",
    "dispatch.auto_other": "An automatic reply",
    "dispatch.form_submitted": "The company's form was sent",
    "dispatch.form_reference": "The company's form gave a reference",
    "dispatch.posted": "Posted",
    "dispatch.tracked_delivered": "The post's tracking shows delivery",
    "dispatch.signed_for": "Signed for",
    "dispatch.returned": "Came back by post",
    "dispatch.mentioned": "Mentioned in public",
    "dispatch.person_says_delivered": "A person says that it arrived",
    "dispatch.person_says_not_sent": "A person says that it did not leave",
    "dispatch.answered": "The company answered",
    "mention.pressed": "Mention posted by our account: begun",
    "mention.refused": "Mention refused by its network",
    "mention.unknown": "Not known whether the mention was posted",
    "mention.not_there": "Looked for a mention: it is not there",
    "batch.ordered": "Letters ordered together",
    "batch.paused": "Sending paused",
    "batch.resumed": "Sending goes on",
    "batch.pace_changed": "Pace of sending changed",
    "batch.taken_back": "Letters taken back before the first left",
    "batch.report_read": "Report of the sending read",
    "mail.tested": "Test mail sent to oneself",
    "probe.sent": "Probe sent to our own mailbox",
    "sending.trouble": "Mail does not leave",
    "sending.try_again": "Mail is tried again at once",
    "halt.begun": "Everything automatic halted",
    "halt.released": "Halt ended",
    "mailbox.used": "Mailbox read from now on",
    "mailbox.left": "Mailbox read no more",
    "mailbox.failed": "Mailbox could not be read",
    "mailbox.recovered": "Mailbox read again",
    "message.stored": "Message stored",
    "message.read": "Message read by the program",
    "message.matched": "Message assigned to a letter",
    "message.dismissed": "Message put aside",
    "message.spam": "Message marked as spam",
    "message.brought": "Message brought as a file",
    "message.finished": "Message filed to all that it answers for",
    "message.reopened": "Message reopened",
    "reply.filed": "Reply filed",
    "letter.correspondence_erased": "Personal data of those who answered erased",
    "letter.correspondence_kept": "Personal data of those who answered kept longer",
    "answer.written": "Answer to the company saved as a draft",
    "answer.put_up": "Answer to the company put before a second person",
    "answer.given_back": "Answer to the company made a draft again",
    "answer.discarded": "Answer to the company thrown away",
    "answer.ordered": "Answer to the company ordered to be sent",
    "reply.withdrawn": "Reply taken back",
    "note.added": "Call or meeting taken down",
    "note.changed": "Note of a call or a meeting changed",
    "note.withdrawn": "Note of a call or a meeting taken back",
    "note.file_removed": "File taken out of a note",
    "reply.files_taken_out": "Files taken out of a reply's mail",
    "reply.file_scanned": "File shown to the virus scanner again",
    "reply.file_redacted": "Version of a file made for the public",
    "reply.file_published": "File approved for the public",
    "reply.file_unpublished": "File taken out of the public",
    "reply.redacted": "Changed what is left out of a reply in public",
    "letter.deadline_set": "Binding deadline set or moved",
    "letter.reminder_ordered": "Reminder ordered",
    "letter.final_notice_ordered": "Final notice ordered",
    "letter.extended": "More time given",
    "letter.swept": "Other ways to answer checked: no reply there",
    "letter.weak_proof_signed": "A second person signed for weak proof",
    "hold.placed": "Put on hold",
    "hold.released": "Hold released",
    "record.published": "Outcome published",
    "record.changed": "Published outcome changed",
}

_VALUE_LENGTH = 400


class Line(NamedTuple):
    """One event as a line of a list.

    Attributes:
        who: name of the person, or co-signer; “The program” where none did it.
        about: name of what it is about; empty where nobody knows it (any more).
        details: what the event still tells, as (name, value).
    """

    seq: int
    at: datetime
    words: str
    who: str
    about: str
    details: tuple[tuple[str, str], ...]


def lines(events: Iterable[Told], names: Mapping[str, str]) -> list[Line]:
    """The events in words.

    Args:
        names: what the opaque ids of subjects and people stand for.
    """
    return [
        Line(
            event.seq,
            event.at,
            in_words(event.kind),
            names.get(event.actor, "A person") if event.actor else _outside(event.detail),
            names.get(event.subject, ""),
            details(event.detail),
        )
        for event in events
    ]


def _outside(detail: Mapping[str, Any]) -> str:
    """Who acted without an account: a co-signer, who is told of in the detail; else the program."""
    if detail.get("organisation") and detail.get("name"):
        return f"{detail['name']}, {detail['organisation']}"
    return "The program"


def in_words(kind: str) -> str:
    """A kind of event in words: its own, or made from its name."""
    return KINDS.get(kind) or kind.replace(".", ": ").replace("_", " ").capitalize()


def details(detail: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What an event tells, in the order of the alphabet, without what is empty."""
    told: list[tuple[str, str]] = []
    for name, value in sorted(detail.items()):
        if name == "changed" and isinstance(value, dict):
            told += [(_label(fact), _change(change)) for fact, change in value.items()]
        elif value not in (None, "", [], {}):
            told.append((_label(name), _value(value)))
    return tuple(told)


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _change(change: Any) -> str:
    if isinstance(change, list) and len(change) == 2:
        return f"{_value(change[0])} → {_value(change[1])}"
    return _value(change)


def _value(value: Any) -> str:
    if value in (None, ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return shorten("; ".join(map(_value, value)), _VALUE_LENGTH)
    if isinstance(value, dict):
        pairs = (f"{_label(name)}: {_value(inner)}" for name, inner in value.items())
        return shorten("; ".join(pairs), _VALUE_LENGTH)
    return shorten(str(value), _VALUE_LENGTH)
