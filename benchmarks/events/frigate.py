"""Frigate's events as alerts, so that it can be scored beside others.

Frigate tells of objects, not of offences: a small TOML says which label, seen for how long and in
which zone, is to count as which scenario, and when each clip was played to which camera. Older
versions widen an event by what they record before and after it, later ones give the object's own
times; the TOML says by how much. Its box is that of the best snapshot, not of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as Key

from benchmarks.events.alarms import Alarm
from benchmarks.events.rules import Xyxy
from benchmarks.events.truth import Clip, Scenario, TruthError
from wire.toml import first_fault, read_toml

Share = Annotated[float, Key(ge=0, le=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counts(_Table):
    """Which objects count as an alert."""

    label: str
    scenario: Scenario
    least_score: Share = 0.0
    least_s: Annotated[float, Key(ge=0)] = 0.0
    """For how long the object is there before it counts; its alert opens then."""
    zones: tuple[str, ...] = ()
    """In any of which; empty for anywhere."""


class Played(_Table):
    """When a clip was played to a camera."""

    clip: str
    camera: str
    at: AwareDatetime
    """When its first frame came."""


class Mapped(_Table):
    """The whole mapping."""

    counts: tuple[Counts, ...]
    played: tuple[Played, ...]
    pre_capture_s: Annotated[float, Key(ge=0)] = 0.0
    """By how much ``start_time`` is earlier than the object, in older versions."""
    post_capture_s: Annotated[float, Key(ge=0)] = 0.0
    """By how much ``end_time`` is later."""


class _Seen(BaseModel):
    """The part of an event's ``data`` that is used; a manual event has none of it."""

    box: tuple[float, float, float, float] | None = None
    """Left, top, width, height, as shares of the picture."""
    score: float | None = None
    top_score: float | None = None


class TrackedObject(BaseModel):
    """One item of ``GET /api/events``."""

    id: str
    label: str
    camera: str
    start_time: float
    """Seconds since 1970."""
    end_time: float | None = None
    """None while the object is still there."""
    top_score: float | None = None
    """Of older versions; later ones tell it in ``data``."""
    zones: tuple[str, ...] = ()
    data: _Seen = _Seen()

    @property
    def score(self) -> float:
        told = (self.data.top_score, self.top_score, self.data.score)
        return next((score for score in told if score is not None), 1.0)


def read_frigate(
    events: Path, mapping: Path, clips: Sequence[Clip]
) -> dict[str, tuple[Alarm, ...]]:
    """Alerts by clip name, of each clip that was played.

    Args:
        events: What ``GET /api/events`` gave; its ``limit`` must have held them all.
        mapping: The TOML.

    Raises:
        TruthError: The events cannot be read, or a clip was played that there is not.
        TomlError: The mapping cannot be used.
    """
    mapped = read_toml(mapping).validate(Mapped)
    objects = _objects(events)
    by_name = {clip.name: clip for clip in clips}
    if strangers := [play.clip for play in mapped.played if play.clip not in by_name]:
        raise TruthError(mapping, f"played: {strangers[0]!r} is no clip of this benchmark")
    return {
        play.clip: alarms_of(objects, play, by_name[play.clip], mapped) for play in mapped.played
    }


def alarms_of(
    objects: Sequence[TrackedObject], play: Played, clip: Clip, mapped: Mapped
) -> tuple[Alarm, ...]:
    """What counts of one camera's objects while a clip was played, in order of time."""
    found = []
    for seen in objects:
        if seen.camera != play.camera:
            continue
        first_s = seen.start_time + mapped.pre_capture_s - play.at.timestamp()
        for counts in mapped.counts:
            t_s = first_s + counts.least_s
            if 0 <= t_s <= clip.seconds and _holds(counts, seen, mapped):
                box = _pixels(seen.data.box, clip.wh)
                found.append(Alarm(counts.scenario, t_s, box, seen.score))
    return tuple(sorted(found, key=lambda alarm: alarm.t_s))


def _holds(counts: Counts, seen: TrackedObject, mapped: Mapped) -> bool:
    if seen.end_time is not None:
        added_s = mapped.pre_capture_s + mapped.post_capture_s
        if seen.end_time - seen.start_time - added_s < counts.least_s:
            return False
    zone = not counts.zones or bool(set(counts.zones) & set(seen.zones))
    return seen.label == counts.label and seen.score >= counts.least_score and zone


def _objects(path: Path) -> tuple[TrackedObject, ...]:
    try:
        return TypeAdapter(tuple[TrackedObject, ...]).validate_json(path.read_bytes())
    except OSError as error:
        raise TruthError(path, f"cannot be read: {error.strerror}") from error
    except ValidationError as error:
        loc, said = first_fault(error)
        raise TruthError(path, f"{'.'.join(map(str, loc))}: {said}") from error


def _pixels(box: Sequence[float] | None, wh: tuple[int, int]) -> Xyxy | None:
    if box is None:
        return None
    left, top, width, height = box
    return left * wh[0], top * wh[1], (left + width) * wh[0], (top + height) * wh[1]
