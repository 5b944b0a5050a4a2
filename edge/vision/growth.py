"""What has grown between a baseline and a look at the same place: structure, not light.

Light changes levels, and shadows draw edges of their own; a structure brings edges and colors that
were not there. So two things are compared, each blind to exposure: the pattern of slopes in a small
window (normalized correlation), and the color once its exposure is that of the baseline. Where
there are several baselines, what any of them shows alike has not grown: each was lit otherwise. A
patch that is the baseline times one factor is a shadow.

Trees are no structure. Where the baseline has leaves, only color counts, and only what is no
longer green nor the dark between leaves; a patch that is mostly leaves itself, and hardly anything
else, is none.

Pictures must lie on each other to the pixel (``edge.vision.registration``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats
from edge.vision.view import exposure_table

WORK_PX: Final = 960
"""Long side of the pictures that are compared."""
WINDOW_PX: Final = 2.0
"""Radius (sigma) of the window in which slopes are correlated."""
FLAT: Final = 16.0
"""Variance of gray levels that noise and compression alone may have."""
LEAST_UNLIKE: Final = 0.45
"""1 - correlation from which the pattern is another one."""
LEAST_ALIKE: Final = 0.05
"""Of the picture: from less of it no exposure is told."""
SPARSE: Final = 5
"""Of those pixels one in so many is asked for, so that a level which few show tells nothing."""
LEAST_COLOR: Final = 7.0
"""Difference in a*b* (CIE Lab) from which the color is another one."""
DENSE_PX: Final = 13
DENSE: Final = 0.55
"""Share of a 13 px square that must have changed; a shadow's edge is thinner."""
BRIDGE_PX: Final = 15
"""Parts of one structure, such as posts, lie so near each other."""
THREAD_PX: Final = 7
"""A thinner thread does not join two structures."""
LEAST_SHARE: Final = 3e-4
"""Of the picture's area: smaller patches are nothing yet."""
BODY: Final = 0.6
BROAD_PX: Final = 16
"""What is so far from its edge to its middle, and mostly changed itself, is a body and no shadow:
a shadow changes the pattern at its edge alone."""
BLACK: Final = 4.0
"""Levels that the sensor adds to black."""
LEAST_SHADE: Final = 0.12
"""Logarithm of a brightness ratio that noise does not make."""
SUN: Final = 0.2
"""And one that only a shadow's edge in the sun makes: without sun there are no shadows."""
SAME_SHADE: Final = 0.3
"""Of that logarithm: so far may pixels of one shadow lie apart."""
MOST_COLORED: Final = 0.22
"""And so far, as a logarithm, its channels."""
LEAST_SCALED: Final = 0.02
PATTERNED: Final = 100.0
"""Variance of gray levels above which there is something to tell the light by."""
PLAIN: Final = 40.0
"""Variance of gray levels below which a face is plain."""
GREEN: Final = (-5.0, 4.0)
"""Leaves lie below this a* and above this b*."""
ROUGH: Final = 60.0
"""Variance of gray levels among leaves."""
DARK: Final = 25.0
"""L* of the gaps between leaves."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture at working size, and what is compared of it.

    Attributes:
        pixels: ``(height, width, 3)``.
        shown: ``(height, width)`` what of it was seen; the rest tells nothing of its exposure.
        gray: ``(height, width)`` levels, noise smoothed; ``mean`` and ``variance`` in the window.
        lab: ``(height, width, 3)`` CIE Lab.
        green: ``(height, width)`` as leaves and grass are; ``leaves`` green and rough.
    """

    pixels: Pixels
    shown: Bools
    gray: Floats
    mean: Floats
    variance: Floats
    lab: Floats
    green: Bools
    leaves: Bools

    @classmethod
    def of(cls, pixels: Pixels, shown: Bools | None = None) -> Picture:
        """Of a picture of any size; it is shrunk to ``WORK_PX``.

        Args:
            shown: ``(height, width)`` of the shrunk picture; without it, all.
        """
        small = shrunk(pixels)
        if shown is None:
            shown = np.ones(small.shape[:2], np.bool_)
        gray = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
        gray = np.asarray(cv2.GaussianBlur(gray, (0, 0), 0.8), np.float32)
        mean = _windowed(gray)
        variance = np.maximum(_windowed(gray * gray) - mean * mean, 0)
        soft = cv2.GaussianBlur(small, (0, 0), 1.2).astype(np.float32) / 255
        lab = np.asarray(cv2.cvtColor(soft, cv2.COLOR_BGR2LAB), np.float32)
        green = (lab[..., 1] < GREEN[0]) & (lab[..., 2] > GREEN[1])
        rough = cv2.blur(variance, (9, 9)) > ROUGH
        leaves = cv2.morphologyEx(
            (green & rough).view(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)
        )
        return cls(small, shown, gray, mean, variance, lab, green, leaves > 0)

    def exposed_as(self, baseline: Picture) -> Picture:
        """The same with the baseline's exposure and white balance.

        Read off where both show the same pattern: what leans or sways pairs leaves with gaps, and
        would level light and dark.
        """
        both = self.shown & baseline.shown
        alike = both & (correlation(self, baseline) > 1 - LEAST_UNLIKE)
        told = alike if alike.mean() > LEAST_ALIKE else both
        now, before = (p.pixels[told][None, ::SPARSE] for p in (self, baseline))
        table = exposure_table(now, before, np.ones(now.shape[:2], np.bool_))
        if table is None:
            return self
        exposed = cv2.LUT(self.pixels, table).astype(np.uint8, copy=False)
        return Picture.of(exposed, self.shown)


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """What has grown in one place.

    Attributes:
        mask: ``(height, width)`` at working size, gaps between its parts bridged.
        xyxy: Its box, at working size.
        area_px: Of the mask, at working size.
        filled: Share of the mask that has changed itself; the rest lies between.
        plain: Share of the mask without a pattern, as walls and roofs are.
        leaves: Share of the mask that is green and rough now; so is grass about a post.
        bare: Share of the mask that has changed itself and is neither green nor as dark as the gaps
            between leaves: next to nothing of a tree, some of the sparsest frame on a lawn.
        shade: Share of the mask that is the baseline made darker or lighter by one factor.
        vehicle: A detector calls it one.
    """

    mask: Bools
    xyxy: tuple[int, int, int, int]
    area_px: int
    filled: float
    plain: float
    leaves: float
    bare: float
    shade: float
    vehicle: bool = False


