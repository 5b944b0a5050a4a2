"""Clips composed on real footage: a photographed bag put down where a real walker walked.

Walkers are found in the footage by their difference from its median picture, independent of the
box's own eye, and followed by overlap. A drop is a moment at which one of them, standing on the
ground with all of himself in the picture, goes on and leaves his spot alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.video.frame import Pixels

Ltrb = tuple[int, int, int, int]
LEAVES_S = 3.0
"""Within so long the walker must have left his spot."""


@dataclass(frozen=True, slots=True)
class Person:
    """One walker in one frame: his box, and his label in the plate's masks."""

    frame: int
    ltrb: Ltrb
    label: int


@dataclass(frozen=True, slots=True)
class Walker:
    """One walker's way through the footage."""

    number: int
    way: tuple[Person, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """Real footage without an offence, taken apart.

    Attributes:
        frames: ``(n, height, width, 3)``.
        labels: ``(n, height, width)`` who is where; 0 is the ground.
        people: Those in each frame.
    """

    frames: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    people: tuple[tuple[Person, ...], ...]
    empty: Pixels
    fps: float


@dataclass(frozen=True, slots=True)
class Drop:
    """One bag put down.

    Attributes:
        ltrb: The bag's box.
        gone: The frame at which it is taken back.
        stays: The carrier's way from then on, where he stays beside it instead, swaying a little.
    """

    frame: int
    ltrb: Ltrb
    gone: int | None = None
    stays: tuple[Person, ...] = ()


def read_plate(video: Path, first: int) -> Plate:
    """The frames of a clip from ``first`` on."""
    capture = cv2.VideoCapture(str(video))
    try:
        fps = float(capture.get(cv2.CAP_PROP_FPS))
        frames = []
        while (got := capture.read())[0]:
            frames.append(got[1])
    finally:
        capture.release()
    stack = np.stack(frames[first:]).astype(np.uint8, copy=False)
    empty = np.median(stack[::5], axis=0).astype(np.uint8)
    labels = np.empty(stack.shape[:3], np.uint8)
    people = []
    for index, frame in enumerate(stack):
        labels[index], found = _people_in(frame, empty, index)
        people.append(found)
    return Plate(stack, labels, tuple(people), empty, fps)


def _people_in(frame: Pixels, empty: Pixels, index: int) -> tuple[Pixels, tuple[Person, ...]]:
    apart = cv2.absdiff(frame, empty).max(axis=2)
    moving = cv2.morphologyEx((apart > 26).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
    grown = cv2.dilate(moving, np.ones((11, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(grown)
    found = []
    for label, (left, top, width, height, area) in enumerate(stats):
        if label and 1000 < area < 14000:
            box = (int(left), int(top), int(left + width), int(top + height))
            found.append(Person(index, box, label))
    return (labels * moving).astype(np.uint8), tuple(found)


def walkers(plate: Plate) -> list[Walker]:
    """Ways of at least two seconds, joined by overlap from frame to frame."""
    open_ways: list[list[Person]] = []
    closed: list[list[Person]] = []
    for people in plate.people:
        free = list(people)
        still_open = []
        for way in open_ways:
            best = max(free, key=lambda p: _overlap(p.ltrb, way[-1].ltrb), default=None)
            if best is not None and _overlap(best.ltrb, way[-1].ltrb) > 0.4:
                free.remove(best)
                way.append(best)
                still_open.append(way)
            else:
                closed.append(way)
        open_ways = still_open + [[person] for person in free]
    ways = [way for way in closed + open_ways if len(way) >= 2 * plate.fps]
    ways.sort(key=lambda way: (way[0].frame, way[0].ltrb))
    return [Walker(number, tuple(way)) for number, way in enumerate(ways)]


def moments(plate: Plate, walker: Walker, earliest_s: float, latest_s: float) -> list[Person]:
    """When this walker could put something down and leave it alone for the rest."""
    height, width = plate.empty.shape[:2]
    found = []
    for person in walker.way:
        left, top, right, bottom = person.ltrb
        alone_upright = bottom - top > 1.4 * (right - left) and bottom - top > 60
        inside = left > 50 and right < width - 50 and bottom < height - 8
        if not (alone_upright and inside):
            continue
        if not earliest_s <= person.frame / plate.fps <= latest_s:
            continue
        soon = person.frame + round(LEAVES_S * plate.fps)
        if not _busy(plate, person.ltrb, soon, soon + round(2 * plate.fps)):
            found.append(person)
    return found


def lonely_spot(plate: Plate, frame: int, rng: np.random.Generator) -> Person | None:
    """A place on the ground where nobody is near for five seconds around a frame."""
    height, width = plate.empty.shape[:2]
    around = slice(max(frame - round(5 * plate.fps), 0), frame + round(5 * plate.fps))
    near = [person.ltrb for people in plate.people[around] for person in people]
    for _ in range(200):
        x, y = int(rng.integers(60, width - 60)), int(rng.integers(height // 3, height - 20))
        wide = (x - 150, y - 170, x + 150, y + 90)
        if not any(_overlap(wide, box) > 0 for box in near):
            return Person(frame, (x - 16, y - 90, x + 16, y), 0)
    return None


def way_on(walker: Walker, person: Person) -> tuple[Person, ...]:
    """A walker's way from one moment on."""
    return tuple(later for later in walker.way if later.frame >= person.frame)


def _busy(plate: Plate, box: Ltrb, first: int, last: int) -> bool:
    """Whether anybody is within a width of a box in any of some frames."""
    reach = box[2] - box[0]
    wide = (box[0] - reach, box[1], box[2] + reach, box[3])
    return any(
        _overlap(wide, person.ltrb) > 0 for people in plate.people[first:last] for person in people
    )


def _overlap(a: Ltrb, b: Ltrb) -> float:
    across = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    down = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return across * down / (areas - across * down)


def read_bags(photos: Path) -> list[Pixels]:
    """Every fairly compact labeled bag under ``photos``/images, cut out: BGR and alpha."""
    bags: list[Pixels] = []
    for path in sorted((photos / "images").glob("*.jpg")):
        photo = cv2.imread(str(path))
        assert photo is not None
        label = photos / "labels" / f"{path.stem}.txt"
        for line in label.read_text().splitlines():
            corners = np.array(line.split()[1:], float).reshape(-1, 2) * photo.shape[1::-1]
            outline = corners.round().astype(np.int32)
            left, top, width, height = cv2.boundingRect(outline)
            full = cv2.contourArea(outline) >= 0.55 * width * height
            if min(width, height) >= 48 and max(width, height) <= 2.2 * min(width, height) and full:
                alpha = np.zeros(photo.shape[:2], np.uint8)
                cv2.fillPoly(alpha, [outline], 255)
                cut = np.dstack([photo, cv2.GaussianBlur(alpha, (5, 5), 0)])
                bags.append(np.asarray(cut[top : top + height, left : left + width], np.uint8))
    return bags


def put_down(plate: Plate, bag: Pixels, person: Person, side: int) -> tuple[Drop, Pixels]:
    """The drop beside a person, left (-1) or right (1) of his feet, and the bag at its size."""
    left, top, right, bottom = person.ltrb
    longest = float(np.clip(0.42 * (bottom - top), 24, 50))
    scale = longest / max(bag.shape[:2])
    small = cv2.resize(bag, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    foot_x = (left + right) // 2 + side * ((right - left) // 2 + 6)
    frame_h, frame_w = plate.empty.shape[:2]
    x = int(np.clip(foot_x - width // 2, 0, frame_w - width))
    y = int(np.clip(bottom - height, 0, frame_h - height))
    ground = float(plate.empty[y : y + height, x : x + width].mean())
    light = float(np.clip(ground / 120, 0.6, 1.2))
    small[..., :3] = (small[..., :3] * light).clip(0, 255)
    drop = Drop(person.frame, (x, y, x + width, y + height))
    return drop, np.asarray(small, np.uint8)


def composed(plate: Plate, drop: Drop, bag: Pixels) -> Iterator[Pixels]:
    """The plate's frames with the bag in them; who walks in front of it hides it."""
    left, top, right, bottom = drop.ltrb
    for index, frame in enumerate(plate.frames):
        if index < drop.frame or (drop.gone is not None and index >= drop.gone):
            yield frame
            continue
        pixels = frame.copy()
        for person in drop.stays:
            if person.frame == index:
                _erase(pixels, plate, person)
        front = [p.label for p in plate.people[index] if p.ltrb[3] > bottom + 4]
        hidden = np.isin(plate.labels[index, top:bottom, left:right], front)
        _blend(pixels, bag, (left, top), ~hidden)
        if drop.stays:
            stands = drop.stays[0]
            sway = round(1.5 * np.sin(index / 7))
            _blend(pixels, _cut_out(plate, stands), (stands.ltrb[0] + sway, stands.ltrb[1]))
        yield pixels


def _erase(pixels: Pixels, plate: Plate, person: Person) -> None:
    own = (plate.labels[person.frame] == person.label).astype(np.uint8)
    wide = cv2.dilate(own, np.ones((9, 9), np.uint8)) > 0
    pixels[wide] = plate.empty[wide]


def _cut_out(plate: Plate, person: Person) -> Pixels:
    left, top, right, bottom = person.ltrb
    own = plate.labels[person.frame, top:bottom, left:right] == person.label
    alpha = cv2.GaussianBlur(255 * own.astype(np.uint8), (3, 3), 0)
    return np.dstack([plate.frames[person.frame, top:bottom, left:right], alpha])


def _blend(
    pixels: Pixels,
    cut: Pixels,
    left_top: tuple[int, int],
    where: npt.NDArray[np.bool_] | None = None,
) -> None:
    (left, top), (height, width) = left_top, cut.shape[:2]
    alpha = cut[..., 3:] / 255.0
    if where is not None:
        alpha = alpha * where[..., None]
    spot = pixels[top : top + height, left : left + width]
    spot[:] = (spot * (1 - alpha) + cut[..., :3] * alpha).astype(np.uint8)
