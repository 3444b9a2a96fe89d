from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from threading import Thread

import pytest
from flask import Flask
from flask.ctx import AppContext

from campaign.companies import operations as companies
from campaign.companies.rules import Channel
from campaign.config import Settings
from campaign.database import transaction
from campaign.drafting import composing, operations, queries
from campaign.drafting.completeness import STANDARD
from campaign.drafting.models import FrozenText, Letter, LetterState, TextKind
from campaign.extensions import db
from campaign.kernel.errors import Problem
from tests.builders import accounts
from tests.builders import campaigns as campaign_builder
from tests.builders import companies as company_builder
from tests.builders import drafting as build
from tests.drafting.acting import approve, refusal, state_of, submit

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


@pytest.fixture
def letter(people: build.Staff) -> Letter:
    return build.draft(people)


def test_letters_begin_as_drafts_with_tokens_and_the_standard_texts(people: build.Staff) -> None:
    campaign = campaign_builder.campaign(people.drafter)
    ids = [build.reachable(name).id for name in ("Aster", "Bryony")]
    first = operations.add_letters(campaign.id, [*ids, ids[0]], actor=people.drafter)
    assert [one.company.name for one in first] == ["Aster", "Bryony"]
    assert {one.state for one in first} == {LetterState.DRAFT}
    assert len({one.reply_token for one in first}) == 2
    assert operations.add_letters(campaign.id, ids, actor=people.drafter) == []
    texts = composing.latest(campaign.id)
    assert {kind.value: text[:2] for kind, text in texts.items()} == STANDARD
    assert {text.version for text in texts.values()} == {1}


def test_companies_that_do_not_exist_get_no_letter(people: build.Staff) -> None:
    campaign = campaign_builder.campaign(people.drafter)
    ids = [build.reachable().id, 4711]
    add = lambda: operations.add_letters(campaign.id, ids, actor=people.drafter)  # noqa: E731
    assert refusal(add) == "not-there"
    assert sum(queries.counts(campaign).values()) == 0


def test_sending_to_approval_twice_is_once(people: build.Staff, letter: Letter) -> None:
    first = submit(letter, people)
    assert submit(letter, people) == first
    approve(first, people.approver)
    assert submit(letter, people) == first
    assert state_of(letter) is LetterState.APPROVED
    assert len(letter.frozen_texts) == 1


@pytest.mark.parametrize(
    ("kind", "subject", "body", "told"),
    [
        (TextKind.LETTER, "Hi", "One\n\n((nobody))", "Line 3, column 1"),
        (TextKind.LETTER, "((nobody))", "One", "Subject"),
        (TextKind.LETTER, "((questions))", "One", "a paragraph of its own"),
        (TextKind.LETTER, "Hi", "((original.date))", "Line 1, column 1"),
        (TextKind.REMINDER, "Hi", "((letter.date))", "use ((original.date))"),
        (TextKind.LETTER, "Hi", "{{ config }} ((a", "Line 1, column 14"),
    ],
)
def test_a_text_with_faults_is_not_saved(
    people: build.Staff, letter: Letter, kind: TextKind, subject: str, body: str, told: str
) -> None:
    with pytest.raises(Problem, match="The text is not saved") as caught:
        operations.save_template(
            letter.campaign_id, kind=kind, subject=subject, body=body, actor=people.drafter
        )
    assert told in str(caught.value)
    assert composing.latest(letter.campaign_id)[kind].version == 1


def test_a_newer_version_is_not_overwritten(people: build.Staff, letter: Letter) -> None:
    def save(body: str) -> object:
        return operations.save_template(
            letter.campaign_id, kind=TextKind.LETTER, subject="S", body=body, based_on=1,
            actor=people.drafter,
        )  # fmt: skip

    save("First.")
    assert refusal(lambda: save("Second.")) == "template-newer"


