from __future__ import annotations

import pytest

from campaign.kernel import languages
from campaign.kernel.errors import Problem


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("EN", "en"),
        (" de ", "de"),
        ("pt_br", "pt-BR"),
        ("zh-hant", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant-HK"),
    ],
)
def test_a_tag_is_written_one_way(typed: str, tag: str) -> None:
    assert languages.clean(typed) == tag


@pytest.mark.parametrize(
    "typed", ["", "e", "Klingon!", "qq", "en\r\nX: y", "de@euro", "zh-Hant-HK-x-long", "../en"]
)
def test_what_is_no_language_is_refused(typed: str) -> None:
    with pytest.raises(Problem) as caught:
        languages.clean(typed)
    assert caught.value.code == "unknown-language"


@pytest.mark.parametrize(
    ("wanted", "main", "order"),
    [
        ("de-AT", "en", ("de-AT", "de", "en")),
        ("zh-Hant-HK", "en", ("zh-Hant-HK", "zh-Hant", "zh", "en")),
        ("en", "en", ("en",)),
        ("", "fr", ("fr",)),
    ],
)
def test_a_language_falls_back_to_shorter_ones_and_then_to_the_main_one(
    wanted: str, main: str, order: tuple[str, ...]
) -> None:
    assert languages.fallbacks(wanted, main) == order


@pytest.mark.parametrize(
    ("wanted", "have", "served"),
    [
        ("de-AT", {"de-AT", "de", "en"}, "de-AT"),
        ("de-AT", {"de", "en"}, "de"),
        ("de", {"de-AT", "en"}, "en"),
        ("fr", {"de", "en"}, "en"),
        ("", {"de", "en"}, "en"),
        ("fr", {"de"}, None),
    ],
)
def test_the_best_language_that_there_is_stands_in(
    wanted: str, have: set[str], served: str | None
) -> None:
    assert languages.served(wanted, "en", have) == served


def test_a_language_is_named_in_words_and_suggested_by_country() -> None:
    assert languages.name("pt-BR") == "Portuguese (Brazil)"
    assert languages.name("qq") == "qq"
    assert languages.of_country("DE") == ("de",)
    assert set(languages.of_country("CH")) >= {"de", "fr", "it"}
    assert languages.of_country(None) == languages.of_country("ZZ") == ()
