"""What is done to campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns import rules
from campaign.campaigns.models import Campaign, Picture, Question, Signatory
from campaign.database import transaction
from campaign.history.operations import record
from campaign.kernel import clock, days, fields, languages
from campaign.kernel.errors import Problem
from campaign.kernel.languages import ENGLISH
from campaign.kernel.text import slugify

QUESTIONS_MOST = 60
_POLICY = (
    "response_days", "response_unit", "grace_working_days", "reminders", "auto_publish",
    "short_reason",
)  # fmt: skip

Signer = tuple[str, str, str]
"""Name, role, organisation."""


def create_campaign(
    *,
    title: str,
    summary: str,
    questions: Sequence[str],
    signatories: Sequence[Signer],
    actor: User,
    slug: str | None = None,
    response_days: int = 14,
    response_unit: days.Unit = days.Unit.CALENDAR,
    grace_working_days: int = 1,
    reminders: bool = True,
    auto_publish: bool = True,
    short_reason: str = "",
    embargoed: bool = False,
    embargo_until: datetime | None = None,
    language: str = ENGLISH,
) -> Campaign:
    """Create a campaign; `actor` owns it. Blank questions and signatories are left out.

    Args:
        language: the main one, of its questions; a BCP 47 tag.
        response_days: days to answer.
        response_unit: what they are counted in.
        embargo_until: aware; only where `embargoed`.

    Raises:
        Problem: `campaign-exists`, `questions-missing`, `signatory-missing`, `bad-policy`,
            `embargo-past`, `unknown-language`, or what is wrong with a text.
    """
    policy = _policy(
        {
            "response_days": response_days,
            "response_unit": response_unit,
            "grace_working_days": grace_working_days,
            "reminders": reminders,
            "auto_publish": auto_publish,
            "short_reason": short_reason,
        }
    )
    facts = _texts({"title": title, "summary": summary, "language": language})
    asked, signers = _asked(questions), _signers(signatories)
    until = _until(embargo_until) if embargoed else None
    short = slugify(slug or facts["title"], 80)
    try:
        with transaction() as session:
            _free(session, short)
            campaign = Campaign(
                slug=short,
                owner_id=actor.id,
                embargoed=embargoed,
                embargo_until=until,
                questions=[Question(number=n, text=text) for n, text in enumerate(asked, 1)],
                signatories=_rows(signers),
                **facts,
                **policy,
            )
            session.add(campaign)
            session.flush()
            record(
                "campaign.created",
                campaign,
                actor=actor,
                title=facts["title"],
                questions=list(asked),
                signatories=[", ".join(filter(None, signer)) for signer in signers],
                embargoed=embargoed,
                embargo_until=until.isoformat() if until else None,
                **policy,
            )
    except IntegrityError:  # somebody took the same short name at the same moment
        raise Problem("campaign-exists", slug=short) from None
    return campaign


def change_campaign(campaign_id: int, *, actor: User | None, **given: Any) -> Campaign:
    """Change texts, questions, signatories or policy.

    Args:
        given: any of title, summary, language, questions, signatories and the policy's fields, as
            in `create_campaign`; other names are ignored.

    Raises:
        Problem: `not-there`; `campaign-fixed` for questions, main language and response period
            once a letter has left (fairness.md rule 3); as `create_campaign`.
    """
    with transaction() as session:
        campaign = _campaign(session, campaign_id)
        texts = _texts(given)
        if campaign.fixed_at and texts.get("language", campaign.language) != campaign.language:
            raise Problem("campaign-fixed", what="The main language")
        changed = _apply(campaign, texts)
        changed |= _apply(campaign, _changed_policy(campaign, given))
        if "questions" in given:
            changed |= _apply_questions(session, campaign, _asked(given["questions"]))
        if "signatories" in given:
            changed |= _apply_signatories(session, campaign, _signers(given["signatories"]))
        if changed:
            record("campaign.changed", campaign, actor=actor, changed=changed)
    return campaign


def set_embargo(campaign_id: int, *, until: datetime | None, actor: User | None) -> Campaign:
    """Let nothing of the campaign be public, until a time (aware) or until it is lifted.

    Raises:
        Problem: `not-there`, `embargo-past`.
    """
    end = _until(until)
    with transaction() as session:
        campaign = _campaign(session, campaign_id)
        campaign.embargoed, campaign.embargo_until = True, end
        told = end.isoformat() if end else None
        record("campaign.embargoed", campaign, actor=actor, title=campaign.title, until=told)
    return campaign


def lift_embargo(campaign_id: int, *, actor: User | None) -> Campaign:
    """Let the campaign be public from now on.

    Raises:
        Problem: `not-there`.
    """
    with transaction() as session:
        campaign = _campaign(session, campaign_id)
        if campaign.embargoed:
            campaign.embargoed, campaign.embargo_until = False, None
            record("campaign.embargo_lifted", campaign, actor=actor, title=campaign.title)
    return campaign


def _texts(given: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    if "title" in given:
        found["title"] = fields.line(given["title"], name="Title", limit=200, required=True)
    if "summary" in given:
        found["summary"] = fields.text(given["summary"], name="Summary", limit=5_000)
    if "language" in given:
        found["language"] = languages.clean(given["language"] or ENGLISH)
    return found


def _policy(given: Mapping[str, Any]) -> dict[str, Any]:
    policy = {name: given[name] for name in _POLICY}
    policy["short_reason"] = fields.text(policy["short_reason"], name="Reason", limit=2_000)
    faults = rules.policy_faults(
        response_days=policy["response_days"],
        response_unit=policy["response_unit"],
        grace_working_days=policy["grace_working_days"],
        short_reason=policy["short_reason"],
    )
    if faults:
        raise Problem("bad-policy", why=faults[0].why, fix=faults[0].fix)
    return policy


def _changed_policy(campaign: Campaign, given: Mapping[str, Any]) -> dict[str, Any]:
    now = {name: getattr(campaign, name) for name in _POLICY}
    policy = _policy(now | {name: given[name] for name in _POLICY if name in given})
    period = ("response_days", "response_unit")
    if campaign.fixed_at and any(policy[name] != getattr(campaign, name) for name in period):
        raise Problem("campaign-fixed", what="The response period")
    return policy


def _asked(questions: Sequence[str]) -> tuple[str, ...]:
    asked = [
        fields.text(text, name=f"Question {n}", limit=2_000) for n, text in enumerate(questions, 1)
    ]
    found = tuple(filter(None, asked))
    if not found:
        raise Problem("questions-missing")
    if len(found) > QUESTIONS_MOST:
        fix = f"Ask at most {QUESTIONS_MOST}."
        raise Problem("bad-policy", why=f"{len(found)} questions are too many", fix=fix)
    return found


def _signers(signatories: Sequence[Signer]) -> tuple[Signer, ...]:
    found = []
    for name, role, organisation in signatories:
        line = (
            fields.line(name, name="Name of a signatory", limit=120),
            fields.line(role, name="Role of a signatory", limit=120),
            fields.line(organisation, name="Organisation of a signatory", limit=200),
        )
        if any(line):
            if not line[0]:
                raise Problem("field-empty", name="Name of a signatory")
            found.append(line)
    if not found:
        raise Problem("signatory-missing")
    return tuple(found)


def _rows(
    signers: Sequence[Signer], signatures: Mapping[str, Picture | None] | None = None
) -> list[Signatory]:
    kept = signatures or {}
    return [
        Signatory(
            position=n, name=name, role=role, organisation=organisation, signature=kept.get(name)
        )
        for n, (name, role, organisation) in enumerate(signers)
    ]


def _apply(campaign: Campaign, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set facts; those that were different, as before and now."""
    changed = {
        name: [getattr(campaign, name), value]
        for name, value in facts.items()
        if getattr(campaign, name) != value
    }
    for name, (_before, now) in changed.items():
        setattr(campaign, name, now)
    return changed


