"""Two photos of two flights, laid onto each other by pose and by features.

The pose of each photo (telemetry) lays it onto flat ground, and so onto the other photo: the prior.
It is off by what GPS, barometer and gimbal are off, so features (SIFT) are sought again where the
prior has them, and the homography of the ground is fitted on which most agree (RANSAC). From it
follows the later camera's pose relative to the earlier one's, better than its own telemetry tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Self

import cv2
import numpy as np
import numpy.typing as npt

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats
from edge.vision.registration import AGREES_PX, LEAST_AGREEING, Features, matches, spread

Doubles = npt.NDArray[np.float64]

FILM_DIAGONAL_MM: Final = 43.27
NEAR: Final = 0.2
"""Of the long side: so far from the prior a feature is sought first, and then anywhere."""
LEAST_CELLS: Final = 4
"""Of 16 cells of the earlier photo so many must hold matches; two flights share but a part."""
MOST_TURN_DEG: Final = 20.0
"""Features that say that the gimbal looked elsewhere by more agree by chance."""


class UnlaidError(ValueError):
    """Two photos cannot be laid onto each other; says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """A pinhole camera over flat ground.

    Attributes:
        at: ``(3,)`` metres east, north and above the ground.
        turn: ``(3, 3)`` from east, north, up to right, down, forward.
        focal_px: Of pictures of the size ``wh``; the lens looks through their middle.
    """

    at: Doubles
    turn: Doubles
    focal_px: float
    wh: tuple[int, int]

    @classmethod
    def of(
        cls,
        at: tuple[float, float, float],
        yaw_pitch_roll_deg: tuple[float, float, float],
        lens_mm: float,
        wh: tuple[int, int],
    ) -> Self:
        """By telemetry: yaw clockwise from north, pitch -90 straight down.

        >>> down = Pose.of((5, 7, 40), (0, -90, 0), 24, (400, 300))
        >>> down.image_of(np.array([[5.0, 7.0, 0.0]])).round().tolist()
        [[200.0, 150.0]]
        """
        yaw, pitch, roll = np.radians(yaw_pitch_roll_deg)
        forward = np.array(
            [np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), np.sin(pitch)]
        )
        level = np.array([np.cos(yaw), -np.sin(yaw), 0.0])
        below = np.cross(forward, level)
        right = np.cos(roll) * level + np.sin(roll) * below
        focal_px = lens_mm / FILM_DIAGONAL_MM * float(np.hypot(*wh))
        turn = np.stack([right, np.cross(forward, right), forward])
        return cls(np.array(at, np.float64), turn, focal_px, wh)

    @property
    def height_m(self) -> float:
        return float(self.at[2])

    def plane(self, height_m: float = 0.0) -> Doubles:
        """``(3, 3)`` homography from metres east and north at a height to pixels."""
        offset = self.turn @ (np.array([0, 0, height_m]) - self.at)
        return self._lens @ np.column_stack([self.turn[:, 0], self.turn[:, 1], offset])

    def image_of(self, spots: Doubles) -> Doubles:
        """``(n, 2)`` pixels of ``(n, 3)`` spots before the camera."""
        seen = (self._lens @ self.turn @ (spots - self.at).T).T
        return np.asarray(seen[:, :2] / seen[:, 2:], np.float64)

    def ground_of(self, xy: npt.ArrayLike) -> Doubles:
        """``(n, 2)`` metres east and north of ``(n, 2)`` pixels that show the ground."""
        return moved(_inverse(self.plane()), xy)

    def shows(self, spot: Doubles) -> bool:
        """Whether a spot ``(2,)`` of the ground lies in the picture."""
        u, v, depth = self.plane() @ np.array([*spot, 1.0])
        width, height = self.wh
        return bool(depth > 0 and 0 <= u < width * depth and 0 <= v < height * depth)

    def outline(self) -> Doubles:
        """``(4, 2)`` metres: the corners of the ground that it shows.

        Raises:
            UnlaidError: It shows the horizon.
        """
        width, height = self.wh
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
        rays = np.linalg.inv(self._lens) @ np.column_stack([corners, np.ones(4)]).T
        if ((self.turn.T @ rays)[2] > -0.05).any():
            raise UnlaidError("shows the horizon: want photos that look down")
        return self.ground_of(corners)

    def scaled(self, factor: float, wh: tuple[int, int]) -> Pose:
        """The same camera with smaller pictures."""
        return replace(self, focal_px=self.focal_px * factor, wh=wh)

    @property
    def _lens(self) -> Doubles:
        width, height = self.wh
        f = self.focal_px
        return np.array([[f, 0, width / 2], [0, f, height / 2], [0, 0, 1]], np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A later photo on an earlier one.

    Attributes:
        onto: ``(3, 3)`` homography of the ground, from the later photo's pixels to the earlier's.
        before: Pose of the earlier photo, by telemetry; ``after`` of the later, by features.
        told: Pose of the later photo by telemetry.
        agreeing: Features that agree.
    """

    onto: Doubles
    before: Pose
    after: Pose
    told: Pose
    agreeing: int

    @property
    def lowest_m(self) -> float:
        """Height of the lower camera."""
        return min(self.before.height_m, self.after.height_m)

    def between(self, height_m: float) -> Doubles:
        """``(3, 3)``: where what lies at a height shows in the earlier photo, from where the later
        one, laid onto it by the ground, shows it."""
        return self._upon(height_m) @ np.linalg.inv(self._upon(0.0))

    def fall(self, height_m: float, to_m: float, *, later: bool) -> Doubles:
        """``(3, 3)`` from what lies at a height to what lies straight below it, in the earlier
        photo, or in the ``later`` one as it is laid onto it."""
        pose = self.after if later else self.before
        down = pose.plane(to_m) @ np.linalg.inv(pose.plane(height_m))
        return self.onto @ down @ np.linalg.inv(self.onto) if later else down

    def later_on_earlier(self, pixels: Pixels) -> Pixels:
        """``(height, width, 3)`` the later photo as the earlier one's camera sees the ground."""
        laid = cv2.warpPerspective(
            pixels, self.onto, self.before.wh, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(laid, np.uint8)

    def earlier_on_later(self, mask: Bools, wh: tuple[int, int]) -> Bools:
        """``(height, width)`` a mask of the earlier photo's ground in the later photo."""
        back = np.linalg.inv(self.onto)
        laid = cv2.warpPerspective(mask.view(np.uint8), back, wh, flags=cv2.INTER_NEAREST)
        return np.asarray(laid > 0, np.bool_)

    def shown(self, wh: tuple[int, int]) -> Bools:
        """``(height, width)`` what of the earlier photo the later one, of size ``wh``, shows."""
        white = np.full((wh[1], wh[0]), 255, np.uint8)
        return np.asarray(cv2.warpPerspective(white, self.onto, self.before.wh) == 255, np.bool_)

    def angle_deg(self, ground: Doubles) -> float:
        """Between the two looks at a spot ``(2,)`` of the ground."""
        spot = np.array([*ground, 0.0])
        rays = [pose.at - spot for pose in (self.before, self.after)]
        cosine = rays[0] @ rays[1] / (np.linalg.norm(rays[0]) * np.linalg.norm(rays[1]))
        return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))

    def _upon(self, height_m: float) -> Doubles:
        """Of a level plane, the later photo's pixels onto the earlier's; at 0 it is ``onto``."""
        ground = self.before.plane() @ np.linalg.inv(self.after.plane())
        level = self.before.plane(height_m) @ np.linalg.inv(self.after.plane(height_m))
        return self.onto @ np.linalg.inv(ground) @ level


