"""One bay of one storey of a house: window, balcony, door, stairwell or shop."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.scenes.mesh import Material, Mesh, Rgb, merged, shift
from models.scenes.streets.fittings import DEEP_M, cage, conditioner, laundry, pane
from models.scenes.streets.parts import CONCRETE, STEEL, boxes, dim, quads, tinted


@dataclass(frozen=True, slots=True)
class Style:
    """How a house looks.

    Attributes:
        balconies: Columns, from 1, that have a balcony from the second floor up.
        stair: The column of the stairwell; 0 for none.
        shops: The ground floor is shops with blank signboards.
    """

    wall: Rgb
    material: Material
    floors: int
    columns: int
    balconies: frozenset[int] = field(default_factory=frozenset)
    stair: int = 0
    shops: bool = False
    storey_m: float = 2.95
    bay_m: float = 3.3
    deep_m: float = 9.0
    lit: float = 0.4

    @property
    def width_m(self) -> float:
        return self.columns * self.bay_m

    @property
    def height_m(self) -> float:
        return self.floors * self.storey_m


def bay(
    style: Style, at: tuple[int, int], frame: Rgb, rng: np.random.Generator, *, night: bool
) -> tuple[str, tuple[float, float, float], Mesh]:
    """One bay of one storey: its name, its opening and its mesh, from the bay's own corner."""
    storey, column = at
    middle = style.bay_m / 2
    if column == style.stair:
        if storey == 1:
            return "stairwell", (middle + 0.8, -0.05, 2.3), _entrance(style, rng)
        return f"stair_{storey}", (middle, -0.05, 0.2), _stair_window(style)
    if storey == 1 and style.shops:
        return f"shop_{column}", (middle, -0.05, 2.3), _shop(style, rng, night=night)
    if storey > 1 and column in style.balconies:
        mesh = _balcony(style, frame, rng, night=night)
        return f"balcony_{storey}_{column}", (middle, -1.15, 1.05), mesh
    if storey == 1 and rng.random() < 0.2:
        return f"door_{column}", (middle, -0.05, 1.9), _door(style, rng)
    mesh = _window(style, frame, rng, night=night)
    return f"window_{storey}_{column}", (middle, -0.05, 1.0), mesh


def _window(style: Style, frame: Rgb, rng: np.random.Generator, *, night: bool) -> Mesh:
    half, low, high = rng.choice([0.6, 0.75, 0.9]), 0.95, 0.95 + rng.choice([1.35, 1.5])
    hole = (style.bay_m / 2 - half, low, style.bay_m / 2 + half, high)
    parts = [_holed(style, hole), pane(hole, frame, rng, lit=_lit(rng, style, night=night))]
    sill = [
        (hole[0] - 0.1, -0.12, low - 0.07, hole[2] + 0.1, 0.02, low),
        (hole[0] - 0.15, -0.32, high + 0.08, hole[2] + 0.15, 0.02, high + 0.14),
    ]
    parts.append(boxes(sill, dim(style.wall, 0.85), Material.CONCRETE))
    if rng.random() < 0.5:
        parts.append(cage(hole, rng))
    if rng.random() < 0.55:
        side = 1 if rng.random() < 0.5 else -1
        x = style.bay_m / 2 + side * (half + 0.35)
        parts.append(conditioner(rng).moved(shift(min(max(x, 0.45), style.bay_m - 0.45), 0, 0.12)))
    return merged(parts)


