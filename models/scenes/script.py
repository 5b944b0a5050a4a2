"""A scene as people write it: a TOML file of who is there, what they do when, and what it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from models.scenes.camera import Camera
from models.scenes.kinds import KINDS, SIZES
from wire.toml import Location, TomlError, TomlFile, line_of, read_toml

Point = tuple[float, float] | tuple[float, float, float]
Place = str | Point
"""A spot, an opening, an actor, ``way@0.3``, or metres east and north (and up)."""
Does = Literal[
    "enters",
    "walks",
    "rides",
    "drives",
    "stands",
    "stops",
    "sits",
    "bends",
    "puts down",
    "picks up",
    "parks",
    "gets out",
    "gets in",
    "plugs in",
    "unplugs",
    "hangs",
    "tips",
    "grows",
    "leaves",
]
NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "walks": ("to",),
    "rides": ("with", "to"),
    "drives": ("to",),
    "puts down": ("with",),
    "picks up": ("with",),
    "gets out": ("from",),
    "gets in": ("to",),
    "plugs in": ("with", "from", "to"),
    "unplugs": ("with",),
    "hangs": ("from", "to"),
    "tips": ("with",),
    "grows": ("reaches",),
    "enters": ("from",),
}
"""The keys that each doing cannot go without."""


Side = Annotated[int, Field(ge=64, le=3840)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Measure = Annotated[float, Field(gt=0.3, le=60)]
YEARS: Final = (1900, 2100)
THE_REAL: Final = ("street", "weather", "look", "shake_px")
"""Keys that a background answers itself."""
THE_DRAWN: Final = ("background_first", "background_last", "ground")
"""Keys that only a background wants."""


class _Table(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False
    )


class OwnCamera(_Table):
    position: tuple[float, float, float]
    """Metres east, north and up."""
    heading_deg: float
    """Compass direction in which it looks."""
    tilt_deg: Annotated[float, Field(ge=-30, le=90)]
    """Below the horizon."""
    fov_deg: Annotated[float, Field(gt=5, lt=150)] = 70.0
    """From the left edge of the picture to the right."""
    roll_deg: float = 0.0
    """Clockwise lean."""

    def camera(self) -> Camera:
        return Camera(self.position, self.heading_deg, self.tilt_deg, self.fov_deg, self.roll_deg)


class GroundPoint(_Table):
    pixel: tuple[float, float]
    """In the background, as it is stored: right and down."""
    metres: tuple[float, float]
    """East and north."""


class Scene(_Table):
    street: str = ""
    """Name of the street."""
    camera: str | OwnCamera | None = None
    """One of the street's cameras, or one's own."""
    at: AwareDatetime
    """When it begins, with its offset from UTC."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed is another street of the same name, and other noise."""
    seconds: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """Length of the clip."""
    fps: Annotated[int, Field(ge=1, le=30)] = 10
    """Pictures a second."""
    wh: tuple[Side, Side] | None = None
    """Width and height in pixels, both even; else 1280 x 720, or the background's."""
    place: tuple[Latitude, Longitude] | None = None
    """Latitude and longitude, for the sun."""
    weather: Literal["clear", "cloudy", "overcast", "drizzle", "rain", "fog"] = "clear"
    """What the sky does."""
    look: Literal["color", "infrared"] = "color"
    """Infrared is the grey picture of a camera with its own lamp."""
    codec: Literal["h264", "h265"] = "h264"
    """Of the clip."""
    kbps: Annotated[int, Field(ge=50, le=50_000)] = 2000
    """Bit rate of the clip."""
    keyframe_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    """Seconds between key frames."""
    shake_px: Annotated[float, Field(ge=0, le=12)] = 0.0
    """How far wind moves the picture."""
    background: Path | Annotated[tuple[Path, ...], Field(min_length=1)] | None = None
    """A real clip or photo in place of a street, beside the script or in the data folder; for a
    time-lapse, a photo for each look."""
    background_first: Annotated[int, Field(ge=0)] = 0
    """First frame of it to show."""
    background_last: Annotated[int | None, Field(gt=0)] = None
    """First frame of it not to show any more."""
    ground: Annotated[tuple[GroundPoint, ...], Field(max_length=40)] = ()
    """Four points of a background's ground, or more."""
    looks: tuple[AwareDatetime, ...] = ()
    """For a time-lapse: when the camera looks, in place of ``seconds`` and ``fps``."""


class Actor(_Table):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """How steps and events call it."""
    kind: str
    """What it is: one of ``models.scenes.kinds.KINDS``."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed is another one of its kind."""
    size: tuple[Measure, Measure, Measure] | None = None
    """Of what is built: length, depth and height in metres."""


