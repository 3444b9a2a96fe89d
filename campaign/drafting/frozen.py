"""The exact text of every channel of one letter, as approvers sign it (fairness.md rule 4).

A bundle is canonical JSON (RFC 8785) of what will leave and of what happens afterwards; its
SHA-256 is what is signed. The letter stands in it as it leaves. The reminders stand in it with
only their deadline open, and as they read when everything goes to plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from flask import current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from campaign.companies.rules import Channel
from campaign.config import ROOT
from campaign.drafting import attached, charts, completeness, pictures, rendering, review
from campaign.drafting.composing import Draft, FrozenContact, values_of
from campaign.drafting.mentioning import Mention
from campaign.drafting.mentions import Network
from campaign.drafting.models import FrozenText
from campaign.drafting.own import Applied, as_frozen
from campaign.drafting.rendering import Addressee, LetterContent, Letterhead, Sheet, Signatory
from campaign.drafting.rules import TextKind
from campaign.history.rules import canonical, digest
from campaign.kernel.files import FileStore
from campaign.kernel.languages import ENGLISH

FORMAT = 1
_REMINDERS = (TextKind.REMINDER, TextKind.FINAL_NOTICE)
# What follows from the facts; everything else in a bundle follows from this.
_FACTS = (
    "format", "refs", "round", "dated_on", "deadline_on", "zone", "content", "contacts",
    "reply_address", "automation", "doors", "approvals_needed",
)  # fmt: skip


class MailText(NamedTuple):
    """What a mail says: its subject, and its text in both forms."""

    subject: str
    text: str
    html: str


class MailFile(NamedTuple):
    """A file that the letter's mail carries, by the hash of its bytes."""

    name: str
    media_type: str
    sha256: str


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Templates of letters, apart from those of pages: a page's settings never change a letter."""
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        auto_reload=False,  # else it looks at four files for each letter
    )


def mail_of(letter: LetterContent | Sheet) -> MailText:
    """A letter as a mail.

    Raises:
        Problem: those of `rendering.sheet`.
    """
    sheet = rendering.filled(letter)
    return MailText(
        sheet.subject, rendering.as_text(sheet), rendering.as_email_html(sheet, environment())
    )


def with_deadline(content: LetterContent, deadline: date, zone: str) -> LetterContent:
    """A reminder's text with its deadline filled in: inclusive, to the day's end in the zone."""
    return replace(content, values=values_of(content, deadline, zone))


def bundle_of(draft: Draft, files: FileStore) -> str:
    """Render a draft and write down what will leave; its PDF is put into the file store.

    Raises:
        Problem: those of `rendering.as_pdf`, and that the file store has no room.
    """
    sheet = rendering.sheet(draft.letter)
    mail = mail_of(sheet)
    facts = _facts(draft)
    for kind in _REMINDERS:
        if kind in draft.texts:
            planned = with_deadline(draft.texts[kind], draft.deadline_on, draft.zone)
            facts[kind.value] |= mail_of(planned)._asdict()
    pdf = MailFile(
        f"{draft.letter.letterhead.name} {draft.letter.reference}.pdf",
        "application/pdf",
        files.put(rendering.as_pdf(sheet, files.get)),
    )
    return canonical(
        {
            **facts,
            "mail_files": [one._asdict() for one in (pdf, *_travelling(draft.letter))],
            "subject": mail.subject,
            "email_text": mail.text,
            "email_html": mail.html,
            "page_html": str(rendering.as_page_html(sheet, environment())),
            "pdf_sha256": pdf.sha256,
        }
    )


def _travelling(letter: LetterContent) -> list[MailFile]:
    return [
        MailFile(one.name, one.media_type, one.sha256)
        for one in letter.attachments
        if not one.address
    ]


def _facts(draft: Draft) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "format": FORMAT,
        "refs": {
            "letter": draft.letter_ref,
            "campaign": draft.campaign_ref,
            "company": draft.company_ref,
            "templates": {kind.value: version for kind, version in draft.versions.items()},
        },
        "round": draft.round,
        "dated_on": draft.dated_on.isoformat(),
        "deadline_on": draft.deadline_on.isoformat(),
        "zone": draft.zone,
        "content": _json(draft.letter),
        "contacts": [asdict(contact) for contact in draft.contacts],
        "reply_address": draft.reply_address,
        "automation": list(draft.automation),
        "doors": list(draft.doors),
        "approvals_needed": draft.approvals_needed,
    }
    for kind in _REMINDERS:
        content = draft.texts.get(kind)
        facts[kind.value] = None if content is None else {"content": _json(content)}
    # Only where there is one: texts frozen before there were mentions say the same as ever.
    if draft.mentions:
        facts["mention"] = [_mention(one) for one in draft.mentions]
    if draft.review:
        facts["review"] = review.to_json(draft.review)
    if draft.own:
        facts["own"] = draft.own.told()
    return facts


