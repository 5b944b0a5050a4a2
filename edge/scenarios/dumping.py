"""Dumping: something that was not there stays after the carrier that brought it has left.

Three facts, each of which must hold:

- *contact*: a moving track touched the place, at its feet, when the thing appeared there;
- *departure*: every track that touched has been a width of its own away for a second;
- *stay*: since that departure the thing has been there, unchanged, for ``stay_s``, and was
  seen for most of it.

What is no thing of its own never alerts: what the detector calls a person or a vehicle, the bare
ground where something has gone, a change of light. What one carrier left in one place is one
alert, however many pieces it has. While the eye is unsettled nothing is decided.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from edge.config import DumpingConfig
from edge.scenarios.carrier import Carrier, Moment, followed, last_to_leave, who_touched
from edge.scenarios.finding import Finding
from edge.scenarios.night import Night
from edge.vision.scene import Box, Scene, Thing, Track, gap_px
from wire import DumpingFacts

MEMORY_S: Final = 8.0
"""How long tracks are remembered: longer than a thing takes to be noticed."""
MOSTLY: Final = 0.5
"""Share of its stay for which a thing must have been seen, not hidden behind others."""
TOUCHING_PX: Final = 6.0
COMPACT: Final = 0.35
"""Share of its box that a thing fills."""
NEWNESS: Final = 0.52
TEXTURE_KEPT: Final = 0.6
MOST_PERSON: Final = 0.3
MOST_VEHICLE: Final = 0.5
SLIGHT: Final = 0.4
"""A thing of less than so much of the person's area that left it is no person itself."""


@dataclass(slots=True)
class _Case:
    """What is known of one standing thing.

    Attributes:
        since_s: From when on its stay counts; ``seen_s`` is for how long it was seen since.
    """

    carriers: dict[int, Carrier]
    place: Box
    raised: bool = False
    since_s: float = 0.0
    seen_s: float = 0.0
    last_s: float = 0.0

    def witness(self, thing: Thing, since_s: float, now_s: float) -> None:
        if since_s != self.since_s:
            self.since_s, self.seen_s, self.last_s = since_s, 0.0, since_s
        if thing.visible:
            self.seen_s += now_s - self.last_s
        self.last_s = now_s


class Dumping:
    """Decides over the scenes of one camera; its only clock is that of the frames."""

    def __init__(
        self, config: DumpingConfig, night: Night, new_id: Callable[[datetime], UUID]
    ) -> None:
        self._stay_s = config.stay_s
        self._night = night
        self._new_id = new_id
        self._moments: deque[Moment] = deque()
        self._cases: dict[int, _Case] = {}

    def evaluate(self, scene: Scene) -> list[Finding]:
        """The dumpings that become certain with this scene; each thing at most once."""
        if scene.frame.seam:
            self._moments.clear()
            self._cases.clear()
        if not scene.settled:
            return []
        now_s = scene.frame.monotonic_s
        self._remember(scene.tracks, now_s)
        self._cases = {thing.thing_id: self._case(thing, scene) for thing in scene.things}
        return [
            self._finding(scene, self._load_of(thing, scene.things, carrier), carrier)
            for thing in scene.things
            if (carrier := self._certain(thing, scene)) is not None
        ]

    def _remember(self, tracks: tuple[Track, ...], now_s: float) -> None:
        self._moments.append(Moment(now_s, tracks))
        while now_s - self._moments[0].at_s > MEMORY_S:
            self._moments.popleft()

    def _case(self, thing: Thing, scene: Scene) -> _Case:
        """The thing's case, its carriers followed through this scene."""
        case = self._cases.get(thing.thing_id)
        if case is None:
            case = _Case(who_touched(thing, self._moments), thing.xyxy)
        case.place = thing.xyxy
        case.carriers = {
            track_id: followed(carrier, thing, scene) for track_id, carrier in case.carriers.items()
        }
        return case

    def _certain(self, thing: Thing, scene: Scene) -> Carrier | None:
        """The carrier that left the thing, on the one scene on which that becomes certain."""
        now_s = scene.frame.monotonic_s
        case = self._cases[thing.thing_id]
        carrier = last_to_leave(case.carriers.values())
        if case.raised or carrier is None or carrier.away_s is None:
            return None
        since_s = max(carrier.away_s, thing.calm_since_s)
        case.witness(thing, since_s, now_s)
        stayed = now_s - since_s >= self._stay_s and case.seen_s >= MOSTLY * (now_s - since_s)
        whole = thing.visible and is_a_thing(thing, carrier) and not in_front(thing, scene)
        if not (stayed and whole):
            return None
        case.raised = True
        return None if part_of_a_load(case, self._cases.values()) else carrier

    def _load_of(self, thing: Thing, things: tuple[Thing, ...], carrier: Carrier) -> Thing:
        """The thing, together with what touches it and came with the same carrier."""
        case = self._cases[thing.thing_id]
        load = [thing]
        for other in things:
            known = self._cases[other.thing_id]
            same = not case.carriers.keys().isdisjoint(known.carriers)
            near = gap_px(thing.xyxy, other.xyxy) <= TOUCHING_PX
            if other is not thing and same and near and is_a_thing(other, carrier):
                known.raised = True
                load.append(other)
        edges = list(zip(*(part.xyxy for part in load), strict=True))
        hull = min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])
        return replace(thing, xyxy=hull, area_px=sum(part.area_px for part in load))

    def _finding(self, scene: Scene, thing: Thing, carrier: Carrier) -> Finding:
        at, now_s = scene.frame.captured_at, scene.frame.monotonic_s
        width, height = scene.frame.wh
        away_s = now_s if carrier.away_s is None else carrier.away_s
        facts = DumpingFacts(
            carrier=carrier.label,
            carrier_track=carrier.track_id,
            contact_at=at - timedelta(seconds=now_s - carrier.contact_s),
            departed_at=at - timedelta(seconds=now_s - away_s),
            stayed_s=round(now_s - away_s, 3),
            stay_limit_s=self._stay_s,
            area_px=thing.area_px,
            area_share=min(thing.area_px / (width * height), 1.0),
            night=self._night.at(at),
        )
        return Finding(
            finding_id=self._new_id(at),
            revision=0,
            phase="opened",
            scenario="dumping",
            confidence=confidence(thing),
            urgency=urgency(facts),
            facts=facts,
            xyxy=thing.xyxy,
        )


