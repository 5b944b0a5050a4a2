"""From a script to a clip and its truth: the same script is the same bytes, on one machine.

A time-lapse becomes a folder of JPEGs, each named by its hour.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from models.purpose import purpose_of
from models.scenes.areas import areas_seen, scale_of
from models.scenes.codec import ClipWriter, Coding
from models.scenes.contact import drawn_over, save, sheet
from models.scenes.kinds import PEOPLE, VEHICLES
from models.scenes.mesh import box, shift
from models.scenes.render import Body
from models.scenes.script import Event, Script
from models.scenes.sets import SETTLES_S, Shot, set_of
from models.scenes.stage import Cast, Stage
from models.scenes.truth import VERSION, Deed, Seen, Witness, Xyxy, area_m2, around

Pixels = npt.NDArray[np.uint8]
Progress = Callable[[int, int], None]
GO_BY_THEMSELVES: Final = frozenset({*PEOPLE, *VEHICLES})
PLACE_M: Final = (1.0, 1.0, 1.0)
"""So much about a place that an event names is shown as its place."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One finished picture.

    Attributes:
        bgr: ``(height, width, 3)``.
        things: What it truly shows.
    """

    bgr: Pixels
    things: tuple[Seen, ...]


class Studio:
    """A script made ready to be drawn at any moment; a context manager."""

    def __init__(self, script: Script) -> None:
        """
        Raises:
            TomlError: The script asks for what its street has not.
            NoRendererError: This machine cannot draw.
            ModelsError: The background is no stage.
        """
        self.script = script
        with ExitStack() as held:
            self.set = set_of(script, held)
            self.stage = Stage(script, self.set.street, night=self.set.night)
            self._held = held.pop_all()
        self.witness = Witness(self.set.camera, self.set.wh)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.close()

    def moment(self, t_s: float, step_s: float) -> Moment:
        """The picture at a time, ``step_s`` after the one before."""
        cast = self.stage.at(t_s)
        still = [
            self.script.actors[part.instance - 1].name in self.stage.still for part in cast.parts
        ]
        return self._seen(cast, self.set.moment(cast, still, t_s, step_s))

    def look(self, t_s: float) -> Moment:
        """The picture at a time in a light of its own: all of it is drawn anew."""
        cast = self.stage.at(t_s)
        return self._seen(cast, self.set.look(cast, t_s))

    def _seen(self, cast: Cast, shot: Shot) -> Moment:
        return Moment(shot.bgr, self.witness.see(cast, shot.instance, shot.shaken_px))

    def areas(self) -> list[dict[str, Any]]:
        """The script's areas as the picture shows them; those outside it are left out."""
        return areas_seen(self.script.areas, self.set.camera, self.set.wh)

    def deeds(self) -> tuple[Deed, ...]:
        """The script's events, with their places and areas."""
        return tuple(self._deed(event) for event in self.script.events)

    def _deed(self, event: Event) -> Deed:
        begin_s, end_s = self.script.time_s(event.begin), self.script.time_s(event.end)
        things = self._parties(event, (end_s, (begin_s + end_s) / 2, begin_s), GO_BY_THEMSELVES)
        lying = [body for body in things if self._kind(body) != "cable"]
        return Deed(
            scenario=event.scenario,
            offence=event.offence,
            begin_s=round(begin_s, 3),
            end_s=round(min(end_s, self.script.length_s), 3),
            parties=event.actors,
            place_xyxy=self._place(event, things, begin_s),
            area_m2=area_m2(lying) if event.scenario != "charging" else 0.0,
            reason=event.reason,
        )

    def _place(self, event: Event, things: Sequence[Body], begin_s: float) -> Xyxy | None:
        """About the place that is told, else its things, else who takes part in it."""
        bodies = things or self._parties(event, (begin_s,))
        if event.place is not None:
            x, y, z = self.stage.place(event.place, begin_s)
            bodies = [Body(box(PLACE_M, (0.0, 0.0, 0.0)).moved(shift(x, y, z)))]
        return around(self.witness.box(body) for body in bodies)

    def _parties(
        self, event: Event, times_s: Sequence[float], without: Collection[str] = ()
    ) -> list[Body]:
        """Who and what takes part, but for some kinds, at the first time at which any is there."""
        for t_s in times_s:
            cast = self.stage.at(t_s)
            bodies = [
                body
                for body, part in zip(cast.bodies, cast.parts, strict=True)
                if part.name in event.actors and part.kind not in without
            ]
            if bodies:
                return bodies
        return []

    def _kind(self, body: Body) -> str:
        return self.script.actors[body.instance - 1].kind


