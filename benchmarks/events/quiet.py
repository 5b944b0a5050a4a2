"""The real footage in which no offence happens: recorded clips, and the truth that nothing does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.events.truth import Entry, frozen

FOLDER: Final = "quiet"
"""Where their truths lie, beside the index."""
AT: Final = "2026-11-06T12:30:00+08:00"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded clip, as its file tells of itself."""

    name: str
    footage: str
    sha256: str
    fps: float
    frames: int
    wh: tuple[int, int]


RECORDINGS: Final = (
    Recording(
        "quiet-square",
        "video/vtest.avi",
        "45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf",
        10.0,
        795,
        (768, 576),
    ),
    Recording(
        "quiet-car-park",
        "video/car-detection.mp4",
        "d31e0ebf194cc16e50eea784e7c3b0b1bb7976a4fb9b3fec26cb92a6704cca34",
        12.5,
        377,
        (768, 432),
    ),
    Recording(
        "quiet-table",
        "video/one-by-one-person-detection.mp4",
        "a5964aa259099a482a8b360ffc2c57b5a30f84d5919236a4dad01f8e929ac07c",
        10.0,
        1394,
        (768, 432),
    ),
)


def write_quiet(folder: Path) -> list[Entry]:
    """Writes ``quiet/`` into the benchmark's folder; returns what the index says of it."""
    (folder / FOLDER).mkdir(exist_ok=True)
    return [_written(folder, recording) for recording in RECORDINGS]


def _written(folder: Path, recording: Recording) -> Entry:
    truth = f"{FOLDER}/{recording.name}.truth.json"
    (folder / truth).write_text(json.dumps(_head(recording)) + "\n", encoding="utf-8")
    entry = Entry(
        name=recording.name,
        truth=truth,
        scenarios=("dumping", "charging"),
        light="day",
        background="real",
        footage=recording.footage,
        footage_sha256=recording.sha256,
    )
    return frozen(entry, folder, folder)


def _head(recording: Recording) -> dict[str, Any]:
    return {
        "truth": "clip",
        "version": 1,
        "at": AT,
        "wh": recording.wh,
        "fps": recording.fps,
        "frames": recording.frames,
        "background": "real",
        "events": [],
    }
