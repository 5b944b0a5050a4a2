"""Which changed places lean between two viewpoints, and what of them does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from edge.scenarios.construction_place import REACH_PX
from edge.scenarios.construction_veto import LEAST_SHARE
from edge.vision.boxes import Bools
from edge.vision.growth import Patch, Picture, patches, solid
from edge.vision.lean import LEANS, SHOWN, Lean, Planes, sweep

LEAST_LEFT: Final = 0.15
"""Of a leaning patch: what it does not explain must be so much of it to be more than its rim."""
ROUNDS: Final = 3
"""Houses of so many heights may lean in one patch."""


def without_leans(
    found: Sequence[Patch], changed: Bools, look: Picture, baseline: Picture, planes: Planes
) -> tuple[list[Patch], list[tuple[Patch, Lean]], Bools]:
    """What stands, what leans, and ``(height, width)`` where anything does.

    Args:
        changed: ``(height, width)`` all that differs.
        look: Exposed as the baseline is.
    """
    judgments = [(p, *_left(p, changed, look, baseline, planes)) for p in found]
    leaning = np.zeros_like(changed)
    for patch, _, lean in judgments:
        if lean is not None and lean.later >= SHOWN:
            leaning |= patch.mask
    stands: list[Patch] = []
    leans: list[tuple[Patch, Lean]] = []
    for patch, left, lean in judgments:
        if lean is None or not (lean.later >= SHOWN or _beside(patch, leaning, lean.px)):
            stands.append(patch)
            continue
        stands += left
        if not left:
            leaning |= patch.mask
            leans.append((patch, lean))
    return stands, leans, leaning


def _left(
    patch: Patch, changed: Bools, look: Picture, baseline: Picture, planes: Planes
) -> tuple[list[Patch], Lean | None]:
    """What of a patch does not lean, and the lean of most of the rest."""
    rest, first = changed & patch.mask, None
    for _ in range(ROUNDS):
        lean = sweep(look, baseline, rest, planes)
        if lean is None or lean.share < LEANS:
            break
        first = first or lean
        least_px = max(LEAST_SHARE * patch.mask.size, LEAST_LEFT * patch.area_px)
        left = [p for p in patches(solid(lean.left), look, baseline) if p.area_px >= least_px]
        if not left:
            return [], first
        rest = np.logical_or.reduce([p.mask for p in left]) & lean.left
    if first is None:
        return [patch], None
    return [replace(p, vehicle=patch.vehicle) for p in left], first


def _beside(patch: Patch, leaning: Bools, px: float) -> bool:
    """Whether it is the far side of what leans, bared by as much as it leans."""
    reach = 2 * int(np.ceil(px)) + 2 * REACH_PX + 1
    near = cv2.dilate(patch.mask.view(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    return bool((near & leaning).any())
