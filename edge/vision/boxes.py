"""Boxes: what a detector saw, and how boxes overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LABELS: Final = ("person", "vehicle", "waste", "bulky")
"""What every detector's classes are mapped to; a label is an index into it.

Bulky is waste too: rubble and furniture.
"""
PERSON, VEHICLE, WASTE, BULKY = range(4)

KINDS: Final = ("bicycle", "e-bike", "motorcycle", "tricycle")
"""The vehicles that may hang on a cable; a kind is an index into it."""


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """What one detector saw in one frame; row *i* of every array is one object.

    Attributes:
        xyxy: ``(n, 4)`` corners in frame pixels: left, top, right, bottom.
        score: ``(n,)`` confidence, 0 to 1.
        label: ``(n,)`` index into ``LABELS``.
        kind: ``(n,)`` of a vehicle the index into ``KINDS``, or -1; None where nobody tells.
    """

    xyxy: Floats
    score: Floats
    label: Ints
    kind: Ints | None = None

    def __post_init__(self) -> None:
        n = len(self.xyxy)
        if self.xyxy.shape != (n, 4) or self.score.shape != (n,) or self.label.shape != (n,):
            raise ValueError(
                f"xyxy {self.xyxy.shape}, score {self.score.shape}, label {self.label.shape}: "
                "want (n, 4), (n,), (n,)"
            )
        if self.kind is not None and self.kind.shape != (n,):
            raise ValueError(f"kind {self.kind.shape}: want ({n},)")

    @classmethod
    def none(cls) -> Detections:
        return cls(np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.xyxy)

    def where(self, keep: Bools | Ints) -> Detections:
        kind = None if self.kind is None else self.kind[keep]
        return Detections(self.xyxy[keep], self.score[keep], self.label[keep], kind)


def iou(a: Floats, b: Floats) -> Floats:
    """Overlap of every box in ``a`` with every box in ``b``.

    Args:
        a: ``(n, 4)`` boxes, xyxy, pixels.
        b: ``(m, 4)`` boxes, xyxy, pixels.

    Returns:
        ``(n, m)`` values from 0 (apart) to 1 (equal); 0 where a box has no area.

    >>> box = np.array([[0, 0, 10, 10]], np.float32)
    >>> round(float(iou(box, box + np.float32([5, 0, 5, 0]))[0, 0]), 4)
    0.3333
    """
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    area_a, area_b = (np.prod(box[:, 2:] - box[:, :2], axis=1) for box in (a, b))
    union = area_a[:, None] + area_b[None, :] - shared
    ratio: Floats = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return ratio


def covered(boxes: Floats, by: Floats) -> Floats:
    """``(n, m)``: the share of each box's area that lies in each of ``by``, 0 to 1."""
    low = np.maximum(boxes[:, None, :2], by[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], by[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)[:, None]
    share: Floats = np.divide(shared, area, out=np.zeros_like(shared), where=area > 0)
    return share


def nms(found: Detections, most_iou: float) -> Detections:
    """Non-maximum suppression, label by label: of two that overlap by more, the surer stays.

    The result is ordered by falling score.
    """
    found = found.where(np.argsort(-found.score, kind="stable"))
    overlap = iou(found.xyxy, found.xyxy) > most_iou
    rival = np.triu(overlap & (found.label[:, None] == found.label[None, :]), k=1)
    keep = np.ones(len(found), np.bool_)
    for row in range(len(found)):
        if keep[row]:
            keep &= ~rival[row]
    return found.where(keep)
