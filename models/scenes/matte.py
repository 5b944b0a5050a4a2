"""Who walks in a real clip, cut from its empty picture, and how far off each one stands."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera
from models.scenes.ground import PERSON_M, on_ground, rays
from models.scenes.mesh import Floats

Pixels = npt.NDArray[np.uint8]
LEAST_LEVELS: Final = 14.0
"""A pixel differs from the empty picture from so many of 255 levels on, or five times the noise."""
SHADE: Final = (0.45, 0.97)
"""A shadow leaves so much of the ground's light, of each color alike."""
SMALLEST: Final = 0.12
"""What covers less of a person's area where it stands is a speck."""
NEVER_M: Final = 1e4


def foreground(frame: Pixels, empty: Pixels, noise: float) -> Floats:
    """``(h, w)`` 0 to 1, soft-edged: where a frame shows what its empty picture does not.

    Shadows are ground: they are left out. ``noise`` is the deviation in levels of 255.
    """
    strange = cv2.absdiff(frame, empty)
    strange = np.maximum(np.maximum(strange[..., 0], strange[..., 1]), strange[..., 2])
    blue, green, red = cv2.split(cv2.divide(frame, np.maximum(empty, 1), dtype=cv2.CV_32F))
    low, high = cv2.min(cv2.min(blue, green), red), cv2.max(cv2.max(blue, green), red)
    shade = (high - low < 0.16) & (low > SHADE[0]) & (high < SHADE[1])
    shade &= empty[..., 1] > 40
    shade &= ~_textured(frame, empty)
    sure = ((strange > 2 * _threshold(noise)) & ~shade).astype(np.uint8)
    maybe = ((strange > _threshold(noise)) & ~shade).astype(np.uint8)
    sure = np.asarray(cv2.morphologyEx(sure, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)))
    count, parts = cv2.connectedComponents(maybe)
    kept = np.zeros(count, np.uint8)
    kept[np.unique(parts[sure > 0])] = 1
    kept[0] = 0
    whole = cv2.morphologyEx(kept[parts], cv2.MORPH_CLOSE, _disc(7))
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, _disc(3))
    return _soft_edge(_filled(np.asarray(whole, np.uint8)), frame)


def depth_of(mask: Floats, camera: Camera) -> Floats:
    """``(h, w)`` metres ahead of the camera at which whoever fills a pixel stands; 10,000: nobody.

    A person stands where the lowest pixel within half a body's width of its column does, so two
    who overlap in the picture keep their own depths while they are a body's width apart.
    """
    height, width = mask.shape
    ahead = np.full(mask.shape, NEVER_M, np.float32)
    solid = (mask > 0.5).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(solid)
    for part in range(1, count):
        left, top, w, h, area = (int(value) for value in stats[part])
        inside = parts[top : top + h, left : left + w] == part
        low = top + h - np.argmax(inside[::-1], axis=0)
        tall = _person_px(camera, (left + w / 2, top + h), (width, height))
        if area < SMALLEST * 0.3 * tall * tall:
            continue
        reach = max(round(0.18 * tall), 1)
        spread = cv2.dilate(low[None].astype(np.float32), np.ones((1, 2 * reach + 1), np.uint8))[0]
        feet = np.column_stack([left + np.arange(w) + 0.5, spread])
        stand = ahead_of(camera, on_ground(camera, feet, (width, height)))
        stand = np.nan_to_num(stand, nan=NEVER_M).astype(np.float32)
        place = ahead[top : top + h, left : left + w]
        place[inside] = np.broadcast_to(stand, inside.shape)[inside]
    edge = cv2.erode(ahead, np.ones((7, 7), np.uint8))  # the soft edge stands with its person
    return np.where(mask > 0.02, np.minimum(ahead, edge), NEVER_M).astype(np.float32)


def ahead_of(camera: Camera, places: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """``(n,)`` metres along the ground, in the direction in which the camera looks."""
    heading = np.radians(camera.heading_deg)
    off = np.asarray(places, np.float64).reshape(-1, 2) - np.array(camera.position[:2])
    along: npt.NDArray[np.float64] = off @ np.array([np.sin(heading), np.cos(heading)])
    return along


def ahead_of_pixels(far_m: Floats, camera: Camera) -> Floats:
    """``(h, w)`` metres ahead, along the ground, of pixels whose distance is known."""
    height, width = far_m.shape
    xs, ys = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    way = rays(camera, np.column_stack([xs.ravel(), ys.ravel()]), (width, height))
    heading = np.radians(camera.heading_deg)
    along = way[:, 0] * np.sin(heading) + way[:, 1] * np.cos(heading)
    ahead: Floats = (far_m * along.reshape(height, width)).astype(np.float32)
    return ahead


def hides(mask: Floats, stand_m: Floats, body_m: Floats, slack_m: float = 0.15) -> Floats:
    """``(h, w)`` 0 to 1: how much of what is put in at ``body_m`` the real ones before it cover."""
    return np.where(stand_m < body_m + slack_m, mask, 0).astype(np.float32)


def _threshold(noise: float) -> float:
    return max(LEAST_LEVELS, 5 * noise)


def _textured(frame: Pixels, empty: Pixels) -> npt.NDArray[np.bool_]:
    """Where texture stands that the empty picture lacks: a shadow keeps that of its ground, and
    adds no more than a line about itself.
    """
    edges = [
        cv2.Laplacian(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), cv2.CV_32F, ksize=3)
        for p in (frame, empty)
    ]
    added = cv2.blur(np.abs(edges[0] - edges[1]), (5, 5))
    rough = cv2.morphologyEx(
        (added > 28).astype(np.uint8), cv2.MORPH_OPEN, np.ones((13, 13), np.uint8)
    )
    return np.asarray(rough > 0, np.bool_)


def _disc(side: int) -> Pixels:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _filled(mask: Pixels) -> Pixels:
    """Without holes smaller than a hundredth of what they lie in."""
    outlines, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    filled = mask.copy()
    for number, outline in enumerate(outlines):
        around = int(tree[0][number][3])
        if around >= 0 and cv2.contourArea(outline) < 0.05 * cv2.contourArea(outlines[around]):
            cv2.drawContours(filled, outlines, number, 1, -1)
    return filled


def _soft_edge(mask: Pixels, frame: Pixels, radius: int = 3) -> Floats:
    """The mask led along the frame's own edges (the guided filter of He, Sun and Tang, 2010)."""
    guide = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    want, size = mask.astype(np.float32), (2 * radius + 1, 2 * radius + 1)
    mean, wanted = cv2.blur(guide, size), cv2.blur(want, size)
    slope = (cv2.blur(guide * want, size) - mean * wanted) / (
        cv2.blur(guide * guide, size) - mean * mean + 2e-3
    )
    offset = wanted - slope * mean
    led = cv2.blur(slope, size) * guide + cv2.blur(offset, size)
    near = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
    soft: Floats = np.where(near, np.clip((led - 0.2) / 0.6, 0, 1), 0).astype(np.float32)
    return soft


def _person_px(camera: Camera, foot: tuple[float, float], wh: tuple[int, int]) -> float:
    """How tall a person stands there, in pixels; of a foot above the horizon, a small one."""
    stand = on_ground(camera, np.array([foot]), wh)[0]
    if not np.isfinite(stand).all():
        return 20.0
    head = camera.project(np.array([[*stand, PERSON_M]]), wh)[0]
    return max(float(foot[1] - head[1]), 6.0)
