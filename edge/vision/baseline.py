"""The baseline: agreed earlier pictures of one camera's place, and what a look shows against them.

No people are kept: where one stood, a picture is blank and is not compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats
from edge.vision.growth import PATTERNED, Patch, Picture, difference, patches, shrunk, solid
from edge.vision.registration import Features, MisfitError, Registered, register
from edge.vision.scene import Box

MOST_PICTURES: Final = 6
AROUND_PEOPLE: Final = 0.1
"""Of a person's height: so much around the box is blank too."""
SEES: Final = 0.5
"""Of a kept picture's points, light and color a look must have, to say that it shows another place:
night, fog and the infrared lamp say nothing."""
COLORED: Final = 4.0
"""Mean chroma (CIE Lab) below which a picture has no color to lose."""
NOBODY: Final[Floats] = np.empty((0, 4), np.float32)

Crops = Mapping[int, Pixels]
"""What was in the kept pictures, by their numbers: ``(height, width, 4)`` as in ``Kept.packed``."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """One picture of the baseline, in its own light.

    Attributes:
        pixels: ``(height, width, 3)`` at working size.
        counts: ``(height, width)`` what of it is compared.
    """

    number: int
    pixels: Pixels
    counts: Bools

    def packed(self) -> Pixels:
        """``(height, width, 4)``, with what counts as opacity; ``unpacked`` is its inverse."""
        alpha = np.where(self.counts, 255, 0).astype(np.uint8)
        return np.dstack([self.pixels, alpha]).astype(np.uint8, copy=False)

    @classmethod
    def unpacked(cls, number: int, packed: Pixels) -> Kept:
        return cls(number, packed[..., :3].copy(), packed[..., 3] > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """What one look shows that the baseline does not.

    Attributes:
        look: The look in the baseline's place.
        patches: What has grown, the largest first.
        unlike: Share of all that has a pattern, here or in the baseline, whose pattern is
            another one: near 0 where both are lit alike.
        shown: ``(height, width)`` what of the baseline the look shows.
        bare: ``(height, width)`` what it shows and no picture of the baseline does, for people.
        people: ``(height, width)`` where people stand in the look; none of it is kept.
        onto: ``(3, 3)`` homography from the frame's pixels to those at working size.
    """

    look: Picture
    patches: list[Patch]
    unlike: float
    shown: Bools
    bare: Bools
    people: Bools
    onto: npt.NDArray[np.float64]

    def in_frame(self, xyxy: Box, frame_wh: tuple[int, int]) -> Box:
        """A box at working size, in the frame's pixels and inside the frame."""
        left, top, right, bottom = xyxy
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        there = self.points_in_frame(corners, frame_wh)
        (left, top), (right, bottom) = there.min(axis=0).tolist(), there.max(axis=0).tolist()
        return left, top, right, bottom

    def points_in_frame(
        self, xy: npt.ArrayLike, frame_wh: tuple[int, int]
    ) -> npt.NDArray[np.float64]:
        """``(n, 2)`` points at working size, in the frame's pixels and inside the frame."""
        back = np.linalg.inv(self.onto)
        points = np.asarray(xy, np.float64).reshape(-1, 1, 2)
        return cv2.perspectiveTransform(points, back).reshape(-1, 2).clip((0, 0), frame_wh)


