"""Reading review steps, and how far the texts of a campaign have come through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from campaign.companies.models import Company
from campaign.drafting import review
from campaign.drafting.models import Approval, FrozenText, Letter, LetterState
from campaign.drafting.review import Signer, Step
from campaign.drafting.review_models import ChangeRequest, CosignLink, CosignText, ReviewStep
from campaign.extensions import db


def rows_of(campaign_id: int) -> list[ReviewStep]:
    """The review steps of a campaign, in order."""
    return list(
        db.session.scalars(
            sa.select(ReviewStep)
            .where(ReviewStep.campaign_id == campaign_id)
            .options(joinedload(ReviewStep.user))
            .order_by(ReviewStep.position)
        )
    )


def steps_of(campaign_id: int) -> tuple[Step, ...]:
    """The same as a text's hash holds them."""
    return tuple(row.as_step() for row in rows_of(campaign_id))


@dataclass(frozen=True)
class Progress:
    """How far one text in review has come.

    Attributes:
        people: ids of our own people who signed.
        signed: numbers of the steps that are signed.
    """

    frozen_text_id: int
    sha256: str
    frozen_by_id: int
    steps: tuple[Step, ...]
    people: frozenset[int]
    signed: frozenset[int]

    @property
    def open(self) -> tuple[Step, ...]:
        """The steps that can be signed now."""
        return review.open_steps(self.steps, self.signed)

    def waits_for(self, organisation: str) -> Step | None:
        """The organisation's step, where it is open."""
        return next((one for one in self.open if is_of(one, organisation)), None)

    def will_wait_for(self, organisation: str) -> bool:
        """Whether the organisation's step is still to come: others sign before it."""
        return self.waits_for(organisation) is None and any(
            is_of(one, organisation) and one.number not in self.signed for one in self.steps
        )


def is_of(step: Step, organisation: str) -> bool:
    """Whether a step is this organisation's."""
    return step.kind is Signer.ORGANISATION and step.who == organisation


def progress(campaign_id: int) -> list[Progress]:
    """How far every text of a campaign that is in review has come; three queries.

    The bundles are not read. What they hold as steps are the campaign's own, since texts that
    wait are voided when those change.
    """
    steps = steps_of(campaign_id)
    texts = db.session.execute(
        sa.select(
            FrozenText.id, FrozenText.sha256, FrozenText.frozen_by_id, FrozenText.approvals_needed
        )
        .join(Letter, Letter.id == FrozenText.letter_id)
        .where(Letter.campaign_id == campaign_id, *standing())
        .order_by(FrozenText.id)
    ).all()
    signatures = _signatures([text.id for text in texts])
    return [
        Progress(
            text.id,
            text.sha256,
            text.frozen_by_id,
            review.plan(steps, text.approvals_needed),
            frozenset(one.user_id for one in signatures[text.id] if one.user_id is not None),
            frozenset(one.step for one in signatures[text.id] if one.step),
        )
        for text in texts
    ]


def standing() -> tuple[sa.ColumnElement[bool], ...]:
    """SQL on `FrozenText` joined with `Letter`: the text waits to be signed."""
    return (
        Letter.state == LetterState.IN_REVIEW,
        FrozenText.round == Letter.round,
        FrozenText.voided_at.is_(None),
    )


def _signatures(ids: Collection[int]) -> dict[int, list[Approval]]:
    found: dict[int, list[Approval]] = defaultdict(list)
    for one in db.session.scalars(sa.select(Approval).where(Approval.frozen_text_id.in_(ids))):
        found[one.frozen_text_id].append(one)
    return found


def links_of(campaign_id: int) -> list[CosignLink]:
    """The links to co-signers of a campaign, newest first."""
    return list(
        db.session.scalars(
            sa.select(CosignLink)
            .where(CosignLink.campaign_id == campaign_id)
            .order_by(CosignLink.id.desc())
        )
    )


def link(token_sha256: str) -> CosignLink | None:
    """The link whose token has this hash."""
    return db.session.scalar(sa.select(CosignLink).where(CosignLink.token_sha256 == token_sha256))


def texts_of(link: CosignLink) -> list[FrozenText]:
    """The texts that a link is bound to, by company, with what a page shows of each."""
    return list(
        db.session.scalars(
            whole(
                sa.select(FrozenText)
                .join(CosignText, CosignText.frozen_text_id == FrozenText.id)
                .where(CosignText.link_id == link.id, CosignText.sha256 == FrozenText.sha256)
            )
        )
    )


def whole(query: sa.Select[Any]) -> sa.Select[Any]:
    """A query of frozen texts with all that judging and showing them needs, by company."""
    return (
        query.join(FrozenText.letter)
        .join(Letter.company)
        .options(
            joinedload(FrozenText.frozen_by),
            selectinload(FrozenText.approvals).joinedload(Approval.user),
            selectinload(FrozenText.letter)
            .selectinload(Letter.company)
            .selectinload(Company.contacts),
            selectinload(FrozenText.letter).joinedload(Letter.campaign),
            selectinload(FrozenText.letter)
            .selectinload(Letter.frozen_texts)
            .selectinload(FrozenText.approvals),
        )
        .order_by(sa.func.lower(Company.name), FrozenText.id)
    )


def asked_changes(which: sa.ColumnElement[bool]) -> list[ChangeRequest]:
    """The changes that are asked for and not answered by a newer text.

    Args:
        which: SQL on `Letter`.
    """
    newest = (
        sa.select(sa.func.max(FrozenText.id))
        .where(FrozenText.letter_id == Letter.id)
        .correlate(Letter)
        .scalar_subquery()
    )
    return list(
        db.session.scalars(
            sa.select(ChangeRequest)
            .join(FrozenText, FrozenText.id == ChangeRequest.frozen_text_id)
            .join(Letter, Letter.id == FrozenText.letter_id)
            .where(
                which,
                Letter.state == LetterState.DRAFT,
                FrozenText.id == newest,
            )
            .options(
                joinedload(ChangeRequest.user),
                joinedload(ChangeRequest.frozen_text)
                .joinedload(FrozenText.letter)
                .joinedload(Letter.company),
            )
            .order_by(ChangeRequest.id)
        )
    )
