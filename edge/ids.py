"""Names that sort by time."""

import os
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime) -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then chance.

    >>> from datetime import UTC
    >>> str(uuid7(datetime(2026, 11, 20, 15, 30, tzinfo=UTC)))[:15]
    '01a1f994-2cc0-7'
    """
    milliseconds = max(0, round(at.timestamp() * 1000))
    chance = int.from_bytes(os.urandom(10))
    value = (milliseconds & (1 << 48) - 1) << 80 | chance
    value = value & ~(0xF << 76) | 7 << 76
    return UUID(int=value & ~(0b11 << 62) | 0b10 << 62)
