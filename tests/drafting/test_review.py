"""Review steps: who signs a text, in which order, and that nothing leaves before all have."""

from __future__ import annotations

import pytest
from flask.ctx import AppContext

from campaign.accounts import operations as accounts_operations
from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns.models import Campaign
from campaign.database import transaction
from campaign.drafting import frozen, operations, queries, review, review_queries, reviewing
from campaign.drafting.models import Approval, FrozenText, Letter, LetterState
from campaign.drafting.review import LINK_MOVES, LinkState, Signer, Step, StepState
from campaign.drafting.reviewing import Wanted
from campaign.extensions import db
from campaign.history.rules import digest
from campaign.sending import orders
from tests.builders import accounts
from tests.builders import campaigns as campaign_builder
from tests.builders import drafting as build
from tests.drafting.acting import approve, kinds, refusal, state_of, submit

LEGAL = Step(1, "Legal", Signer.PERSON, "a")
DIRECTOR = Step(2, "Director", Signer.ROLE, "admin")
NORTH = Step(3, "Co-signer", Signer.ORGANISATION, "North", "Ines")
SOUTH = Step(4, "Co-signer", Signer.ORGANISATION, "South", "Omar")
MORE = (review.MORE, Signer.ROLE)


@pytest.mark.parametrize(
    ("steps", "needed", "planned"),
    [
        ((), 1, []),
        ((), 2, []),
        ((LEGAL,), 1, ["Legal"]),
        ((LEGAL,), 2, ["Legal", "Approval"]),
        ((LEGAL, DIRECTOR), 2, ["Legal", "Director"]),
        ((NORTH,), 1, ["Approval", "Co-signer"]),
        ((LEGAL, NORTH, SOUTH), 2, ["Legal", "Approval", "Co-signer", "Co-signer"]),
        ((NORTH, LEGAL), 2, ["Approval", "Co-signer", "Legal"]),
    ],
)
def test_steps_come_on_top_of_as_many_people_as_are_needed(
    steps: tuple[Step, ...], needed: int, planned: list[str]
) -> None:
    plan = review.plan(steps, needed)
    assert [step.title for step in plan] == planned
    assert [step.number for step in plan] == list(range(1, len(plan) + 1))


@pytest.mark.parametrize(
    ("signed", "now"),
    [
        ((), ["Legal"]),
        ((1,), ["Director"]),
        ((2,), ["Legal"]),
        ((1, 2), ["North", "South"]),
        ((1, 2, 3), ["South"]),
        ((1, 2, 3, 4), []),
    ],
)
def test_a_step_is_open_once_those_before_it_are_signed_and_organisations_are_asked_at_once(
    signed: tuple[int, ...], now: list[str]
) -> None:
    steps = (LEGAL, DIRECTOR, NORTH, SOUTH)
    told = [one.who if one.kind is Signer.ORGANISATION else one.title for one in steps]
    found = [told[step.number - 1] for step in review.open_steps(steps, signed)]
    assert found == now


def test_every_step_has_a_state() -> None:
    states = review.states((LEGAL, DIRECTOR, NORTH), {1})
    assert [state for _, state in states] == [StepState.SIGNED, StepState.OPEN, StepState.WAITS]


@pytest.mark.parametrize(
    ("step", "ref", "roles", "fits"),
    [
        (LEGAL, "a", ["approver"], True),
        (LEGAL, "b", ["admin"], False),
        (DIRECTOR, "b", ["admin"], True),
        (DIRECTOR, "b", ["approver"], False),
        (Step(1, "Any", Signer.ROLE), "b", ["approver"], True),
        (NORTH, "North", ["admin"], False),
    ],
)
def test_a_step_is_signed_by_whom_it_names(
    step: Step, ref: str, roles: list[str], fits: bool
) -> None:
    assert review.fits(step, ref, roles) is fits


