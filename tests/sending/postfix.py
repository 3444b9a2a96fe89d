"""A real relay for the tests: Postfix on loopback, with a queue and settings of its own.

One instance listens with several faces, each on its own port: the relay that we hand our mails
to, the same being stricter or poorer, and the servers of the companies, which the relay hands
them on to. Nothing leaves the machine: it knows no other domain, and asks no name server.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.sending.smtp_server import make_certificate, trusting
from tests.servers.programs import dies_with_us, free_port, missing, needs, stop, wait_until

# Addresses by what becomes of a mail to them. The relay itself serves the first four; the rest
# it hands on to the companies' servers.
DELIVERED = "privacy@served.example"
BEYOND_ASCII = "büro@served.example"
UNKNOWN_USER = "nobody@served.example"
GREYLISTED = "greylisted@served.example"
PASSED_ON = "privacy@company.example"
PASSED_ON_IN_SILENCE = "privacy@silent.example"
GONE = "gone@company.example"
FULL = "full@company.example"
REFUSED_FOR_ITS_CONTENT = "picky@choosy.example"
ALWAYS_BUSY = "busy@company.example"
NO_SUCH_DOMAIN = "privacy@nowhere.example"

_OURS = "brightwater.example"
_MAILBOXES = 40

_MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = /dev/stdout
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.brightwater.example
mynetworks = 127.0.0.0/8
mydestination =
local_recipient_maps =
alias_maps =
default_transport = error:5.1.2 no such domain
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
recipient_delimiter = +
transport_maps = texthash:{home}/conf/transport
relay_domains = company.example silent.example choosy.example
virtual_mailbox_domains = brightwater.example served.example
virtual_mailbox_maps = texthash:{home}/conf/mailboxes
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_delay_reject = no
smtpd_recipient_restrictions = check_recipient_access texthash:{home}/conf/greylist permit
theirs = check_recipient_access texthash:{home}/conf/refused permit
smtpd_tls_cert_file = {home}/tls/good/cert.pem
smtpd_tls_key_file = {home}/tls/good/key.pem
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
delay_warning_time = 1s
maximal_queue_lifetime = 4s
bounce_queue_lifetime = 4s
not_now = check_client_access static:{{451 4.3.0 Our disk is full, come back later}}
"""

_GREYLIST = f"{GREYLISTED} 450 4.2.1 Greylisted, come back later\n"
_REFUSED = f"""\
{GONE} 550 5.1.1 No such user here
{FULL} 552 5.2.2 The mailbox is full
{ALWAYS_BUSY} 450 4.2.1 The mailbox is busy
"""

_SERVICES = """\
cleanup unix n - n - 0 cleanup
judging-cleanup unix n - n - 0 cleanup -o header_checks=regexp:{home}/conf/unwanted
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""

_TLS = "-o smtpd_tls_security_level=encrypt"
# A company's server files what it takes, and relays nothing.
_FILES = "-o content_filter=virtual: -o smtpd_recipient_restrictions=$theirs"
# What each face does otherwise than the plain relay.
_FACES = {
    "relay": "",
    "small": "-o message_size_limit=20000",
    "bare": "-o smtpd_discard_ehlo_keywords=size,8bitmime,smtputf8,dsn,pipelining,chunking",
    "refuses-at-data": "-o smtpd_data_restrictions=reject",
    "judges-content": "-o cleanup_service_name=judging-cleanup",
    "busy-after-text": "-o smtpd_end_of_data_restrictions=$not_now",
    "tls": _TLS,
    "expired": f"{_TLS} -o smtpd_tls_cert_file={{home}}/tls/expired/cert.pem"
    " -o smtpd_tls_key_file={home}/tls/expired/key.pem",
    "company": f"{_FILES} -o myhostname=mx.company.example",
    "silent": f"{_FILES} -o myhostname=mx.silent.example -o smtpd_discard_ehlo_keywords=dsn",
    "choosy": f"{_FILES} -o myhostname=mx.choosy.example -o cleanup_service_name=judging-cleanup",
}


@dataclass
class Relay:
    """The running server.

    Attributes:
        ports: by face.
        home: holds everything of it.
        log: what it says of each mail.
    """

    ports: dict[str, int]
    home: Path
    log: Path
    _used: int = field(default=0)

    def url(self, face: str = "relay", options: str = "") -> str:
        """The `MAIL_URL` of a face."""
        return f"smtp://127.0.0.1:{self.ports[face]}{options}"

    def new_mailbox(self) -> tuple[str, Path]:
        """An address of ours that nobody has used yet, and its maildir."""
        self._used += 1
        assert self._used <= _MAILBOXES
        return f"answers{self._used}@{_OURS}", self.home / "mail" / f"ours{self._used}"

    def copies(self, message_id: str) -> list[bytes]:
        """The mails with this Message-ID in the companies' mailboxes, as these were filed."""
        filed = (path.read_bytes() for path in (self.home / "mail").glob("*@*/new/*"))
        line = f"\nMessage-ID: {message_id}\n".encode()
        return [raw for raw in filed if line in raw]

    def trusted(self, certificate: str = "good") -> ssl.SSLContext:
        """A client's settings that trust this certificate."""
        return trusting(self.home / "tls" / certificate)


