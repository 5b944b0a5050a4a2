"""The database: opened, brought up to date, read and written."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from gateway.errors import StateError

_BUSY_MS: Final = 10_000
_MIGRATIONS: Final = Path(__file__).parent / "migrations"


class Database:
    """One SQLite file. Readers see a snapshot; writers queue up from their first statement on."""

    def __init__(self, path: Path) -> None:
        """Opens the file, makes it where it is missing, and brings its tables up to date.

        Raises:
            StateError: The folder or file cannot be used, or a newer release has written it.
        """
        self.path = path
        self._engine = _engine(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with (path.parent / "migrate.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._migrate()
        except OSError as error:
            raise StateError(path.parent, f"cannot be used: {error.strerror}") from error
        except DBAPIError as error:
            raise StateError(path, f"cannot be opened: {error.orig}") from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it is durable when the block ends, or none of it is."""
        with (
            self._engine.connect() as bare,
            bare.execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def probe(self) -> str:
        """``ok``, or one sentence on why it cannot be read."""
        try:
            with self.read() as connection:
                connection.execute(text("SELECT 1 FROM events LIMIT 1"))
        except DBAPIError as error:
            return f"the database cannot be read: {error.orig}"
        return "ok"

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StateError(
                    self.path, "was written by a newer release; start that one instead"
                ) from error


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": _BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # Transactions are begun below; the driver's own beginning is too late for a writer.
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A reader that turns writer fails at once where another has written meanwhile.
        writes = connection.get_execution_options().get("writes", False)
        connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN"))

    return engine
