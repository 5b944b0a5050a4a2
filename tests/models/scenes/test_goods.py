"""Goods, cables, building sites and look-alikes are whole and varied; they hang and grow right."""

import itertools
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from models.scenes.assets import building, cable, lookalikes, waste
from models.scenes.assets.asset import Asset
from models.scenes.mesh import Mesh

HANGS = [
    pytest.param(((0, 0, 5.5), (3, 1, 0.6)), 1.06, id="from a window to a bike"),
    pytest.param(((3, 1, 0.6), (0, 0, 5.5)), 1.06, id="from a bike up to a window"),
    pytest.param(((0, 0, 3), (6, 0, 3)), 1.01, id="taut between two walls"),
    pytest.param(((0, 0, 9), (2, 2, 4)), 1.3, id="slack and high"),
    pytest.param(((1, 1, 9), (1, 1, 2)), 1.06, id="straight down"),
]
MOST_TRIANGLES = 8_000


@cache
def every_asset(seed: int) -> list[Asset]:
    ends = ((0.0, 0.0, 5.0), (2.0, 1.0, 0.6))
    return [
        *(waste.waste(kind, seed) for kind in waste.KINDS),
        *(make(seed) for make in cable.KINDS.values()),
        cable.hanging_cable(seed, ends),
        *(building.material(kind, seed) for kind in building.KINDS),
        building.scaffolding(seed, 6.0, 7.0),
        building.roof_room(seed, (3.5, 5.0, 2.7), 0.6, style="brick"),
        building.balcony_room(seed, (1.5, 4.0, 2.6), 0.6),
        *(lookalikes.lookalike(kind, seed) for kind in lookalikes.KINDS),
    ]


@pytest.mark.parametrize("asset", every_asset(3), ids=lambda asset: asset.kind)
def test_an_asset_is_whole_and_stands_on_the_ground(asset: Asset) -> None:
    """Its numbers are finite, its normals of length 1, its colors real, its foot at z = 0."""
    mesh = asset.mesh

    assert 0 < len(mesh.faces) <= MOST_TRIANGLES
    assert mesh.faces.max() < len(mesh.position)
    assert np.isfinite(mesh.position).all()
    assert np.linalg.norm(mesh.normal, axis=1) == pytest.approx(1, abs=1e-3)
    assert (mesh.albedo >= 0).all()
    assert (mesh.albedo <= 0.95).all()
    assert mesh.position[:, 2].min() > -0.12
    assert mesh.position[:, 2].max() < 12


def test_the_same_seed_makes_the_same_and_another_one_another() -> None:
    """Each maker draws from its seed alone."""
    for first, again, other in zip(
        every_asset(3), every_asset.__wrapped__(3), every_asset(4), strict=True
    ):
        assert same(first.mesh, again.mesh), first.kind
        assert not same(first.mesh, other.mesh), first.kind


def test_only_what_is_dumped_hung_or_scaffolded_has_a_label() -> None:
    """Truth names the offence, never its look-alike or the tools of it."""
    labels = {asset.kind: asset.label for asset in every_asset(4)}

    assert {kind for kind, label in labels.items() if label == "waste"} == {
        *("bag", "bags", "carton", "cartons", "leaves")
    }
    assert {kind for kind, label in labels.items() if label == "bulky"} == {
        *("furniture", "rubble", "building-waste")
    }
    assert labels["hanging-cable"] == "cable"
    assert labels["scaffolding"] == "scaffold"
    assert not any(labels[kind] for kind in (*lookalikes.KINDS, *building.KINDS, *cable.KINDS))


@pytest.mark.parametrize("wind_m", [0.0, 0.3, -0.3])
@pytest.mark.parametrize(("ends", "slack"), HANGS)
def test_a_cable_keeps_its_ends_and_its_length(
    ends: tuple[cable.Xyz, cable.Xyz], slack: float, wind_m: float
) -> None:
    """Wind moves a cable, but neither stretches it nor unties it."""
    path = cable.blown(np.array(ends, float), slack, wind_m)

    length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    assert length == pytest.approx(slack * np.linalg.norm(np.subtract(*ends)), rel=0.01)
    assert path[0].tolist() == list(ends[0])
    assert path[-1].tolist() == list(ends[1])


