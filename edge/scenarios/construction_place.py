"""One place that differs from the baseline, followed from look to look."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import cv2
import numpy as np

from edge.scenarios.finding import Finding, Outline
from edge.vision.boxes import Bools
from edge.vision.growth import Patch
from edge.vision.scene import Box, hull

REACH_PX: Final = 15
"""At working size: what lies so near a place belongs to it."""
THERE: Final = 0.5
"""Of its smallest area so much must show, or it is gone."""
STAGED: Final = 1.3
"""What was so much larger than at first in each of the last two looks has grown in stages."""
STAGED_BODY: Final = 1.5
"""And so has, at one look, what is so much larger and whose largest body has grown by this."""
BRIDGED: Final = 0.5
"""Of a place: a patch that covers so much of it holds it."""
HIDDEN: Final = 0.3
"""Of a place: what stands before so much of it may hide it."""
OUTLINE_PX: Final = 2.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look shows of a place, at working size.

    Attributes:
        body_px: Of the largest single patch; ``area_px`` is of all.
        filled: Share of the area that has changed itself; ``plain`` share without a pattern.
        vehicle: The detector calls most of it a vehicle.
        outlines: Of its patches.
    """

    at: datetime
    at_s: float
    xyxy: Box
    area_px: int
    body_px: int
    filled: float
    plain: float
    vehicle: bool
    outlines: tuple[Outline, ...] = ()

    @classmethod
    def of(cls, patches: Sequence[Patch], at: datetime, at_s: float) -> Sight:
        area = sum(patch.area_px for patch in patches)
        return cls(
            at,
            at_s,
            hull(patch.xyxy for patch in patches),
            area,
            max(patch.area_px for patch in patches),
            sum(patch.filled * patch.area_px for patch in patches) / area,
            sum(patch.plain * patch.area_px for patch in patches) / area,
            2 * sum(patch.area_px for patch in patches if patch.vehicle) > area,
            tuple(outline for patch in patches for outline in outlines(patch.mask)),
        )

    def with_(self, other: Sight) -> Sight:
        """Both together, of one look."""
        area = self.area_px + other.area_px
        mine, others = self.area_px / area, other.area_px / area
        return Sight(
            at=self.at,
            at_s=self.at_s,
            xyxy=hull((self.xyxy, other.xyxy)),
            area_px=area,
            body_px=max(self.body_px, other.body_px),
            filled=mine * self.filled + others * other.filled,
            plain=mine * self.plain + others * other.plain,
            vehicle=(self if mine >= others else other).vehicle,
            outlines=self.outlines + other.outlines,
        )


