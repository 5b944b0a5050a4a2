"""Fits a frame into a model's input without distorting it, and takes boxes back again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge.video.frame import Pixels
from edge.vision.boxes import Floats

PAD_GRAY: Final = 114
"""The gray around the picture that both YOLO families were trained with."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """One scale for both axes, and where the scaled picture lies in the model's input.

    Attributes:
        frame_wh: Size of the frame, pixels.
        input_wh: Size of the model's input, pixels.
        inner_wh: Size of the scaled frame inside it.
        left_top: Its upper left corner there.
    """

    frame_wh: tuple[int, int]
    input_wh: tuple[int, int]
    inner_wh: tuple[int, int]
    left_top: tuple[int, int]

    @classmethod
    def fit(
        cls, frame_wh: tuple[int, int], input_wh: tuple[int, int], centered: bool = True
    ) -> Letterbox:
        """The largest picture that fits: in the middle (YOLO 8/11) or the corner (YOLOX).

        >>> Letterbox.fit((768, 576), (320, 320))
        Letterbox(frame_wh=(768, 576), input_wh=(320, 320), inner_wh=(320, 240), left_top=(0, 40))
        """
        ratio = min(input_wh[0] / frame_wh[0], input_wh[1] / frame_wh[1])
        inner_w, inner_h = (max(1, round(side * ratio)) for side in frame_wh)
        left_top = (
            ((input_wh[0] - inner_w) // 2, (input_wh[1] - inner_h) // 2) if centered else (0, 0)
        )
        return cls(frame_wh, input_wh, (inner_w, inner_h), left_top)

    def apply(self, pixels: Pixels) -> Pixels:
        """``(height, width, 3)`` of the frame to ``(height, width, 3)`` of the input."""
        width, height = self.input_wh
        (left, top), (inner_w, inner_h) = self.left_top, self.inner_wh
        canvas = np.full((height, width, 3), PAD_GRAY, np.uint8)
        inner = canvas[top : top + inner_h, left : left + inner_w]
        if self.inner_wh == self.frame_wh:
            inner[:] = pixels
        else:
            inner[:] = cv2.resize(pixels, self.inner_wh, interpolation=cv2.INTER_LINEAR)
        return canvas

    def to_input(self, xyxy: Floats) -> Floats:
        """Boxes in frame pixels to boxes in input pixels; ``to_frame`` is its inverse."""
        moved: Floats = xyxy * self._scale() + self._shift()
        return moved

    def to_frame(self, xyxy: Floats) -> Floats:
        """``(n, 4)`` boxes in input pixels to boxes in frame pixels, not clipped."""
        moved: Floats = (xyxy - self._shift()) / self._scale()
        return moved

    def _scale(self) -> Floats:
        across, down = (
            inner / frame for inner, frame in zip(self.inner_wh, self.frame_wh, strict=True)
        )
        return np.array([across, down, across, down], np.float32)

    def _shift(self) -> Floats:
        return np.array([*self.left_top, *self.left_top], np.float32)
