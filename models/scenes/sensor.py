"""The sensor and its picture pipeline: linear light becomes the frame that a street camera sends.

In the order of a camera: exposure and white balance that follow slowly, scatter in the lens,
vignette, softness, shot noise that grows with gain and is smoothed by a denoiser, rain before the
lens and drops upon it, the tone curve, sharpening with its halos.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.mesh import Floats
from models.scenes.sky import Look, Weather

Frame = npt.NDArray[np.uint8]
ROOM: Final = 2.0
"""Exposed light that still fits; what is brighter is white."""
GAINS: Final = (0.5, 42.0)
FOLLOWS_S: Final = 0.9
NOISE_SIGMA: Final = 30.0
STREAKS: Final = 3
HELD_FROM, HELD_TO = 0.18, 0.14
"""Infrared alone: exposed light beyond the first is pressed together, to their sum at most."""
FAIR: Final = Weather()
GRAY: Final = np.array((0.3, 0.55, 0.15), np.float32)


@dataclass(frozen=True, slots=True)
class Character:
    """What makes one camera unlike another of its kind.

    Attributes:
        soft_px: Spread of the lens; ``sharpened`` is how much the pipeline makes up for it.
        noise: Standard deviation at gain 1, in levels of 255.
        vignette: Light lost in the corners, 0 to 1.
        cast: Gains of red, green, blue that the white balance leaves.
        trail: Share of the last picture that the denoiser keeps at the highest gain.
    """

    soft_px: float
    sharpened: float
    noise: float
    vignette: float
    cast: tuple[float, float, float]
    saturation: float
    trail: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Character:
        red, blue = rng.normal(1.0, 0.025, 2).tolist()
        return cls(
            soft_px=float(rng.uniform(0.55, 1.0)),
            sharpened=float(rng.uniform(0.35, 0.9)),
            noise=float(rng.uniform(0.32, 0.65)),
            vignette=float(rng.uniform(0.12, 0.32)),
            cast=(red, 1.0, blue),
            saturation=float(rng.uniform(0.95, 1.2)),
            trail=float(rng.uniform(0.1, 0.35)),
        )


class Sensor:
    """One camera's sensor: the same light in the same order gives the same frames.

    Attributes:
        gain: By what the light is multiplied now.
    """

    def __init__(
        self, seed: int, wh: tuple[int, int], weather: Weather = FAIR, look: Look = "color"
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self.character = Character.drawn(self._rng)
        self.wh, self.gain = wh, 0.0
        self._rain, self._gray = weather.rain, look == "infrared"
        self._balance = np.ones(3, np.float32)
        self._vignette = _vignette(wh, self.character.vignette)
        self._noise = _noise(self._rng, wh, gray=self._gray)
        self._tone = _tone()
        self._last: Frame | None = None
        self._streaks = (
            [_streaks(self._rng, wh, weather) for _ in range(STREAKS)] if self._rain else []
        )
        self._drops = _drops(self._rng, wh, self._rain)

    def rest(self) -> None:
        """Forgets exposure and denoiser, as between the looks of a time-lapse."""
        self.gain, self._last = 0.0, None
        self._balance = np.ones(3, np.float32)

    def frame(self, light: Floats, step_s: float = 0.04) -> Frame:
        """``(height, width, 3)`` blue, green, red of linear RGB light of the same size.

        Args:
            step_s: Seconds since the last frame; exposure and white balance follow so far.
        """
        width, height = self.wh
        if light.shape != (height, width, 3):
            raise ValueError(f"light {light.shape}: want ({height}, {width}, 3)")
        small = cv2.resize(light, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
        self._meter(np.asarray(small, np.float32), step_s)
        mix = self._mix()
        exposed = cv2.multiply(cv2.transform(light, mix), self._vignette)
        halo = self._halo(np.asarray(cv2.transform(small, mix), np.float32))
        if self._gray:
            exposed = cv2.multiply(exposed, self._held_back(np.asarray(exposed, np.float32)))
        if halo is not None:
            exposed = cv2.add(exposed, cv2.resize(halo, self.wh, interpolation=cv2.INTER_LINEAR))
        root = cv2.sqrt(np.maximum(exposed, 0))
        coded = np.asarray(cv2.convertScaleAbs(root, alpha=255.0), np.uint8)
        return self._finish(self._rained(coded))

    def _meter(self, small: Floats, step_s: float) -> None:
        """Moves gain and balance toward what this light asks for; at once for the first."""
        first = self.gain == 0.0
        share = 1.0 if first else 1 - float(np.exp(-step_s / FOLLOWS_S))
        means = np.sqrt(np.maximum(small, 0)).mean(axis=(0, 1)) ** 2
        level = max(float(means @ GRAY), 1e-6)
        bright = max(float(np.quantile(small[::2, ::2] @ GRAY, 0.97)), 1e-6)
        wanted = min(0.2 / level, 1.7 / bright) if level > 0.05 else 0.15 / level
        wanted *= 0.35 + 0.65 * float(np.clip(2.0 / wanted, 0, 1)) ** 0.4
        wanted = float(np.clip(wanted, *GAINS))
        self.gain = wanted if first else self.gain * (wanted / self.gain) ** share
        strength = 0.0 if self._gray else 0.55 if level > 0.05 else 0.35  # lamps stay warm
        balance = (level / np.maximum(means, 1e-6)) ** strength
        self._balance += share * (np.clip(balance, 0.6, 1.7).astype(np.float32) - self._balance)

    def _mix(self) -> Floats:
        """``(3, 3)`` from RGB light to exposed blue, green, red, so that ``ROOM`` is 1."""
        high = float(np.clip(np.log(max(self.gain, 1.0)) / np.log(GAINS[1]), 0, 1))
        color = 0.0 if self._gray else self.character.saturation * (1 - 0.25 * high**2)
        cast = np.ones(3) if self._gray else self._balance * np.array(self.character.cast)
        mixed = color * np.eye(3) + (1 - color) * np.tile(GRAY, (3, 1))
        whole = (self.gain / ROOM) * mixed @ np.diag(cast)
        return np.ascontiguousarray(whole[::-1], np.float32)

    def _held_back(self, exposed: Floats) -> Floats:
        """Shares of light ``(height, width, 3)``: what is close to the infrared lamp is held back.

        Over regions and not pixels, so that a leaf keeps its shades though it is far too bright.
        """
        width, height = self.wh
        coarse = cv2.resize(exposed, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
        about = cv2.GaussianBlur(coarse, (0, 0), height / 240)
        share = 1 / (1 + np.maximum(about - HELD_FROM, 0) / HELD_TO)
        return np.asarray(cv2.resize(share, self.wh, interpolation=cv2.INTER_LINEAR), np.float32)

    def _halo(self, small: Floats) -> Floats | None:
        """What the lens scatters about very bright things, at a quarter of the size."""
        over = np.clip(small - 0.6, 0, 30)
        if not over.any():
            return None
        tight = cv2.GaussianBlur(over, (0, 0), 2.0)
        coarse = cv2.resize(over, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        wide = cv2.resize(cv2.GaussianBlur(coarse, (0, 0), 4.0), over.shape[1::-1])
        strength = 0.12 if self._gray else 0.07 + 0.05 * self._rain
        return np.asarray(cv2.addWeighted(tight, strength, wide, strength, 0), np.float32)

    def _rained(self, coded: Frame) -> Frame:
        """Streaks, lit by what is about them, and drops on the glass."""
        if not self._streaks:
            return coded
        width, height = self.wh
        streaks = self._streaks[int(self._rng.integers(STREAKS))]
        window = self._window(streaks)
        about = cv2.resize(coded, (width // 16, height // 16), interpolation=cv2.INTER_AREA)
        about = cv2.resize(cv2.GaussianBlur(about, (0, 0), 2.0), self.wh)
        scale = (1.8 if self._gray else 1.2) / 255
        rained = np.asarray(cv2.add(coded, cv2.multiply(about, window, scale=scale)), np.uint8)
        for left, top, mask in self._drops:
            side = len(mask)
            spot = rained[top : top + side, left : left + side]
            seen = cv2.GaussianBlur(cv2.flip(spot, -1), (0, 0), side / 7).astype(np.float32)
            spot[:] = (spot + mask * (1.08 * seen - spot)).clip(0, 255).astype(np.uint8)
        return rained

    def _finish(self, coded: Frame) -> Frame:
        """Softness, noise, the denoiser's trail, tone and sharpening, in levels of 255."""
        own = self.character
        soft = cv2.GaussianBlur(coded, (5, 5), own.soft_px)
        sigma = own.noise * max(self.gain, 0.6) ** 0.33
        noisy = cv2.addWeighted(
            soft, 1, self._window(self._noise), sigma / NOISE_SIGMA, -128 * sigma / NOISE_SIGMA
        )
        keep = own.trail * min(self.gain / GAINS[1], 1.0) ** 0.5
        if self._last is not None and keep > 0.02:
            noisy = cv2.addWeighted(noisy, 1 - keep, self._last, keep, 0)
        self._last = np.asarray(noisy, np.uint8)
        toned = cv2.LUT(self._last, self._tone)
        around = cv2.GaussianBlur(toned, (7, 7), 1.3)
        return np.asarray(
            cv2.addWeighted(toned, 1 + own.sharpened, around, -own.sharpened, 0), np.uint8
        )

    def _window(self, tile: Frame) -> Frame:
        """A frame-sized piece of a larger tile, somewhere."""
        width, height = self.wh
        top = int(self._rng.integers(tile.shape[0] - height + 1))
        left = int(self._rng.integers(tile.shape[1] - width + 1))
        return tile[top : top + height, left : left + width]