class Step(_Table):
    who: str
    """An actor."""
    does: Does
    """What it does."""
    at_s: Annotated[float | None, Field(ge=0)] = None
    """When it begins, in seconds of the clip."""
    at: AwareDatetime | None = None
    """When it begins, in a time-lapse."""
    name: str = ""
    """For events to say when they begin and end."""
    things: Annotated[str | tuple[str, ...], Field(alias="with")] = ()
    """Actors it carries, rides, puts down, plugs in."""
    to: Place | None = None
    """Where it goes, or what it gets into or plugs in."""
    start: Annotated[Place | None, Field(alias="from")] = None
    """Where it comes from, or which opening a cable hangs from."""
    where: Place | None = None
    """Where it stands."""
    along: str = ""
    """The way that it takes; else it goes straight."""
    over_s: Annotated[float | None, Field(gt=0)] = None
    """How long it takes; else as long as such things do."""
    until: AwareDatetime | None = None
    """In a time-lapse: when what grows is as far as it ``reaches``."""
    reaches: Annotated[float | None, Field(ge=0, le=1)] = None
    """How far it is built: 1 is done."""
    heading_deg: float | None = None
    """Compass direction in which it then stands."""

    @property
    def having(self) -> tuple[str, ...]:
        return (self.things,) if isinstance(self.things, str) else self.things


class Event(_Table):
    scenario: Literal["charging", "dumping", "construction"]
    """Which of the three it concerns."""
    offence: bool
    """False marks what only looks like one."""
    actors: tuple[str, ...]
    """Who and what takes part."""
    begin: str | float | AwareDatetime
    """Name of a step, seconds, or in a time-lapse a time."""
    end: str | float | AwareDatetime
    """Likewise; the end of the clip where it goes on."""
    reason: str
    """Why it is an offence, or why it is none."""
    place: Place | None = None
    """Where it happens; else where its things are, or who takes part in it."""


class Area(_Table):
    kind: Literal["collection", "shed", "permit"]
    """A collection point, a registered charging shed, or the ground of permitted works."""
    corners: Annotated[tuple[Point, ...], Field(min_length=3)]
    """Metres east and north (and up), one after the other around it."""
    height_m: Annotated[float, Field(ge=0)] = 0.0
    """How high above its corners it reaches."""
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    """From when on it counts; else always."""
    until: AwareDatetime | None = None
    """Until when it counts; else for good."""


class _File(_Table):
    scene: Scene
    actor: tuple[Actor, ...] = ()
    step: tuple[Step, ...] = ()
    event: tuple[Event, ...] = ()
    area: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """A scene that was read; ``file`` is what its faults are told by.

    Attributes:
        backgrounds: Where the scene's real clip or photos were found; none of a drawn street.
    """

    scene: Scene
    actors: tuple[Actor, ...]
    steps: tuple[Step, ...]
    events: tuple[Event, ...]
    file: TomlFile
    areas: tuple[Area, ...] = ()
    backgrounds: tuple[Path, ...] = ()

    @property
    def length_s(self) -> float:
        if self.scene.looks:
            return (self.scene.looks[-1] - self.scene.at).total_seconds()
        return self.scene.seconds

    def begins_s(self, step: Step) -> float:
        """When a step begins, in seconds since ``scene.at``."""
        if step.at is not None:
            return (step.at - self.scene.at).total_seconds()
        return step.at_s or 0.0

    def time_s(self, of: str | float | datetime) -> float:
        """A time as events tell it, in seconds; of a named step, when that step begins."""
        if isinstance(of, str):
            return self.begins_s(next(step for step in self.steps if step.name == of))
        if isinstance(of, datetime):
            return (of - self.scene.at).total_seconds()
        return float(of)

    def fault(self, loc: Location, said: str) -> TomlError:
        """One sentence with file, line and key."""
        line = line_of(self.file.text, loc)
        where = f"{self.file.path}:{line}" if line else str(self.file.path)
        return TomlError(where, ".".join(str(step) for step in loc), said)


def read_script(path: Path, data: Path | None = None) -> Script:
    """Reads a script and sees that it agrees with itself; the street has its say in ``plan``.

    Args:
        data: Where to look for backgrounds that are not beside the script.

    Raises:
        TomlError: In one sentence with file, line and key.
    """
    file = read_toml(path)
    told = file.validate(_File)
    script = Script(told.scene, told.actor, told.step, told.event, file, told.area)
    _check_scene(script)
    script = replace(script, backgrounds=_backgrounds(script, data))
    _check_actors(script)
    for index, step in enumerate(script.steps):
        _check_step(script, index, step)
    for index, event in enumerate(script.events):
        _check_event(script, index, event)
    for index, area in enumerate(script.areas):
        if area.since and area.until and area.until <= area.since:
            raise script.fault(("area", index, "until"), "it ends before it begins")
    return script


def _check_scene(script: Script) -> None:
    scene = script.scene
    if scene.wh is not None and (scene.wh[0] % 2 or scene.wh[1] % 2):
        raise script.fault(("scene", "wh"), f"{scene.wh}: want even numbers")
    if not YEARS[0] <= scene.at.year <= YEARS[1]:
        raise script.fault(("scene", "at"), f"the year {scene.at.year} has no almanac here")
    if any(later <= earlier for earlier, later in pairwise(scene.looks)):
        raise script.fault(("scene", "looks"), "times are out of order, or one stands there twice")
    if scene.looks and scene.looks[0] < scene.at:
        raise script.fault(("scene", "looks"), f"{scene.looks[0]} is before the scene's beginning")
    if "background" in scene.model_fields_set:
        _check_real(script)
    else:
        _check_drawn(script)


