"""A ditch where the city frays: water between banks, a path, weeds, a wall, poles."""

from __future__ import annotations

import numpy as np

from models.scenes.mesh import Material, Mesh, box, merged, shift, srgb, tube
from models.scenes.streets.bays import Style
from models.scenes.streets.facade import WALLS, house
from models.scenes.streets.far import skyline
from models.scenes.streets.green import bush, tree, treeline, weeds
from models.scenes.streets.parts import (
    CONCRETE,
    Reals,
    aimed,
    boxes,
    corners,
    dim,
    floor,
    scars,
    sheet,
    stones,
    tinted,
)
from models.scenes.streets.posts import cables, power_pole, street_lamp, wall
from models.scenes.streets.street import Street

NEAR, FAR = 2.2, 6.4
"""North of the path the ditch begins, and ends."""


def ditch(rng: np.random.Generator, *, night: bool) -> Street:
    """The ditch and the path south of it run west to east."""
    lamp, key = street_lamp((3.2, -2.7), 0, 5.5, night=night)
    second, other = street_lamp((-24.0, -2.7), 0, 5.5, night=night)
    parts = [
        _ground(rng),
        _banks(rng),
        _green(rng),
        _built(rng, night=night),
        lamp,
        second,
        skyline(rng, night=night, count=8),
    ]
    return Street(
        "ditch",
        merged(parts),
        {
            "pole": aimed((-7.5, -7.2, 5.0), (-0.6, 3.2, 0.0), 80),
            "bend": aimed((11.4, -2.8, 4.4), (-0.5, 2.6, 0.0), 72),
            "far_bank": aimed((-9.0, 10.0, 5.5), (1.5, -0.4, 0.0), 72),
        },
        {
            "drop_1": (0.6, 1.5, 0),
            "drop_2": (4.6, 1.6, 0),
            "drop_3": (-3.2, 1.4, 0),
            "drop_4": (2.2, -2.5, 180),
            "drop_5": (8.0, 1.3, 0),
            "park_1": (-2.0, -1.6, 90),
            "park_2": (5.2, -1.6, 90),
            "bridge": (10.4, 1.6, 0),
        },
        {
            "path_1": ((-50, 0.6), (50, 0.6)),
            "path_2": ((-50, 8.2), (50, 8.2)),
            "lane_1": ((-50, -0.9), (50, -0.9)),
            "bridge": ((50, -1.2), (14, -1.0), (10.4, 0.5), (10.4, 7.8), (-50, 8.4)),
        },
        zones={
            "bank": corners((-12, 1.0, 14, NEAR + 0.6)),
            "water": corners((-40, NEAR + 0.8, 40, FAR - 0.6)),
            "verge": corners((-12, -4.0, 14, -2.1)),
        },
        lamps=(key, other),
    )


def _ground(rng: np.random.Generator) -> Mesh:
    soil, path = tinted(rng, "#6e604c"), tinted(rng, "#85807a")
    y = np.array([-2.1, -2.0, -1.6, -1.2, -0.6, -0.1, 0.4, 0.9, 1.1])
    x = np.linspace(-150, 150, 61)
    rut = 1 - 0.16 * np.exp(-(((y + 1.4) / 0.25) ** 2)) - 0.16 * np.exp(-(((y - 0.1) / 0.25) ** 2))
    rut[[0, -1]] = 0.62
    tones = rut[:, None] * (1 + 0.05 * rng.standard_normal((len(y), len(x))))
    edge = np.zeros((len(y), len(x)))
    edge[0] = edge[-1] = -0.02
    paving = sheet(x, y, edge, np.array(path) * tones[..., None], Material.CONCRETE)
    return merged(
        [
            floor((-150, -120, 150, -9), -0.07, tinted(rng, "#676b45"), Material.GRASS),
            floor((-150, 9.6, 150, 120), -0.07, tinted(rng, "#64673f"), Material.GRASS),
            floor((-150, -9, 150, -2.05), -0.012, tinted(rng, "#5f6340"), Material.GRASS),
            floor((-150, 1.0, 150, NEAR), -0.012, soil, Material.SOIL),
            floor((-150, FAR, 150, 9.6), -0.012, tinted(rng, "#5f6742"), Material.GRASS, "n"),
            floor((-150, 7.7, 150, 8.8), 0.005, dim(soil, 0.95), Material.SOIL),
            paving,
            scars(rng, (-14, -1.9, 14, 0.9), 3, dim(path, 0.7)),
            stones(rng, (-16, 1.0, 16, NEAR), 160, srgb("#766b5c")),
            stones(rng, (-16, -2.9, 16, -1.9), 90, srgb("#6f6658")),
        ]
    )


