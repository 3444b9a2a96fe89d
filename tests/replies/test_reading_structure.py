"""HTML mail: what its structure tells of quotation and signature comes before its words."""

from __future__ import annotations

import pytest

from campaign.replies.reading import read_bytes

FROM = (
    b"From: Anna <anna@acme.example>\nTo: Open Letters <answers@letters.example>\nSubject: Re: x\n"
)
ANSWER = "We received 512 requests.\n\nWe refused 41."
OURS = "Dear Acme,<br>how many requests did you get?<br>Open Letters"


def _page(body: str) -> str:
    raw = f"Content-Type: text/html; charset=utf-8\n\n<html><body>{body}</body></html>"
    return read_bytes(FROM + raw.encode()).text


PAGES = {
    "Gmail": '<div dir="ltr">We received 512 requests.<div><br></div><div>We refused '
    '41.</div></div>'
    '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">El lun, 2 mar 2026, '
    'Open Letters'
    f' &lt;<a href="mailto:a@l.example">a@l.example</a>&gt; escribió:<br></div><blockquote '
    f'class="gmail_quote" style="margin:0">{OURS}</blockquote></div>',
    "Gmail, language unknown": "<div>We received 512 requests.<br><br>We refused 41.</div>"
    '<div class="gmail_quote"><div class="gmail_attr">Pirmadienį Open Letters taip sakė</div>'
    f"<blockquote>{OURS}</blockquote></div>",
    "Thunderbird": "<p>We received 512 requests.</p><p>We refused 41.</p>"
    '<div class="moz-cite-prefix">Am 02.03.26 um 10:00 schrieb Open Letters:<br></div>'
    f'<blockquote type="cite" cite="mid:1@l.example">{OURS}</blockquote>'
    '<pre class="moz-signature" cols="72">-- \nAnna</pre>',
    "Apple Mail": "<div>We received 512 requests.</div><div><br></div><div>We refused 41.</div>"
    '<div><br><blockquote type="cite"><div>On 2. Mar 2026, at 10:00, Open Letters wrote:</div>'
    f"<br><div>{OURS}</div></blockquote></div>",
    "Outlook": '<div class="WordSection1"><p class="MsoNormal">We received 512 requests.</p>'
    '<p class="MsoNormal">&nbsp;</p><p class="MsoNormal">We refused 41.</p>'
    '<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid '
    '#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Open Letters '
    "&lt;a@l.example&gt;<br><b>Sent:</b> Monday, March 2, 2026 10:00<br><b>To:</b> Ethics<br>"
    f"<b>Subject:</b> Letter</p></div></div><p class=MsoNormal>{OURS}</p></div>",
    "Outlook, language unknown": '<p class="MsoNormal">We received 512 requests.</p><p '
    'class="MsoNormal">&nbsp;</p><p class="MsoNormal">We refused 41.</p><div><div style="border:'
    'none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
    "<b>Nuo:</b> Open Letters<br><b>Išsiųsta:</b> 2026-03-02<br><b>Kam:</b> Etika<br><b>Tema:</b>"
    f" Laiškas</p></div></div><p class=MsoNormal>{OURS}</p>",
    "Outlook on the web": '<div>We received 512 requests.</div><div><br></div><div>We '
    'refused 41.</div>'
    '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
    '<div id="divRplyFwdMsg" dir="ltr"><font><b>From:</b> Open Letters<br><b>Sent:</b> Monday<br>'
    f"<b>To:</b> Ethics<br><b>Subject:</b> Letter</font></div><div>{OURS}</div>",
    "Outlook mobile": '<div>We received 512 requests.<br><br>We refused 41.</div><div class="'
    'ms-outlook-mobile-signature">Get <a href="https://aka.ms/x">Outlook for iOS</a></div>'
    f'<div id="mail-editor-reference-message-container"><div>Open Letters, 2 '
    f'mars</div>{OURS}</div>',
    "Yahoo": '<div class="yahoo-style-wrap"><div>We received 512 '
    'requests.</div><div><br></div><div>'
    'We refused 41.</div></div><div id="yahoo_quoted_123" class="yahoo_quoted"><div>On Monday, '
    f"March 2, 2026, Open Letters &lt;a@l.example&gt; wrote:</div><div>{OURS}</div></div>",
    "ProtonMail": "<div>We received 512 requests.<br><br>We refused 41.</div><div class="
    '"protonmail_signature_block"><div class="protonmail_signature_block-user">Anna</div></div>'
    '<div class="protonmail_quote">On Monday, March 2nd, 2026 at 10:00, Open Letters '
    '&lt;a@l.example'
    f'&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">{OURS}</blockquote></div>',
    "GMX": "<div>We received 512 requests.<br><br>We refused 41.</div><div name=\"quote\" style="
    '"margin:10px 5px; border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Montag<br><b>Von:</b>'
    f" Open Letters<br><b>An:</b> e@acme.example<br><b>Betreff:</b> Brief</div><div name=\"quoted-"
    f'content">{OURS}</div></div>',
    "Notes": '<font size=2>We received 512 requests.</font><br><br><font>We refused '
    '41.</font><br><br>'
    '<table width=100%><tr><td><font size=1>From:</font><td><font size=1>"Open Letters" &lt;'
    "a@l.example&gt;</font><tr><td>To:<td>ethics@acme.example<tr><td>Date:<td>02/03/2026 10:00<tr>"
    f"<td>Subject:<td>Letter</table><br><hr noshade>{OURS}",
    "Zoho": "<div>We received 512 requests.<br><br>We refused 41.<br></div><div "
    "class=\"zmail_extra\">"
    "<br>---- On Mon, 02 Mar 2026 10:00:00 +0100 <b>Open Letters &lt;a@l.example&gt;</b> "
    "wrote ----"
    f"<br><blockquote>{OURS}</blockquote></div>",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_the_answer_of_a_page_is_told_from_our_letter(page: str) -> None:
    assert _page(page) == ANSWER


def test_answers_between_the_quotations_of_a_page_are_kept() -> None:
    page = (
        '<div class="gmail_quote"><div class="gmail_attr">On 2 March 2026, X '
        "wrote:</div><blockquote>"
        "How many?</blockquote><div>512.</div><blockquote>How many "
        "refused?</blockquote><div>41.</div>"
        "</div>"
    )
    assert _page(page) == "512.\n\n41." or _page(page) == "512.\n41."


def test_numbers_of_a_list_and_lines_of_preformatted_text_are_kept() -> None:
    assert _page("<p>As asked:</p><ol><li>512<li><p>41</p></ol>") == "As asked:\n\n1. 512\n2. 41"
    assert _page('<ol start="3"><li>512</ol><ul><li>a</ul>') == "3. 512\n\n- a"
    assert _page("<pre>one\ntwo\n  three</pre>") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    "page",
    [
        '<div class="gmail_signature"><p>We received 512 requests and refused 41 of '
        "them.</p></div>",
        '<div>Dear all,</div><div id="Signature">1. 512<br>2. 41</div>',
        '<div style="border-top:solid #E1E1E1 1.0pt">We received 512 requests.</div>We refused 41.',
        "<blockquote>We received 512</blockquote><p>We refused 41.</p><blockquote>x</blockquote>",
    ],
)
def test_an_answer_in_an_odd_place_of_a_page_is_not_lost(page: str) -> None:
    assert "41" in _page(page)


def _both(plain: str, page: str) -> str:
    raw = (
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; "
        f"charset=utf-8\n\n{plain}\n--b\nContent-Type: text/html; charset=utf-8\n\n{page}\n--b--\n"
    )
    return read_bytes(FROM + raw.encode()).text


def test_the_page_shows_what_the_plain_text_leaves_open() -> None:
    plain = f"{ANSWER}\n\nPirmadienį sakė taip\n\nDear Acme, how many?"
    page = (
        "<p>We received 512 requests.</p><p>We refused 41.</p><div "
        "class=gmail_attr>Pirmadienį sakė "
        "taip</div><blockquote>Dear Acme, how many?</blockquote>"
    )
    assert _both(plain, page) == ANSWER


def test_the_page_never_takes_a_word_that_it_says_otherwise() -> None:
    assert _both("We got 512.\nAnd refused 41.", "<p>We got 500.</p>") == (
        "We got 512.\nAnd refused 41."
    )


def test_a_plain_part_that_only_points_to_the_page_gives_way_to_it() -> None:
    page = "<p>" + "We received 512 requests in the year 2025 and refused 41. " * 6 + "</p>"
    assert "512" in _both("Please view this mail as HTML.", page)
