"""Errors of awaiting."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "not-waiting": Advice(
        "No deadline runs for {company}.", "Wait until there is proof that the letter arrived."
    ),
    "extension-unexplained": Advice(
        "It is not said who asked for more time and why.", "Fill in both; they are shown publicly."
    ),
    "extension-not-later": Advice(
        "The new date is not later than the deadline of {company}, {date}.",
        "Choose a later date; a deadline never moves back.",
    ),
    "reason-missing": Advice("There is no reason for {act}.", "Write the reason in a few words."),
    "hold-released": Advice("This hold was released already.", "Reload the page."),
    "proof-not-weak": Advice(
        "The proof that the letter reached {company} is not weak, or was signed for already.",
        "Reload the page.",
    ),
    "proof-own-letter": Advice(
        "You wrote the letter to {company} yourself.", "Ask a second person to sign for its proof."
    ),
    "sweep-unexplained": Advice(
        "It is not said where you looked.", "Name the doors: post box, telephone notes, form."
    ),
    "sweep-too-early": Advice(
        "The deadline of {company} has not passed.",
        "Look again after it: a reply could still come by that door.",
    ),
    "date-out-of-range": Advice(
        "{date} is outside the years 1900 to 2099.",
        "Check the year of the date.",
    ),
}
