from __future__ import annotations

import json
from datetime import date

import pytest

from campaign.companies import reading, table
from campaign.companies.reading import ContactRow, read_csv, read_datenanfragen
from campaign.companies.rules import Channel
from campaign.kernel.errors import Problem


def why_refused(raw: bytes) -> dict[str, str]:
    return {refusal.where: refusal.why for refusal in read_csv(raw).refused}


def test_a_full_line_becomes_a_company_with_a_contact_for_each_channel() -> None:
    sheet = read_csv(
        "Name,Legal Name,SLUG,country,region,time zone,language,website,e-mail,web form,"
        "postal address,handle,office,person,salutation,verified-how,verified_on\n"
        "Acme,Acme GmbH,acme,Germany,Bayern,Europe/Berlin,DE,acme.example,x@Acme.example,"
        'acme.example/form,"Weg 1\r\n80331 München",@acme,press office,A. Beispiel,Dear A.,'
        "privacy page,2026-11-01\n".encode()
    )
    assert sheet.refused == ()
    (row,) = sheet.rows
    assert (row.line, row.name, row.legal_name, row.slug) == (2, "Acme", "Acme GmbH", "acme")
    assert (row.country, row.region, row.timezone) == ("DE", "BY", "Europe/Berlin")
    assert (row.language, row.website) == ("de", "https://acme.example")
    assert [(c.channel, c.value) for c in row.contacts] == [
        (Channel.EMAIL, "x@acme.example"),
        (Channel.FORM, "https://acme.example/form"),
        (Channel.POST, "Weg 1\n80331 München"),
        (Channel.MENTION, "@acme"),
    ]
    assert row.contacts[0] == ContactRow(
        Channel.EMAIL,
        "x@acme.example",
        "press office",
        "A. Beispiel",
        "Dear A.",
        "privacy page",
        date(2026, 11, 1),
    )


TEXT = "email;name\r\nx@a.example;Bücher\r\ny@b.example;Zwei – Söhne\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace("x@a.example", '"x@a.example"').encode(),
        ("sep=;\r\n" + TEXT).encode(),
        ("\r\n;\r\n" + TEXT + ";\r\n").encode(),
    ],
)
def test_a_file_is_read_whatever_program_wrote_it(raw: bytes) -> None:
    sheet = read_csv(raw)
    assert [row.name for row in sheet.rows] == ["Bücher", "Zwei – Söhne"]
    assert sheet.rows[1].contacts[0].value == "y@b.example"
    assert sheet.refused == ()


def test_lines_with_one_name_or_slug_are_contacts_of_one_company() -> None:
    sheet = read_csv(
        b"name,slug,email,country,website\n"
        b"Acme,,a@acme.example,,\n"
        b"Other,,o@other.example,,\n"
        b"ACME,,b@acme.example,GB,\n"
        b"Acme ,acme,c@acme.example,,acme.example\n"
    )
    assert sheet.refused == ()
    acme, other = sheet.rows
    assert [c.value[0] for c in acme.contacts] == ["a", "b", "c"]
    assert (acme.line, acme.slug, acme.country, acme.timezone) == (2, "acme", "GB", "Europe/London")
    assert acme.website == "https://acme.example"
    assert other.line == 3


