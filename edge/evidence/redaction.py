"""Heads are made unrecognizable before a picture is stored; no other copy exists."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edge.video.frame import Pixels

Floats = npt.NDArray[np.float32]

CELLS: Final = 3
"""A head is stored as 3 by 3 mean colors: 27 numbers, from which no face comes back."""
MARGIN: Final = 0.15
"""Of the head's own height, on every side: a box may be a little off."""


def head_regions(people: Floats, frame_wh: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Where the heads of upright people are, with a margin, inside the frame.

    The upper quarter of each box; more of a box that is wide for its height (somebody sits, bends,
    or is cut off by the frame's edge), because there the head is more than a quarter.

    Args:
        people: ``(n, 4)`` xyxy, frame pixels.
        frame_wh: Of the frame.

    Returns:
        xyxy of each, whole pixels; boxes outside of the frame are left out.

    >>> head_regions(np.array([[100, 100, 140, 220]], np.float32), (640, 480))
    [(95, 95, 145, 135)]
    """
    width, height = frame_wh
    regions = []
    for left, top, right, bottom in people.astype(float):
        wide, tall = right - left, bottom - top
        head = min(tall, max(0.25 * tall, 0.5 * wide))
        margin = MARGIN * head
        region = (
            max(0, int(np.floor(left - margin))),
            max(0, int(np.floor(top - margin))),
            min(width, int(np.ceil(right + margin))),
            min(height, int(np.ceil(top + head + margin))),
        )
        if region[0] < region[2] and region[1] < region[3]:
            regions.append(region)
    return regions


def redacted(pixels: Pixels, people: Floats) -> Pixels:
    """A copy of the picture with every head in it reduced to ``CELLS`` by ``CELLS`` colors.

    Args:
        pixels: ``(height, width, 3)`` BGR; left as it is.
        people: ``(n, 4)`` xyxy, frame pixels.
    """
    copy = pixels.copy()
    height, width, _ = pixels.shape
    for left, top, right, bottom in head_regions(people, (width, height)):
        head = pixels[top:bottom, left:right]
        few = cv2.resize(head, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
        copy[top:bottom, left:right] = cv2.resize(
            few, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR
        )
    return copy