def _banks(rng: np.random.Generator) -> Mesh:
    """Two banks, one of them lined with slabs, and the water between, low and still."""
    x = np.linspace(-150, 150, 91)
    wander = 0.18 * np.sin(0.31 * x + rng.uniform(0, 6)) + rng.normal(0, 0.06, len(x))
    lined = tinted(rng, "#7b776d")
    near = _bank(
        x,
        np.array([NEAR - 0.25, NEAR + 0.2, NEAR + 0.7, NEAR + 1.1]),
        wander,
        tinted(rng, "#5c5140"),
    )
    far = _bank(
        x,
        np.array([FAR + 0.25, FAR - 0.12, FAR - 0.5, FAR - 0.9]),
        0.1 * wander,
        lined,
        Material.CONCRETE,
    )
    water = floor(
        (-150, NEAR, 150, FAR),
        -0.95,
        tinted(rng, str(rng.choice(["#2c332a", "#31362e", "#2b3230"]))),
        Material.WATER,
    )
    mouths = [
        tube([(u, FAR - 0.56, -0.55), (u, FAR - 0.57, -0.55)], 0.2, (0.01, 0.01, 0.01), sides=12)
        for u in (-4.5, 6.0)
    ]
    outlets = [
        tube(
            [(u, FAR + 0.4, -0.5), (u, FAR - 0.55, -0.55)],
            0.26,
            CONCRETE,
            Material.CONCRETE,
            sides=12,
        )
        for u in (-4.5, 6.0)
    ]
    reeds = [
        weeds(rng, (-16, FAR - 0.9, 16, FAR - 0.6), 90, 0.7, z=-0.95),
        weeds(rng, (-16, NEAR + 0.6, 16, NEAR + 0.9), 110, 0.6, z=-0.85),
    ]
    return merged([near, far, water, *outlets, *mouths, *reeds])


def _bank(
    x: Reals,
    y: Reals,
    wander: Reals,
    albedo: tuple[float, float, float],
    material: Material = Material.SOIL,
) -> Mesh:
    """A slope from the ground down under the water along a wandering edge."""
    depth = np.array([-0.03, -0.22, -0.8, -1.2])
    order = np.argsort(y)
    rows = sheet(
        x,
        y[order],
        np.repeat(depth[order][:, None], len(x), 1),
        np.array(albedo)
        * np.array([1, 0.92, 0.7, 0.45])[order][:, None, None]
        * np.ones((1, len(x), 1)),
        material,
    )
    rows.position[:, 1] += np.tile(wander, len(y)) * (rows.position[:, 2] < -0.1)
    return rows


def _green(rng: np.random.Generator) -> Mesh:
    parts = [
        weeds(rng, (-16, 1.3, 18, NEAR + 0.2), 220, 0.38),
        weeds(rng, (-16, FAR, 18, 7.6), 230, 0.4),
        weeds(rng, (-16, 8.9, 18, 9.5), 130, 0.5),
        weeds(rng, (-18, -5.2, 18, -2.3), 250, 0.34),
        treeline(rng, (-60, 30), (60, 34), 6.0),
        treeline(rng, (-60, -34), (60, -30), 6.0),
    ]
    parts += [
        bush(rng, (x, y), rng.uniform(0.6, 1.3))
        for x, y in rng.uniform((-15, 6.6), (16, 7.4), (5, 2))
    ]
    parts += [bush(rng, (x, -4.6), rng.uniform(0.6, 1.2)) for x in rng.uniform(4, 16, 3)]
    for x, y in ((-12.5, 7.2), (13.5, -3.6), (6.5, 7.3)):
        parts.append(tree(rng, (x + rng.uniform(-1, 1), y), rng.uniform(5.0, 7.5)))
    return merged(parts)


def _built(rng: np.random.Generator, *, night: bool) -> Mesh:
    """The wall beyond the ditch in three stretches, houses behind it, a slab bridge, poles."""
    looks = [
        ("#8d6a58", Material.BRICK),
        ("#a39a8a", Material.PLASTER),
        ("#85827b", Material.CONCRETE),
    ]
    ends, parts = [-60.0, -6.0, 5.5, 60.0], []
    for (code, material), west, east in zip(
        [looks[k] for k in rng.permutation(3)], ends[:-1], ends[1:], strict=True
    ):
        parts.append(
            wall((west, 9.7), (east, 9.7), rng.uniform(1.8, 2.6), (tinted(rng, code), material))
        )
    for x, y, floors in ((-16.0, 14.0, 3), (7.0, 16.0, 2)):
        style = Style(
            tinted(rng, str(rng.choice(WALLS))),
            Material.BRICK if floors == 2 else Material.TILE,
            floors,
            4,
            frozenset({2}),
        )
        mesh, _ = house(style, rng, night=night)
        parts.append(mesh.moved(shift(x + rng.uniform(-2, 2), y)))
    slab = boxes([(9.6, NEAR - 0.6, -0.14, 11.2, FAR + 0.6, 0.02)], CONCRETE, Material.CONCRETE)
    rails = boxes(
        [
            (x - 0.03, y - 0.03, 0, x + 0.03, y + 0.03, 0.8)
            for x in (9.65, 11.15)
            for y in np.linspace(NEAR - 0.5, FAR + 0.5, 5)
        ]
        + [(x - 0.025, NEAR - 0.5, 0.76, x + 0.025, FAR + 0.5, 0.81) for x in (9.65, 11.15)],
        tinted(rng, "#6d7577"),
        Material.METAL,
    )
    pipe = tube(
        [
            (-6.0, NEAR - 0.8, -0.2),
            (-6.0, NEAR - 0.3, 0.25),
            (-6.0, FAR + 0.3, 0.25),
            (-6.0, FAR + 0.8, -0.2),
        ],
        0.11,
        tinted(rng, "#7e8484"),
        Material.METAL,
    )
    poles = [(-22.0, -3.4), (8.6, -3.4), (38.0, -3.4)]
    parts += [power_pole(rng, xy, 7.5) for xy in poles]
    parts.append(cables(rng, [(-50.0, -3.4, 7.0), *((x, y, 7.0) for x, y in poles)], 4))
    ring = box((0.9, 0.9, 0.35), dim(CONCRETE, 0.85), Material.CONCRETE).moved(shift(-5.2, -3.4))
    return merged([*parts, slab, rails, pipe, ring])
