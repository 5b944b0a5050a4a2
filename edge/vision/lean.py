"""Roofs lean: what stands high shows elsewhere from another viewpoint, and has not changed.

A changed patch is swept with level planes from the ground up to 40 m (plane sweep, Collins 1996).
At each height the later photo is laid onto the earlier one as if all lay at that height; where both
are alike then, nothing was built. Both ways count: what the later photo shows there and the earlier
one elsewhere, and the other way round. What neither explains but lies between a roof found so and
the ground below it is a wall, or was behind one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, Self

import cv2
import numpy as np

from edge.vision.boxes import Bools
from edge.vision.flight_pair import Doubles, moved
from edge.vision.growth import Picture, color_noise, unlike

HIGHEST_M: Final = 40.0
HIGHEST_SHARE: Final = 0.6
"""Of the lower camera's height: nothing that it looks down on is higher."""
LEAST_PX: Final = 2.0
"""What leans by less is no lean: so far may the ground itself be off."""
STEP_PX: Final = 1.5
MOST_STEPS: Final = 64
SAMPLES: Final = 33
FINER: Final = 3
"""Times as many steps around the best height."""
LEANS: Final = 0.5
"""Of what changed in a patch: so much must be found again at one height."""
SHOWN: Final = 0.35
"""And so much of what the later photo shows: bare ground is alike everywhere, and that the ground
under a new roof can be found elsewhere says nothing of the roof."""
FALLS: Final = 6
"""Steps from a roof down to the ground, in which its walls are looked for."""
SURE: Final = 0.6
LEAST_SURE_PX: Final = 4.0
MOST_SPAN_M: Final = 1.5
"""A height is told where so much is found at it, it leans so far, and no other does nearly as well.
"""
MARGIN_PX: Final = 12
CLOSE_PX: Final = 9
ALIKE: Final = 0.75
"""Of what tells a change: elsewhere, and among so many heights, chance would find the rest."""


class Planes(Protocol):
    """How level planes lie in two photos, the later one laid onto the earlier by the ground."""

    def between(self, height_m: float) -> Doubles: ...

    def fall(self, height_m: float, to_m: float, *, later: bool) -> Doubles: ...

    @property
    def lowest_m(self) -> float: ...


@dataclass(frozen=True, slots=True, eq=False)
class Lean:
    """What a height explains of a patch.

    Attributes:
        height_m: At which most of it is found again.
        px: How far it leans there.
        share: Of what changed, found again at that height, in either photo.
        later: Of what changed, what the later photo shows and the earlier has elsewhere.
        left: ``(height, width)`` what changed and is neither found again nor a wall of what is.
        spans_m: Between the heights that explain nearly as much.
    """

    height_m: float
    px: float
    share: float
    later: float
    left: Bools
    spans_m: float


def sweep(look: Picture, baseline: Picture, changed: Bools, planes: Planes) -> Lean | None:
    """How high what shows in a changed place is, if it shows in both photos.

    Args:
        look: The later photo, laid onto the earlier one by the ground and exposed as it is.
        changed: ``(height, width)`` of one place.

    Returns:
        None where nothing could lean far enough to tell.
    """
    part = _Part.around(changed, look, baseline, planes)
    heights = _heights(planes, part.middle)
    if not heights:
        return None
    fits = [part.fit(height_m) for height_m in heights]
    best = int(np.argmax([fit.score for fit in fits]))
    around = heights[max(best - 1, 0) : best + 2]
    steps = np.arange(len(around))
    finer = np.interp(np.linspace(0, steps[-1], FINER * int(steps[-1]) + 1), steps, around)
    fine = [part.fit(height_m) for height_m in finer.tolist()]
    top = max(fine, key=lambda fit: fit.score)
    near = sorted(fine, key=lambda fit: abs(fit.height_m - top.height_m))[:3]
    later = np.logical_or.reduce([fit.later for fit in near]) & part.inside
    earlier = np.logical_or.reduce([fit.earlier for fit in near]) & part.inside
    roof = _whole(later)
    body = part.swept(roof, top.height_m, later=True)
    bared = (earlier | part.swept(_whole(earlier), top.height_m, later=False)) & ~body
    left = np.zeros_like(changed)
    left[part.rows, part.columns] = part.inside & ~later & ~(body & ~roof) & ~bared
    like = [fit.height_m for fit in (*fits, *fine) if fit.score >= 0.9 * top.score]
    return Lean(
        height_m=top.height_m,
        px=_lean_px(planes, part.middle, top.height_m),
        share=float((later | earlier)[part.inside].mean()),
        later=float(later[part.inside].mean()),
        left=left,
        spans_m=max(like) - min(like),
    )


