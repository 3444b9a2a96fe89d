"""Errors of replies."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "message-triaged": Advice(
        "This message {stands}.",
        "Reload the page to see what was said of it; reopen it there if that is wrong.",
    ),
    "answer-missing": Advice(
        "It is not said how far the response answers.",
        "Choose one of the answers, or file it as something other than a response.",
    ),
    "question-foreign": Advice(
        "A verdict is about a question that {company} was not asked.",
        "Reload the page: the letter was changed while you filled it in.",
    ),
    "letter-not-out": Advice(
        "The letter to {company} has not been sent.",
        "Choose a letter that has left; nothing can have answered this one.",
    ),
    "letter-missing": Advice(
        "It is not said which letter this belongs to.",
        "Choose one of the letters, or search for the company.",
    ),
    "received-later": Advice(
        "The time at which it came has not come yet.",
        "Give the day and time at which the company called or wrote.",
    ),
    "reply-concluded": Advice(
        "The outcome for {company} is published.",
        "Take the reply back on the page of the letter, where its record is.",
    ),
    "not-captured": Advice(
        "Mail is not captured on this machine.",
        "Answer from a real mailbox; a company's mail is never made up here.",
    ),
}
