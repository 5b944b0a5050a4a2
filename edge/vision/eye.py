"""The eye of one camera: from frames to scenes.

It looks at most twelve times a second, at a picture at most 512 pixels long: what is dumped and
who walks need no more. The detector is asked twice a second while something moves or stands, and
shown each standing thing enlarged every other second, never every frame; a scene comes about
without it too, only its people and labels are then poorer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Protocol

import cv2
import numpy as np

from edge.video.frame import Frame, Pixels
from edge.vision.boxes import BULKY, PERSON, VEHICLE, WASTE, Bools, Detections, Floats, covered, iou
from edge.vision.fixtures import Fixtures
from edge.vision.motion import Gathering, Motion, Reference, blobs
from edge.vision.scene import Box, Looks, Scene, Thing, Track
from edge.vision.standing import Standing
from edge.vision.survey import StandingThings
from edge.vision.tracker import Tracker, merge_sightings
from edge.vision.view import View

LONG_SIDE_PX: Final = 512
LOOK_EVERY_S: Final = 0.08
GAP_S: Final = 300.0
"""After so long unseen no movement of before is believed; a time-lapse tells of none at all."""
DETECT_EVERY_S: Final = 0.5
CLOSER_EVERY_S: Final = 2.0
SURVEY_EVERY_S: Final = 3.0
"""How often the detector looks at one part of the picture for what stands there."""
FIRST_EVERY_S: Final = 1.0
FIRST_ROUNDS: Final = 3
"""Until each part has been seen so often, it looks more often."""
IDLE_EVERY_S: Final = 10.0
"""How often where the picture is so small that nothing is gained by looking at parts."""
FEW_PARTS_PX: Final = 480
"""A part is about so wide: a bike at 30 m is 40 pixels high and lost in the whole picture."""
MOST_LOOKS: Final = 12
"""A thing that has been looked at so often is known."""
LEAST_BLOB_SHARE: Final = 5e-4
IN_MOTION: Final = 0.3
"""Share of a detector's box that blobs of motion cover when it moves."""
STIRRING: Final = 0.7
"""A blob of which so much lies in a person's box is his arm or his coat: he moves."""
MOST_MOVING_SHARE: Final = 0.5
"""Where more of the picture differs, light or camera have changed, not the street."""
RESTART_S: Final = 3.0
"""So long such a change may last before the reference is made anew."""
RESTS_S: Final = 3.0
"""Who has stood for so long hides nothing new."""
UPRIGHT: Final = 1.2
"""Height over width from which an unknown mover may be a person."""


class Detector(Protocol):
    """Finds persons, vehicles and waste in one picture."""

    def detect(self, pixels: Pixels) -> Detections: ...


@dataclass(slots=True)
class _Ground:
    """What is remembered once there is a reference.

    Attributes:
        bare: ``(height, width)`` where the last picture showed nothing but the reference.
        fitted_s: When the picture last agreed with the reference by and large.
    """

    reference: Reference
    standing: StandingThings
    bare: Bools
    fitted_s: float


