"""A junction of two streets with shops on its corners, zebra crossings and signals."""

from __future__ import annotations

import numpy as np

from models.scenes.mesh import Material, Mesh, box, merged, shift, srgb, tube, turn
from models.scenes.streets.bays import Style
from models.scenes.streets.facade import WALLS, house, placed
from models.scenes.streets.far import block, skyline
from models.scenes.streets.green import tree, weeds
from models.scenes.streets.parts import (
    STEEL,
    aimed,
    boxes,
    corners,
    dim,
    floor,
    kerb,
    marks,
    road,
    scars,
    stones,
    tinted,
    zebra,
)
from models.scenes.streets.posts import bollards, cables, fence, power_pole, sign_post, street_lamp
from models.scenes.streets.street import Street

SHOPS_Y = 10.0


def junction(rng: np.random.Generator, *, night: bool) -> Street:
    """The main street runs west to east, 10 m wide, the other south to north, 7 m wide."""
    lamp, key = street_lamp((5.4, 6.2), 200, 6.0, night=night)
    second, other = street_lamp((-13.0, 6.2), 180, 6.5, night=night)
    third, beyond = street_lamp((22.0, 6.2), 180, 6.5, night=night, white=True)
    shops, openings = _shops(rng, night=night)
    parts = [
        _ground(rng),
        shops,
        _signals(rng),
        _furniture(rng),
        lamp,
        second,
        third,
        _far(rng, night=night),
    ]
    return Street(
        "junction",
        merged(parts),
        {
            "corner": aimed((-8.6, -8.6, 6.2), (4.4, 5.2, 0.4), 73),
            "shops": aimed((9.5, -9.2, 5.0), (-1.0, 7.0, 0.8), 84),
            "pole": aimed((11.5, 6.0, 5.4), (-2.0, -0.5, 0.2), 76),
        },
        {
            "drop_1": (6.6, 8.4, 0),
            "drop_2": (11.0, 6.6, 0),
            "drop_3": (-5.2, 7.4, 0),
            "park_1": (10.8, 4.1, 90),
            "park_2": (16.4, 4.1, 90),
            "park_3": (14.0, 8.6, 0),
            "collection": (7.4, 6.9, 0),
            "wait_1": (-4.6, 5.9, 180),
            "wait_2": (4.5, -6.0, 0),
        },
        {
            "pavement_1": ((-95, 7.6), (95, 7.6)),
            "pavement_2": ((-95, -6.6), (-3.0, -6.8), (95, -6.6)),
            "zebra_1": ((95, 8.4), (8.4, 8.2), (6.5, 6.4), (6.2, -6.0), (5.0, -95)),
            "lane_1": ((95, 2.2), (-95, 2.2)),
            "lane_2": ((-95, -2.2), (95, -2.2)),
            "lane_3": ((1.7, -95), (1.7, 0), (1.7, 95)),
            "turn": ((-95, -2.2), (-3, -2.2), (0.5, -1.2), (1.7, 2), (1.7, 95)),
        },
        openings,
        {"collection": corners((6.6, 6.2, 8.4, 7.4)), "corner": corners((4.5, 5.5, 12, 9.6))},
        (key, other, beyond),
    )


