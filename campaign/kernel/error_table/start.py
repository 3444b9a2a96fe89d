"""Errors of settings and the start."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "bad-setting": Advice("{name} is not usable: {why}.", "{fix}"),
    "demo-with-real-mail": Advice(
        "The demonstration never mixes with real sending.",
        "Use an instance whose MAIL_URL is capture:.",
    ),
    "database-not-ready": Advice(
        "The database cannot be used: {why}.",
        "Run “flask db upgrade” first, or check DATABASE_URL.",
    ),
    "demo-unfinished": Advice(
        "The demonstration was interrupted while it was loaded.",
        "Delete the folder {folder} and its database, then start again.",
    ),
    "demo-broken": Advice("The demonstration does not play: {why}.", "Please report this."),
    "simulation-broke": Advice(
        "A process of the simulation ended without a result (exit code {exit_code}).",
        "Look at what it wrote above; this is a fault of the simulation, not of a letter.",
    ),
    "clock-busy": Advice("Another process is at work and has not ended.", "Try again in a minute."),
}
