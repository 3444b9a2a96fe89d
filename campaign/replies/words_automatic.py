"""The words of automatic replies; the long lists are in words/automatic.toml."""

from __future__ import annotations

import re

from campaign.replies.phrases import table

_SAYS = table("automatic")

AUTO_SUBJECT = _SAYS["auto_subject"]
OUT_OF_OFFICE = _SAYS["out_of_office"]
LEFT = _SAYS["left"]
UNMONITORED = _SAYS["unmonitored"]
AUTOMATIC = _SAYS["automatic"]
RECEIVED = _SAYS["received"]
PROMISE = _SAYS["promise"]
TICKET = _SAYS["ticket"]
# What a mail calls itself, or what one does with it.
SPEAKS_OF_ITSELF = _SAYS["speaks_of_itself"]
CHALLENGE = _SAYS["challenge"]
CHALLENGE_SUBJECT = _SAYS["challenge_subject"]
# What begins a subject that no letter of ours has, also after "Re:".
AUTO_FIRST = re.compile(
    r"^\W{0,3}(?:auto|out of (?:the )?office\W*(?:reply)?\W*:|abwesenheit|自動|自动|автоответ)",
    re.I,
)
NO_REPLY = re.compile(r"^(?:do)?[-_.]?(?:not?|donot|ne)[-_.]?(?:reply|pas-?repondre|antwort)", re.I)
# Words of an answer. Promises of one are taken out before these are looked for.
ANSWERS = _SAYS["answers"]
PROMISED = re.compile(
    r"\b(?:will|shall|to|an?|for|your|any|of|as soon as|once|receive|await(?:ing)?|erhalten"
    r"|folgt|auf)\b"
    r"[^.!?;,\n]{0,60}\b(?:answers?|antwort\w*|réponses?|respuestas?|rispost\w+)\b",
    re.I,
)
