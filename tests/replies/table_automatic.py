"""Automatic mail that reports no delivery: absences, tickets, challenges, lists, complaints, receipts.

Each row: name, From, Subject, further header lines, body, what it is. All of it is written.
"""

from __future__ import annotations

from campaign.replies.kinds import AutoNote

Row = tuple[str, str, str, str, str, AutoNote]

X = "ethics@firm.example"
M = "Mary Larch <mary.larch@firm.example>"
_N = AutoNote
_PLAIN = ""
_AUTO = "Auto-Submitted: auto-replied\n"

ROWS: list[Row] = [
    # absences, in the languages of business, none with a header that tells
    ("english", X, "Re: An open letter", _PLAIN,
     "I am out of the office with no access to e-mail and will return on 9 March.", _N.OUT_OF_OFFICE),
    ("german", X, "AW: Ein offener Brief", _PLAIN,
     "Vielen Dank für Ihre Nachricht. Ich bin ab dem 9. März wieder im Büro erreichbar.", _N.OUT_OF_OFFICE),
    ("russian", X, "Автоответ: Открытое письмо", _PLAIN,
     "Здравствуйте! Я в отпуске до 9 марта.", _N.OUT_OF_OFFICE),
    ("ukrainian", X, "Re: An open letter", _PLAIN, "Вітаю! Я у відпустці до 9 березня.", _N.OUT_OF_OFFICE),
    ("japanese", X, "Re: An open letter", _PLAIN,
     "お世話になっております。3月9日まで休暇をいただいており、不在にしております。", _N.OUT_OF_OFFICE),
    ("chinese", X, "自动回复: An open letter", _PLAIN, "您好，我正在休假，3月9日回来。", _N.OUT_OF_OFFICE),
    ("korean", X, "부재중: An open letter", _PLAIN, "현재 휴가 중입니다. 3월 9일에 복귀합니다.", _N.OUT_OF_OFFICE),
    ("turkish", X, "Otomatik yanıt: An open letter", _PLAIN, "9 Mart'a kadar yıllık izindeyim.",
     _N.OUT_OF_OFFICE),
    ("hungarian", X, "Automatikus válasz: An open letter", _PLAIN, "Március 9-ig szabadságon vagyok.",
     _N.OUT_OF_OFFICE),
    ("romanian", X, "Răspuns automat: An open letter", _PLAIN, "Sunt în concediu până la 9 martie.",
     _N.OUT_OF_OFFICE),
    ("greek", X, "Αυτόματη απάντηση: An open letter", _PLAIN, "Απουσιάζω έως τις 9 Μαρτίου.", _N.OUT_OF_OFFICE),
    ("bulgarian", X, "Автоматичен отговор: An open letter", _PLAIN, "В отпуска съм до 9 март.",
     _N.OUT_OF_OFFICE),
    ("croatian", X, "Automatski odgovor: An open letter", _PLAIN, "Na godišnjem sam odmoru do 9. ožujka.",
     _N.OUT_OF_OFFICE),
    ("slovak", X, "Automatická odpoveď: An open letter", _PLAIN, "Do 9. marca som na dovolenke.",
     _N.OUT_OF_OFFICE),
    ("norwegian", X, "Automatisk svar: An open letter", _PLAIN, "Jeg er på ferie til 9. mars.",
     _N.OUT_OF_OFFICE),
    ("estonian", X, "Automaatvastus: An open letter", _AUTO, "Olen puhkusel 9. märtsini.", _N.OUT_OF_OFFICE),
    ("arabic", X, "رد تلقائي: An open letter", _PLAIN, "أنا في إجازة حتى 9 مارس.", _N.OUT_OF_OFFICE),
    ("hebrew", X, "מענה אוטומטי: An open letter", _PLAIN, "אני בחופשה עד 9 במרץ.", _N.OUT_OF_OFFICE),
    ("vacation of sieve", X, "Auto: An open letter", "Return-Path: <>\n" + _AUTO, "I am away.", _N.OUT_OF_OFFICE),
    ("exchange", X, "Automatic reply: An open letter",
     "X-Auto-Response-Suppress: All\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n" + _AUTO,
     "Thank you for your e-mail. I am on annual leave until 9 March.", _N.OUT_OF_OFFICE),
    ("notes", X, "Mary Larch is out of the office (returning 9 March)", _PLAIN,
     "I will be out of the office starting 2 March and will not return until 9 March.", _N.OUT_OF_OFFICE),
    ("a machine says that she has left", X, "Re: An open letter", _AUTO,
     "Ms Larch no longer works for the company. Please write to office@firm.example.", _N.LEFT),
    ("left, in japanese", X, "自動返信: An open letter", _PLAIN, "鈴木は3月に退職いたしました。", _N.LEFT),
    ("left, in french", X, "Réponse automatique : Lettre", _PLAIN, "Mme Larch a quitté la société.", _N.LEFT),
    ("nobody reads", "noreply@firm.example", "Re: An open letter", _PLAIN,
     "This mailbox is not monitored. Please use our web form.", _N.UNMONITORED),
    ("nobody reads, in russian", X, "Re: An open letter", _AUTO, "Этот ящик не проверяется.", _N.UNMONITORED),
    ("an absence that a mail system passes on", "postmaster@firm.example", "Automatic reply: An open letter",
     "Return-Path: <>\n", "I am out of the office until 9 March. Your message was not delivered to anyone else.",
     _N.OUT_OF_OFFICE),
    # tickets and confirmations
    ("zendesk", "Firm Support <support@firm.example>", "[Request received] An open letter",
     "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
     "## Please type your reply above this line ##\n\nYour request (40213) has been received and is being "
     "reviewed by our support staff.", _N.CONFIRMS_RECEIPT),
    ("otrs", "support@firm.example", "RE: An open letter [Ticket#2026030310000123]", "Precedence: bulk\n",
     "Thank you for your e-mail. Your ticket number is 2026030310000123. We will answer as soon as possible.",
     _N.CONFIRMS_RECEIPT),
    ("jira", "jira@firm.example", "HELP-311 An open letter", "Auto-Submitted: auto-generated\n",
     "Just confirming that we got your request. We're on it.", _N.OTHER),
    ("freshdesk, no header", "support@firm.example", "Ticket received - An open letter", _PLAIN,
     "Dear sender,\nwe would like to acknowledge that we have received your request and a ticket has been "
     "created.", _N.CONFIRMS_RECEIPT),
    ("request tracker", "privacy@firm.example", "[firm.example #4711] AutoReply: An open letter", _PLAIN,
     "This message has been automatically generated in response to the creation of a trouble ticket. "
     "There is no need to reply to this message right now. Your ticket has been assigned an ID of #4711.",
     _N.CONFIRMS_RECEIPT),
    ("privacy portal", "privacy-no-reply@firm.example", "We received your request", _PLAIN,
     "We have received your request and will respond within 30 days.", _N.CONFIRMS_RECEIPT),
    ("confirmation in german", "info@firm.example", "Eingangsbestätigung Ihrer Anfrage", _PLAIN,
     "Ihre Anfrage ist bei uns eingegangen. Wir melden uns in Kürze.", _N.CONFIRMS_RECEIPT),
    ("confirmation in japanese", "info@firm.example", "お問い合わせを受け付けました", _PLAIN,
     "お問い合わせいただきありがとうございます。内容を確認のうえ、折り返しご連絡いたします。", _N.CONFIRMS_RECEIPT),
    ("confirmation in chinese", "info@firm.example", "自动回复：已收到", _PLAIN,
     "我们已收到您的邮件，会尽快回复您。", _N.CONFIRMS_RECEIPT),
    ("confirmation in russian", "info@firm.example", "Ваше обращение получено", _PLAIN,
     "Спасибо за обращение! Мы ответим вам в ближайшее время.", _N.CONFIRMS_RECEIPT),
    ("confirmation in korean", "info@firm.example", "문의가 접수되었습니다", _AUTO,
     "문의해 주셔서 감사합니다. 빠른 시일 내에 답변 드리겠습니다.", _N.CONFIRMS_RECEIPT),
    ("a ticket with our words as subject", "support@firm.example", "Re: An open letter", _PLAIN,
     "Thank you for contacting us. Your case number is CAS-40213. We will get back to you shortly.",
     _N.CONFIRMS_RECEIPT),
    # held back until somebody shows that a person wrote
    ("challenge, in general", X, "Re: An open letter", _PLAIN,
     "Please confirm that you are human: click https://firm.example/c/1 so that your message can be delivered.",
     _N.CHALLENGE),
    ("boxbe", X, "Re: An open letter (Action Required)", "X-Boxbe-Response: 1\n",
     "Your message to ethics@firm.example is waiting. To have your message delivered, click the link below.",
     _N.CHALLENGE),
    ("spam arrest", X, "Re: An open letter (verification)", _PLAIN,
     "This message was sent by an anti-spam service. Please click the link to confirm that you are a person and "
     "not a spam robot: https://firm.example/v/1", _N.CHALLENGE),
    ("tmda", "ethics-confirm-1.abc@firm.example", "Please confirm your message", _AUTO,
     "This message was created automatically. Your message attached below is being held because the address has "
     "not been verified. To release your message for delivery, please reply to this message.", _N.CHALLENGE),
    ("challenge in german", X, "Bitte bestätigen Sie Ihre E-Mail", _AUTO,
     "Bitte bestätigen Sie über diesen Link, dass Sie ein Mensch sind: https://firm.example/c/1", _N.CHALLENGE),
    ("challenge in french", X, "Authentification requise", _AUTO,
     "Merci de cliquer ici pour confirmer votre message : https://firm.example/c/1", _N.CHALLENGE),
    # lists and other programs
    ("majordomo", "Majordomo@lists.firm.example", "Majordomo results: An open letter", _PLAIN,
     ">>>> Dear Sir or Madam,\n**** Command 'dear' not recognized.\n**** Help for majordomo@lists.firm.example:",
     _N.OTHER),
    ("mailman", "staff-bounces@lists.firm.example", "The results of your email commands",
     "Auto-Submitted: auto-replied\nX-Mailman-Version: 2.1\n",
     "The results of your email command are provided below. Attached is your original message.\n\n- Unprocessed:\n"
     "    Dear Sir or Madam,", _N.OTHER),
    ("listserv", "LISTSERV@firm.example", "Re: An open letter", "Auto-Submitted: auto-replied\n",
     "> Dear Sir\nUnknown command - \"DEAR\". Try HELP.\n\nAll subsequent commands have been flushed.", _N.OTHER),
    ("moderated", "staff-bounces@lists.firm.example", "Your message to staff awaits moderator approval",
     "Auto-Submitted: auto-replied\nPrecedence: list\n",
     "Your mail to 'staff' with the subject An open letter is being held until the list moderator can review it "
     "for approval.", _N.OTHER),
    ("dmarc report", "noreply-dmarc@mail.example", "Report domain: letters.example.org Submitter: mail.example "
     "Report-ID: 1", _PLAIN, "This is an aggregate report.", _N.OTHER),
    ("complaint in words", "staff@hotmail.example", "complaint about message from 192.0.2.7", _PLAIN, "", _N.OTHER),
    # more of both, written after the rules were made
    ('more: ooo1', M, 'Out of the office', '',
     'Thank you for your email. I am currently out of the office and will return Monday, March 9th. If your matter is urgent, please contact Bob Stone at bob@firm.example.', _N.OUT_OF_OFFICE),
    ('more: ooo2', M, 'Re: An open letter', '',
     'I will be out of the office starting Monday and returning Friday. I will respond when I am back.', _N.OUT_OF_OFFICE),
    ('more: ooo3', M, 'Away', '',
     'Hi, I am on holiday until 9 March, with limited access to email.', _N.OUT_OF_OFFICE),
    ('more: ooo4', M, 'Vacation', '',
     'I am on vacation. Back on Monday.', _N.OUT_OF_OFFICE),
    ('more: ooo5', M, 'Re: An open letter', '',
     "Hello! I'm away from my desk until Thursday. For urgent matters call 555.", _N.OUT_OF_OFFICE),
    ('more: ooo6', M, 'Auto Re: An open letter', '',
     'I am travelling.', _N.OUT_OF_OFFICE),
    ('more: ooo7', M, '[Auto-Reply] An open letter', '',
     '...', _N.OTHER),
    ('more: ooo8', M, 'An open letter (Automatic reply)', '',
     'I am out', _N.OTHER),
    ('more: ooo9', M, 'AUTO: Mary Larch is out of the office (returning 03/09/2026)', '',
     'I am out of the office until 03/09/2026.\n\nNote: This is an automated response to your message "An open letter" sent on 3/3/2026.', _N.OUT_OF_OFFICE),
    ('more: ooo de', M, 'Abwesend: Offener Brief', '',
     'Ich bin bis zum 9.3. nicht erreichbar. In dringenden Fällen wenden Sie sich bitte an Herrn Stein.', _N.OUT_OF_OFFICE),
    ('more: ooo de2', M, 'Urlaub', '',
     'Ich befinde mich bis 9. März im Urlaub. Ihre E-Mail wird nicht weitergeleitet.', _N.OUT_OF_OFFICE),
    ('more: ooo de3', M, 'Re: Offener Brief', '',
     'Sehr geehrte Damen und Herren,\nvielen Dank für Ihre Nachricht. Leider bin ich derzeit nicht im Büro. Ab dem 9.3. bin ich wieder für Sie da.', _N.OUT_OF_OFFICE),
    ('more: ooo fr', M, 'Absence du bureau', '',
     "Je suis absent(e) jusqu'au 9 mars inclus.", _N.OUT_OF_OFFICE),
    ('more: ooo fr2', M, 'Re: Lettre', '',
     "Bonjour, je suis en congés jusqu'au 9 mars. En cas d'urgence, contactez M. Pierre.", _N.OUT_OF_OFFICE),
    ('more: ooo es', M, 'Re: Carta', '',
     'Me encuentro de vacaciones hasta el 9 de marzo. Para temas urgentes, contacte con Juan.', _N.OUT_OF_OFFICE),
    ('more: ooo it', M, 'Re: Lettera', '',
     'Sono in ferie fino al 9 marzo. Per urgenze contattare Mario.', _N.OUT_OF_OFFICE),
    ('more: ooo nl', M, 'Re: Brief', '',
     'Bedankt voor uw bericht. Ik ben afwezig tot en met 9 maart.', _N.OUT_OF_OFFICE),
    ('more: ooo pl', M, 'Re: List', '',
     'Przebywam na urlopie do 9 marca. W pilnych sprawach proszę o kontakt z Janem.', _N.OUT_OF_OFFICE),
    ('more: ooo pt', M, 'Re: Carta', '',
     'Estou de férias até 9 de março.', _N.OUT_OF_OFFICE),
    ('more: ooo sv', M, 'Re: Brev', '',
     'Jag är på semester t.o.m. 9 mars.', _N.OUT_OF_OFFICE),
    ('more: ooo da', M, 'Re: Brev', '',
     'Jeg holder ferie til den 9. marts.', _N.OUT_OF_OFFICE),
    ('more: ooo no', M, 'Re: Brev', '',
     'Jeg er bortreist til 9. mars.', _N.OUT_OF_OFFICE),
    ('more: ooo fi', M, 'Re: Kirje', '',
     'Olen vuosilomalla 9.3. asti.', _N.OUT_OF_OFFICE),
    ('more: ooo cs', M, 'Re: Dopis', '',
     'Jsem na dovolené do 9. března.', _N.OUT_OF_OFFICE),
    ('more: ooo ja', M, 'Re: letter', '',
     '誠に勝手ながら、3月1日から9日まで夏季休業とさせていただきます。', _N.OUT_OF_OFFICE),
    ('more: ooo ko', M, 'Re: letter', '',
     '저는 현재 출장 중으로 3월 9일에 복귀 예정입니다.', _N.OUT_OF_OFFICE),
    ('more: ooo tr', M, 'Re: letter', '',
     '9 Mart tarihine kadar izindeyim.', _N.OUT_OF_OFFICE),
    ('more: ooo tr at the office', M, 'Re: letter', '',
     '12 Mart tarihine kadar ofis dışındayım.', _N.OUT_OF_OFFICE),
    ('more: ooo uk at the office', M, 'Re: letter', '',
     'Мене немає в офісі до 12 березня.', _N.OUT_OF_OFFICE),
    ('more: ooo vi', M, 'Trả lời tự động: letter', '',
     'Tôi đang nghỉ phép.', _N.OUT_OF_OFFICE),
    ('more: ooo th', M, 'ตอบกลับอัตโนมัติ: letter', '',
     'ไม่อยู่ที่สำนักงาน', _N.OUT_OF_OFFICE),
    ('more: ooo id', M, 'Re: letter', '',
     'Saya sedang cuti hingga 9 Maret.', _N.OUT_OF_OFFICE),
    ('more: ack1', M, 'Thank you for contacting Firm', '',
     'Thank you for contacting Firm. A member of our team will be in touch shortly.', _N.CONFIRMS_RECEIPT),
    ('more: ack2', M, 'Re: An open letter', '',
     'Dear customer,\nthis is an automated message to let you know that your email has arrived. We aim to reply in 5 working days.', _N.OTHER),
    ('more: ack3', 'support@firm.example', 'Case 00123456: An open letter', '',
     'Your case has been created. Case number: 00123456.', _N.CONFIRMS_RECEIPT),
    ('more: ack4', 'support@firm.example', '[##123##] An open letter', '',
     'Your ticket has been created with the ticket ID 123.', _N.CONFIRMS_RECEIPT),
    ('more: ack5', 'service@firm.example', 'Ihre Anfrage vom 3.3.2026 [#4711]', '',
     'Vielen Dank für Ihre Anfrage. Diese wird unter der Nummer 4711 bearbeitet.', _N.CONFIRMS_RECEIPT),
    ('more: ack6', M, 'Bestätigung Ihrer Anfrage', '',
     'Wir haben Ihre Anfrage erhalten und kümmern uns schnellstmöglich darum.', _N.CONFIRMS_RECEIPT),
    ('more: ack7', M, 'Accusé de réception', '',
     'Nous accusons réception de votre message.', _N.CONFIRMS_RECEIPT),
    ('more: ack8', M, 'Confirmation de réception de votre demande', '',
     'Votre demande a bien été enregistrée sous le numéro 4711.', _N.CONFIRMS_RECEIPT),
    ('more: ack9', M, 'Hemos recibido su consulta', '',
     'Gracias por contactar con nosotros. Le responderemos en breve.', _N.CONFIRMS_RECEIPT),
    ('more: ack10', M, 'Richiesta ricevuta', '',
     'La sua richiesta è stata registrata con il numero 4711.', _N.CONFIRMS_RECEIPT),
    ('more: ack11', M, 'Uw e-mail is ontvangen', '',
     'Bedankt voor uw e-mail. Wij reageren binnen 5 werkdagen.', _N.CONFIRMS_RECEIPT),
    ('more: ack12', M, 'Potwierdzenie', '',
     'Dziękujemy za wiadomość. Odpowiemy wkrótce.', _N.CONFIRMS_RECEIPT),
    ('more: ack13', M, 'Recebemos o seu pedido', '',
     'Obrigado pelo seu contacto. Responderemos em breve.', _N.CONFIRMS_RECEIPT),
    ('more: ack14', M, 'Ärende mottaget', '',
     'Tack för ditt mejl. Vi har tagit emot ditt ärende och återkommer inom 3 dagar.', _N.CONFIRMS_RECEIPT),
    ('more: noreply', 'no-reply@firm.example', 'Your message', '',
     'Please do not reply to this email; it is sent automatically.', _N.OTHER),
    ('more: survey', 'no-reply@firm.example', 'How did we do?', '',
     'Please rate our support. This is an automated message.', _N.OTHER),
    ('more: unmon', M, 'Re: An open letter', '',
     'Please note that this email address is no longer in use. Use privacy@firm.example instead.', _N.UNMONITORED),
    ('more: left1', M, 'Re: An open letter', '',
     'Mary Larch has left Firm. Please contact Bob Stone.', _N.LEFT),
    ('more: left2', M, 'Re: An open letter', '',
     'I no longer work at Firm. Please direct your emails to bob@firm.example.', _N.LEFT),
    ('more: left de', M, 'Re: Brief', '',
     'Frau Larch ist nicht mehr für uns tätig. Bitte wenden Sie sich an Herrn Stein.', _N.LEFT),
    ('more: xauto', M, 'Re: An open letter', 'X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\n',
     'We will look into it.', _N.OTHER),
]  # fmt: skip

