"""Words of the demonstration. The organisation and every company are invented (`.example`)."""

from __future__ import annotations

from typing import Any, NamedTuple

from campaign.drafting.completeness import unwrapped
from campaign.drafting.placeholders import FieldKind
from campaign.evidence.figure_rules import Denominator, SourceKind

TITLE = "Who can copy what your speaker heard?"
SUMMARY = (
    "Voice assistants keep recordings in their makers' clouds. Forensic software sold to police"
    " forces can copy them with nothing but a log-in found on a telephone. We asked the makers"
    " what they keep, for how long, and what they ask to see before they hand it over."
)
QUESTIONS = (
    "For how long do you keep voice recordings, and can a customer delete each of them for good?",
    "Which legal process do you require before you disclose recordings to a public authority?",
    "Do you notice when recordings are copied by forensic software, and do you tell the customer?",
)
SECOND_TITLE = "Will it still work when the servers are switched off?"
SECOND_SUMMARY = (
    "Smart lamps, locks and thermostats stop working when their maker ends a service. We asked"
    " makers how long they promise to keep their services running."
)
SECOND_QUESTIONS = (
    "Until which date do you promise updates for each device that you sell today?",
    "What will still work without your servers?",
)
SUBJECT = "Copies of voice recordings: what you keep, and who can get it"
BODY = unwrapped("""\
Dear ((contact.salutation)),

We are ((organisation.name)), an independent organisation that defends people's rights in a
connected world.

Our research shows that recordings made by voice assistants can be copied from a customer's
account with widely sold forensic software.[^1] No order of a court is needed for it, and the
customer does not learn of it. We therefore **ask for your position on the use of such software
by public authorities**, and for your answers to these questions:

((questions))

Please answer no later than **((deadline.long))**. Write to ((reply.address)).

((publication_notice))

((how_to_confidential))

((how_to_more_time))

## What our research found

- Forensic software reaches cloud storage with the credentials that a telephone keeps.
- Recordings can be searched by voice, word and place once they have been copied.
- Nothing in the account shows the customer that a copy was made.

> People believe that what they said in their kitchen stays with the maker of the device.
> It stays with whoever has the log-in.

## People do not know where their recordings are

((chart: what-people-know-of-their-recordings/where))

((chart: what-people-know-of-their-recordings/told))

How we handle personal data stands in [our privacy notice](((privacy_link))).

We look forward to hearing from you.

[^1]: Laboratory note 7 of ((organisation.name)), section 3: accounts of our own, copied in
    September with two products on the market.
""")
POLL: dict[str, Any] = {
    "title": "What people know of their recordings",
    "pollster": "Allermark Polls",
    "client": "Brightwater Digital Rights",
    "method": "online",
    "universe": "adults in Allermark",
    "sample_size": 1_204,
    "weighted": True,
    "invented": True,
    "questions": """\
where: Do you know where recordings that your voice assistant makes are stored?
I have never thought about it: 43
I have thought about it and do not know: 24.5
I know roughly: 22
I know exactly: 10.5

told: Would you want to be told when somebody copies your recordings?
Yes, always: 71
Yes, unless a court forbids it: 18.5
No: 6
I do not know: 4.5
""",
}
REPORT: dict[str, Any] = {
    "title": "Requests for our customers' recordings",
    "period_label": "January–June",
    "source_kind": SourceKind.PRIMARY,
    "invented": True,
}
FIGURES: tuple[dict[str, Any], ...] = (
    {
        "short_name": "search-warrants",
        "label": "Search warrants received",
        "value": "1,618",
        "locator": "page 2",
    },
    {
        "short_name": "answered-in-full",
        "label": "Search warrants answered in full",
        "value": "42%",
        "denominator": Denominator.REQUESTS_RECEIVED,
        "locator": "page 2",
    },
    {
        "short_name": "national-security",
        "label": "National security requests",
        "value": "0-249",
        "locator": "page 3",
    },
    {
        "short_name": "from-abroad",
        "label": "Requests from other countries",
        "value": "not reported",
    },
)
SECOND_FIELD: dict[str, Any] = {
    "name": "needs_servers",
    "kind": FieldKind.YES_NO,
    "label": "Its devices do nothing without its servers",
}
SECOND_SUBJECT = "How long your devices will work"


class DemoCompany(NamedTuple):
    """An invented company: name, slug, country, zone, office and its address."""

    name: str
    slug: str
    country: str
    zone: str
    office: str
    email: str


