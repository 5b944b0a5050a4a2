"""The reference picture, and what differs from it: the adaptive ground everything stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats

LEARN_EVERY_S: Final = 0.5
LIGHT_S: Final = 12.0
"""Time constant with which the reference follows the light."""
UNREST_S: Final = 15.0
"""Time constant with which a restless spot (leaves, tape, water) is recognized as such."""
MOST_UNREST: Final = 12
BARE: Final = 0.5
"""A pixel that differs by less than so much of what counts shows the reference."""
GATHER_S: Final = 1.6
"""How long pictures are gathered for the first reference, whose median leaves walkers out."""
GATHER_EVERY_S: Final = 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """One aligned picture, and how it differs from the reference and from the moments before.

    Attributes:
        picture: ``(height, width, 3)``, and ``reference`` likewise.
        apart: ``(height, width)`` largest difference to the reference over the channels.
        foreground: ``(height, width)`` where that is more than light and noise explain.
        bare: ``(height, width)`` where it is so little that the reference is what shows; between
            the two a pixel stays what it was.
        still_s: ``(height, width)`` for how long each pixel has had its present look.
        tolerance: Difference that noise alone explains in this picture.
    """

    picture: Pixels
    reference: Pixels
    at_s: float
    apart: Pixels
    foreground: Bools
    bare: Bools
    still_s: Floats
    tolerance: float


class Gathering:
    """The first second or two: pictures until a median can be taken."""

    def __init__(self) -> None:
        self._pictures: list[Pixels] = []
        self._times_s: list[float] = []

    def add(self, picture: Pixels, now_s: float) -> Pixels | None:
        """The first reference once there is enough, else None."""
        if not self._times_s or now_s - self._times_s[-1] >= GATHER_EVERY_S:
            self._pictures.append(picture)
            self._times_s.append(now_s)
        if now_s - self._times_s[0] < GATHER_S or len(self._pictures) < 5:
            return None
        middle: Pixels = np.median(np.stack(self._pictures), axis=0).astype(np.uint8)
        return middle


class Reference:
    """What the place looks like when nothing is there, adaptive except where it is frozen."""

    def __init__(self, picture: Pixels, now_s: float) -> None:
        self._exact = picture.astype(np.float32)
        self.picture = picture
        self._unrest = np.zeros(picture.shape[:2], np.float32)
        self._anchor = picture.copy()
        self._still_s = np.zeros(picture.shape[:2], np.float32)
        self._last = picture
        self._noise = 1.0
        self._now_s = self._learned_s = now_s
        self._set_limits()

    def compare(self, picture: Pixels, now_s: float) -> Motion:
        """What differs; also notes for how long each pixel has looked as it does."""
        self._noise += 0.1 * (_noise_between(picture, self._last) - self._noise)
        self._last = picture
        apart = furthest(picture, self.picture)
        foreground, bare = apart > self._limit, apart <= BARE * self._limit
        moved = furthest(picture, self._anchor) > self._tolerance
        self._still_s += np.float32(now_s - self._now_s)
        self._now_s = now_s
        np.copyto(self._still_s, 0, where=moved)
        cv2.copyTo(picture, moved.view(np.uint8), self._anchor)
        still_s = self._still_s.copy()
        return Motion(
            picture, self.picture, now_s, apart, foreground, bare, still_s, self._tolerance
        )

    def learn(self, motion: Motion, frozen: Bools) -> None:
        """Follows light where nothing stands before the ground; never under ``frozen``, nor beside
        it where a faint edge of what stands there may show.
        """
        step_s = motion.at_s - self._learned_s
        if step_s < LEARN_EVERY_S:
            return
        self._learned_s = motion.at_s
        beside = cv2.dilate(frozen.view(np.uint8), np.ones((7, 7), np.uint8)) > 0
        ground = (~motion.foreground & ~frozen & (motion.bare | ~beside)).view(np.uint8)
        cv2.accumulateWeighted(motion.picture, self._exact, min(step_s / LIGHT_S, 0.5), ground)
        self.picture = cv2.convertScaleAbs(self._exact).astype(np.uint8, copy=False)
        lively = np.where(motion.still_s < 1.0, np.minimum(motion.apart, MOST_UNREST), 0)
        change = lively.astype(np.float32) - self._unrest
        change[frozen] = 0
        self._unrest += min(step_s / UNREST_S, 0.5) * change
        self._set_limits()

    def _set_limits(self) -> None:
        """The differences that count, from the picture's own light, noise and restless spots."""
        light = float(np.median(self.picture[::16, ::16]))
        least = float(np.clip(0.14 * light, 7, 16)) + 3 * self._noise
        self._tolerance = 0.75 * least
        self._limit = (least + 2 * self._unrest).astype(np.uint8)

    def absorb(self, motion: Motion, mask: Bools) -> None:
        """Takes the picture as the ground where ``mask`` says: something has gone from there."""
        self._exact[mask] = motion.picture[mask]
        self.picture = cv2.convertScaleAbs(self._exact).astype(np.uint8, copy=False)


def furthest(a: Pixels, b: Pixels) -> Pixels:
    """``(height, width)`` largest absolute difference over the channels."""
    blue, green, red = cv2.split(cv2.absdiff(a, b))
    return cv2.max(cv2.max(blue, green), red).astype(np.uint8, copy=False)


def _noise_between(a: Pixels, b: Pixels) -> float:
    """Standard deviation of the noise, from two pictures most of which shows the same."""
    apart = np.abs(a[::4, ::4, 1].astype(np.int16) - b[::4, ::4, 1])
    return float(min(np.percentile(apart, 60) / 0.84 / 1.414, 12.0))


def blobs(mask: Bools, least_area: float) -> Floats:
    """``(n, 4)`` boxes of what hangs together in a mask, small gaps bridged.

    Gaps are bridged more upward than sideways, as legs and heads of a walker come apart.
    """
    opened = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    height, width = opened.shape
    half = cv2.resize(opened * 255, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    reach = max(1, round(width / 512))
    grown = cv2.dilate(half, np.ones((4 * reach + 1, 2 * reach + 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(grown, ltype=cv2.CV_32S)
    area = 4 * np.bincount(labels[half > 96], minlength=count)
    area[0] = 0
    left, top, across, down = stats[area >= least_area, :4].T
    right, bottom = left + across, top + down
    found = np.stack(
        [
            np.where(left > 0, left + reach, 0),
            np.where(top > 0, top + 2 * reach, 0),
            np.where(right < half.shape[1], right - reach, right),
            np.where(bottom < half.shape[0], bottom - 2 * reach, bottom),
        ],
        axis=1,
    )
    return 2 * found.astype(np.float32)
