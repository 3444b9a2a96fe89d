"""Letters for the tests: the structure of a real request for a response, in our own words."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from campaign.drafting.attached import Attached
from campaign.drafting.pictures import Picture
from campaign.drafting.placeholders import deadline_values
from campaign.drafting.rendering import Addressee, LetterContent, Letterhead, Signatory
from campaign.drafting.tree import Bar, Chart

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"


_SOURCE = "Source: Harrow Polling (an invented poll), 1,204 adults, October 2026."
WHO_MAY_LISTEN = Chart(
    "Who do you think can listen to what your speaker has recorded?",
    (Bar("Nobody but me", "45.6"), Bar("The company", "38"), Bar("I do not know", "16.4")),
    _SOURCE,
)
WERE_TOLD = Chart(
    "Were you told how the police can ask for your recordings?",
    (Bar("Yes", "7.5"), Bar("No", "81"), Bar("I do not remember", "11.5")),
    _SOURCE,
)


def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE.parents[1] / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
    )


def a_letter(**changes: object) -> LetterContent:
    """The letter of the golden files, with `changes` to its parts."""
    letter = LetterContent(
        letterhead=Letterhead(
            name="Open Devices Watch",
            address_lines=("4 Harbour Row", "30159 Allerford"),
            email="letters@odw.example",
            phone="+44 1632 960 020",
            website="odw.example",
        ),
        addressee=Addressee(
            "Larkfield Home Ltd",
            "Privacy Office",
            (
                "via email: privacy@larkfield.example",
                "and via X: @larkfieldhome",
            ),
        ),
        date=date(2026, 11, 22),
        language="en",
        subject="Voice recordings: what ((company.name)) keeps, and who can ask for it",
        body=(GOLDEN / "letter.md").read_text(encoding="utf-8"),
        values={
            "company.name": "Larkfield Home",
            "contact.salutation": "Privacy Office",
            "reply.address": "replies+larkfield@odw.example",
            "privacy_link": "https://odw.example/privacy/",
            **deadline_values(date(2026, 12, 6), "Europe/London"),
        },
        questions=(
            "For how long do you keep voice recordings, and can a customer delete all of them?",
            "Which legal process do you require before you hand recordings to an authority?",
            "How many requests did you receive in 2025, and how many did you refuse?",
        ),
        notices={
            "publication_notice": "We will publish your answer unless you ask us not to. If we "
            "have not heard from you by then, we will publish that.",
            "how_to_confidential": "Please mark what is confidential as **confidential**.",
            "how_to_more_time": "If you need more time, write to ((reply.address)).",
        },
        closing="Yours faithfully,",
        signatories=(Signatory("Ines Okafor", "Senior Campaigner", "Open Devices Watch"),),
        reference="ODW-2026-014",
        charts={"speakers/who-may-listen": WHO_MAY_LISTEN, "speakers/were-told": WERE_TOLD},
    )
    return replace(letter, **changes)  # type: ignore[arg-type]


def picture(name: str, width: int, height: int) -> Picture:
    """A picture beside the golden files."""
    raw = (GOLDEN / name).read_bytes()
    return Picture(hashlib.sha256(raw).hexdigest(), "image/png", width, height)


LOGO, SIGNATURE = picture("logo.png", 801, 301), picture("signature.png", 499, 145)
ATTACHED = (
    Attached("Laboratory note 7.pdf", "application/pdf", 1_204_000, "7" * 64),
    Attached("Recordings found.csv", "text/csv", 400, "8" * 64),
    Attached(
        "Pictures of the tests.pdf",
        "application/pdf",
        25_000_000,
        "9" * 64,
        "https://odw.example/attachments/abcdefghijklmnopqrstuvwxyz/Pictures%20of%20the%20tests.pdf",
    ),
)
_FILES = {LOGO.sha256: "logo.png", SIGNATURE.sha256: "signature.png"}


def read(sha256: str) -> bytes:
    """The bytes of a picture of the golden letter."""
    return (GOLDEN / _FILES[sha256]).read_bytes()


def a_full_letter(**changes: object) -> LetterContent:
    """The letter with everything that a letter can hold, as the golden files show it."""
    letter = a_letter(**changes)
    signatory = replace(letter.signatories[0], signature=SIGNATURE)
    return replace(
        letter,
        letterhead=replace(letter.letterhead, logo=LOGO),
        signatories=(signatory,),
        attachments=ATTACHED,
    )


def with_value(name: str, words: str) -> LetterContent:
    letter = a_letter()
    return replace(letter, values={**letter.values, name: words})
