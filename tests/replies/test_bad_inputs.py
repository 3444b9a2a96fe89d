"""The rows of bad-inputs.md on who wrote and whether it is an answer, D.51-71: each has its test.

`WHERE` says which; what no other file tests stands here.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.ctx import AppContext

from campaign.drafting.models import Letter
from campaign.kernel.text import new_token, with_tag
from campaign.publishing.rules import Gate
from campaign.replies import queries
from campaign.replies.kinds import Kind
from campaign.replies.rules import Triage
from tests import bad_rows
from tests.builders import drafting, replies, waiting
from tests.builders.waiting import AFTER, SILENCE, record_of

_ALIKE = [
    "replies/test_lookalikes.py::test_an_address_is_told_that_looks_like_the_companys",
    "replies/test_claims.py::test_a_look_alike_is_called_one",
]
_PROVED = "replies/test_proving.py::test_a_message_is_proved_for_a_domain_or_not"

WHERE = {
    "D.51": _ALIKE,
    "D.52": _ALIKE,
    "D.53": _ALIKE,
    "D.54": [
        _PROVED,
        "replies/test_signatures.py::"
        "test_54_a_mail_signed_by_another_domain_is_proved_for_that_one_only",
    ],
    "D.55": [_PROVED],
    "D.56": [
        _PROVED,
        "replies/test_signatures.py::"
        "test_56_a_signature_of_the_beginning_says_so_and_fits_what_was_added",
    ],
    "D.57": [
        _PROVED,
        "replies/test_signatures.py::test_57_an_old_mail_that_is_sent_again_is_not_proved",
    ],
    "D.58": [_PROVED],
    "D.59": [
        "replies/test_signatures.py::test_59_a_forged_word_of_our_server_is_not_taken",
        "replies/test_proving.py::test_nobody_elses_word_is_taken",
    ],
    "D.60": ["replies/test_signatures.py::test_60_a_proof_publishes_nothing_by_itself"],
    "D.61": ["replies/test_bad_inputs.py::test_61_guessed_tokens_match_nothing"],
    "D.62": [
        "replies/test_classify.py::test_an_absence_is_known_by_its_words_in_twelve_languages",
        "replies/test_classify.py::test_an_automatic_reply_is_known_by_its_headers",
        "replies/test_classify.py::test_an_automatic_reply_is_known_by_its_subject",
    ],
    "D.63": [
        "replies/test_classify.py::"
        "test_an_acknowledgement_is_known_by_its_words_in_twelve_languages",
        "replies/test_sorting.py::test_a_confirmation_of_receipt_is_evidence_and_no_reply",
    ],
    "D.64": ["replies/test_sorting.py::test_a_bounce_with_our_token_counts_and_marks_the_contact"],
    "D.65": ["replies/test_sorting.py::test_a_bounce_without_our_token_is_not_a_bounce_of_ours"],
    "D.66": [
        "awaiting/test_operations.py::test_a_reminder_and_a_final_notice_leave_once_each_on_their_day"
    ],
    "D.67": ["sending/test_orders.py::test_our_own_addresses_are_no_contacts"],
    "D.68": [
        "replies/test_classify.py::test_an_empty_reply_and_one_that_only_quotes_have_no_text",
        "replies/test_bad_inputs.py::test_68_a_reply_without_words_of_its_own_waits_and_blocks",
    ],
    "D.69": [
        "replies/test_bad_inputs.py::test_69_an_answer_around_the_last_second_is_seen_first",
        "publishing/test_outage.py::"
        "test_an_answer_that_came_during_the_outage_is_found_before_anything_is_published",
        "replies/test_sorting.py::test_a_reply_in_the_spam_folder_is_a_reply",
        "replies/test_matching_together.py::"
        "test_a_reply_to_the_wrong_address_is_found_by_its_thread",
        "replies/test_sorting.py::test_another_company_in_the_thread_is_suggested_too",
    ],
    "D.70": [
        "replies/test_mailboxes_moving.py::test_a_folder_made_anew_is_read_from_the_start",
        "replies/test_mailboxes_misbehaving.py::"
        "test_uids_given_out_anew_without_a_word_hide_no_message",
        "replies/test_mailboxes_moving.py::"
        "test_a_message_deleted_between_search_and_fetch_is_told_and_the_rest_kept",
    ],
    "D.71": [
        "replies/test_mailboxes_misbehaving.py::test_an_odd_answer_fails_the_whole_reading",
        "replies/test_mailboxes_misbehaving.py::"
        "test_an_announcement_of_4_gib_is_refused_before_it_is_read",
    ],
}


def test_every_row_has_a_test_that_is_there() -> None:
    bad_rows.have_tests(WHERE, "D", range(51, 72))


@pytest.fixture
def letter(ctx: AppContext) -> Letter:
    """A letter with every gate open at `AFTER`."""
    return waiting.ripe()[0]


def test_61_guessed_tokens_match_nothing(ctx: AppContext) -> None:
    letter = replies.sent(drafting.staff())
    replies.take_in()
    assert len(letter.reply_token) == 26  # 128 bits in letters of five
    mine = letter.reply_token
    near = mine[:-1] + ("a" if mine[-1] != "a" else "b")
    guesses = [near, mine[:-1], mine + "a", *(new_token() for _ in range(20))]
    for guess in guesses:
        to = with_tag(replies.settings().reply_address, guess)
        replies.arrives(replies.mail(to=to, text=f"No {guess}."))
    strangers = [m for m in replies.take_in() if m.triage is Triage.WAITING]
    assert len(strangers) == len(guesses)
    assert {m.letter_id for m in strangers} == {None}
    blocking = {message.id for message in queries.blocking(letter)}
    assert blocking == {message.id for message in strangers}  # kept, and before a person


_ATTACHED = (
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n'
    "Content-Type: application/pdf\nContent-Disposition: attachment; filename=answer.pdf\n"
    "Content-Transfer-Encoding: base64\n\nJVBERi0xLjc=\n--b--\n"
)
_QUOTED = (
    "On Monday, Brightwater Digital Rights wrote:\n> Dear Larkspur Mobile,\n> we write to you."
)


@pytest.mark.parametrize("what", ["only our letter", "nothing", "only a file"])
def test_68_a_reply_without_words_of_its_own_waits_and_blocks(letter: Letter, what: str) -> None:
    thread = f"In-Reply-To: {replies.mail_of(letter).message_id}\n"
    raws = {
        "only our letter": replies.mail(text=_QUOTED, more=thread),
        "nothing": replies.mail(text="", more=thread),
        "only a file": f"From: a@larkspur-mobile.example\n{thread}{_ATTACHED}".encode(),
    }
    replies.arrives(raws[what], SILENCE - timedelta(days=1))
    tally = waiting.run(AFTER)
    message = replies.stored()[-1]
    assert (message.kind, message.triage) == (Kind.REPLY, Triage.WAITING)
    assert message.letter_id == letter.id
    assert tally.published == 0
    assert {b.gate for b in tally.blocked} == {Gate.NOTHING_WAITING}


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_69_an_answer_around_the_last_second_is_seen_first(letter: Letter, seconds: int) -> None:
    """What has come by the reading that has to come before a record keeps it from being made."""
    when = SILENCE + timedelta(seconds=seconds)
    replies.arrives(replies.in_thread(letter), when)
    tally = waiting.run(AFTER)
    assert tally.published == 0
    assert {b.gate for b in tally.blocked} == {Gate.NOTHING_WAITING}
    assert record_of(letter) is None
    assert when in {message.arrived_at for message in queries.blocking(letter)}