def film(script: Script, out: Path, progress: Progress = lambda done, total: None) -> Path:
    """Writes the clip to ``out`` and its truth beside it; returns the truth's path.

    A time-lapse becomes an accelerated film: ``fps`` looks a second.
    """
    scene = script.scene
    coding = Coding(scene.codec, scene.kbps, scene.keyframe_s, scene.fps)
    truth = out.with_suffix(".truth.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    times_s = _times_s(script)
    with (
        Studio(script) as studio,
        ClipWriter(out, studio.set.wh, scene.at, coding) as clip,
        truth.open("w", encoding="utf-8") as lines,
        ThreadPoolExecutor(1) as packer,
    ):
        packed: Future[None] | None = None
        _tell(lines.write, _head(studio, "clip", len(times_s)))
        for number, t_s in enumerate(times_s):
            moment = studio.look(t_s) if scene.looks else studio.moment(t_s, 1 / scene.fps)
            if packed is not None:
                packed.result()
            packed = packer.submit(clip.write, moment.bgr)
            _tell(lines.write, _line(number, t_s, moment.things))
            progress(number + 1, len(times_s))
        if packed is not None:
            packed.result()
    return truth


def _times_s(script: Script) -> list[float]:
    """When each frame is taken, in seconds since the scene's beginning."""
    scene = script.scene
    if scene.looks:
        return [(at - scene.at).total_seconds() for at in scene.looks]
    return [number / scene.fps for number in range(max(round(scene.seconds * scene.fps), 1))]


def film_looks(script: Script, out: Path, progress: Progress = lambda done, total: None) -> Path:
    """Writes a time-lapse's pictures into the folder ``out``, its truth beside it.

    Returns:
        The truth's path.
    """
    looks = script.scene.looks
    out.mkdir(parents=True, exist_ok=True)
    truth = out.with_name(f"{out.name}.truth.json")
    with Studio(script) as studio, truth.open("w", encoding="utf-8") as lines:
        _tell(lines.write, _head(studio, "looks", len(looks)))
        for number, (at, t_s) in enumerate(zip(looks, _times_s(script), strict=True)):
            moment = studio.look(t_s)
            save(out / picture_name(at), moment.bgr)
            line = _line(number, t_s, moment.things)
            _tell(lines.write, line | {"picture": picture_name(at)})
            progress(number + 1, len(looks))
    return truth


def previewed(
    script: Script, out: Path, at_s: float | None, progress: Progress = lambda done, total: None
) -> None:
    """Writes one moment with its truth drawn over; without ``at_s``, a sheet of twelve.

    Raises:
        TomlError: The clip is shorter.
    """
    if at_s is not None and at_s > script.length_s:
        raise script.fault(("scene", "seconds"), f"{at_s:g} s lies outside {script.length_s:g} s")
    times_s = [at_s] if at_s is not None else _spread(script)
    shown = []
    with Studio(script) as studio:
        for number, t_s in enumerate(times_s):
            moment = studio.look(t_s) if script.scene.looks else studio.moment(t_s, SETTLES_S)
            shown.append(drawn_over(moment.bgr, moment.things, f"{t_s:.1f} s"))
            progress(number + 1, len(times_s))
    save(out, shown[0] if at_s is not None else sheet(shown, 3))


def _spread(script: Script) -> list[float]:
    """Twelve moments from the first to the last."""
    if script.scene.looks:
        looks = _times_s(script)
        return [looks[k] for k in np.linspace(0, len(looks) - 1, min(12, len(looks))).astype(int)]
    return [round(k / 11 * max(script.length_s - 0.1, 0), 1) for k in range(12)]


def picture_name(at: datetime) -> str:
    """A file name that says when.

    >>> picture_name(datetime(2026, 3, 4, 1, 20, tzinfo=UTC))
    '20260304T012000Z.jpg'
    """
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.jpg"


def _head(studio: Studio, what: str, count: int) -> dict[str, Any]:
    scene = studio.script.scene
    return {
        "truth": what,
        "version": VERSION,
        "made": "composed",
        "script": studio.script.file.path.name,
        "background": studio.set.background,
        "street": studio.set.street.name,
        "seed": scene.seed,
        "purpose": purpose_of(scene.seed),
        "at": scene.at.isoformat(),
        "wh": studio.set.wh,
        "fps": scene.fps,
        "frames": count,
        "areas": studio.areas(),
        "ground": scale_of(studio.set.camera, studio.set.wh),
        "events": [deed.as_json() for deed in studio.deeds()],
    }


def _line(number: int, t_s: float, things: Sequence[Seen]) -> dict[str, Any]:
    return {
        "frame": number,
        "t_s": round(t_s, 3),
        "things": [thing.as_json() for thing in things],
    }


def _tell(write: Callable[[str], object], what: dict[str, Any]) -> None:
    write(json.dumps(what, separators=(",", ":")) + "\n")
