import re

import pytest

from campaign.kernel.errors import Problem
from campaign.sending.addresses import (
    check_address,
    display_pair,
    domain_of,
    is_ours,
    new_token,
    tags_in,
    with_tag,
)

TOKEN = "abcdefghijklmnopqrstuvwx27"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ethics@company.example", "ethics@company.example"),
        (" Ethics.Office@Company.EXAMPLE ", "Ethics.Office@company.example"),
        ("o'neil+press@company.example", "o'neil+press@company.example"),
        ("presse@bücher.example", "presse@xn--bcher-kva.example"),
        ("presse@XN--BCHER-KVA.example", "presse@xn--bcher-kva.example"),
        ("info@cоmpany.example", "info@xn--cmpany-wqf.example"),
        ("a@mail.test", "a@mail.test"),
    ],
)
def test_one_plain_address_is_kept_in_its_normal_form(given, kept):
    assert check_address(given) == kept


@pytest.mark.parametrize(
    "text",
    [
        "ethics@c.example, victim@e.example",
        "ethics@c.example;victim@e.example",
        "ethics@c.example victim@e.example",
        "alice@example.org)bob@evil.example",
        "alice(comment)@example.org",
        "a@b.example\x00@c.example",
        "a\x00@c.example",
        "a@c.example\r\nBcc: v@e.example",
        "a@c.example\n",
        "a@[127.0.0.1]",
        "a@[IPv6:::1]",
        "a@127.0.0.1",
        "a@localhost",
        "a@printer",
        '"quoted local"@c.example',
        '"a"@c.example',
        "a!b",
        "host!a@c.example",
        "a%b@c.example",
        '"Acme" <ceo@evil.example>',
        "<a@c.example>",
        "ethik-ä@c.example",
        "a..b@c.example",
        ".a@c.example",
        "a@-c.example",
        "a@c..example",
        "x" * 65 + "@c.example",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 5000 + "example",
        "no at sign",
        "@c.example",
        "a@",
        "",
        "   ",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(text):
    with pytest.raises(Problem) as caught:
        check_address(text)
    assert caught.value.code == "bad-address"
    assert len(str(caught.value)) < 600
    assert not re.search("[\x00-\x1f]", str(caught.value))


def test_an_international_domain_is_shown_in_both_forms():
    assert display_pair("a@xn--bcher-kva.example") == (
        "a@xn--bcher-kva.example",
        "a@bücher.example",
    )
    assert display_pair("a@company.example") == ("a@company.example", "a@company.example")
    assert display_pair("a@xn--a-.example")[1] == "a@xn--a-.example"


def test_a_token_has_128_random_bits_in_26_letters():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(re.fullmatch("[a-z2-7]{26}", token) for token in tokens)


def test_a_tagged_address_is_a_good_address_and_gives_its_tag_back():
    token = new_token()
    address = with_tag("letters@ours.example", token)
    assert address == f"letters+{token}@ours.example"
    assert check_address(address) == address
    assert tags_in([address]) == (token,)


@pytest.mark.parametrize("tag", ["", "a@b", "a b", "a\r\nb", "+", "ä", "a>b"])
def test_a_tag_that_would_break_the_address_is_refused(tag):
    with pytest.raises(Problem):
        with_tag("letters@ours.example", tag)


def test_a_tag_that_makes_the_local_part_too_long_is_refused():
    with_tag("x" * 37 + "@ours.example", TOKEN)
    with pytest.raises(Problem):
        with_tag("x" * 38 + "@ours.example", TOKEN)


@pytest.mark.parametrize(
    ("texts", "tags"),
    [
        ([f"Letters <letters+{TOKEN}@ours.example>"], (TOKEN,)),
        ([f"<LETTERS+{TOKEN.upper()}@OURS.EXAMPLE>"], (TOKEN,)),
        ([f"for <letters+{TOKEN}@ours.example>; Sun", f"letters+{TOKEN}@ours.example"], (TOKEN,)),
        ([f"SRS0=ab=cd=ours.example=letters+{TOKEN}@relay.example"], (TOKEN,)),
        ([f"list-letters+{TOKEN}=ours.example@list.example"], (TOKEN,)),
        ([f"letters+{TOKEN}x@ours.example"], ()),
        ([f"letters+{TOKEN[:-1]}@ours.example"], ()),
        ([f"letters+{TOKEN} @ours.example"], ()),
        ([TOKEN, ""], ()),
        (["+" * 50_000, "+a" * 50_000], ()),
    ],
)
def test_tokens_are_found_in_tagged_addresses_only(texts, tags):
    assert tags_in(texts) == tags


def test_the_domain_is_in_lower_case():
    assert domain_of("a@Company.EXAMPLE.") == "company.example"
    assert domain_of("nothing") == ""


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("letters@ours.example", True),
        ("anyone@OURS.example", True),
        (f"letters+{TOKEN}@ours.example", True),
        ("a@mail.ours.example", True),
        ("a@notours.example", False),
        ("a@company.example", False),
        ("our.group@gmail.com", True),
        ("Our.Group+x@gmail.com", True),
        ("a.company@gmail.com", False),
        ("", False),
    ],
)
def test_our_own_addresses_and_domains_are_known(address, ours):
    assert is_ours(address, ["letters@ours.example", "our.group@gmail.com", ""]) is ours
