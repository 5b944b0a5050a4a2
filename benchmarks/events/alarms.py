"""An alert as any system raised it, and the reader of ours: one JSON object a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import AwareDatetime, TypeAdapter, ValidationError
from pydantic import Field as Key

from benchmarks.events.rules import Xyxy
from benchmarks.events.truth import Clip, Scenario, TruthError
from wire.toml import first_fault

OUTSIDE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alert.

    Attributes:
        t_s: When it opened, in seconds from the clip's first frame.
        xyxy: Where, in pixels of the clip; None where a system tells no box.
        confidence: What it claims of its being right; None where a system claims nothing.
        carrier: Label of who it says did it; empty where it does not say.
    """

    scenario: Scenario
    t_s: float
    xyxy: Xyxy | None = None
    confidence: float | None = None
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class _Region:
    xyxy: Xyxy
    frame_wh: tuple[Annotated[int, Key(gt=0)], Annotated[int, Key(gt=0)]]


@dataclass(frozen=True, slots=True)
class _Facts:
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """What of ``wire.Alert`` is judged; ``t_s`` may stand in for ``captured_at``."""

    scenario: Scenario
    captured_at: AwareDatetime | None = None
    t_s: float | None = None
    region: _Region | None = None
    facts: _Facts | None = None
    confidence: float | None = None
    phase: str = "opened"

    def __post_init__(self) -> None:
        if (self.captured_at is None) == (self.t_s is None):
            raise ValueError("want either captured_at or t_s")


def read_alarms(path: Path, clip: Clip) -> tuple[Alarm, ...]:
    """What was raised on a clip, in order of time; later revisions of an alert are passed over.

    Raises:
        TruthError: A line is no alert, or its time lies outside the clip.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise TruthError(path, f"cannot be read: {error.strerror}") from error
    reader = TypeAdapter(_Line)
    found = []
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = reader.validate_json(text)
        except ValidationError as error:
            loc, said = first_fault(error)
            raise TruthError(f"{path}:{number}", f"{'.'.join(map(str, loc))}: {said}") from error
        if line.phase == "opened":
            found.append(checked(_alarm(line, clip), clip, f"{path}:{number}"))
    return tuple(sorted(found, key=lambda alarm: alarm.t_s))


def checked(alarm: Alarm, clip: Clip, where: str) -> Alarm:
    """
    Raises:
        TruthError: The alert's time lies outside its clip.
    """
    if not -OUTSIDE_S <= alarm.t_s <= clip.seconds + OUTSIDE_S:
        raise TruthError(
            where,
            f"the alert came {alarm.t_s:.1f} s into {clip.name}, which lasts {clip.seconds:.1f} s; "
            "was the clip's true start given?",
        )
    return alarm


def _alarm(line: _Line, clip: Clip) -> Alarm:
    if line.captured_at is not None:
        t_s = (line.captured_at - clip.began_at).total_seconds()
    else:
        t_s = line.t_s or 0.0
    return Alarm(
        scenario=line.scenario,
        t_s=t_s,
        xyxy=_scaled(line.region, clip.wh) if line.region else None,
        confidence=line.confidence,
        carrier=line.facts.carrier if line.facts else "",
    )


def _scaled(region: _Region, wh: tuple[int, int]) -> Xyxy:
    """The region in the clip's own pixels."""
    across, down = wh[0] / region.frame_wh[0], wh[1] / region.frame_wh[1]
    left, top, right, bottom = region.xyxy
    return left * across, top * down, right * across, bottom * down
