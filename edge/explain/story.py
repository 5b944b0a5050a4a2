"""Which pictures tell an alert, and what to point at in them: pure, over what was kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Final, Literal

import numpy as np

from edge.explain import words
from edge.explain.keyframes import KeyFrame, KeyFrames
from edge.scenarios.finding import Finding, Mark, Outline, corners
from edge.vision.scene import Box, gap_px
from wire import ChargingFacts, ConstructionFacts, DumpingFacts, Sentence

Role = Literal["thing", "place", "carrier", "path", "line", "change"]

MARGIN: Final = 0.5
"""Around all that is pointed at, of its longer side."""
LEAST_SHARE: Final = 0.22
"""Of the frame's width, that a panel shows at least."""
FLATTEST: Final = 1.25
SLIMMEST: Final = 0.8
"""Width over height of a panel, unless the frame is too small for it."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """Something pointed at, in frame pixels."""

    role: Role
    xy: Outline
    label: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    shown: KeyFrame
    caption: Sentence
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """The panels in time, and the part of the frame that all of them show."""

    panels: tuple[Panel, ...]
    focus: Box


def story(finding: Finding, kept: KeyFrames, now: KeyFrame) -> Story:
    """What led to a finding, as far as pictures are left; ``now`` alone where none is."""
    facts = finding.facts
    if isinstance(facts, DumpingFacts):
        panels = _dumping(finding, facts, kept, now)
    elif isinstance(facts, ChargingFacts):
        panels = _charging(finding, facts, kept, now)
    else:
        panels = _construction(finding, facts, kept, now)
    spots = [finding.xyxy[:2], finding.xyxy[2:]]
    spots += [xy for panel in panels for s in panel.strokes if s.role != "path" for xy in s.xy]
    return Story(tuple(panels), focus(spots, now.frame_wh))


def focus(spots: Iterable[tuple[float, float]], frame_wh: tuple[int, int]) -> Box:
    """The part of a frame that shows all spots with some of what is around.

    >>> focus([(100, 100), (200, 180)], (1600, 900))
    (0.0, 0.0, 352.0, 281.6)
    """
    xy = np.array(list(spots), np.float64)
    low, high = xy.min(axis=0), xy.max(axis=0)
    around = 2 * MARGIN * float((high - low).max())
    wide, tall = (high - low + around).tolist()
    width, height = frame_wh
    wide = max(wide, LEAST_SHARE * width)
    wide, tall = max(wide, SLIMMEST * tall), max(tall, wide / FLATTEST)
    wide, tall = min(wide, width), min(tall, height)
    left, top = np.clip((low + high - (wide, tall)) / 2, 0, (width - wide, height - tall)).tolist()
    return left, top, left + wide, top + tall


def _dumping(finding: Finding, facts: DumpingFacts, kept: KeyFrames, now: KeyFrame) -> list[Panel]:
    frames, track = _earlier(kept.unbroken(), now), facts.carrier_track
    place = Stroke("place", corners(finding.xyxy))
    lies = Stroke("thing", corners(finding.xyxy), words.THING)
    before = [f for f in frames if f.at < facts.contact_at and _is_away(f, track, finding.xyxy)]
    there = [f for f in frames if f.at <= facts.departed_at and _box(f, track)]
    after = [f for f in frames if f.at >= facts.departed_at]
    panels = []
    if before:
        panels.append(Panel(before[-1], words.before_carrier(), (place,)))
    if there:
        shown = nearest(there, facts.contact_at)
        box = Stroke(
            "carrier", corners(_box(shown, track) or finding.xyxy), words.who(facts.carrier)
        )
        way = _path(kept, track, (before[-1].at_s if before else -inf, shown.at_s))
        panels.append(Panel(shown, words.at_the_place(facts.carrier), (place, *way, box)))
    if after:
        way = _path(kept, track, (panels[-1].shown.at_s if there else -inf, inf))
        panels.append(Panel(after[0], words.gone(facts.carrier), (*way, lies)))
    return [*panels, Panel(now, words.stays(facts.stayed_s), (lies,))]


def _charging(
    finding: Finding, facts: ChargingFacts, kept: KeyFrames, now: KeyFrame
) -> list[Panel]:
    bikes = [mark for mark in finding.trail if mark.kind == "thing"]
    lines = [mark for mark in finding.trail if mark.kind == "line"]
    since = min((mark.at for mark in bikes), default=now.at)
    boxes = tuple(Stroke("thing", mark.xy, words.BIKE) for mark in bikes)
    unnamed = tuple(Stroke("thing", mark.xy) for mark in bikes)
    ways = [Stroke("line", mark.xy) for mark in lines]
    frames = _earlier(kept.unbroken(), now)
    before = [f for f in frames if (since - f.at).total_seconds() >= 2]
    stands = [f for f in frames if f.at >= since]
    panels = []
    if before:
        places = tuple(Stroke("place", mark.xy) for mark in bikes)
        panels.append(Panel(before[-1], words.before_bike(), places))
    if stands:
        said = words.stands() if before else words.from_the_first()
        panels.append(Panel(stands[min(1, len(stands) - 1)], said, boxes))
    return [
        *panels,
        Panel(now, words.undrawn(facts.stood_s)),
        Panel(now, words.followed(), (*unnamed, *ways)),
    ]


def _construction(
    finding: Finding, facts: ConstructionFacts, kept: KeyFrames, now: KeyFrame
) -> list[Panel]:
    looks = sorted({mark.at for mark in finding.trail})
    frames = _earlier(kept.all(), now)
    newest = _outlines(finding.trail, looks[-1]) if looks else ()
    panels = []
    earlier = [f for f in frames if not looks or f.at < looks[0]]
    if earlier:
        places = tuple(Stroke("place", stroke.xy) for stroke in newest)
        panels.append(Panel(nearest(earlier, facts.baseline_at), words.baseline(), places))
    shown = set()
    for number in sorted({0, len(looks) // 2} & set(range(len(looks) - 1))):
        there = nearest(frames, looks[number]) if frames else now
        if there is now or there.at in shown or (earlier and there.at <= panels[0].shown.at):
            continue
        shown.add(there.at)
        said = words.look(number + 1, len(looks)) if number else words.first_seen()
        panels.append(Panel(there, said, _outlines(finding.trail, looks[number])))
    return [*panels, Panel(now, words.built(facts.stage), newest)]


def nearest(frames: Sequence[KeyFrame], at: datetime) -> KeyFrame:
    """The picture closest in time."""
    return min(frames, key=lambda frame: abs(frame.at - at))


def _earlier(frames: Iterable[KeyFrame], now: KeyFrame) -> list[KeyFrame]:
    """Those of the same view."""
    return [f for f in frames if f.at < now.at and f.frame_wh == now.frame_wh]


def _outlines(trail: Sequence[Mark], at: datetime) -> tuple[Stroke, ...]:
    return tuple(Stroke("change", mark.xy) for mark in trail if mark.at == at)


def _box(frame: KeyFrame, track_id: int) -> Box | None:
    return next((track.xyxy for track in frame.tracks if track.track_id == track_id), None)


def _is_away(frame: KeyFrame, track_id: int, thing: Box) -> bool:
    """Whether a track is not seen, or stands a width of its own away."""
    box = _box(frame, track_id)
    return box is None or gap_px(box, thing) >= box[2] - box[0]


def _path(kept: KeyFrames, track_id: int, span_s: tuple[float, float]) -> tuple[Stroke, ...]:
    path = kept.path(track_id, span_s)
    return (Stroke("path", tuple(path)),) if len(path) > 1 else ()
