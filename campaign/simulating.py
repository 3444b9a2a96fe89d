"""Starting the simulation in processes of its own (`campaign/simulation`).

It changes clock, chance and sockets of its whole process, and one seed is one story only while
Python orders its sets the same way each time: PYTHONHASHSEED has to be set before it starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from campaign.config import ROOT
from campaign.kernel.errors import Problem


def simulate(first: int, last: int, jobs: int = 1) -> dict[str, int]:
    """Run the seeds from the first to the last in so many processes; the sums of what they tell.

    Stories of what failed go to stderr as they come.

    Raises:
        Problem: `simulation-broke`, where a process ended without a result.
    """
    jobs = min(jobs, last - first + 1)
    started = [_start(first + number, last, jobs) for number in range(jobs)]
    answers = [(process.communicate()[0], process.returncode) for process in started]
    total = {"runs": 0, "events": 0, "violations": 0}
    for said, code in answers:
        if code not in (0, 1) or not said.strip():
            raise Problem("simulation-broke", exit_code=code)
        told = json.loads(said.splitlines()[-1])
        total = {name: total[name] + told[name] for name in total}
    return total


def _start(first: int, last: int, step: int) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LANG", "TMPDIR")}
    return subprocess.Popen(
        [sys.executable, "-m", "campaign.simulation", str(first), str(last), str(step)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**kept, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT)},
    )
