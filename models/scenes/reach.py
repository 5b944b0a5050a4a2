"""Which part of a picture a body can change, and where the key light looks from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera
from models.scenes.light import Lamp, Light, Sun
from models.scenes.mesh import Floats

Box = tuple[int, int, int, int]
"""Left, top, right and bottom pixel; the last two lie outside."""
Points = npt.NDArray[np.float64]
REACH_M: Final = 60.0
"""Shadows fall no farther than this about the middle of what is seen."""
SUN_DEPTH_M: Final = 300.0
LAMP_NEAR_M: Final = 0.2
LAMP_FAR_M: Final = 80.0
CONTACT_M: Final = 0.7
"""How far about a body the ground is darkened by it."""
HANGING_M: Final = 1.2
"""How high a body may hang and still darken the ground."""


def corners(positions: Floats, matrix: Floats) -> Points:
    """``(8, 3)`` of the box about ``(n, 3)`` points, under a ``(4, 4)``."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    grid = np.stack(np.meshgrid(*zip(low, high, strict=True), indexing="ij"), axis=-1)
    moved: Points = grid.reshape(8, 3).astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    return moved


def shaded(box: Points, key: Sun | Lamp | None, floor_m: float) -> Points:
    """``(8 or 16, 3)``: a box with the corners of the shadow that it throws on the floor."""
    if key is None:
        return box
    away = box - np.array(key.position) if isinstance(key, Lamp) else -np.array([key.toward])
    away = np.broadcast_to(away / np.linalg.norm(away, axis=1, keepdims=True), box.shape)
    falling = np.maximum(-away[:, 2], 0.02)
    length = np.clip((box[:, 2] - floor_m) / falling, 0.0, REACH_M)
    return np.concatenate([box, box + away * length[:, None]])


def seen(points: Points, view_projection: Floats, wh: tuple[int, int]) -> Box | None:
    """The pixels about some points; the whole picture when one lies behind the camera."""
    clip = np.column_stack([points, np.ones(len(points))]) @ view_projection.T.astype(np.float64)
    if clip[:, 3].min() < 0.1:
        return 0, 0, *wh
    x = (clip[:, 0] / clip[:, 3] * 0.5 + 0.5) * wh[0]
    y = (0.5 - clip[:, 1] / clip[:, 3] * 0.5) * wh[1]
    left, top = max(int(x.min()) - 3, 0), max(int(y.min()) - 3, 0)
    right, bottom = min(int(x.max()) + 4, wh[0]), min(int(y.max()) + 4, wh[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def joined(boxes: Iterable[Box | None]) -> list[Box]:
    """The boxes, those that overlap made one."""
    apart: list[Box] = []
    for box in boxes:
        if box is None:
            continue
        whole = box
        while touching := [other for other in apart if _overlap(whole, other)]:
            apart = [other for other in apart if other not in touching]
            every = np.array([whole, *touching])
            left, top = (int(part) for part in every[:, :2].min(axis=0))
            right, bottom = (int(part) for part in every[:, 2:].max(axis=0))
            whole = left, top, right, bottom
        apart.append(whole)
    return apart


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def key_projection(light: Light, camera: Camera) -> Floats:
    """``(4, 4)`` from the world into the key light's own view of what the camera sees."""
    key = light.key
    if key is None:
        return np.eye(4, dtype=np.float32)
    if isinstance(key, Lamp):
        scale = 1 / np.tan(np.radians(min(key.cone_deg, 78.0)))
        near, far = LAMP_NEAR_M, LAMP_FAR_M
        projection = np.diag([scale, scale, -(far + near) / (far - near), 0.0])
        projection[2, 3], projection[3, 2] = -2 * far * near / (far - near), -1.0
        return (projection @ _looking(key.position, key.toward)).astype(np.float32)
    x, y, z = camera.position
    heading, tilt = np.radians(camera.heading_deg), np.radians(max(camera.tilt_deg, 4.0))
    ahead = min(z / np.tan(tilt), 0.6 * REACH_M) if tilt < np.pi / 2 - 0.01 else 0.0
    middle = np.array([x + ahead * np.sin(heading), y + ahead * np.cos(heading), 0.0])
    reach = max(REACH_M * 0.6, 0.9 * z)
    toward = np.array(unit(key.toward))
    projection = np.diag([1 / reach, 1 / reach, -2 / SUN_DEPTH_M, 1.0])
    eye = middle + 0.5 * SUN_DEPTH_M * toward
    projection[2, 3] = -1.0
    return (projection @ _looking(eye.tolist(), (-toward).tolist())).astype(np.float32)


def fitted(projection: Floats, points: Points) -> Floats:
    """A key light's ``(4, 4)``, narrowed to some points, so that few texels go far."""
    clip = np.column_stack([points, np.ones(len(points))]) @ projection.T.astype(np.float64)
    if clip[:, 3].min() < LAMP_NEAR_M:
        return projection
    flat = clip[:, :2] / clip[:, 3:]
    low, high = np.maximum(flat.min(axis=0), -1.5) - 0.01, np.minimum(flat.max(axis=0), 1.5) + 0.01
    crop = np.eye(4)
    crop[[0, 1], [0, 1]] = 2 / np.maximum(high - low, 1e-3)
    crop[:2, 3] = -(low + high) / np.maximum(high - low, 1e-3)
    return (crop @ projection).astype(np.float32)


def unit(direction: Sequence[float]) -> tuple[float, float, float]:
    length = float(np.linalg.norm(direction))
    x, y, z = (float(part) / length for part in direction)
    return x, y, z


def _looking(position: Sequence[float], toward: Sequence[float]) -> Points:
    """``(4, 4)`` view from a place in a direction."""
    ahead = np.array(unit(toward))
    helper = np.array([0.0, 1, 0]) if abs(ahead[2]) > 0.99 else np.array([0.0, 0, 1])
    right = np.cross(ahead, helper)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(right, ahead), -ahead])
    matrix[:3, 3] = -matrix[:3, :3] @ np.array(position)
    return matrix
