"""A dead-end road where two districts meet: broken asphalt, wasteland, a wall, heaps of earth."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from models.scenes.mesh import Material, Mesh, box, merged, polygon, shift, srgb, tube, turn
from models.scenes.streets.far import skyline
from models.scenes.streets.green import bush, tree, treeline, weeds
from models.scenes.streets.parts import (
    ASPHALT,
    CONCRETE,
    STEEL,
    Reals,
    aimed,
    boxes,
    corners,
    dim,
    floor,
    road,
    scars,
    sheet,
    steps,
    stones,
    tinted,
)
from models.scenes.streets.posts import cables, power_pole, sign_post, street_lamp, wall
from models.scenes.streets.street import Street

END_X = 9.0
"""East of it the asphalt has crumbled into earth."""


def border(rng: np.random.Generator, *, night: bool) -> Street:
    """The road comes from the west and ends; a wall runs north of it, wasteland lies south-east."""
    lamp, key = street_lamp((-1.5, 4.6), 180, 5.6, night=night)
    second, other = street_lamp((-26.0, 4.6), 180, 5.6, night=night)
    parts = [
        _ground(rng),
        _waste(rng),
        _built(rng),
        _green(rng),
        lamp,
        second,
        skyline(rng, night=night, count=9),
    ]
    return Street(
        "border",
        merged(parts),
        {
            "pole": aimed((-6.0, -9.4, 5.6), (3.0, 2.6, 0.0), 80),
            "end": aimed((15.5, -4.2, 4.8), (1.0, 1.6, 0.2), 80),
            "wall": aimed((-9.0, 5.0, 6.0), (5.5, 0.2, 0.0), 74),
        },
        {
            "drop_1": (0.5, 4.8, 0),
            "drop_2": (4.2, 4.9, 0),
            "drop_3": (8.2, 4.4, 45),
            "drop_4": (11.2, 1.2, 90),
            "drop_5": (3.6, -2.6, 180),
            "drop_6": (-3.6, 4.9, 0),
            "park_1": (-0.8, 2.4, 90),
            "park_2": (4.8, 2.0, 90),
            "park_3": (6.2, -0.9, 135),
        },
        {
            "pavement_1": (
                (-60, 4.2),
                (2, 4.0),
                (9.5, 3.2),
                (12.6, 1.6),
                (15.2, -0.4),
                (22, -1.5),
                (30, -4),
                (48, -30),
            ),
            "path_2": ((-60, -2.6), (-2, -2.8), (9.0, -4.6), (24, -30)),
            "lane_1": ((-60, -0.3), (4.0, -0.3), (8.6, -1.2), (11.5, -4.0), (16, -12), (20, -40)),
            "lane_2": ((20, -40), (15, -11), (11.0, -2.5), (8.2, 1.4), (4, 2.0), (-60, 2.0)),
        },
        zones={
            "verge": corners((-8, 3.8, 10, 5.6)),
            "border_strip": corners((8.5, -3.5, 14.5, 6.0)),
            "wasteland": corners((2, -9, 16, -3)),
        },
        lamps=(key, other),
    )


def _ground(rng: np.random.Generator) -> Mesh:
    soil = tinted(rng, "#736552")
    asphalt, earth = Material.ASPHALT, Material.SOIL
    ragged = [
        _scrap(rng, (END_X + rng.uniform(-0.5, 1.6), y), rng.uniform(0.4, 1.3), asphalt)
        for y in np.arange(-1.7, 3.6, 0.42).tolist()
    ]
    holes = [
        _scrap(rng, (x, y), rng.uniform(0.35, 0.95), earth)
        for x, y in rng.uniform((-9, -1.6), (9, 3.3), (9, 2)).tolist()
    ]
    edges = [
        _scrap(rng, (x, y), rng.uniform(0.25, 0.6), earth)
        for y in (-1.8, 3.6)
        for x in (np.arange(-14, 9, 0.8) + rng.uniform(-0.3, 0.3, 29)).tolist()
    ]
    return merged(
        [
            floor((-150, -120, 150, 5.8), -0.09, tinted(rng, "#6b6848"), Material.GRASS),
            floor((-150, 5.7, 150, 120), -0.06, tinted(rng, "#676846"), Material.GRASS),
            floor((-70, 3.55, 16, 5.8), -0.008, dim(soil, 0.92), Material.SOIL, "n"),
            road(rng, (-70, -1.8, END_X, 3.6)),
            *ragged,
            *holes,
            *edges,
            scars(rng, (-14, -1.6, 6, 3.4), 5),
            stones(rng, (-10, 3.3, 12, 5.6), 200, srgb("#7b6e60")),
            stones(rng, (2, -4, 15, 4), 220, srgb("#786a5c")),
            stones(rng, (-10, -3, 2, -1.6), 110, srgb("#6b6257")),
        ]
    )


def _scrap(
    rng: np.random.Generator, xy: tuple[float, float], radius: float, kind: Material
) -> Mesh:
    """A flat piece of asphalt or soil with a torn outline."""
    albedo, z = (ASPHALT, 0.002) if kind == Material.ASPHALT else (srgb("#736552"), 0.006)
    angle = np.linspace(0, 2 * np.pi, 11, endpoint=False)
    rim = radius * rng.uniform(0.6, 1.15, 11)
    x, y = xy[0] + 1.4 * rim * np.cos(angle), xy[1] + rim * np.sin(angle)
    outline = np.column_stack([x, y, np.full(11, z + rng.uniform(0, 0.002))])
    return polygon(outline, dim(albedo, rng.uniform(0.85, 1.05)), kind)


def _waste(rng: np.random.Generator) -> Mesh:
    """Rolling earth south and east of the road, two old mounds grown over, a beaten track."""
    x, y = steps(-30, 45, 1.5), steps(-40, 9, 1.4)
    gx, gy = np.meshgrid(x, y)
    away = np.minimum(np.hypot(np.maximum(END_X + 1.5 - gx, 0), np.maximum(gy + 2.2, 0)), 3.0)
    inside = (gx < END_X + 1.5) & (gy > -2.2)
    track = np.minimum(_from_track(gx, gy), 3.0)
    rough = np.minimum(away, 1.0) * np.clip((track - 1.5) / 1.2, 0, 1)
    z = -0.012 + 0.1 * rough * rng.random(gx.shape)
    for mx, my, high, wide in (
        (15.5, 3.4, 1.5, 2.0),
        (-8.0, -16.0, 1.2, 2.6),
        (18.0, -7.0, 1.1, 1.8),
    ):
        off = np.hypot(gx - mx - rng.uniform(-0.6, 0.6), gy - my)
        z += (
            high
            * np.exp(-((off / wide) ** 2))
            * (1 + 0.25 * rng.standard_normal(gx.shape))
            * np.clip(rough, 0.3, 1)
        )
    z = np.where(inside, -0.04, z)
    earth, grass = np.array(tinted(rng, "#7a6b55")), np.array(tinted(rng, "#6e6a48"))
    share = np.clip(0.25 + 0.3 * rough + 0.3 * rng.standard_normal(gx.shape), 0, 1)[..., None]
    color = (earth * (1 - share) + grass * share) * (
        1 - 0.22 * np.exp(-(((track - 0.8) / 0.35) ** 2))
    )[..., None]
    return sheet(x, y, z, color, Material.SOIL)


def _from_track(x: Reals, y: Reals) -> Reals:
    """Metres from the middle of the track that wheels have beaten across the wasteland."""
    line = np.array([(9, -0.5), (11.3, -3.3), (15.5, -11.5), (20, -40)])
    far: npt.NDArray[np.float64] = np.full_like(x, 99.0)
    for (ax, ay), (bx, by) in pairwise(line):
        t = np.clip(
            ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0, 1
        )
        far = np.minimum(far, np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
    return far


def _built(rng: np.random.Generator) -> Mesh:
    """The wall in stretches, blocks across the road's end, a hut beyond, poles, a broken pipe."""
    looks = [
        ("#a59c8c", Material.PLASTER),
        ("#875f4e", Material.BRICK),
        ("#7f7d78", Material.CONCRETE),
    ]
    parts, ends = [], [-60.0, -7.5, 3.0, 16.5]
    for k, west, east in zip(rng.permutation(3), ends[:-1], ends[1:], strict=True):
        code, material = looks[k]
        parts.append(
            wall((west, 5.9), (east, 5.9), rng.uniform(2.0, 2.7), (tinted(rng, code), material))
        )
    faded = tinted(rng, str(rng.choice(["#6f8591", "#8f8a6e", "#93766b"])))
    parts.append(boxes([(-5.5, 5.74, 0.5, 1.5, 5.775, 1.6)], dim(faded, 1.05), Material.PLASTER))
    for x, y, angle in ((12.4, 4.6, 80), (12.9, 2.9, 95), (13.2, 0.2, 60)):
        block_ = box((1.2, 0.5, 0.7), tinted(rng, "#8f8c84"), Material.CONCRETE)
        stripe = box((1.22, 0.52, 0.16), tinted(rng, "#95833f"), Material.PAINT).moved(
            shift(0, 0, 0.4)
        )
        parts.append(merged([block_, stripe]).moved(shift(x, y) @ turn(angle + rng.uniform(-8, 8))))
    pipes = [
        tube([(0, 0, 0.42), (1.9, 0, 0.42)], 0.42, CONCRETE, Material.CONCRETE, sides=14).moved(
            shift(18.2, y) @ turn(a)
        )
        for y, a in ((2.6, 70), (1.0, 82))
    ]
    hut = merged(
        [
            boxes([(0, 0, 0, 5, 3.4, 2.5)], tinted(rng, "#8c7364"), Material.BRICK),
            boxes([(-0.3, -0.4, 2.5, 5.3, 3.8, 2.62)], tinted(rng, "#7a8791"), Material.CORRUGATED),
            boxes(
                [(0.6, -0.03, 0, 1.5, 0.02, 2.0), (2.6, -0.03, 0.9, 3.9, 0.02, 1.9)],
                dim(STEEL, 0.4),
                Material.PAINT,
            ),
        ]
    ).moved(shift(20, 7))
    poles = [(-16.5, 4.9), (6.4, 5.2), (27.0, 9.0)]
    parts += [power_pole(rng, xy, 7.8) for xy in poles]
    parts.append(cables(rng, [(-45.0, 4.9, 7.2), *((x, y, 7.2) for x, y in poles)], 4))
    marker = box((0.35, 0.2, 0.85), tinted(rng, "#a7a398"), Material.CONCRETE).moved(
        shift(10.6, 4.9)
    )
    return merged([*parts, *pipes, hut, marker, sign_post(rng, (-8.2, 4.6), 270)])


