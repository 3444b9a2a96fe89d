"""The rows of bad-inputs.md on outgoing mail and SMTP, A.1-20 and B.21-30: each has its test.

`WHERE` says which; what no other file tests stands here.
"""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.companies.models import Company, Contact
from campaign.companies.reading import read_csv
from campaign.drafting.models import LetterTemplate
from campaign.extensions import db
from campaign.sending.models import Dispatch
from campaign.sending.transport import Handover
from tests import bad_rows
from tests.builders import accounts, campaigns
from tests.builders import drafting as drafts
from tests.pages import Page
from tests.sending.mails import DATA, PARCEL, sent
from tests.sending.smtp_server import Peer

WHERE = {
    "A.1": ["sending/test_bad_inputs.py::test_a_subject_of_more_than_one_line_is_a_form_error"],
    "A.2": ["sending/test_bad_inputs.py::test_a_subject_of_more_than_one_line_is_a_form_error"],
    "A.3": [
        "sending/test_bad_inputs.py::test_a_subject_of_more_than_one_line_is_a_form_error",
        "sending/test_message.py::test_no_header_can_be_smuggled_in",
    ],
    "A.4": [
        "sending/test_bad_inputs.py::test_a_name_of_more_than_one_line_is_a_form_error",
        "companies/test_reading.py::"
        "test_a_line_that_cannot_be_used_is_refused_by_number_and_the_rest_is_read",
    ],
    "A.5": ["sending/test_message.py::test_a_name_is_only_ever_a_name"],
    "A.6": ["sending/test_bad_inputs.py::test_what_is_not_one_plain_address_is_a_form_error"],
    "A.7": ["sending/test_bad_inputs.py::test_what_is_not_one_plain_address_is_a_form_error"],
    "A.8": [
        "sending/test_bad_inputs.py::test_what_is_not_one_plain_address_is_a_form_error",
        "sending/test_addresses.py::test_what_can_be_read_in_two_ways_is_refused",
    ],
    "A.9": [
        "sending/test_beyond_ascii.py::test_an_address_beyond_ascii_is_refused_before_the_queue"
    ],
    "A.10": ["sending/test_beyond_ascii.py::test_a_domain_beyond_ascii_is_shown_in_both_forms"],
    "A.11": [
        "sending/test_smtp.py::test_dots_at_line_starts_survive",
        "sending/test_message.py::test_bytes_that_a_server_may_change_are_refused_before_the_wire",
        "sending/test_postfix.py::test_the_hardest_text_reaches_the_far_mailbox_as_it_was_made",
    ],
    "A.12": ["sending/test_message.py::test_any_text_arrives_as_written_in_short_ascii_lines"],
    "A.13": [
        "drafting/test_rendering.py::test_a_source_with_jinja_typst_and_html_is_printed_as_it_is"
    ],
    "A.14": [
        "drafting/test_placeholders.py::test_a_fault_is_told_with_its_place",
        "drafting/test_rendering.py::test_a_source_with_jinja_typst_and_html_is_printed_as_it_is",
    ],
    "A.15": [
        "drafting/test_rendering.py::test_a_source_with_jinja_typst_and_html_is_printed_as_it_is"
    ],
    "A.16": ["drafting/test_rendering.py::test_a_value_keeps_its_lines_and_is_searched_only_once"],
    "A.17": [
        "sending/test_message.py::test_a_file_name_is_harmless_and_readable",
        "sending/test_message.py::test_a_file_goes_under_a_type_from_the_list_or_as_mere_bytes",
    ],
    "A.18": [
        "sending/test_bad_inputs.py::test_a_mail_of_30_megabytes_is_refused_before_the_text",
        "sending/test_postfix.py::test_a_relay_that",
    ],
    "A.19": [
        "sending/test_outbox_at_once.py::test_two_clicks_at_once_order_a_letter_once",
        "sending/test_orders.py::test_ordering_again_gives_the_same_rows",
    ],
    "A.20": [
        "sending/test_bad_inputs.py::test_sixty_thousand_lines_are_read_in_bounded_time",
        "companies/test_reading.py::test_a_file_is_read_whatever_program_wrote_it",
        "companies/test_import.py::test_all_or_nothing_is_written",
    ],
    "B.21": [
        "sending/test_faults.py::test_a_server_that_breaks_at",
        "sending/test_postfix.py::test_a_relay_that_says_later_is_asked_again_in_its_time",
    ],
    "B.22": [
        "sending/test_faults.py::test_a_server_that_breaks_at",
        "sending/test_postfix.py::test_a_relay_that",
    ],
    "B.23": ["sending/test_faults.py::test_a_server_that_breaks_at"],
    "B.24": [
        "sending/test_faults.py::test_a_server_that_breaks_at",
        "sending/test_faults_killed.py::test_a_sender_that_is_killed_at",
    ],
    "B.25": [
        "sending/test_faults.py::test_an_answer_that_takes_its_time_is_waited_for_within_the_lease"
    ],
    "B.26": [
        "sending/test_faults.py::"
        "test_a_server_that_closes_between_mails_is_called_again_for_the_same_row"
    ],
    "B.27": ["sending/test_faults.py::test_an_answer_of_100_megabytes_counts_by_its_place"],
    "B.28": [
        "sending/test_smtp_opening.py::test_encryption_that_is_withheld_is_never_done_without",
        "sending/test_postfix.py::test_nothing_leaves_by_a_relay_that",
    ],
    "B.29": [
        "sending/test_smtp_opening.py::test_a_certificate_that_does_not_hold_stops_the_run",
        "sending/test_postfix.py::test_nothing_leaves_by_a_relay_that",
    ],
    "B.30": [
        "sending/test_smtp.py::test_a_server_without_extensions_gets_the_same_bytes",
        "sending/test_postfix.py::"
        "test_a_relay_without_any_extension_gets_the_same_bytes_and_reports_nothing",
    ],
}


