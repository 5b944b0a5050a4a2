"""Charging: what stands below a building hangs on a cable that comes out of it.

Three facts, each of which must hold:

- *it stands*: a two-wheeler or tricycle, or what may be one, for ``dwell_s``;
- *a cable* leads from it up the building in most of the last looks, steadily, with both ends
  accounted for (``charging_cable`` says when);
- *it may not*: it stands in no registered shed and where somebody watches, and nobody has said
  that it is always there.

Bikes near each other whose cables leave the building together are one alert. It opens once, is told
anew when the bikes on it change, and is closed when bikes or cable have gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Final, Literal
from uuid import UUID

import numpy as np

from edge.config import ChargingConfig
from edge.scenarios.charging_bike import LOOKS, Bike, are_together, is_bike
from edge.scenarios.charging_cable import LOOK_EVERY_S, CableLook, CableWatch
from edge.scenarios.charging_words import bikes_now, charging_reasons, ended, one_with_another
from edge.scenarios.finding import Finding, Mark, NearMiss, corners
from edge.scenarios.ground import foot_of
from edge.scenarios.night import Night
from edge.scenarios.zones import Zones
from edge.site import SiteFile
from edge.vision.scene import Box, Parked, Scene, area_of
from wire import ChargingFacts, Sentence

CLOSE_LOOKS: Final = 4
"""Nothing seen in so many looks in a row: the cable is gone."""
NEAR: Final = 0.5
"""A best line that lacks no more than that of what was asked is a near miss."""


@dataclass(slots=True)
class Case:
    """One open alert, by the ids of the fixtures on it."""

    bikes: set[int]
    last: Finding

    def next(
        self, phase: Literal["updated", "closed"], now: Finding, reasons: tuple[Sentence, ...]
    ) -> Finding:
        self.last = replace(now, revision=self.last.revision).next(phase, *reasons)
        return self.last


class Charging:
    """Decides over the scenes of one camera; its only clock is that of the frames."""

    def __init__(
        self,
        config: ChargingConfig,
        night: Night,
        new_id: Callable[[datetime], UUID],
        site: SiteFile | None = None,
        *,
        knows_bikes: bool = False,
    ) -> None:
        """``knows_bikes``: the detector tells two-wheelers from cars, and is believed."""
        self._knows_bikes = knows_bikes
        self._dwell_s = config.dwell_s
        self._night = night
        self._new_id = new_id
        self._site = site
        self._zones = Zones(None, (1, 1))
        self._forget()

    def _forget(self) -> None:
        self._watch = CableWatch()
        self._bikes: dict[int, Bike] = {}
        self._cases: list[Case] = []
        self._missed: list[NearMiss] = []

    def evaluate(self, scene: Scene) -> list[Finding]:
        """What opens, changes or ends with this scene."""
        if scene.frame.seam:
            self._end()
        if not scene.settled:
            return []
        if scene.frame.wh != self._zones.frame_wh:
            self._zones = Zones(self._site, scene.frame.wh)
        here = [bike for bike in scene.parked if self._may_charge(bike)]
        gone = self._follow(here)
        looks = self._watch.step(scene, here)
        for key, look in looks.items():
            self._bikes[key].see(look, scene.frame.captured_at)
        for bike in gone:
            self._note(bike)
        found = self._closed() + (self._told(scene) if looks else [])
        for bike in (self._bikes[key] for key in looks):
            if bike.parked.stood_s >= self._dwell_s and len(bike.looks) == LOOKS:
                self._note(bike)
        return found

    @property
    def cases(self) -> tuple[Case, ...]:
        """What is open."""
        return tuple(self._cases)

    def recall(self, cases: Iterable[Case]) -> None:
        """Goes on with what was open before a restart; the fixtures bear the same ids.

        One revision is passed over: it may have been told when the power was cut.
        """
        self._cases = [Case(case.bikes, case.last.passed_over()) for case in cases]

    def near_misses(self) -> list[NearMiss]:
        """What all but alerted: noted once it has stood for long enough, or has gone."""
        missed, self._missed = self._missed, []
        return missed

    def _end(self) -> None:
        """Tells what a seam leaves undecided, and forgets the rest."""
        for bike in self._bikes.values():
            self._note(bike)
        missed = self._missed
        self._forget()
        self._missed = missed

    def _may_charge(self, parked: Parked) -> bool:
        zones, foot = self._zones, foot_of(parked.xyxy)
        allowed = parked.accepted or zones.shed(foot) is not None
        if allowed or not zones.watches(foot):
            return False
        if self._knows_bikes:
            return parked.kind != "vehicle"
        return is_bike(parked, zones.frame_wh, zones.ground)

    def _follow(self, here: Sequence[Parked]) -> list[Bike]:
        """Brings what is known up to date; returns what has gone."""
        now = {parked.fixture_id: parked for parked in here}
        gone = [bike for key, bike in self._bikes.items() if key not in now]
        self._bikes = {key: self._bikes.get(key) or Bike(parked) for key, parked in now.items()}
        for key, parked in now.items():
            self._bikes[key].parked = parked
        return gone

    def _closed(self) -> list[Finding]:
        """The cases of which no bike is left, or no cable."""
        closed = []
        for case in list(self._cases):
            if not self._hanging(case):
                self._cases.remove(case)
                facts = case.last.facts
                stood_s = facts.stood_s if isinstance(facts, ChargingFacts) else 0.0
                cable_gone = any(key in self._bikes for key in case.bikes)
                reason = ended(stood_s, cable_gone)
                closed.append(case.next("closed", case.last, (reason,)))
        return closed

    def _told(self, scene: Scene) -> list[Finding]:
        """New cases, and those whose bikes have changed."""
        told = []
        for group in self._groups():
            keys = {bike.parked.fixture_id for bike in group}
            cases = [case for case in self._cases if self._is_of(case, group)]
            if not cases:
                finding = self._finding(scene, group, self._new_id(scene.frame.captured_at))
                self._cases.append(Case(keys, finding))
                told.append(finding)
                continue
            now = keys.union(*(self._hanging(case) for case in cases))
            case, *others = cases
            for other in others:
                self._cases.remove(other)
                told.append(other.next("closed", other.last, (one_with_another(),)))
            if now != case.bikes:
                on_it = [self._bikes[key] for key in now if self._bikes[key].known is not None]
                finding = self._finding(scene, on_it, case.last.finding_id)
                before = case.last.facts.bikes if isinstance(case.last.facts, ChargingFacts) else 0
                reasons = (bikes_now(before, len(on_it)), *finding.reasons)
                case.bikes = now
                told.append(case.next("updated", finding, reasons))
        return told

    def _is_of(self, case: Case, group: Sequence[Bike]) -> bool:
        """Whether bikes are on what was told already, though its own line shows less well now."""
        told = [self._bikes[key] for key in self._hanging(case)]
        return any(bike in told or any(are_together(bike, on) for on in told) for bike in group)

    def _hanging(self, case: Case) -> set[int]:
        """Which of a case's bikes still stand there, their cables not gone for good."""
        here = {key: self._bikes[key] for key in case.bikes if key in self._bikes}
        return {key for key, bike in here.items() if bike.blank < CLOSE_LOOKS}

    def _groups(self) -> list[list[Bike]]:
        """The bikes that hang on cables for long enough, those of one outlet together."""
        groups: list[list[Bike]] = []
        for bike in self._bikes.values():
            if bike.cable is None or bike.parked.stood_s < self._dwell_s:
                continue
            if self._is_anothers(bike):
                continue
            of = [group for group in groups if any(are_together(bike, other) for other in group)]
            groups = [group for group in groups if group not in of]
            groups.append([*chain.from_iterable(of), bike])
        return groups

    def _is_anothers(self, bike: Bike) -> bool:
        """Whether its line is that of another bike, which was told or which it reaches better.

        The other's last look is enough: what came later has had fewer of them.
        """
        told = set[int]().union(*(case.bikes for case in self._cases))

        def rank(one: Bike, cable: CableLook) -> tuple[bool, float, float]:
            return one.parked.fixture_id in told, *cable.reach

        return bike.cable is not None and any(
            rank(other, seen) > rank(bike, bike.cable) and bike.cable.is_on(seen)
            for other in self._bikes.values()
            if other is not bike and (seen := other.seen) is not None
        )

    def _finding(self, scene: Scene, group: Sequence[Bike], finding_id: UUID) -> Finding:
        first = max(group, key=lambda bike: bike.known.length_px if bike.known else 0.0)
        cable = first.known
        assert cable is not None, "only bikes on a cable are grouped"
        facts = self._facts(scene, first, cable, group)
        return Finding(
            finding_id=finding_id,
            revision=0,
            phase="opened",
            scenario="charging",
            confidence=confidence(first, cable),
            urgency=urgency(facts),
            facts=facts,
            xyxy=_hull(group, scene.frame.wh),
            reasons=charging_reasons(facts),
            trail=_trail(scene, group),
        )

    def _facts(
        self, scene: Scene, first: Bike, cable: CableLook, group: Sequence[Bike]
    ) -> ChargingFacts:
        lower, upper = cable.ends()
        foot = foot_of(first.parked.xyxy)
        width, height = scene.frame.wh
        ground = self._zones.ground
        length_m = cable.length_px / ground.scale_px(foot) if ground else None
        return ChargingFacts(
            area_px=round(sum(area_of(bike.parked.xyxy) for bike in group)),
            area_share=min(area_of(_hull(group, scene.frame.wh)) / (width * height), 1.0),
            night=self._night.at(scene.frame.captured_at),
            vehicle=first.parked.kind,
            bikes=len(group),
            stood_s=round(max(bike.parked.stood_s for bike in group), 1),
            stand_limit_s=self._dwell_s,
            seen_s=round(min(first.held * LOOK_EVERY_S, first.parked.stood_s), 1),
            cable_px=round(cable.length_px, 1),
            cable_m=None if length_m is None else round(length_m, 1),
            upper_xy=upper,
            lower_xy=lower,
            stairwell=self._zones.of_kind("stairwell", foot) is not None,
        )

    def _note(self, bike: Bike) -> None:
        """Notes a bike that did not alert though it came close, once."""
        doubt, at, parked = bike.doubt(self._dwell_s, self._zones.ground), bike.best_at, bike.parked
        if doubt is None or at is None or bike.noted or doubt.lacking > NEAR:
            return
        if not any(parked.fixture_id in case.bikes for case in self._cases):
            bike.noted = True
            lacking = round(doubt.lacking, 3)
            self._missed.append(
                NearMiss("charging", doubt.code, at, parked.xyxy, doubt.why, lacking)
            )


