from __future__ import annotations

from pathlib import Path

import pytest

from campaign.replies.reading import AutoNote, Kind, Reading, read_bytes

MAIL = Path(__file__).parent / "mail"


def read(name: str) -> Reading:
    return read_bytes((MAIL / f"{name}.eml").read_bytes())


def mail(
    subject: str, body: str, *, sender: str = "ethics@company.example", more: str = ""
) -> Reading:
    head = f"From: {sender}\nTo: letters+b7@letters.example\nSubject: {subject}\n{more}"
    return read_bytes(f"{head}Content-Type: text/plain; charset=utf-8\n\n{body}\n".encode())


@pytest.mark.parametrize(
    ("name", "kind", "hard", "recipient", "status"),
    [
        ("dsn-user-unknown", Kind.BOUNCE, True, "ethics@company.example", "5.1.1"),
        ("dsn-delayed", Kind.DELAY, None, "ethics@company.example", "4.4.1"),
        ("dsn-delivered", Kind.DELIVERY_RECEIPT, None, "ethics@company.example", "2.0.0"),
        ("read-receipt", Kind.DELIVERY_RECEIPT, None, None, None),
        ("exim-host-unknown", Kind.BOUNCE, True, "ethics@compny.example", None),
        ("qmail-full", Kind.BOUNCE, False, "ethics@company.example", "5.2.2"),
        ("out-of-office", Kind.AUTO_REPLY, None, None, None),
        ("ticket", Kind.AUTO_REPLY, None, None, None),
        ("reply", Kind.REPLY, None, None, None),
        ("reply-quotes-bounce", Kind.REPLY, None, None, None),
    ],
)
def test_each_shape_of_mail_is_told_apart(
    name: str, kind: Kind, hard: bool | None, recipient: str | None, status: str | None
) -> None:
    seen = read(name)
    assert (seen.kind, seen.hard, seen.recipient, seen.status) == (kind, hard, recipient, status)


@pytest.mark.parametrize(
    "name",
    [
        "dsn-user-unknown",
        "dsn-delayed",
        "dsn-delivered",
        "read-receipt",
        "exim-host-unknown",
        "qmail-full",
    ],
)
def test_a_report_names_the_letter_that_it_is_about(name: str) -> None:
    assert "<open-letter-1@letters.example.org>" in read(name).reported_ids


@pytest.mark.parametrize(
    "name", ["dsn-user-unknown", "dsn-delayed", "exim-host-unknown", "qmail-full"]
)
def test_a_report_names_the_envelope_sender_of_the_letter(name: str) -> None:
    told = " ".join(read(name).reported_strings)
    assert "letters+b7c1d2@letters.example.org" in told


def test_an_answer_below_the_quotation_is_kept_and_the_signature_is_not() -> None:
    text = read("reply").text
    assert "512 requests" in text
    assert "We refused 41." in text
    assert "How many" not in text
    assert "Company Ltd" not in text


# ---- a report is known by its fields ----------------------------------------------------


def report(action: str, status: str, said: str = "", text: str = "A report.") -> Reading:
    return read_bytes(
        (
            "From: postmaster@relay.example\nSubject: Report\nTo: letters+b7@letters.example\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            f"--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; a@company.example\n"
            f"Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n--b--\n"
        ).encode()
    )


@pytest.mark.parametrize(
    ("action", "status", "said", "kind", "hard"),
    [
        ("failed", "5.1.1", "550 5.1.1 User unknown", Kind.BOUNCE, True),
        ("failed", "5.1.2", "550 5.1.2 bad destination host", Kind.BOUNCE, True),
        ("failed", "5.1.6", "551 5.1.6 mailbox has moved", Kind.BOUNCE, True),
        ("failed", "5.4.4", "host not found", Kind.BOUNCE, True),
        ("failed", "5.1.1", "552 mailbox is over quota (#5.1.1)", Kind.BOUNCE, False),
        ("failed", "5.2.2", "552 5.2.2 mailbox full", Kind.BOUNCE, False),
        ("failed", "5.7.1", "554 5.7.1 blocked as spam", Kind.BOUNCE, False),
        ("failed", "4.4.7", "message expired", Kind.BOUNCE, False),
        ("failed (given up)", "4.2.2", "over quota", Kind.BOUNCE, False),
        ("delayed", "4.4.1", "421 try again later", Kind.DELAY, None),
        ("delivered", "2.1.5", "250 ok", Kind.DELIVERY_RECEIPT, None),
        ("relayed", "2.0.0", "250 ok", Kind.DELIVERY_RECEIPT, None),
        ("expanded", "2.0.0", "250 ok", Kind.DELIVERY_RECEIPT, None),
        ("x-unknown", "5.0.0", "", Kind.BOUNCE, False),
        ("", "4.4.1", "", Kind.DELAY, None),
    ],
)
def test_the_fields_of_rfc_3464_decide(
    action: str, status: str, said: str, kind: Kind, hard: bool | None
) -> None:
    seen = report(action, status, said)
    assert (seen.kind, seen.hard, seen.recipient) == (kind, hard, "a@company.example")


