"""Errors of campaigns."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "campaign-exists": Advice(
        "There is already a campaign at the address “{slug}”.",
        "Choose another title, or another short name for the address.",
    ),
    "questions-missing": Advice(
        "The campaign asks nothing yet.",
        "Write at least one question; every company is asked the same ones.",
    ),
    "signatory-missing": Advice(
        "Nobody signs the letters yet.",
        "Name at least one person: the first is the contact that companies turn to.",
    ),
    "bad-policy": Advice("The policy does not hold: {why}.", "{fix}"),
    "campaign-fixed": Advice(
        "{what} cannot change any more: letters of this campaign have left.",
        "Every company is asked the same and given the same days. "
        "Start a new campaign to ask something else.",
    ),
    "translation-main": Advice(
        "{language} is the campaign's main language.",
        "Change its questions on the page of the campaign.",
    ),
    "translation-incomplete": Advice(
        "Not every question is translated.",
        "Write all {count}: a letter asks everything in one language.",
    ),
    "embargo-past": Advice(
        "The embargo would end at {until}, which is past.",
        "Give a later time, or lift the embargo.",
    ),
}
