"""Co-signers: asked by a link without an account, for texts that are fixed by their hashes.

A link is due as soon as its organisation's step is open; the stage that sends mails it and says
whether it left. The token stands in that mail only: here is its hash.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.database import transaction
from campaign.drafting import frozen, queries, review_queries, signing
from campaign.drafting.models import Approval, FrozenText, Letter, LetterState
from campaign.drafting.operations import locked_campaign
from campaign.drafting.review import LINK_MOVES, LinkState, Signer, open_steps
from campaign.drafting.review_models import ChangeRequest, CosignLink, CosignText, ReviewStep
from campaign.drafting.review_queries import Progress
from campaign.extensions import db
from campaign.history.operations import record
from campaign.kernel import clock, fields
from campaign.kernel.errors import Problem

LIVE = (LinkState.DUE, LinkState.ASKED)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def set_hash(texts: Sequence[FrozenText]) -> str:
    """One hash of exactly these texts, so that a page signs what it showed and nothing else."""
    lines = sorted(f"{text.ref} {text.sha256}" for text in texts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def make_due(campaign_id: int | None = None) -> int:
    """Make a link due to each organisation whose turn it is; how many.

    An organisation is asked once, for all its texts together: while others still have to sign
    one of them before it, it is not asked by itself.
    """
    made = 0
    for each in [campaign_id] if campaign_id else _with_organisations():
        if not _turns(each):
            continue
        with transaction() as session:
            campaign = locked_campaign(session, each)
            for row, texts in _turns(each):
                _add(session, campaign, row, texts, None)
                made += 1
    return made


def _with_organisations() -> list[int]:
    """Campaigns with a step of an organisation and a text in review."""
    outside = sa.select(ReviewStep.campaign_id).where(ReviewStep.kind == Signer.ORGANISATION)
    waiting = (
        sa.select(Letter.campaign_id)
        .where(Letter.state == LetterState.IN_REVIEW, Letter.campaign_id.in_(outside))
        .distinct()
    )
    return sorted(db.session.scalars(waiting))


def _turns(campaign_id: int) -> list[tuple[ReviewStep, list[Progress]]]:
    """The organisations whose turn it is, with the texts that nobody has asked them about."""
    asked: dict[str, set[int]] = defaultdict(set)
    rows = db.session.execute(
        sa.select(CosignLink.organisation, CosignText.frozen_text_id)
        .join(CosignText, CosignText.link_id == CosignLink.id)
        .where(CosignLink.campaign_id == campaign_id, CosignLink.state != LinkState.REPLACED)
    )
    for organisation, text_id in rows:
        asked[organisation].add(text_id)
    found = []
    progress = review_queries.progress(campaign_id)
    for row in _outside(campaign_id):
        name = row.organisation
        texts = [one for one in progress if one.waits_for(name)]
        new = [one for one in texts if one.frozen_text_id not in asked[name]]
        if new and not any(one.will_wait_for(name) for one in progress):
            found.append((row, new))
    return found


def _outside(campaign_id: int) -> list[ReviewStep]:
    rows = review_queries.rows_of(campaign_id)
    return [row for row in rows if row.kind is Signer.ORGANISATION]


def ask_now(campaign_id: int, *, organisation: str, actor: User | None) -> CosignLink:
    """Order a new link to an organisation, for every text that waits for it; older ones end.

    Raises:
        Problem: `nothing-to-cosign`, `not-there`.
    """
    person = signing.person(actor)
    with transaction() as session:
        campaign = locked_campaign(session, campaign_id)
        row = next((one for one in _outside(campaign_id) if one.organisation == organisation), None)
        if row is None:
            raise Problem("not-there", what="organisation")
        progress = review_queries.progress(campaign_id)
        texts = [one for one in progress if one.waits_for(organisation)]
        if not texts:
            raise Problem("nothing-to-cosign", organisation=organisation)
        for link in review_queries.links_of(campaign_id):
            if link.organisation == organisation and LinkState.REPLACED in LINK_MOVES[link.state]:
                move(link, LinkState.REPLACED)
        return _add(session, campaign, row, texts, person)


def _add(
    session: Session,
    campaign: Campaign,
    row: ReviewStep,
    texts: Sequence[Progress],
    actor: User | None,
) -> CosignLink:
    link = CosignLink(
        campaign_id=campaign.id,
        organisation=row.organisation,
        signer=row.signer,
        email=row.email,
        link_days=row.link_days,
    )
    session.add(link)
    session.flush()
    session.add_all(
        CosignText(link_id=link.id, frozen_text_id=one.frozen_text_id, sha256=one.sha256)
        for one in texts
    )
    record("cosign.due", campaign, actor=actor, organisation=link.organisation, letters=len(texts))
    return link


def revoke(link_id: int, *, actor: User | None) -> CosignLink:
    """Make a link useless at once.

    Raises:
        Problem: `link-ended`, `not-there`.
    """
    person = signing.person(actor)
    with transaction() as session:
        link = _locked(session, link_id)
        if LinkState.REVOKED not in LINK_MOVES[link.state]:
            raise Problem("link-ended", organisation=link.organisation)
        move(link, LinkState.REVOKED)
        record("cosign.revoked", link.campaign, actor=person, organisation=link.organisation)
    return link


def replace_moved(campaign_id: int, rows: Sequence[ReviewStep]) -> None:
    """Within an act: end the links whose step is gone or goes to another address now."""
    places = {(row.organisation, row.signer, row.email) for row in rows}
    for link in review_queries.links_of(campaign_id):
        moved = (link.organisation, link.signer, link.email) not in places
        if link.state in LIVE and moved:
            move(link, LinkState.REPLACED)


def due_links() -> list[int]:
    """Ids of the links that are to be mailed now."""
    now = clock.now()
    return list(
        db.session.scalars(
            sa.select(CosignLink.id)
            .where(
                CosignLink.state == LinkState.DUE,
                sa.or_(CosignLink.try_after.is_(None), CosignLink.try_after <= now),
            )
            .order_by(CosignLink.id)
        )
    )


def begin_asking(link_id: int) -> str | None:
    """Give a link its token and its end, just before it is mailed; None where it is not due.

    The caller mails the token and keeps it nowhere.
    """
    token, now = secrets.token_urlsafe(32), clock.now()
    with transaction() as session:
        link = _locked(session, link_id)
        if link.state is not LinkState.DUE:
            return None
        if not waiting_texts(link):
            move(link, LinkState.REPLACED)
            return None
        move(link, LinkState.ASKED)
        link.token_sha256, link.asked_at = digest_of(token), now
        link.expires_at, link.said = now + timedelta(days=link.link_days), ""
        record(
            "cosign.asked", link.campaign, organisation=link.organisation,
            signer=link.signer, to=link.email, until=link.expires_at.isoformat(),
        )  # fmt: skip
    return token


def not_left(link_id: int, why: str, *, again_at: datetime | None) -> None:
    """Note that the mail with a link did not leave.

    Args:
        again_at: when it is tried again, aware; None where their server refused it for good.
    """
    with transaction() as session:
        link = _locked(session, link_id)
        if link.state is not LinkState.ASKED:
            return
        move(link, LinkState.DUE if again_at else LinkState.REFUSED)
        link.token_sha256, link.try_after, link.said = None, again_at, why[:2000]
        record("cosign.not_left", link.campaign, organisation=link.organisation, why=link.said)


def move(link: CosignLink, state: LinkState) -> None:
    """Within an act: move a link, where the table allows it; one that ended signs nothing."""
    if state not in LINK_MOVES[link.state]:
        raise ValueError(f"a link that is {link.state} does not become {state}")
    link.state = state
    if state not in LIVE:
        link.ended_at = clock.now()


def waiting_texts(link: CosignLink) -> list[FrozenText]:
    """The texts of a link that still stand and wait for its organisation, by company."""
    return [
        text
        for text in review_queries.texts_of(link)
        if text.voided_at is None
        and text.letter.state is LetterState.IN_REVIEW
        and text.round == text.letter.round
        and step_of(link, text)
    ]


def step_of(link: CosignLink, text: FrozenText) -> int:
    """Number of the organisation's step in a text, where it is open; else 0."""
    steps = frozen.load(text).review
    for step in open_steps(steps, queries.signed_steps(text)):
        if review_queries.is_of(step, link.organisation) and step.signer == link.signer:
            return step.number
    return 0