def _ground(rng: np.random.Generator) -> Mesh:
    tile = tinted(rng, str(rng.choice(["#8a7367", "#7f7d76", "#87806f"])))
    dashes = [(x, -0.06, x + 2, 0.06) for x in [*np.arange(-95, -12, 5.0), *np.arange(12, 95, 5.0)]]
    stops = [
        (-9.8, -4.8, -9.5, -0.2),
        (9.5, 0.2, 9.8, 4.8),
        (-3.3, 9.0, -0.2, 9.3),
        (0.2, -9.3, 3.3, -9.0),
    ]
    kerbs = [((a, y), (b, y)) for y in (5.0, -5.0) for a, b in ((-70, -4.6), (4.6, 70))]
    kerbs += [((x, a), (x, b)) for x in (3.5, -3.5) for a, b in ((-70, -6.1), (6.1, 70))]
    islands = [
        (-70, 5, -3.5, SHOPS_Y, "n"),
        (3.5, 5, 70, SHOPS_Y, "n"),
        (-70, -12, -3.5, -5, ""),
        (3.5, -12, 70, -5, ""),
    ]
    bays = [(x, 3.1, x + 0.09, 4.9) for x in (8.0, 13.6, 19.2, 24.8)]
    return merged(
        [
            floor((-90, -90, 90, 90), -0.06, tinted(rng, "#7b776e"), Material.CONCRETE),
            road(rng, (-80, -5, 80, 5)),
            road(rng, (-3.5, -80, 3.5, -5), along="y"),
            road(rng, (-3.5, 5, 3.5, 80), along="y"),
            *(
                floor(
                    (w, s, e, n),
                    0.02,
                    tinted(rng, "#8a7d70", 0.06) if k < 0 else tile,
                    Material.TILE,
                    walls,
                )
                for k, (w, s, e, n, walls) in enumerate(islands)
            ),
            *(kerb(a, b) for a, b in kerbs),
            zebra((4.4, -4.8, 7.2, 4.8), along="x"),
            zebra((-7.2, -4.8, -4.4, 4.8), along="x"),
            zebra((-3.3, 5.6, 3.3, 8.2), along="y"),
            zebra((-3.3, -8.2, 3.3, -5.6), along="y"),
            marks([*dashes, *stops, *bays, (8.0, 3.05, 24.9, 3.13)]),
            scars(rng, (-14, -4.6, 16, 4.4), 7),
            stones(rng, (-16, 4.5, 20, 5.0), 90, srgb("#5f5a52")),
            stones(rng, (4, 5.5, 16, 9.6), 60, srgb("#6f685c")),
        ]
    )


def _shops(
    rng: np.random.Generator, *, night: bool
) -> tuple[Mesh, dict[str, tuple[float, float, float]]]:
    """Houses with shops on the north-east and north-west corners, others to the south."""
    parts, openings = [], {}
    east = Style(
        tinted(rng, str(rng.choice(WALLS[:4]))),
        Material.TILE,
        int(rng.integers(3, 6)),
        7,
        frozenset({2, 5}),
        shops=True,
        storey_m=3.4,
        bay_m=3.6,
        deep_m=10,
    )
    west = Style(
        tinted(rng, str(rng.choice(WALLS[4:]))),
        Material.PLASTER,
        int(rng.integers(2, 5)),
        6,
        frozenset({3}),
        shops=True,
        storey_m=3.3,
        bay_m=3.4,
        deep_m=9,
    )
    for style, place, own in (
        (east, shift(5.6, SHOPS_Y), True),
        (west, shift(-5.4 - west.width_m, SHOPS_Y + 0.6), False),
        (
            Style(tinted(rng, "#948c80"), Material.PLASTER, 4, 5, frozenset({2}), shops=True),
            shift(22, -13) @ turn(180),
            False,
        ),
        (
            Style(tinted(rng, "#a49a8c"), Material.TILE, 5, 6, frozenset({2, 4})),
            shift(16, 44) @ turn(-90),
            False,
        ),
    ):
        mesh, named = house(style, rng, night=night)
        parts.append(mesh.moved(place))
        if own:
            openings = placed(named, place)
    return merged(parts), openings


def _far(rng: np.random.Generator, *, night: bool) -> Mesh:
    """The streets go on between more houses."""
    areas = (
        (-52, 13, -30, 26),
        (36, 11, 60, 24),
        (-24, 34, -6, 46),
        (-46, -40, -20, -14),
        (34, -36, 58, -14),
    )
    nearer = [block(rng, area, int(rng.integers(4, 8)), night=night) for area in areas]
    return merged([skyline(rng, night=night, count=9), *nearer])


