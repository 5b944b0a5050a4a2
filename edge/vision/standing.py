"""Standing things: what came to stand still where the reference shows something else.

A thing is born once its pixels have looked the same for a second and more. From then on it is
remembered by its look: who walks past hides it for a while, the reference under it is frozen, and
it ends when the reference shows again. Pixels join it and leave it, so a bag that stood with its
carrier as one shape is the bag alone once the carrier has gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats, covered
from edge.vision.motion import Motion, furthest
from edge.vision.outline import box_of, newness, texture_kept
from edge.vision.scene import Track

STILL_S: Final = 1.2
"""Pixels that have not changed for so long stand."""
SURVEY_EVERY_S: Final = 0.3
BARE_S: Final = 0.4
"""A pixel that shows the ground for so long no longer belongs to a thing."""
JOIN_S: Final = 3.0
"""Pixels that come to stand no later than that after a thing are part of it."""
SAME: Final = 0.7
"""Share of a thing's pixels that look as before: it is there, and nothing hides it."""
FORGET_S: Final = 30.0
"""A thing that stays hidden for so long is given up."""
PART: Final = 0.5
"""A thing of which so much lies under a track may be a part of it."""
CAME_S: Final = 0.2
GOES_WIDTHS: Final = 0.5
"""A track that has moved by so much of its width without a thing is not its owner."""
RESTED_S: Final = 1.0
"""Who came to rest within so long after a thing appeared may be what appeared."""
SHRUNK: Final = 0.4
LEAST_SHARE: Final = 2.5e-4
"""Of the picture's area: about 10x10 pixels of 768x576; smaller is not followed."""
FIRST_S: Final = 0.3
GHOST: Final = 0.44
"""Newness below which something has left rather than come."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """One standing thing in the reference's pixels.

    Attributes:
        mask: ``(height, width)`` of the whole picture: which pixels belong to it.
        look: ``(height, width, 3)``: what they looked like when last they changed.
        hosts: The tracks that stand in its place, by id, and their boxes: it may be a part of them.
            One whose track is lost is there still, for all that is known.
        new: Nobody has asked for its hosts yet.
    """

    thing_id: int
    mask: Bools
    look: Pixels
    xyxy: Floats
    appeared_s: float
    calm_since_s: float
    seen_s: float
    visible: bool = True
    hosts: Mapping[int, Floats] = field(default_factory=dict)
    new: bool = True
    newness: float = 0.5
    texture_kept: float = 0.0
    surveys: int = 0

    @property
    def detached(self) -> bool:
        """It has no host, or its hosts have gone without it: a thing of its own."""
        return not self.new and not self.hosts

    @property
    def area_px(self) -> int:
        return int(np.count_nonzero(self.mask))

    @property
    def crop(self) -> tuple[slice, slice]:
        left, top, right, bottom = self.xyxy.astype(int)
        return slice(top, bottom), slice(left, right)


class StandingThings:
    """Finds and remembers what stands."""

    def __init__(self, shape_hw: tuple[int, int], began_s: float, next_id: int = 1) -> None:
        self._shape_hw = shape_hw
        self._began_s = began_s
        self._least_area = LEAST_SHARE * shape_hw[0] * shape_hw[1]
        self._surveyed_s = -np.inf
        self.next_id = next_id
        self.things: list[Standing] = []

    def step(
        self, picture: Pixels, reference: Pixels, motion: Motion, now_s: float
    ) -> Bools | None:
        """Follows the things through one picture; where a ghost stood, the reference may learn.

        Returns:
            ``(height, width)`` mask of the ghosts, None where there are none.
        """
        self.things = [_followed(thing, picture, motion, now_s) for thing in self.things]
        ghosts = None
        if now_s - self._surveyed_s >= SURVEY_EVERY_S:
            self._surveyed_s = now_s
            self._survey(picture, reference, motion, now_s)
            self.things = [_judged(thing, picture, reference, motion) for thing in self.things]
            gone = [thing for thing in self.things if self._is_ghost(thing)]
            self.things = [thing for thing in self.things if thing not in gone]
            ghosts = self._places(gone)
        self.things = [
            t
            for t in self.things
            if t.area_px >= 0.6 * self._least_area and now_s - t.seen_s < FORGET_S
        ]
        return ghosts

    def attribute(self, tracks: tuple[Track, ...], boxes: Floats) -> None:
        """Tells parts of those who stand still from things of their own.

        Args:
            boxes: ``(n, 4)`` xyxy of the tracks in the reference's pixels.
        """
        now = {track.track_id: box for track, box in zip(tracks, boxes, strict=True)}
        for index, thing in enumerate(self.things):
            if thing.new:
                over = covered(thing.xyxy[None], boxes)[0] >= PART
                hosts = {
                    track.track_id: now[track.track_id]
                    for track, here in zip(tracks, over, strict=True)
                    if here and _may_host(thing, track)
                }
            else:
                hosts = {
                    track_id: box
                    for track_id, box in thing.hosts.items()
                    if track_id not in now or not _went_without(thing, box, now[track_id])
                }
            self.things[index] = replace(thing, hosts=hosts, new=False)

    def explained(self, motion: Motion) -> Bools:
        """``(height, width)``: foreground that is nothing but detached things."""
        known = np.zeros(motion.foreground.shape, np.uint8)
        for thing in self.things:
            if thing.detached:
                known |= thing.mask.view(np.uint8)
        if not known.any():
            return known.view(np.bool_)
        wide = cv2.dilate(known, np.ones((5, 5), np.uint8))
        return (wide > 0) & (motion.still_s >= 0.3)

    def _is_ghost(self, thing: Standing) -> bool:
        """Whether something has gone from there, or it stood there before the reference did."""
        from_the_first = thing.appeared_s <= self._began_s + FIRST_S
        bared = thing.detached and thing.surveys >= 3 and thing.newness < GHOST
        return from_the_first or bared

    def _places(self, gone: list[Standing]) -> Bools | None:
        """Where ghosts stood, a little wider, but nothing that other things stand on."""
        if not gone:
            return None
        place = np.logical_or.reduce([thing.mask for thing in gone])
        place = cv2.dilate(place.view(np.uint8), np.ones((7, 7), np.uint8)) > 0
        for thing in self.things:
            place &= ~thing.mask
        return place

    def mask(self) -> Bools:
        """``(height, width)``: every pixel under which the reference must not learn."""
        frozen = np.zeros(self._shape_hw, np.bool_)
        for thing in self.things:
            frozen |= thing.mask
        return frozen

    def _survey(self, picture: Pixels, reference: Pixels, motion: Motion, now_s: float) -> None:
        """Gives each patch that stands and is not accounted for to a thing, or to a new one."""
        still = motion.foreground & (motion.still_s >= STILL_S)
        for thing in self.things:
            still &= ~_as_before(thing, picture, motion)
        if not still.any():
            return

        def came(part: Bools) -> bool:
            found = newness(part, picture, reference, motion)
            return found is not None and found > GHOST

        count, labels, stats, _ = cv2.connectedComponentsWithStats(_tidy(still), ltype=cv2.CV_32S)
        for row in range(1, count):
            if stats[row, 4] < 0.5 * self._least_area:
                continue
            part = labels == row
            for index, thing in enumerate(self.things):
                within = part & thing.mask
                if np.count_nonzero(within) >= 0.6 * np.count_nonzero(part):
                    self.things[index] = _altered(thing, within, picture, motion, now_s)
                    part &= ~thing.mask
                elif thing.visible and _adjoins(part, thing) and came(part):
                    self.things[index] = joined = _joined(thing, part, picture, motion, now_s)
                    part &= ~joined.mask
            if np.count_nonzero(part) >= self._least_area:
                self._bear(part, picture, motion, now_s)

    def _bear(self, part: Bools, picture: Pixels, motion: Motion, now_s: float) -> None:
        still_s = motion.still_s[part]
        self.things.append(
            Standing(
                thing_id=self.next_id,
                mask=part,
                look=picture.copy(),
                xyxy=box_of(part),
                appeared_s=now_s - float(np.percentile(still_s, 90)),
                calm_since_s=now_s - float(np.percentile(still_s, 25)),
                seen_s=now_s,
            )
        )
        self.next_id += 1


def _may_host(thing: Standing, track: Track) -> bool:
    """Whether a track over a new thing was there before it, and stopped when it appeared."""
    before = track.since_s < thing.appeared_s - CAME_S
    return before and track.rests_since_s <= thing.appeared_s + RESTED_S


def _went_without(thing: Standing, was: Floats, box: Floats) -> bool:
    """Whether a host has gone and the thing has not; a part goes where its owner goes.

    A track that has shrunk onto the thing has lost its owner too.
    """
    width, height = box[2:] - box[:2]
    moved = (box[:2] + box[2:] - was[:2] - was[2:]) / 2
    gone = float(np.hypot(*moved)) > GOES_WIDTHS * float(width)
    shrunk = float(width * height) < SHRUNK * float(np.prod(was[2:] - was[:2]))
    return gone or shrunk or float(covered(thing.xyxy[None], box[None])[0, 0]) < PART


def _followed(thing: Standing, picture: Pixels, motion: Motion, now_s: float) -> Standing:
    """The thing after one more picture: seen, hidden, or changed; bared pixels leave it."""
    rows, cols = thing.crop
    mask = thing.mask[rows, cols]
    bare = ~motion.foreground[rows, cols] & (motion.still_s[rows, cols] >= BARE_S) & mask
    if bare.any():
        left = thing.mask.copy()
        left[rows, cols] &= ~bare
        if not left.any():
            return replace(thing, mask=left)
        thing = replace(thing, mask=left, xyxy=box_of(left))
        rows, cols = thing.crop
        mask = thing.mask[rows, cols]
    apart = furthest(picture[rows, cols], thing.look[rows, cols])
    same = float((apart[mask] <= 1.5 * motion.tolerance).mean())
    visible = same >= SAME
    return replace(thing, visible=visible, seen_s=now_s if visible else thing.seen_s)


def _tidy(mask: Bools) -> Pixels:
    """Closes pinholes and drops slivers."""
    closed = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return opened.astype(np.uint8, copy=False)


def _as_before(thing: Standing, picture: Pixels, motion: Motion) -> Bools:
    """``(height, width)``: those pixels of a thing that still look as it did."""
    rows, cols = thing.crop
    same = np.zeros_like(thing.mask)
    apart = furthest(picture[rows, cols], thing.look[rows, cols])
    same[rows, cols] = (apart <= 1.5 * motion.tolerance) & thing.mask[rows, cols]
    return same


def _adjoins(part: Bools, thing: Standing) -> bool:
    left, top, width, height = cv2.boundingRect(part.view(np.uint8))
    if (
        left > thing.xyxy[2] + 3
        or top > thing.xyxy[3] + 3
        or left + width < thing.xyxy[0] - 3
        or top + height < thing.xyxy[1] - 3
    ):
        return False
    wide = cv2.dilate(thing.mask.view(np.uint8), np.ones((7, 7), np.uint8)) > 0
    return bool((part & wide).any())


def _altered(
    thing: Standing, part: Bools, picture: Pixels, motion: Motion, now_s: float
) -> Standing:
    """The thing with a part of it looking otherwise; a large part ends its calm."""
    look = thing.look.copy()
    look[part] = picture[part]
    calm_since_s = thing.calm_since_s
    if np.count_nonzero(part) > 0.25 * thing.area_px:
        calm_since_s = max(calm_since_s, now_s - float(np.median(motion.still_s[part])))
    return replace(thing, look=look, calm_since_s=calm_since_s)


def _joined(
    thing: Standing, part: Bools, picture: Pixels, motion: Motion, now_s: float
) -> Standing:
    """The thing with those pixels of a patch that came to stand with it, not long after it."""
    new = part & ~thing.mask & (now_s - motion.still_s <= thing.appeared_s + JOIN_S)
    if not new.any():
        return thing
    mask = thing.mask | new
    look = thing.look.copy()
    look[new] = picture[new]
    return replace(thing, mask=mask, look=look, xyxy=box_of(mask))


def _judged(thing: Standing, picture: Pixels, reference: Pixels, motion: Motion) -> Standing:
    """Looks at a visible thing once more: has something come, or gone, or is it light?"""
    found = newness(thing.mask, picture, reference, motion) if thing.visible else None
    if found is None:
        return thing
    weight = 1 / min(thing.surveys + 1, 8)
    kept = texture_kept(thing.mask, picture, reference)
    return replace(
        thing,
        newness=thing.newness + weight * (found - thing.newness),
        texture_kept=thing.texture_kept + weight * (kept - thing.texture_kept),
        surveys=thing.surveys + 1,
    )
