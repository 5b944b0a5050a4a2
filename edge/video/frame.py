"""One decoded picture and its time."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of one camera.

    Attributes:
        pixels: ``(height, width, 3)`` BGR, 0 to 255.
        captured_at: Aware UTC; for a clip, its start plus the frame's own time.
        monotonic_s: The box's monotonic clock at capture; in a replay, the clip's own time.
        index: Counts the frames of the source from 0.
        seam: The source began anew just before this frame (a loop, another picture size): tracks
            and reference before it say nothing about it.
    """

    pixels: Pixels
    captured_at: datetime
    monotonic_s: float
    index: int
    seam: bool = False

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3 or self.pixels.dtype != np.uint8:
            raise ValueError(
                f"pixels {self.pixels.shape} {self.pixels.dtype}: want (height, width, 3) uint8"
            )
        if self.captured_at.tzinfo is None:
            raise ValueError("captured_at has no time zone: want aware UTC")

    @property
    def wh(self) -> tuple[int, int]:
        height, width, _ = self.pixels.shape
        return width, height
