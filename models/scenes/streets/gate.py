"""The gate of a housing compound: barrier, booth, wall, collection point, the road in front."""

from __future__ import annotations

import numpy as np

from models.scenes.light import Lamp
from models.scenes.mesh import Material, Mesh, merged, shift, srgb, tube, turn
from models.scenes.streets.bays import Style
from models.scenes.streets.facade import WALLS, house
from models.scenes.streets.far import block, skyline
from models.scenes.streets.green import bush, hedge, tree, treeline, weeds
from models.scenes.streets.parts import (
    CONCRETE,
    STEEL,
    aimed,
    boxes,
    corners,
    dim,
    floor,
    kerb,
    marks,
    quads,
    road,
    scars,
    stones,
    tinted,
    zebra,
)
from models.scenes.streets.posts import (
    bollards,
    cables,
    fence,
    power_pole,
    sign_post,
    street_lamp,
    wall,
)
from models.scenes.streets.street import Street

WALL_Y = 4.4
COLLECTION = (-11.6, 2.5, -6.4, 4.1)


def gate(rng: np.random.Generator, *, night: bool) -> Street:
    """The road runs west to east; the compound lies north of it."""
    half = float(rng.uniform(3.2, 3.9))
    lamp, key = street_lamp((-4.6, 0.6), 330, 5.6, night=night)
    second, other = street_lamp((15.5, 0.6), 180, 6.5, night=night)
    booth, glow = _booth(rng, (half + 1.6, WALL_Y + 1.4), night=night)
    parts = [
        _ground(rng, half),
        _front(rng, half),
        booth,
        _barrier(rng, half),
        collection_point(rng),
        _inside(rng, half, night=night),
        _verge(rng),
        lamp,
        second,
        skyline(rng, night=night),
        block(rng, (-9, 38, 10, 50), 7, night=night),
        treeline(rng, (-12, 33), (14, 34), 5.0),
        treeline(rng, (-34, -20), (34, -21), 6.0),
        wall((-60, -16.6), (60, -16.6), 2.2, (tinted(rng, "#8f8b82"), Material.BRICK)),
    ]
    return Street(
        "gate",
        merged(parts),
        {
            "across": aimed((4.5, -14.6, 5.9), (-1.2, 2.4, 0.4), 76),
            "pole": aimed((-14.5, -8.6, 5.0), (-1.0, 3.0, 0.6), 76),
            "gatehouse": aimed((half - 1.4, WALL_Y - 0.1, 3.2), (-4.5, 0.6, 0.0), 84),
        },
        {
            "collection": (-9.0, 2.0, 0),
            "drop_1": (-4.9, 3.2, 0),
            "drop_2": (-7.0, 0.9, 180),
            "drop_3": (half + 3.6, 3.1, 0),
            "drop_4": (6.2, 0.9, 180),
            "park_1": (-9.4, -1.3, 270),
            "park_2": (-3.6, -1.3, 270),
            "park_3": (5.4, -1.3, 270),
            "park_4": (half + 1.4, 2.4, 90),
            "barrier": (0.0, 3.2, 0),
        },
        {
            "pavement_1": ((-55, 1.7), (55, 1.7)),
            "pavement_2": ((-55, -7.8), (55, -7.8)),
            "lane_1": ((55, -1.9), (-55, -1.9)),
            "lane_2": ((-55, -5.2), (55, -5.2)),
            "drive": ((55, -1.9), (6, -1.9), (1.2, 1.5), (1.2, 9.5), (-8, 11), (-60, 11.5)),
        },
        zones={"collection": corners(COLLECTION), "gate": corners((-half, 0, half, WALL_Y))},
        lamps=(key, other, glow),
    )


