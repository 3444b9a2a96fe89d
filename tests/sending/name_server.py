"""A name server on loopback that knows what a test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping, Sequence

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """Use it as a context manager; `address` is where it listens.

    Args:
        known: records by (name, type), such as `("odw.example", "TXT")`; texts without quotes.
        silent: it never answers.
    """

    def __init__(
        self, known: Mapping[tuple[str, str], Sequence[str]], *, silent: bool = False
    ) -> None:
        self._known, self._silent = known, silent

    def __enter__(self) -> NameServer:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._socket.getsockname()
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                raw, asker = self._socket.recvfrom(4096)
            except OSError:
                return
            if not self._silent:
                self._socket.sendto(self._answer(raw), asker)

    def _answer(self, raw: bytes) -> bytes:
        question = dns.message.from_wire(raw)
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        asked = question.question[0]
        name = asked.name.to_text(omit_final_dot=True)
        kind = dns.rdatatype.to_text(asked.rdtype)
        known = self._known.get((name, kind))
        if known is None and not any(one == name for one, _ in self._known):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        if known:
            texts = [_quoted(one) if kind == "TXT" else one for one in known]
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *texts))
        return answer.to_wire()


def _quoted(words: str) -> str:
    """A TXT record's text in pieces of at most 255 bytes, as they are published."""
    return " ".join(f'"{words[at : at + 250]}"' for at in range(0, len(words), 250))
