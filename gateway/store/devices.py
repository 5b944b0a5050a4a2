"""The boxes that may speak: each known by its public key."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from gateway.store.schema import devices
from wire import VerifyKey


def enroll_device(
    connection: Connection, device: str, jwk: Mapping[str, str], now: datetime
) -> None:
    """Makes the device known by this key, in place of an earlier one."""
    row = {"public_jwk": dict(jwk), "enrolled_at": now}
    if find_key(connection, device) is None:
        connection.execute(insert(devices).values(device=device, **row))
    else:
        connection.execute(update(devices).where(devices.c.device == device).values(row))


def find_key(connection: Connection, device: str) -> VerifyKey | None:
    jwk = connection.scalar(select(devices.c.public_jwk).where(devices.c.device == device))
    return None if jwk is None else VerifyKey.from_jwk(jwk, device)
