"""What signs a reply and what is still the answer."""

from __future__ import annotations

import pytest

from campaign.replies.newest_text import newest_text

ANSWER = "We received 512 requests.\n\nWe refused 41."


def _signed(signature: str) -> str:
    return newest_text(f"{ANSWER}\n\n{signature}\n")


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnna Example\nAcme Ltd",
        "--\nAnna Example\nAcme Ltd\n12 High Street, London",
        "Kind regards\nAnna Example",
        "Kind regards,\n\nAnna Example\nEthics\n\nAcme Ltd\n12 High Street\nLondon SW1A 1AA",
        "Best regards, Anna Example",
        "Thanks and best regards,\nAnna",
        "Many thanks,\nAnna",
        "Yours sincerely\n\n\nAnna Example\nfor Acme Ltd",
        "Mit freundlichen Grüßen\n\ni. A. Anna Example\nRecht\n\nAcme GmbH\nMusterstraße 12\n"
        "10115 Berlin\nTel. +49 30 1234567\nwww.acme.example\n\nGeschäftsführer: Bernd Muster\n"
        "Amtsgericht Berlin, HRB 12345",
        "Freundliche Grüsse aus Bern\nAnna Beispiel",
        "Vielen Dank und viele Grüße\nAnna",
        "MfG\nA. Beispiel",
        "Cordialement,\nAnne Exemple\nResponsable éthique",
        "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.\n\n"
        "Anne Exemple",
        "Un cordial saludo,\n\nAna Ejemplo\nAcme S.A.\nCalle Mayor 5\n28013 Madrid",
        "Cordiali saluti\nAnna Esempio\nAcme S.p.A.",
        "Met vriendelijke groet,\n\nAnna Voorbeeld\nAcme B.V.\nT +31 20 1234567",
        "Z poważaniem\nAnna Przykład\nAcme Sp. z o.o.\nul. Długa 5, 00-238 Warszawa",
        "Com os melhores cumprimentos,\nAna Exemplo",
        "Med vänliga hälsningar\nAnna Exempel\nAcme AB",
        "Med venlig hilsen\n\nAnna Eksempel",
        "S pozdravem\nAnna Příkladová",
        "С уважением,\nАнна Примерова\nООО «Акме»\nтел. +7 495 123-45-67",
        "よろしくお願いいたします。\n\n━━━━━━\n株式会社アクメ\n例 花子\nTEL: 03-1234-5678\n━━━━━━",
        "此致\n敬礼\n\n安娜",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Enviado do meu iPhone",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Odesláno z iPhonu",
        "Отправлено с iPhone",
        "iPhoneから送信",
        "发自我的 iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Get Outlook for Android",
        "Holen Sie sich Outlook für iOS",
        "Von Outlook für iOS gesendet",
        "Gesendet von Outlook für Android<https://aka.ms/AAb9ysg>",
        "Obtenez Outlook pour iOS",
        "Sent from Mail for Windows",
        "Gesendet von Mail für Windows",
        "Sent from Yahoo Mail on Android",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Sent with Proton Mail secure email.",
        "Best,\nAnna\n\nSent from my BlackBerry 10 smartphone.",
        "Kind regards\nAnna Example\n\nThis e-mail is confidential and intended solely for the "
        "addressee. If you received it in error, please notify the sender and delete it.",
        "Kind regards\nAnna Example\n\nPlease consider the environment before printing this.",
        "Anna Example\nHead of Ethics\nAcme Ltd\nPhone: +44 20 7946 0000\nanna@acme.example",
        "__________________\nAnna Example\nAcme Ltd\nhttps://acme.example",
    ],
)
def test_what_only_signs_is_left_out(signature: str) -> None:
    assert _signed(signature) == ANSWER


@pytest.mark.parametrize(
    "more",
    [
        "PS: The figures of 2024 follow next week.",
        "1. 512\n2. 41",
        "Answers to your questions:\n\n- 512 requests\n- 41 refused",
        "Requests received: 512\nRequests refused: 41",
        "In 2024 we had received 300 requests and refused 12 of them.",
        "追伸 2024年の数字は来週お送りします。",
    ],
)
@pytest.mark.parametrize("closing", ["Kind regards\nAnna Example\nAcme Ltd", "-- \nAnna Example"])
def test_an_answer_below_the_signature_is_kept(closing: str, more: str) -> None:
    text = newest_text(f"{ANSWER}\n\n{closing}\n\n{more}\n")
    assert text.startswith(ANSWER)
    if closing.startswith("Kind") or more.startswith(("1", "Answers")):
        assert more in text


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for your letter.\nWe got 512.",
        "Thank you\n\nWe received 512 requests and refused 41 of them.",
        "Best regards come first.\nThen 512.",
        "Regards to your colleagues.\n\nWe got 512.",
        "We got 512.\nOur regards, as always: 41 refused.",
        "Requests:\n\n512 | 41\n\nTotal 553",
        "| year | requests |\n| 2025 | 512 |",
        "To: 512\nFrom: 41\nthat is the range.",
        "Date: 2 March 2026\nTo: Open Letters\nFrom: Acme Ltd\nSubject: Your letter\n\nWe got 512.",
        'On 2 March 2026 at 10:00 you wrote:\n\n"How many?"\n\n512.',
        "Am 2. März 2026 schrieben Sie:\n\n„Wie viele?“\n\n512.",
        "In your letter of 02.03.2026 you ask:\nhow many. 512.",
        "Please contact data@acme.example.\nTel. +49 30 1234567",
        "We delete data within 30 days and notify us of errors, unauthorised use is prohibited.",
        "Section A\n_____________________\nWe got 512.\n_____________________\nDone.",
        "See https://acme.example/report\nand page 41.",
        ">From our side there were 512.",
        "Anna Example\nAcme Ltd",
        "Yes.",
        "512",
        "Sent from our London office by post: 512 letters.",
    ],
)
def test_no_word_of_an_answer_is_taken_for_a_signature_or_a_quotation(text: str) -> None:
    assert newest_text(text) == text.removeprefix(">")


@pytest.mark.parametrize(
    "text",
    [
        "-- \nAnna Example\nAcme Ltd",
        "Sent from my iPhone",
        "Kind regards\nAnna Example\nAcme Ltd",
        "> only\n> quoted",
        "Sent from my iPhone\n\n> On 2 Mar 2026, at 10:00, Open Letters wrote:\n> \n> Hi",
        "",
        "\n \n",
    ],
)
def test_a_reply_of_signature_and_quotation_alone_has_no_newest_text(text: str) -> None:
    assert newest_text(text) == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "> How many requests did you get in the second half of the year, and which\n"
            "of them\n> did you refuse?\n512, and 41.",
            "512, and 41.",
        ),
        ("> How many did you get?\nno\n> And refused?\nnone", "no\nnone"),
        ("> > deep\n> less deep\nWe got 512.", "We got 512."),
        (
            "Anna Example wrote:\n> one?\n\nTwo.\n\nKind regards\nAnna\n\n> three?\n\nFour.",
            "Two.\n\nFour.",
        ),
    ],
)
def test_quoted_lines_that_were_broken_or_nested_are_still_quoted(text: str, kept: str) -> None:
    assert newest_text(text) == kept
