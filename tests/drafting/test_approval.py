from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.ctx import AppContext

from campaign.accounts.rules import Role
from campaign.campaigns import operations as campaigns
from campaign.campaigns.models import Campaign
from campaign.companies import operations as companies
from campaign.database import transaction
from campaign.drafting import composing, effects, operations, queries
from campaign.drafting.completeness import STANDARD
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.drafting.rules import CAMPAIGN_TEXTS
from tests.builders import accounts
from tests.builders import campaigns as campaign_builder
from tests.builders import companies as company_builder
from tests.builders import drafting as build
from tests.drafting.acting import approve, kinds, refusal, state_of, submit

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


@pytest.fixture
def letter(people: build.Staff) -> Letter:
    return build.draft(people)


def test_a_second_person_approves_a_frozen_text(people: build.Staff, letter: Letter) -> None:
    text = submit(letter, people)
    assert state_of(letter) is LetterState.IN_REVIEW
    assert not queries.is_approved(text)
    approve(text, people.approver)
    assert state_of(letter) is LetterState.APPROVED
    assert queries.is_approved(text)
    assert not queries.is_stale(text)
    assert kinds(letter) == [
        "letter.added", "letter.submitted", "letter.signed", "letter.approved",
    ]  # fmt: skip


def test_who_froze_a_text_does_not_approve_it(people: build.Staff, letter: Letter) -> None:
    text = operations.submit([letter.id], dated_on=queries.today(), actor=people.approver)[0]
    assert refusal(lambda: approve(text, people.approver)) == "own-text"
    assert state_of(letter) is LetterState.IN_REVIEW


@pytest.mark.parametrize("kind", CAMPAIGN_TEXTS)
def test_who_wrote_a_version_of_a_text_does_not_approve_it(
    people: build.Staff, letter: Letter, kind: TextKind
) -> None:
    words = STANDARD[kind.value]
    operations.save_template(
        letter.campaign_id,
        kind=kind,
        subject=words.subject,
        body=words.body + "\nGood day.",
        actor=people.approver,
    )
    text = submit(letter, people)
    assert refusal(lambda: approve(text, people.approver)) == "own-text"
    third = accounts.user("Cem Approver", Role.APPROVER)
    approve(text, third)
    assert state_of(letter) is LetterState.APPROVED


def test_an_approval_counts_for_the_hash_that_was_seen_only(
    people: build.Staff, letter: Letter
) -> None:
    text = submit(letter, people)
    assert refusal(lambda: approve(text, people.approver, "0" * 64)) == "other-text"
    assert not text.approvals


def test_a_bundle_that_was_changed_in_the_database_is_neither_signed_nor_approved(
    people: build.Staff, letter: Letter
) -> None:
    text = submit(letter, people)
    approve(text, people.approver)
    with transaction():
        text.bundle = text.bundle.replace("Privacy Office", "Public Affairs")
    assert not queries.is_approved(text)
    third = accounts.user("Cem Approver", Role.APPROVER)
    with transaction():
        letter.state = LetterState.IN_REVIEW
    assert refusal(lambda: approve(text, third)) == "other-text"


def test_signing_twice_is_signing_once(people: build.Staff, letter: Letter) -> None:
    text = submit(letter, people)
    assert approve(text, people.approver) == approve(text, people.approver)
    assert len(text.approvals) == 1


def test_another_date_is_another_text_and_voids_the_signature(
    people: build.Staff, letter: Letter
) -> None:
    first = submit(letter, people)
    approve(first, people.approver)
    second = submit(letter, people, days=1)
    assert (second.version, letter.state) == (2, LetterState.IN_REVIEW)
    assert first.voided_at is not None
    assert not queries.is_approved(first)
    assert queries.current_frozen(letter) == second
    assert refusal(lambda: approve(first, people.approver)) == "not-in-review"


