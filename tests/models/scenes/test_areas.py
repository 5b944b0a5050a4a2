"""Registered ground and the scale, as a camera's picture shows them."""

from pathlib import Path

import numpy as np
import pytest

from models.scenes.areas import areas_seen, scale_of
from models.scenes.camera import Camera
from models.scenes.script import Area, read_script
from wire.toml import TomlError

ABOVE = Camera((0.0, 0.0, 10.0), heading_deg=0, tilt_deg=90, fov_deg=90)
WH = (200, 100)
SQUARE = ((-2.0, -2.0), (2.0, -2.0), (2.0, 2.0), (-2.0, 2.0))


def area(**keys: object) -> Area:
    return Area.model_validate({"kind": "shed", "corners": SQUARE} | keys)


def test_area_lies_where_the_picture_shows_it() -> None:
    """From 10 m above, 90 degrees wide, 4 m are 40 of 200 pixels."""
    (told,) = areas_seen([area()], ABOVE, WH)
    low, high = np.min(told["polygon_px"], axis=0), np.max(told["polygon_px"], axis=0)
    assert low.tolist() == pytest.approx([80, 30], abs=0.5)
    assert high.tolist() == pytest.approx([120, 70], abs=0.5)
    assert (told["kind"], told["since"], told["until"]) == ("shed", None, None)


def test_high_area_is_seen_with_its_top() -> None:
    """The top of works is nearer to the camera, so what they cover is wider than their ground."""
    (told,) = areas_seen([area(height_m=5.0)], ABOVE, WH)
    assert np.max(told["polygon_px"], axis=0).tolist() == pytest.approx([140, 90], abs=0.5)


def test_area_around_the_camera_is_cut_to_what_lies_before_it() -> None:
    """Corners behind the camera have no pixels, and the rest still tells."""
    level = Camera((0.0, 0.0, 3.0), heading_deg=0, tilt_deg=20, fov_deg=70)
    wide = area(corners=((-3.0, -9.0), (3.0, -9.0), (3.0, 9.0), (-3.0, 9.0)))
    (told,) = areas_seen([wide], level, WH)
    assert np.isfinite(told["polygon_px"]).all()
    assert areas_seen([area(corners=((0.0, -9.0), (3.0, -9.0), (3.0, -5.0)))], level, WH) == []


def test_scale_is_told_by_points_of_the_ground() -> None:
    """What is told fits the camera, and spreads over the picture."""
    tilted = Camera((4.0, -2.0, 5.0), heading_deg=30, tilt_deg=30, fov_deg=70)
    points = scale_of(tilted, WH)
    metres = [(*point["metres"], 0.0) for point in points]
    assert np.abs(tilted.project(metres, WH) - [p["pixel"] for p in points]).max() < 1
    assert np.ptp([point["pixel"] for point in points], axis=0).min() > 40


def test_permit_that_ends_before_it_begins(tmp_path: Path) -> None:
    """Refused with file, line and key."""
    script = tmp_path / "street.toml"
    script.write_text(
        """\
[scene]
street = "ditch"
camera = "pole"
at = 2026-03-04T01:20:00+08:00
place = [31.2, 121.5]

[[area]]
kind = "permit"
corners = [[0, 0], [1, 0], [1, 1]]
from = 2026-03-04T00:00:00Z
until = 2026-03-01T00:00:00Z
"""
    )
    with pytest.raises(TomlError, match=r"street\.toml:11: area\.0\.until: it ends"):
        read_script(script)
