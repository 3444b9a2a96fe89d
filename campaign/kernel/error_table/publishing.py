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
    "not-acknowledged-only": Advice(
        "The thread with {company} is no bare acknowledgement.",
        "Publish the response, or wait for silence.",
    ),
    "was-reached": Advice(
        "Something shows that the letter reached {company}.",
        "“Not reached” is for letters without any proof of delivery.",
    ),
}
