"""Public pages of figures: exact, sourced, filtered, and apart where they count something else."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import python_calamine
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.companies.operations import add_company
from campaign.database import new_ref
from campaign.evidence import figure_queries, figure_sheets, starting
from campaign.evidence.figure_filter import Filter
from campaign.evidence.figure_rules import SourceKind, Unit, ValueKind
from campaign.evidence.figure_terms import Kind, Measure
from campaign.evidence.import_operations import import_file
from campaign.evidence.report_models import Figure, Report
from campaign.extensions import db
from tests.builders import evidence as build
from tests.builders.accounts import user
from tests.pages import page
from tests.publishing.asking import asked

FULL = "Subpoenas, complied with in full"
OF_ITS_OWN = ("company", "report", "file_sha256", "retrieved_at")
API = "/api/v1/evidence/figures"


@pytest.fixture
def start(app: Flask) -> None:
    """The figures that come with the program."""
    with app.app_context():
        starting.load(files=app.extensions["files"], actor=None)


@pytest.mark.usefixtures("start")
def test_every_figure_stands_on_its_company_page_with_its_words_and_place(
    client: FlaskClient,
) -> None:
    shown = page(client.get("/evidence/amazon/"))
    for words in (
        "2,416", "“1 46 court rulings”", "0–249", "+23%", "about -33%", "70%",
        "Reported by SmartTech, after TechCrunch, article, list, line 1",
        "The copy prints “1 46”", "Computed by us: mlat − mlat-partial = 75 − 2",
        "31 figures; none held against its source by a second person yet.",
    ):  # fmt: skip
        assert words.replace("“1 46 court rulings”", "1 46 court rulings") in shown.text, words
    assert "Against 1 January – 30 June 2019" in shown.text.replace("; against", " Against")


@pytest.mark.usefixtures("start")
def test_shares_in_full_and_in_full_or_in_part_are_two_lines_and_the_page_says_why(
    client: FlaskClient,
) -> None:
    shown = page(client.get("/evidence/amazon/?kind=subpoena&measure=requests_with_outcome"))
    assert shown.texts("tr.line th")[0].startswith(FULL)
    assert len(shown.texts("tr.line th")) == 2
    told = " ".join(shown.texts("tr.apart td"))
    assert f"Not in one line with “{FULL}” (first six months of 2017)." in told
    assert "complied with in full or in part, the other complied with in full." in told


@pytest.mark.usefixtures("start")
def test_chosen_figures_stand_on_one_scale_or_the_reasons_are_listed(client: FlaskClient) -> None:
    old, new = "amazon-first-six-months-of-2017", "amazon-first-half-of-2020"
    url = "/evidence/compare/?figure={}&figure={}"
    good = page(client.get(url.format(f"{old}/subpoenas", f"{new}/subpoenas")))
    assert "+49.3% , computed by us" in good.text
    assert len(good.select("svg .bar")) == 2
    for kind in ("subpoenas", "search-warrants", "court-orders"):
        bad = page(client.get(url.format(f"{old}/{kind}-full", f"{new}/{kind}-full-or-part")))
        assert "These figures cannot be compared" in bad.text
        assert "complied with in full, the other complied with in full or in part." in bad.text
        assert not bad.select("svg .bar")
        assert "computed by us" not in bad.text
    assert "Choose two figures" in page(client.get("/evidence/compare/")).text
    assert client.get("/evidence/compare/?figure=no").status_code == 404
    assert client.get(f"/evidence/compare/?figure={old}/none").status_code == 404


@pytest.mark.usefixtures("start")
def test_page_csv_xlsx_json_and_interface_say_the_same(client: FlaskClient) -> None:
    query = "?company=amazon&period=2020-01-01..2020-06-30"
    text = client.get(f"/evidence.csv{query}").text.removeprefix("\ufeff")
    sheet = list(csv.DictReader(io.StringIO(text)))
    raw = client.get(f"/evidence.xlsx{query}").data
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    rows = book.get_sheet_by_index(0).to_python()
    items = asked(client, f"/evidence.json{query}")["items"]
    listed = asked(client, API + query)
    assert listed == {"items": items, "next": None}
    assert len(items) == len(sheet) == len(rows) - 1 == 19
    assert tuple(rows[0]) == figure_sheets.HEADER
    for item, line, cells in zip(items, sheet, rows[1:], strict=True):
        told = dict(zip(rows[0], cells, strict=True))
        assert (line["short_name"], told["short_name"]) == (item["short_name"],) * 2
        assert float(line["low"]) == told["low"] == item["low"]
        assert line["text"] == told["text"] == (item["text"] or "")
    shown = page(client.get(f"/evidence/{query}"))
    assert "19 figures" in shown.text
    by_name = {one["short_name"]: one for one in items}
    assert (by_name["subpoenas"]["low"], by_name["national-security"]["high"]) == (2416, 249)
    assert by_name["non-us-change"]["low"] == -33


@pytest.mark.usefixtures("start")
def test_what_was_downloaded_can_be_imported_for_another_and_is_the_same(
    app: Flask, client: FlaskClient
) -> None:
    raw = client.get("/evidence/amazon.csv").data
    with app.app_context():
        add_company(name="Other", slug="other", actor=None)
        done = import_file(
            raw, "amazon.csv", "other", layout=None, files=app.extensions["files"], actor=None
        )
        assert (done.figures, done.refused) == (31, [])
    theirs, ours = (
        [
            {name: value for name, value in one.items() if name not in OF_ITS_OWN}
            for one in asked(client, f"{API}?company={slug}")["items"]
        ]
        for slug in ("other", "amazon")
    )
    assert theirs == ours


@pytest.mark.usefixtures("start")
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("company=microsoft&segment=enterprise", 12),
        ("place=non_us", 9),
        ("kind=subpoena", 6),
        ("kind=subpoena&measure=change", 2),
        ("outcome=rejected", 3),
        ("period=2014-07-01..2014-12-31", 7),
        ("company=amazon&company=microsoft", 31),
        ("company=nobody", 0),
    ],
)
def test_each_filter_shows_what_it_says(client: FlaskClient, query: str, number: int) -> None:
    shown = page(client.get(f"/evidence/?{query}"))
    assert len(shown.texts("tbody td.num strong")) == number
    if not number:
        assert "No figure is like that." in shown.text


@pytest.mark.usefixtures("start")
@pytest.mark.parametrize(
    "query",
    ["kind=nothing", "place=Germany", "period=2014", "period=2014-13-01..2014-12-31",
     "company=../x", "segment=%00", "outcome=<b>", "measure=9", "page=0", "page=99", "page=x"],
)  # fmt: skip
def test_what_nothing_can_be_asked_for_by_is_told(client: FlaskClient, query: str) -> None:
    assert client.get(f"/evidence/?{query}").status_code == 404
    name = query.partition("=")[0]
    if name != "page":
        answer = client.get(f"{API}?{query}")
        assert answer.status_code == 400
        assert (answer.json or {})["error"]["what_to_do"]
    assert client.get(f"{API}?{name}s=1").status_code == 400


@pytest.mark.usefixtures("start")
def test_addresses_below_the_pages_lead_to_the_files_with_their_filter(client: FlaskClient) -> None:
    for below, there in (
        ("/evidence/.csv?kind=subpoena&x=1", "/evidence.csv?kind=subpoena"),
        ("/evidence/amazon/.json", "/evidence/amazon.json"),
    ):
        assert client.get(below).headers["Location"] == there
    columns = asked(client, "/evidence/columns.json")["columns"]
    assert [one["name"] for one in columns] == list(figure_sheets.HEADER)
    assert all(one["means"] for one in columns)


@pytest.mark.usefixtures("start")
def test_the_description_names_every_column_of_a_figure(client: FlaskClient) -> None:
    described = asked(client, "/api/v1/openapi.json")["components"]["schemas"]["Figure"]
    assert described["properties"].keys() == asked(client, API)["items"][0].keys()


@pytest.mark.usefixtures("start")
def test_files_are_the_same_bytes_again_and_caches_ask_every_time(client: FlaskClient) -> None:
    for path in ("/evidence/", "/evidence/amazon/", "/evidence.csv", "/evidence.xlsx", API):
        first = client.get(path)
        assert first.headers["Cache-Control"] == "public, no-cache"
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, path


def test_without_figures_the_page_says_so(client: FlaskClient) -> None:
    assert "No figure yet" in page(client.get("/evidence/")).text
    assert client.get("/evidence/amazon/").status_code == 404
    assert client.get("/evidence/amazon.csv").status_code == 404


def test_invented_unclear_and_unreported_figures_say_so_and_no_line_crosses_a_break(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        who: User = user(role=Role.DRAFTER)
        about = add_company(name="Larkfield Home", slug="larkfield-home", actor=None)
        old = build.report(about, who, invented=True)
        new = build.report(
            about, who, period_start=date(2018, 1, 1), period_end=date(2018, 6, 30),
            period_label="January–June 2018",
        )  # fmt: skip
        for report, value in ((old, "10"), (new, "not reported")):
            build.figure(report, who, value)
        db.session.get_one(
            Report, new.id
        ).series_break = "Requests of one case are counted once now."
        for figure in db.session.scalars(sa.select(Figure)):
            figure.measure, figure.kinds = Measure.REQUESTS_RECEIVED, Kind.SUBPOENA
        db.session.commit()
    shown = page(client.get("/evidence/larkfield-home/"))
    assert len(shown.texts("tr.line th")) == 2
    assert "not reported" in shown.texts("tbody td.num strong")
    assert "Invented for a demonstration." in shown.text
    assert "counted once now" in shown.text
    assert not shown.select("svg .bar")


def test_the_checklist_counts_what_the_newest_report_puts_a_number_on(
    app: Flask, client: FlaskClient, start: None
) -> None:
    shown = page(client.get("/evidence/microsoft/"))
    told = shown.texts("[aria-labelledby=complete] tbody tr")
    found = [one.split()[-1] for one in told]
    assert (len(told), found.count("Yes"), found.count("found")) == (10, 7, 3)


def test_a_hundred_thousand_figures_are_read_through_indexes(app: Flask) -> None:
    """No step of a filtered page reads all figures; what can be asked for is found in steps."""
    with app.app_context():
        about = add_company(name="Large", slug="large", actor=None)
        _many(about.id, reports=200, figures=500)
        period = (FIRST, FIRST)
        for asked_for in (
            Filter(company="large", period=period, place="DE"),
            Filter(place="DE", kind=Kind.SUBPOENA, period=period),
        ):
            assert figure_queries.count(asked_for) == 1
            _through_indexes(partial(figure_queries.shown, asked_for, limit=9))
        _through_indexes(partial(figure_queries.page, Filter(), after=50_000, limit=9))
        _through_indexes(figure_queries.choices)
        with pytest.raises(AssertionError):  # the guard itself: this one does read all
            _through_indexes(lambda: db.session.scalar(sa.select(Figure).filter_by(label="no")))
    shown = page(app.test_client().get("/evidence/"))
    assert "There are 100,000 figures. Choose a company above, or filter them." in shown.text


FIRST = date(2000, 1, 1)


def _many(company_id: int, *, reports: int, figures: int) -> None:
    """Reports of a day each; every figure of a report is of another place, up to 160."""
    places = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "EFGHIJKLMNOPQRST"]
    days = [FIRST + timedelta(days=n) for n in range(reports)]
    told: list[dict[str, object]] = [
        {"ref": new_ref(), "slug": f"r{day}", "company_id": company_id, "title": "R",
         "period_start": day, "period_end": day, "period_label": str(day),
         "source_kind": SourceKind.PRIMARY}
        for day in days
    ]  # fmt: skip
    db.session.execute(sa.insert(Report), told)
    first, *others = db.session.scalars(sa.select(Report.id).order_by(Report.id))
    stated: list[dict[str, object]] = [
        {
            "report_id": first, "slug": f"f{n}", "label": "requests", "unit": Unit.COUNT,
            "value_kind": ValueKind.EXACT, "low": Decimal(n), "high": Decimal(n),
            "measure": Measure.REQUESTS_RECEIVED, "kinds": Kind.SUBPOENA.value,
            "requester": places[n] if n < len(places) else "US",
        }
        for n in range(figures)
    ]  # fmt: skip
    db.session.execute(sa.insert(Figure), stated)
    columns = [one for one in Figure.__table__.c if one.name not in ("id", "report_id")]
    copied = (
        sa.select(Report.id, *columns)
        .join(Figure, Figure.report_id == first)
        .where(Report.id.in_(others))
    )
    names = ["report_id", *(one.name for one in columns)]
    db.session.execute(sa.insert(Figure).from_select(names, copied))
    db.session.commit()
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()


def _through_indexes(read: Callable[[], object]) -> None:
    """Every statement of a reading, explained by the database: none goes through all figures."""
    seen: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert seen
    how = "EXPLAIN QUERY PLAN" if db.engine.name == "sqlite" else "EXPLAIN"
    for statement, parameters in seen:
        with db.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"{how} {statement}", parameters)
            lines = [" ".join(map(str, row)) for row in plan]
        bad = [one for one in lines if re.search(r"SCAN figure|Seq Scan on figure", one)]
        assert not bad, (statement, lines)