class Eye:
    """Remembers the reference, the tracks and the standing things of one camera."""

    def __init__(self, detector: Detector | None = None, fixtures: Fixtures | None = None) -> None:
        self._detector = detector
        self._scene: Scene | None = None
        self.fixtures = fixtures or Fixtures()
        self._begin(Tracker(), 1)

    def look(self, frame: Frame) -> Scene:
        """The scene of a frame; one too soon after the last repeats what that showed."""
        last = self._scene
        gap_s = frame.monotonic_s - last.frame.monotonic_s if last is not None else 0.0
        if last is not None and (frame.seam or last.frame.wh != frame.wh):
            self._begin_anew()
            self.fixtures = Fixtures(self.fixtures.always_there)
        elif gap_s > GAP_S:
            self._begin_anew()
        elif last is not None and 0 <= gap_s < LOOK_EVERY_S:
            return replace(last, frame=frame)
        self._scene = self._seen(frame)
        return self._scene

    def _begin(self, tracker: Tracker, thing_id: int) -> None:
        self._tracker = tracker
        self._thing_id = thing_id
        self._gathering = Gathering()
        self._ground: _Ground | None = None
        self._view = View()
        self._found = Detections.none()
        self._looks: dict[int, Looks] = {}
        self._detected_s = self._closer_s = self._surveyed_s = -np.inf
        self._surveys = 0

    def _begin_anew(self) -> None:
        """Everything is forgotten; only the ids go on."""
        if self._ground is not None:
            self._thing_id = self._ground.standing.next_id
        self._begin(Tracker(self._tracker.next_id), self._thing_id)

    def _seen(self, frame: Frame) -> Scene:
        small, scale = shrunk(frame.pixels)
        ground, now_s = self._ground, frame.monotonic_s
        if ground is None:
            self._tracker.frame_wh = frame.wh
            self._gather(small, now_s)
            people = self._people((), self._detect(frame))
            self._survey(frame, ())
            return Scene(frame, people)
        aligned = self._view.align(small, ground.reference.picture, ground.bare, now_s)
        motion = ground.reference.compare(aligned.pixels, now_s)
        motion.foreground[aligned.outside()] = False
        ground.bare = ~motion.foreground
        if not aligned.steady or float(motion.foreground.mean()) > MOST_MOVING_SHARE:
            if now_s - ground.fitted_s > RESTART_S:
                self._begin_anew()
            return Scene(frame, self._people((), self._detect(frame)))
        ground.fitted_s = now_s
        place = _Place(scale, aligned.shift_xy)
        tracks = self._follow(frame, ground, motion, place)
        self._stand(ground, motion, tracks, place)
        self._look_closer(frame, ground.standing, place)
        things = tuple(
            place.thing(thing, frame.wh, self._looks.get(thing.thing_id, Looks()))
            for thing in ground.standing.things
        )
        self._survey(frame, tracks)
        vehicles = self._found.where(self._found.label == VEHICLE).xyxy
        people, parked = self._people(tracks, self._found), self.fixtures.parked
        return Scene(frame, people, True, tracks, things, vehicles, parked)

    def _gather(self, small: Pixels, now_s: float) -> None:
        picture = self._gathering.add(small, now_s)
        if picture is not None:
            shape_hw = picture.shape[0], picture.shape[1]
            self._ground = _Ground(
                Reference(picture, now_s),
                StandingThings(shape_hw, now_s, self._thing_id),
                np.ones(shape_hw, np.bool_),
                now_s,
            )

    def _detect(self, frame: Frame) -> Detections:
        """What the detector sees in this frame, or saw half a second ago at most."""
        if self._detector is not None and frame.monotonic_s - self._detected_s >= DETECT_EVERY_S:
            self._detected_s = frame.monotonic_s
            self._found = self._detector.detect(frame.pixels)
        return self._found

    def _follow(
        self, frame: Frame, ground: _Ground, motion: Motion, place: _Place
    ) -> tuple[Track, ...]:
        """Joins what moves, and what the detector sees move, to tracks."""
        loose = motion.foreground & ~ground.standing.explained(motion)
        moving = place.in_frame(blobs(loose, LEAST_BLOB_SHARE * loose.size))
        movers = resting = Detections.none()
        if len(moving) or ground.standing.things:
            found = self._detect(frame)
            if self._detected_s == frame.monotonic_s:
                found = found.where((found.label == PERSON) | (found.label == VEHICLE))
                in_motion = covered(found.xyxy, moving).sum(axis=1) >= IN_MOTION
                stirs = (covered(moving, found.xyxy) >= STIRRING).any(axis=0)
                in_motion |= stirs & (found.label == PERSON)
                movers, resting = found.where(in_motion), found.where(~in_motion)
        return self._tracker.step(merge_sightings(movers, moving), frame.monotonic_s, resting)

    def _stand(
        self, ground: _Ground, motion: Motion, tracks: tuple[Track, ...], place: _Place
    ) -> None:
        """Follows what stands, and lets the reference learn wherever nothing does."""
        standing, reference = ground.standing, ground.reference
        bared = standing.step(motion)
        if bared is not None:
            reference.absorb(motion, bared)
        reference.learn(motion, standing.mask())
        boxes = np.array([track.xyxy for track in tracks], np.float32).reshape(-1, 4)
        standing.attribute(tracks, place.in_reference(boxes), motion.foreground)

    def _look_closer(self, frame: Frame, standing: StandingThings, place: _Place) -> None:
        """Shows each visible thing to the detector, enlarged."""
        if self._detector is None or frame.monotonic_s - self._closer_s < CLOSER_EVERY_S:
            return
        self._closer_s = frame.monotonic_s
        looks = {t.thing_id: self._looks.get(t.thing_id, Looks()) for t in standing.things}
        for thing in standing.things:
            known = looks[thing.thing_id]
            if thing.visible and thing.detached and known.count < MOST_LOOKS:
                xyxy = place.in_frame(thing.xyxy[None])[0]
                looks[thing.thing_id] = voted(known, what(self._detector, frame.pixels, xyxy))
        self._looks = looks

    def _survey(self, frame: Frame, tracks: tuple[Track, ...]) -> None:
        """Remembers what stands, and looks at one part of the picture after the other for it."""
        if self._detector is None:
            return
        now_s = frame.monotonic_s
        if self._detected_s == now_s:
            self._remember(frame, self._found, tracks)
        parts = parts_of(frame.wh)
        every_s = FIRST_EVERY_S if self._surveys < FIRST_ROUNDS * len(parts) else SURVEY_EVERY_S
        if now_s - self._surveyed_s < (every_s if len(parts) > 1 else IDLE_EVERY_S):
            return
        self._surveyed_s = now_s
        left, top, right, bottom = parts[self._surveys % len(parts)]
        self._surveys += 1
        part = self._detector.detect(np.ascontiguousarray(frame.pixels[top:bottom, left:right]))
        found = inside(part, (right - left, bottom - top), frame.wh, (left, top))
        self._remember(frame, found, tracks)

    def _remember(self, frame: Frame, found: Detections, tracks: tuple[Track, ...]) -> None:
        """Who stands still for long is no mover, but what he brought."""
        now_s = frame.monotonic_s
        moving = [t.xyxy for t in tracks if t.seen and now_s - t.rests_since_s < RESTS_S]
        boxes = np.array(moving, np.float32).reshape(-1, 4)
        self.fixtures.step(found, boxes, frame.pixels, now_s)

    def _people(self, tracks: tuple[Track, ...], found: Detections) -> Floats:
        upright = [track.xyxy for track in tracks if _may_be_a_person(track)]
        moving = np.array(upright, np.float32).reshape(-1, 4)
        return np.concatenate([found.where(found.label == PERSON).xyxy, moving])


