"""The letter as PDF and its attachments, from approval to the other server's disk."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from campaign.campaigns import signatures
from campaign.drafting import attachment_saving, frozen, letterhead_saving
from campaign.drafting import operations as drafting
from campaign.drafting import queries as drafted
from campaign.drafting.attachment_queries import attachments
from campaign.drafting.models import FrozenText, Letter, TextKind
from campaign.extensions import db
from campaign.kernel.errors import Problem
from campaign.sending import operations, outbox, parcels
from campaign.sending.carried import carries, files_in, kept_mail, pictures_of
from campaign.sending.models import Dispatch
from campaign.sending.rules import DispatchState
from tests.builders import campaigns
from tests.builders import drafting as drafts
from tests.builders import sending as build
from tests.builders.attachments import PDF, attached, large
from tests.builders.pictures import picture_file
from tests.sending.mails import opened
from tests.sending.smtp_server import Peer

pytestmark = pytest.mark.usefixtures("ctx")

RESEARCH = large(300_000)


@pytest.fixture
def letter() -> Letter:
    """An approved letter with a logo, a signature and two attachments."""
    people = build.staff()
    campaign = campaigns.campaign(people.drafter)
    letterhead_saving.save_head(
        address="", phone="", website="", logo=picture_file(), actor=people.drafter
    )
    signatures.set_signature(
        campaign.signatories[0].id, raw=picture_file("maroon"), actor=people.drafter
    )
    attached(campaign, people, "Forschungsbericht „7“.pdf", RESEARCH)
    attached(campaign, people, "figures.csv", b"year,requests\n2025,12\n")
    return build.approved_letter()


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(dispatch: Dispatch) -> FrozenText:
    return db.session.get_one(FrozenText, dispatch.frozen_text_id)


def test_another_server_receives_exactly_what_was_approved(letter: Letter) -> None:
    (dispatch,) = operations.send([letter.id], actor=build.staff().drafter)
    number = dispatch.id
    with Peer() as peer, opened(peer.url) as transport:
        outbox.send_due(transport=transport)
    (received,) = peer.mails
    dispatch = db.session.get_one(Dispatch, number)
    assert dispatch.state is DispatchState.ACCEPTED
    assert received.data == kept_mail(dispatch.letter)
    text = frozen.load(text_of(dispatch))
    message = read(received.data)
    files = files_in(message)
    reference = text.content.reference
    assert [(one.name, one.media_type) for one in files] == [
        (f"Brightwater Digital Rights {reference}.pdf", "application/pdf"),
        ("Forschungsbericht „7“.pdf", "application/pdf"),
        ("figures.csv", "text/csv"),
    ]
    assert files[0].raw == text.pdf()
    assert files[1].raw == RESEARCH
    assert len(pictures_of(message)) == 2
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text.letter_mail().text
    assert "Attachments:\n- Forschungsbericht „7“.pdf (300 KB)\n" in text.letter_mail().text
    assert carries(dispatch, text_of(dispatch))


@pytest.mark.parametrize("spoilt", ["bytes", "name", "left out"])
def test_a_mail_with_other_files_does_not_carry_what_was_approved(
    letter: Letter, spoilt: str
) -> None:
    (dispatch,) = operations.send([letter.id], actor=build.staff().drafter)
    raw = kept_mail(letter)
    old, new = {
        "bytes": (b"eWVhcixyZXF1ZXN0cw", b"eWVhcixyZXF1ZXN0dw"),
        "name": (b'filename="figures.csv"', b'filename="fugures.csv"'),
        "left out": (b"Content-Disposition: attachment;", b"Content-Disposition: none;"),
    }[spoilt]
    assert old in raw
    where = raw.rindex(old)
    changed = raw[:where] + new + raw[where + len(old) :]
    if spoilt == "left out":
        start = raw.rindex(b"\r\n--=_", 0, raw.rindex(b'name="figures.csv"'))
        end = raw.rindex(b"\r\n--=_")
        changed = raw[:start] + raw[end:]
    dispatch.file_sha256 = parcels.files().put(changed)
    db.session.commit()
    assert not carries(dispatch, text_of(dispatch))


def test_a_file_that_is_lost_stops_the_letter_before_anything_is_ordered(letter: Letter) -> None:
    (_, table) = attachments(letter.campaign_id)
    store = parcels.files()
    assert hasattr(store, "root")
    (store.root / table.sha256[:2] / table.sha256[2:4] / table.sha256).unlink()
    with pytest.raises(Problem) as told:
        operations.send([letter.id], actor=build.staff().drafter)
    assert told.value.code == "file-missing"
    assert db.session.query(Dispatch).count() == 0


def test_a_resend_carries_the_files_of_its_own_round(letter: Letter) -> None:
    people = build.staff()
    operations.send([letter.id], actor=people.drafter)
    outbox.send_due(transport=build.Way())
    (first, _) = attachments(letter.campaign_id)
    attachment_saving.remove(first.id, actor=people.drafter)
    drafting.begin_round(letter.id, why="It came back.", actor=people.drafter)
    (text,) = drafting.submit([letter.id], dated_on=drafted.today(), actor=people.drafter)
    drafts.approve_all(people, [text])
    (again,) = operations.send([letter.id], actor=people.drafter)
    assert [one.name for one in files_in(read(kept_mail(letter)))][1:] == ["figures.csv"]
    assert carries(again, text_of(again))
    before = db.session.query(Dispatch).order_by(Dispatch.id).first()
    assert before
    assert carries(before, text_of(before))


def test_a_reminder_carries_the_pictures_of_its_text_and_no_file(letter: Letter) -> None:
    (dispatch,) = operations.send([letter.id], actor=build.staff().drafter)
    row = text_of(dispatch)
    approved = parcels.Approved(row, frozen.load(row))
    made = parcels.reminder(approved, dispatch, TextKind.REMINDER, row.deadline_on)
    message = read(parcels.files().get(made.sha256))
    assert files_in(message) == []
    assert len(pictures_of(message)) == 2


def test_a_letter_without_attachments_still_carries_its_pdf() -> None:
    (dispatch,) = build.ordered()
    (file,) = files_in(read(kept_mail(dispatch.letter)))
    assert file.raw.startswith(PDF[:5])
    assert carries(dispatch, text_of(dispatch))