def test_every_row_has_a_test_that_is_there() -> None:
    bad_rows.have_tests(WHERE, "A", range(1, 21))
    bad_rows.have_tests(WHERE, "B", range(21, 31))


CONTROLS = "\r\n", "\r\n ", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0"


@pytest.fixture
def drafter(app: Flask, client: FlaskClient) -> FlaskClient:
    """Signed in, with one campaign and one company."""
    with app.app_context():
        people = drafts.staff()
        campaign = campaigns.campaign(people.drafter)
        drafts.draft(people, drafts.reachable(), campaign)
        accounts.sign_in(client, people.drafter)
        db.session.remove()
    return client


def _count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def _slug(app: Flask) -> str:
    from campaign.campaigns.models import Campaign

    with app.app_context():
        return str(db.session.scalar(sa.select(Campaign.slug)))


def _refused(answer: TestResponse) -> bool:
    """Whether the form came back with what is wrong."""
    return answer.status_code in (200, 422) and bool(Page(answer.text).texts(".error-summary li"))


def test_a_subject_of_more_than_one_line_is_a_form_error(app: Flask, drafter: FlaskClient) -> None:
    url, before = f"/staff/campaigns/{_slug(app)}/templates/letter/", _count(app, LetterTemplate)
    for control in CONTROLS:
        typed = {
            "subject": f"a{control}Bcc: x@y.example", "body": "Words.", "save": 1, "based_on": 1
        }  # fmt: skip
        answer = accounts.post(drafter, url, typed)
        assert answer.status_code == 422, repr(control)
        assert "control character" in answer.text, repr(control)
    assert _count(app, LetterTemplate) == before
    assert _count(app, Dispatch) == 0


def test_a_name_of_more_than_one_line_is_a_form_error(app: Flask, drafter: FlaskClient) -> None:
    before = _count(app, Company)
    for control in CONTROLS:
        given = {
            "name": f"Acme{control}Bcc: v@e.example", "country": "GB", "timezone": "Europe/London"
        }  # fmt: skip
        assert _refused(accounts.post(drafter, "/staff/companies/new", given)), repr(control)
    assert _count(app, Company) == before


NOT_ONE_ADDRESS = [
    "ethics@c.example, victim@e.example",
    "alice@example.org)bob@evil.example",
    "a@b.example\0@c.example",
    "a@[127.0.0.1]",
    "a@localhost",
    '"quoted local"@c.example',
    "a!b@c.example",
    "a%b@c.example",
    "a@c.example\r\nBcc: v@e.example",
]


def test_what_is_not_one_plain_address_is_a_form_error(app: Flask, drafter: FlaskClient) -> None:
    before = _count(app, Contact)
    for value in NOT_ONE_ADDRESS:
        given = {"channel": "email", "value": value, "office": "press"}
        url = "/staff/companies/larkspur-mobile/contacts/new"
        answer = accounts.post(drafter, url, given)
        assert _refused(answer), value
        assert "," not in value or "one address" in answer.text
    assert _count(app, Contact) == before


def test_a_mail_of_30_megabytes_is_refused_before_the_text() -> None:
    large = DATA + (b"x" * 76 + b"\r\n") * 400_000
    with Peer(extensions=("SIZE 10485760",)) as peer:
        outcome, asked = sent(peer, replace(PARCEL, data=large))
    assert (outcome.handover, asked) == (Handover.FAILED, 0)
    assert "up to 10485760 bytes" in outcome.reply
    assert "MAIL" not in peer.verbs()


def test_sixty_thousand_lines_are_read_in_bounded_time() -> None:
    lines = [f"Company {n % 30_000},c{n}@c{n % 30_000}.example" for n in range(60_000)]
    begin = time.process_time()
    sheet = read_csv("\n".join(["name,email", *lines]).encode())
    assert time.process_time() - begin < 30
    assert (len(sheet.rows), sheet.refused) == (30_000, ())
