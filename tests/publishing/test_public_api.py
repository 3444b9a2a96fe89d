"""The interface for programs, the feeds and the history: shape, filters, pages, proof."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from campaign.extensions import db
from campaign.history import rules as history_rules
from campaign.history.models import HistoryEvent
from campaign.publishing import api, public_history
from campaign.publishing.models import Response
from campaign.replies.rules import Verdict
from tests.builders import publishing as build
from tests.publishing.asking import asked

SPEAKER = "who-can-read-what-your-speaker-hears"
LARKFIELD = f"/campaigns/{SPEAKER}/larkfield-home/"
# contract.md: "A record: …"
RECORD = {
    *("campaign", "company", "response", "timeliness", "permission", "sent_at", "deadline"),
    *("as_of", "statement", "basis", "questions", "history", "corrections"),
    *("letter_url", "reply_url"),
}


@pytest.fixture
def larkfield(app: Flask, later: datetime) -> None:
    """Silence of Larkfield Home, then an answer."""
    with app.app_context():
        letter = build.sent(build.campaign())
        build.silence(letter)
        build.answered(
            letter,
            received_at=build.PUBLISHED_AT + timedelta(days=1),
            verdicts=(Verdict.ANSWERED, Verdict.NOT_ADDRESSED),
        )


@pytest.mark.usefixtures("larkfield")
def test_a_record_has_what_the_contract_says(client: FlaskClient) -> None:
    listed = asked(client, "/api/v1/records")
    assert listed["next"] is None
    [record] = listed["items"]
    assert record.keys() >= RECORD
    assert record["response"] == "responded_full"
    assert record["permission"] == "notice_default"
    assert record["sent_at"] == "2026-11-02T10:02:00+00:00"
    assert record["deadline"] == "2026-11-17"
    assert record["questions"] == [
        {"number": 1, "verdict": "answered"},
        {"number": 2, "verdict": "not_addressed"},
    ]
    assert [one.keys() for one in record["basis"]] == [{"gate", "holds", "detail"}]
    assert [state["response"] for state in record["history"]] == ["no_response", "responded_full"]
    assert record["corrections"] == []
    for name in ("letter_url", "reply_url", "url", "history_url"):
        assert client.get(urlsplit(record[name]).path).status_code == 200, name


def test_the_outcomes_of_a_campaign_can_be_filtered_and_add_up(
    app: Flask, client: FlaskClient, later: datetime
) -> None:
    with app.app_context():
        build.every_outcome()
    found = {
        response.value: {
            record["company"]
            for record in asked(
                client, f"/api/v1/records?campaign={SPEAKER}&response={response.value}"
            )["items"]
        }
        for response in Response
    }
    assert found["no_response"] == {"larkfield-home", "marrow-lane-electronics"}
    assert found["responded_full"] == {"ambley-audio", "tern-co"}
    assert found["extended"] == {"agren-hem"}
    assert found["awaiting"] == {"zephyr-audio"}
    assert sum(map(len, found.values())) == 11
    campaign = asked(client, f"/api/v1/campaigns/{SPEAKER}")
    assert campaign["outcomes"] == {key: len(names) for key, names in found.items() if names}
    assert campaign["rates"] == {
        "companies_reached": 10,
        "any_reply": 6,
        "substantive_reply": 4,
    }
    touched = asked(client, "/api/v1/companies/marrow-lane-electronics")["records"][0]
    assert touched["in_touch"] is True


def test_a_long_list_is_followed_by_next_and_each_record_comes_once(
    app: Flask, client: FlaskClient, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "PER_PAGE", 2)
    with app.app_context():
        of = build.campaign()
        for number in range(5):
            build.sent(of, build.company(f"Company {number}"))
    seen, url = [], f"/api/v1/records?campaign={SPEAKER}&response=awaiting"
    while url:
        answer = asked(client, url)
        seen += [record["company"] for record in answer["items"]]
        parts = urlsplit(answer["next"] or "")
        url = answer["next"] and f"{parts.path}?{parts.query}"
    assert seen == [f"company-{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("response=silent", "Give one of: awaiting"),
        ("response=", "Give one of: awaiting"),
        ("page=0", "from 1"),
        ("page=two", "from 1"),
        ("page=99", "from the first page"),
        ("campaign=No%20Such", "See /api/v1/campaigns"),
        ("campaign=%00", "See /api/v1/campaigns"),
        ("company=x", "Use campaign, response, page."),
        ("page=1&page=2", "Give it once."),
    ],
)
def test_a_parameter_that_cannot_be_understood_is_told_with_what_to_do(
    client: FlaskClient, query: str, says: str
) -> None:
    answer = client.get(f"/api/v1/records?{query}")
    assert answer.status_code == 400
    assert says in (answer.json or {})["error"]["what_to_do"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["campaigns/x", "companies/x", "evidence/none", "x/y/z"])
def test_what_is_not_there_is_told_in_json(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert (answer.json or {})["error"]["what_to_do"]


@pytest.mark.usefixtures("larkfield")
def test_the_description_names_every_address_and_every_part_of_a_record(
    client: FlaskClient,
) -> None:
    described = asked(client, "/api/v1/openapi.json")
    assert set(described["paths"]) == {
        *("/campaigns", "/campaigns/{slug}", "/records", "/companies/{slug}"),
        "/evidence/figures",
    }
    record = asked(client, "/api/v1/records")["items"][0]
    assert described["components"]["schemas"]["Record"]["properties"].keys() == record.keys()


@pytest.mark.usefixtures("larkfield")
def test_the_history_can_be_verified_and_holds_no_personal_data(
    app: Flask, client: FlaskClient
) -> None:
    raw = client.get(f"{LARKFIELD}history.json")
    events = json.loads(raw.text)["events"]
    kinds = []
    for event in events:
        assert hashlib.sha256(event["payload"].encode()).hexdigest() == event["hash"]
        told = json.loads(event["payload"])
        kinds.append(told["kind"])
        detail = event.get("detail")
        if detail:
            salted = f"{detail['salt']}:{detail['body']}"
            assert hashlib.sha256(salted.encode()).hexdigest() == told["detail"]
            assert told["kind"] in public_history.TOLD
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
    assert {"dispatch.accepted", "record.published", "record.changed", "reply.filed"} <= set(kinds)
    for personal in ("Ada", "Bea", "Petra", "@larkfield", "we keep recordings"):
        assert personal not in raw.text
    with app.app_context():
        stored = {row.seq: row.hash for row in db.session.scalars(sa.select(HistoryEvent))}
    assert all(stored[event["seq"]] == event["hash"] for event in events)


@pytest.mark.parametrize(
    ("kind", "detail", "told"),
    [
        ("record.published", {"response": "no_response", "statement": "We wrote."}, True),
        ("record.published", {"response": "no_response", "signed_by": "Ada"}, False),
        ("letter.signed", {"note": "Looks right to me."}, False),
        ("something.new", {}, True),
        ("something.new", {"name": "Ada"}, False),
    ],
)
def test_a_detail_is_told_only_where_all_of_it_is_known_to_be_public(
    kind: str, detail: dict[str, str], told: bool
) -> None:
    assert public_history.is_public(kind, detail) is told
    assert history_rules.canonical(detail)


@pytest.mark.usefixtures("larkfield")
def test_both_feeds_tell_the_newest_state_under_an_id_that_stays(client: FlaskClient) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(client.get("/feed.atom").data)  # noqa: S314 (our own)
    [entry] = feed.findall(f"{atom}entry")
    assert entry.findtext(f"{atom}title") == "Larkfield Home answered our questions"
    assert entry.findtext(f"{atom}updated") == feed.findtext(f"{atom}updated")
    [item] = asked(client, "/feed.json")["items"]
    assert item["id"] == entry.findtext(f"{atom}id")
    assert item["date_published"] == "2026-11-19T00:05:00+00:00"
    assert item["date_modified"] == "2026-11-20T05:05:00+00:00"
    assert client.get(urlsplit(item["url"]).path).status_code == 200


def test_feeds_of_an_empty_site_are_whole(client: FlaskClient) -> None:
    ET.fromstring(client.get("/feed.atom").data)  # noqa: S314 (our own)
    assert asked(client, "/feed.json")["items"] == []


@pytest.mark.usefixtures("larkfield")
def test_every_address_of_the_sitemap_answers(client: FlaskClient) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    tree = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314 (our own)
    paths = [urlsplit(loc.text or "").path for loc in tree.iter(f"{space}loc")]
    assert LARKFIELD in paths
    assert {client.get(path).status_code for path in paths} == {200}
