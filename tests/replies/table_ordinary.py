"""Mail of persons and ordinary machines that speaks of failures, and must be no bounce.

Each row: name, From, Subject, further header lines, body, and whether a person wrote it, so that
it must be a reply. All of it is written.
"""

from __future__ import annotations

Row = tuple[str, str, str, str, str, bool]

X = "Mary Larch <ethics@firm.example>"

QUOTED_BOUNCE = """On Tue, 3 Mar 2026 at 10:00, Clear Answers wrote:
> This message was created automatically by mail delivery software.
>
> A message that you sent could not be delivered to one or more of its
> recipients. This is a permanent error. The following address(es) failed:
>
>   ethics@firm.example
>     550 5.1.1 User unknown
"""

INLINE_BOUNCE = """-----Original Message-----
From: Mail Delivery Subsystem <MAILER-DAEMON@mx.relay.example>
Sent: Tuesday, 3 March 2026 10:00
To: letters@letters.example.org
Subject: Undeliverable: An open letter

Delivery has failed to these recipients or groups:

ethics@firm.example
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##
"""

ROWS: list[Row] = [
    # persons
    ("a reply that quotes a bounce", X, "Re: An open letter", "",
     f"Sorry, our server had trouble. This address works now.\n\n{QUOTED_BOUNCE}", True),
    ("a reply that holds a bounce without marks", X, "RE: Undeliverable: An open letter", "",
     f"We looked into this: the mailbox exists again.\n\n{INLINE_BOUNCE}", True),
    ("a person forwards a bounce", X, "Fwd: Undeliverable: An open letter", "",
     f"Our colleague sent us this. Can you send the letter again?\n\n{INLINE_BOUNCE}", True),
    ("a person forwards a bounce and says nothing", X, "WG: Unzustellbar: Ein offener Brief", "", INLINE_BOUNCE,
     True),
    ("a person forwards one from postmaster", "Postmaster <postmaster@firm.example>", "Fwd: failure notice", "",
     f"Hello, I am the postmaster here. Does this concern you?\n\n{INLINE_BOUNCE}", True),
    ("numbers that look like codes", X, "Re: An open letter", "", "We received 512 4.1.2 requests and refused 550.",
     True),
    ("undeliverable goods", X, "Your letter", "",
     "In 2025 there were undeliverable goods, 550 items in all, returned to the sender. The rest was delivered.",
     True),
    ("undelivered goods as the subject", X, "Undelivered goods 2025", "",
     "The goods could not be delivered to 550 customers, whose address was unknown. They were returned to sender.",
     True),
    ("a letter about user accounts", X, "Our answer", "",
     "Where the user is unknown or the account does not exist, we reject the request.\nWe rejected 41.", True),
    ("a letter about quotas", X, "Re: An open letter", "",
     "The mailbox was full, quota exceeded, so your first letter was rejected. We have it now. Here is our answer: "
     "we do not share data.", True),
    ("away, but here is the answer", X, "Re: An open letter", "",
     "I am out of the office next week, but here is our answer: we received 512 requests.", True),
    ("away, and the answers are below", X, "Re: An open letter", "",
     "I will be on leave from Monday, so I answer now.\n1. 512 requests.\n2. We refused 41.", True),
    ("away, and somebody else will answer, in german", X, "AW: Ein offener Brief", "",
     "Ich bin nächste Woche im Urlaub; anbei unsere Antwort.", True),
    ("thanks and the answers", X, "Re: An open letter", "",
     "Thank you for your letter. Please find attached our statement.", True),
    ("asks for more time", X, "Re: An open letter", "", "Could we have two more weeks, please?", True),
    ("declines", X, "Re: An open letter", "", "We decline to answer.", True),
    ("asks who we are", X, "Re: An open letter", "", "Who are you and what is this about?", True),
    ("a person whose name is Mailer", "Otto Mailer <otto.mailer@firm.example>", "Re: An open letter", "",
     "Nothing failed on our side.", True),
    ("a person called system", "IT System Team <it@firm.example>", "Your letter", "",
     "We run the mail system. Your letter was read by nobody yet; we pass it on.", True),
    ("the administrator writes", "System Administrator <admin@firm.example>", "Re: Your letter", "",
     "I forwarded it to the privacy officer. Regards, the administrator", True),
    ("postmaster answers", "postmaster@firm.example", "Re: An open letter", "",
     "550 5.1.1 is what your server said at first. Try office@firm.example, please.", True),
    ("postmaster writes of his own", "postmaster@firm.example", "Your letter to us", "",
     "Dear Clear Answers, the privacy officer asked me to tell you that she reads her mail again.", True),
    ("the press office", "press@firm.example", "Delivery of our statement", "",
     "Our statement is delivered with this message. It was not returned by any of the other recipients.", True),
    ("through a mailing list", X, "[talk] An open letter", "List-Id: <talk.lists.example>\nList-Post: "
     "<mailto:talk@lists.example>\n", "I think that the mail was returned, user unknown, as I told you.", True),
    ("an empty answer", X, "Re: An open letter", "", "", True),
    ("a question about spam", X, "Re: An open letter", "",
     "Your mail was blocked by our spam filter first. What do you want to know?", True),
    ("in russian", X, "Re: Открытое письмо", "", "Мы не смогли найти ваш вопрос. Ваше письмо не было доставлено "
     "сразу.", True),
    ("in japanese", X, "Re: 公開質問状", "", "ご質問のメールは届きました。担当者が見つかりませんでしたが、確認します。", True),
    ("in german, of post", X, "Ihr Brief", "", "Ihr Brief vom 3. März war unzustellbar und kam zurück; senden Sie "
     "ihn bitte an unsere neue Adresse.", True),
    ("says what a robot says", X, "Re: An open letter", "",
     "We do not use automated decisions. Our answers: no robots decide.\n1. None.\n2. None.", True),
    ("speaks of captchas", X, "Our answer", "",
     "You asked how we make sure that it is a human: we use a captcha. Our position is on our site.", True),
    ('more: p1', X, 'Re: An open letter', "", 'Dear Clear Answers,\n\nThank you for your letter of 3 March. We take privacy seriously. In 2025 we received 512 requests from authorities, of which we refused 41. We keep logs for 30 days.\n\nYours sincerely,\nMary Larch', True),
    ('more: p2', X, 'Re: An open letter', "", 'Thank you for your message. Could you tell me which organisation you represent, and by when you need the answers?', True),
    ('more: p4', X, 'Re: An open letter', "", 'Thanks. I forwarded this to our legal department; they will get back to you.', True),
    ('more: p5', X, 'Re: An open letter', "", 'No comment.', True),
    ('more: p6', X, 'Re: An open letter', "", 'Please stop writing to us.', True),
    ('more: p7', X, 'Re: An open letter', "", 'I am not the right person. Please write to bob@firm.example, who is responsible for privacy.', True),
    ('more: p8', X, 'Re: An open letter', "", 'We automatically delete all logs after 30 days. No automated reply system is in use.', True),
    ('more: p9', X, 'Re: An open letter', "", 'Our answers are in the attached document.', True),
    ('more: p10', X, 'AW: Offener Brief', "", 'Sehr geehrte Damen und Herren,\nvielen Dank für Ihre Anfrage. Wir speichern keine Daten. Mit freundlichen Grüßen', True),
    ('more: p11', X, 'Re: Lettre ouverte', "", 'Bonjour, merci pour votre message. Nous ne conservons pas ces données.', True),
    ('more: p12', X, 'Re: An open letter', "", 'Mary is on parental leave, so I answer in her place: we do not share data with anyone.', True),
    ('more: p13', X, 'Re: An open letter', "", 'Hi, we received your ticket #123456 letter; the answer to all three questions is no.', True),
    ('more: p14', X, 'Re: An open letter', "", 'Please find our reply attached.\n\nThis e-mail was automatically scanned for viruses.', True),
    ('more: p15', X, 'Re: An open letter', "", 'We will not answer.', True),
    ('more: p16', X, 'Re: An open letter', "", 'Thank you for contacting us. Firm does not disclose customer data without a court order. We refer you to our privacy policy at https://firm.example/privacy.', True),
    ('more: p17', X, 'Holiday schedule', "", 'We are closed in August, but will answer your letter in September. Is that OK?', True),
    ('more: p18', X, 'Re: An open letter', "", 'We cannot deliver an answer before Friday; our mail was returned to us, it said user unknown.', True),
    ('more: p19', X, 'Re: An open letter', "", 'Who reads this address? Nobody reads it, I believe. I do: yes to question 1.', True),
    ('more: p20', X, 'Re: An open letter', "", 'Dear sirs, as we no longer work with that supplier, we hold no such data.', True),
    ('more: p21', X, 'Re: An open letter', "", 'I was out of the office last week, hence my late reply. We agree to everything.', True),
    # machines
    ("a newsletter on deliverability", "Mail Tips <news@tips.example>", "Why e-mail delivery failed in 2025",
     "List-Unsubscribe: <https://tips.example/u>\nPrecedence: bulk\n",
     "550 5.1.1 User unknown: what the code means. Undeliverable mail costs you. Mailbox full? Read on.", False),
    ("a parcel", "Delivery <delivery@parcels.example>", "Delivery failed: your parcel could not be delivered", "",
     "Your parcel could not be delivered: address unknown. It is returned to sender. Questions? support@parcels."
     "example", False),
    ("a parcel arrived", "Delivery <delivery@parcels.example>", "Delivered: your parcel", "",
     "Your parcel was delivered to the front door.", False),
    ("an invoice", "Billing <billing@hoster.example>", "Invoice 550-511: payment failed",
     "List-Unsubscribe: <https://hoster.example/u>\n", "Payment was rejected. Account 5.1.1. Quota exceeded.", False),
    ("a payment failed", "system@bank.example", "Transaction failed", "",
     "The transfer to the recipient was rejected: account unknown.", False),
    ("a build server", "root@ci.letters.example.org", "Build failed: mail tests", "",
     "Test of the user lookup failed: account does not exist.", False),
    ("cron", "Cron Daemon <root@host.letters.example.org>", "Cron <root@host> backup", "Auto-Submitted: "
     "auto-generated\n", "backup failed: disk full, quota exceeded", False),
    ("a digest of a list", "talk-request@lists.example", "Talk Digest, Vol 5, Issue 11",
     "List-Id: <talk.lists.example>\nList-Unsubscribe: <mailto:x@lists.example>\nPrecedence: list\n",
     "Message: 1\nFrom: a@b.example\nSubject: Undeliverable mail\n\n550 5.1.1 user unknown, it says.", False),
    ("a statistic", "postmaster@letters.example.org", "Mail statistics for March", "",
     "delivered 512, bounced 41, deferred 5, rejected 1.", False),
]  # fmt: skip

# A person's mail with what looks like a report in it; `{inner}` is a whole bounce.
ATTACHED = [
    ("as an attached mail", "message/rfc822", "{inner}"),
    ("as an attachment named delivery-status", 'message/delivery-status; name="delivery-status"',
     "Reporting-MTA: dns; mx.relay.example\n\nFinal-Recipient: rfc822; ethics@firm.example\nAction: failed\n"
     "Status: 5.1.1\n"),
    ("as text", "text/plain; name=bounce.txt\nContent-Disposition: attachment; filename=delivery-status.txt",
     "{inner}"),
    ("as returned headers", "text/rfc822-headers", "Message-ID: <open-letter-1@letters.example.org>\n"),
]  # fmt: skip