def _balcony(style: Style, frame: Rgb, rng: np.random.Generator, *, night: bool) -> Mesh:
    """A slab with a parapet; most owners have glazed it in."""
    low, high, out = 0.12, style.bay_m - 0.12, 1.15
    hole = (0.5, 0.1, style.bay_m - 0.5, 2.45)
    glazed, lit = rng.random() < 0.6, _lit(rng, style, night=night)
    trim = dim(style.wall, rng.uniform(0.72, 1.1))
    body = [
        (low, -out, -0.1, high, 0, 0.04),
        (low, -out, 0.04, high, -out + 0.1, 1.0),
        (low, -out, 0.04, low + 0.1, 0, 1.0),
        (high - 0.1, -out, 0.04, high, 0, 1.0),
    ]
    parts = [
        _holed(style, hole),
        boxes(body, trim, style.material),
        pane(hole, frame, rng, lit=lit and not glazed),
    ]
    rail = boxes(
        [(low - 0.02, -out - 0.03, 1.0, high + 0.02, -out + 0.13, 1.06)],
        CONCRETE,
        Material.CONCRETE,
    )
    if glazed:
        front = pane((low + 0.03, 1.06, high - 0.03, style.storey_m - 0.12), frame, rng, lit=lit)
        ends = [
            [
                (x, -out + 0.05, 1.06),
                (x, 0, 1.06),
                (x, 0, style.storey_m - 0.12),
                (x, -out + 0.05, style.storey_m - 0.12),
            ]
            for x in (low + 0.04, high - 0.04)
        ]
        return merged(
            [
                *parts,
                rail,
                front.moved(shift(0, -out - DEEP_M + 0.07)),
                quads(ends, (0.05, 0.06, 0.07), Material.GLASS),
            ]
        )
    bars = [(x, -out + 0.04, 1.0, x + 0.02, -out + 0.06, 1.35) for x in np.arange(low, high, 0.16)]
    bars.append((low, -out + 0.03, 1.33, high, -out + 0.07, 1.38))
    line = boxes([(low, -out + 0.4, 2.35, high, -out + 0.42, 2.37)], STEEL, Material.METAL)
    return merged(
        [
            *parts,
            rail,
            boxes(bars, dim(frame, 0.7), Material.METAL, 3),
            line,
            laundry(rng, low + 0.2, high - 0.2, -out + 0.41),
        ]
    )


def _entrance(style: Style, rng: np.random.Generator) -> Mesh:
    """The stairwell's dark door under a slab, with letter boxes beside it."""
    middle = style.bay_m / 2
    hole = (middle - 0.85, 0.0, middle + 0.85, 2.35)
    dark = [
        [(hole[0], 1.6, 0), (hole[2], 1.6, 0), (hole[2], 1.6, 2.35), (hole[0], 1.6, 2.35)],
        [(hole[0], 0, 0), (hole[0], 1.6, 0), (hole[0], 1.6, 2.35), (hole[0], 0, 2.35)],
        [(hole[2], 0, 0), (hole[2], 1.6, 0), (hole[2], 1.6, 2.35), (hole[2], 0, 2.35)],
    ]
    leaf = boxes(
        [(hole[0], 0.2, 0, hole[0] + 0.06, 1.05, 2.1)], tinted(rng, "#55393a"), Material.PAINT
    )
    slab = boxes(
        [
            (hole[0] - 0.5, -1.2, 2.5, hole[2] + 0.5, 0, 2.64),
            (hole[0] - 0.2, -0.5, 0, hole[2] + 0.2, 0.1, 0.05),
        ],
        CONCRETE,
        Material.CONCRETE,
    )
    post = boxes(
        [(hole[2] + 0.15, -0.12, 1.0, hole[2] + 0.7, 0, 1.75)],
        tinted(rng, "#5e7264"),
        Material.PAINT,
    )
    return merged(
        [_holed(style, hole), quads(dark, (0.05, 0.048, 0.045), Material.PLASTER), leaf, slab, post]
    )


def _stair_window(style: Style) -> Mesh:
    """Blocks with gaps, at half landing, open to the air."""
    middle = style.bay_m / 2
    hole = (middle - 0.6, -0.3 + 0.55, middle + 0.6, 1.5)
    dark = [
        [
            (hole[0], 0.2, hole[1]),
            (hole[2], 0.2, hole[1]),
            (hole[2], 0.2, hole[3]),
            (hole[0], 0.2, hole[3]),
        ]
    ]
    bars = [
        (x - 0.04, 0, hole[1], x + 0.04, 0.14, hole[3]) for x in np.linspace(hole[0], hole[2], 5)
    ]
    bars += [
        (hole[0], 0, z - 0.04, hole[2], 0.14, z + 0.04) for z in np.linspace(hole[1], hole[3], 4)
    ]
    return merged(
        [
            _holed(style, hole),
            quads(dark, (0.025, 0.025, 0.025), Material.PLAIN),
            boxes(bars, dim(style.wall, 0.9), Material.CONCRETE),
        ]
    )


