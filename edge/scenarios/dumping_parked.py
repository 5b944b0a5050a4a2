"""Vehicles that have come to stand: what belongs to one of them has not been left by anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from edge.vision.boxes import Floats, covered, iou
from edge.vision.scene import Thing

SAME: Final = 0.5
"""Overlap from which on two boxes are one standing vehicle."""
WITHIN: Final = 0.7
"""Share of a thing that lies in the box of the vehicle to which it belongs, or near it."""
NEAR: Final = 0.1
"""Of a vehicle's height: so far around its box its shadow and its wheels may still lie."""
FORGET_S: Final = 30.0
UNSEEN_S: Final = 6.0
"""A detector overlooks what stands there for so long; after that it has gone."""
LEAST_S: Final = 2.0
"""Who drives through is not seen in one place for so long."""
CAME_S: Final = 20.0
"""A vehicle parks so long before its parts stand still, and no later than ``AFTER_S`` after."""
AFTER_S: Final = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class _Parked:
    xyxy: Floats
    since_s: float
    seen_s: float


class ParkedVehicles:
    """Remembers where the detector sees vehicles stand, and since when."""

    def __init__(self) -> None:
        self._known: list[_Parked] = []

    def see(self, vehicles: Floats, now_s: float) -> None:
        """``vehicles`` ``(n, 4)``, frame pixels."""
        known = [one for one in self._known if now_s - one.seen_s < FORGET_S]
        for xyxy in vehicles:
            boxes = np.array([one.xyxy for one in known], np.float32).reshape(-1, 4)
            overlap = iou(xyxy[None], boxes)[0]
            if known and overlap.max() >= SAME:
                best = int(overlap.argmax())
                known[best] = replace(known[best], seen_s=now_s)
            else:
                known.append(_Parked(xyxy, now_s, now_s))
        self._known = known

    def own(self, thing: Thing, now_s: float) -> bool:
        """Whether a thing came to stand with a vehicle that stands there still.

        What lies before a vehicle that was there already is another matter.
        """
        box = np.array([thing.xyxy], np.float32)
        return any(
            -AFTER_S <= thing.appeared_s - one.since_s <= CAME_S
            and one.seen_s - one.since_s >= LEAST_S
            and now_s - one.seen_s <= UNSEEN_S
            and covered(box, _with_shadow(one.xyxy)[None])[0, 0] >= WITHIN
            for one in self._known
        )


def _with_shadow(xyxy: Floats) -> Floats:
    margin = NEAR * (xyxy[3] - xyxy[1])
    return np.asarray(xyxy + np.array([-margin, -margin, margin, margin]), np.float32)
