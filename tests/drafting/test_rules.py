from __future__ import annotations

from datetime import date

import pytest

from campaign.companies.rules import Channel
from campaign.drafting import rules
from campaign.drafting.rules import Calendar, Promise
from campaign.kernel.compare import side_by_side
from campaign.kernel.days import Unit

LONDON = Calendar("GB", "ENG", "Europe/London")
ANYWHERE = Calendar(None, None, None)
FULL = Promise(reminders=True, auto_publish=True, grace_working_days=1, notice_given=True)

E, F, P, M = Channel.EMAIL, Channel.FORM, Channel.POST, Channel.MENTION


@pytest.mark.parametrize(
    ("contacts", "place"),
    [
        ([], None),
        ([(M, True)], None),
        ([(M, True), (P, False)], 1),
        ([(P, True), (F, False)], 1),
        ([(F, True), (E, False)], 1),
        ([(E, False), (E, True)], 1),
        ([(E, True), (E, True)], 0),
        ([(P, True), (F, True), (E, False), (E, False)], 2),
    ],
)
def test_a_letter_goes_to_the_best_contact(
    contacts: list[tuple[Channel, bool]], place: int | None
) -> None:
    assert rules.best(contacts) == place


@pytest.mark.parametrize(
    ("dated_on", "response_days", "calendar", "needed"),
    [
        (date(2026, 11, 22), 14, LONDON, 1),
        (date(2026, 11, 22), 5, LONDON, 1),  # Monday to Friday
        (date(2026, 11, 22), 4, LONDON, 2),
        (date(2026, 11, 23), 5, LONDON, 2),  # Tuesday to Saturday
        (date(2026, 12, 23), 8, LONDON, 2),  # Christmas, Boxing Day moved to Monday 28th
        (date(2026, 12, 23), 8, ANYWHERE, 1),
        (date(2026, 4, 2), 7, LONDON, 2),  # Good Friday, Easter Monday
        (date(2026, 4, 2), 7, ANYWHERE, 1),
    ],
)
def test_fewer_than_five_working_days_need_two_approvers(
    dated_on: date, response_days: int, calendar: Calendar, needed: int
) -> None:
    deadline = rules.printed_deadline(dated_on, response_days, Unit.CALENDAR, calendar)
    assert rules.approvals_needed(dated_on, deadline, calendar) == needed


@pytest.mark.parametrize(
    ("salutation", "office", "greeted"),
    [
        ("Ms Quill", "privacy office", "Ms Quill"),
        ("Dear Ms Quill,", "", "Ms Quill"),
        ("dear  Dr O'Neil ,", "", "Dr O'Neil"),
        ("Dearborn team", "", "Dearborn team"),
        ("", "privacy office", "Privacy Office"),
        ("", "the office of the data protection officer",
         "Office of the Data Protection Officer"),
        ("", "DPO", "DPO"),
        ("  ", "  ", "Sir or Madam"),
        ("Dear ", "", "Sir or Madam"),
    ],
)  # fmt: skip
def test_a_letter_greets_somebody(salutation: str, office: str, greeted: str) -> None:
    assert rules.greeted(salutation, office) == greeted


@pytest.mark.parametrize(
    ("ways", "lines"),
    [
        ([(E, "a@b.example")], ("via e-mail: a@b.example",)),
        ([(F, "https://b.example/c")], ("via the form at https://b.example/c",)),
        ([(P, "B plc\n 1 High Street \n\nTown")], ("B plc", "1 High Street", "Town")),
        ([(M, "@b")], ("via X: @b",)),
        ([(M, "@b@c.example")], ("via Mastodon: @b@c.example",)),
        ([(M, "https://b.example/us")], ("via a public mention of https://b.example/us",)),
        (
            [(E, "a@b.example"), (M, "@b"), (P, "1 High Street\nTown")],
            ("1 High Street", "Town", "via e-mail: a@b.example", "and via X: @b"),
        ),
    ],
)
def test_a_letter_says_by_which_ways_it_comes(
    ways: list[tuple[Channel, str]], lines: tuple[str, ...]
) -> None:
    assert rules.channel_lines(ways) == lines


