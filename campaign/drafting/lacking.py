"""What a text asks for and does not get: fields without a value, charts, figures of reports."""

from __future__ import annotations

from collections.abc import Mapping

from campaign.companies.models import Company
from campaign.drafting import charts, figures, placeholders
from campaign.drafting.rendering import LetterContent
from campaign.kernel.errors import Problem


def problems(
    content: LetterContent,
    values: Mapping[str, str],
    company: Company,
    known_charts: charts.Looked,
    known_figures: figures.Looked,
) -> list[Problem]:
    """Everything that a text of a letter prints and has no value for.

    Args:
        values: those of its inline fields, the deadline filled in.
    """
    known = {**values, **content.notices, "questions": "\n".join(content.questions)}
    used = placeholders.names(content.body)
    notices = [words for name, words in content.notices.items() if name in used]
    source = "\n\n".join((content.subject, content.body, *notices))
    found = [
        Problem("placeholder-missing", company=company.name, field=name)
        for name in placeholders.missing(source, known)
        if not placeholders.chart_key(name) and not placeholders.figure_key(name)
    ]
    found += charts.problems(content.body, known_charts)
    return found + figures.problems(source, known_figures, company)
