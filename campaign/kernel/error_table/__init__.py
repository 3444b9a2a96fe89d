"""The table of errors: each has a code, a title and what to do about it; a file for each stage."""

from __future__ import annotations

from campaign.kernel.error_table import (
    accounts,
    awaiting,
    campaigns,
    companies,
    drafting,
    evidence,
    pictures,
    publishing,
    replies,
    sending,
    start,
)
from campaign.kernel.error_table.advice import Advice

_STAGES = (
    start,
    pictures,
    accounts,
    companies,
    campaigns,
    evidence,
    drafting,
    sending,
    replies,
    awaiting,
    publishing,
)

TABLE: dict[str, Advice] = {code: row for stage in _STAGES for code, row in stage.ROWS.items()}
