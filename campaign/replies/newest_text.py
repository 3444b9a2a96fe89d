"""What the sender wrote this time: without the quoted mail below or between, and the signature.

Losing words of an answer is far worse than keeping a line too many, and the whole is always
one click away: wherever it is unclear what a passage is, it stays.

The steps: lines with their depth (`lines`, `pages`), where an earlier mail begins
(`boundaries`), which of it may be the answer all the same (a colleague's mail passed on,
answers announced within our text), and what only signs (`signing_off`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mailparser_reply.parser import EmailMessage

from campaign.replies import boundaries, dialects
from campaign.replies.boundaries import Earlier
from campaign.replies.lines import Line, Mark, read_lines
from campaign.replies.signing_off import is_closing, without_signature

_LANGUAGES = ["en", "de", "cs", "da", "es", "fr", "it", "ja", "ko", "nl", "pl", "sv", "zh"]
# The library's patterns take more than linear time on long lines.
_LIBRARY_LIMIT, _LIBRARY_LINE = 10_000, 400
_FEW_WORDS = 300  # characters of a note that only points to what follows
_GREETING = re.compile(
    r"^(?:dear|hello|hi|good (?:morning|day|afternoon)|sehr geehrte|guten tag|liebe|hallo|bonjour"
    r"|madame|monsieur|chère?|estimad|buenos|hola|gentil|egregi|buongiorno|salve|geachte|beste"
    r"|szanown|dzień dobry|prezad|caro|cara|exm|hej|kære|bästa|dobrý|vážen|уважаем|здравствуйте"
    r"|добрый|尊敬的|您好)\b.{0,80}$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the header of the mail tells about who wrote to whom.

    Attributes:
        subject: decoded.
        sender: address of the author, in small letters.
        ours: addresses and names that the mail is to: ours, as far as it is a reply to us.
    """

    subject: str = ""
    sender: str = ""
    ours: tuple[str, ...] = ()

    @property
    def forwarding(self) -> bool:
        prefix = self.subject.strip().partition(":")[0].strip().casefold()
        return len(prefix) < 12 and prefix in dialects.FORWARD_SUBJECTS

    def is_ours(self, author: str) -> bool:
        """Whether an earlier mail's author is whom this mail is to."""
        said = author.casefold()
        return any(len(each) > 3 and each.casefold() in said for each in self.ours)

    def is_colleague(self, author: str) -> bool:
        """Whether an earlier mail's author writes from the sender's own domain."""
        domain = self.sender.rpartition("@")[2]
        return bool(domain) and re.search(rf"@{re.escape(domain)}\b", author.casefold()) is not None


def newest_text(text: str, setting: Setting | None = None) -> str:
    """The newest text of a plain text. Never raises."""
    return newest_of(read_lines(text), setting or Setting())


def newest_of(lines: Sequence[Line], setting: Setting) -> str:
    """The newest text of these lines, without quotation and signature."""
    own = _own(list(lines), setting, passes=4)
    text = "\n".join(line.text.rstrip() for line in own).strip()
    return _library_cut(re.sub(r"\n{3,}", "\n\n", text))


class _Reading:
    """The sender's own lines of one mail, stretch by stretch from the top."""

    def __init__(self, lines: list[Line], setting: Setting, passes: int) -> None:
        self.lines, self.setting, self.passes = lines, setting, passes
        self.kept: list[Line] = []
        self.stretch: list[Line] = []
        self.any_words = False

    def own(self) -> list[Line]:
        """The lines, each stretch between quotations without its signature."""
        i = _after_ticket_head(self.lines)
        while 0 <= i < len(self.lines):
            i = self._step(i)
        return self.kept + _signed_off(self.stretch)

    def _step(self, i: int) -> int:
        """Take what begins at this line; where to go on, -1 for nowhere."""
        line = self.lines[i]
        if line.depth:
            return self._past_quotation(i)
        if boundaries.reply_mark(line.text):
            return -1 if self._above() else i + 1
        head = _head(self.lines, i)
        if head is None:
            self.stretch.append(line)
            return i + 1
        if self._above():
            rest = self.lines[i + head.size :]
            self.kept += _at_head(self.stretch, rest, head, self.setting, self.passes)
        else:
            self.kept += _below_head(self.lines, i, head, self.setting, self.passes)
        self.stretch = []
        return -1

    def _above(self) -> bool:
        return self.any_words or _has_words(self.stretch)

    def _past_quotation(self, i: int) -> int:
        self.any_words = self._above()
        self.kept += _signed_off(_without_attribution(self.stretch))
        self.stretch = []
        while i < len(self.lines) and self.lines[i].depth:
            i += 1
        return i


