from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.ctx import AppContext

from campaign.companies import effects, operations, queries
from campaign.companies.models import Company, Contact
from campaign.companies.rules import Channel
from campaign.database import transaction
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from tests.builders.accounts import user
from tests.builders.companies import company, contact

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def test_a_company_is_added_with_clean_facts(ctx: AppContext) -> None:
    ada = user()
    made = operations.add_company(
        name="  Nordlicht Energie ",
        country="germany",
        region="Bayern",
        timezone="Europe/Berlin",
        language="de",
        website="nordlicht.example",
        domains="mail.nordlicht.example, Nordlicht-Gruppe.example nordlicht.example",
        actor=ada,
    )
    assert (made.name, made.slug) == ("Nordlicht Energie", "nordlicht-energie")
    assert (made.country, made.region, made.timezone) == ("DE", "BY", "Europe/Berlin")
    assert made.website == "https://nordlicht.example"
    assert made.domains == "nordlicht.example nordlicht-gruppe.example"
    told = history.of(made.ref)[0]
    assert (told.kind, told.actor, told.detail["country"]) == ("company.added", ada.ref, "DE")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "field-empty"),
        ({"name": "Acme\r\nBcc: v@e.example"}, "control-character"),
        ({"name": "A\x00"}, "control-character"),
        ({"name": "A" * 201}, "field-too-long"),
        ({"country": "Atlantis"}, "unknown-country"),
        ({"region": "no such part"}, "unknown-region"),
        ({"timezone": "Europe/Lundon"}, "unknown-zone"),
        ({"timezone": "../../etc/passwd"}, "unknown-zone"),
        ({"language": "Klingon!"}, "unknown-language"),
        ({"website": "javascript:alert(1)"}, "bad-contact"),
        ({"domains": "gmail.com"}, "bad-domain"),
        ({"slug": "Not A Slug"}, "bad-slug"),
        ({"name": "LARKSPUR mobile"}, "company-exists"),
    ],
)
def test_no_company_is_added_with(ctx: AppContext, changes: dict[str, Any], code: str) -> None:
    company()
    with pytest.raises(Problem) as problem:
        company(**{"name": "Another", **changes})
    assert problem.value.code == code
    assert db.session.query(Company).count() == 1
    assert len(history.newest()) == 1


def test_two_companies_of_one_name_have_short_names_of_their_own(ctx: AppContext) -> None:
    company()
    assert company(slug="larkspur-mobile-no").slug == "larkspur-mobile-no"


def test_a_change_notes_what_was_and_what_is(ctx: AppContext) -> None:
    made = company()
    operations.change_company(made.id, actor=None, country="DE", name="Larkspur Mobile")
    assert history.of(made.ref)[-1].detail["changed"] == {"country": ["GB", "DE"]}
    operations.change_company(made.id, actor=None, country="DE", slug="other", ref="x", id=7)
    assert (made.slug, len(history.of(made.ref))) == ("larkspur-mobile", 2)
    with pytest.raises(Problem, match="no such company"):
        operations.change_company(999, actor=None, name="Nobody")


