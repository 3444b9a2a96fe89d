"""What kind of message it is: report of a mail server, automatic reply, or a person's reply.

No bounce may be called a reply, and no reply a bounce. So who wrote it is asked first
(`origin`), by what the message is made of and not by what it speaks of; only of a mail system's
message is asked what it reports (`bounces`), and of the others whether a program wrote them
(`automatic`). What nothing speaks against is a reply.
"""

from __future__ import annotations

from campaign.replies import words_automatic, words_reports
from campaign.replies.automatic import auto_note, is_automatic
from campaign.replies.bounces import Verdict, from_fields, from_words, not_delivered, read_report
from campaign.replies.kinds import AutoNote, Kind
from campaign.replies.mime import Part
from campaign.replies.origin import Look, System, begins_as_report, look, null_path, system
from campaign.replies.report_notices import complains
from campaign.replies.report_words import own_words

__all__ = ["classify", "is_automatic"]

_AUTOMATIC = Verdict(Kind.AUTO_REPLY)
_RECEIPTS = ("message/disposition-notification", "message/global-disposition-notification")
_SHORT, _LINE = 1500, 160


def classify(message: Part, text: str, newest: str, raw: bytes) -> tuple[Verdict, AutoNote | None]:
    """The kind of a message, with what a report says of the address.

    Args:
        text: the whole readable text.
        newest: the same without quotation.
        raw: the message as it came, for the library that reads reports itself.
    """
    seen = look(message, text)
    if _complains(seen):
        return _AUTOMATIC, AutoNote.OTHER
    if _is_receipt(seen, text, newest):
        return Verdict(Kind.DELIVERY_RECEIPT), None
    sure = system(seen)
    if sure >= System.LIKELY:
        told = _system_mail(seen, text, raw, sure)
        if told is not None:
            return told
    note = auto_note(message.headers, newest)
    if note or is_automatic(message):
        return _AUTOMATIC, note or AutoNote.OTHER
    return Verdict(Kind.REPLY), None


def _complains(seen: Look) -> bool:
    """A complaint about our mail (RFC 5965), or a report on many: it was delivered."""
    if seen.message.parameter("report-type").lower() == "feedback-report":
        return True
    if "message/feedback-report" in seen.types and not seen.replied:
        return True
    if complains(seen.start):
        return True
    return bool(words_reports.COMPLAINS_SUBJECT.match(seen.subject))


def _is_receipt(seen: Look, text: str, newest: str) -> bool:
    """A message disposition notification (RFC 8098), or a receipt that is only text."""
    if seen.is_report("disposition-notification") and seen.types & set(_RECEIPTS):
        return True
    if seen.message.parameter("report-type").lower() == "disposition-notification":
        return True
    named = bool(words_reports.READ_SUBJECT.match(seen.subject))
    return named and len(newest) <= _SHORT and bool(words_reports.READ_BODY.search(text[:_SHORT]))


def _system_mail(
    seen: Look, text: str, raw: bytes, sure: System
) -> tuple[Verdict, AutoNote | None] | None:
    """What a mail system's message says; None where it turns out to be no report."""
    own = own_words(text)
    note = auto_note(seen.headers, own)
    if note and _answers_for_somebody(seen, note):
        return _AUTOMATIC, note
    report = read_report(seen.message, text)
    verdict = None
    if not report.proper or _brings_fields(seen, sure):
        verdict = from_fields(report, seen.message, text, raw)
    if verdict is None and _reports(seen, own, sure):
        verdict = from_words(seen.message, text, raw)
    if verdict is not None:
        return verdict, None
    if sure is System.CERTAIN or _says_nothing_else(seen, own):
        return not_delivered(seen.message, text, raw), None
    return (_AUTOMATIC, note or AutoNote.OTHER) if null_path(seen.headers) else None


def _says_nothing_else(seen: Look, own: str) -> bool:
    """Whether its subject is a bounce's, and its text is empty, or in words that nobody knows."""
    if seen.replied or not words_reports.BOUNCE_SUBJECT.search(seen.subject):
        return False
    return not own.strip() or null_path(seen.headers) or _is_a_line_above_our_mail(seen, own)


def _is_a_line_above_our_mail(seen: Look, own: str) -> bool:
    bare = own.strip()
    short = len(bare) <= _LINE and "@" in bare and "\n\n" not in bare
    return short and bool(words_reports.RETURNS.search(seen.start))


def _answers_for_somebody(seen: Look, note: AutoNote) -> bool:
    """Whether a mail system only passes on an absence or the like."""
    if words_reports.BOUNCE_SUBJECT.search(seen.subject):
        return False
    by_subject = words_automatic.AUTO_SUBJECT.search(seen.subject)
    return bool(by_subject) or note is AutoNote.CHALLENGE


def _brings_fields(seen: Look, sure: System) -> bool:
    """Whether the fields are the mail's own, and not in a file that somebody attached."""
    own = sure is System.CERTAIN or null_path(seen.headers) or begins_as_report(seen.start)
    return own or "multipart/report" in seen.types


def _reports(seen: Look, own: str, sure: System) -> bool:
    """Whether its words are about a mail: shops deliver parcels, and fail to, too."""
    if sure is System.CERTAIN or begins_as_report(seen.start):
        return True
    if words_reports.SMTP_SAID.search(own) or null_path(seen.headers):
        return True
    return bool(words_reports.SPEAKS_OF_MAIL.search(own)) and "@" in own
