"""The figures that come with the program say what their sources say, and flag what is unclear."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign.companies.operations import add_company
from campaign.drafting import charts
from campaign.evidence import queries, starting
from campaign.evidence.figure_rules import SourceKind, ValueKind, words
from campaign.evidence.figure_terms import Status
from campaign.evidence.report_models import Figure, Report
from campaign.extensions import db

FIRST_2017 = (date(2017, 1, 1), date(2017, 6, 30))
FIRST_2020 = (date(2020, 1, 1), date(2020, 6, 30))
FIRST_2019 = (date(2019, 1, 1), date(2019, 6, 30))
SECOND_2014 = (date(2014, 7, 1), date(2014, 12, 31))
FIRST_2014 = (date(2014, 1, 1), date(2014, 6, 30))
YEAR_2014 = (date(2014, 1, 1), date(2014, 12, 31))
YEAR_2013 = (date(2013, 1, 1), date(2013, 12, 31))

# Company, period, short name: the value, what it counts and what became of it.
FIGURES = [
    ("amazon", FIRST_2017, "requests-us", "1,936", "requests_received none US"),
    ("amazon", FIRST_2017, "subpoenas", "1,618", "requests_received none US"),
    ("amazon", FIRST_2017, "subpoenas-full", "42%", "requests_with_outcome full US"),
    ("amazon", FIRST_2017, "search-warrants", "229", "requests_received none US"),
    ("amazon", FIRST_2017, "search-warrants-full", "44%", "requests_with_outcome full US"),
    ("amazon", FIRST_2017, "court-orders", "89", "requests_received none US"),
    ("amazon", FIRST_2017, "court-orders-full", "52%", "requests_with_outcome full US"),
    ("amazon", FIRST_2017, "mlat", "75", "requests_received none non_us"),
    ("amazon", FIRST_2017, "mlat-partial", "2", "requests_with_outcome partial non_us"),
    ("amazon", FIRST_2017, "mlat-rejected", "73", "requests_with_outcome rejected non_us"),
    ("amazon", FIRST_2017, "content-removal", "0", "requests_received none all"),
    ("amazon", FIRST_2017, "national-security", "0–249", "requests_received none US"),
    ("amazon", FIRST_2020, "subpoenas", "2,416", "requests_received none US"),
    ("amazon", FIRST_2020, "subpoenas-full-or-part", "70%",
     "requests_with_outcome full_or_partial US"),
    ("amazon", FIRST_2020, "search-warrants", "543", "requests_received none US"),
    ("amazon", FIRST_2020, "search-warrants-full-or-part", "79%",
     "requests_with_outcome full_or_partial US"),
    ("amazon", FIRST_2020, "court-orders", "146", "requests_received none US"),
    ("amazon", FIRST_2020, "court-orders-full-or-part", "74%",
     "requests_with_outcome full_or_partial US"),
    ("amazon", FIRST_2020, "requests-us", "3,105", "requests_received none US"),
    ("amazon", FIRST_2020, "subpoenas-and-warrants-rise", "+23%", "change none US"),
    ("amazon", FIRST_2020, "court-orders-rise", "+29%", "change none US"),
    ("amazon", FIRST_2020, "non-us", "177", "requests_received none non_us"),
    ("amazon", FIRST_2020, "non-us-change", "about -33%", "change none non_us"),
    ("amazon", FIRST_2020, "non-us-partial", "10", "requests_with_outcome partial non_us"),
    ("amazon", FIRST_2020, "non-us-full", "4", "requests_with_outcome full non_us"),
    ("amazon", FIRST_2020, "non-us-rejected-share", "92%", "requests_with_outcome rejected non_us"),
    ("amazon", FIRST_2020, "non-us-rejected", "163", "requests_with_outcome rejected non_us"),
    ("amazon", FIRST_2020, "national-security", "0–249", "requests_received none US"),
    ("amazon", FIRST_2020, "subpoenas-since-2017", "+49.3%", "change none US"),
    ("amazon", FIRST_2020, "search-warrants-since-2017", "+137.1%", "change none US"),
    ("amazon", FIRST_2020, "court-orders-since-2017", "+64.0%", "change none US"),
    ("microsoft", FIRST_2019, "requests", "24,175", "requests_received none all"),
    ("microsoft", FIRST_2019, "accounts", "43,727", "accounts_specified none all"),
    ("microsoft", FIRST_2019, "enterprise", "74", "requests_received none all"),
    ("microsoft", FIRST_2019, "enterprise-not-answered", "32",
     "requests_with_outcome rejected_withdrawn_nodata_or_redirected all"),
    ("microsoft", FIRST_2019, "enterprise-compelled", "42", "requests_with_outcome some_data all"),
    ("microsoft", FIRST_2019, "enterprise-content", "22", "requests_with_outcome content all"),
    ("microsoft", FIRST_2019, "enterprise-content-us", "15", "requests_with_outcome content US"),
    ("microsoft", FIRST_2019, "enterprise-noncontent-only", "20",
     "requests_with_outcome noncontent_only all"),
    ("microsoft", FIRST_2019, "us-consumer", "4,860", "requests_received none US"),
    ("microsoft", FIRST_2019, "us-consumer-outside-us", "126", "requests_received none US"),
    ("microsoft", FIRST_2019, "us-enterprise", "43", "requests_received none US"),
    ("microsoft", FIRST_2019, "us-enterprise-non-us-content", "1",
     "requests_with_outcome content US"),
    ("microsoft", SECOND_2014, "requests", "31,002", "requests_received none all"),
    ("microsoft", SECOND_2014, "enterprise", "3", "requests_received none all"),
    ("microsoft", SECOND_2014, "enterprise-accounts", "32", "accounts_specified none all"),
    ("microsoft", SECOND_2014, "enterprise-not-answered", "2",
     "requests_with_outcome rejected_withdrawn_or_redirected all"),
    ("microsoft", SECOND_2014, "enterprise-answered", "1", "requests_with_outcome some_data all"),
    ("microsoft", SECOND_2014, "content-share", "3%", "requests_with_outcome content all"),
    ("microsoft", SECOND_2014, "noncontent-share", "97%",
     "requests_with_outcome noncontent_only all"),
    ("microsoft", YEAR_2014, "requests", "65,496", "requests_received none all"),
    ("microsoft", YEAR_2014, "requests-change", "-9.4%", "change none all"),
    ("microsoft", FIRST_2014, "requests", "34,494", "requests_received none all"),
    ("microsoft", YEAR_2013, "requests", "72,279", "requests_received none all"),
]  # fmt: skip
# What is computed, and from what: the sum of signed short names, or the change from one to another.
SUMS = [
    ("amazon", FIRST_2017, "requests-us", "subpoenas + search-warrants + court-orders"),
    ("amazon", FIRST_2017, "mlat-rejected", "mlat - mlat-partial"),
    ("amazon", FIRST_2020, "requests-us", "subpoenas + search-warrants + court-orders"),
    ("amazon", FIRST_2020, "non-us-rejected", "non-us - non-us-partial - non-us-full"),
    ("microsoft", FIRST_2019, "enterprise", "enterprise-not-answered + enterprise-compelled"),
    ("microsoft", FIRST_2019, "enterprise-compelled",
     "enterprise-content + enterprise-noncontent-only"),
    ("microsoft", SECOND_2014, "enterprise", "enterprise-not-answered + enterprise-answered"),
]  # fmt: skip
RISES = [
    (f"{name}-since-2017", FIRST_2017, FIRST_2020, name, "amazon")
    for name in ("subpoenas", "search-warrants", "court-orders")
] + [("requests-change", YEAR_2013, YEAR_2014, "requests", "microsoft")]
FLAGGED = [
    ("amazon", FIRST_2020, "court-orders", "“1 46”"),
    ("amazon", FIRST_2020, "subpoenas-full-or-part", "not the same as “in full”"),
    ("amazon", FIRST_2020, "search-warrants-full-or-part", "not the same as “in full”"),
    ("amazon", FIRST_2020, "court-orders-full-or-part", "not the same as “in full”"),
    ("microsoft", SECOND_2014, "requests", "first sentence speaks of the first half"),
    ("microsoft", SECOND_2014, "enterprise", "“The same period” may be the half-year or"),
    ("microsoft", SECOND_2014, "enterprise-accounts", "“The same period” may be the half-year or"),
    ("microsoft", SECOND_2014, "content-share", "not of the requests"),
]

Stored = dict[tuple[str, tuple[date, date], str], Figure]


@pytest.fixture
def stored(app: Flask) -> Stored:
    """By company, period and short name."""
    with app.app_context():
        starting.load(files=app.extensions["files"], actor=None)
        return {
            (
                one.report.company.slug, (one.report.period_start, one.report.period_end), one.slug
            ): one
            for one in db.session.scalars(sa.select(Figure))
        }  # fmt: skip


def test_every_figure_of_the_sources_is_there_as_they_print_it(app: Flask, stored: Stored) -> None:
    with app.app_context():
        found = [
            (
                *key,
                words(one.amount, signed=one.measure == "change"),
                f"{one.measure} {one.outcome} {one.requester}",
            )
            for key, one in stored.items()
        ]
    assert sorted(found) == sorted(FIGURES)


def test_each_says_where_it_stands_and_what_is_ours_says_how_it_was_computed(
    app: Flask, stored: Stored
) -> None:
    with app.app_context():
        for key, one in stored.items():
            assert one.locator, key
            assert bool(one.verbatim) != one.derived or one.slug == "mlat-rejected", key
            assert bool(one.formula) == one.derived, key
            assert len(one.label.split()) <= 15, key


def test_sums_and_remainders_are_right(app: Flask, stored: Stored) -> None:
    for company, period, whole, formula in SUMS:
        total, sign = Decimal(0), 1
        for part in formula.split():
            if part in "+-":
                sign = 1 if part == "+" else -1
            else:
                total += sign * (stored[company, period, part].low or 0)
        assert stored[company, period, whole].low == total, (company, whole)
    year, second = (
        stored["microsoft", period, "requests"].low or 0 for period in (YEAR_2014, SECOND_2014)
    )
    assert stored["microsoft", FIRST_2014, "requests"].low == year - second


def test_rises_that_we_compute_are_right(app: Flask, stored: Stored) -> None:
    for name, before, after, of, company in RISES:
        old, new = (stored[company, period, of].low or Decimal(0) for period in (before, after))
        change = stored[company, after, name]
        assert change.low == ((new - old) / old * 100).quantize(Decimal("0.1")), name
        assert (change.compared_start, change.compared_end) == before, name


@pytest.mark.parametrize(("company", "period", "name", "says"), FLAGGED, ids=lambda given: None)
def test_what_is_unclear_in_print_is_flagged_and_not_smoothed(
    app: Flask, stored: Stored, company: str, period: tuple[date, date], name: str, says: str
) -> None:
    assert says in stored[company, period, name].flag


def test_the_press_is_named_as_the_source_and_the_company_only_where_it_speaks(
    app: Flask, stored: Stored
) -> None:
    with app.app_context():
        kinds = {
            (one.company.slug, one.period_start.year): one.source_kind
            for one in db.session.scalars(sa.select(Report))
        }
        assert kinds.pop(("microsoft", 2019)) is SourceKind.PRIMARY
        assert set(kinds.values()) == {SourceKind.PRESS}
        assert {one.source_url for one in db.session.scalars(sa.select(Report))} == {""}
    assert stored["microsoft", SECOND_2014, "requests"].status is Status.DISPUTED


def test_a_band_stays_a_band_and_a_share_says_of_what(app: Flask, stored: Stored) -> None:
    band = stored["amazon", FIRST_2017, "national-security"]
    assert (band.value_kind, band.low, band.high) == (ValueKind.BAND, Decimal(0), Decimal(249))
    share = stored["microsoft", SECOND_2014, "content-share"]
    assert share.denominator == "requests_with_disclosure"
    assert stored["amazon", FIRST_2017, "subpoenas-full"].denominator == "requests_received"


def test_the_survey_keeps_its_words_and_draws_no_chart_of_what_can_be_misread(
    app: Flask, stored: Stored
) -> None:
    with app.app_context():
        survey = queries.survey(starting.SURVEY)
        assert survey is not None
        assert (survey.sample_size, survey.weighted) == (2072, True)
        assert (survey.fieldwork_start, survey.fieldwork_end) == (
            date(2019, 11, 7), date(2019, 11, 8),
        )  # fmt: skip
        told = {a.percent for q in survey.questions for a in q.answers}
        assert told == {Decimal("44.3"), Decimal("45.6")}
        assert not isinstance(charts.look(f"{starting.SURVEY}/app-data"), str)
        why = charts.look(f"{starting.SURVEY}/cloud-storage")
        assert isinstance(why, str)
        assert "can be misread" in why
        text = f"((chart: {starting.SURVEY}/cloud-storage))"
        assert charts.problems(text, charts.looked([text]))


def test_it_comes_once_and_leaves_what_is_there(app: Flask) -> None:
    with app.app_context():
        add_company(name="Amazon UK", slug="amazon", actor=None)
        files = app.extensions["files"]
        assert starting.load(files=files, actor=None) == (7, len(FIGURES), 1)
        assert starting.load(files=files, actor=None) == (7, 0, 0)
        assert db.session.scalar(sa.select(sa.func.count(Figure.id))) == len(FIGURES)


def test_the_command_says_what_came_in(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["evidence", "start"])
    assert done.exit_code == 0, done.output
    assert f'"figures": {len(FIGURES)}' in done.output


def test_a_part_is_never_more_than_its_whole(app: Flask, stored: Stored) -> None:
    with app.app_context():
        parts = [one for one in stored.values() if one.parent_id]
        assert len(parts) == 21
        assert all(one.high <= (one.parent_high or 0) for one in parts if one.high is not None)
