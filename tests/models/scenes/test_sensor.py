"""What sensor and lens make of linear light."""

from __future__ import annotations

import numpy as np
import pytest

from models.scenes.camera import Camera
from models.scenes.lens import SHAKE_PX, Lens, Shake
from models.scenes.mesh import Floats
from models.scenes.sensor import Frame, Sensor
from models.scenes.sky import Look, Weather

WH = (160, 96)


def flat(level: float) -> Floats:
    return np.full((WH[1], WH[0], 3), level, np.float32)


def with_spot(level: float, spot: float) -> Floats:
    light = flat(level)
    light[40:48, 76:84] = spot
    return light


def taken(seed: int, light: Floats, weather: Weather, look: Look) -> list[Frame]:
    sensor = Sensor(seed, WH, weather, look)
    return [sensor.frame(light) for _ in range(3)]


@pytest.mark.parametrize(
    ("weather", "look"),
    [
        pytest.param(Weather(), "color", id="fair, in color"),
        pytest.param(Weather(rain=1), "color", id="in the rain"),
        pytest.param(Weather(), "infrared", id="infrared"),
    ],
)
def test_the_same_seed_gives_the_same_frames(weather: Weather, look: Look) -> None:
    """Frames are equal byte for byte under one seed, and differ under another."""
    light = with_spot(0.02, 5.0)
    one, again, other = (taken(seed, light, weather, look) for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not np.array_equal(one[-1], other[-1])
    assert one[0].dtype == np.uint8
    assert one[0].shape == (WH[1], WH[0], 3)


def test_noise_grows_in_the_dark() -> None:
    """A dim street is amplified, and its noise with it."""
    grain = []
    for level in (0.3, 0.003):
        sensor = Sensor(5, WH)
        grain.append(sensor.frame(flat(level))[30:66, 60:100].astype(float).std(axis=(0, 1)).mean())
    assert grain[1] > 2 * grain[0]


def test_exposure_follows_slowly() -> None:
    """Headlights lower the gain over seconds, and not at once."""
    sensor = Sensor(5, WH)
    sensor.frame(flat(0.01))
    before = sensor.gain
    sensor.frame(flat(0.2), step_s=0.04)
    at_once = sensor.gain
    for _ in range(100):
        sensor.frame(flat(0.2), step_s=0.04)
    assert before > at_once > 0.8 * before
    assert sensor.gain < 0.3 * before


def test_bright_things_bloom() -> None:
    """A lamp brightens what is about it, and little what is far from it."""
    dark, lit = (Sensor(5, WH).frame(with_spot(0.01, spot)) for spot in (0.01, 20.0))
    brighter = lit.astype(int) - dark
    assert brighter[36:39, 76:84].mean() > 20 + brighter[5:10, 5:20].mean()


def test_infrared_is_gray() -> None:
    """An infrared frame has three equal channels, whatever color the light had."""
    light = flat(0.05) * np.array((1.0, 0.5, 0.2), np.float32)
    frame = Sensor(5, WH, look="infrared").frame(light)
    assert np.array_equal(frame[..., 0], frame[..., 2])


def test_what_is_near_the_infrared_lamp_keeps_its_shades() -> None:
    """Leaves a hundred times as bright as the street are neither white nor all one gray."""
    light = flat(0.01)
    light[30:66, 40:80], light[30:66, 80:120] = 1.0, 2.0
    frame = Sensor(5, WH, look="infrared").frame(light)
    dim, bright = frame[36:60, 48:72].mean(), frame[36:60, 88:112].mean()
    assert dim + 5 < bright < 235


def test_light_of_another_size_is_refused() -> None:
    """The message gives the size wanted."""
    with pytest.raises(ValueError, match=r"want \(96, 160, 3\)"):
        Sensor(1, WH).frame(np.zeros((2, 2, 3), np.float32))


def test_the_lens_draws_wider_than_it_shows() -> None:
    """A barrel needs a wider drawing; a straight lens only room to shake."""
    straight, barrel = (Lens(Camera((0, 0, 5), 0, 20, k1=k1), WH) for k1 in (0.0, -0.06))
    assert straight.drawn_wh == (WH[0] + 2 * SHAKE_PX, WH[1] + 2 * SHAKE_PX)
    assert barrel.drawn_wh[0] > straight.drawn_wh[0]
    assert barrel.drawn.fov_deg > straight.drawn.fov_deg


def test_too_strong_a_barrel_is_refused() -> None:
    """A barrel that would fold the picture is an error, not a picture."""
    with pytest.raises(ValueError, match=r"k1 -0.3: want -0.08 or more"):
        Lens(Camera((0, 0, 5), 0, 20, k1=-0.3), WH)


def test_a_pole_shakes_smoothly_and_within_bounds() -> None:
    """Shaking is a function of seed and time that never leaves its bounds nor jumps."""
    path = np.array([Shake(7, 3.0).at(0.04 * k) for k in range(500)])
    assert np.array_equal(path, [Shake(7, 3.0).at(0.04 * k) for k in range(500)])
    assert np.abs(path).max() <= 3.0
    assert 0 < np.abs(np.diff(path, axis=0)).max() < 1.5
