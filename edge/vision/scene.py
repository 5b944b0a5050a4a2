"""What one frame shows, to be decided over: the value that every scenario reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from edge.video.frame import Frame
from edge.vision.boxes import Floats

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in frame pixels."""


@dataclass(frozen=True, slots=True)
class Track:
    """A moving thing, followed from frame to frame; also while it stands still for a time.

    Attributes:
        label: ``person``, ``vehicle`` or ``unknown``.
        since_s: When it was first seen, by the frames' monotonic clock; ``seen_s`` when last.
        traveled_px: How far it has been from where it was first seen.
        rests_since_s: Since when it has been in one place, give or take a quarter of its width.
        seen: This very frame shows it; else its place is foretold from the last ones.
    """

    track_id: int
    xyxy: Box
    label: str
    since_s: float
    seen_s: float
    traveled_px: float
    rests_since_s: float
    seen: bool


@dataclass(frozen=True, slots=True)
class Looks:
    """What the detector made of a thing, looked at again and again while nobody hides it.

    Shares of ``count`` looks in which it was each label; all 0 before the first look. What is bulky
    is waste too.
    """

    count: int = 0
    person: float = 0.0
    vehicle: float = 0.0
    waste: float = 0.0
    bulky: float = 0.0


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that stands where the reference shows something else.

    Attributes:
        appeared_s: When the oldest part of it took its present look.
        calm_since_s: Since when its look has not changed, save for what passed before it.
        visible: Nothing hides it in this frame.
        detached: It is a thing of its own, not a part of someone who stands there.
        area_px: Its own pixels, without the corners of its box.
        newness: Contrast along its outline now, over now plus reference: above 0.5 something
            has come, below it something has gone.
        texture_kept: How much of the reference's own texture shines through it, -1 to 1;
            near 1 it is a change of light.
    """

    thing_id: int
    xyxy: Box
    appeared_s: float
    calm_since_s: float
    visible: bool
    detached: bool
    area_px: int
    newness: float
    texture_kept: float
    looks: Looks

    def later(self, by_s: float, thing_id: int) -> Thing:
        """The same under another number, by a clock that is so much ahead."""
        appeared_s, calm_since_s = self.appeared_s + by_s, self.calm_since_s + by_s
        return replace(self, thing_id=thing_id, appeared_s=appeared_s, calm_since_s=calm_since_s)


@dataclass(frozen=True, slots=True)
class Parked:
    """A vehicle that stands, there from the first or parked since.

    Attributes:
        kind: ``bicycle``, ``e-bike``, ``motorcycle``, ``tricycle``, or ``vehicle`` where the
            detector knows no better.
        since_s: When it was first seen there.
        stood_s: For how long somebody looked, and it stood there; it outlives a restart.
        visible: Nothing hides it now.
        accepted: Somebody said that it is always there.
    """

    fixture_id: int
    xyxy: Box
    kind: str
    since_s: float
    stood_s: float
    visible: bool = True
    accepted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A frame, and what stands and moves in it.

    Attributes:
        frame: The picture itself.
        people: ``(n, 4)`` xyxy of every person and every upright moving thing of unknown class;
            the upper quarter of each is blurred in evidence.
        settled: The reference is whole and fits the picture; while it does not, nothing here
            but the people may be believed.
        tracks: What moves, or moved and stands for a while.
        things: What stands and was not there before, in the order in which it came.
        vehicles: ``(n, 4)`` xyxy of every vehicle that the detector sees, parked ones too.
        parked: The vehicles that stand, remembered even while the detector fails to see them.
    """

    frame: Frame
    people: Floats
    settled: bool = False
    tracks: tuple[Track, ...] = ()
    things: tuple[Thing, ...] = ()
    vehicles: Floats = field(default_factory=lambda: np.empty((0, 4), np.float32))
    parked: tuple[Parked, ...] = ()

    def __post_init__(self) -> None:
        for name, boxes in (("people", self.people), ("vehicles", self.vehicles)):
            if boxes.ndim != 2 or boxes.shape[1] != 4:
                raise ValueError(f"{name} {boxes.shape}: want (n, 4)")

    @property
    def standing_vehicles(self) -> Floats:
        """``(n, 4)`` xyxy: vehicles of this frame, and those known to stand that nothing hides."""
        known = [parked.xyxy for parked in self.parked if parked.visible]
        return np.concatenate([self.vehicles, np.array(known, np.float32).reshape(-1, 4)])


def hull(boxes: Iterable[Box]) -> Box:
    """Around all of them, one at least."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def area_of(box: Box) -> float:
    """Square pixels."""
    return (box[2] - box[0]) * (box[3] - box[1])


def gap_px(a: Box, b: Box) -> float:
    """How far apart two boxes are, 0 where they touch.

    >>> gap_px((0, 0, 10, 10), (13, 14, 20, 20))
    5.0
    """
    across = max(a[0] - b[2], b[0] - a[2], 0.0)
    down = max(a[1] - b[3], b[1] - a[3], 0.0)
    return float(np.hypot(across, down))
