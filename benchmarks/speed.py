"""Speed: the whole pipeline of one camera against its detector alone.

Both see the same frames on equally many threads: on the one side decode, prepare, infer, read
off, look, decide; on the other nothing but onnxruntime on inputs prepared beforehand. In service
the eye asks the detector twice a second; here it must for every frame. The two sides take turns,
round by round, so that a busy machine is unfair to both.

Example: python -m benchmarks.speed --clip ../shared/data/video/vtest.avi --threads 1
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import uuid4

from benchmarks.stopwatch import Stopwatch
from edge.agent import Agent, Identity
from edge.config import Detector as DetectorConfig
from edge.config import load_config
from edge.errors import EdgeError
from edge.ids import uuid7
from edge.replay import NoWitness, PrintingOutbox
from edge.scenarios.dumping import Dumping
from edge.scenarios.finding import Finding, NearMiss
from edge.scenarios.night import Night
from edge.video.frame import Frame, Pixels
from edge.video.replay import Replay
from edge.video.source import parse_source
from edge.vision.boxes import Detections, Floats
from edge.vision.detector import OnnxDetector
from edge.vision.eye import Eye
from edge.vision.scene import Scene
from sanse.defaults import demo_clip, street_n

STAGES = ("decode", "prepare", "infer", "read off", "look", "decide")
INPUTS_KEPT = 100


class EveryFrame:
    """Stands between eye and detector: each frame is inferred once, and its answer given on.

    What the eye asks beyond that (a closer look at a standing thing) is inferred too.
    """

    def __init__(self, detector: OnnxDetector, watch: Stopwatch) -> None:
        self._detector = detector
        self._watch = watch
        self._frame: Pixels | None = None
        self._found = Detections.none()

    def force(self, frame: Frame) -> None:
        self._found = self._infer(frame.pixels)
        self._frame = frame.pixels

    def detect(self, pixels: Pixels) -> Detections:
        return self._found if pixels is self._frame else self._infer(pixels)

    def _infer(self, pixels: Pixels) -> Detections:
        fit = self._detector.fit((pixels.shape[1], pixels.shape[0]))
        with self._watch.timed("prepare"):
            blob = self._detector.prepare(pixels, fit)
        with self._watch.timed("infer"):
            raw = self._detector.infer(blob)
        with self._watch.timed("read off"):
            return self._detector.conclude(raw, fit)


class TimedEye:
    """An eye whose own time is told apart from its detector's."""

    def __init__(self, detector: EveryFrame, watch: Stopwatch) -> None:
        self._eye = Eye(detector)
        self._watch = watch

    def look(self, frame: Frame) -> Scene:
        with self._watch.timed("look"):
            return self._eye.look(frame)


class TimedScenario:
    def __init__(self, scenario: Dumping, watch: Stopwatch) -> None:
        self._scenario = scenario
        self._watch = watch

    def evaluate(self, scene: Scene) -> list[Finding]:
        with self._watch.timed("decide"):
            return self._scenario.evaluate(scene)

    def near_misses(self) -> list[NearMiss]:
        return self._scenario.near_misses()


def pipeline_fps(clip: Path, detector: OnnxDetector, frames: int, watch: Stopwatch) -> float:
    """Frames a second from the decoding child to the printed alert."""
    config = load_config(None)
    every = EveryFrame(detector, watch)
    dumping = Dumping(config.dumping, Night(None, UTC), uuid7)
    identity = Identity(
        *("district", "box", "camera"),
        site=config.sites[0],
        boot_id=uuid4(),
        footage="recording",
        model=detector.model,
        software="benchmark",
    )
    agent = Agent(
        identity,
        TimedEye(every, watch),
        [TimedScenario(dumping, watch)],
        NoWitness(),
        PrintingOutbox(lambda line: None, updates=False),
    )
    with Replay(parse_source(str(clip)), datetime.now(UTC)) as replay:
        reading = replay.frames()
        agent.step(next(reading))
        done = 0
        began_s = time.perf_counter()
        while done < frames:
            with watch.timed("decode"):
                frame = next(reading, None)
            if frame is None:
                break
            every.force(frame)
            agent.step(frame)
            done += 1
        return done / (time.perf_counter() - began_s)


