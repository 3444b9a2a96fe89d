"""Errors of awaiting."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "calendar-many": Advice(
        "You have {most} addresses of calendars.", "Take one back that nobody reads any more."
    ),
    "answer-to-whom": Advice(
        "That address has not written in the thread of {company}, and the letter did not go there.",
        "Choose one of the addresses that the page offers.",
    ),
    "answer-changed": Advice(
        "Somebody has changed or sent this answer meanwhile. Nothing was done.",
        "Copy what you typed, open the answer anew from the page of the letter, and look.",
    ),
    "answer-unfinished": Advice(
        "The text still holds a place to fill in: {gap}.",
        "Write your words there, brackets and all, then send it.",
    ),
    "answer-own": Advice("You wrote this answer yourself.", "Ask a second person to agree to it."),
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