def test_the_remote_servers_own_code_replaces_a_general_one() -> None:
    assert report("failed", "5.0.0", "550 5.1.1 no such user").status == "5.1.1"


# ---- reports of old servers, which are only text ---------------------------------------


@pytest.mark.parametrize(
    ("subject", "body", "kind", "hard"),
    [
        ("Undeliverable Mail", "Unknown user: a@company.example", Kind.BOUNCE, True),
        (
            "Returned mail: User unknown",
            "550 <a@company.example>... User unknown",
            Kind.BOUNCE,
            True,
        ),
        ("Delivery failure", "a@company.example: mailbox is full", Kind.BOUNCE, False),
        ("Mail failed", "a@company.example: 554 rejected as spam", Kind.BOUNCE, False),
        ("Delivery failed", "No delivery for 432000 seconds. Giving up.", Kind.BOUNCE, False),
        ("Warning", "Envelope expired.\nThe message is kept in the queue.", Kind.DELAY, None),
        ("Warning: delayed 24 hours", "Delivery attempts will continue.", Kind.DELAY, None),
        ("Returned mail", "Not sent for 4 hours.\nIt will keep trying.", Kind.DELAY, None),
        ("Hm", "Nothing that anybody would understand.", Kind.BOUNCE, False),
    ],
)
def test_a_mail_systems_words_decide_where_it_sends_no_fields(
    subject: str, body: str, kind: Kind, hard: bool | None
) -> None:
    seen = mail(subject, body, sender="MAILER-DAEMON@relay.example")
    assert (seen.kind, seen.hard) == (kind, hard)


# ---- automatic replies by their words alone ------------------------------------------------

OUT = {
    "en": "Hello, I am currently out of the office until 5 May and will answer after that.",
    "de": "Guten Tag, ich bin bis zum 5. Mai nicht im Büro und lese keine E-Mails.",
    "fr": "Bonjour, je suis actuellement absente du bureau jusqu'au 5 mai.",
    "es": "Hola, estaré fuera de la oficina hasta el 5 de mayo.",
    "it": "Buongiorno, sono assente fino al 5 maggio e non leggo la posta.",
    "nl": "Beste, ik ben tot 5 mei afwezig en lees mijn e-mail niet.",
    "pl": "Dzień dobry, jestem na urlopie do 5 maja.",
    "pt": "Olá, estou de férias até 5 de maio.",
    "sv": "Hej, jag är på semester till den 5 maj.",
    "da": "Hej, jeg er på ferie til den 5. maj.",
    "fi": "Hei, olen lomalla 5. toukokuuta asti.",
    "cs": "Dobrý den, jsem do 5. května mimo kancelář.",
}
RECEIVED = {
    "en": "Thank you for your message. We will get back to you as soon as possible.",
    "de": "Vielen Dank für Ihre Nachricht. Wir werden sie so schnell wie möglich bearbeiten.",
    "fr": "Nous avons bien reçu votre demande et vous répondrons dans les meilleurs délais.",
    "es": "Hemos recibido su solicitud y le responderemos lo antes posible.",
    "it": "Abbiamo ricevuto la sua richiesta e le risponderemo al più presto.",
    "nl": "Wij hebben uw bericht in goede orde ontvangen en reageren zo snel mogelijk.",
    "pl": "Otrzymaliśmy Państwa wiadomość i odpowiemy jak najszybciej.",
    "pt": "Recebemos a sua mensagem e responderemos o mais breve possível.",
    "sv": "Tack för ditt mejl. Vi har mottagit ditt ärende och återkommer så snart som möjligt.",
    "da": "Tak for din henvendelse. Vi har modtaget den og vender tilbage hurtigst muligt.",
    "fi": "Kiitos viestistäsi. Olemme vastaanottaneet sen ja vastaamme mahdollisimman pian.",
    "cs": "Děkujeme za vaši zprávu. Přijali jsme ji a odpovíme co nejdříve.",
}  # fmt: skip
SUBJECTS = [
    "Automatic reply: An open letter", "Out of Office: An open letter", "Re: Automatic reply: x",
    "Automatische Antwort: Offener Brief", "Abwesenheitsnotiz", "Eingangsbestätigung",
    "Réponse automatique : Lettre", "Respuesta automática: Carta", "Risposta automatica: Lettera",
    "Automatisch antwoord: Brief", "Odpowiedź automatyczna: List", "Resposta automática: Carta",
    "Autosvar: Brev", "Automatisk svar: Brev", "Automaattinen vastaus: Kirje",
    "Automatická odpověď: Dopis",
]  # fmt: skip


