"""The database: its tables by migration, its writers one after the other."""

import threading
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, select

from gateway.store.database import Database
from gateway.store.schema import cursors, metadata
from tests.gateway.district import District, make_alert


def test_migrations_make_the_tables(tmp_path: Path) -> None:
    """The migrations, run from nothing, give exactly the tables that the code works with."""
    with Database(tmp_path / "new" / "sanse.db") as database, database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_opened_by_many_at_once(tmp_path: Path) -> None:
    """Commands that start at the same moment bring an old database up to date once."""
    failures: list[BaseException] = []

    def open_() -> None:
        try:
            Database(tmp_path / "sanse.db").close()
        except BaseException as error:
            failures.append(error)
            raise

    openers = [threading.Thread(target=open_) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(60)
    assert failures == []


def test_pragmas(district: District) -> None:
    """Commits survive a power cut, and references hold."""
    with district.desk.database.read() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert found == ["wal", 2, 1]


def test_writers_take_turns(district: District) -> None:
    """Writers that read first and write then do not fail at each other, nor lose a count."""
    with district.desk.database.write() as connection:
        connection.execute(insert(cursors).values(name="count", position=0))

    def count_up() -> None:
        for _ in range(10):
            with district.desk.database.write() as connection:
                position = connection.scalar(select(cursors.c.position)) or 0
                connection.execute(cursors.update().values(position=position + 1))

    writers = [threading.Thread(target=count_up) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    with district.desk.database.read() as connection:
        assert connection.scalar(select(cursors.c.position)) == 40


def test_readers_do_not_wait(district: District) -> None:
    """While one writes, others read what was there before."""
    district.tell(make_alert())
    with district.desk.database.write() as writer, district.desk.database.read() as reader:
        writer.execute(insert(cursors).values(name="count", position=0))
        assert reader.scalar(select(func.count()).select_from(cursors)) == 0
