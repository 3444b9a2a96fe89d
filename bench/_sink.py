"""A server that takes every mail and keeps none, where Postfix's smtp-sink is not installed.

`python -m bench._sink PORT`
"""

from __future__ import annotations

import socketserver
import sys


class _Conversation(socketserver.StreamRequestHandler):
    wbufsize = 0

    def handle(self) -> None:
        """Agree with everything."""
        self.wfile.write(b"220 sink ESMTP\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go ahead\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 2.0.0 Ok\r\n")
            if verb == b"QUIT":
                return


class _Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with _Sink(("127.0.0.1", int(sys.argv[1])), _Conversation) as server:
        server.serve_forever()
