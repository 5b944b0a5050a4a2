"""Construction: something grows against the agreed baseline, look by look, over days.

One look an hour at most; what comes between is passed over, so a live camera costs next to nothing.

- *baseline*: the looks of the first half day, each in its own light. Later looks join it, but for
  what has grown in them: one in each span, since the sun climbs day by day and a shadow that
  creeps grows as a wall does; and, while nothing has grown, those in another light. A look that
  does not fit the baseline, or is lit like none of it, is passed over and said once; where none
  fits for the whole span, the camera was moved for good, and the baseline begins anew.
- *persistence*: a place has grown in ``looks`` looks that span ``span_h`` hours, and is missing in
  none of those that show it.
- *growth in stages*: it is larger now than when it was first seen. What came at once and stays as
  it came is a parked truck, a stall, a row of pots, an awning: told as a near miss, and part of the
  baseline from then on.

What the detector calls vehicle or person, and what is leaves and next to nothing else, is no
structure. A permit that covers place and day makes it a near miss, too; once it covers them no
more, what came since is judged anew. What is gone again is closed; what was open when the baseline
begins anew is told once more, and stays open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

import cv2
import numpy as np

from edge.config import ConstructionConfig
from edge.scenarios.construction_baseline import BaselineWatch
from edge.scenarios.construction_doubts import about, worst
from edge.scenarios.construction_memory import Learned, Members, Settled, packed, unpacked
from edge.scenarios.construction_place import Place, Sight, followed
from edge.scenarios.construction_register import Register
from edge.scenarios.construction_stage import STAGES, confidence, stage, trail, urgency
from edge.scenarios.construction_veto import structures
from edge.scenarios.construction_words import (
    given_up,
    gone,
    no_longer_permitted,
    permitted,
    reasons,
)
from edge.scenarios.finding import Finding, NearMiss
from edge.scenarios.night import Night
from edge.scenarios.words import always_there
from edge.site import Permit, SiteFile
from edge.video.frame import Frame
from edge.vision.baseline import Growth
from edge.vision.eye import Detector
from edge.vision.known import Known
from edge.vision.scene import Box, Scene
from wire import ConstructionFacts, Sentence

GONE_LOOKS: Final = 2
PATIENCE: Final = 4.0
"""Spans after which what came at once is a part of the place."""


class Construction:
    """Decides over the looks of one camera; its only clock is that of the frames."""

    def __init__(
        self,
        config: ConstructionConfig,
        site: SiteFile | None,
        night: Night,
        new_id: Callable[[datetime], UUID],
        detector: Detector | None = None,
    ) -> None:
        self._looks, self._span_s = config.looks, config.span_h * 3600
        self._site = site
        self._night = night
        self._new_id = new_id
        self._detector = detector
        self._near_misses: list[NearMiss] = []
        self._watch = BaselineWatch(self._looks, self._span_s)
        self._marked: Mapping[UUID, Known] = {}
        self._saved: Members | None = None

    @property
    def learned(self) -> Learned | None:
        """What is known of the place; None before the first look."""
        return self._watch.learned

    def saved(self) -> Members | None:
        """What is known, as files, the same object until the next look; None before the first."""
        if self._saved is None and self.learned is not None:
            self._saved = packed(self.learned)
        return self._saved

    def restore(self, saved: Members, frame: Frame) -> None:
        """Goes on from what was known before a restart; ``frame`` is the first one since.

        Raises:
            ValueError: It is no such memory.
        """
        self._watch.resume(unpacked(saved, frame.monotonic_s, frame.captured_at))
        self._register = Register(self._site, frame.wh)

    def accept(self, marked: Mapping[UUID, Known]) -> None:
        """Takes what a person says is always there, in place of what was said before.

        At the next look that shows it, it becomes a part of the baseline; what is no longer marked
        is watched again, as it was when it was marked.
        """
        self._marked, self._saved = marked, None
        if (learned := self.learned) is None:
            return
        for alert_id in set(learned.settled) - set(marked):
            one = learned.settled.pop(alert_id)
            learned.baseline.give_back(one.before, one.place.reach())
            one.place.finding, one.place.noted, one.place.missed = None, "", 0
            learned.places.append(one.place)

    def evaluate(self, scene: Scene) -> list[Finding]:
        """What a look settles: openings, new stages, and what is gone again."""
        return [*self._unseen_and_marked(), *self._looked(scene)]

    def _unseen_and_marked(self) -> list[Finding]:
        """Closes what nobody saw go and somebody says is always there."""
        learned = self.learned
        ended = [f for f in learned.unseen if f.finding_id in self._marked] if learned else []
        if learned is None or not ended:
            return []
        learned.unseen = tuple(f for f in learned.unseen if f not in ended)
        self._saved = None
        return [finding.next("closed", always_there()) for finding in ended]

    def _looked(self, scene: Scene) -> list[Finding]:
        frame, was = scene.frame, self._watch.learned
        looked_s = None if was is None else was.looked_s
        growth, learned = self._watch.look(scene), self._watch.learned
        assert learned is not None, "a first look begins it"
        if learned.looked_s != looked_s:
            self._saved = None
        if learned is not was:
            self._register = Register(self._site, frame.wh)
            told = [] if was is None else self._given_up(was)
            learned.unseen = (*(was.unseen if was else ()), *told)
            return told
        if growth is None:
            return []
        patches, hidden = structures(growth, frame, self._detector, self._register)
        places = followed(learned.places, patches, hidden, frame.captured_at, frame.monotonic_s)
        findings, learned.places = self._settle(places, growth, frame)
        findings += [
            finding
            for place in learned.places
            if (finding := self._told(place, frame, growth)) is not None
        ]
        learned.places = [p for p in learned.places if not self._is_over(p, growth, frame)]
        self._watch.teach(growth, frame)
        return findings

    def near_misses(self) -> list[NearMiss]:
        """What all but alerted, and is over, since this was asked last."""
        told, self._near_misses = self._near_misses, []
        return told

    def _given_up(self, learned: Learned) -> list[Finding]:
        """Tells once more what was open against a baseline that is none any more.

        Nobody saw it go, so it is not closed; that is up to who goes and sees.
        """
        return [
            replace(place.finding.next("updated", given_up(self._seen_at(place))), in_view=False)
            for place in learned.places
            if place.finding is not None
        ]

    def _seen_at(self, place: Place) -> datetime:
        """When a look showed it last, in local time."""
        return place.sights[-1].at.astimezone(self._night.zone)

    def _settle(
        self, places: list[Place], growth: Growth, frame: Frame
    ) -> tuple[list[Finding], list[Place]]:
        """Makes what was marked as always there a part of the baseline: what closes, what stays."""
        closed, left = [], []
        for place in places:
            alert_id = None if place.missed else self._marked_as(place, growth, frame)
            if alert_id is None or self.learned is None:
                left.append(place)
                continue
            before = self.learned.baseline.absorb(growth, place.reach())
            if (old := place.finding) is not None:
                closed.append(old.next("closed", always_there()))
            self.learned.settled.setdefault(alert_id, Settled(place, before))
        return closed, left

    def _marked_as(self, place: Place, growth: Growth, frame: Frame) -> UUID | None:
        """By which marked alert a place is always there: its own, or one of that place and look."""
        if place.finding is not None and place.finding.finding_id in self._marked:
            return place.finding.finding_id
        box = np.array(growth.in_frame(place.sights[-1].xyxy, frame.wh), np.float32)
        here = [(key, known) for key, known in self._marked.items() if known.is_at(box)]
        return next((key for key, known in here if known.is_shown(frame.pixels)), None)

    def _told(self, place: Place, frame: Frame, growth: Growth) -> Finding | None:
        """What this look makes certain of a place."""
        facts = self._facts(place, frame, growth)
        old = place.finding
        if old is not None:
            if place.missed >= GONE_LOOKS:
                why = gone(self._seen_at(place), place.span_s, place.missed)
                return old.next("closed", why)
            was = old.facts.stage if isinstance(old.facts, ConstructionFacts) else "material"
            if place.missed or STAGES.index(facts.stage) <= STAGES.index(was):
                return None
        elif place.missed or self._agreed(place, frame, growth) or not self._is_certain(place):
            return None
        xyxy = growth.in_frame(place.sights[-1].xyxy, frame.wh)
        place.finding = Finding(
            finding_id=old.finding_id if old else self._new_id(frame.captured_at),
            revision=old.revision + 1 if old else 0,
            phase="updated" if old else "opened",
            scenario="construction",
            confidence=confidence(place),
            urgency=urgency(facts),
            facts=facts,
            xyxy=xyxy,
            reasons=reasons(facts) + self._permitted_before(place),
            trail=trail(place, growth, frame.wh),
        )
        return place.finding if old else replace(place.finding, before=self._before())

    def _before(self) -> bytes:
        """JPEG of the baseline's first picture; people are blank in it."""
        if self.learned is None:
            return b""
        done, jpeg = cv2.imencode(".jpg", self.learned.baseline.kept[0].pixels)
        return jpeg.tobytes() if done else b""

    def _agreed(self, place: Place, frame: Frame, growth: Growth) -> bool:
        """Agrees to what would alert, and from then on, while a permit covers it; says which."""
        if not place.noted and not self._is_certain(place):
            return False
        permit = self._permit(place, frame, growth)
        if permit is None:
            return False
        if permit.number != place.noted:
            xyxy = growth.in_frame(place.sights[-1].xyxy, frame.wh)
            self._note("permitted", place.sights[-1], xyxy, permitted(permit), 0.0)
        place.agree(permit.number)
        return True

    def _permitted_before(self, place: Place) -> tuple[Sentence, ...]:
        covered_at = place.sights[0].at.astimezone(self._night.zone)
        return (no_longer_permitted(place.noted, covered_at),) if place.noted else ()

    def _permit(self, place: Place, frame: Frame, growth: Growth) -> Permit | None:
        """The permit that covers it in one of the last two looks; once, a shadow may lie beside."""
        day = frame.captured_at.astimezone(self._night.zone).date()
        boxes = [growth.in_frame(sight.xyxy, frame.wh) for sight in place.sights[-2:]]
        return next(filter(None, (self._register.permit(box, day) for box in boxes)), None)

    def _is_certain(self, place: Place) -> bool:
        return next(about(place, self._looks, self._span_s), None) is None

    def _is_over(self, place: Place, growth: Growth, frame: Frame) -> bool:
        """Whether a place is gone, or has become a part of the baseline."""
        if place.finding is not None:
            return place.missed >= GONE_LOOKS
        settled = place.span_s >= PATIENCE * self._span_s
        if not place.missed and not settled:
            return False
        if len(place.sights) > 1 and not place.noted:
            last, doubt = place.sights[-1], worst(place, self._looks, self._span_s)
            xyxy = growth.in_frame(last.xyxy, frame.wh)
            self._note(doubt.code, last, xyxy, doubt.why, doubt.lacking)
        if settled and self.learned is not None:
            self.learned.baseline.absorb(growth, place.reach())
        return True

    def _note(self, code: str, last: Sight, xyxy: Box, why: Sentence, lacking: float) -> None:
        self._near_misses.append(NearMiss("construction", code, last.at, xyxy, why, lacking))

    def _facts(self, place: Place, frame: Frame, growth: Growth) -> ConstructionFacts:
        first, last = place.sights[0], place.sights[-1]
        width, height = frame.wh
        area_px = last.area_px * width * height / place.mask.size
        xyxy = growth.in_frame(last.xyxy, frame.wh)
        return ConstructionFacts(
            area_px=round(area_px),
            area_share=min(last.area_px / place.mask.size, 1.0),
            night=self._night.at(frame.captured_at),
            looks=len(place.sights),
            looks_limit=self._looks,
            span_h=round(place.span_s / 3600, 2),
            span_limit_h=self._span_s / 3600,
            since=first.at,
            baseline_at=self.learned.baseline_at if self.learned else first.at,
            grown=round(place.grown, 2),
            area_m2=self._register.area_m2(xyxy, area_px),
            stage=stage(place.grown, last),
            parcel=self._register.parcel(xyxy),
        )