class Baseline:
    """Pictures of one place, each in its own light.

    Kept small: pictures at working size, and the features of the first, by which a look is laid
    onto them.
    """

    def __init__(self, pixels: Pixels, people: Floats = NOBODY) -> None:
        """Of a first frame, with ``(n, 4)`` the boxes of the people in it."""
        height, width, _ = pixels.shape
        small = shrunk(pixels)
        scale = small.shape[1] / width
        there = _within(people, np.diag([scale, scale, 1.0]), small.shape[:2])
        self._hold([Kept(0, *_blanked(small, there))], (width, height))

    @classmethod
    def of(cls, kept: Sequence[Kept], frame_wh: tuple[int, int]) -> Baseline:
        """Of pictures that were kept of frames of that size, the first one first.

        Raises:
            ValueError: There are none, or they differ in size.
        """
        if len({picture.pixels.shape for picture in kept}) != 1:
            raise ValueError("its pictures are missing or of different sizes")
        baseline = cls.__new__(cls)
        baseline._hold(list(kept), frame_wh)
        return baseline

    def _hold(self, kept: list[Kept], frame_wh: tuple[int, int]) -> None:
        self._kept, self.frame_wh = kept, frame_wh
        self._features = _features(kept[0], frame_wh)
        height, width, _ = kept[0].pixels.shape
        self.shape_hw = height, width

    @property
    def kept(self) -> tuple[Kept, ...]:
        return tuple(self._kept)

    def compare(self, pixels: Pixels, known: Bools, people: Floats = NOBODY) -> Growth:
        """What has grown in a frame.

        Args:
            known: ``(height, width)`` at working size: says nothing of the light.
            people: ``(n, 4)`` in the frame.

        Raises:
            MisfitError: It cannot be laid onto the baseline.
        """
        return self.compare_laid(register(pixels, self._features), known, people)

    def compare_laid(self, registered: Registered, known: Bools, people: Floats = NOBODY) -> Growth:
        """``compare`` with a frame that somebody has laid onto the baseline's first frame."""
        height, width = self.shape_hw
        seen = registered.shown.view(np.uint8)
        shown = cv2.resize(seen, (width, height), interpolation=cv2.INTER_NEAREST) > 0
        look = Picture.of(registered.pixels, shown)
        baselines = [Picture.of(kept.pixels, kept.counts) for kept in self._kept]
        counts = np.stack([kept.counts for kept in self._kept])
        known_there = counts.any(axis=0)
        bare, shown = shown & ~known_there, shown & known_there
        apart = np.stack([difference(look, baseline) for baseline in baselines])
        least = np.where(counts, apart, np.inf).min(axis=0)
        odds = [
            float(np.minimum(a[c], 2).mean()) if c.any() else np.inf
            for a, c in zip(apart, counts, strict=True)
        ]
        patterned = np.maximum.reduce([p.variance for p in (look, *baselines)]) > PATTERNED
        judged = least[patterned & shown & ~known]
        scale = width / self._features.wh[0]
        onto = np.diag([scale, scale, 1.0]) @ registered.onto
        within = _within(people, onto, self.shape_hw)
        return Growth(
            look,
            patches(solid((least >= 1) & shown), look, baselines[int(np.argmin(odds))]),
            float((judged >= 1).mean()) if judged.size else 1.0,
            shown,
            bare & ~within,
            within,
            onto,
        )

    def is_elsewhere(self, pixels: Pixels) -> bool:
        """Whether a frame that sees as well as the kept pictures agrees with none of them."""
        here = _sight(Features.of(pixels), shrunk(pixels))
        for kept in self._kept:
            features = _features(kept, self.frame_wh)
            try:
                register(pixels, features)
            except MisfitError:
                if (here < SEES * _sight(features, kept.pixels)).any():
                    return False
            else:
                return False
        return True

    def learn(self, growth: Growth, without: Bools) -> None:
        """Takes a look but for ``without``, where something has grown: ``(height, width)``.

        The first one is never given up.
        """
        pixels, counts = _blanked(growth.look.pixels, growth.people)
        counts &= ~without
        self._kept.append(Kept(self._kept[-1].number + 1, pixels, counts))
        if len(self._kept) > MOST_PICTURES:
            del self._kept[1]

    def absorb(self, growth: Growth, mask: Bools) -> Crops:
        """Takes what stands in ``mask`` as a part of the place, in the light of each picture.

        Returns:
            What was there before, around the mask, for ``give_back``.
        """
        before = {kept.number: kept.packed()[_around(mask)] for kept in self._kept}
        here = mask & ~growth.people
        for kept in self._kept:
            exposed = growth.look.exposed_as(Picture.of(kept.pixels)).pixels
            kept.pixels[here] = exposed[here]
            kept.counts[here] = True
        return before

    def give_back(self, before: Crops, mask: Bools) -> None:
        """Undoes ``absorb``; pictures learned since then say nothing of the place any more."""
        around = _around(mask)
        for kept in self._kept:
            if (crop := before.get(kept.number)) is None:
                kept.counts[mask] = False
            else:
                within = mask[around]
                kept.pixels[around][within] = crop[..., :3][within]
                kept.counts[around][within] = crop[..., 3][within] > 0


def _features(kept: Kept, frame_wh: tuple[int, int]) -> Features:
    """Of what counts in a kept picture, in the pixels of frames of that size."""
    found = Features.of(kept.pixels)
    spots = found.xy.round().astype(int)
    height, width = kept.counts.shape
    held = kept.counts[spots[:, 1].clip(0, height - 1), spots[:, 0].clip(0, width - 1)]
    scale = frame_wh[0] / width
    xy = ((found.xy[held] + 0.5) * scale - 0.5).astype(np.float32)
    return Features(xy, found.look[held], frame_wh)


def _sight(features: Features, pixels: Pixels) -> Floats:
    """``(3,)`` points, light and color of a picture."""
    lab = cv2.cvtColor(pixels[::4, ::4].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    chroma = float(np.hypot(lab[..., 1], lab[..., 2]).mean())
    return np.array([len(features.xy), lab[..., 0].mean(), max(chroma, COLORED)], np.float32)


def _within(people: Floats, onto: npt.NDArray[np.float64], shape_hw: tuple[int, ...]) -> Bools:
    """``(height, width)`` where boxes in a frame lie at working size, with a margin."""
    within = np.zeros(shape_hw[:2], np.bool_)
    for left, top, right, bottom in people.astype(np.float64):
        margin = AROUND_PEOPLE * (bottom - top)
        corners = [[left - margin, top - margin], [right + margin, bottom + margin]]
        there = cv2.perspectiveTransform(np.array([corners]), onto)[0]
        low, high = np.floor(there[0]).clip(0).astype(int), np.ceil(there[1]).clip(0).astype(int)
        within[low[1] : high[1], low[0] : high[0]] = True
    return within


def _blanked(pixels: Pixels, people: Bools) -> tuple[Pixels, Bools]:
    """A copy without the people, and what of it counts."""
    copy = pixels.copy()
    if people.any() and not people.all():
        copy[people] = pixels[~people].mean(axis=0).round().astype(np.uint8)
    elif people.any():
        copy[:] = 0
    return copy, ~people


def _around(mask: Bools) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
