"""A detector that nobody here trained labels the frames: YOLOX-nano on overlapping tiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from models.errors import MaterialMissingError
from models.labels import (
    BICYCLE,
    CAR,
    LABELS,
    MOTORCYCLE,
    PERSON,
    TRUCK,
    Boxes,
    intersection,
    iou,
    meaning_of,
    suppressed,
)
from models.runtime import open_session

Pixels = npt.NDArray[np.uint8]

SIDE_PX = 416
STRIDES = (8, 16, 32)
COCO_TO_LABEL = {0: PERSON, 1: BICYCLE, 2: CAR, 3: MOTORCYCLE, 5: TRUCK, 7: TRUCK}
"""A bus is taken for a truck, the nearest that street-n has."""
MEANING = np.array([meaning_of(name) for name in LABELS], np.int64)


class Teacher:
    """YOLOX-nano; sees a frame whole and in tiles of its own input size, so that people of 40 px
    are found.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        if not path.is_file():
            raise MaterialMissingError(path)
        self._session = open_session(path, threads)
        self._input = self._session.get_inputs()[0].name
        self._grid = _grid()

    def labels(self, frame: Pixels, least_score: float = 0.35) -> Boxes:
        """Persons, bicycles, motorcycles, cars and trucks of a BGR frame, each thing once: a van
        that is car and truck to the teacher is what it is surer of.
        """
        height, width = frame.shape[:2]
        found = Boxes.of([])
        for left, top, side_w, side_h in _windows(width, height):
            window = frame[top : top + side_h, left : left + side_w]
            boxes = self._look(window, least_score)
            if (side_w, side_h) != (width, height):
                boxes = boxes.where(~_cut_off(boxes, (left, top, side_w, side_h), (width, height)))
            boxes.xyxy[:] += np.array([left, top, left, top], np.float32)
            found = found.joined(boxes)
        return _unnested(one_class_each(suppressed(found, 0.5)))

    def _look(self, window: Pixels, least_score: float) -> Boxes:
        height, width = window.shape[:2]
        ratio = min(SIDE_PX / width, SIDE_PX / height)
        small = cv2.resize(
            window, (round(width * ratio), round(height * ratio)), interpolation=cv2.INTER_LINEAR
        )
        canvas = np.full((SIDE_PX, SIDE_PX, 3), 114, np.uint8)
        canvas[: small.shape[0], : small.shape[1]] = small
        blob = canvas.transpose(2, 0, 1)[None].astype(np.float32)
        raw = np.asarray(self._session.run(None, {self._input: blob})[0])[0]
        grid, stride = self._grid
        center, size = (raw[:, :2] + grid) * stride, np.exp(raw[:, 2:4]) * stride
        score = raw[:, 4:5] * raw[:, 5:]
        best = score.argmax(axis=1)
        keep = (score.max(axis=1) >= least_score) & np.isin(best, list(COCO_TO_LABEL))
        label = np.array([COCO_TO_LABEL[coco] for coco in best[keep].tolist()], np.int64)
        xyxy = (
            np.concatenate([center - size / 2, center + size / 2], axis=1)[keep] / ratio
        ).astype(np.float32)
        return suppressed(Boxes(xyxy, label, score.max(axis=1)[keep].astype(np.float32)), 0.5)


def one_class_each(boxes: Boxes, most_iou: float = 0.6) -> Boxes:
    """Of boxes of one meaning on one place, as car and truck, the surest."""
    order = np.argsort(-boxes.score, kind="stable")
    meant = Boxes(boxes.xyxy, MEANING[boxes.label], boxes.score)
    kept: list[int] = []
    for index in order.tolist():
        rivals = [k for k in kept if meant.label[k] == meant.label[index]]
        if not rivals or iou(boxes.xyxy[[index]], boxes.xyxy[rivals]).max() <= most_iou:
            kept.append(index)
    return boxes.where(np.array(kept, np.int64))


def _grid() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Cell corners ``(3549, 2)`` and strides ``(3549, 1)`` of the raw head."""
    cells, strides = [], []
    for stride in STRIDES:
        side = SIDE_PX // stride
        ys, xs = np.mgrid[:side, :side]
        cells.append(np.stack([xs.ravel(), ys.ravel()], axis=1))
        strides.append(np.full((side * side, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _windows(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """The whole frame, then tiles of the input's size that overlap by a quarter or more: left, top,
    width, height.
    """
    yield 0, 0, width, height
    if max(width, height) <= SIDE_PX:
        return
    lefts, tops = (_starts(length) for length in (width, height))
    for top in tops:
        for left in lefts:
            yield left, top, min(SIDE_PX, width), min(SIDE_PX, height)


def _starts(length: int) -> list[int]:
    if length <= SIDE_PX:
        return [0]
    count = int(np.ceil((length - SIDE_PX) / (SIDE_PX * 0.75))) + 1
    return [round(start) for start in np.linspace(0, length - SIDE_PX, count)]


def _cut_off(
    boxes: Boxes, window: tuple[int, int, int, int], frame_wh: tuple[int, int]
) -> npt.NDArray[np.bool_]:
    """Boxes that touch a tile's edge where the frame goes on."""
    left, top, width, height = window
    x1, y1, x2, y2 = boxes.xyxy.T
    near = 3
    cut: npt.NDArray[np.bool_] = (
        ((x1 < near) & (left > 0))
        | ((y1 < near) & (top > 0))
        | ((x2 > width - near) & (left + width < frame_wh[0]))
        | ((y2 > height - near) & (top + height < frame_wh[1]))
    )
    return cut


def _unnested(boxes: Boxes) -> Boxes:
    """Without boxes that lie to four fifths inside a larger one of their label and half again as
    sure or less.
    """
    area = (boxes.xyxy[:, 2:] - boxes.xyxy[:, :2]).prod(axis=1)
    keep = np.ones(len(boxes), np.bool_)
    part = intersection(boxes.xyxy, boxes.xyxy) / np.maximum(area[:, None], 1e-6)
    for i in range(len(boxes)):
        inside = (part[i] > 0.8) & (area > area[i] * 1.2) & (boxes.label == boxes.label[i])
        if (boxes.score[i] <= 1.5 * boxes.score[inside]).any():
            keep[i] = False
    return boxes.where(keep)
