"""The ground plane: from pixels to metres, by spots that somebody measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from edge.vision.scene import Box

MOST_OFF_M: Final = 0.5
"""A measured spot may lie so far from where the others put it."""
MOST_OFF_SHARE: Final = 0.05
"""And of the ground's own extent by so much."""
FLAT: Final = 1e-3


class WarpedError(ValueError):
    """The measured spots make no plane; the sentence says which one is off."""


@dataclass(frozen=True, slots=True, eq=False)
class GroundPlane:
    """Flat ground as one camera sees it.

    Attributes:
        to_metres: ``(3, 3)`` homography from pixels.
    """

    to_metres: npt.NDArray[np.float64]

    @classmethod
    def of(
        cls, pixels: Sequence[tuple[float, float]], metres: Sequence[tuple[float, float]]
    ) -> Self:
        """The plane through four spots or more, by least squares.

        Raises:
            WarpedError: They lie in one line, or one of them lies off the others' plane.
        """
        if len({(x, y) for x, y in pixels}) < 4:
            raise WarpedError("want four spots or more, each at a pixel of its own")
        seen, there = np.array(pixels, np.float64), np.array(metres, np.float64)
        for points in (seen, there):
            spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
            if spread[1] < FLAT * max(spread[0], 1e-9):
                raise WarpedError("the spots lie in one line; want some beside it")
        matrix, _ = cv2.findHomography(seen, there)
        if matrix is None:
            raise WarpedError("the spots make no plane")
        plane = cls(np.asarray(matrix, np.float64))
        off = np.linalg.norm(plane.metres(seen) - there, axis=1)
        worst = int(off.argmax())
        if off[worst] > max(MOST_OFF_M, MOST_OFF_SHARE * float(np.ptp(there, axis=0).max())):
            x, y = pixels[worst]
            raise WarpedError(
                f"the spot at pixel {x:g}, {y:g} lies {off[worst]:.1f} m off the others' plane"
            )
        return plane

    def metres(self, pixels: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """``(n, 2)`` metres of ``(n, 2)`` pixels."""
        points = np.asarray(pixels, np.float64).reshape(-1, 1, 2)
        there = cv2.perspectiveTransform(points, self.to_metres)
        return np.asarray(there, np.float64).reshape(-1, 2)

    def scale_px(self, foot: tuple[float, float]) -> float:
        """Pixels to a metre, across, at a spot of the ground."""
        x, y = foot
        left, right = self.metres([(x - 0.5, y), (x + 0.5, y)])
        return 1 / max(float(np.linalg.norm(right - left)), 1e-9)

    def area_m2(self, box: Box, area_px: float) -> float:
        """The face of a standing thing of ``area_px`` pixels, at the scale of its feet."""
        return float(area_px / self.scale_px(foot_of(box)) ** 2)


def foot_of(xyxy: Box) -> tuple[float, float]:
    """Where a thing stands: the middle of its lower edge."""
    left, _, right, bottom = xyxy
    return (left + right) / 2, bottom
