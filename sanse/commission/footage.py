"""The camera's own footage as a stage: its emptiest stretch, and night made of it.

Everything is read through the box's decoding child; what the scene maker opens later is only what
was written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edge.errors import BrokenOffError
from edge.video.frame import Frame, Pixels
from edge.video.replay import Replay
from edge.video.source import parse_source
from models.scenes.camera import Camera
from models.scenes.codec import ClipWriter, Coding
from models.scenes.ground import on_ground
from models.scenes.light import Lamp
from models.scenes.mesh import Floats
from models.scenes.plate_light import linear
from models.scenes.sensor import Sensor
from models.scenes.sky import CITY_GLOW, LAMP_LEVEL
from sanse.commission.errors import NeverEmptyError, OtherShapeError, TooShortError
from sanse.commission.results import LightName, Stretch

Wh = tuple[int, int]
Progress = Callable[[float], None]
"""Told how far it has come, 0 to 1."""

STRETCH_S: Final = 40.0
LEAST_S: Final = 5.0
LOOKED_S: Final = 1200.0
"""Only so much of a clip is searched."""
SAMPLE_EVERY_S: Final = 0.5
SMALL_PX: Final = 160
DIFFERS: Final = 25
"""Levels of 255 by which a pixel differs when something is before it."""
MOST_BUSY: Final = 0.12
KBPS: Final = 8000
SAMPLES: Final = 25
NIGHT_SEED: Final = 7
LAMP_UP_M: Final = 7.0
FAR_M: Final = 400.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A short clip into which probes are drawn.

    Attributes:
        composed: Night that was made of the day's clip.
    """

    path: Path
    light: LightName
    composed: bool
    at: datetime
    wh: Wh
    fps: int


def emptiest(clip: Path, site_wh: Wh, key: str, progress: Progress = lambda share: None) -> Stretch:
    """Looks through a clip for its calmest stretch.

    Raises:
        SourceError: Nothing of it can be read.
        OtherShapeError, TooShortError, NeverEmptyError: It is no stage.
    """
    times_s, small, frame_wh = _samples(clip, progress)
    if abs(frame_wh[0] * site_wh[1] / (frame_wh[1] * site_wh[0]) - 1) > 0.02:
        raise OtherShapeError(clip, frame_wh, site_wh)
    length_s = times_s[-1] if times_s else 0.0
    if length_s < LEAST_S:
        raise TooShortError(clip, length_s, LEAST_S)
    first, last, busy = calmest(np.array(times_s), np.stack(small))
    if busy > MOST_BUSY:
        raise NeverEmptyError(clip, busy, MOST_BUSY)
    return Stretch(
        key=key,
        begin_s=times_s[first],
        end_s=times_s[last],
        busy=round(busy, 4),
        clip_s=length_s,
        frame_wh=frame_wh,
    )


def calmest(
    times_s: npt.NDArray[np.float64], pictures: npt.NDArray[np.uint8], stretch_s: float = STRETCH_S
) -> tuple[int, int, float]:
    """First and last of the pictures ``(n, h, w)`` that differ least from their own median.

    Returns:
        Both numbers, and the share of the picture that differs, in the mean over the stretch.
    """
    best: tuple[int, int, float] | None = None
    for begin_s in np.arange(times_s[0], max(times_s[-1] - stretch_s, times_s[0]) + 1e-6, 10.0):
        inside = np.flatnonzero((times_s >= begin_s) & (times_s <= begin_s + stretch_s))
        if len(inside) < 5:
            continue
        part = pictures[inside].astype(np.int16)
        busy = float((np.abs(part - np.median(part, axis=0)) > DIFFERS).mean())
        if best is None or busy < best[2]:
            best = int(inside[0]), int(inside[-1]), busy
    if best is None:
        raise ValueError(f"{len(times_s)} pictures: want 5 or more in {stretch_s:g} s")
    return best


def cut(clip: Path, stretch: Stretch, stage: Stage) -> None:
    """Writes the stretch as the stage's own clip, at its size and rate."""
    coding = Coding(kbps=KBPS, fps=stage.fps)
    next_s = stretch.begin_s
    with ClipWriter(stage.path, stage.wh, stage.at, coding) as out:
        for frame in _frames(clip):
            if frame.monotonic_s > stretch.end_s + 1e-6:
                break
            if frame.monotonic_s >= next_s - 1e-6:
                out.write(sized(frame.pixels, stage.wh))
                next_s += 1 / stage.fps