def _write_settings(home: Path, ports: dict[str, int]) -> None:
    nobody = pwd.getpwnam("nobody")
    conf = home / "conf"
    for folder in ("conf", "queue", "data", "mail", "tls/good", "tls/expired"):
        (home / folder).mkdir(parents=True)
    os.chown(home / "mail", nobody.pw_uid, nobody.pw_gid)
    shutil.chown(home / "data", "postfix")
    make_certificate(home / "tls/good", days=2, name="IP:127.0.0.1")
    make_certificate(home / "tls/expired", days=-1, name="IP:127.0.0.1")
    main = _MAIN.format(home=home, uid=nobody.pw_uid, gid=nobody.pw_gid)
    (conf / "main.cf").write_text(main)
    faces = "".join(
        f"127.0.0.1:{ports[face]} inet n - n - - smtpd -o syslog_name=postfix/{face} {options}\n"
        for face, options in _FACES.items()
    )
    (conf / "master.cf").write_text((faces + _SERVICES).format(home=home))
    (conf / "greylist").write_text(_GREYLIST)
    (conf / "refused").write_text(_REFUSED)
    (conf / "unwanted").write_text("/^Subject:/ REJECT 5.7.1 We take no such content\n")
    (conf / "transport").write_text(
        "".join(
            f"{face}.example smtp:[127.0.0.1]:{ports[face]}\n"
            for face in ("company", "silent", "choosy")
        )
    )
    ours = [f"answers{number}@{_OURS} ours{number}/\n" for number in range(1, _MAILBOXES + 1)]
    theirs = [f"{to} {to}/\n" for to in (DELIVERED, BEYOND_ASCII, PASSED_ON, PASSED_ON_IN_SILENCE)]
    (conf / "mailboxes").write_text("".join([*ours, *theirs]), encoding="utf-8")


@contextmanager
def postfix(log: Path) -> Iterator[Relay]:
    """Run Postfix until the block ends.

    Its files lie in a short folder of their own: test folders are closed to the users that it
    runs as. A Postfix of the machine is not touched.
    """
    program = needs("postfix")
    if os.geteuid() != 0:
        missing("the right to start Postfix, which is root's,")
    home = Path(tempfile.mkdtemp(prefix="postfix-"))
    home.chmod(0o755)
    ports = {face: free_port() for face in _FACES}
    _write_settings(home, ports)
    subprocess.run([program, "-c", home / "conf", "check"], check=True, capture_output=True)
    where: list[str | Path] = [needs("postconf"), "-h", "-c", home / "conf", "daemon_directory"]
    daemons = subprocess.check_output(where, text=True).strip()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [f"{daemons}/master", "-s", "-c", home / "conf"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=dies_with_us,
        )
    try:
        wait_until(lambda: all(map(_open, ports.values())), "Postfix", process=process, log=log)
        yield Relay(ports, home, log)
    finally:
        stop(process)
        shutil.rmtree(home, ignore_errors=True)


def _open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
