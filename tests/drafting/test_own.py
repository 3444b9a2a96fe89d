"""What one letter says otherwise than its campaign: kept, merged, frozen, signed anew."""

from __future__ import annotations

import json

import pytest
from flask.ctx import AppContext

from campaign.campaigns import operations as campaigns
from campaign.drafting import (
    composing,
    custom_operations,
    frozen,
    merging,
    operations,
    own_reading,
    own_saving,
    queries,
)
from campaign.drafting.models import Letter, LetterState, TextKind
from campaign.drafting.operations import NotReady
from campaign.drafting.own import OwnWords
from campaign.drafting.own_saving import save_own, settle
from campaign.drafting.placeholders import FieldKind
from campaign.extensions import db
from tests.builders import campaigns as build_campaigns
from tests.builders import drafting as build
from tests.builders.campaigns import QUESTIONS
from tests.builders.drafting import Staff
from tests.drafting.acting import approve, kinds, refusal, state_of, submit

ASIDE = "In March you told the press that you keep nothing."
WHY = "Only this company sells cars."


@pytest.fixture
def people(ctx: AppContext) -> Staff:
    return build.staff()


@pytest.fixture
def letter(people: Staff) -> Letter:
    return build.draft(people)


def body_of(letter: Letter) -> str:
    return composing.latest(letter.campaign_id)[TextKind.LETTER].body


def with_aside(letter: Letter, before: str = "Please answer these questions:") -> OwnWords:
    body = body_of(letter)
    return OwnWords(base_body=body, body=body.replace(before, f"{ASIDE}\n\n{before}"))


def asking(*questions: str, why: str = WHY) -> OwnWords:
    return OwnWords(base_questions=QUESTIONS, questions=questions, why=why)


def drafted(letter: Letter) -> composing.Composed:
    return composing.compose(letter, queries.today())


def change_text(people: Staff, letter: Letter, old: str, new: str) -> None:
    text = composing.latest(letter.campaign_id)[TextKind.LETTER]
    assert old in text.body
    operations.save_template(
        letter.campaign_id, kind=TextKind.LETTER, subject=text.subject,
        body=text.body.replace(old, new), actor=people.drafter,
    )  # fmt: skip


def test_own_paragraphs_stand_in_this_letter_only(people: Staff, letter: Letter) -> None:
    other = build.draft(people, build.reachable("Tamarind"), letter.campaign)
    save_own(letter.id, with_aside(letter), actor=people.drafter)
    own = drafted(letter).draft.own
    assert own
    assert own.paragraphs == (merging.Change("", ASIDE),)
    assert ASIDE in drafted(letter).draft.letter.body
    assert drafted(other).draft.own is None
    assert ASIDE not in drafted(other).draft.letter.body
    assert kinds(letter)[-1] == "letter.own_saved"


def test_what_the_campaign_changes_later_flows_in(people: Staff, letter: Letter) -> None:
    save_own(letter.id, with_aside(letter), actor=people.drafter)
    change_text(people, letter, "We look forward to hearing from you.", "Thank you.")
    body = drafted(letter).draft.letter.body
    assert ASIDE in body
    assert body.endswith("Thank you.")
    assert not drafted(letter).problems


def own_greeting(people: Staff, letter: Letter) -> None:
    """Both the letter and then the campaign change the last paragraph."""
    body = body_of(letter)
    own = body.replace("We look forward to hearing from you.", "We look forward to your answer.")
    save_own(letter.id, OwnWords(base_body=body, body=own), actor=people.drafter)
    change_text(people, letter, "We look forward to hearing from you.", "We look forward to it.")


def test_what_both_changed_keeps_the_letter_from_approval(people: Staff, letter: Letter) -> None:
    own_greeting(people, letter)
    assert [one.code for one in drafted(letter).problems] == ["own-conflict"]
    with pytest.raises(NotReady):
        submit(letter, people)


@pytest.mark.parametrize(
    ("choice", "end"),
    [
        ("ours", "We look forward to your answer."),
        ("theirs", "We look forward to it."),
        ("both", "We look forward to it.\n\nWe look forward to your answer."),
    ],
)
def test_a_person_chooses_what_holds(people: Staff, letter: Letter, choice: str, end: str) -> None:
    own_greeting(people, letter)
    seen = own_saving.fingerprint(own_saving.now(letter))
    settle(letter.id, [choice], seen=seen, actor=people.drafter)
    assert not drafted(letter).problems
    assert drafted(letter).draft.letter.body.endswith(end)


def test_saving_the_text_does_not_choose_what_holds(people: Staff, letter: Letter) -> None:
    own_greeting(people, letter)
    applied = own_saving.now(letter)
    typed = OwnWords(base_body=applied.instead_of.body, body=applied.said.body)
    assert refusal(lambda: save_own(letter.id, typed, actor=people.drafter)) == "own-conflict"
    older = applied.own._replace(body=f"{applied.own.body}\n\n{ASIDE}")  # typed before it came
    save_own(letter.id, older, actor=people.drafter)
    assert [one.code for one in drafted(letter).problems] == ["own-conflict"]


