"""The kinds of findings about recipients, in words, and where each is mended."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Mend(StrEnum):
    """The page on which something is put right."""

    COMPANY = "company"
    FACTS = "facts"
    NEW_CONTACT = "new_contact"
    VERIFY = "verify"
    LETTER = "letter"
    POLICY = "policy"
    QUESTIONS = "questions"
    TEXTS = "texts"
    OWN = "own"
    VALUES = "values"
    REPORTS = "reports"


class Kind(NamedTuple):
    """A kind of finding.

    Attributes:
        title: what to do; `{companies}` stands for “3 companies”, `{ask}` and `{get}` for what they
            do, `{field}` for a placeholder or a language, `{given}` for the language that is got.
        why: what it is about, or what follows where nobody does it.
        mend: where it is put right.
        blocks: whether no letter goes to approval before it is.
    """

    title: str
    why: str
    mend: Mend
    blocks: bool = True


KINDS: dict[str, Kind] = {
    "no-contact": Kind(
        "Add an e-mail address, a form or a postal address for {companies}",
        "There is nothing that a letter could go to.",
        Mend.NEW_CONTACT,
    ),
    "all-bad": Kind(
        "Find a new address for {companies}",
        "What we sent to every address that we have came back.",
        Mend.NEW_CONTACT,
    ),
    "mention-alone": Kind(
        "Choose more than a public mention for {companies}",
        "A mention is no delivery: it never starts the time to answer.",
        Mend.LETTER,
    ),
    "contact-not-usable": Kind(
        "Choose another address for {companies}",
        "The chosen address came back or was retired.",
        Mend.LETTER,
    ),
    "recipient-is-ours": Kind(
        "Replace an address of our own for {companies}",
        "A letter to ourselves reaches nobody, and comes back for ever.",
        Mend.COMPANY,
    ),
    "contact.address": Kind(
        "Enter a postal address for {companies}",
        "The texts print it.",
        Mend.NEW_CONTACT,
    ),
    "company.legal_name": Kind(
        "Enter the legal name of {companies}", "The texts print it.", Mend.FACTS
    ),
    "contact.office": Kind(
        "Enter the office that the letter is addressed to for {companies}",
        "The texts print it.",
        Mend.COMPANY,
    ),
    "placeholder-missing": Kind(
        "Enter a value for “{field}” for {companies}",
        "Or take the field out of the campaign's texts.",
        Mend.TEXTS,
    ),
    "company-field": Kind(
        "Enter a value for “{field}” for {companies}",
        "Or take the field out of the campaign's texts.",
        Mend.FACTS,
    ),
    "own-conflict": Kind(
        "Choose what holds for {companies}",
        "The campaign and the letter's own words were both changed at the same place.",
        Mend.OWN,
    ),
    "own-reason-missing": Kind(
        "Write down why {companies} is asked something else, or has other days",
        "Readers see the reason beside the letter.",
        Mend.OWN,
    ),
    "own-field": Kind(
        "Enter a value for “{field}” for {companies}",
        "The texts print this field of the campaign. Enter it for all companies in one sheet.",
        Mend.VALUES,
    ),
    "figure-own-missing": Kind(
        "Enter the figure “{field}” of {companies}",
        "The texts print it from the newest report of each company. What a report does not say "
        "is not zero: where it says nothing, the text cannot print it.",
        Mend.REPORTS,
    ),
    "figure-unusable": Kind(
        "Mend a figure in the texts for {companies}",
        "No report has it, or its report says nothing about it.",
        Mend.TEXTS,
    ),
    "short-period-unexplained": Kind(
        "Write down why the time is so short for {companies}",
        "Fewer than 5 working days to answer need a reason and a second approver.",
        Mend.POLICY,
    ),
    "letter-not-printable": Kind(
        "Change what cannot be printed for {companies}",
        "Without these characters there is no PDF of the letter.",
        Mend.LETTER,
    ),
    "other": Kind(
        "Mend what stands in the way for {companies}", "Each says what it is.", Mend.LETTER
    ),
    "no-notice": Kind(
        "Put the publication notice into the letter in {field} for {companies}",
        "From a letter without it, silence is never published.",
        Mend.TEXTS,
        blocks=False,
    ),
    "lent-words": Kind(
        "{companies} {get} our notices in {given} within a letter in {field}",
        "The program has no words in that language. A publication notice in another language than "
        "the letter's counts as none, so that silence is never published from it.",
        Mend.TEXTS,
        blocks=False,
    ),
    "other-language": Kind(
        "{companies} {ask} for {field} and {get} {given}",
        "Write the letter in that language too, or leave it as it is.",
        Mend.TEXTS,
        blocks=False,
    ),
    "mixed-questions": Kind(
        "Translate the questions into {field} for {companies}",
        "The letter is in that language, and its questions are in another.",
        Mend.QUESTIONS,
        blocks=False,
    ),
    "mixed-texts": Kind(
        "Write what goes with the letter in {field} for {companies}",
        "The letter is in that language, and what follows it is in another.",
        Mend.TEXTS,
        blocks=False,
    ),
    "no-language": Kind(
        "Enter the language of {companies}",
        "While it is unknown, they get the campaign's main language.",
        Mend.FACTS,
        blocks=False,
    ),
    "unverified": Kind(
        "Verify the address for {companies}",
        "Nobody has looked yet where it comes from: a delivery there is weak proof, from which "
        "silence is published only with a second person's signature.",
        Mend.VERIFY,
        blocks=False,
    ),
    "stale": Kind(
        "Verify the address for {companies} anew",
        "The last look is 12 months old or older, and counts no more.",
        Mend.VERIFY,
        blocks=False,
    ),
    "bad-beside": Kind(
        "Look after an address that came back for {companies}",
        "The letter goes to another address.",
        Mend.COMPANY,
        blocks=False,
    ),
    "duplicate": Kind(
        "See whether it is the same company twice: {companies}",
        "Two letters to one company would count its answer, or its silence, twice.",
        Mend.LETTER,
        blocks=False,
    ),
    "same-inbox": Kind(
        "See whether one inbox should get several letters: {companies}",
        "An answer from there can be taken for another company's.",
        Mend.LETTER,
        blocks=False,
    ),
    "second-approver": Kind(
        "Ask a second approver to sign for {companies}",
        "There are fewer than 5 working days to answer; the reason is written down.",
        Mend.POLICY,
        blocks=False,
    ),
    "closed-day": Kind(
        "Choose another day for {companies}",
        "The deadline falls on a weekend or a public holiday there.",
        Mend.POLICY,
        blocks=False,
    ),
    "no-country": Kind(
        "Enter the country of {companies}",
        "Without it we do not know its public holidays.",
        Mend.FACTS,
        blocks=False,
    ),
}
"""All kinds of findings, in the order in which they are told."""
