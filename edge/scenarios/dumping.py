"""Dumping: what was not there before stays after its carrier has left, where it may not lie.

What must hold, all of it:

- *contact*: a moving track touched the place, at its feet, when the thing appeared there;
- *departure*: every track that touched has been a width of its own away for a second;
- *stay*: since that departure the thing has been there, unchanged, for ``stay_s``, and was
  seen for most of it;
- *a thing of its own*: no person, no vehicle nor part of one, not the bare ground where something
  has gone, no change of light;
- *place*: watched, and no collection point that was open when it was brought.

What one carrier left in one place is one alert, however many pieces it has; ``dumping_loads`` tells
what becomes of it. What fails on one account alone is told as a near miss once it is over. While
the eye is unsettled nothing is decided.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from edge.config import DumpingConfig
from edge.scenarios import dumping_words as words
from edge.scenarios.dumping_carrier import Moment, followed, who_touched
from edge.scenarios.dumping_case import Case, when_brought, who_stays
from edge.scenarios.dumping_doubts import about_the_stay, about_the_thing, in_front
from edge.scenarios.dumping_extent import LEAST_M2
from edge.scenarios.dumping_loads import Loads
from edge.scenarios.dumping_parked import ParkedVehicles
from edge.scenarios.dumping_raised import Marked
from edge.scenarios.dumping_setting import Setting
from edge.scenarios.finding import Doubt, Finding, NearMiss
from edge.scenarios.night import Night
from edge.site import SiteFile
from edge.video.frame import Frame
from edge.vision.scene import Box, Scene, Thing, gap_px

MEMORY_S: Final = 8.0
"""How long tracks are remembered: longer than a thing takes to be noticed."""
TOUCHING_PX: Final = 6.0


@dataclass(slots=True)
class _Memory:
    """What a seam ends: nothing before it proves anything about what stands after it."""

    moments: deque[Moment] = field(default_factory=deque)
    parked: ParkedVehicles = field(default_factory=ParkedVehicles)
    cases: dict[int, Case] = field(default_factory=dict)
    blind: bool = False


class Dumping:
    """Decides over the scenes of one camera; its only clock is that of the frames."""

    def __init__(
        self,
        config: DumpingConfig,
        night: Night,
        new_id: Callable[[datetime], UUID],
        site: SiteFile | None = None,
    ) -> None:
        self._setting = Setting(site, night, config.stay_s)
        self._loads = Loads(self._setting, new_id)
        self._memory = _Memory()
        self._missed: list[NearMiss] = []

    def evaluate(self, scene: Scene) -> list[Finding]:
        """What becomes certain with this scene, and what has become of what was raised."""
        loads = self._loads
        found = loads.closed_by_mark()
        if scene.frame.seam:
            self._end(self._memory.cases.values())
            self._memory = _Memory()
            loads.begin_anew()
        if not scene.settled:
            self._memory.blind = True
            return found
        self._fit(scene.frame.wh)
        loads.follow(scene, restarted=self._memory.blind)
        self._remember(scene)
        found += loads.marked_no_more(scene)
        for case in self._certain(scene):
            found += loads.raise_one(case, self._beside(case), scene)
        return [*found, *loads.changes(scene)]

    def accept(self, marked: Mapping[UUID, Marked]) -> None:
        """Takes what people say is always there, by alert, in place of what they said before.

        From the next scene on such an alert closes, and what comes back there with that look, and
        is not much more, is held back. What is marked no more and stands there is told anew.
        """
        self._loads.accept(marked)

    def near_misses(self) -> list[NearMiss]:
        missed, self._missed = self._missed, []
        return missed

    @property
    def places(self) -> tuple[Box, ...]:
        """Where something was raised before, the oldest first, in pixels of the last frame."""
        return tuple(self._loads.places)

    def recall(self, places: Iterable[Box], frame_wh: tuple[int, int]) -> None:
        """Takes other ``places`` for those, as they were before a restart."""
        self._fit(frame_wh)
        self._loads.places.clear()
        self._loads.places.extend(places)

    def saved(self) -> bytes:
        """What is open; empty while nothing is. ``resume`` is the inverse."""
        return self._loads.saved()

    def resume(self, saved: bytes, frame: Frame) -> None:
        """Goes on with what was open before a restart; ``frame`` is the first one since.

        Raises:
            ValueError: It is no such memory.
        """
        self._loads.resume(saved, frame)

    def _fit(self, frame_wh: tuple[int, int]) -> None:
        if self._setting.fit(frame_wh):
            self._loads.places.clear()

    def _remember(self, scene: Scene) -> None:
        memory, now_s = self._memory, scene.frame.monotonic_s
        memory.moments.append(Moment(now_s, scene.tracks))
        while now_s - memory.moments[0].at_s > MEMORY_S:
            memory.moments.popleft()
        memory.parked.see(scene.standing_vehicles, now_s)
        memory.blind = False
        known = memory.cases
        memory.cases = {thing.thing_id: self._case(thing, scene) for thing in scene.things}
        self._end(case for thing_id, case in known.items() if thing_id not in memory.cases)

    def _end(self, cases: Iterable[Case]) -> None:
        """Tells the near misses among them; a piece of what was raised is none."""
        self._missed += [
            case.closest
            for case in cases
            if case.closest is not None and self._loads.joined_by(case) is None
        ]

    def _case(self, thing: Thing, scene: Scene) -> Case:
        """The thing's case, its carriers followed through this scene."""
        case = self._memory.cases.get(thing.thing_id)
        if case is None:
            case = Case(thing, who_touched(thing, self._memory.moments))
        case.thing = thing
        case.carriers = {
            track_id: followed(carrier, thing, scene) for track_id, carrier in case.carriers.items()
        }
        return case

    def _certain(self, scene: Scene) -> Iterator[Case]:
        """The cases that become certain with this scene and are no part of a raised load."""
        for case in self._memory.cases.values():
            if self._loads.has(case.thing):
                case.closest = None
                continue
            doubts = list(self._doubts(case, scene))
            if len(doubts) == 1:
                self._note(case, doubts[0], scene)
            if doubts:
                continue
            case.closest = None
            load = self._loads.joined_by(case)
            if load is None:
                yield case
            else:
                load.join(case.thing, scene)

    def _doubts(self, case: Case, scene: Scene) -> Iterator[Doubt]:
        thing, now_s = case.thing, scene.frame.monotonic_s
        if not case.carriers:
            yield Doubt("nobody", words.nobody())
        elif case.carrier is None:
            yield who_stays(case)
        yield from about_the_stay(case.witness(now_s), case.seen_s, self._setting.stay_s)
        yield from about_the_thing(thing, self._beside(case), case.carrier)
        if case.carrier is not None:
            size_m2 = self._setting.size_m2(thing.xyxy, thing.area_px, case.carrier)
            if size_m2 < LEAST_M2:
                yield Doubt("tiny", words.tiny(size_m2, LEAST_M2), 1 - size_m2 / LEAST_M2)
        if not thing.visible or in_front(thing, scene):
            yield Doubt("someone-before-it", words.someone_before_it())
        if self._memory.parked.own(thing, now_s):
            yield Doubt("of-a-vehicle", words.of_a_vehicle())
        if not self._setting.watches(thing.xyxy):
            yield Doubt("not-watched", words.not_watched())
        brought = self._setting.clock(when_brought(case, scene))
        point = self._setting.point(thing.xyxy)
        if point is not None and point.is_open(brought):
            yield Doubt("open-point", words.in_open_point(point.name, point.open_until(brought)))

    def _note(self, case: Case, doubt: Doubt, scene: Scene) -> None:
        if case.closest is None or doubt.lacking < case.closest.lacking:
            case.closest = NearMiss(
                scenario="dumping",
                code=doubt.code,
                at=scene.frame.captured_at,
                xyxy=case.thing.xyxy,
                why=doubt.why,
                lacking=round(doubt.lacking, 3),
            )

    def _beside(self, case: Case) -> list[Thing]:
        """What touches a thing and came with a carrier of its own."""
        return [
            other.thing
            for other in self._memory.cases.values()
            if other is not case
            and not case.carriers.keys().isdisjoint(other.carriers)
            and gap_px(case.thing.xyxy, other.thing.xyxy) <= TOUCHING_PX
        ]
