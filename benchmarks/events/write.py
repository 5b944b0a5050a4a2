"""Writes the event benchmark's scripts, their index and their catalog from a table of clips.

Example: python -m benchmarks.events.write
Example: python -m benchmarks.events.write --tuning .cache/tuning
Example: python -m benchmarks.events.write --tuning .cache/dark --round 2 --light night infrared

What it writes is committed and thereby frozen; writing again gives the same bytes. The tuning
set tells the same stories at the same cameras with other streets, things, places and hours, all
of even seeds, and before other frames; it has no real photos, for all there are judge. Further
rounds are other sets of that kind, to see whether what was tuned on the first holds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count, islice
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from benchmarks.events import casting_charging, casting_construction, casting_dumping
from benchmarks.events.casting import Table, Take, toml_of
from benchmarks.events.casting_construction import Site
from benchmarks.events.clips import CHARGING, CONSTRUCTION, DUMPING, Row
from benchmarks.events.places import PLACES, Places
from benchmarks.events.quiet import write_quiet
from benchmarks.events.rules import Rules
from benchmarks.events.sites import GROUNDS
from benchmarks.events.truth import Entry, Index, frozen
from models.purpose import Purpose
from models.scenes.streets import street

HERE: Final = Path(__file__).parent
ROWS: Final[Sequence[Row]] = (*DUMPING, *CHARGING, *CONSTRUCTION)
DWELL_S: Final = MappingProxyType({"charging": 30.0, "dumping": 20.0, "construction": 86_400.0})
"""Short, so that clips are short; the systems that are judged are configured likewise."""
QUIET_S: Final = 16.0
"""So long a clip goes on after the last deed's dwell."""
APART_S: Final = 13.0
MOST_ROWS: Final = 200
"""Clips of a scenario in a tuning set, so that no two rounds draw from the same chances."""
SHANGHAI: Final = (31.23, 121.47)
BRIGHTON_BEACH: Final = (46.69, -92.03)
REAL_TAKES: Final = (400, 440, 480)
"""First frames to show; nothing was trained on what comes after frame 400."""
TUNING_TAKES: Final = (0, 40, 80)
TUNING_SEEDS: Final = MappingProxyType({("roof", 1): 6, ("roof", 3): 20})
"""Of streets that have windows where the berths want them; of others, any will do."""
NAMES: Final[Mapping[Purpose, str]] = MappingProxyType(
    {"benchmark": "sanse-events", "training": "sanse-events-tuning"}
)
PHOTO_AT: Final = "2026-06-23T16:31:00-05:00"
FORENOON_H: Final = 9
LOOKS_H: Final = (0, 6, 24, 30, 48, 73, 96, 121)
HOURS: Final[Mapping[str, Sequence[tuple[str, str]]]] = MappingProxyType(
    {
        "day": (
            ("2026-05-12T10:20:00+08:00", "clear"),
            ("2026-09-20T15:10:00+08:00", "cloudy"),
            ("2026-11-06T12:30:00+08:00", "overcast"),
            ("2026-03-22T08:40:00+08:00", "clear"),
        ),
        "dusk": (
            ("2026-06-18T19:14:00+08:00", "clear"),
            ("2026-10-09T17:38:00+08:00", "cloudy"),
        ),
        "night": (
            ("2026-03-04T01:20:00+08:00", "clear"),
            ("2026-10-11T22:45:00+08:00", "cloudy"),
            ("2026-07-25T02:40:00+08:00", "clear"),
        ),
        "infrared": (
            ("2026-01-15T03:10:00+08:00", "clear"),
            ("2026-08-21T23:50:00+08:00", "cloudy"),
        ),
        "rain": (
            ("2026-06-27T14:20:00+08:00", "rain"),
            ("2026-04-16T20:50:00+08:00", "drizzle"),
            ("2026-06-30T10:05:00+08:00", "drizzle"),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Written:
    """One script's name and text, and what the catalog tells of it."""

    name: str
    row: Row
    places: Places
    text: str
    take: Take


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--tuning", type=Path, metavar="FOLDER", help="where a tuning set goes")
    parser.add_argument(
        "--round", type=int, default=1, metavar="N", help="which tuning set, from 1 on"
    )
    parser.add_argument("--scenario", nargs="+", choices=tuple(DWELL_S), help="of it, only these")
    parser.add_argument("--light", nargs="+", choices=tuple(HOURS), help="of it, only these")
    given = parser.parse_args()
    rows = [
        row
        for row in ROWS
        if row.scenario in (given.scenario or DWELL_S) and row.light in (given.light or HOURS)
    ]
    if given.tuning is None and (given.round != 1 or len(rows) != len(ROWS)):
        parser.error("the frozen set is written whole: --round, --scenario, --light want --tuning")
    if given.round < 1:
        parser.error("--round counts from 1")
    if given.tuning is None:
        write(HERE)
    else:
        write(given.tuning, "training", rows, given.round)


def write(
    folder: Path, purpose: Purpose = "benchmark", rows: Sequence[Row] = ROWS, round_: int = 1
) -> None:
    """Writes ``scripts/`` with its catalog, ``quiet/`` and ``index.json`` into a folder."""
    written = [
        _clip(number, row, purpose, round_)
        for number, row in _numbered(rows)
        if purpose == "benchmark" or not row.at.startswith("photo")
    ]
    entries = []
    for clip in written:
        path = folder / _script_of(clip)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(clip.text, encoding="utf-8")
        entries.append(frozen(_entry(clip), folder))
    rules = Rules(dwell_s=dict(DWELL_S))
    quiet = write_quiet(folder) if purpose == "benchmark" else []
    index = Index(NAMES[purpose], 1, (*entries, *quiet), rules)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.json").write_text(index.to_json(), encoding="utf-8")
    catalog = folder / "scripts" / "catalog.json"
    catalog.write_text(json.dumps(_catalog(written), indent=1) + "\n", encoding="utf-8")


def _numbered(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Each scenario's rows counted from 1."""
    for scenario in dict.fromkeys(row.scenario for row in rows):
        yield from enumerate((row for row in rows if row.scenario == scenario), 1)


def _clip(number: int, row: Row, purpose: Purpose, round_: int) -> Written:
    places = GROUNDS[row.at].places if row.scenario == "construction" else PLACES[row.at]
    if purpose == "training" and not places.is_real:
        places = replace(places, seed=_tuning_seed(places, round_))
    drawn_as = number + MOST_ROWS * (round_ - 1)
    name = f"{row.scenario}-{number:02d}-{row.at.replace(' ', '-')}-{row.light}"
    if row.scenario == "construction":
        scene, take = _time_lapse(drawn_as, row, places, purpose)
    else:
        scene, take = _film(drawn_as, row, places, purpose)
    head = f"# {_sentence(row)}\n# Written by benchmarks.events.write; frozen, do not edit.\n\n"
    return Written(name, row, places, head + toml_of(scene, take), take)


def _tuning_seed(places: Places, round_: int) -> int:
    """Another street of an even seed for each round, with windows where the berths want them."""
    first = TUNING_SEEDS.get((places.street, places.seed), places.seed + 3)
    if round_ == 1:
        return first
    wanted = {berth.opening for berth in places.berths}
    streets = (
        seed
        for seed in count(places.seed + 3, 2)
        if seed != first and wanted <= _openings(places.street, seed).keys()
    )
    return next(islice(streets, round_ - 2, None))


def _sentence(row: Row) -> str:
    where = row.at.replace("-", " ")
    return f"{row.scenario.capitalize()} at {where}, {row.light}: {', '.join(row.stories)}."


def _film(number: int, row: Row, places: Places, purpose: Purpose) -> tuple[Table, Take]:
    """Told twice: once to learn how long it takes, once with its true length."""
    seconds = 600.0
    for _ in range(2):
        take = Take(row.scenario, places, _rng(number, row, purpose), seconds, purpose=purpose)
        _tell(row, take)
        last_s = max(at_s + float(str(step.get("over_s", 0))) for at_s, step in take.steps)
        seconds = float(ceil((last_s + DWELL_S[row.scenario] + QUIET_S) / 5) * 5)
    return _scene(number, row, take, seconds), take


def _tell(row: Row, take: Take) -> None:
    other = take.purpose == "training"
    for k, story in enumerate(row.stories, other):
        at_s = 1.0 + APART_S * (k - other)
        if row.scenario == "dumping":
            drops = take.places.drops
            casting_dumping.STORIES[story](take, at_s, drops[k % len(drops)])
        else:
            berths = take.places.berths
            casting_charging.STORIES[story](take, at_s, berths[k % len(berths)])


def _time_lapse(number: int, row: Row, places: Places, purpose: Purpose) -> tuple[Table, Take]:
    rng = _rng(number, row, purpose)
    began = datetime.fromisoformat(PHOTO_AT if places.is_real else _hour(row, rng)[0])
    if row.light in ("day", "rain"):  # so that the look six hours later is by day too
        began = began.replace(hour=min(began.hour, FORENOON_H))
    hours = LOOKS_H[:: 1 if row.light == "day" else 2]
    if places.is_real:  # the photo's own shadows tell one hour of the day
        hours = tuple(24 * day for day in range(int(rng.integers(4, 7))))
    looks = [began + timedelta(hours=hour) for hour in hours]
    seconds = (looks[-1] - looks[0]).total_seconds()
    take = Take(row.scenario, places, rng, seconds, began, purpose=purpose)
    for story, site in zip(row.stories, row.sites, strict=True):
        casting_construction.STORIES[story](take, _site_of(row.at, site, places.seed))
    scene = _scene(number, row, take, None)
    return {**scene, "at": began.isoformat(), "looks": [look.isoformat() for look in looks]}, take


def _site_of(at: str, name: str, seed: int) -> Site:
    """A site, moved with its roof where another street has that elsewhere."""
    ground = GROUNDS[at]
    site, usual = ground.sites[name], ground.places
    if seed == usual.seed or not name.startswith("roof"):
        return site
    roof = f"roof_{name.split()[1]}"
    here, there = (_openings(usual.street, of)[roof] for of in (usual.seed, seed))
    x, y, z = (float(a + b - c) for a, b, c in zip(site.at, there, here, strict=True))
    return replace(site, at=(round(x, 2), round(y, 2), round(z, 2)))


@cache
def _openings(name: str, seed: int) -> Mapping[str, Sequence[float]]:
    return street(name, seed).openings


def _rng(number: int, row: Row, purpose: Purpose) -> np.random.Generator:
    """Of one clip alone, so that one more clip changes no other."""
    other = (1,) if purpose == "training" else ()
    return np.random.default_rng((list(DWELL_S).index(row.scenario), number, *other))


def _hour(row: Row, rng: np.random.Generator) -> tuple[str, str]:
    hours = HOURS[row.light]
    return hours[int(rng.integers(len(hours)))]


def _scene(number: int, row: Row, take: Take, seconds: float | None) -> Table:
    """The script's first table; a real background brings its own light and size."""
    places, judges = take.places, take.purpose == "benchmark"
    rng = _rng(number, row, take.purpose)
    at, weather = _hour(row, rng)
    length: Table = {} if seconds is None else {"seconds": seconds, "fps": 10}
    camera = places.camera if isinstance(places.camera, str) else dict(places.camera)
    if places.is_real:
        photo = seconds is None
        first: Table = {} if photo else {"background_first": REAL_TAKES[number % 3]}
        if not judges:
            first = {"background_first": TUNING_TAKES[number % 3], "background_last": REAL_TAKES[0]}
        there: Table = {"place": list(BRIGHTON_BEACH)} if photo else {}
        wide: Table = {"wh": list(places.wh)} if photo else {}
        noon = {"at": "2026-11-06T12:30:00+08:00"}
        seeded = {"seed": 2 * number + judges}
        return {
            "background": places.street, **first, "camera": camera, **seeded, **length, **noon,
            **there, **wide, "kbps": 2500,
        }  # fmt: skip
    fps = {"fps": 8} if places.wh[0] < 1280 and length else {}
    look: Table = {"look": "infrared"} if row.light == "infrared" else {}
    shake: Table = {"shake_px": round(float(rng.uniform(0.2, 1.2)), 1)} if length else {}
    return {
        "street": places.street, "camera": camera, "seed": places.seed, **(length | fps),
        "wh": list(places.wh), "at": at, "place": list(SHANGHAI), "weather": weather, **look,
        **shake, "kbps": 1500 if places.wh[0] < 1280 else 2200,
    }  # fmt: skip


def _script_of(clip: Written) -> str:
    return f"scripts/{clip.row.scenario}/{clip.name}.toml"


def _entry(clip: Written) -> Entry:
    return Entry(
        name=clip.name,
        truth=f"{clip.name}.truth.json",
        scenarios=(clip.row.scenario,),
        light=clip.row.light,
        background="real" if clip.places.is_real else "composed",
        script=_script_of(clip),
    )


def _catalog(written: Sequence[Written]) -> dict[str, Any]:
    """What the index has no room for: each clip's street, camera and events by stable names."""
    clips, told = [], dict.fromkeys(DWELL_S, 0)
    for clip in written:
        scenario = clip.row.scenario
        events = []
        for story, event in zip(clip.row.stories, clip.take.events, strict=True):
            told[scenario] += 1
            name = f"{scenario}-{told[scenario]:03d}"
            events.append({"id": name, "story": story, "offence": event["offence"]})
        clips.append(
            {
                "name": clip.name,
                "script": _script_of(clip),
                "scenario": scenario,
                "light": clip.row.light,
                "background": "real" if clip.places.is_real else "composed",
                "street": clip.places.street,
                "camera": clip.row.at,
                "seconds": clip.take.seconds if scenario != "construction" else 0.0,
                "events": events,
            }
        )
    return {"counts": _counts(clips), "clips": clips}


def _counts(clips: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Per scenario, how many events there are of what kind, and how many on real footage."""
    counts: dict[str, dict[str, int]] = {}
    for clip in clips:
        count = counts.setdefault(clip["scenario"], {})
        for event in clip["events"]:
            kind = "offences" if event["offence"] else "negatives"
            for key in (kind, f"{kind}, {clip['background']}", clip["light"]):
                count[key] = count.get(key, 0) + 1
    return {scenario: dict(sorted(count.items())) for scenario, count in counts.items()}


if __name__ == "__main__":
    main()
