"""The event benchmark's scripts are what their table says, and as many as it promises."""

import json
import tomllib
from collections import Counter
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.events.truth import LIGHTS, SCENARIOS, read_index, sha256_of
from benchmarks.events.write import DWELL_S, write
from models.purpose import purpose_of
from models.scenes.kinds import PEOPLE, VEHICLES, prop
from models.scenes.mesh import merged
from models.scenes.plan import plan
from models.scenes.render import Body
from models.scenes.script import Script, read_script
from models.scenes.stage import Stage
from models.scenes.streets import street
from models.scenes.streets.street import Street

FOLDER = Path(__file__).parents[3] / "benchmarks" / "events"
CATALOG = json.loads((FOLDER / "scripts" / "catalog.json").read_text(encoding="utf-8"))
INDEX = read_index(FOLDER / "index.json")
NOWHERE = Street("real", merged([]), {}, {}, {})
FOOTAGE_MIN = 90
LEAST = 40


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty files stand in for real backgrounds, which no clone has."""
    data = tmp_path_factory.mktemp("data")
    for clip in CATALOG["clips"]:
        if clip["background"] == "real":
            (data / clip["street"]).parent.mkdir(exist_ok=True)
            (data / clip["street"]).touch()
    return data


@pytest.fixture(scope="module")
def scripts(data: Path) -> dict[str, Script]:
    return read_all(FOLDER, data)


@pytest.fixture(scope="module")
def tuning(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Script]:
    folder = tmp_path_factory.mktemp("tuning")
    write(folder, "training")
    return read_all(folder, data)


@pytest.fixture(scope="module")
def further(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Script]:
    folder = tmp_path_factory.mktemp("further")
    write(folder, "training", round_=2)
    return read_all(folder, data)


def read_all(folder: Path, data: Path) -> dict[str, Script]:
    clips = read_index(folder / "index.json").clips
    return {clip.name: read_script(folder / clip.script, data) for clip in clips if clip.script}


def test_writing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """What is committed is what the table tells, down to the byte and the file."""
    write(tmp_path)
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")}
    made = [path for folder in ("scripts", "quiet") for path in (FOLDER / folder).rglob("*.*")]
    kept = {path.relative_to(FOLDER) for path in made}
    assert written == kept | {Path("index.json")}
    assert [
        path for path in written if sha256_of(tmp_path / path) != sha256_of(FOLDER / path)
    ] == []


@pytest.mark.parametrize("which", ["scripts", "tuning", "further"])
def test_every_script_can_be_played(which: str, request: pytest.FixtureRequest) -> None:
    """No step is impossible in its street; one body of a kind and size stands in for all."""
    scripts: dict[str, Script] = request.getfixturevalue(which)
    streets = {}
    made = lru_cache(prop)
    for script in scripts.values():
        scene = script.scene
        key = scene.street, scene.seed
        if not script.backgrounds and key not in streets:
            streets[key] = street(*key)
        props = {actor.name: made(actor.kind, 1, actor.size) for actor in script.actors}
        plan(script, NOWHERE if script.backgrounds else streets[key], props)


def test_every_seed_is_the_benchmarks(
    scripts: dict[str, Script], tuning: dict[str, Script], further: dict[str, Script]
) -> None:
    """No street or thing of it was ever trained on, or is in the tuning set."""
    for some, purpose in ((scripts, "benchmark"), (tuning, "training"), (further, "training")):
        seeds = [s.scene.seed for s in some.values()]
        seeds += [actor.seed for script in some.values() for actor in script.actors]
        assert {purpose_of(seed) for seed in seeds} == {purpose}


def test_another_round_shows_other_streets(
    tuning: dict[str, Script], further: dict[str, Script]
) -> None:
    """What was tuned on one round is checked on the next, with the same stories there."""
    assert tuning.keys() == further.keys()
    for name, script in tuning.items():
        other = further[name]
        if not script.backgrounds:
            assert script.scene.seed != other.scene.seed
        assert [a.seed for a in script.actors] != [a.seed for a in other.actors]


def test_real_backgrounds_are_held_out(scripts: dict[str, Script]) -> None:
    """Of the real clip only what comes after frame 400 is shown; the drone's photos are no clip."""
    clips = [s.scene for s in scripts.values() if s.backgrounds and not s.scene.looks]
    assert clips
    assert all(scene.background_first >= 400 for scene in clips)