def is_a_thing(thing: Thing, carrier: Carrier) -> bool:
    """Whether it has come, is compact and of its own, no light, no person and no vehicle."""
    left, top, right, bottom = thing.xyxy
    box_px = (right - left) * (bottom - top)
    slight = carrier.label == "person" and box_px < SLIGHT * carrier.area_px
    return (
        thing.detached
        and thing.area_px >= COMPACT * box_px
        and thing.newness >= NEWNESS
        and thing.texture_kept <= TEXTURE_KEPT
        and (slight or thing.looks.person < MOST_PERSON)
        and thing.looks.vehicle < MOST_VEHICLE
    )


def in_front(thing: Thing, scene: Scene) -> bool:
    """Whether someone stands before it, so that what is seen there may be his coat."""
    left, top, right, bottom = thing.xyxy
    across, down = (left + right) / 2, (top + bottom) / 2
    least_px = (right - left) * (bottom - top) / SLIGHT
    large = [p for p in scene.people.tolist() if (p[2] - p[0]) * (p[3] - p[1]) > least_px]
    return any(
        box[0] <= across <= box[2] and box[1] <= down <= box[3] and box[3] >= bottom
        for box in [*large, *(track.xyxy for track in scene.tracks)]
    )


def part_of_a_load(case: _Case, cases: Iterable[_Case]) -> bool:
    """Whether it lies by what the same carrier left, or in the place of what has been raised."""
    reach_px = max(carrier.width_px for carrier in case.carriers.values())
    return any(
        other.raised
        and other is not case
        and gap_px(other.place, case.place)
        <= (0 if case.carriers.keys().isdisjoint(other.carriers) else reach_px)
        for other in cases
    )


def confidence(thing: Thing) -> float:
    """How far the evidence goes: the outline's newness, and what the detector said."""
    sharp = min(max((thing.newness - 0.5) / 0.3, 0.0), 1.0)
    known = thing.looks.waste - thing.looks.person - thing.looks.vehicle
    return float(min(max(0.6 + 0.2 * sharp + 0.15 * known, 0.05), 0.95))


def urgency(facts: DumpingFacts) -> int:
    """4 by day and small; night adds 2, a fiftieth and a tenth of the picture 1 and 2."""
    size = (facts.area_share >= 0.02) + (facts.area_share >= 0.1)
    return 4 + 2 * facts.night + size
