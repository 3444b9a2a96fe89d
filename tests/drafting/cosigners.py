"""Letters that wait for a co-signer, and the links that were mailed."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import current_app

from campaign.drafting import reviewing
from campaign.drafting.models import FrozenText, Letter
from campaign.drafting.review import Signer
from campaign.drafting.reviewing import Wanted
from campaign.sending import cosign_mail
from tests.builders import drafting as build
from tests.drafting.acting import approve, submit

NORTH = Wanted("Co-signer", Signer.ORGANISATION, None, "", "North", "Ines Vale", "i@north.example")
SOUTH = Wanted("Co-signer", Signer.ORGANISATION, None, "", "South", "Omar Lund", "o@south.example")


def steps(letter: Letter, people: build.Staff, *organisations: Wanted) -> None:
    """Legal first, then these organisations."""
    legal = Wanted("Legal", Signer.PERSON, user_id=people.approver.id)
    reviewing.set_steps(letter.campaign_id, [legal, *organisations], actor=people.approver)


def waits(people: build.Staff, *organisations: Wanted) -> FrozenText:
    """A letter that our own people have signed."""
    letter = build.draft(people)
    steps(letter, people, *(organisations or (NORTH,)))
    text = submit(letter, people)
    approve(text, people.approver)
    return text


def mails() -> list[EmailMessage]:
    """The captured mails with links, the oldest first."""
    folder: Path = current_app.extensions["settings"].captured_outbox
    files = sorted(folder.glob("*/*"), key=lambda one: one.stat().st_mtime_ns)
    read = [
        message_from_bytes(one.read_bytes(), _class=EmailMessage, policy=policy.default)
        for one in files
    ]
    return [one for one in read if str(one["Message-ID"]).startswith("<cosign.")]


def path_in(mail: EmailMessage) -> str:
    """The path of the link in a mail."""
    body = mail.get_body(("plain",))
    assert body
    found = re.search(r"https?://[^/]+(/sign/[^/]+/)", body.get_content())
    assert found
    return found[1]


def mailed() -> str:
    """Mail what is due; the path of the newest link."""
    assert cosign_mail.mail_links() == 1
    return path_in(mails()[-1])
