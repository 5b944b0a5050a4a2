"""The outbox's rows: each question or change of the database as one function over a connection."""

from dataclasses import dataclass
from sqlite3 import Connection
from uuid import UUID

from edge.uplink.clock import Clock
from wire import Alert, Receipt


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


@dataclass(frozen=True, slots=True)
class Counts:
    """How full the database is; ``oldest_uptime_s`` is of this machine boot, None if none waits."""

    queued: int
    delivered: int
    oldest_uptime_s: float | None


def insert(connection: Connection, filed: Filed, alert: Alert) -> None:
    """The alert, and the names of its evidence."""
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
        "INSERT INTO exhibit (alert, sha256) VALUES (?, ?)", [(row, sha256) for sha256 in items]
    )


def last_sequence(connection: Connection, boot_id: UUID) -> int | None:
    found = connection.execute(
        "SELECT max(sequence) FROM alert WHERE boot_id = ?", (str(boot_id),)
    ).fetchone()[0]
    return None if found is None else int(found)


def queue(connection: Connection, limit: int) -> list[tuple[int, int, str]]:
    """Urgency, row and SHA-256 of alerts without a receipt, in the order of sending."""
    return connection.execute(
        "SELECT urgency, id, sha256 FROM alert WHERE delivered_at IS NULL "
        "ORDER BY urgency DESC, id LIMIT ?",
        (limit,),
    ).fetchall()


def waiting(connection: Connection, sha256: str) -> Filed | None:
    row = connection.execute(
        "SELECT alert_id, urgency, payload, filed_uptime_s, machine_boot_id FROM alert "
        "WHERE sha256 = ? AND delivered_at IS NULL",
        (sha256,),
    ).fetchone()
    return None if row is None else Filed(sha256, UUID(row[0]), *row[1:])


def mark(connection: Connection, receipt: Receipt, delivered_at: str) -> None:
    connection.execute(
        "UPDATE alert SET delivered_at = ?, outcome = ? WHERE sha256 = ?",
        (delivered_at, receipt.outcome, receipt.payload_sha256),
    )


def counts(connection: Connection, machine_boot_id: str) -> Counts:
    found = connection.execute(
        "SELECT count(*) FILTER (WHERE delivered_at IS NULL), count(delivered_at), "
        "min(filed_uptime_s) FILTER (WHERE delivered_at IS NULL AND machine_boot_id = ?) "
        "FROM alert",
        (machine_boot_id,),
    ).fetchone()
    return Counts(*found)


def spent(connection: Connection, limit: int, delivered_before: str) -> list[Spent]:
    """The oldest delivered alerts whose evidence is settled."""
    rows = connection.execute(
        "SELECT id FROM alert WHERE delivered_at IS NOT NULL AND delivered_at < ? "
        "AND NOT EXISTS (SELECT 1 FROM exhibit JOIN evidence USING (sha256) "
        "                WHERE exhibit.alert = alert.id AND settled_at IS NULL) "
        "ORDER BY delivered_at, id LIMIT ?",
        (delivered_before, limit),
    ).fetchall()
    return [Spent(row, _only_in(connection, row)) for (row,) in rows]


def delete(connection: Connection, old: Spent) -> None:
    """A delivered alert; its evidence too, as far as no other alert names it."""
    connection.execute("DELETE FROM alert WHERE id = ? AND delivered_at IS NOT NULL", (old.row,))
    connection.executemany(
        "DELETE FROM evidence WHERE sha256 = ? "
        "AND NOT EXISTS (SELECT 1 FROM exhibit WHERE exhibit.sha256 = evidence.sha256)",
        [(sha256,) for sha256 in old.evidence],
    )


def names_evidence(connection: Connection, sha256: str) -> bool:
    found = connection.execute("SELECT 1 FROM evidence WHERE sha256 = ?", (sha256,))
    return found.fetchone() is not None


def _only_in(connection: Connection, row: int) -> tuple[str, ...]:
    found = connection.execute(
        "SELECT sha256 FROM exhibit AS mine WHERE alert = ? AND NOT EXISTS (SELECT 1 "
        "FROM exhibit AS other WHERE other.sha256 = mine.sha256 AND other.alert != mine.alert)",
        (row,),
    )
    return tuple(sha256 for (sha256,) in found)
