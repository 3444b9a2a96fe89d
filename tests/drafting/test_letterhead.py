"""The letterhead: who may change it, what becomes of it, who may see its pictures."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts.models import User
from campaign.accounts.rules import Role
from campaign.campaigns import signatures
from campaign.drafting import letterhead_saving, letterheads
from campaign.drafting.models import HeadVersion
from campaign.extensions import db
from campaign.history import queries as history
from tests.builders import accounts, campaigns
from tests.builders.pictures import picture_file
from tests.drafting.acting import refusal
from tests.pages import page

PAGE = "/staff/settings/letterhead"
ADDRESS = "4 Harbour Row\nAllerford"


def save(by: User, **given: Any) -> HeadVersion:
    return letterhead_saving.save_head(
        **{"address": "", "phone": "", "website": "", **given}, actor=by
    )


@pytest.mark.usefixtures("ctx")
class TestSaving:
    def test_before_anybody_saves_one_the_settings_count(self) -> None:
        head = letterheads.current()
        assert head.address_lines == ("7 Lockkeeper's Row", "Allerford AF4 2BW")
        assert (head.phone, head.website, head.logo) == ("", "", None)

    def test_what_was_saved_last_counts_and_history_tells_it(self) -> None:
        by = accounts.admin()
        save(by, address=ADDRESS, phone="+44 1632 960020", website="www.odw.example")
        version = save(by, address=ADDRESS, phone="112", logo=picture_file())
        head = letterheads.current()
        assert head.address_lines == ("4 Harbour Row", "Allerford")
        assert (head.phone, head.website) == ("112", "")
        assert head.logo is not None
        told = history.of(version.ref)[-1]
        assert told.kind == "letterhead.saved"
        assert told.detail["changed"] == {
            "phone": ["+44 1632 960020", "112"],
            "website": ["www.odw.example", ""],
            "logo": ["", head.logo.sha256],
        }

    def test_the_same_again_is_no_new_version_and_the_address_of_the_settings_stays_theirs(
        self,
    ) -> None:
        by = accounts.admin()
        first = save(by, address="7 Lockkeeper's Row\r\n Allerford AF4 2BW \n\n")
        assert first.address == ""
        assert save(by) is first
        assert db.session.query(HeadVersion).count() == 1

    def test_a_logo_stays_until_another_comes_or_it_is_taken_away(self) -> None:
        by = accounts.admin()
        save(by, logo=picture_file())
        blue = letterheads.current().logo
        save(by, phone="112")
        assert letterheads.current().logo == blue
        save(by, logo=picture_file("maroon"))
        assert letterheads.current().logo != blue
        save(by, without_logo=True)
        assert letterheads.current().logo is None
        save(by, logo=picture_file())
        assert letterheads.current().logo == blue

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"address": "a\n" * 7}, "head-address"),
            ({"address": "a\x0bb"}, "control-character"),
            ({"address": "a" * 401}, "field-too-long"),
            ({"phone": "call us"}, "head-phone"),
            ({"phone": "+44\n1"}, "control-character"),
            ({"website": "javascript:alert(1)"}, "head-website"),
            ({"website": "odw"}, "head-website"),
            ({"website": "https://odw.example/ <b>"}, "head-website"),
            ({"logo": b"<svg/>"}, "picture-type"),
        ],
    )
    def test_what_cannot_stand_there_is_refused_and_nothing_is_saved(
        self, given: dict[str, Any], code: str
    ) -> None:
        by = accounts.admin()
        assert refusal(lambda: save(by, **given)) == code
        assert letterheads.newest() is None


def _upload(client: FlaskClient, url: str, name: str, raw: bytes, **data: str) -> Any:
    files = {name: (io.BytesIO(raw), "picture.png")} if raw else {}
    return accounts.post(client, url, {**data, **files}, content_type="multipart/form-data")


def _admin(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        accounts.sign_in(client, accounts.admin())


def test_an_administrator_changes_the_letterhead(app: Flask, client: FlaskClient) -> None:
    _admin(app, client)
    assert "7 Lockkeeper" in page(client.get(PAGE)).one("textarea").to_text()
    response = _upload(
        client, PAGE, "logo", picture_file(), address=ADDRESS, phone="112", website="odw.example"
    )
    assert response.status_code == 302
    shown = page(client.get("/staff/settings/"))
    assert "4 Harbour Row, Allerford" in shown.text
    assert "odw.example" in shown.text
    logo = (shown.one("img.picture").attrs or {})["src"]
    assert client.get(str(logo)).mimetype == "image/png"
    assert page(client.get(PAGE)).one("figure.now img")


def test_a_bad_picture_leaves_all_that_was_typed(app: Flask, client: FlaskClient) -> None:
    _admin(app, client)
    shown = page(_upload(client, PAGE, "logo", b"<svg/>", address=ADDRESS, phone="112"))
    assert "Save the picture as PNG or JPEG" in shown.text
    assert "4 Harbour Row" in shown.one("textarea").to_text()
    assert (shown.one('[name="phone"]').attrs or {})["value"] == "112"


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_may_change_it(app: Flask, client: FlaskClient, role: Role) -> None:
    with app.app_context():
        accounts.sign_in(client, accounts.user(role=role))
    assert client.get(PAGE).status_code == 403
    assert PAGE not in page(client.get("/staff/settings/")).text
    assert page(client.get("/staff/settings/")).select(f'a[href="{PAGE}"]') == []


def test_everybody_may_see_a_logo_and_nobody_but_staff_a_signature(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        by = accounts.admin()
        campaign = campaigns.campaign(by)
        save(by, logo=picture_file())
        logo = letterheads.current().logo
        signed = signatures.set_signature(
            campaign.signatories[0].id, raw=picture_file("maroon"), actor=by
        )
        assert logo
        assert signed.signature
        kept = {"logo": logo.sha256, "signature": signed.signature.sha256}
        # A file that is stored and is no picture of a letter.
        other = app.extensions["files"].put(b"a letter of somebody")
        assert client.get(f"/staff/pictures/{kept['signature']}").status_code == 302
    public = client.get(f"/pictures/{kept['logo']}")
    assert (public.status_code, public.mimetype) == (200, "image/png")
    assert public.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/pictures/{kept['signature']}").status_code == 404
    assert client.get(f"/pictures/{other}").status_code == 404
    assert client.get(f"/pictures/{'0' * 64}").status_code == 404
    with app.app_context():
        accounts.sign_in(client, "root.admin@brightwater.example")
    assert client.get(f"/staff/pictures/{kept['signature']}").data.startswith(b"\x89PNG")
    assert client.get(f"/staff/pictures/{other}").status_code == 404
