"""Where a drone hung when it took a photo, as its XMP tells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import av
import numpy as np

from models.scenes.camera import Camera

HEAD_BYTES: Final = 256 * 1024
FILM_DIAGONAL_MM: Final = 43.27
USUAL_LENS_MM: Final = 24.0
"""Of a drone's wide lens, as on 36 mm film, where the photo does not tell."""


def drone_camera(photo: Path, wh: tuple[int, int]) -> Camera | None:
    """The camera of a photo by a DJI drone, over x = y = 0; None of any other photo.

    Its height is over where the drone took off, and its heading the gimbal's.
    """
    with photo.open("rb") as file:
        head = file.read(HEAD_BYTES)
    height, yaw, pitch = (
        _number(head, key) for key in ("RelativeAltitude", "GimbalYawDegree", "GimbalPitchDegree")
    )
    if height is None or pitch is None or height <= 0:
        return None
    half_mm = FILM_DIAGONAL_MM / 2 * wh[0] / float(np.hypot(*wh))
    fov_deg = float(2 * np.degrees(np.arctan(half_mm / _lens_mm(photo))))
    return Camera((0.0, 0.0, height), yaw or 0.0, min(-pitch, 90.0), fov_deg)


def _lens_mm(photo: Path) -> float:
    """The focal length that would see as much of a diagonal on 36 mm film."""
    with av.open(str(photo)) as container:
        told = next(container.decode(video=0)).metadata
    return float(told.get("ExifIFD/FocalLengthIn35mmFilm", 0)) or USUAL_LENS_MM


def _number(head: bytes, key: str) -> float | None:
    found = re.search(rf'drone-dji:{key}="([+-]?[0-9.]+)"'.encode(), head)
    return float(found[1]) if found else None
