"""Where an earlier mail begins within a text: its header block, its dashes, "On … wrote:".

Each way is asked like a question and answers with how many lines it takes. Words come from
`dialects`; nothing here decides what is left out. Pure; every question looks at a few lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from campaign.replies import dialects
from campaign.replies.lines import Line, Mark


class Earlier(NamedTuple):
    """The beginning of an earlier mail.

    Attributes:
        size: how many lines its head takes, blank ones among them included.
        author: what its From says, "" where it has none.
        forwarded: it says itself that it was passed on.
        told: its author or date is told, so that the head is surely one.
    """

    size: int
    author: str = ""
    forwarded: bool = False
    told: bool = True


_DECORATION = " \t*_|#\xa0\u200b\ufeff[]"
_DASHED = re.compile(r"^[ \t>]*[-_=*#~─━—]{2,}(?P<said>.*?)[-_=*#~─━—:： \t]*$")
_RULE = re.compile(r"^[ \t]*[-_=*~─━—]{5,}[ \t]*$")
_ADDRESS = re.compile(r"[^\s<>@\"']{1,64}@[^\s<>@\"']{1,190}")
_CLOCK = re.compile(
    r"\b\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2}\s?(?:時|时|시|點|点)|\b\d{1,2} ?[ap]\.?m\b", re.I
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_COLONS = (":", "：")
_WORD = re.compile(r"[^\W_]+(?:\([^\W\d_]+\)|/[^\W\d_]+)?", re.U)
_WROTE = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(w) for w in dialects.WROTE) + r")(?!\w)", re.I
)
_ZOHO = re.compile(
    r"^[ \t]*-{2,4} ?.{6,300}(?<!\w)(?:wrote|schrieb|a écrit|escribió)[ \t]*-{2,4}$", re.I
)
_NOTES = re.compile(
    r"^.{2,120}---\d{1,4}[./-]\d{1,2}[./-]\d{1,4} \d{1,2}[:.]\d{2}.{0,200}---", re.I
)
_SENTENCE = re.compile(r"[^\d\s.]{3,}[.!?]$")
_HEADING = re.compile(r"^\W{0,3}\S.{1,120}?(?:,|\)| -| at| um| à) .{0,40}\d.{0,30}$")
_ONCE = ("from", "sent", "subject")  # one that comes again begins another head
LOOK_AHEAD, WINDOW = 24, 5
LONGEST = 500  # characters of a head's line; no regular expression sees a longer one


def _bare(text: str) -> str:
    return text.strip(_DECORATION).casefold().replace("’", "'")


def label(text: str) -> tuple[str, str]:
    """The field that a line names, by its key in `dialects.FIELDS`, and its value."""
    bare = text.strip(_DECORATION)[:400].replace("：", ":")
    name, colon, value = bare.partition(":")
    field = dialects.FIELD_OF.get(name.strip(_DECORATION).casefold(), "") if colon else ""
    return field, value.strip(_DECORATION)


def _said(lines: Sequence[Line], i: int, depth: int) -> bool:
    return 0 <= i < len(lines) and lines[i].depth == depth


def header_block(lines: Sequence[Line], i: int) -> Earlier | None:
    """From, Sent, To, Subject in any order and language, as Outlook and its like write them."""
    if label(lines[i].text)[0] not in ("from", "sent", "subject", "to"):
        return None
    found: dict[str, str] = {}
    end = misses = 0
    for j in range(i, min(len(lines), i + LOOK_AHEAD)):
        field, value = label(lines[j].text)
        if not _said(lines, j, lines[i].depth) or (field in _ONCE and field in found):
            break
        if field and field not in found:
            found[field] = value or _below(lines, j)
            end, misses = j + 1, 0
        elif not lines[j].blank and field != "cc":
            misses += 1
            if misses > 2 or (lines[j - 1].blank and len(found) > 3):
                break
    if len({*found} - {"cc", "other"}) < 3 or not found.keys() & {"from", "sent"}:
        return None
    return Earlier(end - i, found.get("from", ""))


def _below(lines: Sequence[Line], i: int) -> str:
    """The value of a field whose name has a line of its own."""
    below = lines[i + 1].text.strip() if i + 1 < len(lines) else ""
    return "" if label(below)[0] else below


def notes_block(lines: Sequence[Line], i: int) -> Earlier | None:
    """The head of Lotus Notes: author and date first, then names of fields without colons."""
    if not (_ADDRESS.search(lines[i].text) or _YEAR.search(lines[i].text)):
        return None
    first = " ".join(line.text[:200] for line in lines[i : i + 3])
    if not (_YEAR.search(first) and (_CLOCK.search(first) or _ADDRESS.search(first))):
        return None
    fields: set[str] = set()
    end = 0
    for j in range(i + 1, min(len(lines), i + LOOK_AHEAD)):
        name, _, rest = lines[j].text.strip(_DECORATION).partition("\t")
        field = dialects.FIELD_OF.get(name.strip(" :").casefold(), "")
        if field:
            fields.add(field)
            end = j + 1 if rest.strip() or _below(lines, j) == "" else j + 2
    if not {"to", "subject"} <= fields:
        return None
    return Earlier(end - i, lines[i].text.strip(_DECORATION))


def separator(lines: Sequence[Line], i: int) -> Earlier | None:
    """A line of dashes with "Original Message" or "Forwarded message" in it, and what follows."""
    text = lines[i].text
    match = _DASHED.match(text)
    said = _bare(match.group("said") if match else text).rstrip(":： ")
    if len(said) > 120:
        return None
    forwarded = _names(said, dialects.FORWARDED)
    dashed = match is not None and match.group("said").strip(_DECORATION) != ""
    if not (forwarded or _names(said, dialects.ORIGINAL)):
        return None
    head = _head_below(lines, i + 1)
    if not dashed and head is None:
        return None
    size, author = (head[1].size + head[0] - i, head[1].author) if head else (1, "")
    return Earlier(size, author, forwarded, told=head is not None)


def _names(said: str, phrases: Sequence[str]) -> bool:
    """Whether a line is one of these phrases; "forwarded by …" may go on with a name."""
    return said in phrases or said.startswith(_PASSED_ON_BY)


_BY = (" by", " von", " par", " por", " da", " door", " przez")
_PASSED_ON_BY = tuple(each + " " for each in dialects.FORWARDED if each.endswith(_BY))


def _head_below(lines: Sequence[Line], i: int) -> tuple[int, Earlier] | None:
    """A header block that follows, blank lines and one more separator passed over."""
    for j in range(i, min(len(lines), i + 4)):
        if lines[j].blank:
            continue
        found = header_block(lines, j) or attribution(lines, j)
        if found:
            return j, found
        field, value = label(lines[j].text)
        return (j, Earlier(1, value)) if field == "from" and value else None
    return None


def ruled(lines: Sequence[Line], i: int) -> Earlier | None:
    """A bare line of dashes right above a header block; alone it is no more than a line."""
    if not _RULE.match(lines[i].text):
        return None
    head = _head_below(lines, i + 1)
    return Earlier(head[0] + head[1].size - i, head[1].author) if head else None


def attribution(lines: Sequence[Line], i: int) -> Earlier | None:
    """A full "On (date), (name) <address> wrote:" that begins here, over up to five lines.

    Without quotation marks below only these count: an answer may say "On 2 March you wrote:".
    """
    said = ""
    if not _may_introduce(lines[i].text):
        return None
    for j in range(i, min(len(lines), i + WINDOW)):
        text = lines[j].text.strip(_DECORATION)
        if not text or not _said(lines, j, lines[i].depth) or len(said) + len(text) > LONGEST:
            return None
        said = f"{said} {text}".strip()
        if is_attribution(said):
            return Earlier(j - i + 1, said)
        if _SENTENCE.search(text):
            return None
    return None


def _may_introduce(text: str) -> bool:
    if "---" in text:
        return True
    return begins(text) and ("@" in text or any(c.isdigit() for c in text))


def is_attribution(said: str) -> bool:
    """Whether a whole line surely introduces an earlier mail: it tells when and who."""
    if len(said) > LONGEST or not (said.endswith((*_COLONS, "-")) or "---" in said):
        return False
    if _ZOHO.match(said) or _NOTES.match(said):
        return bool(_YEAR.search(said))
    if not said.endswith(_COLONS) or not begins(said):
        return False
    when = bool(_CLOCK.search(said)) + bool(_YEAR.search(said))
    if not when:
        return False
    named = bool(_ADDRESS.search(said))
    if says_wrote(said):
        return not _speaks_to_us(said) and (named or when == 2)
    return named and when == 2


def says_wrote(said: str) -> bool:
    """Whether the words say that somebody wrote."""
    return bool(_WROTE.search(said)) or any(word in said for word in dialects.WROTE_ASIAN)


def tells(head: str) -> bool:
    """Whether a head tells both who wrote, by address, and when."""
    return bool(_ADDRESS.search(head)) and bool(_YEAR.search(head) and _CLOCK.search(head))


def _speaks_to_us(said: str) -> bool:
    words = _WORD.findall(_ADDRESS.sub(" @ ", said).casefold())
    for verb in range(len(words)):
        if _WROTE.fullmatch(words[verb]) or words[verb] in ("写道", "寫道"):
            near = {*words[max(0, verb - 1) : verb], *words[verb + 1 : verb + 2]}
            return bool(near & {*dialects.YOU})
    return False


def begins(said: str) -> bool:
    """Whether a line begins as such lines do: with a day, a date, a name in marks, an address."""
    word = _WORD.match(said.lstrip(" \t*_\"'«“<(-„"))
    if word is None:
        return False
    first = word.group().casefold()
    return (
        first[:1].isdigit()
        or first in dialects.BEGINS
        or bool(_ADDRESS.match(said.lstrip('<"')))
        or any(said.startswith(x) for x in ('"', "<", "“", "在", "於", "于"))
        or bool(_ADDRESS.search(said[:200]))
    )


def starts_with_day(said: str) -> bool:
    """Whether a line begins with "On", "Am", "Le", a day of the week and the like."""
    word = _WORD.match(said.lstrip(" \t*_"))
    return word is not None and word.group().casefold() in dialects.BEGINS


def weak_attribution(said: str) -> bool:
    """Whether a line may introduce a quotation that visibly follows."""
    if not said.endswith(_COLONS) or len(said) > LONGEST:
        return False
    dated = bool(_CLOCK.search(said) or _YEAR.search(said) or _ADDRESS.search(said))
    if says_wrote(said):
        return dated or (len(said) < 120 and not _speaks_to_us(said))
    return dated and (begins(said) or bool(_ADDRESS.search(said)))


def reply_mark(text: str) -> bool:
    """Whether it is a ticket system's "Please type your reply above this line"."""
    if len(text) > 160:
        return False
    said = _bare(text)
    return any(phrase in said for phrase in dialects.REPLY_ABOVE)


def comment_heading(lines: Sequence[Line], i: int) -> int:
    """Lines of a ticket system's heading of one comment: a rule, then author and time; else 0."""
    if len(lines[i].text) > LONGEST or not _RULE.match(lines[i].text):
        return 0
    for j in range(i + 1, min(len(lines), i + 3)):
        text = lines[j].text.strip()[:LONGEST]
        if text:
            dated = _HEADING.match(text) and _CLOCK.search(text)
            return j + 1 - i if dated and len(text) < 140 else 0
    return 0


def earlier_mail(lines: Sequence[Line], i: int) -> Earlier | None:
    """The earlier mail that begins with this line without quotation marks, if one does."""
    line = lines[i]
    if line.blank or len(line.text) > LONGEST:
        return None
    found = separator(lines, i) or ruled(lines, i) or header_block(lines, i)
    if found is None:
        found = attribution(lines, i) or notes_block(lines, i)
    if found is None and line.mark is Mark.EARLIER:
        field, value = label(line.text)
        found = Earlier(1, value if field == "from" else "", told=bool(field))
    return found
