"""A site file drawn over its camera's picture, for a person to judge whether it fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from edge.scenarios.ground import GroundPlane
from edge.site import Pixel, SiteFile
from edge.video.frame import Pixels
from edge.vision.boxes import Floats

COLORS_BGR: Final = {
    "watch": (238, 196, 72),
    "ignore": (120, 120, 120),
    "stairwell": (60, 126, 255),
    "border": (200, 80, 220),
    "building": (80, 170, 250),
    "shed": (90, 200, 90),
    "collection": (220, 200, 40),
    "permit": (70, 210, 240),
}
GRID_BGR: Final = (255, 255, 255)
TINT: Final = 0.22
GRID_SHARE: Final = 0.6
STEPS_M: Final = (1, 2, 5, 10, 20)
LEAST_STEP_PX: Final = 40
"""Lines of the metre grid stand so far apart at the measured spots, at least."""


def areas_of(site: SiteFile) -> Iterator[tuple[str, str, tuple[Pixel, ...]]]:
    """Each area's kind, name and outline, in the order of their numbers in the picture."""
    for zone in site.zone:
        yield zone.kind, zone.name, zone.polygon
    for shed in site.shed:
        yield "shed", shed.name, shed.polygon
    for point in site.collection:
        yield "collection", point.name, point.polygon
    for permit in site.permit:
        yield "permit", permit.number, permit.polygon


def drawn_over(site: SiteFile, pixels: Pixels) -> Pixels:
    """``(height, width, 3)`` with every area tinted and numbered, and a grid in metres."""
    picture = pixels.copy()
    wide, high = site.frame_wh
    scale = np.array([picture.shape[1] / wide, picture.shape[0] / high], np.float32)
    tinted = picture.copy()
    outlines = [
        (kind, np.round(np.array(polygon) * scale).astype(np.int32))
        for kind, _, polygon in areas_of(site)
    ]
    for kind, outline in outlines:
        cv2.fillPoly(tinted, [outline], COLORS_BGR[kind])
    picture = cv2.addWeighted(tinted, TINT, picture, 1 - TINT, 0).astype(np.uint8, copy=False)
    if (plane := site.plane()) is not None:
        _draw_grid(
            picture, plane, np.array([spot.pixel for spot in site.ground], np.float32), scale
        )
    for number, (kind, outline) in enumerate(outlines, 1):
        cv2.polylines(picture, [outline], True, (20, 20, 20), 4, cv2.LINE_AA)
        cv2.polylines(picture, [outline], True, COLORS_BGR[kind], 2, cv2.LINE_AA)
        _badge(picture, outline.mean(axis=0), str(number), COLORS_BGR[kind])
    return picture


def grid_step_m(plane: GroundPlane, spots: Floats) -> int:
    """The finest grid whose lines can be told apart at most of the measured spots."""
    scale = float(np.median([plane.scale_px((x, y)) for x, y in spots.tolist()]))
    return next((step for step in STEPS_M if step * scale >= LEAST_STEP_PX), STEPS_M[-1])


def _draw_grid(picture: Pixels, plane: GroundPlane, spots: Floats, scale: Floats) -> None:
    """Lines within what was measured: farther out, nobody vouches for them."""
    step = grid_step_m(plane, spots)
    bare = picture.copy()
    to_pixels = np.linalg.inv(plane.to_metres)
    metres = plane.metres(spots)
    low = np.floor(metres.min(axis=0) / step) * step
    high = np.ceil(metres.max(axis=0) / step) * step
    for axis in (0, 1):
        for at in np.arange(low[axis], high[axis] + step / 2, step):
            ends = np.array([low, high])
            ends[:, axis] = at
            ends = np.round(
                cv2.perspectiveTransform(ends.reshape(-1, 1, 2), to_pixels).reshape(-1, 2) * scale
            )
            one, other = ends.astype(int).tolist()
            cv2.line(picture, one, other, GRID_BGR, 1, cv2.LINE_AA)
    picture[:] = cv2.addWeighted(picture, GRID_SHARE, bare, 1 - GRID_SHARE, 0)
    for x, y in (spots * scale).round().astype(int).tolist():
        cv2.drawMarker(picture, (x, y), GRID_BGR, cv2.MARKER_CROSS, 14, 2, cv2.LINE_AA)


def _badge(picture: Pixels, at: Floats, text: str, bgr: tuple[int, int, int]) -> None:
    height, width = picture.shape[:2]
    x, y = (int(np.clip(at[0], 14, width - 14)), int(np.clip(at[1], 14, height - 14)))
    cv2.circle(picture, (x, y), 13, (20, 20, 20), -1, cv2.LINE_AA)
    cv2.circle(picture, (x, y), 12, bgr, -1, cv2.LINE_AA)
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 2)
    at_px = (x - wide // 2, y + high // 2)
    cv2.putText(picture, text, at_px, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 2, cv2.LINE_AA)
