"""A company is written to in its own language, where the campaign has a text in it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.ctx import AppContext

from campaign.campaigns import effects, translations
from campaign.campaigns import operations as campaign_operations
from campaign.campaigns.models import Campaign
from campaign.companies import operations as company_operations
from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.drafting import composing, frozen, library, operations, queries, sources
from campaign.drafting.composing import Draft
from campaign.drafting.mention_saving import save_mention
from campaign.drafting.models import FrozenText, Letter, LetterState, TextKind
from campaign.drafting.rules import CAMPAIGN_TEXTS
from tests.builders import campaigns as campaign_builder
from tests.builders import companies as company_builder
from tests.builders import drafting as build
from tests.drafting.acting import refusal

pytestmark = pytest.mark.usefixtures("ctx")

GERMAN = library.standard("letter", "de")


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


@pytest.fixture
def campaign(people: build.Staff) -> Campaign:
    return campaign_builder.campaign(people.drafter)


def to(people: build.Staff, campaign: Campaign, language: str, name: str = "Nordlicht") -> Letter:
    company = build.reachable(name, language=language)
    return build.draft(people, company, campaign)


def save(people: build.Staff, campaign: Campaign, kind: str = "letter", **given: Any) -> None:
    text = library.standard(kind, given.get("language", "de"))
    words = {"subject": text.subject, "body": text.body, "language": "de", **given}
    operations.save_template(campaign.id, kind=TextKind(kind), actor=people.drafter, **words)


def drafted(letter: Letter) -> Draft:
    return composing.compose(letter, queries.today()).draft


@pytest.mark.parametrize(
    ("wanted", "texts", "got"),
    [
        ("de", (), "en"),
        ("de", ("de",), "de"),
        ("de-AT", ("de",), "de"),
        ("de-AT", ("de", "de-AT"), "de-AT"),
        ("de", ("de-AT",), "en"),
        ("fr", ("de",), "en"),
        ("", ("de",), "en"),
    ],
)
def test_a_company_gets_the_nearest_text_to_its_language(
    people: build.Staff, campaign: Campaign, wanted: str, texts: tuple[str, ...], got: str
) -> None:
    letter = to(people, campaign, wanted)
    for tag in texts:
        save(people, campaign, language=tag)
    assert drafted(letter).letter.language == got


def test_everything_that_the_program_writes_follows_the_text(
    people: build.Staff, campaign: Campaign
) -> None:
    letter = to(people, campaign, "de")
    save(people, campaign)
    content = drafted(letter).letter
    assert content.closing == "Mit freundlichen Grüßen"
    assert content.addressee.channel_lines == ("per E-Mail: privacy@nordlicht.example",)
    assert "Ende des Tages in London" in content.values["deadline.long"]
    assert content.notices["publication_notice"].startswith("Wir werden Ihre Antwort")
    mail = frozen.mail_of(content)
    for english in ("Our reference", "RE:", "end of the day", "Links:", "Yours", "via e-mail"):
        assert english not in mail.text


def test_a_text_in_one_language_has_versions_of_its_own(
    people: build.Staff, campaign: Campaign
) -> None:
    to(people, campaign, "de")
    save(people, campaign)
    save(people, campaign, body=GERMAN.body + "\n\nNoch etwas.", name="Länger")
    save(people, campaign, body=GERMAN.body + "\n\nNoch etwas.")  # the same words again
    german = queries.versions(campaign.id, TextKind.LETTER, "de")
    assert [(one.version, one.name) for one, _ in german] == [(2, "Länger"), (1, "")]
    assert [one.version for one, _ in queries.versions(campaign.id, TextKind.LETTER)] == [1]


def test_a_changed_text_takes_back_the_letters_that_would_get_it_and_no_others(
    people: build.Staff, campaign: Campaign
) -> None:
    letters = {tag: to(people, campaign, tag, f"Company {tag}") for tag in ("de-AT", "fr", "")}
    for letter in letters.values():
        build.in_review(people, letter)
    save(people, campaign, kind="reminder")
    states = {tag: letter.state for tag, letter in letters.items()}
    waiting = LetterState.IN_REVIEW
    assert states == {"de-AT": LetterState.DRAFT, "fr": waiting, "": waiting}


def test_a_frozen_letter_keeps_its_language(people: build.Staff, campaign: Campaign) -> None:
    letter = to(people, campaign, "de")
    save(people, campaign)
    row = build.in_review(people, letter)
    company_operations.change_company(letter.company_id, actor=None, language="fr")
    text = frozen.load(row)
    assert (row.language, text.language, text.content.language) == ("de", "de", "de")
    assert 'lang="de"' in str(text.page())
    assert queries.is_stale(row)


def test_a_reminder_says_its_own_language(people: build.Staff, campaign: Campaign) -> None:
    letter = to(people, campaign, "de")
    save(people, campaign)
    text = frozen.load(build.in_review(people, letter))
    kinds = {kind: text.language_of(kind) for kind in CAMPAIGN_TEXTS}
    assert kinds == {
        TextKind.LETTER: "de", TextKind.REMINDER: "en", TextKind.FINAL_NOTICE: "en",
    }  # fmt: skip
    later = text.reminder_mail(TextKind.REMINDER, text.deadline_on.replace(year=2030))
    assert 'lang="en"' in later.html


def test_who_wrote_a_text_in_another_language_may_approve(
    people: build.Staff, campaign: Campaign
) -> None:
    letter = to(people, campaign, "en")
    operations.save_template(
        campaign.id, kind=TextKind.LETTER, subject=GERMAN.subject, body=GERMAN.body,
        language="de", actor=people.approver,
    )  # fmt: skip
    row = build.in_review(people, letter)
    assert queries.writers(row) == {people.drafter.id}
    german = build.in_review(people, to(people, campaign, "de", "Südlicht"))
    assert queries.writers(german) == {people.drafter.id, people.approver.id}


def _asked(letter: Letter) -> tuple[str, ...]:
    return drafted(letter).letter.questions


def _translate(campaign: Campaign, texts: tuple[str, ...]) -> None:
    translations.translate_questions(campaign.id, "de", texts, actor=None)


QUESTIONS = ("Wie lange?", "Wer liest mit?")


def test_questions_are_all_in_the_language_of_the_letter_or_all_in_the_main_one(
    people: build.Staff, campaign: Campaign
) -> None:
    german, french = to(people, campaign, "de"), to(people, campaign, "fr", "Boréal")
    save(people, campaign)
    assert _asked(german) == campaign_builder.QUESTIONS
    _translate(campaign, QUESTIONS)
    assert _asked(german) == QUESTIONS
    assert _asked(french) == campaign_builder.QUESTIONS
    # A question that is asked otherwise now has no translation, and so the letter has none.
    changed = ("Something else?", campaign_builder.QUESTIONS[1])
    campaign_operations.change_campaign(campaign.id, actor=None, questions=changed)
    assert _asked(german) == changed


def test_translated_questions_are_the_same_questions(
    people: build.Staff, campaign: Campaign
) -> None:
    for texts in ((), ("Wie lange?",), (*QUESTIONS, "Und?"), ("Wie lange?", " ")):
        code = refusal(lambda texts=texts: _translate(campaign, texts))  # type: ignore[misc]
        assert code == "translation-incomplete"
    code = refusal(
        lambda: translations.translate_questions(campaign.id, "en", QUESTIONS, actor=None)
    )
    assert code == "translation-main"


def test_a_translation_stays_once_letters_have_left_and_another_may_come(
    people: build.Staff, campaign: Campaign
) -> None:
    _translate(campaign, QUESTIONS)
    with transaction():
        effects.fix_questions(campaign)
    _translate(campaign, QUESTIONS)  # the same again
    assert refusal(lambda: _translate(campaign, ("Warum?", "Wann?"))) == "campaign-fixed"
    translations.translate_questions(campaign.id, "fr", ("A ?", "B ?"), actor=None)
    assert sources.questions(campaign).keys() == {"en", "de", "fr"}


def test_a_letter_whose_notice_is_in_another_language_gives_none(
    people: build.Staff, campaign: Campaign
) -> None:
    letter = to(people, campaign, "pl")
    save(people, campaign, language="pl")
    draft = drafted(letter)
    assert (draft.letter.language, draft.letter.lent) == ("pl", "en")
    assert draft.notice_given is False
    row = build.in_review(people, letter)
    assert row.notice_given is False
    assert frozen.load(row).notice_given is False


@pytest.mark.parametrize("language", ["de", "fr", "es", "en"])
def test_a_translation_without_the_notice_gives_none_though_the_main_text_does(
    people: build.Staff, campaign: Campaign, language: str
) -> None:
    letter, main = to(people, campaign, language), to(people, campaign, "it", "Boreale")
    body = library.standard("letter", language).body.replace("((publication_notice))", "")
    if language != "en":
        save(people, campaign, language=language, body=body)
        assert drafted(main).notice_given is True
        assert drafted(letter).notice_given is False
        save(people, campaign, language=language)
    assert drafted(letter).notice_given is True


def test_a_mention_is_in_the_language_of_the_company(
    people: build.Staff, campaign: Campaign
) -> None:
    company = build.reachable("Nordlicht", language="de")
    company_builder.contact(company, "@nordlicht", channel=Channel.MENTION)
    letter = build.draft(people, company, campaign)
    operations.choose_contacts(letter.id, [one.id for one in company.contacts], actor=None)
    assert drafted(letter).mentions[0].language == "en"
    english = build.in_review(people, letter)
    save_mention(
        campaign.id, body="((handle)) Antwort bis zum ((deadline))?", language="de",
        actor=people.drafter,
    )  # fmt: skip
    assert english.voided_at
    mention = drafted(letter).mentions[0]
    assert (mention.language, mention.version) == ("de", 1)
    assert ". " in mention.text  # “6. Dezember”
    row: FrozenText = build.in_review(people, letter)
    assert frozen.load(row).mentions == (mention,)


def test_a_campaign_in_german_starts_in_german(people: build.Staff) -> None:
    campaign = campaign_builder.campaign(people.drafter, "Standortdaten", language="de")
    letter = to(people, campaign, "")
    assert drafted(letter).letter.language == "de"
    assert drafted(letter).letter.body == GERMAN.body
    assert [one.version for one, _ in queries.versions(campaign.id, TextKind.LETTER)] == [1]


def test_a_campaign_in_a_language_without_standard_texts_starts_in_english_and_says_so(
    people: build.Staff,
) -> None:
    campaign = campaign_builder.campaign(people.drafter, "Dane", language="pl")
    letter = to(people, campaign, "pl")
    assert drafted(letter).letter.language == "en"
    assert drafted(letter).notice_given is True  # an English notice in an English letter
    assert queries.versions(campaign.id, TextKind.LETTER) == []
