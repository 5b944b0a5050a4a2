"""Draws the benchmark's clips where they are not yet, replays them, scores, and writes the page.

What is drawn is kept by the hash of its script and of the scene maker, what was replayed by that of
the clip, the box and its settings; so a run that was broken off goes on where it was.

Example: python -m benchmarks.events.run --tenth --out results
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import RootModel

from benchmarks.events.__main__ import alerts_in
from benchmarks.events.frames import frames_of_clips
from benchmarks.events.report import Results, System, write_report
from benchmarks.events.rules import Rules
from benchmarks.events.score import score
from benchmarks.events.told import write_config
from benchmarks.events.truth import (
    SCENARIOS,
    Clip,
    Entry,
    Index,
    TruthError,
    clips_of,
    read_index,
    same,
)
from wire.toml import TomlError, read_toml

ROOT: Final = Path(__file__).resolve().parents[2]
INDEX: Final = Path(__file__).with_name("index.json")
CACHE: Final = ROOT / ".cache" / "events"
DATA: Final = ROOT.parent / "shared" / "data"
SHARE: Final = 10
T = TypeVar("T")


class Remarks(RootModel[dict[str, str]]):
    """What a person saw who looked at a miss or false alarm, by ``report.remark_key``."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file or folder that is made once, and again when what it is made from has changed."""

    path: Path
    key: str

    @property
    def is_there(self) -> bool:
        return self.path.exists() and self._note.is_file() and self._note.read_text() == self.key

    def note(self) -> None:
        self._note.write_text(self.key)

    @property
    def _note(self) -> Path:
        return self.path.with_name(f"{self.path.name}.key")


class RunError(RuntimeError):
    """A clip cannot be drawn or replayed; the sentence is the command's own."""


def code_of(*folders: str) -> str:
    """Hash of every source file in some folders of the checkout."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".glsl", ".vert", ".frag", ".onnx", ".toml"}:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def watched(index: Index, scenarios: list[str]) -> tuple[Entry, ...]:
    """The clips in which one of these scenarios is watched for.

    Raises:
        RunError: There is none.
    """
    found = tuple(entry for entry in index.clips if set(entry.scenarios) & set(scenarios))
    if not found:
        raise RunError(f"no clip of the index is of {' or '.join(scenarios)}")
    return found


def tenth(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """At least one of each scenario and background, and a tenth of each, whatever their light."""
    strata: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        strata[entry.scenarios, entry.background].append(entry)
    return tuple(
        entry
        for stratum in strata.values()
        for entry in sorted(stratum, key=_lot)[: math.ceil(len(stratum) / SHARE)]
    )


def _lot(entry: Entry) -> str:
    return hashlib.sha256(entry.name.encode()).hexdigest()


def drawn(entries: Iterable[Entry], given: argparse.Namespace) -> dict[str, Kept]:
    """Every entry's clip, drawn where it is not yet."""
    maker = code_of("models/scenes")
    folder = given.cache / "clips"
    folder.mkdir(parents=True, exist_ok=True)

    def draw(entry: Entry) -> tuple[str, Kept]:
        if entry.footage is not None:
            return entry.name, _recorded(entry, given.data / entry.footage, folder)
        script = given.index.parent / str(entry.script)
        key = hashlib.sha256(script.read_bytes() + maker.encode()).hexdigest()
        clip = Kept(folder / (entry.name if is_looks(entry) else f"{entry.name}.mp4"), key)
        if not clip.is_there:
            out = ("--out", clip.path, "--data", given.data)
            _run("models", "scenes", "render", script, *out)
            clip.note()
        return entry.name, clip

    return dict(_side_by_side(draw, entries, given.jobs, "drawing"))


def _recorded(entry: Entry, footage: Path, folder: Path) -> Kept:
    """Footage that needs no drawing, by its clip's name among what was drawn."""
    same(footage, entry.footage_sha256)
    clip = Kept(folder / f"{entry.name}.mp4", entry.footage_sha256)
    clip.path.unlink(missing_ok=True)
    clip.path.symlink_to(footage.resolve())
    clip.note()
    return clip


def is_looks(entry: Entry) -> bool:
    """Whether it is a time-lapse: a folder of looks, no film."""
    return entry.scenarios == ("construction",)


