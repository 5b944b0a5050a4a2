"""Houses: façades with what Chinese housing hangs on them, shop rows, and far blocks behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.mesh import Floats, Material, Mesh, Rgb, box, merged, shift, srgb, tube
from models.scenes.streets.parts import CONCRETE, STEEL, Reals, Rect, boxes, dim, quads, tinted

Openings = dict[str, tuple[float, float, float]]
WALLS: Final = (
    "#a89f90",
    "#9d9384",
    "#b0a797",
    "#8f908b",
    "#a8957d",
    "#989d9d",
    "#b1a48a",
    "#868c87",
)
_CABLE: Final = srgb("#1f1f20")
_DEEP_M: Final = 0.16
_LIT: Final = np.array(
    [(0.42, 0.27, 0.11), (0.4, 0.33, 0.2), (0.3, 0.34, 0.36), (0.22, 0.11, 0.05)]
)


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


def house(style: Style, rng: np.random.Generator, *, night: bool) -> tuple[Mesh, Openings]:
    """A house whose façade is y = 0, from x = 0 to its width, and looks along -y."""
    frame = tinted(rng, str(rng.choice(["#c3c4c0", "#5b5650", "#8b8f90", "#41524a"])))
    parts, openings = [_shell(style)], Openings()
    for storey in range(1, style.floors + 1):
        for column in range(1, style.columns + 1):
            low = np.array([(column - 1) * style.bay_m, (storey - 1) * style.storey_m])
            name, at, mesh = _bay(style, (storey, column), frame, rng, night=night)
            parts.append(mesh.moved(shift(low[0], 0, low[1])))
            openings[name] = (float(low[0] + at[0]), at[1], float(low[1] + at[2]))
    if not style.shops:
        openings["socket"] = (style.bay_m * (style.stair or 1) - 0.15, -0.04, 1.35)
        parts.append(
            box((0.13, 0.06, 0.16), srgb("#c9c8c2"), Material.PAINT).moved(
                shift(*openings["socket"])
            )
        )
    parts += [_bands(style), _pipes(style, rng), _roofline(style)]
    return merged(parts), openings


def placed(openings: Mapping[str, tuple[float, float, float]], by: Floats) -> Openings:
    """Openings of a house that was moved."""
    spots = {name: by[:3, :3] @ np.array(at) + by[:3, 3] for name, at in openings.items()}
    return {name: (float(at[0]), float(at[1]), float(at[2])) for name, at in spots.items()}


def block(rng: np.random.Generator, area: Rect, floors: int, *, night: bool) -> Mesh:
    """A far house: a box, windows on the sides toward the origin, paled by the air between."""
    west, south, east, north = area
    tall, air = floors * 2.95, np.array([0.36, 0.39, 0.42])
    base = 0.62 * np.array(tinted(rng, str(rng.choice(WALLS)))) + 0.3 * air
    hut = (west + 2, south + 2, tall, west + 6, south + 6, tall + 2.6)
    body = boxes([(west, south, 0, east, north, tall), hut], base, Material.PLASTER)
    corners = np.concatenate([
        _panes((west, east), south - 0.03 if south + north > 0 else north + 0.03, floors),
        _panes((south, north), west - 0.03 if west + east > 0 else east + 0.03, floors)[..., [1, 0, 2]],
    ])  # fmt: skip
    lit = rng.random(len(corners)) < 0.3
    tone = 0.5 * base * rng.uniform(0.4, 0.9, (len(corners), 1)) + 0.02
    glow = 0.6 * _LIT[rng.integers(len(_LIT), size=len(corners))]
    material = Material.GLOWING if night else Material.PLAIN
    shown = quads(corners[lit], (glow if night else tone)[lit], material)
    return merged([body, quads(corners[~lit], tone[~lit], Material.PLAIN), shown])


def skyline(rng: np.random.Generator, *, night: bool, count: int = 11) -> Mesh:
    """Far houses all round, 80 to 150 m from the origin."""
    parts = []
    for angle in np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.uniform(-0.15, 0.15, count):
        far = rng.uniform(80, 150)
        x, y = far * np.cos(angle), far * np.sin(angle)
        wide, deep = rng.uniform(14, 30), rng.uniform(12, 20)
        area = (x - wide / 2, y - deep / 2, x + wide / 2, y + deep / 2)
        parts.append(block(rng, area, int(rng.integers(5, 17)), night=night))
    return merged(parts)


def _panes(ends: tuple[float, float], y: float, floors: int) -> Reals:
    """``(n, 4, 3)`` windows of a wall between two x."""
    at = np.arange(ends[0] + 1.2, ends[1] - 2.3, 3.1)
    u, z = (part.ravel() for part in np.meshgrid(at, 0.95 + 2.95 * np.arange(floors)))
    wide = np.where(np.arange(len(u)) % len(at) % 3 == 0, 2.2, 1.4)
    level = np.full_like(u, y)
    edges = ((u, z), (u + wide, z), (u + wide, z + 1.4), (u, z + 1.4))
    return np.stack([np.stack([a, level, b], -1) for a, b in edges], 1)


def _bay(
    style: Style, at: tuple[int, int], frame: Rgb, rng: np.random.Generator, *, night: bool
) -> tuple[str, tuple[float, float, float], Mesh]:
    """One bay of one storey: its name, where its opening is, its mesh; own metres from its corner."""
    storey, column = at
    middle = style.bay_m / 2
    if column == style.stair:
        if storey == 1:
            return "stairwell", (middle, -0.05, 1.9), _entrance(style, rng)
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
    parts = [_holed(style, hole), _pane(hole, frame, rng, lit=_lit(rng, style, night=night))]
    sill = [(hole[0] - 0.1, -0.12, low - 0.07, hole[2] + 0.1, 0.02, low),
            (hole[0] - 0.15, -0.32, high + 0.08, hole[2] + 0.15, 0.02, high + 0.14)]  # fmt: skip
    parts.append(boxes(sill, dim(style.wall, 0.85), Material.CONCRETE))
    if rng.random() < 0.5:
        parts.append(_cage(hole, rng))
    if rng.random() < 0.55:
        side = 1 if rng.random() < 0.5 else -1
        x = style.bay_m / 2 + side * (half + 0.35)
        parts.append(_conditioner(rng).moved(shift(min(max(x, 0.45), style.bay_m - 0.45), 0, 0.12)))
    return merged(parts)


def _balcony(style: Style, frame: Rgb, rng: np.random.Generator, *, night: bool) -> Mesh:
    """A slab with a parapet; most owners have glazed it in."""
    low, high, out = 0.12, style.bay_m - 0.12, 1.15
    hole = (0.5, 0.1, style.bay_m - 0.5, 2.45)
    glazed, lit = rng.random() < 0.6, _lit(rng, style, night=night)
    trim = dim(style.wall, rng.uniform(0.72, 1.1))
    body = [(low, -out, -0.1, high, 0, 0.04), (low, -out, 0.04, high, -out + 0.1, 1.0),
            (low, -out, 0.04, low + 0.1, 0, 1.0), (high - 0.1, -out, 0.04, high, 0, 1.0)]  # fmt: skip
    parts = [
        _holed(style, hole),
        boxes(body, trim, style.material),
        _pane(hole, frame, rng, lit=lit and not glazed),
    ]
    rail = boxes(
        [(low - 0.02, -out - 0.03, 1.0, high + 0.02, -out + 0.13, 1.06)],
        CONCRETE,
        Material.CONCRETE,
    )
    if glazed:
        front = _pane((low + 0.03, 1.06, high - 0.03, style.storey_m - 0.12), frame, rng, lit=lit)
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
                front.moved(shift(0, -out - _DEEP_M + 0.07)),
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
            _laundry(rng, low + 0.2, high - 0.2, -out + 0.41),
        ]
    )


def _laundry(rng: np.random.Generator, low: float, high: float, y: float) -> Mesh:
    """Clothes on a line."""
    codes = ("#7a7f8c", "#8f5d58", "#a9a49a", "#4d5a6b", "#6f7a6a", "#b39f86", "#3c3d44")
    parts, x = [], low + rng.uniform(0, 0.8)
    while x < high - 0.5:
        wide, long_ = rng.uniform(0.3, 0.6), rng.uniform(0.45, 0.9)
        hang = [
            [
                (x, y, 2.34),
                (x + wide, y, 2.34),
                (x + 0.94 * wide, y + rng.uniform(-0.08, 0.08), 2.34 - long_),
                (x + 0.05, y, 2.34 - long_),
            ]
        ]
        parts.append(quads(hang, tinted(rng, str(rng.choice(codes)), 0.3), Material.CLOTH))
        x += wide + rng.uniform(0.05, 0.7)
    return merged(parts)


def _cage(hole: tuple[float, float, float, float], rng: np.random.Generator) -> Mesh:
    """A burglar cage, of steel or rusty iron, standing a hand or two out of the wall."""
    out = rng.choice([0.12, 0.45])
    x0, z0, x1, z1 = hole[0] - 0.08, hole[1] - 0.05, hole[2] + 0.08, hole[3] + 0.05
    bars = [
        (x - 0.009, -out - 0.009, z0, x + 0.009, -out + 0.009, z1) for x in np.linspace(x0, x1, 13)
    ]
    bars += [
        (x0, -out - 0.012, z - 0.012, x1, -out + 0.012, z + 0.012) for z in np.linspace(z0, z1, 4)
    ]
    for x in (x0, x1):
        bars += [(x - 0.01, -out, z - 0.01, x + 0.01, 0, z + 0.01) for z in np.linspace(z0, z1, 4)]
    if out > 0.3:
        bars.append((x0, -out, z0 - 0.015, x1, 0, z0))
    iron = tinted(rng, str(rng.choice(["#9b9fa0", "#6f5a4c", "#8d8f8e"])), 0.2)
    return boxes(bars, iron, Material.METAL, 3)


def _conditioner(rng: np.random.Generator) -> Mesh:
    """The outdoor half of an air conditioner on its brackets, its fan to the street."""
    white = tinted(rng, "#b5b3a8", 0.2)
    turn_ = np.linspace(0, 2 * np.pi, 13)[:-1]
    fan = np.column_stack(
        [-0.13 + 0.23 * np.cos(turn_), np.full(12, -0.431), 0.29 + 0.23 * np.sin(turn_)]
    )
    middle = np.tile([-0.13, -0.432, 0.29], (6, 1))
    blades = np.stack([middle, fan[::2], fan[1::2], np.roll(fan[::2], -1, axis=0)], 1)
    hose = tube(
        [(0.42, -0.25, 0.1), (0.5, -0.12, 0.4), (0.45, 0.02, 0.75)],
        0.03,
        srgb("#b0aea4"),
        Material.PLASTIC,
        sides=5,
    )
    feet = [(x, -0.42, -0.06, x + 0.04, 0.02, 0) for x in (-0.3, 0.26)]
    return merged([
        boxes([(-0.42, -0.43, 0, 0.42, -0.12, 0.58)], white, Material.PAINT),
        quads(blades, dim(white, 0.18), Material.PLAIN), boxes(feet, dim(STEEL, 0.5), Material.METAL), hose,
    ])  # fmt: skip


def _pane(
    hole: tuple[float, float, float, float], frame: Rgb, rng: np.random.Generator, *, lit: bool
) -> Mesh:
    """Two or three sashes behind a frame; curtains show as paler or warmer halves."""
    x0, z0, x1, z1 = hole
    sashes = 3 if x1 - x0 > 1.9 else 2
    xs, y = np.linspace(x0, x1, sashes + 1), _DEEP_M
    corners = [
        [(a, y, z0), (b, y, z0), (b, y, z1), (a, y, z1)]
        for a, b in zip(xs[:-1], xs[1:], strict=True)
    ]
    curtain = np.array(
        tinted(rng, str(rng.choice(["#56524a", "#3c4247", "#5e5347", "#2b2d2e"])), 0.3)
    )
    drawn = rng.random((sashes, 1)) < 0.4
    color = np.where(drawn, 0.5 * curtain, np.array([0.018, 0.022, 0.025]))
    glow = (
        _LIT[rng.integers(len(_LIT))]
        * np.where(drawn, 0.45, 1.0)
        * rng.uniform(0.5, 1.0, (sashes, 1))
    )
    bars = [(x - 0.03, y - 0.05, z0, x + 0.03, y + 0.01, z1) for x in xs]
    bars += [
        (x0, y - 0.05, z - 0.03, x1, y + 0.01, z + 0.03)
        for z in (z0 + 0.03, z1 - 0.03, z0 + 0.68 * (z1 - z0))
    ]
    material = Material.GLOWING if lit else Material.GLASS
    return merged(
        [quads(corners, glow if lit else color, material), boxes(bars, frame, Material.PAINT, 3)]
    )


def _entrance(style: Style, rng: np.random.Generator) -> Mesh:
    """The stairwell's dark door under a slab, with letter boxes beside it."""
    middle = style.bay_m / 2
    hole = (middle - 0.85, 0.0, middle + 0.85, 2.35)
    dark = [[(hole[0], 1.6, 0), (hole[2], 1.6, 0), (hole[2], 1.6, 2.35), (hole[0], 1.6, 2.35)],
            [(hole[0], 0, 0), (hole[0], 1.6, 0), (hole[0], 1.6, 2.35), (hole[0], 0, 2.35)],
            [(hole[2], 0, 0), (hole[2], 1.6, 0), (hole[2], 1.6, 2.35), (hole[2], 0, 2.35)]]  # fmt: skip
    leaf = boxes(
        [(hole[0], 0.2, 0, hole[0] + 0.06, 1.05, 2.1)], tinted(rng, "#55393a"), Material.PAINT
    )
    slab = boxes([(hole[0] - 0.5, -1.2, 2.5, hole[2] + 0.5, 0, 2.64), (hole[0] - 0.2, -0.5, 0, hole[2] + 0.2, 0.1, 0.05)],
                 CONCRETE, Material.CONCRETE)  # fmt: skip
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
    parts = [_holed(style, hole), boxes([(0.04, -0.28, low, style.bay_m - 0.04, 0, high)], sign, Material.PAINT),
             boxes([(0.0, -0.3, high - 0.01, style.bay_m, 0, high + 0.03)], dim(STEEL, 0.7), Material.METAL)]  # fmt: skip
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
        parts.append(_pane(hole, dim(STEEL, 0.9), rng, lit=lit))
        parts.append(
            boxes([(hole[0], 0.09, 0, hole[2], 0.15, 0.28)], dim(sign, 0.8), Material.TILE)
        )
    if awning:
        cloth = tinted(rng, str(rng.choice(["#4d6379", "#5d6a52", "#7c4a43", "#86806f"])), 0.2)
        x1 = style.bay_m - 0.1
        parts.append(quads([[(0.1, -1.5, 2.25), (x1, -1.5, 2.25), (x1, -0.2, 2.62), (0.1, -0.2, 2.62)],
                            [(0.1, -1.5, 2.05), (x1, -1.5, 2.05), (x1, -1.5, 2.25), (0.1, -1.5, 2.25)]], cloth, Material.CLOTH))  # fmt: skip
    return merged(parts)


