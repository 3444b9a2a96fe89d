"""What a person carries out: forms, and what is in the way."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient

from campaign.accounts.rules import Role
from campaign.companies import form_saving
from campaign.companies.rules import Channel
from campaign.companies.web_forms import FormCount
from campaign.drafting import operations as drafting
from campaign.drafting import queries as drafted
from campaign.drafting.rules import reference
from campaign.extensions import db
from campaign.history import queries as history
from campaign.kernel import clock
from campaign.kernel.errors import Problem
from campaign.sending import by_hand, operations, proof_files, queries
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import EvidenceKind as K
from tests.builders import accounts
from tests.builders import sending as build
from tests.builders.pictures import picture_file
from tests.pages import page

PDF = b"%PDF-1.7 a receipt"


def form_task(**about: Any) -> Dispatch:
    return build.ordered(channels=(Channel.FORM,), **about)[0]


def takes(dispatch: Dispatch, most: int | None, counts: FormCount = FormCount.BROWSER) -> None:
    form_saving.describe_form(
        dispatch.contact.id, most=most, counts=counts, notes="Topic: privacy.", actor=None
    )


def test_a_form_gets_the_approved_text_and_the_address_that_answers_find_it_by(
    ctx: AppContext,
) -> None:
    dispatch = form_task()
    fill = by_hand.to_fill(dispatch)
    assert fill is not None
    approved = queries.approved_text(dispatch.letter).text
    assert [part.text for part in fill.parts] == [approved.letter_mail().text.strip("\n")]
    given = dict(fill.fields)
    assert given["E-mail"] == approved.reply_address
    assert given["Subject"] == approved.letter_mail().subject
    assert given["Reference"] == reference(dispatch.letter.ref)
    assert fill.address == "https://larkspur-mobile.example/contact"


def test_a_form_that_takes_less_gets_parts_of_its_length_and_none_where_it_takes_too_little(
    ctx: AppContext,
) -> None:
    dispatch = form_task()
    takes(dispatch, 600, FormCount.SERVER)
    fill = by_hand.to_fill(dispatch)
    assert fill is not None
    assert len(fill.parts) > 1
    assert all(part.length <= 600 for part in fill.parts)
    assert fill.notes == "Topic: privacy."
    takes(dispatch, 100)
    fill = by_hand.to_fill(dispatch)
    assert fill is not None
    assert (fill.parts, fill.length > 100) == ((), True)


@pytest.mark.parametrize(
    ("most", "code"), [(99, "form-limit"), (1_000_001, "form-limit")], ids=["little", "much"]
)
def test_a_length_that_no_form_has_is_refused(ctx: AppContext, most: int, code: str) -> None:
    dispatch = form_task()
    with pytest.raises(Problem) as refused:
        takes(dispatch, most)
    assert refused.value.code == code


def test_only_a_web_form_is_described_and_each_change_is_told_once(ctx: AppContext) -> None:
    mail, form = build.ordered(channels=(Channel.EMAIL, Channel.FORM))
    with pytest.raises(Problem) as refused:
        takes(mail, 600)
    assert refused.value.code == "no-web-form"
    takes(form, 600)
    takes(form, 600)
    told = [event for event in history.newest() if event.kind == "contact.form_described"]
    assert [event.detail["most"] for event in told] == [600]


def halted(_: Dispatch) -> None:
    operations.halt(why="a wrong figure", actor=None)


def voided(dispatch: Dispatch) -> None:
    row = drafted.current_frozen(dispatch.letter)
    assert row is not None
    row.voided_at = clock.now()
    db.session.commit()


def renewed(dispatch: Dispatch) -> None:
    operations.form_submitted(dispatch.id, reference="", actor=None)
    drafting.begin_round(dispatch.letter_id, why="lost", actor=build.staff().drafter)


@pytest.mark.parametrize(
    ("done", "why"),
    [
        (halted, "Everything is halted: a wrong figure"),
        (voided, "does not stand any more"),
        (renewed, "does not stand any more"),
    ],
    ids=["halted", "voided", "a new round"],
)
def test_what_is_in_the_way_is_said(
    ctx: AppContext, done: Callable[[Dispatch], None], why: str
) -> None:
    dispatch = form_task()
    assert by_hand.why_not(dispatch) == ""
    done(dispatch)
    assert why in by_hand.why_not(dispatch)


def test_nothing_leaves_before_its_time_nor_after_its_deadline(ctx: AppContext) -> None:
    dispatch = form_task()
    assert dispatch.not_after is not None
    with clock.at(dispatch.not_before - timedelta(hours=1)):
        assert "It is not to leave before" in by_hand.why_not(dispatch)
    with clock.at(dispatch.not_after):
        assert "The deadline that it states has passed." in by_hand.why_not(dispatch)
    with clock.at(dispatch.not_after - timedelta(seconds=1)):
        assert by_hand.why_not(dispatch) == ""


@pytest.mark.parametrize(
    ("raw", "ending"),
    [
        (PDF, "pdf"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"<html>", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", ""),
        (b"GIF89a", ""),
        (b"MZ", ""),
        (b" %PDF-1.7", ""),
    ],
)
def test_evidence_is_told_by_its_content(raw: bytes, ending: str) -> None:
    assert proof_files.ending(raw) == ending


def test_a_file_that_is_no_evidence_is_refused_and_nothing_is_noted(ctx: AppContext) -> None:
    dispatch = form_task()
    for raw, code in (
        (b"<html>", "proof-file-type"),
        (PDF + b"0" * 10 * 2**20, "proof-file-large"),
    ):
        with pytest.raises(Problem) as refused:
            operations.form_submitted(dispatch.id, reference="", file=raw, actor=None)
        assert refused.value.code == code
    db.session.refresh(dispatch)
    assert dispatch.state is S.QUEUED


# The pages


@pytest.fixture
def task(app: Flask) -> Callable[..., str]:
    """Orders one to that channel; its address."""

    def made(channel: Channel) -> str:
        with app.app_context():
            ref = build.ordered(channels=(channel,))[0].ref
            db.session.remove()
        return f"/staff/dispatches/{ref}/"

    return made


def signed_in(app: Flask, client: FlaskClient, role: Role = Role.DRAFTER) -> FlaskClient:
    with app.app_context():
        who = build.staff().drafter if role is Role.DRAFTER else accounts.user("Vera", role)
        accounts.sign_in(client, who)
        db.session.remove()
    return client


def evidence(app: Flask, url: str) -> list[tuple[K, str, bool, str]]:
    with app.app_context():
        found = queries.with_company(url.split("/")[3])
        assert found is not None
        names = queries.who(item.by_id for item in found.evidence)
        told = [
            (item.kind, item.detail, bool(item.file_sha256), names.get(item.by_id or 0, ""))
            for item in found.evidence
        ]
        db.session.remove()
    return told


def test_the_page_of_a_form_leads_through_it(
    app: Flask, client: FlaskClient, task: Callable[..., str]
) -> None:
    url, drafter = task(Channel.FORM), signed_in(app, client)
    shown = page(drafter.get(url))
    assert shown.one("#part-1").to_text().count("Larkspur Mobile")
    describe = str((shown.one('a[href$="/form"]').attrs or {})["href"])
    filled = {"most": "700", "counts": "server", "notes": "Topic: privacy."}
    page(accounts.post(drafter, describe, filled, page=describe, follow_redirects=True))
    shown = page(drafter.get(url))
    assert "Part 1 of " in shown.text
    assert "of 700 characters" in shown.text
    assert "Topic: privacy." in shown.text
    assert "Takes 700 characters." in page(drafter.get("/staff/companies/larkspur-mobile/")).text
    refused = page(accounts.post(drafter, describe, {"most": "9", "counts": "server"}), 422)
    assert "Give 100 to 1,000,000." in refused.text
    data = {
        "form-submitted-reference": "CASE 7",
        "form-submitted-picture": (io.BytesIO(picture_file()), "shot.png"),
    }
    page(accounts.post(drafter, url + "form-submitted", data, page=url, follow_redirects=True))
    assert evidence(app, url) == [
        (K.FORM_SUBMITTED, "CASE 7", True, "Ada Drafter"),
        (K.FORM_REFERENCE, "CASE 7", False, "Ada Drafter"),
    ]
    assert not page(drafter.get(url)).select("#to-fill")


def test_a_halt_takes_the_text_off_the_page(
    app: Flask, client: FlaskClient, task: Callable[..., str]
) -> None:
    url, drafter = task(Channel.FORM), signed_in(app, client)
    with app.app_context():
        operations.halt(why="a wrong figure", actor=None)
        db.session.remove()
    shown = page(drafter.get(url))
    assert not shown.select("#part-1")
    assert (
        "Everything is halted: a wrong figure" in shown.one('[aria-labelledby="to-fill"]').to_text()
    )


def test_only_who_may_draft_says_what_a_form_takes(
    app: Flask, client: FlaskClient, task: Callable[..., str]
) -> None:
    with app.app_context():
        mail, form = (
            (one.contact.ref, one.letter.company.slug)
            for one in build.ordered(channels=(Channel.EMAIL, Channel.FORM))
        )
        db.session.remove()
    url = f"/staff/companies/{form[1]}/contacts/{form[0]}/form"
    assert client.get(url).status_code in (302, 401)
    approver = signed_in(app, client, Role.APPROVER)
    assert approver.get(url).status_code == 403
    drafter = signed_in(app, app.test_client())
    page(drafter.get(url))
    assert drafter.get(url.replace(form[0], mail[0])).status_code == 404
    assert drafter.get(url.replace(form[1], "another")).status_code == 404


STEPS = [
    ("posted", {"tracking": "RR1"}, S.POSTED, K.POSTED, "RR1"),
    ("delivered", {"detail": "at the door"}, S.DELIVERED, K.TRACKED_DELIVERED, "at the door"),
    (
        "delivered",
        {"detail": "M. Reed", "signed": "y"},
        S.DELIVERED_SIGNED,
        K.SIGNED_FOR,
        "M. Reed",
    ),
    ("returned", {"detail": "moved"}, S.RETURNED_TO_SENDER, K.RETURNED, "moved"),
]


def test_each_step_of_the_post_keeps_its_file_and_who_gave_it(
    app: Flask, client: FlaskClient, task: Callable[..., str]
) -> None:
    url, drafter = task(Channel.POST), signed_in(app, client)
    for name, given, state, kind, detail in STEPS:
        data: dict[str, Any] = {f"{name}-{field}": value for field, value in given.items()}
        data[f"{name}-picture"] = (io.BytesIO(PDF + name.encode()), "page.html")
        page(accounts.post(drafter, url + name, data, page=url, follow_redirects=True))
        assert evidence(app, url)[-1] == (kind, detail, True, "Ada Drafter")
        with app.app_context():
            found = queries.with_company(url.split("/")[3])
            assert found is not None
            assert found.state is state
            number = found.evidence[-1].id
            db.session.remove()
        answer = drafter.get(f"{url}evidence/{number}")
        assert answer.data == PDF + name.encode()
        assert f"evidence-{number}.pdf" in answer.headers["Content-Disposition"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_dressed_up_as_a_picture_is_refused_beside_its_field(
    app: Flask, client: FlaskClient, task: Callable[..., str]
) -> None:
    url, drafter = task(Channel.POST), signed_in(app, client)
    fakes = {
        b"<script>": "The file is no PNG, JPEG or PDF.",
        PDF + b"0" * 10 * 2**20: "larger than",
    }
    for raw, words in fakes.items():
        data = {"posted-tracking": "RR1", "posted-picture": (io.BytesIO(raw), "shot.png")}
        refused = page(accounts.post(drafter, url + "posted", data, page=url), 422)
        assert words in refused.text
    assert evidence(app, url) == []
