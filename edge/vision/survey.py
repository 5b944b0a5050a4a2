"""Standing things: what came to stand still where the reference shows something else.

A thing is born once its pixels have looked the same for a second and more. From then on it is
remembered by its look: who walks past hides it for a while, the reference under it is frozen, and
it ends when the reference shows again. Pixels join it and leave it, so a bag that stood with its
carrier as one shape is the bag alone once the carrier has gone.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats
from edge.vision.motion import Motion
from edge.vision.outline import box_of, come_part
from edge.vision.scene import Track
from edge.vision.standing import Standing

STILL_S: Final = 1.2
"""Pixels that have not changed for so long stand."""
SURVEY_EVERY_S: Final = 0.3
FORGET_S: Final = 30.0
"""A thing that stays hidden for so long is given up."""
FORGET_PART_S: Final = 3.0
"""A part of someone who stands there shows again as another part when he stirs."""
LEAST_SHARE: Final = 2.5e-4
"""Of the picture's area: about 10x10 pixels of 768x576; smaller is not followed."""
WITHIN: Final = 0.6
"""A patch of which so much lies within a thing is a change of that thing."""
MOST_THINGS: Final = 64
"""Beyond so many the oldest becomes part of the ground: a market is no dump."""
FIRST_S: Final = 0.3
"""What appeared no later than that after the reference was there with it."""
GHOST: Final = 0.44
"""Newness below which something has left rather than come."""
SURE: Final = 8
"""After so many looks that is believed: whoever puts a thing down hides half of it at first."""


class StandingThings:
    """Finds and remembers what stands."""

    def __init__(self, shape_hw: tuple[int, int], began_s: float, next_id: int = 1) -> None:
        self._shape_hw = shape_hw
        self._began_s = began_s
        self._least_area = LEAST_SHARE * shape_hw[0] * shape_hw[1]
        self._surveyed_s = -np.inf
        self.next_id = next_id
        self.things: list[Standing] = []

    def step(self, motion: Motion) -> Bools | None:
        """Follows the things through one picture.

        Returns:
            ``(height, width)``: where the picture shows ground that the reference does not know,
            and must learn; None where there is none.
        """
        self.things = [thing.followed(motion) for thing in self.things]
        ground = None
        if motion.at_s - self._surveyed_s >= SURVEY_EVERY_S:
            self._surveyed_s = motion.at_s
            self._survey(motion)
            self.things = [thing.judged(motion) for thing in self.things]
            own = [thing for thing in self.things if thing.detached and not thing.occupied]
            crowded_out = own[:-MOST_THINGS]
            gone = [t for t in self.things if self._is_ground(t) or t in crowded_out]
            self.things = [thing for thing in self.things if thing not in gone]
            for thing in gone:
                self._spare(thing, motion)
            ground = self._places(gone)
        self.things = [thing for thing in self.things if self._is_there(thing, motion.at_s)]
        return ground

    def attribute(self, tracks: tuple[Track, ...], boxes: Floats, foreground: Bools) -> None:
        """Tells parts of those who stand still from things of their own.

        Args:
            boxes: ``(n, 4)`` xyxy of the tracks in the reference's pixels.
            foreground: ``(height, width)`` where the picture differs from the reference.
        """
        self.things = [thing.attributed(tracks, boxes, foreground) for thing in self.things]

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

    def _is_ground(self, thing: Standing) -> bool:
        """Whether it stood there before the reference did, or has gone from there.

        While somebody stands there nothing is settled: a coat's folds are no ground. A host whose
        track was lost does not hold what has gone: a truck that stood for long has driven off.
        """
        bared = thing.surveys >= SURE and thing.newness < GHOST
        return (self._from_the_first(thing) or bared) and not thing.occupied

    def _from_the_first(self, thing: Standing) -> bool:
        return thing.appeared_s <= self._began_s + FIRST_S

    def _is_there(self, thing: Standing, now_s: float) -> bool:
        patience_s = FORGET_S if thing.detached else FORGET_PART_S
        return thing.area_px >= 0.6 * self._least_area and now_s - thing.seen_s < patience_s

    def _places(self, gone: list[Standing]) -> Bools | None:
        """Where things were, a little wider, but nothing that other things stand on."""
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

    def _survey(self, motion: Motion) -> None:
        """Gives each patch that stands and is not accounted for to a thing, or to a new one."""
        still = motion.foreground & (motion.still_s >= STILL_S)
        for thing in self.things:
            still &= ~thing.as_before(motion)
        if not still.any():
            return
        count, labels, stats, _ = cv2.connectedComponentsWithStats(_tidy(still), ltype=cv2.CV_32S)
        for row in range(1, count):
            if stats[row, 4] >= 0.5 * self._least_area:
                part = self._given_away(labels == row, motion)
                if np.count_nonzero(part) >= self._least_area:
                    self._bear(part, motion)

    def _given_away(self, part: Bools, motion: Motion) -> Bools:
        """What is left of a patch when the things it changes or joins have taken theirs."""
        for index, thing in enumerate(self.things):
            within = part & thing.mask
            if np.count_nonzero(within) >= WITHIN * np.count_nonzero(part):
                self.things[index] = thing.altered(within, motion)
            elif thing.may_be_joined_by(part, motion):
                self.things[index] = thing.joined(part, motion)
            else:
                continue
            part &= ~self.things[index].mask
            if not part.any():
                break
        return part

    def _spare(self, thing: Standing, motion: Motion) -> None:
        """Keeps what has come to stand in one patch with what has gone."""
        if thing.visible and not self._from_the_first(thing):
            part = come_part(thing.mask, motion)
            if np.count_nonzero(part) >= self._least_area:
                self._bear(part, motion)

    def _bear(self, part: Bools, motion: Motion) -> None:
        lasts_s = motion.still_s[part]
        self.things.append(
            Standing(
                thing_id=self.next_id,
                mask=part,
                look=motion.picture.copy(),
                xyxy=box_of(part),
                appeared_s=motion.at_s - float(np.percentile(lasts_s, 90)),
                calm_since_s=motion.at_s - float(np.percentile(lasts_s, 25)),
                seen_s=motion.at_s,
            )
        )
        self.next_id += 1


def _tidy(mask: Bools) -> Pixels:
    """Closes pinholes and drops slivers."""
    closed = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return opened.astype(np.uint8, copy=False)
