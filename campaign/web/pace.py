"""How often something may be asked for: a brake on who hammers a page, not a lock."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

_KEYS_MOST = 10_000


class Pace:
    """At most `most` times in `seconds` for each key, counted in this process.

    Remembers a bounded number of keys, so that nobody fills the memory with new ones.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: str) -> bool:
        """Count one more time for the key; False where it is one too many."""
        now = time.monotonic()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while len(self._times) > _KEYS_MOST:
                self._times.popitem(last=False)
            while times and times[0] <= now - self._seconds:
                times.popleft()
            if len(times) >= self._most:
                return False
            times.append(now)
            return True
