"""The boxes as they were last heard."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from gateway.store.events import add_event
from gateway.store.schema import boxes, health_samples
from gateway.views import BoxView, CameraView
from wire import Health, Presence, Signed

SILENT_AFTER: Final = timedelta(seconds=35)
SHOWN_EVERY: Final = timedelta(seconds=10)
"""Figures alone go into the feed no more often; a change of state goes at once."""
KEEP_SAMPLES: Final = 500_000
"""About three days of ten boxes; a time series that was away for less is filled up from them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of a box's row that presence decides over."""

    boot_id: str
    connection: int
    online: bool


def after_presence(standing: Standing | None, said: Presence) -> Standing | None:
    """What a birth or a death makes of a box; None where it is stale and nothing changes.

    A death is the will of one connection: it is believed only while that connection is the newest.
    A birth of an earlier connection of the same boot has been overtaken.
    """
    boot_id = str(said.boot_id)
    if not said.online:
        named = standing and (standing.boot_id, standing.connection) == (boot_id, said.connection)
        return Standing(boot_id, said.connection, online=False) if named else None
    same_boot = standing is not None and standing.boot_id == boot_id
    if standing is not None and same_boot and said.connection < standing.connection:
        return None
    return Standing(boot_id, said.connection, online=True)


def all_boxes(connection: Connection) -> tuple[BoxView, ...]:
    rows = connection.execute(select(boxes).order_by(boxes.c.device))
    return tuple(_view(row) for row in rows)


def keep_presence(connection: Connection, said: Presence, now: datetime) -> None:
    before = _find(connection, said.device)
    standing = before and Standing(before.boot_id, before.connection, before.online)
    after = after_presence(standing or None, said)
    if after is None:
        return
    seen = {"boot_id": after.boot_id, "connection": after.connection, "online": after.online}
    if after.online or before is None:
        seen |= {"last_seen_at": now, "software": said.software}
    _save(connection, said.device, before, seen, now)


def keep_health(connection: Connection, said: Health, signed: Signed, now: datetime) -> None:
    before = _find(connection, said.device)
    boot_id = str(said.boot_id)
    same_boot = before is not None and before.boot_id == boot_id
    seen = {
        "boot_id": boot_id,
        "connection": before.connection if before is not None and same_boot else 0,
        "online": True,
        "software": said.software,
        "last_seen_at": now,
        "health": said.model_dump(mode="json", include={"cameras", "outbox"}),
    }
    _save(connection, said.device, before, seen, now)
    sample = {"device": said.device, "received_at": now, "payload": signed.payload}
    connection.execute(insert(health_samples).values(sample))


def hush_silent(connection: Connection, now: datetime) -> int:
    """Shows those boxes as gone that were not heard for too long; how many."""
    silent = select(boxes).where(boxes.c.online, boxes.c.last_seen_at < now - SILENT_AFTER)
    rows = connection.execute(silent).all()
    for row in rows:
        _save(connection, row.device, row, {"online": False}, now)
    return len(rows)


def move_seen(connection: Connection, jump: timedelta) -> None:
    """Moves along with a wall clock that was set, so that no dead box looks alive by it."""
    for row in connection.execute(select(boxes)).all():
        moved = {"last_seen_at": row.last_seen_at + jump, "shown_at": row.shown_at + jump}
        connection.execute(update(boxes).where(boxes.c.device == row.device).values(moved))


def forget_samples(connection: Connection, keep: int = KEEP_SAMPLES) -> None:
    newest = connection.scalar(select(func.max(health_samples.c.id))) or 0
    connection.execute(delete(health_samples).where(health_samples.c.id <= newest - keep))


def _find(connection: Connection, device: str) -> Row[Any] | None:
    return connection.execute(select(boxes).where(boxes.c.device == device)).one_or_none()


def _save(
    connection: Connection,
    device: str,
    before: Row[Any] | None,
    seen: dict[str, Any],
    now: datetime,
) -> None:
    """Writes the row, and into the feed what a person would notice."""
    if before is None:
        connection.execute(insert(boxes).values(device=device, shown_at=now, **seen))
    else:
        connection.execute(update(boxes).where(boxes.c.device == device).values(seen))
    after = _find(connection, device)
    assert after is not None
    view = _view(after)
    if before is None or _noticed(_view(before), view) or now - before.shown_at >= SHOWN_EVERY:
        connection.execute(update(boxes).where(boxes.c.device == device).values(shown_at=now))
        add_event(connection, "box", view, now)


def _noticed(before: BoxView, after: BoxView) -> bool:
    states = [[(camera.camera_id, camera.state) for camera in v.cameras] for v in (before, after)]
    same = before.online == after.online and before.software == after.software
    return not same or states[0] != states[1] or (before.queued == 0) != (after.queued == 0)


def _view(row: Row[Any]) -> BoxView:
    health = row.health or {"cameras": [], "outbox": {"queued": 0}}
    return BoxView(
        device=row.device,
        online=row.online,
        last_seen_at=row.last_seen_at,
        software=row.software,
        queued=health["outbox"]["queued"],
        cameras=tuple(CameraView.model_validate(camera) for camera in health["cameras"]),
    )
