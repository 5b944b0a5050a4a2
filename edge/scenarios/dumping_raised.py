"""What becomes of a dumping that was raised: it grows, is taken in part, and goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from uuid import UUID

import numpy as np

from edge.scenarios.dumping_carrier import Carrier
from edge.video.frame import Pixels
from edge.vision.boxes import iou
from edge.vision.known import Known
from edge.vision.scene import Box, Thing, gap_px, hull
from edge.vision.survey import FORGET_S, MOST_THINGS

CHANGED: Final = 0.25
"""A change of so much of the area that was told last is told."""
TELL_EVERY_S: Final = 60.0
STEADY_S: Final = 3.0
"""A change of size lasts for so long before it is believed."""
GONE_S: Final = 4.0
"""The ground shows for so long before a thing has gone; the eye would find it again sooner."""
LOST_S: Final = 120.0
"""What was lost from sight is looked for again for so long."""
RETURNED: Final = 0.5
"""Overlap from which on what stands there is what was lost from sight."""
MOST_LARGER: Final = 2.0
"""What is so much larger than what was marked is more than that."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing of a load, as it was last seen.

    Attributes:
        missing_s: Since when the eye does not tell it; None while it does.
        lost: It may be there still: something stood before it, or the eye began anew.
    """

    thing: Thing
    visible_s: float
    missing_s: float | None = None
    lost: bool = False


@dataclass(slots=True)
class Raised:
    """One load that was raised as dumping, however many pieces it has.

    Attributes:
        carriers: Everyone who touched it, by track.
        earlier: How often something was raised at its place before.
        told_px: Its area when last it was told of, at ``told_s``.
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

    def join(self, thing: Thing, now_s: float) -> None:
        self.parts[thing.thing_id] = _Part(thing, now_s)

    def follow(self, things: Sequence[Thing], now_s: float, *, restarted: bool) -> None:
        """Looks where its parts are; ``restarted`` says that the eye did not see for a while."""
        here = {thing.thing_id: thing for thing in things}
        for thing_id, part in list(self.parts.items()):
            if (thing := here.get(thing_id)) is not None:
                seen_s = now_s if thing.visible else part.visible_s
                self.parts[thing_id] = _Part(thing, seen_s)
            elif part.missing_s is None:
                hidden = now_s - part.visible_s >= FORGET_S - GONE_S
                lost = restarted or hidden or len(things) >= MOST_THINGS
                self.parts[thing_id] = replace(part, missing_s=now_s, lost=lost)
            elif (found := _returned(part.thing, things, self.parts)) is not None:
                del self.parts[thing_id]
                self.join(found, now_s)

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

    @property
    def is_seen(self) -> bool:
        """Whether the eye tells any of it now."""
        return bool(self._present)

    @property
    def gone_s(self) -> float | None:
        """Since when the ground shows in all its place; None while any of it may be there."""
        missing = [part.missing_s for part in self.parts.values() if part.missing_s is not None]
        all_gone = len(missing) == len(self.parts) and not any(p.lost for p in self.parts.values())
        return max(missing) if all_gone else None

    def is_out_of_sight(self, now_s: float) -> bool:
        """Whether nobody can say any more what became of it."""
        return not self.is_seen and all(
            part.missing_s is not None and now_s - part.missing_s > LOST_S
            for part in self.parts.values()
        )

    @property
    def area_px(self) -> int:
        """Of what is there, and what may be."""
        return sum(part.thing.area_px for part in self.parts.values() if self._may_be_there(part))

    @property
    def xyxy(self) -> Box:
        """Around what is there; around what was, once it has gone."""
        there = [part for part in self.parts.values() if self._may_be_there(part)]
        return hull(part.thing.xyxy for part in there or self.parts.values())

    @property
    def largest(self) -> Thing:
        """What stands for it in looks and outline."""
        return max((part.thing for part in self.parts.values()), key=lambda thing: thing.area_px)

    def is_joined_by(self, thing: Thing, carriers: Iterable[Carrier]) -> bool:
        """Whether a thing lies by what its own carrier left, or in the load's very place."""
        came = {carrier.track_id: carrier.width_px for carrier in carriers}
        same = not self.carriers.isdisjoint(came)
        reach_px = max(came.values(), default=0.0) if same else 0.0
        return any(gap_px(part.thing.xyxy, thing.xyxy) <= reach_px for part in self._present)

    @property
    def _present(self) -> list[_Part]:
        return [part for part in self.parts.values() if part.missing_s is None]

    @staticmethod
    def _may_be_there(part: _Part) -> bool:
        return part.missing_s is None or part.lost


@dataclass(frozen=True, slots=True)
class Marked:
    """What a person said is always there, in frame pixels."""

    known: Known
    area_px: float

    def is_of(self, load: Raised, pixels: Pixels) -> bool:
        """Whether a load lies in that place, is not much more, and the place has that look."""
        here = self.known.holds(np.array(load.xyxy, np.float32))
        return here and load.area_px <= MOST_LARGER * self.area_px and self.known.is_shown(pixels)


def _returned(was: Thing, things: Sequence[Thing], known: dict[int, _Part]) -> Thing | None:
    """The thing of its own that stands where another was."""
    own = [thing for thing in things if thing.detached and thing.thing_id not in known]
    if not own:
        return None
    boxes = np.array([thing.xyxy for thing in own], np.float32)
    overlap = iou(np.array([was.xyxy], np.float32), boxes)[0]
    best = int(overlap.argmax())
    return own[best] if overlap[best] >= RETURNED else None
