"""Dumping: bags put down by real walkers, found or not, and what innocent footage raises.

Everything here is composed on real footage (frames 400 and later of vtest.avi, bags of held-out
photos); the quiet minutes are the real clips as they are. Draws of one walker belong together, so
the interval is bootstrapped over walkers.

Example: python benchmarks/dumping.py --draws 40 --plot benchmarks/results/dumping.png
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
from matplotlib.figure import Figure

from benchmarks.composing import (
    LEAVES_S,
    Drop,
    Person,
    Plate,
    Walker,
    composed,
    lonely_spot,
    moments,
    put_down,
    read_bags,
    read_plate,
    walkers,
    way_on,
)
from benchmarks.events.rules import iou
from edge.config import Detector as DetectorConfig
from edge.config import DumpingConfig
from edge.ids import uuid7
from edge.scenarios.dumping import Dumping
from edge.scenarios.finding import Finding
from edge.scenarios.night import Night
from edge.video.frame import Frame, Pixels
from edge.vision.detector import OnnxDetector
from edge.vision.eye import Detector, Eye
from sanse.defaults import street_n
from wire import DumpingFacts

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
QUIET = ("vtest.avi", "car-detection.mp4", "one-by-one-person-detection.mp4")
STAY_S = 10.0
LEAST_IOU, MOST_LATE_S = 0.4, 10.0
START = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One composed clip: what was to happen, and what did."""

    kind: str
    walker: int
    found: bool
    alerts: int
    note: str


@dataclass(slots=True)
class Pace:
    """Frames looked at, and the seconds that took."""

    frames: int = 0
    spent_s: float = 0.0


def timed(pictures: Iterable[Pixels], fps: float) -> Iterator[Frame]:
    for index, pixels in enumerate(pictures):
        at_s = index / fps
        yield Frame(pixels, START + timedelta(seconds=at_s), at_s, index)


def findings(
    frames: Iterable[Frame], detector: Detector | None, pace: Pace | None = None
) -> list[Finding]:
    """What one eye and one scenario make of a clip."""
    pace = pace or Pace()
    eye, dumping = Eye(detector), Dumping(DumpingConfig(stay_s=STAY_S), Night(None, UTC), uuid7)
    found = []
    for frame in frames:
        began_s = time.perf_counter()
        found += dumping.evaluate(eye.look(frame))
        pace.spent_s += time.perf_counter() - began_s
        pace.frames += 1
    return found


def judged(kind: str, walker: int, plate: Plate, drop: Drop, found: list[Finding]) -> Outcome:
    """Exactly one alert, on the bag and within ten seconds after its stay; or none at all."""
    if kind != "dumped":
        return Outcome(kind, walker, found=not found, alerts=len(found), note="")
    if len(found) != 1:
        return Outcome(kind, walker, found=False, alerts=len(found), note=f"{len(found)} alerts")
    overlap, facts = iou(found[0].xyxy, drop.ltrb), found[0].facts
    assert isinstance(facts, DumpingFacts)
    late_s = facts.stayed_s - STAY_S
    since_s = (facts.departed_at - START).total_seconds() - drop.frame / plate.fps
    good = overlap >= LEAST_IOU and late_s <= MOST_LATE_S and since_s >= 0
    note = f"IoU {overlap:.2f}, departure {since_s:.1f} s after the drop, {late_s:.1f} s late"
    return Outcome(kind, walker, good, 1, note)


def draws(plate: Plate, count: int, rng: np.random.Generator) -> list[tuple[Walker, Person]]:
    """Walkers in turn, each at a moment of chance."""
    able = [(w, m) for w in walkers(plate) if (m := moments(plate, w, 4, 20))]
    order = rng.permutation(len(able))
    picked = [able[order[index % len(able)]] for index in range(count)]
    return [(walker, chances[rng.integers(len(chances))]) for walker, chances in picked]


def run(options: argparse.Namespace, detector: Detector | None) -> tuple[list[Outcome], Pace]:
    """Every draw dumped, also with a carrier who stays; every fifth taken back, and unbrought."""
    rng, pace = np.random.default_rng(options.seed), Pace()
    plate = read_plate(DATA / "video" / "vtest.avi", 400)
    bags = read_bags(DATA / "waste" / "valid") + read_bags(DATA / "waste" / "test")
    outcomes = []
    for index, (walker, person) in enumerate(draws(plate, options.draws, rng)):
        bag = bags[rng.integers(len(bags))]
        drop, small = put_down(plate, bag, person, int(rng.choice([-1, 1])))
        clips = {"dumped": drop}
        way = way_on(walker, person)
        if len(way) >= LEAVES_S * plate.fps:  # else he would be seen to walk off all the same
            clips["carrier stays"] = replace(drop, stays=way)
        if index % 5 == 0:
            clips["taken back after 6 s"] = replace(drop, gone=drop.frame + round(6 * plate.fps))
            if lonely := lonely_spot(plate, person.frame, rng):
                clips["nobody brought it"] = put_down(plate, bag, lonely, 0)[0]
        for kind, clip in clips.items():
            size = clip.ltrb[2] - clip.ltrb[0], clip.ltrb[3] - clip.ltrb[1]
            cut = np.asarray(cv2.resize(small, size), np.uint8)
            found = findings(timed(composed(plate, clip, cut), plate.fps), detector, pace)
            outcomes.append(judged(kind, walker.number, plate, clip, found))
            print(f"{outcomes[-1]}", file=sys.stderr)
    return outcomes, pace


