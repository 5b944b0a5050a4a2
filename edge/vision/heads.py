"""Output heads: what a detector's raw numbers mean, family by family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from edge.vision.boxes import Floats

STRIDES: Final = (8, 16, 32)
"""Pixels between the cells of the three grids that both families look with."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every cell's guess, before thresholds.

    Attributes:
        xyxy: ``(n, 4)`` in pixels of the model's input.
        scores: ``(n, classes)``, 0 to 1.
    """

    xyxy: Floats
    scores: Floats


@dataclass(frozen=True, slots=True)
class Head:
    """How one family wants its picture and gives its answer.

    Attributes:
        centered: The letterboxed picture lies in the middle of the input, not in its corner.
        rgb: Channels are red, green, blue; otherwise blue, green, red.
        scale: What a pixel value is multiplied with.
        classes_of: Number of classes from output shape and input size, or None where the shape
            is not this family's.
        decode: Raw output and input size to candidates.
    """

    centered: bool
    rgb: bool
    scale: float
    classes_of: Callable[[tuple[int, ...], Size], int | None]
    decode: Callable[[Floats, Size], Candidates]


def cell_count(input_wh: Size) -> int:
    """Cells of all three grids.

    >>> cell_count((416, 416))
    3549
    """
    return sum((input_wh[0] // stride) * (input_wh[1] // stride) for stride in STRIDES)


def yolo_classes(shape: tuple[int, ...], input_wh: Size) -> int | None:
    match shape:
        case (1, rows, cells) if cells == cell_count(input_wh) and rows > 4:
            return rows - 4
    return None


def decode_yolo(raw: Floats, input_wh: Size) -> Candidates:
    """YOLO 8 and 11: ``(1, 4 + classes, n)``, centers and sizes already in input pixels."""
    rows = raw[0].T
    center, half = rows[:, :2], rows[:, 2:4] / 2
    return Candidates(np.concatenate([center - half, center + half], axis=1), rows[:, 4:])


def yolox_classes(shape: tuple[int, ...], input_wh: Size) -> int | None:
    match shape:
        case (1, cells, columns) if cells == cell_count(input_wh) and columns > 5:
            return columns - 5
    return None


def decode_yolox(raw: Floats, input_wh: Size) -> Candidates:
    """YOLOX: ``(1, n, 5 + classes)``, offsets and log sizes per cell; objectness times class.

    Source: ``demo_postprocess`` of Megvii's YOLOX.
    """
    corner, stride = _grid(input_wh)
    rows = raw[0]
    center = (rows[:, :2] + corner) * stride
    half = np.exp(rows[:, 2:4]) * stride / 2
    xyxy = np.concatenate([center - half, center + half], axis=1)
    return Candidates(xyxy, rows[:, 4:5] * rows[:, 5:])


@cache
def _grid(input_wh: Size) -> tuple[Floats, Floats]:
    """Corner ``(n, 2)`` of every cell, in cells, and its stride ``(n, 1)``, in pixels."""
    corners, strides = [], []
    for stride in STRIDES:
        across, down = input_wh[0] // stride, input_wh[1] // stride
        y, x = np.mgrid[:down, :across]
        corners.append(np.stack([x.ravel(), y.ravel()], axis=1))
        strides.append(np.full((across * down, 1), stride))
    return np.concatenate(corners).astype(np.float32), np.concatenate(strides).astype(np.float32)


HEADS: Final = {
    "yolo": Head(True, True, 1 / 255, yolo_classes, decode_yolo),
    "yolox": Head(False, False, 1.0, yolox_classes, decode_yolox),
}
