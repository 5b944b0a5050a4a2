"""What a benchmark holds: clips, their deeds, and who was where; frozen by hashes in an index.

A clip's truth is JSON lines: the first tells of the clip and its deeds, each further one of one
frame. The index is one JSON file that names the clips, their strata and the rules they are
judged by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic import AwareDatetime, ConfigDict, TypeAdapter, ValidationError
from pydantic import Field as Key

from benchmarks.events.rules import Rules, Xyxy
from wire.toml import first_fault

Scenario = Literal["charging", "dumping", "construction"]
Light = Literal["day", "night", "infrared", "rain", "dusk"]
Background = Literal["composed", "real"]
_T = TypeVar("_T")

SCENARIOS: Final[tuple[Scenario, ...]] = ("charging", "dumping", "construction")
LIGHTS: Final[tuple[Light, ...]] = ("day", "dusk", "night", "infrared", "rain")
BACKGROUNDS: Final[tuple[Background, ...]] = ("composed", "real")
BACKGROUND_OF: Final[dict[str, Background]] = {"drawn": "composed", "real": "real"}
"""By what a truth file says of its street."""
LOOKS_EVERY_S: Final = 1.0
UNKNOWN_KEY: Final = "Unexpected keyword argument"
"""How pydantic says it of a dataclass."""


class TruthError(ValueError):
    """A file of the benchmark cannot be used; the sentence says where and why."""

    def __init__(self, where: Path | str, fault: str) -> None:
        super().__init__(f"{where}: {fault}")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in one frame.

    Attributes:
        visible_xyxy: Box of the pixels that show it; None where none does.
    """

    name: str
    kind: str
    label: str
    does: str
    visible_xyxy: Xyxy | None


@dataclass(frozen=True, slots=True)
class Moment:
    """What one frame truly shows."""

    t_s: float
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Registered ground as the picture shows it; a permit counts from ``since`` to ``until``."""

    kind: Literal["collection", "shed", "permit"]
    polygon_px: tuple[tuple[float, float], ...]
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def __post_init__(self) -> None:
        if self.kind == "permit" and (self.since is None or self.until is None):
            raise ValueError("a permit wants since and until")


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the ground, in the picture and in the world."""

    pixel: tuple[float, float]
    metres: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Event:
    """One deed.

    Attributes:
        offence: False for a hard negative, which only looks like one.
        begin_s: In seconds from the clip's first frame.
        parties: Names of who and what takes part.
        place_xyxy: Where in the picture; None outside, or not told.
        area_m2: Ground that what is left covers; 0 where nothing is.
    """

    scenario: Scenario
    offence: bool
    begin_s: float
    end_s: float
    parties: tuple[str, ...] = ()
    place_xyxy: Xyxy | None = None
    area_m2: float = 0.0
    reason: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.begin_s <= self.end_s:
            raise ValueError(f"{self.begin_s:g} s to {self.end_s:g} s: want 0 <= begin_s <= end_s")
        if self.place_xyxy is not None and not _is_box(self.place_xyxy):
            raise ValueError(f"place_xyxy {self.place_xyxy}: want left < right, top < bottom")


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip and its truth.

    Attributes:
        scenarios: What a system is asked to watch for in it; alerts of others are not judged.
        background: ``composed`` for a drawn street, ``real`` for deeds put into real footage.
        seconds: Of the world's time, from the first frame to the end of the last.
        began_at: Aware time of the first frame.
        moments: Who was where, about once a second; empty where nobody told.
        areas, ground: What a district knows beforehand, and a system may be told.
    """

    name: str
    scenarios: tuple[Scenario, ...]
    light: Light
    background: Background
    seconds: float
    began_at: datetime
    wh: tuple[int, int]
    events: tuple[Event, ...]
    moments: tuple[Moment, ...] = ()
    areas: tuple[Area, ...] = ()
    ground: tuple[Spot, ...] = ()

    def labels_of(self, parties: Sequence[str]) -> frozenset[str]:
        """The labels that these names bear anywhere in the clip."""
        wanted = set(parties)
        things = (thing for moment in self.moments for thing in moment.things)
        return frozenset(thing.label for thing in things if thing.name in wanted and thing.label)

    def near(self, t_s: float) -> tuple[Thing, ...]:
        """What the frame nearest to a time shows."""
        if not self.moments:
            return ()
        return min(self.moments, key=lambda moment: abs(moment.t_s - t_s)).things


@dataclass(frozen=True, slots=True)
class Entry:
    """One clip in the index.

    Attributes:
        truth: File beside the rendered clips.
        script: What it is rendered from; counts from the index. None for what was recorded.
        script_sha256: Freezes the script; empty where there is none.
        footage: What was recorded, among the data; its truth then counts from the index.
        footage_sha256: Freezes the footage; empty where there is none.
        truth_sha256: Freezes the truth itself; empty where each machine renders its own.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    truth: str
    scenarios: tuple[Scenario, ...]
    light: Light
    background: Background
    script: str | None = None
    script_sha256: str = ""
    footage: str | None = None
    footage_sha256: str = ""
    truth_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """What a benchmark consists of."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    benchmark: str
    version: Literal[1]
    clips: tuple[Entry, ...]
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        names = [entry.name for entry in self.clips]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"clip {twice[0]!r} stands here twice")

    def to_json(self) -> str:
        """The file's text; the inverse of ``read_index``."""
        return TypeAdapter(Index).dump_json(self, indent=1).decode() + "\n"