class _Place:
    """Where the reference's pixels lie in the frame."""

    def __init__(self, scale: float, shift_xy: tuple[float, float]) -> None:
        self._scale = scale
        self._shift = np.array([*shift_xy, *shift_xy], np.float32)

    def in_frame(self, xyxy: Floats) -> Floats:
        return ((xyxy + self._shift) / self._scale).astype(np.float32)

    def in_reference(self, xyxy: Floats) -> Floats:
        return (xyxy * self._scale - self._shift).astype(np.float32)

    def thing(self, standing: Standing, frame_wh: tuple[int, int], looks: Looks) -> Thing:
        left, top, right, bottom = (float(v) for v in self.in_frame(standing.xyxy[None])[0])
        width, height = frame_wh
        box: Box = (max(left, 0), max(top, 0), min(right, width), min(bottom, height))
        return Thing(
            thing_id=standing.thing_id,
            xyxy=box,
            appeared_s=standing.appeared_s,
            calm_since_s=standing.calm_since_s,
            visible=standing.visible,
            detached=standing.detached,
            area_px=round(standing.area_px / self._scale**2),
            newness=standing.newness,
            texture_kept=standing.texture_kept,
            looks=looks,
        )


def parts_of(frame_wh: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """The whole picture, and the parts of it that a detector sees enlarged, a third overlapping.

    >>> len(parts_of((400, 300))), len(parts_of((1280, 720)))
    (1, 9)
    """
    width, height = frame_wh
    whole = [(0, 0, width, height)]
    if width < 1.5 * FEW_PARTS_PX:
        return whole
    across, down = round(width / FEW_PARTS_PX * 1.5), max(round(height / FEW_PARTS_PX * 1.5), 1)
    wide, high = min(FEW_PARTS_PX, width), min(FEW_PARTS_PX, height)
    lefts = np.linspace(0, width - wide, across).astype(int).tolist()
    tops = np.linspace(0, height - high, down).astype(int).tolist()
    return whole + [(left, top, left + wide, top + high) for top in tops for left in lefts]


def inside(
    found: Detections, part_wh: tuple[int, int], frame_wh: tuple[int, int], at: tuple[int, int]
) -> Detections:
    """What is seen in a part of the picture, in its place in the whole; not what the part cuts."""
    (wide, high), (left, top) = part_wh, at
    cut = (found.xyxy[:, 0] < 2) & (left > 0)
    cut |= (found.xyxy[:, 1] < 2) & (top > 0)
    cut |= (found.xyxy[:, 2] > wide - 2) & (left + wide < frame_wh[0])
    cut |= (found.xyxy[:, 3] > high - 2) & (top + high < frame_wh[1])
    xyxy = found.xyxy + np.array([left, top, left, top], np.float32)
    return replace(found, xyxy=xyxy).where(~cut)


def shrunk(pixels: Pixels) -> tuple[Pixels, float]:
    """The picture at working size, and how much smaller it is."""
    scale = min(1.0, LONG_SIDE_PX / max(pixels.shape[:2]))
    if scale == 1.0:
        return pixels, scale
    how = cv2.INTER_LINEAR if scale > 0.5 else cv2.INTER_AREA
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=how)
    return small.astype(np.uint8, copy=False), scale


