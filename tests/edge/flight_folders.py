"""Folders of one flight's photos, as a drone leaves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2

from edge.flight_photos import M_PER_DEG
from edge.video.frame import Pixels
from edge.vision.flight_pair import Pose

OCTOBER = datetime(2026, 10, 1, 3, tzinfo=UTC)
HEAD = "photo,latitude,longitude,height_m,yaw_deg,pitch_deg,captured_at\n"


def flight(
    folder: Path,
    shots: Sequence[tuple[Pixels, Pose]],
    days: float,
    told: Sequence[Pose] = (),
    step_s: float = 2.0,
) -> Path:
    """Photos and their telemetry, ``told`` where it is not the truth, on the equator."""
    folder.mkdir()
    rows = []
    for row, (pixels, pose) in enumerate(shots):
        name = f"DJI_{row + 1:04}.JPG"
        cv2.imwrite(str(folder / name), pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])
        at = OCTOBER + timedelta(days=days, seconds=step_s * row)
        rows.append(row_of(name, told[row] if told else pose, at))
    (folder / "telemetry.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return folder


def row_of(name: str, pose: Pose, at: datetime) -> str:
    east, north, up = pose.at.tolist()
    forward, right = pose.turn[2], pose.turn[0]
    yaw = float(cv2.fastAtan2(float(-right[1]), float(right[0])))
    pitch = -float(cv2.fastAtan2(float(-forward[2]), float((forward[:2] ** 2).sum() ** 0.5)))
    north_deg, east_deg = north / M_PER_DEG, east / M_PER_DEG
    return f"{name},{north_deg:.8f},{east_deg:.8f},{up:.2f},{yaw:.2f},{pitch:.2f},{at:%FT%TZ}\n"
