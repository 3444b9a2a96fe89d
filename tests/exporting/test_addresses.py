"""Where an address stands as a file, and what links to it say then."""

from __future__ import annotations

import pytest

from campaign.exporting import addresses
from campaign.kernel.errors import Problem

BASE = "https://letters.example"


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/companies/", "companies/index.html"),
        ("/companies/?page=2", "companies/page/2/index.html"),
        ("/?page=3", "page/3/index.html"),
        ("/feed.atom", "feed.atom"),
        ("/campaigns/a/b/letter.pdf", "campaigns/a/b/letter.pdf"),
        ("/evidence.csv", "evidence.csv"),
        ("/evidence/amazon.json", "evidence/amazon.json"),
        ("/api/v1/", "api/v1/index.json"),
        ("/api/v1/campaigns", "api/v1/campaigns/index.json"),
        ("/api/v1/openapi.json", "api/v1/openapi.json"),
        ("/api/v1/records?campaign=x&page=2", "api/v1/records/campaign/x/page/2/index.json"),
        ("/files/0a1b2c", "files/0a1b2c"),
        ("/attachments/t/Our%20study%20%C3%A4.pdf", "attachments/t/Our study ä.pdf"),
    ],
)
def test_every_address_has_one_file(address: str, file: str) -> None:
    assert addresses.file_of(address) == file


@pytest.mark.parametrize(
    "address",
    ["/a/../b", "/a/%2e%2e/b", "/a/..%2Fb", "/a/b%00c", "/.htaccess", "/a/%5Cb", f"/{'a' * 201}",
     "/a/?x=..%2F..%2Fetc", "/a/?x=.hidden", "/a/b%0Ac"],
)  # fmt: skip
def test_no_address_leads_out_of_the_folder_or_to_a_hidden_file(address: str) -> None:
    with pytest.raises(Problem) as caught:
        addresses.file_of(address)
    assert caught.value.code == "export-name"


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ("/a/", "/a/"),
        ("/a/?page=2#x", "/a/?page=2"),
        (f"{BASE}/a/", "/a/"),
        ("?page=2", "/here/?page=2"),
        ("letter.pdf", "/here/letter.pdf"),
        ("../letter.pdf", None),
        ("#top", None),
        ("https://elsewhere.example/a/", None),
        (f"{BASE}.evil.example/a/", None),
        ("//elsewhere.example/a/", None),
        ("mailto:us@letters.example", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_link_leads_to_an_address_of_ours_or_outside(link: str, there: str | None) -> None:
    assert addresses.local(link, BASE, "/here/") == there


@pytest.mark.parametrize(
    ("mimetype", "text", "found", "changed"),
    [
        ("text/html", '<a href="/a/?x=1&amp;page=2">/b/</a>', ["/a/?x=1&page=2"],
         '<a href="!/a/?x=1&amp;page=2">/b/</a>'),
        ("text/html", '<p>href=&#34;/a/&#34; data-href="/a/"</p>', [],
         '<p>href=&#34;/a/&#34; data-href="/a/"</p>'),
        ("text/css", 'a{background:url("/static/x.svg")}', ["/static/x.svg"],
         'a{background:url("!/static/x.svg")}'),
        ("application/json", f'{{"next": "{BASE}/api?page=2", "b": "/b"}}', [f"{BASE}/api?page=2"],
         f'{{"next": "!{BASE}/api?page=2", "b": "/b"}}'),
        ("application/atom+xml", f'<link href="{BASE}/a/?b&amp;c"/><id>{BASE}/d</id>',
         [f"{BASE}/a/?b&c", f"{BASE}/d"],
         f'<link href="!{BASE}/a/?b&amp;c"/><id>!{BASE}/d</id>'),
        ("application/pdf", '<a href="/a/">', [], '<a href="/a/">'),
    ],
)  # fmt: skip
def test_links_are_found_and_changed_where_they_are_links(
    mimetype: str, text: str, found: list[str], changed: str
) -> None:
    assert addresses.links(text, mimetype, BASE) == found
    assert addresses.replaced(text, mimetype, BASE, lambda link: f"!{link}") == changed
