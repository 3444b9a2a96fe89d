"""Domains that look like another's (bad inputs 51 to 53)."""

from __future__ import annotations

import idna
import pytest

from campaign.replies.lookalikes import How, is_mixed, likeness, skeleton
from campaign.replies.owned import is_free_mail, proof_domains, registered, same_owner


def _a(host: str) -> str:
    return idna.encode(host, uts46=True).decode("ascii")


ALIKE = [
    # 51: homoglyphs
    (f"press@{_a('cоmpany.example')}", How.LETTERS),  # a Cyrillic о
    (f"press@{_a('соmраnу.example')}", How.LETTERS),  # nearly all Cyrillic
    (f"press@{_a('cömpany.example')}", How.LETTERS),
    ("press@c0mpany.example", How.LETTERS),
    ("press@cornpany.example", How.LETTERS),
    # slips of spelling
    ("press@compnay.example", How.SPELLING),
    ("press@companyy.example", How.SPELLING),
    ("press@compny.example", How.SPELLING),
    # the same name with another ending
    ("press@company.test", How.ENDING),
    ("press@company.co.uk", How.ENDING),
    # 52: the name with more
    ("press@company-ethics.example", How.WITHIN),
    ("press@mail-company.example", How.WITHIN),
    # 53: subdomains of others
    ("press@company.example.evil.test", How.BELOW),
    ("press@company.freehost.test", How.BELOW),
    ("press@login-company.freehost.test", How.BELOW),
    ("press@company.github.io", How.ENDING),
    # free mail
    ("company.press@gmail.com", How.MAILBOX),
    ("company@gmx.de", How.MAILBOX),
    # none
    ("press@company.example", None),
    ("press@mail.company.example", None),
    ("press@other.example", None),
    ("press@companionship.example", None),
    ("pip@gmail.com", None),
    ("accompany.me@gmail.com", None),
    ("press@", None),
    ("press", None),
    ("", None),
]


@pytest.mark.parametrize(("address", "how"), ALIKE)
def test_an_address_is_told_that_looks_like_the_companys(address: str, how: How | None) -> None:
    found = likeness(address, ["company.example"])
    assert (found.how if found else None) is how


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a@x.example", "y.example"),
        ("a@hp.example", "lg.example"),
        ("a@bbc.example", "abc.example"),
    ],
)
def test_short_names_that_differ_in_a_letter_are_two_companies(one: str, other: str) -> None:
    assert likeness(one, [other]) is None


def test_of_several_domains_the_strongest_likeness_is_told() -> None:
    found = likeness("press@c0mpany.example", ["company-group.test", "company.example"])
    assert found is not None
    assert found.domain == "company.example"


def test_letters_that_look_alike_have_one_skeleton() -> None:
    assert skeleton("pаypal") == skeleton("paypal")
    assert skeleton("modern") == skeleton("rnodern")


@pytest.mark.parametrize(
    ("host", "mixed"),
    [
        (_a("cоmpany.example"), True),
        (_a("компания.example"), False),
        (_a("日本カメラ.example"), False),
        ("company.example", False),
    ],
)
def test_letters_of_two_scripts_in_one_label_are_mixed(host: str, mixed: bool) -> None:
    assert is_mixed(host) is mixed


@pytest.mark.parametrize(
    ("host", "owned"),
    [
        ("mail.acme.co.uk", "acme.co.uk"),
        ("acme.github.io", "acme.github.io"),
        ("x.go.jp", "x.go.jp"),
        ("co.uk", ""),
        ("localhost", ""),
        ("", ""),
        ("kоmpany.example", ""),
    ],
)
def test_what_somebody_registered(host: str, owned: str) -> None:
    assert registered(host) == owned


def test_neighbours_below_a_public_suffix_are_two_owners() -> None:
    assert same_owner("mail.acme.example", "news.acme.example")
    assert not same_owner("acme.github.io", "evil.github.io")
    assert not same_owner("acme.co.uk", "evil.co.uk")
    assert not same_owner("co.uk", "co.uk")


def test_a_company_owns_no_host_where_it_is_a_customer() -> None:
    hosts = ["acme.example", "acme@gmail.com"[5:], "acme.zendesk.com", "www.acme.co.uk"]
    assert proof_domains(hosts) == {"acme.example", "acme.co.uk"}
    assert is_free_mail("gmail.com")
