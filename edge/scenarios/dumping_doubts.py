"""What speaks against dumping, each doubt in words and numbers; without any, it is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from edge.scenarios import dumping_words as words
from edge.scenarios.dumping_carrier import Carrier
from edge.scenarios.dumping_extent import confidence
from edge.scenarios.finding import Doubt
from edge.vision.scene import Scene, Thing, area_of, hull

MOSTLY: Final = 0.5
"""Share of its stay for which a thing must have been seen, not hidden behind others."""
COMPACT: Final = 0.35
"""Share of its box that a thing fills."""
NEWNESS: Final = 0.52
LEAST_SURE: Final = 0.55
"""Of what claimed less in the dark none was right: lamps leave such patches."""
TEXTURE_KEPT: Final = 0.6
MOST_PERSON: Final = 0.3
MOST_VEHICLE: Final = 0.5
SLIGHT: Final = 0.4
"""A thing of less than so much of the carrier's area is no person who carries."""


def about_the_thing(
    thing: Thing, beside: Sequence[Thing], carrier: Carrier | None
) -> Iterator[Doubt]:
    """Whether it has come, is compact and of its own, no light, no person and no vehicle.

    ``beside`` are things that may be one with it: in the dark a heap is seen in pieces. What an
    unknown carrier leaves in pieces may be the carrier.
    """
    looks, filled = thing.looks, _filled([thing])
    if carrier is not None and carrier.label != "unknown":
        filled = max(filled, _filled([thing, *beside]))
    if not thing.detached:
        yield Doubt("part-of-someone", words.part_of_someone())
    if filled < COMPACT:
        yield Doubt("not-compact", words.fills(filled, COMPACT), 1 - filled / COMPACT)
    if thing.newness < NEWNESS:
        lacking = min(1 - thing.newness / NEWNESS, 1.0)
        yield Doubt("something-left", words.outline(thing.newness, NEWNESS), lacking)
    elif (sure := confidence(thing)) < LEAST_SURE:
        yield Doubt("faint", words.faint(sure, LEAST_SURE), 1 - sure / LEAST_SURE)
    if thing.texture_kept > TEXTURE_KEPT:
        over = _over(thing.texture_kept, TEXTURE_KEPT)
        yield Doubt("light", words.light(thing.texture_kept, TEXTURE_KEPT), over)
    if looks.person >= MOST_PERSON and not _is_slight(thing, carrier):
        why = words.looks_like("person", looks.person, looks.count)
        yield Doubt("looks-like-person", why, _over(looks.person, MOST_PERSON))
    if looks.vehicle >= MOST_VEHICLE:
        why = words.looks_like("vehicle", looks.vehicle, looks.count)
        yield Doubt("looks-like-vehicle", why, _over(looks.vehicle, MOST_VEHICLE))


def about_the_stay(stayed_s: float, seen_s: float, stay_s: float) -> Iterator[Doubt]:
    """Whether it has been there for long enough, and was seen for most of that."""
    if stayed_s < stay_s:
        yield Doubt("stay-too-short", words.stayed(stayed_s, stay_s), 1 - stayed_s / stay_s)
    if seen_s < MOSTLY * stayed_s:
        share = seen_s / stayed_s
        yield Doubt("hidden", words.seen(share, MOSTLY), 1 - share / MOSTLY)


def in_front(thing: Thing, scene: Scene) -> bool:
    """Whether someone stands before it, so that what is seen there may be his coat."""
    left, top, right, bottom = thing.xyxy
    across, down = (left + right) / 2, (top + bottom) / 2
    least_px = area_of(thing.xyxy) / SLIGHT
    large = [p for p in scene.people.tolist() if area_of(p) > least_px]
    return any(
        box[0] <= across <= box[2] and box[1] <= down <= box[3] and box[3] >= bottom
        for box in [*large, *(track.xyxy for track in scene.tracks)]
    )


def _is_slight(thing: Thing, carrier: Carrier | None) -> bool:
    """Whether it is far smaller than the person who brought it; a vehicle brings persons too."""
    if carrier is None or carrier.label == "vehicle":
        return False
    return area_of(thing.xyxy) < SLIGHT * carrier.area_px


def _over(value: float, most: float) -> float:
    return min((value - most) / (1 - most), 1.0)


def _filled(things: Sequence[Thing]) -> float:
    """The share of the box around them that they fill."""
    return sum(thing.area_px for thing in things) / area_of(hull(thing.xyxy for thing in things))
