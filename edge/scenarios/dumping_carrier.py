"""Who brought a thing: contact and departure, as pure decisions over tracks and time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from edge.vision.boxes import Floats, iou
from edge.vision.scene import Box, Scene, Thing, Track, area_of, gap_px

BEFORE_S: Final = 1.5
AFTER_S: Final = 0.7
"""A carrier is at the place from so long before the thing appears until so long after."""
CAME_S: Final = 0.2
CAME_WIDTHS: Final = 0.3
"""A track that began with the thing and has not moved by so much of its width is the thing."""
ITSELF: Final = 0.6
"""Share of a carrier's area from which on a thing may be the carrier, come to rest."""
KNOWN_LOOKS: Final = 2
KNOWN: Final = 0.7
"""What so much of so many looks call waste is no carrier."""
AWAY_S: Final = 1.0
SAME_PLACE: Final = 0.5
"""Overlap from which on a person stands where the carrier touched."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The tracks of one scene."""

    at_s: float
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Carrier:
    """One track that touched a thing's place.

    Attributes:
        width_px: Its own width at the contact, at its slimmest; so far it must go.
        contact_xyxy: Its place at the last contact.
        near_s: When it was last closer than that.
        area_px: Its own area at the contact, at its largest.
        heirs: Who was near when its track was lost, and has been since; None while it is not.
        away_s: When it had been away for a second; None before.
    """

    track_id: int
    label: str
    width_px: float
    xyxy: Box
    contact_xyxy: Box
    contact_s: float
    near_s: float
    area_px: float
    away_s: float | None = None
    heirs: frozenset[int] | None = None

    def later(self, by_s: float) -> Carrier:
        """The same by a clock that is so much ahead."""
        return replace(
            self,
            contact_s=self.contact_s + by_s,
            near_s=self.near_s + by_s,
            away_s=None if self.away_s is None else self.away_s + by_s,
        )


def who_touched(thing: Thing, moments: Sequence[Moment]) -> dict[int, Carrier]:
    """Every moving track that was at the thing's place when it appeared, at its last contact."""
    found: dict[int, Carrier] = {}
    traveled_px = {t.track_id: t.traveled_px for m in moments for t in m.tracks}
    for moment in moments:
        if not -BEFORE_S <= moment.at_s - thing.appeared_s <= AFTER_S:
            continue
        for track in moment.tracks:
            width_px = track.xyxy[2] - track.xyxy[0]
            before = track.since_s < thing.appeared_s - CAME_S
            came = before or traveled_px[track.track_id] >= CAME_WIDTHS * width_px
            if came and touches(track.xyxy, thing.xyxy):
                earlier = found.get(track.track_id)
                area_px = area_of(track.xyxy)
                found[track.track_id] = Carrier(
                    track_id=track.track_id,
                    label=track.label,
                    width_px=min(width_px, earlier.width_px) if earlier else width_px,
                    xyxy=track.xyxy,
                    contact_xyxy=track.xyxy,
                    contact_s=moment.at_s,
                    near_s=moment.at_s,
                    area_px=max(area_px, earlier.area_px) if earlier else area_px,
                )
    return found


def touches(carrier: Box, thing: Box) -> bool:
    """Whether a carrier could set the thing down: side by side, and on the same ground.

    >>> touches((0, 0, 40, 100), (42, 70, 62, 100))
    True
    >>> touches((0, 0, 40, 100), (42, 0, 62, 30))  # at head height: someone behind it, not at it
    False
    """
    width, height = carrier[2] - carrier[0], carrier[3] - carrier[1]
    reach = 0.2 * width
    beside = carrier[0] - reach <= thing[2] and thing[0] <= carrier[2] + reach
    ground = carrier[3] - 0.6 * height <= thing[3] <= carrier[3] + 0.45 * height
    return beside and ground


def followed(carrier: Carrier, thing: Thing, scene: Scene) -> Carrier:
    """The carrier after one more scene.

    Only who is seen to be away has gone. Where its track has ended, whoever was near then may be
    it; and if the track ended in the thing's own place, the carrier itself is what stands there,
    and never departs. A person who still stands where it touched is it, whatever became of the
    track: a passer-by may have taken that along.
    """
    if carrier.away_s is not None:
        return carrier
    tracks, now_s = scene.tracks, scene.frame.monotonic_s
    near = {t.track_id for t in tracks if gap_px(t.xyxy, thing.xyxy) < carrier.width_px}
    own = next((t for t in tracks if t.track_id == carrier.track_id), None)
    if own is not None and not _left_on(own.xyxy, carrier, thing):
        carrier = replace(carrier, xyxy=own.xyxy, label=own.label)
        here = own.track_id in near or not own.seen
    elif own is None and _became(carrier, thing):
        here = True
    else:
        heirs = near if carrier.heirs is None else carrier.heirs & near
        carrier = replace(carrier, heirs=frozenset(heirs - {carrier.track_id}))
        here = bool(carrier.heirs)
    if here or _stands_there(carrier, scene.people):
        return replace(carrier, near_s=now_s)
    if now_s - carrier.near_s >= AWAY_S:
        return replace(carrier, away_s=now_s)
    return carrier


def last_to_leave(carriers: Iterable[Carrier]) -> Carrier | None:
    """The last carrier, once all are away; None while one is there, or if there was none."""
    carriers = list(carriers)
    if not carriers or any(carrier.away_s is None for carrier in carriers):
        return None
    return max(carriers, key=lambda carrier: carrier.away_s or 0.0)


def _stands_there(carrier: Carrier, people: Floats) -> bool:
    place = np.array([carrier.contact_xyxy], np.float32)
    return bool((iou(place, people) >= SAME_PLACE).any())


def _became(carrier: Carrier, thing: Thing) -> bool:
    """Whether a track that ended over a thing of its own size is what stands there now."""
    if thing.looks.count >= KNOWN_LOOKS and thing.looks.waste >= KNOWN:
        return False
    area = area_of(thing.xyxy)
    return _over(carrier.xyxy, thing.xyxy) >= 0.5 and area >= ITSELF * carrier.area_px


def _left_on(track: Box, carrier: Carrier, thing: Thing) -> bool:
    """Whether a track has shrunk onto the thing: its carrier went on without it."""
    area = area_of(track)
    return _over(track, thing.xyxy) >= 0.5 and area < ITSELF * carrier.area_px


def _over(box: Box, thing: Box) -> float:
    """Share of a thing that lies under a box."""
    across = min(thing[2], box[2]) - max(thing[0], box[0])
    down = min(thing[3], box[3]) - max(thing[1], box[1])
    return max(across, 0) * max(down, 0) / area_of(thing)
