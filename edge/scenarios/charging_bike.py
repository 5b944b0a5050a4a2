"""One thing that stands and may be charged: the looks for its cable, and what they amount to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np

from edge.scenarios.charging_cable import CableLook
from edge.scenarios.charging_words import CODES, lacks, of_another, stood, unsteady
from edge.scenarios.finding import Doubt
from edge.scenarios.ground import GroundPlane, foot_of
from edge.vision.scene import Parked, area_of, gap_px

LOOKS: Final = 5
"""The last so many looks are believed."""
FIRST_LOOKS: Final = 3
"""So many it takes before anything is said."""
MOST_OF: Final = 0.6
STEADY: Final = 0.5
"""Between looks a cable's upper end stays in place, give or take so much of the bike's height."""
ONE_OUTLET: Final = 0.5
"""Cables that meet above, to so many heights of a bike, leave the building together."""
NEARBY: Final = 2.0
"""And lead to bikes that stand no farther apart: the longest cords are not much longer."""
LIKE_A_BIKE: Final = (0.35, 2.2)
"""Width over height of a vehicle of no known kind that may be a two-wheeler."""
SMALL: Final = 0.04
"""And its share of the picture, where nobody measured the ground."""
TALL_M: Final = 2.2


@dataclass(slots=True)
class Bike:
    """What is known of one thing that stands.

    Attributes:
        held: In how many looks a cable was seen; ``blank`` in how many it was not since the last.
        best: The look that came closest, at ``best_at``.
        known: The last cable that looks agreed on, though these last ones may not.
        noted: It was told as a near miss.
    """

    parked: Parked
    looks: deque[CableLook] = field(default_factory=lambda: deque(maxlen=LOOKS))
    held: int = 0
    blank: int = 0
    best: CableLook | None = None
    best_at: datetime | None = None
    known: CableLook | None = None
    noted: bool = False

    def see(self, look: CableLook, at: datetime) -> None:
        self.looks.append(look)
        self.held += look.held
        self.blank = 0 if look.held else self.blank + 1
        self.known = self.cable or self.known
        if self.best is None or (not look.held, look.lacking) < (
            not self.best.held,
            self.best.lacking,
        ):
            self.best, self.best_at = look, at

    @property
    def height_px(self) -> float:
        return self.parked.xyxy[3] - self.parked.xyxy[1]

    @property
    def cable(self) -> CableLook | None:
        """The cable that most of the last looks agree on, as the last of them saw it."""
        held = [look for look in self.looks if look.held]
        if len(self.looks) < FIRST_LOOKS or len(held) < MOST_OF * len(self.looks):
            return None
        uppers = np.array([look.xy[-1] for look in held])
        apart = np.hypot(*(uppers - np.median(uppers, axis=0)).T) <= STEADY * self.height_px
        steady = [look for look, near in zip(held, apart, strict=True) if near]
        return steady[-1] if len(steady) >= MOST_OF * len(self.looks) else None

    @property
    def seen(self) -> CableLook | None:
        """Its cable, or what the last look alone took for one."""
        last = self.looks[-1] if self.looks else None
        return self.cable or (last if last is not None and last.held else None)

    def doubt(self, dwell_s: float, ground: GroundPlane | None) -> Doubt | None:
        """What keeps it from alerting; None before the first look."""
        best, stood_s = self.best, self.parked.stood_s
        if best is None:
            return None
        if not best.held:
            scale = ground.scale_px(foot_of(self.parked.xyxy)) if ground else None
            short_m = best.short_px / scale if scale else None
            why = lacks(best.ending, best.lacking, best.short_px, short_m)
            return Doubt(CODES[best.ending], why, best.lacking)
        if stood_s < dwell_s:
            return Doubt("stand-too-short", stood(stood_s, dwell_s), 1 - stood_s / dwell_s)
        if self.cable is not None:
            return Doubt("line-of-another", of_another(), 0.0)
        held = sum(look.held for look in self.looks)
        lacking = max(1 - held / (MOST_OF * len(self.looks)), 0.0)
        return Doubt("cable-unsteady", unsteady(held, len(self.looks)), lacking)


def is_bike(parked: Parked, frame_wh: tuple[int, int], plane: GroundPlane | None) -> bool:
    """Whether a vehicle may hang on a cable: a known kind, or one of a two-wheeler's size."""
    if parked.kind != "vehicle":
        return True
    left, top, right, bottom = parked.xyxy
    least, most = LIKE_A_BIKE
    if not least <= (right - left) / max(bottom - top, 1.0) <= most:
        return False
    if plane is not None:
        return max(right - left, bottom - top) / plane.scale_px(foot_of(parked.xyxy)) <= TALL_M
    return area_of(parked.xyxy) <= SMALL * frame_wh[0] * frame_wh[1]


def are_together(bike: Bike, other: Bike) -> bool:
    """Whether two bikes stand near each other, and their cables leave the building together."""
    if bike.known is None or other.known is None:
        return False
    high = max(bike.height_px, other.height_px)
    near = gap_px(bike.parked.xyxy, other.parked.xyxy) <= NEARBY * high
    return near and bike.known.leaves_with(other.known, ONE_OUTLET * high)