def sign(link_id: int, *, shown: str) -> int:
    """The organisation signs the texts that its page showed, each in an act of its own.

    What was signed stays signed where a later one fails. Returns how many were signed.

    Args:
        shown: `set_hash` of the texts on the page.

    Raises:
        Problem: `link-not-live`, `texts-changed`, or what stands in the way of a text.
    """
    seen = _seen(link_id, shown)
    for text_id, _, sha256 in seen:
        with transaction() as session:
            link = _live(session, link_id)
            text, letter = signing.locked_text(session, text_id)
            signing.must_wait(text, letter, sha256)
            signing.must_be_fresh(text, letter)
            number = step_of(link, text)
            if not number:
                raise Problem("texts-changed")
            approval = Approval(
                step=number, organisation=link.organisation, name=link.signer, sha256=sha256
            )
            signing.add(session, text, letter, approval, None)
    with transaction() as session:
        link = _locked(session, link_id)
        if link.state is LinkState.ASKED and not waiting_texts(link):
            move(link, LinkState.SIGNED)
            record(
                "cosign.signed", link.campaign, organisation=link.organisation, letters=len(seen)
            )
    return len(seen)


def ask_changes(link_id: int, *, shown: str, comment: str) -> int:
    """The organisation asks for changes: the texts that its page showed are drafts again.

    Returns how many.

    Raises:
        Problem: `link-not-live`, `texts-changed`, `field-empty`, `field-too-long`.
    """
    comment = fields.text(comment, name="What should change", limit=2000, required=True)
    seen = _seen(link_id, shown)
    with transaction() as session:
        link = _live(session, link_id)
        letters = {
            letter.id: letter for letter in signing.locked(session, [one for _, one, _ in seen])
        }
        for text_id, letter_id, _ in seen:
            standing = queries.current_frozen(letters[letter_id])
            if standing is None or standing.id != text_id:
                raise Problem("texts-changed")
            request = ChangeRequest(
                organisation=link.organisation, name=link.signer, comment=comment
            )
            signing.take_back(session, letters[letter_id], comment, request, None)
        move(link, LinkState.CHANGES)
        link.said = comment
        record("cosign.changes", link.campaign, organisation=link.organisation, comment=comment)
    return len(seen)


def _seen(link_id: int, shown: str) -> list[tuple[int, int, str]]:
    """Ids of the texts that a page showed and of their letters, and their hashes."""
    with transaction() as session:
        texts = waiting_texts(_live(session, link_id))
        if not texts or set_hash(texts) != shown:
            raise Problem("texts-changed")
        return [(text.id, text.letter_id, text.sha256) for text in texts]


def _live(session: Session, link_id: int) -> CosignLink:
    link = _locked(session, link_id)
    if not is_live(link):
        raise Problem("link-not-live")
    return link


def is_live(link: CosignLink) -> bool:
    """Whether a link can be used now."""
    return (
        link.state is LinkState.ASKED
        and link.expires_at is not None
        and link.expires_at > clock.now()
    )


def _locked(session: Session, link_id: int) -> CosignLink:
    link = session.get(CosignLink, link_id, with_for_update=True, populate_existing=True)
    if link is None:
        raise Problem("not-there", what="link")
    return link
