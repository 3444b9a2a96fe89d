"""`((field??words))`: words shown where the answer of a yes/no field is yes, in one pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from campaign.drafting import rendering
from campaign.drafting.placeholders import FieldKind, faults, faults_of_line, names
from campaign.drafting.rendering import LetterContent
from campaign.kernel.errors import Problem
from tests.drafting.letters import a_letter, environment

CUSTOM = {"custom.service": FieldKind.TEXT, "custom.cloud": FieldKind.YES_NO}


def _letter(body: str, cloud: str = "yes", subject: str = "Hello") -> LetterContent:
    letter = a_letter()
    values = {**letter.values, "custom.service": "Lark Home", "custom.cloud": cloud}
    return replace(letter, values=values, body=body, subject=subject)


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("((custom.service??words))", 1, 1, "yes/no"),
        ("((deadline??words))", 1, 1, "yes/no"),
        ("((questions??words))", 1, 1, "yes/no"),
        ("one\n\ntwo ((custom.other??words))", 3, 5, "no such field"),
        ("a ((custom.cloud??by ((deadline))))", 1, 3, "inside another"),
        ("a\nb ((custom.cloud??x ((custom.cloud??y))))", 2, 3, "inside another"),
        ("a ((custom.cloud??words\n))", 1, 3, "closing"),
        ("a ((custom.cloud??words", 1, 3, "closing"),
        ("a ((custom.cloud??(words))", 1, 3, "closing"),
        ("a ((??words))", 1, 3, "no name"),
        ("a ((custom.cloud??  ))", 1, 3, "after ??"),
        ("`((custom.service??words))`", 1, 2, "yes/no"),
        ("[x](((custom.cloud??https://c.example/)))", 1, 5, "A link starts with"),
        ("((custom.cloud??![a](https://c.example/a.png)))", 1, 17, "Pictures"),
        ("((custom.cloud??a[^1]))\n\n[^1]: note", 1, 18, "footnote"),
        ("[((custom.cloud??[a](https://a.example/)))](https://b.example/)", 1, 1, "another link"),
    ],
)
def test_a_condition_that_cannot_stand_is_told_with_its_place(
    source: str, line: int, column: int, words: str
) -> None:
    first = next(fault for fault in faults(source, CUSTOM) if words in fault.why)
    assert (first.line, first.column) == (line, column)


def test_a_condition_on_an_unknown_or_plain_field_is_refused_in_a_subject_too() -> None:
    assert [fault.column for fault in faults_of_line("a ((deadline??b))", CUSTOM)] == [3]
    assert faults_of_line("a ((custom.cloud??b))", CUSTOM) == ()


@pytest.mark.parametrize(
    ("body", "yes", "no"),
    [
        ("One ((custom.cloud??two)) three.", "One two three.", "One three."),
        ("((custom.cloud??One.)) Two.", "One. Two.", "Two."),
        ("One((custom.cloud??, two)).", "One, two.", "One."),
        ("One ((custom.cloud??two))\n\nend", "One two\n\nend", "One\n\nend"),
        ("((custom.cloud??f(x) and (a (b))))\n\nend", "f(x) and (a (b))\n\nend", "end"),
        ("(( custom.cloud ?? two )) three", "two three", "three"),
        ("- ((custom.cloud??one))\n- two", "- one\n- two", "- two"),
        ("`((custom.cloud??one))` two", "one two", "two"),
        ("A ((custom.cloud??**bold** word)) end", "A *bold* word end", "A end"),
        ("\\((custom.cloud??one))", "((custom.cloud??one))", "((custom.cloud??one))"),
        ("((custom.service)): ((custom.cloud))", "Lark Home: yes", "Lark Home: no"),
    ],
)
def test_the_words_are_shown_for_yes_only(body: str, yes: str, no: str) -> None:
    for answer, words in (("yes", yes), ("no", no)):
        text = rendering.as_text(_letter(body, answer))
        told = text.split("Hello", 1)[1].split("Yours faithfully", 1)[0]
        squeezed = "\n".join(line.strip() for line in told.splitlines())
        assert squeezed.strip().strip("-").strip() == words.strip("-").strip()


def test_a_condition_reads_the_same_in_subject_page_mail_and_pdf() -> None:
    body = "We ask ((custom.cloud??**gladly** [here](https://c.example/a_(b)))) today."
    subject = "About ((custom.cloud??the cloud of)) ((company.name))"
    shown, hidden = (_letter(body, answer, subject) for answer in ("yes", "no"))
    assert rendering.subject(shown) == "About the cloud of Larkfield Home"
    assert rendering.subject(hidden) == "About Larkfield Home"
    for form in (rendering.as_page_html, rendering.as_email_html):
        page = form(shown, environment())
        assert "gladly</strong>" in page
        assert 'href="https://c.example/a_(b)"' in page
        assert "gladly" not in form(hidden, environment())
    assert rendering.as_pdf(shown) != rendering.as_pdf(hidden)


def test_a_heading_that_is_not_shown_leaves_no_gap_in_the_levels() -> None:
    body = "# ((custom.cloud??Cloud))\n\n## Below\n\nend"
    kinds = [(node.kind, node.number) for node in rendering.sheet(_letter(body, "no")).body]
    assert kinds == [("h", 1), ("p", 0)]


@pytest.mark.parametrize(
    "value",
    ["((deadline))", "((custom.cloud??x))", "{{ config }}", "{0.__class__}", "**b** <b>"],
)
def test_a_value_is_never_read_again(value: str) -> None:
    letter = _letter("It is ((custom.service)).")
    letter = replace(letter, values={**letter.values, "custom.service": value})
    assert f"It is {value}." in rendering.as_text(letter)


@pytest.mark.parametrize(("answer", "code"), [("", "placeholder-missing"), ("x", "letter-text")])
def test_a_letter_without_an_answer_is_not_rendered(answer: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        rendering.sheet(_letter("A ((custom.cloud??b)).", answer))
    assert caught.value.code == code


def test_a_condition_needs_the_answer_of_its_field() -> None:
    assert names("a ((custom.cloud??b))") == {"custom.cloud"}


def test_a_megabyte_of_conditions_is_read_in_a_moment() -> None:
    assert faults("((custom.cloud??" * 60_000, CUSTOM)
    assert faults("((custom.cloud??" + "(" * 1_000_000, CUSTOM)
