"""What public pages say: every outcome has words, and none of them blames."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from campaign.publishing import words
from campaign.publishing.models import Response, Timeliness
from campaign.replies.rules import Permission

BLAME = ("refus", "ignor", "failed to", "silen")


@pytest.mark.parametrize("response", list(Response))
@pytest.mark.parametrize("timeliness", [None, *Timeliness])
def test_every_outcome_has_a_headline_without_blame(
    response: Response, timeliness: Timeliness | None
) -> None:
    told = words.headline(response.value, "Larkfield Home", timeliness and timeliness.value)
    assert "Larkfield Home" in told
    assert not [word for word in BLAME if word in told.lower()]


@pytest.mark.parametrize(
    ("response", "timeliness", "told"),
    [
        ("no_response", None, "Larkfield Home did not respond"),
        ("responded_partial", "on_time", "Larkfield Home answered in part"),
        (
            "responded_full",
            "after_deadline",
            "Larkfield Home answered our questions, after the deadline",
        ),
        ("declined", "after_publication", "Larkfield Home declined to answer, after publication"),
    ],
)
def test_a_headline_says_what_came_and_when(
    response: str, timeliness: str | None, told: str
) -> None:
    assert words.headline(response, "Larkfield Home", timeliness) == told


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("response", [r for r in Response if r not in ("awaiting", "extended")])
def test_a_reply_is_shown_or_it_is_said_why_not(permission: Permission, response: Response) -> None:
    shown = words.may_show(response.value, permission.value)
    open_to_all = permission in (Permission.NOTICE_DEFAULT, Permission.EXPLICIT_YES)
    kept = response in (
        Response.ENGAGED_OFF_RECORD,
        Response.RESPONDED_CONFIDENTIAL,
        Response.WITHDRAWN,  # taken back, and the reply with it
    )
    assert shown is (open_to_all and not kept)
    if not shown:
        assert "Larkfield" in words.why_not_shown(response.value, permission.value, "Larkfield")


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ({}, ""),
        ({"responded_full": 1}, "1 answered in full"),
        (
            {"awaiting": 2, "no_response": 1, "responded_full": 1200, "declined": 0},
            "1,200 answered in full, 1 did not respond, 2 still awaited",
        ),
    ],
)
def test_numbers_stand_in_words(outcomes: dict[str, int], told: str) -> None:
    assert words.counted(outcomes) == told


def test_every_outcome_can_be_counted() -> None:
    for response in Response:
        assert words.counted({response.value: 1}).startswith("1 ")


@pytest.mark.parametrize(
    ("arrived", "now", "says"),
    [
        (True, datetime(2026, 11, 17, 12, tzinfo=UTC), "can answer until Tuesday 17 November 2026"),
        (True, datetime(2026, 11, 18, 0, tzinfo=UTC), "before we say what came"),
        (False, datetime(2026, 11, 18, 0, tzinfo=UTC), "no deadline runs"),
    ],
)
def test_what_happens_next_depends_on_proof_and_time(
    arrived: bool, now: datetime, says: str
) -> None:
    told = words.what_next(
        "Larkfield Home",
        deadline=date(2026, 11, 17),
        deadline_at=datetime(2026, 11, 18, tzinfo=UTC),
        arrived=arrived,
        came_back=False,
        zone="Europe/London",
        now=now,
    )
    assert says in " ".join(told)


def test_names_stand_in_the_order_of_their_letters() -> None:
    names = ["Zeta", "Ågren", "alpha", "Beta"]
    assert sorted(names, key=words.sort_key) == ["Ågren", "alpha", "Beta", "Zeta"]