def height_of(other: Picture, photo: Picture, mask: Bools, planes: Planes) -> float | None:
    """How high what shows in a mask is, by another photo of the same days.

    Args:
        other: Laid onto ``photo`` by the ground and exposed as it is.
        mask: ``(height, width)`` in ``photo``.

    Returns:
        Metres; None where they look from too near each other, or not at the same thing.
    """
    lean = sweep(other, photo, mask, planes)
    if lean is None or lean.px < LEAST_SURE_PX or lean.share < SURE:
        return None
    return lean.height_m if lean.spans_m <= max(MOST_SPAN_M, 0.25 * lean.height_m) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """How well a height explains a part of the picture.

    Attributes:
        score: 0 to 1; 1 where all that changed is found again just as it was.
        later: ``(height, width)`` where what the later photo shows, the earlier has elsewhere;
            ``earlier`` the other way round.
    """

    height_m: float
    score: float
    later: Bools
    earlier: Bools


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The part of two photos around a changed place.

    Attributes:
        inside: ``(height, width)`` of the part: what changed.
        noise: Of the colors, where both show the same ground.
    """

    look: Picture
    baseline: Picture
    planes: Planes
    rows: slice
    columns: slice
    inside: Bools
    noise: float

    @classmethod
    def around(cls, changed: Bools, look: Picture, baseline: Picture, planes: Planes) -> Self:
        left, top, width, height = cv2.boundingRect(changed.view(np.uint8))
        tall, wide = changed.shape
        rows = slice(max(top - MARGIN_PX, 0), min(top + height + MARGIN_PX, tall))
        columns = slice(max(left - MARGIN_PX, 0), min(left + width + MARGIN_PX, wide))
        noise = color_noise(look, baseline)
        return cls(look, baseline, planes, rows, columns, changed[rows, columns], noise)

    @property
    def middle(self) -> Doubles:
        """``(2,)`` in the whole picture."""
        rows, columns = self.rows, self.columns
        return np.array([columns.start + columns.stop, rows.start + rows.stop]) / 2

    def fit(self, height_m: float) -> _Fit:
        between = self.planes.between(height_m)
        here, back = np.eye(3), np.asarray(np.linalg.inv(between), np.float64)
        later, found = self._crop(self.look, here), self._crop(self.baseline, between)
        earlier, again = self._crop(self.baseline, here), self._crop(self.look, back)
        apart = unlike(later, found, self.noise)
        way_back = unlike(again, earlier, self.noise)
        least = np.minimum(apart, way_back)[self.inside]
        score = float(np.maximum(1 - least, 0).mean())
        return _Fit(height_m, score, apart < ALIKE, way_back < ALIKE)

    def swept(self, roof: Bools, height_m: float, *, later: bool) -> Bools:
        """``(height, width)`` a roof and all that lies straight below it."""
        mask, body = roof.view(np.uint8), roof.copy()
        for to_m in np.linspace(height_m, 0, FALLS)[1:]:
            fall = self.planes.fall(height_m, float(to_m), later=later)
            down = np.linalg.inv(self._corner) @ fall @ self._corner
            body |= cv2.warpPerspective(mask, down, self._wh, flags=cv2.INTER_NEAREST) > 0
        return body

    def _crop(self, picture: Picture, to: Doubles) -> Picture:
        """What lies at ``to`` of each pixel of this part."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        pixels = cv2.warpPerspective(picture.pixels, to @ self._corner, self._wh, flags=flags)
        return Picture.of(np.asarray(pixels, np.uint8))

    @property
    def _corner(self) -> Doubles:
        return np.array([[1, 0, self.columns.start], [0, 1, self.rows.start], [0, 0, 1]], float)

    @property
    def _wh(self) -> tuple[int, int]:
        return self.inside.shape[1], self.inside.shape[0]


def _heights(planes: Planes, middle: Doubles) -> list[float]:
    """From where a lean shows on, a step of lean apart."""
    highest = min(HIGHEST_M, HIGHEST_SHARE * planes.lowest_m)
    most = _lean_px(planes, middle, highest)
    if most < 2 * LEAST_PX:
        return []
    # Lean grows as height over what is left to the camera, so between few samples it is a line.
    slopes = np.linspace(0, highest / (planes.lowest_m - highest), SAMPLES)
    sampled = planes.lowest_m * slopes / (1 + slopes)
    leans = [_lean_px(planes, middle, height_m) for height_m in sampled.tolist()]
    wanted = np.arange(LEAST_PX, most, max(STEP_PX, most / MOST_STEPS))
    return [float(height_m) for height_m in np.interp(wanted, leans, sampled)]


def _lean_px(planes: Planes, xy: Doubles, height_m: float) -> float:
    """How far apart what shows at pixel ``(2,)`` is in both, if it lies at a height."""
    return float(np.hypot(*(moved(planes.between(height_m), xy[None])[0] - xy)))


def _whole(found: Bools) -> Bools:
    """A roof of what was found of it: specks dropped, holes filled."""
    tidy = cv2.morphologyEx(found.view(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    tidy = cv2.morphologyEx(tidy, cv2.MORPH_CLOSE, np.ones((CLOSE_PX, CLOSE_PX), np.uint8))
    edges, _ = cv2.findContours(tidy, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(tidy, edges, -1, 1, cv2.FILLED)
    return np.asarray(tidy > 0, np.bool_)
