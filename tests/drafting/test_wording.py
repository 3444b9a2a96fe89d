"""The program's own words in letters: every language complete, none lent in silence."""

from __future__ import annotations

import html
import re
import tomllib
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from campaign.companies.rules import Channel
from campaign.drafting import markdown, mentioning, placeholders, rules, wording
from campaign.drafting.completeness import checklist, gives_notice
from campaign.drafting.rendering import as_email_html, as_page_html, as_pdf, as_text
from tests.drafting.letters import a_letter, environment
from tests.drafting.pdf_structure import Tagged

OURS = ("de", "en", "es", "fr")
SLOT = re.compile(r"\{[a-z]*\}")


def test_these_languages_have_words_of_their_own() -> None:
    assert tuple(wording.known()) == OURS


def _leaves(words: Any, path: str = "") -> dict[str, str]:
    if not isinstance(words, dict):
        return {path: str(words)}
    return {
        name: leaf
        for key, value in words.items()
        for name, leaf in _leaves(value, f"{path}.{key}").items()
    }


@pytest.mark.parametrize("language", OURS)
def test_a_language_says_all_that_english_says_with_the_same_slots(language: str) -> None:
    english, words = (
        _leaves(tomllib.loads((wording.FOLDER / f"{tag}.toml").read_text("utf-8")))
        for tag in ("en", language)
    )
    assert words.keys() == english.keys()
    for name, said in words.items():
        assert said.strip(), name
        assert sorted(SLOT.findall(said)) == sorted(SLOT.findall(english[name])), name
        assert placeholders.names(said) == placeholders.names(english[name]), name


@pytest.mark.parametrize("language", OURS)
def test_notices_and_mention_have_no_faults(language: str) -> None:
    words = wording.of(language)
    assert words.notices.keys() == {name for name in placeholders.BLOCKS if name != "questions"}
    for notice in words.notices.values():
        assert placeholders.faults(notice) == ()
        assert not markdown.parse(notice).faults
    assert mentioning.faults(words.mention, {}) == []


@pytest.mark.parametrize(
    ("language", "main", "lent"),
    [
        ("en", "en", ""),
        ("de-AT", "en", ""),
        ("pl", "en", "en"),
        ("pl", "de", "de"),
        ("pl", "cs", "en"),
    ],
)
def test_a_language_without_words_is_lent_those_of_the_main_one(
    language: str, main: str, lent: str
) -> None:
    assert wording.lent(language, main) == lent
    assert wording.of(language, lent).language == (lent or language.partition("-")[0])


@pytest.mark.parametrize(
    ("language", "zone", "long"),
    [
        ("en", "Europe/Berlin", "Sunday 6 December 2026, end of the day in Berlin (CET)"),
        ("de", "Europe/Berlin", "Sonntag, 6. Dezember 2026, Ende des Tages in Berlin (MEZ)"),
        ("de-AT", "Europe/Vienna", "Sonntag, 6. Dezember 2026, Ende des Tages in Wien (MEZ)"),
        ("de", "America/Sao_Paulo",
         "Sonntag, 6. Dezember 2026, Ende des Tages in São Paulo (UTC-03:00)"),
        ("fr", "Europe/London",
         "dimanche 6 décembre 2026, fin de la journée à l’heure de Londres (GMT)"),
        ("fr", "Etc/GMT+12",
         "dimanche 6 décembre 2026, fin de la journée partout sur Terre (UTC-12:00)"),
        ("es", "Europe/Madrid",
         "domingo, 6 de diciembre de 2026, hasta el final del día en Madrid (CET)"),
        ("es", "Etc/GMT-3",
         "domingo, 6 de diciembre de 2026, hasta el final del día (UTC+03:00)"),
    ],
)  # fmt: skip
def test_a_deadline_is_said_in_the_language_of_the_letter(
    language: str, zone: str, long: str
) -> None:
    values = placeholders.deadline_values(date(2026, 12, 6), zone, language)
    assert values["deadline.long"] == long
    assert values["deadline"] in long


def test_a_deadline_in_lent_words_is_one_sentence_in_one_language() -> None:
    values = placeholders.deadline_values(date(2026, 12, 6), "Europe/Warsaw", "pl", "de")
    assert values["deadline"] == "6 grudnia 2026"
    assert values["deadline.long"] == "Sonntag, 6. Dezember 2026, Ende des Tages in Warschau (MEZ)"


@pytest.mark.parametrize(
    ("language", "salutation", "office", "greeted"),
    [
        ("de", "Sehr geehrte Frau Quill,", "", "Frau Quill"),
        ("de", "Dear Ms Quill", "", "Ms Quill"),
        ("de", "", "datenschutzstelle der Firma", "datenschutzstelle der Firma"),
        ("de", "", "", "sehr geehrte Damen und Herren"),
        ("fr", "Bonjour, Mme Quill", "", "Mme Quill"),
        ("fr", "", "The Lab", "The Lab"),
        ("fr", "", "", "Madame, Monsieur"),
        ("es", "", "", "quien corresponda"),
    ],
)
def test_a_letter_greets_in_its_language(
    language: str, salutation: str, office: str, greeted: str
) -> None:
    assert rules.greeted(salutation, office, wording.of(language)) == greeted


def test_a_way_is_said_in_the_language_of_the_letter() -> None:
    ways = [(Channel.EMAIL, "{x}@b.example"), (Channel.MENTION, "@b"), (Channel.POST, "1 High St")]
    told = rules.channel_lines(ways, wording.of("de"))
    assert told == ("1 High St", "per E-Mail: {x}@b.example", "und über X: @b")


@pytest.mark.parametrize("language", OURS)
def test_all_four_forms_say_the_labels_of_their_language(language: str) -> None:
    labels = wording.of(language).labels
    letter = a_letter(language=language)
    forms = (
        as_text(letter),
        as_email_html(letter, environment()),
        str(as_page_html(letter, environment())),
        "\n".join(one.extract_text() for one in Tagged(as_pdf(letter)).reader.pages),
    )
    for form in forms:
        flat = " ".join(html.unescape(form).split())
        for name in ("reference", "subject"):
            assert " ".join(labels[name].split()) in flat
        for other in OURS:
            theirs = wording.of(other).labels["reference"]
            assert theirs == labels["reference"] or theirs not in flat
    assert f'lang="{language}"' in forms[1]
    assert f'lang="{language}"' in forms[2]
    assert Tagged(as_pdf(letter)).root["/Lang"] == language
    assert labels["links"] in forms[0]


NOTICE = "((publication_notice))"


@pytest.mark.parametrize("lent", ["en", "de"])
def test_a_notice_in_another_language_than_the_letter_counts_as_none(lent: str) -> None:
    notices = wording.of(lent).notices
    assert gives_notice(NOTICE, notices)
    assert not gives_notice(NOTICE, notices, lent)
    items = {one.key: one.holds for one in checklist(NOTICE, {}, (), notices, lent)}
    assert not items["publication_notice"]


def test_words_do_not_change_while_a_letter_is_made() -> None:
    assert asdict(wording.of("de")) == asdict(wording.known()["de"])
