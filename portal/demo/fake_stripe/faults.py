"""What goes wrong on the way, on purpose: answers lost before or after the work, refusals for the load, errors, delays."""

import random
import threading
from collections import deque
from enum import StrEnum


class Fault(StrEnum):
    LOST_BEFORE = "lost_before"  # the request never arrived
    LOST_AFTER = "lost_after"  # done, but the answer never came back
    TOO_MANY = "too_many"  # 429, nothing done
    BROKEN = "broken"  # 500 that is the answer to this key from now on, nothing done
    BROKEN_AFTER = "broken_after"  # 500 that is the answer to this key from now on, yet done
    SLOW = "slow"  # done, answered late


class Faults:
    """`coming` happen first, one a transfer that is asked; then each with its chance in a hundred."""

    def __init__(self, *, seed: int = 0, slow_seconds: float = 0.05, **chances: int) -> None:
        self.coming: deque[Fault] = deque()
        self.met: dict[Fault, int] = dict.fromkeys(Fault, 0)
        self.slow_seconds = slow_seconds
        self._chances = {Fault(name): percent for name, percent in chances.items()}
        self._random, self._lock = random.Random(seed), threading.Lock()

    def next(self) -> Fault | None:
        with self._lock:
            fault = self.coming.popleft() if self.coming else self._drawn()
            if fault:
                self.met[fault] += 1
            return fault

    def _drawn(self) -> Fault | None:
        draw = self._random.randrange(100)
        for fault, percent in self._chances.items():
            if draw < percent:
                return fault
            draw -= percent
        return None
