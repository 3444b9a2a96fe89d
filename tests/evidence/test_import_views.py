"""A publisher's file is looked at before anything of it is stored."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.accounts.rules import Role
from campaign.evidence.report_models import Figure
from campaign.extensions import db
from tests.builders.accounts import sign_in, token, user
from tests.builders.companies import company
from tests.pages import page

HERE = "/staff/evidence/reports/import"
GOOGLE = (
    "Period Ending,Country,CLDR Territory Code,Legal Process,User Data Requests,"
    "Percentage of requests where some data produced,Users/Accounts Specified\n"
    "2019-06-30,Germany,DE,Subpoena,12,50,20\n"
    "2019-06-30,Germany,DE,Search warrant,many,50,20\n"
)


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> None:
    """A drafter who is signed in, and a company."""
    with app.app_context():
        company("Larkspur Mobile")
        sign_in(client, user())


def send(client: FlaskClient, raw: bytes, **changes: str) -> TestResponse:
    data = {
        "csrf_token": token(client, HERE), "company": "larkspur-mobile", "layout": "",
        "file": (io.BytesIO(raw), "report.csv"), **changes,
    }  # fmt: skip
    return client.post(HERE, data=data, content_type="multipart/form-data")


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Figure.id))) or 0


@pytest.mark.usefixtures("drafter")
def test_a_file_is_shown_then_stored_and_then_holds_nothing_new(
    app: Flask, client: FlaskClient
) -> None:
    seen = page(send(client, GOOGLE.encode()))
    assert re.search(
        r"[0-9]+ figures are new, in one|[0-9]+ figures are new, in 1 report", seen.text
    )
    assert "many" in " ".join(seen.texts("[aria-labelledby=refused] td"))
    assert "12" in seen.texts("[aria-labelledby=new] td.num")
    assert count(app) == 0
    form = {
        str(one.attrs["name"]): str(one.attrs["value"])
        for one in seen.select("form.confirm input[type=hidden]")
        if one.attrs
    }
    done = client.post(f"{HERE}/confirm", data=form, follow_redirects=True)
    assert "The new figures of the file are stored." in page(done).text
    assert count(app) > 0
    again = page(send(client, GOOGLE.encode()))
    assert "Nothing in it is new" in again.text
    assert not again.select("form.confirm")


@pytest.mark.usefixtures("drafter")
@pytest.mark.parametrize(
    ("raw", "changes", "words"),
    [
        (b"a,b\n1,2\n", {}, "those of no publisher that we know"),
        (b"", {}, ""),
        (GOOGLE.encode(), {"company": ""}, "Choose the company."),
        (GOOGLE.encode(), {"company": "nobody"}, "Not a valid choice"),
        (GOOGLE.encode(), {"layout": "lotus"}, "Not a valid choice"),
    ],
    ids=lambda given: "",
)
def test_what_cannot_be_read_is_refused_with_what_to_do(
    app: Flask, client: FlaskClient, raw: bytes, changes: dict[str, str], words: str
) -> None:
    assert words in page(send(client, raw, **changes), 422).text
    assert count(app) == 0


def test_a_ticket_of_somebody_else_and_a_viewer_open_nothing(
    app: Flask, client: FlaskClient, drafter: None
) -> None:
    seen = page(send(client, GOOGLE.encode()))
    ticket = str((seen.one("form.confirm input[name=ticket]").attrs or {})["value"])
    bo, vi = app.test_client(), app.test_client()
    with app.app_context():
        sign_in(bo, user("Bo Drafter"))
    with app.app_context():
        sign_in(vi, user("Vi Viewer", Role.VIEWER))
    csrf = token(bo, HERE)
    for forged in (ticket, ticket[:-2], "x"):
        answer = bo.post(f"{HERE}/confirm", data={"csrf_token": csrf, "ticket": forged})
        assert answer.status_code == 400
    assert count(app) == 0
    assert vi.get(HERE).status_code == 403
