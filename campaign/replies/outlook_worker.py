"""The process in which Outlook's files are read: `… outlook_worker MEMORY SECONDS`.

Frames as in the worker that reads: a file in, and out `+` with the mail or `-` with a sentence.
"""

from __future__ import annotations

import sys

from campaign.replies.outlook import NotOutlook, as_mail
from campaign.replies.worker import serve


def answer(frame: bytes) -> tuple[bytes, bool]:
    """The file as a mail, or what stands in the way."""
    try:
        return b"+" + as_mail(frame), False
    except NotOutlook as trouble:
        return b"-" + str(trouble).encode(), False


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), answer)
