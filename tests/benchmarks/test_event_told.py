"""What a box may be told of a clip is what its own files can say."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from benchmarks.events.told import write_config
from benchmarks.events.truth import Area, Clip, Spot
from edge.config import load_config
from edge.site import load_site

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = datetime(2026, 6, 4, 10, tzinfo=UTC)
SQUARE = ((10.0, 10.0), (90.0, 10.0), (90.0, 90.0), (10.0, 90.0))
SPOTS = tuple(Spot(corner, (corner[0] / 10, corner[1] / 10)) for corner in SQUARE)


def test_register_and_scale_become_a_site_file(tmp_path: Path) -> None:
    """Each area in its own table, a permit with its days; the ground where four spots tell it."""
    areas = (Area("shed", SQUARE), Area("collection", SQUARE), Area("permit", SQUARE, AT, LATER))
    clip = Clip(
        "yard", ("charging",), "day", "composed", 60.0, AT, (320, 180), (),
        areas=areas, ground=SPOTS,
    )  # fmt: skip
    config = write_config(clip, tmp_path)
    site = load_site(config.site)
    assert site.shed[0].polygon == site.collection[0].polygon == SQUARE
    assert (site.permit[0].since, site.permit[0].until) == (date(2026, 5, 4), date(2026, 6, 4))
    assert (plane := site.plane()) is not None
    assert plane.scale_px((50, 50)) == pytest.approx(10)
    told = load_config(config.box)
    assert told.site_of(told.cameras[0]).name == "yard"


def test_permit_without_days_is_no_permit() -> None:
    """The register always tells them."""
    with pytest.raises(ValueError, match="wants since and until"):
        Area("permit", SQUARE, AT)
