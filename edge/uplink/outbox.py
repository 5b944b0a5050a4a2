"""Alerts on their way: stored before anything else happens to them, kept until space is needed."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from edge.saying import Complaint
from edge.uplink import rows
from edge.uplink.clock import Clock
from edge.uplink.database import Database
from edge.uplink.rows import Filed, Spent
from wire import Alert, OutboxHealth, Receipt, sha256_of
from wire.message import format_utc

MOST_UNSTORED: Final = 10_000
_LAST: Final = 1 << 62

log = structlog.get_logger()


class Outbox:
    """Files alerts, orders them by urgency then age, and marks them by receipt.

    Rules it keeps:
        1. Once ``file`` returns, the alert survives a power cut; where the disk refuses it, it is
           held in memory, said loudly, sent all the same, and stored as soon as the disk allows.
        2. The alerts of one boot are numbered from 0 without gaps, in the order of filing.
        3. Only a receipt that names the alert and the hash of its bytes marks it delivered.
        4. An alert without a receipt is never deleted; a delivered one only by ``forget``.

    It does not send, does not verify signatures, and does not know what is urgent.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        """Raises: OutboxError: The file cannot be opened."""
        self._database = Database(path)
        self._clock = clock
        self._next: dict[UUID, int] = {}
        self._unstored: dict[str, tuple[Filed, Alert]] = {}
        self._unmarked: dict[str, Receipt] = {}
        self._unreadable = Complaint(log)
        self._listeners: list[Callable[[], None]] = []

    @property
    def database(self) -> Database:
        return self._database

    def on_filed(self, listener: Callable[[], None]) -> None:
        """Calls ``listener`` after every filing, on the thread that filed."""
        self._listeners.append(listener)

    def file(self, alert: Alert) -> None:
        """Numbers the alert and stores it, with the names of its evidence, in one commit."""
        with self._database.reading():  # the lock: numbers are given in the order of filing
            alert = alert.model_copy(update={"sequence": self._number(alert.boot_id)})
            payload = alert.to_bytes()
            filed = Filed(
                sha256=sha256_of(payload),
                alert_id=alert.alert_id,
                urgency=alert.urgency,
                payload=payload,
                filed_uptime_s=self._clock.uptime_s(),
                machine_boot_id=self._clock.machine_boot_id,
            )
            try:
                self._store(filed, alert)
            except sqlite3.DatabaseError as error:
                self._hold(filed, alert, error)
            self._next[alert.boot_id] = alert.sequence + 1
        for listener in self._listeners:
            listener()

    def retry(self) -> int:
        """Stores and marks what the disk refused before; how much it still refuses."""
        with self._database.reading():
            held = len(self._unstored)
            try:
                for filed, alert in list(self._unstored.values()):
                    self._store(filed, alert)
                    del self._unstored[filed.sha256]
                for receipt in list(self._unmarked.values()):
                    self._mark(receipt)
                    del self._unmarked[receipt.payload_sha256]
            except sqlite3.DatabaseError as error:
                log.debug(f"the disk still refuses: {error}")
            if stored := held - len(self._unstored):
                log.info("alerts held in memory are stored now", count=stored)
            return len(self._unstored) + len(self._unmarked)

    def queue(self, limit: int) -> list[str]:
        """SHA-256 of the first ``limit`` alerts without a receipt, in the order of sending.

        Where the disk cannot be read, those that memory holds; they need not wait for it.
        """
        with self._database.reading() as connection:
            found = []
            try:
                found = rows.queue(connection, limit + len(self._unmarked))
            except sqlite3.DatabaseError as error:
                self._unreadable.say(
                    f"the outbox cannot be read ({error}); alerts go from memory; mend the disk "
                    "and start the box again",
                    self._clock.uptime_s(),
                )
            found = [row for row in found if row[2] not in self._unmarked]
            found += [(held.urgency, _LAST, held.sha256) for held, _ in self._unstored.values()]
        found.sort(key=lambda row: (-row[0], row[1]))
        return [sha256 for _, _, sha256 in found[:limit]]

    def get(self, sha256: str) -> Filed | None:
        """The alert with that hash while it waits for its receipt."""
        with self._database.reading() as connection:
            if sha256 in self._unstored:
                return self._unstored[sha256][0]
            return None if sha256 in self._unmarked else rows.waiting(connection, sha256)

    def mark(self, receipt: Receipt) -> bool:
        """Marks the alert that the receipt names; False where none waits for it.

        Where the disk refuses the mark, memory keeps it; after a restart that alert is sent again.
        """
        with self._database.reading():
            filed = self.get(receipt.payload_sha256)
            if filed is None or filed.alert_id != receipt.alert_id:
                return False
            if self._unstored.pop(filed.sha256, None) is None:
                try:
                    self._mark(receipt)
                except sqlite3.DatabaseError as error:
                    self._unmarked[filed.sha256] = receipt
                    log.warning(f"a receipt cannot be stored yet ({error}); it is kept in memory")
            return True

    def health(self) -> OutboxHealth:
        """Raises: sqlite3.DatabaseError: The disk cannot be read."""
        with self._database.reading() as connection:
            stored = rows.counts(connection, self._clock.machine_boot_id)
            held, unmarked = list(self._unstored.values()), len(self._unmarked)
        since = [filed.filed_uptime_s for filed, _ in held]
        since += [] if stored.oldest_uptime_s is None else [stored.oldest_uptime_s]
        return OutboxHealth(
            queued=stored.queued - unmarked + len(held),
            oldest_s=max(0.0, self._clock.uptime_s() - min(since)) if since else 0.0,
            delivered=stored.delivered + unmarked,
        )

    def spent(self, limit: int, delivered_before: datetime | None = None) -> list[Spent]:
        """The oldest delivered alerts whose evidence has arrived too, or cannot arrive."""
        before = "9999" if delivered_before is None else format_utc(delivered_before)
        with self._database.reading() as connection:
            return rows.spent(connection, limit, before)

    def forget(self, spent: Spent) -> None:
        """Deletes a delivered alert for good; remove its files first, that needs no space."""
        with self._database.writing() as connection:
            rows.delete(connection, spent)

    def names_evidence(self, sha256: str) -> bool:
        """Whether any alert here names that file."""
        with self._database.reading() as connection:
            held = (item for _, alert in self._unstored.values() for item in alert.evidence.items)
            named = any(item.sha256 == sha256 for item in held)
            return named or rows.names_evidence(connection, sha256)

    def close(self) -> None:
        self._database.close()

    def _number(self, boot_id: UUID) -> int:
        if boot_id not in self._next:
            last = None
            try:
                with self._database.reading() as connection:
                    last = rows.last_sequence(connection, boot_id)
            except sqlite3.DatabaseError as error:
                log.debug(f"{error}; a boot begins with this very process, so at 0")
            self._next[boot_id] = 0 if last is None else last + 1
        return self._next[boot_id]

    def _store(self, filed: Filed, alert: Alert) -> None:
        with self._database.writing() as connection:
            rows.insert(connection, filed, alert)

    def _mark(self, receipt: Receipt) -> None:
        with self._database.writing() as connection:
            rows.mark(connection, receipt, format_utc(self._clock.now()))

    def _hold(self, filed: Filed, alert: Alert, error: sqlite3.DatabaseError) -> None:
        if len(self._unstored) >= MOST_UNSTORED:
            least = min(self._unstored.values(), key=lambda held: held[0].urgency)[0]
            del self._unstored[least.sha256]
            log.error(
                "an alert is LOST: the disk refuses alerts and memory holds no more of them",
                alert_id=str(least.alert_id),
                held=MOST_UNSTORED,
            )
        self._unstored[filed.sha256] = (filed, alert)
        log.error(
            f"an alert cannot be stored ({error}); it is held in memory, sent as soon as the "
            "broker is there, and would be lost in a power cut; make room on the disk",
            alert_id=str(filed.alert_id),
            held=len(self._unstored),
        )
