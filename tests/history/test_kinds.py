"""Every kind of event that the program can note has words for people."""

from __future__ import annotations

import re

from campaign.config import ROOT
from campaign.drafting.models import TextKind
from campaign.drafting.rules import CAMPAIGN_TEXTS
from campaign.history.words import KINDS

_NOTED = re.compile(r"\b(?:record|note)\(\s*\"([a-z_]+\.[a-z_]+)\"")


def test_every_event_that_is_noted_has_words() -> None:
    noted = {
        kind
        for path in (ROOT / "campaign").rglob("*.py")
        for kind in _NOTED.findall(path.read_text())
    }
    assert len(noted) > 30
    noted |= {
        f"letter.{kind.value}_ordered" for kind in CAMPAIGN_TEXTS if kind is not TextKind.LETTER
    }
    assert noted - set(KINDS) == set()
