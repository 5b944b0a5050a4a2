"""Site files: read, refused in one sentence, and asked where a thing stands."""

from datetime import date, time
from pathlib import Path

import numpy as np
import pytest

from edge.errors import SiteError
from edge.scenarios.ground import GroundPlane, WarpedError
from edge.scenarios.zones import Zones
from edge.site import SiteFile, load_site

SITE = """\
site_id = "yard-7"
name = "七号院"
frame_wh = [1280, 720]
position = { latitude_deg = 31.2, longitude_deg = 121.5 }

[[zone]]
name = "东楼道"
kind = "stairwell"
polygon = [[0, 0], [200, 0], [200, 400], [0, 400]]

[[shed]]
name = "充电棚"
polygon = [[800, 300], [1000, 300], [1000, 500], [800, 500]]

[[collection]]
name = "3 号投放点"
polygon = [[300, 300], [500, 300], [500, 500], [300, 500]]
hours = [{ from = 06:00:00, until = 09:30:00 }, { from = 18:00:00, until = 01:00:00 }]

[[permit]]
number = "2026-118"
polygon = [[600, 0], [700, 0], [700, 200], [600, 200]]
from = 2026-05-01
until = 2026-06-30

[[ground]]
pixel = [100, 700]
metres = [0, 0]
[[ground]]
pixel = [1180, 700]
metres = [10, 0]
[[ground]]
pixel = [880, 400]
metres = [10, 20]
[[ground]]
pixel = [400, 400]
metres = [0, 20]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "yard.toml"
    path.write_text(SITE, encoding="utf-8")
    return path


@pytest.fixture
def site(file: Path) -> SiteFile:
    return load_site(file)


def test_areas_are_asked_where_a_thing_stands(site: SiteFile) -> None:
    """In the frame's pixels, whatever size the polygons were drawn in."""
    zones = Zones(site, (640, 360))
    assert (found := zones.shed((450, 200))) is not None
    assert found.name == "充电棚"
    assert zones.shed((900, 400)) is None
    assert zones.of_kind("stairwell", (50, 100)) is not None
    assert zones.of_kind("border", (50, 100)) is None


def test_collection_point_has_hours(site: SiteFile) -> None:
    """They may pass midnight."""
    point = Zones(site, (1280, 720)).collection((400, 400))
    assert point is not None
    opened = [hour for hour in range(24) if point.is_open(time(hour))]
    assert opened == [0, 6, 7, 8, 9, 18, 19, 20, 21, 22, 23]


def test_permit_covers_parcel_and_days(site: SiteFile) -> None:
    """Most of the thing on the parcel, and the day within the period, both ends included."""
    zones = Zones(site, (1280, 720))
    on, beside = (610.0, 50.0, 690.0, 190.0), (660.0, 50.0, 780.0, 190.0)
    assert zones.permit(on, date(2026, 6, 30)) is not None
    assert zones.permit(on, date(2026, 7, 1)) is None
    assert zones.permit(beside, date(2026, 6, 1)) is None


def test_watch_and_ignore(site: SiteFile) -> None:
    """Without a watch zone all is watched; with one, it alone; an ignored spot never."""
    left = ((0, 0), (640, 0), (640, 720), (0, 720))
    corner = ((0, 0), (100, 0), (100, 100), (0, 100))
    zones = [
        {"name": "left", "kind": "watch", "polygon": left},
        {"name": "flag", "kind": "ignore", "polygon": corner},
    ]
    told = site.model_dump(by_alias=True) | {"zone": zones}
    some = Zones(SiteFile.model_validate(told), (1280, 720))
    assert [some.watches(foot) for foot in ((300, 300), (700, 300), (50, 50))] == [
        True,
        False,
        False,
    ]
    assert Zones(None, (1280, 720)).watches((700, 300))


def test_ground_is_a_plane(site: SiteFile) -> None:
    """Measured spots give metres, and the scale at a spot."""
    plane = site.plane()
    assert plane is not None
    assert plane.metres([(640, 700)])[0].tolist() == pytest.approx([5, 0], abs=0.01)
    assert plane.scale_px((640, 700)) == pytest.approx(108, rel=0.01)
    assert plane.scale_px((640, 400)) == pytest.approx(48, rel=0.01)
    assert (half := site.plane((640, 360))) is not None
    assert half.scale_px((320, 350)) == pytest.approx(54, rel=0.01)


def test_spot_off_the_plane_is_named() -> None:
    """The worst one, and by how much."""
    rng = np.random.default_rng(1)
    metres = rng.uniform(0, 20, (8, 2))
    pixels = 30 * metres + 100
    pixels[3] += 90
    with pytest.raises(WarpedError, match="off the others' plane"):
        GroundPlane.of(pixels.tolist(), metres.tolist())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[1000, 300], [1000, 500], [800, 500]]", "[1000, 500], [1000, 300], [800, 500]]",
         "yard.toml:13: shed.0.polygon: its sides cross: Self-intersection[900 400]"),
        ("[[800, 300], [1000, 300], [1000, 500], [800, 500]]",
         "[[1800, 300], [1900, 300], [1900, 500]]",
         "yard.toml:13: shed.0.polygon: it lies outside the picture of 1280 x 720"),
        ('kind = "stairwell"', 'kind = "stairs"', "yard.toml:8: zone.0.kind: Input should be"),
        ("until = 2026-06-30", "until = 2026-04-30",
         "yard.toml:20: permit.0: it ends on 2026-04-30, before it begins on 2026-05-01"),
        ('number = "2026-118"', 'number = "2026-118"\nworker = 3',
         "yard.toml:22: permit.0.worker: no such key"),
        ("pixel = [400, 400]\nmetres = [0, 20]", "pixel = [1180, 700]\nmetres = [10, 0]",
         "ground: want four spots or more, each at a pixel of its own"),
        ("[1280, 720]", "[1280]", "yard.toml:3: frame_wh"),
    ],
)  # fmt: skip
def test_faults_are_told_in_one_sentence(file: Path, old: str, new: str, says: str) -> None:
    """File, line, key, and what is wrong."""
    file.write_text(SITE.replace(old, new), encoding="utf-8")
    with pytest.raises(SiteError) as refused:
        load_site(file)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_three_spots_are_no_ground(file: Path) -> None:
    """Four are needed."""
    file.write_text(SITE[: SITE.rindex("[[ground]]")], encoding="utf-8")
    with pytest.raises(SiteError, match="ground: want four spots or more"):
        load_site(file)


def test_missing_file(tmp_path: Path) -> None:
    """Named, not traced."""
    with pytest.raises(SiteError, match=r"none\.toml: cannot be read"):
        load_site(tmp_path / "none.toml")
