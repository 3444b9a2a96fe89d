"""The public addresses, as the URL map names them: what a walk over all of them asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from campaign.accounts.guard import MARK, PUBLIC

OF_COMPANIES = ("/companies/<slug>", "/api/v1/companies/<slug>", "/evidence/<slug>")


def public_rules(app: Flask) -> list[Rule]:
    """Every rule whose page is open to all."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], MARK, None) == PUBLIC
    ]


def names_company(rule: Rule) -> bool:
    """The slug in this address is that of a company, not of a campaign."""
    return rule.rule.startswith(OF_COMPANIES)


def address(app: Flask, rule: Rule, values: Mapping[str, str]) -> str:
    """What a reader asks for; a part that nobody gave is «nothing»."""
    chosen: dict[str, Any] = {name: values.get(name, "nothing") for name in rule.arguments}
    chosen |= rule.defaults or {}
    with app.test_request_context():
        return str(app.url_for(rule.endpoint, **chosen))
