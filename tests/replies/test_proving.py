"""Which domain a message is proved to come from (bad inputs 43 to 47 and 51 to 59)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from campaign.replies import proving
from campaign.replies.mime import read_headers
from campaign.replies.proving import By, Caution, Check, Envelope, State, judge
from campaign.replies.server_word import Word, server_word
from campaign.replies.signatures import Result, Signature

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SIGNED_AT = int((NOW - timedelta(hours=1)).timestamp())
COMPANY = Envelope("press@company.example", ("press@company.example",))
RIGHT = Signature("company.example", Result.RIGHT, signed_at=SIGNED_AT)
EVIL = replace(RIGHT, domain="evil.example")


def _policy(record: str, domain: str = "company.example") -> dict[str, list[str] | None]:
    return {f"_dmarc.{domain}": [record]}


class Row(NamedTuple):
    """A message and what is to come of it."""

    name: str
    state: State
    cautions: set[Caution] = set()
    envelope: Envelope = COMPANY
    signatures: tuple[Signature, ...] = ()
    word: Word | None = None
    answers: dict[str, list[str] | None] = {}
    by: By | None = None


PROVED, UNPROVED, WRONG, NOT = State.PROVED, State.UNPROVED, State.WRONG, State.NOT_CHECKED

ROWS = [
    Row("nothing at all", UNPROVED),
    Row("signed by its domain", PROVED, signatures=(RIGHT,), by=By.SIGNATURE),
    Row(
        "signed by a host of its domain", PROVED, by=By.SIGNATURE,
        signatures=(replace(RIGHT, domain="mail.company.example"),),
    ),
    Row(
        "the owner wants the very domain", UNPROVED, {Caution.OWNER_REFUSES},
        signatures=(replace(RIGHT, domain="mail.company.example"),),
        answers=_policy("v=DMARC1; p=reject; adkim=s"),
    ),
    Row(
        "the second of two signatures is right", PROVED, by=By.SIGNATURE,
        signatures=(replace(RIGHT, result=Result.WRONG), RIGHT),
    ),
    Row("signed by another only", UNPROVED, {Caution.ELSEWHERE}, signatures=(EVIL,)),
    Row(
        "54: proved for another domain", PROVED, by=By.SIGNATURE,
        envelope=Envelope("press@evil.example", ("press@evil.example",)), signatures=(EVIL,),
    ),
    Row(
        "neighbours below a public suffix", UNPROVED, {Caution.ELSEWHERE},
        envelope=Envelope("a@acme.github.io", ("a@acme.github.io",)),
        signatures=(replace(RIGHT, domain="evil.github.io"),),
    ),
    Row("wrong signature", WRONG, signatures=(replace(RIGHT, result=Result.WRONG),)),
    Row("wrong signature of another", UNPROVED, signatures=(replace(EVIL, result=Result.WRONG),)),
    Row(
        "no key", UNPROVED, {Caution.WEAK}, signatures=(replace(RIGHT, result=Result.NO_KEY),)
    ),
    Row("unfit", UNPROVED, {Caution.WEAK}, signatures=(replace(RIGHT, result=Result.UNFIT),)),
    Row("not answered is not failed", NOT, signatures=(replace(RIGHT, result=Result.UNANSWERED),)),
    Row(
        "56: signed in part", UNPROVED, {Caution.PARTIAL},
        signatures=(replace(RIGHT, partial=True),),
    ),
    Row(
        "57: an old mail again", UNPROVED, {Caution.OLD},
        signatures=(replace(RIGHT, signed_at=SIGNED_AT - 8 * 86_400),),
    ),
    Row(
        "57: old by its Date, which is signed", UNPROVED, {Caution.OLD},
        envelope=replace(COMPANY, sent_at=NOW - timedelta(days=30)),
        signatures=(replace(RIGHT, signed_at=None, covers=("from", "date")),),
    ),
    Row(
        "57: no time that can be believed", UNPROVED, {Caution.OLD},
        envelope=replace(COMPANY, sent_at=NOW),
        signatures=(replace(RIGHT, signed_at=None, covers=("from",)),),
    ),
    Row(
        "fresh by its Date", PROVED, by=By.SIGNATURE,
        envelope=replace(COMPANY, sent_at=NOW),
        signatures=(replace(RIGHT, signed_at=None, covers=("from", "date")),),
    ),
    Row(
        "57: written to others", PROVED, {Caution.NOT_TO_US}, by=By.SIGNATURE,
        envelope=replace(COMPANY, to_us=False), signatures=(RIGHT,),
    ),
    Row("58: ARC only", UNPROVED, {Caution.ARC_ONLY}, envelope=replace(COMPANY, arc=True)),
    Row(
        "55: SPF only, for another", UNPROVED, {Caution.SENT_ONLY}, word=Word(sent="evil.example")
    ),
    Row(
        "55: SPF only, for itself", UNPROVED, {Caution.SENT_ONLY},
        word=Word(sent="company.example"),
    ),
    Row(
        "our server: aligned by path", PROVED, by=By.SERVER,
        word=Word(sent="mail.company.example", aligned="company.example"),
    ),
    Row(
        "our server: signed, while no name server answers", PROVED, by=By.SERVER,
        signatures=(replace(RIGHT, result=Result.UNANSWERED),),
        word=Word(signed=("company.example",)),
    ),
    Row(
        "our server takes a part for the whole", UNPROVED, {Caution.PARTIAL},
        signatures=(replace(RIGHT, partial=True),),
        word=Word(signed=("company.example",), aligned="company.example"),
    ),
    Row(
        "our server takes an old one", UNPROVED, {Caution.OLD},
        signatures=(replace(RIGHT, signed_at=SIGNED_AT - 8 * 86_400),),
        word=Word(signed=("company.example",), aligned="company.example"),
    ),
    Row("our server: for another", UNPROVED, word=Word(aligned="evil.example")),
    Row("our server: a pass without a signature", UNPROVED, word=Word(signed=("company.example",))),
    Row("our server refuses", UNPROVED, {Caution.SERVER_REFUSES}, word=Word(refused=True)),
    Row(
        "the owner asks to refuse", UNPROVED, {Caution.OWNER_REFUSES},
        answers=_policy("v=DMARC1; p=quarantine"),
    ),
    Row("the owner asks for nothing", UNPROVED, answers=_policy("v=DMARC1; p=none")),
    Row("no record of the owner's", UNPROVED, answers=_policy("p=reject")),
    Row(
        "43: two From fields", UNPROVED, {Caution.TWO_FROM},
        envelope=replace(COMPANY, from_fields=2), signatures=(RIGHT,),
    ),
    Row(
        "44: two authors", UNPROVED, {Caution.NAME_SHOWS_ADDRESS},
        envelope=replace(COMPANY, authors=("press@company.example", "x@evil.example")),
        signatures=(RIGHT,),
    ),
    Row(
        "45: another sender", PROVED, {Caution.OTHER_SENDER}, by=By.SIGNATURE,
        envelope=replace(COMPANY, senders=("x@evil.example",)), signatures=(RIGHT,),
    ),
    Row(
        "46: the name shows the company's address", UNPROVED, {Caution.NAME_SHOWS_ADDRESS},
        envelope=Envelope("x@evil.example", ("ceo@company.example", "x@evil.example")),
        signatures=(EVIL,),
    ),
    Row(
        "answers go elsewhere", PROVED, {Caution.OTHER_REPLY_TO}, by=By.SIGNATURE,
        envelope=replace(COMPANY, reply_to=("x@gmail.com",)), signatures=(RIGHT,),
    ),
    Row(
        "answers go to a colleague", PROVED, by=By.SIGNATURE,
        envelope=replace(COMPANY, reply_to=("legal@mail.company.example",)), signatures=(RIGHT,),
    ),
    Row("no sender", UNPROVED, {Caution.ELSEWHERE}, envelope=Envelope(""), signatures=(RIGHT,)),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_message_is_proved_for_a_domain_or_not(row: Row) -> None:
    check = judge(row.envelope, row.signatures, row.word, row.answers, NOW)
    assert (check.state, check.by, set(check.cautions)) == (row.state, row.by, row.cautions)
    assert check.domain == (row.envelope.domain if row.state is PROVED else "")
    assert proving.from_dict(json.loads(json.dumps(proving.to_dict(check)))) == check


def test_an_owner_speaks_for_the_hosts_below() -> None:
    envelope = Envelope("a@mail.company.example", ("a@mail.company.example",))
    assert judge(envelope, (), None, _policy("v=DMARC1; p=reject"), NOW).policy == "reject"


def test_a_check_of_which_fields_are_missing_is_read_all_the_same() -> None:
    assert proving.from_dict({"state": "unproved"}) == Check(State.UNPROVED)


# What our own server says

OURS = "mx.letters.example"


def _word(*values: str, server: str = OURS) -> Word | None:
    block = "".join(f"Authentication-Results: {value}\n" for value in values)
    return server_word(read_headers(block.encode()), server)


GOOD = (
    f"{OURS} 1;\n dkim=pass (2048-bit key; ok) header.d=company.example header.s=s1;\n"
    " spf=pass smtp.mailfrom=bounce@mail.company.example;\n dmarc=pass header.from=company.example"
)


def test_the_word_of_the_named_server_is_read() -> None:
    assert _word(GOOD) == Word(("company.example",), "mail.company.example", "company.example")


@pytest.mark.parametrize(
    ("values", "server", "word"),
    [
        ([GOOD], "", None),  # nobody was named
        ([GOOD], "other.example", None),
        (["other.example; dkim=pass header.d=company.example", GOOD], OURS, None),  # 59
        ([f"{OURS}; none", GOOD], OURS, Word()),  # 59: forged, below the server's own
        ([f"{OURS}; dmarc=fail header.from=company.example"], OURS, Word(refused=True)),
        ([f"{OURS}; dkim=fail header.d=company.example"], OURS, Word()),
        ([f"{OURS}; (dkim=pass header.d=company.example)"], OURS, Word()),
        ([f"{OURS}; x=1 dkim=pass header.d=company.example"], OURS, Word()),
        ([f"{OURS}; dkim=passed header.d=company.example"], OURS, Word()),
        ([f'{OURS}; dkim=fail reason="; dmarc=pass" header.d=a.example'], OURS, Word()),
        ([f'{OURS}; spf=fail reason="; dmarc=pass header.from=company.example x"'], OURS, Word()),
        ([f'{OURS}; spf=fail (a \\" ;) ; dmarc=fail'], OURS, Word(refused=True)),
        ([f"{OURS}.evil.example; dmarc=pass header.from=company.example"], OURS, None),
        ([""], OURS, None),
        ([";" * 20_000], OURS, None),
        (["(" * 20_000], OURS, None),
    ],
)
def test_nobody_elses_word_is_taken(values: list[str], server: str, word: Word | None) -> None:
    assert _word(*values, server=server) == word