def _check_drawn(script: Script) -> None:
    told = script.scene.model_fields_set
    for key in ("street", "camera", "place"):
        if key not in told:
            raise script.fault(("scene", key), "missing, and there is no background")
    for key in THE_DRAWN:
        if key in told:
            raise script.fault(("scene", key), "there is no background")


def _check_real(script: Script) -> None:
    scene = script.scene
    for key in THE_REAL:
        if key in scene.model_fields_set:
            raise script.fault(("scene", key), "a background brings its own; leave this out")
    if isinstance(scene.camera, str):
        raise script.fault(
            ("scene", "camera"),
            "a background names no cameras; want { position, heading_deg, tilt_deg, fov_deg }",
        )
    if scene.camera is not None and scene.ground:
        raise script.fault(("scene", "ground"), "the camera is given already; want one of them")
    if scene.ground and len(scene.ground) < 4:
        raise script.fault(("scene", "ground"), f"{len(scene.ground)} points: want four or more")


def _backgrounds(script: Script, data: Path | None) -> tuple[Path, ...]:
    """Where the scene's backgrounds are."""
    named = script.scene.background
    names = (named,) if isinstance(named, Path) else named or ()
    if len(names) > 1 and len(names) != len(script.scene.looks):
        raise script.fault(
            ("scene", "background"),
            f"{len(names)} for {len(script.scene.looks)} looks: want one, or one for each look",
        )
    folders = [script.file.path.parent, *([data] if data else [])]
    found = []
    for name in names:
        places = [folder / name for folder in folders]
        path = next((place for place in places if place.is_file()), None)
        if path is None:
            sought = " nor ".join(str(place) for place in places)
            raise script.fault(("scene", "background"), f"{sought}: not found")
        found.append(path)
    return tuple(found)


def _check_actors(script: Script) -> None:
    seen: set[str] = set()
    for index, actor in enumerate(script.actors):
        if actor.name in seen:
            raise script.fault(("actor", index, "name"), f"two actors are called {actor.name!r}")
        seen.add(actor.name)
        if actor.kind not in KINDS:
            raise script.fault(
                ("actor", index, "kind"), f"no kind {actor.kind!r}; want one of {_listed(KINDS)}"
            )
        if actor.size is not None and actor.kind not in SIZES:
            raise script.fault(
                ("actor", index, "size"), f"a {actor.kind} has none; {_listed(SIZES)} have"
            )


def _check_step(script: Script, index: int, step: Step) -> None:
    names = [actor.name for actor in script.actors]
    for key, named in (("who", (step.who,)), ("with", step.having)):
        for name in named:
            if name not in names:
                raise script.fault(
                    ("step", index, key), f"no actor {name!r}; want one of {_listed(names)}"
                )
    if (step.at_s is None) == (step.at is None):
        raise script.fault(("step", index, "at_s"), "want at_s or at, one of the two")
    given = {"with": step.having, "to": step.to, "from": step.start, "reaches": step.reaches}
    for key in NEEDS.get(step.does, ()):
        if given[key] in (None, ()):
            raise script.fault(("step", index, "does"), f"{step.does!r} wants a key {key!r}")
    if step.name and any(step.name == other.name for other in script.steps[:index]):
        raise script.fault(("step", index, "name"), f"two steps are called {step.name!r}")
    begins_s, key = script.begins_s(step), "at_s" if step.at is None else "at"
    if not 0 <= begins_s <= script.length_s:
        raise script.fault(
            ("step", index, key), f"{begins_s:g} s lies outside the {script.length_s:g} s shown"
        )
    if index and begins_s < script.begins_s(script.steps[index - 1]):
        raise script.fault(("step", index, key), "this step comes before the one above it")


def _check_event(script: Script, index: int, event: Event) -> None:
    names = [actor.name for actor in script.actors]
    for name in event.actors:
        if name not in names:
            raise script.fault(
                ("event", index, "actors"), f"no actor {name!r}; want one of {_listed(names)}"
            )
    steps = [step.name for step in script.steps if step.name]
    for key, told in (("begin", event.begin), ("end", event.end)):
        if isinstance(told, str) and told not in steps:
            raise script.fault(
                ("event", index, key), f"no step is named {told!r}; named are {_listed(steps)}"
            )
    begin_s = script.time_s(event.begin)
    if not 0 <= begin_s <= script.length_s:
        raise script.fault(
            ("event", index, "begin"),
            f"{begin_s:g} s lies outside the {script.length_s:g} s shown",
        )
    if script.time_s(event.end) < begin_s:
        raise script.fault(("event", index, "end"), "it ends before it begins")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