def _door(style: Style, rng: np.random.Generator) -> Mesh:
    middle = style.bay_m / 2
    hole = (middle - 0.5, 0.0, middle + 0.5, 2.15)
    color = tinted(rng, str(rng.choice(["#4f5a55", "#6b4238", "#5b6470", "#7c7468"])), 0.2)
    leaf = boxes([(hole[0], 0.1, 0, hole[2], 0.16, 2.15)], color, Material.PAINT)
    panels = boxes(
        [(hole[0] + 0.12, 0.085, z, hole[2] - 0.12, 0.1, z + 0.7) for z in (0.2, 1.2)],
        dim(color, 0.75),
        Material.PAINT,
    )
    step = boxes([(hole[0] - 0.15, -0.4, 0, hole[2] + 0.15, 0, 0.06)], CONCRETE, Material.CONCRETE)
    return merged([_holed(style, hole), leaf, panels, step])


def _shop(style: Style, rng: np.random.Generator, *, night: bool) -> Mesh:
    """A shutter, or glass doors, under a blank signboard; some have an awning."""
    hole = (0.2, 0.0, style.bay_m - 0.2, 2.3)
    low, high = 2.45, min(3.3, style.storey_m - 0.05)
    sign = tinted(
        rng,
        str(
            rng.choice(
                ["#6e3a34", "#3f5573", "#4c6652", "#8d8a80", "#7d6a45", "#55504c", "#8a4f3a"]
            )
        ),
        0.25,
    )
    parts = [
        _holed(style, hole),
        boxes([(0.04, -0.28, low, style.bay_m - 0.04, 0, high)], sign, Material.PAINT),
        boxes(
            [(0.0, -0.3, high - 0.01, style.bay_m, 0, high + 0.03)], dim(STEEL, 0.7), Material.METAL
        ),
    ]
    closed, lit = rng.random() < 0.45, _lit(rng, style, night=night)
    awning = rng.random() < 0.4
    if closed:
        grey = tinted(rng, str(rng.choice(["#8a8c8b", "#7e868c", "#938c7f"])))
        slats = np.arange(0, 2.3, 0.1)
        parts.append(
            boxes(
                [
                    (hole[0], 0.1 - 0.012 * (k % 2), z, hole[2], 0.16, z + 0.1)
                    for k, z in enumerate(slats)
                ],
                grey,
                Material.METAL,
            )
        )
    else:
        parts.append(pane(hole, dim(STEEL, 0.9), rng, lit=lit))
        parts.append(
            boxes([(hole[0], 0.09, 0, hole[2], 0.15, 0.28)], dim(sign, 0.8), Material.TILE)
        )
    if awning:
        cloth = tinted(rng, str(rng.choice(["#4d6379", "#5d6a52", "#7c4a43", "#86806f"])), 0.2)
        x1 = style.bay_m - 0.1
        parts.append(
            quads(
                [
                    [(0.1, -1.5, 2.25), (x1, -1.5, 2.25), (x1, -0.2, 2.62), (0.1, -0.2, 2.62)],
                    [(0.1, -1.5, 2.05), (x1, -1.5, 2.05), (x1, -1.5, 2.25), (0.1, -1.5, 2.25)],
                ],
                cloth,
                Material.CLOTH,
            )
        )
    return merged(parts)


def _holed(style: Style, hole: tuple[float, float, float, float]) -> Mesh:
    """The wall of one bay around its opening, and the depth of the wall in it."""
    (a, c, b, d), w, h = hole, style.bay_m, style.storey_m
    rects = [(0, 0, a, h), (b, 0, w, h), (a, 0, b, c), (a, d, b, h)]
    front = [[(p, 0, q), (r, 0, q), (r, 0, s), (p, 0, s)] for p, q, r, s in rects]
    y = DEEP_M
    depth = [
        [(a, 0, c), (b, 0, c), (b, y, c), (a, y, c)],
        [(a, y, d), (b, y, d), (b, 0, d), (a, 0, d)],
        [(a, 0, c), (a, y, c), (a, y, d), (a, 0, d)],
        [(b, y, c), (b, 0, c), (b, 0, d), (b, y, d)],
    ]
    return merged(
        [
            quads(front, style.wall, style.material),
            quads(depth, dim(style.wall, 0.72), Material.PLASTER),
        ]
    )


def _lit(rng: np.random.Generator, style: Style, *, night: bool) -> bool:
    """Whether somebody is at home with the lamp on; the draw is made by day as well."""
    return bool(rng.random() < style.lit) and night
