"""Is a drawn street real enough: what a detector that never saw one finds in it.

YOLOX-nano, trained by others on photographs (COCO), looks at drawn stills and, with the same
settings, at real clips. Found is what it names at score 0.3 or more with IoU 0.5 or more. Asked for
is what shows six tenths of itself or more and is 40 px high or more, people 50 px.

Example: python -m benchmarks.realism --stills 150 --seed 1 --sheets benchmarks/results
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from astral import Observer, SunDirection, sun

from benchmarks.events.intervals import wilson
from benchmarks.realism_sheets import Crop, cropped, write_crops, write_sheet
from models.heldout import FRAMES_CSV, Labelled, labelled_frames, read_rows
from models.labels import Boxes, intersection, iou, suppressed
from models.purpose import purpose_of
from models.runtime import open_session
from models.scenes.film import Moment
from models.scenes.sky import Look, Place, Weather
from models.scenes.stills import PER_STAGE, Set, drawn_set, moments
from models.scenes.streets import street
from models.scenes.truth import Seen

Pixels = npt.NDArray[np.uint8]
Rng = np.random.Generator
DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
STRANGER: Final = "detectors/yolox_nano_coco.onnx"
LIGHTS: Final = ("clear day", "overcast day", "dusk", "night", "infrared", "rain")
"""Rain falls by day; night, under lamps, is dry."""
REAL: Final = "real clips"
GROUPS: Final = ("person", "two-wheelers", "car", "van, truck")
GROUP_OF: Final = {
    "person": 0, "bicycle": 1, "e-bike": 1, "motorcycle": 1, "tricycle": 1, "car": 2, "truck": 3,
}  # fmt: skip
ANSWERS: Final = ((0,), (1, 3), (2,), (2, 5, 7))
"""COCO's classes that name each group."""
LEAST_SCORE, LEAST_IOU, LEAST_SHARE = 0.3, 0.5, 0.6
LEAST_HIGH_PX: Final = (50.0, 40.0, 40.0, 40.0)
LARGE_PX: Final = 80.0
SIDE_PX: Final = 416
TILE_SHARE: Final = 0.6
VANS: Final = frozenset({"white-van"})
EACH: Final = PER_STAGE // 2
"""Stills of one stage: fewer than in training, for more streets."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture and what it shows.

    Attributes:
        truth: ``label`` is a place in ``GROUPS``.
        asked: ``(n,)`` whether a box is large and free enough to be asked for.
    """

    bgr: Pixels
    truth: Boxes
    asked: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that was asked for, and whether it was found in the frame whole, and in tiles."""

    light: str
    street: str
    group: str
    high_px: float
    whole: bool
    tiled: bool


class Stranger:
    """YOLOX-nano with COCO's classes: a frame whole, or also in two by two tiles that overlap."""

    def __init__(self, path: Path) -> None:
        self._session = open_session(path, 1)
        self._input = self._session.get_inputs()[0].name
        cells = []
        for stride in (8, 16, 32):
            down, right = np.mgrid[: SIDE_PX // stride, : SIDE_PX // stride]
            flat = np.stack([right.ravel(), down.ravel()], axis=1)
            cells.append(np.hstack([flat, np.full((len(flat), 1), stride)]))
        self._cells = np.concatenate(cells).astype(np.float32)

    def found(self, bgr: Pixels, *, tiled: bool) -> Boxes:
        """Boxes of a picture; ``label`` is COCO's class."""
        height, width = bgr.shape[:2]
        boxes = self._look(bgr)
        for left, top, right, bottom in tiles((width, height)) if tiled else ():
            part = self._look(bgr[top:bottom, left:right])
            part.xyxy[:] += np.array([left, top, left, top], np.float32)
            boxes = boxes.joined(
                part.where(~at_seam(part, (left, top, right, bottom), (width, height)))
            )
        return suppressed(boxes, LEAST_IOU)

    def _look(self, bgr: Pixels) -> Boxes:
        height, width = bgr.shape[:2]
        ratio = SIDE_PX / max(width, height)
        size = round(width * ratio), round(height * ratio)
        canvas = np.full((SIDE_PX, SIDE_PX, 3), 114, np.uint8)
        canvas[: size[1], : size[0]] = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
        blob = canvas.transpose(2, 0, 1)[None].astype(np.float32)
        raw = np.asarray(self._session.run(None, {self._input: blob})[0])[0]
        stride = self._cells[:, 2:]
        middle, half = (raw[:, :2] + self._cells[:, :2]) * stride, np.exp(raw[:, 2:4]) * stride / 2
        scores = raw[:, 4:5] * raw[:, 5:]
        sure = scores.max(axis=1) >= LEAST_SCORE
        xyxy = (np.hstack([middle - half, middle + half])[sure] / ratio).astype(np.float32)
        label = scores[sure].argmax(axis=1).astype(np.int64)
        return suppressed(
            Boxes(xyxy, label, scores[sure].max(axis=1).astype(np.float32)), LEAST_IOU
        )


def tiles(wh: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right, bottom of two by two tiles, each six tenths of the picture wide and high.

    >>> list(tiles((100, 50)))[3]
    (40, 20, 100, 50)
    """
    width, height = (round(TILE_SHARE * side) for side in wh)
    for top in (0, wh[1] - height):
        for left in (0, wh[0] - width):
            yield left, top, left + width, top + height


def at_seam(
    boxes: Boxes, tile: tuple[int, int, int, int], wh: tuple[int, int], near_px: float = 4.0
) -> npt.NDArray[np.bool_]:
    """``(n,)`` whether boxes touch an edge of their tile where the picture goes on."""
    edges, ends = np.array(tile), np.array([0, 0, *wh])
    touches = np.abs(boxes.xyxy - edges) < near_px
    touches |= np.sign(boxes.xyxy - edges) == [-1, -1, 1, 1]
    cut: npt.NDArray[np.bool_] = (touches & (edges != ends)).any(axis=1)
    return cut


def matched(truth: Boxes, found: Boxes) -> npt.NDArray[np.bool_]:
    """``(n,)`` which true boxes are found; the surest answer chooses first, and each only one."""
    taken = np.zeros(len(truth), np.bool_)
    overlap = iou(found.xyxy, truth.xyxy)
    for number in np.argsort(-found.score, kind="stable").tolist():
        fits = np.array([found.label[number] in ANSWERS[group] for group in truth.label], bool)
        rivals = np.where(fits & ~taken, overlap[number], 0.0)
        if rivals.size and rivals.max() >= LEAST_IOU:
            taken[int(rivals.argmax())] = True
    return taken


def false_of(truth: Boxes, found: Boxes) -> npt.NDArray[np.bool_]:
    """``(m,)`` which answers, of a class asked for, lie on nothing that they could mean.

    A part of a thing, or two things in one box, is bad but not false.
    """
    families = ((0,), (1, 3), (2, 5, 7), (2, 5, 7))
    named = np.isin(found.label, [0, 1, 2, 3, 5, 7])
    area = (found.xyxy[:, 2:] - found.xyxy[:, :2]).prod(axis=1)
    part = intersection(found.xyxy, truth.xyxy) / np.maximum(area[:, None], 1e-6)
    for number in range(len(found)):
        fits = np.array([found.label[number] in families[group] for group in truth.label], bool)
        named[number] &= not (part[number][fits] >= 0.3).any()
    return named


def in_light(made: Set, light: str) -> Set:
    """The same street and camera in one of ``LIGHTS``."""
    rng = np.random.default_rng((made.seed, 81))
    dark = light in ("dusk", "night", "infrared")
    return replace(
        made,
        at=hour_of(light, made.at.date(), made.place, rng),
        weather=weather_of(light, rng),
        look=_look_of(light),
        night=dark,
        street=street(made.street.name, made.seed, night=dark),
    )


def hour_of(light: str, day: date, place: Place, rng: Rng) -> datetime:
    """Dusk is a sun 1 to 6 degrees under; night begins well after it."""
    if light == "dusk":
        under = float(rng.uniform(-6, -1))
        return sun.time_at_elevation(Observer(*place.position), under, day, SunDirection.SETTING)
    dark = light in ("night", "infrared")
    hour = float(rng.uniform(21.5, 27.5) if dark else rng.uniform(9, 15.5))
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour - 8)


def weather_of(light: str, rng: Rng) -> Weather:
    wind_mps = float(rng.uniform(0, 6))
    if light == "rain":
        return Weather(float(rng.uniform(0.8, 1)), float(rng.uniform(0.2, 0.9)), 0.0, wind_mps)
    gray = light == "overcast day"
    return Weather(float(rng.uniform(0.8, 1) if gray else rng.uniform(0, 0.35)), 0.0, 0.0, wind_mps)


def _look_of(light: str) -> Look:
    return "infrared" if light == "infrared" else "color"


def sets_of(count: int, seed: int) -> list[tuple[str, Set]]:
    """Stages for so many stills in turns of light; seeds go up by two and keep their purpose."""
    return [
        (LIGHTS[k % len(LIGHTS)], in_light(drawn_set(seed + 2 * k), LIGHTS[k % len(LIGHTS)]))
        for k in range(-(-count // EACH))
    ]


def drawn_shown(moment: Moment) -> Shown:
    """A still with every thing that a group names and a pixel shows."""
    things = [t for t in moment.things if t.label in GROUP_OF and t.visible_xyxy is not None]
    truth = Boxes.of((GROUP_OF[t.label], *(t.visible_xyxy or (0, 0, 0, 0))) for t in things)
    return Shown(moment.bgr, truth, np.array([_is_asked(t) for t in things], bool))


def _is_asked(thing: Seen) -> bool:
    assert thing.visible_xyxy is not None
    high = thing.visible_xyxy[3] - thing.visible_xyxy[1]
    least_px = LEAST_HIGH_PX[GROUP_OF[thing.label]]
    return thing.visible_share >= LEAST_SHARE and high >= least_px


def real_shown(data: Path) -> Iterator[Shown]:
    """Frames of the real clips with their hand-checked boxes."""
    rows = read_rows(FRAMES_CSV.read_text(encoding="utf-8"))
    kept: list[Labelled] = labelled_frames(data, rows)
    for one in kept:
        clip, frame = one.name.rsplit("-", 1)
        mine = [row for row in rows if row.label and (row.clip, row.frame) == (clip, int(frame))]
        group = [0 if r.label == "person" else 3 if r.thing in VANS else 2 for r in mine]
        truth = Boxes(one.boxes.xyxy, np.array(group, np.int64), one.boxes.score)
        high = truth.xyxy[:, 3] - truth.xyxy[:, 1]
        yield Shown(one.pixels, truth, high >= np.array(LEAST_HIGH_PX)[truth.label])


@dataclass
class Report:
    """What is counted, and crops to look at; ``false`` and ``pictures`` go by light."""

    stranger: Stranger
    trials: list[Trial] = field(default_factory=list)
    crops: list[Crop] = field(default_factory=list)
    false: Counter[Key] = field(default_factory=Counter)
    pictures: Counter[str] = field(default_factory=Counter)

    def look(self, light: str, where: str, shown: Shown) -> None:
        """Shows the stranger one picture, whole and in tiles."""
        self.pictures[light] += 1
        truth = shown.truth
        whole, tiled = (self.stranger.found(shown.bgr, tiled=tiled) for tiled in (False, True))
        hits, more = matched(truth, whole).tolist(), matched(truth, tiled).tolist()
        high = (truth.xyxy[:, 3] - truth.xyxy[:, 1]).tolist()
        for k in np.flatnonzero(shown.asked).tolist():
            group = GROUPS[int(truth.label[k])]
            self.trials.append(Trial(light, where, group, high[k], hits[k], more[k]))
            self._keep(light, f"{group}, {'found' if more[k] else 'missed'}", shown, truth.xyxy[k])
        wrong = tiled.where(false_of(truth, tiled))
        for label, xyxy in zip(wrong.label.tolist(), wrong.xyxy, strict=True):
            group = next(g for g, answers in zip(GROUPS, ANSWERS, strict=True) if label in answers)
            self.false[light, group] += 1
            self._keep(light, "false", shown, xyxy)

    def _keep(self, light: str, row: str, shown: Shown, xyxy: npt.NDArray[np.float32]) -> None:
        if light != REAL:
            self.crops.append(Crop(row, cropped(shown.bgr, xyxy)))

    def lines(self) -> Iterator[str]:
        """Tables in Markdown: recall by light, false answers a picture, recall by street."""
        lights = [light for light in (*LIGHTS, REAL) if light in self.pictures]
        yield from _table("", [f"{light} ({self.pictures[light]})" for light in lights])
        for group in GROUPS:
            cells = [[t for t in self.trials if (t.light, t.group) == (x, group)] for x in lights]
            yield _row(group, (_recall([t.tiled for t in some]) for some in cells))
            yield _row("… whole frame only", (_share([t.whole for t in some]) for some in cells))
            large = ([t.tiled for t in some if t.high_px >= LARGE_PX] for some in cells)
            yield _row(f"… {LARGE_PX:g} px and more", (_share(some) for some in large))
        for group in GROUPS:
            rates = [self.false[light, group] / self.pictures[light] for light in lights]
            yield _row(f"false a picture: {group}", (f"{rate:.2f}" for rate in rates))
        yield ""
        streets = sorted({t.street for t in self.trials if t.light != REAL})
        yield from _table("all lights", streets)
        for group in GROUPS:
            cells = [[t for t in self.trials if (t.street, t.group) == (x, group)] for x in streets]
            yield _row(group, (_share([t.tiled for t in some]) for some in cells))


def _table(first: str, heads: Sequence[str]) -> Iterator[str]:
    yield _row(first, heads)
    yield "|" + "---|" * (len(heads) + 1)


def _row(first: str, cells: Iterable[str]) -> str:
    return f"| {first} | " + " | ".join(cells) + " |"


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found) / len(found):.2f} of {len(found)}" if found else "–"


def _recall(found: Sequence[bool]) -> str:
    if not found:
        return "–"
    sure = wilson(sum(found), len(found))
    share = sum(found) / len(found)
    return f"**{share:.2f}** ({sure.low:.2f}–{sure.high:.2f}; {sum(found)} of {len(found)})"


def main() -> int:
    options = _options()
    cv2.setNumThreads(1)
    report = Report(Stranger(DATA / STRANGER))
    for shown in real_shown(DATA):
        report.look(REAL, REAL, shown)
    stages = sets_of(options.stills, options.seed)
    stills: dict[str, list[Pixels]] = {light: [] for light in LIGHTS}
    lights = {made.seed: light for light, made in stages}
    for made, moment in moments((made for _, made in stages), EACH):
        light = lights[made.seed]
        report.look(light, made.street.name, drawn_shown(moment))
        stills[light].append(moment.bgr)
        print(f"{made.seed} {made.street.name} {light}", file=sys.stderr)
    print(f"composed, seeds for {purpose_of(options.seed)}, {len(stages)} stages")
    print("\n".join(report.lines()))
    if options.sheets:
        rows = [f"{group}, {how}" for group in GROUPS for how in ("found", "missed")]
        rows.append("false")
        write_crops(options.sheets / "realism-crops.jpg", report.crops, rows)
        for light, pictures in stills.items():
            write_sheet(options.sheets / f"realism-{light.replace(' ', '-')}.jpg", pictures)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--stills", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1, help="odd: streets that no training sees")
    parser.add_argument("--sheets", type=Path, help="folder for sheets of stills and crops")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
