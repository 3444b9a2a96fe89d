"""The process in which signatures are checked: `… signature_worker MEMORY SECONDS`.

Frames as in the worker that reads. A frame is what is asked as JSON, a NUL, then the message;
the answer is JSON. A message decides how much work it is, so this has limits too.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from campaign.replies.origins import origin_of, to_dict
from campaign.replies.signatures import check
from campaign.replies.worker import serve


def answer(frame: bytes) -> tuple[bytes, bool]:
    """Where the message says that it comes from, and how its signatures fit what was asked."""
    asked, _, raw = frame.partition(b"\0")
    told = json.loads(asked)
    found = check(raw, told["answers"]) if told["answers"] is not None else []
    said = {
        "origin": to_dict(origin_of(raw, told["ours"], told["server"])),
        "signatures": [asdict(signature) for signature in found],
    }
    return json.dumps(said).encode("ascii"), False


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), answer)
