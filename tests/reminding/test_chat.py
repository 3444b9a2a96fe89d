"""Chat rooms hear once of what is new, and their addresses are told to nobody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from campaign.accounts.models import User
from campaign.config import Settings
from campaign.factory import create_app
from campaign.kernel.errors import Problem
from campaign.reminding import chat
from tests.reminding.test_reminding import MONDAY, Post, remind, triager

__all__ = ["triager"]


@contextmanager
def room(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A room's service: its address, and what it was told."""
    told: list[dict[str, Any]] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://user:s3cret@127.0.0.1:{server.server_port}/", told
        server.shutdown()


def with_rooms(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    settings: Settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, staff_chat_urls=url))


def test_a_room_is_told_once_without_what_a_message_says(
    app: Flask, triager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with room() as (url, told), app.app_context():
        with_rooms(app, monkeypatch, url)
        remind(Post(), MONDAY - timedelta(hours=2))
        assert told == [], "it is before the message has waited long enough"
        remind(Post(), MONDAY + timedelta(hours=3))
        remind(Post(), MONDAY + timedelta(hours=6))
    (message,) = told
    assert "Message that could be anybody's – http" in message["message"]
    assert "Hello" not in message["message"]


def test_a_room_that_fails_stops_nothing_and_no_log_holds_its_address(
    app: Flask,
    triager: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    way = Post()
    with room(500) as (url, told), app.app_context():
        with_rooms(app, monkeypatch, url)
        remind(way, MONDAY - timedelta(hours=2))
        assert remind(way, MONDAY + timedelta(hours=3)) == 1
    assert len(told) == 1
    assert "a chat room did not take a message" in caplog.text
    assert "s3cret" not in caplog.text
    assert "s3cret" not in repr(app.extensions["settings"])


def test_an_address_of_no_known_service_is_told_at_the_start_without_being_shown(
    settings: Settings,
) -> None:
    with pytest.raises(Problem, match="STAFF_CHAT_URLS") as caught:
        create_app(replace(settings, staff_chat_urls="json://ok/ carrier-pigeon://s3cret/"))
    assert caught.value.code == "bad-setting"
    assert "address 2" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert len(chat.rooms("")) == 0
