from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from campaign.companies.rules import Channel
from campaign.drafting.recipients import (
    KINDS,
    Obstacle,
    Recipient,
    Way,
    bare_name,
    findings,
    grouped,
)

WEDNESDAY = date(2026, 12, 9)
MAIL = Way("m", Channel.EMAIL, "privacy@larkspur.example", "verified")


def a_recipient(**changes: object) -> Recipient:
    """A letter with which nothing is wrong."""
    one = Recipient(
        ref="a",
        slug="larkspur",
        names=("Larkspur",),
        domains=frozenset({"larkspur.example"}),
        country="GB",
        region=None,
        ways=(MAIL,),
        bad=(),
        deadline=WEDNESDAY,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def another(**changes: object) -> Recipient:
    given = {
        "ref": "b",
        "names": ("Tamarind",),
        "domains": frozenset({"tamarind.example"}),
        "ways": (replace_way(value="privacy@tamarind.example"),),
        **changes,
    }
    return a_recipient(**given)


def replace_way(**changes: object) -> Way:
    return MAIL._replace(**changes)  # type: ignore[arg-type]


def obstacle(code: str, field: str = "") -> tuple[Obstacle, ...]:
    return (Obstacle(code, field, "Words."),)


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"obstacles": obstacle("no-contact"), "ways": ()}, ["no-contact"]),
        ({"obstacles": obstacle("no-contact"), "ways": (), "bad": ("x@y",)}, ["all-bad"]),
        ({"obstacles": obstacle("mention-alone")}, ["mention-alone"]),
        ({"obstacles": obstacle("contact-not-usable")}, ["contact-not-usable"]),
        ({"obstacles": obstacle("recipient-is-ours")}, ["recipient-is-ours"]),
        ({"obstacles": obstacle("placeholder-missing", "contact.address")}, ["contact.address"]),
        (
            {"obstacles": obstacle("placeholder-missing", "company.legal_name")},
            ["company.legal_name"],
        ),
        ({"obstacles": obstacle("placeholder-missing", "company.sector")}, ["company-field"]),
        ({"obstacles": obstacle("placeholder-missing", "questions")}, ["placeholder-missing"]),
        ({"obstacles": obstacle("letter-text")}, ["other"]),
        ({"ways": (replace_way(state="unverified"),)}, ["unverified"]),
        ({"ways": (replace_way(state="stale"),)}, ["stale"]),
        ({"ways": (MAIL, Way("x", Channel.MENTION, "@larkspur", "unverified"))}, []),
        ({"bad": ("old@larkspur.example",)}, ["bad-beside"]),
        ({"approvals_needed": 2}, ["second-approver"]),
        (
            {"approvals_needed": 2, "obstacles": obstacle("short-period-unexplained")},
            ["short-period-unexplained"],
        ),
        ({"deadline": date(2026, 12, 12)}, ["closed-day"]),  # a Saturday
        ({"deadline": date(2026, 12, 25)}, ["closed-day"]),
        ({"deadline": date(2026, 12, 25), "country": None}, ["no-country"]),
        ({"deadline": date(2026, 12, 11), "country": "SA"}, ["closed-day"]),  # a Friday
        ({"deadline": date(2026, 12, 13), "country": "SA"}, []),  # a Sunday
        ({"obstacles": obstacle("no-contact"), "checked": False}, []),
    ],
)
def test_one_recipient_is_looked_at(changes: dict[str, object], kinds: list[str]) -> None:
    assert [one.kind for one in findings([a_recipient(**changes)])] == kinds


@pytest.mark.parametrize(
    ("changes", "kind", "detail"),
    [
        ({}, "", ""),
        ({"names": ("LARKSPUR Ltd.",)}, "duplicate", "LARKSPUR Ltd. (same name)"),
        ({"names": ("Tamarind", "Larkspur GmbH")}, "duplicate", "Tamarind (same name)"),
        (
            {"domains": frozenset({"larkspur.example"})},
            "duplicate",
            "Tamarind (same domain larkspur.example)",
        ),
        (
            {"ways": (replace_way(value="Privacy@Larkspur.example"),)},
            "same-inbox",
            "Tamarind (also at privacy@larkspur.example)",
        ),
        ({"ways": (Way("f", Channel.FORM, MAIL.value, "verified"),)}, "", ""),
    ],
)
def test_two_recipients_are_compared(changes: dict[str, object], kind: str, detail: str) -> None:
    found = findings([a_recipient(), another(checked=False, **changes)])
    assert [(one.kind, one.detail) for one in found] == ([(kind, detail)] if kind else [])
    both = findings([a_recipient(), another(**changes)])
    assert len(both) == 2 * len(found)  # each of the two is told of the other


def test_of_many_twins_three_are_named() -> None:
    many = [another(ref=str(n), names=(f"Firm {n}",), ways=()) for n in range(6)]
    told = findings(many)[0].detail
    assert told.startswith("Firm 1 (same domain tamarind.example); Firm 2 ")
    assert told.endswith("; and 2 more")


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Larkspur Mobile Ltd.", "larkspur mobile"),
        ("The Larkspur Mobile Limited", "larkspur mobile"),
        ("Élan & Fils S.A.R.L.", "elan fils"),
        ("Haldenbrook GmbH & Co. KG", "haldenbrook"),
        ("STRASSE AG", "strasse"),
        ("Straße AG", "strasse"),
        ("Nordlys A/S", "nordlys"),
        ("Wierzba Sp. z o.o.", "wierzba"),
        ("Limited", "limited"),
        ("The Company", "company"),
        ("Agatha", "agatha"),
        ("ソニー", "ソニー"),
        ("!!!", "!!!"),
    ],
)
def test_a_name_is_compared_without_legal_form_case_and_signs(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def test_findings_are_grouped_in_words_and_what_blocks_comes_first() -> None:
    missing = obstacle("placeholder-missing", "contact.address")
    batch = [
        a_recipient(ways=(replace_way(state="stale"),)),
        another(obstacles=missing),
        another(ref="c", names=("Umber",), domains=frozenset(), ways=(), obstacles=missing),
    ]
    groups = grouped(findings(batch))
    assert [group.title for group in groups] == [
        "Enter a postal address for 2 companies",
        "Verify the address for 1 company anew",
    ]
    assert [group.kind.blocks for group in groups] == [True, False]
    assert [one.recipient.names[0] for one in groups[0].findings] == ["Tamarind", "Umber"]


def test_companies_without_a_value_are_grouped_by_field() -> None:
    batch = [
        another(ref=field, names=(field,), ways=(), domains=frozenset(),
                obstacles=obstacle("placeholder-missing", field))
        for field in ("signatory.role", "questions", "signatory.role2")
    ]  # fmt: skip
    assert [group.title for group in grouped(findings(batch))] == [
        "Enter a value for “questions” for 1 company",
        "Enter a value for “signatory.role” for 1 company",
        "Enter a value for “signatory.role2” for 1 company",
    ]


def test_every_title_can_be_said() -> None:
    said = {"companies": "1 company", "field": "x", "ask": "asks", "get": "gets", "given": "y"}
    for key, kind in KINDS.items():
        assert "1 company" in kind.title.format(**said), key
