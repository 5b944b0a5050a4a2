"""Pictures out of clips, for the page of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.events.rules import Xyxy
from benchmarks.events.truth import Clip

Pixels = npt.NDArray[np.uint8]
FrameOf = Callable[[str, float], Pixels | None]
"""The picture ``(height, width, 3)`` BGR of a clip at a time; None where there is none."""

TRUTH_BGR, ALERT_BGR = (238, 196, 72), (60, 126, 255)
LEAST_SHARE = 0.6


def frames_of_clips(folder: Path, clips: Sequence[Clip] = ()) -> FrameOf:
    """Pictures of ``<folder>/<clip name>.mp4``, or of a time-lapse's folder of that name.

    Args:
        clips: Say when a time-lapse began; else it began with its first picture.
    """
    began = {clip.name: clip.began_at for clip in clips}

    def frame_of(clip: str, t_s: float) -> Pixels | None:
        if (folder / clip).is_dir():
            return _look(folder / clip, began.get(clip), t_s)
        film = folder / f"{clip}.mp4"
        return _frame(film, t_s) if film.is_file() else None

    return frame_of


def shown(picture: Pixels, truth: Xyxy | None, alert: Xyxy | None) -> Pixels:
    """The part of a picture around its boxes, truth drawn dashed and the alert in one line."""
    drawn = picture.copy()
    if truth is not None:
        _dashed(drawn, truth, TRUTH_BGR)
    if alert is not None:
        _boxed(drawn, alert, ALERT_BGR)
    left, top, right, bottom = window((picture.shape[1], picture.shape[0]), (truth, alert))
    return drawn[top:bottom, left:right]


def window(wh: tuple[int, int], boxes: tuple[Xyxy | None, ...]) -> tuple[int, int, int, int]:
    """Of a picture, the part to show: its own shape, all boxes in it, six tenths of it at least."""
    table = np.array([box for box in boxes if box is not None]).reshape(-1, 4)
    if not len(table):
        return 0, 0, *wh
    low, high = table[:, :2].min(axis=0), table[:, 2:].max(axis=0)
    share = float(np.clip(((high - low) * 1.3 / wh).max(), LEAST_SHARE, 1.0))
    size = np.round(np.array(wh) * share)
    start = np.clip(np.round((low + high - size) / 2), 0, wh - size)
    left, top = start.astype(int).tolist()
    right, bottom = (start + size).astype(int).tolist()
    return left, top, right, bottom


def _frame(path: Path, t_s: float) -> Pixels | None:
    film = cv2.VideoCapture(str(path))
    try:
        last = max(film.get(cv2.CAP_PROP_FRAME_COUNT) - 1, 0)
        number = round(t_s * film.get(cv2.CAP_PROP_FPS))
        film.set(cv2.CAP_PROP_POS_FRAMES, min(max(number, 0), last))
        read, picture = film.read()
    finally:
        film.release()
    return np.asarray(picture, np.uint8) if read else None


def _look(folder: Path, began_at: datetime | None, t_s: float) -> Pixels | None:
    """The picture nearest to a time; each is named by its hour."""
    taken = {
        datetime.strptime(path.stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC): path
        for path in folder.glob("*Z.jpg")
    }
    if not taken:
        return None
    wanted = (began_at or min(taken)) + timedelta(seconds=t_s)
    picture = cv2.imread(str(taken[min(taken, key=lambda at: abs(at - wanted))]))
    return None if picture is None else np.asarray(picture, np.uint8)


def _boxed(picture: Pixels, box: Xyxy, bgr: tuple[int, int, int]) -> None:
    left, top, right, bottom = (round(edge) for edge in box)
    for color, width in (((20, 20, 20), 7), (bgr, 4)):
        cv2.rectangle(picture, (left, top), (right, bottom), color, width)


def _dashed(picture: Pixels, box: Xyxy, bgr: tuple[int, int, int]) -> None:
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    for start, stop in pairwise(corners):
        along = np.subtract(stop, start)
        pieces = max(int(np.abs(along).max() // 20), 1) * 2 + 1
        for k in range(0, pieces, 2):
            ends = (np.add(start, along * share / pieces) for share in (k, k + 1))
            one, other = (tuple(np.round(end).astype(int).tolist()) for end in ends)
            cv2.line(picture, one, other, (20, 20, 20), 7)
            cv2.line(picture, one, other, bgr, 4)
