import pytest

from campaign.kernel.errors import Problem
from campaign.kernel.text import has_control, one_line, shorten, slugify


@pytest.mark.parametrize(
    "value",
    [
        "a\r\nBcc: x@y.example",
        "a\r\n Bcc: x@y.example",
        "a\nb",
        "a\rb",
        "a\tb",
        "a\x0bb",
        "a\x0cb",
        "a\x1cb",
        "a\x85b",
        "a\x9bb",
        "a\u2028b",
        "a\u2029b",
        "a\x00b",
        "a\x7fb",
        "a\ud800b",
        "ends\n",
    ],
)
def test_a_header_value_with_a_line_break_or_control_is_refused(value):
    assert has_control(value)
    with pytest.raises(Problem) as caught:
        one_line(value, name="The subject")
    assert caught.value.code == "control-character"
    assert "The subject" in str(caught.value)
    assert "U+" in str(caught.value)


@pytest.mark.parametrize("value", ["Ångström & Søn, “Ltd”", "株式会社", "a=?utf-8?q?b?= {config}"])
def test_ordinary_text_of_any_script_stays_as_it_is(value):
    assert one_line(f"  {value} ", name="Name") == value


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Example & Sons, Inc.", "example-sons-inc"),
        ("Straße Ærø Łódź Đà", "strasse-aero-lodz-da"),
        ("Café Zürich", "cafe-zurich"),
        ("../../etc/passwd", "etc-passwd"),
        ("株式会社", "item"),
        ("", "item"),
        ("---", "item"),
        ("a\x00b", "a-b"),
    ],
)
def test_a_slug_is_plain_ascii_and_never_empty(text, slug):
    assert slugify(text) == slug


def test_a_long_slug_ends_after_a_whole_word():
    assert slugify("one two three", max_len=9) == "one-two"
    assert slugify("one two three", max_len=7) == "one-two"
    assert slugify("x" * 100, max_len=60) == "x" * 60


@pytest.mark.parametrize(
    ("text", "n", "short"),
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("abcdefghij", 5, "abcd…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_shortened_text_never_exceeds_its_length(text, n, short):
    assert shorten(text, n) == short
    assert len(shorten(text, n)) <= max(n, 0)
