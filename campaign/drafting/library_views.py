"""The page of starting texts."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from campaign.accounts.guard import staff
from campaign.accounts.rules import May
from campaign.drafting import library, texts
from campaign.drafting.models import TextKind
from campaign.drafting.rules import CAMPAIGN_TEXTS
from campaign.drafting.views import blueprint, campaign_or_404
from campaign.drafting.which import Which
from campaign.kernel import languages


@blueprint.get("/campaigns/<slug>/templates/library/")
@staff(May.VIEW)
def starting_texts(slug: str) -> ResponseReturnValue:
    """Every starting text, to copy from; nothing is changed."""
    campaign = campaign_or_404(slug)
    return render_template(
        "drafting/library.html",
        campaign=campaign,
        editors={
            one.name: Which(TextKind(one.kind), one.language, campaign.language).value
            for one in library.starts()
            if one.kind in CAMPAIGN_TEXTS
        },
        language_name=languages.name,
        starts=library.starts(),
        names={kind.value: texts.NAMES[kind] for kind in CAMPAIGN_TEXTS},
    )
