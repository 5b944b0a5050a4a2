"""Where a camera hangs, what it sees, and where a point of the world lies in its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.scenes.mesh import Floats

NEAR_M, FAR_M = 0.3, 400.0


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera with one term of lens distortion.

    Attributes:
        position: Metres, east, north, up.
        heading_deg: Compass direction in which it looks: 0 is north, 90 east.
        tilt_deg: How far it looks below the horizon; 90 is straight down.
        fov_deg: From the left edge of the picture to the right, before distortion.
        roll_deg: Clockwise lean of the camera.
        k1: Radial distortion, of the squared distance from the middle over half the width;
            negative is a barrel.
    """

    position: tuple[float, float, float]
    heading_deg: float
    tilt_deg: float
    fov_deg: float = 70.0
    roll_deg: float = 0.0
    k1: float = 0.0

    def view(self) -> Floats:
        """``(4, 4)`` from the world into the camera: x right, y up, z backward."""
        heading, tilt = np.radians(self.heading_deg), np.radians(self.tilt_deg)
        ahead = np.array(
            [
                np.sin(heading) * np.cos(tilt),
                np.cos(heading) * np.cos(tilt),
                -np.sin(tilt),
            ]
        )
        right = np.array([np.cos(heading), -np.sin(heading), 0.0])
        up = np.cross(right, ahead)
        roll = np.radians(self.roll_deg)
        rolled = np.cos(roll) * right - np.sin(roll) * up
        up = np.cos(roll) * up + np.sin(roll) * right
        matrix = np.eye(4)
        matrix[:3, :3] = np.stack([rolled, up, -ahead])
        matrix[:3, 3] = -matrix[:3, :3] @ np.array(self.position)
        return matrix.astype(np.float32)

    def projection(self, wh: tuple[int, int]) -> Floats:
        """``(4, 4)`` from the camera into clip space, as OpenGL wants it."""
        width, height = wh
        scale = 1 / np.tan(np.radians(self.fov_deg) / 2)
        matrix = np.zeros((4, 4))
        matrix[0, 0], matrix[1, 1] = scale, scale * width / height
        matrix[2, 2] = -(FAR_M + NEAR_M) / (FAR_M - NEAR_M)
        matrix[2, 3] = -2 * FAR_M * NEAR_M / (FAR_M - NEAR_M)
        matrix[3, 2] = -1
        return matrix.astype(np.float32)

    def project(self, points: npt.ArrayLike, wh: tuple[int, int]) -> Floats:
        """``(n, 2)`` pixels of ``(n, 3)`` metres, distortion included; NaN where none shows it.

        That is behind the camera, and so far aside that a barrel would fold the picture back.
        """
        world = np.asarray(points, np.float64).reshape(-1, 3)
        seen = np.column_stack([world, np.ones(len(world))]) @ self.view().T.astype(np.float64)
        depth = np.where(seen[:, 2] < -1e-6, -seen[:, 2], np.nan)
        scale = 1 / np.tan(np.radians(self.fov_deg) / 2)
        x, y = scale * seen[:, 0] / depth, scale * seen[:, 1] / depth
        aside = x * x + y * y
        bent = np.where(1 + 3 * self.k1 * aside > 0, 1 + self.k1 * aside, np.nan)
        half = wh[0] / 2
        pixels = np.column_stack([half + half * x * bent, wh[1] / 2 - half * y * bent])
        return pixels.astype(np.float32)
