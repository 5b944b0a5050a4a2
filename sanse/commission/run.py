"""The whole of it, in order: stage, places, probes, the clip itself, proposals, page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

from edge.build import open_detector, software
from edge.config import BoxConfig, load_config
from edge.config import Detector as DetectorConfig
from edge.site import SiteFile, load_site
from edge.video.frame import Pixels
from edge.vision.boxes import LABELS
from edge.vision.detector import OnnxDetector
from models.scenes.render import Renderer
from sanse.commission.drawing import take_photos
from sanse.commission.errors import NoGroundError
from sanse.commission.footage import (
    Stage,
    cut,
    emptiest,
    empty_of,
    lamp_lit,
    night_of,
    stage_wh,
)
from sanse.commission.kept import file_key, kept, key_of, made
from sanse.commission.listening import box_of, listen
from sanse.commission.places import Place, camera_of, grid
from sanse.commission.probe import Bench, Task, probe
from sanse.commission.report import LIMITS_S, Report
from sanse.commission.results import LightName, Result, Score, Stretch, Watched
from sanse.commission.sights import ANY_SCORE, false_scores, is_taken
from sanse.commission.stories import STORIES, Scenario

HOURS: Final[dict[LightName, str]] = {
    "day": "2026-01-05T10:00:00+08:00",
    "night": "2026-01-05T22:30:00+08:00",
}
"""When probes are said to happen: it tells day from night where policy asks, and the page that."""
STAYS_S: Final = {"dumping": 16.0, "charging": 16.0, "construction": 0.0}
"""So long probes last beyond the deed."""
INNOCENT_SHARE: Final = 4
"""Innocent probes stand at every so-many-th place."""
Tell = Callable[[str, float, int], None]
"""What is under way, how many steps are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What was asked for.

    Attributes:
        night: A clip by night; without one, night is made of the day.
        overrides: Of the box's configuration, as ``KEY=VALUE``.
        per_day: False alarms that are put up with.
        width: Of the pictures that are drawn, at most.
    """

    site: Path
    clip: Path
    night: Path | None
    out: Path
    places: int = 12
    scenarios: tuple[Scenario, ...] = ("dumping",)
    overrides: tuple[str, ...] = ()
    per_day: float = 5.0
    width: int = 960
    fps: int = 5
    keep: bool = False


def commission(settings: Settings, model: Path | None, tell: Tell) -> Report:
    """Probes one camera; what an earlier run finished is not made again.

    Raises:
        EdgeError, CommissionError, ModelsError, TomlError, OSError: In one sentence.
    """
    site = load_site(settings.site)
    if not site.ground:
        raise NoGroundError(settings.site)
    with Renderer((64, 64)):
        pass  # a machine that cannot draw says so now, not after minutes
    configured = load_config(None, settings.overrides)
    settings.out.mkdir(parents=True, exist_ok=True)
    stages, stretch, keys = _staged(settings, site, tell)
    day = stages["day"]
    camera = camera_of(site, day.wh, settings.site)
    detector = open_detector(configured.detector, model)
    empties = {light: empty_of(stage) for light, stage in stages.items() if not stage.composed}
    places = tuple(
        replace(place, taken=is_taken(empties["day"], place, detector))
        for place in grid(site, camera, day.wh, settings.places, settings.site)
    )
    middle = np.mean([place.metres for place in places], axis=0)
    lit = lamp_lit(camera, day.wh, (float(middle[0]), float(middle[1])))
    if stages["night"].composed:
        empties["night"] = night_of(empties["day"], lit)
    sharp = _sharp(configured, model)
    bench = Bench(
        stages=stages,
        lit=lit,
        camera=camera,
        config=box_of(settings.site, settings.overrides, LIMITS_S),
        box_key=_box_key(settings, detector),
        detector=detector,
        sharp=sharp,
        stays_s=STAYS_S,
        folder=settings.out / "probes",
        keep=settings.keep,
    )
    if "construction" in settings.scenarios:
        take_photos(day)
    results = _probed(tasks(places, settings.scenarios), bench, keys, tell)
    return Report(
        settings=settings,
        site=site,
        stretch=stretch,
        stages=stages,
        places=places,
        results=tuple(results),
        watched=tuple(_watched(settings, bench, tell)),
        false=_false(empties, sharp),
        empties=empties,
        config=configured,
        model=detector.model if detector else None,
    )


def tasks(places: Iterable[Place], scenarios: tuple[Scenario, ...]) -> list[Task]:
    """Which story happens where: offences at every free place, innocents at some of them."""
    free = [place for place in places if not place.taken]
    found = []
    for story in STORIES.values():
        if story.scenario not in scenarios:
            continue
        lights: tuple[LightName, ...] = ("day",) if story.is_lapse else ("day", "night")
        where = free if story.offence else some_of(free, -(-len(free) // INNOCENT_SHARE))
        found += [Task(story, place, lights) for place in where]
    return found


def some_of(places: list[Place], count: int) -> list[Place]:
    """So many of them, spread from the first to the last."""
    chosen = np.linspace(0, len(places) - 1, min(count, len(places))).round().astype(int)
    return [places[k] for k in dict.fromkeys(chosen.tolist())]


def _staged(
    settings: Settings, site: SiteFile, tell: Tell
) -> tuple[dict[LightName, Stage], Stretch, dict[LightName, str]]:
    """The stages, the day's stretch, and what each stage is known by."""
    clips: dict[LightName, Path] = {"day": settings.clip}
    if settings.night is not None:
        clips["night"] = settings.night
    stages: dict[LightName, Stage] = {}
    keys: dict[LightName, str] = {}
    stretches = {}
    folder = settings.out / "stage"
    folder.mkdir(exist_ok=True)
    for light, clip in clips.items():
        key = key_of(clip.name, str(settings.fps), str(settings.width), file_key(clip))
        note = folder / f"{light}.json"
        fresh = kept(note, key, Stretch) is None

        def look(clip: Path = clip, key: str = key) -> Stretch:
            said = f"looking for the empty stretch of {clip.name}"
            return emptiest(clip, site.frame_wh, key, lambda share: tell(said, share, 1))

        stretch = made(note, key, Stretch, look)
        wh = stages["day"].wh if stages else stage_wh(stretch.frame_wh, settings.width)
        at = datetime.fromisoformat(HOURS[light])
        stages[light] = Stage(folder / f"{light}.mp4", light, False, at, wh, settings.fps)
        if fresh or not stages[light].path.exists():
            cut(clip, stretch, stages[light])
        stretches[light], keys[light] = stretch, key
    if "night" not in stages:
        day, at = stages["day"], datetime.fromisoformat(HOURS["night"])
        stages["night"] = Stage(folder / "night.mp4", "night", True, at, day.wh, day.fps)
        keys["night"] = keys["day"]
    return stages, stretches["day"], keys