def _signals(rng: np.random.Generator) -> Mesh:
    """Signals on poles with arms at two corners, and the grey cabinet that drives them."""
    parts = []
    for x, y, facing in ((4.4, 6.4, 180.0), (-4.4, 6.4, 0.0)):
        pole = tube([(0, 0, 0), (0, 0, 5.4)], [0.11, 0.08], STEEL, Material.PAINT)
        arm = tube([(0, 0, 5.2), (3.6, 0, 5.5)], [0.06, 0.04], STEEL, Material.PAINT, sides=6)
        heads = [_head().moved(shift(3.1, 0, 5.0)), _head().moved(shift(0, -0.2, 2.5))]
        parts.append(merged([pole, arm, *heads]).moved(shift(x, y) @ turn(facing)))
    cabinet = box((0.7, 0.4, 1.25), tinted(rng, "#8d9290"), Material.PAINT)
    return merged(
        [
            *parts,
            cabinet.moved(shift(16.4, 6.3)),
            box((0.5, 0.35, 1.0), tinted(rng, "#6c7a70"), Material.PAINT).moved(shift(-9.4, 9.9)),
        ]
    )


def _head() -> Mesh:
    case = boxes([(-0.16, -0.1, 0, 0.16, 0.1, 0.95)], srgb("#2b2c2b"), Material.PAINT)
    lenses = boxes(
        [(-0.09, -0.13, z, 0.09, -0.1, z + 0.18) for z in (0.08, 0.38, 0.68)],
        [srgb("#20563f"), srgb("#6d5a25"), srgb("#6d2a25")],
        Material.GLASS,
    )
    hoods = boxes(
        [(-0.11, -0.24, z + 0.19, 0.11, -0.1, z + 0.21) for z in (0.08, 0.38, 0.68)],
        srgb("#262726"),
        Material.PAINT,
    )
    return merged([case, lenses, hoods])


def _furniture(rng: np.random.Generator) -> Mesh:
    """Trees in pits, poles and their cables, bollards, railings in the middle of the street."""
    parts = [bollards([(x, 5.4) for x in (3.9, 4.5, 5.1, -3.9, -4.6)], srgb("#6f6d66"))]
    for x in (-9.6, -16.5, 17.6, 25.0):
        parts += [
            tree(rng, (x, 6.3), rng.uniform(5.0, 6.5)),
            boxes([(x - 0.55, 5.75, 0, x + 0.55, 6.85, 0.05)], srgb("#594c3f"), Material.SOIL),
        ]
    poles = [(-34.0, 9.4), (-4.7, 9.3), (12.8, 9.4), (36.0, 9.4)]
    parts += [power_pole(rng, xy) for xy in poles[:-1]]
    parts.append(cables(rng, [(x, y, 7.8) for x, y in poles], 6))
    parts += [fence((13.0, 0.0), (40.0, 0.0), 0.95, tinted(rng, "#a3a6a4"))]
    parts += [
        sign_post(rng, (-10.4, 5.4), 270),
        sign_post(rng, (4.2, 12.5), 180),
        sign_post(rng, (12.0, -5.5), 90),
    ]
    bench = boxes(
        [
            (13.8, 9.1, 0.38, 15.4, 9.5, 0.44),
            (13.9, 9.15, 0, 14.0, 9.45, 0.38),
            (15.2, 9.15, 0, 15.3, 9.45, 0.38),
        ],
        tinted(rng, "#77604a"),
        Material.WOOD,
    )
    steps = boxes(
        [(5.8, SHOPS_Y - 0.45, 0, 30.0, SHOPS_Y, 0.09)],
        dim(tinted(rng, "#8a877f"), 0.9),
        Material.CONCRETE,
    )
    return merged([*parts, bench, steps, weeds(rng, (-24, 9.9, -6, 10.5), 70, 0.2)])
