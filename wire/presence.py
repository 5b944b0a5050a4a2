"""Birth and death of a box, and whether the gateway is there to take alerts."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from wire.message import Message, Name, Utc


class Presence(Message):
    """Birth when ``online``; else the last will, signed beforehand at the same connect.

    A death counts only for the connection it names, ``(boot_id, connection)``.
    """

    district: Name
    device: Name
    boot_id: UUID
    connection: Annotated[int, Field(ge=0)]
    """Counts the connects of this boot."""
    online: bool
    at: Utc
    software: Annotated[str, Field(max_length=40)]


class GatewayPresence(Message):
    """Retained. Boxes hold their alerts back while it says the gateway is away."""

    district: Name
    instance_id: UUID
    """New at each start of a gateway; two of them under one identity are found out by it."""
    online: bool
    at: Utc
