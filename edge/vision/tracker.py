"""Tracks: blobs of motion and a detector's boxes, joined from frame to frame.

Each track foretells its next box from its speed; ``lap`` gives every foretold box at most one
sighting. A sighting much larger or smaller than its track (two walkers merged, legs cut off) moves
the track but little. A track without a sighting goes on for a while by its slowing speed.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import lap  # type: ignore[import-untyped]  # the package bears no types
import numpy as np

from edge.vision.boxes import LABELS, Bools, Detections, Floats, covered, iou
from edge.vision.scene import Track

UNKNOWN: Final = -1
"""Label of a sighting that is a blob of motion."""
HOLD_S: Final = 2.5
"""How long a confirmed track goes on unseen."""
CONFIRM_S: Final = 0.5
CONFIRM_SIGHTINGS: Final = 4
MOVED: Final = 0.35
"""A mover of no known class has gone by so much of its width."""
HOLD_YOUNG_S: Final = 0.35
MOST_SIZES_S: Final = 2.5
"""Nothing is believed to move by more of its own sizes in a second."""
MOST_COST: Final = 1.0
SNIPPET: Final = 0.08
SNIPPET_REACH: Final = 0.3
"""What is so small beside a track, and so near, is a hand or a shadow of it."""
SAME_PLACE: Final = 0.3
"""Overlap from which on a box without motion is the track that was there."""
RESTS: Final = 0.25
"""Who moves by less than so much of his width stands still."""
PART: Final = 0.7
"""A blob of which so much lies in a track's box is a part of what is tracked."""
FILLED: Final = 0.5
"""Pieces that fill less of the box around them are parts of a track that a detector knows."""
LIMBS_S: Final = 4.0
"""So long a track lives on stirring parts of it alone: they may be what it left behind."""
AGREED: Final = 0.6
"""Share of a detector's votes from which on a label is believed."""


class Tracker:
    """Follows what moves; ids count up from ``next_id`` and are never used again.

    Attributes:
        frame_wh: Who is foretold to have left a frame of this size is not waited for.
    """

    def __init__(self, next_id: int = 1, frame_wh: tuple[int, int] | None = None) -> None:
        self.next_id = next_id
        self.frame_wh = frame_wh
        self._courses: list[_Course] = []
        self._now_s = 0.0

    def step(
        self, sightings: Detections, now_s: float, resting: Detections | None = None
    ) -> tuple[Track, ...]:
        """The confirmed tracks after one frame's sightings; label ``UNKNOWN`` is a blob.

        ``resting`` is what a detector sees without motion: it keeps a track, but begins none, as
        parked cars are no tracks.
        """
        step_s = min(max(now_s - self._now_s, 0.0), 1.0)
        self._now_s = now_s
        for course in self._courses:
            course.foretell(step_s, now_s - course.seen_s)
        sightings = _pieced_together(sightings, self._foretold())
        taken = self._assign(sightings, now_s)
        if resting is not None:
            self._keep(resting, now_s)
        for row in np.flatnonzero(~taken):
            if not self._is_part(sightings.xyxy[row]):
                self._begin(sightings.xyxy[row], int(sightings.label[row]), now_s)
        self._courses = [c for c in self._courses if c.goes_on(now_s, self.frame_wh)]
        return tuple(course.track(now_s) for course in self._courses if course.confirmed)

    def _is_part(self, xyxy: Floats) -> bool:
        """Whether a sighting nobody claims is a piece of a track, or a snippet at its edge."""
        box = xyxy[None]
        if (covered(box, self._foretold()) >= PART).any():
            return True
        wide = self._foretold(SNIPPET_REACH)
        small = np.prod(xyxy[2:] - xyxy[:2]) < SNIPPET * np.prod(wide[:, 2:] - wide[:, :2], axis=1)
        return bool(((covered(box, wide)[0] >= PART) & small).any())

    def _foretold(self, wider: float = 0.05) -> Floats:
        """``(n, 4)`` of the confirmed tracks, wider and higher by so much on every side."""
        boxes = [course.box for course in self._courses if course.confirmed]
        xyxy = np.array(boxes, np.float32).reshape(-1, 4)
        sizes = np.tile(xyxy[:, 2:] - xyxy[:, :2], 2) * np.float32(wider)
        foretold: Floats = xyxy + sizes * np.array([-1, -1, 1, 1], np.float32)
        return foretold

    def _assign(self, sightings: Detections, now_s: float) -> Bools:
        taken = np.zeros(len(sightings), np.bool_)
        if not self._courses or not len(sightings):
            return taken
        cost = _cost(self._courses, sightings.xyxy, now_s).astype(np.float64)
        _, of_course, _ = lap.lapjv(cost, extend_cost=True, cost_limit=MOST_COST)
        for course, row in zip(self._courses, of_course, strict=True):
            if row >= 0:
                taken[row] = True
                filled = float(sightings.score[row])
                course.see(sightings.xyxy[row], int(sightings.label[row]), now_s, filled)
        return taken

    def _keep(self, resting: Detections, now_s: float) -> None:
        """Gives those who are seen no more, but stand where they were, their box again."""
        lost = [course for course in self._courses if course.confirmed and course.seen_s < now_s]
        if not lost or not len(resting):
            return
        overlap = iou(np.stack([course.box for course in lost]), resting.xyxy)
        for row in range(len(resting)):
            best = int(overlap[:, row].argmax())
            if overlap[best, row] >= SAME_PLACE:
                lost[best].see(resting.xyxy[row], int(resting.label[row]), now_s)

    def _begin(self, xyxy: Floats, label: int, now_s: float) -> None:
        self._courses.append(_Course(self.next_id, xyxy, label, now_s))
        self.next_id += 1


