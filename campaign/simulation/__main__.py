"""`python -m campaign.simulation FIRST LAST [STEP]`: what `flask simulate` starts.

The last line on stdout is one JSON object; stories of what failed go to stderr. A process of its
own, with a fixed PYTHONHASHSEED, so that one seed is one story everywhere.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import traceback

from campaign.simulation.ground import ground
from campaign.simulation.shrinking import shortest
from campaign.simulation.story import run


def main(first: int, last: int, step: int = 1) -> int:
    """Run seeds; 1 where one of them breaks an invariant."""
    logging.disable(logging.CRITICAL)  # what fails on purpose is no news
    gc.disable()  # a run is short, and collected as a whole
    events = violations = runs = 0
    with ground() as floor:
        for seed in range(first, last + 1, step):
            try:
                told = run(seed, floor)
            except Exception:
                # What the world itself could not live through is a fault too, and the other
                # seeds are run all the same.
                _say(f"seed {seed}: the story broke off")
                _say(traceback.format_exc())
                runs, violations = runs + 1, violations + 1
                continue
            runs, events = runs + 1, events + told.events
            if told.violation is not None:
                violations += 1
                short = shortest(seed, floor)
                _say(f"seed {seed}: {told.violation}")
                _say("The shortest story that still fails:")
                _say("\n".join(short.lines))
            gc.collect()
    sys.stdout.write(json.dumps({"runs": runs, "events": events, "violations": violations}) + "\n")
    return 1 if violations else 0


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
