"""Tracks: blobs of motion and a detector's boxes, joined from frame to frame.

Each track foretells its next box from its speed; ``lap`` gives every foretold box at most one
sighting. A sighting much larger or smaller than its track (two walkers merged, legs cut off) moves
the track but little. A track without a sighting goes on for two seconds by its slowing speed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import lap
import numpy as np

from edge.vision.boxes import LABELS, Detections, Floats, iou
from edge.vision.scene import Track

UNKNOWN: Final = -1
"""Label of a sighting that is a blob of motion."""
HOLD_S: Final = 2.5
"""How long a confirmed track goes on unseen."""
CONFIRM_S: Final = 0.5
CONFIRM_SIGHTINGS: Final = 4
MOST_COST: Final = 1.0


@dataclass(slots=True)
class _Course:
    """One track in the making: center, size, speed."""

    track_id: int
    center: Floats
    size_wh: Floats
    since_s: float
    seen_s: float
    start: Floats
    speed: Floats = field(default_factory=lambda: np.zeros(2, np.float32))
    sightings: int = 1
    traveled_px: float = 0.0
    votes: Counter[int] = field(default_factory=Counter)

    @property
    def confirmed(self) -> bool:
        old = self.seen_s - self.since_s >= CONFIRM_S
        return old and self.sightings >= CONFIRM_SIGHTINGS

    @property
    def box(self) -> Floats:
        half = self.size_wh / 2
        return np.concatenate([self.center - half, self.center + half])

    @property
    def label(self) -> str:
        known = [label for label, _ in self.votes.most_common() if label != UNKNOWN]
        return LABELS[known[0]] if known else "unknown"

    def foretell(self, step_s: float, unseen_s: float) -> None:
        self.center = self.center + self.speed * step_s
        if unseen_s > 0.3:
            self.speed = self.speed * float(np.exp(-0.7 * step_s))

    def see(self, box: Floats, label: int, now_s: float) -> None:
        """Corrects the foretold place by a sighting, the less the more its size differs."""
        size_wh = box[2:] - box[:2]
        likeness = float(
            np.minimum(size_wh, self.size_wh).prod() / np.maximum(size_wh, self.size_wh).prod()
        )
        error = (box[:2] + box[2:]) / 2 - self.center
        step_s = max(now_s - self.seen_s, 0.04)
        self.center = self.center + (0.15 + 0.6 * likeness) * error
        self.speed = self.speed + 0.35 * likeness * error / max(step_s, 0.1)
        self.size_wh = self.size_wh + (0.05 + 0.35 * likeness**2) * (size_wh - self.size_wh)
        self.seen_s = now_s
        self.sightings += 1
        self.votes[label] += 1
        self.traveled_px = max(self.traveled_px, float(np.hypot(*(self.center - self.start))))


class Tracker:
    """Follows what moves; ids count up and are never used again."""

    def __init__(self, first_id: int = 1) -> None:
        self._courses: list[_Course] = []
        self._next_id = first_id
        self._now_s = 0.0

    @property
    def next_id(self) -> int:
        return self._next_id

    def step(self, sightings: Detections, now_s: float) -> tuple[Track, ...]:
        """The confirmed tracks after one frame's sightings; label ``UNKNOWN`` is a blob."""
        step_s = float(np.clip(now_s - self._now_s, 0.0, 1.0))
        self._now_s = now_s
        for course in self._courses:
            course.foretell(step_s, now_s - course.seen_s)
        sightings = self._whole(sightings)
        taken = self._assign(sightings, now_s)
        for row in np.flatnonzero(~taken):
            if not self._part_of_one(sightings.xyxy[row]):
                self._begin(sightings.xyxy[row], int(sightings.label[row]), now_s)
        self._courses = [c for c in self._courses if _goes_on(c, now_s)]
        return tuple(_track(c, now_s) for c in self._courses if c.confirmed)

    def _whole(self, sightings: Detections) -> Detections:
        """Puts blobs together that lie in the foretold box of one and the same track."""
        boxes = self._foretold()
        blob = np.flatnonzero(sightings.label == UNKNOWN)
        if not len(boxes) or len(blob) < 2:
            return sightings
        inside = covered(sightings.xyxy[blob], boxes) >= 0.7
        owner = np.where(inside.sum(axis=1) == 1, inside.argmax(axis=1), -1)
        keep = np.ones(len(sightings), np.bool_)
        xyxy = sightings.xyxy.copy()
        for track in range(len(boxes)):
            parts = blob[owner == track]
            if len(parts) > 1:
                keep[parts[1:]] = False
                low, high = xyxy[parts, :2].min(axis=0), xyxy[parts, 2:].max(axis=0)
                xyxy[parts[0]] = np.concatenate([low, high])
        return Detections(xyxy, sightings.score, sightings.label).where(keep)

    def _part_of_one(self, box: Floats) -> bool:
        """Whether a sighting nobody claims is but a piece of a track seen otherwise."""
        boxes = self._foretold()
        return bool(len(boxes)) and bool((covered(box[None], boxes) >= 0.7).any())

    def _foretold(self) -> Floats:
        """``(n, 4)`` of the confirmed tracks, a tenth wider and higher."""
        boxes = np.array([c.box for c in self._courses if c.confirmed], np.float32).reshape(-1, 4)
        margin = 0.05 * np.tile(boxes[:, 2:] - boxes[:, :2], 2)
        return boxes + margin * np.array([-1, -1, 1, 1], np.float32)

    def _assign(self, sightings: Detections, now_s: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        taken = np.zeros(len(sightings), np.bool_)
        if not self._courses or not len(sightings):
            return taken
        cost = _cost(self._courses, sightings.xyxy, now_s)
        _, of_course, _ = lap.lapjv(cost, extend_cost=True, cost_limit=MOST_COST)
        for course, row in zip(self._courses, of_course, strict=True):
            if row >= 0:
                taken[row] = True
                course.see(sightings.xyxy[row], int(sightings.label[row]), now_s)
        return taken

    def _begin(self, box: Floats, label: int, now_s: float) -> None:
        center = (box[:2] + box[2:]) / 2
        course = _Course(self._next_id, center, box[2:] - box[:2], now_s, now_s, center)
        course.votes[label] += 1
        self._next_id += 1
        self._courses.append(course)


def _cost(courses: list[_Course], boxes: Floats, now_s: float) -> Floats:
    """``(courses, boxes)``: distance in sizes, plus how much the sizes differ; 1 is a stranger."""
    center = np.stack([c.center for c in courses])
    size = np.stack([c.size_wh for c in courses])
    unseen_s = np.array([now_s - c.seen_s for c in courses], np.float32)
    sizes = boxes[:, 2:] - boxes[:, :2]
    apart = (boxes[None, :, :2] + boxes[None, :, 2:]) / 2 - center[:, None]
    reach = 0.5 * (size[:, None] + sizes[None]) * (0.6 + 0.3 * unseen_s.clip(0, 2)[:, None, None])
    distance = np.sqrt(np.square(apart / np.maximum(reach, 4)).sum(axis=2))
    mismatch = np.abs(np.log(size.prod(axis=1)[:, None] / sizes.prod(axis=1)[None]))
    strange: Floats = 0.75 * distance + 0.12 * mismatch
    return strange.astype(np.float64)


def _goes_on(course: _Course, now_s: float) -> bool:
    unseen_s = now_s - course.seen_s
    return unseen_s <= (HOLD_S if course.confirmed else 0.35)


def _track(course: _Course, now_s: float) -> Track:
    left, top, right, bottom = (float(v) for v in course.box)
    return Track(
        track_id=course.track_id,
        xyxy=(left, top, right, bottom),
        label=course.label,
        since_s=course.since_s,
        seen_s=course.seen_s,
        traveled_px=course.traveled_px,
        seen=course.seen_s == now_s,
    )


def covered(boxes: Floats, by: Floats) -> Floats:
    """``(n, m)`` share of each box's area that lies in each of the others."""
    low = np.maximum(boxes[:, None, :2], by[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], by[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    share: Floats = shared / np.maximum(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1), 1)[:, None]
    return share


def merge_sightings(found: Detections, moving: Floats) -> Detections:
    """A detector's boxes, and the blobs of motion that none of them explains."""
    if len(found) and len(moving):
        low = np.maximum(moving[:, None, :2], found.xyxy[None, :, :2])
        high = np.minimum(moving[:, None, 2:], found.xyxy[None, :, 2:])
        shared = np.prod(np.clip(high - low, 0, None), axis=2).sum(axis=1)
        area = np.prod(moving[:, 2:] - moving[:, :2], axis=1)
        moving = moving[shared < 0.5 * area]
    return Detections(
        np.concatenate([found.xyxy, moving]),
        np.concatenate([found.score, np.zeros(len(moving), np.float32)]),
        np.concatenate([found.label, np.full(len(moving), UNKNOWN, np.int64)]),
    )


__all__ = ["UNKNOWN", "Tracker", "iou", "merge_sightings"]