def shrunk(pixels: Pixels) -> Pixels:
    scale = WORK_PX / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def correlation(look: Picture, baseline: Picture) -> Floats:
    """``(height, width)`` of the slopes in the window, near 1 where both are alike or flat."""
    together = _windowed(look.gray * baseline.gray) - look.mean * baseline.mean
    spread = np.sqrt((look.variance + FLAT) * (baseline.variance + FLAT))
    return np.asarray((together + FLAT) / spread, np.float32)


def difference(look: Picture, baseline: Picture) -> Floats:
    """``(height, width)``: 1 and more where pattern or color are another one."""
    look = look.exposed_as(baseline)
    return unlike(look, baseline, color_noise(look, baseline))


def color_noise(look: Picture, baseline: Picture) -> float:
    """The usual difference in a*b* of two pictures that mostly show the same, exposed alike."""
    return float(np.median(_color_apart(look, baseline)))


def unlike(look: Picture, baseline: Picture, noise: float) -> Floats:
    """``difference`` of two that are exposed alike; ``noise`` as by ``color_noise``."""
    pattern = (1 - correlation(look, baseline)) / LEAST_UNLIKE
    color = _color_apart(look, baseline) / max(LEAST_COLOR, 4 * noise)
    wide = cv2.dilate(baseline.leaves.view(np.uint8), np.ones((9, 9), np.uint8)) > 0
    still_leaves = wide & (look.leaves | (look.lab[..., 0] < DARK))
    pattern[wide] = 0
    color[still_leaves] = 0
    most: Floats = np.maximum(pattern, color).astype(np.float32)
    return most


def _color_apart(look: Picture, baseline: Picture) -> Floats:
    apart = np.hypot(*cv2.split(look.lab - baseline.lab)[1:])
    return np.asarray(apart, np.float32)


def solid(changed: Bools) -> Bools:
    """The parts of a mask that are broader than the edge of a shadow."""
    dense = cv2.blur(changed.astype(np.float32), (DENSE_PX, DENSE_PX)) >= DENSE
    reach = cv2.dilate(dense.view(np.uint8), np.ones((DENSE_PX, DENSE_PX), np.uint8)) > 0
    return np.asarray(changed & reach, np.bool_)


def patches(changed: Bools, look: Picture, baseline: Picture) -> list[Patch]:
    """What hangs together in a mask, gaps bridged and holes filled, the largest first.

    ``baseline`` is the one that is lit most like the look.
    """
    ratio = shade_ratio(look.exposed_as(baseline), baseline)
    bare = changed & ~look.green & (look.lab[..., 0] >= DARK)
    whole = cv2.morphologyEx(changed.view(np.uint8), cv2.MORPH_CLOSE, _round(BRIDGE_PX))
    outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(whole, outlines, -1, 1, cv2.FILLED)
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, _round(THREAD_PX))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(whole, ltype=cv2.CV_32S)
    found = []
    for row in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[row])
        if area < LEAST_SHARE * changed.size:
            continue
        mask = labels == row
        filled = float(changed[mask].mean())
        deep_px = cv2.distanceTransform(mask.view(np.uint8), cv2.DIST_L2, 3).max()
        found.append(
            Patch(
                mask,
                (left, top, left + width, top + height),
                area,
                filled,
                float((look.variance[mask] < PLAIN).mean()),
                float(look.leaves[mask].mean()),
                float(bare[mask].mean()),
                0.0 if filled >= BODY and deep_px >= BROAD_PX else shade(ratio[mask]),
            )
        )
    return sorted(found, key=lambda patch: -patch.area_px)


def _round(size_px: int) -> Pixels:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size_px, size_px))
    return np.asarray(disc, np.uint8)


def shade_ratio(look: Picture, baseline: Picture) -> Floats:
    """``(height, width, 3)`` logarithm of how much brighter each channel is than it was."""
    now, before = (
        cv2.GaussianBlur(picture.pixels, (0, 0), 1.0).astype(np.float32) + BLACK
        for picture in (look, baseline)
    )
    ratio: Floats = np.log(now / before).astype(np.float32)
    return ratio


def shade(ratio: Floats) -> float:
    """How much of a patch a shadow that came or went explains, 0 to 1.

    A shadow scales what it falls on by one factor, nearly the same in all channels; at its edge
    the scale lies between that and none.

    Args:
        ratio: ``(n, 3)`` ``shade_ratio`` of the patch's pixels.
    """
    gray, colored = ratio.mean(axis=1), np.ptp(ratio, axis=1)
    scaled = gray[np.abs(gray) > LEAST_SHADE]
    if len(scaled) < LEAST_SCALED * len(gray):
        return 0.0
    factor = float(np.median(scaled[np.sign(scaled) == np.sign(np.median(scaled))]))
    if abs(factor) < SUN:
        return 0.0
    apart = SAME_SHADE * abs(factor)
    low, high = min(0.0, factor) - apart, max(0.0, factor) + apart
    return float(((colored < MOST_COLORED) & (gray > low) & (gray < high)).mean())


def _windowed(values: Floats) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), WINDOW_PX), np.float32)