def _holed(style: Style, hole: tuple[float, float, float, float]) -> Mesh:
    """The wall of one bay around its opening, and the depth of the wall in it."""
    (a, c, b, d), w, h = hole, style.bay_m, style.storey_m
    rects = [(0, 0, a, h), (b, 0, w, h), (a, 0, b, c), (a, d, b, h)]
    front = [[(p, 0, q), (r, 0, q), (r, 0, s), (p, 0, s)] for p, q, r, s in rects]
    y = _DEEP_M
    depth = [[(a, 0, c), (b, 0, c), (b, y, c), (a, y, c)], [(a, y, d), (b, y, d), (b, 0, d), (a, 0, d)],
             [(a, 0, c), (a, y, c), (a, y, d), (a, 0, d)], [(b, y, c), (b, 0, c), (b, 0, d), (b, y, d)]]  # fmt: skip
    return merged(
        [
            quads(front, style.wall, style.material),
            quads(depth, dim(style.wall, 0.72), Material.PLASTER),
        ]
    )


def _shell(style: Style) -> Mesh:
    """The other three walls and the roof."""
    w, d, h = style.width_m, style.deep_m, style.height_m
    faces: npt.ArrayLike = [
        [(w, 0, 0), (w, d, 0), (w, d, h), (w, 0, h)],
        [(w, d, 0), (0, d, 0), (0, d, h), (w, d, h)],
        [(0, d, 0), (0, 0, 0), (0, 0, h), (0, d, h)],
    ]
    top = quads(
        [[(0, 0, h), (w, 0, h), (w, d, h), (0, d, h)]], dim(CONCRETE, 0.8), Material.CONCRETE
    )
    return merged([quads(faces, dim(style.wall, 0.9), style.material), top])


