"""What may have to be left out of a reply: suggestions for a person (fairness.md rule 26). Pure.

Nothing is left out by these rules alone. They look for what tells who a member of staff is:
addresses, direct numbers, names and signatures. Whoever speaks for a company by office, and an
office's own address, stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from campaign.replies.redaction_rules import Mark, Reason, base, found_in

_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_OFFICES = re.compile(
    r"(?:press|media|presse|prensa|stampa|info|contact|kontakt|office|legal|privacy|datenschutz"
    r"|dpo|dsb|ethics|compliance|support|help|service|public\w*|corporate|communications?|noreply"
    r"|no-reply|security|team|hello|mail|customer\w*|kunden\w*|impressum|complaints)\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w./-])(?:\+|00)?\(?\d(?:[ \t()./–-]{0,3}\d){6,14}(?![\w])")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_NAMED = re.compile(
    r"(?:tel(?:ephone|efon|éfono)?|phone|mobile?|handy|fax|direct|durchwahl|call)\W{0,6}$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:with )?(?:kind|best|warm|many)(?:est)? (?:regards|wishes|thanks)|regards"
    r"|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|best|thanks|thank you|cheers"
    r"|(?:mit )?(?:freundlichen?|besten?|herzlichen?|viele[nr]?) gr[uü](?:ß|ss)en?|mfg"
    r"|(?:bien )?cordialement|sincères salutations|bien à vous|(?:un )?cordial(?:es)? saludos?"
    r"|saludos|atentamente|cordiali saluti|distinti saluti|met vriendelijke groet(?:en)?"
    r"|z poważaniem|pozdrawiam|med vänliga? hälsningar?|(?:med )?venlig hilsen"
    r"|com os melhores cumprimentos|atenciosamente|敬具|よろしくお願いいたします。?)"
    r"[ \t]*[,.!]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SENIOR = re.compile(
    r"\b(?:chief|c[etfiops]o|ciso|president|vice president|vp|director|head of|chair(?:man|woman)?"
    r"|founder|partner|general counsel|spokes(?:person|man|woman)|vorstand\w*|geschäftsführ\w*"
    r"|leiter(?:in)?|pressesprecher(?:in)?|directeur|directrice|responsable|porte-parole"
    r"|director[ae]?|portavoz|direttor\w+|portavoce|dyrektor|data protection officer"
    r"|datenschutzbeauftragte[r]?)\b",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_](?:[\w'’.-]{0,30})"
_NAME = re.compile(
    rf"(?:(?:Dr|Prof|Mr|Ms|Mrs|Mx|Herr|Frau|Mme|M)\.?[ ])?{_WORD}(?:[ ]{_WORD}){{1,3}}"
)
_CAPITAL = r"(?-i:[A-ZÀ-ÖØ-ÞĀ-Ž])[\w'’-]{1,30}"
_SPOKEN_OF = re.compile(
    r"\b(?:Mr|Ms|Mrs|Mx|Herrn?|Frau|Mme|Monsieur|Madame|my colleague"
    r"|mein(?:e|en)? Kolleg(?:e|en|in)|my name is|ich heiße|je m['’]appelle)\.?[ ]"
    rf"(?P<name>{_CAPITAL}(?:[ ]{_CAPITAL}){{0,2}})",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\W*(?:dear|hello|hi|good (?:morning|day|afternoon)|sehr geehrter?|lieber?"
    r"|guten (?:tag|morgen)|hallo|chère?|cher|bonjour|estimad[oa]|hola|gentile"
    r"|egregi[oa]|beste|geachte|szanown\w+|madame|monsieur)\b",
    re.IGNORECASE,
)
_NO_NAMES = re.compile(
    r"\b(?:team|office|department|dept|abteilung|press|media|communications|group|ltd|limited|gmbh"
    r"|ag|inc|llc|plc|corp|company|service|desk|relations|affairs|policy|privacy|customer|legal"
    r"|street|road|strasse|straße|unsubscribe|the|and|we|our|us|you)\b",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 8
_SIGNATURE_MOST = 600


class Suggestion(NamedTuple):
    """A passage that may have to be left out, and the rule that found it, in words."""

    mark: Mark
    words: str
    rule: str


def suggestions(text: str, sender: str = "", known: Collection[str] = ()) -> list[Suggestion]:
    """Passages that a person should look at, in their order, none within another.

    Args:
        sender: as the mail has it, such as “Pip Larch <pip@larch.example>”.
        known: names that are public, such as the company's and those of who signed our letter.
    """
    text = base(text)
    found: list[Suggestion] = []
    for mark, rule in (*_signatures(text), *_people(text, sender), *_addresses(text)):
        words = text[mark.start : mark.end]
        if any(found_in(one, words) for one in known):
            continue
        if not any(mark.start < one.mark.end and one.mark.start < mark.end for one in found):
            found.append(Suggestion(mark, words, rule))
    return sorted(found)


def _signatures(text: str) -> Iterator[tuple[Mark, str]]:
    """What stands below “Kind regards”, unless it is an office or one that speaks by office."""
    for closing in _CLOSING.finditer(text):
        start = closing.end() + len(text[closing.end() :]) - len(text[closing.end() :].lstrip())
        lines = text[start:].split("\n\n")[0].split("\n")[:_SIGNATURE_LINES]
        words = "\n".join(lines).rstrip()
        if len(words) <= _SIGNATURE_MOST and not _SENIOR.search(words) and _is_name(lines[0]):
            mark = Mark(start, start + len(words), Reason.SIGNATURE)
            yield mark, "It stands where mails are signed."


def _is_name(line: str) -> bool:
    line = re.split(r"[,|]| [-–—] ", line)[0]
    if not _NAME.fullmatch(line.strip(" ,")) or _NO_NAMES.search(line):
        return False
    return all(word[0].isupper() or len(word) < 4 for word in line.split())


def _people(text: str, sender: str) -> Iterator[tuple[Mark, str]]:
    name = re.sub(r"<[^>]*>", "", sender).strip(' "')
    if _is_name(name):
        for start, end in found_in(text, name):
            if not _SENIOR.search(text[end : end + 80].split("\n\n")[0]):
                yield Mark(start, end, Reason.NAME), "It is the name of the mail's sender."
    for match in _SPOKEN_OF.finditer(text):
        start, end = match.span("name")
        if (
            _GREETING.match(text, text.rfind("\n", 0, start) + 1)
            and text[end : end + 1] in ",:;!\n"
        ):
            continue  # us, by our names, which stand under our letter
        if not _SENIOR.search(text[end : end + 60].split("\n")[0]):
            yield Mark(start, end, Reason.NAME), "It is spoken of as a person."


def _addresses(text: str) -> Iterator[tuple[Mark, str]]:
    for match in _EMAIL.finditer(text):
        if not _OFFICES.match(match.group()):
            yield Mark(*match.span(), Reason.EMAIL), "It looks like the address of one person."
    for match in _PHONE.finditer(text):
        said = _NAMED.search(text[max(0, match.start() - 20) : match.start()])
        if said or not _DATE.fullmatch(match.group()):
            yield Mark(*match.span(), Reason.PHONE), "It looks like a telephone number."
