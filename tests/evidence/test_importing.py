"""Publishers' files, written here in their layouts with the traps that they are known for."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter
from flask import Flask
from flask.ctx import AppContext

from campaign.evidence import figure_rules, import_cells, import_operations, import_periods
from campaign.evidence.import_operations import Imported
from campaign.evidence.report_models import Figure, Report
from campaign.extensions import db
from campaign.kernel.errors import Problem
from tests.builders import companies

MICROSOFT: list[list[Any]] = [
    ["Law Enforcement Requests Report, January - June 2019"],
    [],
    ["", "", "", "Content disclosed", "", "Only non-content data", "", "No data found", "",
     "Rejected", ""],
    ["Country/Region", "Total number of requests", "Accounts/Users specified",
     *["% of requests", "# of requests"] * 4],
    ["Germany*", 100, 150, 0.05, 5, 0.6, 60, 0.15, 15, 0.2, 20],
    ["Korea, Republic of", 50, 60, 0, 0, "=F5", 30, 1 / 7, 10, 0.2, 10],
    ["Atlantis", 1, 1, 0, 0, 0, 0, 1, 1, 0, 0],
    ["TOTAL", 150, 211, 1 / 30, 5, 0.6, 90, 1 / 6, 25, 0.2, 30],
    ["* Includes requests that were withdrawn."],
]  # fmt: skip
GOOGLE = """\
Period Ending,Country,CLDR Territory Code,Legal Process,User Data Requests,\
Percentage of requests where some data produced,Users/Accounts Specified
2019-06-30,Germany,DE,All,"10,009",61%,"12,000"
2019-06-30,United States,US,Search Warrants,9,83%,
2019-06-30,United States,US,A New Kind,9,83%,10
"""
GOOGLE_SECURITY = """\
Start Date,Period Ending,Request Type,Requests (range MIN),Requests (range MAX)
2019-01-01,2019-06-30,National Security Letters,0,499
"""
APPLE = """\
TR Period,Country/Region,# of Device Requests Received,# of Devices Specified in Requests,\
# of Device Requests Where Data Provided,% of Device Requests Where Data Provided
2019 H1,Hong Kong,"1,234","2,000",600,48.6%
2019 H1,United States of America,0 - 249,n/a,,
"""
META = """\
Country,Requests for User Data,User Accounts Referenced,\
Percentage of Requests Where Some Data Produced
France,"4,400","5,500",75.32
Congo,1,1,0
"""
_HALF = "2017-01-01,2017-06-30"
OWN = f"""\
short_name,measure,request_type,outcome,value,denominator,base_figure,period_start,period_end,flag
subpoenas,requests_received,subpoena,,"1,618",,,{_HALF},
subpoenas-full,requests_with_outcome,subpoena,full,42%,requests_received,subpoenas,{_HALF},
security,requests_received,national_security_combined,,0-249,,,{_HALF},
down,change,non_us_unspecified,,about -33%,other,,{_HALF},no exact share
bad,requests_received,sub-poena,,1,,,{_HALF},
"""


@pytest.fixture
def about(ctx: AppContext) -> str:
    return companies.company("Larkspur Mobile").slug


def workbook(rows: list[list[Any]], sheet: str = "Requests") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet(sheet)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    page.write_formula(line, column, cell, value=0.6)
                elif cell != "":
                    page.write(line, column, cell)
    return out.getvalue()


def imported(app: Flask, about: str, raw: bytes | str, **given: Any) -> Imported:
    data = raw if isinstance(raw, bytes) else raw.encode()
    name = given.pop("name", "requests.csv")
    return import_operations.import_file(
        data,
        name,
        about,
        layout=given.pop("layout", None),
        files=app.extensions["files"],
        actor=None,
        **given,
    )


def stored() -> dict[str, str]:
    """Every figure as it would be typed, by its short name."""
    figures = db.session.scalars(sa.select(Figure))
    return {one.slug: figure_rules.typed(one.amount) for one in figures}


def test_a_workbook_is_read_by_the_words_above_its_columns(app: Flask, about: str) -> None:
    done = imported(app, about, workbook(MICROSOFT), name="LERR.xlsx")
    assert (done.reports, done.figures) == (1, 30)
    found = stored()
    wanted = {
        "requests-de": "100",
        "accounts-kr": "60",
        "content-de": "5",
        "content-share-requests-received-de": "5%",
        "no-data-kr": "10",
        "rejected-all": "30",
        "requests-all": "150",
    }
    assert {name: found[name] for name in wanted} == wanted
    computed = db.session.scalar(
        sa.select(Figure).where(Figure.verbatim.startswith("0.1428"), Figure.requester == "KR")
    )
    assert computed is not None
    assert figure_rules.typed(computed.amount) == "about 14.29%"
    assert "cell" in computed.locator
    cached = db.session.scalars(sa.select(Figure).where(Figure.label.contains("non-content")))
    assert "60%" in {figure_rules.typed(one.amount) for one in cached if one.requester == "KR"}
    (report,) = db.session.scalars(sa.select(Report))
    assert (report.period_label, len(report.file_sha256)) == ("January–June 2019", 64)
    assert app.extensions["files"].get(report.file_sha256)


def test_a_country_that_nobody_knows_is_refused_with_its_row_and_totals_are_not_held_to_it(
    app: Flask, about: str
) -> None:
    done = imported(app, about, workbook(MICROSOFT), name="LERR.xlsx")
    (refused,) = done.refused
    assert refused.where == "sheet “Requests”, row 7"
    assert "Atlantis" in refused.why
    assert done.differences == []


def test_totals_that_do_not_agree_with_their_rows_are_reported(app: Flask, about: str) -> None:
    rows = [row for row in MICROSOFT if row[:1] != ["Atlantis"]]
    done = imported(app, about, workbook(rows), name="LERR.xlsx")
    (difference,) = done.differences
    assert difference.where == "sheet “Requests”, cell C7"
    assert "the total says 211, the rows add up to 210" in difference.why


def test_googles_parts_stand_beside_all_and_blank_is_not_zero(app: Flask, about: str) -> None:
    done = imported(app, about, GOOGLE)
    found = stored()
    assert found["requests-de"] == "10,009"
    assert found["requests-search-warrant-us"] == "9"
    assert found["accounts-search-warrant-us"] == "not reported"
    (refused,) = done.refused
    assert refused.where == "line 4"
    assert "A New Kind" in refused.why


def test_googles_ranges_keep_both_their_ends(app: Flask, about: str) -> None:
    imported(app, about, GOOGLE_SECURITY)
    assert stored() == {"requests-nsl-all": "0–499"}


def test_apples_ranges_and_services_are_kept(app: Flask, about: str) -> None:
    done = imported(app, about, APPLE)
    assert not done.refused
    found = stored()
    assert found["requests-hk"] == "1,234"
    assert found["requests-us"] == "0–249"
    assert found["accounts-us"] == "not reported"
    assert found["some-data-hk"] == "600"
    assert db.session.scalar(sa.select(Report.scope)) == "Device requests"


def test_metas_period_stands_in_the_files_name_and_two_countries_are_never_confused(
    app: Flask, about: str
) -> None:
    done = imported(app, about, META, name="requests-2019-H1.csv")
    assert stored()["requests-fr"] == "4,400"
    assert [("Congo" in one.why) for one in done.refused] == [True]
    nameless = imported(app, about, META, name="requests.csv", layout="meta")
    assert "2019-H1.csv" in nameless.refused[0].why


def test_our_own_layout_says_everything(app: Flask, about: str) -> None:
    done = imported(app, about, OWN)
    found = stored()
    assert found == {
        "subpoenas": "1,618",
        "subpoenas-full": "42%",
        "security": "0–249",
        "down": "about -33%",
    }
    share = db.session.scalar(sa.select(Figure).where(Figure.slug == "subpoenas-full"))
    base = db.session.scalar(sa.select(Figure).where(Figure.slug == "subpoenas"))
    assert share is not None
    assert base is not None
    assert share.base_id == base.id
    (refused,) = done.refused
    assert "sub-poena" in refused.why


def test_a_second_import_adds_nothing_and_a_changed_figure_is_a_difference(
    app: Flask, about: str
) -> None:
    imported(app, about, GOOGLE)
    again = imported(app, about, GOOGLE)
    assert (again.reports, again.figures, again.differences) == (1, 0, [])
    changed = imported(app, about, GOOGLE.replace("10,009", "10,010"))
    assert [one.where for one in changed.differences] == ["line 2, column “User Data Requests”"]
    assert stored()["requests-de"] == "10,009"


def test_a_dry_run_stores_nothing(app: Flask, about: str) -> None:
    done = imported(app, about, GOOGLE, dry_run=True)
    assert done.figures == 6
    assert stored() == {}


def test_a_file_of_nobodys_layout_and_an_unknown_company_are_told(app: Flask, about: str) -> None:
    with pytest.raises(Problem, match="no publisher"):
        imported(app, about, "a,b\n1,2\n")
    with pytest.raises(Problem, match="short name"):
        imported(app, "nobody", GOOGLE)


def test_the_database_holds_a_part_to_its_whole(app: Flask, about: str) -> None:
    imported(app, about, OWN.replace("base_figure", "parent").replace("42%,requests_received",
             "100,"))  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(
            sa.update(Figure)
            .where(Figure.slug == "subpoenas")
            .values(low=Decimal(1), high=Decimal(1))
        )
    db.session.rollback()


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("January – June 2019", "January–June 2019"),
        ("Jul-Dec 2014", "July–December 2014"),
        ("2019 H1", "January–June 2019"),
        ("requests-2019-06-30.csv", "January–June 2019"),
        ("1 January 2017 to 31 May 2017", "January–May 2017"),
        ("Report of January 2017", None),
        ("2017-01-01 to 2017-05-31", "January–May 2017"),
        ("2013", "2013"),
        ("2016 and 2017", None),
    ],
)
def test_a_period_is_read_as_written_and_never_guessed(words: str, label: str | None) -> None:
    found = import_periods.found(words)
    assert (found.label if found else None) == label


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Germany*", "DE"),
        ("Türkiye¹", "TR"),
        ("Hong Kong (3)", "HK"),
        ("Korea, Republic of", "KR"),
        ("Bosnia and Herzegovina", "BA"),
        ("Congo (DRC)", "CD"),
        ("Congo", None),
        ("Grand Total:", "all"),
        ("Atlantis", None),
    ],
)
def test_a_country_is_known_with_its_footnotes(name: str, code: str | None) -> None:
    assert import_cells.place(name) == code


def test_the_command_prints_one_object_and_says_what_it_refused(app: Flask, tmp_path: Any) -> None:
    with app.app_context():
        slug = companies.company("Larkspur Mobile").slug
    path = tmp_path / "google.csv"
    path.write_text(GOOGLE)
    ran = app.test_cli_runner().invoke(args=["evidence", "import", str(path), "--company", slug])
    told = json.loads(ran.stdout.splitlines()[-1])
    assert (told["reports"], told["figures"], told["differences"]) == (1, 6, [])
    assert [one["where"] for one in told["refused"]] == ["line 4"]
    assert ran.exit_code == 1
