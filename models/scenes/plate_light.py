"""What light and what lens a real clip was taken with, so that bodies put into it look as if shot
by the same camera.

The renderer's light is 1 where a white surface lies open under the sky; everything here says how a
clip shows that 1, how soft, how noisy, and how coarsely compressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera
from models.scenes.ground import on_ground
from models.scenes.light import Light, Sun
from models.scenes.matte import foreground
from models.scenes.mesh import Floats, Rgb

Pixels = npt.NDArray[np.uint8]
Doubles = npt.NDArray[np.float64]
GROUND_ALBEDO: Final = 0.24
WHITE_ALBEDO: Final = 0.85
DRAWN_BLUR_PX: Final = 0.35
"""How soft the renderer's own two by two samples are."""
QUALITIES: Final = (96, 92, 88, 82, 75, 65, 55, 45)
STEP_PX: Final = 0.83
LEAST_SHADOWS: Final = 6
_SHOWN: Final = np.arange(256) / 255
LINEAR: Final = np.where(
    _SHOWN <= 0.04045, _SHOWN / 12.92, ((_SHOWN + 0.055) / 1.055) ** 2.4
).astype(np.float32)
"""Linear light of each level."""


@dataclass(frozen=True, slots=True)
class PlateLight:
    """How a clip shows the light.

    Attributes:
        gain: Linear RGB of a white surface that lies open under the sky; the color cast is in it.
        black: Linear light that the darkest things show.
        contrast: Exponent on linear light about its middle gray; 1 is true, 1.3 a hard picture.
        noise: Deviation in levels of 255; ``blur_px`` that of the lens and sensor.
        quality: JPEG quality whose 8 by 8 blocks are as plain as the clip's.
        sun: Where it stands, if the shadows of walkers tell; None under an overcast sky.
        shade: Part of the ground's light that a sun's shadow leaves.
        sharpened: How much the camera overdraws edges.
    """

    gain: Rgb
    black: float
    contrast: float
    noise: float
    blur_px: float
    quality: int
    sun: tuple[float, float, float] | None = None
    shade: float = 1.0
    sharpened: float = 0.0

    def drawn(self) -> Light:
        """What the renderer lights the bodies with: a level white surface shines 1."""
        low = self.shade if self.sun else 1.0
        sky, bounce = (low, low, low), (0.3, 0.3, 0.3)
        if self.sun is None:
            return Light(None, sky, bounce, sky, sky)
        direct = (1 - low) / max(self.sun[2], 0.1)
        return Light(Sun(self.sun, (direct, direct, direct)), sky, bounce, sky, sky)

    def shown(self, light: Floats) -> Floats:
        """Linear RGB as the clip shows it, of the renderer's ``(h, w, 3)`` light."""
        exposed = np.maximum(light, 0) * np.array(self.gain, np.float32)
        gray = 0.18
        hard = gray * (exposed / gray) ** self.contrast
        knee = np.where(hard > 0.7, 0.7 + 0.3 * np.tanh((hard - 0.7) / 0.3), hard)
        shown: Floats = (self.black + (1 - self.black) * knee).astype(np.float32)
        return shown


def linear(bgr: npt.NDArray[np.integer]) -> Floats:
    """``(..., 3)`` linear RGB 0 to 1 of BGR levels."""
    light: Floats = LINEAR[bgr[..., ::-1]]
    return light


def levels(rgb: Floats) -> Floats:
    """``(..., 3)`` BGR levels 0 to 255, not rounded, of linear RGB."""
    light = np.clip(rgb, 0, 1)
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    bgr: Floats = (shown[..., ::-1] * 255).astype(np.float32)
    return bgr


def light_of(empty: Pixels, frames: Sequence[Pixels], camera: Camera) -> PlateLight:
    """The light of a clip, from its empty picture and some frames spread over it."""
    noise = noise_of(frames)
    gain, black, contrast = _exposure(empty, frames, camera)
    sun, shade = sun_of(empty, frames, camera)
    blur_px, sharpened = blur_of(empty)
    packed = quality_of(empty, frames)
    return PlateLight(gain, black, contrast, noise, blur_px, packed, sun, shade, sharpened)


def noise_of(frames: Sequence[Pixels]) -> float:
    """Deviation in levels, from pairs of frames where nothing moves; 1.5 of a single picture."""
    if len(frames) < 2:
        return 1.5
    still = []
    for before, after in list(pairwise(frames))[::3]:
        away = (cv2.subtract(after, before, dtype=cv2.CV_32F) @ np.full(3, 1 / 3, np.float32))[::2]
        away -= np.median(away)
        quiet = np.abs(away) < 4 * max(1.48 * float(np.median(np.abs(away))), 0.7)
        still.append(float(away[quiet].std()) / np.sqrt(2))
    return float(np.median(still))


def blur_of(picture: Pixels, again_px: float = 1.0) -> tuple[float, float]:
    """Deviation in pixels of the lens and sensor, and how much the edges were sharpened, 0 to 0.8.

    Both from how much a second blur takes from the steepest edges: a bare step loses as much as
    one of ``STEP_PX`` would by theory; what loses more has been sharpened.
    """
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    steep = [
        np.hypot(cv2.Scharr(g, cv2.CV_32F, 1, 0), cv2.Scharr(g, cv2.CV_32F, 0, 1))
        for g in (gray, cv2.GaussianBlur(gray, (0, 0), again_px))
    ]
    edges = steep[0] > np.quantile(steep[0], 0.985)
    ratio = steep[0][edges] / np.maximum(steep[1][edges], 1e-3)
    sharp = float(np.quantile(ratio, 0.75))
    wide = float(again_px / np.sqrt(max(sharp**2 - 1, 0.05)))
    blur_px = float(np.clip(max(wide**2 - STEP_PX**2, 0) ** 0.5, 0, 3))
    return blur_px, float(np.clip(7 * (0.8 - wide), 0, 0.8))