def what(detector: Detector, pixels: Pixels, xyxy: Floats) -> int | None:
    """What a detector calls the thing in a box when it sees little else; None for nothing."""
    height, width, _ = pixels.shape
    side = max(3.0 * float((xyxy[2:] - xyxy[:2]).max()), 96.0)
    left, top = (int(v) for v in np.maximum((xyxy[:2] + xyxy[2:]) / 2 - side / 2, 0))
    right, bottom = min(left + round(side), width), min(top + round(side), height)
    found = detector.detect(np.ascontiguousarray(pixels[top:bottom, left:right]))
    here = xyxy[None] - np.array([left, top, left, top], np.float32)
    fits = (iou(here, found.xyxy)[0] >= 0.3) | (covered(here, found.xyxy)[0] >= 0.8)
    surest = found.where(fits)
    return int(surest.label[0]) if len(surest) else None


def voted(looks: Looks, label: int | None) -> Looks:
    """The looks with one more, in which the detector said ``label``."""
    count = looks.count + 1
    person, vehicle, waste, bulky = (
        (share * looks.count + (label in mine)) / count
        for share, mine in (
            (looks.person, (PERSON,)),
            (looks.vehicle, (VEHICLE,)),
            (looks.waste, (WASTE, BULKY)),
            (looks.bulky, (BULKY,)),
        )
    )
    return Looks(count, person, vehicle, waste, bulky)


def _may_be_a_person(track: Track) -> bool:
    left, top, right, bottom = track.xyxy
    upright = bottom - top >= UPRIGHT * (right - left)
    return track.label == "person" or (track.label == "unknown" and upright)
