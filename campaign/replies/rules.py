"""What comes back: kinds of items in a thread, verdicts, permissions (fairness.md rule 16)."""

from __future__ import annotations

from enum import StrEnum


class ItemKind(StrEnum):
    """What a person says that a message of the company is."""

    RESPONSE = "response"
    SUPPLEMENT = "supplement"
    ACKNOWLEDGEMENT = "acknowledgement"
    EXTENSION_REQUEST = "extension_request"
    REPLY_TO_REJOINDER = "reply_to_rejoinder"
    CORRECTION_REQUEST = "correction_request"
    LEGAL_NOTICE = "legal_notice"
    PHONE_NOTE = "phone_note"
    MEETING_NOTE = "meeting_note"


NOTES = frozenset({ItemKind.PHONE_NOTE, ItemKind.MEETING_NOTE})
"""Our own words about what was said; no answer by themselves."""


class Answer(StrEnum):
    """How far a response answers; the public response that it leads to."""

    FULL = "responded_full"
    PARTIAL = "responded_partial"
    STATEMENT_ONLY = "statement_only"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    ENGAGED_OFF_RECORD = "engaged_off_record"
    CONFIDENTIAL = "responded_confidential"


class Permission(StrEnum):
    """Whether a reply may be published."""

    NOTICE_DEFAULT = "notice_default"
    EXPLICIT_YES = "explicit_yes"
    REDACTIONS = "redactions"
    SUMMARY_ONLY = "summary_only"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"


class Verdict(StrEnum):
    """How a response deals with one question."""

    ANSWERED = "answered"
    PARTLY = "partly"
    NOT_ADDRESSED = "not_addressed"
    REFUSED_WITH_REASON = "refused_with_reason"
    MISUNDERSTOOD = "misunderstood"
    ANSWERED_ELSEWHERE = "answered_elsewhere"


class Triage(StrEnum):
    """Where an incoming message stands.

    `UNREAD`: stored, not parsed yet. `WAITING`: a person must say what it is. `FILED`: a person
    filed it as an item of a letter. `SETTLED`: the program settled it (own copy, bounce of ours,
    delay, receipt, automatic reply to a known dispatch). `DISMISSED`: a person said that it is
    no company's reply. `SPAM`: a person said so.
    """

    UNREAD = "unread"
    WAITING = "waiting"
    FILED = "filed"
    SETTLED = "settled"
    DISMISSED = "dismissed"
    SPAM = "spam"


UNTRIAGED = (Triage.UNREAD, Triage.WAITING)
"""Nobody has said yet what such a message is."""


class MatchReason(StrEnum):
    """Why a message is thought to be a letter's, strongest first (reliability.md, Receiving 5)."""

    THREAD = "thread"
    TOKEN_ADDRESS = "token_address"
    TOKEN_TEXT = "token_text"
    REFERENCE = "reference"
    CONTACT = "contact"
    DOMAIN = "domain"
    NAME = "name"
    PERSON = "person"