def test_a_slack_line_is_a_hyperbolic_cosine() -> None:
    """Between level ends, height over the lowest point is a cosh(x / a) - a."""
    path = cable.catenary(np.array([(-2.0, 0, 0), (2.0, 0, 0)]), 1.2, np.array([0, 0, -1.0]))
    x, z = path[:, 0], path[:, 2] - path[:, 2].min()
    a = (x[-1] ** 2 / z[-1]) / 2
    for _ in range(60):  # of two curves through the ends, this one hangs by its own weight
        a -= (a * (np.cosh(x[-1] / a) - 1) - z[-1]) / (
            np.cosh(x[-1] / a) - 1 - x[-1] / a * np.sinh(x[-1] / a)
        )

    assert z == pytest.approx(a * (np.cosh(x / a) - 1), abs=2e-3)


@pytest.mark.parametrize("aside_m", [0.2, -0.35])
def test_the_middle_is_blown_as_far_as_told(aside_m: float) -> None:
    """To the left of the way from the first end to the second, as far as slack lets it."""
    ends = np.array([(0.0, 0, 5), (3.0, 0, 1)])

    assert cable.blown(ends, 1.06, aside_m)[18, 1] == pytest.approx(aside_m, abs=1e-3)
    assert abs(cable.blown(ends, 1.06, np.sign(aside_m) * 50)[18, 1]) < 2


def test_a_line_no_longer_than_its_span_is_refused() -> None:
    """A taut string is no catenary."""
    with pytest.raises(ValueError, match="want above 1"):
        cable.hanging_cable(1, ((0, 0, 3), (1, 0, 3)), slack=1.0)


@pytest.mark.parametrize("strength_mps", [0.0, 3.0, 8.0, 30.0])
def test_wind_is_smooth_and_bounded(strength_mps: float) -> None:
    """From picture to picture, at 25 a second, a cable moves 15 cm at most; never without wind."""
    sway = np.array([cable.wind_sway(7, k / 25, strength_mps) for k in range(500)])

    assert abs(sway).max() <= cable.STRONGEST_M
    assert abs(np.diff(sway)).max() < 0.15
    assert (np.ptp(sway) > 0.01) == (strength_mps > 0)


@pytest.mark.parametrize(
    "grow",
    [
        pytest.param(
            lambda s: building.roof_room(5, (3.5, 5, 2.7), s, style="brick"), id="brick room"
        ),
        pytest.param(
            lambda s: building.roof_room(6, (3, 4, 2.6), s, style="frame-sheet"), id="sheet room"
        ),
        pytest.param(lambda s: building.balcony_room(7, (1.5, 4, 2.6), s), id="balcony room"),
    ],
)
def test_what_is_built_never_shrinks(grow: Callable[[float], Asset]) -> None:
    """Neither its height nor the surface of what stands falls from one stage to the next."""
    rooms = [grow(stage).mesh for stage in np.linspace(0, 1, 11).tolist()]
    tops = [float(room.position[:, 2].max(initial=0)) for room in rooms]
    areas = [surface_m2(room) for room in rooms]

    assert all(later >= earlier - 1e-4 for earlier, later in itertools.pairwise(tops))
    assert all(later >= earlier * 0.98 for earlier, later in itertools.pairwise(areas))
    assert tops[0] == 0
    assert tops[-1] == pytest.approx(grow(1.0).anchors["top"][2], abs=0.1)


def same(one: Mesh, other: Mesh) -> bool:
    return one.position.shape == other.position.shape and bool(
        np.allclose(one.position, other.position) and np.allclose(one.albedo, other.albedo)
    )


def surface_m2(mesh: Mesh) -> float:
    a, b, c = (mesh.position[mesh.faces[:, k].astype(int)] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
