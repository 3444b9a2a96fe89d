"""A person who answers from an address that is named like a mail system's is still a person."""

from __future__ import annotations

import pytest

from campaign.replies.kinds import Kind
from campaign.replies.reading import read_bytes

SENDERS = (
    "Mary Larch <mary@firm.example>",
    "Postmaster <postmaster@firm.example>",
    "mail@firm.example",
    "Administrator <administrator@firm.example>",
    '"Mail System Team" <it@firm.example>',
    "press-request@firm.example",
    "System <system@firm.example>",
)
SUBJECTS = (
    "Re: An open letter",
    "AW: Undelivered Mail Returned to Sender",
    "Delivery of your letter",
    "Your message to our board",
    "Your request was rejected",
)
ANSWERS = {
    "numbers like codes": """Dear Ms Sommer,

thank you for your letter. Your message was delivered to our board, which could not answer it
before today. In 2025 we received 512 4.1.2 requests and refused 41.
""",
    "quotes a bounce": """Hello,

we got this back when we answered you last week:

> This is the mail system at host mx.relay.example.
> I'm sorry to have to inform you that your message could not
> be delivered to one or more recipients.
> <letters@letters.example.org>: host mx said: 550 5.1.1 User unknown

Our answer is therefore attached again.
""",
    "words of refusal": """We have rejected your request for access to the data: the user you
name is unknown to us, the account does not exist and the mailbox was deleted in 2024.

1. 512
2. none
""",
    "german": """Sehr geehrte Frau Sommer,

Ihre Nachricht konnte leider nicht früher beantwortet werden, da das Postfach voll war.
""",
    "french": """Madame,

votre message n'a pas pu être traité plus tôt ; l'adresse de ces personnes était inconnue.
""",
    "above our letter": """Hi,

Sorry for the delay. Delivery to the following recipients failed last time because of our
filter, so please write to press@firm.example. We will answer by Friday.

-----Original Message-----
From: Clear Answers
Subject: An open letter

Dear Sir
""",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_from_an_address_named_like_a_machines_is_a_reply(answer: str) -> None:
    for sender in SENDERS:
        for subject in SUBJECTS:
            raw = (
                f"Return-Path: <someone@firm.example>\nFrom: {sender}\n"
                f"To: letters+b7c1@letters.example.org\nSubject: {subject}\n"
                "In-Reply-To: <open-letter-1@letters.example.org>\nMIME-Version: 1.0\n"
                f"Content-Type: text/plain; charset=utf-8\n\n{ANSWERS[answer]}\nMary Larch\n"
            )
            assert read_bytes(raw.encode()).kind is Kind.REPLY, f"{sender}: {subject}"