def prepared(clip: Path, detector: OnnxDetector) -> list[Floats]:
    with Replay(parse_source(str(clip)), datetime.now(UTC)) as replay:
        return [
            detector.prepare(frame.pixels, detector.fit(frame.wh))
            for frame in islice(replay.frames(), INPUTS_KEPT)
        ]


def alone_fps(detector: OnnxDetector, inputs: list[Floats], frames: int) -> float:
    """Frames a second of onnxruntime and nothing else."""
    detector.infer(inputs[0])
    began_s = time.perf_counter()
    for index in range(frames):
        detector.infer(inputs[index % len(inputs)])
    return frames / (time.perf_counter() - began_s)


def main() -> int:
    options = _options()
    try:
        config = DetectorConfig(threads=options.threads, labels=tuple(options.labels))
        detector = OnnxDetector(options.model, config)
        inputs = prepared(options.clip, detector)
        watch = Stopwatch(STAGES)
        pipeline, alone = [], []
        for _ in range(options.rounds):
            alone.append(alone_fps(detector, inputs, options.frames))
            pipeline.append(pipeline_fps(options.clip, detector, options.frames, watch))
    except EdgeError as error:
        print(f"speed: {error}", file=sys.stderr)
        return 2
    _print(options, detector, pipeline, alone)
    _print_stages(watch)
    if options.plot:
        _plot(options.plot, watch, pipeline, alone)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clip", type=Path, default=demo_clip())
    parser.add_argument("--model", type=Path, default=street_n(), help="default: the bundled one")
    parser.add_argument("--labels", nargs="*", default=[], help="of a model that names none")
    parser.add_argument("--threads", type=int, default=1, help="of onnxruntime, on both sides")
    parser.add_argument("--frames", type=int, default=300, help="a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plot", type=Path, help="where to draw the stages, as .png or .svg")
    options = parser.parse_args()
    if options.model is None:
        parser.error("no model is bundled here; give --model")
    return options


def _print(
    options: argparse.Namespace, detector: OnnxDetector, pipeline: list[float], alone: list[float]
) -> None:
    ratios = [ours / theirs for ours, theirs in zip(pipeline, alone, strict=True)]
    width, height = detector.input_wh
    print(
        f"{options.clip.name}, {detector.model.name} at {width}x{height}, threads={options.threads}"
    )
    print(f"{options.rounds} rounds of {options.frames} frames, median (least to most)")
    for name, values, digits in (
        ("pipeline, frames/s", pipeline, 1),
        ("onnxruntime alone, frames/s", alone, 1),
        ("ratio", ratios, 2),
    ):
        low, middle, high = min(values), statistics.median(values), max(values)
        print(f"{name:28} {middle:7.{digits}f} ({low:.{digits}f} to {high:.{digits}f})")


def _print_stages(watch: Stopwatch) -> None:
    total_s = sum(watch.own_s.values())
    print("where the pipeline's time goes (decode: what is waited for the decoding child)")
    for stage, own_s in watch.own_s.items():
        print(f"  {stage:10} {own_s / total_s:6.1%}")


def _plot(path: Path, watch: Stopwatch, pipeline: list[float], alone: list[float]) -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415  only where a plot is wanted

    figure = Figure(figsize=(7, 2.2), layout="constrained")
    axes = figure.subplots()
    per_frame_ms = 1000 / statistics.median(pipeline) / sum(watch.own_s.values())
    left = 0.0
    for stage, own_s in watch.own_s.items():
        axes.barh("pipeline", own_s * per_frame_ms, left=left, label=stage)
        left += own_s * per_frame_ms
    axes.barh("onnxruntime alone", 1000 / statistics.median(alone), color="gray")
    axes.set_xlabel("ms a frame")
    axes.legend(ncols=6, fontsize="small", loc="upper center", bbox_to_anchor=(0.5, 1.3))
    figure.savefig(path)


if __name__ == "__main__":
    sys.exit(main())
