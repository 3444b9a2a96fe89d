"""The pages of letters that are sent together, as staff use them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.companies.rules import Channel
from campaign.drafting import operations as drafting
from campaign.drafting.models import Letter, LetterState
from campaign.extensions import db
from campaign.kernel import clock
from campaign.sending import operations
from campaign.sending.models import Batch, Dispatch
from campaign.sending.pacing import Pace
from tests.builders import accounts
from tests.builders import sending as build
from tests.counting import counted, reads
from tests.pages import Page, page

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
SEND = "/staff/sending/send"


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        accounts.sign_in(client, build.staff().drafter)
        db.session.remove()
    return client


@pytest.fixture
def act(app: Flask) -> Callable[..., Any]:
    """Runs something in a short context of its own."""

    def run(doing: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with app.app_context():
            result = doing(*args, **kwargs)
            db.session.remove()
            return result

    return run


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def letters(number: int, **about: Any) -> list[int]:
    return [one.id for one in build.approved_letters(number, **about)]


def ordered(number: int, **about: Any) -> str:
    ids = letters(number)
    operations.send(ids, actor=build.staff().drafter, **about)
    return newest()


def newest() -> str:
    return str(db.session.scalar(sa.select(Batch.ref).order_by(Batch.id.desc()).limit(1)))


def asked(drafter: FlaskClient, ids: list[int], status: int = 200, **given: object) -> Page:
    token = accounts.token(drafter, "/staff/halt/")
    data = {"letter_ids": ids, "csrf_token": token, **given}
    return page(drafter.post(SEND, data=data, follow_redirects=True), status)


def words(shown: Page) -> str:
    return " ".join(shown.text.split())


@pytest.mark.usefixtures("monday")
def test_a_time_ahead_is_shown_before_it_is_ordered(
    drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    ids = act(letters, 3)
    given: dict[str, Any] = {
        "not_before": "2026-11-24T10:00",
        "zone": "Europe/Berlin",
        "per_minute": "1",
        "undo": "5",
    }
    shown = asked(drafter, ids, preview="1", **given)
    for said in ("24 Nov 2026, 10:00 CET", "24 Nov 2026, 10:02 CET", "at most 1 a minute"):
        assert said in words(shown)
    assert act(lambda: db.session.scalar(sa.select(sa.func.count(Dispatch.id)))) == 0
    seen = str((shown.one("input[name=seen]").attrs or {})["value"])
    done = asked(drafter, ids, confirmed="1", seen=seen, **given)
    assert done.h1 == "Sending of 3 letters"
    assert "The first leaves in 1 day" in words(done)
    rows = act(lambda: db.session.scalars(sa.select(Dispatch.not_before)).all())
    assert set(rows) == {datetime(2026, 11, 24, 9, 0, tzinfo=UTC)}


@pytest.mark.usefixtures("monday")
def test_what_was_changed_since_it_was_shown_is_shown_again_first(
    drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    ids = act(letters, 1)
    shown = asked(drafter, ids, confirmed="1", seen="", not_before="2026-11-24T10:00")
    assert "Nothing was sent: look, then send." in words(shown)
    assert act(lambda: db.session.scalar(sa.select(sa.func.count(Dispatch.id)))) == 0


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"not_before": "2026-11-22T10:00"}, "This time is past."),
        ({"not_before": "2027-03-28T01:30"}, "The clocks skip this time there"),
        ({"zone": "Nowhere/Else"}, "Not a valid choice"),
        ({"per_minute": "-3"}, "from 1 to 100,000"),
        ({"per_domain": "many"}, "Not a valid integer value"),
        ({"undo": "7"}, "Not a valid choice"),
    ],
)
def test_a_time_or_pace_that_cannot_be_is_refused(
    drafter: FlaskClient, act: Callable[..., Any], given: dict[str, str], said: str
) -> None:
    ids = act(letters, 1)
    shown = asked(drafter, ids, 422, confirmed="1", **given)
    assert said in words(shown)
    assert act(lambda: db.session.scalar(sa.select(sa.func.count(Dispatch.id)))) == 0


@pytest.mark.usefixtures("monday")
def test_letters_that_will_not_go_are_named_with_the_reason_and_the_others_can_go(
    drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    def two() -> list[int]:
        good, bad = build.approved_letters(2)
        drafting.send_back(bad.id, why="a wrong figure", actor=build.staff().drafter)
        return [good.id, bad.id]

    good, bad = act(two)
    shown = asked(drafter, [good, bad])
    assert shown.h1 == "Send 1 letter"
    assert "1 letter will not go" in words(shown)
    assert "The letter to Company 1 is not approved" in words(shown)
    assert [(i.attrs or {})["value"] for i in shown.select("input[name=letter_ids]")] == [str(good)]
    late = asked(drafter, [good], preview="1", not_before="2026-12-02T09:00")
    assert "too little time, since it may leave on 30 November 2026 at the latest" in words(late)
    assert not late.select("button[name=confirmed]")


@pytest.mark.usefixtures("monday")
def test_fewer_days_than_printed_are_warned_of(
    drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    ids = act(letters, 1)
    assert "at the least" not in words(asked(drafter, ids))
    shown = asked(drafter, ids, preview="1", not_before="2026-11-27T09:00")
    assert "a company has 10 days at the least" in words(shown)


def test_a_sending_counts_down_and_is_taken_back_with_one_button(
    app: Flask, drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    ids = act(letters, 2)
    shown = asked(drafter, ids, preview="1", undo="5")
    seen = str((shown.one("input[name=seen]").attrs or {})["value"])
    shown = asked(drafter, ids, confirmed="1", undo="5", seen=seen)
    assert "Not yet leaving" in words(shown)
    assert re.search("The first leaves in [45] minutes", words(shown))
    ref = act(newest)
    url = f"/staff/sending/batches/{ref}/"
    back = accounts.post(drafter, url + "take-back", page=url, follow_redirects=True)
    assert "Nothing of this has left." in words(page(back))
    states = act(lambda: db.session.scalars(sa.select(Letter.state)).all())
    assert set(states) == {LetterState.APPROVED}
    again = accounts.post(drafter, url + "take-back", page="/staff/halt/", follow_redirects=True)
    assert "Nothing of this waits to leave any more" in words(page(again))


def test_a_sending_is_paused_goes_on_and_ends_with_a_report(
    app: Flask, drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    ref = act(ordered, 4)
    url = f"/staff/sending/batches/{ref}/"
    assert page(drafter.get(url)).select("script[src*=sending]")
    paused = page(accounts.post(drafter, url + "pause", page=url, follow_redirects=True))
    assert "Paused by Ada Drafter" in words(paused)
    assert act(operations.send_due, transport=build.Way()) == 0
    page(accounts.post(drafter, url + "resume", page=url, follow_redirects=True))
    ends = build.Way(build.FAILED, build.DEFERRED, build.LOST_AFTER)
    assert act(operations.send_due, transport=ends) == 1
    shown = page(drafter.get(url))
    assert shown.texts("[data-count]") == ["1", "1", "1", "1"]
    for said in ("The address does not exist", "come back later", "after the mail was handed over"):
        assert said in words(shown)
    assert "What to do:" in words(shown)
    with clock.at(clock.now() + timedelta(days=3)):
        act(operations.send_due, transport=build.Way())
        shown = page(drafter.get(url))
        assert "I have read the report" in words(shown)
        assert not shown.select("script[src*=sending]")
        page(accounts.post(drafter, url + "noted", page=url, follow_redirects=True))
        assert "I have read" not in words(page(drafter.get(url)))


def test_the_part_that_changes_is_its_own_small_page(
    drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    ref = act(ordered, 2)
    now = drafter.get(f"/staff/sending/batches/{ref}/now")
    assert now.status_code == 200
    assert b'id="now"' in now.data
    assert b'id="acts"' in now.data
    assert b"<html" not in now.data


def test_the_report_is_a_sheet_with_what_to_do(
    drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    ref = act(ordered, 3)
    act(operations.send_due, transport=build.Way(build.FAILED))
    answer = drafter.get(f"/staff/sending/batches/{ref}/report.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 3
    failed = next(row for row in rows if row["State"] == "failed")
    assert failed["Why"] == "The address does not exist"
    assert "Choose another contact" in failed["What to do"]
    assert "no such user" in failed["What the server said"]
    xlsx = drafter.get(f"/staff/sending/batches/{ref}/report.xlsx")
    assert xlsx.data.startswith(b"PK")
    assert drafter.get(f"/staff/sending/batches/{ref}/report.html").status_code == 404


def test_the_pace_of_the_rest_is_changed(
    app: Flask, drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    ref = act(ordered, 2, pace=Pace(per_minute=1))
    url = f"/staff/sending/batches/{ref}/"
    act(operations.send_due, transport=build.Way())
    assert "at most 1 a minute" in words(page(drafter.get(url)))
    refused = accounts.post(drafter, url + "pace", {"per_minute": "0"}, page=url)
    assert "from 1 to 100,000" in words(page(refused, 422))
    data = {"per_minute": "", "per_domain": ""}
    page(accounts.post(drafter, url + "pace", data, page=url, follow_redirects=True))
    assert act(operations.send_due, transport=build.Way()) == 1


def test_a_campaign_lists_what_was_sent_of_it(
    drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    url = "/staff/campaigns/location-data/sending/"
    act(letters, 1)
    assert "Nothing was sent yet" in words(page(drafter.get(url)))
    first = act(ordered, 2)
    shown = page(drafter.get(url))
    assert shown.select(f'a[href="/staff/sending/batches/{first}/"]')
    assert "0 of 2" in words(shown)
    assert drafter.get("/staff/campaigns/none/sending/").status_code == 404
    going_on = page(drafter.get("/staff/sending/")).one('[aria-labelledby="going-on"]')
    assert "2 letters" in going_on.to_text()


def test_a_page_of_a_sending_asks_as_often_for_many_as_for_few(
    app: Flask, drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    with app.app_context():
        engine = db.engine
    asked_for = []
    for number in (2, 9):
        ref = act(ordered, number)
        act(operations.send_due, transport=build.Way(*[build.FAILED] * (number - 1)))
        urls = (f"/staff/sending/batches/{ref}/", "/staff/campaigns/location-data/sending/")
        for url in urls:
            drafter.get(url)
        with counted(engine) as told:
            for url in urls:
                page(drafter.get(url))
        asked_for.append(reads(told))
    assert asked_for[0] == asked_for[1]


def test_a_viewer_sees_how_far_it_is_and_changes_nothing(
    app: Flask, client: FlaskClient, act: Callable[..., Any]
) -> None:
    ref = act(ordered, 2)
    with app.app_context():
        accounts.sign_in(client, accounts.user("Vera Viewer", Role.VIEWER))
        db.session.remove()
    url = f"/staff/sending/batches/{ref}/"
    assert not page(client.get(url)).select("main form")
    token = {"csrf_token": accounts.token(client, "/staff/sending/")}
    for name in ("pause", "resume", "take-back", "noted", "pace"):
        assert client.post(url + name, data=token).status_code == 403
    assert client.get("/staff/sending/batches/none/").status_code == 404


def test_tasks_for_a_person_are_counted_apart(
    drafter: FlaskClient, act: Callable[..., Any]
) -> None:
    def both() -> str:
        ids = letters(1, channels=(Channel.EMAIL, Channel.POST))
        operations.send(ids, actor=None)
        return newest()

    ref = act(both)
    act(operations.send_due, transport=build.Way())
    shown = page(drafter.get(f"/staff/sending/batches/{ref}/"))
    assert "1 letter waits for a person" in words(shown)
    assert "Done" in words(shown)
