"""The same view again: undoes small drift of the camera and changes of its exposure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats

LOOK_EVERY_S: Final = 0.4
"""How often the drift is measured; a post in the wind is slower than a walker."""
LEAST_SHIFT_PX: Final = 0.2
"""Less is left alone: moving the picture by so little blurs more than it helps."""
MOST_STEP_PX: Final = 2.5
"""A view that jumps by more between two looks is being moved."""
MOST_APART: Final = 45.0
"""A pixel that differs by more levels shows something else, not the ground a little moved."""
EXPOSE_EVERY_S: Final = 0.2
GRID: Final = 5
LEAST_SAMPLES: Final = 12
LEAST_LIFT: Final = 1.5
MOST_LIFT: Final = 60.0
MOST_BEND: Final = 30.0
"""The correction of one level differs from the usual one by no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """A picture as the reference's camera would have taken it.

    Attributes:
        pixels: In the reference's place and exposure.
        shift_xy: What stands at ``p`` in the reference stands at ``p + shift`` in the picture.
        steady: The view did not jump.
    """

    pixels: Pixels
    shift_xy: tuple[float, float]
    steady: bool

    def outside(self) -> Bools:
        """``(height, width)``: what of the reference this picture does not show."""
        height, width, _ = self.pixels.shape
        dx, dy = self.shift_xy
        outside = np.ones((height, width), np.bool_)
        rows = slice(int(np.ceil(max(-dy, 0))), height - int(np.ceil(max(dy, 0))))
        cols = slice(int(np.ceil(max(-dx, 0))), width - int(np.ceil(max(dx, 0))))
        outside[rows, cols] = False
        return outside


class View:
    """Follows the drift and the exposure of one camera against its reference."""

    def __init__(self) -> None:
        self._shift_xy = (0.0, 0.0)
        self._looked_s = self._exposed_s = -np.inf
        self._table: Pixels | None = None

    def align(self, pixels: Pixels, reference: Pixels, ground: Bools, now_s: float) -> Aligned:
        """``pixels`` and ``reference`` are ``(height, width, 3)`` of the same size.

        ``ground`` ``(height, width)`` says where the last picture showed nothing but the
        reference.
        """
        steady, aligned = True, shifted_back(pixels, self._shift_xy)
        if now_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = now_s
            dx, dy = drift(self._exposed(aligned), reference, ground)
            steady = max(abs(dx), abs(dy)) <= MOST_STEP_PX
            if steady and max(abs(dx), abs(dy)) >= LEAST_SHIFT_PX:
                self._shift_xy = (self._shift_xy[0] + dx, self._shift_xy[1] + dy)
                aligned = shifted_back(pixels, self._shift_xy)
        if now_s - self._exposed_s >= EXPOSE_EVERY_S:
            self._exposed_s = now_s
            self._table = exposure_table(aligned, reference, ground)
        return Aligned(self._exposed(aligned), self._shift_xy, steady)

    def _exposed(self, pixels: Pixels) -> Pixels:
        if self._table is None:
            return pixels
        return cv2.LUT(pixels, self._table).astype(np.uint8, copy=False)


def shifted_back(pixels: Pixels, shift_xy: tuple[float, float]) -> Pixels:
    """The picture moved so that what stands at ``p + shift`` comes to stand at ``p``."""
    dx, dy = shift_xy
    if not dx and not dy:
        return pixels
    back = np.array([[1, 0, -dx], [0, 1, -dy]], np.float32)
    size_wh = (pixels.shape[1], pixels.shape[0])
    moved = cv2.warpAffine(pixels, back, size_wh, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8, copy=False)


def drift(picture: Pixels, reference: Pixels, ground: Bools) -> tuple[float, float]:
    """By how many pixels the ground has moved right and down, by least squares over its slopes.

    Only what ``ground`` says is bare has a voice, so a passing bus does not move the street.
    Good for small steps (Lucas and Kanade 1981); of a large one it says little but that it is.
    """
    before, now = _small_gray(reference), _small_gray(picture)
    across = cv2.Sobel(before, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(before, cv2.CV_32F, 0, 1, scale=1 / 8)
    height, width = before.shape
    bare = cv2.resize(ground.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    apart = now - before
    use = bare & (np.abs(apart - np.median(apart)) < MOST_APART)
    if np.count_nonzero(use) < LEAST_SAMPLES:
        return 0.0, 0.0
    slopes = np.stack([across[use], down[use]]).astype(np.float64)
    square = slopes @ slopes.T
    if np.linalg.det(square) <= 1e-3 * np.count_nonzero(use) ** 2:
        return 0.0, 0.0
    dx, dy = -2 * np.linalg.solve(square, slopes @ apart[use].astype(np.float64))
    return float(dx), float(dy)


def exposure_table(pixels: Pixels, reference: Pixels, ground: Bools) -> Pixels | None:
    """What turns each level of each channel into the reference's exposure and white balance.

    A camera's exposure is one curve per channel. It is read off, level by level, where
    ``ground`` ``(height, width)`` says that both show the same; a level that would have to jump
    is an object's color, not the camera's doing, and takes its neighbors' correction.

    Returns:
        ``(1, 256, 3)`` for ``cv2.LUT``, or None where nothing needs correction.
    """
    few = ground[::GRID, ::GRID]
    if np.count_nonzero(few) < 0.2 * few.size:
        few = np.ones_like(few)
    now, before = pixels[::GRID, ::GRID][few], reference[::GRID, ::GRID][few]
    lift = [curve(now[:, channel], before[:, channel]) for channel in range(3)]
    table = np.arange(256)[:, None] + np.stack(lift, axis=1)
    if float(np.abs(np.stack(lift)).mean()) < LEAST_LIFT:
        return None
    return table.clip(0, 255).round().astype(np.uint8)[None]


def curve(now: npt.NDArray[np.uint8], before: npt.NDArray[np.uint8]) -> Floats:
    """``(256,)`` what to add to each level of now to get before; medians of 16 bands of levels."""
    lift = before.astype(np.float32) - now
    middle = float(np.median(lift))
    band = now >> 4
    levels, lifts = [], []
    for index in range(16):
        here = lift[band == index]
        typical = float(np.median(here)) if len(here) >= LEAST_SAMPLES else np.inf
        if abs(typical) <= MOST_LIFT and abs(typical - middle) <= MOST_BEND:
            levels.append(16 * index + 7.5)
            lifts.append(typical)
    if not levels:
        return np.zeros(256, np.float32)
    return np.interp(np.arange(256), levels, lifts).astype(np.float32)


def _small_gray(pixels: Pixels) -> Floats:
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    half = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return half.astype(np.float32)
