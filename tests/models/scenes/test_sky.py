"""Light by place, hour and weather."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from models.scenes.camera import Camera
from models.scenes.light import Lamp, Sun
from models.scenes.sky import Place, Weather, daylight, illuminator, light_at

SHANGHAI = (31.23, 121.47)
NOON = datetime(2025, 5, 10, 4, 0, tzinfo=UTC)
DUSK = datetime(2025, 5, 10, 10, 50, tzinfo=UTC)
BLUE_HOUR = datetime(2025, 5, 10, 11, 5, tzinfo=UTC)
MIDNIGHT = datetime(2025, 5, 10, 16, 0, tzinfo=UTC)
LAMPS = (Lamp((0.0, 0.0, 6.0)), Lamp((20.0, 0.0, 6.0)))
CAMERA = Camera((0.0, -10.0, 5.0), 0.0, 18.0)


def test_the_sky_darkens_from_noon_to_midnight() -> None:
    """Noon, dusk, blue hour and midnight each leave less light than the one before."""
    skies = [sum(daylight(SHANGHAI, at, Weather()).sky) for at in (NOON, DUSK, BLUE_HOUR, MIDNIGHT)]
    assert skies == sorted(skies, reverse=True)
    assert skies[-1] > 0, "a city's night glows"


@pytest.mark.parametrize(
    ("north_deg", "heading_deg"),
    [pytest.param(0.0, 180.0, id="north up"), pytest.param(90.0, 90.0, id="the street turned")],
)
def test_the_noon_sun_stands_in_the_south(north_deg: float, heading_deg: float) -> None:
    """At noon in Shanghai the sun stands high in the south, turned as the street is."""
    key = daylight(SHANGHAI, NOON, Weather(), north_deg=north_deg).key
    assert isinstance(key, Sun)
    east, north, up = key.toward
    assert np.degrees(np.arctan2(east, north)) % 360 == pytest.approx(heading_deg, abs=12)
    assert up > 0.9


def test_an_overcast_sky_throws_no_shadow() -> None:
    """Clouds take the key light; the sky turns gray."""
    light = daylight(SHANGHAI, NOON, Weather(cloud=1))
    assert light.key is None
    assert max(light.sky) / min(light.sky) < 1.1


@pytest.mark.parametrize(
    ("weather", "name"),
    [
        pytest.param(Weather(rain=0.8), "wet", id="rain wets the ground"),
        pytest.param(Weather(rain=0.8), "fog", id="rain dims what is far"),
        pytest.param(Weather(fog=0.8), "fog", id="fog hides what is far"),
    ],
)
def test_weather_shows(weather: Weather, name: str) -> None:
    """Rain and fog change what fair weather leaves alone."""
    fair = getattr(daylight(SHANGHAI, NOON, Weather()), name)
    assert getattr(daylight(SHANGHAI, NOON, weather), name) > 3 * fair


def test_lamps_burn_by_night_only() -> None:
    """By night the first lamp throws the shadows, and windows are lit; by day the sun is key."""
    day = light_at(Place(SHANGHAI), NOON, Weather(), LAMPS, "color")
    night = light_at(Place(SHANGHAI), MIDNIGHT, Weather(), LAMPS, "color")
    assert isinstance(day.key, Sun)
    assert day.lamps == ()
    assert isinstance(night.key, Lamp)
    assert night.key.position == LAMPS[0].position
    assert len(night.lamps) == 1
    assert night.glow > day.glow == 0


def test_infrared_waits_for_the_dark() -> None:
    """By day such a camera sees color; by night its own lamp lights the street, in gray."""
    lamps = (illuminator(CAMERA), *LAMPS)
    assert not light_at(Place(SHANGHAI), NOON, Weather(), lamps, "infrared").infrared
    night = light_at(Place(SHANGHAI), MIDNIGHT, Weather(), lamps, "infrared")
    assert night.infrared
    assert night.lamps[0].position == CAMERA.position
    assert max(night.sky) == min(night.sky)


def test_a_full_moon_throws_shadows_where_no_lamp_burns() -> None:
    """Somewhere in a month of midnights the moon is key, and much weaker than the sun."""
    keys = [daylight(SHANGHAI, MIDNIGHT + timedelta(days=day), Weather()).key for day in range(29)]
    moons = [key for key in keys if key is not None]
    assert 0 < len(moons) < 29
    assert all(max(moon.rgb) < 0.01 for moon in moons)


def test_the_moon_stands_where_it_does_in_every_time_zone() -> None:
    """An hour told by Shanghai's clock has the same moon as told in UTC."""
    for at in (MIDNIGHT + timedelta(days=day) for day in range(29)):
        local = at.astimezone(timezone(timedelta(hours=8)))
        assert daylight(SHANGHAI, local, Weather()).key == daylight(SHANGHAI, at, Weather()).key


def test_an_hour_without_a_zone_is_refused() -> None:
    """An hour must know its time zone."""
    with pytest.raises(ValueError, match="want an hour with a time zone"):
        daylight(SHANGHAI, NOON.replace(tzinfo=None), Weather())


def test_weather_is_a_share() -> None:
    """A share above 1 is refused, with what was wanted."""
    with pytest.raises(ValueError, match=r"rain 3: want 0 to 1"):
        Weather(rain=3)