def _vignette(wh: tuple[int, int], lost: float) -> Floats:
    """``(height, width, 3)`` shares of light."""
    x, y = (np.linspace(-1, 1, side, dtype=np.float32) for side in wh)
    aspect = wh[1] / wh[0]
    aside = (x[None] ** 2 + (aspect * y[:, None]) ** 2) / (1 + aspect**2)
    return np.repeat((1 - lost * aside)[..., None], 3, axis=2).astype(np.float32)


def _noise(rng: np.random.Generator, wh: tuple[int, int], *, gray: bool) -> Frame:
    """A tile larger than a frame, 128 in the mean: grain, and the blotches a denoiser leaves."""
    shape = wh[1] + 96, wh[0] + 160
    fine = rng.standard_normal(shape, np.float32)
    grain = _even(cv2.GaussianBlur(fine, (0, 0), 0.75)) + 0.8 * _even(
        cv2.GaussianBlur(rng.standard_normal(shape, np.float32), (0, 0), 2.2)
    )
    tile = np.repeat(grain[..., None], 3, axis=2)
    if not gray:
        color = rng.standard_normal((*shape, 3), np.float32)
        tile += 0.55 * _even(cv2.GaussianBlur(color, (0, 0), 2.8))
    return (128 + NOISE_SIGMA / 1.4 * tile).clip(0, 255).astype(np.uint8)


