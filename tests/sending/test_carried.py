"""What a mail carries besides words, and whether it is what was signed."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from campaign.campaigns import signatures
from campaign.campaigns.models import Campaign
from campaign.drafting import letterhead_saving
from campaign.drafting.models import FrozenText
from campaign.extensions import db
from campaign.sending import parcels
from campaign.sending.carried import carries, kept_mail, pictures_of
from campaign.sending.models import Dispatch
from tests.builders import campaigns
from tests.builders import sending as build
from tests.builders.pictures import picture_file

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def dispatch() -> Dispatch:
    """A letter with a logo and a signature, ordered to be sent."""
    drafter = build.staff().drafter
    campaign: Campaign = campaigns.campaign(drafter)
    letterhead_saving.save_head(
        address="", phone="", website="", logo=picture_file(), actor=drafter
    )
    signatures.set_signature(campaign.signatories[0].id, raw=picture_file("maroon"), actor=drafter)
    return build.ordered()[0]


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def signed(dispatch: Dispatch) -> FrozenText:
    return db.session.get_one(FrozenText, dispatch.frozen_text_id)


def swap(dispatch: Dispatch, old: bytes, new: bytes) -> None:
    """Keep other bytes for the mail."""
    raw = kept_mail(dispatch.letter)
    assert old in raw
    dispatch.file_sha256 = parcels.files().put(raw.replace(old, new, 1))
    db.session.commit()


def test_the_mail_carries_the_pictures_that_were_signed(dispatch: Dispatch) -> None:
    message = read(kept_mail(dispatch.letter))
    pictures = pictures_of(message)
    html = str(message.get_body(("html",)))
    assert len(pictures) == 2
    assert all(one.raw.startswith(b"\x89PNG") for one in pictures)
    assert carries(dispatch, signed(dispatch))
    assert all(f"cid:{one.cid}" in html.replace("=\n", "") for one in pictures)


def test_a_mail_with_another_picture_does_not_carry_what_was_signed(dispatch: Dispatch) -> None:
    swap(dispatch, b"iVBORw0KGgo", b"iVBORw0KGgp")
    assert not carries(dispatch, signed(dispatch))


def test_a_mail_without_its_picture_does_not_carry_what_was_signed(dispatch: Dispatch) -> None:
    swap(dispatch, b"Content-ID: ", b"Content-XY: ")
    assert not carries(dispatch, signed(dispatch))
