"""What is done to letters before they leave: written, frozen, approved, sent back, begun anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from campaign.accounts.models import User
from campaign.campaigns.models import Campaign
from campaign.companies.models import Company
from campaign.database import transaction
from campaign.drafting import (
    addressing,
    composing,
    custom_queries,
    effects,
    freezing,
    queries,
    rules,
    sources,
    texts,
)
from campaign.drafting.freezing import NotReady
from campaign.drafting.models import (
    FrozenText,
    Letter,
    LetterState,
    LetterTemplate,
    TextKind,
)
from campaign.drafting.signing import approve, locked, one_letter, person, send_back
from campaign.drafting.sources import Text
from campaign.history.operations import record
from campaign.kernel import fields, languages
from campaign.kernel.errors import Problem
from campaign.kernel.text import new_token

__all__ = [
    "NotReady",
    "add_letters",
    "approve",
    "begin_round",
    "choose_contacts",
    "save_template",
    "send_back",
    "submit",
    "withdraw_letter",
]


def save_template(
    campaign_id: int,
    *,
    kind: TextKind,
    subject: str,
    body: str,
    actor: User | None,
    based_on: int | None = None,
    language: str | None = None,
    name: str | None = None,
) -> LetterTemplate:
    """Save a text as its next version in its language; the same words again are no new version.

    Letters that would get it and wait for approval or sending are voided (rule 4).

    Args:
        based_on: the version that was changed; where given, a newer one is not overwritten.
        language: a BCP 47 tag; the campaign's main language where none is given.
        name: what staff call it; that of the version before where none is given.

    Raises:
        Problem: `template-faults` with every place, `template-newer`, `not-there`, or that a
            field is empty or too long.
    """
    author = person(actor)
    subject = fields.line(subject, name="Subject", limit=300, required=True)
    body = fields.text(body, name="Text", limit=50_000, required=True)
    with transaction() as session:
        campaign = locked_campaign(session, campaign_id)
        texts.refuse(texts.faults(kind, subject, body, custom_queries.kinds(campaign.id)))
        tag = languages.clean(language) if language else campaign.language
        newest = _newest(session, campaign_id, kind, tag)
        before = newest.name if newest else ""
        called = before if name is None else fields.line(name, name="Name", limit=120)
        if newest and (newest.subject, newest.body, before) == (subject, body, called):
            return newest
        version = newest.version if newest else 0
        if based_on is not None and based_on != version:
            raise Problem("template-newer", version=version)
        text = Text(subject, body, version + 1, tag, called)
        template = _add_template(session, campaign, kind, text, author)
        if kind is TextKind.LETTER or campaign.reminders:
            have = {*sources.languages_of(sources.all_texts(campaign_id), kind), tag}
            why = f"The {texts.NAMES[kind]} in {languages.name(tag)} was changed."
            void_waiting(session, campaign, why, author, _in_language(campaign, have, tag))
    return template


def _in_language(
    campaign: Campaign, have: Collection[str], language: str
) -> Callable[[FrozenText], bool]:
    """Whether a letter is one of those that get a text in this language, of those there are."""
    return lambda text: (
        languages.served(text.letter.company.language, campaign.language, have) == language
    )


def _newest(
    session: Session, campaign_id: int, kind: TextKind, language: str
) -> LetterTemplate | None:
    return session.scalars(
        sa.select(LetterTemplate)
        .where(
            LetterTemplate.campaign_id == campaign_id,
            LetterTemplate.kind == kind,
            LetterTemplate.language == language,
        )
        .order_by(LetterTemplate.version.desc())
        .limit(1)
    ).first()


def _add_template(
    session: Session,
    campaign: Campaign,
    kind: TextKind,
    text: Text,
    author: User,
) -> LetterTemplate:
    template = LetterTemplate(
        campaign_id=campaign.id, kind=kind, created_by_id=author.id, **text._asdict()
    )
    session.add(template)
    record(
        "template.saved", campaign, actor=author, text=kind.value, language=text.language,
        version=text.version,
    )  # fmt: skip
    return template


def void_waiting(
    session: Session,
    campaign: Campaign,
    why: str,
    actor: User,
    concerns: Callable[[FrozenText], bool] = lambda text: True,
) -> None:
    """Within an act: take back the texts that wait for approval or sending (rule 4).

    Args:
        concerns: whether the change is one of that text.
    """
    waiting = sa.select(Letter.id).where(
        Letter.campaign_id == campaign.id, Letter.state.in_(rules.FROZEN)
    )
    for letter in locked(session, session.scalars(waiting).all()):
        text = queries.current_frozen(letter)
        if text is None or concerns(text):
            effects.void_frozen(letter, why, actor=actor)


def add_letters(
    campaign_id: int, company_ids: Iterable[int], *, actor: User | None
) -> list[Letter]:
    """Begin a draft to each of these companies that the campaign has no letter to yet.

    A campaign without texts gets the standard ones. Returns the new letters.

    Raises:
        Problem: `not-there`.
    """
    author, wanted = person(actor), list(dict.fromkeys(company_ids))
    with transaction() as session:
        campaign = locked_campaign(session, campaign_id)
        _start_templates(session, campaign, author)
        companies = session.scalars(sa.select(Company).where(Company.id.in_(wanted))).all()
        if len(companies) != len(wanted):
            raise Problem("not-there", what="company")
        query = sa.select(Letter.company_id).where(Letter.campaign_id == campaign.id)
        has = set(session.scalars(query))
        added = [
            Letter(
                campaign=campaign, company=company, reply_token=new_token(), created_by_id=author.id
            )
            for company in sorted(companies, key=lambda one: wanted.index(one.id))
            if company.id not in has
        ]
        session.add_all(added)
        session.flush()
        for letter in added:
            record(
                "letter.added", letter, actor=author, company=letter.company.name,
                campaign=campaign.title,
            )  # fmt: skip
    return added


def _start_templates(session: Session, campaign: Campaign, author: User) -> None:
    for kind, text in composing.latest(campaign.id).items():
        # A standard text that we lack in the main language is English, and stays the standard.
        if text.version == 0 and text.language == campaign.language:
            _add_template(session, campaign, kind, text._replace(version=1), author)


def choose_contacts(letter_id: int, contact_ids: Iterable[int], *, actor: User | None) -> Letter:
    """Say to which contacts a letter goes; none leaves the choice to the rule of drafting.

    A text that waits for approval or sending is voided (rule 4).

    Raises:
        Problem: `letter-left`, `contact-not-usable`, `mention-alone`, `not-there`.
    """
    wanted = set(contact_ids)
    with transaction() as session:
        letter = one_letter(session, letter_id)
        freezing.must_be(letter, rules.UNSENT)
        picked = addressing.to_choose(letter, wanted)
        if {one.id for one in addressing.chosen(letter)} == wanted:
            return letter
        addressing.choose(letter, picked)
        record(
            "letter.contacts_chosen", letter, actor=actor,
            contacts=[f"{one.channel.value}: {one.value}" for one in picked],
        )  # fmt: skip
        effects.void_frozen(letter, "The contacts were chosen anew.", actor=actor)
    return letter


def submit(letter_ids: Iterable[int], *, dated_on: date, actor: User | None) -> list[FrozenText]:
    """Freeze the texts of letters and put them up for approval: all of them or none.

    A letter whose standing text says the same already keeps it, so that a second click does
    nothing; one whose text has changed is frozen anew.

    Args:
        dated_on: the day printed in the letters, on the staff's calendar.

    Raises:
        Problem: `dated-in-the-past`, `letter-left`, `text-changed`, `not-there`; `NotReady`
            with all that is missing, by company and field.
    """
    author, ids = person(actor), sorted(set(letter_ids))
    if dated_on < queries.today():
        raise Problem("dated-in-the-past", date=dated_on.isoformat())
    # Rendering takes long, so it happens before the act, which then looks whether it still holds.
    prepared = freezing.prepare(ids, dated_on)
    with transaction() as session:
        letters = locked(session, ids)
        composer = freezing.Composer(letters)
        return [
            freezing.freeze(session, letter, prepared[letter.id], author, composer)
            for letter in letters
        ]


def begin_round(
    letter_id: int, *, why: str, actor: User | None, contact_ids: Iterable[int] = ()
) -> Letter:
    """Order a resend after a failure: a new round, a draft that is frozen and approved anew.

    Contacts that cannot be written to any more leave the choice; others can be chosen.

    Args:
        contact_ids: to whom it goes this time; none leaves the choice as it is.

    Raises:
        Problem: `letter-not-sent`, `field-empty`, `contact-not-usable`, `mention-alone`,
            `not-there`.
    """
    orderer = person(actor)
    why = fields.text(why, name="Reason", limit=2000, required=True)
    with transaction() as session:
        letter = one_letter(session, letter_id)
        if letter.state not in rules.SENT:
            raise Problem("letter-not-sent", company=letter.company.name)
        picked = addressing.to_choose(letter, set(contact_ids))
        letter.round, letter.state = letter.round + 1, LetterState.DRAFT
        still = [one for one in addressing.chosen(letter) if one.usable]
        addressing.choose(letter, picked or still)
        record("letter.round_begun", letter, actor=orderer, round=letter.round, why=why)
    return letter


def withdraw_letter(letter_id: int, *, why: str, actor: User | None) -> Letter:
    """Give a letter up before anything of it has left.

    Raises:
        Problem: `letter-left`, `field-empty`.
    """
    why = fields.text(why, name="Reason", limit=2000, required=True)
    with transaction() as session:
        letter = one_letter(session, letter_id)
        freezing.must_be(letter, rules.UNSENT)
        if letter.round > 1:
            raise Problem("letter-left", company=letter.company.name)
        effects.void_frozen(letter, "The letter was withdrawn.", actor=actor)
        letter.state, letter.withdrawn_why = LetterState.WITHDRAWN, why
        record("letter.withdrawn", letter, actor=actor, why=why)
    return letter


def locked_campaign(session: Session, campaign_id: int) -> Campaign:
    """The campaign; one writer of its texts and letters at a time."""
    found = session.scalar(sa.select(Campaign).where(Campaign.id == campaign_id).with_for_update())
    if found is None:
        raise Problem("not-there", what="campaign")
    return found
