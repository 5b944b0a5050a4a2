"""One standing thing: remembered by its look, and changed only by what is seen of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats, covered
from edge.vision.motion import Motion, furthest
from edge.vision.outline import box_of, newness, texture_kept
from edge.vision.scene import Track

BARE_S: Final = 0.4
"""A pixel that shows the ground for so long no longer belongs to a thing."""
JOIN_S: Final = 2.5
"""Pixels that come to stand no later than that after a thing are part of it."""
SAME: Final = 0.7
"""Share of a thing's pixels that look as before: it is there, and nothing hides it."""
ALTERED: Final = 0.25
"""A thing of which so much looks otherwise is no longer calm."""
HOST: Final = 0.5
"""A thing of which so much lies under a track may be a part of it."""
BEFORE_S: Final = 0.2
"""A track that began no earlier than that before a thing is the thing."""
RESTED_S: Final = 0.3
"""Who has not moved for so long when a thing is first noticed may be what stands there."""
GOES_WIDTHS: Final = 0.5
"""A track that has moved by so much of its width without a thing is not its owner."""
BARE_HOST: Final = 0.25
"""Where less than so much of its box differs from the reference, a lost host has gone."""
SHRUNK: Final = 0.4
"""A track that has shrunk to so much of itself, onto the thing, has lost its owner."""
CAME: Final = 0.5
"""Newness from which a patch may join a thing that has come."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """One standing thing in the reference's pixels.

    Attributes:
        mask: ``(height, width)`` of the whole picture: which pixels belong to it.
        look: ``(height, width, 3)``: what they looked like when last they changed.
        hosts: The tracks that stand in its place, by id, and their boxes: it may be a part of them.
            One whose track is lost is there still, for all that is known, until its place is bare.
        new: Nobody has asked for its hosts yet.
        occupied: Some track is over it now.
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
    occupied: bool = False
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

    def followed(self, motion: Motion) -> Standing:
        """The thing after one more picture: seen or hidden; bared pixels leave it."""
        rows, cols = self.crop
        bare = motion.bare[rows, cols] & (motion.still_s[rows, cols] >= BARE_S)
        thing = self
        if (bare & self.mask[rows, cols]).any():
            left = self.mask.copy()
            left[rows, cols] &= ~bare
            if not left.any():
                return replace(self, mask=left)
            thing = replace(self, mask=left, xyxy=box_of(left))
        visible = int(np.count_nonzero(thing.as_before(motion))) >= SAME * thing.area_px
        return replace(thing, visible=visible, seen_s=motion.at_s if visible else thing.seen_s)

    def as_before(self, motion: Motion) -> Bools:
        """``(height, width)``: those of its pixels that still look as they did."""
        rows, cols = self.crop
        same = np.zeros_like(self.mask)
        apart = furthest(motion.picture[rows, cols], self.look[rows, cols])
        same[rows, cols] = (apart <= 1.5 * motion.tolerance) & self.mask[rows, cols]
        return same

    def altered(self, part: Bools, motion: Motion) -> Standing:
        """The thing with a part of it looking otherwise; a large part ends its calm.

        Where most of it looks otherwise someone stands before it, and its look is kept. Of the
        part only what truly differs counts: around a few noisy pixels lies much that does not.
        """
        if not self.visible:
            return self
        differs = part & ~self.as_before(motion)
        look = self.look.copy()
        look[part] = motion.picture[part]
        calm_since_s = self.calm_since_s
        if np.count_nonzero(differs) > ALTERED * self.area_px:
            lasts_s = float(np.median(motion.still_s[part]))
            calm_since_s = max(calm_since_s, motion.at_s - lasts_s)
        return replace(self, look=look, calm_since_s=calm_since_s)

    def may_be_joined_by(self, part: Bools, motion: Motion) -> bool:
        """Whether a patch beside it has come as it has."""
        if not self.visible or not self._adjoins(part):
            return False
        found = newness(part, motion)
        return found is not None and found > CAME

    def joined(self, part: Bools, motion: Motion) -> Standing:
        """The thing with those pixels of a patch that came to stand not long after it."""
        in_time = motion.at_s - motion.still_s <= self.appeared_s + JOIN_S
        new = part & ~self.mask & in_time
        if not new.any():
            return self
        mask = self.mask | new
        look = self.look.copy()
        look[new] = motion.picture[new]
        return replace(self, mask=mask, look=look, xyxy=box_of(mask))

    def judged(self, motion: Motion) -> Standing:
        """Looked at once more: has something come, or gone, or is it light?"""
        found = newness(self.mask, motion) if self.visible else None
        if found is None:
            return self
        weight = 1 / min(self.surveys + 1, 8)
        kept = texture_kept(self.mask, motion)
        return replace(
            self,
            newness=self.newness + weight * (found - self.newness),
            texture_kept=self.texture_kept + weight * (kept - self.texture_kept),
            surveys=self.surveys + 1,
        )

    def attributed(self, tracks: Sequence[Track], boxes: Floats, foreground: Bools) -> Standing:
        """The thing with those tracks as hosts that it may be a part of; ``boxes`` are theirs."""
        over = covered(self.xyxy[None], boxes)[0] >= HOST
        occupied = bool(over.any())
        if self.new:
            hosts = {
                track.track_id: box
                for track, box, here in zip(tracks, boxes, over, strict=True)
                if here and self._may_be_of(track)
            }
            return replace(self, hosts=hosts, new=False, occupied=occupied)
        now = {track.track_id: box for track, box in zip(tracks, boxes, strict=True)}
        hosts = {
            track_id: was
            for track_id, was in self.hosts.items()
            if not (
                self._left_by(was, now[track_id]) if track_id in now else _is_bare(was, foreground)
            )
        }
        return replace(self, hosts=hosts, occupied=occupied)

    def _may_be_of(self, track: Track) -> bool:
        """Whether a track over it was there before, and stands still now as the thing does."""
        before = track.since_s < self.appeared_s - BEFORE_S
        return before and track.seen_s - track.rests_since_s >= RESTED_S

    def _left_by(self, was: Floats, box: Floats) -> bool:
        """Whether a host has gone and the thing has not; a part goes where its owner goes."""
        width, height = box[2:] - box[:2]
        moved = (box[:2] + box[2:] - was[:2] - was[2:]) / 2
        gone = float(np.hypot(*moved)) > GOES_WIDTHS * float(width)
        shrunk = float(width * height) < SHRUNK * float(np.prod(was[2:] - was[:2]))
        return gone or shrunk or float(covered(self.xyxy[None], box[None])[0, 0]) < HOST

    def _adjoins(self, part: Bools) -> bool:
        left, top, right, bottom = box_of(part)
        if left > self.xyxy[2] + 3 or right < self.xyxy[0] - 3:
            return False
        if top > self.xyxy[3] + 3 or bottom < self.xyxy[1] - 3:
            return False
        wide = cv2.dilate(self.mask.view(np.uint8), np.ones((7, 7), np.uint8)) > 0
        return bool((part & wide).any())


def _is_bare(xyxy: Floats, foreground: Bools) -> bool:
    """Whether nobody can be standing in a box any more."""
    left, top, right, bottom = xyxy.round().astype(int).clip(0)
    inside = foreground[top:bottom, left:right]
    return bool(inside.size) and float(inside.mean()) < BARE_HOST