# Receipts that are only text, and the subjects that mail programs give them.
READ: list[tuple[str, str]] = [
    ("Read: An open letter", "Your message\n\nTo: ethics\nSubject: An open letter\n\nwas read on 3 March 2026."),
    ("Gelesen: Ein offener Brief", "Ihre Nachricht\n\nBetreff: Ein offener Brief\n\nwurde am 3. März 2026 gelesen."),
    ("Lu : Lettre ouverte", "Votre message\n\nObjet : Lettre ouverte\n\na été lu le 3 mars 2026."),
    ("Leído: Carta abierta", "El mensaje\n\nfue leído el 3 de marzo de 2026."),
    ("Letto: Lettera aperta", "Il messaggio\n\nè stato letto il 3 marzo 2026."),
    ("Not read: An open letter", "Your message\n\nwas deleted without being read on 3 March 2026."),
    ("Return Receipt (displayed) - An open letter",
     "This is a Return Receipt for the mail that you sent.\n\nNote: this only acknowledges that the message was "
     "displayed."),
    ("開封済み: An open letter", "このメッセージは開封されました。"),
    ("已读: An open letter", "您的邮件已被阅读。"),
    ("Прочитано: Открытое письмо", "Ваше сообщение прочитано 3 марта 2026 г."),
]  # fmt: skip

