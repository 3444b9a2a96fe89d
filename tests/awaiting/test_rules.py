from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from campaign.awaiting import rules
from campaign.awaiting.rules import Due, Place, Policy
from campaign.campaigns.rules import SHORT_PERIOD
from campaign.drafting.rules import Calendar, approvals_needed
from campaign.kernel.days import Unit
from campaign.kernel.errors import Problem

D = date.fromisoformat
LONDON = Place("GB", None, "Europe/London")
BERLIN = Place("DE", "BE", "Europe/Berlin")
CAIRO = Place("EG", None, "Africa/Cairo")
APIA = Place("WS", None, "Pacific/Apia")
KIRITIMATI = Place("KI", None, "Pacific/Kiritimati")
HONOLULU = Place("US", "HI", "Pacific/Honolulu")
LORD_HOWE = Place("AU", "NSW", "Australia/Lord_Howe")
NOWHERE = Place(None, None, None)
PLACES = [LONDON, BERLIN, CAIRO, APIA, KIRITIMATI, HONOLULU, LORD_HOWE, NOWHERE]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent_on", "response_days", "printed"),
    [
        ("2026-11-18", 14, "2026-12-02"),
        ("2028-02-15", 14, "2028-02-29"),
        ("2027-02-15", 14, "2027-03-01"),
        ("2026-12-20", 14, "2027-01-03"),
    ],
)
def test_the_printed_deadline_is_calendar_days_after_the_letter(
    sent_on: str, response_days: int, printed: str
) -> None:
    assert LONDON.period_end(D(sent_on), Policy(response_days)) == D(printed)


@pytest.mark.parametrize(
    ("sent_on", "number", "place", "printed"),
    [
        ("2026-11-18", 10, LONDON, "2026-12-02"),
        ("2026-12-18", 10, LONDON, "2027-01-06"),  # Christmas, Boxing Day on Monday, New Year
        (
            "2026-12-18",
            10,
            Place("GB", "SCT", "Europe/London"),
            "2027-01-07",
        ),  # 4 January too
        ("2026-12-18", 10, Place("DE", "BY", "Europe/Berlin"), "2027-01-05"),
        ("2026-12-18", 10, Place(None, None, None), "2027-01-01"),  # no holidays are known
        ("2026-11-20", 1, LONDON, "2026-11-23"),  # a Friday: the Monday
        ("2026-11-21", 1, LONDON, "2026-11-23"),  # a Saturday: the Monday
        ("2028-02-25", 2, LONDON, "2028-02-29"),
        (
            "2026-11-18",
            2,
            Place("GB", None, "Europe/London", closed=frozenset([date(2026, 11, 20)])),
            "2026-11-23",
        ),
    ],
)
def test_a_period_in_working_days_is_counted_on_the_companys_calendar(
    sent_on: str, number: int, place: Place, printed: str
) -> None:
    policy = Policy(number, unit=Unit.WORKING)
    assert place.period_end(D(sent_on), policy) == D(printed)


def test_the_full_working_days_count_from_proof_and_a_holiday_found_later_only_adds() -> None:
    policy, proof = Policy(5, unit=Unit.WORKING), utc("2026-11-20T12:00")
    printed = D("2026-11-25")
    assert rules.binding_deadline(printed, proof, policy, LONDON) == D("2026-11-27")
    closed = Place("GB", None, "Europe/London", closed=frozenset([date(2026, 11, 24)]))
    later = rules.binding_deadline(printed, proof, policy, closed, earlier=D("2026-11-27"))
    assert later == D("2026-11-30")
    assert rules.binding_deadline(printed, proof, policy, LONDON, earlier=later) == later