def test_a_letter_that_left_once_keeps_its_questions_and_days(
    people: Staff, letter: Letter
) -> None:
    letter.round = 2
    db.session.commit()
    act = lambda words: lambda: save_own(letter.id, words, actor=people.drafter)  # noqa: E731
    assert refusal(act(OwnWords(days=21, why=WHY))) == "own-fixed"
    assert refusal(act(asking(*QUESTIONS, "More?"))) == "own-fixed"
    save_own(letter.id, with_aside(letter), actor=people.drafter)
    assert ASIDE in drafted(letter).draft.letter.body


def test_nobody_settles_what_they_have_not_seen(people: Staff, letter: Letter) -> None:
    own_greeting(people, letter)
    seen = own_saving.fingerprint(own_saving.now(letter))
    change_text(people, letter, "We look forward to it.", "We look forward to that.")
    for choices in (["ours"], [], ["ours", "ours"], ["anything"]):
        act = lambda given=choices: settle(letter.id, given, seen=seen, actor=people.drafter)  # noqa: E731
        assert refusal(act) == "own-moved"


def test_other_questions_need_a_reason(people: Staff, letter: Letter) -> None:
    typed = asking(*QUESTIONS, "Do your cars send it?", why=" ")
    assert refusal(lambda: save_own(letter.id, typed, actor=people.drafter)) == (
        "own-reason-missing"
    )
    save_own(letter.id, typed._replace(why=WHY), actor=people.drafter)
    draft = drafted(letter).draft
    assert draft.letter.questions == (*QUESTIONS, "Do your cars send it?")
    assert draft.texts[TextKind.REMINDER].questions == draft.letter.questions
    assert draft.own
    assert [one.number for one in draft.own.asked] == [1, 2, None]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ((QUESTIONS[1],), [2]),
        (("For how long do you keep video?", QUESTIONS[1]), [None, 2]),
        ((QUESTIONS[1], QUESTIONS[0]), [2, 1]),
    ],
)
def test_a_question_keeps_the_campaigns_number_where_its_words_are_the_same(
    people: Staff, letter: Letter, asked: tuple[str, ...], numbers: list[int | None]
) -> None:
    save_own(letter.id, asking(*asked), actor=people.drafter)
    own = drafted(letter).draft.own
    assert own
    assert [one.number for one in own.asked] == numbers


def test_a_text_without_the_questions_asks_none_and_needs_a_reason(
    people: Staff, letter: Letter
) -> None:
    body = body_of(letter)
    typed = OwnWords(base_body=body, body=body.replace("((questions))", "What do you say?"))
    assert refusal(lambda: save_own(letter.id, typed, actor=people.drafter)) == (
        "own-reason-missing"
    )
    save_own(letter.id, typed._replace(why=WHY), actor=people.drafter)
    own = drafted(letter).draft.own
    assert own
    assert own.asked == ()


def test_other_days_need_a_reason_and_move_the_deadline(people: Staff, letter: Letter) -> None:
    before = drafted(letter).draft.deadline_on
    typed = OwnWords(days=21)
    assert refusal(lambda: save_own(letter.id, typed, actor=people.drafter)) == (
        "own-reason-missing"
    )
    save_own(letter.id, typed._replace(why=WHY), actor=people.drafter)
    assert (drafted(letter).draft.deadline_on - before).days == 7


def test_a_short_period_of_its_own_is_explained_by_its_own_reason(
    people: Staff, letter: Letter
) -> None:
    save_own(letter.id, OwnWords(days=2, why=WHY), actor=people.drafter)
    assert not drafted(letter).problems
    assert drafted(letter).draft.approvals_needed == 2


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (OwnWords(days=0, why=WHY), "bad-policy"),
        (OwnWords(days=366, why=WHY), "bad-policy"),
        (asking(), "questions-missing"),
        (asking(*(f"Question {n}" for n in range(61))), "bad-policy"),
        (asking("x" * 2001), "field-too-long"),
        (OwnWords(base_body="a", body="((nobody))"), "template-faults"),
        (OwnWords(base_body="a", body="((chart: no/such))"), "template-faults"),
        (OwnWords(base_body="a", body="a\x00b"), "control-character"),
    ],
)
def test_what_cannot_be_sent_is_not_saved(
    people: Staff, letter: Letter, typed: OwnWords, code: str
) -> None:
    assert refusal(lambda: save_own(letter.id, typed, actor=people.drafter)) == code


def test_the_campaigns_own_words_are_none_of_the_letter(people: Staff, letter: Letter) -> None:
    same = OwnWords(
        base_body=body_of(letter), body=body_of(letter).replace("\n", "\r\n"),
        base_questions=QUESTIONS, questions=tuple(f" {one} " for one in QUESTIONS), days=14,
    )  # fmt: skip
    assert save_own(letter.id, same, actor=people.drafter) is None
    assert own_reading.newest(letter.id) is None


def test_a_letter_gets_the_campaigns_words_back(people: Staff, letter: Letter) -> None:
    save_own(letter.id, with_aside(letter), actor=people.drafter)
    save_own(letter.id, OwnWords(), actor=people.drafter)
    assert drafted(letter).draft.own is None
    assert ASIDE not in drafted(letter).draft.letter.body


