"""Boxes and the text in which they are kept: one `label cx cy w h` line per object, as fractions of
the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.errors import LabelError
from models.scenes.assets import asset

LABELS = asset.LABELS
"""The classes of street-n, in its order: truth is drawn with the same."""
PERSON, BICYCLE, E_BIKE, MOTORCYCLE, TRICYCLE, CAR, TRUCK, WASTE, BULKY, CABLE, SCAFFOLD = range(11)

MEANINGS = ("person", "vehicle", "waste")
"""What a box at the street makes of them; the first edition had no other classes."""

MEANS: Mapping[str, str] = {
    "person": "person",
    "bicycle": "vehicle",
    "e-bike": "vehicle",
    "motorcycle": "vehicle",
    "tricycle": "vehicle",
    "car": "vehicle",
    "truck": "vehicle",
    "vehicle": "vehicle",
    "waste": "waste",
    "bulky": "waste",
}
"""A class's meaning, in either edition; cable and scaffold have none until their scenarios come."""

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """The labelled objects of one picture; row *i* of every array is one object.

    Attributes:
        xyxy: ``(n, 4)`` corners in pixels: left, top, right, bottom.
        label: ``(n,)`` index into `LABELS`, or into the classes of the detector that found them.
        score: ``(n,)`` confidence 0..1; 1 for what a person labelled.
    """

    xyxy: Floats
    label: Ints
    score: Floats

    def __post_init__(self) -> None:
        n = len(self.label)
        if self.xyxy.shape != (n, 4) or self.label.shape != (n,) or self.score.shape != (n,):
            raise ValueError(
                f"xyxy {self.xyxy.shape}, label {self.label.shape}, score {self.score.shape}: "
                f"want ({n}, 4), ({n},), ({n},)"
            )

    def __len__(self) -> int:
        return len(self.label)

    def where(self, keep: npt.NDArray[np.bool_] | Ints) -> Boxes:
        return Boxes(self.xyxy[keep], self.label[keep], self.score[keep])

    @classmethod
    def of(cls, rows: Iterable[tuple[int, float, float, float, float]]) -> Boxes:
        """Boxes from ``(label, left, top, right, bottom)`` rows, each with score 1.

        >>> Boxes.of([(2, 0, 0, 4, 8)]).xyxy.tolist()
        [[0.0, 0.0, 4.0, 8.0]]
        """
        table = np.array(list(rows), np.float32).reshape(-1, 5)
        return cls(
            table[:, 1:].copy(), table[:, 0].astype(np.int64), np.ones(len(table), np.float32)
        )

    def meaning(self, names: Sequence[str]) -> Boxes:
        """What each means, as an index into `MEANINGS`; what means nothing is left out.

        >>> Boxes.of([(7, 0, 0, 4, 8), (9, 0, 0, 4, 8), (8, 0, 0, 2, 2)]).meaning(LABELS).label
        array([2, 2])
        """
        table = np.array([meaning_of(name) for name in names], np.int64)
        label = table[self.label]
        return Boxes(self.xyxy, label, self.score).where(label >= 0)

    def joined(self, other: Boxes) -> Boxes:
        return Boxes(
            np.concatenate([self.xyxy, other.xyxy]),
            np.concatenate([self.label, other.label]),
            np.concatenate([self.score, other.score]),
        )


def meaning_of(name: str) -> int:
    """Index into `MEANINGS` of a class, or -1.

    >>> meaning_of("e-bike"), meaning_of("cable")
    (1, -1)
    """
    return MEANINGS.index(MEANS[name]) if name in MEANS else -1


def polygon_box(
    fractions: Sequence[float], frame_wh: tuple[int, int]
) -> tuple[float, float, float, float]:
    """The box around a polygon given as ``x1 y1 x2 y2 …`` in fractions of the picture, in pixels.

    >>> polygon_box([0.1, 0.2, 0.5, 0.2, 0.3, 0.9], (100, 200))
    (10.0, 40.0, 50.0, 180.0)
    """
    points = np.array(fractions, np.float64).reshape(-1, 2) * frame_wh
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def read_polygons(text: str, where: str) -> list[list[float]]:
    """Polygons of a segmentation label file, class numbers dropped; plain boxes become four
    corners.

    Raises:
        LabelError: a line is not a class number followed by 4, or by 6 or more (an even number of)
            fractions.
    """
    polygons = []
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            values = [float(word) for word in line.split()[1:]]
        except ValueError as cause:
            raise LabelError(where, line, "numbers only") from cause
        if len(values) == 4:
            cx, cy, w, h = values
            left, top, right, bottom = cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2
            values = [left, top, right, top, right, bottom, left, bottom]
        if len(values) < 6 or len(values) % 2:
            raise LabelError(where, line, "a class and at least three x y pairs")
        polygons.append(values)
    return polygons


