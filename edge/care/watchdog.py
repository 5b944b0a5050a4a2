"""Keeps the parts of a box running: a part that breaks is said, counted, and started again."""

import random
import time
import traceback
from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Final

import structlog

from edge.uplink.backoff import backoff_s

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
STEADY_AFTER_S: Final = 120.0

Part = Callable[[Event], None]
"""Works on a thread of its own until the event is set; returning earlier, it is done for good."""

log = structlog.get_logger()


class Watchdog:
    """One thread for each part."""

    def __init__(self, parts: Mapping[str, Part], first_pause_s: float = FIRST_PAUSE_S) -> None:
        self._stop = Event()
        self._first_pause_s = first_pause_s
        self._threads = [
            Thread(target=self._keep_running, args=(name, part), name=name, daemon=True)
            for name, part in parts.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, patience_s: float) -> list[str]:
        """Asks all to end and waits; the names of those that did not end in time."""
        self._stop.set()
        until_s = time.monotonic() + patience_s
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))
        return [thread.name for thread in self._threads if thread.is_alive()]

    def _keep_running(self, name: str, part: Part) -> None:
        failures = 0
        while not self._stop.is_set():
            began_s = time.monotonic()
            try:
                part(self._stop)
            except Exception as error:  # noqa: BLE001  the one place that catches what nobody foresaw
                failures = 1 if time.monotonic() - began_s > STEADY_AFTER_S else failures + 1
                pause_s = backoff_s(failures, self._first_pause_s, LONGEST_PAUSE_S, random.random())
                where = traceback.extract_tb(error.__traceback__)[-1]
                log.error(  # noqa: TRY400  one line for each event: the place, not the whole stack
                    f"{name} broke: {type(error).__name__}: {error}; starting it again",
                    at=f"{where.filename}:{where.lineno}",
                    failures=failures,
                    pause_s=round(pause_s, 1),
                )
                self._stop.wait(pause_s)
            else:
                return
