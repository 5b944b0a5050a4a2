"""The boxes as they were last heard."""

from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.store.schema import boxes
from gateway.views import BoxView, CameraView


def all_boxes(connection: Connection) -> tuple[BoxView, ...]:
    rows = connection.execute(select(boxes).order_by(boxes.c.device))
    return tuple(box_view(row) for row in rows)


def box_view(row: Row[Any]) -> BoxView:
    health = row.health or {"cameras": [], "outbox": {"queued": 0}}
    return BoxView(
        device=row.device,
        online=row.online,
        last_seen_at=row.last_seen_at,
        software=row.software,
        queued=health["outbox"]["queued"],
        cameras=tuple(CameraView.model_validate(camera) for camera in health["cameras"]),
    )
