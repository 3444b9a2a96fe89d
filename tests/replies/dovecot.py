"""A real IMAP and LMTP server for the tests: Dovecot on loopback, as an ordinary user."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from campaign.kernel import clock
from tests.servers.programs import needs

_CONFIG = """\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {owner}
mail_location = maildir:{home}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = {uid}
first_valid_gid = {gid}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
"""


@dataclass(frozen=True)
class Server:
    """Where the server listens and who may sign in; it can be stopped, and started again."""

    imap_port: int
    lmtp_port: int
    user: str
    password: str
    host: str = "127.0.0.1"
    start: Callable[[], None] = print
    stop: Callable[[], None] = print

    @property
    def url(self) -> str:
        user = self.user.replace("@", "%40")
        return f"imap://{user}:{self.password}@{self.host}:{self.imap_port}/"

    def client(self) -> imaplib.IMAP4:
        """A connection of another program's, signed in."""
        client = imaplib.IMAP4(self.host, self.imap_port, timeout=20)
        client.login(self.user, self.password)
        return client

    def append(self, raw: bytes, folder: str = "INBOX", when: datetime | None = None) -> None:
        """Put a message into a folder, which is made if need be."""
        moment = imaplib.Time2Internaldate(when or clock.real_now())
        with self.client() as client:
            client.create(folder)
            assert client.append(folder, "", moment, raw)[0] == "OK"

    def deliver(self, *raws: bytes) -> None:
        """Hand mail in as another mail server does."""
        with smtplib.LMTP(self.host, self.lmtp_port, local_hostname="localhost") as lmtp:
            for raw in raws:
                lmtp.sendmail("someone@company.example", [self.user], raw)

    def move(self, source: str, target: str) -> None:
        """Move all messages of a folder, as people's mail programs do."""
        with self.client() as client:
            assert client.select(source)[0] == "OK"
            assert client._simple_command("MOVE", "1:*", target)[0] == "OK"

    def make_anew(self, folder: str) -> None:
        """Delete a folder and make it again: it has another UIDVALIDITY then."""
        with self.client() as client:
            client.delete(folder)
            assert client.create(folder)[0] == "OK"

    def folders(self) -> list[str]:
        """Their names, in the server's order."""
        with self.client() as client:
            lines = [line for line in client.list()[1] if isinstance(line, bytes)]
        return [line.rpartition(b' "." ')[2].strip(b'"').decode("ascii") for line in lines]

    def clear(self) -> None:
        """Leave one empty folder, the inbox."""
        with self.client() as client:
            for name in self.folders():
                if name != "INBOX":
                    client.delete(name)
            if client.select("INBOX")[1] != [b"0"]:
                client.store("1:*", "+FLAGS", r"(\Deleted)")
                client.expunge()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
    raise RuntimeError(f"Dovecot did not start: {said}")


def _run_as() -> tuple[pwd.struct_passwd, dict[str, Any]]:
    """Dovecot gives root no mailbox, so root runs it as nobody."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()), {}
    nobody = pwd.getpwnam("nobody")
    return nobody, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def dovecot(directory: Path) -> Iterator[Server]:
    """Run Dovecot; its log is left in `directory`.

    Its own files lie in a short folder elsewhere: test folders are closed to the user it
    runs as, and too long for the name of a socket.
    """
    program = str(needs("dovecot", folders=[Path("/usr/local/sbin")]))
    owner, identity = _run_as()
    home = Path(tempfile.mkdtemp(prefix="dovecot-"))
    server = Server(_free_port(), _free_port(), "answers@letters.example.org", "secret")
    (home / "users").write_text(f"{server.user}:{{PLAIN}}{server.password}::::::\n")
    (home / "mail").mkdir()
    (home / "dovecot.conf").write_text(
        _CONFIG.format(
            home=home,
            owner=owner.pw_name,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            imap_port=server.imap_port,
            lmtp_port=server.lmtp_port,
        )
    )
    for path in (home, *home.iterdir()):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        process = subprocess.Popen(
            [program, "-F", "-c", str(home / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **identity,
        )
        running.append(process)
        for port in (server.imap_port, server.lmtp_port):
            _wait_for(port, process, home / "dovecot.log")

    def stop() -> None:
        while running:
            process = running.pop()
            process.terminate()
            process.wait(timeout=20)

    try:
        start()
        yield replace(server, start=start, stop=stop)
    finally:
        stop()
        if (home / "dovecot.log").exists():
            shutil.copy(home / "dovecot.log", directory / "dovecot.log")
        shutil.rmtree(home, ignore_errors=True)
