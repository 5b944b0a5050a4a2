"""The light of a place and an hour: sun, sky and weather by day, lamps and city glow by night.

The levels follow photographs more than photometers: what counts is that dusk, blue hour and night
stand to each other and to street lamps as a camera meets them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from astral import Observer, moon, sun

from models.scenes.camera import Camera
from models.scenes.light import Lamp, Light, Sun
from models.scenes.mesh import Rgb

Look = Literal["color", "infrared"]
Color = npt.NDArray[np.float64]
LAMP_LEVEL: Final = 0.06
"""Of a street lamp as its builder gave it: night's share of the scale of light."""
LAMPS_ON_DEG: Final = 1.0
INFRARED_FROM_DEG: Final = -3.0
LIT_WINDOW: Final = 0.22

HEIGHTS_DEG: Final = (-18.0, -12.0, -8.0, -5.0, -2.0, 0.0, 3.0, 8.0, 18.0, 40.0, 90.0)
SUN_RGB: Final = np.array(
    [
        (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0.0, 0.0, 0.0), (0.05, 0.022, 0.008),
        (0.3, 0.16, 0.07), (0.62, 0.43, 0.26), (0.9, 0.76, 0.58), (1.08, 1.0, 0.87),
        (1.12, 1.06, 0.96),
    ]
)  # fmt: skip
SKY_RGB: Final = np.array(
    [
        (0.0, 0.0, 0.0), (0.0002, 0.0003, 0.0006), (0.0018, 0.0026, 0.005), (0.011, 0.015, 0.026),
        (0.035, 0.042, 0.062), (0.065, 0.072, 0.095), (0.11, 0.12, 0.15), (0.18, 0.2, 0.24),
        (0.26, 0.3, 0.37), (0.33, 0.38, 0.47), (0.35, 0.4, 0.5),
    ]
)  # fmt: skip
LOW_SKY_RGB: Final = np.array(
    [
        (0.0, 0.0, 0.0), (0.0008, 0.0008, 0.0012), (0.006, 0.006, 0.008), (0.04, 0.034, 0.04),
        (0.15, 0.11, 0.1), (0.28, 0.21, 0.17), (0.42, 0.35, 0.28), (0.56, 0.52, 0.47),
        (0.68, 0.7, 0.71), (0.75, 0.8, 0.86), (0.75, 0.8, 0.88),
    ]
)  # fmt: skip
CITY_GLOW: Final = np.array((0.0011, 0.00095, 0.0008))
LOW_GLOW: Final = np.array((1.25, 0.95, 0.7))
"""Of the city's glow, the part seen near the horizon, over lamps; ``HIGH_GLOW`` straight up."""
HIGH_GLOW: Final = np.array((0.16, 0.18, 0.26))


@dataclass(frozen=True, slots=True)
class Weather:
    """What the air does.

    Attributes:
        cloud: 0 is a clear sky, 1 overcast.
        rain: 0 is dry, 1 pours.
        fog: 0 is clear air with a city's haze, 1 hides what is 60 m away.
        wind_mps: It shakes the pole that the camera hangs on.
    """

    cloud: float = 0.0
    rain: float = 0.0
    fog: float = 0.0
    wind_mps: float = 1.0

    def __post_init__(self) -> None:
        for name in ("cloud", "rain", "fog"):
            if not 0 <= (share := getattr(self, name)) <= 1:
                raise ValueError(f"{name} {share}: want 0 to 1")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a street lies.

    Attributes:
        position: Latitude and longitude in degrees, WGS-84.
        north_deg: Compass direction in which the street's own +y runs.
    """

    position: tuple[float, float]
    north_deg: float = 0.0


def light_at(
    place: Place, at: datetime, weather: Weather, lamps: Sequence[Lamp], look: Look
) -> Light:
    """All the light of a street at an aware hour.

    By day the sun is key. From dusk on the lamps burn and the first of them is key. A camera that
    looks in infrared does so only in the dark, and brings its ``illuminator`` as the first lamp.

    Raises:
        ValueError: The hour knows no time zone.
    """
    day = daylight(place.position, at, weather, north_deg=place.north_deg)
    height = _sun_height(place.position, at)
    if look == "infrared" and height < INFRARED_FROM_DEG and lamps:
        return _infrared(day, lamps)
    gloom = 5.0 * max(weather.cloud, weather.fog, weather.rain)
    return night(lamps, day) if height < LAMPS_ON_DEG + gloom else day


def daylight(
    position: tuple[float, float], at: datetime, weather: Weather, *, north_deg: float = 0
) -> Light:
    """The light of sun, moon, sky and weather alone, at any hour.

    Args:
        north_deg: Compass direction in which the street's own +y runs.
    """
    height = _sun_height(position, at)
    gray = 1 - (1 - weather.cloud) * (1 - 0.8 * weather.fog) * (1 - 0.9 * weather.rain)
    veil = (1 - gray) ** 2
    direct, open_, low = (_between(height, table) for table in (SUN_RGB, SKY_RGB, LOW_SKY_RGB))
    dull = 1 - 0.45 * weather.rain * gray
    flat = dull * (0.85 * _gray(open_) + 0.2 * _gray(direct)) * np.array((0.97, 1.0, 1.05))
    sky = (1 - gray) * open_ + gray * flat
    horizon = (1 - gray) * low + gray * 1.05 * flat
    zenith = (1 - gray) * (1.9 * open_ - 0.9 * low).clip(0.35 * open_) + gray * 1.3 * flat
    glow = CITY_GLOW * (1 + 1.5 * gray)
    key = _key(position, at, north_deg)
    through = _rgb(veil * np.array(key.rgb)) if key else (0.0, 0.0, 0.0)
    lifted = 0.16 * np.array(through) * max(key.toward[2], 0.0) if key else np.zeros(3)
    return Light(
        key=replace(key, rgb=through) if key and max(through) > 4e-4 else None,
        sky=_rgb(sky + glow),
        ground=_rgb(0.3 * (sky + glow) + lifted),
        horizon=_rgb(horizon + LOW_GLOW * glow),
        zenith=_rgb(zenith + HIGH_GLOW * glow),
        fog=0.0012 + 0.0035 * weather.rain + 0.04 * weather.fog**1.5,
        wet=min(1.0, 2.5 * weather.rain),
        glow=0.0,
    )


def night(lamps: Sequence[Lamp], sky: Light) -> Light:
    """A sky with the street's lamps burning under it; with none, the sky and its moon are all."""
    burning = [replace(lamp, rgb=_rgb(LAMP_LEVEL * np.array(lamp.rgb))) for lamp in lamps]
    lit = sky.fog * 0.12 * min(len(burning), 4)
    mist = np.array(burning[0].rgb) * lit if burning else np.zeros(3)
    return replace(
        sky,
        key=burning[0] if burning else sky.key,
        lamps=tuple(burning[1:]),
        horizon=_rgb(np.array(sky.horizon) + 0.4 * mist),
        ground=_rgb(np.array(sky.ground) + (0.0016 if burning else 0.0)),
        glow=LIT_WINDOW,
    )


