"""Errors of evidence."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "survey-questions": Advice("The survey is not saved yet. {lines}", "Mend these lines."),
    "survey-exists": Advice(
        "There is a survey with the title “{title}” already.", "Change that one, or its title."
    ),
    "survey-newer": Advice(
        "Somebody has saved “{title}” while you were writing.",
        "Compare the two: save yours over it, or take theirs. What you typed still stands here.",
    ),
    "survey-dates": Advice("The fieldwork ended before it began.", "Check the two dates."),
    "survey-sample": Advice(
        "The number of people who answered is not a number above zero.",
        "Enter it as the source prints it, or leave it empty.",
    ),
    "survey-address": Advice("“{url}” is not the address of a page.", "Give it in full: https://…"),
    "report-dates": Advice(
        "A report needs the first and the last day of its period, in this order.",
        "Take both from the report itself; many do not cover half a year.",
    ),
    "report-publisher": Advice(
        "What the press or an organisation reports needs the name of who reported it.",
        "Enter the publisher: texts say “reported by …”.",
    ),
    "report-company": Advice(
        "There is no company with the short name “{company}”.", "Pick one from the list."
    ),
    "figure-short-name": Advice(
        "“{name}” cannot be the short name of a figure.",
        "Use up to 40 of a-z, 0-9 and single hyphens, such as search-warrants.",
    ),
    "figure-value": Advice(
        "“{value}” is no figure.",
        "Write it as 1,618 or 42% or 0-249 or at least 10 or fewer than 10 or about 33% or not "
        "reported. A comma parts thousands, and a count has no decimals.",
    ),
    "figure-denominator": Advice(
        "A percent says what it is a share of, and a count is a share of nothing.",
        "Choose what it is a percent of, or write the figure without %.",
    ),
    "figure-exists": Advice(
        "The report has a figure “{name}” already.", "Change that one, or choose another name."
    ),
    "figure-part": Advice(
        "It is more than “{name}”, which it is said to be a part of.",
        "Look at both in the source, or leave out of what it is a part.",
    ),
    "figure-compared": Advice(
        "A change says against which time, and nothing else does.",
        "Give the first and the last day of that time for a change; leave both empty otherwise.",
    ),
    "figure-own": Advice(
        "You entered this figure.", "Somebody else has to hold it against its source."
    ),
    "figure-term": Advice("“{value}” is no {name}.", "Write one of {known}."),
    "evidence-layout": Advice(
        "The file's headers are those of no publisher that we know.",
        "Name its layout, or use our own: a line for each figure, with the columns that a "
        "download has.",
    ),
}