def test_a_link_that_has_ended_never_asks_again() -> None:
    assert set(LINK_MOVES) == set(LinkState)
    for state in (LinkState.SIGNED, LinkState.CHANGES, LinkState.REPLACED):
        assert not LINK_MOVES[state]
    for state, moves in LINK_MOVES.items():
        if state not in (LinkState.DUE, LinkState.ASKED):
            assert not moves & {LinkState.DUE, LinkState.ASKED, LinkState.SIGNED}, state


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


@pytest.fixture
def director(ctx: AppContext) -> User:
    return accounts.admin(name="Dora Director")


@pytest.fixture
def letter(people: build.Staff, director: User) -> Letter:
    letter = build.draft(people)
    _set(letter, people, _legal(people), Wanted("Director", Signer.ROLE, role="admin"))
    return letter


def _legal(people: build.Staff) -> Wanted:
    return Wanted("Legal", Signer.PERSON, user_id=people.approver.id)


def _set(letter: Letter, people: build.Staff, *steps: Wanted) -> None:
    reviewing.set_steps(letter.campaign_id, steps, actor=people.approver)


def test_a_text_is_approved_once_every_step_is_signed_in_order(
    people: build.Staff, letter: Letter, director: User
) -> None:
    text = submit(letter, people)
    assert refusal(lambda: approve(text, director)) == "not-your-step"
    assert approve(text, people.approver).step == 1
    assert state_of(letter) is LetterState.IN_REVIEW
    assert refusal(lambda: orders.send([letter.id], actor=None)) == "letter-not-approved"
    assert refusal(lambda: approve(text, accounts.user("Cem", Role.APPROVER))) == "not-your-step"
    assert approve(text, director).step == 2
    assert state_of(letter) is LetterState.APPROVED
    assert queries.is_approved(text)
    assert orders.send([letter.id], actor=people.drafter)


def test_one_person_signs_one_step_only(people: build.Staff, letter: Letter) -> None:
    _set(letter, people, _legal(people), Wanted("Again", Signer.ROLE))
    text = submit(letter, people)
    assert approve(text, people.approver) == approve(text, people.approver)
    assert len(text.approvals) == 1
    assert state_of(letter) is LetterState.IN_REVIEW


def test_who_wrote_a_text_does_not_sign_the_step_that_names_them(
    people: build.Staff, letter: Letter
) -> None:
    text = operations.submit([letter.id], dated_on=queries.today(), actor=people.approver)[0]
    assert refusal(lambda: approve(text, people.approver)) == "own-text"


def test_a_short_period_needs_two_people_with_steps_too(
    people: build.Staff, director: User
) -> None:
    campaign = campaign_builder.campaign(people.drafter, response_days=3, short_reason="A vote.")
    letter = build.draft(people, None, campaign)
    _set(letter, people, _legal(people))
    text = submit(letter, people)
    assert [step.title for step in frozen.load(text).review] == ["Legal", "Approval"]
    approve(text, people.approver)
    assert state_of(letter) is LetterState.IN_REVIEW
    approve(text, director)
    assert state_of(letter) is LetterState.APPROVED


@pytest.mark.parametrize("signed", [False, True])
def test_other_steps_void_what_waits_and_its_signatures(
    people: build.Staff, letter: Letter, director: User, signed: bool
) -> None:
    text = submit(letter, people)
    approve(text, people.approver)
    if signed:
        approve(text, director)
    _set(letter, people, Wanted("Director", Signer.ROLE, role="admin"))
    assert state_of(letter) is LetterState.DRAFT
    assert not queries.is_approved(text)
    assert refusal(lambda: orders.send([letter.id], actor=None)) == "letter-not-approved"
    assert refusal(lambda: approve(text, director)) == "not-in-review"


def test_the_same_steps_again_void_nothing(people: build.Staff, letter: Letter) -> None:
    submit(letter, people)
    _set(letter, people, _legal(people), Wanted("Director", Signer.ROLE, role="admin"))
    assert state_of(letter) is LetterState.IN_REVIEW
    assert kinds(letter)[-1] == "letter.submitted"