FEEDBACK = b"""From: feedback@mail.example
To: letters+b7c1@letters.example.org
Subject: FW: An open letter
Return-Path: <>
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b

This is an email abuse report. The message was rejected as unwanted by ethics@firm.example.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Reporter/1.0
Version: 1
Original-Rcpt-To: <ethics@firm.example>

--b
Content-Type: message/rfc822

Message-ID: <open-letter-1@letters.example.org>
Subject: An open letter

Dear Sir or Madam,
--b--
"""


def disposition(
    said: str, subject: str = "Read: An open letter", report: str = "disposition-notification"
) -> bytes:
    """A message disposition notification (RFC 8098)."""
    return (
        f"From: {X}\nTo: letters+b7c1@letters.example.org\nSubject: {subject}\n"
        f"Content-Type: multipart/report; report-type={report}; boundary=b\n\n"
        "--b\n\nYour message was opened or thrown away.\n--b\nContent-Type: message/disposition-notification\n\n"
        f"Reporting-UA: firm.example\nFinal-Recipient: rfc822; {X}\n"
        "Original-Message-ID: <open-letter-1@letters.example.org>\n"
        f"Disposition: {said}\n--b--\n"
    ).encode()


DISPOSITIONS = [
    "manual-action/MDN-sent-manually; displayed",
    "automatic-action/MDN-sent-automatically; deleted",
    "automatic-action/MDN-sent-automatically; processed",
    "manual-action/MDN-sent-automatically; displayed",
]
