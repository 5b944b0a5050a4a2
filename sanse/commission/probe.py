"""One probe: drawn into the camera's own clip, looked at by the box, judged by its truth."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.config import BoxConfig
from edge.vision.detector import OnnxDetector
from edge.vision.scene import Box
from models.scenes.camera import Camera
from models.scenes.mesh import Floats
from sanse.commission.drawing import draw, script_text
from sanse.commission.footage import Stage, frames_of, make_night
from sanse.commission.kept import key_of, made
from sanse.commission.listening import Told, listen
from sanse.commission.places import Place
from sanse.commission.results import LightName, Reason, Result
from sanse.commission.sights import Truth, picture, recognised, scores
from sanse.commission.stories import Scenario, Story

UNSAID: Final[dict[Scenario, tuple[str, str]]] = {
    "dumping": (
        "no near miss was told: nothing that stays was noticed, or more than one condition failed",
        "没有险报记录：未察觉到留下的东西，或不止一个条件未满足",
    ),
    "charging": (
        "no near miss was told: no line above the bike came near to a cable",
        "没有险报记录：车上方没有接近线缆的细线",
    ),
    "construction": (
        "no near miss was told: nothing was seen to grow there",
        "没有险报记录：没看出那里有东西在长高",
    ),
}
NO_BIKE: Final = (
    "the detector did not recognise the e-bike",
    "检测器没有认出电动自行车",
)
ENDED: Final = (
    "{} when the probe ended; what lies there for good would alert later",
    "到试验结束时{}；一直留在那里的东西稍后会告警",
)


@dataclass(frozen=True, slots=True)
class Bench:
    """What all probes share.

    Attributes:
        stages: By light; a night without a clip of its own is made of each probe's day.
        lit: Of that night.
        stays_s: How long things stay once their deed is done, by scenario.
        box_key: Of configuration, site and detector.
        sharp: A detector that tells every score; None where there is none.
        keep: Leave the drawn clips.
    """

    stages: dict[LightName, Stage]
    lit: Floats
    camera: Camera
    config: BoxConfig
    box_key: str
    detector: OnnxDetector | None
    sharp: OnnxDetector | None
    stays_s: dict[str, float]
    folder: Path
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A story at a place, in each of its lights."""

    story: Story
    place: Place
    lights: tuple[LightName, ...]

    def path(self, bench: Bench, light: LightName) -> Path:
        return bench.folder / f"{self.name}-{light}.json"

    @property
    def name(self) -> str:
        return f"{self.story.name}-{self.place.number}"

    def text(self, bench: Bench, light: LightName) -> str:
        """The script; of a composed night, that of the day it is made of."""
        stage = bench.stages[drawn_by(bench, light)]
        stays_s = bench.stays_s[self.story.scenario]
        return script_text(self.story, self.place, stage, bench.camera, stays_s)

    def key(self, bench: Bench, light: LightName, stage_keys: dict[LightName, str]) -> str:
        by = drawn_by(bench, light)
        return key_of(self.text(bench, light), stage_keys[by], light, by, bench.box_key)


def drawn_by(bench: Bench, light: LightName) -> LightName:
    """In which light a probe is drawn before any night is made of it."""
    return "day" if bench.stages[light].composed else light


def probe(
    task: Task, bench: Bench, stage_keys: dict[LightName, str], done: Callable[[], None]
) -> list[Result]:
    """Draws what is not kept, once for a day and its night; the results by light.

    Raises:
        ModelsError, TomlError, EdgeError: It cannot be drawn or looked at.
    """
    drawings: dict[LightName, tuple[Path, Path, float]] = {}
    results = []
    for light in task.lights:
        key = task.key(bench, light, stage_keys)

        def make(light: LightName = light, key: str = key) -> Result:
            began_s = time.monotonic()
            by = drawn_by(bench, light)
            if by not in drawings:
                stage = bench.stages[by]
                name = f"{task.name}-{by}"
                clip, truth = draw(task.story, task.text(bench, light), stage, name)
                drawings[by] = clip, truth, time.monotonic() - began_s
            clip, truth, _ = drawings[by]
            if by != light:
                day, clip = clip, clip.with_name(f"{task.name}-{light}.mp4")
                make_night(day, clip, bench.stages[light], bench.lit)
            result = judged(task, light, key, (clip, Truth.read(truth)), bench)
            if by != light and not bench.keep:
                clip.unlink()
            done()
            return result.model_copy(update={"took_s": round(time.monotonic() - began_s, 2)})

        results.append(made(task.path(bench, light), key, Result, make))
    if not bench.keep:
        for clip, truth, _ in drawings.values():
            _forget(clip, truth)
    return results


def judged(
    task: Task, light: LightName, key: str, drawn: tuple[Path, Truth], bench: Bench
) -> Result:
    """The box's answer to one clip, against its truth."""
    clip, truth = drawn
    stage, story = bench.stages[light], task.story
    told = listen(clip, bench.config, stage.at, bench.detector)
    place = truth.place
    heard = told.heard(place)
    answers = [h for h in heard if h.here and h.scenario == story.scenario]
    seen = story.offence and bool(answers)
    pictures = frames_of(clip, truth.telling().values())
    last = pictures.get(len(truth.frames) - 1)
    sharp = bench.sharp if story.offence and not story.is_lapse else None
    sure = scores(truth, pictures, sharp) if sharp else ()
    known = last is None or story.scenario != "charging" or recognised(truth, last, bench.detector)
    return Result(
        key=key,
        story=story.name,
        scenario=story.scenario,
        offence=story.offence,
        light=light,
        night_is_composed=stage.composed,
        place=task.place.number,
        seen=seen,
        delay_s=round(answers[0].at_s - truth.begin_s, 1) if seen else None,
        heard=heard,
        reason=None if seen or not story.offence else why(told, story, place, known=known),
        scores=sure,
        xyxy=place,
        picture="" if last is None or place is None else picture(last, place, bench.detector),
        took_s=0.0,
    )


def why(told: Told, story: Story, place: Box | None, *, known: bool = True) -> Reason:
    """What the closest call at a place lacked, or what can be said where none was told.

    Args:
        known: Whether the detector knows what was drawn for a vehicle.
    """
    found = None if place is None else told.reason(story.scenario, place)
    if found is None:
        en, zh = UNSAID[story.scenario] if known else NO_BIKE
        return Reason(code="unsaid" if known else "no-bike", en=en, zh=zh, lacking=1.0)
    if found.code == "stay-too-short":  # what is drawn stays for good: the carrier left late
        en, zh = ENDED[0].format(found.en), ENDED[1].format(found.zh)
        return found.model_copy(update={"en": en, "zh": zh})
    return found


def _forget(clip: Path, truth: Path) -> None:
    if clip.is_dir():
        shutil.rmtree(clip)
    else:
        clip.unlink(missing_ok=True)
    truth.unlink(missing_ok=True)
    clip.with_suffix(".toml").unlink(missing_ok=True)
