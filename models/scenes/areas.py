"""What a district knows of a street beforehand, as its camera shows it: areas, and the scale."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera
from models.scenes.mesh import Floats
from models.scenes.script import Area

PIECE_M: Final = 0.1
"""Edges are told in pieces, since a lens bends them and the camera may stand in the area."""
SMOOTH_PX: Final = 0.5
HEIGHTS_OFF: Final = np.arange(0.5, 5.0, 0.25)
"""Where points are told, in camera heights; farther off, a pixel is too many metres."""
GRID_DEG: Final = np.arange(-60.0, 61.0, 10.0)
MOST_POINTS: Final = 12


def areas_seen(areas: Sequence[Area], camera: Camera, wh: tuple[int, int]) -> list[dict[str, Any]]:
    """Each area's kind, polygon in pixels and time; those outside the picture are left out."""
    told = []
    for area in areas:
        polygon = _outline(area, camera, wh)
        if _in_frame(polygon, wh).any():
            told.append(
                {
                    "kind": area.kind,
                    "polygon_px": _told(polygon, 1),
                    "since": area.since and area.since.isoformat(),
                    "until": area.until and area.until.isoformat(),
                }
            )
    return told


def scale_of(camera: Camera, wh: tuple[int, int]) -> list[dict[str, Any]]:
    """Points of the ground, pixel and metres, spread over the picture; as scripts tell them."""
    heading = np.radians(camera.heading_deg + GRID_DEG)[:, None]
    east = camera.position[0] + np.sin(heading) * HEIGHTS_OFF * camera.position[2]
    north = camera.position[1] + np.cos(heading) * HEIGHTS_OFF * camera.position[2]
    metres = np.column_stack([east.ravel(), north.ravel(), np.zeros(east.size)])
    pixels = camera.project(metres, wh)
    seen = np.flatnonzero(_in_frame(pixels, wh))
    some = seen[np.linspace(0, len(seen) - 1, min(MOST_POINTS, len(seen))).astype(int)]
    return [
        {"pixel": pixel, "metres": place}
        for pixel, place in zip(_told(pixels[some], 1), _told(metres[some, :2], 2), strict=True)
    ]


def _outline(area: Area, camera: Camera, wh: tuple[int, int]) -> Floats:
    """``(n, 2)`` pixels around an area; of one with a height, around all of it."""
    foot = np.array([(*corner, 0.0)[:3] for corner in area.corners])
    edge = np.concatenate([_pieces(*ends) for ends in pairwise([*foot, foot[0]])])
    if area.height_m:
        edge = np.concatenate([edge, edge + np.array([0.0, 0.0, area.height_m])])
    pixels = camera.project(edge, wh)
    size = np.array(wh, np.float32)
    pixels = pixels[np.isfinite(pixels).all(axis=1)].clip(-size, 2 * size)
    if not len(pixels):
        return pixels
    around = cv2.convexHull(pixels) if area.height_m else pixels
    return cv2.approxPolyDP(around, SMOOTH_PX, True).reshape(-1, 2).astype(np.float32)


def _told(points: Floats, digits: int) -> list[list[float]]:
    return [[round(float(number), digits) for number in point] for point in points]


def _pieces(start: Floats, end: Floats) -> Floats:
    count = int(np.ceil(np.linalg.norm(end - start) / PIECE_M)) + 1
    pieces: Floats = np.linspace(start, end, count, endpoint=False)
    return pieces


def _in_frame(pixels: Floats, wh: tuple[int, int]) -> npt.NDArray[np.bool_]:
    inside = (pixels >= 0) & (pixels <= np.array(wh))
    return np.asarray(inside.all(axis=1), np.bool_)
