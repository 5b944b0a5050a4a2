"""What could not be believed or understood, kept for a person to look at; bounded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from gateway.store.schema import quarantine
from wire import MAX_MESSAGE_BYTES, sha256_of

KEEP_SIGNED: Final = 10_000
KEEP_UNSIGNED: Final = 1_000
"""Apart, so that noise from strangers does not push out what our own boxes said."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One message in quarantine.

    Attributes:
        signer: Whose signature held, if any.
        fault: One sentence.
    """

    received_at: datetime
    topic: str
    signer: str | None
    fault: str
    message: bytes


def add_to_quarantine(connection: Connection, kept: Kept) -> bool:
    """False where the very same message is there already."""
    sha256 = sha256_of(kept.message)
    if connection.scalar(select(quarantine.c.id).where(quarantine.c.sha256 == sha256)):
        return False
    row = {
        "received_at": kept.received_at,
        "topic": kept.topic[:400],
        "signer": kept.signer,
        "fault": kept.fault,
        "message": kept.message[:MAX_MESSAGE_BYTES],
        "size_bytes": len(kept.message),
        "sha256": sha256,
    }
    connection.execute(insert(quarantine).values(row))
    _forget(connection, signed=kept.signer is not None)
    return True


def _forget(connection: Connection, *, signed: bool) -> None:
    kind = quarantine.c.signer.is_not(None) if signed else quarantine.c.signer.is_(None)
    keep = KEEP_SIGNED if signed else KEEP_UNSIGNED
    count = connection.scalar(select(func.count()).where(kind)) or 0
    if count > keep:
        oldest = select(quarantine.c.id).where(kind).order_by(quarantine.c.id).limit(count - keep)
        connection.execute(delete(quarantine).where(quarantine.c.id.in_(oldest)))
