"""A guard that keeps tests on this machine: only loopback and Unix sockets.

It listens to Python's audit events, so that no library gets past it. Other processes (the
browser, PostgreSQL) are kept off the network where they are started.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any

# What was tried since the test began. Code under test may treat a refusal as any other
# network error and go on; the test fails nevertheless.
refusals: list[str] = []

_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")
_CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")


class BeyondThisMachine(OSError):
    """A test tried to reach another machine."""


def install() -> None:
    """Refuse from now on; cannot be undone in this process."""
    sys.addaudithook(_listen)


def is_here(host: object) -> bool:
    """Whether this names the machine itself, or nothing at all (any address, to listen on)."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host == "" or host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _LOOKUPS:
        host = arguments[0]
    elif event in _CONNECTS and arguments[0].family in (socket.AF_INET, socket.AF_INET6):
        if not arguments[1]:
            return  # a socket that is connected already
        host = arguments[1][0]
    else:
        return
    if not is_here(host):
        refusals.append(f"{event} {host!r}")
        raise BeyondThisMachine(f"tests stay on this machine; refused: {event} {host!r}")
