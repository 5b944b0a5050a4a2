"""How a box is doing, told every few seconds; a lost one is replaced by the next."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from wire.message import Message, Name, Part, Seconds, Utc

Count = Annotated[int, Field(ge=0)]


class CameraHealth(Part):
    camera_id: Name
    site_id: Name
    state: Literal["live", "silent", "ended"]
    frames: Count
    """Looked at since boot."""
    skipped: Count
    """Decoded, but a newer frame was there before its turn."""
    frames_per_s: Seconds
    latency_ms: Seconds
    """Capture to findings, median of the last frames."""
    silent_s: Seconds


class OutboxHealth(Part):
    queued: Count
    """Alerts without a receipt."""
    oldest_s: Seconds
    delivered: Count


class Health(Message):
    district: Name
    device: Name
    boot_id: UUID
    at: Utc
    uptime_s: Seconds
    cameras: tuple[CameraHealth, ...]
    outbox: OutboxHealth
    disk_free_bytes: Count
    software: Annotated[str, Field(max_length=40)]
