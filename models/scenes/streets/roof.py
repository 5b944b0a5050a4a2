"""Flat roofs seen from above: parapets, tanks, solar heaters, stair heads, and the lane below."""

from __future__ import annotations

import numpy as np

from models.scenes.camera import Camera
from models.scenes.mesh import Material, Mesh, Rgb, ball, box, merged, shift, srgb, tube, turn
from models.scenes.streets.bays import Style
from models.scenes.streets.facade import WALLS, Openings, house, placed
from models.scenes.streets.far import block, skyline
from models.scenes.streets.green import bush, tree, treeline
from models.scenes.streets.parts import (
    CONCRETE,
    STEEL,
    Rect,
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
)
from models.scenes.streets.posts import cable, street_lamp
from models.scenes.streets.street import Street

LANE: Rect = (-60.0, -4.0, 60.0, 1.5)


def roof(rng: np.random.Generator, *, night: bool) -> Street:
    """Two rows of houses north of a lane; cameras on a higher house to the south, and a drone.

    Openings "roof_1" and so on lie in the middle of each roof, at its height.
    """
    lamp, key = street_lamp((-3.0, 2.6), 180, 5.6, night=night)
    second, other = street_lamp((16.0, 2.6), 180, 5.6, night=night)
    rows, openings, tops = _rows(rng, night=night)
    behind = [
        block(rng, area, int(rng.integers(3, 6)), night=night)
        for area in ((-42, 36, -18, 47), (-12, 38, 12, 49), (19, 36, 44, 47))
    ]
    parts = [
        _ground(rng),
        rows,
        *behind,
        lamp,
        second,
        _green(rng),
        skyline(rng, night=night, count=9),
    ]
    return Street(
        "roof",
        merged(parts),
        {
            "tower": aimed((-3.0, -20.0, 27.0), (0.5, 7.5, 4.5), 74),
            "drone": Camera((0.0, 7.0, 60.0), 0.0, 88.0, 62.0, k1=-0.02),
            "drone_late": Camera((3.0, 4.5, 57.0), 8.0, 84.0, 62.0, 1.5, -0.02),
            "stair_head": aimed((14.0, -15.0, 22.0), (0.0, 10.0, 6.0), 70),
        },
        {
            "drop_1": (-9.0, 2.6, 0),
            "drop_2": (3.5, 2.7, 0),
            "drop_3": (10.0, 2.5, 0),
            "park_1": (-5.5, 0.3, 90),
            "park_2": (6.0, 0.3, 90),
            "park_3": (0.5, -2.7, 270),
            "park_4": (12.5, -2.7, 270),
        },
        {
            "pavement_1": ((-60, 2.8), (60, 2.8)),
            "pavement_2": ((-60, -5.0), (60, -5.0)),
            "lane_1": ((60, 0.0), (-60, 0.0)),
            "lane_2": ((-60, -2.6), (60, -2.6)),
        },
        openings,
        tops,
        (key, other),
    )


def _rows(
    rng: np.random.Generator, *, night: bool
) -> tuple[Mesh, Openings, dict[str, tuple[tuple[float, float], ...]]]:
    """The houses; where their roofs are, and the outlines of those."""
    parts, openings, tops, number = [], Openings(), {}, 0
    for y, deep in ((4.4, 9.0), (18.0, 8.5)):
        x = -25.0 + rng.uniform(-1, 1)
        while x < 17:
            columns = int(rng.integers(3, 5))
            style = Style(
                tinted(rng, str(rng.choice(WALLS))),
                Material(int(rng.choice([Material.PLASTER, Material.TILE]))),
                int(rng.integers(2, 5)),
                columns,
                frozenset({2}),
                0,
                deep_m=deep + rng.uniform(-0.8, 0.4),
                bay_m=3.6,
            )
            number += 1
            mesh, named = house(style, rng, night=night)
            parts += [mesh.moved(shift(x, y)), _top(rng, style).moved(shift(x, y, style.height_m))]
            middle = (x + style.width_m / 2, y + 0.45 * style.deep_m, style.height_m)
            openings[f"roof_{number}"] = middle
            at = placed({k: v for k, v in named.items() if k.startswith("window")}, shift(x, y))
            openings |= (
                {f"{name}_{number}": spot for name, spot in at.items()}
                if y < 10 and number < 4
                else {}
            )
            tops[f"roof_{number}"] = corners(
                (x + 0.3, y + 0.3, x + style.width_m - 0.3, y + style.deep_m - 0.3)
            )
            x += style.width_m + rng.choice([0.15, 1.4, 2.6])
    return merged(parts), openings, tops


