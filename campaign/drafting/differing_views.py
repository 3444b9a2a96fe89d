"""Pages of how the letters of a campaign differ from each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.config import Settings
from campaign.drafting import differing
from campaign.drafting.differing import HOW, Difference
from campaign.drafting.own_views import blueprint
from campaign.drafting.views import campaign_or_404
from campaign.web.lists import csv_file

_HEADER = (
    "Company", "What", "In the campaign", "In this letter", "Reason", "Who", "When", "Letter",
)  # fmt: skip


@blueprint.get("/campaigns/<slug>/differences/")
@staff(May.VIEW)
def differences(slug: str) -> ResponseReturnValue:
    """Every difference of a campaign's letters in one place, by company."""
    campaign, how = campaign_or_404(slug), _how()
    every = differing.differences(campaign)
    return render_template(
        "drafting/differences.html",
        campaign=campaign,
        differences=[one for one in every if one.summary.is_of(how)],
        every=every,
        told=differing.told,
        how=how,
        ways={one: words for one, words in HOW.items() if one != "none"},
    )


@blueprint.get("/campaigns/<slug>/differences.csv")
@staff(May.VIEW)
def differences_csv(slug: str) -> ResponseReturnValue:
    """The same as a table, one difference a row."""
    campaign, how = campaign_or_404(slug), _how()
    found = [one for one in differing.differences(campaign) if one.summary.is_of(how)]
    return csv_file(f"{slug}-differences", _HEADER, _rows(found))


def _how() -> str:
    """The filter in the address; 400 for what no link of ours holds."""
    how = request.args.get("differs", "any")
    return how if how in HOW else abort(400)


def _rows(found: Sequence[Difference]) -> Iterator[tuple[str, ...]]:
    settings: Settings = current_app.extensions["settings"]
    for one in found:
        address = url_for("drafting.letter", ref=one.letter.ref)
        why = one.applied.own.why if one.applied and one.applied.unequal else ""
        who = str(one.by) if one.by else ""
        when = one.at.isoformat(timespec="seconds") if one.at else ""
        for told in differing.told(one.applied, one.contacts):
            reason = why if told.what in ("Question", "Days to answer") else ""
            yield (
                one.letter.company.name, told.what, told.instead_of, told.said, reason, who, when,
                settings.base_url.rstrip("/") + address,
            )  # fmt: skip