@pytest.mark.parametrize(
    ("channel", "given", "kept"),
    [
        (Channel.EMAIL, " Privacy@Larkspur.Example ", "Privacy@larkspur.example"),
        (Channel.FORM, "larkspur.example/contact", "https://larkspur.example/contact"),
        (
            Channel.POST,
            "Larkspur\r\n1 Quay Street\r\nAllerford",
            "Larkspur\n1 Quay Street\nAllerford",
        ),
        (Channel.MENTION, "@larkspur@social.example", "@larkspur@social.example"),
    ],
)
def test_a_contact_is_kept_in_the_form_of_its_channel(
    ctx: AppContext, channel: Channel, given: str, kept: str
) -> None:
    made = contact(company(), given, channel=channel)
    assert (made.channel, made.value) == (channel, kept)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": "ethics@c.example, victim@e.example"}, "bad-contact"),
        ({"value": "a@b.example\0@c.example"}, "control-character"),
        ({"value": "a%b@c.example"}, "bad-contact"),
        ({"value": "answers@brightwater.example"}, "bad-contact"),  # a letter to ourselves
        ({"value": "file:///etc/passwd", "channel": Channel.FORM}, "bad-contact"),
        ({"value": "  ", "channel": Channel.POST}, "field-empty"),
        ({"verified_how": "", "verified_on": date(2026, 1, 1)}, "contact-half-verified"),
        ({"verified_how": "a dream", "verified_on": date(2090, 1, 1)}, "verified-later"),
        ({"value": "privacy@larkspur-mobile.example"}, "contact-exists"),
    ],
)
def test_no_contact_is_added_with(ctx: AppContext, changes: dict[str, Any], code: str) -> None:
    made = company()
    contact(made)
    with pytest.raises(Problem) as problem:
        contact(made, **{"value": "new@larkspur.example", **changes})
    assert problem.value.code == code
    assert db.session.query(Contact).count() == 1


def test_a_contact_is_verified_for_twelve_months(ctx: AppContext) -> None:
    ada = user()
    with clock.at(NOON):
        made = contact(company(), verified=False)
        assert queries.contact_state(made, queries.today()) == "unverified"
        operations.verify_contact(made.id, how="their page", on=date(2026, 11, 19), actor=ada)
        assert made.verified_by_id == ada.id
    for days, state in ((0, "verified"), (364, "verified"), (365, "stale")):
        with clock.at(NOON + timedelta(days=days)):
            assert queries.contact_state(made, queries.today()) == state
    assert history.of(made.ref)[-1].kind == "contact.verified"


@pytest.mark.parametrize(("how", "code"), [(" ", "field-empty"), ("a dream", "verified-later")])
def test_a_contact_is_not_verified_without_a_source_or_on_a_day_to_come(
    ctx: AppContext, how: str, code: str
) -> None:
    with clock.at(NOON):
        made = contact(company(), verified=False)
        with pytest.raises(Problem) as problem:
            operations.verify_contact(made.id, how=how, on=date(2026, 11, 20), actor=None)
    assert (problem.value.code, made.verified_on) == (code, None)


def test_a_bad_address_stays_bad_until_a_person_sees_it_again(ctx: AppContext) -> None:
    with clock.at(NOON):
        made = contact(company())
        with transaction():
            effects.mark_contact_bad(made, "550 5.1.1 no such user")
        assert (made.usable, made.bad_since) == (False, NOON)
        assert history.of(made.ref)[-1].kind == "contact.bad"
        operations.verify_contact(made.id, how="old note", on=date(2026, 11, 18), actor=None)
        assert not made.usable, "it was seen there before the server called it bad"
        operations.verify_contact(made.id, how="their page", on=date(2026, 11, 19), actor=None)
        assert made.usable


def test_a_retired_contact_is_used_no_more_and_can_come_back(ctx: AppContext) -> None:
    made = company()
    old = contact(made)
    operations.retire_contact(old.id, actor=None)
    assert not old.usable
    with pytest.raises(Problem, match="retired"):
        operations.change_contact(old.id, office="press", actor=None)
    back = contact(made, office="legal department")
    assert (back.id, back.usable, back.office) == (old.id, True, "legal department")
    kinds = [event.kind for event in history.of(old.ref)]
    assert kinds == ["contact.added", "contact.retired", "contact.restored"]


def test_words_about_a_contact_change_and_its_address_does_not(ctx: AppContext) -> None:
    made = contact(company())
    operations.change_contact(made.id, office="press office", value="x@y.example", actor=None)
    assert (made.office, made.value) == ("press office", "privacy@larkspur-mobile.example")
    assert history.of(made.ref)[-1].detail["changed"] == {
        "office": ["privacy office", "press office"]
    }