def test_letters_go_to_approval_all_or_none_with_every_problem_told(people: build.Staff) -> None:
    campaign = campaign_builder.campaign(people.drafter)
    operations.save_template(
        campaign.id, kind=TextKind.LETTER, subject="To ((company.legal_name))",
        body="((contact.address)) ((signatory.role))", actor=people.drafter,
    )  # fmt: skip
    good = build.reachable("Aster", legal_name="Aster plc")
    company_builder.contact(good, "Aster plc\n1 High Street", channel=Channel.POST)
    lacking = [build.reachable("Bryony"), company_builder.company("Columbine")]
    added = operations.add_letters(
        campaign.id, [good.id, *(one.id for one in lacking)], actor=people.drafter
    )
    with pytest.raises(operations.NotReady) as caught:
        operations.submit([one.id for one in added], dated_on=queries.today(), actor=people.drafter)
    told = "\n".join(caught.value.problems)
    for company in ("Bryony", "Columbine"):
        for field in ("company.legal_name", "contact.address"):
            assert f"{company} has no value for the field “{field}”" in told
    assert "Columbine has no contact" in told
    assert "Aster" not in told
    assert queries.counts(campaign)[LetterState.DRAFT] == 3
    assert db.session.query(FrozenText).count() == 0
    assert operations.submit([added[0].id], dated_on=queries.today(), actor=people.drafter)


def test_a_letter_that_cannot_be_printed_freezes_none(people: build.Staff) -> None:
    campaign = campaign_builder.campaign(people.drafter)
    names = ("Aster", "\U00013000 Hieroglyphs")
    added = operations.add_letters(
        campaign.id, [build.reachable(name).id for name in names], actor=people.drafter
    )
    with pytest.raises(operations.NotReady, match="cannot be made into a PDF"):
        operations.submit([one.id for one in added], dated_on=queries.today(), actor=people.drafter)
    assert db.session.query(FrozenText).count() == 0


def test_a_letter_is_not_dated_in_the_past(people: build.Staff, letter: Letter) -> None:
    assert refusal(lambda: submit(letter, people, days=-1)) == "dated-in-the-past"
    assert submit(letter, people).dated_on == queries.today()


def test_a_date_beyond_every_calendar_is_refused(people: build.Staff, letter: Letter) -> None:
    act = lambda: build.in_review(people, letter, date(9999, 12, 31))  # noqa: E731
    assert refusal(act) == "date-out-of-range"


@pytest.mark.parametrize(
    ("chosen", "code"),
    [([Channel.MENTION], "mention-alone"), ([Channel.MENTION, Channel.POST], "")],
)
def test_a_mention_never_stands_alone(
    people: build.Staff, letter: Letter, chosen: list[Channel], code: str
) -> None:
    ids = {
        Channel.MENTION: company_builder.contact(
            letter.company, "@larkspur@social.example", channel=Channel.MENTION
        ).id,
        Channel.POST: company_builder.contact(
            letter.company, "Larkspur\n1 Road", channel=Channel.POST
        ).id,
    }
    act = lambda: operations.choose_contacts(  # noqa: E731
        letter.id, [ids[one] for one in chosen], actor=people.drafter
    )
    if code:
        assert refusal(act) == code
    else:
        act()
        text = submit(letter, people)
        assert "@larkspur" in text.bundle


def test_a_company_that_can_only_be_mentioned_is_not_written_to(people: build.Staff) -> None:
    company = company_builder.company()
    company_builder.contact(company, "@l@social.example", channel=Channel.MENTION)
    with pytest.raises(operations.NotReady, match="only be mentioned in public"):
        build.in_review(people, build.draft(people, company))


def test_a_chosen_contact_that_became_bad_is_named(people: build.Staff, letter: Letter) -> None:
    contact = letter.company.contacts[0]
    operations.choose_contacts(letter.id, [contact.id], actor=people.drafter)
    companies.retire_contact(contact.id, actor=people.drafter)
    with pytest.raises(operations.NotReady, match="cannot be written to at privacy@"):
        submit(letter, people)
    again = lambda: operations.choose_contacts(letter.id, [contact.id], actor=None)  # noqa: E731
    assert refusal(again) == "contact-not-usable"
    assert refusal(lambda: operations.choose_contacts(letter.id, [4711], actor=None)) == "not-there"


def _sent(letter: Letter, people: build.Staff, state: LetterState = LetterState.OPEN) -> Letter:
    build.approved(people, letter)
    with transaction():  # as the sending stage does
        letter.state = state
    return letter


