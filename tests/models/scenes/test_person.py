"""People stand on their feet, walk without sliding, and hold what they carry."""

from __future__ import annotations

import numpy as np
import pytest

from models.scenes.assets.body import Bone, Frame
from models.scenes.assets.person import BOARD_M, SEAT_M, Act, Age, Person
from models.scenes.assets.pose import STEP, Manner, posed

WALK = Act(walked_m=3.1, speed_mps=1.3)
ACTS = [
    pytest.param(Act(sway_s=7.0), id="stands"),
    pytest.param(WALK, id="walks"),
    pytest.param(Act(bend=1.0), id="bends down"),
    pytest.param(Act(walked_m=1.0, speed_mps=1.0, holds="bag"), id="carries a bag"),
    pytest.param(Act(holds="box"), id="carries a box"),
    pytest.param(Act(walked_m=0.4, speed_mps=0.8, holds="bar"), id="pushes"),
    pytest.param(Act(seated=1.0, holds="bar"), id="rides"),
]
AGES: list[Age] = ["adult", "child", "old"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("age", AGES)
def test_mesh_is_whole(act: Act, age: Age) -> None:
    """Every point is finite, every normal of length 1, every corner a point."""
    mesh = Person(5, age).mesh(act)
    assert np.isfinite(mesh.position).all()
    assert np.linalg.norm(mesh.normal, axis=1) == pytest.approx(1, abs=1e-3)
    assert mesh.faces.max() < len(mesh.position)
    assert ((mesh.albedo >= 0) & (mesh.albedo <= 1)).all()


@pytest.mark.parametrize("age", AGES)
def test_within_the_budget_of_triangles(age: Age) -> None:
    """No seed's clothes cost more than a software rasterizer is granted for a person."""
    assert max(len(Person(seed, age).mesh(Act()).faces) for seed in range(30, 38)) <= 2_500


def test_seed_decides() -> None:
    """One seed is one person, another seed another."""
    first, again, other = (Person(seed).mesh(WALK) for seed in (1, 1, 2))
    assert np.array_equal(first.position, again.position)
    assert np.array_equal(first.albedo, again.albedo)
    assert first.position.shape != other.position.shape or not np.allclose(
        first.position, other.position
    )


@pytest.mark.parametrize(
    ("age", "low", "high"), [("adult", 1.52, 1.85), ("child", 1.0, 1.4), ("old", 1.48, 1.74)]
)
def test_stature(age: Age, low: float, high: float) -> None:
    """Heights are those of people, and the mesh is as high as it says, hat and stoop aside."""
    for seed in range(5):
        person = Person(seed, age)
        assert low <= person.height_m <= high
        top = person.mesh(Act()).position[:, 2].max()
        assert -0.09 <= top - person.height_m <= 0.07


@pytest.mark.parametrize("act", ACTS[:-1])
def test_feet_on_the_ground(act: Act) -> None:
    """Whoever is not seated touches the ground and does not sink into it."""
    for seed in range(4):
        low = Person(seed).mesh(act).position[:, 2].min()
        assert -0.025 <= low <= 0.01


def test_planted_foot_stays() -> None:
    """A foot that is flat on the ground keeps its place while the body walks on."""
    frame = Frame(height_m=1.7, head_m=0.227, girth=1.0, female=False)
    manner = Manner(stoop_deg=0, gaze_deg=(0, 0), swing_deg=25, idle="hang", side=1)
    ankle = np.append(frame.joints()[Bone.FOOT_L], 1.0)
    stride = 2 * STEP * frame.height_m
    places = [
        posed(frame, manner, Act(walked_m=part * stride, speed_mps=1.3))[Bone.FOOT_L] @ ankle
        + np.array([part * stride, 0, 0])
        for part in np.linspace(0.12, 0.3, 8)
    ]
    assert np.ptp(np.array(places), axis=0) == pytest.approx(0, abs=0.01)


def test_gait_is_smooth_and_repeats() -> None:
    """A centimeter of way moves no point far, and after a stride all is as before."""
    person = Person(3)
    stride = 2 * STEP * person.height_m
    way = np.arange(0, stride, 0.02)
    shapes = np.stack([person.mesh(Act(walked_m=w, speed_mps=1.3)).position for w in way])
    assert np.abs(np.diff(shapes, axis=0)).max() < 0.09
    later = person.mesh(Act(walked_m=stride, speed_mps=1.3)).position
    assert np.abs(later - shapes[0]).max() < 1e-4


@pytest.mark.parametrize(
    ("act", "low", "high"),
    [
        pytest.param(Act(holds="bag"), (-0.2, -0.5, 0.5), (0.3, -0.1, 0.95), id="bag at the side"),
        pytest.param(Act(holds="box"), (0.25, -0.1, 0.8), (0.6, 0.1, 1.3), id="box at the chest"),
        pytest.param(Act(holds="bar"), (0.4, -0.1, 0.8), (0.75, 0.1, 1.15), id="bar ahead"),
        pytest.param(Act(bend=1.0), (0.1, -0.4, 0.0), (0.6, 0.0, 0.15), id="at the ground"),
    ],
)
def test_hand(act: Act, low: tuple[float, ...], high: tuple[float, ...]) -> None:
    """The hand is where one would carry, push or pick up."""
    for seed in range(4):
        hand = np.array(Person(seed).hand(act))
        assert (hand >= low).all(), hand
        assert (hand <= high).all(), hand


def test_seated_on_the_saddle() -> None:
    """Who sits touches the saddle over the origin and rests his feet on the board."""
    for seed in range(4):
        at = Person(seed).mesh(Act(seated=1.0, holds="bar")).position
        below = at[(np.abs(at[:, 0]) < 0.1) & (np.abs(at[:, 1]) < 0.12), 2]
        assert below.min() == pytest.approx(SEAT_M, abs=0.07)
        assert at[:, 2].min() == pytest.approx(BOARD_M, abs=0.04)