def quality_of(empty: Pixels, frames: Sequence[Pixels]) -> int:
    """The JPEG quality at which the empty picture becomes as blocky as the clip's frames."""
    want = float(np.median([_blockiness(frame) for frame in frames[:7]]))
    made = []
    for quality in QUALITIES:
        packed = cv2.imencode(".jpg", empty, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        made.append(_blockiness(np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)))
    return QUALITIES[int(np.abs(np.array(made) - want).argmin())]


def sun_of(
    empty: Pixels, frames: Sequence[Pixels], camera: Camera
) -> tuple[tuple[float, float, float] | None, float]:
    """Toward the sun, and what its shadow leaves of the light; None and 1 where none is clear.

    Every walker's darkened ground is laid on the plane: a sun stretches all of it one way.
    """
    wh = empty.shape[1], empty.shape[0]
    ways, lengths, left = [], [], []
    gray = np.full(3, 1 / 3, np.float32)
    still = cv2.blur(linear(empty) @ gray, (3, 3))
    for frame in frames[:: max(len(frames) // 14, 1)]:
        who = foreground(frame, empty, 2.0) > 0.5
        light = cv2.blur(linear(frame) @ gray, (3, 3))
        ratio = light / np.maximum(still, 0.01)
        dark = (ratio > 0.1) & (ratio < 0.8) & ~cv2.dilate(who.astype(np.uint8), _ONES).astype(bool)
        stats = cv2.connectedComponentsWithStats(who.astype(np.uint8))[2]
        for x, y, w, h, area in stats[1:]:
            if area < 80 or h < 1.4 * w:
                continue
            foot = on_ground(camera, np.array([[x + w / 2, y + h]]), wh)[0]
            box = np.s_[max(y - h, 0) : y + 2 * h, max(x - 3 * h, 0) : x + w + 3 * h]
            rows, columns = np.nonzero(dark[box])
            at = np.column_stack([columns + box[1].start, rows + box[0].start])
            off = on_ground(camera, at, wh) - foot
            far = np.hypot(*off.T)
            near = (far > 0.3) & (far < 6)
            if near.sum() < 0.15 * area:
                continue
            unit = (off[near] / far[near, None]).mean(axis=0)
            if np.hypot(*unit) > 0.8:
                ways.append(unit / np.hypot(*unit))
                lengths.append(float(np.quantile(far[near], 0.95)))
                left.append(float(np.median(ratio[box][rows[near], columns[near]])))
    if len(ways) < LEAST_SHADOWS or np.hypot(*np.mean(ways, axis=0)) < 0.85:
        return None, 1.0
    away = np.mean(ways, axis=0)
    high = np.arctan2(1.68, np.median(lengths))
    east, north = -away / np.hypot(*away) * np.cos(high)
    toward = (float(east), float(north), float(np.sin(high)))
    return toward, float(np.clip(np.median(left), 0.2, 0.9))


_ONES: Final = np.ones((3, 3), np.uint8)


def _exposure(empty: Pixels, frames: Sequence[Pixels], camera: Camera) -> tuple[Rgb, float, float]:
    """Gain, black and contrast: the ground is taken for gray stone, the brightest for white."""
    light = linear(empty)
    height, width = light.shape[:2]
    xs, ys = np.meshgrid(np.arange(0, width, 8) + 0.5, np.arange(0, height, 8) + 0.5)
    far = np.linalg.norm(
        on_ground(camera, np.column_stack([xs.ravel(), ys.ravel()]), (width, height))
        - np.array(camera.position[:2]),
        axis=1,
    )
    seen = light[::8, ::8].reshape(-1, 3)[np.nan_to_num(far, nan=1e9) < 60]
    seen = seen if len(seen) > 50 else light[::8, ::8].reshape(-1, 3)
    bright = seen.mean(axis=1)
    by_ground = float(np.quantile(bright, 0.6)) / GROUND_ALBEDO
    by_white = float(np.quantile(light.mean(axis=2), 0.995)) / WHITE_ALBEDO
    gain = float(np.clip(np.sqrt(by_ground * by_white), 0.02, min(by_white, 2.0)))
    plain = seen[np.ptp(seen, axis=1) < 0.25 * np.maximum(seen.max(axis=1), 1e-3)]
    cast = plain.mean(axis=0) if len(plain) > 0.05 * len(seen) else np.ones(3)
    cast = np.clip(cast / cast.mean(), 0.8, 1.25)
    darkest = float(np.quantile(np.stack([f[::4, ::4].max(axis=2) for f in frames]), 0.002))
    black = float(LINEAR[round(darkest)])
    spread = np.log(np.quantile(bright, 0.98) / max(float(np.quantile(bright, 0.02)), 1e-3))
    contrast = float(np.clip(spread / 2.2, 0.85, 1.4))
    red, green, blue = (float(gain * part) for part in cast)
    return (red, green, blue), min(black, 0.05), contrast


def _blockiness(picture: Pixels) -> float:
    """How much steeper the steps between 8 by 8 blocks are than those within."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    steps = np.abs(np.diff(gray, axis=1))
    steps = np.where(steps < 12, steps, np.nan)  # true edges say nothing
    between = float(np.nanmean(steps[:, 7::8]))
    within = float(np.nanmean(steps[:, 3::8]))
    return between / max(within, 0.05)
