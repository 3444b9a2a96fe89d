"""Errors of publishing."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "export-folder": Advice(
        "{folder} holds files that no export has made.",
        "Name a folder that is empty or does not exist, or the one of an earlier export.",
    ),
    "export-link": Advice(
        "{path} is a symbolic link.",
        "Remove it: an export writes no file through a link, since it could lead anywhere.",
    ),
    "export-busy": Advice(
        "Another export is writing into {folder}.", "Wait until it has ended, and try again."
    ),
    "export-name": Advice(
        "“{address}” cannot be the name of a file.",
        "Give what stands there another name. Nothing else of the export has been taken away.",
    ),
    "export-page": Advice(
        "The page {address} failed ({status}).",
        "See the log for why. The folder is as it was but for what is public no more; run it "
        "again then.",
    ),
    "retention-day": Advice(
        "That day is over, or more than {years} years away.",
        "Give the day until which the correspondence is needed, or one sooner and look again then.",
    ),
    "gate-closed": Advice(
        "Silence of {company} cannot be published: {gates}", "Today shows what opens each gate."
    ),
    "not-open": Advice("The letter to {company} is not open.", "Reload the page."),
    "already-published": Advice(
        "The outcome for {company} is published already.", "Change its record instead."
    ),
    "no-response-item": Advice(
        "This item from {company} is no response.", "File it as a response to publish it."
    ),
    "reply-withdrawn": Advice("This reply of {company} was taken back.", "Reload the page."),
    "reply-published": Advice(
        "This reply of {company} is published.", "Publish a correction instead."
    ),
    "permission-undecided": Advice(
        "It is not decided whether the reply of {company} may be published.",
        "Decide on permission in the inbox first; an objection wins.",
    ),
    "publication-stopped": Advice(
        "Nothing about {company} can be published now: {stops}.", "Release it, then publish."
    ),
    "redaction-changed": Advice(
        "Somebody else has changed meanwhile what is left out of this reply.",
        "Reload the page and look at what they did; your marks below are not saved.",
    ),
    "redaction-unseen": Advice(
        "The reply of {company} holds what may tell who a member of staff is ({number} in all).",
        "Leave it out, or say that it may stand.",
    ),
    "redaction-publisher": Advice(
        "This would show words of {company} that are not public now.",
        "Ask somebody who may publish to do it; anybody may leave more out.",
    ),
    "redactions-needed": Advice(
        "{company} agreed to publication with parts left out, and nothing is marked.",
        "Mark what they asked to leave out.",
    ),
    "files-not-taken-out": Advice(
        "The mail could not be taken apart within its limits.",
        "Download it from the inbox and open it with care on another machine.",
    ),
    "file-not-drawn": Advice(
        "This file could not be drawn within its limits.",
        "Redact it with another program and upload the result as a PDF.",
    ),
    "file-no-pages": Advice(
        "This kind of file has no pages that can be drawn here.",
        "Save it as a PDF, redact that, and upload it.",
    ),
    "file-no-boxes": Advice("No box is drawn.", "Draw one, or publish the file as it came."),
    "file-name-missing": Advice(
        "The file has no name for the public.", "Give one that tells no secret."
    ),
    "file-second-person": Advice(
        "You uploaded this version yourself.",
        "Somebody else who may publish compares it with the file as it came, and approves it.",
    ),
    "file-not-clean": Advice(
        "The virus scanner does not let this file through.",
        "Ask the company for another copy; or let the scanner look again.",
    ),
    "file-closed": Advice(
        "This file cannot be public as it came. {why}.",
        "Make a redacted version of it, or upload one as a PDF.",
    ),
    "file-tells": Advice(
        "Words that are left out of the reply's text stand in this file or its name.",
        "Cover them in the file, or choose another name.",
    ),
    "upload-no-pdf": Advice(
        "This is no PDF of at most {limit} MB.", "Save the redacted file as a PDF."
    ),
    "upload-infected": Advice(
        "The virus scanner does not let the uploaded file through.", "Make it anew."
    ),
    "not-acknowledged-only": Advice(
        "The thread with {company} is no bare acknowledgement.",
        "Publish the response, or wait for silence.",
    ),
    "nothing-published": Advice(
        "Nothing stands published about {company} that could be withdrawn.",
        "Look at its public record.",
    ),
    "was-reached": Advice(
        "Something shows that the letter reached {company}.",
        "“Not reached” is for letters without any proof of delivery.",
    ),
}