def _own(lines: list[Line], setting: Setting, passes: int) -> list[Line]:
    """The sender's own lines, each stretch between quotations without its signature."""
    return _Reading(lines, setting, passes).own()


def _head(lines: list[Line], i: int) -> Earlier | None:
    """An earlier mail's head at this line; the one that introduces visible quotation is not one."""
    head = boundaries.earlier_mail(lines, i)
    if head is None:
        size = boundaries.comment_heading(lines, i)
        return Earlier(size) if size else None
    below = i + head.size
    while below < len(lines) and lines[below].blank:
        below += 1
    quoted = below < len(lines) and lines[below].depth > 0
    return None if quoted else head


def _below_head(
    lines: list[Line], i: int, head: Earlier, setting: Setting, passes: int
) -> list[Line]:
    """A head with nothing above it: a mail passed on, an answer below ours, or no head at all."""
    passed_on = head.forwarded or setting.forwarding
    if passed_on and setting.is_ours(head.author):
        return []
    rest = lines[i + head.size :]
    rest = _own(rest, setting, passes - 1) if passes else rest
    fields = [line for line in lines[i : i + head.size] if boundaries.label(line.text)[0]]
    return rest if passed_on else [*fields, *rest]  # an answer may begin as a memorandum does


def _at_head(
    stretch: list[Line], rest: list[Line], head: Earlier, setting: Setting, passes: int
) -> list[Line]:
    """What is the sender's own where an earlier mail begins without quotation marks."""
    top = _signed_off(stretch)
    if not passes:
        return top
    if _colleagues(head, setting, top):
        return [*top, Line(""), *_own(rest, setting, passes - 1)]
    if _answers_within(top, rest):
        return [*top, Line(""), *_unmarked(rest)]
    return top


def _colleagues(head: Earlier, setting: Setting, top: list[Line]) -> bool:
    """Whether the earlier mail may be the company's own answer, passed on by somebody."""
    if setting.is_ours(head.author):
        return False
    if head.forwarded or setting.forwarding:
        return True
    points = _points_below(top, dialects.BELOW)
    return points and setting.is_colleague(head.author)


def _answers_within(top: list[Line], rest: list[Line]) -> bool:
    """Whether the sender says that the answers stand within the text below.

    Only where it is not quoted by marks: what stands between quoted lines is kept anyway.
    """
    if any(line.depth for line in rest) and any(not x.depth and not x.blank for x in rest):
        return False
    return _points_below(top, dialects.INLINE) or _points_below(top, dialects.BELOW)


def _points_below(top: list[Line], words: tuple[str, ...]) -> bool:
    said = " ".join(x.text.strip() for x in top if not _GREETING.match(x.text.strip()))
    if len(said) > _FEW_WORDS:
        return False
    folded = said.casefold()
    return any(re.search(rf"(?<!\w){re.escape(word)}", folded) for word in words)


def _unmarked(lines: list[Line]) -> list[Line]:
    return [line._replace(depth=0) for line in lines]


def _has_words(lines: list[Line]) -> bool:
    return any(not line.blank for line in lines)


def _signed_off(stretch: list[Line]) -> list[Line]:
    return without_signature(stretch) if stretch else []


def _after_ticket_head(lines: list[Line]) -> int:
    """Where the newest comment begins in a ticket system's own mail, which stands on top."""
    marked = False
    for i, line in enumerate(lines[:40]):
        marked = marked or boundaries.reply_mark(line.text)
        size = boundaries.comment_heading(lines, i) if marked else 0
        if size:
            return i + size
    return 0