def confidence(bike: Bike, cable: CableLook) -> float:
    """How far the evidence goes: seen to come, how clear, how steady."""
    steady = sum(look.held for look in bike.looks) / len(bike.looks)
    return 0.4 + 0.2 * cable.new + 0.15 * min(cable.clear / 3, 1.0) + 0.2 * steady


def urgency(facts: ChargingFacts) -> int:
    """4 for one bike by day; night and a stairwell add 2 each, several bikes 1."""
    return 4 + 2 * facts.night + 2 * facts.stairwell + (facts.bikes > 1)


def _trail(scene: Scene, group: Sequence[Bike]) -> tuple[Mark, ...]:
    """Each bike since it stood there, and each cable as it hangs now."""
    now, now_s = scene.frame.captured_at, scene.frame.monotonic_s
    marks = []
    for bike in group:
        since = now - timedelta(seconds=max(now_s - bike.parked.since_s, 0.0))
        marks.append(Mark(since, "thing", corners(bike.parked.xyxy)))
        if bike.known is not None:
            way = tuple((float(x), float(y)) for x, y in bike.known.xy.tolist())
            marks.append(Mark(now, "line", way))
    return tuple(sorted(marks, key=lambda mark: mark.at))


def _hull(group: Sequence[Bike], frame_wh: tuple[int, int]) -> Box:
    """Around the bikes and their cables, inside the frame."""
    parts = [np.array(bike.parked.xyxy).reshape(2, 2) for bike in group]
    parts += [bike.known.xy for bike in group if bike.known is not None]
    spots = np.concatenate(parts).clip((0, 0), frame_wh)
    left, top = (float(v) for v in spots.min(axis=0))
    right, bottom = (float(v) for v in spots.max(axis=0))
    return left, top, right, bottom