def read_index(path: Path) -> Index:
    """
    Raises:
        TruthError: It cannot be read, or is no index.
    """
    return _checked(TypeAdapter(Index), _bytes_of(path), path)


def read_clips(index: Path, rendered: Path) -> tuple[Clip, ...]:
    """Every clip of an index, its truth from the folder ``rendered``.

    Raises:
        TruthError: A file is missing, damaged, or not the one that was frozen.
    """
    return clips_of(read_index(index).clips, index.parent, rendered)


def clips_of(entries: Iterable[Entry], scripts: Path, rendered: Path) -> tuple[Clip, ...]:
    """The clips of some entries, their scripts in the folder ``scripts``.

    Raises:
        TruthError: A file is missing, damaged, or not the one that was frozen.
    """
    return tuple(_clip_of(entry, scripts, rendered) for entry in entries)


def read_truth(path: Path, entry: Entry, every_s: float = LOOKS_EVERY_S) -> Clip:
    """One clip, its moments thinned to one in ``every_s`` seconds.

    Raises:
        TruthError: It cannot be read, is no truth, or of another background than the index says.
    """
    lines = _bytes_of(path).splitlines()
    if not lines:
        raise TruthError(path, "is empty; want a first line that tells of the clip")
    head = _checked(TypeAdapter(_Head), lines[0], f"{path}:1")
    if head.background is not None and BACKGROUND_OF[head.background] != entry.background:
        raise TruthError(path, f"is {head.background}, but the index says {entry.background}")
    step = max(round(every_s * head.fps), 1) if head.truth == "clip" else 1
    moments = tuple(_moments(path, lines, step))
    if head.truth == "looks":
        seconds = moments[-1].t_s if moments else 0.0
    else:
        seconds = head.frames / head.fps
    return Clip(
        name=entry.name,
        scenarios=entry.scenarios,
        light=entry.light,
        background=entry.background,
        seconds=seconds,
        began_at=head.at,
        wh=head.wh,
        events=head.events,
        moments=moments,
        areas=head.areas,
        ground=head.ground,
    )


def sha256_of(path: Path) -> str:
    """
    Raises:
        TruthError: It cannot be read.
    """
    return hashlib.sha256(_bytes_of(path)).hexdigest()


def frozen(entry: Entry, scripts: Path, rendered: Path | None = None) -> Entry:
    """The entry with today's hashes; of the truth too where ``rendered`` is given."""
    script = sha256_of(scripts / entry.script) if entry.script else ""
    truth = sha256_of(rendered / entry.truth) if rendered else ""
    return replace(entry, script_sha256=script, truth_sha256=truth)


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line of a truth file."""

    truth: Literal["clip", "looks"]
    version: Literal[1]
    at: AwareDatetime
    wh: tuple[int, int]
    fps: float = Key(gt=0)
    frames: int = Key(ge=0)
    events: tuple[Event, ...] = ()
    background: Literal["drawn", "real"] | None = None
    areas: tuple[Area, ...] = ()
    ground: tuple[Spot, ...] = ()


def _clip_of(entry: Entry, scripts: Path, rendered: Path) -> Clip:
    truth = (rendered if entry.footage is None else scripts) / entry.truth
    if entry.script is not None and entry.script_sha256:
        same(scripts / entry.script, entry.script_sha256)
    if entry.truth_sha256:
        same(truth, entry.truth_sha256)
    return read_truth(truth, entry)


def same(path: Path, wanted: str) -> None:
    """
    Raises:
        TruthError: It cannot be read, or is another file than was frozen.
    """
    got = sha256_of(path)
    if got != wanted:
        raise TruthError(path, f"is not the file that was frozen: {got[:12]}, want {wanted[:12]}")


def _moments(path: Path, lines: Sequence[bytes], step: int) -> Iterator[Moment]:
    reader = TypeAdapter(Moment)
    for number in range(1, len(lines), step):
        if lines[number].strip():
            yield _checked(reader, lines[number], f"{path}:{number + 1}")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TruthError(path, f"cannot be read: {error.strerror}") from error


def _checked(reader: TypeAdapter[_T], told: bytes, where: Path | str) -> _T:
    try:
        return reader.validate_json(told)
    except ValidationError as error:
        loc, said = first_fault(error)
        key = ".".join(str(step) for step in loc)
        said = "no such key" if said == UNKNOWN_KEY else said
        raise TruthError(where, f"{key}: {said}" if key else said) from error


def _is_box(xyxy: Xyxy) -> bool:
    left, top, right, bottom = xyxy
    return left < right and top < bottom
