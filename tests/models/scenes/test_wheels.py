"""What rolls: its size, its places, its budget, its seed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from models.scenes.assets.asset import Asset
from models.scenes.assets.cycles import CYCLES, cycle
from models.scenes.assets.vehicles import VEHICLES, vehicle
from models.scenes.mesh import Mesh

SIZES = {  # least and most length, width, height in metres, mirrors and racks included
    "bicycle": ((1.5, 0.5, 0.9), (1.9, 0.75, 1.2)),
    "e-bike": ((1.5, 0.6, 1.0), (2.0, 0.9, 1.5)),
    "delivery-e-bike": ((1.5, 0.6, 1.1), (2.0, 0.9, 1.5)),
    "motorcycle": ((1.8, 0.6, 1.0), (2.3, 0.95, 1.5)),
    "tricycle": ((2.5, 0.9, 1.1), (3.3, 1.3, 1.95)),
    "car": ((3.8, 1.7, 1.35), (5.0, 2.2, 1.85)),
    "van": ((4.0, 1.6, 1.7), (5.5, 2.4, 2.5)),
    "truck": ((5.0, 1.7, 1.9), (7.0, 2.7, 3.1)),
    "collection-truck": ((6.0, 2.0, 2.3), (7.5, 2.8, 3.1)),
}
LABELS = {
    "delivery-e-bike": "e-bike",
    "van": "truck",
    "collection-truck": "truck",
}
KINDS = [pytest.param(kind, id=f"a {kind}") for kind in SIZES]
SEEDS = range(3)


@cache
def made(kind: str, seed: int) -> Asset:
    return cycle(kind, seed) if kind in CYCLES else vehicle(kind, seed)


def same(one: Mesh, other: Mesh) -> bool:
    return bool(
        one.position.shape == other.position.shape
        and np.array_equal(one.position, other.position)
        and np.array_equal(one.albedo, other.albedo)
    )


def test_every_kind_is_measured() -> None:
    """No kind escapes the tests below."""
    assert set(SIZES) == {*CYCLES, *VEHICLES}


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_the_size_of_a_real_one(kind: str) -> None:
    """Stands on the ground, lies along x, and is as large as in a street."""
    least, most = SIZES[kind]
    for seed in SEEDS:
        low, high = (getattr(made(kind, seed).mesh.position, end)(axis=0) for end in ("min", "max"))
        assert abs(low[2]) < 0.02
        assert abs(low[1] + high[1]) < 0.15
        assert (high - low >= least).all(), (seed, high - low)
        assert (high - low <= most).all(), (seed, high - low)


@pytest.mark.parametrize("kind", KINDS)
def test_its_mesh_is_sound(kind: str) -> None:
    """Every number is finite, every normal has length 1, and the triangles keep to the budget."""
    for seed in SEEDS:
        mesh = made(kind, seed).mesh
        assert len(mesh.faces) <= (5000 if kind in CYCLES else 6000)
        assert mesh.faces.max() < len(mesh.position)
        assert np.isfinite(mesh.position).all()
        assert np.allclose(np.linalg.norm(mesh.normal, axis=1), 1, atol=1e-3)
        assert ((mesh.albedo >= 0) & (mesh.albedo <= 1)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_makes_one_thing(kind: str) -> None:
    """The same seed draws the same thing, other seeds others."""
    assert same(made(kind, 3).mesh, made.__wrapped__(kind, 3).mesh)
    assert not same(made(kind, 3).mesh, made(kind, 1).mesh)


@pytest.mark.parametrize("kind", KINDS)
def test_its_places_lie_where_it_is(kind: str) -> None:
    """The truth's class fits, and every named place is on the thing or a step beside it."""
    asset = made(kind, 1)
    assert asset.label == LABELS.get(kind, kind)
    low, high = asset.mesh.position.min(axis=0), asset.mesh.position.max(axis=0)
    wanted = {"saddle", "bar", "headlight"} if kind in CYCLES else {"headlight_left", "tail"}
    assert wanted <= set(asset.anchors)
    for place in asset.anchors.values():
        assert (np.array(place) >= low - 0.75).all()
        assert (np.array(place) <= high + 0.75).all()
    front = next(place for name, place in asset.anchors.items() if name.startswith("headlight"))
    assert front[0] > 0.2 * (high[0] - low[0]), "it looks along +x"


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, id=f"e-bike of seed {seed}") for seed in SEEDS]
)
def test_a_battery_taken_out_is_seen(seed: int) -> None:
    """An e-bike with its battery out looks otherwise, and is the same bike elsewhere."""
    shut, open_ = cycle("e-bike", seed).mesh, cycle("e-bike", seed, battery_out=True).mesh
    assert not same(shut, open_)
    assert abs(shut.position[:, 0].max() - open_.position[:, 0].max()) < 1e-5


@pytest.mark.parametrize(
    "make", [pytest.param(cycle, id="a cycle"), pytest.param(vehicle, id="a vehicle")]
)
def test_an_unknown_kind_is_named(make: object) -> None:
    """A word that is no kind is refused in a sentence that lists the kinds."""
    assert callable(make)
    with pytest.raises(ValueError, match="kind 'sledge': want one of"):
        make("sledge", 0)