def lay(before: Features, before_pose: Pose, after: Features, after_pose: Pose) -> Laid:
    """Lays a later photo onto an earlier one.

    Raises:
        UnlaidError: Too few features agree, or what they agree on cannot be.
    """
    prior = before_pose.plane() @ np.linalg.inv(after_pose.plane())
    there = moved(prior, after.xy).astype(np.float32)
    across, down = (there[:, None, axis] - before.xy[None, :, axis] for axis in (0, 1))
    near = across * across + down * down <= (NEAR * max(before.wh)) ** 2
    fits = []
    for among in (near, None):
        here, known = matches(replace(after, xy=there), before, among)
        onto, agree = _fitted(here, known)
        agreeing = int(np.count_nonzero(agree))
        if agreeing >= LEAST_AGREEING and spread(known[agree], before.wh) >= LEAST_CELLS:
            whole = onto @ prior
            pose = _pose_of(np.linalg.inv(whole) @ before_pose.plane(), after_pose)
            return Laid(whole / whole[2, 2], before_pose, pose, after_pose, agreeing)
        fits.append(agreeing)
    raise UnlaidError(
        f"only {max(fits)} points agree, want {LEAST_AGREEING} all over the common ground: "
        "fly lower, or in like light"
    )


def moved(by: Doubles, xy: npt.ArrayLike) -> Doubles:
    """``(n, 2)`` points by a homography."""
    points = np.asarray(xy, np.float64).reshape(-1, 1, 2)
    if not len(points):
        return np.empty((0, 2))
    return np.asarray(cv2.perspectiveTransform(points, by), np.float64).reshape(-1, 2)


def _inverse(by: Doubles) -> Doubles:
    return np.asarray(np.linalg.inv(by), np.float64)


def _fitted(here: Floats, there: Floats) -> tuple[Doubles, npt.NDArray[np.bool_]]:
    none = np.eye(3), np.zeros(len(here), np.bool_)
    if len(here) < 4:
        return none
    onto, agree = cv2.findHomography(here, there, cv2.RANSAC, AGREES_PX, maxIters=4000)
    if onto is None:
        return none
    return np.asarray(onto, np.float64), np.asarray(agree.ravel() > 0, np.bool_)


def _pose_of(plane: Doubles, told: Pose) -> Pose:
    """The camera that sees the ground so, its lens being as told.

    Raises:
        UnlaidError: It looks elsewhere than its telemetry can be off.
    """
    seen = np.linalg.inv(told._lens) @ plane
    seen = seen / np.sqrt(np.linalg.norm(seen[:, 0]) * np.linalg.norm(seen[:, 1]))
    best: tuple[float, Pose] | None = None
    for sign in (1.0, -1.0):
        right, down = sign * seen[:, 0], sign * seen[:, 1]
        left, _, across = np.linalg.svd(np.column_stack([right, down, np.cross(right, down)]))
        turn = left @ across
        at = -turn.T @ (sign * seen[:, 2])
        off_deg = float(np.degrees(np.arccos(np.clip(turn[2] @ told.turn[2], -1, 1))))
        if at[2] > 0 and (best is None or off_deg < best[0]):
            best = off_deg, replace(told, at=at, turn=turn)
    if best is None or best[0] > MOST_TURN_DEG:
        by = "to nowhere" if best is None else f"{best[0]:.0f}° off its telemetry"
        raise UnlaidError(f"would look {by} by its features: look at its gimbal pitch")
    return best[1]
