"""Make the README's picture: the demonstration's record of silence, as Chromium shows it.

`python .ci/screenshot.py`, or `make screenshot`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import chromium  # noqa: E402  the path is set just above
from tests.servers.programs import free_port, stop  # noqa: E402

RECORD = "/campaigns/who-can-copy-what-your-speaker-heard/haldenbrook-home/"
PICTURE = ROOT / ".ci" / "record.png"
WAIT = 120  # seconds for the first start and the clock's first pass


def main() -> None:
    """Start the demonstration in a folder of its own, wait for its record, take the picture."""
    port = free_port()
    url = f"http://127.0.0.1:{port}{RECORD}"
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "campaign.serve"],
            cwd=ROOT,
            env={**os.environ, "INSTANCE_DIR": folder, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            _await(url)
            with chromium.running() as browser:
                page = browser.new_page(viewport={"width": 1200, "height": 1080})
                page.goto(url)
                page.screenshot(path=PICTURE)
        finally:
            stop(process)
    print(f"wrote {PICTURE.relative_to(ROOT)}")


def _await(url: str) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  our own server
                if b"did not respond" in answer.read():
                    return
        except OSError:
            pass  # it starts
        time.sleep(1)
    raise SystemExit(f"{url} did not show its record within {WAIT} seconds")


if __name__ == "__main__":
    main()
