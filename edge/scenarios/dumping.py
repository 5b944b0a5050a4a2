"""Dumping: what was not there before stays after its carrier has left, where it may not lie.

What must hold, all of it:

- *contact*: a moving track touched the place, at its feet, when the thing appeared there;
- *departure*: every track that touched has been a width of its own away for a second;
- *stay*: since that departure the thing has been there, unchanged, for ``stay_s``, and was
  seen for most of it;
- *a thing of its own*: no person, no vehicle nor part of one, not the bare ground where something
  has gone, no change of light;
- *place*: watched, and no collection point that was open when it was brought.

What one carrier left in one place is one alert, however many pieces it has. It is updated when it
has grown or was partly taken, and closed when it has gone, or when somebody says that it is always
there; then it is held back until it is much more, or marked no more. What fails on one account
alone is told as a near miss once it is over. While the eye is unsettled nothing is decided.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Final, Literal
from uuid import UUID

from edge.config import DumpingConfig
from edge.scenarios import dumping_words as words
from edge.scenarios.dumping_carrier import Carrier, Moment, followed, who_touched
from edge.scenarios.dumping_case import Case, when_brought, who_stays
from edge.scenarios.dumping_doubts import about_the_stay, about_the_thing, in_front
from edge.scenarios.dumping_extent import (
    LEAST_M2,
    confidence,
    guessed_m2,
    is_builders,
    load_of,
    urgency,
)
from edge.scenarios.dumping_memory import Open, packed, unpacked
from edge.scenarios.dumping_parked import ParkedVehicles
from edge.scenarios.dumping_raised import Marked, Raised
from edge.scenarios.finding import Doubt, Finding, NearMiss
from edge.scenarios.ground import foot_of
from edge.scenarios.night import Night
from edge.scenarios.words import always_there
from edge.scenarios.zones import Zones
from edge.site import SiteFile
from edge.video.frame import Frame
from edge.vision.scene import Box, Scene, Thing, gap_px
from wire import DumpingFacts, Sentence

MEMORY_S: Final = 8.0
"""How long tracks are remembered: longer than a thing takes to be noticed."""
TOUCHING_PX: Final = 6.0
MOST_PLACES: Final = 1000
MOST_OPEN: Final = 200
"""So many open alerts can still be closed by a mark, those of before a seam too."""


@dataclass(slots=True)
class _Memory:
    """What a seam ends: nothing before it proves anything about what stands after it."""

    moments: deque[Moment] = field(default_factory=deque)
    parked: ParkedVehicles = field(default_factory=ParkedVehicles)
    cases: dict[int, Case] = field(default_factory=dict)
    raised: list[Raised] = field(default_factory=list)
    seen: Frame | None = None
    blind: bool = False

    @property
    def now_s(self) -> float:
        return 0.0 if self.seen is None else self.seen.monotonic_s


class Dumping:
    """Decides over the scenes of one camera; its only clock is that of the frames."""

    def __init__(
        self,
        config: DumpingConfig,
        night: Night,
        new_id: Callable[[datetime], UUID],
        site: SiteFile | None = None,
    ) -> None:
        self._stay_s = config.stay_s
        self._night = night
        self._new_id = new_id
        self._site = site
        self._zones = Zones(None, (1, 1))
        self._memory = _Memory()
        self._places: deque[Box] = deque(maxlen=MOST_PLACES)
        self._missed: list[NearMiss] = []
        self._open: dict[UUID, Finding] = {}
        self._marked: Mapping[UUID, Marked] = {}

    def evaluate(self, scene: Scene) -> list[Finding]:
        """What becomes certain with this scene, and what has become of what was raised."""
        found = self._ended()
        if scene.frame.seam:
            self._end(self._memory.cases.values())
            self._memory = _Memory()
        if not scene.settled:
            self._memory.blind = True
            return found
        self._fit(scene.frame.wh)
        self._remember(scene)
        found += self._marked_no_more(scene)
        for case in self._certain(scene):
            load = self._load_of(case, scene)
            if told := self._opened(load, (), scene):
                self._places.append(load.xyxy)
                found += told
        return [*found, *self._changes(scene)]

    def accept(self, marked: Mapping[UUID, Marked]) -> None:
        """Takes what people say is always there, by alert, in place of what they said before.

        From the next scene on such an alert closes, and what comes back there with that look, and
        is not much more, is held back. What is marked no more and stands there is told anew.
        """
        self._marked = dict(marked)

    def near_misses(self) -> list[NearMiss]:
        missed, self._missed = self._missed, []
        return missed

    @property
    def places(self) -> tuple[Box, ...]:
        """Where something was raised before, the oldest first, in pixels of the last frame."""
        return tuple(self._places)

    def recall(self, places: Iterable[Box], frame_wh: tuple[int, int]) -> None:
        """Takes other ``places`` for those, as they were before a restart."""
        self._fit(frame_wh)
        self._places = deque(places, MOST_PLACES)

    def saved(self) -> bytes:
        """What is open; empty while nothing is. ``resume`` is the inverse."""
        seen, loads = self._memory.seen, tuple(self._memory.raised)
        if seen is None or not loads:
            return b""
        return packed(Open(seen.captured_at, seen.monotonic_s, loads, tuple(self._open.values())))

    def resume(self, saved: bytes, frame: Frame) -> None:
        """Goes on with what was open before a restart; ``frame`` is the first one since.

        Raises:
            ValueError: It is no such memory.
        """
        was = unpacked(saved)
        was.resume(frame, count(-1, -1))
        self._memory.raised = list(was.loads)
        self._open = {finding.finding_id: finding for finding in was.told}

    def _fit(self, frame_wh: tuple[int, int]) -> None:
        """Lays the site file's drawing over frames of a new size."""
        if frame_wh != self._zones.frame_wh:
            self._places.clear()
            self._zones = Zones(self._site, frame_wh)

    def _remember(self, scene: Scene) -> None:
        memory, now_s = self._memory, scene.frame.monotonic_s
        memory.seen = scene.frame
        memory.moments.append(Moment(now_s, scene.tracks))
        while now_s - memory.moments[0].at_s > MEMORY_S:
            memory.moments.popleft()
        memory.parked.see(scene.standing_vehicles, now_s)
        for load in memory.raised:
            load.follow(scene, restarted=memory.blind)
        memory.raised = memory.raised[-MOST_OPEN:]
        memory.blind = False
        known = memory.cases
        memory.cases = {thing.thing_id: self._case(thing, scene) for thing in scene.things}
        self._end(case for thing_id, case in known.items() if thing_id not in memory.cases)

    def _end(self, cases: Iterable[Case]) -> None:
        """Tells the near misses among them; a piece of what was raised is none."""
        self._missed += [
            case.closest
            for case in cases
            if case.closest is not None and self._load_at(case) is None
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
            if self._is_raised(case.thing):
                case.closest = None
                continue
            doubts = list(self._doubts(case, scene))
            if len(doubts) == 1:
                self._note(case, doubts[0], scene)
            if doubts:
                continue
            case.closest = None
            load = self._load_at(case)
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
        yield from about_the_stay(case.witness(now_s), case.seen_s, self._stay_s)
        yield from about_the_thing(thing, self._beside(case), case.carrier)
        if case.carrier is not None:
            size_m2 = self._size_m2(thing.xyxy, thing.area_px, case.carrier)
            if size_m2 < LEAST_M2:
                yield Doubt("tiny", words.tiny(size_m2, LEAST_M2), 1 - size_m2 / LEAST_M2)
        if not thing.visible or in_front(thing, scene):
            yield Doubt("someone-before-it", words.someone_before_it())
        if self._memory.parked.own(thing, now_s):
            yield Doubt("of-a-vehicle", words.of_a_vehicle())
        if not self._zones.watches(foot_of(thing.xyxy)):
            yield Doubt("not-watched", words.not_watched())
        brought = self._night.clock(when_brought(case, scene))
        point = self._zones.collection(foot_of(thing.xyxy))
        if point is not None and point.is_open(brought):
            yield Doubt("open-point", words.in_open_point(point.name, point.open_until(brought)))

    def _size_m2(self, xyxy: Box, area_px: float, carrier: Carrier) -> float:
        """By the measured ground, or else by who brought it."""
        if self._zones.ground is None:
            return guessed_m2(area_px, carrier)
        return self._zones.ground.area_m2(xyxy, area_px)

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

    def _is_raised(self, thing: Thing) -> bool:
        return any(thing.thing_id in load.parts for load in self._memory.raised)

    def _load_at(self, case: Case) -> Raised | None:
        """The raised load of which a thing is one more piece."""
        joined = (
            load
            for load in self._memory.raised
            if load.is_joined_by(case.thing, case.carriers.values(), self._memory.now_s)
        )
        return next(joined, None)

    def _ended(self) -> list[Finding]:
        """Closes what was marked since it was told; if it is still there, it is held back."""
        ended = [last for key, last in self._open.items() if key in self._marked]
        for last in ended:
            del self._open[last.finding_id]
        for load in self._memory.raised:
            if load.finding_id in self._marked:
                load.held_by = load.finding_id
        why = (always_there(),)
        return [
            replace(last, revision=last.revision + 1, phase="closed", reasons=why) for last in ended
        ]

    def _marked_no_more(self, scene: Scene) -> Iterator[Finding]:
        for load in self._memory.raised:
            if load.held_by not in (None, *self._marked) and load.is_seen:
                yield from self._opened(load, (), scene)

    def _load_of(self, case: Case, scene: Scene) -> Raised:
        """Raises a thing, together with what touches it and came with the same carrier."""
        carrier, now_s = case.carrier, scene.frame.monotonic_s
        assert carrier is not None
        brought = self._night.clock(when_brought(case, scene))
        point = self._zones.collection(foot_of(case.thing.xyxy))
        load = Raised(
            finding_id=self._new_id(scene.frame.captured_at),
            carrier=carrier,
            carriers=frozenset(case.carriers),
            closed_point=point.name if point is not None and not point.is_open(brought) else "",
            earlier=self._earlier(case.thing),
            told_s=now_s,
        )
        load.join(case.thing, scene)
        self._memory.raised.append(load)
        for piece in self._beside(case):
            if not (self._is_raised(piece) or any(about_the_thing(piece, [case.thing], carrier))):
                load.join(piece, scene)
        return load

    def _beside(self, case: Case) -> list[Thing]:
        """What touches a thing and came with a carrier of its own."""
        return [
            other.thing
            for other in self._memory.cases.values()
            if other is not case
            and not case.carriers.keys().isdisjoint(other.carriers)
            and gap_px(case.thing.xyxy, other.thing.xyxy) <= TOUCHING_PX
        ]

    def _opened(self, load: Raised, why: tuple[Sentence, ...], scene: Scene) -> list[Finding]:
        """Tells a load for the first time, unless it is always there: then it is held back."""
        pixels = scene.frame.pixels
        marks = (key for key, marked in self._marked.items() if marked.is_of(load, pixels))
        was_held, load.held_by = load.held_by is not None, next(marks, None)
        if load.held_by is not None:
            load.tell(scene.frame.monotonic_s)
            return []
        if was_held:
            load.begin_anew(self._new_id(scene.frame.captured_at))
        return [self._told(load, "opened", why, scene)]

    def _earlier(self, thing: Thing) -> int:
        """How often something was raised within half its own width of here."""
        reach_px = (thing.xyxy[2] - thing.xyxy[0]) / 2
        return sum(gap_px(place, thing.xyxy) <= reach_px for place in self._places)

    def _changes(self, scene: Scene) -> Iterator[Finding]:
        """Updates and closings of what was raised."""
        now_s = scene.frame.monotonic_s
        for load in list(self._memory.raised):
            news = load.news(now_s)
            if news == "updated":
                why = words.changed(load.area_px / load.told_px)
            elif news == "closed":
                why = words.gone(_since(load.gone_s or now_s, load.carrier))
                self._memory.raised.remove(load)
            else:
                continue
            if load.held_by is None:
                yield self._told(load, news, (why,), scene)
            elif news == "updated":
                yield from self._opened(load, (why,), scene)

    def _told(
        self,
        load: Raised,
        phase: Literal["opened", "updated", "closed"],
        why: tuple[Sentence, ...],
        scene: Scene,
    ) -> Finding:
        facts = self._facts(load, scene)
        revision = load.revision
        load.tell(scene.frame.monotonic_s)
        finding = Finding(
            finding_id=load.finding_id,
            revision=revision,
            phase=phase,
            scenario="dumping",
            confidence=confidence(load.largest),
            urgency=urgency(facts),
            facts=facts,
            xyxy=load.xyxy,
            reasons=(*why, *words.dumping_reasons(facts)),
        )
        self._open[load.finding_id] = finding
        if phase == "closed":
            del self._open[load.finding_id]
        for key in list(self._open)[:-MOST_OPEN]:
            del self._open[key]
        return finding

    def _facts(self, load: Raised, scene: Scene) -> DumpingFacts:
        at, now_s = scene.frame.captured_at, scene.frame.monotonic_s
        width, height = scene.frame.wh
        carrier, xyxy = load.carrier, load.xyxy
        area_px = load.area_px or load.told_px
        size_m2 = self._size_m2(xyxy, area_px, carrier)
        stayed_s = _since(now_s if load.gone_s is None else load.gone_s, carrier)
        return DumpingFacts(
            carrier=carrier.label,
            carrier_track=carrier.track_id,
            contact_at=at - timedelta(seconds=now_s - carrier.contact_s),
            departed_at=at - timedelta(seconds=_since(now_s, carrier)),
            stayed_s=round(stayed_s, 3),
            stay_limit_s=self._stay_s,
            area_px=area_px,
            area_share=min(area_px / (width * height), 1.0),
            night=self._night.at(at),
            area_m2=round(size_m2, 2) if self._zones.ground else None,
            load=load_of(size_m2),
            builders_waste=is_builders(load.largest),
            border=self._zones.of_kind("border", foot_of(xyxy)) is not None,
            closed_point=load.closed_point,
            earlier=load.earlier,
        )


def _since(until_s: float, carrier: Carrier) -> float:
    """How long before a time the carrier had left."""
    return until_s - (until_s if carrier.away_s is None else carrier.away_s)
