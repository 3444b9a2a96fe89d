#!/usr/bin/env python3
"""Checks the public history of a letter by itself: Python 3.9 or later, and `cryptography`.

    python verify_history.py history.json --keys keys.json [--heads heads.json ...]
        [--hashes hashes.json ...] [--older older-history.json ...] [--older-hashes old.json ...]

Every name is a file or an https address. Keep copies of what you fetch: what you hand over as older
is what shows later that nothing was taken out. Says `ok` and what was checked, or each fault; ends
with 0 where there is none, 1 where there is one, and 2 where something cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

RECORDED = ("record.published", "record.changed")


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of what our files hold: no fractions, and names in ASCII."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def unpacked(words: str) -> bytes:
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


def signature_faults(name: str, content: dict[str, Any], keys: dict[str, Any]) -> Iterator[str]:
    """Whether somebody who has one of the keys signed exactly this."""
    told = content.get("signature")
    if not isinstance(told, dict):
        yield f"{name}: it is not signed"
        return
    key = keys.get(str(told.get("kid")))
    if key is None:
        yield f"{name}: it is signed with a key that is not among the published ones"
        return
    rest = {part: value for part, value in content.items() if part != "signature"}
    try:
        Ed25519PublicKey.from_public_bytes(unpacked(key["x"])).verify(
            unpacked(told["sig"]), canonical(rest)
        )
    except (InvalidSignature, ValueError, KeyError):
        yield f"{name}: the signature does not fit its content"


def event_faults(events: list[dict[str, Any]]) -> Iterator[str]:
    """Whether each event has its hash, and all are in their order."""
    before: dict[str, Any] | None = None
    for event in events:
        seq, payload = event["seq"], json.loads(event["payload"])
        if sha256(event["payload"]) != event["hash"]:
            yield f"event {seq}: its content does not have its hash"
        if payload.get("seq") != seq:
            yield f"event {seq}: its content says that it is event {payload.get('seq')}"
        detail = event.get("detail")
        if detail and sha256(f"{detail['salt']}:{detail['body']}") != payload.get("detail"):
            yield f"event {seq}: what it speaks of was changed"
        if before is not None:
            if seq <= before["seq"]:
                yield f"event {seq}: it stands after event {before['seq']}"
            elif seq == before["seq"] + 1 and payload.get("before") != before["hash"]:
                yield f"event {seq}: it does not follow event {before['seq']}"
        before = event


def record_faults(history: dict[str, Any]) -> Iterator[str]:
    """Whether the record says what its newest event says."""
    record, newest = history.get("record"), None
    for event in history["events"]:
        if json.loads(event["payload"]).get("kind") in RECORDED:
            newest = event
    if record is None or newest is None:
        if (record is None) != (newest is None):
            yield "the record does not follow from the history: one of them is missing"
        return
    if "detail" not in newest:
        return  # words in it were left out since; its hash stands in the chain
    told = json.loads(newest["detail"]["body"])
    for part in ("number", "response", "timeliness", "statement"):
        if record.get(part) != told.get(part):
            yield f"the record does not follow from the history: its {part} is another"


def older_faults(name: str, older: dict[str, Any], history: dict[str, Any]) -> Iterator[str]:
    """Whether everything that stood in an older copy still stands, unchanged."""
    now = {event["seq"]: event["hash"] for event in history["events"]}
    if older["letter"] != history["letter"]:
        yield f"{name}: it is about another letter"
        return
    for event in older["events"]:
        if event["seq"] not in now:
            yield f"{name}: event {event['seq']} is missing now"
        elif now[event["seq"]] != event["hash"]:
            yield f"{name}: event {event['seq']} was changed"


def head_faults(name: str, heads: dict[str, Any], history: dict[str, Any]) -> Iterator[str]:
    """Whether the history reaches at least as far as a published list says."""
    for one in heads["letters"]:
        if one["letter"] != history["letter"]:
            continue
        there = {event["seq"]: event["hash"] for event in history["events"]}
        if one["events"] > len(there):
            yield f"{name}: {one['events']} events were there, {len(there)} are left"
        if one["events"] and there.get(one["seq"]) != one["hash"]:
            yield f"{name}: event {one['seq']}, the newest then, is missing or was changed"


def chain_of(pages: Iterable[dict[str, Any]]) -> dict[int, str]:
    """The hashes of the whole chain by their numbers."""
    found: dict[int, str] = {}
    for page in pages:
        found.update(enumerate(page["hashes"], page["first"]))
    return found


def chain_faults(chain: dict[int, str], history: dict[str, Any]) -> Iterator[str]:
    """Whether each event stands at its place in the chain of all events."""
    for event in history["events"]:
        there = chain.get(event["seq"])
        if there is None:
            yield f"event {event['seq']}: the list of hashes does not reach so far"
        elif there != event["hash"]:
            yield f"event {event['seq']}: the chain has another event at its place"


def older_chain_faults(older: dict[int, str], chain: dict[int, str]) -> Iterator[str]:
    """Whether the chain only grew since an older copy of its hashes."""
    for seq in sorted(older):
        if chain.get(seq) != older[seq]:
            what = "was cut off" if seq not in chain else "was changed"
            yield f"the chain {what} at event {seq}, and with it all that follows"
            return


def head_chain_faults(name: str, heads: dict[str, Any], chain: dict[int, str]) -> Iterator[str]:
    """Whether the chain still goes through the end that a list of heads names."""
    end = heads["chain"]
    if end["seq"] and chain.get(end["seq"]) != end["hash"]:
        yield f"{name}: the chain does not go through event {end['seq']}, its end then"


def load(name: str) -> dict[str, Any]:
    """A file, or what an https address answers."""
    if name.startswith("https://"):
        with urllib.request.urlopen(name, timeout=30) as answer:  # noqa: S310 (https alone)
            raw = answer.read()
    else:
        with open(name, "rb") as stored:
            raw = stored.read()
    content = json.loads(raw)
    if not isinstance(content, dict):
        raise ValueError(f"{name} holds no JSON object")
    return content


def faults(given: argparse.Namespace) -> list[str]:
    """Everything that does not hold."""
    keys = {key["kid"]: key for key in load(given.keys)["keys"]}
    names = [given.history, *given.heads, *given.hashes, *given.older, *given.older_hashes]
    files = {name: load(name) for name in names}
    history = files[given.history]
    found = [one for name in names for one in signature_faults(name, files[name], keys)]
    found += [*event_faults(history["events"]), *record_faults(history)]
    for name in given.older:
        found += older_faults(name, files[name], history)
    for name in given.heads:
        found += head_faults(name, files[name], history)
    if given.hashes:
        chain = chain_of(files[name] for name in given.hashes)
        found += chain_faults(chain, history)
        found += older_chain_faults(chain_of(files[name] for name in given.older_hashes), chain)
        for name in given.heads:
            found += head_chain_faults(name, files[name], chain)
    return found


def main(words: list[str] | None = None) -> int:
    """Check, and say what was found."""
    parser = argparse.ArgumentParser(description="Checks the public history of a letter.")
    parser.add_argument("history", help="history.json of a record")
    parser.add_argument("--keys", required=True, help="campaign-signing-keys.json")
    for name, words_ in (
        ("heads", "heads.json, of now or earlier"),
        ("hashes", "hashes.json, every page of it"),
        ("older", "an older copy of the history"),
        ("older-hashes", "older copies of hashes.json"),
    ):
        parser.add_argument(f"--{name}", nargs="+", default=[], help=words_)
    given = parser.parse_args(words)
    try:
        found = faults(given)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"It cannot be read: {error!r}", file=sys.stderr)
        return 2
    for one in found:
        print(one)
    if not found:
        print(f"ok {len(load(given.history)['events'])} events")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