@dataclass(slots=True, eq=False)
class Place:
    """What is known of one place.

    Attributes:
        mask: ``(height, width)`` at working size: all that ever differed there.
        sights: Of the looks that showed it, oldest first.
        missed: Looks since the last sight that should have shown it and did not.
        noted: Number of the permit that it was told to be covered by; "" for none. What stood at
            the last look that a permit covered is agreed, and only what came since counts.
    """

    mask: Bools
    sights: list[Sight]
    missed: int = 0
    finding: Finding | None = None
    noted: str = ""

    @property
    def span_s(self) -> float:
        return self.sights[-1].at_s - self.sights[0].at_s

    @property
    def grown(self) -> float:
        """Area now over that when first seen."""
        return self.sights[-1].area_px / self.sights[0].area_px

    @property
    def held(self) -> float:
        """Area over that when first seen, of the smaller of the last two looks."""
        return min(sight.area_px for sight in self.sights[-2:]) / self.sights[0].area_px

    @property
    def staged(self) -> bool:
        """Whether it has grown since it was first seen, for certain."""
        first, last = self.sights[0], self.sights[-1]
        twice = min(sight.area_px for sight in self.sights[-2:]) >= STAGED * first.area_px
        body = last.body_px >= STAGED_BODY * first.body_px
        return twice or (body and self.grown >= STAGED)

    @property
    def vehicles(self) -> int:
        """Looks in which the detector called it a vehicle."""
        return sum(sight.vehicle for sight in self.sights)

    @property
    def vehicle(self) -> bool:
        """Whether the detector called it a vehicle in most looks."""
        return 2 * self.vehicles > len(self.sights)

    def reach(self) -> Bools:
        """``(height, width)``: the place and what lies near it."""
        reach = np.ones((2 * REACH_PX + 1, 2 * REACH_PX + 1), np.uint8)
        return np.asarray(cv2.dilate(self.mask.view(np.uint8), reach) > 0, np.bool_)

    def seen(self, patches: Sequence[Patch], at: datetime, at_s: float) -> None:
        """Takes what a look shows of it; too little of it is a miss."""
        sight = Sight.of(patches, at, at_s)
        if sight.area_px < THERE * min(sight.area_px for sight in self.sights):
            self.missed += 1
            return
        self.missed = 0
        self.sights.append(sight)
        self.mask = np.logical_or.reduce([self.mask, *(patch.mask for patch in patches)])

    def agree(self, permit: str) -> None:
        """A permit covers it, as it stands now."""
        self.noted, self.sights = permit, self.sights[-1:]

    def join(self, other: Place) -> None:
        """Takes another place in: look by look, both together, since a permit covered either."""
        agreed_s = max((p.sights[0].at_s for p in (self, other) if p.noted), default=-math.inf)
        mine = {sight.at_s: sight for sight in self.sights}
        for sight in other.sights:
            known = mine.get(sight.at_s)
            mine[sight.at_s] = known.with_(sight) if known else sight
        self.sights = [mine[at_s] for at_s in sorted(mine) if at_s >= agreed_s]
        self.mask = self.mask | other.mask
        self.finding = self.finding or other.finding
        self.noted = self.noted or other.noted


def followed(
    places: Iterable[Place], patches: Sequence[Patch], hidden: Bools, at: datetime, at_s: float
) -> list[Place]:
    """The places after one more look, with those that are new in it.

    Args:
        hidden: ``(height, width)`` at working size: where the look does not show the place.
    """
    places = _bridged(places, patches)
    reaches = [place.reach() for place in places]
    shares: list[list[Patch]] = [[] for _ in places]
    fresh: list[Place] = []
    for patch in patches:
        row = _nearest(reaches, patch.mask)
        if row is not None:
            shares[row].append(patch)
            continue
        found = Place(patch.mask, [Sight.of([patch], at, at_s)])
        beside = _nearest([place.reach() for place in fresh], patch.mask)
        if beside is None:
            fresh.append(found)
        else:
            fresh[beside].join(found)
    for place, share in zip(places, shares, strict=True):
        if share:
            place.seen(share, at, at_s)
        elif hidden[place.mask].mean() < HIDDEN:
            place.missed += 1
    return [*places, *fresh]


def outlines(mask: Bools) -> list[Outline]:
    """The outer edges of a mask, to the nearest ``OUTLINE_PX``."""
    edges, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    plain = (cv2.approxPolyDP(edge, OUTLINE_PX, closed=True).reshape(-1, 2) for edge in edges)
    return [tuple((float(x), float(y)) for x, y in edge.tolist()) for edge in plain]


def _bridged(places: Iterable[Place], patches: Iterable[Patch]) -> list[Place]:
    """The places, with those made one that one patch holds; two alerts stay two."""
    kept = list(places)
    for patch in patches:
        held = [place for place in kept if patch.mask[place.mask].mean() >= BRIDGED]
        for other in held[1:]:
            if not (held[0].finding and other.finding):
                held[0].join(other)
                kept.remove(other)
    return kept


def _nearest(reaches: Sequence[Bools], mask: Bools) -> int | None:
    """Row of the place that shares most with a mask."""
    shared = [int(np.count_nonzero(reach & mask)) for reach in reaches]
    return int(np.argmax(shared)) if any(shared) else None