def test_a_line_without_slug_belongs_to_the_company_of_that_name() -> None:
    sheet = read_csv(b"name,slug,email\nAcme,acme-uk,a@acme.example\nAcme,,b@acme.example\n")
    assert [(row.slug, len(row.contacts)) for row in sheet.rows] == [("acme-uk", 2)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"Acme,acme,,DE,,", "country differs from line 2"),
        (b"Bolt,acme,,,,", "give each company a slug of its own"),
        (b"Acme,acme,a@acme.example,,,", "repeats the contacts of line 2"),
        (b",,x@y.example,,,", "name is missing"),
        (b"=HYPERLINK(1),,,,,", "formula"),
        (b"+Plus,,,,,", "formula"),
        (b"-Minus,,,,,", "formula"),
        (b'" @At",,,,,', "formula"),
        (b'"A\nB",,,,,', "line break"),
        (b"A\x00B,,,,,", "invisible"),
        ("A\u202eB,,,,,".encode(), "invisible"),
        (b"A" * 201 + b",,,,,", "longer than 200"),
        (b"Bolt,Bolt!,,,,", "slug"),
        (b'Bolt,,"a@b.example, c@d.example",,,', "mail address"),
        (b"Bolt,,nobody,,,", "mail address"),
        (b"Bolt,,,Atlantis,,", "two letters such as GB"),
        (b"Bolt,,,,01/02/2026,", "ambiguous"),
        (b"Bolt,,,,2026-02-30,", "not a day"),
        (b"Bolt,,,,9999-01-01,", "not a day"),
        (b"Bolt,,,,yesterday,", "2026-12-06"),
        (b"Bolt,,,,,Europe/Atlantis", "Europe/London"),
        (b"Bolt,,,,,,more", "more cells than the header"),
        (b'"Bolt" Ltd,,,,,', "quotation marks"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_by_number_and_the_rest_is_read(
    line: bytes, words: str
) -> None:
    head = b"name,slug,email,country,verified_on,timezone\nAcme,acme,a@acme.example,GB,,\n"
    sheet = read_csv(head + line + b"\nLast,,l@z.example,,,\n")
    assert [row.name for row in sheet.rows] == ["Acme", "Last"]
    (refusal,) = sheet.refused
    assert refusal.where == "line 3"
    assert words in refusal.why


def test_a_refused_line_adds_nothing_to_its_company() -> None:
    sheet = read_csv(b"name,email,office\nAcme,a@acme.example,=cmd\nAcme,b@acme.example,press\n")
    assert [c.value for c in sheet.rows[0].contacts] == ["b@acme.example"]
    assert [refusal.where for refusal in sheet.refused] == ["line 2"]


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    raw = b'name,address,email\nAcme,"Street 1\nTown",\n\nBolt,,broken\n'
    assert list(why_refused(raw)) == ["line 5"]


def test_a_quotation_mark_that_is_never_closed_hides_no_line() -> None:
    raw = b'name,address\nAcme,Street\nBolt,"Street\nCrux,Street\nDune,Street\n'
    assert [row.name for row in read_csv(raw).rows] == ["Acme"]
    assert "lines 3 to 5" in why_refused(raw)["line 3"]


def test_unknown_columns_are_reported_once() -> None:
    raw = b"name,fax,email,colour,email\nAcme,1,a@acme.example,red,b@acme.example\n"
    assert len(read_csv(raw).rows) == 1
    assert list(why_refused(raw)) == ["header"]
    assert "“fax”, “colour”, “email”" in why_refused(raw)["header"]


@pytest.mark.parametrize("raw", [b"", b" \r\n", b"fax,phone\n1,2\n", b",,,\n"])
def test_a_file_without_names_gives_no_rows_and_says_why(raw: bytes) -> None:
    assert read_csv(raw).rows == ()
    assert "header" in why_refused(raw)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"name\n" + b"a" * 10_000_000, "10 MB"),
        (b"name\n" + b"a\n" * 100_001, "100,000 rows"),
        (b"name\nAcme\n" + b"a" * 10_001, "line 3 has a cell"),
        (b"name\nAcme\n" + b"a" * 200_000, "line 3 has a cell"),
    ],
)
def test_an_import_beyond_the_limits_is_refused_as_a_whole(raw: bytes, words: str) -> None:
    with pytest.raises(Problem) as caught:
        read_csv(raw)
    assert caught.value.code == "import-too-large"
    assert words in caught.value.title


