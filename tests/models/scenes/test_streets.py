"""Streets are believable places only if scripts can rely on what they name."""

from __future__ import annotations

import functools
import re

import numpy as np
import pytest

from models.scenes.camera import Camera
from models.scenes.streets import STREETS, street
from models.scenes.streets.street import Street

WH = (1280, 720)
MOST_TRIANGLES = 61_000
SPOT = re.compile(r"(drop|park|shed|wait)_\d+|collection|entrance|barrier|bridge")
WAY = re.compile(r"(pavement|path|lane|zebra)_\d+|drive|turn|bridge")
OPENING = re.compile(r"(window|balcony)_\d+_\d+(_\d+)?|(shop|door|stair|roof)_\d+|stairwell|socket")
built = functools.cache(street)


def in_picture(camera: Camera, points: list[tuple[float, float, float]]) -> list[bool]:
    """Which of some points lie in the picture of a camera."""
    pixels = camera.project(points, WH)
    return [bool(0 <= x < WH[0] and 0 <= y < WH[1]) for x, y in pixels]


def along(way: tuple[tuple[float, float], ...]) -> list[tuple[float, float, float]]:
    """Points every few metres along a way."""
    marks = np.linspace(0, len(way) - 1, 60 * (len(way) - 1) + 1)
    xs, ys = (np.interp(marks, np.arange(len(way)), axis) for axis in zip(*way, strict=True))
    return [(float(x), float(y), 0.0) for x, y in zip(xs, ys, strict=True)]


def first_camera(place: Street) -> Camera:
    return next(iter(place.cameras.values()))


@pytest.mark.parametrize("name", STREETS)
@pytest.mark.parametrize("seed", [1, 2], ids=["one seed", "another seed"])
def test_a_street_is_whole(name: str, seed: int) -> None:
    """A street is sound triangles within what the rasterizer can bear, with light for the night."""
    place = built(name, seed)
    mesh = place.mesh
    assert len(mesh.faces) <= MOST_TRIANGLES
    assert mesh.faces.max() < len(mesh.position)
    assert np.isfinite(mesh.position).all()
    assert np.isfinite(mesh.normal).all()
    assert 0 <= mesh.albedo.min() <= mesh.albedo.max() <= 1
    assert 1 <= len(place.lamps) <= 9


@pytest.mark.parametrize("name", STREETS)
def test_names_follow_the_convention(name: str) -> None:
    """Scripts find places to dump and to park, ways and openings by names of known form."""
    place = built(name, 1)
    assert len(place.spots) >= 6
    assert {"drop_1", "park_1"} <= set(place.spots)
    assert all(SPOT.fullmatch(spot) for spot in place.spots)
    assert all(WAY.fullmatch(way) for way in place.ways)
    assert all(OPENING.fullmatch(opening) for opening in place.openings)
    assert sum(way.startswith(("pavement", "path")) for way in place.ways) >= 2
    assert "lane_1" in place.ways


@pytest.mark.parametrize("name", STREETS)
def test_cameras_differ(name: str) -> None:
    """A street is seen by at least two cameras that hang apart from each other."""
    cameras = list(built(name, 1).cameras.values())
    assert len({camera.position for camera in cameras}) == len(cameras) >= 2


@pytest.mark.parametrize("seed", [1, 2], ids=["one seed", "another seed"])
@pytest.mark.parametrize("name", STREETS)
def test_the_first_camera_sees_every_spot(name: str, seed: int) -> None:
    """A script may put a thing on any spot and the first camera has it in its picture."""
    place = built(name, seed)
    seen = in_picture(first_camera(place), [(x, y, 0.5) for x, y, _ in place.spots.values()])
    assert [spot for spot, there in zip(place.spots, seen, strict=True) if not there] == []


@pytest.mark.parametrize("name", STREETS)
def test_ways_lead_through_the_first_picture(name: str) -> None:
    """Who follows a way comes into the picture and leaves it again."""
    place = built(name, 1)
    for way, corners in place.ways.items():
        seen = in_picture(first_camera(place), along(corners))
        assert sum(seen) >= 4, f"{way} is not in the picture"
        assert not seen[0], f"{way} begins in the picture"
        assert not seen[-1], f"{way} ends in the picture"


@pytest.mark.parametrize("seed", [1, 2], ids=["one seed", "another seed"])
def test_openings_of_the_yard_lie_on_its_facade(seed: int) -> None:
    """A cable that hangs from a window starts within a balcony's depth of the façade."""
    openings = built("yard", seed).openings
    face_y = openings["stairwell"][1] + 0.05
    storeys = {int(key.split("_")[1]) for key in openings if key.startswith(("window", "balcony"))}
    assert {1, 2, 3, 4} <= storeys
    assert "socket" in openings
    for key, (_, y, z) in openings.items():
        assert face_y - 1.3 <= y <= face_y, key
        assert z >= 0.2, key
    seen = in_picture(
        first_camera(built("yard", seed)),
        [
            at
            for key, at in openings.items()
            if key.startswith(("window_2", "window_3", "stairwell"))
        ],
    )
    assert sum(seen) >= 8


@pytest.mark.parametrize("name", ["gate", "ditch"])
def test_a_seed_makes_one_street(name: str) -> None:
    """The same seed builds the same street, by night of the same shape, another seed another."""
    once, again, dark = built(name, 1), street(name, 1), street(name, 1, night=True)
    assert np.array_equal(once.mesh.position, again.mesh.position)
    assert np.array_equal(once.mesh.albedo, again.mesh.albedo)
    assert np.allclose(np.sort(once.mesh.position, 0), np.sort(dark.mesh.position, 0))
    assert once.cameras == again.cameras
    assert not np.array_equal(once.mesh.albedo[:50], built(name, 2).mesh.albedo[:50])
