from __future__ import annotations

import contextlib
import socket

import pytest

from tests import network


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        (b"127.0.0.1", True),
        ("", True),
        (None, True),
        ("0.0.0.0", True),  # noqa: S104 an address to listen on
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("10.0.0.1", False),
        ("company.example", False),
        ("localhost.company.example", False),
    ],
)
def test_only_this_machine_is_here(host: object, here: bool) -> None:
    assert network.is_here(host) is here


def test_a_connection_to_another_machine_is_refused(stays_on_this_machine: list[str]) -> None:
    with socket.socket() as far, pytest.raises(network.BeyondThisMachine):
        far.connect(("192.0.2.1", 25))
    assert stays_on_this_machine.pop() == "socket.connect '192.0.2.1'"


def test_a_datagram_to_another_machine_is_refused(stays_on_this_machine: list[str]) -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as far,
        pytest.raises(network.BeyondThisMachine),
    ):
        far.sendto(b"?", ("192.0.2.1", 53))
    assert stays_on_this_machine.pop() == "socket.sendto '192.0.2.1'"


def test_the_name_of_another_machine_is_not_looked_up(stays_on_this_machine: list[str]) -> None:
    with pytest.raises(network.BeyondThisMachine):
        socket.create_connection(("mail.company.example", 25))
    assert stays_on_this_machine.pop() == "socket.getaddrinfo 'mail.company.example'"


def test_a_refusal_that_the_code_survives_is_remembered(stays_on_this_machine: list[str]) -> None:
    with contextlib.suppress(OSError):  # as code does that tries again later
        socket.create_connection(("192.0.2.1", 25))
    assert len(stays_on_this_machine) == 1
    stays_on_this_machine.clear()


def test_this_machine_is_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as connection,
    ):
        assert connection.getpeername()[0] == "127.0.0.1"
