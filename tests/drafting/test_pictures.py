"""The logo and the signatures in all forms of a letter, and in no form for the public."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from dataclasses import replace

import pytest
from flask import current_app
from flask.ctx import AppContext

from campaign.campaigns import operations as campaigns
from campaign.campaigns import signatures
from campaign.drafting import composing, frozen, letterhead_saving, pictures, queries, rendering
from campaign.drafting.models import FrozenText, Letter, TextKind
from campaign.extensions import db
from campaign.history.rules import canonical, digest
from campaign.kernel.errors import Problem
from campaign.publishing import public_letter
from tests.builders import drafting as build
from tests.builders.pictures import picture_file
from tests.drafting.acting import approve, refusal
from tests.drafting.letters import (
    ATTACHED,
    LOGO,
    SIGNATURE,
    a_full_letter,
    a_letter,
    environment,
    read,
)
from tests.drafting.pdf_structure import Tagged, faults
from tests.drafting.test_rendering import Seen

ENV = environment()


@pytest.fixture
def people(ctx: AppContext) -> build.Staff:
    return build.staff()


@pytest.fixture
def letter(people: build.Staff) -> Letter:
    """A draft whose letterhead has a logo and whose signatory has a signature."""
    draft = build.draft(people)
    letterhead_saving.save_head(
        address="", phone="+44 1632 960 020", website="brightwater.example", logo=picture_file(),
        actor=people.drafter,
    )  # fmt: skip
    signatures.set_signature(
        draft.campaign.signatories[0].id, raw=picture_file("maroon"), actor=people.drafter
    )
    return draft


def test_the_pdf_shows_both_with_words_for_those_who_do_not_see_them() -> None:
    pdf = rendering.as_pdf(a_full_letter(), read)
    assert faults(pdf) == []
    figures = Tagged(pdf).of("/Figure")
    told = [one.raw["/Alt"] for one in figures]
    assert [one for one in told if not one.startswith("Bar chart.")] == [
        "Logo of Open Devices Watch",
        "Signature of Ines Okafor",
    ]
    assert sum(len(page.images) for page in Tagged(pdf).reader.pages) == 2
    assert rendering.as_pdf(a_full_letter(), read) == pdf


def test_a_pdf_without_the_bytes_of_its_pictures_is_not_made() -> None:
    with pytest.raises(Problem) as told:
        rendering.as_pdf(a_full_letter())
    assert told.value.code == "file-missing"


def test_a_mail_shows_only_pictures_that_it_carries() -> None:
    html = rendering.as_email_html(a_full_letter(), ENV)
    assert html.count("<img") == 2
    assert html.count(" src=") == 2
    for one in (LOGO, SIGNATURE):
        assert f'src="cid:{one.cid}"' in html
    carried = pictures.inline(a_full_letter(), read)
    assert [one.cid for one in carried] == [LOGO.cid, SIGNATURE.cid]
    looked_at = pictures.shown_in(html, carried)
    assert "cid:" not in looked_at
    assert b64encode(read(LOGO.sha256)).decode() in looked_at


def test_a_mail_says_all_without_its_pictures() -> None:
    with_pictures = rendering.as_text(a_full_letter())
    assert with_pictures == rendering.as_text(a_letter(attachments=ATTACHED))
    html = rendering.as_email_html(a_full_letter(), ENV)
    for words in ("Open Devices Watch", "Ines Okafor", "+44 1632 960 020", "odw.example"):
        assert words in html.replace("Logo of Open Devices Watch", "")


def test_a_picture_is_printed_in_the_room_that_it_has() -> None:
    assert LOGO.within(220, 64) == (170, 64)
    assert SIGNATURE.within(100, 100) == (100, 29)
    assert replace(LOGO, width=3000, height=1).within(220, 64) == (220, 1)


def test_a_name_with_markup_stays_words_beside_a_picture() -> None:
    evil = '"><script>alert(1)</script><img src=x>'
    full = a_full_letter()
    who = replace(full.signatories[0], name=evil)
    seen = Seen(rendering.as_email_html(replace(full, signatories=(who,)), ENV))
    assert "script" not in seen.tags
    assert seen.tags.count("img") == 2
    page = str(rendering.as_page_html(replace(full, signatories=(who,)), ENV))
    assert "signature" not in pictures.without_signatures(page).replace('"signatory"', "")
    assert page.count("<img") - pictures.without_signatures(page).count("<img") == 1


def test_the_text_names_its_pictures_by_hash_and_keeps_their_bytes_for_ever(
    letter: Letter, people: build.Staff
) -> None:
    row = build.in_review(people, letter)
    text = frozen.load(row)
    logo, signature = pictures.of(text.content)
    assert logo.sha256 in row.bundle
    assert signature.sha256 in row.bundle
    assert len(row.bundle) < 60_000
    before = text.carried_pictures(TextKind.LETTER)
    letterhead_saving.save_head(
        address="", phone="", website="", logo=picture_file("green"), actor=people.drafter
    )
    signatures.remove_signature(letter.campaign.signatories[0].id, actor=people.drafter)
    again = frozen.load(row)
    assert again.carried_pictures(TextKind.LETTER) == before
    assert [hashlib.sha256(one.raw).hexdigest() for one in before] == [
        logo.sha256,
        signature.sha256,
    ]
    assert rendering.as_pdf(again.content, current_app.extensions["files"].get) == text.pdf()
    assert logo.cid in text.reminder_mail(TextKind.REMINDER, row.deadline_on).html
    assert text.carried_pictures(TextKind.REMINDER) == before


@pytest.mark.parametrize("what", ["logo", "phone", "signature"])
def test_another_picture_or_number_makes_the_text_stale(
    letter: Letter, people: build.Staff, what: str
) -> None:
    row = build.in_review(people, letter)
    assert not queries.is_stale(row)
    same = {"address": "", "phone": "+44 1632 960 020", "website": "brightwater.example"}
    if what == "signature":
        signatures.set_signature(
            letter.campaign.signatories[0].id, raw=picture_file("green"), actor=people.drafter
        )
    else:
        changed = {"logo": picture_file("green")} if what == "logo" else {"phone": "112"}
        letterhead_saving.save_head(**{**same, **changed}, actor=people.drafter)  # type: ignore[arg-type]
    assert queries.is_stale(row)
    assert refusal(lambda: approve(row, people.approver)) == "text-changed"


def test_a_text_frozen_before_there_were_pictures_still_says_the_same(people: build.Staff) -> None:
    row = build.in_review(people)
    assert '"logo":' not in row.bundle
    assert '"signature":' not in row.bundle
    assert frozen.says(row.bundle, composing.compose(row.letter, row.dated_on).draft)


def test_a_text_whose_picture_was_swapped_is_no_longer_what_was_signed(
    letter: Letter, people: build.Staff
) -> None:
    row: FrozenText = build.in_review(people, letter)
    bundle = json.loads(row.bundle)
    bundle["content"]["letterhead"]["logo"]["sha256"] = "0" * 64
    row.bundle = canonical(bundle)
    db.session.commit()
    assert digest(row.bundle) != row.sha256
    assert refusal(lambda: approve(row, people.approver)) == "other-text"


def test_the_public_sees_the_logo_and_no_signature(letter: Letter, people: build.Staff) -> None:
    text = frozen.load(build.in_review(people, letter))
    assert 'class="signature"' in str(text.page())
    page = str(public_letter.page(text))
    assert 'class="logo"' in page
    assert "/staff/pictures/" not in page
    assert "Signature of" not in page
    assert "Mara Quill" in page
    figures = Tagged(public_letter.pdf(text)).of("/Figure")
    assert [one.raw["/Alt"] for one in figures] == ["Logo of Brightwater Digital Rights"]


def test_a_signature_stays_with_its_name_when_the_list_of_signatories_changes(
    letter: Letter, people: build.Staff
) -> None:
    campaigns.change_campaign(
        letter.campaign_id,
        signatories=[("New One", "", ""), ("Mara Quill", "Chair", "Brightwater Digital Rights")],
        actor=people.drafter,
    )
    db.session.expire_all()
    assert [bool(one.signature) for one in letter.campaign.signatories] == [False, True]