def collection_point(rng: np.random.Generator) -> Mesh:
    """Four bins of the sorting scheme on a slab, with a board behind them and a roof."""
    west, south, east, north = COLLECTION
    base = floor((west, south, east, north), 0.05, tinted(rng, "#8d8e8a"), Material.TILE, "n")
    green = tinted(rng, str(rng.choice(["#5c7565", "#67757d", "#757a76"])))
    frame = [
        (x - 0.04, north - 0.2, 0, x + 0.04, north - 0.12, 2.5)
        for x in np.linspace(west + 0.1, east - 0.1, 4)
    ]
    board = boxes(
        [(west + 0.1, north - 0.16, 0.9, east - 0.1, north - 0.11, 2.1)], green, Material.PAINT
    )
    panels = boxes(
        [
            (x, north - 0.18, 1.1, x + 0.9, north - 0.16, 1.9)
            for x in west + 0.4 + 1.25 * np.arange(4)
        ],
        [srgb(code) for code in ("#7d8f9c", "#8a9a80", "#a3a19a", "#a0827a")],
        Material.PAINT,
    )
    roof = quads(
        [
            [
                (west - 0.1, north - 1.3, 2.4),
                (east + 0.1, north - 1.3, 2.4),
                (east + 0.1, north, 2.62),
                (west - 0.1, north, 2.62),
            ]
        ],
        dim(green, 0.9),
        Material.CORRUGATED,
    )
    codes = ("#3f5a73", "#4a6548", "#5b5d5e", "#7b4640")
    bins = [
        wheeled_bin(rng, code).moved(
            shift(west + 0.95 + 1.1 * k + rng.uniform(-0.12, 0.12), 3.55)
            @ turn(-90 + rng.uniform(-9, 9))
        )
        for k, code in enumerate(codes)
    ]
    return merged([base, boxes(frame, STEEL, Material.METAL), board, panels, roof, *bins])


def wheeled_bin(rng: np.random.Generator, code: str) -> Mesh:
    """A 240-litre bin that looks along +x."""
    color = tinted(rng, code, 0.2)
    low, high = np.array([(-0.2, -0.22), (0.2, -0.22), (0.2, 0.22), (-0.2, 0.22)]), 1.35
    rims = np.stack(
        [np.column_stack([low, np.full(4, 0.08)]), np.column_stack([low * high, np.full(4, 0.98)])]
    )
    nxt = np.roll(np.arange(4), -1)
    sides = np.stack([rims[0], rims[0][nxt], rims[1][nxt], rims[1]], 1)
    lid = boxes(
        [(-0.33, -0.32, 0.98, 0.31, 0.32, 1.05), (-0.36, -0.28, 0.9, -0.28, 0.28, 0.97)],
        dim(color, 0.85),
        Material.PAINT,
    )
    wheels = tube(
        [(-0.2, -0.25, 0.1), (-0.2, 0.25, 0.1)], 0.1, srgb("#202020"), Material.RUBBER, sides=8
    )
    return merged([quads(sides, color, Material.PAINT), lid, wheels])


def _ground(rng: np.random.Generator, half: float) -> Mesh:
    tile = tinted(rng, str(rng.choice(["#8b7468", "#7d7b75", "#8a8273"])))
    grey = tinted(rng, "#827e77")
    dashes = [(x, -3.58, x + 2.0, -3.46) for x in np.arange(-60, 60, 5.0)]
    edge = [(-60, -6.75, 60, -6.65), (-60, -0.55, -half - 1, -0.45), (half + 1, -0.55, 60, -0.45)]
    return merged(
        [
            floor((-90, -60, 90, 90), -0.06, tinted(rng, "#66654f"), Material.GRASS),
            road(rng, (-70, -7, 70, 0)),
            marks([*dashes, *edge]),
            scars(rng, (-16, -6.5, 16, -0.6), 4),
            floor((-70, 0.0, -half - 1, WALL_Y), 0.02, tile, Material.TILE, "n"),
            floor((half + 1, 0.0, 70, WALL_Y), 0.02, tile, Material.TILE, "n"),
            floor((-70, -10.4, 70, -7), 0.02, dim(tile, 0.9), Material.TILE),
            floor((-half - 1, -0.02, half + 1, 30), 0.015, grey, Material.CONCRETE),
            marks([(-half, 0.6, half, 0.72), (-half, 1.0, half, 1.06)], srgb("#9c8a4b"), 0.023),
            kerb((-70, 0), (-half - 1, 0)),
            kerb((half + 1, 0), (70, 0)),
            kerb((-70, -7), (70, -7)),
            zebra((8.6, -7, 11.6, 0), along="x"),
            stones(rng, (-15, -0.35, 15, 0.0), 90, srgb("#6b655b")),
            stones(rng, (-15, 0.1, 15, 4.2), 70, srgb("#6b6255")),
        ]
    )


