"""Where a drone hung when it took each photo of a flight.

From each photo's own EXIF and XMP, as DJI drones write them, or from a ``telemetry.csv`` beside
the photos; its rows come first, since somebody wrote them on purpose. What is told of no photo, or
makes no sense, costs that photo and one sentence.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Final

from edge.errors import SourceError
from edge.video.exif import LATITUDE, LONGITUDE, Head
from edge.video.source import pictures_in

CSV_NAME: Final = "telemetry.csv"
NUMBERS: Final = ("latitude", "longitude", "height_m", "yaw_deg", "pitch_deg")
COLUMNS: Final = ("photo", *NUMBERS, "captured_at")
"""``roll_deg`` and ``lens_mm`` (as on 36 mm film) may follow."""
USUAL_LENS_MM: Final = 24.0
"""Of a drone's wide lens, as on 36 mm film, where nobody tells."""
HIGHEST_M: Final = 1000.0
LEVEL_DEG: Final = -30.0
"""A gimbal that looks less far down sees hardly any ground."""
MOST_PHOTOS: Final = 200
MOST_BYTES: Final = 1_000_000


class NoTelemetryError(ValueError):
    """Nobody tells where a photo was taken; says what is missing."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo and where its camera hung.

    Attributes:
        index: Its row among the folder's pictures, by name.
        captured_at: Aware UTC.
        latitude: WGS-84 degrees, as ``longitude``.
        height_m: Above the ground at take-off.
        yaw_deg: Of the gimbal, clockwise from north.
        pitch_deg: Of the gimbal, -90 straight down.
        lens_mm: Focal length, as on 36 mm film.
    """

    path: Path
    index: int
    captured_at: datetime
    latitude: float
    longitude: float
    height_m: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float = 0.0
    lens_mm: float = USUAL_LENS_MM

    def __post_init__(self) -> None:
        if not (abs(self.latitude) < 90 and abs(self.longitude) <= 180):
            raise NoTelemetryError(f"stands at {self.latitude}, {self.longitude}: no place")
        if not 1 <= self.height_m <= HIGHEST_M:
            raise NoTelemetryError(
                f"was taken {self.height_m:g} m above the ground: want 1 to {HIGHEST_M:g} m"
            )
        if not -95 <= self.pitch_deg <= LEVEL_DEG:
            raise NoTelemetryError(
                f"looks {self.pitch_deg:g}° up: want {LEVEL_DEG:g}° to -90°, down to the ground"
            )
        if not (isfinite(self.yaw_deg) and isfinite(self.roll_deg)):
            raise NoTelemetryError(f"is turned by {self.yaw_deg:g}° and {self.roll_deg:g}°")
        if not 4 <= self.lens_mm <= 1000:
            raise NoTelemetryError(f"has a lens of {self.lens_mm:g} mm: want 4 to 1000 mm")


@dataclass(frozen=True, slots=True)
class Flight:
    """A folder of photos that were taken in one go.

    Attributes:
        photos: Those that can be placed, in the order of time.
        faults: One sentence for what cannot.
    """

    folder: Path
    photos: tuple[Photo, ...]
    faults: tuple[str, ...]

    @property
    def began_at(self) -> datetime:
        return self.photos[0].captured_at


def read_flight(folder: Path) -> Flight:
    """Reads where the photos of a folder were taken.

    Raises:
        SourceError: It is no folder of photos, or none of them can be placed.
    """
    if not folder.is_dir():
        raise SourceError(str(folder), "is no folder of one flight's photos")
    try:
        paths = pictures_in(folder)
        rows = _rows(folder / CSV_NAME)
    except OSError as error:
        raise SourceError(str(folder), f"cannot be read: {error.strerror}") from error
    photos, unplaced = [], []
    for index, path in enumerate(paths[:MOST_PHOTOS]):
        try:
            told = rows.get(path.name)
            photos.append(_told(path, index, told) if told else _own(path, index))
        except (NoTelemetryError, OSError) as error:
            unplaced.append(f"{path.name} {error}")
    if not photos:
        why = f": {unplaced[0]}" if unplaced else ""
        raise SourceError(str(folder), f"holds no photo that can be placed{why}")
    faults = []
    if unplaced:
        faults.append(
            f"{folder}: {len(unplaced)} of {len(paths)} photos cannot be placed and are left out, "
            f"as {unplaced[0]}"
        )
    if len(paths) > MOST_PHOTOS:
        faults.append(
            f"{folder}: holds {len(paths)} photos, of which the first {MOST_PHOTOS} are looked at; "
            "fly and compare in parts"
        )
    return Flight(folder, tuple(sorted(photos, key=lambda p: p.captured_at)), tuple(faults))


def _own(path: Path, index: int) -> Photo:
    """By its EXIF and XMP."""
    head = Head(path)
    found = {
        "latitude": head.degrees(LATITUDE) or head.dji("GpsLatitude"),
        "longitude": head.degrees(LONGITUDE) or head.dji("GpsLongitude", "GpsLongtitude"),
        "height_m": head.dji("RelativeAltitude"),
        "yaw_deg": head.dji("GimbalYawDegree", "FlightYawDegree"),
        "pitch_deg": head.dji("GimbalPitchDegree"),
    }
    missing = [name for name, value in found.items() if value is None]
    taken_at = head.taken_at()
    if missing or taken_at is None:
        lacking = ", ".join([*missing, *([] if taken_at else ["captured_at"])])
        raise NoTelemetryError(f"tells no {lacking}: give them in {CSV_NAME} beside it")
    numbers = {name: value for name, value in found.items() if value is not None}
    roll_deg = head.dji("GimbalRollDegree") or 0.0
    lens_mm = head.lens_mm() or USUAL_LENS_MM
    return Photo(path, index, taken_at, **numbers, roll_deg=roll_deg, lens_mm=lens_mm)


def _rows(path: Path) -> dict[str, tuple[int, dict[str, str]]]:
    """Line and cells of each photo; none where there is no such file.

    Raises:
        SourceError: It is no table of telemetry.
        OSError: It cannot be read.
    """
    if not path.exists():
        return {}
    if path.stat().st_size > MOST_BYTES:
        raise SourceError(str(path), f"is larger than {MOST_BYTES} bytes: no table of photos")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        reader = csv.DictReader(lines, restval="")
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            want = ",".join(COLUMNS)
            raise SourceError(f"{path}:1", f"lacks the column {missing[0]}; want {want}")
        return {row["photo"]: (reader.line_num, row) for row in reader}
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(str(path), f"is no table that can be read: {error}") from error


def _told(path: Path, index: int, told: tuple[int, dict[str, str]]) -> Photo:
    line, row = told
    where = f"({CSV_NAME}:{line})"
    try:
        name = "captured_at"
        taken_at = datetime.fromisoformat(row[name] or "")
        numbers = {}
        for name in NUMBERS:
            numbers[name] = float(row[name] or "")
        for name, usual in (("roll_deg", 0.0), ("lens_mm", 0.0)):
            numbers[name] = float(row.get(name) or usual)
    except ValueError:
        kind = "a time as 2026-11-20T10:30:00+08:00" if name == "captured_at" else "a number"
        raise NoTelemetryError(f"{where} has {row[name]!r} as {name}: want {kind}") from None
    if not numbers["lens_mm"]:
        numbers["lens_mm"] = Head(path).lens_mm() or USUAL_LENS_MM
    zone = taken_at.tzinfo or UTC
    try:
        return Photo(path, index, taken_at.replace(tzinfo=zone).astimezone(UTC), **numbers)
    except NoTelemetryError as error:
        raise NoTelemetryError(f"{where} {error}") from None