@pytest.mark.parametrize(
    ("sent_on", "deadline", "place", "needed"),
    [
        ("2026-11-16", "2026-11-20", LONDON, True),  # Monday to Friday: 4 working days
        ("2026-11-16", "2026-11-23", LONDON, False),
        ("2026-11-13", "2026-11-20", LONDON, False),
        ("2026-12-22", "2026-12-30", LONDON, True),  # Christmas, its substitute, a weekend
        ("2026-12-22", "2026-12-30", BERLIN, False),
        ("2026-12-22", "2026-12-30", NOWHERE, False),
        ("2026-11-18", "2026-11-25", CAIRO, False),
        ("2026-11-18", "2026-11-24", CAIRO, True),
        ("2026-11-18", "2026-11-10", LONDON, True),
    ],
)
def test_a_period_under_five_working_days_needs_a_second_approver(
    sent_on: str, deadline: str, place: Place, needed: bool
) -> None:
    calendar = Calendar(place.country, place.region, place.zone)
    approvals = approvals_needed(D(sent_on), D(deadline), calendar)
    assert (approvals == 2) is needed


PRINTED = D("2026-12-02")
SENT = utc("2026-11-18T10:00")


def test_without_adequate_proof_no_deadline_binds() -> None:
    assert (
        rules.binding_deadline(
            PRINTED, None, Policy(), LONDON, granted=[D("2027-01-01")], earlier=PRINTED
        )
        is None
    )


@pytest.mark.parametrize(
    ("proof_at", "place", "expected"),
    [
        (SENT, LONDON, "2026-12-02"),
        (utc("2026-11-10T10:00"), LONDON, "2026-12-02"),  # the printed date is later
        (utc("2026-11-23T10:00"), LONDON, "2026-12-07"),
        (utc("2026-11-18T23:30"), BERLIN, "2026-12-03"),  # the 19th in Berlin
        (utc("2026-11-19T09:00"), HONOLULU, "2026-12-02"),  # still the 18th in Honolulu
        (utc("2026-11-18T10:30"), KIRITIMATI, "2026-12-03"),
        (utc("2026-11-19T11:59"), NOWHERE, "2026-12-02"),
        (utc("2026-11-19T12:00"), NOWHERE, "2026-12-03"),
    ],
)
def test_the_later_of_printed_date_and_proof_plus_period_binds(
    proof_at: datetime, place: Place, expected: str
) -> None:
    assert rules.binding_deadline(PRINTED, proof_at, Policy(), place) == D(expected)


@pytest.mark.parametrize(
    ("granted", "late", "earlier", "expected"),
    [
        (["2026-12-09"], [], None, "2026-12-09"),
        (["2026-12-16", "2026-12-09"], [], None, "2026-12-16"),
        (["2026-11-25"], [], None, "2026-12-02"),  # no extension makes it earlier
        ([], ["2026-12-01T09:00"], None, "2026-12-04"),
        ([], ["2026-11-20T09:00"], None, "2026-12-02"),
        ([], ["2026-12-24T12:00"], None, "2026-12-31"),  # 29, 30, 31 December
        ([], ["2026-12-01T09:00", "2026-12-03T09:00"], None, "2026-12-08"),
        (["2026-12-05"], ["2026-12-01T09:00"], "2026-12-20", "2026-12-20"),
        ([], [], "2026-11-20", "2026-12-02"),
    ],
)
def test_what_was_granted_or_promised_moves_the_deadline_later_only(
    granted: list[str], late: list[str], earlier: str | None, expected: str
) -> None:
    found = rules.binding_deadline(
        PRINTED,
        SENT,
        Policy(),
        LONDON,
        granted=[D(day) for day in granted],
        late_reminders=[utc(moment) for moment in late],
        earlier=D(earlier) if earlier else None,
    )
    assert found == D(expected)


