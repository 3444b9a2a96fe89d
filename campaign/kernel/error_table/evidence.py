"""Errors of evidence."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "survey-questions": Advice("The survey is not saved yet. {lines}", "Mend these lines."),
    "survey-exists": Advice(
        "There is a survey with the title “{title}” already.", "Change that one, or its title."
    ),
    "survey-dates": Advice("The fieldwork ended before it began.", "Check the two dates."),
    "survey-sample": Advice(
        "The number of people who answered is not a number above zero.",
        "Enter it as the source prints it, or leave it empty.",
    ),
    "survey-address": Advice("“{url}” is not the address of a page.", "Give it in full: https://…"),
}