def _green(rng: np.random.Generator) -> Mesh:
    parts = [
        weeds(rng, (-14, 5.2, 16, 5.75), 210, 0.45),
        weeds(rng, (-14, 3.5, -4, 5.0), 70, 0.3),
        weeds(rng, (-16, -7.5, 8, -2.6), 240, 0.42),
        weeds(rng, (13.5, -2, 22, 6), 170, 0.55, z=0.1),
        weeds(rng, (-2, -1.7, 9, 3.5), 26, 0.16),
        treeline(rng, (-60, 24), (70, 30), 6.5),
        treeline(rng, (30, -46), (66, -8), 6.0),
        treeline(rng, (-60, -44), (30, -50), 6.0),
    ]
    for x, y in ((-10.5, 7.6), (2.5, 8.6), (15.0, 8.2), (20.5, 1.5)):
        parts.append(tree(rng, (x + rng.uniform(-1, 1), y), rng.uniform(4.5, 7.0)))
    parts += [
        bush(rng, (x, y), rng.uniform(0.6, 1.2))
        for x, y in rng.uniform((-12, -7.5), (0, -4.2), (5, 2))
    ]
    parts += [bush(rng, (x, 5.3), rng.uniform(0.4, 0.7)) for x in rng.uniform(-12, 11, 4)]
    return merged(parts)
