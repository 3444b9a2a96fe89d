"""Words by which a sender may object to publication (fairness.md rule 19). Pure.

What is found is shown to a person, who decides; nothing here decides anything.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Passage(NamedTuple):
    """Part of a text: plain, words of an objection, or such words in a standard footer."""

    text: str
    mark: str  # "", "objection" or "footer"


_WORDS = re.compile(
    r"(?:\b(?:strictly |private and |in (?:strict )?)?confiden(?:tial(?:ly|ity)?|ce\b)"
    r"|\bnot (?:be |to be |intended |meant )?(?:for )?(?:publi(?:cation|shed|c)\b|attribution|quot"
    r"|disclos|shar(?:ed|ing))"
    r"|\b(?:do|may|must|should|can) ?not (?:be )?(?:publi[sc]|quot|disclos|shar|attribut|reproduc)"
    r"|\b(?:don't|cannot) (?:publish|quote|disclose|share)"
    r"|\b(?:object|objection) to (?:the |any |its )?publi"
    r"|\bno (?:consent|permission) (?:to|for) publi|\b(?:do|does) not (?:consent|agree) to\b"
    r"|\boff[- ]the[- ]record|\bwithout prejudice|\bnon[- ]public\b|\bfor internal use"
    r"|\bvertraulich\w*|\bnicht (?:zur|für die|zu) veröffentlich\w*|\bnicht veröffentlich\w*"
    r"|\bnicht zitier\w*|\bconfidentiel\w*|\b(?:ne pas|non) (?:publier|diffuser|destiné)"
    r"|\bconfidencial\w*|\bno (?:publicar|divulgar)|\bconfidenzial\w*|\briservat\w+"
    r"|\bnon pubblicar\w*|\bvertrouwelijk\w*|\bniet (?:voor publicatie|publiceren)|\bpoufn)\w*",
    re.IGNORECASE,
)
# What such a footer consists of; two of these make one.
_FOOTER = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"intended (?:solely |only |exclusively )?(?:recipient|for|addressee)|addressee"
        r"|(?:solely|only|exclusively) for the (?:use|attention|person|named|individual)"
        r"|bestimmungsgemäß|(?:richtige|bestimmte|vorgesehene|angegebene)\w* (?:adressat|empfänger)"
        r"|destinataire|destinatari|geadresseerde|adresat",
        r"in error|by mistake|irrtümlich|par erreur|por error|per errore|abusievelijk|omyłk",
        r"(?:notify|inform|contact|advise|tell) (?:us|the sender|me)|absender|expéditeur|remitente"
        r"|mittente|afzender|nadawc",
        r"\bdelet\w+|\bdestroy\w*|vernicht\w+|lösch\w+|détrui\w+|supprim\w+|elimin\w+|verwijder\w*",
        r"unauthori[sz]ed|strictly prohibited|unbefugt\w*|nicht gestattet|interdit\w*|prohibid\w+"
        r"|vietat\w+",
        r"legally privileged|privileged|viruses?\b|liabilit|disclaimer",
        r"(?:this|the) (?:e-?mail|message|communication|transmission)|diese e-?mail|diese nachricht"
        r"|ce (?:courriel|message)|este (?:correo|mensaje)|questa (?:e-?mail|comunicazione)",
    )
)
_ENOUGH = 3


def is_standard_footer(paragraph: str) -> bool:
    """Whether a paragraph is the notice that companies put below every mail.

    It speaks of the mail, of whom it is meant for, of mails gone astray and of deleting them;
    an objection speaks of publication.
    """
    if re.search(r"\bpubli[cs]|veröffentlich|publier|publicar|pubblicar", paragraph, re.IGNORECASE):
        return False
    return sum(bool(part.search(paragraph)) for part in _FOOTER) >= _ENOUGH


def own_words(full_text: str, ours: str = "") -> str:
    """What the sender wrote: without quoted lines and without lines of our own letter."""
    known = {line.strip() for line in ours.splitlines() if line.strip()}
    kept = (
        line
        for line in full_text.splitlines()
        if not line.lstrip().startswith((">", "|")) and line.strip() not in known
    )
    return "\n".join(kept)


def marked(text: str) -> list[Passage]:
    """The text in passages; put together they are the text again."""
    found: list[Passage] = []
    for paragraph in re.split(r"(\n[ \t]*\n\s*)", text):
        mark = "footer" if is_standard_footer(paragraph) else "objection"
        end = 0
        for match in _WORDS.finditer(paragraph):
            found.append(Passage(paragraph[end : match.start()], ""))
            found.append(Passage(match.group(), mark))
            end = match.end()
        found.append(Passage(paragraph[end:], ""))
    return [passage for passage in found if passage.text]


def objects(text: str) -> bool:
    """Whether any words outside a standard footer may be an objection."""
    return any(passage.mark == "objection" for passage in marked(text))


def has_footer(text: str) -> bool:
    """Whether the text bears a standard footer with such words."""
    return any(passage.mark == "footer" for passage in marked(text))