def _without_attribution(stretch: list[Line]) -> list[Line]:
    """Without the "On … wrote:" above a quotation that is marked; it may run over lines."""
    end = len(stretch)
    while end and stretch[end - 1].blank:
        end -= 1
    marked = end
    while marked and stretch[marked - 1].mark is Mark.ATTRIBUTION:
        marked -= 1
    if marked < end:
        return stretch[:marked]
    strong, weak = _introduced(stretch, end)
    if strong is not None:
        return stretch[: _from_its_beginning(stretch, strong)]
    head = next((i for i in range(max(0, end - 12), end) if _ends_at(stretch, i, end)), None)
    if head is not None:
        return stretch[:head]
    return stretch if weak is None else stretch[:weak]


def _introduced(stretch: list[Line], end: int) -> tuple[int | None, int | None]:
    """Where the shortest sure and the shortest possible introduction before `end` begin."""
    strong = weak = None
    for start in range(end - 1, max(-1, end - 1 - boundaries.WINDOW), -1):
        if not _may_belong(stretch[start].text.strip(), last=start == end - 1):
            break
        said = " ".join(line.text.strip(" \t*_") for line in stretch[start:end])
        if strong is None and boundaries.is_attribution(said):
            strong = start
        if weak is None and boundaries.weak_attribution(said):
            weak = start
    return strong, weak


def _may_belong(text: str, *, last: bool) -> bool:
    """Whether a line may be one of an attribution: no end of a sentence above its last line."""
    if not text or len(text) > boundaries.LONGEST:
        return False
    return last or not re.search(r"[^\W\d]{4}[.!?:]$", text)


def _from_its_beginning(stretch: list[Line], start: int) -> int:
    """One line more where an attribution was broken within its date."""
    above = stretch[start - 1].text.strip() if start else ""
    broken = not boundaries.starts_with_day(stretch[start].text)
    if above and broken and boundaries.starts_with_day(above) and _may_belong(above, last=False):
        return start - 1
    return start


def _ends_at(stretch: list[Line], i: int, end: int) -> bool:
    """Whether a header block that begins here runs to the end, above its quotation."""
    found = boundaries.separator(stretch, i) or boundaries.header_block(stretch, i)
    return found is not None and i + found.size >= end


def shorter_of(plain: str, page: str) -> str:
    """What the page leaves of the plain text, where its structure shows more to be quoted.

    Only where all that it keeps stands in the plain text too: it may leave out, not add.
    """
    left, right = _letters(plain), _letters(page)
    if not right or len(right) >= len(left) or right not in left:
        return plain
    at = left.index(right)
    count, start = 0, 0
    ends = []
    for i, c in enumerate(plain):
        if c.isalnum():
            if count == at:
                start = i
            count += 1
            if count == at + len(right):
                ends.append(i + 1)
                break
    end = ends[0]
    while end < len(plain) and not plain[end].isalnum() and not plain[end].isspace():
        end += 1
    return plain[plain.rfind("\n", 0, start) + 1 : end].strip()


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@cache
def _library_heads() -> re.Pattern[str]:
    """The library's pattern of heads. Its pattern of signatures took 240 s for 10 kB of lines."""
    return EmailMessage("", languages=list(_LANGUAGES)).HEADER_REGEX


def _library_cut(text: str) -> str:
    """What the library adds: it may know a dialect that our tables do not.

    It takes any two lines such as "To: 512" for the head of a mail, so only a head that
    tells author and time counts.
    """
    if len(text) > _LIBRARY_LIMIT or any(len(x) > _LIBRARY_LINE for x in text.split("\n")):
        return text
    match = _library_heads().search(text)
    if match is None or not boundaries.tells(match.group()):
        return text
    return text[: match.start()].strip() or text


__all__ = ["Line", "Mark", "Setting", "is_closing", "newest_of", "newest_text"]