def lamp_lit(camera: Camera, wh: Wh, lamp_at: tuple[float, float]) -> Floats:
    """``(h, w, 3)`` light of a night with one street lamp, as a share of the day's.

    It falls on the ground that a pixel shows; what stands upright is lit as the ground behind it.
    """
    xs, ys = np.meshgrid(np.arange(wh[0]) + 0.5, np.arange(wh[1]) + 0.5)
    ground = on_ground(camera, np.column_stack([xs.ravel(), ys.ravel()]), wh)
    aside2 = np.nan_to_num(((ground - lamp_at) ** 2).sum(axis=1), nan=FAR_M**2)
    far2 = aside2 + LAMP_UP_M**2
    fall = LAMP_LEVEL * LAMP_UP_M / far2**1.5
    color = np.array(Lamp((0.0, 0.0, LAMP_UP_M)).rgb)
    lit: Floats = (fall[:, None] * color + CITY_GLOW).astype(np.float32).reshape(wh[1], wh[0], 3)
    return lit


def empty_of(stage: Stage) -> Pixels:
    """``(h, w, 3)`` BGR: the median of some frames of a stage's clip."""
    chosen = spread(stage.path, SAMPLES)
    return np.asarray(np.median(np.stack(chosen), axis=0), np.uint8)


def spread(clip: Path, count: int) -> list[Pixels]:
    """So many frames of a clip, evenly over it; a clip that has fewer shows some twice."""
    every = [frame.pixels.copy() for frame in _frames(clip)]
    return [every[k] for k in np.linspace(0, len(every) - 1, count).round().astype(int)]


def night_of(picture: Pixels, lit: Floats) -> Pixels:
    """One picture as ``make_night`` shows it."""
    return Sensor(NIGHT_SEED, picture.shape[1::-1]).frame(linear(picture) * lit)


def make_night(day: Path, night: Path, stage: Stage, lit: Floats) -> None:
    """Writes a day's clip as a street camera would see it under a lamp.

    The scene maker's own sensor sees it, with the gain and the noise that the dark asks for. The
    day's shadows stay, and the lamp throws none.

    Args:
        stage: The night's, for its hour and rate.
        lit: ``(h, w, 3)`` of ``lamp_lit``.
    """
    sensor = Sensor(NIGHT_SEED, stage.wh)
    with ClipWriter(night, stage.wh, stage.at, Coding(kbps=KBPS, fps=stage.fps)) as out:
        for frame in _frames(day):
            out.write(sensor.frame(linear(frame.pixels) * lit, 1 / stage.fps))


def frames_of(source: Path, numbers: Iterable[int]) -> dict[int, Pixels]:
    """Some frames of a clip, or pictures of a folder, by number; left out where it has fewer."""
    wanted = set(numbers)
    found: dict[int, Pixels] = {}
    for number, frame in enumerate(_frames(source)):
        if number in wanted:
            found[number] = frame.pixels.copy()
        if len(found) == len(wanted):
            break
    return found


def sized(pixels: Pixels, wh: Wh) -> Pixels:
    if pixels.shape[1::-1] == wh:
        return pixels
    return np.asarray(cv2.resize(pixels, wh, interpolation=cv2.INTER_AREA), np.uint8)


def stage_wh(frame_wh: Wh, width: int) -> Wh:
    """The size to draw at: no wider than ``width``, sides even and in the clip's ratio.

    >>> stage_wh((1920, 1080), 960), stage_wh((768, 576), 960)
    ((960, 540), (768, 576))
    """
    share = min(width / frame_wh[0], 1.0)
    return round(frame_wh[0] * share) // 2 * 2, round(frame_wh[1] * share) // 2 * 2


def _samples(clip: Path, progress: Progress) -> tuple[list[float], list[Pixels], Wh]:
    times_s: list[float] = []
    small: list[Pixels] = []
    frame_wh = (0, 0)
    for frame in _frames(clip):
        if frame.monotonic_s > LOOKED_S:
            break
        if times_s and frame.monotonic_s < times_s[-1] + SAMPLE_EVERY_S:
            continue
        frame_wh = frame.wh
        wh = SMALL_PX, max(round(SMALL_PX * frame_wh[1] / frame_wh[0]), 1)
        gray = cv2.cvtColor(cv2.resize(frame.pixels, wh), cv2.COLOR_BGR2GRAY)
        small.append(np.asarray(cv2.GaussianBlur(gray, (3, 3), 0), np.uint8))
        times_s.append(frame.monotonic_s)
        progress(min(frame.monotonic_s / LOOKED_S, 1.0))
    return times_s, small, frame_wh


def _frames(clip: Path) -> Iterator[Frame]:
    """All that can be read; a clip that breaks off is used as far as it goes."""
    with Replay(parse_source(str(clip))) as reading:
        try:
            yield from reading.frames()
        except BrokenOffError:
            return