def _mention(one: Mention) -> dict[str, Any]:
    told = one._asdict()
    if one.language == ENGLISH:  # as they were frozen before there were others
        del told["language"]
    return told


def _json(content: LetterContent) -> dict[str, Any]:
    told = {**asdict(content), "date": content.date.isoformat()}
    pictures.told(told)
    for name in (
        "charts",
        "lent",
        "attachments",
    ):  # so that a text frozen before there were any says the same
        if not told[name]:
            del told[name]
    return told


def says(bundle: str, draft: Draft) -> bool:
    """Whether a bundle is what this draft would become.

    Compares what goes into the rendering. Whether a contact is verified is no part of the text,
    so that a verification that comes or lapses voids nothing.
    """
    return _essence(json.loads(bundle)) == _essence(_facts(draft))


def _essence(facts: Mapping[str, Any]) -> str:
    kept = {name: facts[name] for name in _FACTS}
    kept["contacts"] = [
        {name: value for name, value in contact.items() if name != "verified"}
        for contact in facts["contacts"]
    ]
    kept["content"] = _complete(facts["content"])
    for kind in _REMINDERS:
        kept[kind.value] = facts[kind.value] and _complete(facts[kind.value]["content"])
    kept["mention"] = facts.get("mention")
    kept["review"] = facts.get("review")
    kept["own"] = facts.get("own")
    # Only to be compared: the same for the same facts, and much quicker than the canonical form.
    return json.dumps(kept, sort_keys=True)


def _complete(content: Mapping[str, Any]) -> dict[str, Any]:
    """A stored letter with what letters have learned since: it means what it meant then."""
    return {
        **{one.name: one.default for one in fields(LetterContent) if one.default is not MISSING},
        **content,
    }


