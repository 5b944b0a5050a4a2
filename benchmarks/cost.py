"""Cost: what each scenario takes of a frame, beside the detector, as the box runs in service.

A clip is replayed as a camera would send it: the detector is asked as often as the eye and the
scenarios ask it, and construction looks once an hour. Told is time on the wall of one thread.

Example: python -m benchmarks.cost --clip sanse/demo/charging.mp4
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.stopwatch import Stopwatch
from edge.build import Parts, build_agent
from edge.config import Detector as DetectorConfig
from edge.config import load_config
from edge.errors import EdgeError
from edge.ids import uuid7
from edge.near_misses import NoMissLog
from edge.replay import NoWitness, PrintingOutbox
from edge.scenarios.charging import Charging
from edge.scenarios.construction import Construction
from edge.scenarios.dumping import Dumping
from edge.video.replay import Replay
from edge.video.source import parse_source
from edge.vision.detector import OnnxDetector
from edge.vision.eye import Eye
from sanse.defaults import demo_clips, street_n

PARTS = {
    "detector": (OnnxDetector, "detect"),
    "eye": (Eye, "look"),
    "dumping": (Dumping, "evaluate"),
    "charging": (Charging, "evaluate"),
    "construction": (Construction, "evaluate"),
}
"""Where the time of each is spent; the detector's is taken off whoever asked it."""


class Meter(Stopwatch):
    """A stopwatch that is put around the parts themselves."""

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Every call of the parts is timed meanwhile."""
        plain = {name: getattr(kind, method) for name, (kind, method) in PARTS.items()}
        for name, (kind, method) in PARTS.items():
            setattr(kind, method, self._around(name, plain[name]))
        try:
            yield
        finally:
            for name, (kind, method) in PARTS.items():
                setattr(kind, method, plain[name])

    def _around(self, name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:  # noqa: ANN401  # stands in for any of PARTS
            with self.timed(name):
                return plain(*given)

        return timed


def measured(clip: Path, model: Path, frames: int) -> tuple[Meter, int]:
    """The meter after so many frames of a clip, and how many there were."""
    config = load_config(None)
    parts = Parts(
        OnnxDetector(model, DetectorConfig(threads=1)),
        NoWitness(),
        PrintingOutbox(lambda line: None, updates=False),
        uuid7(datetime.now(UTC)),
        UTC,
        NoMissLog(),
    )
    meter, done = Meter(PARTS), 0
    with Replay(parse_source(str(clip)), datetime.now(UTC)) as replay, meter.installed():
        agent = build_agent(config, config.cameras[0], parts)
        for frame in islice(replay.frames(), frames):
            agent.step(frame)
            done += 1
    return meter, done


def main() -> int:
    options = _options()
    print(f"{'':22}" + "".join(f"{part:>14}" for part in PARTS))
    for clip in options.clip:
        try:
            meter, frames = measured(clip, options.model, options.frames)
        except EdgeError as error:
            print(f"cost: {error}", file=sys.stderr)
            return 2
        told = [1000 * own_s / frames for own_s in meter.own_s.values()]
        print(f"{clip.stem:22}" + "".join(f"{ms:11.2f} ms" for ms in told))
        asked = meter.calls["detector"] / frames
        print(f"  {frames} frames, the detector asked {asked:.2f} times a frame", flush=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clip", type=Path, nargs="+", default=demo_clips())
    parser.add_argument("--model", type=Path, default=street_n(), help="default: the bundled one")
    parser.add_argument("--frames", type=int, default=600, help="at most, of each clip")
    options = parser.parse_args()
    if options.model is None:
        parser.error("no model is bundled here; give --model")
    return options


if __name__ == "__main__":
    sys.exit(main())