def _top(rng: np.random.Generator, style: Style) -> Mesh:
    """What stands on a roof; its south-west corner is the origin, its middle is left free."""
    w, d = style.width_m, style.deep_m
    felt = tinted(rng, str(rng.choice(["#7f7c76", "#8a8378", "#6f7470", "#86746b"])))
    strips = [(x, 0.25, min(x + 1.0, w - 0.25), d - 0.25) for x in np.arange(0.25, w - 0.3, 1.0)]
    tones = np.array(felt) * rng.uniform(0.85, 1.1, (len(strips), 1))
    corners_ = [
        [(a, b, 0.015), (c, b, 0.015), (c, e, 0.015), (a, e, 0.015)] for a, b, c, e in strips
    ]
    parts = [quads(corners_, tones, Material.CONCRETE)]
    side = float(rng.choice([0.3, w - 3.3]))
    parts.append(_stair_head(rng, dim(style.wall, 0.95)).moved(shift(side, d - 3.4)))
    at = np.linspace(0.8, w - 2.0, 5)[rng.permutation(5)]
    near_back = d - 1.3 if side > 1 else d - 1.2
    for x in at[: int(rng.integers(2, 4))]:
        if abs(x - side) > 3.0:
            parts.append(solar_heater(rng).moved(shift(float(x), near_back)))
    if rng.random() < 0.7:
        parts.append(tank(rng).moved(shift(w - 1.2 if side < 1 else 1.2, 1.1)))
    for x in rng.uniform(0.6, w - 1.0, int(rng.integers(1, 4))):
        parts.append(
            box((0.5, 0.4, 0.3), tinted(rng, "#7a5a49", 0.3), Material.CONCRETE).moved(
                shift(float(x), 0.55)
            )
        )
        parts.append(bush(rng, (float(x), 0.55), 0.55).moved(shift(0, 0, 0.22)))
    posts = [(x - 0.03, 1.6, 0, x + 0.03, 1.66, 1.9) for x in (0.35 * w, 0.68 * w)]
    parts += [
        boxes(posts, STEEL, Material.METAL),
        cable((0.35 * w, 1.63, 1.85), (0.68 * w, 1.63, 1.85), 0.08),
    ]
    parts.append(
        tube(
            [(0.4, d - 0.5, 0), (0.4, d - 0.5, 1.1)],
            0.06,
            tinted(rng, "#8b8d8b"),
            Material.PLASTIC,
            sides=6,
        )
    )
    return merged(parts)


def _stair_head(rng: np.random.Generator, wall: Rgb) -> Mesh:
    door = boxes([(0.5, -0.03, 0, 1.4, 0.02, 2.0)], tinted(rng, "#5d6660"), Material.PAINT)
    return merged(
        [
            boxes([(0, 0, 0, 3.0, 3.0, 2.5)], wall, Material.PLASTER),
            boxes([(-0.2, -0.3, 2.5, 3.2, 3.2, 2.64)], CONCRETE, Material.CONCRETE),
            door,
        ]
    )


def solar_heater(rng: np.random.Generator) -> Mesh:
    """A tank of steel over a slope of dark glass tubes that looks south."""
    drum = tube(
        [(-0.9, 0.45, 1.35), (0.9, 0.45, 1.35)],
        0.24,
        tinted(rng, "#a9adae"),
        Material.METAL,
        sides=12,
    )
    glass = [
        tube(
            [(x, -0.55, 0.25), (x, 0.35, 1.25)],
            0.035,
            (0.015, 0.017, 0.025),
            Material.GLASS,
            sides=5,
        )
        for x in np.linspace(-0.8, 0.8, 11)
    ]
    frame = boxes(
        [
            (x - 0.02, y - 0.02, 0, x + 0.02, y + 0.02, z)
            for x in (-0.85, 0.85)
            for y, z in ((0.45, 1.15), (-0.5, 0.3))
        ]
        + [(-0.87, -0.62, 0.2, 0.87, -0.5, 0.27)],
        STEEL,
        Material.METAL,
    )
    return merged([drum, *glass, frame])


def tank(rng: np.random.Generator) -> Mesh:
    """A water tank: steel and round on a frame, or of concrete blocks."""
    if rng.random() < 0.5:
        return merged(
            [
                boxes([(-0.9, -0.7, 0, 0.9, 0.7, 1.3)], tinted(rng, "#8f8c85"), Material.CONCRETE),
                boxes(
                    [(-0.95, -0.75, 1.3, 0.95, 0.75, 1.38)],
                    tinted(rng, "#77756f"),
                    Material.CONCRETE,
                ),
            ]
        )
    steel = tinted(rng, "#a3a8aa")
    body = tube([(0, 0, 0.4), (0, 0, 1.6)], 0.6, steel, Material.METAL, sides=16)
    lid = ball((0.6, 0.6, 0.16), steel, Material.METAL, sides=16).moved(shift(0, 0, 1.6))
    feet = [
        (x - 0.04, y - 0.04, 0, x + 0.04, y + 0.04, 0.42) for x in (-0.4, 0.4) for y in (-0.4, 0.4)
    ]
    return merged([body, lid, boxes(feet, dim(STEEL, 0.6), Material.METAL)])


def _ground(rng: np.random.Generator) -> Mesh:
    west, south, east, north = LANE
    tile = tinted(rng, "#8a7c6e")
    return merged(
        [
            floor((-90, -70, 90, 90), -0.06, tinted(rng, "#76736c"), Material.CONCRETE),
            road(rng, LANE),
            marks([(x, -1.3, x + 2, -1.2) for x in np.arange(west, east, 5.0)]),
            scars(rng, (-25, south + 0.3, 25, north - 0.3), 8),
            floor((west, north, east, 4.4), 0.02, tile, Material.TILE, "n"),
            floor((west, -6.2, east, south), 0.02, dim(tile, 0.92), Material.TILE),
            kerb((west, north), (east, north)),
            kerb((west, south), (east, south)),
            stones(rng, (-20, 1.5, 20, 4.2), 80, srgb("#6b655b")),
        ]
    )


def _green(rng: np.random.Generator) -> Mesh:
    parts = [
        treeline(rng, (-32, 32), (32, 33), 6.0),
        floor((-60, -14, 60, -6.2), 0.0, tinted(rng, "#5c6340"), Material.GRASS),
    ]
    for x, y in ((-15.0, 2.2), (-24.0, 2.2), (20.5, 2.2), (-12.0, -8.0), (8.0, -8.4), (21.0, -7.6)):
        parts.append(tree(rng, (x + rng.uniform(-0.6, 0.6), y), rng.uniform(4.0, 5.5)))
    parts.append(
        box((20.0, 1.2, 1.3), tinted(rng, "#8c8478"), Material.BRICK).moved(
            shift(-30, -12) @ turn(0)
        )
    )
    return merged(parts)
