from __future__ import annotations

from datetime import date

import pytest

from campaign.companies import rules
from campaign.kernel.errors import Problem

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("how", "on", "verified"),
    [
        ("privacy page", TODAY, True),
        ("privacy page", date(2025, 11, 19), True),
        ("privacy page", date(2025, 11, 18), False),  # 12 months ago
        ("privacy page", date(2026, 11, 19), False),  # tomorrow
        ("privacy page", None, False),
        ("  ", TODAY, False),
        (None, TODAY, False),
    ],
)
def test_a_contact_is_verified_for_under_twelve_months_with_its_source(
    how: str | None, on: date | None, verified: bool
) -> None:
    assert rules.is_verified(how, on, TODAY) is verified


@pytest.mark.parametrize(
    ("website", "emails", "domains"),
    [
        ("https://www.acme.example/contact", [], {"acme.example"}),
        ("acme.example:8443/x", [], {"acme.example"}),
        ("https://shop.acme.co.uk", ["privacy@mail.acme.co.uk"], {"acme.co.uk"}),
        ("", ["a@acme.example", "b@acme.test.example"], {"acme.example", "test.example"}),
        ("https://bücher.example", [], {"xn--bcher-kva.example"}),
        ("https://xn--bcher-kva.example", ["x@BÜCHER.example"], {"xn--bcher-kva.example"}),
        ("https://acme.co", [], {"acme.co"}),
        ("https://acme.github.io", [], {"acme.github.io"}),
        ("https://github.io", [], set()),
        ("https://www.facebook.com/acme", ["acme@gmail.com", "x@web.de"], set()),
        ("https://acme.zendesk.com/new", ["help@acme.zendesk.com"], set()),
        ("https://192.0.2.7/", ["x@localhost"], set()),
        ("https://[", ["no address"], set()),
        (None, [], set()),
    ],
)
def test_a_companys_domains_are_those_that_nobody_else_writes_from(
    website: str | None, emails: list[str], domains: set[str]
) -> None:
    assert rules.domains_of(website, emails) == domains


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Privacy@Acme.Example ", "Privacy@acme.example"),
        ("x@bücher.example", "x@xn--bcher-kva.example"),
        # Whether our mail server takes it is asked before a letter is queued for it.
        ("ü@c.example", "ü@c.example"),
    ],
)
def test_an_address_is_kept_as_given_with_its_domain_in_a_labels(text: str, address: str) -> None:
    assert rules.clean_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ethics@c.example, victim@e.example",
        "ethics@c.example;victim@e.example",
        "alice@example.org)bob@evil.example",
        "a@b.example\0@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "a@[127.0.0.1]",
        "a@localhost",
        '"a b"@c.example',
        "a!b@c.example",
        "a%b@c.example",
        "Acme <a@c.example>",
        "a" * 70 + "@c.example",
    ],
)
def test_what_is_not_exactly_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        rules.clean_email(text)
    assert caught.value.code == "bad-contact"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://acme.example/form?x=1", "https://acme.example/form?x=1"),
        ("www.acme.example", "https://www.acme.example"),
        ("http://acme.example:8080/", "http://acme.example:8080/"),
    ],
)
def test_a_web_address_gets_its_scheme(text: str, address: str) -> None:
    assert rules.clean_web_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "java\tscript://acme.example",
        "ftp://acme.example",
        "file:///etc/passwd",
        "https://user:pass@acme.example/",
        "https://acme.example:port/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://acme.example/a b",
        "https://acme.example/" + "a" * 1000,
        "",
    ],
)
def test_what_a_browser_should_not_open_is_no_web_address(text: str) -> None:
    with pytest.raises(Problem) as caught:
        rules.clean_web_address(text)
    assert caught.value.code == "bad-contact"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme, Ltd.", "acme-ltd"),
        ("Bücher & Söhne GmbH", "bucher-sohne-gmbh"),
        ("3C", "3c"),
    ],
)
def test_a_slug_is_made_from_the_name(name: str, slug: str) -> None:
    assert rules.slug_of(name) == slug


def test_names_in_other_scripts_get_slugs_that_differ() -> None:
    slugs = {rules.slug_of(name) for name in ("华为", "小米", "小米 GmbH公司技术有限", "…")}
    assert len(slugs) == 4
    assert all(rules.is_slug(slug) for slug in slugs)
    assert rules.slug_of("华为") == rules.slug_of("华为")


@pytest.mark.parametrize("text", ["", "Acme", "-a", "a-", "a--b", "a/b", "a" * 81, "ä", "a\n"])
def test_what_cannot_stand_in_a_web_address_is_no_slug(text: str) -> None:
    assert not rules.is_slug(text)
