"""Each fault that `page()` looks for, put into a good page, is found."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.pages import Page, faults, page

GOOD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Letters – Us</title>
<script src="/static/a.js"></script><script type="application/ld+json">{}</script></head>
<body><main><h1>Letters</h1>
<form><label for="name">Name</label><input id="name"><label>Day <select></select></label>
<input type="hidden" name="t"><textarea aria-label="Text"></textarea><button>Send</button></form>
<img src="a.png" alt=""><svg viewBox="0 0 1 1"><path d="M0 0h1"/></svg></main></body></html>"""


def test_a_good_page_has_no_faults() -> None:
    assert faults(Page(GOOD)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("</main>", "</div></main>", "does not parse"),
        ("<!doctype html>", "", "does not parse"),
        ("</h1>", "</h1><h1>More</h1>", "has not one h1"),
        ("<h1>Letters</h1>", "", "has not one h1"),
        ("<h1>Letters</h1>", "<h1> </h1>", "has not one h1"),
        ("<title>Letters", "<title>Us", "does not start with the h1"),
        (' lang="en"', "", "html has no lang"),
        ("</h1>", '</h1><p id="name"></p>', "is there 2 times"),
        ('for="name"', 'for="nome"', "names no id"),
        ('for="name"', "", "control without label"),
        (">Name<", "><", "control without label"),
        (' aria-label="Text"', "", "control without label"),
        ("Day ", "", "control without label"),
        ("Send", "", "button without text"),
        (' alt=""', "", "image without alt"),
        ("<h1>", '<h1 style="color:red">', "inline style"),
        ("</head>", "<style>p{}</style></head>", "inline style"),
        ("</main>", "<script>go()</script></main>", "inline script"),
        ("<h1>", '<h1 onclick="go()">', "inline script"),
        ("</main>", '<a href=" JavaScript:go()">x</a></main>', "inline script"),
    ],
)
def test_a_fault_put_into_a_good_page_is_found(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    found = faults(Page(GOOD.replace(old, new, 1)))
    assert any(fault in line for line in found), found


def test_page_gives_the_checked_page_or_fails() -> None:
    small = Flask("small")
    small.add_url_rule("/good", view_func=lambda: GOOD, endpoint="good")
    small.add_url_rule("/bad", view_func=lambda: "<h1>x</h1>", endpoint="bad")
    visitor = small.test_client()
    checked = page(visitor.get("/good"))
    assert (checked.h1, checked.title) == ("Letters", "Letters – Us")
    assert checked.one("form button").name == "button"
    assert checked.texts("label") == ["Name", "Day"]
    for address, status in (("/bad", 200), ("/good", 404), ("/none", 200)):
        with pytest.raises(AssertionError):
            page(visitor.get(address), status)
