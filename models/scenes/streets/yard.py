"""A residential yard: a façade to hang cables from, a bike shed, spots for bikes, trees."""

from __future__ import annotations

import numpy as np

from models.scenes.light import Lamp
from models.scenes.mesh import Material, Mesh, merged, shift, srgb, turn
from models.scenes.streets.bays import Style
from models.scenes.streets.facade import WALLS, house, placed
from models.scenes.streets.far import block, skyline
from models.scenes.streets.green import bush, hedge, tree
from models.scenes.streets.parts import (
    Rect,
    aimed,
    boxes,
    corners,
    dim,
    floor,
    kerb,
    marks,
    quads,
    scars,
    stones,
    tinted,
)
from models.scenes.streets.posts import bollards, cable, street_lamp, wall
from models.scenes.streets.street import Street

FACE_Y = 12.0


def yard(rng: np.random.Generator, *, night: bool) -> Street:
    """The façade looks south over the yard; the bikes stand at its feet."""
    floors, columns = int(rng.integers(5, 7)), 9
    stair = int(rng.integers(4, 6))
    style = Style(
        tinted(rng, str(rng.choice(WALLS))),
        Material(int(rng.choice([Material.PLASTER, Material.TILE]))),
        floors,
        columns,
        frozenset({stair - 2, stair + 2, stair + 3}),
        stair,
    )
    place = shift(-style.width_m / 2, FACE_Y)
    body, openings = house(style, rng, night=night)
    door = -style.width_m / 2 + (stair - 0.5) * style.bay_m
    lamp, light = street_lamp((-6.5, 3.6), 60, 5.2, night=night)
    entrance, glow = _entrance_lamp(door, night=night)
    shed_area = (11.0, 1.0, 17.0, 4.2)
    parts = [
        _ground(rng, door),
        body.moved(place),
        _planting(rng, door),
        shed(rng, shed_area),
        lamp,
        entrance,
        _around(rng, night=night),
        _clutter(rng, door),
    ]
    return Street(
        "yard",
        merged(parts),
        {
            "opposite": aimed((-5.5, -9.5, 6.0), (1.0, 9.5, 3.2), 80),
            "lamp_post": aimed((15.5, -3.5, 5.0), (1.0, 9.5, 2.0), 78),
            "corner": aimed((-16.0, 6.0, 4.6), (0.0, 9.2, 1.6), 75),
        },
        {
            "park_1": (door - 3.2, 9.6, 0),
            "park_2": (door - 5.0, 9.5, 0),
            "park_3": (door + 3.2, 9.6, 0),
            "park_4": (door + 5.2, 9.4, 0),
            "park_5": (door + 1.6, 9.8, 90),
            "entrance": (door, 10.6, 0),
            "drop_1": (-7.6, 2.4, 250),
            "drop_2": (4.5, 1.0, 120),
            "drop_3": (8.8, 2.2, 90),
            "shed_1": (12.3, 2.4, 0),
            "shed_2": (14.0, 2.4, 0),
        },
        {
            "path_1": ((-45, 8.2), (45, 8.2)),
            "path_2": ((-45, 5.0), (-4, 4.6), (45, 6.2)),
            "path_3": ((-45, 0.5), (6, 0.0), (12, -1.5), (45, -4)),
            "lane_1": ((-45, 6.4), (0, 6.2), (45, 7.0)),
        },
        placed(openings, place),
        {"shed": corners(shed_area), "bikes": corners((door - 6, 8.8, door - 2, 10.6))},
        (light, glow),
    )


def shed(rng: np.random.Generator, area: Rect) -> Mesh:
    """A roof of sheet metal on posts over rails to lean bikes on; open to the south."""
    west, south, east, north = area
    blue = tinted(rng, str(rng.choice(["#5f7488", "#7d4f47", "#5f7664", "#8b8d8a"])), 0.2)
    posts = [
        (x - 0.04, y - 0.04, 0, x + 0.04, y + 0.04, 2.2 + 0.35 * (y - south) / (north - south))
        for x in np.linspace(west + 0.1, east - 0.1, 4)
        for y in (south + 0.1, north - 0.1)
    ]
    rails = [
        (west, north - 0.5, 0.5, east, north - 0.46, 0.54),
        (west, south, 2.15, east, south + 0.05, 2.22),
    ]
    low, high = 2.24, 2.64
    roof = [
        [
            (west - 0.3, south - 0.4, low),
            (east + 0.3, south - 0.4, low),
            (east + 0.3, north + 0.2, high),
            (west - 0.3, north + 0.2, high),
        ],
        [
            (west - 0.3, south - 0.4, low - 0.12),
            (east + 0.3, south - 0.4, low - 0.12),
            (east + 0.3, south - 0.4, low),
            (west - 0.3, south - 0.4, low),
        ],
    ]
    charger = boxes(
        [(x, north - 0.12, 1.0, x + 0.22, north, 1.35) for x in np.arange(west + 0.6, east, 1.5)],
        srgb("#b7b9b6"),
        Material.PAINT,
    )
    back = boxes([(west, north, 0, east, north + 0.06, 1.5)], dim(blue, 0.9), Material.CORRUGATED)
    base = floor(
        (west - 0.2, south - 0.2, east + 0.2, north + 0.2),
        0.012,
        srgb("#85827a"),
        Material.CONCRETE,
        "n",
    )
    return merged(
        [
            boxes(posts + rails, srgb("#6d7072"), Material.METAL),
            quads(roof, blue, Material.CORRUGATED),
            charger,
            back,
            base,
        ]
    )


