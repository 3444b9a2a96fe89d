"""Reports with fields (RFC 3464), proper and broken, with what each says. Addresses are invented.

Each row: name, what the fields are built from, what it is, whether the address is bad, which
address, which status.
"""

from __future__ import annotations

from typing import Any

from campaign.replies.kinds import Kind
from tests.replies.test_text_reports import FAILED as A
from tests.replies.test_text_reports import US

B, L, R = Kind.BOUNCE, Kind.DELAY, Kind.DELIVERY_RECEIPT
Row = tuple[str, dict[str, Any], Kind, bool | None, str | None, str | None]


def built(
    action: str | None = "failed",
    status: str | None = "5.0.0",
    said: str | None = None,
    *,
    final: str | None = f"rfc822; {A}",
    original: str | None = None,
    text: str = "A report.",
    sender: str = "Mail Delivery System <MAILER-DAEMON@mx.relay.example>",
    subject: str = "Delivery Status Notification",
    kind: str = 'multipart/report; report-type=delivery-status; boundary="b=1"',
    part: str = "message/delivery-status",
    fields: str | None = None,
    returned: str | None = f"Message-ID: <open-letter-1@letters.example.org>\nTo: {A}\n",
    head: str = "",
) -> bytes:
    """The bytes of one report; None leaves a field out."""
    values = [
        ("Original-Recipient", original),
        ("Final-Recipient", final),
        ("Action", action),
        ("Status", status),
        ("Diagnostic-Code", said),
    ]
    group = (
        fields if fields is not None else "".join(f"{n}: {v}\n" for n, v in values if v is not None)
    )
    parts = f"--b=1\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    parts += f"--b=1\nContent-Type: {part}\n\nReporting-MTA: dns; mx.relay.example\n\n{group}\n"
    if returned:
        parts += f"--b=1\nContent-Type: text/rfc822-headers\n\n{returned}\n"
    return (
        f"From: {sender}\nTo: {US}\nSubject: {subject}\n{head}MIME-Version: 1.0\n"
        f"Content-Type: {kind}\n\n{parts}--b=1--\n"
    ).encode()


def _f(**values: Any) -> dict[str, Any]:
    return values


