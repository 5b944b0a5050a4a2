"""Flights compared from folders to alert lines; the painted ground tells the truth."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import structlog
from typer.testing import CliRunner

from edge.config import load_config
from edge.errors import SourceError
from edge.flight_alerts import enlarged
from edge.flights import FlightSettings, FlightSummary, compare_flights
from edge.scenarios.finding import Mark
from edge.video.frame import Pixels
from edge.vision.flight_pair import Pose
from sanse.commands.edge import app
from tests.edge.alerts import AT, make_finding
from tests.edge.flight_folders import flight
from tests.edge.flight_scene import Block, photo, pose

DRONE = Path(__file__).parents[3] / "shared" / "data" / "drone"
PASTED = (575, 225, 675, 300)
HOUSE = Block((-6, -4, 4, 5), 9, (110, 120, 150), 3)
SHED = Block((-18, 6, -10, 12), 3.5, (180, 130, 90), 7)
SITE = """
site_id = "lane-7"
name = "Lane 7"
frame_wh = [480, 360]
[[zone]]
name = "No. 12"
kind = "building"
polygon = [[40, 40], [180, 40], [180, 150], [40, 150]]
"""
PERMIT = """
[[permit]]
number = "P-1"
polygon = [[40, 40], [180, 40], [180, 150], [40, 150]]
from = 2026-10-01
until = 2026-12-31
"""


@dataclass
class Told:
    """All that a comparison says."""

    summary: FlightSummary = field(default_factory=FlightSummary)
    alerts: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    def codes(self) -> set[str]:
        return {line.split()[3].rstrip(":") for line in self.misses}


def compare(before: Path, *after: Path, site: Path | None = None, **kept: Path) -> Told:
    told = Told()
    config = load_config(None, [] if site is None else [f"cameras.0.site_file={site}"])
    settings = FlightSettings(before, after, config, trace=told.misses.append, **kept)
    told.summary = compare_flights(
        settings, lambda line: told.alerts.append(json.loads(line)), told.said.append
    )
    return told


def shots(*poses: Pose, blocks: Sequence[Block], light: float = 1) -> list[tuple[Pixels, Pose]]:
    return [
        (photo(camera, *blocks, light=light, seed=row), camera) for row, camera in enumerate(poses)
    ]


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four flights: before, a shed four weeks later, still there, and gone again."""
    folder = tmp_path_factory.mktemp("flown")
    both = [HOUSE, SHED]
    flight(folder / "1", shots(pose(), blocks=[HOUSE]), 0)
    flight(folder / "2", shots(pose(5, 2, yaw=5), pose(-4, 3), blocks=both), 28)
    flight(folder / "3", shots(pose(-4, -3, yaw=-5), blocks=both), 56)
    flight(folder / "4", shots(pose(4, 0), blocks=[HOUSE]), 70)
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    (folder / "permit.toml").write_text(SITE + PERMIT, encoding="utf-8")
    return folder


def test_one_pair_is_unsure(flown: Path) -> None:
    """A new shed is told with its size and height, and that one pair shows it; the house leans."""
    told = compare(flown / "1", flown / "2", site=flown / "site.toml")
    (alert,) = told.alerts
    facts = alert["facts"]
    assert facts["area_m2"] == pytest.approx(48, rel=0.2)
    assert facts["height_m"] == pytest.approx(3.5, abs=0.5)
    assert (facts["looks"], facts["looks_limit"], facts["parcel"]) == (1, 2, "No. 12")
    assert alert["confidence"] < 0.5
    assert alert["reasons"][0]["en"].startswith(
        "Seen in one flight pair, 2026-10-01 and 2026-10-29"
    )
    west, south, east, north = SHED.wsen
    spots = [[x, y, z] for x in (west, east) for y in (south, north) for z in (0, 3.5)]
    seen = pose(-4, 3).image_of(np.array(spots, np.float64))
    truth = [*seen.min(axis=0), *seen.max(axis=0)]
    assert alert["region"]["xyxy"] == pytest.approx(truth, abs=8)
    assert told.codes() == {"parallax"}
    assert "as a roof 9 m high does" in told.misses[0]
    assert told.said == []
    assert not told.summary.lost


def test_a_third_flight_makes_it_certain(flown: Path, tmp_path: Path) -> None:
    """In whatever order they are given; both photos and the picture that explains are kept."""
    kept = {"evidence": tmp_path / "kept", "explain": tmp_path / "why"}
    told = compare(flown / "1", flown / "3", flown / "2", **kept)
    (alert,) = told.alerts
    assert alert["confidence"] > 0.6
    assert (alert["facts"]["looks"], alert["facts"]["span_h"]) == (2, 672)
    assert alert["captured_at"].startswith("2026-11-26")
    assert [item["kind"] for item in alert["evidence"]["items"]] == ["snapshot", "before"]
    assert len([path for path in kept["evidence"].rglob("*") if path.is_file()]) == 2
    assert (kept["explain"] / f"{alert['alert_id']}.jpg").exists()


def test_gone_again(flown: Path) -> None:
    """What the latest flight shows gone is told as a near miss."""
    told = compare(flown / "1", flown / "2", flown / "4")
    assert told.alerts == []
    assert told.codes() == {"parallax", "gone-again"}


