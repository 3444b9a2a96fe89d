"""What the page of one message shows, put together from what is known of it."""

from __future__ import annotations

from typing import Any

from flask import current_app

from campaign.companies.models import Company
from campaign.companies.rules import Channel
from campaign.drafting import frozen as frozen_texts
from campaign.drafting.models import Letter
from campaign.drafting.queries import current_frozen
from campaign.kernel.errors import Problem
from campaign.kernel.files import FileStore
from campaign.replies import note_queries, objections, queries, senders
from campaign.replies.kinds import MAY_HIDE, Kind
from campaign.replies.models import IncomingMessage
from campaign.replies.rules import UNTRIAGED, Permission, Triage
from campaign.sending.models import Dispatch

_HEADERS_SHOWN = 32 * 1024


def shown(message: IncomingMessage) -> dict[str, Any]:
    """Everything that the page needs besides the message itself."""
    reading = queries.reading_of(message)
    own = objections.own_words(message.full_text, _our_text(message.letter))
    newest = message.text if message.text.strip() else own
    below = own if objections.has_footer(own) or objections.objects(own) else ""
    return {
        "reading": reading,
        "claims": senders.claims(message, _companies(message)),
        "passages": objections.marked(newest),
        "objects": objections.objects(message.subject) or objections.objects(own),
        "footer": objections.has_footer(own),
        "elsewhere": _marked_lines(below, newest),
        "headers": headers(message),
        "items": queries.items_of(message),
        "brought_by": queries.brought_by(message),
        "triaged_by": queries.triaged_by(message),
        "blocks_all": blocks_all(message),
        "may_hide": MAY_HIDE,
    }


def _marked_lines(own: str, newest: str) -> list[list[objections.Passage]]:
    """Paragraphs with such words that the newest text leaves out, such as a footer."""
    paragraphs = (part.strip() for part in own.split("\n\n"))
    hidden = (part for part in paragraphs if part and part not in newest)
    told = (objections.marked(part) for part in hidden)
    return [passages for passages in told if any(passage.mark for passage in passages)][:5]


def first_permission(message: IncomingMessage) -> str:
    """What the form starts with; words of an objection leave it to the person (rule 19)."""
    letter = message.letter
    own = objections.own_words(message.full_text, _our_text(letter))
    frozen = current_frozen(letter) if letter else None
    said = f"{message.subject}\n\n{message.text}\n\n{own}"
    if objections.objects(said) or frozen is None or not frozen.notice_given:
        return Permission.UNDETERMINED.value
    return Permission.NOTICE_DEFAULT.value


def _our_text(letter: Letter | None) -> str:
    """Our own letter's text, which answers quote and which speaks of confidentiality too."""
    frozen = current_frozen(letter) if letter else None
    return frozen_texts.load(frozen).letter_mail().text if frozen else ""


def _companies(message: IncomingMessage) -> list[Company]:
    letters = [message.letter] if message.letter else [s.letter for s in message.suggestions]
    return list({letter.company.id: letter.company for letter in letters if letter}.values())


def blocks_all(message: IncomingMessage) -> bool:
    """Whether it keeps silence from being published anywhere."""
    if message.triage not in UNTRIAGED:
        return False
    nobodys = message.letter_id is None and not message.suggestions
    return nobodys or message.kind in (None, Kind.UNREADABLE) or message.triage is Triage.UNREAD


def headers(message: IncomingMessage) -> str:
    """The header of the message as it came, at most 32 kB."""
    files: FileStore = current_app.extensions["files"]
    try:
        raw = files.get(message.sha256)
    except Problem as problem:
        return str(problem)
    block = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0][:_HEADERS_SHOWN]
    text = block.decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def letters_to_choose(message: IncomingMessage, words: str) -> list[Letter]:
    """Letters of companies that were searched for, without those that it belongs to already."""
    if message.triage is not Triage.WAITING or not words:
        return []
    taken = {message.letter_id, *(item.letter_id for item in queries.items_of(message))}
    return [letter for letter in queries.answerable(words) if letter.id not in taken]


def addresses(dispatch: Dispatch, other: str) -> list[tuple[str, str]]:
    """Addresses that the company may answer from; the one we wrote to first."""
    company = dispatch.letter.company
    mails = [c.value for c in company.contacts if c.channel is Channel.EMAIL]
    known = dict.fromkeys([dispatch.recipient, *mails])
    return [(address, address) for address in known] + [(other, "Another address")]


def panel(letter: Letter) -> tuple[str, dict[str, Any]]:
    """What came back, for the page of a letter: what was filed, and what waits."""
    apart = note_queries.reply_ids(letter.id)
    filed = [reply for reply in queries.thread(letter.id) if reply.id not in apart]
    return "replies/_panel.html", {"replies": filed, "waiting": queries.waiting_for(letter)}
