"""Construction between flights: what later flights show and an earlier one does not.

Each photo of the earliest flight is a baseline, and each later flight one look at it. A look has no
stages to tell a hut that was set down from a truck that will go, so flights must agree:

- *one later flight* shows it: a finding of low confidence that says so.
- *two or more* show it, the latest among them, ``span_h`` hours apart or more: it is certain.
- the latest shows it gone: a near miss.

What leans is no growth (``edge.vision.lean``): a near miss that tells the height. Where two flights
look from too far apart to tell, places are passed over and said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

import numpy as np
from shapely import Polygon

from edge.config import ConstructionConfig
from edge.scenarios.construction_leans import without_leans
from edge.scenarios.construction_place import Place, Sight, followed
from edge.scenarios.construction_register import Register
from edge.scenarios.construction_stage import Stage, is_closed, trail, urgency, whole
from edge.scenarios.construction_veto import LEAST_SHARE, structures
from edge.scenarios.construction_words import (
    flight_reasons,
    gone_again,
    is_certain_by_flights,
    leans,
    passes_for_a_vehicle,
    permitted,
)
from edge.scenarios.finding import Finding, NearMiss, corners
from edge.scenarios.night import Night
from edge.site import Permit
from edge.video.frame import Frame
from edge.vision.baseline import Baseline, Growth
from edge.vision.boxes import Bools
from edge.vision.dapple import is_dapple
from edge.vision.eye import Detector
from edge.vision.flight_pair import Doubles, Laid, moved
from edge.vision.growth import PATTERNED, Patch, Picture, difference
from edge.vision.registration import Registered
from edge.vision.scene import Box
from wire import ConstructionFacts, Sentence

FLIGHTS: Final = 2
"""Later flights that must agree."""
MOST_ANGLE_DEG: Final = 25.0
"""Between two looks at a spot: from farther apart walls show that the other look has nothing of."""
MOST_UNLIKE: Final = 0.35
"""Of all patterns, what leans left out: beyond it is another light or season."""
HOPELESS: Final = 0.7
LEAST_M2: Final = 4.0
"""What covers less ground is a bush or its shadow as well as a structure."""
SINGLE: Final = 0.35
"""Confidence where one later flight shows it."""
LOW_M: Final = 1.5
"""What is lower is no roof."""


class DarkError(ValueError):
    """Two photos are lit too differently to be compared; says how much."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A later photo, laid onto an earlier one.

    Attributes:
        frame: The later photo at working size; ``full_wh`` its own size.
        register_from: ``(3, 3)`` from its pixels to those the register is drawn in.
    """

    frame: Frame
    full_wh: tuple[int, int]
    laid: Laid
    register_from: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """What stands where an earlier photo has nothing, before it is an alert.

    Attributes:
        finding: In pixels of the later photo at working size.
        ground: ``(4, 2)`` metres: the corners of its box.
        earlier: The looks before ``look``, oldest first.
    """

    finding: Finding
    look: Look
    ground: Doubles
    earlier: tuple[Look, ...]


@dataclass(slots=True)
class Parcel:
    """Decides over one photo of the earliest flight; give it the later looks in order of time.

    Attributes:
        owns: Whether this photo, and no other of its flight, decides over a spot ``(2,)`` of the
            ground.
        position: Latitude and longitude of a spot of the ground.
        height_of: Metres, for what shows in a mask of a later photo; None where nobody can tell.
        measures: Heights above ground are known, so areas are.
    """

    before: Frame
    config: ConstructionConfig
    register: Register
    night: Night
    new_id: Callable[[datetime], UUID]
    detector: Detector | None
    owns: Callable[[Doubles], bool]
    position: Callable[[Doubles], tuple[float, float]]
    height_of: Callable[[Look, Bools], float | None] = lambda look, mask: None
    measures: bool = True
    misses: list[NearMiss] = field(default_factory=list)
    _places: list[Place] = field(default_factory=list)
    _looks: list[Look] = field(default_factory=list)
    _growth: Growth | None = None
    _baseline: Baseline = field(init=False)
    _picture: Picture = field(init=False)

    def __post_init__(self) -> None:
        self._baseline = Baseline(self.before.pixels)
        self._picture = Picture.of(self.before.pixels)

    def look(self, look: Look) -> int:
        """Compares a later photo.

        Returns:
            How many places are passed over for their viewpoints.

        Raises:
            DarkError: It cannot be judged.
        """
        growth = self._compared(look)
        drawn = _Drawn(self.register, look.register_from)
        found, hidden = structures(growth, look.frame, self.detector, drawn)
        large = [
            p for p in found if p.area_px >= LEAST_SHARE * p.mask.size and self._is_ours(p, look)
        ]
        wide = [p for p in large if look.laid.angle_deg(_middle(p.xyxy, look)) > MOST_ANGLE_DEG]
        narrow = [p for p in large if not any(p is other for other in wide)]
        stands = self._standing(narrow, growth, look)
        at, at_s = look.frame.captured_at, look.frame.monotonic_s
        self._places = followed(self._places, stands, hidden, at, at_s)
        self._looks.append(look)
        self._growth = growth
        return len(wide)

    def grown(self) -> list[Grown]:
        """What the latest look shows and the earliest flight does not."""
        if (growth := self._growth) is None:
            return []
        told = (self._told(place, self._looks[-1], growth) for place in self._places)
        return [grown for grown in told if grown is not None]

    def _compared(self, look: Look) -> Growth:
        height, width, _ = self.before.pixels.shape
        warped = Registered(
            look.laid.later_on_earlier(look.frame.pixels),
            look.laid.shown(look.frame.wh),
            look.laid.onto,
        )
        growth = self._baseline.compare_laid(warped, np.zeros((height, width), np.bool_))
        if growth.unlike > HOPELESS:
            raise DarkError(f"{growth.unlike:.0%} of all patterns are others")
        return growth

    def _is_ours(self, patch: Patch, look: Look) -> bool:
        return self.owns(_middle(patch.xyxy, look))

    def _standing(self, found: Sequence[Patch], growth: Growth, look: Look) -> list[Patch]:
        """What does not lean, or is left of it; what leans is told.

        Raises:
            DarkError: Too much else differs.
        """
        baseline = self._picture
        exposed = growth.look.exposed_as(baseline)
        changed = (difference(growth.look, baseline) >= 1) & growth.shown
        stands, told, leaning = without_leans(found, changed, exposed, baseline, look.laid)
        patterned = np.maximum(exposed.variance, baseline.variance) > PATTERNED
        judged = changed[patterned & growth.shown & ~leaning]
        if judged.size and judged.mean() > MOST_UNLIKE:
            raise DarkError(
                f"{judged.mean():.0%} of all patterns are others, at most {MOST_UNLIKE:.0%}"
            )
        for patch, lean in told:
            xyxy = growth.in_frame(patch.xyxy, look.frame.wh)
            self._note("parallax", look, xyxy, leans(lean.px, lean.height_m), lean.share)
        return [p for p in stands if not is_dapple(exposed, baseline, changed & p.mask)]

    def _told(self, place: Place, look: Look, growth: Growth) -> Grown | None:
        last = place.sights[-1]
        xyxy = growth.in_frame(last.xyxy, look.frame.wh)
        if place.missed:
            flights = len(place.sights)
            self._note("gone-again", look, xyxy, gone_again(flights), 1 / (flights + 1))
            return None
        if last.at != look.frame.captured_at or last.area_px < LEAST_SHARE * place.mask.size:
            return None
        if self.measures and area_m2(last, look.laid, None) < LEAST_M2:
            return None
        if place.vehicle:
            why = passes_for_a_vehicle(place.vehicles, len(place.sights))
            self._note("vehicle", look, xyxy, why, 1.0)
            return None
        drawn = _Drawn(self.register, look.register_from)
        permit = drawn.permit(xyxy, look.frame.captured_at.astimezone(self.night.zone).date())
        if permit is not None:
            self._note("permitted", look, xyxy, permitted(permit), 0.0)
            return None
        mask = look.laid.earlier_on_later(place.mask, look.frame.wh)
        height_m = self.height_of(look, mask) if self.measures else None
        facts = self._facts(place, look, drawn.parcel(xyxy), height_m)
        ground = look.laid.before.ground_of(np.array(corners(last.xyxy)))
        finding = Finding(
            finding_id=self.new_id(look.frame.captured_at),
            revision=0,
            phase="opened",
            scenario="construction",
            confidence=confidence(facts, last),
            urgency=urgency(facts),
            facts=facts,
            xyxy=xyxy,
            reasons=flight_reasons(facts, self.position(ground.mean(axis=0))),
            trail=trail(place, growth, look.frame.wh),
        )
        return Grown(finding, look, ground, tuple(self._looks[:-1]))

    def _facts(
        self, place: Place, look: Look, parcel: str, height_m: float | None
    ) -> ConstructionFacts:
        first, last = place.sights[0], place.sights[-1]
        share = last.area_px / place.mask.size
        width, height = look.full_wh
        return ConstructionFacts(
            area_px=round(share * width * height),
            area_share=min(share, 1.0),
            night=self.night.at(look.frame.captured_at),
            looks=len(place.sights),
            looks_limit=FLIGHTS,
            span_h=round(place.span_s / 3600, 2),
            span_limit_h=self.config.span_h,
            since=first.at,
            baseline_at=self.before.captured_at,
            grown=round(place.grown, 2),
            area_m2=area_m2(last, look.laid, height_m) if self.measures else None,
            height_m=None if height_m is None else round(height_m, 1),
            stage=stage(last, height_m),
            parcel=parcel,
        )

    def _note(self, code: str, look: Look, xyxy: Box, why: Sentence, lacking: float) -> None:
        scale = look.full_wh[0] / look.frame.wh[0]
        left, top, right, bottom = (scale * edge for edge in xyxy)
        box = left, top, right, bottom
        lacking = float(np.clip(lacking, 0, 1))
        self.misses.append(
            NearMiss("construction", code, look.frame.captured_at, box, why, lacking)
        )


def confidence(facts: ConstructionFacts, last: Sight) -> float:
    """Low for one flight pair; then by how many flights agree, and how whole it is."""
    if not is_certain_by_flights(facts):
        return SINGLE
    more = 0.1 * min(facts.looks - FLIGHTS, 2)
    return round(min(0.65 + more + 0.15 * whole(last), 0.95), 3)


def stage(last: Sight, height_m: float | None) -> Stage:
    """By its looks alone, from above: closed and plain is a roof, unless it is known to be low."""
    low = height_m is not None and height_m < LOW_M
    if is_closed(last) and not low:
        return "roof"
    return "material" if low or last.filled < 0.5 else "frame"


def area_m2(last: Sight, laid: Laid, height_m: float | None) -> float:
    """Of its outline on the ground, as if it lay there, or at its height where that is known."""
    polygons = [laid.before.ground_of(edge) for edge in last.outlines if len(edge) >= 3]
    flat = sum(Polygon(spots).area for spots in polygons)
    nearer = 1 - (height_m or 0.0) / laid.before.height_m
    return round(float(flat) * nearer**2, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """The register, asked in a later photo's pixels; from above a thing stands in its middle."""

    register: Register
    onto: Doubles

    def watches(self, xyxy: Box) -> bool:
        return self.register.watches(self._middle(xyxy))

    def parcel(self, xyxy: Box) -> str:
        return self.register.parcel(self._middle(xyxy))

    def permit(self, xyxy: Box, day: date) -> Permit | None:
        spots = moved(self.onto, corners(xyxy))
        (left, top), (right, bottom) = spots.min(axis=0).tolist(), spots.max(axis=0).tolist()
        return self.register.permit((left, top, right, bottom), day)

    def _middle(self, xyxy: Box) -> Box:
        x, y = moved(self.onto, corners(xyxy)).mean(axis=0).tolist()
        return x, y, x, y


def _middle(xyxy: Box, look: Look) -> Doubles:
    """``(2,)`` metres: the spot of the ground in a box's middle."""
    left, top, right, bottom = xyxy
    spot = look.laid.before.ground_of([[(left + right) / 2, (top + bottom) / 2]])
    return np.asarray(spot[0], np.float64)