@pytest.mark.parametrize(
    ("deadline", "place", "over", "silence"),
    [
        # A Friday: the day of grace is Monday.
        ("2026-11-20", LONDON, "2026-11-21T00:00", "2026-11-24T00:00"),
        ("2026-12-02", BERLIN, "2026-12-02T23:00", "2026-12-03T23:00"),
        # Christmas in Britain and in Germany.
        ("2026-12-25", LONDON, "2026-12-26T00:00", "2026-12-30T00:00"),
        ("2026-12-25", BERLIN, "2026-12-25T23:00", "2026-12-28T23:00"),
        ("2026-01-05", Place("DE", "BY", "Europe/Berlin"), "2026-01-05T23:00", "2026-01-07T23:00"),
        ("2026-01-05", BERLIN, "2026-01-05T23:00", "2026-01-06T23:00"),
        # Clock changes.
        ("2026-03-28", LONDON, "2026-03-29T00:00", "2026-03-30T23:00"),
        ("2026-10-23", LONDON, "2026-10-23T23:00", "2026-10-27T00:00"),
        ("2026-04-03", LORD_HOWE, "2026-04-03T13:00", "2026-04-07T13:30"),
        # A weekend on Friday and Saturday.
        ("2026-11-19", CAIRO, "2026-11-19T22:00", "2026-11-22T22:00"),
        ("2021-11-25", Place("AE", None, "Asia/Dubai"), "2021-11-25T20:00", "2021-11-28T20:00"),
        ("2026-11-19", Place("IL", None, "Asia/Jerusalem"), "2026-11-19T22:00", "2026-11-22T22:00"),
        # The date line: Friday 30 December 2011 did not exist in Samoa.
        ("2011-12-29", APIA, "2011-12-30T10:00", "2012-01-03T10:00"),
        ("2026-12-02", KIRITIMATI, "2026-12-02T10:00", "2026-12-03T10:00"),
        ("2026-12-02", HONOLULU, "2026-12-03T10:00", "2026-12-04T10:00"),
        ("2026-12-02", NOWHERE, "2026-12-03T12:00", "2026-12-04T12:00"),
        ("2028-02-28", LONDON, "2028-02-29T00:00", "2028-03-01T00:00"),
    ],
)
def test_silence_begins_after_the_deadlines_day_and_the_days_of_grace_in_the_companys_zone(
    deadline: str, place: Place, over: str, silence: str
) -> None:
    assert rules.deadline_at(D(deadline), place) == utc(over)
    assert rules.silence_at(D(deadline), Policy(), place) == utc(silence)


def test_without_grace_silence_begins_with_the_end_of_the_deadline() -> None:
    policy = Policy(grace_working_days=0)
    assert rules.silence_at(D("2026-12-25"), policy, LONDON) == utc("2026-12-26T00:00")


def test_days_on_which_the_company_is_closed_lengthen_the_grace() -> None:
    closed = Place("GB", None, "Europe/London", frozenset({D("2026-12-03"), D("2026-12-04")}))
    assert rules.silence_at(PRINTED, Policy(), closed) == utc("2026-12-08T00:00")