@pytest.mark.parametrize("state", [LetterState.SENDING, LetterState.OPEN])
def test_a_resend_is_a_new_round_that_is_approved_anew(
    people: build.Staff, letter: Letter, state: LetterState
) -> None:
    first = queries.current_frozen(_sent(letter, people, state))
    assert first
    operations.begin_round(letter.id, why="It bounced.", actor=people.drafter)
    assert (letter.round, letter.state) == (2, LetterState.DRAFT)
    assert queries.current_frozen(letter) is None
    assert first.voided_at is None
    second = submit(letter, people, days=1)
    assert (second.round, second.version) == (2, 2)
    assert queries.before(second) == first
    assert not queries.is_approved(second)
    approve(second, people.approver)
    assert state_of(letter) is LetterState.APPROVED


@pytest.mark.parametrize("state", [LetterState.SENDING, LetterState.OPEN, LetterState.CONCLUDED])
def test_what_has_left_is_not_changed(
    people: build.Staff, letter: Letter, state: LetterState
) -> None:
    _sent(letter, people, state)
    assert refusal(lambda: submit(letter, people, days=1)) == "letter-left"
    for act, told in (
        (operations.withdraw_letter, "letter-left"),
        (operations.send_back, "not-in-review"),
    ):
        again = partial(act, letter.id, why="x", actor=people.drafter)
        assert refusal(again) == told
    assert refusal(lambda: operations.choose_contacts(letter.id, [], actor=None)) == "letter-left"
    operations.save_template(
        letter.campaign_id, kind=TextKind.LETTER, subject="New", body="New.", actor=people.drafter
    )
    text = queries.current_frozen(letter)
    assert text
    assert queries.is_approved(text)
    assert state_of(letter) is state


def test_a_letter_is_withdrawn_before_it_leaves_only(people: build.Staff, letter: Letter) -> None:
    assert refusal(
        lambda: operations.begin_round(letter.id, why="x", actor=people.drafter)
    ) == "letter-not-sent"  # fmt: skip
    text = submit(letter, people)
    operations.withdraw_letter(letter.id, why="Written to by mistake.", actor=people.drafter)
    assert (letter.state, letter.withdrawn_why) == (
        LetterState.WITHDRAWN, "Written to by mistake.",
    )  # fmt: skip
    assert text.voided_at is not None
    assert refusal(lambda: submit(letter, people)) == "letter-left"


def test_a_letter_of_a_later_round_is_not_withdrawn(people: build.Staff, letter: Letter) -> None:
    _sent(letter, people)
    operations.begin_round(letter.id, why="It bounced.", actor=people.drafter)
    act = lambda: operations.withdraw_letter(letter.id, why="x", actor=None)  # noqa: E731
    assert refusal(act) == "letter-left"


@pytest.mark.parametrize(
    "act", [operations.send_back, operations.withdraw_letter, operations.begin_round]
)
def test_an_act_without_its_reason_is_refused(
    people: build.Staff, letter: Letter, act: Callable[..., object]
) -> None:
    submit(letter, people)
    assert refusal(lambda: act(letter.id, why="  ", actor=people.drafter)) == "field-empty"


def test_facts_that_change_while_letters_are_rendered_freeze_nothing(
    people: build.Staff, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = operations.freezing.prepare

    def slow(ids: list[int], dated_on: date) -> object:
        prepared = prepare(ids, dated_on)
        companies.change_company(letter.company_id, name="Renamed", actor=None)
        return prepared

    monkeypatch.setattr(operations.freezing, "prepare", slow)
    assert refusal(lambda: submit(letter, people)) == "text-changed"
    assert state_of(letter) is LetterState.DRAFT


def test_two_who_send_a_letter_to_approval_at_once_freeze_one_text(
    app: Flask, settings: Settings, people: build.Staff, letter: Letter
) -> None:
    letter_id, drafter_id, problems = letter.id, people.drafter.id, []
    db.session.rollback()

    def click() -> None:
        with app.app_context():
            try:
                operations.submit(
                    [letter_id],
                    dated_on=queries.today(),
                    actor=db.session.get(accounts.User, drafter_id),
                )
            except Problem as problem:
                problems.append(problem)
            finally:
                db.session.remove()

    clicks = [Thread(target=click) for _ in range(3)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert not problems
    assert len(letter.frozen_texts) == 1
    assert state_of(letter) is LetterState.IN_REVIEW