def illuminator(camera: Camera) -> Lamp:
    """The infrared lamp about a camera's lens: bright near by, little beyond thirty metres."""
    heading, tilt = np.radians(camera.heading_deg), np.radians(camera.tilt_deg)
    ahead = (np.sin(heading) * np.cos(tilt), np.cos(heading) * np.cos(tilt), -np.sin(tilt))
    x, y, z = (float(part) for part in ahead)
    half = min(0.62 * camera.fov_deg, 60.0)
    return Lamp(camera.position, (x, y, z), (7.0, 7.0, 7.0), cone_deg=half)


def _infrared(sky: Light, lamps: Sequence[Lamp]) -> Light:
    """Gray: the illuminator throws no shadow that its own camera could see."""
    own, *street = lamps
    dim = night([replace(lamp, rgb=_rgb(0.2 * _gray(np.array(lamp.rgb)))) for lamp in street], sky)
    sky_, ground, horizon, zenith = (
        _rgb(share * _gray(np.array(rgb)))
        for share, rgb in (
            *((0.6, dim.sky), (0.6, dim.ground), (0.25, dim.horizon), (0.25, dim.zenith)),
        )
    )
    seen = replace(dim, sky=sky_, ground=ground, horizon=horizon, zenith=zenith)
    return replace(seen, lamps=(own, *dim.lamps), infrared=True, glow=0.12)


def _key(position: tuple[float, float], at: datetime, north_deg: float) -> Sun | None:
    """The sun, or the moon at night; None when neither stands over the horizon."""
    observer = Observer(*position)
    height = _sun_height(position, at)
    if height > 0:
        direction = _direction(height, sun.azimuth(observer, at) - north_deg)
        return Sun(direction, _rgb(_between(height, SUN_RGB)))
    at = at.astimezone(UTC)  # astral's moon takes any clock for UTC
    full = 1 - abs(moon.phase(at.date()) / 14.0 - 1)
    risen = moon.elevation(observer, at)
    if height > -8 or risen < 5 or full < 0.3:
        return None
    pale = 0.004 * full**2 * np.array((0.95, 1.0, 1.1))
    return Sun(_direction(risen, moon.azimuth(observer, at) - north_deg), _rgb(pale))


def _sun_height(position: tuple[float, float], at: datetime) -> float:
    if at.tzinfo is None:
        raise ValueError(f"at {at.isoformat()}: want an hour with a time zone")
    return sun.elevation(Observer(*position), at)


def _direction(height_deg: float, heading_deg: float) -> tuple[float, float, float]:
    height, heading = np.radians(height_deg), np.radians(heading_deg)
    flat = np.cos(height)
    return float(flat * np.sin(heading)), float(flat * np.cos(heading)), float(np.sin(height))


def _between(height_deg: float, table: Color) -> Color:
    return np.array([np.interp(height_deg, HEIGHTS_DEG, table[:, k]) for k in range(3)])


def _gray(rgb: Color) -> Color:
    return np.full(3, float(rgb @ (0.3, 0.5, 0.2)))


def _rgb(color: Color) -> Rgb:
    red, green, blue = (float(part) for part in color)
    return red, green, blue