def _pictures(capture: cv2.VideoCapture) -> Iterator[Pixels]:
    while (got := capture.read())[0]:
        yield got[1].astype(np.uint8, copy=False)


def quiet(detector: Detector | None, pace: Pace) -> tuple[int, float]:
    """Alerts on, and seconds of, footage without an offence."""
    alerts, seconds = 0, 0.0
    for name in QUIET:
        capture = cv2.VideoCapture(str(DATA / "video" / name))
        fps = float(capture.get(cv2.CAP_PROP_FPS))
        before = pace.frames
        alerts += len(findings(timed(_pictures(capture), fps), detector, pace))
        seconds += (pace.frames - before) / fps
        capture.release()
    return alerts, seconds


def interval(outcomes: list[Outcome], rng: np.random.Generator) -> tuple[float, float]:
    """95 % of the found share, bootstrapped over walkers: draws of one walker are no ten proofs."""
    by_walker = defaultdict(list)
    for outcome in outcomes:
        by_walker[outcome.walker].append(outcome.found)
    groups = list(by_walker.values())
    shares = []
    for _ in range(4000):
        sample = [groups[k] for k in rng.integers(len(groups), size=len(groups))]
        shares.append(sum(map(sum, sample)) / sum(map(len, sample)))
    low, high = np.percentile(shares, [2.5, 97.5])
    return float(low), float(high)


def most_per_hour(alerts: int, seconds: float) -> float:
    """Exact Poisson upper bound at 95 % of the rate behind so many alerts in so much time.

    >>> round(most_per_hour(0, 3600.0), 3)
    2.996
    """
    low, high = 0.0, 50.0 + 10 * alerts
    while high - low > 1e-9:
        mean = (low + high) / 2
        below = sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(alerts + 1))
        low, high = (mean, high) if below > 0.05 else (low, mean)
    return low / (seconds / 3600)


def report(outcomes: list[Outcome], pace: Pace, calm: tuple[int, float]) -> None:
    dumped = [o for o in outcomes if o.kind == "dumped"]
    low, high = interval(dumped, np.random.default_rng(1))
    found = sum(o.found for o in dumped)
    print("Composed on real footage (vtest.avi from frame 400, bags of held-out photos)")
    print(f"found {found} of {len(dumped)}, 95 % over walkers {low:.0%} to {high:.0%}")
    for walker in sorted({o.walker for o in dumped}):
        own = [o for o in dumped if o.walker == walker]
        print(f"  walker {walker:3d}: {sum(o.found for o in own)} of {len(own)}")
    for kind in sorted({o.kind for o in outcomes} - {"dumped"}):
        own = [o for o in outcomes if o.kind == kind]
        print(f"{kind}: {sum(o.alerts > 0 for o in own)} of {len(own)} alerted")
    alerts, seconds = calm
    print("Real footage without an offence")
    print(
        f"{alerts} alerts in {seconds:.0f} s: at 95 % below {most_per_hour(alerts, seconds):.0f} "
        "an hour"
    )
    print(f"{pace.frames / pace.spent_s:.0f} frames/s, eye and scenario together")


def draw(path: Path, outcomes: list[Outcome]) -> None:
    dumped = [o for o in outcomes if o.kind == "dumped"]
    numbers = sorted({o.walker for o in dumped})
    found = [sum(o.found for o in dumped if o.walker == n) for n in numbers]
    total = [sum(o.walker == n for o in dumped) for n in numbers]
    low, high = interval(dumped, np.random.default_rng(1))
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.subplots()
    names = [f"{n}" for n in numbers]
    axes.bar(names, total, color="#d9d9d9", label="put down")
    axes.bar(names, found, color="#2b6cb0", label="found in time, IoU ≥ 0.4")
    axes.set_xlabel("walker (composed on real footage)")
    axes.set_ylabel("bags")
    axes.set_title(f"{sum(found)} of {sum(total)} found; 95 % over walkers {low:.0%} to {high:.0%}")
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def main() -> int:
    options = _options()
    if not DATA.is_dir():
        print(f"dumping: the footage it is composed on is not at {DATA}", file=sys.stderr)
        return 2
    cv2.setNumThreads(1)
    config = DetectorConfig(threads=1, labels=tuple(options.labels))
    detector = OnnxDetector(options.model, config) if options.model else None
    outcomes, pace = run(options, detector)
    report(outcomes, pace, quiet(detector, pace))
    if options.plot:
        draw(options.plot, outcomes)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--model", type=Path, default=street_n(), help="default: the bundled one")
    parser.add_argument("--no-model", dest="model", action="store_const", const=None)
    parser.add_argument("--labels", nargs="*", default=[], help="of a model that names none")
    parser.add_argument("--plot", type=Path, help="where to draw the result")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