@pytest.mark.parametrize("raw", [b"name\nAcme\x81\xff\n", b"\xff\xfen\0a", b"\xff\xfen\0\0\xd8"])
def test_bytes_in_no_encoding_are_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(Problem) as caught:
        read_csv(raw)
    assert caught.value.code == "import-unreadable"


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("GB", "Europe/London"),
        ("uk", "Europe/London"),
        ("Deutschland", "Europe/Berlin"),  # Büsingen keeps Berlin's time
        ("Czech Republic", "Europe/Prague"),
        ("United States", None),
        ("Spain", None),
        ("", None),
    ],
)
def test_a_zone_is_guessed_only_for_a_country_with_one_clock(
    country: str, zone: str | None
) -> None:
    (row,) = read_csv(f"name,country\nAcme,{country}\n".encode()).rows
    assert row.timezone == zone


def record(**changes: object) -> bytes:
    values: dict[str, object] = {
        "slug": "acme",
        "relevant-countries": ["de"],
        "name": "Acme GmbH",
        "address": "Weg 1\n10115 Berlin\nDeutschland",
        "email": "privacy@acme.example",
        "web": "https://acme.example",
        "sources": ["https://acme.example/privacy"],
        "quality": "verified",
    }
    return json.dumps({key: v for key, v in (values | changes).items() if v is not None}).encode()


def test_a_record_of_the_company_database_becomes_a_company() -> None:
    sheet = read_datenanfragen([("acme.json", record(runs=["Shop"], phone="+49 30 1"))])
    assert sheet.refused == ()
    (row,) = sheet.rows
    assert (row.slug, row.country, row.timezone) == ("acme", "DE", "Europe/Berlin")
    assert [c.channel for c in row.contacts] == [Channel.EMAIL, Channel.POST]
    # The database names no day on which a person looked.
    assert {c.verified_on for c in row.contacts} == {None}
    assert row.contacts[0].verified_how == (
        "datenanfragen.de company database (verified) https://acme.example/privacy"
    )


@pytest.mark.parametrize(
    ("changes", "channels", "country"),
    [
        ({"email": None}, [Channel.POST], "DE"),
        (
            {"email": None, "webform": "https://acme.example/f"},
            [Channel.FORM, Channel.POST],
            "DE",
        ),
        ({"address": "1 Road\nDublin\nIreland"}, [Channel.EMAIL, Channel.POST], "IE"),
        ({"address": "1 Road\nNowhere"}, [Channel.EMAIL, Channel.POST], "DE"),
        (
            {"address": "1 Road\nNowhere", "relevant-countries": ["all"]},
            [Channel.EMAIL, Channel.POST],
            None,
        ),
    ],
)
def test_companies_with_a_form_or_a_post_address_only_are_read_too(
    changes: dict[str, object], channels: list[Channel], country: str | None
) -> None:
    (row,) = read_datenanfragen([("acme.json", record(**changes))]).rows
    assert [c.channel for c in row.contacts] == channels
    assert row.country == country


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "not a record"),
        (b" " * 1_000_001, "1 MB"),
        (record(name=None), "name is missing"),
        (record(name=7), "its name is not a text"),
        (record(**{"relevant-countries": "de"}), "not a list"),
        (record(obsolete=True), "obsolete"),
        (record(email="a@b.example, c@d.example"), "mail address"),
        (record(name="=Acme"), "formula"),
        (record(name="\ud800"), "invisible"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_by_the_name_of_its_file(
    raw: bytes, words: str
) -> None:
    sheet = read_datenanfragen([("bad.json", raw), ("acme.json", record())])
    assert [row.name for row in sheet.rows] == ["Acme GmbH"]
    (refusal,) = sheet.refused
    assert refusal.where == "bad.json"
    assert words in refusal.why


def test_a_slug_comes_once_in_the_company_database() -> None:
    again = record(email="other@acme.example")
    sheet = read_datenanfragen([("a.json", record()), ("b.json", again)])
    assert len(sheet.rows) == 1
    assert sheet.refused[0].where == "b.json"


def test_the_number_of_records_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_MAX", 1)
    with pytest.raises(Problem, match="more than 1 records"):
        read_datenanfragen([("a.json", record()), ("b.json", record())])
    assert table.ROWS_MAX == 100_000
