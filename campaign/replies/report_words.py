"""The text of a delivery report: its own words, and what they say where it has no fields."""

from __future__ import annotations

import re

from campaign.replies import words_reports as words
from campaign.replies.kinds import Kind
from campaign.replies.mime import Headers, Part, read_headers
from campaign.replies.reasons import Stage, is_loud, is_plain, reason_in

OWN_LIMIT = 20_000
_LINES, _LINE = 400, 500
_SAYINGS = 20
_ORIGINAL = re.compile(
    r"^[ \t]{0,20}(?:[-=_*]{2,80}.{0,60}(?:original message|copy of (?:the|your) (?:original "
    r")?message"
    r"|returned message|unsent message|message (?:header|text|body|follows|contents)|header of the "
    r"original|undelivered message|original (?:mail|header)|(?:below|enclosed)|ursprüngliche "
    r"nachricht"
    r"|message (?:d['’]origine|initial)|mensaje original|messaggio originale|mensagem original"
    r"|oorspronkelijk bericht|original(?:nachricht)?|копия|元の|原始邮件|原邮件|원본).{0,80}"
    r"|(?:the |your |\W{0,3})?(?:original|returned|unsent|undelivered) (?:message|mail) "
    r"(?:headers? |text )?"
    r"(?:follows|is (?:attached|included|below)|was as follows|below|begins).{0,40}"
    r"|message headers? follow.{0,20}|original (?:message|mail) headers?:?.{0,20}|message header:?"
    r"|.{0,60}(?:below|enclosed|following|here) is (?:a|the) copy of (?:the|your).{0,60}"
    r"|.{0,40}copy of (?:the|your) (?:original )?(?:message|mail)(?:,? (?:including|follows"
    r"|is)).{0,60}"
    r"|ursprüngliche nachrichtenkopf.{0,20}|.{0,20}original-?(?:nachricht|mail) .{0,40}:"
    r"|received: {0,4}(?:from|by) .{0,300}|return-path: ?<.{0,300})$",
    re.I | re.M,
)
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]|\w)")
_RENDERED = re.compile(r"^5\d\d 5\.1\.1 <[^>\n]{1,320}>\.\.\. user unknown", re.I)
_SAID = re.compile(
    r"^(?:<<< |>> |.{0,300}(?:said:|\(reason:|response was:?|responded(?: with)?:|replied:|error "
    r"was:?"
    r"|returned:|error is:|server returned|diagnostic[- ]code:|reason:|reply:|:)? ?)??"
    r"(?=(?:smtp; ?)?#?[45][0-5]\d[ -]|#?[45]\.\d{1,3}\.\d{1,3}\b)",
    re.I,
)
_NOT_SAID = re.compile(r"^(?:>>> |503 |354 |\d{1,2} |.{0,80}(?:date|time|id)\b.{0,12}$)", re.I)
_AT_RECIPIENT = re.compile(
    r"(?:after|in reply to|to|>>>|at|command:?|during|response to)\W{0,3}rcpt\b|>>> rcpt"
    r"|rcpt to (?:command|:)|does not like recipient|\[rcpt_to\]|did not like our rcpt"
    r"|reply to rcpt|recipient address rejected|after rcpt|remote host said",
    re.I,
)
_AT_MESSAGE = re.compile(
    r">>> data|^ ?data$|in reply to (?:the )?(?:end of data|data)"
    r"|after (?:end of data|sending data|data\b)"
    r"|our final data|end of data|failed after i sent the message|>>> \.$|\(data\)|eom\b"
    r"|end-of-data",
    re.I | re.M,
)


def own_words(text: str) -> str:
    """The report's own words, without the mail that it returns; at most `OWN_LIMIT` characters.

    A text that is nothing but a returned mail stays whole.
    """
    text = text[:OWN_LIMIT]
    for cut in _ORIGINAL.finditer(text):
        before = text[: cut.start()]
        if len(before.strip()) > 20:
            return before
    return text