def test_heights_in_feet(flown: Path, tmp_path: Path) -> None:
    """Heights in feet: said, the features are used, and the shed is found, without its area."""
    truth = pose(5, 2, yaw=5)
    pictures = shots(truth, blocks=[HOUSE, SHED])
    feet = flight(tmp_path / "feet", pictures, 28, told=[pose(5, 2, 131, yaw=5)])
    told = compare(flown / "1", feet)
    assert "counts in feet or from sea level" in told.said[0]
    assert [a["facts"]["area_m2"] for a in told.alerts] == [None]


def test_what_cannot_be_compared_costs_itself_alone(flown: Path, tmp_path: Path) -> None:
    """Elsewhere, too early, without telemetry, in the dark: one sentence each."""
    pictures = shots(pose(4, 0), blocks=[HOUSE])
    far = [pose(4000, 0)]
    elsewhere = flight(tmp_path / "elsewhere", pictures, 28, told=far)
    early = flight(tmp_path / "early", pictures, -3)
    bare = tmp_path / "bare"
    shutil.copytree(elsewhere, bare)
    (bare / "telemetry.csv").unlink()
    told = compare(flown / "1", elsewhere, early, bare, tmp_path / "none", flown / "4")
    assert told.summary.lost
    assert told.summary.compared == 1
    found = sorted(told.said)
    assert len(found) == 4
    assert "bare: holds no photo that can be placed" in found[0]
    assert "early: was flown on 2026-09-28" in found[1]
    assert "nearest photo was taken 4000 m away" in found[2]
    assert "none: is no folder" in found[3]
    with pytest.raises(SourceError, match="no later flight can be compared"):
        compare(flown / "1", elsewhere)


def test_from_too_far_aside(flown: Path, tmp_path: Path) -> None:
    """Where a lean and a new roof look alike, places are passed over and said."""
    aside = flight(tmp_path / "aside", shots(pose(0, -26, pitch=-57), blocks=[HOUSE, SHED]), 28)
    told = compare(flown / "1", aside)
    assert told.alerts == []
    assert "passed over: seen from more than 25° apart" in told.said[0]


def test_command(flown: Path, tmp_path: Path) -> None:
    """Lines go to the file, sentences to stderr; a permit covers the shed; codes as of replay."""
    out = tmp_path / "alerts.jsonl"
    words = ["flights", str(flown / "1"), str(flown / "3"), "--out", str(out), "--trace"]
    done = CliRunner().invoke(app, [*words, "--site", str(flown / "permit.toml")])
    structlog.reset_defaults()
    assert done.exit_code == 0, done.output
    assert out.read_bytes() == b""
    assert "permit P-1 covers it" in done.stderr
    refused = CliRunner().invoke(app, ["flights", str(flown / "1"), str(tmp_path / "no")])
    structlog.reset_defaults()
    assert refused.exit_code == 2
    assert "is no folder of one flight's photos" in refused.output


def shrunk_photo(folder: Path, number: int, *, shed: bool = False) -> Path:
    """A real photo 1000 px wide with all that its camera tells, and, if asked for, a shed in it."""
    head = (DRONE / f"DJI_00{number}.JPG").read_bytes()
    pixels = np.asarray(cv2.imdecode(np.frombuffer(head, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    small = cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    if shed:
        left, top, right, bottom = PASTED
        small[top:bottom, left:right] = (190, 110, 60)
    _, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 90])
    told = head[2 : head.index(b"\xff\xdb", head.index(b"</x:xmpmeta>"))]
    folder.mkdir()
    (folder / "p.jpg").write_bytes(head[:2] + told + packed.tobytes()[2:])
    return folder


@pytest.mark.skipif(not DRONE.exists(), reason="no drone photos here")
def test_photos_of_one_flight(tmp_path: Path) -> None:
    """Two real photos raise nothing, though a forest leans in them and its dapples shift."""
    before, after = (shrunk_photo(tmp_path / str(number), number) for number in (18, 19))
    assert compare(before, after).alerts == []


@pytest.mark.skipif(not DRONE.exists(), reason="no drone photos here")
def test_what_is_pasted_into_a_photo(tmp_path: Path) -> None:
    """Among trees that lean and sway it is found in its place, and nothing else is."""
    before, after = shrunk_photo(tmp_path / "b", 24), shrunk_photo(tmp_path / "a", 25, shed=True)
    (alert,) = compare(before, after).alerts
    assert alert["region"]["xyxy"] == pytest.approx(PASTED, abs=30)


def test_a_finding_at_the_edge_of_a_shrunk_photo_stays_in_the_photo() -> None:
    """4001 x 3001 px shrink to 1000 x 750: each side has a scale of its own."""
    corner = Mark(AT, "thing", ((1000.0, 750.0),))
    finding = replace(make_finding(), xyxy=(10.0, 20.0, 1000.0, 750.0), trail=(corner,))
    whole = enlarged(finding, (1000, 750), (4001, 3001))
    assert whole.xyxy == pytest.approx((40, 80, 4001, 3001), abs=0.1)
    assert max(whole.xyxy) <= 4001
    assert whole.xyxy[3] <= 3001
    assert whole.trail[0].xy[0] == pytest.approx((4001, 3001))
