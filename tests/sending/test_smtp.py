"""The conversation with a mail server, step by step, and every way it breaks."""

import time
from dataclasses import replace
from itertools import chain, repeat

import pytest

from campaign.sending.transport import (
    Handover,
    Outcome,
    TransportTrouble,
    Waits,
)
from tests.sending.mails import DATA, HASTY, PARCEL, PATIENT, Gate, opened, say_and_go_on, sent
from tests.sending.smtp_server import (
    DROP,
    Peer,
    after,
    drip,
    flood,
    keep_then_drop,
    say_then_drop,
)


def test_a_mail_arrives_byte_for_byte_for_company_and_archive():
    with Peer() as peer:
        outcome, asked = sent(peer)
    assert outcome == Outcome(
        Handover.ACCEPTED,
        250,
        "2.0.0 Ok: queued as 4XyZ12",
        "4XyZ12",
        f"127.0.0.1:{peer.port}",
    )
    assert asked == 1
    (mail,) = peer.mails
    assert mail.data == DATA
    assert mail.sender == PARCEL.envelope_sender
    assert mail.recipients == [PARCEL.recipient, PARCEL.archive]
    assert peer.commands[0] == "ehlo ours.example"
    assert f"MAIL FROM:<{PARCEL.envelope_sender}> SIZE={len(DATA)}" in peer.commands


@pytest.mark.parametrize("data", [b"", b".", b".\r\n", b"\r\n", b".\r\n.\r\n", b"a: b\r\n\r\n..x"])
def test_dots_at_line_starts_survive(data):
    with Peer() as peer:
        sent(peer, replace(PARCEL, data=data))
    assert peer.mails[0].data.removesuffix(b"\r\n") == data.removesuffix(b"\r\n")


def test_a_mail_of_several_megabytes_arrives_whole():
    data = b"a: b\r\n\r\n" + (b"." * 60 + b"\r\n") * 80_000
    with Peer() as peer:
        outcome, _ = sent(peer, replace(PARCEL, data=data))
    assert outcome.handover is Handover.ACCEPTED
    assert peer.mails[0].data == data


def test_without_an_archive_address_the_company_is_the_only_recipient():
    with Peer() as peer:
        sent(peer, replace(PARCEL, archive=None))
    assert peer.mails[0].recipients == [PARCEL.recipient]


def test_one_connection_carries_many_mails():
    with Peer() as peer, opened(peer.url) as transport:
        for _ in range(5):
            assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert peer.connections == 1
    assert len(peer.mails) == 5
    assert peer.verbs()[-1] == "QUIT"


REFUSALS = [
    # step, answer, handover, how often our gate was asked
    ("MAIL", b"450 4.7.1 later\r\n", Handover.DEFERRED, 0),
    ("MAIL", b"550 5.7.1 no\r\n", Handover.FAILED, 0),
    ("RCPT", b"450 4.2.1 greylisted\r\n", Handover.DEFERRED, 0),
    ("RCPT", b"550 5.1.1 unknown user\r\n", Handover.FAILED, 0),
    ("RCPT", b"421 4.3.2 closing\r\n", Handover.DEFERRED, 0),
    ("DATA", b"451 4.3.0 later\r\n", Handover.DEFERRED, 0),
    ("DATA", b"554 5.5.1 no\r\n", Handover.FAILED, 0),
    ("DOT", b"452 4.3.1 disk full\r\n", Handover.DEFERRED, 1),
    ("DOT", b"554 5.7.1 content refused\r\n", Handover.FAILED, 1),
    ("DOT", b"421 4.3.2 closing\r\n", Handover.DEFERRED, 1),
    # 23, 24: lost before and after the dot
    ("MAIL", DROP, Handover.LOST_BEFORE_DOT, 0),
    ("RCPT", DROP, Handover.LOST_BEFORE_DOT, 0),
    ("DATA", DROP, Handover.LOST_BEFORE_DOT, 0),
    ("DOT", DROP, Handover.LOST_AFTER_DOT, 1),
    ("DOT", keep_then_drop, Handover.LOST_AFTER_DOT, 1),
    ("DOT", say_then_drop(b"250-2.0.0 half a rep"), Handover.LOST_AFTER_DOT, 1),
    # time-outs
    ("MAIL", after(0.6), Handover.LOST_BEFORE_DOT, 0),
    ("DATA", after(0.6), Handover.LOST_BEFORE_DOT, 0),
    ("DOT", after(1.4), Handover.LOST_AFTER_DOT, 1),
    ("RCPT", drip(b"250 ok but slow, ever so slow\r\n", 0.1), Handover.LOST_BEFORE_DOT, 0),
    ("DOT", drip(b"250 ok but slow, ever so slow\r\n", 0.2), Handover.LOST_AFTER_DOT, 1),
    # 27: replies without end, by position
    ("RCPT", flood(b"250-and so on\r\n"), Handover.LOST_BEFORE_DOT, 0),
    ("RCPT", flood(b"x" * 1000), Handover.LOST_BEFORE_DOT, 0),
    ("DOT", flood(b"250-and so on\r\n"), Handover.LOST_AFTER_DOT, 1),
    ("DOT", flood(b"250 " + b"x" * 1000), Handover.LOST_AFTER_DOT, 1),
    # not SMTP, and answers that fit no question
    ("RCPT", b"HTTP/1.1 400 Bad Request\r\n", Handover.LOST_BEFORE_DOT, 0),
    ("DATA", b"250 ok\r\n", Handover.LOST_BEFORE_DOT, 0),
    ("RCPT", b"354 go ahead\r\n", Handover.LOST_BEFORE_DOT, 0),
    ("DOT", b"354 go ahead\r\n", Handover.LOST_AFTER_DOT, 1),
    ("DOT", b"999 what\r\n", Handover.LOST_AFTER_DOT, 1),
    ("MAIL", b"250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n", Handover.LOST_BEFORE_DOT, 0),
    ("BODY", DROP, Handover.LOST_BEFORE_DOT, 0),
]


