"""What it costs to remember what may explain an alert: time for each frame, and memory.

Eye and detector look at a clip once; then its frames are remembered again and again, as hours of
one camera, until the memory is full and pictures must be given up. Decoding and looking are not
counted. Last, one picture is drawn. Times are the processor's, so that other work blurs them less.

Example: python -m benchmarks.explain --clip ../shared/data/video/vtest.avi --wide 1920 --rounds 6
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from edge.build import open_detector
from edge.config import load_config
from edge.errors import EdgeError
from edge.explain.explainer import NOW_PX
from edge.explain.keyframes import KeyFrames, key_frame
from edge.explain.sheet import sheet
from edge.explain.story import Panel, Story, focus
from edge.explain.words import NOW
from edge.video.frame import Frame
from edge.video.replay import Replay
from edge.video.source import parse_source
from edge.vision.eye import Eye
from edge.vision.scene import Scene
from sanse.defaults import demo_clip, street_n
from wire import Alert

GOLDEN = Path("tests/golden/alert.json")


def enlarged(clip: Path, wide: int) -> Iterator[Frame]:
    with Replay(parse_source(str(clip)), datetime(2026, 11, 20, tzinfo=UTC)) as replay:
        for frame in replay.frames():
            scale = wide / frame.wh[0] if wide else 1.0
            pixels = cv2.resize(frame.pixels, None, fx=scale, fy=scale)
            yield replace(frame, pixels=np.asarray(pixels, np.uint8))


def seen(clip: Path, wide: int) -> list[Scene]:
    """Every frame's scene, its picture left out to save memory."""
    eye = Eye(open_detector(load_config(None).detector, street_n()))
    bare = np.zeros((1, 1, 3), np.uint8)
    scenes = (eye.look(frame) for frame in enlarged(clip, wide))
    return [replace(scene, frame=replace(scene.frame, pixels=bare)) for scene in scenes]


def remembered(clip: Path, wide: int, rounds: int) -> tuple[KeyFrames, list[float], Scene]:
    """The memory after so many rounds, each frame's cost in ms, and the last scene."""
    scenes, kept, spent_ms = seen(clip, wide), KeyFrames(), []
    span_s = scenes[-1].frame.monotonic_s + 1
    last = scenes[-1]
    for turn in range(rounds):
        for scene, frame in zip(scenes, enlarged(clip, wide), strict=True):
            at_s = frame.monotonic_s + turn * span_s
            at = frame.captured_at + timedelta(seconds=turn * span_s)
            last = replace(scene, frame=replace(frame, captured_at=at, monotonic_s=at_s))
            began_s = time.thread_time()
            kept.see(last)
            spent_ms.append(1000 * (time.thread_time() - began_s))
    return kept, spent_ms, last


def drawn_ms(kept: KeyFrames, last: Scene) -> float:
    """How long one picture of four panels takes."""
    alert = Alert.from_bytes(GOLDEN.read_bytes())
    began_s = time.thread_time()
    now = key_frame(last, NOW_PX)
    panels = tuple(Panel(frame, NOW) for frame in (*kept.all()[-3:], now))
    whole = sheet(alert, Story(panels, focus([(100, 100), (300, 300)], now.frame_wh)), UTC)
    cv2.imencode(".jpg", whole)
    return 1000 * (time.thread_time() - began_s)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--clip", type=Path, default=demo_clip())
    parser.add_argument("--wide", type=int, default=0, help="enlarge the clip to this width")
    parser.add_argument("--rounds", type=int, default=6)
    told = parser.parse_args()
    cv2.setNumThreads(1)
    try:
        kept, spent_ms, last = remembered(told.clip, told.wide, told.rounds)
    except EdgeError as error:
        print(error, file=sys.stderr)
        return 2
    width, height = last.frame.wh
    print(
        f"{width}x{height}, {len(spent_ms)} frames: {np.mean(spent_ms):.2f} ms a frame, "
        f"slowest {np.max(spent_ms):.1f} ms; {len(kept.all())} pictures, "
        f"{kept.size_bytes / 1e6:.1f} MB; one picture drawn in {drawn_ms(kept, last):.0f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
