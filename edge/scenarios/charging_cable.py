"""Where a cable leads up from what stands, looked for every few seconds around it alone.

What the street looked like before is kept: a line that was not there then is new, and little about
it has to be proved. A line that was there from the first may as well be a pipe or the edge of a
balcony, so it must be clearer, must reach the bike, and must hang: a pipe is straight. A line that
was there before the bike came, and has not changed, has nothing to do with it. Of a vehicle that
the detector does not know for a two-wheeler only a new line is believed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

import cv2
import numpy as np

from edge.video.frame import Frame, Pixels
from edge.vision.boxes import Bools, Floats
from edge.vision.lines import LOOKS, Line, Ridges, brought_to, lines_up_from, stillest
from edge.vision.scene import Box, Parked, Scene

LOOK_EVERY_S: Final = 4.0
STILL_EVERY_S: Final = 0.4
PAUSE_S: Final = 0.5
"""No two looks are closer: a row of bikes takes turns."""
KEEP_EVERY_S: Final = 3.0
MOST_KEPT: Final = 16
BEFORE_S: Final = 3.0
"""A bike was not there yet so long before it was first seen to stand."""
ALIKE: Final = 0.7
"""So far two pictures of what stands there correlate."""
JPEG_QUALITY: Final = 95
UP: Final = 3.5
ASIDE: Final = 2.5
"""Heights of a bike by which what is looked at reaches above and beside it."""
PLUG: Final = 0.6
"""The plug is in the upper part of a bike, by so much of its height."""
LEAST_HEIGHT_PX: Final = 24.0
NEW_LINES, OLD_LINES = 2, 3
"""So many of the clearest lines are judged."""
SAME_LINE_PX: Final = 4.0
FARTHER_UP: Final = 2.0

Ending = Literal["none", "short", "broken", "low", "straight", "was-there", "held"]
"""Why no line counts, or that one does."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line must have; lengths in heights of the bike.

    Attributes:
        score: How much of it stands out.
        covered: Share of its steps that stand out.
        short: By so much it may end above the bike.
        gap: The longest gap that may be in it.
        rise: So high it must lead.
        bend: So far it must lie off a straight line, over its rise; and no farther than the second.
    """

    score: float
    covered: float
    short: float
    gap: float
    rise: float
    bend: tuple[float, float]


NEW: Final = Wanted(score=0.6, covered=0.66, short=0.35, gap=0.5, rise=0.7, bend=(0.0, 0.2))
OLD: Final = Wanted(score=1.8, covered=0.8, short=0.12, gap=0.4, rise=1.0, bend=(0.006, 0.1))


@dataclass(frozen=True, slots=True, eq=False)
class CableLook:
    """One look for a cable above one bike.

    Attributes:
        xy: ``(n, 2)`` in the frame, from the bike up; empty where no line is.
        ending: ``held`` where a cable is seen; else what its best line lacks, by ``lacking``.
        short_px: By how much the best line ends above the bike.
        new: It was not there before.
        clear: How far it stands out in all, in heights of the bike.
    """

    at_s: float
    xy: Floats
    ending: Ending
    lacking: float = 1.0
    short_px: float = 0.0
    new: bool = False
    clear: float = 0.0

    @property
    def held(self) -> bool:
        return self.ending == "held"

    @property
    def length_px(self) -> float:
        return float(np.hypot(*np.diff(self.xy, axis=0).T).sum()) if len(self.xy) > 1 else 0.0

    @property
    def reach(self) -> tuple[float, float]:
        """How well it reaches its bike; of two the greater is the better."""
        return -self.short_px, self.clear

    def is_on(self, other: CableLook) -> bool:
        """Whether half of it lies on the other."""
        x, y = self.xy.T
        other_x, other_y = other.xy[::-1].T
        beside = (other_y[0] <= y) & (y <= other_y[-1])
        beside &= np.abs(np.interp(y, other_y, other_x) - x) <= SAME_LINE_PX
        return float(beside.mean()) >= 0.5

    def leaves_with(self, other: CableLook, apart_px: float) -> bool:
        """Whether the two leave the building together, were one seen a little farther up."""
        y, upper = max(self.xy[-1, 1], other.xy[-1, 1]), min(self.xy[-1, 1], other.xy[-1, 1])
        x, other_x = (np.interp(y, *look.xy[::-1, ::-1].T) for look in (self, other))
        return bool(abs(x - other_x) <= apart_px and y - upper <= FARTHER_UP * apart_px)

    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where it reaches the bike, and where it leaves the building."""
        (low_x, low_y), (high_x, high_y) = self.xy[0].tolist(), self.xy[-1].tolist()
        return (low_x, low_y), (high_x, high_y)