@pytest.mark.parametrize(
    ("started", "deadline", "place", "reminder", "final"),
    [
        ("2026-11-18T10:00", "2026-12-02", LONDON, "2026-11-25T09:00", "2026-11-30T09:00"),
        ("2026-11-18T10:00", "2026-12-02", BERLIN, "2026-11-25T08:00", "2026-11-30T08:00"),
        ("2026-11-18T10:00", "2026-12-02", NOWHERE, "2026-11-24T21:00", "2026-11-30T21:00"),
        # Half way falls on a Sunday, the deadline too.
        ("2026-11-22T10:00", "2026-12-06", LONDON, "2026-11-30T09:00", "2026-12-03T09:00"),
        # Half way is Christmas Day.
        ("2026-12-18T10:00", "2027-01-01", LONDON, "2026-12-29T09:00", "2026-12-30T09:00"),
        ("2026-12-18T10:00", "2027-01-01", BERLIN, "2026-12-28T08:00", "2026-12-30T08:00"),
        # Half way is a Sunday; the Monday is the final notice's own day, so Friday.
        ("2026-11-18T10:00", "2026-11-25", LONDON, "2026-11-20T09:00", "2026-11-23T09:00"),
        # Clocks change on the way.
        ("2026-03-20T10:00", "2026-04-03", LONDON, "2026-03-27T09:00", "2026-04-01T08:00"),
        # A weekend on Friday and Saturday.
        ("2026-11-13T10:00", "2026-11-27", CAIRO, "2026-11-22T07:00", "2026-11-25T07:00"),
        # Short periods: Monday to Friday, Thursday, Wednesday, Tuesday.
        ("2026-11-16T10:00", "2026-11-20", LONDON, "2026-11-17T09:00", "2026-11-18T09:00"),
        ("2026-11-16T10:00", "2026-11-19", LONDON, "2026-11-17T09:00", "2026-11-18T09:00"),
        ("2026-11-16T10:00", "2026-11-18", LONDON, "2026-11-17T09:00", "2026-11-18T09:00"),
        ("2026-11-16T10:00", "2026-11-17", LONDON, "2026-11-17T09:00", "2026-11-17T16:30"),
        # Friday to Saturday: no working day between.
        ("2026-11-20T10:00", "2026-11-21", LONDON, "2026-11-21T09:00", "2026-11-21T16:30"),
    ],
)
def test_the_reminder_comes_half_way_and_the_final_notice_two_working_days_before(
    started: str, deadline: str, place: Place, reminder: str, final: str
) -> None:
    at = rules.reminder_at(utc(started), D(deadline), place)
    assert at == utc(reminder)
    assert rules.final_notice_at(D(deadline), place, after_reminder=at) == utc(final)


def test_a_period_that_ends_on_its_first_day_is_halved_in_hours() -> None:
    at = rules.reminder_at(utc("2026-11-18T10:00"), D("2026-11-18"), LONDON)
    assert at == utc("2026-11-18T17:00")


def ask(
    now: datetime, started_at: datetime, deadline: date, place: Place, sent: list[datetime]
) -> Due | None:
    return rules.due_now(
        now,
        started_at,
        deadline,
        place,
        Policy(),
        reminder_sent=len(sent) > 0,
        final_sent=len(sent) > 1,
        last_reminder_at=sent[0] if sent else None,
    )


@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.zone))
@pytest.mark.parametrize("length", range(1, 31))
def test_each_notice_goes_once_in_time_and_in_order_whatever_the_length(
    length: int, place: Place
) -> None:
    step = timedelta(minutes=30 if length < 7 else 180)
    for start in range(0, 7, 2 if length < 7 else 3):
        started_at = utc("2026-12-14T22:15") + timedelta(days=start)
        deadline = place.date_at(started_at) + timedelta(days=length)
        sent: list[datetime] = []
        now = started_at
        while now < rules.deadline_at(deadline, place) + timedelta(days=2):
            due = ask(now, started_at, deadline, place, sent)
            if due:
                assert due == Due(("reminder", "final_notice")[len(sent)], late=False)
                sent.append(now)
            now += step
        reminder, final = sent
        assert started_at < reminder < final < rules.deadline_at(deadline, place)
        if place.working_days(place.date_at(started_at), deadline) >= SHORT_PERIOD:
            assert place.date_at(reminder) < place.date_at(final)
            assert place.date_at(final) == place.working_day(deadline, -2)