def _ground(rng: np.random.Generator, door: float) -> Mesh:
    concrete, tile = (
        tinted(rng, "#85817a"),
        tinted(rng, str(rng.choice(["#8a7469", "#7f7c76", "#8b8172"]))),
    )
    bays = [
        (x, 8.75, x + 0.07, 10.7) for x in door + np.arange(-6.2, 6.3, 1.0) if abs(x - door) > 1.3
    ]
    return merged(
        [
            floor((-60, -40, 60, 60), -0.06, dim(concrete, 0.75), Material.CONCRETE),
            floor((-45, -12, 45, FACE_Y), 0.0, concrete, Material.CONCRETE, "n"),
            floor((-18, 7.5, 18, 8.9), 0.01, tile, Material.TILE),
            marks(bays, srgb("#a8a597"), 0.012),
            scars(rng, (-14, -6, 14, 6.5), 5, dim(concrete, 0.72)),
            stones(rng, (-16, -6, 16, 11), 160, srgb("#6d675e")),
        ]
    )


def _planting(rng: np.random.Generator, door: float) -> Mesh:
    """Beds at the wall's feet on both sides of the way in, and two trees."""
    soil, parts = tinted(rng, "#5b4e40"), []
    for low, high in ((-15.0, door - 2.0), (door + 2.0, 15.0)):
        parts += [
            floor((low, 10.9, high, FACE_Y), 0.05, soil, Material.SOIL, "n"),
            kerb((low, 10.9), (high, 10.9)),
            hedge(rng, (low + 0.4, 11.2, low + 0.62 * (high - low), 11.75), rng.uniform(0.5, 0.8)),
        ]
        parts += [
            bush(rng, (x, 11.4), rng.uniform(0.5, 0.9)) for x in rng.uniform(low + 0.5, high, 4)
        ]
    for x, y, height in ((-9.6, 2.0, 7.5), (8.0, -1.8, 6.0), (-19.0, 6.5, 8.0)):
        box_ = [(x - 0.7, y - 0.7, 0, x + 0.7, y + 0.7, 0.16)]
        parts += [
            tree(rng, (x, y), height * rng.uniform(0.85, 1.1)),
            boxes(box_, soil, Material.SOIL),
        ]
    return merged(parts)


def _around(rng: np.random.Generator, *, night: bool) -> Mesh:
    """Neighbours east and west, and a wall to the south behind the camera."""
    side = Style(tinted(rng, str(rng.choice(WALLS))), Material.PLASTER, 5, 4, frozenset({2}))
    east, _ = house(side, rng, night=night)
    west = block(rng, (-42, 4, -24, 16), 6, night=night)
    far = block(rng, (-20, 32, 6, 44), int(rng.integers(8, 12)), night=night)
    low = wall((-30, -12), (30, -12), 2.4, (tinted(rng, "#97897a"), Material.BRICK))
    return merged(
        [east.moved(shift(24, 14) @ turn(-90)), west, far, skyline(rng, night=night), low]
    )


def _entrance_lamp(door: float, *, night: bool) -> tuple[Mesh, Lamp]:
    """A bulb under the slab over the stairwell's door."""
    at = (door, FACE_Y - 0.7, 2.42)
    bulb = boxes(
        [(door - 0.1, FACE_Y - 0.8, 2.45, door + 0.1, FACE_Y - 0.6, 2.5)],
        (0.8, 0.7, 0.5),
        Material.GLOWING if night else Material.GLASS,
    )
    return bulb, Lamp(at, (0, -0.2, -1), (5.0, 4.2, 2.8), 80)


def _clutter(rng: np.random.Generator, door: float) -> Mesh:
    """A bench, a washing pole, flower pots, cables across the yard."""
    bench = boxes(
        [
            (-2.6, -3.4, 0.4, -1.0, -3.0, 0.46),
            (-2.5, -3.35, 0, -2.4, -3.05, 0.4),
            (-1.2, -3.35, 0, -1.1, -3.05, 0.4),
        ],
        tinted(rng, "#7d6650"),
        Material.WOOD,
    )
    pots = []
    for x in door + rng.choice([-1, 1]) * np.array([1.45, 1.75, 2.1]):
        pots += [
            boxes(
                [(x - 0.12, 10.45, 0, x + 0.12, 10.7, 0.24)],
                tinted(rng, "#7d5140"),
                Material.CONCRETE,
            ),
            bush(rng, (float(x), 10.58), 0.4).moved(shift(0, 0, 0.16)),
        ]
    lines = [
        cable((-6.4, 3.6, 4.9), (x, FACE_Y, 6.2), rng.uniform(0.2, 0.6))
        for x in rng.uniform(-9, 2, 3)
    ]
    lines += [
        cable((-30, rng.uniform(4, 9), 8), (26, rng.uniform(8, 12), 7), 1.0) for _ in range(3)
    ]
    posts = bollards([(door - 1.3, 8.85), (door + 1.3, 8.85)], srgb("#6d6a4e"))
    return merged([bench, *pots, *lines, posts])