@dataclass(slots=True)
class _Stills:
    """Pictures gathered for the next look at one bike."""

    region: tuple[int, int, int, int]
    began_s: float
    taken_s: float
    pictures: list[Pixels] = field(default_factory=list)


class CableWatch:
    """Looks for cables in one camera's pictures."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, bytes]] = deque(maxlen=MOST_KEPT)
        self._before: dict[int, tuple[float, bytes]] = {}
        self._stills: dict[int, _Stills] = {}
        self._looked_s: dict[int, float] = {}
        self._busy_s = -np.inf

    def step(self, scene: Scene, bikes: Iterable[Parked]) -> dict[int, CableLook]:
        """The looks that are complete with this scene, by the bike's id."""
        bikes = [bike for bike in bikes if bike.xyxy[3] - bike.xyxy[1] >= LEAST_HEIGHT_PX]
        self._keep(scene.frame)
        here = {bike.fixture_id for bike in scene.parked}
        for known in (self._before, self._stills, self._looked_s):
            for gone in known.keys() - here:
                known.pop(gone)
        done = {}
        for bike in bikes:
            picture = self._still(bike, scene.frame)
            if picture is not None:
                region = self._stills.pop(bike.fixture_id).region
                done[bike.fixture_id] = self._look(bike, scene, picture, region)
        return done

    def _keep(self, frame: Frame) -> None:
        """Keeps a picture of the street now and then, for what it looked like before."""
        if self._kept and frame.monotonic_s - self._kept[-1][0] < KEEP_EVERY_S:
            return
        self._kept.append((frame.monotonic_s, _packed(frame.pixels)))

    def _street_at(self, came_s: float) -> tuple[float, bytes]:
        """The street as it was by then: the median of the last pictures, of two the later."""
        earlier = [kept for kept in self._kept if kept[0] <= came_s] or [*self._kept][:LOOKS]
        last = (earlier * LOOKS)[-LOOKS:]
        return last[-1][0], _packed(stillest([_unpacked(kept) for _, kept in last]))

    def _still(self, bike: Parked, frame: Frame) -> Pixels | None:
        """The median of some pictures around a bike once there are enough, while all see it."""
        now_s, key = frame.monotonic_s, bike.fixture_id
        if key not in self._before:
            self._before[key] = self._street_at(bike.since_s - BEFORE_S)
        if not bike.visible or now_s - self._looked_s.get(key, -np.inf) < LOOK_EVERY_S:
            self._stills.pop(key, None)
            return None
        stills = self._stills.setdefault(
            key, _Stills(around(bike.xyxy, frame.wh), now_s, now_s - STILL_EVERY_S)
        )
        if now_s - stills.taken_s >= STILL_EVERY_S and len(stills.pictures) < LOOKS:
            left, top, right, bottom = stills.region
            stills.pictures.append(frame.pixels[top:bottom, left:right].copy())
            stills.taken_s = now_s
        if len(stills.pictures) < LOOKS or now_s - self._busy_s < PAUSE_S:
            return None
        self._looked_s[key] = self._busy_s = now_s
        return stillest(stills.pictures)

    def _look(
        self, bike: Parked, scene: Scene, picture: Pixels, region: tuple[int, int, int, int]
    ) -> CableLook:
        left, top, right, bottom = region
        others = [other.xyxy for other in scene.parked if other is not bike]
        where = _Places(bike.xyxy, others, region)
        at_s, packed = self._before[bike.fixture_id]
        before = brought_to(picture, _unpacked(packed)[top:bottom, left:right])
        ridges, was, new = Ridges.of(picture), Ridges.of(before), Ridges.new_in(picture, before)
        looks = [
            where.judged(line, NEW, scene.frame.monotonic_s, new=True)
            for line in where.lines(new, NEW_LINES)
            if was.along(line) < ridges.along(line)
        ]
        if bike.kind != "vehicle" and not any(look.held for look in looks):
            came_later = at_s <= bike.since_s - BEFORE_S and not where.shows_bike(before, picture)
            looks += [
                where.judged(line, OLD, scene.frame.monotonic_s, new=False, known=came_later)
                for line in where.lines(ridges.less(new), OLD_LINES)
            ]
        nothing = CableLook(scene.frame.monotonic_s, np.empty((0, 2), np.float32), "none")
        return min(looks, key=lambda look: (not look.held, look.lacking), default=nothing)


