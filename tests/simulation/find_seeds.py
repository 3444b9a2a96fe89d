"""`PYTHONHASHSEED=0 python -m tests.simulation.find_seeds FIRST LAST [BUG…]`.

For each planted bug the seeds that see it, cheapest first: for the list in `test_planted.py`.
"""

from __future__ import annotations

import logging
import sys
import time

from campaign.simulation.ground import ground
from campaign.simulation.story import run
from tests.simulation.planted import BUGS, planted

ENOUGH = 3


def main(first: int, last: int, names: list[str]) -> None:
    """Look for seeds and print what is found."""
    logging.disable(logging.CRITICAL)
    with ground() as floor:
        for name in names:
            found = 0
            for seed in range(first, last + 1):
                began = time.process_time()
                with planted(name):
                    told = run(seed, floor)
                took = time.process_time() - began
                if told.violation is not None:
                    found += 1
                    print(f"{name} {seed} {took:.1f}s {told.violation}", flush=True)
                if found >= ENOUGH:
                    break
            if not found:
                print(f"{name} NOT FOUND", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] or list(BUGS))