@dataclass(frozen=True)
class Frozen:
    """A frozen text, read back from its bundle alone."""

    row: FrozenText
    bundle: Mapping[str, Any]

    @property
    def own(self) -> Applied | None:
        """How the letter differs from the campaign's others; None where it does not."""
        own = self.bundle.get("own")
        return as_frozen(own, self.content.body, self.content.questions) if own else None

    @property
    def reply_address(self) -> str:
        """The one address to answer to, with the letter's token."""
        return str(self.bundle["reply_address"])

    @property
    def deadline_on(self) -> date:
        """The printed deadline, inclusive, in `zone`."""
        return date.fromisoformat(self.bundle["deadline_on"])

    @property
    def zone(self) -> str:
        """IANA name of the zone in which the deadline's day ends."""
        return str(self.bundle["zone"])

    @property
    def language(self) -> str:
        """The language that the letter is written in, a BCP 47 tag."""
        return self.content.language

    def language_of(self, kind: TextKind) -> str:
        """The language that the letter, or a reminder of it, is written in, a BCP 47 tag."""
        stored = self.bundle[kind.value] if kind in _REMINDERS else None
        return str(stored["content"]["language"]) if stored else self.language

    @property
    def automation(self) -> tuple[str, ...]:
        """What happens by itself after the sending, as the approver read it."""
        return tuple(self.bundle["automation"])

    @property
    def doors(self) -> tuple[str, ...]:
        """The ways to answer that the letter offers; the program reads e-mail only."""
        return tuple(self.bundle["doors"])

    @property
    def notice_given(self) -> bool:
        """Whether the text holds the publication notice (rule 1)."""
        return completeness.gives_notice(self.content.body, self.content.notices, self.content.lent)

    @cached_property
    def content(self) -> LetterContent:
        """The letter before it was rendered."""
        return _content(self.bundle["content"])

    @cached_property
    def contacts(self) -> tuple[FrozenContact, ...]:
        """Whom the letter goes to."""
        return tuple(
            FrozenContact(**{**contact, "channel": Channel(contact["channel"])})
            for contact in self.bundle["contacts"]
        )

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """What is posted where the company is mentioned in public, as it was approved."""
        return tuple(
            Mention(**{**one, "network": Network(one["network"])})
            for one in self.bundle.get("mention", ())
        )

    @property
    def review(self) -> tuple[review.Step, ...]:
        """Who signs, in order; empty where the campaign had no review steps."""
        return review.from_json(self.bundle.get("review", ()))

    def prints(self, field: str) -> bool:
        """Whether it may print this field of the campaign; with a mention, it may print any."""
        reminders = (self.bundle[kind.value] for kind in _REMINDERS)
        made = (self.bundle["content"], *(one["content"] for one in reminders if one))
        return bool(self.mentions) or any(field in one["values"] for one in made)

    def letter_mail(self) -> MailText:
        """The letter as its mail says it."""
        return MailText(
            self.bundle["subject"], self.bundle["email_text"], self.bundle["email_html"]
        )

    def reminder_mail(self, kind: TextKind, deadline: date) -> MailText:
        """A reminder or final notice that states this deadline.

        Args:
            deadline: inclusive, to the end of that day in `zone`.

        Raises:
            ValueError: the letter has no such text (the campaign sends no reminders).
        """
        stored = self.bundle[TextKind(kind).value] if kind in _REMINDERS else None
        if stored is None:
            raise ValueError(f"this letter has no {kind}")
        if deadline == self.deadline_on:
            return MailText(stored["subject"], stored["text"], stored["html"])
        return mail_of(with_deadline(_content(stored["content"]), deadline, self.zone))

    @property
    def mail_files(self) -> tuple[MailFile, ...]:
        """The files that the letter's mail carries: the letter as PDF, and its attachments.

        Empty where the text was frozen before mails carried files: then none was approved.
        """
        return tuple(MailFile(**one) for one in self.bundle.get("mail_files", ()))

    def reminder_pdf(self, kind: TextKind, deadline: date) -> bytes:
        """The same on paper, for a company that is written to by post.

        Raises:
            ValueError: the letter has no such text.
            Problem: those of `rendering.as_pdf`.
        """
        stored = self.bundle[TextKind(kind).value] if kind in _REMINDERS else None
        if stored is None:
            raise ValueError(f"this letter has no {kind}")
        content = with_deadline(_content(stored["content"]), deadline, self.zone)
        files: FileStore = current_app.extensions["files"]
        return rendering.as_pdf(content, files.get)

    def carried_pictures(self, kind: TextKind) -> tuple[pictures.Inline, ...]:
        """The pictures that the mail of a text carries.

        Raises:
            Problem: `file-missing` or `file-damaged`.
        """
        stored = self.bundle[kind.value]["content"] if kind in _REMINDERS else None
        content = self.content if stored is None else _content(stored)
        return pictures.inline(content, current_app.extensions["files"].get)

    def page(self) -> Markup:
        """The letter as a part of a page."""
        # Made by an autoescaping template when it was frozen.
        return Markup(self.bundle["page_html"])  # noqa: S704

    def pdf(self) -> bytes:
        """The letter as PDF.

        Raises:
            Problem: `file-missing` or `file-damaged`.
        """
        files: FileStore = current_app.extensions["files"]
        return files.get(self.bundle["pdf_sha256"])


def load(frozen_text: FrozenText) -> Frozen:
    """Read a frozen text back; nothing but its bundle is asked."""
    return Frozen(frozen_text, json.loads(frozen_text.bundle))


def is_whole(frozen_text: FrozenText) -> bool:
    """Whether the bundle still has the hash that stands beside it."""
    return digest(frozen_text.bundle) == frozen_text.sha256


def _content(stored: Mapping[str, Any]) -> LetterContent:
    addressee, head = stored["addressee"], stored["letterhead"]
    return LetterContent(
        **{
            **stored,
            "letterhead": Letterhead(
                **{
                    **head,
                    "address_lines": tuple(head["address_lines"]),
                    "logo": pictures.from_json(head.get("logo")),
                }
            ),
            "addressee": Addressee(
                **{**addressee, "channel_lines": tuple(addressee["channel_lines"])}
            ),
            "date": date.fromisoformat(stored["date"]),
            "questions": tuple(stored["questions"]),
            "signatories": tuple(
                Signatory(**{**one, "signature": pictures.from_json(one.get("signature"))})
                for one in stored["signatories"]
            ),
            "charts": charts.from_json(stored.get("charts", {})),
            "attachments": attached.from_json(stored.get("attachments", ())),
        }
    )