def write_lines(boxes: Boxes, frame_wh: tuple[int, int]) -> str:
    """The text form of boxes; `read_lines` is its inverse to a hundredth of a pixel."""
    width, height = frame_wh
    lines = []
    for (left, top, right, bottom), label in zip(
        boxes.xyxy.tolist(), boxes.label.tolist(), strict=True
    ):
        cx, cy = (left + right) / 2 / width, (top + bottom) / 2 / height
        w, h = (right - left) / width, (bottom - top) / height
        lines.append(f"{label} {cx:.6f} {cy:.6f} {w:.6f} {h:.6f}\n")
    return "".join(lines)


def read_lines(text: str, frame_wh: tuple[int, int], where: str = "labels") -> Boxes:
    """Boxes of a label text.

    Raises:
        LabelError: a line is not a known label number followed by four fractions.
    """
    width, height = frame_wh
    rows = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        try:
            label, cx, cy, w, h = line.split()
            index, x, y, half_w, half_h = (
                int(label),
                float(cx),
                float(cy),
                float(w) / 2,
                float(h) / 2,
            )
        except ValueError as cause:
            raise LabelError(where, line, "label cx cy w h") from cause
        if not 0 <= index < len(LABELS):
            raise LabelError(where, line, f"a label number from 0 to {len(LABELS) - 1}")
        rows.append(
            (
                index,
                (x - half_w) * width,
                (y - half_h) * height,
                (x + half_w) * width,
                (y + half_h) * height,
            )
        )
    return Boxes.of(rows)


def clipped(
    boxes: Boxes, frame_wh: tuple[int, int], least_part: float = 0.35, least_px: float = 4
) -> Boxes:
    """Boxes cut at the picture's edge; those of which less than ``least_part`` of the area is left
    are dropped.
    """
    width, height = frame_wh
    inside = boxes.xyxy.copy()
    inside[:, 0::2] = inside[:, 0::2].clip(0, width)
    inside[:, 1::2] = inside[:, 1::2].clip(0, height)
    size = inside[:, 2:] - inside[:, :2]
    part = size.prod(axis=1) / np.maximum(
        (boxes.xyxy[:, 2:] - boxes.xyxy[:, :2]).prod(axis=1), 1e-6
    )
    keep = (part >= least_part) & (size.min(axis=1, initial=np.inf) >= least_px)
    return Boxes(inside[keep], boxes.label[keep], boxes.score[keep])


def iou(a: Floats, b: Floats) -> Floats:
    """Overlap ``(n, m)`` of every box in ``a`` with every box in ``b``, from 0 (apart) to 1
    (equal).

    >>> box = np.array([[0, 0, 10, 10]], np.float32)
    >>> round(float(iou(box, box + np.float32([5, 0, 5, 0]))[0, 0]), 4)
    0.3333
    """
    shared = intersection(a, b)
    area_a, area_b = ((box[:, 2:] - box[:, :2]).prod(axis=1) for box in (a, b))
    union = area_a[:, None] + area_b[None, :] - shared
    ratio: Floats = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return ratio


def intersection(a: Floats, b: Floats) -> Floats:
    """Shared area ``(n, m)`` in square pixels."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared: Floats = np.clip(high - low, 0, None).prod(axis=2)
    return shared


def suppressed(boxes: Boxes, most_iou: float) -> Boxes:
    """Non-maximum suppression, label by label: of boxes overlapping more than ``most_iou`` the
    surest stays.
    """
    kept: list[int] = []
    for index in np.argsort(-boxes.score, kind="stable").tolist():
        rivals = [k for k in kept if boxes.label[k] == boxes.label[index]]
        if not rivals or iou(boxes.xyxy[[index]], boxes.xyxy[rivals]).max() <= most_iou:
            kept.append(index)
    return boxes.where(np.array(kept, np.int64))
