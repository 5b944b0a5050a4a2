"""Painted ground with boxes of known height, as two drones see it: the truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from edge.video.frame import Pixels
from edge.vision.flight_pair import Pose

WH = (480, 360)
GROUND_M = 160.0
PX_PER_M = 10.0


@dataclass(frozen=True)
class Block:
    """A house or shed: west, south, east, north and height in metres, and its roof's color."""

    wsen: tuple[float, float, float, float]
    height_m: float
    color: tuple[int, int, int] = (120, 125, 130)
    seed: int = 1


def pose(
    east: float = 0.0, north: float = 0.0, up: float = 40.0, yaw: float = 0.0, pitch: float = -90.0
) -> Pose:
    return Pose.of((east, north, up), (yaw, pitch, 0.0), 24.0, WH)


def photo(camera: Pose, *blocks: Block, light: float = 1.0, seed: int = 0) -> Pixels:
    """What a camera sees; nearer blocks hide farther ones."""
    middle = np.diag([PX_PER_M, -PX_PER_M, 1.0])
    middle[:2, 2] = PX_PER_M * GROUND_M / 2
    width, height = camera.wh
    onto = camera.plane() @ np.linalg.inv(middle)
    laid = cv2.warpPerspective(ground(), onto, (width, height), borderMode=cv2.BORDER_REFLECT)
    picture = np.asarray(laid, np.uint8)
    for block in sorted(blocks, key=lambda block: -_gap(camera, block)):
        for corners, texture in _faces(block):
            _paint(picture, camera, corners, texture)
    noise = np.random.default_rng(seed).normal(0, 1.5, picture.shape)
    soft = cv2.GaussianBlur(picture, (0, 0), 0.6).astype(np.float64)
    return np.asarray(np.clip(light * soft + noise, 0, 255), np.uint8)


@cache
def ground() -> Pixels:
    """Fields of several colors, with grain of all sizes."""
    side = int(GROUND_M * PX_PER_M)
    return _grain((side, side), 5, fields=True)


def _grain(shape_hw: tuple[int, int], seed: int, *, fields: bool = False) -> Pixels:
    rng = np.random.default_rng(seed)
    tall, wide = shape_hw
    painted = np.full((tall, wide, 3), 115.0)
    for cell, depth in ((5, 18.0), (16, 18.0), (60, 14.0)):
        few = rng.normal(0, depth, (tall // cell + 2, wide // cell + 2, 1))
        painted += cv2.resize(few, (wide, tall), interpolation=cv2.INTER_CUBIC)[..., None]
    if fields:
        tint = rng.normal(0, 9, (tall // 120 + 1, wide // 120 + 1, 3))
        painted += cv2.resize(tint, (wide, tall), interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.clip(painted, 0, 255), np.uint8)


def _faces(block: Block) -> list[tuple[np.ndarray, Pixels]]:
    west, south, east, north = block.wsen
    foot = np.array([[west, north], [east, north], [east, south], [west, south]])
    low = np.column_stack([foot, np.zeros(4)])
    high = np.column_stack([foot, np.full(4, block.height_m)])
    faces = []
    for a in range(4):
        b = (a + 1) % 4
        faces.append((np.array([high[a], high[b], low[b], low[a]]), _skin(block, 80, a)))
    return [*faces, (high, _skin(block, 120, 9))]


def _skin(block: Block, side: int, face: int) -> Pixels:
    tone = np.array(block.color, np.float64) * (1.0 if face == 9 else 0.7 + 0.1 * face)
    rough = _grain((side, side), 31 * block.seed + face).astype(np.float64) - 115
    return np.asarray(np.clip(tone + rough, 0, 255), np.uint8)


def _paint(picture: Pixels, camera: Pose, corners: np.ndarray, texture: Pixels) -> None:
    seen = camera.image_of(corners).astype(np.float32)
    area = cv2.contourArea(seen, oriented=True)
    if area <= 0:
        return
    tall, wide, _ = texture.shape
    flat = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    onto = cv2.getPerspectiveTransform(flat, seen)
    size_wh = (picture.shape[1], picture.shape[0])
    there = cv2.warpPerspective(np.full((tall, wide), 255, np.uint8), onto, size_wh) > 127
    picture[there] = cv2.warpPerspective(texture, onto, size_wh, borderMode=cv2.BORDER_REPLICATE)[
        there
    ]


def _gap(camera: Pose, block: Block) -> float:
    west, south, east, north = block.wsen
    middle = np.array([(west + east) / 2, (south + north) / 2, block.height_m])
    return float(np.linalg.norm(camera.at - middle))