@pytest.mark.parametrize(("step", "action", "handover", "asked"), REFUSALS)
def test_each_fault_of_the_conversation_has_its_own_outcome(step, action, handover, asked):
    big = replace(PARCEL, data=DATA + b"more text\r\n" * 400_000) if step == "BODY" else PARCEL
    waits = HASTY if callable(action) else PATIENT
    with Peer(script={step: [action]}) as peer:
        outcome, calls = sent(peer, big, waits=waits)
    assert (outcome.handover, calls) == (handover, asked)
    if isinstance(action, bytes) and action[:1] in (b"4", b"5"):
        assert outcome.code == int(action[:3])
        assert outcome.reply == action[4:].decode().strip()
    elif handover in (Handover.LOST_BEFORE_DOT, Handover.LOST_AFTER_DOT):
        assert outcome.reply
        assert outcome.queue_id == ""
    assert len(outcome.reply) <= 2000
    assert outcome.reply.isprintable()
    if action is not keep_then_drop:
        assert peer.mails == []


def test_an_answer_given_before_the_end_of_the_mail_is_no_answer_to_it():
    with Peer(script={"DATA": [say_and_go_on(b"354 go\r\n250 2.0.0 taken already\r\n")]}) as peer:
        outcome, asked = sent(peer)
    assert (outcome.handover, asked) == (Handover.LOST_BEFORE_DOT, 0)
    assert "taken already" in outcome.reply


def test_an_answer_given_before_its_question_ends_the_conversation():
    script = {"MAIL": [say_and_go_on(b"250 ok\r\n250 ok\r\n")], "RCPT": [b"550 5.1.1 no\r\n"]}
    with Peer(script=script) as peer:
        outcome, asked = sent(peer)
    assert (outcome.handover, asked) == (Handover.LOST_BEFORE_DOT, 0)
    assert "RCPT" not in peer.verbs()


@pytest.mark.parametrize("step", ["RCPT", "DOT"])
@pytest.mark.parametrize(
    ("chunk", "words"),
    [
        (b"250-and so on\r\n", "reply is too long"),
        (b"250-" + b"x" * 4000 + b"\r\n", "reply is too long"),
        (b"250 " + b"x" * 1000, "a line without end"),
    ],
)
def test_a_reply_without_end_is_given_up_for_its_length_not_only_its_time(step, chunk, words):
    with Peer(script={step: [flood(chunk)]}) as peer:
        outcome, _ = sent(peer)
    assert words in outcome.reply


def test_a_slow_answer_to_the_dot_is_waited_for_longer_than_a_command():
    with Peer(script={"DOT": [after(0.7, b"250 2.0.0 Ok: queued as SLOW1\r\n")]}) as peer:
        outcome, _ = sent(peer, waits=HASTY)
    assert (outcome.handover, outcome.queue_id) == (Handover.ACCEPTED, "SLOW1")


def test_the_waits_are_those_of_the_standard_unless_told_otherwise():
    assert Waits() == Waits(connect=30, command=300, after_dot=600)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("action", [DROP, b"421 4.4.2 idle too long\r\n"])
