"""Which lines of a person's own text are a signature: names below a closing, notices, devices.

Losing words of an answer is far worse than keeping a line too many: below a closing only
lines go that no answer looks like; figures, lists and sentences stay. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign.replies import closings, dialects
from campaign.replies.lines import Line, Mark
from campaign.replies.objections import is_standard_footer

Paragraph = list[Line]
_LONG, _CLOSING_LINE, _GOES_ON = 1500, 200, 60
_SENTENCE_WORDS, _SMALL_WORDS = 6, 2  # in all, and in small letters: addresses have few
_LONG_CLOSINGS = tuple(each for each in closings.CLOSINGS if len(each) >= 6)
_ENDS = tuple(before + each for each in _LONG_CLOSINGS for before in (" ", "、"))

_DELIMITER = re.compile(r"^(?:-- ?|—|__)$")
_RULE = re.compile(r"^\W{0,2}[-_=*~─━—+#・･◇◆☆★■□/]{4,}\W{0,2}$")
_LIST = re.compile(
    r"^\s*(?:\(?\d{1,2}[.):]|[-*•–·]\s|[a-h][.)]\s|[A-H]\)\s|(?:Q|A|F|R|No|Nr|Ad)\.? ?\d{1,2}\b)"
)
_POSTSCRIPT = re.compile(r"^\s*(?:p\.? ?p?\.? ?s\.?\b|n\.?b\.?\b|追伸)", re.I)
_ASIAN_SENTENCE = re.compile(r"[ぁ-んァ-ン一-龥]{8,60}[。!?！？]")
_KANA_SENTENCE = re.compile(r"(?:ます|です|ました|ません|でした|ください)[。.]?\s*$|了[。]\s*$")
_PHONE = re.compile(
    r"(?:\+|\b00)\d[\d ()/.-]{6,}|\(0\)?\d{1,4}\)?[ \d/-]{4,}|\b0\d{1,4}[ /-]\d[\d /-]{4,}"
)
_WEB = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.\w|https?://|\bwww\.", re.I)
_ABBREVIATED = re.compile(
    r"\b(?:inc|ltd|co|corp|llc|s\.?a|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|dr|str|jr|sr|ph\.?d|ll\.?m"
    r"|o\.o|a\.?s|s\.?r\.?o|i\.? ?a|e\.? ?v)\.$",
    re.I,
)
_CLOSED = re.compile(r"[\s,.!;:–—-]+$")
_NAME = re.compile(r"^(?:[^\W\d_][\w.'’-]*[.,]?(?:\s+|$)){1,5}$")
_FIRST_WORD = re.compile(r"^\W*([^\W\d_][\w.-]*)\s*[:.]?(?=\W|$)")
_ADDRESS = re.compile(
    r"(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|gatan|vägen|vej)\b"
    r"|\b(?:street|road|avenue|lane|square|rue|calle|via|viale|piazza|plaza|ulica|rua|floor)\b"
    r"|\bul\. "
    r"|^\W*(?:[A-Z]{1,2}-)?\d{4,5}\s+[^\W\d_]{3,}|〒|\b[A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2}\b",
    re.I,
)  # fmt: skip


def is_device(text: str) -> bool:
    """Whether the mail program added the line: "Sent from my iPhone", "Get Outlook for iOS"."""
    said = text[:200].strip(" \t.-–—_*\xa0").casefold()
    if not said or len(said) > 110:
        return False
    added = said.startswith(dialects.SENT_FROM) or said.endswith(dialects.SENT_FROM_ENDS)
    return added and any(device in said for device in dialects.DEVICES)


def _bare(text: str) -> str:
    return _CLOSED.sub("", text.strip(" \t*_\xa0")).casefold().replace("’", "'").rstrip("。、")


def is_closing(text: str) -> bool:
    """Whether a line closes a letter, alone or with a name on the same line."""
    if len(text) > _CLOSING_LINE:
        return False
    said = _bare(text)
    if said in closings.CLOSINGS:
        return True
    if said.startswith(closings.FORMULAS) and len(said) < 160:
        return True
    if len(said) > _GOES_ON or not (said.startswith(_LONG_CLOSINGS) or said.endswith(_ENDS)):
        return False
    return any(_goes_on(text, said, each) for each in _LONG_CLOSINGS)


def _goes_on(text: str, said: str, closing: str) -> bool:
    """Whether a closing stands at an end of the line: with a name, or with thanks before it."""
    if said.startswith(closing) and len(said) > len(closing):
        rest = text.strip(" \t*_\xa0")[len(closing) :]
        from_place = re.match(r"^\s+(?:aus|from|de|da|uit|från|fra|z)\s+\w+$", rest.rstrip(" ,."))
        return bool(from_place) or (rest[:1] in ",.!-–" and _is_name(rest.strip(" ,.!-–")))
    words = said.split()
    return said.endswith((" " + closing, "、" + closing)) and len(words) <= 8 and said[:1].isalpha()


def _is_name(text: str) -> bool:
    words = text.split()
    return bool(_NAME.match(text)) and 0 < len(words) <= 5 and words[0][:1].isupper()


def is_notice(paragraph: Sequence[Line]) -> bool:
    """Whether a paragraph is what companies put below every mail of theirs."""
    said = " ".join(line.text.strip() for line in paragraph)
    if len(said) > 2 * _LONG:
        return False
    if is_standard_footer(said):
        return True
    return said.casefold().startswith(closings.NOTICES) or _registered(said.casefold())


def _registered(said: str) -> bool:
    return sum(word in said for word in closings.NOTICES) >= 2 and not _LIST.match(said)


def is_contact(text: str) -> bool:
    """Whether the line tells how to reach somebody: telephone, address, web."""
    text = text[:400]
    if _PHONE.search(text) or _WEB.search(text) or _ADDRESS.search(text):
        return True
    first = _FIRST_WORD.match(text)
    word = first.group(1).rstrip(".").casefold() if first else ""
    return word in closings.CONTACT and bool(re.search(r"[:.+]|\d", text))


def is_prose(paragraph: Sequence[Line]) -> bool:
    """Whether a paragraph below a closing may be part of the answer."""
    if sum(len(line.text) for line in paragraph) > _LONG:
        return True
    texts = [line.text.strip() for line in paragraph]
    if any(_LIST.match(text) or _POSTSCRIPT.match(text) for text in texts):
        return True
    contact = any(is_contact(text) for text in texts)
    if not contact and any(re.search(r"\d", text) for text in texts):
        return True
    if texts[-1].endswith((":", "：")):
        return True
    if any(_KANA_SENTENCE.search(text) for text in texts):
        return True
    said = " ".join(texts)
    return _holds_sentence(said)


def _holds_sentence(said: str) -> bool:
    """Whether enough words end with a full stop that no abbreviation explains."""
    count = small = 0
    for word in said.split():
        count += 1
        small += word.isalpha() and word.islower()
        if word[-1] in ".!?…" and len(word) > 2 and not _ABBREVIATED.search(" " + word):
            if count >= _SENTENCE_WORDS and small >= _SMALL_WORDS:
                return True
            count = small = 0
    return bool(_ASIAN_SENTENCE.search(said))


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """The lines in blocks between blank ones; a line of dashes is a block of its own."""
    found: list[Paragraph] = [[]]
    for line in lines:
        if line.blank or _is_rule(line):
            found += [[line], []] if not line.blank else [[]]
        else:
            found[-1].append(line)
    return [paragraph for paragraph in found if paragraph]


def without_signature(lines: Sequence[Line]) -> list[Line]:
    """One stretch of a person's own lines without what only signs them."""
    kept = [line for line in lines if not is_device(line.text)]
    kept = _without_marked(kept)
    kept = _above_delimiter(kept)
    kept = _without_closing(kept)
    return _without_tail(kept)