def _bands(style: Style) -> Mesh:
    """String courses, a plinth, and expansion joints that part one stretch of wall from the next."""
    w, h = style.width_m, style.storey_m
    plinth = [] if style.shops else [(-0.04, -0.05, 0, w + 0.04, 0.0, 0.5)]
    courses = [
        (-0.03, -0.045, k * h - 0.06, w + 0.03, 0.01, k * h + 0.08) for k in range(1, style.floors)
    ]
    gaps = [
        (style.bay_m * k - 0.02, -0.012, 0.5, style.bay_m * k + 0.02, 0, style.height_m)
        for k in range(0, style.columns, 4)
    ]
    parts = [boxes(courses + gaps, dim(style.wall, 0.78), Material.CONCRETE)]
    if plinth:
        left = style.bay_m * (style.stair - 1) + style.bay_m / 2 - 0.9 if style.stair else w
        split = [(-0.04, -0.05, 0, left, 0.0, 0.5), (left + 1.8, -0.05, 0, w + 0.04, 0.0, 0.5)]
        parts.append(
            boxes(split if style.stair else plinth, dim(style.wall, 0.55), Material.CONCRETE)
        )
    return merged(parts)


def _pipes(style: Style, rng: np.random.Generator) -> Mesh:
    """Down-pipes and telecom cables as they were once tacked to the wall."""
    grey, parts = tinted(rng, "#a7a59c"), []
    for column in range(1, style.columns):
        if rng.random() < 0.45 and not (style.shops and style.floors < 2):
            x = column * style.bay_m + rng.uniform(-0.08, 0.08)
            low = 3.2 if style.shops else 0.25
            parts.append(
                tube(
                    [(x, -0.09, low), (x, -0.09, style.height_m)],
                    0.055,
                    grey,
                    Material.PLASTIC,
                    sides=6,
                )
            )
    for _ in range(4):
        z = style.storey_m + rng.uniform(-0.35, 0.5)
        x = np.linspace(0, style.width_m, 3 * style.columns)
        line = np.column_stack([x, np.full_like(x, -0.07), z + rng.uniform(-0.07, 0.07, len(x))])
        parts.append(tube(line, rng.uniform(0.008, 0.016), _CABLE, Material.RUBBER, sides=4))
    return merged(parts)


def _roofline(style: Style) -> Mesh:
    """A parapet, and a ledge under it."""
    w, d, h = style.width_m, style.deep_m, style.height_m
    walls = [
        (0, -0.02, h, w, 0.2, h + 0.9),
        (0, d - 0.2, h, w, d, h + 0.9),
        (0, 0.2, h, 0.2, d - 0.2, h + 0.9),
        (w - 0.2, 0.2, h, w, d - 0.2, h + 0.9),
    ]
    ledge = boxes(
        [(-0.1, -0.35, h - 0.12, w + 0.1, 0.0, h + 0.02)], dim(style.wall, 0.7), Material.CONCRETE
    )
    return merged([boxes(walls, dim(style.wall, 0.92), Material.PLASTER), ledge])


def _lit(rng: np.random.Generator, style: Style, *, night: bool) -> bool:
    """Whether somebody is at home with the lamp on; the draw is made by day as well."""
    return bool(rng.random() < style.lit) and night
