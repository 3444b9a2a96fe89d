"""The words by which mail servers give themselves away; the long ones in words/reports.toml."""

from __future__ import annotations

import re

from campaign.replies.phrases import table

_SAYS = table("reports")

# Who writes: local parts and names of mail systems. The first kind is beyond doubt.
SYSTEM_LOCAL = re.compile(
    r"^(?:mailer[-_.]?daemons?|mail[-_.]?daemon|maildaemon|mdaemon|double-bounce|mail-?deamon"
    r"|mailer-daemon[-+.=].*|microsoftexchange[0-9a-f]{32}|mmdf|inet-?gw)$",
    re.I,
)
LIKELY_LOCAL = re.compile(
    r"^(?:mailer|postmaster.*|postmast|post_?office|mailadmin|mail-?system|uucp"
    r"|bounces?(?:[-+_.=].*)?|mail-?delivery.*|delivery-?(?:system|subsystem|failure|status)?"
    r"|mail|mta|smtp|system|sysadmin|administrator|root|daemon|mailsystem|mail-?admin"
    r"|undeliver\w*|returned-?mail|majordomo|listserv|mailman|sympa|list-?master"
    r"|.{1,60}-(?:owner|request|admin"
    r"|bounces)|owner-.{1,60})$",
    re.I,
)
SYSTEM_NAME = _SAYS["system_name"]

# What stands in their subjects.
BOUNCE_SUBJECT = _SAYS["bounce_subject"]
READ_SUBJECT = re.compile(
    r"^\W{0,3}(?:not )?(?:read|gelesen|nicht gelesen|lu|non lu|leíd[oa]|le[ií]do|letto|gelezen"
    r"|lid[oa]|läst"
    r"|læst|lest|luettu|přečteno|przeczytan[eoy]|olvasott|citit|okundu|прочитано|прочтено|displayed"
    r"|return receipt(?: \(displayed\))?|read receipt|lesebestätigung|confirmation de lecture"
    r"|confirmación de lectura|conferma di lettura|confirma[çc][ãa]o de leitura|leesbevestiging"
    r"|开封|已读|已讀|開封済み|開封確認|읽음) ?(?:: |：|\()",
    re.I,
)
COMPLAINS_SUBJECT = re.compile(
    r"^\W*(?:complaint about message from|email feedback report|abuse report|\[?arf\]?:"
    r"|report domain:|dmarc (?:aggregate )?report|feedback[- ]loop|fbl:)",
    re.I,
)

# How mail programs introduce themselves, as the very first words; and how the texts of mail
# systems begin. No person begins a mail so.
INTRODUCTION = _SAYS["introduction"]
SIGNATURE = _SAYS["signature"]
GREETS = _SAYS["greets"]
RETURNS = _SAYS["returns"]

# What they say.
DELAY = _SAYS["delay"]
STILL_TRYING = _SAYS["still_trying"]
GIVEN_UP = _SAYS["given_up"]
FAILURE = _SAYS["failure"]
DELIVERED = _SAYS["delivered"]
READ_BODY = _SAYS["read_body"]
SPEAKS_OF_MAIL = _SAYS["speaks_of_mail"]
SMTP_SAID = re.compile(
    r"(?:^|[\s:>(#])(?P<code>[45][0-5]\d)(?:[ -]|$)|#?(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])",
    re.M,
)
