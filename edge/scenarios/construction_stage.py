"""How far what is built has come: its stage, and what follows from it."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal

import numpy as np

from edge.scenarios.construction_place import STAGED, Place, Sight
from edge.scenarios.finding import Mark
from edge.vision.baseline import Growth
from wire import ConstructionFacts

Stage = Literal["material", "frame", "roof"]
STAGES: Final[tuple[Stage, ...]] = ("material", "frame", "roof")

PLAIN: Final = 0.4
FILLED: Final = 0.75
ROOFED: Final = 2.0
"""Plain faces on most of it, no gaps, and so much larger than at first: it has a roof."""
LARGE_M2: Final = 20.0
LARGE_SHARE: Final = 0.02


def stage(grown: float, last: Sight) -> Stage:
    """How far it is: stacks that have not grown, a closed body with plain faces, or in between."""
    if grown < STAGED:
        return "material"
    return "roof" if is_closed(last) and grown >= ROOFED else "frame"


def is_closed(sight: Sight) -> bool:
    """Whether a body hardly has gaps, and plain faces on much of it."""
    return sight.plain >= PLAIN and sight.filled >= FILLED


def whole(sight: Sight) -> float:
    """How whole a body is, 0 to 1, as far as that makes one surer."""
    return float(np.clip((sight.filled - 0.5) / 0.4, 0, 1))


def trail(place: Place, growth: Growth, frame_wh: tuple[int, int]) -> tuple[Mark, ...]:
    """What differed from the baseline, look by look."""
    marks = []
    for sight in place.sights:
        for outline in sight.outlines:
            there = growth.points_in_frame(outline, frame_wh).tolist()
            marks.append(Mark(sight.at, "change", tuple((x, y) for x, y in there)))
    return tuple(marks)


def confidence(place: Place) -> float:
    """How far the evidence goes: by how much it grew, in how many steps, and how whole it is."""
    sights = place.sights
    steps = sum(b.area_px >= 1.1 * a.area_px for a, b in pairwise(sights))
    grown = min(float(np.log2(place.grown)) / 2, 1.0)
    sure = 0.5 + 0.2 * grown + 0.1 * min(steps / 2, 1.0) + 0.15 * whole(sights[-1])
    return round(min(sure, 0.95), 3)


def urgency(facts: ConstructionFacts) -> int:
    """2 for material, 3 for a frame, 4 for a roof; a large one 1 more. Days matter, not minutes."""
    large = (facts.area_m2 or 0) >= LARGE_M2 or facts.area_share >= LARGE_SHARE
    return 2 + STAGES.index(facts.stage) + large
