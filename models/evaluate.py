"""How good detections are, label by label: average precision, recall, precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.labels import Boxes, iou

Floats = npt.NDArray[np.float32]

MATCH_IOU = 0.5


@dataclass(frozen=True, slots=True)
class Figures:
    """One label on one held-out set.

    Attributes:
        boxes: labelled objects, counted anew in every picture.
        pictures: pictures looked at.
        ap50: area under precision over recall at IoU 0.5, 0..1.
        recall, precision: at the label's own threshold, 0..1; precision is 0 where nothing was
            found.
        false_per_picture: detections at the threshold that match nothing.
    """

    boxes: int
    pictures: int
    ap50: float
    recall: float
    precision: float
    false_per_picture: float


def judge(truths: Sequence[Boxes], found: Sequence[Boxes], label: int, threshold: float) -> Figures:
    """Compares what was found with the truth, picture by picture, for one label."""
    scores, hits, total = [], [], 0
    for truth, seen in zip(truths, found, strict=True):
        true_xyxy = truth.xyxy[truth.label == label]
        mine = seen.where(seen.label == label)
        total += len(true_xyxy)
        scores.append(mine.score)
        hits.append(matched(true_xyxy, mine))
    score = np.concatenate(scores) if scores else np.zeros(0, np.float32)
    hit = np.concatenate(hits) if hits else np.zeros(0, np.bool_)
    sure = score >= threshold
    right, wrong = int(hit[sure].sum()), int((~hit[sure]).sum())
    return Figures(
        boxes=total,
        pictures=len(truths),
        ap50=average_precision(score, hit, total),
        recall=right / total if total else 0.0,
        precision=right / (right + wrong) if right + wrong else 0.0,
        false_per_picture=wrong / len(truths) if truths else 0.0,
    )


def matched(true_xyxy: Floats, found: Boxes, least_iou: float = MATCH_IOU) -> npt.NDArray[np.bool_]:
    """For each found box, whether it is the surest one on a true box that nobody surer took."""
    hit = np.zeros(len(found), np.bool_)
    if not len(true_xyxy) or not len(found):
        return hit
    overlap = iou(found.xyxy, true_xyxy)
    free = np.ones(len(true_xyxy), np.bool_)
    for index in np.argsort(-found.score, kind="stable"):
        best = int(np.where(free, overlap[index], -1).argmax())
        if free[best] and overlap[index, best] >= least_iou:
            free[best], hit[index] = False, True
    return hit


def average_precision(score: Floats, hit: npt.NDArray[np.bool_], total: int) -> float:
    """Area under the precision envelope over all recall points (as COCO, without its 101 steps).

    >>> average_precision(np.float32([0.9, 0.8]), np.array([True, False]), 2)
    0.5
    """
    if not total or not len(score):
        return 0.0
    order = np.argsort(-score, kind="stable")
    right = np.cumsum(hit[order])
    precision = right / np.arange(1, len(order) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    recall = np.concatenate([[0.0], right / total])
    return float((np.diff(recall) * envelope).sum())


def best_threshold(
    truths: Sequence[Boxes], found: Sequence[Boxes], label: int, recall_weight: float
) -> float:
    """The threshold, in steps of 0.05, of the best F-score; ``recall_weight`` is its beta."""
    best, best_value = 0.5, -1.0
    for threshold in np.arange(0.15, 0.66, 0.05).tolist():
        figures = judge(truths, found, label, threshold)
        weight = recall_weight**2
        bottom = weight * figures.precision + figures.recall
        value = (1 + weight) * figures.precision * figures.recall / bottom if bottom else 0.0
        if value > best_value + 1e-9:
            best, best_value = round(threshold, 2), value
    return best
