"""The eye of one camera: from frames to scenes.

It works at most ten times a second on a picture at most 768 pixels long, as things that are
dumped and people who walk need no more. The detector is asked twice a second while something
moves or stands, never on every frame; the scene stands without it too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

import cv2
import numpy as np

from edge.video.frame import Frame, Pixels
from edge.vision.boxes import PERSON, VEHICLE, WASTE, Detections, Floats, iou
from edge.vision.motion import Gathering, Motion, Reference, blobs
from edge.vision.scene import Box, Looks, Scene, Thing, Track, nobody
from edge.vision.standing import Standing, StandingThings
from edge.vision.tracker import Tracker, merge_sightings
from edge.vision.view import Aligned, View

LONG_SIDE_PX: Final = 768
LOOK_EVERY_S: Final = 0.08
DETECT_EVERY_S: Final = 0.5
CLOSER_EVERY_S: Final = 2.0
"""How often a standing thing is looked at on its own, enlarged."""
LEAST_BLOB_SHARE: Final = 5e-4
MOST_MOVING_SHARE: Final = 0.5
"""Where more of the picture differs, light or camera have changed, not the street."""
RESTART_S: Final = 3.0
"""So long such a change may last before the reference is made anew."""
UPRIGHT: Final = 1.2
"""Height over width from which an unknown mover may be a person."""


class Detector(Protocol):
    """Finds persons, vehicles and waste in one picture."""

    def detect(self, pixels: Pixels) -> Detections: ...


class Eye:
    """Remembers the reference, the tracks and the standing things of one camera."""

    def __init__(self, detector: Detector | None = None) -> None:
        self._detector = detector
        self._track_id = self._thing_id = 1
        self._begin()

    def look(self, frame: Frame) -> Scene:
        last = self._scene
        if frame.seam or (last is not None and last.frame.wh != frame.wh):
            self._begin()
        elif last is not None and 0 <= frame.monotonic_s - last.frame.monotonic_s < LOOK_EVERY_S:
            return replace(last, frame=frame)
        self._scene = self._seen(frame)
        return self._scene

    def _begin(self) -> None:
        """Everything anew; only the ids go on."""
        self._scene: Scene | None = None
        self._gathering = Gathering()
        self._reference: Reference | None = None
        self._view = View()
        self._ground = np.ones((1, 1), np.bool_)
        self._tracker = Tracker(self._track_id)
        self._standing: StandingThings | None = None
        self._found = Detections.none()
        self._detected_s = self._closer_s = self._fitted_s = -np.inf
        self._looks: dict[int, Looks] = {}

    def _seen(self, frame: Frame) -> Scene:
        now_s = frame.monotonic_s
        scale = min(1.0, LONG_SIDE_PX / max(frame.wh))
        small = _shrunk(frame.pixels, scale)
        if self._reference is None or self._standing is None:
            self._gather(small, now_s)
            people = self._detect(frame, now_s).where(self._found.label == PERSON).xyxy
            return Scene(frame, people)
        aligned = self._view.align(small, self._reference.picture, self._ground, now_s)
        motion = self._reference.compare(aligned.pixels, now_s)
        motion.foreground[_outside(aligned)] = False
        self._ground = ~motion.foreground
        settled = aligned.steady and float(motion.foreground.mean()) < MOST_MOVING_SHARE
        if not settled:
            return self._unsettled(frame, now_s)
        self._fitted_s = now_s
        tracks = self._follow(frame, aligned, motion, scale)
        things = self._stand(frame, aligned, motion, tracks)
        return Scene(frame, self._people(tracks), True, tracks, things)

    def _gather(self, small: Pixels, now_s: float) -> None:
        ground = self._gathering.add(small, now_s)
        if ground is not None:
            self._reference = Reference(ground, now_s)
            self._standing = StandingThings((ground.shape[0], ground.shape[1]), self._thing_id)
            self._ground = np.ones(ground.shape[:2], np.bool_)
            self._fitted_s = now_s

    def _unsettled(self, frame: Frame, now_s: float) -> Scene:
        """Holds everything; begins anew where it lasts."""
        people = self._detect(frame, now_s).where(self._found.label == PERSON).xyxy
        if now_s - self._fitted_s > RESTART_S:
            self._begin()
        return Scene(frame, people)

    def _detect(self, frame: Frame, now_s: float) -> Detections:
        """What the detector sees, or saw half a second ago at most."""
        if self._detector is not None and now_s - self._detected_s >= DETECT_EVERY_S:
            self._detected_s = now_s
            self._found = self._detector.detect(frame.pixels)
        return self._found

    def _follow(
        self, frame: Frame, aligned: Aligned, motion: Motion, scale: float
    ) -> tuple[Track, ...]:
        assert self._standing is not None
        now_s = frame.monotonic_s
        loose = motion.foreground & ~self._standing.explained(motion)
        moving = blobs(loose, LEAST_BLOB_SHARE * loose.size)
        to_frame = _ToFrame(scale, aligned.shift_xy)
        moving = to_frame(moving)
        sightings = merge_sightings(Detections.none(), moving)
        if len(moving) or self._standing.things:
            before_s = self._detected_s
            found = self._detect(frame, now_s)
            if self._detected_s != before_s:
                movers = found.where(
                    (found.label != WASTE) & (_covered(found.xyxy, moving) >= 0.3)
                )
                sightings = merge_sightings(movers, moving)
        tracks = self._tracker.step(sightings, now_s)
        self._track_id = self._tracker.next_id
        return tracks

    def _stand(
        self, frame: Frame, aligned: Aligned, motion: Motion, tracks: tuple[Track, ...]
    ) -> tuple[Thing, ...]:
        assert self._standing is not None
        assert self._reference is not None
        now_s = frame.monotonic_s
        standing, reference = self._standing, self._reference
        ghosts = standing.step(aligned.pixels, reference.picture, motion, now_s)
        if ghosts is not None:
            reference.absorb(aligned.pixels, ghosts)
        frozen = standing.mask() if standing.things else np.zeros_like(motion.foreground)
        reference.learn(aligned.pixels, motion, frozen, now_s)
        self._thing_id = standing.next_id
        scale = min(1.0, LONG_SIDE_PX / max(frame.wh))
        to_frame = _ToFrame(scale, aligned.shift_xy)
        boxes = np.array([t.xyxy for t in tracks], np.float32).reshape(-1, 4)
        standing.detach(to_frame.back(boxes), np.array([t.since_s for t in tracks]))
        self._look_closer(frame, standing, to_frame)
        return tuple(
            _thing(t, to_frame, frame.wh, scale, self._looks.get(t.thing_id, Looks()))
            for t in standing.things
        )

    def _look_closer(self, frame: Frame, standing: StandingThings, to_frame: _ToFrame) -> None:
        """Shows each visible thing to the detector, enlarged, every other second."""
        now_s = frame.monotonic_s
        if self._detector is None or now_s - self._closer_s < CLOSER_EVERY_S:
            return
        self._closer_s = now_s
        alive = {t.thing_id for t in standing.things}
        self._looks = {key: looks for key, looks in self._looks.items() if key in alive}
        for thing in standing.things:
            looks = self._looks.get(thing.thing_id, Looks())
            if thing.visible and looks.count < 12:
                box = to_frame(thing.xyxy[None])[0]
                label = _what(self._detector, frame.pixels, box)
                self._looks[thing.thing_id] = _voted(looks, label)

    def _people(self, tracks: tuple[Track, ...]) -> Floats:
        boxes = [
            t.xyxy
            for t in tracks
            if t.label == "person"
            or (t.label == "unknown" and t.xyxy[3] - t.xyxy[1] >= UPRIGHT * (t.xyxy[2] - t.xyxy[0]))
        ]
        found = self._found.where(self._found.label == PERSON).xyxy
        return np.concatenate([np.array(boxes, np.float32).reshape(-1, 4), found]) if boxes else (
            found if len(found) else nobody()
        )


class _ToFrame:
    """From the reference's pixels to the frame's, and back."""

    def __init__(self, scale: float, shift_xy: tuple[float, float]) -> None:
        self._scale = scale
        self._shift = np.array([*shift_xy, *shift_xy], np.float32)

    def __call__(self, xyxy: Floats) -> Floats:
        return ((xyxy + self._shift) / self._scale).astype(np.float32)

    def back(self, xyxy: Floats) -> Floats:
        return (xyxy * self._scale - self._shift).astype(np.float32)


def _shrunk(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1.0:
        return pixels
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def _outside(aligned: Aligned) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    outside = np.ones(aligned.pixels.shape[:2], np.bool_)
    outside[aligned.inside] = False
    return outside


def _covered(boxes: Floats, by: Floats) -> Floats:
    """``(n,)`` share of each box that lies under any of the others, at most 1."""
    low = np.maximum(boxes[:, None, :2], by[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], by[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2).sum(axis=1)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    share: Floats = np.minimum(shared / np.maximum(area, 1), 1)
    return share


def _what(detector: Detector, pixels: Pixels, box: Floats) -> int | None:
    """What the detector calls the thing in a box when it sees little else."""
    height, width, _ = pixels.shape
    side = max(3.0 * float((box[2:] - box[:2]).max()), 96.0)
    left, top = (np.maximum((box[:2] + box[2:]) / 2 - side / 2, 0)).astype(int)
    right, bottom = min(left + round(side), width), min(top + round(side), height)
    found = detector.detect(np.ascontiguousarray(pixels[top:bottom, left:right]))
    if not len(found):
        return None
    here = box - np.array([left, top, left, top], np.float32)
    overlap = iou(here[None], found.xyxy)[0]
    covers = _covered(here[None], found.xyxy) if len(found) == 1 else overlap
    best = int(overlap.argmax())
    return int(found.label[best]) if overlap[best] >= 0.3 or covers.max() >= 0.8 else None


def _voted(looks: Looks, label: int | None) -> Looks:
    count = looks.count + 1

    def share(old: float, mine: int) -> float:
        return (old * looks.count + (label == mine)) / count

    return Looks(
        count,
        share(looks.person, PERSON),
        share(looks.vehicle, VEHICLE),
        share(looks.waste, WASTE),
    )


def _thing(
    standing: Standing, to_frame: _ToFrame, frame_wh: tuple[int, int], scale: float, looks: Looks
) -> Thing:
    left, top, right, bottom = (float(v) for v in to_frame(standing.xyxy[None])[0])
    width, height = frame_wh
    box: Box = (max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height)))
    return Thing(
        thing_id=standing.thing_id,
        xyxy=box,
        appeared_s=standing.appeared_s,
        calm_since_s=standing.calm_since_s,
        visible=standing.visible,
        area_px=round(standing.area_px / scale**2),
        newness=standing.newness,
        texture_kept=standing.texture_kept,
        looks=looks,
    )
