"""Keeps the disk from filling up: what is delivered goes, the oldest first; nothing else does."""

import sqlite3
from datetime import timedelta
from threading import Event
from typing import Final

import structlog

from edge.evidence.store import EvidenceStore
from edge.saying import Complaint
from edge.uplink.clock import Clock
from edge.uplink.outbox import Outbox
from edge.uplink.rows import Spent

EVERY_S: Final = 10.0
_BATCH: Final = 100

log = structlog.get_logger()


class Caretaker:
    """One thread: retries what the disk refused, and makes room.

    Rules it keeps:
        1. A delivered alert whose evidence has arrived stays ``keep_days``, or until less than
           ``keep_free_bytes`` of the disk are free; then the oldest go first.
        2. An alert without a receipt, or with evidence still to be sent, stays, whatever the disk.
    """

    def __init__(
        self,
        outbox: Outbox,
        store: EvidenceStore,
        clock: Clock,
        keep_days: int,
        keep_free_bytes: int,
    ) -> None:
        self._outbox = outbox
        self._store = store
        self._clock = clock
        self._keep_days = keep_days
        self._keep_free_bytes = keep_free_bytes
        self._trouble = Complaint(log)

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            self.look_after()
            stop.wait(EVERY_S)

    def sweep(self) -> None:
        """Removes what a power cut left half-written; before any camera is watched.

        A whole file that no alert here names stays ``keep_days``: where a damaged outbox was set
        aside, its evidence must not go with it.
        """
        self._store.sweep_parts()
        before = self._clock.now() - timedelta(days=self._keep_days)
        for sha256 in self._store.names():
            stored_at = self._store.stored_at(sha256)
            old = stored_at is not None and stored_at < before
            if old and not self._outbox.names_evidence(sha256):
                self._store.remove(sha256)

    def look_after(self) -> None:
        self._outbox.retry()
        forgotten = 0
        try:
            forgotten += self._forget_old()
            forgotten += self._forget_for_space()
        except (OSError, sqlite3.DatabaseError) as error:
            self._trouble.say(f"no room can be made on the disk: {error}", self._clock.uptime_s())
        if forgotten:
            log.info("delivered alerts were deleted to keep the disk free", count=forgotten)

    def _forget_old(self) -> int:
        before = self._clock.now() - timedelta(days=self._keep_days)
        count = 0
        while batch := self._outbox.spent(_BATCH, before):
            for spent in batch:
                self._forget(spent)
            count += len(batch)
        return count

    def _forget_for_space(self) -> int:
        count = 0
        while (free := self._store.free_bytes()) < self._keep_free_bytes:
            batch = self._outbox.spent(1)
            if not batch:
                self._trouble.say(
                    f"only {free / 1e6:.0f} MB of disk are free and nothing here is delivered and "
                    "can go; make room, or evidence will be missing",
                    self._clock.uptime_s(),
                )
                return count
            self._forget(batch[0])
            count += 1
        self._trouble.over()
        return count

    def _forget(self, spent: Spent) -> None:
        for sha256 in spent.evidence:
            self._store.remove(sha256)
        self._outbox.forget(spent)


def free_bytes_for_alerts(keep_free_bytes: int) -> int:
    """What evidence leaves alone when the disk runs full, so that alerts still find room."""
    return keep_free_bytes // 4