def _without_marked(lines: list[Line]) -> list[Line]:
    """Without what HTML calls a signature, unless the answer was typed into it."""
    others = [line for line in lines if line.mark is not Mark.SIGNATURE]
    signature = [line for line in lines if line.mark is Mark.SIGNATURE]
    if not signature:
        return lines
    inside = [p for p in paragraphs(signature) if is_prose(p) and not is_notice(p)]
    if inside and not any(_says_something(line) for line in others):
        return lines
    if any(_LIST.match(line.text) for p in inside for line in p):
        return lines
    return others


def _says_something(line: Line) -> bool:
    return len(line.text.strip()) > 20 or bool(re.search(r"\d|[.?!。]\s*$", line.text))


def _above_delimiter(lines: list[Line]) -> list[Line]:
    """Without what follows "-- ", unless it looks like points of an answer."""
    for i, line in enumerate(lines):
        if not _DELIMITER.match(line.text.strip("\xa0")) and line.text.strip() != "--":
            continue
        said = any(_says_something(each) for each in lines[:i])
        below = [
            paragraph
            for paragraph in paragraphs(lines[i + 1 :])
            if any(_LIST.match(each.text) for each in paragraph)
            or (not said and i and is_prose(paragraph) and not is_notice(paragraph))
        ]
        return lines if below else lines[:i]
    return lines