FULL = DemoCompany(
    "Brindlewick Audio",
    "brindlewick-audio",
    "GB",
    "Europe/London",
    "privacy office",
    "privacy@brindlewick.example",
)
PARTIAL = DemoCompany(
    "Tessaro Home",
    "tessaro-home",
    "IE",
    "Europe/Dublin",
    "data protection officer",
    "dpo@tessaro.example",
)
LATE = DemoCompany(
    "Wexcombe Sound",
    "wexcombe-sound",
    "GB",
    "Europe/London",
    "press office",
    "press@wexcombe.example",
)
DECLINED = DemoCompany(
    "Orrinvale Devices",
    "orrinvale-devices",
    "GB",
    "Europe/London",
    "legal department",
    "legal@orrinvale.example",
)
EXTENDED = DemoCompany(
    "Fennimoor Smart Home",
    "fennimoor-smart-home",
    "DE",
    "Europe/Berlin",
    "privacy office",
    "datenschutz@fennimoor.example",
)
NOT_REACHED = DemoCompany(
    "Quarrymeade Electronics",
    "quarrymeade-electronics",
    "GB",
    "Europe/London",
    "customer service",
    "unknown-user@quarrymeade.example",
)
RESENT = DemoCompany(
    "Larkspindle Lighting",
    "larkspindle-lighting",
    "NL",
    "Europe/Amsterdam",
    "privacy office",
    "unknown-user@larkspindle.example",
)
SILENT = DemoCompany(
    "Haldenbrook Home",
    "haldenbrook-home",
    "GB",
    "Europe/London",
    "privacy office",
    "privacy@haldenbrook.example",
)
# Its zone is chosen so that its days end before those of the silent company.
ACKNOWLEDGED = (
    "Kitemoor Instruments",
    "kitemoor-instruments",
    "public affairs",
    "affairs@kitemoor.example",
)
EASTERN = (
    ("NZ", "Pacific/Auckland"),
    ("AU", "Australia/Sydney"),
    ("JP", "Asia/Tokyo"),
    ("KR", "Asia/Seoul"),
    ("SG", "Asia/Singapore"),
    ("IN", "Asia/Kolkata"),
)
SECOND = (
    DemoCompany(
        "Ambrel Thermostats",
        "ambrel-thermostats",
        "GB",
        "Europe/London",
        "product team",
        "product@ambrel.example",
    ),
    DemoCompany(
        "Dovetide Locks",
        "dovetide-locks",
        "FR",
        "Europe/Paris",
        "service client",
        "service@dovetide.example",
    ),
    DemoCompany(
        "Nettlecroft Lamps",
        "nettlecroft-lamps",
        "GB",
        "Europe/London",
        "customer care",
        "care@nettlecroft.example",
    ),
)

REPLY_FULL = """\
Dear Ms Okonjo,

thank you for your letter. Our answers, in the order of your
questions:

1. We keep a recording for 30 days. A customer can delete each
   one in the app; it is removed from our servers within 24
   hours and from backups within 14 days.
2. We require a warrant issued by a court of the country in
   which the account was opened. In the past year we received
   14 and disclosed recordings for 9 of them.
3. We notice sign-ins from unknown software and end them. The
   customer gets an e-mail each time.

You may publish this answer in full.

Kind regards,
Thea Lindqvist
Head of Privacy, Brindlewick Audio
"""
REPLY_PARTIAL = """\
Hello,

on your first question: recordings are kept until the customer
deletes them, or for 18 months. On your second: we ask for an
order of a court. We do not comment on security measures.

Regards,
Office of the Data Protection Officer, Tessaro Home
"""
REPLY_LATE = """\
Dear Ms Okonjo,

apologies for the delay. We keep recordings for 90 days;
customers can delete them at any time (question 1). We
disclose recordings only on an order of a court (question 2).
Copies made with a valid log-in cannot be told from ordinary
use, and we are working on a notice to customers (question 3).

For anything further, my colleague Tilda Brook can be reached
at tilda.brook@wexcombe.example.

Yours sincerely,
Press office, Wexcombe Sound
"""
REPLY_DECLINED = """\
Dear Sir or Madam,

we do not take part in surveys of this kind and will not
answer your questions.

Legal department, Orrinvale Devices
"""
REPLY_MORE_TIME = """\
Dear Ms Okonjo,

your questions touch three departments of ours. Could we have
three more weeks for a full answer?

Kind regards,
Jonas Wendel, Fennimoor Smart Home
"""
REPLY_ACKNOWLEDGED = """\
Thank you for your letter, which I have passed on to my
colleagues.

Best wishes,
Public affairs, Kitemoor Instruments
"""
AUTOMATIC = """\
Thank you for contacting Haldenbrook Home. We have received
your request and opened ticket HB-20418. Please do not reply
to this message; it was sent automatically.
"""
REPLY_WAITING = """\
Hello,

here is our list of dates for question 1. On question 2,
heating and hot water can always be set at the device itself.

Ambrel Thermostats, product team
"""
COMMENT_PARTIAL = "The third question, on what customers are told, was left out."
EXTENSION_WHY = "Three departments have to agree on the answer."
NOT_REACHED_WHY = (
    "The only address that the company publishes does not exist, and its form gives an error."
)
