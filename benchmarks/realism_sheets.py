"""Sheets by which people judge what figures cannot: stills of each light, and what was missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.contact import save, sheet

Pixels = npt.NDArray[np.uint8]
STILLS: Final = 12
CROP_PX, CROPS = 112, 12
MARGIN: Final = 0.2
MOST_BYTES: Final = 390_000


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """One thing, ``(CROP_PX, CROP_PX, 3)``, and the row of the sheet that shows it."""

    row: str
    bgr: Pixels


def cropped(bgr: Pixels, xyxy: npt.NDArray[np.float32]) -> Pixels:
    """The square about a box, with some room, at ``CROP_PX``."""
    left, top, right, bottom = xyxy.tolist()
    side = max(right - left, bottom - top) * (1 + MARGIN)
    corner = (left + right - side) / 2, (top + bottom - side) / 2
    scale = CROP_PX / side
    moved = np.array([[scale, 0, -scale * corner[0]], [0, scale, -scale * corner[1]]])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(bgr, moved, (CROP_PX, CROP_PX), flags=how), np.uint8)


def spread(count: int, most: int) -> list[int]:
    """At most so many places out of ``count``, evenly.

    >>> spread(9, 3), spread(2, 3)
    ([0, 4, 8], [0, 1])
    """
    if count <= most:
        return list(range(count))
    return [round(place) for place in np.linspace(0, count - 1, most)]


def write_sheet(path: Path, pictures: Sequence[Pixels]) -> None:
    """Twelve stills of one light."""
    if pictures:
        _small(path, sheet([pictures[k] for k in spread(len(pictures), STILLS)], 3))


def write_crops(path: Path, crops: Sequence[Crop], rows: Sequence[str]) -> None:
    """Some crops of each row."""
    strips = []
    for said in rows:
        some = [crop.bgr for crop in crops if crop.row == said]
        shown = [some[k] for k in spread(len(some), CROPS)]
        shown += [np.zeros((CROP_PX, CROP_PX, 3), np.uint8)] * (CROPS - len(shown))
        strip = np.hstack(shown)
        for color, thick in (((0, 0, 0), 3), ((255, 255, 255), 1)):
            cv2.putText(strip, said, (6, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, color, thick)
        strips.append(strip)
    _small(path, np.vstack(strips).astype(np.uint8))


def _small(path: Path, bgr: Pixels) -> None:
    """Saves at the best quality that keeps the file under ``MOST_BYTES``."""
    for quality in (88, 80, 72, 64, 56):
        save(path, bgr, quality)
        if path.stat().st_size <= MOST_BYTES:
            return
