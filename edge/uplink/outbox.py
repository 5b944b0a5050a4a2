"""Alerts on their way: stored before anything else happens to them, kept until space is needed."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from edge.uplink.clock import Clock
from edge.uplink.database import Database
from wire import Alert, OutboxHealth, Receipt, sha256_of
from wire.message import format_utc

MOST_UNSTORED: Final = 10_000
_LAST: Final = 1 << 62

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Filed:
    """One alert that waits for its receipt.

    Attributes:
        payload: The bytes that are hashed, signed and sent, the same at every send.
        filed_uptime_s: When it was filed, on the clock of ``machine_boot_id``.
    """

    sha256: str
    alert_id: UUID
    urgency: int
    payload: bytes
    filed_uptime_s: float
    machine_boot_id: str

    def age_s(self, clock: Clock) -> float | None:
        """Seconds since filing; None where the machine was restarted in between."""
        if self.machine_boot_id != clock.machine_boot_id:
            return None
        return max(0.0, clock.uptime_s() - self.filed_uptime_s)


@dataclass(frozen=True, slots=True)
class Spent:
    """A delivered alert, and the evidence that no other alert needs."""

    row: int
    evidence: tuple[str, ...]


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
        """SHA-256 of the first ``limit`` alerts without a receipt, in the order of sending."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT urgency, id, sha256 FROM alert WHERE delivered_at IS NULL "
                "ORDER BY urgency DESC, id LIMIT ?",
                (limit + len(self._unmarked),),
            ).fetchall()
            rows = [row for row in rows if row[2] not in self._unmarked]
            held = [filed for filed, _ in self._unstored.values()]
        if held:
            rows += [(filed.urgency, _LAST, filed.sha256) for filed in held]
            rows.sort(key=lambda row: (-row[0], row[1]))
        return [sha256 for _, _, sha256 in rows[:limit]]

    def get(self, sha256: str) -> Filed | None:
        """The alert with that hash while it waits for its receipt."""
        with self._database.reading() as connection:
            if sha256 in self._unstored:
                return self._unstored[sha256][0]
            row = connection.execute(
                "SELECT alert_id, urgency, payload, filed_uptime_s, machine_boot_id FROM alert "
                "WHERE sha256 = ? AND delivered_at IS NULL",
                (sha256,),
            ).fetchone()
            if row is None or sha256 in self._unmarked:
                return None
        return Filed(sha256, UUID(row[0]), *row[1:])

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
        with self._database.reading() as connection:
            queued, delivered = connection.execute(
                "SELECT count(*) FILTER (WHERE delivered_at IS NULL), count(delivered_at) "
                "FROM alert"
            ).fetchone()
            oldest = connection.execute(
                "SELECT min(filed_uptime_s) FROM alert "
                "WHERE delivered_at IS NULL AND machine_boot_id = ?",
                (self._clock.machine_boot_id,),
            ).fetchone()[0]
            held = [filed.filed_uptime_s for filed, _ in self._unstored.values()]
            unmarked = len(self._unmarked)
        since = min([*held, *([] if oldest is None else [oldest])], default=None)
        oldest_s = 0.0 if since is None else max(0.0, self._clock.uptime_s() - since)
        return OutboxHealth(
            queued=queued - unmarked + len(held), oldest_s=oldest_s, delivered=delivered + unmarked
        )

    def spent(self, limit: int, delivered_before: datetime | None = None) -> list[Spent]:
        """The oldest delivered alerts whose evidence has arrived too, or cannot arrive."""
        before = "9999" if delivered_before is None else format_utc(delivered_before)
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM alert WHERE delivered_at IS NOT NULL AND delivered_at < ? "
                "AND NOT EXISTS (SELECT 1 FROM exhibit JOIN evidence USING (sha256) "
                "                WHERE exhibit.alert = alert.id AND settled_at IS NULL) "
                "ORDER BY delivered_at, id LIMIT ?",
                (before, limit),
            ).fetchall()
            return [Spent(row, _only_in(connection, row)) for (row,) in rows]

    def forget(self, spent: Spent) -> None:
        """Deletes a delivered alert for good; remove its files first, that needs no space."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM alert WHERE id = ? AND delivered_at IS NOT NULL", (spent.row,)
            )
            connection.executemany(
                "DELETE FROM evidence WHERE sha256 = ? "
                "AND NOT EXISTS (SELECT 1 FROM exhibit WHERE exhibit.sha256 = evidence.sha256)",
                [(sha256,) for sha256 in spent.evidence],
            )

    def names_evidence(self, sha256: str) -> bool:
        """Whether any alert here names that file."""
        with self._database.reading() as connection:
            held = any(
                item.sha256 == sha256
                for _, alert in self._unstored.values()
                for item in alert.evidence.items
            )
            found = connection.execute("SELECT 1 FROM evidence WHERE sha256 = ?", (sha256,))
            return held or found.fetchone() is not None

    def close(self) -> None:
        self._database.close()

    def _number(self, boot_id: UUID) -> int:
        if boot_id not in self._next:
            with self._database.reading() as connection:
                last = connection.execute(
                    "SELECT max(sequence) FROM alert WHERE boot_id = ?", (str(boot_id),)
                ).fetchone()[0]
            self._next[boot_id] = 0 if last is None else last + 1
        return self._next[boot_id]

    def _store(self, filed: Filed, alert: Alert) -> None:
        with self._database.writing() as connection:
            row = connection.execute(
                "INSERT INTO alert (sha256, alert_id, boot_id, sequence, urgency, payload, "
                "filed_uptime_s, machine_boot_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    filed.sha256,
                    str(filed.alert_id),
                    str(alert.boot_id),
                    alert.sequence,
                    filed.urgency,
                    filed.payload,
                    filed.filed_uptime_s,
                    filed.machine_boot_id,
                ),
            ).lastrowid
            items = {item.sha256: item.media_type for item in alert.evidence.items}
            connection.executemany(
                "INSERT INTO evidence (sha256, media_type) VALUES (?, ?) ON CONFLICT DO NOTHING",
                items.items(),
            )
            connection.executemany(
                "INSERT INTO exhibit (alert, sha256) VALUES (?, ?)",
                [(row, sha256) for sha256 in items],
            )

    def _mark(self, receipt: Receipt) -> None:
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE alert SET delivered_at = ?, outcome = ? WHERE sha256 = ?",
                (format_utc(self._clock.now()), receipt.outcome, receipt.payload_sha256),
            )

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


def _only_in(connection: sqlite3.Connection, row: int) -> tuple[str, ...]:
    found = connection.execute(
        "SELECT sha256 FROM exhibit AS mine WHERE alert = ? AND NOT EXISTS "
        "(SELECT 1 FROM exhibit WHERE sha256 = mine.sha256 AND alert != mine.alert)",
        (row,),
    )
    return tuple(sha256 for (sha256,) in found)