class _Course:
    """One track in the making: center, size and speed."""

    def __init__(self, track_id: int, xyxy: Floats, label: int, now_s: float) -> None:
        self.track_id = track_id
        self.center: Floats = (xyxy[:2] + xyxy[2:]) * np.float32(0.5)
        self.size_wh: Floats = xyxy[2:] - xyxy[:2]
        self.since_s = self.seen_s = self._whole_s = now_s
        self._start = self.center
        self._speed: Floats = np.zeros(2, np.float32)
        self._sightings = 1
        self._traveled_px = 0.0
        self._rest, self._rests_since_s = self.center, now_s
        self._votes = Counter([label])

    @property
    def confirmed(self) -> bool:
        """It lasts, and has moved or is known: what flickers in one place is no track."""
        old = self.seen_s - self.since_s >= CONFIRM_S
        moved = self._traveled_px >= MOVED * float(self.size_wh[0])
        return old and self._sightings >= CONFIRM_SIGHTINGS and (moved or self.known)

    @property
    def known(self) -> bool:
        """A detector has seen it."""
        return len(self._votes) > 1 or UNKNOWN not in self._votes

    @property
    def _label(self) -> str:
        """What the detector's looks agree on; ``unknown`` while they waver."""
        known = Counter({label: n for label, n in self._votes.items() if label != UNKNOWN})
        for label, votes in known.most_common(1):
            if votes >= AGREED * known.total():
                return LABELS[label]
        return "unknown"

    @property
    def box(self) -> Floats:
        half = self.size_wh / 2
        xyxy: Floats = np.concatenate([self.center - half, self.center + half])
        return xyxy

    def foretell(self, step_s: float, unseen_s: float) -> None:
        self.center = self.center + self._speed * np.float32(step_s)
        if unseen_s > HOLD_YOUNG_S:
            self._speed = self._speed * np.float32(np.exp(-0.7 * step_s))

    def see(self, xyxy: Floats, label: int, now_s: float, filled: float = 1.0) -> None:
        """Corrects the foretold box by a sighting, the less the more its size differs.

        A blob within the box of one whom the detector knows is his arm or his coat, and says
        only that he is there; so do pieces that do not fill theirs: what a truck has strewn about
        is no truck.
        """
        is_part = filled < FILLED or self._is_limb(xyxy)
        if not (label == UNKNOWN and self.known and is_part):
            self._correct(xyxy, now_s)
            self._whole_s = now_s
        self.seen_s = now_s
        if float(np.hypot(*(self.center - self._rest))) > RESTS * float(self.size_wh[0]):
            self._rest, self._rests_since_s = self.center, now_s
        self._sightings += 1
        self._votes[label] += 1
        far = float(np.hypot(*(self.center - self._start)))
        self._traveled_px = max(self._traveled_px, far)

    def _is_limb(self, xyxy: Floats) -> bool:
        small = np.prod(xyxy[2:] - xyxy[:2]) < PART * np.prod(self.size_wh)
        return bool(small and covered(xyxy[None], self.box[None])[0, 0] >= PART)

    def _correct(self, xyxy: Floats, now_s: float) -> None:
        size_wh = xyxy[2:] - xyxy[:2]
        common, either = np.minimum(size_wh, self.size_wh), np.maximum(size_wh, self.size_wh)
        likeness = float(common.prod() / either.prod())
        error: Floats = (xyxy[:2] + xyxy[2:]) * np.float32(0.5) - self.center
        step_s = max(now_s - self.seen_s, 0.1)
        most = np.float32(MOST_SIZES_S) * self.size_wh
        speed = self._speed + np.float32(0.35 * likeness**2 / step_s) * error
        self._speed = speed.clip(-most, most).astype(np.float32)
        self.center = self.center + np.float32(0.15 + 0.6 * likeness) * error
        gain = np.float32(0.05 + 0.35 * likeness**2)
        self.size_wh = self.size_wh + gain * (size_wh - self.size_wh)

    def goes_on(self, now_s: float, frame_wh: tuple[int, int] | None) -> bool:
        outside = frame_wh is not None and (
            not 0 <= self.center[0] <= frame_wh[0] or not 0 <= self.center[1] <= frame_wh[1]
        )
        hold_s = HOLD_S if self.confirmed and not outside else HOLD_YOUNG_S
        return now_s - self.seen_s <= hold_s and now_s - self._whole_s <= LIMBS_S

    def track(self, now_s: float) -> Track:
        left, top, right, bottom = (float(edge) for edge in self.box)
        return Track(
            track_id=self.track_id,
            xyxy=(left, top, right, bottom),
            label=self._label,
            since_s=self.since_s,
            seen_s=self.seen_s,
            traveled_px=self._traveled_px,
            rests_since_s=self._rests_since_s,
            seen=self.seen_s == now_s,
        )