@pytest.mark.parametrize("language", OUT)
def test_an_absence_is_known_by_its_words_in_twelve_languages(language: str) -> None:
    seen = mail("Re: An open letter", OUT[language])
    assert (seen.kind, seen.auto_note) == (Kind.AUTO_REPLY, AutoNote.OUT_OF_OFFICE)


@pytest.mark.parametrize("language", RECEIVED)
def test_an_acknowledgement_is_known_by_its_words_in_twelve_languages(language: str) -> None:
    seen = mail("Re: An open letter", RECEIVED[language])
    assert (seen.kind, seen.auto_note) == (Kind.AUTO_REPLY, AutoNote.CONFIRMS_RECEIPT)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_automatic_reply_is_known_by_its_subject(subject: str) -> None:
    assert mail(subject, "…").kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-generated\n",
        "X-Autoreply: yes\n",
        "X-Autorespond: An open letter\n",
        "Precedence: auto_reply\n",
        "Precedence: bulk\n",
        "Return-Path: <>\n",
        "Delivered-To: Autoresponder\n",
    ],
)
def test_an_automatic_reply_is_known_by_its_headers(more: str) -> None:
    seen = mail("Re: An open letter", "Hello.", more=more)
    assert (seen.kind, seen.auto_note) == (Kind.AUTO_REPLY, AutoNote.OTHER)


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("This mailbox is not monitored. Please use our web form.", AutoNote.UNMONITORED),
        ("Diese Adresse wird nicht gelesen.", AutoNote.UNMONITORED),
        ("Mary Jones no longer works for the company.", AutoNote.LEFT),
        ("Frau Jones ist nicht mehr bei uns beschäftigt.", AutoNote.LEFT),
    ],
)
def test_an_automatic_reply_says_what_became_of_the_address(body: str, note: AutoNote) -> None:
    seen = mail("Automatic reply: x", body)
    assert (seen.kind, seen.auto_note) == (Kind.AUTO_REPLY, note)


# ---- replies --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "body", "local"),
    [
        ("Re: An open letter", "We got 512 4.1.2 requests.", "ethics"),
        ("Re: An open letter", "550 5.1.1 is what your server said at first.", "postmaster"),
        ("Re: Mail delivery failed: returning message to sender", "It works now.", "ethics"),
        ("Your letter", "The delivery of the figures failed last year; we are sorry.", "ethics"),
        ("Your letter", "We have received your letter.\n1. Yes.\n2. No.\n3. Soon.", "ethics"),
        ("Your letter", "Thank you for your letter. Our answers are below.", "ethics"),
        ("Fwd: An open letter", "", "ethics"),
        ("Re: Out of office policy", "We have one. It was written in 2019.", "ethics"),
    ],
)
def test_a_persons_reply_is_a_reply_whatever_it_talks_about(
    subject: str, body: str, local: str
) -> None:
    assert mail(subject, body, sender=f"{local}@company.example").kind is Kind.REPLY


@pytest.mark.parametrize("sender", [b"ethics@company.example", b"postmaster@company.example"])
def test_a_report_attached_to_a_persons_mail_does_not_make_it_a_bounce(sender: bytes) -> None:
    inner = (MAIL / "dsn-user-unknown.eml").read_bytes()
    raw = (
        b"From: " + sender + b"\nSubject: Your letter\n"
        b"Content-Type: multipart/mixed; boundary=outer\n\n--outer\n\nWhat does this mean?\n"
        b"--outer\nContent-Type: message/rfc822\n\n" + inner + b"\n--outer--\n"
    )
    assert read_bytes(raw).kind is Kind.REPLY


@pytest.mark.parametrize("body", ["", "> only\n> what you wrote"])
def test_an_empty_reply_and_one_that_only_quotes_have_no_text(body: str) -> None:
    seen = mail("Re: An open letter", body)
    assert (seen.kind, seen.text) == (Kind.REPLY, "")
