"""The public pages beside the real operations: from silence to a late reply."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from campaign.drafting.models import Letter
from campaign.extensions import db
from campaign.kernel import clock
from campaign.publishing import operations as publishing
from campaign.publishing import rules
from campaign.replies import operations as triage
from campaign.replies.rules import Answer, ItemKind, Permission, Verdict
from tests.builders import replies as mail
from tests.builders import waiting
from tests.pages import page

RECORD = "/campaigns/location-data/larkspur-mobile/"
LATE = waiting.AFTER + timedelta(days=1)


def test_silence_then_a_late_reply_as_the_public_sees_it(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        [letter] = waiting.ripe()
        letter_id, tag = letter.id, letter.reply_token
        signers = {text.frozen_by.name for text in letter.frozen_texts}
    with clock.at(waiting.SILENCE - timedelta(days=1)):
        assert page(client.get(RECORD)).h1 == "We await an answer from Larkspur Mobile"
    with app.app_context():
        waiting.run(waiting.AFTER)
    silent = page(client.get(RECORD))
    assert silent.h1 == "Larkspur Mobile did not respond"
    gates = [
        (one.attrs or {})["data-gate"] for one in silent.select('.gates li[data-holds="true"]')
    ]
    assert gates == [gate.value for gate in rules.Gate]

    with app.app_context(), clock.at(LATE):
        message = mail.answered(db.session.get_one(Letter, letter_id), "We keep it for three days.")
        message_id = message.id
        questions = db.session.get_one(Letter, letter_id).campaign.questions
        verdicts = {question.number: Verdict.ANSWERED for question in questions}
    touched = page(client.get(RECORD))
    assert touched.h1 == "Larkspur Mobile did not respond"
    assert "Larkspur Mobile has been in touch since this was published" in touched.text

    with app.app_context(), clock.at(LATE + timedelta(hours=2)):
        actor = waiting.publisher()
        reply = triage.file_reply(
            message_id,
            letter_id=letter_id,
            kind=ItemKind.RESPONSE,
            answer=Answer.FULL,
            permission=Permission.NOTICE_DEFAULT,
            verdicts=verdicts,
            text="We keep it for three days.",
            note="A note for staff.",
            actor=actor,
        )
        publishing.publish_reply(reply.id, actor=actor)
    late = page(client.get(RECORD))
    assert late.h1 == "Larkspur Mobile answered our questions, after publication"
    assert "in touch" not in late.text
    assert late.texts(".verbatim") == ["We keep it for three days."]
    assert any("Published: no response received" in line for line in late.texts(".timeline li"))
    record = client.get("/api/v1/records").json or {}
    assert [one["verdict"] for one in record["items"][0]["questions"]] == ["answered", "answered"]

    raw = client.get(f"{RECORD}history.json").text
    told = set()
    for event in json.loads(raw)["events"]:
        assert hashlib.sha256(event["payload"].encode()).hexdigest() == event["hash"]
        if "detail" in event:
            told.add(json.loads(event["payload"])["kind"])
    assert {"record.published", "record.changed"} <= told
    for secret in (tag, "A note for staff.", "Pia Publisher", "@larkspur-mobile", *signers):
        assert secret not in raw
        assert secret not in client.get("/api/v1/records").text
