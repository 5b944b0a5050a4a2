"""Probes stand evenly over the watched ground, where an offence would count and could be seen."""

from pathlib import Path

import numpy as np
import pytest

from edge.scenarios.zones import Zones
from edge.site import GroundPoint, SiteFile
from models.scenes.camera import Camera
from sanse.commission.errors import NoGroundError, NoPlaceError, OddGroundError
from sanse.commission.places import camera_of, grid, step_m

WH = (640, 360)
CAMERA = Camera((0.0, 0.0, 6.0), 0.0, 18.0, 60.0)
SPOTS = ((-4.0, 9.0), (4.0, 9.0), (6.0, 24.0), (-6.0, 24.0))
HERE = Path("yard.toml")


def site(zones: str = "", mirrored: bool = False) -> SiteFile:
    """A site whose ground is what the camera sees of four spots."""
    pixels = CAMERA.project([(*spot, 0.0) for spot in SPOTS], WH)
    ground = [
        GroundPoint(pixel=(float(x), float(y)), metres=(-east if mirrored else east, north))
        for (x, y), (east, north) in zip(pixels, SPOTS, strict=True)
    ]
    edges = {
        "watch": ("watch", 40, 120, 600, 350),
        "ignore": ("ignore", 40, 120, 320, 350),
        "sky": ("watch", 0, 0, 640, 20),
    }
    return SiteFile.model_validate(
        {
            "site_id": "yard",
            "name": "yard",
            "frame_wh": WH,
            "ground": [spot.model_dump() for spot in ground],
            "zone": [
                {"name": name, "kind": kind, "polygon": [(x, y), (u, y), (u, v), (x, v)]}
                for name, (kind, x, y, u, v) in edges.items()
                if name in zones.split()
            ],
        }
    )


@pytest.mark.parametrize("mirrored", [False, True], ids=["metres to the right", "to the left"])
def test_the_camera_is_found_again(mirrored: bool) -> None:
    """Four spots tell where the camera hung, whichever way their metres were counted."""
    camera = camera_of(site(mirrored=mirrored), WH, HERE)
    assert camera.position[2] == pytest.approx(6.0, abs=0.05)
    assert camera.tilt_deg == pytest.approx(18.0, abs=0.2)


@pytest.mark.parametrize("count", [1, 12, 40])
@pytest.mark.parametrize("zones", ["", "watch ignore"])
def test_the_grid_lies_where_something_counts(count: int, zones: str) -> None:
    """No more places than asked for, all watched and inside the picture, evenly apart."""
    drawn = site(zones)
    places = grid(drawn, CAMERA, WH, count, HERE)
    watched = Zones(drawn, WH)
    assert 1 <= len(places) <= count
    assert len(places) >= 0.5 * count
    assert [place.number for place in places] == list(range(1, len(places) + 1))
    assert all(watched.watches(place.pixel) for place in places)
    assert all(0 <= p.pixel[0] < WH[0] and 0 <= p.pixel[1] < WH[1] for p in places)
    at = np.array([place.metres for place in places])
    if len(places) > 1:
        apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
        np.fill_diagonal(apart, np.inf)
        assert apart.min() >= 0.99 * step_m(places)


def test_people_come_from_inside_the_picture() -> None:
    """Who walks to a place starts on the side where the picture has more room."""
    for place in grid(site(), CAMERA, WH, 12, HERE):
        start = np.array([*(np.array(place.metres) + 4.5 * np.array(place.aside)), 0.0])
        x, _ = CAMERA.project(start, WH)[0]
        assert (x > place.pixel[0]) == (place.pixel[0] < WH[0] / 2)


def test_ground_that_nobody_measured() -> None:
    """Without a scale, one sentence says how to take it."""
    bare = SiteFile(site_id="yard", name="yard", frame_wh=WH)
    with pytest.raises(NoGroundError, match=r"yard\.toml: no \[\[ground\]\]: measure four spots"):
        camera_of(bare, WH, HERE)


def test_spots_that_no_camera_sees_so() -> None:
    """A plane seen from below is nobody's ground."""
    told = site().model_dump()
    for spot, (x, y) in zip(told["ground"], [(0, 0), (9, 1), (1, 2), (8, 30)], strict=True):
        spot["metres"] = (x, y)
    with pytest.raises((OddGroundError, ValueError)):
        camera_of(SiteFile.model_validate(told), WH, HERE)


def test_a_zone_in_the_sky() -> None:
    """Where a person would be no more than a dot, nothing is probed."""
    with pytest.raises(NoPlaceError, match="12 pixels tall"):
        grid(site("sky"), CAMERA, WH, 12, HERE)