def test_tuning_shows_none_of_the_held_out(tuning: dict[str, Script]) -> None:
    """Of the real clip only what comes before frame 400, and no photo."""
    real = [script.scene for script in tuning.values() if script.backgrounds]
    assert real
    assert all(scene.background_last == 400 and not scene.looks for scene in real)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_quotas(scenario: str) -> None:
    """Forty offences and forty hard negatives, of every clip's light and background."""
    count = CATALOG["counts"][scenario]
    assert count["offences"] >= LEAST
    assert count["negatives"] >= LEAST
    assert count["rain"] > 0


def test_lights_streets_and_cameras_vary() -> None:
    """Six streets, twelve cameras, and each light; ninety minutes of footage at most."""
    clips = [clip for clip in CATALOG["clips"] if clip["background"] == "composed"]
    assert len({clip["street"] for clip in clips}) >= 6
    assert len({clip["camera"] for clip in clips}) >= 12
    assert {clip["light"] for clip in clips} == set(LIGHTS)
    assert sum(clip["seconds"] for clip in CATALOG["clips"]) <= FOOTAGE_MIN * 60


def test_every_deed_can_be_found_in_time(scripts: dict[str, Script]) -> None:
    """After the last carrier has gone, a clip goes on for the dwell and 15 seconds more."""
    short = []
    for name, script in scripts.items():
        if script.scene.looks:
            continue
        kinds = {actor.name: actor.kind for actor in script.actors}
        for event in script.events:
            if not event.offence:
                continue
            carriers = {a for a in event.actors if kinds[a] in {*PEOPLE, *VEHICLES}}
            gone_s = [
                script.begins_s(step) + (step.over_s or 0)
                for step in script.steps
                if step.who in carriers
            ]
            begin_s = script.time_s(event.begin)
            if script.length_s - max([*gone_s, begin_s]) < DWELL_S[event.scenario] + 15:
                short.append(name)
    assert short == []


def test_nothing_in_a_time_lapse_stands_in_another_thing(scripts: dict[str, Script]) -> None:
    """Material keeps clear of the room that it is for, and a bench of its pots."""
    within = []
    for name, script in scripts.items():
        if not script.scene.looks:
            continue
        stage = Stage(script, NOWHERE, night=False)
        for share in (0.5, 1.0):
            bodies = stage.at(share * script.length_s).bodies
            within += [name for pair in combinations(bodies, 2) if _shared_m2(*pair) > 0.05]
    assert within == []


def _shared_m2(one: Body, other: Body) -> float:
    """Ground under both, seen from above; 0 where one stands over the other."""
    tops = [body.mesh.moved(body.matrix).position for body in (one, other)]
    if max(top[:, 2].min() for top in tops) > min(top[:, 2].max() for top in tops):
        return 0.0
    hulls = [cv2.convexHull(np.ascontiguousarray(top[:, :2], np.float32)) for top in tops]
    return float(cv2.intersectConvexConvex(hulls[0], hulls[1])[0])


def test_ids_are_stable_names_of_events(scripts: dict[str, Script]) -> None:
    """The catalog tells every event of every script, in order, by a name of its own."""
    told: list[dict[str, Any]] = [event for clip in CATALOG["clips"] for event in clip["events"]]
    assert max(Counter(event["id"] for event in told).values()) == 1
    for clip in CATALOG["clips"]:
        offences = [event.offence for event in scripts[clip["name"]].events]
        assert [event["offence"] for event in clip["events"]] == offences


def test_scripts_say_that_they_are_written() -> None:
    """A reader who would edit one learns where it comes from."""
    paths = list((FOLDER / "scripts").rglob("*.toml"))
    assert len(paths) == sum(clip.script is not None for clip in INDEX.clips)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert "frozen, do not edit" in text.splitlines()[1]
        tomllib.loads(text)