def test_a_newer_version_is_not_saved_over(people: Staff, letter: Letter) -> None:
    save_own(letter.id, with_aside(letter), actor=people.drafter, based_on=0)
    late = OwnWords(days=21, why=WHY)
    assert refusal(lambda: save_own(letter.id, late, actor=people.approver, based_on=0)) == (
        "own-newer"
    )


def test_own_words_are_frozen_with_the_letter(people: Staff, letter: Letter) -> None:
    added = (*QUESTIONS, "Do your cars send it?")
    save_own(letter.id, asking(*added)._replace(days=21), actor=people.drafter)
    text = submit(letter, people)
    own = frozen.load(text).bundle["own"]
    assert own["why"] == WHY
    assert own["days"] == 21
    assert own["instead_of"] == {"body": "", "questions": list(QUESTIONS), "days": 14}
    assert json.loads(text.own) == {k: v for k, v in own.items() if k != "instead_of"}
    assert frozen.load(text).content.questions == added
    assert "Do your cars send it?" in frozen.load(text).letter_mail().text


def test_a_letter_without_own_words_is_frozen_as_ever(people: Staff, letter: Letter) -> None:
    text = submit(letter, people)
    assert text.own == ""
    assert "own" not in frozen.load(text).bundle


def test_a_change_of_own_words_takes_an_approved_text_back(people: Staff, letter: Letter) -> None:
    approve(submit(letter, people), people.approver)
    save_own(letter.id, with_aside(letter), actor=people.drafter)
    assert state_of(letter) is LetterState.DRAFT
    text = submit(letter, people)
    save_own(letter.id, OwnWords(days=21, why=WHY), actor=people.drafter)
    assert refusal(lambda: approve(text, people.approver)) == "not-in-review"


def test_a_row_changed_behind_our_back_makes_the_text_stale(people: Staff, letter: Letter) -> None:
    save_own(letter.id, OwnWords(days=21, why=WHY), actor=people.drafter)
    text = submit(letter, people)
    assert not queries.is_stale(text)
    row = own_reading.newest(letter.id)
    assert row
    row.why = "Another reason."
    db.session.commit()
    assert queries.is_stale(text)


def test_who_wrote_the_own_words_may_not_approve_them(people: Staff, letter: Letter) -> None:
    save_own(letter.id, with_aside(letter), actor=people.approver)
    text = submit(letter, people)
    assert refusal(lambda: approve(text, people.approver)) == "own-text"


def test_the_notice_counts_in_the_letters_own_text(people: Staff, letter: Letter) -> None:
    body = body_of(letter)
    typed = OwnWords(base_body=body, body=body.replace("((publication_notice))\n\n", ""))
    save_own(letter.id, typed, actor=people.drafter)
    assert not submit(letter, people).notice_given
    back = OwnWords()
    save_own(letter.id, back, actor=people.drafter)
    assert submit(letter, people).notice_given


def test_questions_that_the_campaign_changes_flow_in(people: Staff, letter: Letter) -> None:
    save_own(letter.id, asking(*QUESTIONS, "Do your cars send it?"), actor=people.drafter)
    campaigns.change_campaign(
        letter.campaign_id, questions=[QUESTIONS[0], "Who can read it?"], actor=people.drafter
    )
    assert drafted(letter).draft.letter.questions == (
        QUESTIONS[0], "Who can read it?", "Do your cars send it?",
    )  # fmt: skip


def test_a_question_that_both_changed_is_settled_too(people: Staff, letter: Letter) -> None:
    save_own(letter.id, asking(QUESTIONS[0], "Who at your firm can read it?"), actor=people.drafter)
    campaigns.change_campaign(
        letter.campaign_id, questions=[QUESTIONS[0], "Who can read it?"], actor=people.drafter
    )
    assert [one.code for one in drafted(letter).problems] == ["own-conflict"]
    seen = own_saving.fingerprint(own_saving.now(letter))
    settle(letter.id, ["theirs"], seen=seen, actor=people.drafter)
    assert drafted(letter).draft.letter.questions == (QUESTIONS[0], "Who can read it?")
    assert not drafted(letter).problems


def test_the_campaigns_field_stays_while_a_letter_of_its_own_uses_it(
    people: Staff, letter: Letter
) -> None:
    custom_operations.add_field(
        letter.campaign_id, name="model", label="Model", kind=FieldKind.TEXT, actor=people.drafter
    )
    typed = with_aside(letter)
    typed = typed._replace(body=typed.body.replace(ASIDE, "Your ((custom.model)) sends it."))
    save_own(letter.id, typed, actor=people.drafter)
    act = lambda: custom_operations.remove_field(letter.campaign_id, "model", actor=people.drafter)  # noqa: E731
    assert refusal(act) == "custom-in-use"


def test_a_letter_that_does_not_exist_is_not_there(people: Staff) -> None:
    build_campaigns.campaign(people.drafter)
    assert refusal(lambda: save_own(999, OwnWords(), actor=people.drafter)) == "not-there"
    assert refusal(lambda: settle(999, [], seen="", actor=people.drafter)) == "not-there"
