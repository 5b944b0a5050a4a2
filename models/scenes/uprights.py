"""A camera's angle of view from what stands upright in its empty picture: posts, walls, windows.

People tell where the horizon is; how far upright edges lean toward each other then tells the lens.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera

Doubles = npt.NDArray[np.float64]
FOVS_DEG: Final = np.arange(26.0, 101.0, 1.5)
ROLLS_DEG: Final = np.arange(-3.0, 3.1, 0.5)
LEAST_EDGES: Final = 12
SLACK: Final = 0.012
"""Edges of one upright wall lean alike to so many pixels a pixel."""
STANDS_OUT: Final = 1.8
"""An angle is believed when so many times the edges agree on it as on a middling one."""


def fov_of_uprights(empty: npt.NDArray[np.uint8], camera: Camera) -> float | None:
    """The angle of view in degrees, or None where too few edges agree.

    Args:
        empty: ``(h, w, 3)`` BGR.
        camera: Of the right horizon; its angle of view may be wrong.
    """
    middle, lean, length = _edges(empty)
    if len(length) < LEAST_EDGES:
        return None
    half = empty.shape[1] / 2
    lens = half / np.tan(np.radians(FOVS_DEG) / 2)
    below = lens**2 / max(_above(camera, half), 1.0)  # where uprights meet, under the middle
    want = -middle[:, 0] / (below[:, None] - middle[:, 1])
    away = lean - want[:, None] - np.radians(ROLLS_DEG)[:, None]
    agreed = (length * np.exp(-((away / SLACK) ** 2))).sum(axis=-1)
    agreed *= np.exp(-((ROLLS_DEG / 4) ** 2))
    by_fov = agreed.max(axis=1) * np.exp(-0.5 * (np.log(FOVS_DEG / 60) / 0.8) ** 2)
    if by_fov.max() < STANDS_OUT * np.median(by_fov):
        return None
    return float(FOVS_DEG[by_fov.argmax()])


def _above(camera: Camera, half: float) -> float:
    """How many pixels above the picture's middle its horizon lies."""
    return float(
        half / np.tan(np.radians(camera.fov_deg) / 2) * np.tan(np.radians(camera.tilt_deg))
    )


def _edges(picture: npt.NDArray[np.uint8]) -> tuple[Doubles, Doubles, Doubles]:
    """Nearly upright edges: middles ``(n, 2)`` from the picture's, columns a row, lengths."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    found = cv2.createLineSegmentDetector().detect(gray)[0]
    lines = np.zeros((0, 4)) if found is None else np.asarray(found, np.float64).reshape(-1, 4)
    run = lines[:, 2:] - lines[:, :2]
    length = np.linalg.norm(run, axis=1)
    lean = run[:, 0] / np.where(np.abs(run[:, 1]) < 1e-3, 1e-3, run[:, 1])
    upright = (length > 0.035 * gray.shape[0]) & (np.abs(lean) < 0.4)
    middle = (lines[:, :2] + lines[:, 2:]) / 2 - np.array(gray.shape[::-1]) / 2
    return middle[upright], lean[upright], length[upright]
