"""The way of a walker around what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.mesh import Floats

Places = npt.NDArray[np.float64]
Footprint = tuple[Places, Places]
CLEAR_M: Final = 0.3
"""So near the middle of a walker comes to a thing's side."""
PASSES_M: Final = 0.45
"""So far from its corners a way around it leads."""


def footprint(position: Floats, matrix: Floats) -> Footprint:
    """A body's box on the ground: its ``(2, 3)`` frame into own metres, and ``(2, 2)`` its span."""
    turned, middle = matrix[:2, :2].astype(np.float64), matrix[:2, 3].astype(np.float64)
    into = np.linalg.inv(turned)
    span = np.stack([position[:, :2].min(axis=0), position[:, :2].max(axis=0)])
    return np.column_stack([into, -into @ middle]), span.astype(np.float64)


def led_around(corners: Places, boxes: Sequence[Footprint]) -> Places:
    """``(n, 2)`` corners of a way, with more where it would lead through a box.

    Where it begins or ends in a box, that box is not avoided.
    """
    for frame, span in boxes:
        own = corners @ frame[:, :2].T + frame[:, 2]
        wide = span + np.array([[-CLEAR_M], [CLEAR_M]])
        if any(((wide[0] < end) & (end < wide[1])).all() for end in (own[0], own[-1])):
            continue
        led = [own[0]]
        for here, there in pairwise(own):
            led += [*_past(here, there, span), there]
        back = np.linalg.inv(frame[:, :2])
        corners = (np.array(led) - frame[:, 2]) @ back.T
    return corners


def _past(here: Places, there: Places, span: Places) -> list[Places]:
    """The fewest metres from here to there past a box in its own metres: its corners to turn at."""
    wide = span + np.array([[-CLEAR_M], [CLEAR_M]])
    if not _crosses(here, there, wide):
        return []
    far = span + np.array([[-PASSES_M], [PASSES_M]])
    turns = [np.array([far[i, 0], far[k, 1]]) for i in (0, 1) for k in (0, 1)]
    best: list[Places] = []
    least = np.inf
    for count in (1, 2):
        for some in permutations(turns, count):
            way = [here, *some, there]
            legs = list(pairwise(way))
            length = sum(float(np.hypot(*(b - a))) for a, b in legs)
            if length < least and not any(_crosses(a, b, wide) for a, b in legs):
                best, least = list(some), length
    return best


def _crosses(here: Places, there: Places, span: Places) -> bool:
    """Whether a straight way leads through a box."""
    way = np.where(np.abs(there - here) < 1e-9, 1e-9, there - here)
    enters, leaves = np.sort((span - here) / way, axis=0)
    return bool(max(enters.max(), 0.0) < min(leaves.min(), 1.0))
