from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.accounts import operations
from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel.errors import Problem
from tests.builders.accounts import PASSWORD, admin, sign_in, user


def test_a_person_is_let_in_with_a_role_and_a_hashed_password(ctx: AppContext) -> None:
    boss = admin()
    ada = user(email=" Ada@Brightwater.Example ", actor=boss)
    assert (ada.email, ada.role_words) == ("ada@brightwater.example", "drafter")
    assert ada.password.startswith("$argon2")
    told = history.of(ada.ref)[0]
    assert (told.kind, told.actor) == ("user.added", boss.ref)
    assert told.detail == {"name": "Ada Drafter", "email": ada.email, "role": "drafter"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "ada"}, "bad-sign-in-address"),
        ({"email": "ada@brightwater.example, bo@brightwater.example"}, "bad-sign-in-address"),
        ({"email": "ada@brightwater.example\r\nBcc: x@y.example"}, "bad-sign-in-address"),
        ({"password": "short"}, "password-weak"),
        ({"password": "ada.drafter@brightwater.example"}, "password-weak"),
        ({"name": "Ada\nBo", "email": "ada@brightwater.example"}, "control-character"),
        ({"name": "A" * 121}, "field-too-long"),
        ({"email": "ROOT.ADMIN@brightwater.example"}, "person-exists"),
    ],
)
def test_nobody_is_let_in_with(ctx: AppContext, changes: dict[str, Any], code: str) -> None:
    admin()
    with pytest.raises(Problem) as problem:
        user(**changes)
    assert problem.value.code == code
    assert db.session.query(User).count() == 1
    assert len(history.newest()) == 1


def test_a_role_is_replaced_and_noted(ctx: AppContext) -> None:
    boss, ada = admin(), user()
    operations.change_role(ada.id, role=Role.APPROVER, actor=boss)
    assert ada.role_words == "approver"
    assert history.of(ada.ref)[-1].detail["before"] == "drafter"
    operations.change_role(ada.id, role=Role.APPROVER, actor=boss)
    assert len(history.of(ada.ref)) == 2, "nothing changed, so nothing is noted"


def test_the_last_administrator_stays(ctx: AppContext) -> None:
    boss = admin()
    with pytest.raises(Problem, match="only administrator"):
        operations.deactivate(boss.id, actor=boss)
    with pytest.raises(Problem, match="only administrator"):
        operations.change_role(boss.id, role=Role.VIEWER, actor=boss)
    second = admin(name="Second Admin")
    operations.deactivate(second.id, actor=boss)
    with pytest.raises(Problem, match="only administrator"):
        operations.deactivate(boss.id, actor=boss)


@pytest.mark.parametrize("act", ["deactivate", "set_password"])
def test_open_sessions_end_when_a_person_is_shut_out_or_gets_a_new_password(
    app: Flask, client: FlaskClient, act: str
) -> None:
    with app.app_context():
        boss, ada = admin(), user()
        number, address = ada.id, ada.email
        sign_in(client, ada)
    assert client.get("/staff/companies/").status_code == 200
    with app.app_context():
        if act == "deactivate":
            operations.deactivate(number, actor=None)
        else:
            operations.set_password(number, password="another good long one", actor=None)
    assert client.get("/staff/companies/").status_code == 302
    sign_in(client, address, PASSWORD)
    assert client.get("/staff/companies/").status_code == 302, "the old password is dead"
    assert boss


def test_a_person_who_was_shut_out_can_come_back(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        ada = user()
        operations.deactivate(ada.id, actor=None)
        operations.reactivate(ada.id, actor=None)
        kinds = [event.kind for event in history.of(ada.ref)]
        assert kinds == ["user.added", "user.deactivated", "user.reactivated"]
        sign_in(client, ada)
    assert client.get("/staff/companies/").status_code == 200


def test_an_act_on_nobody_says_so(ctx: AppContext) -> None:
    for act in (operations.deactivate, operations.reactivate):
        with pytest.raises(Problem, match="no such person"):
            act(999, actor=None)
    with pytest.raises(Problem, match="no such person"):
        operations.set_password(999, password=PASSWORD, actor=None)
