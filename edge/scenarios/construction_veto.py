"""What of a look's changes may be a structure: no vehicle, person, plant or shadow."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

import cv2
import numpy as np

from edge.video.frame import Frame
from edge.vision.baseline import Growth
from edge.vision.boxes import PERSON, VEHICLE, Bools
from edge.vision.eye import Detector, what
from edge.vision.growth import Patch
from edge.vision.scene import Box

LEAST_SHARE: Final = 8e-4
"""Of the picture: what is smaller at its last look is no structure."""
MOSTLY: Final = 0.5
"""Of a patch: so much of it must a vehicle, a person or leaves be, to veto it."""
LEAST_BARE: Final = 0.1
"""Of a patch among leaves or grass: where so much is neither, it is no plant."""
SHADE: Final = 0.8
"""Of a patch: so much of it is explained by a shadow, and it is one."""


class Watched(Protocol):
    """Knows where anything counts, in a frame's pixels."""

    def watches(self, xyxy: Box) -> bool: ...


def structures(
    growth: Growth, frame: Frame, detector: Detector | None, register: Watched
) -> tuple[list[Patch], Bools]:
    """The patches that may be structures, each with what the detector calls it.

    Returns:
        With them ``(height, width)`` at working size where the look shows nothing of the place.
    """
    people, vehicles = _movers(growth, frame, detector)
    found = [
        replace(patch, vehicle=_is_vehicle(patch, vehicles, frame, growth, detector))
        for patch in growth.patches
        if _counts(patch, people) and register.watches(growth.in_frame(patch.xyxy, frame.wh))
    ]
    hidden = ~growth.shown | people | vehicles
    for patch in growth.patches:
        hidden |= patch.mask
    return found, hidden


def is_plant(patch: Patch) -> bool:
    """Whether it is leaves, and next to nothing else."""
    return patch.leaves >= MOSTLY and patch.bare < LEAST_BARE


def _movers(growth: Growth, frame: Frame, detector: Detector | None) -> tuple[Bools, Bools]:
    """``(height, width)`` at working size: where people stand, and where vehicles do."""
    people, vehicles = np.zeros_like(growth.shown), np.zeros_like(growth.shown)
    if detector is None or not growth.patches:
        return people, vehicles
    found = detector.detect(frame.pixels)
    for label, where in ((PERSON, people), (VEHICLE, vehicles)):
        for xyxy in found.where(found.label == label).xyxy:
            corners = xyxy.astype(np.float64).reshape(1, 2, 2)
            there = cv2.perspectiveTransform(corners, growth.onto).reshape(4)
            left, top, right, bottom = np.maximum(there, 0).round().astype(int)
            where[top:bottom, left:right] = True
    return people, vehicles


def _is_vehicle(
    patch: Patch, vehicles: Bools, frame: Frame, growth: Growth, detector: Detector | None
) -> bool:
    """What the detector makes of it in the whole picture, and enlarged."""
    if detector is None or vehicles[patch.mask].mean() >= MOSTLY:
        return detector is not None
    if patch.area_px < LEAST_SHARE * patch.mask.size:
        return False
    box = np.array(growth.in_frame(patch.xyxy, frame.wh), np.float32)
    return what(detector, frame.pixels, box) == VEHICLE


def _counts(patch: Patch, people: Bools) -> bool:
    return not (is_plant(patch) or patch.shade >= SHADE or people[patch.mask].mean() >= MOSTLY)