CHANGES: dict[str, Callable[[Letter, build.Staff], object]] = {
    "a question": lambda letter, people: campaigns.change_campaign(
        letter.campaign_id, questions=["Only this one?"], actor=people.drafter
    ),
    "who signs": lambda letter, people: campaigns.change_campaign(
        letter.campaign_id, signatories=[("Noor Ash", "Chair", "")], actor=people.drafter
    ),
    "the response period": lambda letter, people: campaigns.change_campaign(
        letter.campaign_id, response_days=21, actor=people.drafter
    ),
    "what is automatic": lambda letter, people: campaigns.change_campaign(
        letter.campaign_id, auto_publish=False, actor=people.drafter
    ),
    "the company's name": lambda letter, people: companies.change_company(
        letter.company_id, name="Larkspur", actor=people.drafter
    ),
    "the company's zone": lambda letter, people: companies.change_company(
        letter.company_id, timezone="Europe/Berlin", actor=people.drafter
    ),
    "the contact's office": lambda letter, people: companies.change_contact(
        letter.company.contacts[0].id, office="Press office", actor=people.drafter
    ),
    "a contact that is gone": lambda letter, people: companies.retire_contact(
        letter.company.contacts[0].id, actor=people.drafter
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_text_whose_facts_changed_is_stale_and_not_signed(
    people: build.Staff, letter: Letter, change: str
) -> None:
    text = submit(letter, people)
    assert not queries.is_stale(text)
    CHANGES[change](letter, people)
    assert queries.is_stale(text)
    assert refusal(lambda: approve(text, people.approver)) == "text-changed"


def test_a_verification_that_comes_later_changes_no_text(people: build.Staff) -> None:
    company = company_builder.company()
    contact = company_builder.contact(company, verified=False)
    text = build.in_review(people, build.draft(people, company))
    companies.verify_contact(contact.id, how="its page", on=queries.today(), actor=None)
    assert not queries.is_stale(text)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda letter, people: operations.save_template(
            letter.campaign_id, kind=TextKind.LETTER, subject="Other", body="Words.",
            actor=people.drafter,
        ),
        lambda letter, people: operations.save_template(
            letter.campaign_id, kind=TextKind.REMINDER, subject="Other", body="Words.",
            actor=people.drafter,
        ),
        lambda letter, people: operations.choose_contacts(
            letter.id, [company_builder.contact(letter.company, "b@larkspur.example").id],
            actor=people.drafter,
        ),
        lambda letter, people: operations.send_back(letter.id, why="No.", actor=people.approver),
    ],
    ids=["letter", "reminder", "contacts", "sent back"],
)  # fmt: skip
def test_any_change_of_ours_voids_the_text_and_its_signatures(
    people: build.Staff,
    letter: Letter,
    change: Callable[[Letter, build.Staff], object],
    signed: bool,
) -> None:
    text = submit(letter, people)
    if signed:
        approve(text, people.approver)
    change(letter, people)
    assert state_of(letter) is LetterState.DRAFT
    assert text.voided_at is not None
    assert queries.current_frozen(letter) is None
    assert "letter.text_voided" in kinds(letter)
    assert submit(letter, people).version == 2


def test_the_same_words_again_are_no_new_version(people: build.Staff, letter: Letter) -> None:
    submit(letter, people)
    words = composing.latest(letter.campaign_id)[TextKind.LETTER]
    operations.save_template(
        letter.campaign_id, kind=TextKind.LETTER, subject=words.subject, body=words.body,
        actor=people.approver,
    )  # fmt: skip
    assert state_of(letter) is LetterState.IN_REVIEW
    assert composing.latest(letter.campaign_id)[TextKind.LETTER].version == 1


def _short(people: build.Staff, reason: str) -> Campaign:
    return campaign_builder.campaign(people.drafter, response_days=7, short_reason=reason)


def test_a_short_period_needs_a_reason_and_two_approvers(people: build.Staff) -> None:
    campaign = _short(people, "The law is voted on next week.")
    text = build.in_review(people, build.draft(people, None, campaign), date(2098, 12, 23))
    assert text.approvals_needed == 2
    approve(text, people.approver)
    assert state_of(text.letter) is LetterState.IN_REVIEW
    assert not queries.is_approved(text)
    approve(text, accounts.user("Cem Approver", Role.APPROVER))
    assert state_of(text.letter) is LetterState.APPROVED


def test_a_short_period_without_a_reason_is_not_put_up(people: build.Staff) -> None:
    letter = build.draft(people, None, _short(people, ""))
    with pytest.raises(operations.NotReady, match="fewer than 5 working days"):
        build.in_review(people, letter, date(2098, 12, 23))


def test_the_program_itself_neither_writes_nor_signs(people: build.Staff, letter: Letter) -> None:
    text = submit(letter, people)
    assert refusal(lambda: approve(text, None)) == "person-needed"
    act = lambda: operations.submit([letter.id], dated_on=queries.today(), actor=None)  # noqa: E731
    assert refusal(act) == "person-needed"


def test_a_later_stage_voids_a_text_within_its_act(people: build.Staff, letter: Letter) -> None:
    text = build.approved(people, letter) and queries.current_frozen(letter)
    with transaction():
        effects.void_frozen(letter, "The address is bad.")
    assert text
    assert text.voided_why == "The address is bad."
    assert state_of(letter) is LetterState.DRAFT
    assert queries.sent_back(letter) == text