def _front(rng: np.random.Generator, half: float) -> Mesh:
    """Gate posts, a wall on one side, railings over a plinth on the other."""
    stone, plaster = (
        tinted(rng, str(rng.choice(["#8f8577", "#86817a", "#8d6c5c"]))),
        tinted(rng, "#a79d8b"),
    )
    posts = [
        (x - 0.45, WALL_Y - 0.45, 0, x + 0.45, WALL_Y + 0.45, 3.3)
        for x in (-half - 0.45, half + 0.45)
    ]
    caps = [
        (x - 0.55, WALL_Y - 0.55, 3.3, x + 0.55, WALL_Y + 0.55, 3.45)
        for x in (-half - 0.45, half + 0.45)
    ]
    beam = (
        [(-half - 1.2, WALL_Y - 0.3, 3.45, half + 1.2, WALL_Y + 0.3, 4.15)]
        if rng.random() < 0.5
        else caps
    )
    return merged(
        [
            boxes(posts, stone, Material.TILE),
            boxes(caps, CONCRETE, Material.CONCRETE),
            boxes(beam, tinted(rng, "#77726a"), Material.PLASTER),
            wall(
                (-60, WALL_Y),
                (-half - 0.9, WALL_Y),
                rng.uniform(2.1, 2.5),
                (plaster, Material.PLASTER),
            ),
            boxes(
                [(half + 3.2, WALL_Y - 0.15, 0, 60, WALL_Y + 0.15, 0.6)],
                dim(stone, 0.9),
                Material.BRICK,
            ),
            fence((half + 3.2, WALL_Y), (28, WALL_Y), 2.1, tinted(rng, "#4b4f4e")),
            hedge(rng, (half + 3.4, WALL_Y + 0.5, 21, WALL_Y + 1.1), 1.5),
            bollards([(x, 0.35) for x in (-half - 0.6, half + 0.6)], srgb("#7a6c3a")),
        ]
    )


def _booth(rng: np.random.Generator, xy: tuple[float, float], *, night: bool) -> tuple[Mesh, Lamp]:
    """The guard's booth: plinth, glass on all sides, a flat roof; his lamp is on at night."""
    color = tinted(rng, str(rng.choice(["#9fa3a1", "#77838c", "#a39a87"])))
    glass = [
        [(-1, -1, 1.0), (1, -1, 1.0), (1, -1, 2.2), (-1, -1, 2.2)],
        [(-1, 1, 1.0), (-1, -1, 1.0), (-1, -1, 2.2), (-1, 1, 2.2)],
        [(1, -1, 1.0), (1, 1, 1.0), (1, 1, 2.2), (1, -1, 2.2)],
        [(1, 1, 1.0), (-1, 1, 1.0), (-1, 1, 2.2), (1, 1, 2.2)],
    ]
    frame = [
        (x - 0.04, y - 0.04, 0, x + 0.04, y + 0.04, 2.3)
        for x in (-1.0, 0, 1.0)
        for y in (-1.0, 1.0)
    ]
    pane = quads(
        glass,
        (0.3, 0.3, 0.27) if night else (0.03, 0.035, 0.04),
        Material.GLOWING if night else Material.GLASS,
    )
    mesh = merged(
        [
            boxes([(-1, -1, 0, 1, 1, 1.0)], color, Material.PAINT),
            pane,
            boxes(frame, dim(color, 0.6), Material.PAINT),
            boxes([(-1.3, -1.3, 2.3, 1.3, 1.3, 2.5)], dim(color, 0.8), Material.PAINT),
            boxes([(-1.2, -1.2, 0, 1.2, 1.2, 0.12)], CONCRETE, Material.CONCRETE),
        ]
    )
    return mesh.moved(shift(*xy)), Lamp(
        (xy[0] - 1.5, xy[1] - 1.4, 2.25), (-0.3, -0.4, -1), (7.0, 6.8, 6.0), 80
    )


