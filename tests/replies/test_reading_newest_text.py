from __future__ import annotations

import pytest

from campaign.replies.newest_text import newest_text
from campaign.replies.readable import text_of_html

QUOTE = "\n> Dear company,\n> how many?\n"


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 2 Mar 2026 at 10:00, Campaign <a@b.example> wrote:",
        "On Mon, 2 Mar 2026 at 10:00, Campaign\n<a@b.example> wrote:",
        "Am 02.03.2026 um 10:00 schrieb Campaign:",
        "Le lun. 2 mars 2026 à 10:00, Campaign a écrit :",
        "El lun, 2 mar 2026 a las 10:00, Campaign escribió:",
        "Il giorno lun 2 mar 2026 alle ore 10:00 Campaign ha scritto:",
        "Op ma 2 mrt. 2026 om 10:00 schreef Campaign:",
        "W dniu 2.03.2026 o 10:00, Campaign napisał(a):",
        "Em seg., 2 de mar. de 2026, Campaign escreveu:",
        "Den mån 2 mars 2026 kl 10:00 skrev Campaign <a@b.example>:",
        "ma 2. maalisk. 2026 klo 10.00 Campaign kirjoitti:",
        "po 2. 3. 2026 v 10:00 odesílatel Campaign napsal:",
    ],
)
def test_a_quotation_and_the_line_above_it_are_left_out(attribution: str) -> None:
    text = f"We got 512.\n\n{attribution}{QUOTE}"
    assert newest_text(text) == "We got 512."


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: C\nSent: Monday\n",
        "-----Ursprüngliche Nachricht-----\nVon: C\nGesendet: Montag\n",
        "________________________________\nFrom: C\n",
        "From: Campaign <a@b.example>\nSent: Monday, 2 March 2026\nTo: Ethics\nSubject: Letter\n",
        "Von: Campaign\nGesendet: Montag, 2. März 2026\nAn: Ethik\nBetreff: Brief\n",
        "De : Campaign\nEnvoyé : lundi 2 mars 2026\nÀ : Ethique\nObjet : Lettre\n",
        "De: Campaign\nEnviado: lunes\nPara: Ética\nAsunto: Carta\n",
        "Van: Campaign\nVerzonden: maandag\nAan: Ethiek\nOnderwerp: Brief\n",
        "Od: Campaign\nWysłano: poniedziałek\nDo: Etyka\nTemat: List\n",
        "Från: Campaign\nSkickat: måndag\nTill: Etik\nÄmne: Brev\n",
        "Lähettäjä: Campaign\nLähetetty: maanantai\nVastaanottaja: E\nAihe: Kirje\n",
    ],
)
def test_a_quoted_mail_without_marks_is_left_out(block: str) -> None:
    assert newest_text(f"We got 512.\n\n{block}\nDear company,\nhow many?") == "We got 512."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{QUOTE}\nBelow: 512.", "Below: 512."),
        ("> one?\nYes.\n> two?\nNo.", "Yes.\nNo."),
        ("Points:\n- one\n- two\n- three", "Points:\n- one\n- two\n- three"),
        ("Best regards come first.\nThen 512.", "Best regards come first.\nThen 512."),
        ("From: our point of view it is 512.", "From: our point of view it is 512."),
        ("On 3 May we wrote: 512.", "On 3 May we wrote: 512."),
        ("We got 512.\n-- \nMary\nCompany", "We got 512."),
        ("512\r\n\r\n\r\n\r\n41", "512\n\n41"),
    ],
)
def test_what_was_written_this_time_is_kept(text: str, kept: str) -> None:
    assert newest_text(text) == kept


def test_a_page_becomes_text_with_its_quotations_marked() -> None:
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>We got&nbsp;512 &amp; 1 < 2."
        "<script>alert(1)</script><br>Bye</p><blockquote>how many?<p>really</blockquote></body>"
    )
    text = text_of_html(page)
    assert newest_text(text) == "We got 512 & 1 < 2.\nBye"
    assert "> how many?" in text
    assert "alert" not in text