# Whether the address is bad: the status and the words together.
REASONS: list[Row] = [
    (f"{status} {said}", _f(status=status, said=f"smtp; {said}"), B, hard, A, told)
    for status, said, hard, told in [
        # certain by both
        ("5.1.1", "550 5.1.1 User unknown", True, "5.1.1"),
        ("5.1.1", f"550-5.1.1 The email account that you tried to reach does not exist. <{A}>", True, "5.1.1"),
        ("5.1.1", "550 5.1.1 <x>: Recipient address rejected: User unknown in local recipient table", True, "5.1.1"),
        ("5.1.1", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", True, "5.1.1"),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", True,
         "5.1.10"),
        ("5.1.2", "550 5.1.2 Host unknown (Name server: firm.example: host not found)", True, "5.1.2"),
        ("5.1.3", "501 5.1.3 Bad recipient address syntax", True, "5.1.3"),
        ("5.1.6", "551 5.1.6 The mailbox has moved", True, "5.1.6"),
        ("5.1.0", "550 #5.1.0 Address rejected.", True, "5.1.0"),
        ("5.4.4", "X-Postfix; Host or domain name not found. Name service error for name=firm.example", True,
         "5.4.4"),
        ("5.1.2", "554 Domain firm.example does not accept mail (nullMX)", True, "5.1.2"),
        ("5.4.310", "550 5.4.310 DNS domain firm.example does not exist [Message=InfoDomainNonexistent]", True,
         "5.4.310"),
        ("5.1.351", "550 5.1.351 Remote server returned unknown recipient or mailbox unavailable", True, "5.1.351"),
        ("5.1.10", "556 5.1.10 Recipient address has null MX", True, "5.1.10"),
        # a general status, and the words say more
        ("5.0.0", "550 Unknown user ethics", True, "5.0.0"),
        ("5.0.0", f"550 <{A}>, Recipient unknown", True, "5.0.0"),
        ("5.0.0", "550 No such user here", True, "5.0.0"),
        ("5.0.0", "553 sorry, this recipient is not in my validrcptto list (#5.7.1)", False, "5.7.1"),
        ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable", True, "5.5.0"),
        ("5.5.0", "550 user unknown", True, "5.5.0"),
        ("5.3.0", "553 5.3.0 No such user here", True, "5.3.0"),
        ("5.0.0", "550 Invalid recipient (#5.1.1)", True, "5.1.1"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", True, "5.4.1"),
        ("5.0.0", "550 that domain does not exist", True, "5.0.0"),
        ("5.2.1", "550 5.2.1 no such user", True, "5.2.1"),
        ("5.0.0", "550 Addressee unknown, relay=[192.0.2.7]", True, "5.0.0"),
        ("5.0.0", "550 This user has moved; please use <office@firm.example>", True, "5.0.0"),
        ("5.0.0", "550 mailbox not found", True, "5.0.0"),
        ("5.0.0", "550 Account does not exist", True, "5.0.0"),
        ("5.0.0", "550 Not our customer", True, "5.0.0"),
        ("5.0.0", "550 Benutzer existiert nicht", True, "5.0.0"),
        ("5.0.0", "550 Adresse d'un destinataire inexistante: utilisateur inconnu", True, "5.0.0"),
        # the words contradict the status
        ("5.1.1", "552 5.2.2 Mailbox full", False, "5.2.2"),
        ("5.1.1", "552 mailbox is over quota (#5.1.1)", False, "5.1.1"),
        ("5.1.1", "554 5.1.1 Sender address rejected: user unknown", False, "5.1.1"),
        ("5.1.1", "550 5.1.1 blocked using zen.spamhaus.org", False, "5.1.1"),
        ("5.1.1", "550 5.1.1 Mailbox disabled for this recipient", False, "5.1.1"),
        # other failures
        ("5.2.2", "552 5.2.2 The email account that you tried to reach is over quota", False, "5.2.2"),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", False, "5.2.1"),
        ("5.2.1", "550 5.2.1 The user you are trying to contact is receiving mail too quickly", False, "5.2.1"),
        ("5.2.3", "552 5.2.3 Message exceeds fixed size limit", False, "5.2.3"),
        ("5.3.4", "552 5.3.4 Message size exceeds fixed maximum message size", False, "5.3.4"),
        ("5.3.2", "554 5.3.2 System not accepting network messages", False, "5.3.2"),
        ("5.4.6", "554 5.4.6 Too many hops", False, "5.4.6"),
        ("5.4.14", "554 5.4.14 Hop count exceeded - possible mail loop ATTR34", False, "5.4.14"),
        ("5.4.316", "550 5.4.316 Message expired, connection refused", False, "5.4.316"),
        ("5.6.1", "554 5.6.1 Body type not supported by Remote Host", False, "5.6.1"),
        ("5.7.1", "550 5.7.1 Message rejected due to content restrictions", False, "5.7.1"),
        ("5.7.1", "554 5.7.1 <x>: Relay access denied", False, "5.7.1"),
        ("5.7.1", "550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized", False, "5.7.1"),
        ("5.7.1", "550 5.7.1 Unable to relay", False, "5.7.1"),
        ("5.7.1", "554 5.7.1 <x>: Recipient address rejected: Access denied", False, "5.7.1"),
        ("5.7.1", "550 5.7.1 <x>: Recipient address rejected: Please see http://www.openspf.example/Why", False,
         "5.7.1"),
        ("5.0.0", "550 Address rejected", True, "5.0.0"),
        ("5.7.26", "550-5.7.26 This message does not pass authentication checks (SPF and DKIM both do not pass)",
         False, "5.7.26"),
        ("5.7.606", "550 5.7.606 Access denied, banned sending IP [192.0.2.7]", False, "5.7.606"),
        ("5.7.133", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", False,
         "5.7.133"),
        ("5.1.8", "501 5.1.8 Sender domain must exist", False, "5.1.8"),
        ("5.1.7", "550 5.1.7 Invalid address in MAIL FROM", False, "5.1.7"),
        ("5.1.8", "550 5.1.8 Access denied, bad outbound sender", False, "5.1.8"),
        ("5.0.0", "550 SPF check failed", False, "5.0.0"),
        ("5.0.0", "554 Transaction failed", False, "5.0.0"),
        ("5.0.0", "550 Client host rejected: cannot find your reverse hostname, [192.0.2.7]", False, "5.0.0"),
        ("5.0.0", "554 Denied by policy", False, "5.0.0"),
        ("5.0.0", "550 Administrative prohibition", False, "5.0.0"),
        ("5.0.0", "552 Message size exceeds limit", False, "5.0.0"),
        ("5.0.0", "550 Unauthenticated senders not allowed", False, "5.0.0"),
        ("5.0.0", "550 Verification failed for <letters@letters.example.org>: Sender verify failed", False,
         "5.0.0"),
        ("5.0.0", "550 This account has been suspended", False, "5.0.0"),
        ("5.0.0", "554 rejected as spam", False, "5.0.0"),
        ("5.0.0", "550 A virus was found in your message", False, "5.0.0"),
        ("4.4.7", "421 4.4.7 message expired", False, "4.4.7"),
        ("4.4.1", "connect to mx.firm.example[198.51.100.3]:25: Connection timed out", False, "4.4.1"),
        ("4.2.2", "452 4.2.2 Mailbox full", False, "4.2.2"),
        ("4.7.0", "451 4.7.0 Greylisted, try again later", False, "4.7.0"),
        ("4.4.3", "Host or domain name not found. Name service error for name=firm.example type=MX: Host not "
         "found, try again", False, "4.4.3"),
        ("4.1.1", "450 4.1.1 <x>: Recipient address rejected: User unknown in local recipient table", True, "4.1.1"),
        ("4.1.1", "450 4.1.1 <x>: Recipient address rejected: unverified address: Address verification in "
         "progress", False, "4.1.1"),
        ("4.3.1", "452 4.3.1 Insufficient system storage", False, "4.3.1"),
    ]
]  # fmt: skip

# The step at which the other server said no.
STAGES: list[Row] = [
    ("unknown at RCPT", _f(status="5.7.1", said="smtp; 550 5.7.1 User unknown",
     text=f"<{A}>: host mx said: 550 5.7.1 User unknown (in reply to RCPT TO command)"), B, True, A, "5.7.1"),
    ("unknown after the message", _f(status="5.0.0", said="smtp; 550 Unknown user",
     text=f"<{A}>: host mx said: 550 Unknown user (in reply to end of DATA command)"), B, False, A, "5.0.0"),
    ("unknown after the message, certain", _f(status="5.1.1", said="smtp; 550 5.1.1 Unknown user",
     text=f"<{A}>: host mx said: 550 5.1.1 Unknown user (in reply to end of DATA command)"), B, True, A, "5.1.1"),
    ("what sendmail adds counts last", _f(status="5.7.606", said="smtp; 550 5.7.606 Access denied, banned "
     "sending IP", text=f">>> MAIL From:<{US}>\n<<< 550 5.7.606 Access denied, banned sending IP\n"
     f"550 5.1.1 <{A}>... User unknown"), B, False, A, "5.7.606"),
    ("the words are only in the text", _f(said=None, text=f"<{A}>: unknown user"), B, True, A, "5.0.0"),
    ("the reason is a comment of the status", _f(status="5.0.0 (User unknown)"), B, True, A, "5.0.0"),
    ("unix exit code with a word", _f(said="x-unix; 67 user unknown"), B, True, A, "5.0.0"),
    ("diagnostic without its type", _f(said="The email account that you tried to reach does not exist."),
     B, True, A, "5.0.0"),
]  # fmt: skip

FORMS: list[Row] = [
    # what happened
    ("delayed", _f(action="delayed", status="4.4.1", said="smtp; 421 try later"), L, None, A, "4.4.1"),
    ("delayed and still trying", _f(action="delayed", status="4.4.7", text="Delivery is delayed. The server "
     "will keep trying for 2 days."), L, None, A, "4.4.7"),
    ("delayed, but given up", _f(action="delayed", status="4.4.7", text="Giving up: no further delivery "
     "attempts will be made. Your mail is returned."), B, False, A, "4.4.7"),
    ("expired", _f(action="failed", status="4.4.7", said="smtp; 450 try later",
     text="Message expired. Giving up."), B, False, A, "4.4.7"),
    ("delivered", _f(action="delivered", status="2.1.5", said="smtp; 250 ok"), R, None, A, "2.1.5"),
    ("relayed", _f(action="relayed", status="2.0.0"), R, None, A, "2.0.0"),
    ("expanded", _f(action="expanded", status="2.1.5"), R, None, A, "2.1.5"),
    ("action in capitals with a comment", _f(action="FAILED (bounced)", status="5.1.1"), B, True, A, "5.1.1"),
    ("action deliverable", _f(action="deliverable", status="2.1.5"), R, None, A, "2.1.5"),
    ("no action, status 5", _f(action=None, status="5.1.1"), B, True, A, "5.1.1"),
    ("no action, status 4", _f(action=None, status="4.4.1"), L, None, A, "4.4.1"),
    ("no status", _f(status=None, said="smtp; 550 5.1.1 no such user"), B, True, A, "5.1.1"),
    ("no status, no code", _f(status=None, said="smtp; 550 no such user"), B, True, A, None),
    ("neither action nor status", _f(action=None, status=None, said="smtp; 550 5.1.1 unknown"), B, True, A, "5.1.1"),
    # recipients
    ("no space", _f(final=f"rfc822;{A}", status="5.1.1"), B, True, A, "5.1.1"),
    ("capitals and brackets", _f(final=f"RFC822;<{A.upper()}>", status="5.1.1"), B, True, A, "5.1.1"),
    ("no type", _f(final=A, status="5.1.1"), B, True, A, "5.1.1"),
    ("utf-8 type", _f(final="utf-8; büro@firm.example", status="5.1.1",
     part="message/global-delivery-status"), B, True, "büro@firm.example", "5.1.1"),
    ("x400 final", _f(final="x400; /S=ETHICS/O=FIRM/ADMD= /C=XX/", original=f"rfc822; {A}", status="5.1.1"),
     B, True, A, "5.1.1"),
    ("exchange's own form", _f(final="rfc822; IMCEAEX-_O=FIRM_CN=ETHICS@firm.example", original=f"rfc822;{A}",
     status="5.1.1"), B, True, A, "5.1.1"),
    ("xtext", _f(final="rfc822; ethics+40firm.example", status="5.1.1"), B, True, A, "5.1.1"),
    ("a quoted local part", _f(final='rfc822; "press office"@firm.example', status="5.1.1"),
     B, True, '"press office"@firm.example', "5.1.1"),
    ("original only", _f(final=None, original=f"rfc822; {A}", status="5.1.1"), B, True, A, "5.1.1"),
    ("no address in the fields", _f(final="rfc822; ethics", text=f"<{A}>: user unknown", status="5.1.1"),
     B, True, A, "5.1.1"),
    ("no address at all but the returned mail's", _f(final=None, original=None, text="User unknown.",
     status="5.1.1"), B, True, A, "5.1.1"),
    ("two recipients, one delivered", _f(fields=f"Final-Recipient: rfc822; a@firm.example\nAction: delivered\n"
     f"Status: 2.0.0\n\nFinal-Recipient: rfc822; {A}\nAction: failed\nStatus: 5.1.1\n"), B, True, A, "5.1.1"),
    ("two recipients, both failed", _f(fields=f"Final-Recipient: rfc822; {A}\nAction: failed\n"
     "Status: 5.2.2\nDiagnostic-Code: smtp; 552 mailbox full\n\nFinal-Recipient: rfc822; b@firm.example\n"
     "Action: failed\nStatus: 5.1.1\n"), B, False, A, "5.2.2"),
    # broken
    ("a blank line within a group", _f(fields=f"Final-Recipient: rfc822; {A}\n\nAction: failed\n"
     "Status: 5.1.1\n"), B, True, A, "5.1.1"),
    ("no blank line between groups", _f(part="message/delivery-status\n\nX-First: 1",
     status="5.1.1"), B, True, A, "5.1.1"),
    ("without its report-type", _f(kind='multipart/report; boundary="b=1"', status="5.1.1"), B, True, A, "5.1.1"),
    ("multipart/mixed", _f(kind='multipart/mixed; boundary="b=1"', status="5.1.1"), B, True, A, "5.1.1"),
    ("under our own subject", _f(subject="An open letter", sender="postmaster@firm.example", status="5.1.1"),
     B, True, A, "5.1.1"),
    ("under an answer to our subject", _f(subject="Re: An open letter", sender="postmaster@firm.example",
     status="5.1.1"), B, True, A, "5.1.1"),
    ("from somebody's own address", _f(sender="Mary Larch <mary@firm.example>", status="5.1.1"),
     B, True, A, "5.1.1"),
    ("from nobody", _f(sender="<>", status="5.1.1"), B, True, A, "5.1.1"),
    ("the fields in a text part", _f(kind='multipart/mixed; boundary="b=1"', part="text/plain", status="5.1.1"),
     B, True, A, "5.1.1"),
    ("a list's report", _f(head="Precedence: list\n", status="5.1.1"), B, True, A, "5.1.1"),
    ("an automatic one", _f(head="Auto-Submitted: auto-replied\n", status="5.1.1"), B, True, A, "5.1.1"),
    ("exchange online", _f(status="5.1.10", sender="postmaster@firm.example", subject="Undeliverable: An open letter",
     said="smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
     head="X-MS-Exchange-Message-Is-Ndr:\nAuto-Submitted: auto-replied\nIn-Reply-To: "
     "<open-letter-1@letters.example.org>\n"), B, True, A, "5.1.10"),
    ("our own relay's", _f(status="5.1.2", said="smtp; 550 Host unknown", head="Return-Path: <>\n"),
     B, True, A, "5.1.2"),
    ("a remote status in the 5.2 range", _f(status="5.1.1", said="smtp; 552 5.2.2 Over quota"),
     B, False, A, "5.2.2"),
]  # fmt: skip
