"""What moves does so smoothly, and what is put down stays where it lies."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.scenes.camera import Camera
from models.scenes.mesh import box
from models.scenes.moves import Leg, along_way
from models.scenes.moves import Path as Line
from models.scenes.script import read_script
from models.scenes.stage import Stage
from models.scenes.streets.street import Street

FPS = 10
MOST_M = {"man": 3.0 / FPS, "rider": 12.0 / FPS, "bike": 12.0 / FPS, "van": 12.0 / FPS}
STREET = Street(
    "plain",
    box((40, 40, 0.1), (0.2, 0.2, 0.2)),
    {"pole": Camera((0, -14, 5), 0, 16)},
    {"drop": (1.0, 2.0, 180.0), "park": (3.0, 3.0, 90.0)},
    {"pavement": ((-12, 0), (12, 0)), "lane": ((-30, -4), (0, -4), (8, 4), (8, 30))},
    {"window": (3.0, 7.0, 4.0)},
)
SCRIPT = """\
scene = { street = "plain", camera = "pole", at = 2026-03-04T01:20:00+08:00, \
place = [31.2, 121.5], seconds = 60 }
actor = [
  { name = "man", kind = "person" }, { name = "bag", kind = "bag" },
  { name = "van", kind = "van" }, { name = "bike", kind = "e-bike" },
  { name = "rider", kind = "old" }, { name = "cable", kind = "cable" },
]
step = [
  { at_s = 0, who = "man", does = "enters", from = "pavement@0", with = "bag", to = "drop" },
  { at_s = 1, who = "van", does = "enters", from = "lane@0", to = "lane@0.8", along = "lane" },
  { at_s = 2, who = "rider", does = "enters", from = "pavement@1", with = "bike", to = "park" },
  { at_s = 16, who = "rider", does = "parks", with = "bike" },
  { at_s = 20, who = "rider", does = "plugs in", with = "cable", from = "window", to = "bike" },
  { at_s = 21, who = "man", does = "puts down", with = "bag" },
  { at_s = 25, who = "man", does = "leaves", to = "pavement@1" },
  { at_s = 26, who = "rider", does = "unplugs", with = "cable" },
  { at_s = 30, who = "rider", does = "rides", with = "bike", to = "pavement@0" },
]
event = []
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    path: Path = tmp_path_factory.mktemp("stage") / "a.toml"
    path.write_text(SCRIPT, encoding="utf-8")
    return Stage(read_script(path), STREET, night=True)


@pytest.mark.parametrize("name", MOST_M)
def test_nobody_jumps(stage: Stage, name: str) -> None:
    """From one picture to the next nobody goes farther than the fastest of its kind."""
    stands = [stage.stand(name, k / FPS) for k in range(60 * FPS)]
    for before, after in pairwise(stands):
        if before is not None and after is not None:
            assert np.hypot(after[0] - before[0], after[1] - before[1]) <= MOST_M[name] + 1e-6


def test_a_bag_comes_down_gently_and_stays(stage: Stage) -> None:
    """On its way from the hand it makes no leap; once down it is at rest exactly, for good."""
    lies = stage.stand("bag", 23.0)
    assert lies is not None
    assert lies[2] == 0.0
    assert all(stage.stand("bag", t_s) == lies for t_s in (22.5, 25.0, 59.9))
    path = np.array([stage.stand("bag", 21 + k / 25) for k in range(50)])[:, :3]
    assert np.linalg.norm(np.diff(path, axis=0), axis=1).max() < 0.25


def test_a_rider_sits_on_the_saddle(stage: Stage) -> None:
    """While riding, rider and cycle are one; after parking, the rider stands beside it."""
    assert stage.stand("rider", 8.0) == stage.stand("bike", 8.0)
    foot, bike = stage.stand("rider", 18.0), stage.stand("bike", 18.0)
    assert foot is not None
    assert bike is not None
    assert 0.4 < np.hypot(foot[0] - bike[0], foot[1] - bike[1]) < 0.9


def test_a_cable_hangs_from_window_to_plug(stage: Stage) -> None:
    """Its ends are where they are plugged in, and it is there only between plug and unplug."""
    does = {t_s: [part.name for part in stage.at(t_s).parts] for t_s in (19, 24, 29)}
    assert ["cable" in names for names in does.values()] == [False, True, False]
    cast = stage.at(24)
    number = [part.name for part in cast.parts].index("cable")
    points = cast.bodies[number].mesh.position
    assert np.linalg.norm(points - STREET.openings["window"], axis=1).min() < 0.05


def test_headlights_burn_while_driving(stage: Stage) -> None:
    """By night a van that drives lights the street before it."""
    assert len(stage.at(3.0).beams) >= 2


def test_any_order_is_the_same(stage: Stage) -> None:
    """A moment does not depend on what was asked before it."""
    first = stage.at(21.8)
    stage.at(40.0)
    again = stage.at(21.8)
    assert first.parts == again.parts
    for one, other in zip(first.bodies, again.bodies, strict=True):
        assert (one.matrix == other.matrix).all()
        assert (one.mesh.position == other.mesh.position).all()


def test_a_leg_starts_and_stops_at_rest() -> None:
    """Speed rises from nothing to its top, and the whole path is gone at the end."""
    leg = Leg(Line.through([(0, 0), (10, 0), (10, 5)], 1.0), 2.0, 12.0, 1.0, 0.0, 0.3)
    speeds = [leg.speed_mps(t) for t in (2.0, 2.5, 7.0, 11.5, 12.0)]
    assert speeds == pytest.approx([0, leg.top_mps / 2, leg.top_mps, leg.top_mps / 2, 0])
    assert leg.gone_m(12.0) == pytest.approx(leg.path.length_m)


@pytest.mark.parametrize(
    ("start", "goal", "corners"),
    [
        pytest.param((1, 1), (9, 6), 6, id="with the way, over its corner"),
        pytest.param((9, 6), (1, 1), 6, id="against it"),
        pytest.param((1, 1), (3, 1), 4, id="on one piece of it"),
    ],
)
def test_a_way_is_joined_and_left(
    start: tuple[float, float], goal: tuple[float, float], corners: int
) -> None:
    """One goes straight to the way, along it, and straight from it to the goal."""
    line = along_way(start, ((0, 0), (10, 0), (10, 10)), goal)
    assert line[0].tolist() == list(start)
    assert line[-1].tolist() == list(goal)
    assert len(line) == corners - (corners > 4)