def replayed(
    truth: Iterable[Clip], drawn: dict[str, Kept], settings: list[str], given: argparse.Namespace
) -> Path:
    """The folder of alerts, one ``<clip>.jsonl`` each."""
    box = code_of("edge", "wire", "models/zoo") + "".join(settings)
    folder: Path = given.cache / "alerts"
    folder.mkdir(parents=True, exist_ok=True)

    def replay(clip: Clip) -> tuple[str, Kept]:
        film, config = drawn[clip.name], write_config(clip, folder)
        told = "".join(path.read_text(encoding="utf-8") for path in config)
        key = hashlib.sha256(f"{film.key}{box}{told}".encode()).hexdigest()
        alerts = Kept(folder / f"{clip.name}.jsonl", key)
        if not alerts.is_there:
            sets = [part for setting in settings for part in ("--set", setting)]
            out = ("--start", clip.began_at.isoformat(), "--out", alerts.path)
            _run("edge", "replay", film.path, "--config", config.box, *sets, *out)
            alerts.note()
        return clip.name, alerts

    list(_side_by_side(replay, truth, given.jobs, "replaying"))
    return folder


def _dwells(rules: Rules) -> list[str]:
    """The box's limits, as short as the benchmark's."""
    dwell_s = rules.dwell_s
    return [
        f"dumping.stay_s={dwell_s['dumping']:g}",
        f"charging.dwell_s={dwell_s['charging']:g}",
        f"construction.span_h={dwell_s['construction'] / 3600:g}",
    ]


def _side_by_side(
    work: Callable[[T], tuple[str, Kept]], items: Iterable[T], jobs: int, word: str
) -> Iterator[tuple[str, Kept]]:
    every = list(items)
    with ThreadPoolExecutor(jobs) as pool:
        for number, done in enumerate(pool.map(work, every), 1):
            if sys.stderr.isatty():
                print(f"\r{word} {number} of {len(every)}", end="", file=sys.stderr, flush=True)
            yield done
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _run(*argv: str | Path) -> None:
    """One of our own commands, in a process that may fail alone."""
    command = [sys.executable, "-m", "sanse", *map(str, argv)]
    lone = os.environ | {"LP_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, check=False, cwd=ROOT, env=lone, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise RunError(said[-1])


def main(argv: list[str] | None = None) -> int:
    given = _parser().parse_args(argv)
    cache: Path = given.cache
    try:
        index = read_index(given.index)
        entries = watched(index, given.scenario)
        entries = tenth(entries) if given.tenth else entries
        clips = drawn(entries, given)
        if given.draw_only:
            return 0
        settings = [*_dwells(index.rules), *given.set]
        truth = clips_of(entries, given.index.parent, cache / "clips")
        alerts = replayed(truth, clips, settings, given)
        system = System(given.name, score(truth, alerts_in(alerts, truth), index.rules))
        title = "Event benchmark, a tenth" if given.tenth else "Event benchmark"
        note = f"Replayed with {', '.join(settings)}."
        results = Results(title, (system,), index.rules, note, _remarks(given.remarks))
        frame_of = frames_of_clips(cache / "clips", truth)
        print(write_report(results, given.out or cache / "results", frame_of))
    except (RunError, TruthError, TomlError) as error:
        print(f"events: {error}", file=sys.stderr)
        return 2
    return 0


def _remarks(path: Path | None) -> dict[str, str]:
    """
    Raises:
        TomlError: It cannot be read, or is no table of sentences.
    """
    return read_toml(path).validate(Remarks).root if path is not None else {}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--index", type=Path, default=INDEX)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of real backgrounds")
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of clips and alerts")
    parser.add_argument("--out", type=Path, help="folder of the page")
    parser.add_argument("--name", default="today", help="the column's heading")
    parser.add_argument("--scenario", nargs="+", default=list(SCENARIOS), choices=SCENARIOS)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--tenth", action="store_true", help="a tenth of each scenario and background"
    )
    parser.add_argument("--remarks", type=Path, help="TOML: what was seen in the worst, by name")
    parser.add_argument("--draw-only", action="store_true", help="draw, and look at nothing yet")
    return parser


if __name__ == "__main__":
    sys.exit(main())