def _probed(
    every: list[Task], bench: Bench, keys: dict[LightName, str], tell: Tell
) -> Iterable[Result]:
    todo = sum(
        kept(task.path(bench, light), task.key(bench, light, keys), Result) is None
        for task in every
        for light in task.lights
    )
    done = 0
    results: list[Result] = []
    for task in every:
        tell(f"{task.story.name} at place {task.place.number}", done, todo)

        def one(task: Task = task) -> None:
            nonlocal done
            done += 1
            tell(f"{task.story.name} at place {task.place.number}", done, todo)

        results += probe(task, bench, keys, one)
    return results


def _watched(settings: Settings, bench: Bench, tell: Tell) -> Iterable[Watched]:
    """The clips as they are: what alerts there is false."""
    clips: dict[LightName, Path | None] = {"day": settings.clip, "night": settings.night}
    for light, clip in clips.items():
        if clip is None:
            continue
        key = key_of(file_key(clip), light, bench.box_key)

        def watch(clip: Path = clip, key: str = key, light: LightName = light) -> Watched:
            def shown(share: float) -> None:
                tell(f"watching {clip.name} as it is", share, 1)

            began_s = time.monotonic()
            told = listen(clip, bench.config, bench.stages[light].at, bench.detector, shown)
            return Watched(
                key=key,
                light=light,
                clip=clip.name,
                seconds=told.seconds,
                heard=told.heard(None),
                took_s=round(time.monotonic() - began_s, 2),
            )

        yield made(settings.out / f"watched-{light}.json", key, Watched, watch)


def _box_key(settings: Settings, detector: OnnxDetector | None) -> str:
    return key_of(
        settings.site.read_bytes(),
        *settings.overrides,
        str(LIMITS_S),
        detector.model.sha256 if detector else "",
        software(),
    )


def _sharp(configured: BoxConfig, model: Path | None) -> OnnxDetector | None:
    """The same detector, telling all that it believes a little."""
    onnx = configured.detector.onnx or model
    if onnx is None:
        return None
    own = configured.detector.model_dump() | {"scores": dict.fromkeys(LABELS, ANY_SCORE)}
    return OnnxDetector(onnx, DetectorConfig.model_validate(own))


def _false(empties: dict[LightName, Pixels], sharp: OnnxDetector | None) -> tuple[Score, ...]:
    if sharp is None:
        return ()
    return tuple(score for picture in empties.values() for score in false_scores(picture, sharp))