@pytest.mark.parametrize("asleep_hours", [1, 10, 30, 60, 100, 200, 400, 1000])
@pytest.mark.parametrize("length", [1, 2, 3, 5, 7, 14, 30])
@pytest.mark.parametrize("place", [LONDON, CAIRO, NOWHERE], ids=lambda place: str(place.zone))
def test_after_any_downtime_both_notices_go_and_leave_time_to_answer(
    place: Place, length: int, asleep_hours: int
) -> None:
    started_at = utc("2026-11-18T10:00")
    first = place.date_at(started_at) + timedelta(days=length)
    sent: list[datetime] = []
    late: list[datetime] = []
    deadline = first
    now = started_at + timedelta(hours=asleep_hours)
    end = now + timedelta(days=60)
    while now < end and len(sent) < 2:
        due = ask(now, started_at, deadline, place, sent)
        if due:
            sent.append(now)
            late += [now] * due.late
            moved = rules.binding_deadline(
                first, started_at, Policy(1), place, late_reminders=late, earlier=deadline
            )
            assert moved is not None
            assert moved >= deadline
            deadline = moved
            if due.late:
                assert place.working_days(place.date_at(now), deadline) >= 3
            assert now < rules.deadline_at(deadline, place)
        now += timedelta(minutes=30)
    assert len(sent) == 2
    assert sent[1] - sent[0] >= timedelta(hours=7)


FRIDAY_DEADLINE = D("2026-12-04")  # the letter left on 20 November


@pytest.mark.parametrize(
    ("now", "reminded_at", "final_sent", "expected"),
    [
        ("2026-11-27T08:59", None, False, None),
        ("2026-11-27T09:00", None, False, Due("reminder", late=False)),
        ("2026-11-27T23:59", None, False, Due("reminder", late=False)),
        ("2026-11-30T09:00", None, False, Due("reminder", late=False)),  # 4 working days left
        ("2026-12-01T00:30", None, False, Due("reminder", late=True)),  # two working days behind
        ("2026-12-02T09:00", None, False, Due("reminder", late=True)),  # both: this one first
        ("2026-12-20T03:00", None, False, Due("reminder", late=True)),  # after the deadline
        ("2026-12-02T08:59", "2026-11-27T09:00", False, None),
        ("2026-12-02T09:00", "2026-11-27T09:00", False, Due("final_notice", late=False)),
        ("2026-12-02T23:59", "2026-11-27T09:00", False, Due("final_notice", late=False)),
        ("2026-12-03T00:00", "2026-11-27T09:00", False, Due("final_notice", late=True)),
        ("2026-12-09T00:00", "2026-11-27T09:00", False, Due("final_notice", late=True)),
        ("2026-12-09T00:00", "2026-11-27T09:00", True, None),
    ],
)
def test_what_is_due_and_not_done_goes_now(
    now: str, reminded_at: str | None, final_sent: bool, expected: Due | None
) -> None:
    found = rules.due_now(
        utc(now),
        utc("2026-11-20T10:00"),
        FRIDAY_DEADLINE,
        LONDON,
        Policy(),
        reminder_sent=reminded_at is not None,
        final_sent=final_sent,
        last_reminder_at=utc(reminded_at) if reminded_at else None,
    )
    assert found == expected


def test_a_campaign_without_reminders_has_none_due() -> None:
    assert (
        rules.due_now(
            utc("2027-01-01T09:00"),
            SENT,
            PRINTED,
            LONDON,
            Policy(reminders=False),
            reminder_sent=False,
            final_sent=False,
            last_reminder_at=None,
        )
        is None
    )


def test_a_bad_zone_or_year_is_a_problem_and_not_a_crash() -> None:
    with pytest.raises(Problem) as unknown:
        rules.deadline_at(PRINTED, Place("GB", None, "Europe/Atlantis"))
    assert unknown.value.code == "unknown-zone"
    acts: list[Callable[[], object]] = [
        lambda: LONDON.period_end(date(9999, 12, 30), Policy()),
        lambda: rules.deadline_at(date.max, LONDON),
        lambda: rules.silence_at(date.max, Policy(), LONDON),
        lambda: rules.final_notice_at(date.max, LONDON),
        lambda: LONDON.period_end(PRINTED, Policy(response_days=10**9)),
    ]
    for act in acts:
        with pytest.raises(Problem) as far:
            act()
        assert far.value.code == "date-out-of-range"
