"""Errors of companies."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "company-exists": Advice(
        "There is already a company at the address “{slug}”: {name}.",
        "Open that company, or give this one another short name for its address.",
    ),
    "bad-slug": Advice(
        "“{slug}” cannot stand in a web address.",
        "Use small letters a to z, digits and single hyphens, such as north-star-energy.",
    ),
    "no-web-form": Advice("“{value}” is no web form.", "Open a contact that is one."),
    "form-limit": Advice(
        "No form takes so much, or so little.", "Give {least} to {most}, or leave it empty."
    ),
    "closure-order": Advice(
        "The last day, {last}, is before the first, {first}.", "Give the days in their order."
    ),
    "closure-long": Advice(
        "That is more than {most} days.",
        "Give a shorter time. Put a hold on a company's letters if it is gone for longer.",
    ),
    "unknown-country": Advice(
        "“{country}” is not a country that we know.",
        "Write two letters such as GB, DE or US, or the country's name.",
    ),
    "unknown-region": Advice(
        "“{region}” is not a part of the country that we know.",
        "Write its ISO 3166-2 code, such as BY for Bavaria, or leave it empty.",
    ),
    "unknown-language": Advice(
        "“{language}” is not a language that we know.",
        "Use a code such as en, de or fr.",
    ),
    "bad-domain": Advice(
        "“{domain}” is not a domain of the company's own.",
        "Give names such as company.example, separated by spaces; "
        "leave out free-mail hosts and social networks.",
    ),
    "contact-exists": Advice(
        "{company} already has the contact {value}.",
        "Change or verify that one instead.",
    ),
    "contact-half-verified": Advice(
        "The day of verification is given, but not where the contact comes from.",
        "Say where you saw it, such as the company's privacy page.",
    ),
    "verified-later": Advice(
        "The day of verification, {day}, has not come yet.",
        "Give the day on which you saw the contact there.",
    ),
    "contact-retired": Advice(
        "The contact {value} is retired.",
        "Add it again if it is in use after all.",
    ),
    "import-nothing": Advice(
        "The file holds no company.",
        "Put the column names in the first line and one company in each line below.",
    ),
    "unknown-zone": Advice(
        "“{name}” is not a time zone that we know.",
        "Write it like Europe/London or America/New_York.",
    ),
    "bad-contact": Advice(
        "“{value}” is not usable as {what}: {why}.",
        "Correct it where you wrote it, and try again.",
    ),
    "import-too-large": Advice(
        "The import is too large: {what}.",
        "At most {limit}. Split the file and import the parts; nothing was imported.",
    ),
    "import-unreadable": Advice(
        "The file cannot be read: {why}.",
        "Save it as CSV in UTF-8 and import it again; nothing was imported.",
    ),
}
