"""The held-out material: what figures are measured on, and nothing is ever trained on.

Labels of the frames lie in ``zoo/street-n/heldout/frames.csv``: drawn by the teacher, corrected by
eye.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.compose import Cutout, Scene, cut_polygon, pasted
from models.errors import LabelError
from models.labels import LABELS, Boxes
from models.sources import (
    CLIPS,
    Pixels,
    held_out_frames,
    held_out_photo_paths,
    original_of,
    read_photo,
)
from models.stills import read_stills

FRAMES_CSV = Path(__file__).parent / "zoo" / "street-n" / "heldout" / "frames.csv"
NEW_PILES = (
    "20231005_163650_jpg",
    "20231005_163736_jpg",
    "20231005_163930_jpg",
    "20231005_164011_jpg",
    "20231005_164859_jpg",
    "IMG_1523_jpeg",
)
"""Held-out photos whose bags are in no training photo, compared by eye; the others show piles that
were photographed for the train split too, seconds earlier or later, from another side."""

CLASS_OF = {"blue-car": "car", "white-van": "truck", "white-sports-car": "car"}
"""frames.csv says vehicle, as the first edition did; this is what each of them is."""

QUIET_STEP = {"vtest": 10, "visitors": 20, "car": 10}


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A held-out picture and its truth."""

    name: str
    pixels: Pixels
    boxes: Boxes


@dataclass(frozen=True, slots=True)
class Row:
    """One line of frames.csv; without a label it says that the frame is empty."""

    clip: str
    frame: int
    label: str
    thing: str
    xyxy: tuple[float, ...]

    @property
    def known_as(self) -> str:
        """Its class among `LABELS`; empty where nothing is."""
        return CLASS_OF[self.thing] if self.label == "vehicle" else self.label


def read_rows(text: str, where: str = "frames.csv") -> list[Row]:
    """The rows of a frames.csv; lines starting with # are remarks.

    Raises:
        LabelError: an unknown clip or label, or a box that is none.
    """
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rows = []
    for line, fields in zip(lines[1:], csv.DictReader(lines), strict=True):
        sides = tuple(float(fields[side] or 0) for side in ("left", "top", "right", "bottom"))
        row = Row(fields["clip"], int(fields["frame"]), fields["label"], fields["thing"], sides)
        if row.clip not in CLIPS:
            raise LabelError(where, line, f"a clip of {', '.join(CLIPS)}")
        known = row.label in LABELS or (row.label == "vehicle" and row.thing in CLASS_OF)
        if row.label and (not known or sides[0] >= sides[2] or sides[1] >= sides[3]):
            raise LabelError(where, line, "a known label and left < right, top < bottom")
        if row.frame < CLIPS[row.clip].held_out_from:
            raise LabelError(
                where, line, f"a frame from {CLIPS[row.clip].held_out_from} on, which is held out"
            )
        rows.append(row)
    return rows


def things(rows: Iterable[Row], label: str) -> int:
    """How many physical things bear a label or class, however many frames show them."""
    return len({row.thing for row in rows if label in (row.label, row.known_as)})


def labelled_frames(data: Path, rows: list[Row]) -> list[Labelled]:
    """The frames that ``rows`` speak of, with their boxes."""
    pictures = []
    for name, clip in CLIPS.items():
        wanted = {row.frame for row in rows if row.clip == name}
        for number, frame in held_out_frames(data, clip, 1):
            if number in wanted:
                mine = [r for r in rows if r.clip == name and r.frame == number and r.label]
                boxes = Boxes.of((LABELS.index(r.known_as), *r.xyxy) for r in mine)  # type: ignore[misc]
                pictures.append(Labelled(f"{name}-{number}", frame, boxes))
    return pictures


def photos(data: Path, only_new: bool = False) -> list[Labelled]:
    """Held-out photographs of waste; ``only_new`` keeps those of piles that no training photo
    shows.
    """
    paths = [
        path
        for path in held_out_photo_paths(data)
        if not only_new or original_of(path.name) in NEW_PILES
    ]
    read = [read_photo(path) for path in paths]
    return [Labelled(photo.name, photo.pixels, photo.boxes) for photo in read]


def quiet_frames(data: Path) -> list[Labelled]:
    """Held-out frames of the clips, none of which shows a bag: whatever waste is found is false."""
    return [
        Labelled(f"{name}-{number}", frame, Boxes.of([]))
        for name, clip in CLIPS.items()
        for number, frame in held_out_frames(data, clip, QUIET_STEP[name])
    ]


def composed(data: Path, count: int = 60, seed: int = 11) -> list[Labelled]:
    """Held-out vtest frames with one held-out bag of 24–48 px put on the ground, away from walkers'
    boxes.

    Composed: a figure measured on these says so.
    """
    rng = np.random.default_rng(seed)
    frames = [frame for _, frame in held_out_frames(data, CLIPS["vtest"], 6)]
    bags = _bags(data)
    empty = np.median(np.stack(frames), axis=0)
    pictures: list[Labelled] = []
    while len(pictures) < count:
        frame = frames[len(pictures) % len(frames)]
        bag = bags[int(rng.integers(len(bags)))].resized(float(rng.uniform(24, 48)))
        h, w = bag.mask.shape
        left, top = int(rng.integers(0, frame.shape[1] - w)), int(rng.integers(150, 560 - h))
        if _is_busy(frame, empty, (left, top, w, h)):
            continue
        scene = pasted(Scene(frame, Boxes.of([])), bag, left, top, rng)
        pictures.append(Labelled(f"composed-{len(pictures)}", scene.pixels, scene.boxes))
    return pictures


def stills(folder: Path) -> list[Labelled]:
    """Drawn stills of benchmark seeds; composed, and a figure measured on these says so."""
    return [Labelled(still.image.stem, *still.read()) for still in read_stills(folder, "benchmark")]


def _bags(data: Path) -> list[Cutout]:
    found = []
    for path in held_out_photo_paths(data):
        photo = read_photo(path)
        found += [cut_polygon(photo.pixels, outline) for outline in photo.outlines]
    return [bag for bag in found if bag]


def _is_busy(
    frame: Pixels, empty: npt.NDArray[np.float64], ltwh: tuple[int, int, int, int]
) -> bool:
    left, top, w, h = ltwh
    area = (slice(top, top + h), slice(left, left + w))
    return bool(
        (np.abs(frame[area].astype(np.float64) - empty[area]).max(axis=2) > 28).mean() > 0.1
    )
