"""What a letter must say before it is fair to publish that nobody answered.

The list is fairness.md rule 1. A letter may be sent with an item open, but from a letter
without the publication notice no record of silence is ever published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from campaign.drafting import placeholders, wording
from campaign.kernel.languages import ENGLISH


class Item(NamedTuple):
    """One thing a letter must say: whether it does, and what to do where it does not."""

    key: str
    label: str
    holds: bool
    what_to_do: str


class StandardText(NamedTuple):
    """A starting text: a subject and a body in Markdown, both with placeholders."""

    subject: str
    body: str


class _Said(NamedTuple):
    """The fields that the text prints, with something in them."""

    fields: frozenset[str]
    contact: str


_Test = Callable[[_Said], bool]


def _prints(*fields: str) -> _Test:
    return lambda said: said.fields.issuperset(fields)


_RULES: tuple[tuple[str, str, _Test, str], ...] = (
    (
        "who_we_are",
        "It says who we are",
        _prints("organisation.name"),
        "Put ((organisation.name)) into the text.",
    ),
    (
        "questions",
        "It asks numbered questions",
        _prints("questions"),
        "Put ((questions)) on a line of its own, and give the campaign at least one question.",
    ),
    (
        "deadline",
        "It gives the deadline with its time zone",
        _prints("deadline.long"),
        "Put ((deadline.long)) into the text; ((deadline)) alone does not say the time zone.",
    ),
    (
        "publication_notice",
        "It says that we publish the reply, and that none came",
        _prints("publication_notice"),
        "Put ((publication_notice)) on a line of its own. Without it, silence is never published.",
    ),
    (
        "how_to_confidential",
        "It says how to mark something as confidential",
        _prints("how_to_confidential"),
        "Put ((how_to_confidential)) on a line of its own.",
    ),
    (
        "how_to_more_time",
        "It says how to ask for more time",
        _prints("how_to_more_time"),
        "Put ((how_to_more_time)) on a line of its own.",
    ),
    (
        "personal_data",
        "It links to how we handle personal data",
        _prints("privacy_link"),
        "Put ((privacy_link)) into the text, or link to it: [our notice](((privacy_link))).",
    ),
    (
        "contact",
        "It names a person and the one address to answer to",
        lambda said: "reply.address" in said.fields and bool(said.contact),
        "Put ((reply.address)) into the text and choose who signs the letter.",
    ),
)


def checklist(
    body: str,
    values: Mapping[str, str],
    questions: Sequence[str] = (),
    notices: Mapping[str, str] | None = None,
    lent: str = "",
) -> tuple[Item, ...]:
    """The list of fairness.md rule 1 for a letter, in the order of the rule.

    A field counts where its placeholder stands in the body, or in a notice that stands in the
    body, and has a value. Words typed by hand do not count: nobody can check them later.

    Args:
        body: Markdown with placeholders.
        values: the values of inline placeholders; `signatory.name` is who signs.
        questions: the campaign's questions.
        notices: the texts of the block placeholders, by name.
        lent: the language of the notices where it is not that of the letter; then none is given.
    """
    notices = {} if lent else notices or {}
    used = placeholders.names(body)
    for name in sorted(used & notices.keys()):
        used |= placeholders.names(notices[name])
    asked = "asked" if any(one.strip() for one in questions) else ""
    known = {**values, **notices, "questions": asked}
    fields = frozenset(name for name in used if known.get(name, "").strip())
    said = _Said(fields, values.get("signatory.name", "").strip())
    return tuple(Item(key, label, test(said), todo) for key, label, test, todo in _RULES)


def gives_notice(body: str, notices: Mapping[str, str], lent: str = "") -> bool:
    """Whether a text carries the publication notice, the first gate of fairness.md.

    A notice in another language than the letter's (`lent`) counts as none: who reads the one need
    not read the other.
    """
    if lent:
        return False
    notice = notices.get("publication_notice", "")
    return "publication_notice" in placeholders.names(body) and bool(notice.strip())


STANDARD_NOTICES: dict[str, str] = dict(wording.of(ENGLISH).notices)
"""The notices of letters in English; Markdown with inline placeholders."""

_LETTER = """\
Dear ((contact.salutation)),

We are ((organisation.name)), and we are writing to several companies about
“((campaign.title))”. We would like to understand the position of ((company.name)) and to
report it correctly.

Please answer these questions:

((questions))

Please reply to ((reply.address)) no later than **((deadline.long))**.

((publication_notice))

((how_to_confidential))

((how_to_more_time))

If anything in this letter is wrong or unclear, please tell us at the same address. How we
handle personal data is explained [in our privacy notice](((privacy_link))).

We look forward to hearing from you.
"""

_REMINDER = """\
Dear ((contact.salutation)),

On ((original.date)) we, ((organisation.name)), wrote to you about “((campaign.title))”, with the
reference ((letter.reference)). We would value your answer and write to remind you of the date.

These are the questions:

((questions))

Please reply to ((reply.address)) no later than **((deadline.long))**. If your answer is already
on its way, thank you; there is nothing else to do.

((publication_notice))

((how_to_confidential))

((how_to_more_time))

How we handle personal data is explained [in our privacy notice](((privacy_link))).
"""

_FINAL_NOTICE = """\
Dear ((contact.salutation)),

On ((original.date)) we, ((organisation.name)), wrote to you about “((campaign.title))”, with the
reference ((letter.reference)). This is our last message before the deadline.

These are the questions:

((questions))

Please reply to ((reply.address)) no later than **((deadline.long))**. A short answer helps too,
and so does a word that you would rather not answer.

((publication_notice))

((how_to_confidential))

((how_to_more_time))

How we handle personal data is explained [in our privacy notice](((privacy_link))).
"""


def unwrapped(text: str) -> str:
    """The text with one line a paragraph, list item or quotation, as people type it."""
    return re.sub(r"(?<!\n)\n(?!\n|[-*#>]|\d+\.|\[\^) *", " ", text.strip())


STANDARD: dict[str, StandardText] = {
    "letter": StandardText("Questions to ((company.name)): ((campaign.title))", unwrapped(_LETTER)),
    "reminder": StandardText(
        "Reminder, reply by ((deadline)): ((campaign.title))", unwrapped(_REMINDER)
    ),
    "final_notice": StandardText(
        "Last message before the deadline of ((deadline)): ((campaign.title))",
        unwrapped(_FINAL_NOTICE),
    ),
}
"""The texts that a new campaign starts with, by kind of letter."""
