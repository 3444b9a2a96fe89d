"""fairness.md rule 1: what a letter must say, as a list that ticks itself."""

from __future__ import annotations

import pytest

from campaign.drafting import placeholders
from campaign.drafting.completeness import STANDARD, STANDARD_NOTICES, checklist, gives_notice
from campaign.drafting.rendering import as_text, subject
from tests.drafting.letters import a_letter

VALUES = {field.name: f"value of {field.name}" for field in placeholders.FIELDS if not field.block}
QUESTIONS = ("Why?",)
TAKEN_OUT = [
    ("who_we_are", "((organisation.name))"),
    ("questions", "((questions))"),
    ("deadline", "((deadline.long))"),
    ("publication_notice", "((publication_notice))"),
    ("how_to_confidential", "((how_to_confidential))"),
    ("how_to_more_time", "((how_to_more_time))"),
    ("personal_data", "[in our privacy notice](((privacy_link)))"),
    ("contact", "((reply.address))"),
]


def open_items(body: str, **changes: object) -> set[str]:
    parts = {"values": VALUES, "questions": QUESTIONS, "notices": STANDARD_NOTICES, **changes}
    return {item.key for item in checklist(body, **parts) if not item.holds}  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", STANDARD)
def test_a_standard_text_says_everything(kind: str) -> None:
    assert open_items(STANDARD[kind].body) == set()


@pytest.mark.parametrize("kind", STANDARD)
def test_a_standard_text_can_be_sent_as_it_is(kind: str) -> None:
    letter = a_letter()
    values = {
        **letter.values,
        "campaign.title": "Voice recordings",
        "original.date": "1 November 2026",
    }
    text, notices = STANDARD[kind], dict(STANDARD_NOTICES)
    letter = a_letter(subject=text.subject, body=text.body, values=values, notices=notices)
    assert placeholders.faults(text.body) == placeholders.faults(text.subject) == ()
    assert "((" not in as_text(letter) + subject(letter)


@pytest.mark.parametrize("words", ["refuse", "ignore", "fail", "silen", "demand", "must"])
def test_a_standard_text_blames_nobody(words: str) -> None:
    texts = [*STANDARD_NOTICES.values(), *(text.subject + text.body for text in STANDARD.values())]
    assert not [text for text in texts if words in text.lower()]


@pytest.mark.parametrize(("key", "part"), TAKEN_OUT)
def test_an_item_opens_when_its_part_is_taken_out(key: str, part: str) -> None:
    body = STANDARD["letter"].body
    assert part in body
    notices = {**STANDARD_NOTICES, "how_to_more_time": "Ask us."}
    assert open_items(body.replace(part, "something"), notices=notices) == {key}


def test_an_address_in_a_notice_counts_as_said() -> None:
    body = STANDARD["letter"].body.replace("((reply.address))", "us")
    assert open_items(body) == set()


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("questions", {"questions": ()}),
        ("questions", {"questions": (" ",)}),
        ("publication_notice", {"notices": {**STANDARD_NOTICES, "publication_notice": " "}}),
        ("deadline", {"values": {**VALUES, "deadline.long": ""}}),
        ("contact", {"values": {**VALUES, "signatory.name": " "}}),
    ],
)
def test_an_item_opens_when_its_value_is_blank(key: str, changes: dict[str, object]) -> None:
    assert open_items(STANDARD["letter"].body, **changes) == {key}


def test_a_deadline_without_its_zone_is_not_enough() -> None:
    body = STANDARD["letter"].body.replace("((deadline.long))", "((deadline))")
    assert open_items(body) == {"deadline"}


@pytest.mark.parametrize(
    ("body", "notice", "given"),
    [
        ("((publication_notice))", "We publish.", True),
        ("((publication_notice))", " ", False),
        ("\\((publication_notice))", "We publish.", False),
        ("We will publish that you did not answer.", "We publish.", False),
    ],
)
def test_the_notice_counts_only_where_its_placeholder_stands(
    body: str, notice: str, given: bool
) -> None:
    assert gives_notice(body, {"publication_notice": notice}) is given


def test_every_open_item_says_what_to_do() -> None:
    assert all(item.label and item.what_to_do and not item.holds for item in checklist("", {}))
