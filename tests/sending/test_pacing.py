"""How fast mails leave, and how long the rest takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from campaign.sending.pacing import Due, Pace, Room, Speed, Taken, planned, time_left

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def due(*domains: str, batch: int | None = None) -> list[Due]:
    return [Due(number, domain, batch) for number, domain in enumerate(domains, 1)]


def taken(*domains: str, batch: int | None = None) -> list[Taken]:
    return [Taken(domain, batch) for domain in domains]


def test_a_pace_leaves_room_for_what_the_last_minute_did_not_use() -> None:
    pace = Pace(per_minute=5, per_domain=2)
    assert pace.room(50, taken("a", "b", "b")).limit == 2
    assert pace.room(50, taken(*"a" * 9)).limit == 0
    assert Pace.unlimited().room(50, taken(*"a" * 9)).limit == 50


def test_a_busy_domain_does_not_hold_up_the_others() -> None:
    room = Room(limit=3, per_domain=2, taken=(Taken("a"),))
    assert room.choose(due("a", "a", "b", "b", "b", "c")) == [1, 3, 4]
    assert room.look_at > room.limit
    assert Room(2).choose(due("a", "a", "a")) == [1, 2]


def test_a_batch_with_a_pace_of_its_own_does_not_hold_up_another() -> None:
    slow = {1: Pace(2, 1)}
    room = Pace.unlimited().room(50, taken("a", batch=1), slow)
    first = [Due(1, "a", 1), Due(2, "b", 1), Due(3, "c", 1), Due(4, "a", 2), Due(5, "a", None)]
    assert room.choose(first) == [2, 4, 5], "one to a went; one more of the batch; the rest freely"
    assert room.full == []
    assert Pace.unlimited().room(50, taken("a", "b", batch=1), slow).full == [1]


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Pace(5, 0), Pace(300, 60), Pace(5, 60)),
        (Pace(500, 90), Pace(300, 60), Pace(300, 60)),
        (Pace(0, 0), Pace(300, 60), Pace(300, 60)),
        (Pace(0, 7), Pace(0, 0), Pace(0, 7)),
    ],
)
def test_a_campaign_is_never_faster_than_the_server(one: Pace, other: Pace, both: Pace) -> None:
    assert one.within(other) == both
    assert other.within(one) == both


@pytest.mark.parametrize(
    ("pace", "domains", "minutes"),
    [
        (Pace.unlimited(), "aaa", [0, 0, 0]),
        (Pace(2, 0), "abcde", [0, 0, 1, 1, 2]),
        (Pace(0, 1), "aab", [0, 1, 0]),
        (Pace(2, 1), "aaabbc", [0, 1, 2, 0, 1, 2]),
        (Pace(1, 1), "aab", [0, 1, 2]),
    ],
)
def test_a_plan_says_when_each_mail_leaves(pace: Pace, domains: str, minutes: list[int]) -> None:
    assert planned(list(domains), AT, pace) == [AT + n * MINUTE for n in minutes]


def test_a_plan_keeps_to_its_pace_and_wastes_no_minute() -> None:
    domains = [f"d{n % 7 if n % 3 else 0}" for n in range(2000)]
    pace = Pace(per_minute=50, per_domain=9)
    moments = planned(domains, AT, pace)
    pairs = list(zip(moments, domains, strict=True))
    for minute in set(moments):
        here = [domain for moment, domain in pairs if moment == minute]
        assert len(here) <= 50
        assert max(map(here.count, here)) <= 9
    busiest = domains.count("d0")
    assert max(moments) == AT + ((busiest - 1) // 9) * MINUTE


def test_the_time_left_goes_by_what_was_seen_and_never_faster_than_the_pace() -> None:
    waiting = ["a"] * 120
    seen = Speed(60, AT - timedelta(seconds=30))
    assert time_left(waiting, seen, Pace.unlimited(), AT) == timedelta(minutes=1)
    assert time_left(waiting, seen, Pace(20, 0), AT) == timedelta(minutes=5)
    assert time_left(waiting, Speed(0), Pace.unlimited(), AT) is None
    assert time_left(waiting, Speed(0), Pace(60, 0), AT) == timedelta(minutes=1)
    assert time_left([], Speed(0), Pace(60, 0), AT) == timedelta(0)


def test_a_speed_of_the_first_moments_promises_little() -> None:
    assert Speed(3, AT).per_minute(AT) == 36
    assert Speed(300, AT - timedelta(minutes=9)).per_minute(AT) == 300
    assert Speed(0).per_minute(AT) == 0
