"""Scores systems on the benchmark's clips and writes the page of results.

Example: python -m benchmarks.events index.json --clips rendered --alerts "0.2=alerts" --out results
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.events.alarms import Alarm, read_alarms
from benchmarks.events.frames import frames_of_clips
from benchmarks.events.frigate import read_frigate
from benchmarks.events.report import Results, System, write_report
from benchmarks.events.score import score
from benchmarks.events.truth import Clip, TruthError, read_clips, read_index
from wire.toml import TomlError


def alerts_in(folder: Path, clips: tuple[Clip, ...]) -> dict[str, tuple[Alarm, ...]]:
    """Alerts of ``<folder>/<clip name>.jsonl``; an empty file says that a clip raised none.

    Raises:
        TruthError: A clip has no file, or a file cannot be used.
    """
    return {clip.name: read_alarms(folder / f"{clip.name}.jsonl", clip) for clip in clips}


def main(argv: list[str] | None = None) -> int:
    given = _parser().parse_args(argv)
    try:
        rules, clips = read_index(given.index).rules, read_clips(given.index, given.clips)
        found = [(name, alerts_in(Path(path), clips)) for name, path in given.alerts]
        for name, paths in given.frigate:
            events, _, mapping = paths.partition(",")
            found.append((name, read_frigate(Path(events), Path(mapping), clips)))
        systems = tuple(System(name, score(clips, alarms, rules)) for name, alarms in found)
        results = Results(given.title, systems, rules, given.note)
        page = write_report(results, given.out, frames_of_clips(given.clips, clips))
    except (TruthError, TomlError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(page)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.events", description=__doc__)
    parser.add_argument("index", type=Path, help="the benchmark's index")
    parser.add_argument("--clips", type=Path, required=True, help="folder of clips and truths")
    parser.add_argument("--alerts", type=_named, action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument(
        "--frigate", type=_named, action="append", default=[], metavar="NAME=EVENTS,MAPPING"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the page")
    parser.add_argument("--title", default="Event benchmark")
    parser.add_argument("--note", default="", help="one sentence about how the systems were run")
    return parser


def _named(text: str) -> tuple[str, str]:
    name, sign, path = text.partition("=")
    if not (name and sign and path):
        raise argparse.ArgumentTypeError(f"{text!r}: want a name, =, and a path")
    return name, path


if __name__ == "__main__":
    raise SystemExit(main())
