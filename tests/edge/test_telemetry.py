"""Where photos were taken, as drones and tables tell it."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.errors import SourceError
from edge.video.telemetry import Flight, read_flight
from tests.edge.flight_folders import HEAD

XMP = (
    '<x:xmpmeta><rdf:Description drone-dji:AbsoluteAltitude="+198.31" '
    'drone-dji:RelativeAltitude="+39.80" drone-dji:GimbalYawDegree="+45.00" '
    'drone-dji:GimbalPitchDegree="-89.90"/></x:xmpmeta>'
)
ROW = "a.jpg,31.2,121.5,60,90,-85,2026-10-01T11:00:00+08:00\n"


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def exif() -> bytes:
    """Three directories, as a camera writes them: time, lens, and a place south and west."""
    main = struct.pack("<H", 2) + entry(0x8769, 4, 1, 38) + entry(0x8825, 4, 1, 100) + bytes(4)
    shot = struct.pack("<H", 2) + entry(0x9003, 2, 20, 200) + entry(0xA405, 3, 1, 20) + bytes(4)
    refs = entry(1, 2, 2, ord("S")) + entry(3, 2, 2, ord("W"))
    places = entry(2, 5, 3, 220) + entry(4, 5, 3, 244)
    gps = struct.pack("<H", 4) + refs[:12] + places[:12] + refs[12:] + places[12:] + bytes(4)
    tiff = bytearray(268)
    for at, part in ((0, b"II*\0\x08\0\0\0"), (8, main), (38, shot), (100, gps)):
        tiff[at : at + len(part)] = part
    tiff[200:220] = b"2016:06:23 16:31:59\0"
    tiff[220:244] = struct.pack("<6I", 46, 1, 50, 1, 333855, 10000)
    tiff[244:268] = struct.pack("<6I", 91, 1, 59, 1, 404156, 10000)
    return b"Exif\0\0" + bytes(tiff)


def photo(path: Path, *segments: bytes) -> None:
    _, packed = cv2.imencode(".jpg", np.zeros((48, 64, 3), np.uint8))
    jpeg = packed.tobytes()
    apps = b"".join(b"\xff\xe1" + struct.pack(">H", len(s) + 2) + s for s in segments)
    path.write_bytes(jpeg[:2] + apps + jpeg[2:])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photo(tmp_path / "a.jpg", exif(), XMP.encode())
    return tmp_path


def test_as_drones_write_it(folder: Path) -> None:
    (shot,) = read_flight(folder).photos
    assert shot.captured_at == datetime(2016, 6, 23, 16, 31, 59, tzinfo=UTC)
    assert (shot.latitude, shot.longitude) == pytest.approx((-46.842607, -91.994560), abs=1e-6)
    assert (shot.height_m, shot.yaw_deg, shot.pitch_deg, shot.lens_mm) == (39.8, 45, -89.9, 20)


def test_as_elements(folder: Path) -> None:
    """Some tools rewrite XMP attributes as elements."""
    told = XMP.replace('="', ">").replace('"', "<")
    photo(folder / "a.jpg", exif(), told.encode())
    assert read_flight(folder).photos[0].height_m == 39.8


def test_a_table_comes_first(folder: Path) -> None:
    (folder / "telemetry.csv").write_text(HEAD + ROW, encoding="utf-8")
    (shot,) = read_flight(folder).photos
    assert (shot.latitude, shot.height_m, shot.lens_mm) == (31.2, 60, 20)
    assert shot.captured_at == datetime(2026, 10, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace(",60,", ",high,"), "(telemetry.csv:2) has 'high' as height_m: want a number"),
        (ROW.replace(",60,", ",6000,"), "was taken 6000 m above the ground: want 1 to 1000 m"),
        (ROW.replace(",-85,", ",-5,"), "looks -5° up"),
        (ROW.replace("2026-10-01T11", "1 Oct"), "want a time as 2026-11-20T10:30:00+08:00"),
        (ROW.replace("31.2", "131.2"), "no place"),
        (ROW.replace("31.2", "nan"), "no place"),
        ("a.jpg,31.2\n", "has '' as captured_at"),
    ],
)
def test_a_row_that_makes_no_sense(folder: Path, row: str, said: str) -> None:
    """It costs its photo alone, and says file, line and what is wanted."""
    photo(folder / "b.jpg", exif(), XMP.encode())
    (folder / "telemetry.csv").write_text(HEAD + row, encoding="utf-8")
    flight = read_flight(folder)
    assert [shot.path.name for shot in flight.photos] == ["b.jpg"]
    assert said in flight.faults[0]


def test_photos_without_telemetry(folder: Path) -> None:
    photo(folder / "b.jpg")
    flight = read_flight(folder)
    assert len(flight.photos) == 1
    (fault,) = flight.faults
    assert "1 of 2 photos cannot be placed" in fault
    assert "b.jpg tells no latitude, longitude, height_m" in fault


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda f: photo(f / "a.jpg"), "no photo that can be placed: a.jpg", id="bare"),
        pytest.param(lambda f: (f / "a.jpg").unlink(), "no photo that can be placed", id="empty"),
        pytest.param(
            lambda f: (f / "telemetry.csv").write_text("photo,lat\n"),
            "telemetry.csv:1: lacks the column latitude",
            id="other columns",
        ),
        pytest.param(
            lambda f: photo(f / "a.jpg", exif()[:90], XMP.encode()), "tells no latitude", id="torn"
        ),
    ],
)
def test_a_folder_that_cannot_be_used(folder: Path, spoil: object, said: str) -> None:
    assert callable(spoil)
    spoil(folder)
    with pytest.raises(SourceError, match=said):
        read_flight(folder)


def test_times_order_the_photos(folder: Path) -> None:
    photo(folder / "b.jpg")
    rows = ROW + ROW.replace("a.jpg", "b.jpg").replace("T11", "T10")
    (folder / "telemetry.csv").write_text(HEAD + rows, encoding="utf-8")
    flight: Flight = read_flight(folder)
    assert [shot.path.name for shot in flight.photos] == ["b.jpg", "a.jpg"]