def _even(noise: npt.ArrayLike) -> Floats:
    values = np.asarray(noise, np.float32)
    spread: Floats = values / values.std()
    return spread


def _streaks(rng: np.random.Generator, wh: tuple[int, int], weather: Weather) -> Frame:
    """A tile of falling rain: many faint short streaks far off, few broad blurred ones near by."""
    shape = wh[1] + 200, wh[0] + 300
    scale = wh[1] / 720
    sheet = np.zeros(shape, np.float32)
    slant = np.clip(weather.wind_mps / 12, 0, 1) * float(rng.choice((-1, 1)))
    for count, long_px, wide_px, bright in (
        (900, 22, 1, 0.1),
        (160, 60, 1, 0.16),
        (12, 190, 5, 0.13),
    ):
        layer = np.zeros(shape, np.float32)
        some = max(int(count * weather.rain), 1)
        starts = rng.uniform((-100, -200), (shape[1], shape[0]), (some, 2))
        lengths = scale * long_px * rng.uniform(0.5, 1.4, some)
        for (x, y), length in zip(starts.tolist(), lengths.tolist(), strict=True):
            lean = slant * length * 0.5 + float(rng.normal(0, 0.03)) * length
            end = round(x + lean), round(y + length)
            shade = bright * float(rng.uniform(0.4, 1.0))
            cv2.line(layer, (round(x), round(y)), end, shade, wide_px, cv2.LINE_AA)
        sheet += cv2.GaussianBlur(layer, (0, 0), 0.7 * wide_px)
    return np.repeat((255 * sheet).clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _drops(
    rng: np.random.Generator, wh: tuple[int, int], rain: float
) -> list[tuple[int, int, Floats]]:
    """Left, top and soft mask ``(side, side, 1)`` of the drops that hang on the glass."""
    drops = []
    for _ in range(int(rng.poisson(5 * rain)) if rain > 0.2 else 0):
        side = int(wh[1] * rng.uniform(0.02, 0.075))
        left, top = (int(rng.integers(0, length - side)) for length in wh)
        x = np.linspace(-1, 1, side, dtype=np.float32)
        far = np.hypot(x[None] * rng.uniform(0.95, 1.25), x[:, None])
        mask = np.clip((1.0 - far) * 3, 0, 1)[..., None]
        drops.append((left, top, 0.8 * mask.astype(np.float32)))
    return drops


def _tone() -> Frame:
    """``(256,)`` from the root of exposed light to levels: a soft shoulder, blacks held down."""
    light = ROOM * np.linspace(0, 1, 256) ** 2
    shown = np.clip((1 - np.exp(-1.7 * light) - 0.008) / 0.955, 0, 1) ** 0.46
    steeper = shown - 0.075 * np.sin(2 * np.pi * shown)
    curve: Frame = (255 * np.clip(steeper, 0, 1)).round().astype(np.uint8)
    return curve
