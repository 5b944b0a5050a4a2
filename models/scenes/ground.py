"""Where the ground lies in a fixed camera's picture: from people who walk on it, or four points.

People of known height who stand upright on a plane fix the horizon and how high the camera hangs;
the angle of view shows in them only faintly, so a usual one is assumed where they do not tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from models.detect import ZooDetector
from models.errors import ModelsError
from models.labels import PERSON
from models.scenes.camera import Camera

Doubles = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]
People = Callable[[Pixels], npt.NDArray[np.floating]]
"""Finds people: a BGR picture to ``(n, 4)`` corners in pixels, left, top, right, bottom."""

ZOO: Final = Path(__file__).parents[1] / "zoo" / "street-n" / "model.onnx"
PERSON_M, PERSON_SPREAD_M = 1.68, 0.08
LEAST_PEOPLE: Final = 12
USUAL: Final = np.array([np.log(5.0), np.radians(22.0), np.log(np.tan(np.radians(30.0)))])
"""Log of the height in metres, tilt, log of half the picture's width at distance 1."""
USUAL_SPREAD: Final = np.array([0.7, np.radians(20.0), 0.25])


class GroundNotSeenError(ModelsError):
    """Neither people nor points tell where the ground is."""

    def __init__(self, clip: str, why: str = "") -> None:
        told = f" ({why})" if why else ""
        super().__init__(
            f"no ground can be seen in {clip}{told}: "
            f"want >= {LEAST_PEOPLE} standing people, or `ground` with four points"
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """A camera over its ground, z = 0.

    Attributes:
        people: How many upright people it was fitted to; 0 where points gave it.
        error: Of people, the median relative error of their heights; of points, the largest
            distance in parts of the picture's width.
    """

    camera: Camera
    people: int
    error: float


def zoo_people(least_score: float = 0.35) -> People:
    """The detector of the repository's zoo."""
    detector = ZooDetector(ZOO)

    def people(frame: Pixels) -> npt.NDArray[np.floating]:
        boxes = detector(frame, least_score)
        xyxy: npt.NDArray[np.floating] = boxes.xyxy[boxes.label == PERSON]
        return xyxy

    return people


def rays(camera: Camera, pixels: npt.ArrayLike, wh: tuple[int, int]) -> Doubles:
    """``(n, 3)`` of length 1, from the camera through ``(n, 2)`` pixels into the world."""
    bent = np.asarray(pixels, np.float64).reshape(-1, 2) - np.array(wh) / 2
    bent = bent / (wh[0] / 2) * (1, -1)
    plane = bent
    for _ in range(8 if camera.k1 else 0):
        plane = bent / (1 + camera.k1 * (plane**2).sum(axis=1, keepdims=True))
    seen = np.column_stack(
        [plane * np.tan(np.radians(camera.fov_deg) / 2), np.full(len(plane), -1.0)]
    )
    world = seen @ camera.view()[:3, :3].astype(np.float64)
    unit: Doubles = world / np.linalg.norm(world, axis=1, keepdims=True)
    return unit


def on_ground(camera: Camera, pixels: npt.ArrayLike, wh: tuple[int, int]) -> Doubles:
    """``(n, 2)`` metres east and north of the ground seen in ``(n, 2)`` pixels; NaN above it."""
    way = rays(camera, pixels, wh)
    down = np.where(way[:, 2] < -1e-4, -way[:, 2], np.nan)
    place: Doubles = (
        np.array(camera.position[:2]) + way[:, :2] * (camera.position[2] / down)[:, None]
    )
    return place


def ground_of_walkers(
    xyxy: npt.ArrayLike, wh: tuple[int, int], clip: str = "the clip", fov_deg: float | None = None
) -> Ground:
    """The camera at x = y = 0, looking north, that sees these boxes as people of usual height.

    Args:
        fov_deg: The angle of view where it is known; a usual one helps out where not.

    Raises:
        GroundNotSeenError: Fewer than twelve boxes agree on a plane.
    """
    upright = _upright(np.asarray(xyxy, np.float64).reshape(-1, 4), wh)
    if len(upright) < LEAST_PEOPLE:
        raise GroundNotSeenError(clip, f"{len(upright)} people")
    agreed = upright[_agreeing(upright)]
    if len(agreed) < max(LEAST_PEOPLE, 0.4 * len(upright)):
        raise GroundNotSeenError(clip, f"{len(agreed)} of {len(upright)} people agree")
    usual, spread = USUAL.copy(), USUAL_SPREAD.copy()
    if fov_deg is not None:
        usual[2], spread[2] = np.log(np.tan(np.radians(fov_deg) / 2)), 1e-4

    def residuals(guess: Doubles) -> Doubles:
        wrong = _height_errors(_walkers_camera(guess), agreed, wh) / (PERSON_SPREAD_M / PERSON_M)
        calm = wrong / np.sqrt(1 + np.abs(wrong) / 2)  # grows as a root far out
        return np.concatenate([calm, (guess - usual) / spread])

    best = _walkers_camera(_least_squares(residuals, usual))
    error = float(np.median(np.abs(_height_errors(best, agreed, wh))))
    return Ground(best, len(agreed), error)


def ground_of_points(
    pixels: npt.ArrayLike, metres: npt.ArrayLike, wh: tuple[int, int], clip: str = "the clip"
) -> Ground:
    """The camera that sees ``(4, 2)`` points of the ground, in metres, at ``(4, 2)`` pixels.

    Raises:
        GroundNotSeenError: No camera above the ground sees them so.
    """
    seen, known = (np.asarray(points, np.float64).reshape(-1, 2) for points in (pixels, metres))
    if len(seen) < 4 or len(seen) != len(known):
        raise GroundNotSeenError(clip, f"{len(seen)} pixels and {len(known)} points")
    flat = np.column_stack([known, np.zeros(len(known))])

    def residuals(guess: Doubles) -> Doubles:
        away = (_camera(guess).project(flat, wh) - seen) / wh[0]
        return np.nan_to_num(away, nan=10.0).ravel().astype(np.float64)

    best, least = None, np.inf
    for start in _point_starts(seen, known, wh):
        guess = _least_squares(residuals, start, rounds=60)
        error = float(np.abs(residuals(guess)).max())
        if error < least and guess[2] > 0:
            best, least = guess, error
        if least < 1e-6:
            break
    if best is None or least > 0.02:
        raise GroundNotSeenError(clip, "the four points fit no camera above them")
    return Ground(_camera(best), 0, least)


def _upright(xyxy: Doubles, wh: tuple[int, int]) -> Doubles:
    """Boxes as tall as people stand, whole within the picture."""
    size = xyxy[:, 2:] - xyxy[:, :2]
    slim = size[:, 1] / np.maximum(size[:, 0], 1e-6)
    inside = (xyxy[:, :2] > 3).all(axis=1) & (xyxy[:, 2:] < np.array(wh) - 3).all(axis=1)
    return xyxy[inside & (slim > 1.5) & (slim < 5.0) & (size[:, 1] >= 14)]


def _agreeing(xyxy: Doubles) -> npt.NDArray[np.bool_]:
    """Which boxes grow alike with how low their feet are: the largest set over many pairs."""
    foot, tall = xyxy[:, 3], xyxy[:, 3] - xyxy[:, 1]
    pairs = np.random.default_rng(0).integers(len(xyxy), size=(400, 2))
    run = foot[pairs[:, 1]] - foot[pairs[:, 0]]
    rise = tall[pairs[:, 1]] - tall[pairs[:, 0]]
    flat = np.abs(run) < 8  # feet in one row say nothing of the slope
    slope = np.where(flat, 0.0, rise / np.where(flat, 1.0, run))
    want = tall[pairs[:, :1]] + slope[:, None] * (foot[None] - foot[pairs[:, :1]])
    near = np.abs(tall - want) < 0.14 * np.maximum(want, 1.0)
    near[slope < 0] = False
    agreed: npt.NDArray[np.bool_] = near[near.sum(axis=1).argmax()]
    return agreed


def _walkers_camera(guess: Doubles) -> Camera:
    height, tilt = np.exp(np.clip(guess[0], -1, 4)), np.clip(guess[1], -0.3, 1.5)
    half = np.clip(guess[2], -2.5, 1.0)
    return Camera(
        (0.0, 0.0, float(height)),
        0.0,
        float(np.degrees(tilt)),
        float(np.degrees(2 * np.arctan(np.exp(half)))),
    )


def _height_errors(camera: Camera, xyxy: Doubles, wh: tuple[int, int]) -> Doubles:
    """``(n,)``: how much taller than a usual person each box stands, as a part of it."""
    feet = np.column_stack([xyxy[:, [0, 2]].mean(axis=1), xyxy[:, 3]])
    stand = on_ground(camera, feet, wh)
    heads = camera.project(np.column_stack([stand, np.full(len(stand), PERSON_M)]), wh)
    want = feet[:, 1] - heads[:, 1]
    tall = xyxy[:, 3] - xyxy[:, 1]
    wrong: Doubles = np.where(want > 1, tall / np.maximum(want, 1) - 1, 3.0)
    return wrong


def _camera(guess: Doubles) -> Camera:
    """East, north, up, heading, tilt, roll in radians, log of half the width at distance 1."""
    x, y, z, heading, tilt, roll = (float(part) for part in guess[:6])
    fov = float(np.degrees(2 * np.arctan(np.exp(np.clip(guess[6], -3, 2)))))
    return Camera(
        (x, y, z),
        float(np.degrees(heading)),
        float(np.degrees(tilt)),
        fov,
        float(np.degrees(roll)),
    )


def _point_starts(seen: Doubles, known: Doubles, wh: tuple[int, int]) -> list[Doubles]:
    """Guesses to start from: the plane's own projection, at several angles of view."""
    flat = (seen - np.array(wh) / 2) / (wh[0] / 2) * (1, -1)
    projection = _homography(known, flat)
    starts = []
    for half in np.tan(np.radians(np.array([20.0, 35, 50, 65, 80, 95])) / 2):
        lens = np.diag([half, half, -1.0])  # the camera looks along its own -z
        east, north, away = (lens @ projection).T
        scale = 2 / (np.linalg.norm(east) + np.linalg.norm(north))
        middle = known.mean(axis=0)
        ahead = east * middle[0] + north * middle[1] + away
        scale *= -1 if ahead[2] > 0 else 1
        east, north, away = scale * east, scale * north, scale * away
        left, _, right = np.linalg.svd(np.column_stack([east, north, np.cross(east, north)]))
        turn = left @ np.diag([1, 1, np.linalg.det(left @ right)]) @ right
        starts.append(np.array([*(-turn.T @ away), *_angles(turn), np.log(half)]))
    return starts


def _angles(turn: Doubles) -> tuple[float, float, float]:
    """Heading, tilt and roll in radians of a ``(3, 3)`` from the world into the camera."""
    ahead = -turn[2]
    heading = np.arctan2(ahead[0], ahead[1])
    tilt = np.arcsin(np.clip(-ahead[2], -1, 1))
    level = np.array([np.cos(heading), -np.sin(heading), 0.0])
    roll = np.arctan2(turn[1] @ level, turn[0] @ level)
    return float(heading), float(tilt), float(roll)


def _homography(from_xy: Doubles, to_xy: Doubles) -> Doubles:
    """``(3, 3)`` that takes points of one plane to the other."""
    middle, span = from_xy.mean(axis=0), max(float(np.ptp(from_xy, axis=0).max()), 1e-9)
    even = (from_xy - middle) / span
    rows = []
    for (x, y), (u, v) in zip(even, to_xy, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, -u], [0, 0, 0, x, y, 1, -v * x, -v * y, -v]]
    matrix = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    evened = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, span]]) / span
    whole: Doubles = matrix @ evened
    return whole


def _least_squares(
    residuals: Callable[[Doubles], Doubles], start: Doubles, rounds: int = 40
) -> Doubles:
    """Levenberg and Marquardt's way down from a start."""
    best, wrong, damp = start.copy(), residuals(start), 1e-3
    for _ in range(rounds):
        steps = 1e-6 * np.maximum(np.abs(best), 1.0)
        slopes = np.column_stack(
            [
                (residuals(best + step) - residuals(best - step)) / (2 * size)
                for size, step in zip(steps, np.diag(steps), strict=True)
            ]
        )
        square = slopes.T @ slopes
        lean = square + damp * np.diag(np.maximum(np.diag(square), 1e-12))
        trial = best - np.linalg.lstsq(lean, slopes.T @ wrong, rcond=None)[0]
        found = residuals(trial)
        gained = float(wrong @ wrong - found @ found)
        if 0 <= gained < 1e-12 * float(wrong @ wrong) or damp > 1e9:
            break
        if gained > 0:
            best, wrong, damp = trial, found, max(damp / 5, 1e-12)
        else:
            damp *= 8
    return best