def test_a_printed_reference_leads_back_to_its_letter() -> None:
    ref = "3f2a9c1d7be94f00"
    printed = rules.reference(ref)
    assert printed == "L-3F2A9C1D7B"
    text = f"Re: your letter {printed.lower()} ({printed}); not xL-3F2A9C1D7B or L-3F2A9C1D7B0"
    assert rules.references_in(text) == ("3f2a9c1d7b",)
    assert ref.startswith(rules.references_in(text)[0])


def _told(dated_on: date, response_days: int, promise: Promise = FULL, **changes: object) -> str:
    given: dict[str, object] = {
        "calendar": LONDON,
        "to": "privacy@b.example",
        "by_program": True,
        **changes,
    }
    deadline = rules.printed_deadline(dated_on, response_days, Unit.CALENDAR, LONDON)
    told = rules.automation(dated_on, deadline, promise=promise, **given)  # type: ignore[arg-type]
    return "\n".join(told)


@pytest.mark.parametrize(
    ("promise", "changes", "holds", "not_there"),
    [
        (FULL, {}, "On 30 November 2026 a reminder goes to privacy@b.example by e-mail", "task"),
        (FULL, {}, "On 3 December 2026 a final notice goes to", "task"),
        (FULL, {"by_program": False, "to": "B"}, "a reminder to B becomes a task", "e-mail"),
        (FULL, {}, "by the end of 7 December 2026 in London (GMT)", "person's word"),
        (FULL, {}, "the program publishes “did not respond” by itself", "person's word"),
        (FULL, {"calendar": ANYWHERE}, "anywhere on Earth (UTC−12)", "in anywhere"),
        (Promise(True, False, 1, True), {}, "after that word only", "by itself"),
        (Promise(False, True, 1, True), {}, "No reminder is sent", "final notice"),
        (Promise(True, True, 1, False), {}, "is never published from it", "by itself"),
        (Promise(True, True, 3, True), {}, "by the end of 9 December 2026", "7 December"),
    ],
)  # fmt: skip
def test_the_approver_reads_what_is_automatic(
    promise: Promise, changes: dict[str, object], holds: str, not_there: str
) -> None:
    told = _told(date(2026, 11, 22), 14, promise, **changes)
    assert holds in told
    assert not_there not in told


@pytest.mark.parametrize("response_days", range(1, 12))
def test_no_reminder_is_announced_for_a_day_after_the_deadline(response_days: int) -> None:
    told = _told(date(2026, 12, 22), response_days)
    assert "reminder" in told
    if "In this short period" not in told:
        assert told.index("a reminder goes") < told.index("a final notice goes")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a\nb", "a\nb", ()),
        ("dated 1 May\nsame", "dated 9 May\nsame", (("-", "dated 1 May"), ("+", "dated 9 May"))),
        ("a\n\nb", "a\nb", ()),
        ("", "new", (("+", "new"),)),
    ],
)
def test_two_texts_are_told_apart_by_their_lines(
    before: str, after: str, told: tuple[tuple[str, str], ...]
) -> None:
    assert rules.differences(before, after) == told


@pytest.mark.parametrize(
    ("text", "words", "minutes"),
    [
        ("", 0, 0),
        ("One.", 1, 1),
        ("- a **bold** word – and ((company.name))", 5, 1),
        ("[our policy](https://company.example/policy)", 2, 1),
        ("請回答問題", 5, 1),
        ("お答えを GmbH から", 7, 1),
        ("word " * 200, 200, 1),
        ("word " * 201, 201, 2),
    ],
)
def test_words_are_counted_and_reading_takes_a_minute_for_200(
    text: str, words: int, minutes: int
) -> None:
    assert rules.length(text) == rules.Length(words, minutes)


def test_two_texts_stand_line_beside_line() -> None:
    assert side_by_side("A\nB\nC", "A\nX\nY\nC") == (
        (True, "A", "A"),
        (False, "B", "X"),
        (False, "", "Y"),
        (True, "C", "C"),
    )
