"""Dapples: what trees throw on the ground shifts with wind, hour and a pixel's misfit.

Light and shade between leaves change places, so each pixel differs, and no one factor explains
them. But the same colors lie near by, before and after; what is built brings its own, or covers
what was there.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from edge.vision.boxes import Bools, Floats
from edge.vision.growth import PATTERNED, Picture

REACH_PX: Final = 6
STEP_PX: Final = 2
SAME_COLOR: Final = 8.0
"""Difference in CIE Lab of what is the same color."""
FOUND: Final = 0.65
"""Of what changed: so much must be found again near by, in both pictures."""
LEAST_PATTERNED: Final = 0.2
"""Of a place: so much of it must have been light and shade before."""


def is_dapple(look: Picture, baseline: Picture, changed: Bools) -> bool:
    """Whether a changed place shows the same light and shade as before, elsewhere in it.

    Args:
        look: Exposed as the baseline is.
        changed: ``(height, width)`` of one place.
    """
    if (baseline.variance[changed] > PATTERNED).mean() < LEAST_PATTERNED:
        return False
    return min(found_near(look, baseline, changed), found_near(baseline, look, changed)) >= FOUND


def found_near(here: Picture, there: Picture, changed: Bools) -> float:
    """Share of what changed whose color the other picture has near by."""
    left, top, width, height = cv2.boundingRect(changed.view(np.uint8))
    part = np.s_[top : top + height, left : left + width]
    around = np.pad(there.lab, ((REACH_PX, REACH_PX), (REACH_PX, REACH_PX), (0, 0)), "edge")
    shifts = range(0, 2 * REACH_PX + 1, STEP_PX)
    nearest = np.min(
        [
            _apart(here.lab[part], around[top + down :, left + right :][:height, :width])
            for down in shifts
            for right in shifts
        ],
        axis=0,
    )
    return float((nearest[changed[part]] < SAME_COLOR).mean())


def _apart(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.linalg.norm(one - other, axis=2), np.float32)