def test_steps_set_between_the_page_and_the_signature_make_the_text_stale(
    people: build.Staff, director: User
) -> None:
    letter = build.draft(people)
    text = submit(letter, people)
    with transaction() as session:  # as if the voiding itself had been lost
        row = reviewing.ReviewStep(campaign_id=letter.campaign_id, position=1, title="Director")
        row.kind, row.role = Signer.ROLE, "admin"
        session.add(row)
    assert queries.is_stale(text)
    assert refusal(lambda: approve(text, people.approver)) == "text-changed"


def test_a_step_taken_out_of_a_frozen_text_is_found_out_by_its_hash(
    people: build.Staff, letter: Letter
) -> None:
    text = submit(letter, people)
    approve(text, people.approver)
    steps = frozen.load(text).review
    assert digest(text.bundle) == text.sha256
    with transaction():
        text.bundle = text.bundle.replace(steps[1].title, steps[0].title)
    assert not queries.is_approved(text)


def test_a_letter_that_left_keeps_the_steps_it_was_signed_with(
    people: build.Staff, letter: Letter, director: User
) -> None:
    text = submit(letter, people)
    approve(text, people.approver)
    approve(text, director)
    orders.send([letter.id], actor=people.drafter)
    _set(letter, people, _legal(people), Wanted("More", Signer.ROLE), Wanted("X", Signer.ROLE))
    assert text.voided_at is None
    assert queries.is_approved(text)


def test_a_signature_for_another_hash_signs_no_step(
    people: build.Staff, letter: Letter, director: User
) -> None:
    text = submit(letter, people)
    approve(text, people.approver)
    with transaction() as session:
        other = Approval(frozen_text=text, user_id=director.id, step=2, sha256="0" * 64)
        session.add(other)
    assert not queries.is_approved(text)


STEPS = {
    "a person who may not approve": lambda people: Wanted(
        "Legal", Signer.PERSON, user_id=people.drafter.id
    ),
    "nobody": lambda people: Wanted("Legal", Signer.PERSON),
    "a role that may not approve": lambda people: Wanted("Legal", Signer.ROLE, role="drafter"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_nobody_could_sign_is_refused(people: build.Staff, step: str) -> None:
    letter = build.draft(people)
    assert refusal(lambda: _set(letter, people, STEPS[step](people))) == "step-unusable"
    assert review_queries.steps_of(letter.campaign_id) == ()


def test_a_person_who_was_shut_out_makes_no_step(people: build.Staff, director: User) -> None:
    letter = build.draft(people)
    accounts_operations.deactivate(people.approver.id, actor=director)
    steps = (Wanted("Legal", Signer.PERSON, user_id=people.approver.id),)
    act = lambda: reviewing.set_steps(letter.campaign_id, steps, actor=director)  # noqa: E731
    assert refusal(act) == "step-unusable"


def test_an_organisation_needs_a_name_and_one_address(people: build.Staff) -> None:
    letter = build.draft(people)
    north = Wanted("North", Signer.ORGANISATION, organisation="North", signer="Ines")
    assert refusal(lambda: _set(letter, people, north)) == "bad-contact"


def test_progress_asks_as_much_for_many_texts_as_for_one(
    people: build.Staff, letter: Letter
) -> None:
    text = submit(letter, people)
    approve(text, people.approver)
    (found,) = review_queries.progress(letter.campaign_id)
    assert (found.frozen_text_id, found.signed, found.people) == (
        text.id, frozenset({1}), frozenset({people.approver.id}),
    )  # fmt: skip
    assert [step.title for step in found.open] == ["Director"]


def _campaigns() -> list[Campaign]:
    return list(db.session.scalars(db.select(Campaign)))


def test_a_campaign_without_steps_is_signed_as_ever(people: build.Staff) -> None:
    text: FrozenText = build.in_review(people)
    assert "review" not in frozen.load(text).bundle
    assert approve(text, people.approver).step == 0
    assert state_of(text.letter) is LetterState.APPROVED
    assert review_queries.steps_of(_campaigns()[0].id) == ()
