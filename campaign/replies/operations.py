"""Acts of the replies stage; the rooms beside this one carry them out."""

from __future__ import annotations

from campaign.replies.captured import ReplyAs, reply_as_company
from campaign.replies.importing import import_files
from campaign.replies.intake import read_mailboxes
from campaign.replies.sorting import read_stored
from campaign.replies.triage import (
    dismiss,
    file_reply,
    finish,
    log_reply,
    mark_spam,
    match,
    reopen,
)
from campaign.replies.uploading import File, upload
from campaign.replies.watching import watch_mailboxes

__all__ = [
    "File",
    "ReplyAs",
    "dismiss",
    "file_reply",
    "finish",
    "import_files",
    "log_reply",
    "mark_spam",
    "match",
    "read_mailboxes",
    "read_stored",
    "reopen",
    "reply_as_company",
    "upload",
    "watch_mailboxes",
]
