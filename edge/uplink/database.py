"""The one SQLite file behind the outbox: opened, guarded, and set aside where it is damaged."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from edge.uplink.errors import OutboxError

_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256 TEXT NOT NULL UNIQUE,
  alert_id TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  urgency INTEGER NOT NULL,
  payload BLOB NOT NULL,
  filed_uptime_s REAL NOT NULL,
  machine_boot_id TEXT NOT NULL,
  delivered_at TEXT,
  outcome TEXT,
  UNIQUE (boot_id, sequence)
);
CREATE INDEX alert_queue ON alert (urgency DESC, id) WHERE delivered_at IS NULL;
CREATE INDEX alert_delivered ON alert (delivered_at) WHERE delivered_at IS NOT NULL;
CREATE TABLE evidence (
  sha256 TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  settled_at TEXT,
  fault TEXT
);
CREATE INDEX evidence_pending ON evidence (sha256) WHERE settled_at IS NULL;
CREATE TABLE exhibit (
  alert INTEGER NOT NULL REFERENCES alert ON DELETE CASCADE,
  sha256 TEXT NOT NULL REFERENCES evidence,
  PRIMARY KEY (alert, sha256)
) WITHOUT ROWID;
CREATE INDEX exhibit_of ON exhibit (sha256);
"""
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

log = structlog.get_logger()


class Database:
    """One connection, used by one thread at a time.

    A commit that returned survives a power cut: write-ahead log, ``synchronous=FULL``. Every write
    begins with BEGIN IMMEDIATE, because a read that turns into a write fails at once when another
    process holds the file.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it. A damaged one is set aside, kept, and said.

        Raises:
            OutboxError: The folder cannot be written, or the file is of a later version.
        """
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = _opened(path)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode not in _DAMAGED:
                    raise
                _set_aside(path, error)
                self._connection = _opened(path)
        except (sqlite3.Error, OSError) as error:
            raise OutboxError(path, str(error)) from error
        found = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if found != _VERSION:
            self._connection.close()
            raise OutboxError(
                path, f"it is of version {found}, this program knows {_VERSION}; update the program"
            )

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is durable on leaving, or none of it is there.

        Raises:
            sqlite3.DatabaseError: The disk is full or fails; nothing was changed.
        """
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            connection.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
            )
        connection.execute("SELECT count(*) FROM alert WHERE delivered_at IS NULL").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _set_aside(path: Path, error: sqlite3.DatabaseError) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    log.error(
        f"{path}: the outbox is damaged ({error}); it is kept as {aside.name} for a person to look "
        "at, and a new one is begun"
    )
