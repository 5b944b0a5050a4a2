"""The loads that were raised in one camera's picture: each followed, and told as one alert.

One is updated when it has grown or was partly taken, and closed when it has gone, or when somebody
says that it is always there; then it is held back until it is much more, or marked no more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Final, Literal
from uuid import UUID

from edge.scenarios import dumping_words as words
from edge.scenarios.dumping_carrier import Carrier
from edge.scenarios.dumping_case import Case, when_brought
from edge.scenarios.dumping_doubts import about_the_thing
from edge.scenarios.dumping_extent import confidence, is_builders, load_of, urgency
from edge.scenarios.dumping_memory import Open, packed, unpacked
from edge.scenarios.dumping_raised import Marked, Raised
from edge.scenarios.dumping_setting import Setting
from edge.scenarios.finding import Finding
from edge.scenarios.words import always_there
from edge.video.frame import Frame
from edge.vision.scene import Box, Scene, Thing, gap_px
from wire import DumpingFacts, Sentence

MOST_PLACES: Final = 1000
MOST_OPEN: Final = 200
"""So many open alerts can still be closed by a mark, those of before a seam too."""


class Loads:
    """What was raised, what people marked of it, and where something was raised before."""

    def __init__(self, setting: Setting, new_id: Callable[[datetime], UUID]) -> None:
        self._setting = setting
        self._new_id = new_id
        self._raised: list[Raised] = []
        self._open: dict[UUID, Finding] = {}
        self._marked: Mapping[UUID, Marked] = {}
        self._seen: Frame | None = None
        self.places: deque[Box] = deque(maxlen=MOST_PLACES)

    def accept(self, marked: Mapping[UUID, Marked]) -> None:
        """Takes what people say is always there, by alert, in place of what they said before."""
        self._marked = dict(marked)

    def begin_anew(self) -> None:
        """At a seam: nobody sees what becomes of the loads; a mark still closes their alerts."""
        self._raised, self._seen = [], None

    def saved(self) -> bytes:
        """What is open; empty while nothing is. ``resume`` is the inverse."""
        seen, loads = self._seen, tuple(self._raised)
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
        self._raised, self._seen = [load for load in was.loads if load.parts], frame
        self._open = {finding.finding_id: finding for finding in was.told}

    def follow(self, scene: Scene, *, restarted: bool) -> None:
        """Looks where they are; ``restarted`` says that the eye did not see for a while."""
        self._seen = scene.frame
        for load in self._raised:
            load.follow(scene, restarted=restarted)
        self._raised = self._raised[-MOST_OPEN:]

    def has(self, thing: Thing) -> bool:
        """Whether a thing is a piece of one."""
        return any(thing.thing_id in load.parts for load in self._raised)

    def joined_by(self, case: Case) -> Raised | None:
        """The load of which a thing is one more piece."""
        now_s = 0.0 if self._seen is None else self._seen.monotonic_s
        carriers = case.carriers.values()
        joined = (load for load in self._raised if load.is_joined_by(case.thing, carriers, now_s))
        return next(joined, None)

    def raise_one(self, case: Case, beside: Iterable[Thing], scene: Scene) -> list[Finding]:
        """Raises a thing, together with what lies ``beside`` and is no less a thing of its own."""
        carrier, thing = case.carrier, case.thing
        assert carrier is not None, "somebody has left it"
        brought = self._setting.clock(when_brought(case, scene))
        point = self._setting.point(thing.xyxy)
        load = Raised(
            finding_id=self._new_id(scene.frame.captured_at),
            carrier=carrier,
            carriers=frozenset(case.carriers),
            closed_point=point.name if point is not None and not point.is_open(brought) else "",
            earlier=self._earlier(thing),
            told_s=scene.frame.monotonic_s,
        )
        load.join(thing, scene)
        self._raised.append(load)
        for piece in beside:
            if not (self.has(piece) or any(about_the_thing(piece, [thing], carrier))):
                load.join(piece, scene)
        told = self._opened(load, (), scene)
        if told:
            self.places.append(load.xyxy)
        return told

    def closed_by_mark(self) -> list[Finding]:
        """Closes what was marked since it was told; if it is still there, it is held back."""
        ended = [last for key, last in self._open.items() if key in self._marked]
        for last in ended:
            del self._open[last.finding_id]
        for load in self._raised:
            if load.finding_id in self._marked:
                load.held_by = load.finding_id
        return [last.next("closed", always_there()) for last in ended]

    def marked_no_more(self, scene: Scene) -> Iterator[Finding]:
        """What was held back by a mark that somebody took back."""
        for load in self._raised:
            if load.held_by not in (None, *self._marked) and load.is_there(scene.frame.monotonic_s):
                yield from self._opened(load, (), scene)

    def changes(self, scene: Scene) -> Iterator[Finding]:
        """Updates and closings."""
        now_s = scene.frame.monotonic_s
        for load in list(self._raised):
            news = load.news(now_s)
            if news == "updated":
                why = words.changed(load.area_px / load.told_px)
            elif news == "closed":
                why = words.gone(_since(load.gone_s or now_s, load.carrier))
                self._raised.remove(load)
            else:
                continue
            if load.held_by is None:
                yield self._told(load, news, (why,), scene)
            elif news == "updated":
                yield from self._opened(load, (why,), scene)

    def _earlier(self, thing: Thing) -> int:
        """How often something was raised within half its own width of here."""
        reach_px = (thing.xyxy[2] - thing.xyxy[0]) / 2
        return sum(gap_px(place, thing.xyxy) <= reach_px for place in self.places)

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
        setting, carrier, xyxy = self._setting, load.carrier, load.xyxy
        area_px = load.area_px or load.told_px
        size_m2 = setting.size_m2(xyxy, area_px, carrier)
        stayed_s = _since(now_s if load.gone_s is None else load.gone_s, carrier)
        return DumpingFacts(
            carrier=carrier.label,
            carrier_track=carrier.track_id,
            contact_at=at - timedelta(seconds=now_s - carrier.contact_s),
            departed_at=at - timedelta(seconds=_since(now_s, carrier)),
            stayed_s=round(stayed_s, 3),
            stay_limit_s=setting.stay_s,
            area_px=area_px,
            area_share=min(area_px / (width * height), 1.0),
            night=setting.is_night(at),
            area_m2=round(size_m2, 2) if setting.is_measured else None,
            load=load_of(size_m2),
            builders_waste=is_builders(load.largest),
            border=setting.is_at_border(xyxy),
            closed_point=load.closed_point,
            earlier=load.earlier,
        )


def _since(until_s: float, carrier: Carrier) -> float:
    """How long before a time the carrier had left."""
    return until_s - (until_s if carrier.away_s is None else carrier.away_s)
