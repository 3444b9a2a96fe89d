"""Whose a message may be, what settles by itself, what may be an objection: tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.replies import matching, objections
from campaign.replies.kinds import Attachment, AutoNote, Kind, Reading
from campaign.replies.matching import Known
from campaign.replies.rules import MatchReason

TOKEN = "abcdefghijklmnopqrstuvwxy2"
OTHER = "zyxwvutsrqponmlkjihgfedcb7"

LARKSPUR = Known(
    1,
    frozenset({"privacy@larkspur.example"}),
    frozenset({"larkspur.example"}),
    ("Larkspur Mobile Ltd", "Larkspur Media plc"),
)
TEASEL = Known(2, frozenset({"post@teasel.example"}), frozenset({"teasel.example"}), ("Téasel AG",))
SHORT = Known(3, frozenset(), frozenset(), ("O2",))


@pytest.mark.parametrize(
    ("string", "reply", "bounce"),
    [
        (f"answers+{TOKEN}@brightwater.example", (TOKEN,), ()),
        (f"Answers <answers+{TOKEN.upper()}@Brightwater.Example>", (TOKEN,), ()),
        (f"answers+b-{TOKEN}@brightwater.example", (), (TOKEN,)),
        (f"SRS0=aB=cD=ours.example=answers+b-{TOKEN}@forwarder.example", (), (TOKEN,)),
        (f"bounce-answers+{TOKEN}=ours.example@list.example", (TOKEN,), ()),
        (f"answers+{TOKEN}@a.example, answers+{OTHER}@a.example", (TOKEN, OTHER), ()),
        (f"answers+{TOKEN}x@brightwater.example", (), ()),
        (f"answers+{TOKEN[:-1]}@brightwater.example", (), ()),
        (f"answers+{TOKEN[:-1]}1@brightwater.example", (), ()),
        (f"answers+c-{TOKEN}@brightwater.example", (), ()),
        ("answers@brightwater.example", (), ()),
        ("+" * 100_000, (), ()),
    ],
)
def test_tokens_stand_in_tagged_addresses(
    string: str, reply: tuple[str, ...], bounce: tuple[str, ...]
) -> None:
    assert matching.tokens_in([string]) == (reply, bounce)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Your message {TOKEN} reached us", (TOKEN,)),
        (f"({TOKEN.upper()})", (TOKEN,)),
        (f"x{TOKEN}", ()),
        (f"{TOKEN}9", ()),
        ("a" * 100_000, ()),
    ],
)
def test_a_token_may_stand_in_a_text_by_itself(text: str, found: tuple[str, ...]) -> None:
    assert matching.tokens_alone(text) == found


@pytest.mark.parametrize(
    ("senders", "words", "expected"),
    [
        (["privacy@larkspur.example"], "", (1, MatchReason.CONTACT)),
        (["ceo@larkspur.example"], "", (1, MatchReason.DOMAIN)),
        (["ceo@mail.larkspur.example"], "", (1, MatchReason.DOMAIN)),
        (["pip@gmail.com"], "We, LARKSPUR Mobile, write to you", (1, MatchReason.NAME)),
        (["pip@gmail.com"], "greetings from Larkspur Media", (1, MatchReason.NAME)),
        (["pip@gmail.com"], "Larkspur Mobile's view", (1, MatchReason.NAME)),
        (["press@larkspur-mobile-news.example"], "", (1, MatchReason.NAME)),
        (["pip@gmail.com"], "Teasel antwortet", (2, MatchReason.NAME)),
        (["pip@gmail.com"], "TEASEL antwortet", (2, MatchReason.NAME)),
        (["pip@gmail.com"], "thank you, O2", (3, MatchReason.NAME)),
        (["pip@gmail.com"], "CO2 prices", None),
        (["pip@gmail.com"], "larkspurs bloom, mobile", None),
        (["x@notlarkspur.example"], "", None),
        (["larkspur.example@evil.example"], "", None),
        (["pip@lаrkspur.example"], "", None),  # the second letter is Cyrillic
        ([], "", None),
    ],
)
def test_a_sender_or_a_name_suggests(
    senders: list[str], words: str, expected: tuple[int, MatchReason] | None
) -> None:
    found = matching.suggestions(senders, words, [LARKSPUR, TEASEL, SHORT])
    assert [(s.letter_id, s.reason) for s in found] == ([expected] if expected else [])


def test_a_message_that_two_companies_may_have_sent_is_suggested_to_both() -> None:
    found = matching.suggestions(
        ["privacy@larkspur.example"], "With Teasel AG we say", [LARKSPUR, TEASEL]
    )
    assert [(s.letter_id, s.reason) for s in found] == [
        (1, MatchReason.CONTACT),
        (2, MatchReason.NAME),
    ]


def test_two_letters_to_one_company_are_both_suggested() -> None:
    second = replace(LARKSPUR, letter_id=9)
    found = matching.suggestions(["privacy@larkspur.example"], "", [LARKSPUR, second])
    assert [s.letter_id for s in found] == [1, 9]


def _auto(
    text: str, note: AutoNote | None, *attachments: Attachment, by_machine: bool = True
) -> Reading:
    return Reading(
        Kind.AUTO_REPLY,
        text=text,
        auto_note=note,
        attachments=attachments,
        by_machine=by_machine,
    )


LOGO = Attachment("logo.png", "image/png", 900)
PAPER = Attachment("answer.pdf", "application/pdf", 90_000)
RECEIVED = "Thank you. We have received your message and will answer as soon as possible."


@pytest.mark.parametrize(
    ("reading", "settles"),
    [
        (_auto(RECEIVED, AutoNote.CONFIRMS_RECEIPT), True),
        (_auto(RECEIVED, AutoNote.CONFIRMS_RECEIPT, LOGO), True),
        (_auto("I am away until Monday.", AutoNote.OUT_OF_OFFICE), True),
        (_auto("Nobody reads this mailbox.", AutoNote.UNMONITORED), True),
        (_auto("Mr Larch has left the company.", AutoNote.LEFT), True),
        (_auto("You will get an answer within 5 days.", AutoNote.CONFIRMS_RECEIPT), True),
        # People write what programs write: without a header, a person looks.
        (_auto(RECEIVED, AutoNote.CONFIRMS_RECEIPT, by_machine=False), False),
        # Ticket systems put the headers of automatic mail on answers that people wrote.
        (_auto("We keep it for three days.", AutoNote.OTHER), False),
        (_auto("We keep it for three days.", None), False),
        # It holds our mail back until somebody acts.
        (_auto("Please confirm that you are human.", AutoNote.CHALLENGE), False),
        (_auto(RECEIVED, AutoNote.CONFIRMS_RECEIPT, PAPER), False),
        (_auto(RECEIVED + "\n1. Three days.\n2. Nobody.", AutoNote.CONFIRMS_RECEIPT), False),
        (_auto(RECEIVED + " Our answer is: three days.", AutoNote.CONFIRMS_RECEIPT), False),
        (_auto(RECEIVED + " Our position is known.", AutoNote.CONFIRMS_RECEIPT), False),
        (_auto(RECEIVED * 30, AutoNote.CONFIRMS_RECEIPT), False),
        (_auto("", AutoNote.CONFIRMS_RECEIPT), False),
        (Reading(Kind.REPLY, text="I am away.", auto_note=AutoNote.OUT_OF_OFFICE), False),
    ],
)
def test_only_what_is_plainly_automatic_settles_by_itself(reading: Reading, settles: bool) -> None:
    assert matching.settles_by_itself(reading, timedelta(minutes=5)) is settles


@pytest.mark.parametrize(
    ("after", "settles"),
    [(timedelta(minutes=59), True), (timedelta(hours=1, seconds=1), False)],
)
def test_what_comes_later_than_a_program_would_answer_waits_for_a_person(
    after: timedelta, settles: bool
) -> None:
    reading = _auto(RECEIVED, AutoNote.CONFIRMS_RECEIPT)
    assert matching.settles_by_itself(reading, after) is settles


OURS = b"From: us\r\nSubject: A\r\n\r\nDear people,\r\n\r\nplease answer.\r\n"


@pytest.mark.parametrize(
    ("theirs", "same"),
    [
        (OURS, True),
        (OURS.replace(b"\r\n", b"\n"), True),
        (b"Received: by relay\r\nX-Spam: no\r\n" + OURS, True),
        (OURS + b"\r\n\r\n", True),
        (
            b"Subject: A\nContent-Transfer-Encoding: base64\n\n"
            b"RGVhciBwZW9wbGUsDQoNCnBsZWFzZSBhbnN3ZXIuDQo=\n",
            True,
        ),
        (OURS + b"We object.\r\n", False),
        (OURS.replace(b"please", b"we do not"), False),
        (b"Subject: A\r\n\r\n", False),
        (b"", False),
        (b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 100_000, False),
    ],
)
def test_an_own_copy_has_our_very_text(theirs: bytes, same: bool) -> None:
    assert matching.same_content(OURS, theirs) is same


FOOTER = (
    "This e-mail is confidential and intended solely for the addressee. If you have received it"
    " in error, please notify the sender and delete it."
)
FUSSNOTE = (
    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind,"
    " informieren Sie bitte den Absender und vernichten Sie diese Mail. Das unbefugte Kopieren ist"
    " nicht gestattet."
)


@pytest.mark.parametrize(
    ("text", "objects", "footer"),
    [
        ("We keep it for three days.", False, False),
        ("This answer is confidential.", True, False),
        ("PRIVATE AND CONFIDENTIAL", True, False),
        ("Not for publication.", True, False),
        ("Please do not publish this.", True, False),
        ("This must not be published or quoted.", True, False),
        ("We object to the publication of this letter.", True, False),
        ("We do not consent to this.", True, False),
        ("Off the record: we are working on it.", True, False),
        ("Without prejudice.", True, False),
        ("Diese Antwort ist vertraulich.", True, False),
        ("Bitte nicht veröffentlichen.", True, False),
        ("Nicht zur Veröffentlichung bestimmt.", True, False),
        ("Réponse confidentielle, à ne pas publier.", True, False),
        ("Questa risposta è riservata.", True, False),
        ("Dit antwoord is vertrouwelijk.", True, False),
        (FOOTER, False, True),
        (FUSSNOTE, False, True),
        (f"Three days.\n\n-- \nPip\n\n{FOOTER}", False, True),
        (f"This is confidential.\n\n{FOOTER}", True, True),
        # A footer that speaks of publication is an objection.
        (f"{FOOTER} It must not be published.", True, False),
        ("We are confident that you may publish it.", False, False),
        ("You asked how we keep secrets.", False, False),
    ],
)
def test_objections_are_told_from_the_standard_footer(
    text: str, objects: bool, footer: bool
) -> None:
    assert (objections.objects(text), objections.has_footer(text)) == (objects, footer)
    assert "".join(passage.text for passage in objections.marked(text)) == text


def test_our_own_letter_quoted_below_an_answer_is_no_objection() -> None:
    ours = "Dear people,\nMark what is confidential.\n"
    answer = f"Three days.\n\n> Mark what is confidential.\n\n{ours}"
    assert not objections.objects(objections.own_words(answer, ours))
    assert objections.objects(objections.own_words("This is confidential.", ours))
