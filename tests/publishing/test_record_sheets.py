"""Records as files and feeds: of all, of a campaign, of a company; the same as the pages say."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import pytest
import python_calamine
from flask import Flask
from flask.testing import FlaskClient

from campaign.campaigns import operations as campaigns
from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.publishing.record_sheets import COLUMNS
from tests.builders import publishing as build
from tests.publishing.asking import LARKFIELD, SPEAKER, asked

COMPANY = "/companies/larkfield-home/"
SHEETS = ("/records", f"{SPEAKER}records", f"{COMPANY}records")
FEEDS = ("/feed", f"{SPEAKER}feed", f"{COMPANY}feed")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def two(app: Flask, larkfield: int) -> None:
    """A record of silence, and a letter of another campaign that waits."""
    with app.app_context():
        build.silence(db.session.get_one(Letter, larkfield))
        build.sent(build.campaign(title="=1+1 and another"), build.company("Ambrel Home"))


def lines(client: FlaskClient, path: str) -> list[dict[str, str]]:
    text = client.get(path).text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("two")
def test_a_line_says_what_the_interface_says(client: FlaskClient) -> None:
    record = asked(client, f"/api/v1/records?campaign={SPEAKER.split('/')[2]}")["items"][0]
    (line,) = lines(client, f"{SPEAKER}records.csv")
    assert tuple(line) == tuple(COLUMNS)
    for name in ("campaign", "company", "response", "sent_at", "deadline", "statement", "url"):
        assert line[name] == record[name], name
    raw = client.get(f"{SPEAKER}records.xlsx").data
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    header, cells = book.get_sheet_by_index(0).to_python()
    assert dict(zip(header, cells, strict=True)) == line


@pytest.mark.usefixtures("two")
def test_each_file_and_feed_holds_its_own_and_no_cell_is_a_formula(client: FlaskClient) -> None:
    assert [len(lines(client, f"{path}.csv")) for path in SHEETS] == [2, 1, 1]
    titles = [line["campaign_title"] for line in lines(client, "/records.csv")]
    assert "'=1+1 and another" in titles
    assert [len(asked(client, f"{path}.json")["items"]) for path in FEEDS] == [1, 1, 1]
    other = lines(client, "/records.csv")[0]["campaign"]
    assert asked(client, f"/campaigns/{other}/feed.json")["items"] == []
    for path in FEEDS:
        feed = ET.fromstring(client.get(f"{path}.atom").data)  # noqa: S314 (our own)
        told = asked(client, f"{path}.json")
        assert feed.findtext(f"{ATOM}title") == told["title"]
        assert feed.findtext(f"{ATOM}id") == told["feed_url"].replace(".json", ".atom")
        assert [one.findtext(f"{ATOM}id") for one in feed.findall(f"{ATOM}entry")] == [
            item["id"] for item in told["items"]
        ]
        assert told["items"][0]["url"].endswith(LARKFIELD)
    columns = asked(client, "/records/columns.json")["columns"]
    assert [one["name"] for one in columns] == list(COLUMNS)


def test_what_is_hidden_or_unknown_has_neither(
    app: Flask, client: FlaskClient, two: None, larkfield: int
) -> None:
    with app.app_context():
        letter = db.session.get_one(Letter, larkfield)
        campaigns.set_embargo(letter.campaign_id, until=None, actor=build.staff().approver)
    never = client.get("/campaigns/never/records.csv")
    for path in (*SHEETS[1:], *FEEDS[1:]):
        for form in ("csv", "xlsx") if path in SHEETS else ("atom", "json"):
            hidden = client.get(f"{path}.{form}")
            assert hidden.status_code == 404, path
            assert hidden.data == never.data, path
    assert [line["company"] for line in lines(client, "/records.csv")] == ["ambrel-home"]
    assert asked(client, "/feed.json")["items"] == []


@pytest.mark.usefixtures("two")
def test_pages_name_their_feeds_and_files_and_caches_ask_each_time(client: FlaskClient) -> None:
    for path in (SPEAKER, COMPANY):
        text = client.get(path).text
        for name in ("feed.atom", "feed.json", "records.csv", "records.xlsx"):
            assert f'href="{path}{name}"' in text, name
            answer = client.get(f"{path}{name}")
            assert answer.headers["Cache-Control"] == "public, no-cache"
            again = client.get(f"{path}{name}", headers={"If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304