def test_a_connection_that_died_between_mails_is_reopened_for_the_same_mail(step, action):
    good = {"MAIL": 1, "RCPT": 2, "DATA": 1}[step]
    with Peer(script={step: [*repeat(None, good), action]}) as peer, opened(peer.url) as transport:
        gate = Gate()
        outcomes = [transport.send(PARCEL, gate).handover for _ in range(2)]
    assert outcomes == [Handover.ACCEPTED] * 2
    assert (peer.connections, len(peer.mails), gate.calls) == (2, 2, 2)


def test_a_server_that_leaves_right_after_a_mail_is_called_again():
    goodbye = say_then_drop(b"250 2.0.0 ok\r\n421 4.4.2 bye\r\n")
    with Peer(script={"DOT": [goodbye]}) as peer, opened(peer.url) as transport:
        assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
        time.sleep(0.05)
        assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert peer.connections == 2


@pytest.mark.parametrize("step", ["BODY", "DOT"])
def test_a_mail_lost_on_the_way_is_not_offered_again_by_itself(step):
    big = replace(PARCEL, data=DATA + b"more text\r\n" * 400_000)
    with Peer(script={step: [None, DROP]}) as peer, opened(peer.url) as transport:
        transport.send(PARCEL, Gate())
        outcome = transport.send(big, Gate())
        lost = Handover.LOST_BEFORE_DOT if step == "BODY" else Handover.LOST_AFTER_DOT
        assert outcome.handover is lost
        assert peer.verbs().count("DATA") == 2
        assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert peer.connections == 2


@pytest.mark.parametrize("answer", [b"450 4.2.1 later\r\n", b"550 5.1.1 unknown\r\n"])
def test_after_a_refused_recipient_the_connection_is_reset_and_carries_the_next_mail(answer):
    with Peer(script={"RCPT": [answer]}) as peer, opened(peer.url) as transport:
        transport.send(PARCEL, Gate())
        assert peer.verbs()[1:] == ["MAIL", "RCPT", "RSET"]
        assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert peer.connections == 1
    assert len(peer.mails) == 1


def test_a_failing_reset_costs_the_connection_only():
    script = {"RCPT": [b"550 5.1.1 no\r\n"], "RSET": [b"500 what\r\n"]}
    with Peer(script=script) as peer, opened(peer.url) as transport:
        assert transport.send(PARCEL, Gate()).handover is Handover.FAILED
        assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert peer.connections == 2


def test_an_archive_that_says_later_defers_the_letter_and_sends_nothing():
    with Peer(script={"RCPT": [None, b"452 4.2.2 mailbox full\r\n"]}) as peer:
        outcome, asked = sent(peer)
    assert (outcome.handover, outcome.code, asked) == (Handover.DEFERRED, 452, 0)
    assert "archive@ours.example" in outcome.reply
    assert "DATA" not in peer.verbs()


def test_an_archive_refused_for_good_stops_the_run_with_nothing_sent():
    with (
        Peer(script={"RCPT": [None, b"550 5.1.1 unknown\r\n"]}) as peer,
        pytest.raises(TransportTrouble, match=r"archive@ours\.example was refused: 550"),
    ):
        sent(peer)
    assert "DATA" not in peer.verbs()
    assert peer.mails == []


def test_our_last_gate_stops_a_mail_that_is_written_but_for_the_dot():
    with Peer() as peer:
        with opened(peer.url) as transport:
            outcome = transport.send(PARCEL, Gate(False))
            assert outcome.handover is Handover.STOPPED
            assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
        assert len(peer.mails) == 1
        assert peer.connections == 2
    assert peer.unfinished
    assert DATA.startswith(peer.unfinished[0][:80])
    assert b"\r\n.\r\n" not in peer.unfinished[0]
    assert b"MAIL FROM" not in peer.unfinished[0]


def test_the_text_is_with_the_server_before_the_gate_is_asked():
    seen = []
    with Peer() as peer, opened(peer.url) as transport:

        def gate() -> bool:
            seen.append((peer.verbs()[-1], len(peer.mails)))
            return True

        transport.send(PARCEL, gate)
    assert seen == [("DATA", 0)]


def test_a_gate_that_breaks_leaves_the_mail_unsent_and_the_transport_usable():
    def broken() -> bool:
        raise RuntimeError("the database is away")

    with Peer() as peer, opened(peer.url) as transport:
        with pytest.raises(RuntimeError):
            transport.send(PARCEL, broken)
        assert peer.mails == []
        assert transport.send(PARCEL, Gate()).handover is Handover.ACCEPTED
    assert b"MAIL FROM" not in peer.unfinished[0]