def _apply_questions(
    session: Session, campaign: Campaign, asked: tuple[str, ...]
) -> dict[str, list[Any]]:
    before = tuple(question.text for question in campaign.questions)
    if before == asked:
        return {}
    if campaign.fixed_at and not rules.same_questions(before, asked):
        raise Problem("campaign-fixed", what="The questions")
    # Rows stay where a number stays: what later stages say of a question refers to it.
    for question, text in zip(campaign.questions, asked, strict=False):
        if not rules.same_questions((question.text,), (text,)):
            question.translations.clear()  # they say what was asked before
        question.text = text
    for question in list(campaign.questions[len(asked) :]):
        session.delete(question)
        campaign.questions.remove(question)
    for number in range(len(before) + 1, len(asked) + 1):
        campaign.questions.append(Question(number=number, text=asked[number - 1]))
    return {"questions": [list(before), list(asked)]}


def _apply_signatories(
    session: Session, campaign: Campaign, signers: tuple[Signer, ...]
) -> dict[str, list[Any]]:
    before = tuple((s.name, s.role, s.organisation) for s in campaign.signatories)
    if before == signers:
        return {}
    signatures = {one.name: one.signature for one in campaign.signatories}
    for signatory in list(campaign.signatories):
        campaign.signatories.remove(signatory)
        session.delete(signatory)
    session.flush()  # their positions become free
    campaign.signatories.extend(_rows(signers, signatures))
    told = [[", ".join(filter(None, signer)) for signer in which] for which in (before, signers)]
    return {"signatories": told}


def _until(until: datetime | None) -> datetime | None:
    if until is not None and until <= clock.now():
        zone = current_app.extensions["settings"].timezone
        raise Problem("embargo-past", until=days.in_words(until, zone))
    return until


def _free(session: Session, slug: str) -> None:
    if session.scalar(sa.select(Campaign.id).where(Campaign.slug == slug)):
        raise Problem("campaign-exists", slug=slug)


def _campaign(session: Session, campaign_id: int) -> Campaign:
    campaign = session.get(Campaign, campaign_id, with_for_update=True)
    if campaign is None:
        raise Problem("not-there", what="campaign")
    return campaign
