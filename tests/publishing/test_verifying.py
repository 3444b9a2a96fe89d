"""Anybody can check a history alone: the program that we hand out finds every kind of change."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from campaign.config import ROOT, Settings
from campaign.database import transaction
from campaign.drafting.models import Letter
from campaign.exporting import addresses
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel.errors import Problem
from campaign.publishing.signing import Signer, signer_of
from tests.builders import publishing as build
from tests.publishing.asking import LARKFIELD, asked
from tests.publishing.test_redacting import signature

VERIFIER = ROOT / "static" / "verify_history.py"
KEYS = "/.well-known/campaign-signing-keys.json"

Files = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def verifier() -> ModuleType:
    """The program that we hand out, as a module."""
    spec = importlib.util.spec_from_file_location("verify_history", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fetched(client: FlaskClient) -> Files:
    return {
        "history": asked(client, f"{LARKFIELD}history.json"),
        "keys": asked(client, KEYS),
        "heads": asked(client, "/history/heads.json"),
        "hashes": asked(client, "/history/hashes.json"),
    }


@pytest.fixture
def silent(app: Flask, client: FlaskClient, larkfield: int) -> Files:
    """What can be fetched about a letter with a record of silence."""
    with app.app_context():
        build.silence(db.session.get_one(Letter, larkfield))
    return fetched(client)


def run(tmp_path: Path, files: Files, **older: dict[str, Any]) -> tuple[int, str]:
    """The program in a process of its own, as anybody runs it; its status and what it says."""
    told = {**files, **older}
    for name, content in told.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    words = [sys.executable, "-I", str(VERIFIER), "history.json", "--keys", "keys.json"]
    for name in ("heads", "hashes", *older):
        words += [f"--{name.replace('_', '-')}", f"{name}.json"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_what_we_publish_holds(silent: Files, tmp_path: Path) -> None:
    status, said = run(tmp_path, silent)
    assert (status, said) == (0, f"ok {len(silent['history']['events'])} events\n")
    assert silent["history"]["record"]["response"] == "no_response"


def changed(content: dict[str, Any]) -> None:
    """An event says something else, and has the hash of that."""
    event = content["events"][1]
    payload = json.loads(event["payload"])
    payload["kind"] = "letter.forgotten"
    event["payload"] = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    event["hash"] = hashlib.sha256(event["payload"].encode()).hexdigest()


def removed(content: dict[str, Any]) -> None:
    del content["events"][1]


def inserted(content: dict[str, Any]) -> None:
    event = copy.deepcopy(content["events"][0])
    payload = {**json.loads(event["payload"]), "seq": event["seq"] + 1000}
    event["payload"] = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    event["hash"] = hashlib.sha256(event["payload"].encode()).hexdigest()
    event["seq"] += 1000
    content["events"].append(event)


def reordered(content: dict[str, Any]) -> None:
    content["events"][0], content["events"][1] = content["events"][1], content["events"][0]


def cut_off(content: dict[str, Any]) -> None:
    content["events"].pop()


def other_record(content: dict[str, Any]) -> None:
    content["record"]["response"] = "full_response"


def other_detail(content: dict[str, Any]) -> None:
    event = next(one for one in content["events"] if "detail" in one)
    event["detail"]["body"] = event["detail"]["body"].replace("no_response", "full_response")


CHANGES: dict[Callable[[dict[str, Any]], None], str] = {
    changed: "the chain has another event at its place",
    removed: "events were there,",
    inserted: "the list of hashes does not reach so far",
    reordered: "it stands after event",
    cut_off: "the newest then, is missing or was changed",
    other_record: "the record does not follow from the history: its response is another",
    other_detail: "what it speaks of was changed",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_change_is_found_also_when_we_ourselves_sign_it(
    app: Flask, silent: Files, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    forged = copy.deepcopy(silent["history"])
    change(forged)
    status, said = run(tmp_path, {**silent, "history": forged})
    assert status == 1
    assert "history.json: the signature does not fit its content" in said
    del forged["signature"]
    signer: Signer = app.extensions["signer"]
    status, said = run(tmp_path, {**silent, "history": signer.signed(forged)})
    assert status == 1
    assert "signature" not in said
    assert CHANGES[change] in said


@pytest.mark.parametrize("change", [changed, removed, cut_off], ids=lambda one: one.__name__)
def test_an_older_copy_alone_shows_what_is_missing_now(
    app: Flask, silent: Files, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    forged = copy.deepcopy(silent["history"])
    del forged["signature"]
    change(forged)
    signer: Signer = app.extensions["signer"]
    (tmp_path / "older.json").write_text(json.dumps(silent["history"]), encoding="utf-8")
    files = {"history": signer.signed(forged), "keys": silent["keys"]}
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(VERIFIER), "history.json", "--keys", "keys.json", "--older",
         "older.json"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "older.json: event" in done.stdout


def test_a_chain_that_was_made_anew_is_found_by_an_older_list_of_hashes(
    app: Flask, client: FlaskClient, silent: Files, tmp_path: Path
) -> None:
    signer: Signer = app.extensions["signer"]
    older = {"first": 1, "hashes": ["0" * 64, *silent["hashes"]["hashes"][1:]], "next": None}
    status, said = run(tmp_path, silent, older_hashes=signer.signed(older))
    assert status == 1
    assert "the chain was changed at event 1, and with it all that follows" in said
    longer = {**older, "hashes": [*silent["hashes"]["hashes"], "f" * 64]}
    status, said = run(tmp_path, silent, older_hashes=signer.signed(longer))
    assert "the chain was cut off at event" in said


def test_what_happens_later_and_a_redaction_leave_older_copies_valid(
    app: Flask, client: FlaskClient, larkfield: int, tmp_path: Path
) -> None:
    from tests.publishing.test_redacting import TEXT, redact

    with app.app_context():
        letter = db.session.get_one(Letter, larkfield)
        reply = build.answered(letter, text=TEXT, comment="We thank Petra Quill.").id
    older = fetched(client)
    with app.app_context():
        redact(reply, signature())
        with transaction():
            record("letter.noted", db.session.get_one(Letter, larkfield))
    status, said = run(
        tmp_path, fetched(client), older=older["history"], older_hashes=older["hashes"]
    )
    assert (status, said.split()[0]) == (0, "ok")


def test_a_stranger_s_signature_and_none_are_told_apart(silent: Files, tmp_path: Path) -> None:
    stranger = Signer(Ed25519PrivateKey.generate())
    bare = {name: value for name, value in silent["history"].items() if name != "signature"}
    for history, why in (
        (stranger.signed(bare), "signed with a key that is not among the published ones"),
        (bare, "it is not signed"),
    ):
        status, said = run(tmp_path, {**silent, "history": history})
        assert status == 1
        assert why in said
    (tmp_path / "history.json").write_text("[]")
    done = subprocess.run(
        [sys.executable, str(VERIFIER), "history.json", "--keys", "keys.json"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "It cannot be read" in done.stderr


def test_the_key_is_the_one_in_the_file_and_earlier_ones_still_check(
    settings: Settings, tmp_path: Path, verifier: ModuleType
) -> None:
    path = tmp_path / "key.pem"
    before = signer_of(settings)
    key = Ed25519PrivateKey.generate()
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    now = signer_of(
        replace(settings, signing_key=str(path), signing_keys_before=before.public_keys()[0]["x"])
    )
    published = {one["kid"]: one for one in now.public_keys()}
    assert len(published) == 2
    for signer in (before, now):
        content = signer.signed({"words": "Grüße 👋", "n": 1})
        assert list(verifier.signature_faults("x", content, published)) == []
    assert signer_of(settings).public_keys() == before.public_keys()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"signing_key": "/nowhere/key.pem"}, "SIGNING_KEY"),
        ({"signing_key": str(VERIFIER)}, "SIGNING_KEY"),
        ({"signing_keys_before": "abc"}, "SIGNING_KEYS_BEFORE"),
    ],
)
def test_an_unusable_key_is_told_at_the_start(
    settings: Settings, changes: dict[str, Any], name: str
) -> None:
    with pytest.raises(Problem, match=name) as caught:
        signer_of(replace(settings, **changes))
    assert caught.value.code == "bad-setting"


def test_heads_name_no_letter_that_is_not_public_and_hashes_go_on_by_pages(
    app: Flask, client: FlaskClient, silent: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        hidden = build.campaign(title="Quite secret until it leaves")
        assert hidden.slug
    assert "secret" not in client.get("/history/heads.json").text
    monkeypatch.setattr("campaign.publishing.history_pages.HASHES_A_PAGE", 5)
    every: list[str] = []
    url: str | None = "/history/hashes.json"
    while url:
        shown = asked(client, url)
        assert shown["first"] == len(every) + 1
        every += shown["hashes"]
        url = shown["next"] and addresses.local(shown["next"], "http://127.0.0.1:8000", url)
    assert every[: len(silent["hashes"]["hashes"])] == silent["hashes"]["hashes"]
    for wrong in ("?after=x", "?after=-1", "?after=99999", "?after=9999999999"):
        assert client.get(f"/history/hashes.json{wrong}").status_code == 404
    assert client.get("/history/heads.json?page=9").status_code == 404
