"""What bodies do to the ground they stand on: the light they take, told apart from their own.

Nothing here knows of clips: it works on the renderer's pictures of bodies over bare ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera
from models.scenes.ground import rays
from models.scenes.mesh import Floats, Material, Mesh, quad
from models.scenes.render import Picture

GRAY_ALBEDO: Final = 0.25
GROUND_REACH_M: Final = 300.0
WALL_M, BACKING_M, BACKING_ROWS = 150.0, 0.004, 64
Corners = tuple[int, int, int, int]
"""Left, top, right, bottom, in whole pixels."""
Box = tuple[slice, slice]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Bodies over bare ground, without the ground.

    Attributes:
        own: ``(h, w, 3)`` light of the bodies, times how much of each pixel they fill.
        through: ``(h, w, 3)`` share of the ground's light that is left; above 1 only in a beam.
        instance: ``(h, w)`` uint16, 0 for none.
        far_m: ``(h, w)`` metres from the camera.
    """

    own: Floats
    through: Floats
    instance: npt.NDArray[np.uint16]
    far_m: Floats

    def part(self, box: Box) -> Drawn:
        return Drawn(self.own[box], self.through[box], self.instance[box], self.far_m[box])


def bare_ground(camera: Camera) -> Mesh:
    """A level gray plane under the camera, as far as it sees."""
    (x, y, _), far = camera.position, GROUND_REACH_M
    corners = [(x - far, y - far, 0), (x + far, y - far, 0), (x + far, y + far, 0)]
    return quad([*corners, (x - far, y + far, 0)], (GRAY_ALBEDO,) * 3)


def backing(camera: Camera, around: Corners, wh: tuple[int, int]) -> Mesh:
    """Black that fills ``around`` (pixels) from behind: the ground itself, and a wall far off."""
    left, top, right, bottom = around
    rows = np.linspace(bottom, top, BACKING_ROWS)
    pixels = np.concatenate([np.column_stack([np.full_like(rows, x), rows]) for x in (left, right)])
    way = rays(camera, pixels, wh)
    heading = np.radians(camera.heading_deg)
    along = np.maximum(way[:, 0] * np.sin(heading) + way[:, 1] * np.cos(heading), 1e-3)
    down = np.maximum(-way[:, 2], 1e-6)
    far = np.minimum((camera.position[2] - BACKING_M) / down, WALL_M / along)
    position = np.array(camera.position) + way * far[:, None]
    row = np.arange(BACKING_ROWS - 1)
    a, b = row, row + BACKING_ROWS
    faces = np.concatenate([np.stack([a, b, b + 1], -1), np.stack([a, b + 1, a + 1], -1)])
    still = np.zeros_like(position, np.float32)
    return Mesh(
        position=position.astype(np.float32),
        normal=still + np.array([0, 0, 1], np.float32),
        albedo=still,
        material=np.full(len(position), Material.PLAIN, np.float32),
        faces=faces.astype(np.uint32),
    )


def told_apart(
    gray: tuple[Picture, Picture],
    black: tuple[Picture, Picture],
    around: Corners | None,
    *,
    beams: bool = False,
) -> Drawn:
    """Bodies and shadows from pictures over gray ground and over black, each without and with them.

    Only within ``around`` is there black. Without beams nothing makes the ground lighter:
    ``through`` is at most 1.
    """
    bare, full = gray[0].light, gray[1].light
    through = full / np.maximum(bare, 1e-3)
    if around is not None:
        left, top, right, bottom = around
        box = np.s_[top + 1 : bottom - 1, left + 1 : right - 1]
        lit = np.maximum(bare[box] - black[0].light[box], 1e-3)
        through[box] = (full[box] - black[1].light[box]) / lit
    solid = cv2.erode((gray[1].instance > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    through = np.where(solid[..., None], 0, np.clip(through, 0, None if beams else 1))
    own = np.maximum(full - through * bare, 0)
    own *= cv2.dilate((gray[1].instance > 0).astype(np.uint8), np.ones((3, 3)))[..., None]
    return Drawn(
        own.astype(np.float32), through.astype(np.float32), gray[1].instance, gray[1].far_m
    )


def touched(drawn: Drawn) -> Box:
    """Rows and columns that bodies or their shadows change, in whole blocks of 16."""
    changed = (np.abs(drawn.through - 1).max(axis=2) > 0.004) | (drawn.instance > 0)
    rows, columns = (np.flatnonzero(changed.any(axis=k)) for k in (1, 0))
    if not len(rows):
        return slice(0, 16), slice(0, 16)
    return _blocks(rows), _blocks(columns)


def _blocks(changed: npt.NDArray[np.intp]) -> slice:
    return slice(max(int(changed[0]) // 16 - 1, 0) * 16, (int(changed[-1]) // 16 + 2) * 16)


def around_of(instance: npt.NDArray[np.uint16]) -> Corners | None:
    """Left, top, right, bottom of what is drawn, with a margin; None where nothing is."""
    rows, columns = (np.flatnonzero((instance > 0).any(axis=k)) for k in (1, 0))
    if not len(rows):
        return None
    height, width = instance.shape
    return (
        max(int(columns[0]) - 4, 0),
        max(int(rows[0]) - 4, 0),
        min(int(columns[-1]) + 5, width),
        min(int(rows[-1]) + 5, height),
    )
