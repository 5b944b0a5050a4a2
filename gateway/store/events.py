"""The feed: what browsers are told, in the order in which it was committed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel
from sqlalchemy import Connection, delete, func, insert, select

from gateway.store.schema import events

EventKind = Literal["warning", "box"]

KEEP: Final = 20_000


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the feed; ``data`` is JSON."""

    id: int
    kind: EventKind
    data: str
    happened_at: datetime | None
    """Of the alert behind it, where one is; the way to the screen is measured from there."""


def add_event(
    connection: Connection,
    kind: EventKind,
    view: BaseModel,
    now: datetime,
    happened_at: datetime | None = None,
) -> None:
    row = {"at": now, "kind": kind, "happened_at": happened_at, "data": view.model_dump_json()}
    connection.execute(insert(events), row)


def span(connection: Connection) -> tuple[int, int]:
    """Ids of the oldest and the newest event that are kept; ``(0, 0)`` before the first."""
    oldest, newest = connection.execute(select(func.min(events.c.id), func.max(events.c.id))).one()
    return oldest or 0, newest or 0


def events_after(connection: Connection, last_id: int, limit: int) -> list[Event]:
    columns = (events.c.id, events.c.kind, events.c.data, events.c.happened_at)
    query = select(*columns).where(events.c.id > last_id).order_by(events.c.id).limit(limit)
    return [Event(*row) for row in connection.execute(query)]


def forget_events(connection: Connection, keep: int = KEEP) -> None:
    """Drops all but the newest; a browser that was away for longer starts anew."""
    _, newest = span(connection)
    connection.execute(delete(events).where(events.c.id <= newest - keep))
