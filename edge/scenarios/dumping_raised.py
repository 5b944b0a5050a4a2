"""What becomes of a dumping that was raised: it grows, is taken in part, and goes.

The eye tells of it until it begins anew, in another light or after a restart: then the load is part
of its reference. From there on each part is followed by its look alone. It has gone where its place
looks otherwise while all around looks as it did; where neither is clear, as in the dark, through a
covered lens or from a camera that was moved, nothing is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from uuid import UUID

import numpy as np

from edge.scenarios.dumping_carrier import Carrier
from edge.scenarios.dumping_doubts import NEWNESS
from edge.video.frame import Pixels
from edge.vision.boxes import Floats, covered, iou
from edge.vision.known import (
    SAME_LOOK,
    SAME_SPOT,
    Known,
    Look,
    patch_and_contrast,
    surroundings,
)
from edge.vision.scene import Box, Scene, Thing, gap_px, hull
from edge.vision.survey import FORGET_S, MOST_THINGS

CHANGED: Final = 0.25
"""A change of so much of the area that was told last is told."""
TELL_EVERY_S: Final = 60.0
STEADY_S: Final = 3.0
"""A change of size lasts for so long before it is believed."""
GONE_S: Final = 4.0
"""The ground shows for so long before a thing has gone; the eye would find it again sooner."""
LOST_S: Final = 120.0
"""What was lost from sight is looked for again for so long after it was last known to be there."""
LOOK_EVERY_S: Final = 1.0
"""So often a lost part is looked for."""
HIDDEN: Final = 0.25
"""Share of a lost part that somebody or something covers, when nothing can be said of it."""
OTHER_LOOK: Final = 0.3
"""Likeness, to the look or its negative, below which its place shows something else; from
``SAME_LOOK`` on it shows the part."""
FAINT: Final = 0.15
"""Likeness times contrast, over what it had, below which it is bare ground that lies alike."""
OTHER_S: Final = 30.0
"""In all looks of so long its place shows something else, before it has gone."""
RETURNED: Final = 0.5
"""Overlap from which on what stands there is what was lost from sight."""
MOST_PARTS: Final = 32
MOST_LARGER: Final = 2.0
"""What is so much larger than what was marked is more than that."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing of a load, as it was last seen.

    Attributes:
        there_s: When last it was known to be there, or nobody could have said otherwise.
        look: ``(PATCH_PX ** 2,)`` of its box while nothing hid it; ``strength`` is its contrast.
        beside: The fixtures that stood before it then.
        missing_s: Since when the eye does not tell it; None while it does.
        lost: It may be there still: something stood before it, or the eye began anew.
        other_s: Since when the place of a lost one shows something else without a break.
    """

    thing: Thing
    there_s: float
    look: Look
    strength: float
    beside: frozenset[int]
    missing_s: float | None = None
    lost: bool = False
    other_s: float | None = None

    @property
    def may_be_there(self) -> bool:
        return self.missing_s is None or self.lost

    def later(self, by_s: float, thing_id: int) -> _Part:
        """What the eye must find anew, by a clock that is so much ahead."""
        missing_s = self.there_s if self.missing_s is None else self.missing_s
        return replace(
            self,
            thing=self.thing.later(by_s, thing_id),
            there_s=self.there_s + by_s,
            missing_s=missing_s + by_s,
            lost=self.lost or self.missing_s is None,
            other_s=None,
        )

    def seen(self, thing: Thing, scene: Scene) -> _Part:
        """The part as the eye tells it; what somebody hides keeps its look."""
        if not thing.visible:
            return replace(self, thing=thing, missing_s=None, lost=False, other_s=None)
        return _part(thing, scene)

    def looked_for(self, scene: Scene, *, as_before: bool) -> _Part:
        """A lost part after one more picture: there still, gone, or neither for all one can say.

        ``as_before``: all around the load looks as it did.
        """
        pixels, now_s = scene.frame.pixels, scene.frame.monotonic_s
        box = np.array(self.thing.xyxy, np.float32)
        if covered(box[None], self._before(scene)).max(initial=0.0) >= HIDDEN:
            return replace(self, there_s=now_s, other_s=None)
        look, strength = patch_and_contrast(pixels, box)
        likeness = float(self.look @ look)
        if likeness >= SAME_LOOK:
            return replace(self, there_s=now_s, other_s=None)
        kept = strength / max(self.strength, 1e-6)
        is_other = abs(likeness) < OTHER_LOOK or abs(likeness) * kept < FAINT
        if not (is_other and as_before):
            return replace(self, other_s=None)
        other_s = now_s if self.other_s is None else self.other_s
        if now_s - other_s < OTHER_S:
            return replace(self, other_s=other_s)
        return replace(self, missing_s=other_s, lost=False)

    def _before(self, scene: Scene) -> Floats:
        """``(n, 4)``: what moves, and what has come to stand; a bared spot hides nothing."""
        boxes = [track.xyxy for track in scene.tracks]
        boxes += [thing.xyxy for thing in scene.things if thing.newness >= NEWNESS]
        boxes += [fixed.xyxy for fixed in scene.parked if fixed.fixture_id not in self.beside]
        return np.concatenate([scene.people, np.array(boxes, np.float32).reshape(-1, 4)])


@dataclass(slots=True)
class Raised:
    """One load that was raised as dumping, however many pieces it has.

    Attributes:
        carriers: Everyone who touched it, by track.
        earlier: How often something was raised at its place before.
        told_px: Its area when last it was told of, at ``told_s``.
        looked_s: When it was looked at last while parts were lost, or when its surroundings were.
        around: Its box and the look of its surroundings when last the eye told all of it.
        held_by: The alert whose mark says that it is always there; it is followed, and not told.
    """

    finding_id: UUID
    carrier: Carrier
    carriers: frozenset[int]
    closed_point: str
    earlier: int
    told_s: float
    parts: dict[int, _Part] = field(default_factory=dict)
    told_px: int = 0
    revision: int = 0
    steady_since_s: float | None = None
    held_by: UUID | None = None
    looked_s: float = 0.0
    around: tuple[Box, Look] | None = None

    def join(self, thing: Thing, scene: Scene) -> None:
        self.parts[thing.thing_id] = _part(thing, scene)
        for thing_id in list(self.parts)[:-MOST_PARTS]:
            del self.parts[thing_id]
        self._look_around(scene)

    def follow(self, scene: Scene, *, restarted: bool) -> None:
        """Looks where its parts are; ``restarted`` says that the eye did not see for a while."""
        things, now_s = scene.things, scene.frame.monotonic_s
        here = {thing.thing_id: thing for thing in things}
        looks = restarted or not 0 <= now_s - self.looked_s < LOOK_EVERY_S
        self.looked_s = now_s if looks else self.looked_s
        as_before = looks and self._is_as_before(scene)
        for thing_id, part in list(self.parts.items()):
            if (thing := here.get(thing_id)) is not None:
                self.parts[thing_id] = part.seen(thing, scene)
            elif part.missing_s is None:
                hidden = now_s - part.there_s >= FORGET_S - GONE_S
                lost = restarted or hidden or len(things) >= MOST_THINGS
                self.parts[thing_id] = replace(part, missing_s=now_s, lost=lost)
            elif (found := self._returned(part, things, now_s)) is not None:
                del self.parts[thing_id]
                self.join(found, scene)
            elif part.lost and looks:
                known = replace(part, other_s=None) if restarted else part
                self.parts[thing_id] = known.looked_for(scene, as_before=as_before)
        self._forget(now_s)
        if looks:
            self._look_around(scene)

    def _look_around(self, scene: Scene) -> None:
        """Remembers what lies around it, while the eye tells all of it."""
        if not any(part.lost for part in self.parts.values()):
            box = np.array(self.xyxy, np.float32)
            self.around = self.xyxy, surroundings(scene.frame.pixels, box)

    def _is_as_before(self, scene: Scene) -> bool:
        """Whether parts are lost, and all around looks as it did when the eye told them last."""
        if self.around is None or not any(part.lost for part in self.parts.values()):
            return False
        box, look = self.around
        now = surroundings(scene.frame.pixels, np.array(box, np.float32))
        return float(look @ now) >= SAME_SPOT

    def _forget(self, now_s: float) -> None:
        """Drops the parts that went long ago while others stay."""
        stay = {
            thing_id: part
            for thing_id, part in self.parts.items()
            if part.missing_s is None or part.lost or now_s - part.missing_s <= LOST_S
        }
        self.parts = stay or self.parts

    def resume(self, by_s: float, ids: Iterator[int]) -> None:
        """Goes on after a restart by a clock that is so much ahead; the eye's ids begin anew.

        One revision is passed over: it may have been told when the power was cut.
        """
        self.carrier, self.carriers = self.carrier.later(by_s), frozenset()
        self.told_s, self.steady_since_s, self.looked_s = self.told_s + by_s, None, 0.0
        self.revision += 1
        self.parts = {
            number: part.later(by_s, number)
            for number, part in zip(ids, self.parts.values(), strict=False)
        }

    def news(self, now_s: float) -> Literal["updated", "closed"] | None:
        """What there is to tell; ``tell`` says that it was told."""
        if self.gone_s is not None:
            return "closed" if now_s - self.gone_s >= GONE_S else None
        quarter = abs(self.area_px - self.told_px) >= CHANGED * self.told_px
        if not quarter or not all(part.thing.visible for part in self._present):
            self.steady_since_s = None
            return None
        if self.steady_since_s is None:
            self.steady_since_s = now_s
        steady = now_s - self.steady_since_s >= STEADY_S
        return "updated" if steady and now_s - self.told_s >= TELL_EVERY_S else None

    def tell(self, now_s: float) -> None:
        self.revision += 1
        self.told_px, self.told_s, self.steady_since_s = self.area_px, now_s, None

    def begin_anew(self, finding_id: UUID) -> None:
        """What was held back becomes an alert of its own."""
        self.finding_id, self.revision, self.held_by = finding_id, 0, None

    def is_there(self, now_s: float) -> bool:
        """Whether any of it is known to be there."""
        return any(_is_sure(part, now_s) for part in self.parts.values())

    @property
    def gone_s(self) -> float | None:
        """Since when the ground shows in all its place; None while any of it may be there."""
        missing = [part.missing_s for part in self.parts.values() if part.missing_s is not None]
        all_gone = len(missing) == len(self.parts) and not any(p.lost for p in self.parts.values())
        return max(missing) if all_gone else None

    @property
    def area_px(self) -> int:
        """Of what is there, and what may be."""
        return sum(part.thing.area_px for part in self.parts.values() if part.may_be_there)

    @property
    def xyxy(self) -> Box:
        """Around what is there; around what was, once it has gone."""
        there = [part for part in self.parts.values() if part.may_be_there]
        return hull(part.thing.xyxy for part in there or self.parts.values())

    @property
    def largest(self) -> Thing:
        """What stands for it in looks and outline."""
        return max((part.thing for part in self.parts.values()), key=lambda thing: thing.area_px)

    def is_joined_by(self, thing: Thing, carriers: Iterable[Carrier], now_s: float) -> bool:
        """Whether a thing lies by what its own carrier left, or in the load's very place."""
        came = {carrier.track_id: carrier.width_px for carrier in carriers}
        same = not self.carriers.isdisjoint(came)
        reach_px = max(came.values(), default=0.0) if same else 0.0
        there = [part for part in self.parts.values() if _is_sure(part, now_s)]
        return any(gap_px(part.thing.xyxy, thing.xyxy) <= reach_px for part in there)

    def _returned(self, was: _Part, things: Sequence[Thing], now_s: float) -> Thing | None:
        """The thing of its own that stands where a part was."""
        own = [
            thing
            for thing in things
            if thing.detached and thing.newness >= NEWNESS and thing.thing_id not in self.parts
        ]
        if not own or now_s - was.there_s > LOST_S:
            return None
        boxes = np.array([thing.xyxy for thing in own], np.float32)
        overlap = iou(np.array([was.thing.xyxy], np.float32), boxes)[0]
        best = int(overlap.argmax())
        return own[best] if overlap[best] >= RETURNED else None

    @property
    def _present(self) -> list[_Part]:
        return [part for part in self.parts.values() if part.missing_s is None]


@dataclass(frozen=True, slots=True)
class Marked:
    """What a person said is always there, in frame pixels."""

    known: Known
    area_px: float

    def is_of(self, load: Raised, pixels: Pixels) -> bool:
        """Whether a load lies in that place, is not much more, and the place has that look."""
        here = self.known.holds(np.array(load.xyxy, np.float32))
        return here and load.area_px <= MOST_LARGER * self.area_px and self.known.is_shown(pixels)


def _part(thing: Thing, scene: Scene) -> _Part:
    box = np.array(thing.xyxy, np.float32)
    look, strength = patch_and_contrast(scene.frame.pixels, box)
    parked = np.array([fixed.xyxy for fixed in scene.parked], np.float32).reshape(-1, 4)
    over = covered(box[None], parked)[0] >= HIDDEN
    return _Part(
        thing=thing,
        there_s=scene.frame.monotonic_s,
        look=look,
        strength=strength,
        beside=frozenset(
            fixed.fixture_id for fixed, here in zip(scene.parked, over, strict=True) if here
        ),
    )


def _is_sure(part: _Part, now_s: float) -> bool:
    """Whether it is there, or was not long ago when nothing spoke against it."""
    return part.missing_s is None or (part.lost and now_s - part.there_s <= LOST_S)
