"""What of a letter came back, and the company's other contacts: on the letter's page."""

from __future__ import annotations

from typing import Any

from campaign.companies.models import Contact
from campaign.companies.queries import contact_state
from campaign.drafting import queries as drafting
from campaign.drafting.forms import ReasonForm
from campaign.drafting.models import Letter, TextKind
from campaign.drafting.rules import SENT
from campaign.sending import queries
from campaign.sending.models import Dispatch
from campaign.sending.rules import LEFT, NOT_REACHED


def panel(letter: Letter) -> tuple[str, dict[str, Any]] | None:
    """For the page of a letter: its mails that came back in this round, and what can be done.

    Nothing is sent again by itself: a person orders it, to contacts that he or she chooses
    (fairness.md rule 8).
    """
    carried = _carried(letter)
    failed = [one for one in carried if one.state in NOT_REACHED]
    if not failed:
        return None
    told = {
        "failed": failed,
        "still_there": [one for one in carried if _holds(one)],
        "others": _others(letter, {one.contact_id for one in failed}),
        "again": [c for c in letter.company.contacts if c.usable and _came_back(c, failed)],
        "contact_state": contact_state,
        "today": drafting.today(),
    }
    return "sending/_came_back.html", told


def resend_panel(letter: Letter) -> tuple[str, dict[str, Any]] | None:
    """For the page of a letter that has left and that nothing came back from: a new round."""
    carried = _carried(letter)
    if not carried or any(one.state in NOT_REACHED for one in carried):
        return None
    return "sending/_resend.html", {"because": ReasonForm(formdata=None, prefix="resend")}


def _carried(letter: Letter) -> list[Dispatch]:
    """What was sent of this round of the letter, without answers; nothing before it is sent."""
    if letter.state not in SENT:
        return []
    sent = queries.dispatches_of(letter.id, letter.round)
    return [one for one in sent if one.kind is not TextKind.ANSWER]


def _holds(dispatch: Dispatch) -> bool:
    """Whether the letter itself stands as sent by another way."""
    return dispatch.kind is TextKind.LETTER and dispatch.state in LEFT


def _others(letter: Letter, failed: set[int | None]) -> list[Contact]:
    """The company's contacts that can be written to and that nothing came back from."""
    return [one for one in letter.company.contacts if one.usable and one.id not in failed]


def _came_back(contact: Contact, failed: list[Dispatch]) -> bool:
    return any(one.contact_id == contact.id for one in failed)
