"""What a real relay settles for us: answers that never came, and signatures that must hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import dkim
import pytest
from flask import Flask

from campaign.kernel.text import new_token
from campaign.sending import operations, queries
from campaign.sending.conversation import Conversation
from campaign.sending.rules import DispatchState as S
from campaign.sending.rules import EvidenceKind as E
from campaign.sending.rules import Proof
from tests.sending import postfix
from tests.sending.postfix import Relay
from tests.sending.test_deliverability import signer
from tests.sending.test_postfix import Sent, relay, settings

__all__ = ["relay", "settings", "signer"]  # fixtures

pytestmark = pytest.mark.xdist_group("postfix")


@pytest.fixture
def no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line breaks when the relay has the whole mail, and before it can say so."""
    send: Callable[..., Any] = Conversation.send

    def send_and_break(talk: Conversation, words: Any) -> None:
        send(talk, words)
        if words == b"\r\n.\r\n":
            assert talk.sock is not None
            talk.sock.recv(1)  # it has answered: it has the mail
            talk.sock.close()

    monkeypatch.setattr(Conversation, "send", send_and_break)


DOUBTS = {
    postfix.DELIVERED: (S.DELIVERED, E.DELIVERY_RECEIPT, Proof.ADEQUATE),
    postfix.PASSED_ON_IN_SILENCE: (S.ACCEPTED, E.OWN_COPY, Proof.WEAK),
    postfix.GONE: (S.BOUNCED, E.BOUNCE, Proof.NONE),
}


@pytest.mark.usefixtures("no_answer")
@pytest.mark.parametrize("to", DOUBTS)
def test_a_mail_whose_answer_never_came_is_settled_by_what_comes_back(
    to: str, app: Flask, relay: Relay
) -> None:
    state, evidence, proof = DOUBTS[to]
    with app.app_context():
        sent = Sent(to)
        assert operations.send_due() == 0
        assert (sent.dispatch.state, sent.proof) == (S.UNKNOWN, Proof.NONE)
        sent.comes_to(lambda: {E.OWN_COPY, evidence} <= sent.evidence, "what settles it")
        assert (sent.dispatch.state, sent.proof) == (state, proof)
        assert operations.send_due() == 0
        assert len(queries.attempts_of(sent.dispatch)) == 1
        assert len(relay.copies(str(sent.dispatch.message_id))) == (state is not S.BOUNCED)


def test_our_signature_still_holds_in_the_companys_mailbox(
    app: Flask, relay: Relay, signer: Any
) -> None:
    app.extensions["dkim"] = signer
    record = f"v=DKIM1; k=rsa; p={signer.public_key}".encode()
    for to in (postfix.PASSED_ON, postfix.BEYOND_ASCII):
        with app.app_context():
            sent = Sent(to, company=f"Company {new_token()}")
            operations.send_due()
            sent.comes_to(partial(_has_own_copy, sent), "our own copy")
            (copy,) = relay.copies(str(sent.dispatch.message_id))
        raw = copy.replace(b"\n", b"\r\n")
        assert dkim.verify(raw, dnsfunc=lambda *_, **__: record)
        altered = raw.replace(b"Subject: ", b"Subject: Not ")
        assert not dkim.verify(altered, dnsfunc=lambda *_, **__: record)


def _has_own_copy(sent: Sent) -> bool:
    return E.OWN_COPY in sent.evidence
