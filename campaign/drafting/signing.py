"""Signing texts and sending them back: by our own people, in the order of the review steps."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.database import transaction
from campaign.drafting import effects, frozen, queries, review, rules
from campaign.drafting.models import Approval, FrozenText, Letter, LetterState
from campaign.drafting.review_models import ChangeRequest
from campaign.history.operations import record
from campaign.kernel import fields
from campaign.kernel.errors import Problem


def approve(frozen_text_id: int, *, sha256: str, actor: User | None, note: str = "") -> Approval:
    """Sign the text that a second person saw, by its hash (rule 4). Twice is once.

    With review steps it signs the first one that is open and that this person may sign. The
    letter is approved when every step is signed, by as many people as the text needs.

    Raises:
        Problem: `not-in-review`, `other-text`, `text-changed`, `own-text`, `not-your-step`,
            `not-there`.
    """
    approver = person(actor)
    note = fields.text(note, name="Note", limit=2000)
    with transaction() as session:
        text, letter = locked_text(session, frozen_text_id)
        signed = next((one for one in text.approvals if one.user_id == approver.id), None)
        if signed is not None and signed.sha256 == sha256 and not text.voided_at:
            return signed
        must_wait(text, letter, sha256)
        if approver.id in queries.writers(text):
            raise Problem("own-text", company=letter.company.name)
        must_be_fresh(text, letter)
        approval = Approval(
            user_id=approver.id, step=_step(text, letter, approver), sha256=sha256, note=note
        )
        add(session, text, letter, approval, approver)
    return approval


def _step(text: FrozenText, letter: Letter, approver: User) -> int:
    """Number of the step that this person can sign now; 0 where the text has no steps."""
    steps = frozen.load(text).review
    if not steps:
        return 0
    found = queries.step_for(steps, queries.signed_steps(text), approver)
    if found is None:
        now = review.open_steps(steps, queries.signed_steps(text))
        raise Problem(
            "not-your-step",
            company=letter.company.name,
            steps=" and ".join(f"“{step.title}”" for step in now) or "nobody",
        )
    return found.number


def locked_text(session: Session, frozen_text_id: int) -> tuple[FrozenText, Letter]:
    """Within an act: a text and its letter, locked, as they stand now.

    Raises:
        Problem: `not-there`.
    """
    text = session.get(FrozenText, frozen_text_id)
    if text is None:
        raise Problem("not-there", what="text")
    letter = one_letter(session, text.letter_id)
    session.refresh(text)
    return text, letter


def must_wait(text: FrozenText, letter: Letter, sha256: str) -> None:
    """Refuse a text that does not wait to be signed, or that is not the one that was seen.

    Raises:
        Problem: `not-in-review`, `other-text`.
    """
    company = letter.company.name
    if text.voided_at or letter.state is not LetterState.IN_REVIEW or text.round != letter.round:
        raise Problem("not-in-review", company=company)
    if sha256 != text.sha256 or not frozen.is_whole(text):
        raise Problem("other-text", company=company)


def must_be_fresh(text: FrozenText, letter: Letter) -> None:
    """Refuse a text that today's facts would make otherwise.

    Raises:
        Problem: `text-changed`.
    """
    if queries.is_stale(text):
        raise Problem("text-changed", company=letter.company.name)


def add(
    session: Session, text: FrozenText, letter: Letter, approval: Approval, actor: User | None
) -> None:
    """Within an act: add a signature; with the last one that is needed the letter is approved."""
    approval.frozen_text = text
    session.add(approval)
    session.flush()
    step = next((one.title for one in frozen.load(text).review if one.number == approval.step), "")
    record(
        "letter.signed", letter, actor=actor, sha256=approval.sha256, note=approval.note,
        step=step, organisation=approval.organisation, name=approval.name,
    )  # fmt: skip
    if queries.is_approved(text):
        letter.state = LetterState.APPROVED
        record("letter.approved", letter, sha256=text.sha256, round=text.round)


def send_back(letter_id: int, *, why: str, actor: User | None) -> Letter:
    """Take a text out of approval or sending, with a reason; the letter is a draft again.

    The reason stands open before the writer until the letter is put up anew.

    Raises:
        Problem: `not-in-review` where nothing waits or something has left; `field-empty`.
    """
    why = fields.text(why, name="Reason", limit=2000, required=True)
    with transaction() as session:
        letter = one_letter(session, letter_id)
        if letter.state not in rules.FROZEN:
            raise Problem("not-in-review", company=letter.company.name)
        request = ChangeRequest(user_id=actor.id, comment=why) if actor else None
        take_back(session, letter, why, request, actor)
    return letter


def take_back(
    session: Session, letter: Letter, why: str, request: ChangeRequest | None, actor: User | None
) -> None:
    """Within an act: void the standing text of a letter because somebody wants it changed."""
    organisation, name = (request.organisation, request.name) if request else ("", "")
    record("letter.sent_back", letter, actor=actor, why=why, organisation=organisation, name=name)
    text = effects.void_frozen(letter, why, actor=actor)
    if text is not None and request is not None:
        request.frozen_text = text
        session.add(request)


def person(actor: User | None) -> User:
    """Who acts; the program itself does not write letters.

    Raises:
        Problem: `person-needed`.
    """
    if actor is None:
        raise Problem("person-needed")
    return actor


def locked(session: Session, ids: Sequence[int]) -> list[Letter]:
    """Within an act: these letters, locked in one order.

    Raises:
        Problem: `not-there`.
    """
    wanted = sa.select(Letter).where(Letter.id.in_(ids)).order_by(Letter.id).with_for_update()
    letters = session.scalars(queries.whole(wanted)).all()
    if len(letters) != len(ids):
        raise Problem("not-there", what="letter")
    return list(letters)


def one_letter(session: Session, letter_id: int) -> Letter:
    """Within an act: the letter, locked.

    Raises:
        Problem: `not-there`.
    """
    return locked(session, [letter_id])[0]
