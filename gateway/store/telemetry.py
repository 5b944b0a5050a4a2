"""Health samples, and how far their copy elsewhere has come."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.store.schema import cursors, health_samples


def cursor(connection: Connection, name: str) -> int:
    return connection.scalar(select(cursors.c.position).where(cursors.c.name == name)) or 0


def move_cursor(connection: Connection, name: str, position: int) -> None:
    moved = update(cursors).where(cursors.c.name == name).values(position=position)
    if connection.execute(moved).rowcount == 0:
        connection.execute(insert(cursors).values(name=name, position=position))


def samples_after(connection: Connection, position: int, limit: int) -> list[Row[Any]]:
    """Rows with ``id``, ``received_at`` and ``payload``, oldest first."""
    query = select(health_samples).where(health_samples.c.id > position)
    return list(connection.execute(query.order_by(health_samples.c.id).limit(limit)))
