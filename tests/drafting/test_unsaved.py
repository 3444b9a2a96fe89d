"""What somebody types is kept before it is a version, for its writer alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.ctx import AppContext

from campaign import schedule
from campaign.drafting import operations, unsaved, unsaved_keeping, unsaved_texts
from campaign.drafting.models import TextKind
from campaign.drafting.unsaved import Ending, Kept
from campaign.drafting.unsaved_keeping import Place, Typed
from campaign.drafting.unsaved_models import UnsavedText
from campaign.extensions import db
from campaign.kernel import clock
from tests.builders import campaigns
from tests.builders import drafting as build
from tests.drafting.acting import refusal

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
IN_USE = ("Subject", "Words in use.")
ONE, OTHER = "1" * 32, "2" * 32


@pytest.mark.parametrize(
    ("minutes", "length", "new_length", "expected"),
    [
        (1, 1000, 1001, True),
        (6, 1000, 1001, False),  # a new slot
        (1, 1000, 810, True),  # an edit
        (1, 1000, 790, False),  # a cut, perhaps by mistake
        (1, 150, 0, True),  # a short text is soon typed again
    ],
)
def test_a_state_is_replaced_within_its_slot_unless_much_is_cut(
    minutes: int, length: int, new_length: int, expected: bool
) -> None:
    later = NOON + timedelta(minutes=minutes)
    assert unsaved.same_state(NOON, length, later, new_length) is expected


def test_older_states_are_thinned_and_the_newest_of_a_sitting_never_is() -> None:
    ages = [
        *(timedelta(minutes=5 * n) for n in range(12)),  # the last hour: all stay
        *(timedelta(days=2, minutes=5 * n) for n in range(24)),  # two hours: one an hour
        *(timedelta(days=9, hours=n) for n in range(48)),  # two days: one a day
    ]
    states = [Kept(n, NOON - age, False) for n, age in enumerate(ages)]
    left = {one.id for one in states} - unsaved.superfluous(states, NOON)
    assert set(range(12)) <= left
    assert 2 <= len(left & set(range(12, 36))) <= 3
    assert 2 <= len(left & set(range(36, 84))) <= 3
    pinned = [one._replace(newest=True) for one in states]
    assert unsaved.superfluous(pinned, NOON) == frozenset()
    many = [Kept(n, NOON - timedelta(seconds=n), True) for n in range(unsaved.MOST + 2)]
    assert unsaved.superfluous(many, NOON) == {unsaved.MOST, unsaved.MOST + 1}


@dataclass
class Desk:
    """A drafter's place, and a moment that can be moved."""

    place: Place
    moment: datetime = NOON

    def keep(self, body: str, minutes: float = 1, **changes: object) -> UnsavedText | None:
        self.moment += timedelta(minutes=minutes)
        typed = replace(Typed("Subject", body, based_on=0, sitting=ONE), **changes)  # type: ignore[arg-type]
        with clock.at(self.moment):
            return unsaved_keeping.keep(self.place, typed, in_use=IN_USE)

    @property
    def bodies(self) -> list[str]:
        """Every state, newest first."""
        rows = unsaved_texts.states(*self.where)
        return [one.row.body for one in rows]

    @property
    def waiting(self) -> list[str]:
        return [one.body for one in unsaved_texts.waiting(*self.where)]

    @property
    def where(self) -> tuple[int, str, int]:
        return self.place.campaign_id, self.place.text, self.place.writer.id


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


@pytest.fixture
def desk(people: build.Staff) -> Desk:
    campaign = campaigns.campaign(people.drafter)
    return Desk(Place(campaign.id, "letter", people.drafter))


def test_what_is_typed_is_kept_in_states_of_some_minutes(desk: Desk) -> None:
    for n in range(8):
        desk.keep(f"Words {n}")
    assert desk.bodies == ["Words 7", "Words 4"]
    assert desk.waiting == ["Words 7"]
    assert desk.keep("Words in use.") is None  # typed back: nothing is unsaved
    assert desk.waiting == []
    assert desk.bodies == ["Words 7", "Words 4"]


def test_a_great_cut_leaves_what_stood_before(desk: Desk) -> None:
    desk.keep("long " * 200)
    desk.keep("")
    assert desk.bodies == ["", ("long " * 200).strip()]
    assert desk.waiting == [""]


def test_what_arrives_late_replaces_nothing(desk: Desk) -> None:
    desk.keep("second", step=2000)
    desk.keep("first", step=1000)
    assert desk.bodies == ["second"]
    with clock.at(desk.moment):
        unsaved_keeping.end(desk.place, sitting=ONE, ending=Ending.SAVED, version=1)
    assert desk.keep("second", step=2000) is None  # sent by a page while it closed
    assert desk.waiting == []
    desk.keep("third", step=3000)
    assert desk.waiting == ["third"]


