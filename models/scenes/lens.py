"""The lens: a barrel or pincushion bend, and the small shaking of the pole it hangs on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera
from models.scenes.render import Picture

Lengths = npt.NDArray[np.float64]
SHAKE_PX: Final = 12
"""Drawn on every side beyond what the lens bends into the picture, so that it may shake."""
LEAST_K1: Final = -0.08
"""A stronger barrel would fold the picture before it reaches the corners."""


class Lens:
    """Bends pictures of a straight camera as a camera's ``k1`` says.

    Attributes:
        drawn: The straight camera to draw with, somewhat wider than the one asked for.
        drawn_wh: The size to draw.
    """

    def __init__(self, camera: Camera, wh: tuple[int, int]) -> None:
        """
        Raises:
            ValueError: The barrel is too strong to be drawn.
        """
        if camera.k1 < LEAST_K1:
            raise ValueError(f"k1 {camera.k1}: want {LEAST_K1} or more")
        self.camera, self.wh = camera, wh
        half = wh[0] / 2
        x = (np.arange(wh[0]) + 0.5 - half) / half
        y = (np.arange(wh[1]) + 0.5 - wh[1] / 2) / half
        bent = np.hypot(x[None], y[:, None])
        factor = _unbent(bent, camera.k1) / bent
        self._x, self._y = x[None] * factor * half, y[:, None] * factor * half
        aside = [int(np.ceil(abs(edge).max())) + SHAKE_PX for edge in (self._x, self._y)]
        self.drawn_wh = 2 * aside[0], 2 * aside[1]
        spread = np.tan(np.radians(camera.fov_deg) / 2) * aside[0] / half
        self.drawn = replace(camera, k1=0.0, fov_deg=float(2 * np.degrees(np.arctan(spread))))

    def seen(self, picture: Picture, shaken_px: tuple[float, float] = (0.0, 0.0)) -> Picture:
        """What the lens makes of a picture of ``drawn_wh``, moved right and down by so many pixels.

        A point of the world lies at ``camera.project`` plus ``shaken_px``; toward the corners of a
        barrel, up to an eighth less of it.
        """
        height, width = picture.instance.shape
        if (width, height) != self.drawn_wh:
            raise ValueError(f"picture {width} x {height}: want {self.drawn_wh}")
        right, down = shaken_px
        at_x = (self._x + (width / 2 - 0.5 - right)).astype(np.float32)
        at_y = (self._y + (height / 2 - 0.5 - down)).astype(np.float32)
        # Truth is taken a quarter pixel right of and above each pixel's middle.
        column = np.rint(at_x - 0.25).astype(np.int32).clip(0, width - 1)
        row = np.rint(at_y + 0.25).astype(np.int32).clip(0, height - 1)
        light = cv2.remap(
            picture.light, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return Picture(
            np.asarray(light, np.float32), picture.instance[row, column], picture.far_m[row, column]
        )


class Shake:
    """The slow sway and quick tremble of a pole in the wind, from a seed; a function of time."""

    def __init__(self, seed: int, most_px: float) -> None:
        if not 0 <= most_px <= SHAKE_PX:
            raise ValueError(f"most_px {most_px}: want 0 to {SHAKE_PX}")
        rng = np.random.default_rng(seed)
        share = np.array([0.5, 0.3, 0.15, 0.05])
        self._size = most_px * share * np.array([[1.0], [0.6]])
        self._hz = np.array([0.35, 0.9, 2.3, 5.5]) * rng.uniform(0.7, 1.4, (2, 4))
        self._phase = rng.uniform(0, 2 * np.pi, (2, 4))

    def at(self, elapsed_s: float) -> tuple[float, float]:
        """Pixels to the right and down."""
        waves = self._size * np.sin(2 * np.pi * self._hz * elapsed_s + self._phase)
        right, down = waves.sum(axis=1).tolist()
        return right, down


def _unbent(bent: Lengths, k1: float) -> Lengths:
    """The distance from the middle before the bend; both over half the width."""
    straight = np.linspace(0, 3.0, 6001)
    table = straight * (1 + k1 * straight**2)
    rising = int(np.argmax(table)) + 1 if k1 < 0 else len(table)
    return np.interp(bent, table[:rising], straight[:rising])
