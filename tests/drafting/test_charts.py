from __future__ import annotations

import json

import pytest
from flask import Flask

from campaign.drafting import charts, frozen, operations, placeholders, queries, rendering, texts
from campaign.drafting.rules import TextKind
from campaign.drafting.tree import Bar, Chart
from campaign.kernel.errors import Problem
from tests.builders import drafting as build
from tests.builders.evidence import QUESTIONS, survey
from tests.drafting import pdf_structure
from tests.drafting.letters import a_letter, environment

CHART = Chart("Who <knows>?", (Bar("Nobody", "45.6"), Bar("All", "0")), "Source: Poll House.")
LETTER = a_letter(
    body="Dear ((contact.salutation)),\n\n((chart: poll/who))\n", charts={"poll/who": CHART}
)


def test_a_chart_stands_in_all_four_forms() -> None:
    text = rendering.as_text(LETTER)
    assert "Nobody   45.6%   =========\nAll         0%\n\nSource: Poll House." in text
    mail = rendering.as_email_html(LETTER, environment())
    page = rendering.as_page_html(LETTER, environment())
    for html in (mail, page):
        assert "Who &lt;knows&gt;?" in html
        assert "45.6%" in html
    assert "<svg" not in mail
    assert "style=" not in page
    assert pdf_structure.faults(rendering.as_pdf(LETTER)) == []


def test_a_chart_that_cannot_be_drawn_is_a_fault_with_its_place(app: Flask) -> None:
    with app.app_context():
        slug = survey().slug
        body = f"a\n\n((chart: {slug}/storage))\n\n((chart: {slug}/told))\n\n((chart: no/no))"
        found = texts.faults(TextKind.LETTER, "S", body, {})
        assert [(one.line, one.column) for one in found] == [(5, 1), (7, 1)]
        assert [charts.UNREPORTED in found[0].why, charts.UNKNOWN in found[1].why] == [True, True]
        assert list(charts.of(body, charts.looked([body]))) == [f"{slug}/storage"]


def test_a_chart_stands_alone() -> None:
    assert [one.column for one in placeholders.faults("see ((chart: a/b))")] == [5]


def test_a_chart_without_its_data_is_not_printed() -> None:
    with pytest.raises(Problem):
        rendering.sheet(a_letter(body="((chart: a/b))"))


def test_a_frozen_text_keeps_its_charts_and_one_without_says_what_it_said() -> None:
    stored = json.loads(json.dumps(frozen._json(LETTER)))
    assert frozen._content(stored).charts == {"poll/who": CHART}
    old = frozen._json(a_letter(charts={}))
    assert "charts" not in old
    assert frozen._content(old).charts == {}


def test_a_text_whose_survey_changed_is_not_signed_and_keeps_its_numbers(app: Flask) -> None:
    with app.app_context():
        people, found = build.staff(), survey()
        letter = build.draft(people)
        operations.save_template(
            letter.campaign_id, kind=TextKind.LETTER, subject="Questions",
            body=f"Dear ((contact.salutation)),\n\n((chart: {found.slug}/storage))",
            actor=people.drafter,
        )  # fmt: skip
        row = build.in_review(people, letter)
        assert not queries.is_stale(row)
        survey(survey_id=found.id, questions=QUESTIONS.replace("45.6", "44.6"))
        with pytest.raises(Problem) as refused:
            operations.approve(row.id, sha256=row.sha256, actor=people.approver)
        assert refused.value.code == "text-changed"
        assert "45.6%" in frozen.load(row).letter_mail().text
