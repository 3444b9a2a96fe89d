"""Characters that no letter may hold."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from campaign.kernel.errors import Problem

if TYPE_CHECKING:
    from campaign.drafting.rendering import LetterContent

# Unicode's categories Cc, Cs, Zl and Zp, without the line feed, the return and the tab.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def refuse(content: LetterContent) -> None:
    """Refuse a letter with a control character: one form would drop it and another print it.

    Raises:
        Problem: `letter-control-character`, with where it stands.
    """
    texts = {"the text": content.body, "the closing": content.closing}
    texts |= {f"the field “{name}”": words for name, words in content.values.items()}
    texts |= {f"the notice “{name}”": words for name, words in content.notices.items()}
    texts |= {f"question {n}": words for n, words in enumerate(content.questions, 1)}
    texts |= {f"the chart “{key}”": all_words(asdict(one)) for key, one in content.charts.items()}
    texts["the letterhead"] = all_words(asdict(content.letterhead))
    texts["the address"] = all_words(asdict(content.addressee))
    texts["the signature"] = all_words([asdict(one) for one in content.signatories])
    for where, words in texts.items():
        if found := CONTROL.search(words):
            raise Problem(
                "letter-control-character",
                company=content.addressee.company,
                character=f"U+{ord(found[0]):04X}",
                where=where,
            )


def all_words(tree: object) -> str:
    """Every text in a tree of dictionaries and lists, a line each."""
    if isinstance(tree, (dict, list, tuple)):
        parts = tree.values() if isinstance(tree, dict) else tree
        return "\n".join(all_words(part) for part in parts)
    return tree if isinstance(tree, str) else ""