@pytest.mark.parametrize(
    ("stated", "handover"),
    [
        ("SIZE 400", Handover.FAILED),
        (f"SIZE {len(DATA)}", Handover.ACCEPTED),
        ("SIZE 0", Handover.ACCEPTED),
        ("SIZE", Handover.ACCEPTED),
        ("SIZE many", Handover.ACCEPTED),
    ],
)
def test_a_mail_over_the_servers_size_fails_before_any_text(stated, handover):
    with Peer(extensions=(stated,)) as peer:
        outcome, _ = sent(peer)
    assert outcome.handover is handover
    if handover is Handover.FAILED:
        assert f"up to 400 bytes, this one has {len(DATA)}" in outcome.reply
        assert "MAIL" not in peer.verbs()


@pytest.mark.parametrize("extensions", [(), ("SMTPUTF8",), ("PIPELINING", "SIZE 1000000")])
def test_a_server_without_extensions_gets_the_same_bytes(extensions):
    with Peer(extensions=extensions) as peer:
        outcome, _ = sent(peer)
    assert outcome.handover is Handover.ACCEPTED
    assert peer.mails[0].data == DATA


def test_reports_are_asked_for_the_company_and_never_for_our_own_copy():
    with Peer(extensions=("SIZE", "DSN")) as peer:
        outcome, _ = sent(peer)
    assert outcome.handover is Handover.ACCEPTED
    asked = [command for command in peer.commands if command[:4] in ("MAIL", "RCPT")]
    assert asked == [
        f"MAIL FROM:<{PARCEL.envelope_sender}> SIZE={len(DATA)} RET=HDRS",
        f"RCPT TO:<{PARCEL.recipient}> NOTIFY=SUCCESS,FAILURE,DELAY",
        f"RCPT TO:<{PARCEL.archive}> NOTIFY=NEVER",
    ]


def test_a_server_without_reports_is_not_asked_for_any():
    with Peer() as peer:
        sent(peer)
    assert not any("NOTIFY" in command or "RET=" in command for command in peer.commands)


def test_a_server_that_knows_only_helo_is_served():
    with Peer(script={"EHLO": [b"502 what\r\n"]}) as peer:
        outcome, _ = sent(peer)
    assert outcome.handover is Handover.ACCEPTED
    assert f"MAIL FROM:<{PARCEL.envelope_sender}>" in peer.commands


@pytest.mark.parametrize(
    "changes",
    [
        {"data": b"bare\nline feed\r\n"},
        {"data": b"a\r.\r"},
        {"data": b"x" * 999 + b"\r\n"},
        {"data": "ä\r\n".encode()},
        {"recipient": "a@b.example>\r\nRCPT TO:<v@evil.example"},
        {"recipient": "a@b.example,c@d.example> x"},
        {"recipient": "ä@b.example"},
        {"recipient": ""},
        {"envelope_sender": "a b@c.example"},
        {"archive": "no address"},
    ],
)
def test_what_would_break_the_conversation_fails_before_a_connection_is_made(changes):
    with Peer() as peer:
        outcome, asked = sent(peer, replace(PARCEL, **changes))
        assert (outcome.handover, outcome.code, asked) == (Handover.FAILED, None, 0)
        assert outcome.reply
        assert peer.connections == 0


@pytest.mark.parametrize(
    ("reply", "queue_id"),
    [
        (b"250 2.0.0 Ok: queued as 4XyZ12\r\n", "4XyZ12"),
        (b"250 OK id=1rABcD-0000xy-2Z\r\n", "1rABcD-0000xy-2Z"),
        (b"250 2.6.0 <1@ours> [InternalId=4711, Hostname=x] Queued mail for delivery\r\n", "4711"),
        (b"250 2.0.0 OK  1700000000 d2e1a72f-1-gsmtp\r\n", "1700000000"),
        (b"250 thank you\r\n", ""),
        (b"250-first\r\n250 queued as \x1b[31mred\r\n", ""),
        ("250 turned \u202e around".encode() + b" \xff\r\n", ""),
    ],
)
def test_the_servers_own_number_for_the_mail_is_kept(reply, queue_id):
    with Peer(script={"DOT": [reply]}) as peer:
        outcome, _ = sent(peer)
    assert (outcome.handover, outcome.queue_id) == (Handover.ACCEPTED, queue_id)
    assert outcome.reply.isprintable()


def test_many_refused_mails_leave_one_connection_in_order():
    refused = chain([b"550 5.1.1 no\r\n", b"450 4.2.0 later\r\n"] * 5)
    with Peer(script={"RCPT": refused}) as peer, opened(peer.url) as transport:
        outcomes = [transport.send(PARCEL, Gate()).handover for _ in range(11)]
    assert outcomes == [Handover.FAILED, Handover.DEFERRED] * 5 + [Handover.ACCEPTED]
    assert peer.connections == 1
