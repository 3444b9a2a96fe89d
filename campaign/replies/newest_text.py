"""What the sender wrote this time: without the quoted mail below or between, and the signature.

Losing words is worse than keeping too many: where a rule would leave nothing, the text
with the quotation marks taken out, or the whole text, is kept.
"""

from __future__ import annotations

import re
from functools import cache

from mailparser_reply import EmailReplyParser

_LANGUAGES = ["en", "de", "cs", "da", "es", "fr", "it", "nl", "pl", "sv"]
# The library's patterns take more than linear time on long lines.
_LIBRARY_LIMIT, _LIBRARY_LINE = 20_000, 400

_QUOTED = re.compile(r"^[ \t]{0,3}[>|]")
_SIGNATURE = re.compile(r"^(?:-- ?|__|—)$")
_ORIGINAL = re.compile(
    r"^[ \t]*(?:[-_*=]{2,} ?(?:original(?:nachricht| message|e nachricht)?|ursprüngliche nachricht"
    r"|message d['’]origine|message original|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht|wiadomość oryginalna|mensagem original|ursprungligt meddelande"
    r"|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|původní zpráva"
    r"|forwarded message|weitergeleitete nachricht|message transféré)\b.{0,60}|_{20,})[ \t]*$",
    re.I,
)
_FROM = re.compile(
    r"^\W{0,3}(?:from|von|de|da|van|od|från|fra|lähettäjä)\W{0,3}:\W{0,3} ?\S.{0,300}$", re.I
)
_MORE_FIELDS = re.compile(
    r"^\W{0,3}(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|enviada"
    r"|para|asunto|assunto|fecha|data|inviato|a|oggetto|verzonden|aan|onderwerp|wysłano|do"
    r"|temat|skickat|till|ämne|sendt|til|emne|lähetetty|vastaanottaja|aihe|odesláno|komu"
    r"|předmět|cc)\W{0,3}:",
    re.I,
)
_ATTRIBUTION = re.compile(
    r"(?:wrote|writes|schrieb(?: am .{0,80})?|a écrit|écrivait|escribió|ha scritto|scrisse"
    r"|schreef|geschreven|napisał(?:a|\(a\))?|pisze|escreveu|skrev|kirjoitti|napsal(?:a|\(a\))?)"
    r".{0,160}:[ \t]*$",
    re.I,
)
_BEGINS = re.compile(
    r"^(?:on|am|le|el|il|op|w dniu|em|den|dne|po|út|st|čt|pá|so|ne|ma|ti|ke|to|pe|la|su|\d)\b", re.I
)
_DATED = re.compile(r"(?:\d{4}|\d{1,2}[.:]\d{2}|@).{0,300}:[ \t]*$")


@cache
def _parser() -> EmailReplyParser:
    return EmailReplyParser(languages=list(_LANGUAGES))


def _library_says(text: str) -> int:
    """Where the library sees the first attribution or header block of an earlier mail."""
    if len(text) > _LIBRARY_LIMIT or any(len(x) > _LIBRARY_LINE for x in text.split("\n")):
        return -1
    try:
        later = _parser().read(text).replies[1:]
    except Exception:
        return -1
    first = later[0].headers.strip().split("\n")[0].strip() if later and later[0].headers else ""
    return text.find(first) if len(first) > 5 else -1


def _is_original(lines: list[str], i: int) -> bool:
    """Whether the quoted mail begins here without quotation marks (Outlook and its like)."""
    if _ORIGINAL.match(lines[i]):
        return bool(_ORIGINAL.match(lines[i]))
    if not _FROM.match(lines[i]):
        return False
    return sum(bool(_MORE_FIELDS.match(x)) for x in lines[i + 1 : i + 6]) >= 2


def _drop_attribution(kept: list[str]) -> None:
    """Take out the "On … wrote:" above a quotation, which may run over three lines."""
    end = len(kept)
    while end and not kept[end - 1].strip():
        end -= 1
    matching = []
    for count in (1, 2, 3):
        said = " ".join(x.strip() for x in kept[max(0, end - count) : end])
        if len(said) < 500 and (_ATTRIBUTION.search(said) or _DATED.search(said)):
            matching.append((not _BEGINS.match(said), count))
    if matching:  # the one that begins as such lines do, otherwise the shortest
        del kept[max(0, end - min(matching)[1]) :]


def _unquoted(lines: list[str]) -> list[str]:
    kept: list[str] = []
    in_quote = False
    for i, line in enumerate(lines):
        if _QUOTED.match(line):
            if not in_quote:
                _drop_attribution(kept)
            in_quote = True
            continue
        if line.strip():
            in_quote = False
        if kept and any(x.strip() for x in kept) and _is_original(lines, i):
            break
        kept.append(line)
    return kept


def _without_signature(lines: list[str]) -> list[str]:
    for i, line in enumerate(lines):
        if i and _SIGNATURE.match(line.rstrip("\n")) and any(x.strip() for x in lines[:i]):
            return lines[:i]
    return lines


def newest_text(text: str) -> str:
    """The newest text of a mail, without quotation and signature. Never raises."""
    lines = text.replace("\r\n", "\n").split("\n")
    kept = _without_signature(_unquoted(lines))
    result = "\n".join(kept).strip()
    cut = _library_says(result)
    if cut > 0 and result[:cut].strip():
        result = result[:cut].strip()
    if not result:
        return ""
    return re.sub(r"\n{3,}", "\n\n", result)
