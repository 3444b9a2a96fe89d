from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.companies import operations
from campaign.companies.models import Company, Contact
from campaign.companies.reading import read_csv
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel.errors import Problem
from tests.builders.accounts import post, sign_in, user
from tests.builders.companies import company, contact
from tests.pages import Page, page

HEADER = "name,country,timezone,email,office,verified_how,verified_on"
THREE = f"""{HEADER}
Larkspur Mobile,GB,Europe/London,privacy@larkspur.example,privacy office,privacy page,2026-01-15
Nordlicht Energie,DE,Europe/Berlin,datenschutz@nordlicht.example,Datenschutz,Impressum,2026-01-15
Océane Banque,FR,Europe/Paris,dpo@oceane.example,dpo,site,2026-01-15
""".encode()


def _run(text: bytes | str, *, dry_run: bool = False) -> operations.Report:
    raw = text if isinstance(text, bytes) else f"{HEADER}\n{text}\n".encode()
    return operations.import_sheet(read_csv(raw), actor=None, dry_run=dry_run)


def _counts(report: operations.Report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len(report.refused)


def test_three_companies_are_added_and_the_second_time_unchanged(ctx: AppContext) -> None:
    assert _counts(_run(THREE)) == (3, 0, 0, 0)
    made = db.session.query(Company).filter_by(slug="nordlicht-energie").one()
    assert (made.country, made.timezone) == ("DE", "Europe/Berlin")
    first = made.contacts[0]
    assert (first.value, first.office) == ("datenschutz@nordlicht.example", "Datenschutz")
    assert (first.verified_how, first.verified_on) == ("Impressum", date(2026, 1, 15))
    events = len(history.newest())
    assert _counts(_run(THREE)) == (0, 0, 3, 0)
    assert len(history.newest()) == events, "what changes nothing is not noted"
    assert history.verify() == (events, None)


def test_a_dry_run_tells_the_same_and_writes_nothing(ctx: AppContext) -> None:
    dry = _run(THREE, dry_run=True)
    assert (db.session.query(Company).count(), history.newest()) == (0, [])
    assert dry == _run(THREE)


def test_lines_that_cannot_be_used_are_refused_with_their_number(ctx: AppContext) -> None:
    report = _run(
        "\n".join(
            (
                "Larkspur Mobile,GB,Europe/London,privacy@larkspur.example,,,",
                "=cmd|'/C calc'!A0,GB,,x@evil.example,,,",
                "Bad Zone,GB,Europe/Lundon,y@bad.example,,,",
                'Two Addresses,GB,,"a@b.example, c@d.example",,,',
                "Ourselves,GB,,answers@brightwater.example,,,",
                "Tomorrow,GB,,z@tomorrow.example,,a dream,2090-01-01",
                "No Source,GB,,z@nosource.example,,,2026-01-15",
            )
        )
    )
    assert _counts(report) == (1, 0, 0, 6)
    assert [refusal.where for refusal in report.refused] == [
        f"line {n}" for n in (3, 4, 5, 6, 7, 8)
    ]
    assert db.session.query(Company).count() == 1


def test_a_line_adds_what_is_new_and_empties_nothing(ctx: AppContext) -> None:
    known = company(country="GB", website="https://larkspur.example")
    contact(known, "privacy@larkspur.example", verified_how="page", verified_on=date(2026, 1, 15))
    report = _run(
        "Larkspur Mobile,,Europe/Dublin,privacy@larkspur.example,legal,their page,2026-02-01\n"
        "Larkspur Mobile,,,press@larkspur.example,press,,"
    )
    assert _counts(report) == (0, 1, 0, 0)
    assert (known.country, known.website) == ("GB", "https://larkspur.example")
    assert known.timezone == "Europe/Dublin"
    first, second = known.contacts
    assert (first.office, first.verified_on) == ("legal", date(2026, 2, 1))
    assert (second.value, second.verified_on) == ("press@larkspur.example", None)


def test_an_older_verification_does_not_replace_a_newer(ctx: AppContext) -> None:
    known = company()
    made = contact(known, "privacy@larkspur.example", verified_on=date(2026, 3, 1))
    report = _run(
        "Larkspur Mobile,GB,Europe/London,privacy@larkspur.example,privacy office,old,2026-01-15"
    )
    assert (_counts(report), made.verified_on) == ((0, 0, 1, 0), date(2026, 3, 1))


def test_a_retired_contact_stays_retired_and_the_report_says_so(ctx: AppContext) -> None:
    known = company()
    old = contact(known, "privacy@larkspur.example")
    operations.retire_contact(old.id, actor=None)
    report = _run("Larkspur Mobile,GB,,privacy@larkspur.example,legal,page,2026-11-20")
    assert _counts(report) == (0, 0, 1, 0)
    assert "is retired here and stays so" in report.lines[0].details[0]
    assert (old.usable, old.office) == (False, "privacy office")


def test_a_company_with_a_short_name_of_its_own_is_found_by_its_name(ctx: AppContext) -> None:
    company(slug="larkspur")
    assert _counts(_run("Larkspur Mobile,GB,Europe/London,,,,")) == (0, 0, 1, 0)


def test_all_or_nothing_is_written(ctx: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def break_down(*args: object, **kwargs: object) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("the disk is gone")
        add(*args, **kwargs)  # type: ignore[arg-type]

    add = operations.new_contact
    monkeypatch.setattr(operations, "new_contact", break_down)
    with pytest.raises(RuntimeError):
        _run(THREE)
    assert (db.session.query(Company).count(), db.session.query(Contact).count()) == (0, 0)
    assert history.verify() == (0, None)


def test_an_empty_file_is_refused(ctx: AppContext) -> None:
    with pytest.raises(Problem, match="no company"):
        operations.import_sheet(read_csv(f"{HEADER}\n".encode()), actor=None)


# The pages


def _look_at(client: FlaskClient, raw: bytes, name: str = "companies.csv") -> Page:
    upload = {"file": (io.BytesIO(raw), name)}
    return page(post(client, "/staff/companies/import", upload))


def _confirm(client: FlaskClient, seen: Page) -> Page:
    fields = {
        str((i.attrs or {})["name"]): str((i.attrs or {})["value"])
        for i in seen.select("main form input[type='hidden']")
    }
    return page(client.post("/staff/companies/import/confirm", data=fields))


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> None:
    """A drafter is signed in at `client`."""
    with app.app_context():
        sign_in(client, user())


@pytest.mark.usefixtures("drafter")
def test_a_file_is_shown_then_imported_then_reported(app: Flask, client: FlaskClient) -> None:
    seen = _look_at(client, THREE + b"Bad,Atlantis,,,,,\n")
    assert seen.texts(".stat strong") == ["3", "0", "0", "1"]
    assert "line 5" in seen.texts("tbody th")[0]
    assert seen.texts("main form .btn-primary") == ["Import 3 companies"]
    assert "No companies yet" in page(client.get("/staff/companies/")).text
    done = _confirm(client, seen)
    assert (done.h1, done.texts(".stat strong")) == ("Import done", ["3", "0", "0", "1"])
    assert len(page(client.get("/staff/companies/")).texts("tbody th")) == 3
    with app.app_context():
        told = next(e for e in history.newest() if e.kind == "companies.imported")
        assert told.detail["source"] == "companies.csv"


@pytest.mark.usefixtures("drafter")
def test_another_file_cannot_slip_in_between(app: Flask, client: FlaskClient) -> None:
    seen = _look_at(client, THREE)
    with app.app_context():
        other = app.extensions["files"].put(b"name\nEvil Corporation\n")
    token = str((seen.one("main form input[name='csrf_token']").attrs or {})["value"])
    ticket = str((seen.one("main form input[name='ticket']").attrs or {})["value"])
    for forged in (other, ticket[:-5] + ("a" if ticket[-5] != "a" else "b") + ticket[-4:], ""):
        sent = client.post(
            "/staff/companies/import/confirm", data={"csrf_token": token, "ticket": forged}
        )
        assert sent.status_code == 400
    with app.app_context():
        assert db.session.query(Company).count() == 0


@pytest.mark.usefixtures("drafter")
def test_the_ticket_of_another_person_opens_nothing(app: Flask, client: FlaskClient) -> None:
    seen = _look_at(client, THREE)
    ticket = str((seen.one("main form input[name='ticket']").attrs or {})["value"])
    other = app.test_client()
    with app.app_context():
        sign_in(other, user(name="Bo Drafter"))
    given = {"ticket": ticket}
    sent = post(other, "/staff/companies/import/confirm", given, page="/staff/companies/import")
    assert sent.status_code == 400


@pytest.mark.usefixtures("drafter")
@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (b"\x00\x01\x02\xff\xfe" * 50, "columns, not read"),
        (b"x" * 10_000_001, "too large"),
        (f"{HEADER}\n".encode(), "holds no company"),
        (b"firm;ort\nLarkspur;London\n", "there is no column"),
    ],
)
def test_a_file_of_no_use_gives_one_clear_error(
    client: FlaskClient, raw: bytes, words: str
) -> None:
    assert words in _look_at(client, raw).text


@pytest.mark.usefixtures("drafter")
def test_a_form_without_a_file_says_so(client: FlaskClient) -> None:
    seen = page(post(client, "/staff/companies/import"))
    assert seen.texts(".error-summary a[href='#file']") == ["CSV file: Choose a file."]