def returned_in_text(text: str) -> Headers:
    """The header fields of the mail that a text returns below its own words."""
    rest = text[len(own_words(text)) :][:OWN_LIMIT].lstrip()
    lines = rest.split("\n")
    start = next((i for i, x in enumerate(lines[:12]) if re.match(r"[A-Za-z-]{2,40}: ?\S", x)), 0)
    block = "\n".join(lines[start:]).partition("\n\n")[0]
    return read_headers(block.encode())


def returned_headers(message: Part, text: str) -> list[Headers]:
    """The header fields of the returned mail, from its part or from the text."""
    found = []
    for part in message.walk():
        if part.content_type in ("text/rfc822-headers", "message/global-headers"):
            found.append(read_headers(part.payload(64 * 1024).lstrip(b"\n")))
        elif part.within == 1 and part.headers.fields:
            found.append(part.headers)
    return [*found[:5], returned_in_text(text)]


def sayings(own: str) -> list[str]:
    """What servers said, by lines that hold a code of theirs, each with its continuation.

    Sendmail writes "5.1.1 … User unknown" of its own below whatever the other server said, so
    that comes last.
    """
    lines = own.split("\n")[:_LINES]
    found: list[str] = []
    rendered: list[str] = []
    for i, line in enumerate(lines):
        bare = line.strip()[:_LINE]
        if not bare or _NOT_SAID.match(bare) or not _SAID.match(bare):
            continue
        more = [x.strip()[:_LINE] for x in lines[i + 1 : i + 4]]
        end = next((n for n, x in enumerate(more) if not x or _SAID.match(x)), len(more))
        said = "\n".join([bare, *more[:end]])
        (rendered if _RENDERED.match(bare) else found).append(said)
    return (found + rendered)[:_SAYINGS]


def what_was_said(diagnostic: str, status_comment: str, own: str) -> str:
    """The words to judge by: the nearest to the server that refused that say a reason at all.

    A server's plain reason stands before the manners of the program that reports it.
    """
    near = (diagnostic, *sayings(own))
    told = {said: reason_in(said) for said in (*near, status_comment) if said}
    loud = (said for said, reason in told.items() if is_loud(reason))
    plain = (said for said in near if is_plain(told.get(said)))
    nearest = next(loud, None) or next(plain, None)
    if nearest is None and told.get(diagnostic):
        nearest = diagnostic
    return nearest or "\n".join((diagnostic, status_comment, own))


def stage_in(own: str, diagnostic: str = "") -> Stage:
    """At which step the other server said no, as far as the report tells."""
    if _AT_MESSAGE.search(own) and not re.search(r"\brcpt", own, re.I):
        return Stage.MESSAGE
    both = f"{own}\n{diagnostic}"
    return Stage.RECIPIENT if _AT_RECIPIENT.search(both) else Stage.UNKNOWN


def status_in(own: str) -> str | None:
    """The first enhanced status code of a failure in the report's own words."""
    found = _STATUS.search(own)
    return found.group(1) if found else None


def kind_in(subject: str, own: str) -> Kind | None:
    """What the words of a mail system say happened; None where they say nothing known.

    A server that still tries says so; one that tells of a delay and has given up has failed.
    """
    both = f"{subject}\n{own}"
    failed = bool(
        words.FAILURE.search(own) or words.SMTP_SAID.search(own) or is_loud(reason_in(own))
    )
    late = bool(words.DELAY.search(both)) and not words.GIVEN_UP.search(own)
    if late or words.STILL_TRYING.search(own):
        return Kind.DELAY
    if words.DELIVERED.search(both) and not words.BOUNCE_SUBJECT.search(subject):
        return Kind.BOUNCE if _is_failure_first(own) else Kind.DELIVERY_RECEIPT
    if failed:
        return Kind.BOUNCE
    return Kind.DELIVERY_RECEIPT if words.DELIVERED.search(both) else None


def _is_failure_first(own: str) -> bool:
    """Whether the words of failure stand before those of success: some got it, others did not."""
    failed = words.SMTP_SAID.search(own) or words.FAILURE.search(own)
    done = words.DELIVERED.search(own)
    return bool(failed and (done is None or failed.start() < done.start()))
