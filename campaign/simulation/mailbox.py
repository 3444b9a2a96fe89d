"""A mailbox as it lies on its server: folders, numbers, and what each message truly is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FOLDERS = ("INBOX", "Archive", "Junk", "Drafts")
READ = ("INBOX", "Archive", "Junk")


class What(StrEnum):
    """What a message truly is, which no header proves."""

    OWN = "our own copy"
    REPLY = "a reply"
    ACKNOWLEDGEMENT = "an acknowledgement"
    ASKS_FOR_TIME = "a request for time"
    AUTOMATIC = "an automatic reply"
    BOUNCE = "a bounce"
    DELAY = "a notice of delay"
    RECEIPT = "a receipt"
    FAKE = "a fake reply"
    STRANGER = "a stranger's mail"

    @property
    def theirs(self) -> bool:
        """Whether a person at the company wrote it."""
        return self in (What.REPLY, What.ACKNOWLEDGEMENT, What.ASKS_FOR_TIME)


@dataclass(eq=False)
class Mail:
    """One message in a mailbox.

    Attributes:
        letter: number of the letter that it truly belongs to; None for strangers.
        marker: a word that stands in its text and nowhere else.
        at: when the server got it.
        confidential: they asked not to publish it.
        round: of the letter, as it stood when this was written.
    """

    raw: bytes
    what: What
    at: datetime
    letter: int | None = None
    marker: str = ""
    confidential: bool = False
    round: int = 0
    sha: str = ""

    def __post_init__(self) -> None:
        self.sha = hashlib.sha256(self.raw).hexdigest()


@dataclass
class Folder:
    """One folder; numbers only ever grow while its UIDVALIDITY stays."""

    validity: int
    next_uid: int = 1
    mails: dict[int, Mail] = field(default_factory=dict)

    def add(self, mail: Mail) -> None:
        self.mails[self.next_uid] = mail
        self.next_uid += 1

    def renumber(self, validity: int) -> None:
        """The server made its index anew."""
        mails = list(self.mails.values())
        self.validity, self.next_uid, self.mails = validity, 1, {}
        for mail in mails:
            self.add(mail)


class Box:
    """One mailbox, and everything that was ever in it."""

    def __init__(self, user: str, validity: int) -> None:
        self.user = user
        self.folders = {name: Folder(validity) for name in FOLDERS}
        self.ever: list[Mail] = []
        self.sessions = 0

    def deliver(self, mail: Mail, folder: str = "INBOX") -> None:
        """Put a message in; from now on it can be seen."""
        self.folders[folder].add(mail)
        self.ever.append(mail)

    def move(self, mail: Mail, to: str) -> bool:
        """Move a message to another folder, as a person or a filter does; whether it was there."""
        for name, folder in self.folders.items():
            for uid, found in list(folder.mails.items()):
                if found is mail and name != to:
                    del folder.mails[uid]
                    self.folders[to].add(mail)
                    return True
        return False

    def renumber(self, validity: int) -> None:
        """Every folder gets a new UIDVALIDITY; whoever was signed in is thrown out."""
        self.sessions += 1
        for folder in self.folders.values():
            folder.renumber(validity)