class _Places:
    """What is where in the cut-out around one bike."""

    def __init__(self, xyxy: Box, others: Iterable[Box], region: tuple[int, int, int, int]) -> None:
        self._left, self._top = region[:2]
        self._shape_hw = region[3] - region[1], region[2] - region[0]
        left, top, right, bottom = xyxy
        self.height_px = bottom - top
        self._start = self._mask((left, top, right, top + PLUG * self.height_px))
        self._free = self._mask(xyxy)
        self._taken = np.zeros(self._shape_hw, np.bool_)
        for other in others:
            self._taken |= self._mask(other) & ~self._free

    def shows_bike(self, before: Pixels, picture: Pixels) -> bool:
        """Whether an earlier picture shows the bike where it stands now."""
        rows, columns = (np.flatnonzero(self._free.any(axis=axis)) for axis in (1, 0))
        box = np.ix_(rows, columns)
        alike = cv2.matchTemplate(before[box], picture[box], cv2.TM_CCOEFF_NORMED)
        return float(alike[0, 0]) >= ALIKE

    def lines(self, ridges: Ridges, most: int) -> list[Line]:
        return lines_up_from(ridges, self._start, self._free, self._taken, most)

    def judged(
        self, line: Line, wanted: Wanted, at_s: float, *, new: bool, known: bool = False
    ) -> CableLook:
        """Whether a line is a cable to this bike, or what it lacks most.

        ``known`` says that the street was seen without the bike, and had this line.
        """
        height = self.height_px
        bend_least, bend_most = wanted.bend
        lacks: list[tuple[Ending, float]] = [
            ("short", _over(line.short_px / height, wanted.short)),
            ("broken", _under(line.covered, wanted.covered)),
            ("broken", _over(line.gap_px / height, wanted.gap)),
            ("low", _under(line.rise_px / height, wanted.rise)),
            ("low", _under(line.score / height, wanted.score)),
            ("straight", _under(line.bend, bend_least)),
            ("straight", _over(line.bend, bend_most)),
            ("was-there", 1.0 if known else 0.0),
        ]
        ending, lacking = max(lacks, key=lambda lack: lack[1])
        return CableLook(
            at_s=at_s,
            xy=line.xy + np.array([self._left, self._top], np.float32),
            ending=ending if lacking > 0 else "held",
            lacking=lacking,
            short_px=line.short_px,
            new=new,
            clear=line.score / height,
        )

    def _mask(self, xyxy: Box) -> Bools:
        mask = np.zeros(self._shape_hw, np.bool_)
        left, right = (max(round(edge) - self._left, 0) for edge in xyxy[0::2])
        top, bottom = (max(round(edge) - self._top, 0) for edge in xyxy[1::2])
        mask[top:bottom, left:right] = True
        return mask


def around(xyxy: Box, frame_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    """The cut-out in which a bike's cable is looked for, inside the frame."""
    left, top, right, bottom = xyxy
    high = bottom - top
    return (
        round(max(left - ASIDE * high, 0)),
        round(max(top - UP * high, 0)),
        round(min(right + ASIDE * high, frame_wh[0])),
        round(min(bottom, frame_wh[1])),
    )


def _packed(pixels: Pixels) -> bytes:
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return packed.tobytes()


def _unpacked(packed: bytes) -> Pixels:
    return np.asarray(cv2.imdecode(np.frombuffer(packed, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def _under(value: float, least: float) -> float:
    """By how much of what is wanted it falls short, 0 to 1."""
    return min(max(1 - value / least, 0.0), 1.0) if least > 0 else 0.0


def _over(value: float, most: float) -> float:
    return min(max(value / most - 1, 0.0), 1.0)