def _barrier(rng: np.random.Generator, half: float) -> Mesh:
    """Two housings and their arms in red and white; that of the way in stands up."""
    parts = []
    for side in (-1, 1):
        x = side * (half - 0.45)
        raised = 82.0 if rng.random() < 0.35 or side > 0 else 0.0
        bars = [
            (0.1 + 0.45 * k, -0.03, -0.05, 0.55 + 0.45 * k, 0.03, 0.05)
            for k in range(int(half / 0.5))
        ]
        colors = [srgb("#9b4640") if k % 2 else srgb("#b7b6b0") for k in range(len(bars))]
        arm = boxes(bars, colors, Material.PAINT).moved(turn(-raised, "y"))
        case = boxes([(-0.18, -0.16, 0, 0.18, 0.16, 1.05)], tinted(rng, "#a8874a"), Material.PAINT)
        parts.append(
            merged([case, arm.moved(shift(0, -0.2, 0.92))]).moved(
                shift(x, WALL_Y - 0.9) @ turn(180.0 if side > 0 else 0.0)
            )
        )
    return merged(parts)


def _inside(rng: np.random.Generator, half: float, *, night: bool) -> Mesh:
    """Two houses of the compound behind the wall, and its lawns."""
    parts = []
    for x, y, codes in ((-26.0, 16.0, 0), (half + 2.5, 19.0, 4)):
        style = Style(
            tinted(rng, WALLS[(codes + int(rng.integers(4))) % 8]),
            Material.PLASTER,
            6,
            6,
            frozenset({2, 5}),
            3,
        )
        mesh, _ = house(style, rng, night=night)
        parts.append(mesh.moved(shift(x, y)))
    lawn = tinted(rng, "#56603a")
    parts += [
        floor((-60, WALL_Y, -half - 1, 10), 0.0, lawn, Material.GRASS, "s"),
        floor((half + 1, WALL_Y, 60, 10), 0.0, lawn, Material.GRASS, "s"),
    ]
    for x, y in ((-6.5, 7.2), (-14.0, 7.8), (10.5, 8.6)):
        parts.append(tree(rng, (x + rng.uniform(-1, 1), y), rng.uniform(5.5, 8.0)))
    parts += [bush(rng, (x, 8.0), 1.1) for x in rng.uniform(-13, -5, 3)]
    return merged(parts)


def _verge(rng: np.random.Generator) -> Mesh:
    """Street trees in their pits, poles and cables, signs, weeds at the wall's foot."""
    parts = [
        weeds(rng, (-15, WALL_Y - 0.4, -4.5, WALL_Y - 0.14), 90, 0.2),
        weeds(rng, (-20, -13.5, 16, -10.5), 120, 0.3),
    ]
    for x in (-16.5, -12.8, 18.5):
        pit = boxes([(x - 0.6, 0.5, 0, x + 0.6, 1.5, 0.05)], srgb("#5a4c3e"), Material.SOIL)
        parts += [tree(rng, (x, 1.0), rng.uniform(5.5, 7.5)), pit]
    poles = [(-19.0, 0.5), (7.4, 0.5), (33.0, 0.5)]
    parts += [power_pole(rng, xy) for xy in poles]
    parts.append(cables(rng, [(-45.0, 0.5, 7.9), *((x, y, 7.9) for x, y in poles)], 5))
    parts += [sign_post(rng, (8.0, -7.4), 90), sign_post(rng, (-5.6, 0.45), 180)]
    return merged(parts)
