"""The chain of events: whole after every act, and broken by whatever is done past the program."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask.ctx import AppContext

from campaign.accounts import operations as accounts
from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns import operations as campaigns
from campaign.companies import operations as companies
from campaign.companies.reading import read_csv
from campaign.database import transaction
from campaign.extensions import db
from campaign.history import operations, queries, rules
from campaign.kernel.errors import Problem
from tests.builders.accounts import admin, user
from tests.builders.campaigns import campaign
from tests.builders.companies import company, contact


def _some_acts() -> User:
    """Every kind of act of the first stages, once."""
    boss, ada = admin(), user()
    accounts.change_role(ada.id, role=Role.PUBLISHER, actor=boss)
    accounts.set_password(ada.id, password="another good long one", actor=boss)
    accounts.deactivate(ada.id, actor=boss)
    accounts.reactivate(ada.id, actor=boss)
    made = company(actor=ada)
    companies.change_company(made.id, actor=ada, country="DE")
    one = contact(made, actor=ada)
    companies.change_contact(one.id, actor=ada, office="press")
    companies.verify_contact(one.id, how="their page", on=date(2026, 1, 15), actor=ada)
    companies.retire_contact(one.id, actor=ada)
    contact(made, actor=ada)
    companies.import_sheet(
        read_csv("name\nÖkostrom\nLarkspur\n".encode()), actor=ada, source="c.csv"
    )
    issue = campaign(ada)
    campaigns.change_campaign(issue.id, actor=ada, title="Another", questions=["Why?"])
    campaigns.set_embargo(issue.id, until=None, actor=ada)
    campaigns.lift_embargo(issue.id, actor=ada)
    return ada


def test_every_act_is_chained(ctx: AppContext) -> None:
    _some_acts()
    events = queries.newest()
    assert len(events) == 20
    assert queries.verify() == (20, None)
    assert all(event.detail for event in events), "each tells what it is about"


def _tamper(*statements: str) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


_DELETE = ("DELETE FROM history_detail WHERE seq = 0", "DELETE FROM history_event WHERE seq = 0")


def _deleted(seq: int) -> list[str]:
    return [statement.replace("0", str(seq)) for statement in _DELETE]


@pytest.mark.parametrize(
    ("statements", "where", "why"),
    [
        (
            ["UPDATE history_event SET payload = replace(payload, 'added', 'gone') WHERE seq = 2"],
            2, "its content does not have its hash",
        ),
        (
            ["UPDATE history_event SET hash = 'x' WHERE seq = 3"],
            3, "its content does not have its hash",
        ),
        (
            _deleted(5),
            5, "event 5 is missing",
        ),
        (
            _deleted(20),
            20, "events are missing at the end",
        ),
        (["DELETE FROM history_detail", "DELETE FROM history_event"], 1, "events are missing"),
        (
            ["UPDATE history_detail SET body = replace(body, 'Ada', 'Eve') WHERE seq = 2"],
            2, "its detail was changed",
        ),
        (["UPDATE history_detail SET salt = 'y' WHERE seq = 9"], 9, "its detail was changed"),
        (["UPDATE history_head SET seq = 21"], 21, "events are missing at the end"),
    ],
)  # fmt: skip
def test_what_is_done_past_the_program_is_found(
    ctx: AppContext, statements: list[str], where: int, why: str
) -> None:
    _some_acts()
    db.session.remove()
    _tamper(*statements)
    _count, broken = queries.verify()
    assert broken is not None
    assert broken[0] == where
    assert why in broken[1]


def test_an_event_written_anew_with_its_own_hash_breaks_the_next(ctx: AppContext) -> None:
    _some_acts()
    event = queries.newest()[-4]
    db.session.remove()
    forged = event.payload.replace(event.kind, "user.promoted")
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE history_event SET payload = :payload, hash = :hash WHERE seq = :seq"),
            {"payload": forged, "hash": rules.digest(forged), "seq": event.seq},
        )
    assert queries.verify()[1] == (event.seq + 1, "it does not follow the event before it")


def test_an_erased_detail_is_no_break(ctx: AppContext) -> None:
    ada = _some_acts()
    before = len(queries.of(ada.ref))
    with transaction():
        assert operations.erase_details(ada) == before
    assert queries.verify() == (20, None)
    assert [event.detail for event in queries.of(ada.ref)] == [{}] * before


def test_an_act_that_fails_leaves_no_event(ctx: AppContext) -> None:
    company()
    with pytest.raises(Problem):
        company()
    with pytest.raises(RuntimeError, match="the disk is gone"):
        _break_down()
    with transaction():
        operations.record("company.touched", "a" * 32)
    assert [event.kind for event in queries.newest()] == ["company.touched", "company.added"]
    assert queries.verify() == (2, None)


def _break_down() -> None:
    with transaction():
        operations.record("company.added", "a" * 32, name="Never")
        raise RuntimeError("the disk is gone")


def test_an_event_outside_an_act_is_a_mistake(ctx: AppContext) -> None:
    with pytest.raises(RuntimeError, match="outside an act"):
        operations.record("company.added", "a" * 32)


def test_the_chain_itself_holds_no_name(ctx: AppContext) -> None:
    _some_acts()
    chained = " ".join(event.payload for event in queries.newest())
    for name in ("Ada", "brightwater", "Larkspur", "Ökostrom", "Location"):
        assert name not in chained
