"""Frames for tests of the eye: of real clips, and of a small painted street."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from edge.video.frame import Frame, Pixels

START = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
Box = tuple[int, int, int, int]


def frames_of(clip: Path) -> Iterator[Frame]:
    """A clip's frames, timed by its own rate from ``START`` on."""
    capture = cv2.VideoCapture(str(clip))
    try:
        fps = capture.get(cv2.CAP_PROP_FPS)
        yield from timed(_pictures(capture), fps)
    finally:
        capture.release()


def _pictures(capture: cv2.VideoCapture) -> Iterator[Pixels]:
    while True:
        there, pixels = capture.read()
        if not there:
            return
        yield np.asarray(pixels, np.uint8)


def timed(pictures: Iterable[Pixels], fps: float = 10.0) -> Iterator[Frame]:
    for index, pixels in enumerate(pictures):
        at_s = index / fps
        yield Frame(pixels, START + timedelta(seconds=at_s), at_s, index)


class Street:
    """A textured ground with noise, and colored shapes on it; the same for the same seed."""

    def __init__(self, size_wh: tuple[int, int] = (320, 240), seed: int = 7) -> None:
        self._rng = np.random.default_rng(seed)
        width, height = size_wh
        coarse = self._rng.integers(85, 150, (height // 8, width // 8, 3)).astype(np.uint8)
        fine = np.asarray(cv2.resize(coarse, size_wh, interpolation=cv2.INTER_CUBIC), np.float32)
        self.ground = fine + np.asarray(self._rng.normal(0, 4, fine.shape), np.float32)

    def picture(
        self, *shapes: tuple[Box, tuple[int, int, int]], light: float = 1.0, shift: int = 0
    ) -> Pixels:
        """The ground with each ``(ltrb, BGR)`` painted on it, then camera shift, light, noise."""
        scene = self.ground.copy()
        for (left, top, right, bottom), color in shapes:
            spot = scene[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
            spot[:] = np.array(color, np.float32)
        scene = np.roll(scene, shift, axis=1) * light
        noise = self._rng.normal(0, 1.5, scene.shape)
        return np.asarray(np.clip(scene + noise, 0, 255), np.uint8)
