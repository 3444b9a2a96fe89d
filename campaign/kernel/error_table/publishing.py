"""Errors of publishing."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "gate-closed": Advice(
        "Silence of {company} cannot be published: {gates}", "Today shows what opens each gate."
    ),
    "not-open": Advice("The letter to {company} is not open.", "Reload the page."),
    "already-published": Advice(
        "The outcome for {company} is published already.", "Change its record instead."
    ),
    "no-response-item": Advice(
        "This item from {company} is no response.", "File it as a response to publish it."
    ),
    "reply-withdrawn": Advice("This reply of {company} was taken back.", "Reload the page."),
    "reply-published": Advice(
        "This reply of {company} is published.", "Publish a correction instead."
    ),
    "permission-undecided": Advice(
        "It is not decided whether the reply of {company} may be published.",
        "Decide on permission in the inbox first; an objection wins.",
    ),
    "publication-stopped": Advice(
        "Nothing about {company} can be published now: {stops}.", "Release it, then publish."
    ),
    "redaction-changed": Advice(
        "Somebody else has changed meanwhile what is left out of this reply.",
        "Reload the page and look at what they did; your marks below are not saved.",
    ),
    "redaction-unseen": Advice(
        "The reply of {company} holds what may tell who a member of staff is ({number} in all).",
        "Leave it out, or say that it may stand.",
    ),
    "redaction-publisher": Advice(
        "This would show words of {company} that are not public now.",
        "Ask somebody who may publish to do it; anybody may leave more out.",
    ),
    "redactions-needed": Advice(
        "{company} agreed to publication with parts left out, and nothing is marked.",
        "Mark what they asked to leave out.",
    ),
    "not-acknowledged-only": Advice(
        "The thread with {company} is no bare acknowledgement.",
        "Publish the response, or wait for silence.",
    ),
    "was-reached": Advice(
        "Something shows that the letter reached {company}.",
        "“Not reached” is for letters without any proof of delivery.",
    ),
}