def _without_closing(lines: list[Line]) -> list[Line]:
    """Without each closing and the names and notices right below it."""
    kept: list[Line] = []
    i, said = 0, False
    while i < len(lines):
        line = lines[i]
        if is_closing(line.text) or (said and _thanks(lines, i)):
            rest = _below_names(lines, i + 1)
            if rest > i + 1 or i + 1 == len(lines):
                kept.append(Line(""))
                i = rest
                continue
        said = said or not line.blank
        kept.append(line)
        i += 1
    return kept


def _thanks(lines: Sequence[Line], i: int) -> bool:
    """Whether a word of thanks closes the letter: no more than a name stands below."""
    if len(lines[i].text) > _CLOSING_LINE or _bare(lines[i].text) not in closings.THANKS:
        return False
    below = next((x.text.strip() for x in lines[i + 1 : i + 4] if not x.blank), "")
    return not below or _is_name(_CLOSED.sub("", below[:_CLOSING_LINE]))


def _below_names(lines: list[Line], at: int) -> int:
    """Where names, titles, addresses and notices end, and an answer goes on if it does."""
    first = at
    while at < len(lines):
        end = at
        while end < len(lines) and not lines[end].blank:
            end += 1
        paragraph = lines[at:end]
        if paragraph and is_prose(paragraph) and not is_notice(paragraph):
            return at if _has_text(lines[first:at]) else first
        at = end + 1
    return len(lines)


def _has_text(lines: Sequence[Line]) -> bool:
    return any(not line.blank for line in lines)


def _without_tail(lines: list[Line]) -> list[Line]:
    """Without notices and a block of addresses at the end, closing or not."""
    end = len(lines)
    first = next((i for i, line in enumerate(lines) if not line.blank), end)
    while end:
        while end and lines[end - 1].blank:
            end -= 1
        start = end - 1
        while start > 0 and not (lines[start - 1].blank or _is_rule(lines[start - 1])):
            start -= 1
        if start < 0 or not _goes(lines[start:end], more_above=first < start):
            break
        end = start
    return lines[:end]


def _is_rule(line: Line) -> bool:
    return len(line.text) <= _CLOSING_LINE and bool(_RULE.match(line.text.strip()))


def _goes(paragraph: Paragraph, *, more_above: bool) -> bool:
    if _is_rule(paragraph[0]) and len(paragraph) == 1:
        return more_above
    if is_notice(paragraph):
        return more_above
    if is_prose(paragraph) or not more_above or len(paragraph) < 2:
        return False
    first = paragraph[0].text.strip()
    contacts = sum(is_contact(line.text) for line in paragraph)
    return contacts >= 1 and len(first) <= 70 and not first.endswith((".", ":", "?", "!"))
