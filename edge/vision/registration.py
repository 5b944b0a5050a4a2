"""A look laid onto its baseline, or the reason why it does not fit.

Features are matched (SIFT, Lowe 2004), and the shift, turn and zoom are fitted on which most of
them agree (RANSAC): four numbers, which cannot bend where there is nothing to hold on to. A fixed
camera drifts by little; what lies further off was moved, and what agrees nowhere is another camera,
or too little can be seen of the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats

Doubles = npt.NDArray[np.float64]

LONG_SIDE_PX: Final = 960
"""Of the pictures in which features are sought."""
MOST_FEATURES: Final = 1500
DISTINCT: Final = 0.8
"""A match must be nearer than the next best by this (Lowe)."""
AGREES_PX: Final = 2.0
"""At ``LONG_SIDE_PX``."""
LEAST_AGREEING: Final = 25
CELLS: Final = 4
LEAST_CELLS: Final = 5
"""Of 16 cells of the picture so many must hold matches; a corner alone says little of the rest."""
MOST_DRIFT: Final = 0.05
"""Of the long side: so far may the view of a fixed camera have drifted."""
STEADY_PX: Final = 0.35
"""A smaller shift is left alone; moving the picture by so little blurs more than it helps."""


class MisfitError(ValueError):
    """A look cannot be laid onto a baseline: leave it out; where none fits, take a new baseline."""

    def __init__(self, code: Literal["unlike", "moved"], got: float, want: float) -> None:
        said = {
            "unlike": f"only {got:.0f} points agree with the baseline, want {want:.0f}: "
            "it is another camera's, or too little can be seen",
            "moved": f"the view lies {got:.0%} of the picture off the baseline, at most "
            f"{want:.0%}: the camera was moved",
        }
        super().__init__(said[code])
        self.code = code


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """A look as the baseline's camera would have seen it.

    Attributes:
        pixels: ``(height, width, 3)`` in the baseline's place, its exposure its own.
        shown: ``(height, width)`` what of the baseline the look shows.
        onto: ``(3, 3)`` homography from the look's pixels to the baseline's.
    """

    pixels: Pixels
    shown: Bools
    onto: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What a picture can be held by.

    Attributes:
        xy: ``(n, 2)`` pixels of the picture at its own size ``wh``.
        look: ``(n, 128)`` SIFT descriptors.
    """

    xy: Floats
    look: Floats
    wh: tuple[int, int]

    @classmethod
    def of(cls, pixels: Pixels, most: int = MOST_FEATURES) -> Features:
        height, width, _ = pixels.shape
        scale = min(1.0, LONG_SIDE_PX / max(height, width))
        gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        even = cv2.createCLAHE(3.0, (8, 8)).apply(small)
        keys, look = cv2.SIFT.create(nfeatures=most).detectAndCompute(even, None)
        if look is None:
            keys, look = (), np.empty((0, 128), np.float32)
        xy = np.array([key.pt for key in keys], np.float32).reshape(-1, 2)
        middle = (xy + 0.5) / scale - 0.5
        return cls(middle.astype(np.float32), np.asarray(look, np.float32), (width, height))


def register(pixels: Pixels, baseline: Features) -> Registered:
    """Lays a look ``(height, width, 3)`` of a fixed camera onto its baseline.

    Raises:
        MisfitError: It does not fit, and why.
    """
    look = Features.of(pixels)
    here, there = matches(look, baseline)
    onto, agree = fitted(here, there, AGREES_PX * max(look.wh) / LONG_SIDE_PX)
    agreeing = int(np.count_nonzero(agree))
    if agreeing < LEAST_AGREEING or spread(there[agree], baseline.wh) < LEAST_CELLS:
        raise MisfitError("unlike", agreeing, LEAST_AGREEING)
    off = drift_px(onto, look.wh, baseline.wh)
    if off > MOST_DRIFT * max(baseline.wh):
        raise MisfitError("moved", off / max(baseline.wh), MOST_DRIFT)
    if off < STEADY_PX and look.wh == baseline.wh:
        return Registered(pixels, np.ones(pixels.shape[:2], np.bool_), np.eye(3))
    moved = cv2.warpPerspective(pixels, onto, baseline.wh, borderMode=cv2.BORDER_REPLICATE)
    white = np.full(pixels.shape[:2], 255, np.uint8)
    shown = cv2.warpPerspective(white, onto, baseline.wh) == 255
    return Registered(moved.astype(np.uint8, copy=False), np.asarray(shown, np.bool_), onto)


def matches(
    look: Features, baseline: Features, among: Bools | None = None
) -> tuple[Floats, Floats]:
    """``(n, 2)`` pixels here and ``(n, 2)`` there of what is plainly the same.

    Args:
        among: ``(look, baseline)`` which features can be one at all; without it, all.
    """
    if min(len(look.xy), len(baseline.xy)) < 2:
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    mask = None if among is None else among.view(np.uint8)
    both = cv2.BFMatcher().knnMatch(look.look, baseline.look, k=2, mask=mask)
    pairs = (pair for pair in both if len(pair) == 2)
    found = [(a.queryIdx, a.trainIdx) for a, b in pairs if a.distance < DISTINCT * b.distance]
    rows = np.array(found, np.int64).reshape(-1, 2)
    return look.xy[rows[:, 0]], baseline.xy[rows[:, 1]]


def fitted(here: Floats, there: Floats, within_px: float) -> tuple[Doubles, Bools]:
    """``(3, 3)`` shift, turn and zoom from here to there; ``(n,)`` which pairs agree with it."""
    none = np.eye(3), np.zeros(len(here), np.bool_)
    if len(here) < 3:
        return none
    onto, agree = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=within_px)
    if onto is None:
        return none
    whole = np.vstack([onto, [0, 0, 1]])
    return np.asarray(whole, np.float64), np.asarray(agree.ravel() > 0, np.bool_)


def spread(xy: Floats, wh: tuple[int, int]) -> int:
    """In how many cells of a 4 x 4 grid points lie.

    >>> spread(np.array([[1, 1], [2, 2], [99, 1]], np.float32), (100, 100))
    2
    """
    cells = np.clip(xy / np.array(wh, np.float32) * CELLS, 0, CELLS - 1).astype(int)
    return len({(x, y) for x, y in cells.tolist()})


def drift_px(onto: Doubles, wh: tuple[int, int], baseline_wh: tuple[int, int]) -> float:
    """How far the picture's corner that moves most lies from where the baseline has it."""
    width, height = wh
    corners = np.array([[[0, 0]], [[width, 0]], [[width, height]], [[0, height]]], np.float64)
    scale = np.array([baseline_wh[0] / width, baseline_wh[1] / height])
    moved = cv2.perspectiveTransform(corners, onto)
    return float(np.linalg.norm(moved - corners * scale, axis=2).max())
