"""Who signs a text, in which order, and what may become of a link to a co-signer.

Review steps come on top of fairness.md rules 2 and 4: never fewer people of ours than those ask
for, and never one who wrote the text. Without steps, those rules alone hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import takewhile
from typing import Any

STEPS_MOST = 20
LINK_DAYS = 7
"""Days that a co-signer's link works, unless the campaign says otherwise."""

MORE = "Approval"
"""Title of a step that rule 2 or 4 asks for beyond those that the campaign has."""


class Signer(StrEnum):
    """Whose word a step needs."""

    PERSON = "person"
    ROLE = "role"
    ORGANISATION = "organisation"


class StepState(StrEnum):
    """Where a step of one text stands."""

    SIGNED = "signed"
    OPEN = "open"
    WAITS = "waits"


class LinkState(StrEnum):
    """Where a link to a co-signer stands."""

    DUE = "due"  # it is mailed as soon as mail can leave
    ASKED = "asked"  # mailed, until it expires
    SIGNED = "signed"
    CHANGES = "changes"  # they asked for changes
    REFUSED = "refused"  # their mail server refused it for good
    REVOKED = "revoked"
    REPLACED = "replaced"  # by a newer link to the same organisation


LINK_MOVES: dict[LinkState, frozenset[LinkState]] = {
    LinkState.DUE: frozenset({LinkState.ASKED, LinkState.REVOKED, LinkState.REPLACED}),
    LinkState.ASKED: frozenset(
        {
            LinkState.DUE,  # the mail did not leave
            LinkState.SIGNED,
            LinkState.CHANGES,
            LinkState.REFUSED,
            LinkState.REVOKED,
            LinkState.REPLACED,
        }
    ),
    LinkState.SIGNED: frozenset(),
    LinkState.CHANGES: frozenset(),
    LinkState.REFUSED: frozenset({LinkState.REPLACED}),
    LinkState.REVOKED: frozenset({LinkState.REPLACED}),
    LinkState.REPLACED: frozenset(),
}
"""Every allowed move of a link; what is not here is refused."""


@dataclass(frozen=True)
class Step:
    """One step of one text, as its hash holds it.

    Attributes:
        number: from 1, in order.
        who: the person's opaque id, the role's name (empty: whoever may approve), or the
            organisation's name.
        signer: who signs for the organisation; empty for our own people.
    """

    number: int
    title: str
    kind: Signer
    who: str = ""
    signer: str = ""


def plan(steps: Sequence[Step], approvals_needed: int) -> tuple[Step, ...]:
    """All steps of one text: the campaign's, and those that rules 2 and 4 ask for beyond them.

    What is added stands before the first organisation, so that nobody outside is asked about a
    text that our own people have not signed. Without steps of the campaign there are none: as
    many people as needed sign then, in any order.

    Args:
        approvals_needed: how many people of ours have to sign (rule 2).
    """
    if not steps:
        return ()
    ours = sum(step.kind is not Signer.ORGANISATION for step in steps)
    more = [Step(0, MORE, Signer.ROLE)] * max(0, approvals_needed - ours)
    outside = [place for place, one in enumerate(steps) if one.kind is Signer.ORGANISATION]
    first = outside[0] if outside else len(steps)
    whole = [*steps[:first], *more, *steps[first:]]
    return tuple(replace(step, number=number) for number, step in enumerate(whole, 1))


def open_steps(steps: Sequence[Step], signed: Collection[int]) -> tuple[Step, ...]:
    """The steps that can be signed now.

    The first that is not signed; organisations that follow one another are asked at once.

    Args:
        signed: numbers of the steps that are signed.
    """
    waiting = [step for step in steps if step.number not in signed]
    asked = list(takewhile(lambda step: step.kind is Signer.ORGANISATION, waiting))
    return tuple(asked or waiting[:1])


def states(steps: Sequence[Step], signed: Collection[int]) -> tuple[tuple[Step, StepState], ...]:
    """Every step with where it stands."""
    now = open_steps(steps, signed)

    def state(step: Step) -> StepState:
        if step.number in signed:
            return StepState.SIGNED
        return StepState.OPEN if step in now else StepState.WAITS

    return tuple((step, state(step)) for step in steps)


def fits(step: Step, ref: str, roles: Collection[str]) -> bool:
    """Whether a person of ours who may approve can sign this step.

    Args:
        ref: the person's opaque id.
        roles: names of the roles that they hold.
    """
    if step.kind is Signer.PERSON:
        return step.who == ref
    return step.kind is Signer.ROLE and (not step.who or step.who in roles)


def enough(
    steps: Sequence[Step], signed: Collection[int], people: int, approvals_needed: int
) -> bool:
    """Whether a text may be sent: every step signed, and by as many people as rule 2 asks for."""
    return people >= approvals_needed and {step.number for step in steps} <= set(signed)


def to_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as a bundle holds them."""
    return [{**asdict(step), "kind": step.kind.value} for step in steps]


def from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps that a bundle holds."""
    return tuple(Step(**{**one, "kind": Signer(one["kind"])}) for one in stored)
