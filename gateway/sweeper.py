"""What time does: deadlines, silent boxes, rows that nobody needs any more."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from gateway.casework.case import latest_due, sweep
from gateway.casework.clock import Reading, jump_between
from gateway.desk import Desk
from gateway.store import OperationalError, warnings
from gateway.store.boxes import forget_samples, hush_silent, move_seen
from gateway.store.events import forget_events

log = structlog.get_logger()

EVERY_S: Final = 1.0
_TIDY_EVERY_S: Final = 600.0
_AT_ONCE: Final = 100


def boot_clock_s() -> float:
    """Seconds that nobody can set; goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Sweeper:
    """Looks at the clock once a second; deadlines are rows, so it forgets nothing."""

    def __init__(self, desk: Desk, uptime_s: Callable[[], float] = boot_clock_s) -> None:
        self._desk = desk
        self._uptime_s = uptime_s
        self._before = self._read_clocks()
        self._tidy_at_s = 0.0
        self._is_first = True

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(EVERY_S):
            try:
                self.turn()
            except OperationalError as error:
                log.warning("sweep put off", reason=str(error.orig))

    def turn(self) -> int:
        """One look at the clock; how many warnings and boxes changed by it."""
        now = self._read_clocks()
        jump = jump_between(self._before, now)
        changed = 0
        with self._desk.database.write() as connection:
            if jump:
                warnings.set_deadlines(connection, lambda case: case.due_at and case.due_at + jump)
                move_seen(connection, jump)
            if self._is_first:
                policy = self._desk.policy
                warnings.set_deadlines(connection, lambda case: latest_due(case, policy, now.wall))
            for warning_id in warnings.due(connection, now.wall, _AT_ONCE):
                case = warnings.get_case(connection, warning_id)
                change = sweep(case, self._desk.policy, now.wall)
                if change is not None:
                    warnings.save_case(connection, warning_id, change)
                    warnings.announce(connection, warning_id, now.wall)
                    changed += 1
            changed += hush_silent(connection, now.wall)
            if now.uptime_s >= self._tidy_at_s:
                forget_events(connection)
                forget_samples(connection)
                self._tidy_at_s = now.uptime_s + _TIDY_EVERY_S
        self._before = now
        self._is_first = False
        self._say(jump)
        if changed or jump:
            self._desk.feed.wake()
        return changed

    def _read_clocks(self) -> Reading:
        return Reading(self._desk.clock(), self._uptime_s())

    def _say(self, jump: timedelta) -> None:
        if jump:
            self._desk.metrics.clock_jumps.inc()
            log.warning("the wall clock was set; deadlines moved", jump_s=jump.total_seconds())
