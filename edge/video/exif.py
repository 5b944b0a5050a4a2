"""What a photo's head tells: the few EXIF tags and XMP attributes by which it can be placed.

Read from the file's first bytes, without a decoder: a broken head tells nothing, and harms nothing.
"""

from __future__ import annotations

import re
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

HEAD_BYTES: Final = 256 * 1024
MOST_ENTRIES: Final = 512
MOST_VALUES: Final = 64

LATITUDE: Final = 0x0002
LONGITUDE: Final = 0x0004
TAKEN: Final = 0x9003
OFFSET: Final = 0x9011
LENS_MM: Final = 0xA405
_EXIF_IFD: Final = 0x8769
_GPS_IFD: Final = 0x8825
_SIZES: Final = {2: 1, 3: 2, 4: 4, 5: 8}

Values = tuple[float, ...] | str


class Head:
    """The first bytes of a photo."""

    def __init__(self, photo: Path) -> None:
        """Raises: OSError: It cannot be read."""
        with photo.open("rb") as file:
            self._bytes = file.read(HEAD_BYTES)
        self._exif = _exif(self._bytes)

    def dji(self, *keys: str) -> float | None:
        """The first of these numbers that a drone's XMP tells, as attribute or element."""
        for key in keys:
            told = rf"drone-dji:{key}(?:=\"|>)\s*([+-]?[0-9.]+)".encode()
            if (found := re.search(told, self._bytes)) is not None:
                try:
                    return float(found[1])
                except ValueError:
                    continue
        return None

    def degrees(self, tag: int) -> float | None:
        """``LATITUDE`` or ``LONGITUDE``, north and east positive."""
        found, side = self._exif.get(("gps", tag)), self._exif.get(("gps", tag - 1))
        if not isinstance(found, tuple) or len(found) != 3 or not isinstance(side, str):
            return None
        whole = found[0] + found[1] / 60 + found[2] / 3600
        return -whole if side[:1] in "SW" else whole

    def lens_mm(self) -> float | None:
        """The focal length that would see as much of a diagonal on 36 mm film."""
        found = self._exif.get(("exif", LENS_MM))
        return found[0] or None if isinstance(found, tuple) and found else None

    def taken_at(self) -> datetime | None:
        """Aware; a time without an offset is taken as UTC."""
        stamp, offset = self._exif.get(("exif", TAKEN)), self._exif.get(("exif", OFFSET))
        return moment(str(stamp), offset if isinstance(offset, str) else "")


def moment(stamp: str, offset: str) -> datetime | None:
    """What EXIF tells as a time, aware UTC; None where it is none. No offset is taken as UTC.

    >>> moment("2026:11:20 23:30:00", "+08:00")
    datetime.datetime(2026, 11, 20, 15, 30, tzinfo=datetime.timezone.utc)
    """
    try:
        told = datetime.strptime(f"{stamp}{offset or '+00:00'}", "%Y:%m:%d %H:%M:%S%z")
        return told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _exif(head: bytes) -> dict[tuple[str, int], Values]:
    start = head.find(b"Exif\0\0")
    tiff = head[start + 6 :] if start >= 0 else b""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    found: dict[tuple[str, int], Values] = {}
    if order is None:
        return found
    try:
        main = _directory(tiff, order, struct.unpack_from(f"{order}I", tiff, 4)[0])
        for name, tag in (("exif", _EXIF_IFD), ("gps", _GPS_IFD)):
            at = main.get(tag)
            if isinstance(at, tuple) and at:
                inner = _directory(tiff, order, int(at[0]))
                found |= {(name, inner_tag): values for inner_tag, values in inner.items()}
    except struct.error:
        pass
    return found


def _directory(tiff: bytes, order: str, at: int) -> dict[int, Values]:
    """Raises: struct.error: It is cut off."""
    found: dict[int, Values] = {}
    (entries,) = struct.unpack_from(f"{order}H", tiff, at)
    for row in range(min(entries, MOST_ENTRIES)):
        entry = at + 2 + 12 * row
        tag, kind, count = struct.unpack_from(f"{order}HHI", tiff, entry)
        if kind not in _SIZES or not 0 < count <= MOST_VALUES:
            continue
        inside = _SIZES[kind] * count <= 4
        spot = entry + 8 if inside else struct.unpack_from(f"{order}I", tiff, entry + 8)[0]
        found[tag] = _values(tiff, order, kind, count, spot)
    return found


def _values(tiff: bytes, order: str, kind: int, count: int, at: int) -> Values:
    if kind == 2:
        return tiff[at : at + count].split(b"\0")[0].decode("ascii", "replace").strip()
    if kind == 5:
        pairs = struct.unpack_from(f"{order}{2 * count}I", tiff, at)
        tops, bottoms = pairs[::2], pairs[1::2]
        return tuple(t / b if b else 0.0 for t, b in zip(tops, bottoms, strict=True))
    return struct.unpack_from(f"{order}{count}{'H' if kind == 3 else 'I'}", tiff, at)
