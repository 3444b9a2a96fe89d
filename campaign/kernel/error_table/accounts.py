"""Errors of accounts."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "field-empty": Advice("{name} is empty.", "Fill it in."),
    "field-too-long": Advice(
        "{name} is longer than {limit} characters.",
        "It has {length}: shorten it.",
    ),
    "not-there": Advice(
        "There is no such {what} any more.",
        "Go back to the list, reload it and try again.",
    ),
    "bad-sign-in-address": Advice(
        "“{address}” is no e-mail address to sign in with: {why}.",
        "Give one address like name@organisation.example.",
    ),
    "person-exists": Advice(
        "There is already a person with the address {address}.",
        "Change that person's role, or let them in again, on the page People.",
    ),
    "password-weak": Advice(
        "The password is too easy to guess: {why}.",
        "Use at least 12 characters; four words that do not belong together are good.",
    ),
    "role-unknown": Advice("There is no role “{role}”.", "Choose one of {known}."),
    "last-administrator": Advice(
        "{person} is the only administrator who can sign in.",
        "Give another person that role first, or nobody could let people in.",
    ),
}
