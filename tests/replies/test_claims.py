"""What is said of a sender at triage (fairness.md rule 21; bad inputs 43 to 60)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from campaign.replies.claims import Claim, Party, Sender, Tone, said_of
from campaign.replies.owned import as_written_on_wire
from campaign.replies.proving import By, Caution, Check, State

AMAZON = Party("Amazon", frozenset({"press@amazon.example"}), frozenset({"amazon.example"}))
LARKS = Party("Larks", frozenset(), frozenset({"larks.example"}))
PRESS = Sender("press@amazon.example", "press@amazon.example")
PROVED = Check(State.PROVED, "amazon.example", By.SIGNATURE, "amazon.example")
UNPROVED = Check(State.UNPROVED, claimed="amazon.example")


def _from(address: str, before: int = 0) -> Sender:
    return Sender(address, address, before)


def _proved(domain: str) -> Check:
    return Check(State.PROVED, domain, By.SIGNATURE, domain)


FIRST = [
    (
        PRESS, PROVED, [AMAZON], Tone.PROVED,
        "Signed by amazon.example, which is Amazon’s domain."
        " press@amazon.example is a contact that we have.",
    ),
    (
        _from("pip@news.amazon.example"), _proved("news.amazon.example"), [AMAZON], Tone.PROVED,
        "Signed by news.amazon.example, which is Amazon’s domain."
        " pip@news.amazon.example is not a contact that we have.",
    ),
    (
        _from("a@larks.example"), _proved("larks.example"), [LARKS], Tone.PROVED,
        "Signed by larks.example, which is Larks’ domain."
        " a@larks.example is not a contact that we have.",
    ),
    (
        PRESS, replace(PROVED, by=By.SERVER), [AMAZON], Tone.PROVED,
        "Our mail server vouches for amazon.example, which is Amazon’s domain."
        " press@amazon.example is a contact that we have.",
    ),
    (
        _from("x@evil.example"), _proved("evil.example"), [AMAZON, LARKS], Tone.PLAIN,
        "Signed by evil.example, which is not a domain that we know for Amazon or Larks.",
    ),
    (
        _from("x@evil.example"), _proved("evil.example"), [], Tone.PLAIN,
        "Signed by evil.example, which is not a domain that we know.",
    ),
    (
        _from("pip@gmail.com"), _proved("gmail.com"), [AMAZON], Tone.PLAIN,
        "Signed by gmail.com, where anybody can have an address: pip@gmail.com sent it, and that"
        " says nothing about Amazon.",
    ),
    (
        PRESS, UNPROVED, [AMAZON], Tone.PLAIN,
        "Claims to be from press@amazon.example, a contact of Amazon. Nothing proves that it is.",
    ),
    (
        _from("pip@amazon.example"), UNPROVED, [AMAZON], Tone.PLAIN,
        "Claims to be from pip@amazon.example; amazon.example is a domain of Amazon."
        " Nothing proves that it is.",
    ),
    (
        _from("x@evil.example"), UNPROVED, [AMAZON], Tone.PLAIN,
        "Claims to be from x@evil.example; evil.example is not a domain that we know for Amazon."
        " Nothing proves that it is.",
    ),
    (
        _from("x@evil.example"), UNPROVED, [], Tone.PLAIN,
        "Claims to be from x@evil.example, whom we do not know. Nothing proves that it is.",
    ),
    (
        PRESS, Check(State.WRONG), [AMAZON], Tone.WARNING,
        "Claims to be from press@amazon.example, a contact of Amazon."
        " Its signature does not fit: it was changed on its way, or it is forged.",
    ),
    (
        PRESS, Check(State.NOT_CHECKED, why_not="nobody answered."), [AMAZON], Tone.PLAIN,
        "Claims to be from press@amazon.example, a contact of Amazon."
        " Whether it is was not checked: nobody answered.",
    ),
    (
        PRESS, None, [AMAZON], Tone.PLAIN,
        "Claims to be from press@amazon.example; it has not been looked at yet.",
    ),
    (_from(""), UNPROVED, [AMAZON], Tone.WARNING, "It names no sender that can be read."),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "check", "parties", "tone", "words"), FIRST)
def test_the_first_sentence_says_who_it_is_or_claims_to_be(
    sender: Sender, check: Check | None, parties: list[Party], tone: Tone, words: str
) -> None:
    assert said_of(sender, check, parties)[0] == Claim(words, tone)


LIKE = [
    ("press@amаzon.example", "its letters are others"),
    ("press@amazom.example", "by a letter or two"),
    ("press@amazon.test", "with another ending"),
    ("press@amazon-ethics.example", "has the name of amazon.example, Amazon’s domain, in it"),
    ("press@amazon.example.evil.test", "begins like amazon.example, Amazon’s domain, and belongs"),
    ("amazon@gmail.com", "the part before the @ names Amazon"),
    ("pip@gmail.com", "gmail.com gives addresses to everybody"),
]


@pytest.mark.parametrize(("address", "words"), LIKE)
@pytest.mark.parametrize("known", [True, False], ids=["suggested", "a company among many"])
def test_a_look_alike_is_called_one(address: str, words: str, known: bool) -> None:
    sender = Sender(as_written_on_wire(address), address)
    others = [] if known else [LARKS, AMAZON]
    said = said_of(sender, UNPROVED, [AMAZON] if known else [], others)
    assert words in " ".join(claim.words for claim in said)
    assert not any(claim.tone is Tone.PROVED for claim in said)


def test_the_companys_own_address_looks_like_nobody() -> None:
    said = said_of(
        PRESS, PROVED, [AMAZON], [Party("Amazon UK", frozenset(), frozenset({"amazon.test"}))]
    )
    assert [claim.tone for claim in said] == [Tone.PROVED, Tone.PLAIN]


@pytest.mark.parametrize("caution", list(Caution))
def test_every_caution_has_its_words(caution: Caution) -> None:
    check = replace(UNPROVED, cautions=(caution,), other=("x@y.example",), signers=("z.example",))
    said = [claim for claim in said_of(PRESS, check, [AMAZON]) if claim.tone is Tone.WARNING]
    assert len(said) == 1
    assert "{" not in said[0].words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (0, "It is the first that we have from this address."),
        (1, "1 earlier message from this address was filed."),
        (2, "2 earlier messages from this address were filed."),
    ],
)
def test_first_contact_is_told(before: int, words: str) -> None:
    sender = _from("press@amazon.example", before)
    assert said_of(sender, PROVED, [AMAZON])[-1].words == words


def test_whom_a_forwarded_mail_names_is_told_and_proves_nothing() -> None:
    sender = replace(_from("pip@ngo.example"), passes_on=("press@amazon.example",))
    said = said_of(sender, UNPROVED, [AMAZON])
    assert "It passes on a mail that names press@amazon.example as its author." in [
        claim.words for claim in said
    ]
    assert not any(claim.tone is Tone.PROVED for claim in said)