def test_two_windows_of_one_person_keep_their_words_beside_each_other(desk: Desk) -> None:
    desk.keep("here")
    desk.keep("there", sitting=OTHER)
    desk.keep("here again")
    assert sorted(desk.waiting) == ["here again", "there"]


def test_to_go_on_with_a_text_ends_the_page_that_it_came_from(desk: Desk) -> None:
    left = desk.keep("left behind")
    assert left
    desk.keep("left behind, gone on", sitting=OTHER, goes_on=left.ref)
    assert desk.waiting == ["left behind, gone on"]
    assert left.ending is Ending.CONTINUED


def test_to_go_on_with_an_earlier_state_leaves_the_last_one_waiting(desk: Desk) -> None:
    early = desk.keep("early")
    desk.keep("last", minutes=10)
    assert early
    desk.keep("early, gone on", sitting=OTHER, goes_on=early.ref)
    assert sorted(desk.waiting) == ["early, gone on", "last"]


def test_dropped_text_stays_for_a_month_and_waiting_text_for_three(desk: Desk) -> None:
    dropped, waits = desk.keep("dropped"), desk.keep("waits", sitting=OTHER)
    assert dropped
    assert waits
    with clock.at(desk.moment):
        unsaved_keeping.drop(desk.place, dropped.ref)
    assert (desk.waiting, desk.bodies) == (["waits"], ["waits", "dropped"])
    for days, left in ((29, 2), (31, 1), (89, 1), (91, 0)):
        with clock.at(desk.moment + timedelta(days=days)):
            schedule.run_pass()
            assert len(desk.bodies) == left, days


def test_another_persons_text_can_neither_be_read_nor_dropped(
    desk: Desk, people: build.Staff
) -> None:
    row = desk.keep("mine")
    assert row
    theirs = Place(desk.place.campaign_id, "letter", people.approver)
    assert unsaved_texts.one(theirs.campaign_id, "letter", people.approver.id, row.ref) is None
    assert refusal(lambda: unsaved_keeping.drop(theirs, row.ref)) == "not-there"
    other_text = Place(desk.place.campaign_id, "reminder", people.drafter)
    assert refusal(lambda: unsaved_keeping.drop(other_text, row.ref)) == "not-there"


def test_others_see_that_somebody_writes_and_when_but_no_word_of_it(
    desk: Desk, people: build.Staff
) -> None:
    desk.keep("mine")
    with clock.at(desk.moment + timedelta(seconds=30)):
        seen = unsaved_texts.others(desk.place.campaign_id, people.approver.id)
        assert seen == {"letter": [("Ada Drafter", desk.moment, True)]}
        assert unsaved_texts.others(desk.place.campaign_id, people.drafter.id) == {}
    with clock.at(desk.moment + timedelta(minutes=5)):
        seen = unsaved_texts.others(desk.place.campaign_id, people.approver.id)
        assert not seen["letter"][0].now


@pytest.mark.parametrize(
    ("subject", "body", "code"),
    [
        ("s" * 301, "", "field-too-long"),
        ("", "b" * 50_001, "field-too-long"),
        ("two\nlines", "", "control-character"),
        ("", "nul \x00", "control-character"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason(
    desk: Desk, subject: str, body: str, code: str
) -> None:
    typed = Typed(subject, body, based_on=0, sitting=ONE)
    keep = unsaved_keeping.keep
    assert refusal(lambda: keep(desk.place, typed, in_use=IN_USE)) == code


def test_a_script_is_held_to_a_pace_and_a_button_is_not(desk: Desk) -> None:
    desk.keep("one")
    typed = Typed("Subject", "two", based_on=0, sitting=OTHER)
    keep = unsaved_keeping.keep
    with clock.at(desk.moment + timedelta(seconds=0.4)):
        code = refusal(lambda: keep(desk.place, typed, in_use=IN_USE, by_script=True))
        assert code == "unsaved-too-soon"
        assert keep(desk.place, typed, in_use=IN_USE)
    with clock.at(desk.moment + timedelta(seconds=1)):
        assert keep(desk.place, replace(typed, body="three"), in_use=IN_USE, by_script=True)


def test_a_forged_sitting_or_step_is_no_more_than_a_new_page(desk: Desk) -> None:
    row = desk.keep("words", sitting="'; drop --", step=-5)
    assert row
    assert len(row.sitting) == 32
    assert row.step == 0
    row = desk.keep("more", sitting="x", step=10**30)
    assert row
    assert row.step == 2**53


def test_saving_another_text_touches_nothing_that_waits(desk: Desk, people: build.Staff) -> None:
    desk.keep("mine")
    operations.save_template(
        desk.place.campaign_id,
        kind=TextKind.LETTER,
        subject="Theirs",
        body="Dear ((contact.salutation)), theirs.",
        actor=people.drafter,
    )
    assert desk.waiting == ["mine"]
    assert db.session.query(UnsavedText).count() == 1