def _cost(courses: list[_Course], boxes: Floats, now_s: float) -> Floats:
    """``(courses, boxes)``: distance in sizes, plus how much the sizes differ; 1 is a stranger."""
    center = np.stack([course.center for course in courses])
    size = np.stack([course.size_wh for course in courses])
    unseen_s = np.array([now_s - course.seen_s for course in courses], np.float32).clip(0, 2)
    sizes = boxes[:, 2:] - boxes[:, :2]
    apart = (boxes[None, :, :2] + boxes[None, :, 2:]) / 2 - center[:, None]
    reach = 0.5 * (size[:, None] + sizes[None]) * (0.6 + 0.3 * unseen_s[:, None, None])
    distance = np.sqrt(np.square(apart / np.maximum(reach, 4)).sum(axis=2))
    mismatch = np.abs(np.log(size.prod(axis=1)[:, None] / sizes.prod(axis=1)[None]))
    strange: Floats = 0.7 * distance + 0.3 * mismatch
    return strange


def _pieced_together(sightings: Detections, boxes: Floats) -> Detections:
    """Puts blobs together that lie in the foretold box of one and the same track.

    Head, arms and legs belong together; what lies beside the feet has been put down there. How far
    the pieces fill their box is told in place of a score.
    """
    blob = np.flatnonzero(sightings.label == UNKNOWN)
    if not len(boxes) or len(blob) < 2:
        return sightings
    inside = covered(sightings.xyxy[blob], boxes) >= PART
    owner = np.where(inside.sum(axis=1) == 1, inside.argmax(axis=1), -1)
    keep = np.ones(len(sightings), np.bool_)
    xyxy, filled = sightings.xyxy.copy(), sightings.score.copy()
    for track in np.unique(owner[owner >= 0]):
        parts = blob[owner == track]
        areas = np.prod(xyxy[parts, 2:] - xyxy[parts, :2], axis=1)
        trunk = parts[areas.argmax()]
        is_own = _of_one(xyxy[parts], xyxy[trunk])
        own = parts[is_own]
        low, high = xyxy[own, :2].min(axis=0), xyxy[own, 2:].max(axis=0)
        keep[own] = False
        keep[trunk] = True
        xyxy[trunk] = np.concatenate([low, high])
        filled[trunk] = areas[is_own].sum() / np.prod(high - low)
    return Detections(xyxy, filled, sightings.label).where(keep)


def _of_one(boxes: Floats, trunk: Floats) -> Bools:
    """``(n,)``: which boxes lie over or under a trunk, or beside it above its feet."""
    common = np.minimum(boxes[:, 2], trunk[2]) - np.maximum(boxes[:, 0], trunk[0])
    stacked = common >= 0.5 * (boxes[:, 2] - boxes[:, 0])
    above_feet = boxes[:, 3] < trunk[3] - 0.2 * (trunk[3] - trunk[1])
    of_one: Bools = stacked | above_feet
    return of_one


def merge_sightings(found: Detections, moving: Floats) -> Detections:
    """A detector's boxes, and the blobs of motion, ``(n, 4)``, that they do not explain."""
    moving = moving[covered(moving, found.xyxy).sum(axis=1) < 0.5]
    return Detections(
        np.concatenate([found.xyxy, moving]),
        np.concatenate([found.score, np.ones(len(moving), np.float32)]),
        np.concatenate([found.label, np.full(len(moving), UNKNOWN, np.int64)]),
    )
