"""Reports and their figures: entered, refused, kept exactly, seen on the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from campaign.accounts.rules import Role
from campaign.evidence import report_operations, report_queries
from campaign.evidence.figure_rules import Denominator, SourceKind
from campaign.evidence.report_models import Figure, Report
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel.errors import Problem
from tests.builders.accounts import post, sign_in, user
from tests.builders.companies import company
from tests.builders.evidence import figure, report
from tests.pages import page

ABOUT = "/staff/evidence/reports/"


def test_a_figure_is_kept_exactly_and_every_change_is_an_event(app: Flask) -> None:
    with app.app_context():
        who, about = user(), company("Larkspur Mobile")
        made = report(about, who)
        assert made.slug == "larkspur-mobile-january-june-2017"
        share = figure(
            made, who, "46.0%", short_name="in-full", denominator=Denominator.REQUESTS_RECEIVED
        )
        db.session.expire_all()
        assert (share.low, share.high) == (Decimal("46.0"), Decimal("46.0"))
        report_operations.save_figure(
            made.id, figure_id=share.id, short_name="", label="Answered in full", value="46.25%",
            denominator=Denominator.REQUESTS_RECEIVED, actor=who,
        )  # fmt: skip
        db.session.expire_all()
        assert (share.slug, share.low, share.decimals) == ("in-full", Decimal("46.25"), 2)
        report_operations.remove_figure(made.id, share.id, actor=who)
        assert made.figures == []
        assert [one.kind for one in history.of(made.ref)] == [
            "report.saved", "report.figure_saved", "report.figure_saved", "report.figure_removed",
        ]  # fmt: skip


def test_two_reports_on_one_period_have_two_short_names(app: Flask) -> None:
    with app.app_context():
        who, about = user(), company("Larkspur Mobile")
        first, second = report(about, who), report(about, who)
        assert second.slug == f"{first.slug}-2"
        again = report(about, who, report_id=first.id, title="Another", period_label="H1 2017")
        assert (again.slug, again.title) == ("larkspur-mobile-january-june-2017", "Another")


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period_start": None}, "report-dates"),
        ({"period_end": date(2016, 1, 1)}, "report-dates"),
        ({"source_kind": SourceKind.PRESS}, "report-publisher"),
        ({"company": "nobody"}, "report-company"),
        ({"source_url": "javascript:alert(1)"}, "survey-address"),
        ({"title": " "}, "field-empty"),
        ({"report_id": 99}, "not-there"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    app: Flask, changes: dict[str, object], code: str
) -> None:
    with app.app_context(), pytest.raises(Problem) as caught:
        report(company("Larkspur Mobile"), user(), **changes)
    assert caught.value.code == code


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("value", "changes", "code"),
    [
        ("42%", {}, "figure-denominator"),
        ("42", {"denominator": Denominator.OTHER}, "figure-denominator"),
        ("lots", {}, "figure-value"),
        ("1", {"short_name": "A b"}, "figure-short-name"),
        ("1", {"short_name": "subpoenas"}, "figure-exists"),
        ("1", {"label": ""}, "field-empty"),
        ("1", {"figure_id": 99}, "not-there"),
        ("1", {"actor": None}, "person-needed"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(
    app: Flask, value: str, changes: dict[str, object], code: str
) -> None:
    with app.app_context():
        who = user()
        made = report(company("Larkspur Mobile"), who)
        figure(made, who)
        with pytest.raises(Problem) as caught:
            figure(made, who, value, **{"short_name": "other", **changes})
    assert caught.value.code == code


@pytest.mark.parametrize(
    "broken",
    [
        {"value_kind": "band"},
        {"value_kind": "not_reported"},
        {"value_kind": "at_least"},
        {"low": None},
        {"low": Decimal(1)},
        {"low": None, "high": None},
        {"low": Decimal(-5), "high": Decimal(-5)},
        {"unit": "percent"},
    ],
)
def test_the_database_holds_no_figure_that_cannot_be(app: Flask, broken: dict[str, object]) -> None:
    with app.app_context():
        who = user()
        figure(report(company("Larkspur Mobile"), who), who)
        with pytest.raises(IntegrityError):
            db.session.execute(sa.update(Figure).values(**broken))
        db.session.rollback()


def test_the_database_holds_no_press_figure_without_its_publisher(app: Flask) -> None:
    with app.app_context():
        report(company("Larkspur Mobile"), user())
        with pytest.raises(IntegrityError):
            db.session.execute(sa.update(Report).values(source_kind="press"))
        db.session.rollback()


def test_the_newest_report_speaks_even_where_it_says_nothing(app: Flask) -> None:
    with app.app_context():
        who, about = user(), company("Larkspur Mobile")
        old = report(about, who)
        figure(old, who, "1,618")
        figure(old, who, "229", short_name="warrants")
        new = report(
            about, who, period_start=date(2017, 7, 1), period_end=date(2017, 12, 31),
            period_label="July–December 2017",
        )  # fmt: skip
        figure(new, who, "not reported")
        other = company("Marram Cloud")
        figure(report(other, who), who, "5")
        found = report_queries.newest({"subpoenas", "warrants"})
        assert {key: one.report_id for key, one in found.items()} == {
            (about.id, "subpoenas"): new.id,
            (about.id, "warrants"): old.id,
            (other.id, "subpoenas"): found[other.id, "subpoenas"].report_id,
        }
        assert set(report_queries.newest({"subpoenas"}, other.id)) == {(other.id, "subpoenas")}


# What the form about a figure sends where nobody has touched it.
SAID = {
    "denominator": "", "measure": "", "requester": "all", "kinds": "all_legal_process",
    "outcome": "none", "segment": "unspecified", "sought": "unspecified", "location": "any",
    "status": "current",
}  # fmt: skip


@pytest.mark.database("sqlite")
def test_a_drafter_enters_a_report_and_its_figures(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        company("Larkspur Mobile")
        sign_in(client, user())
    assert page(client.get(ABOUT)).texts(".empty a") == ["Enter a report"]
    given = {
        "company": "larkspur-mobile", "title": "Requests", "period_label": "2017",
        "period_start": "2017-01-01", "period_end": "2017-05-31", "source_kind": "press",
    }  # fmt: skip
    told = page(post(client, f"{ABOUT}new", given), 422)
    assert "needs the name of who reported it" in told.text
    seen = page(
        post(client, f"{ABOUT}new", {**given, "publisher": "The Lark"}, follow_redirects=True)
    )
    here = f"{ABOUT}larkspur-mobile-2017/"
    assert seen.h1 == "Requests"
    wrong = {**SAID, "label": "Subpoenas", "short_name": "subpoenas", "value": "45,6"}
    assert "“45,6” is no figure" in page(post(client, here, wrong), 422).text
    seen = page(post(client, here, {**wrong, "value": "0-249"}, follow_redirects=True))
    assert "((figure: larkspur-mobile-2017/subpoenas))" in seen.text
    assert "0–249" in seen.texts("td.num")
    change = f"{here}subpoenas/edit"
    assert page(client.get(change)).one("#value").attrs["value"] == "0–249"
    given = {**SAID, "label": "Subpoenas", "value": "not reported"}
    seen = page(post(client, change, given, follow_redirects=True))
    assert "not reported" in seen.texts("td.num")
    assert "Figure of a report saved" in seen.text
    assert page(client.get(f"{ABOUT}?company=larkspur-mobile")).texts("tbody th a") == ["Requests"]
    assert client.get(f"{ABOUT}?company=nobody").status_code == 404
    assert "Requests" in page(client.get("/staff/companies/larkspur-mobile/")).texts("tbody th a")
    seen = page(post(client, f"{here}subpoenas/remove", page=change, follow_redirects=True))
    assert "None yet." in seen.text
    edited = {**given, "title": "Demands", "period_label": "2017", "source_kind": "primary",
              "period_start": "2017-01-01", "period_end": "2017-05-31"}  # fmt: skip
    assert page(post(client, f"{here}edit", edited, follow_redirects=True)).h1 == "Demands"


@pytest.mark.database("sqlite")
def test_a_viewer_reads_reports_and_enters_none(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        drafter = user()
        figure(report(company("Larkspur Mobile"), drafter), drafter)
        sign_in(client, user("Vi Viewer", Role.VIEWER))
    here = f"{ABOUT}larkspur-mobile-january-june-2017/"
    seen = page(client.get(here))
    assert seen.select("main form") == []
    for address in (f"{ABOUT}new", f"{here}edit", f"{here}subpoenas/edit"):
        assert client.get(address).status_code == 403
    for address in (here, f"{here}subpoenas/remove"):
        assert post(client, address, page=here).status_code == 403


@pytest.fixture
def filled(app: Flask) -> str:
    """Address of a report with 1,618 subpoenas, entered by Ada."""
    with app.app_context():
        drafter = user()
        figure(report(company("Larkspur Mobile"), drafter), drafter)
        db.session.commit()
    return f"{ABOUT}larkspur-mobile-january-june-2017/"


def test_a_person_says_what_exactly_a_figure_counts(
    app: Flask, client: FlaskClient, filled: str
) -> None:
    with app.app_context():
        sign_in(client, user("Bo Drafter"))
    told = page(client.get(filled)).text
    assert "What exactly it counts is not said yet" in told
    share = {
        **SAID, "short_name": "subpoenas-full", "label": "fully complied with", "value": "42%",
        "denominator": "requests_received", "measure": "requests_with_outcome", "requester": "us",
        "kinds": ["subpoena", "search_warrant"], "outcome": "full", "base": "subpoenas",
        "flag": "The article prints it twice.", "status": "disputed",
    }  # fmt: skip
    seen = page(post(client, filled, share, follow_redirects=True))
    assert "Search warrants and subpoenas, complied with in full." in seen.text
    assert "Authorities in the United States; percent of requests received" in seen.text
    assert "The article prints it twice." in seen.text
    with app.app_context():
        stored = db.session.scalars(sa.select(Figure).filter_by(slug="subpoenas-full")).one()
        assert stored.base is not None
        assert (stored.base.slug, stored.kinds) == ("subpoenas", "search_warrant;subpoena")
        assert (stored.requester, stored.status) == ("US", "disputed")
    form = page(client.get(f"{filled}subpoenas-full/edit"))
    assert form.one("#base").attrs["value"] == "subpoenas"
    assert len(form.select("#kinds option[selected]")) == 2
    rise = {
        **SAID, "short_name": "rise", "label": "rise", "value": "-3.5%", "measure": "change",
        "denominator": "requests_received", "compared_start": "2016-01-01",
        "compared_end": "2016-06-30",
    }  # fmt: skip
    seen = page(post(client, filled, rise, follow_redirects=True))
    assert "-3.5%" in seen.texts("td.num")
    assert page(client.get(f"{filled}rise/edit")).one("#value").attrs["value"] == "-3.5%"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measure": "requests_received", "requester": "Germany"}, "Write one of two letters"),
        ({"measure": "change", "value": "3%", "denominator": "other"}, "against which time"),
        ({"measure": "requests_received", "compared_start": "2016-01-01",
          "compared_end": "2016-02-01"}, "against which time"),
        ({"parent": "none"}, "“none” in this report"),
        ({"parent": "subpoenas", "value": "1,619"}, "It is more than “subpoenas”"),
        ({"short_name": "subpoenas"}, "has a figure “subpoenas” already"),
    ],
    ids=lambda given: "",
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_what_to_do(
    app: Flask, client: FlaskClient, filled: str, changes: dict[str, str], words: str
) -> None:
    with app.app_context():
        sign_in(client, user("Bo Drafter"))
    given = {**SAID, "short_name": "other", "label": "Other", "value": "5", **changes}
    assert words in page(post(client, filled, given), 422).text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Figure.id))) == 1


def test_a_second_person_checks_a_figure_and_a_change_takes_that_back(
    app: Flask, client: FlaskClient, filled: str
) -> None:
    with app.app_context():
        other = user("Bo Drafter")
        ada = db.session.scalars(sa.select(Figure)).one().entered_by_id
        assert ada != other.id
        sign_in(client, other)
    button = f"{filled}subpoenas/check"
    seen = page(post(client, button, page=filled, follow_redirects=True))
    assert "The figure is checked." in seen.text
    assert "not yet" not in seen.texts("[data-label=Checked]")
    public = page(client.get("/evidence/larkspur-mobile/"))
    assert "second person" not in public.text
    given = {**SAID, "label": "Subpoenas", "value": "1,620"}
    post(client, f"{filled}subpoenas/edit", given)
    assert "not yet" in page(client.get(filled)).texts("[data-label=Checked]")
    seen = page(post(client, button, page=filled, follow_redirects=True))
    assert "Somebody else has to hold it against its source." in seen.text
