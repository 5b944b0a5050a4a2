"""A place and its look, by which a thing is known again in another light.

The look is a small gray patch without its brightness and contrast, so that neither dusk nor the
infrared lamp makes a new thing of an old one; no face and no plate comes back from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import cv2
import numpy as np
from pydantic import PlainSerializer, PlainValidator

from edge.video.frame import Pixels
from edge.vision.boxes import Floats, covered, iou

PATCH_PX: Final = 16
SAME_PLACE: Final = 0.45
"""Overlap from which on two boxes are one place."""
SAME_LOOK: Final = 0.6
"""Correlation of two patches of one thing, its box found anew."""
SAME_SPOT: Final = 0.7
"""And of two patches of one and the same box."""
AROUND: Final = 2.0
"""So many of its own sizes beside a place its surroundings reach."""
PART: Final = 0.8
"""What lies in a place by so much of its own area is a part of what is there."""


def _read(levels: object) -> Floats:
    try:
        look = np.array(levels, np.float32)
    except TypeError as error:
        raise ValueError("no look") from error
    if look.shape != (PATCH_PX**2,):
        raise ValueError(f"a look of shape {look.shape}: want ({PATCH_PX**2},)")
    return look


def _written(look: Floats) -> list[float]:
    return [round(float(level), 4) for level in look]


Look = Annotated[Floats, PlainValidator(_read), PlainSerializer(_written)]
"""``(PATCH_PX ** 2,)`` of zero mean and length 1, that can be kept in a file."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A thing that is known.

    Attributes:
        xyxy: ``(4,)`` in frame pixels.
        look: ``(PATCH_PX ** 2,)`` of zero mean and length 1.
    """

    xyxy: Floats
    look: Floats

    def is_at(self, xyxy: Floats) -> bool:
        """Whether a box ``(4,)`` is its place."""
        return bool(iou(self.xyxy[None], xyxy[None])[0, 0] >= SAME_PLACE)

    def looks_like(self, look: Floats) -> bool:
        return float(self.look @ look) >= SAME_LOOK

    def holds(self, xyxy: Floats) -> bool:
        """Whether a box ``(4,)`` is its place, or a part of it."""
        return self.is_at(xyxy) or bool(covered(xyxy[None], self.xyxy[None])[0, 0] >= PART)

    def is_shown(self, pixels: Pixels) -> bool:
        """Whether its very place has its look in a frame; no other box lies quite like its own."""
        return float(self.look @ patch(pixels, self.xyxy)) >= SAME_SPOT


def patch(pixels: Pixels, xyxy: Floats) -> Floats:
    """``(PATCH_PX ** 2,)``: the look of a place without its brightness and contrast, length 1."""
    return patch_and_contrast(pixels, xyxy)[0]


def patch_and_contrast(pixels: Pixels, xyxy: Floats) -> tuple[Floats, float]:
    """The look of a place, and how strong it is: the spread of its levels over their mean."""
    levels = _levels(pixels, xyxy)
    return unit(levels), float(levels.std() / max(float(levels.mean()), 1.0))


def surroundings(pixels: Pixels, xyxy: Floats) -> Floats:
    """``(PATCH_PX ** 2,)``: the look of what lies around a place, that itself blank, length 1."""
    height, width, _ = pixels.shape
    low, high = xyxy[:2], xyxy[2:]
    wide = np.concatenate([low - AROUND * (high - low), high + AROUND * (high - low)])
    wide = wide.clip(0, [width, height, width, height]).astype(np.float32)
    levels = _levels(pixels, wide).reshape(PATCH_PX, PATCH_PX)
    scale = PATCH_PX / np.maximum(wide[2:] - wide[:2], 1)
    left, top = np.floor((low - wide[:2]) * scale).astype(int).clip(0, PATCH_PX)
    right, bottom = np.ceil((high - wide[:2]) * scale).astype(int).clip(0, PATCH_PX)
    around = np.ones_like(levels, np.bool_)
    around[top:bottom, left:right] = False
    levels[~around] = levels[around].mean() if around.any() else 0
    return unit(levels.ravel())


def _levels(pixels: Pixels, xyxy: Floats) -> Floats:
    """``(PATCH_PX ** 2,)`` levels of gray; zeros outside of the picture."""
    left, top, right, bottom = (max(int(edge), 0) for edge in xyxy)
    crop = pixels[top:bottom, left:right]
    if not crop.size:
        return np.zeros(PATCH_PX**2, np.float32)
    small = cv2.resize(crop, (PATCH_PX, PATCH_PX), interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small.astype(np.uint8, copy=False), cv2.COLOR_BGR2GRAY)
    return gray.astype(np.float32).ravel()


def unit(values: Floats) -> Floats:
    """The same with a mean of zero and length 1; a plain patch stays zero."""
    centered = values - values.mean()
    length = float(np.linalg.norm(centered))
    scaled: Floats = (centered / max(length, 1e-6)).astype(np.float32)
    return scaled
