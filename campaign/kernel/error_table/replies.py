"""Errors of replies."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "note-newer": Advice(
        "{who} has changed this note meanwhile.",
        "Open it in a second window, put both together, then save again.",
    ),
    "note-withdrawn": Advice("This note was taken back.", "Take the call down anew."),
    "note-erased": Advice(
        "What this note said is erased: its time was over.", "Take the call down anew."
    ),
    "note-files": Advice("A note has at most {most} files.", "Put several into one PDF."),
    "message-triaged": Advice(
        "This message {stands}.",
        "Reload the page to see what was said of it; reopen it there if that is wrong.",
    ),
    "filed-there-already": Advice(
        "This message is filed to the letter to {company} already.",
        "Choose the letter of another company, or say that it answers for nobody else.",
    ),
    "filed-in-part": Advice(
        "This message is filed to the letter to {company}.",
        "Say that it answers for nobody else. If it should not be there, reopen it after that.",
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
    "too-much-brought": Advice(
        "That is more than {files} files or {megabytes} MB at once.",
        "Bring fewer at a time; a whole mailbox comes in by “flask inbox import”.",
    ),
    "too-many-brought": Advice(
        "The files hold more than {most} messages.",
        "Bring in a whole mailbox by “flask inbox import”.",
    ),
    "not-captured": Advice(
        "Mail is not captured on this machine.",
        "Answer from a real mailbox; a company's mail is never made up here.",
    ),
}
