"""Innocent things that look like an offence: what hangs, what stands about, what is there always.

None has a label. What belongs on a wall has its wall behind it at x = 0; lines span along y.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.assets.asset import Asset
from models.scenes.assets.cable import SHEATHS, THINNEST_M, Xyz, catenary
from models.scenes.assets.waste import WOODS, lumps, soft_box, varied
from models.scenes.mesh import (
    Material,
    Mesh,
    Rgb,
    ball,
    box,
    loft,
    merged,
    polygon,
    quad,
    shift,
    smooth_normals,
    srgb,
    tube,
    turn,
)

Points = npt.NDArray[np.float64]
Made = tuple[Mesh, Mapping[str, Xyz]]
Make = Callable[[np.random.Generator], Made]

CLOTHES: Final = (
    "#9aa3ad",
    "#5b6b80",
    "#b7b2a8",
    "#7a4a4c",
    "#3e434b",
    "#8f9a80",
    "#c3bcae",
    "#a5838c",
    "#4d6a76",
)
BINS: Final = ("#3d6b4c", "#46668f", "#5d6266", "#3a3d3f", "#8a4038")
AWNINGS: Final = ("#5a7896", "#7c8c6a", "#96604c", "#a39a86", "#6a7078")
LEAF_GREENS: Final = ("#4d6337", "#5c7040", "#3f5634", "#6b7a45")
DOWN: Final = np.array([0.0, 0.0, -1.0])


def lookalike(kind: str, seed: int) -> Asset:
    """One of the things of ``KINDS``; lines have the anchors "high" and "low"."""
    mesh, anchors = KINDS[kind](np.random.default_rng((seed, sorted(KINDS).index(kind), 31)))
    return Asset(kind, "", mesh, anchors)


def washing_line(rng: np.random.Generator) -> Made:
    """A line between two posts, clothes and sheets on it."""
    span, high = rng.uniform(2.6, 4.6), rng.uniform(1.7, 2.1)
    steel = varied(rng, srgb("#8b8d8c"), 0.15)
    ends = np.array([(0, -span / 2, high), (0, span / 2, high)])
    line = catenary(ends, rng.uniform(1.003, 1.015), DOWN)
    parts = [tube(line, THINNEST_M * 0.7, srgb("#b9b7ae"), Material.CLOTH, sides=5)]
    for side in (-1, 1):
        foot = side * (span / 2 + 0.02)
        parts.append(tube([(0, foot, 0), (0, foot, high + 0.08)], 0.024, steel, Material.METAL))
        parts.append(box((0.4, 0.3, 0.1), srgb("#85827b"), Material.CONCRETE).moved(shift(0, foot)))
    at = -span / 2 + 0.25
    while at < span / 2 - 0.6:
        cloth, wide = _garment(rng)
        hung = float(np.interp(at + wide / 2, line[:, 1], line[:, 2]))
        parts.append(cloth.moved(shift(0, at + wide / 2, hung)))
        at += wide + rng.uniform(0.03, 0.25)
    return merged(parts), {"high": (0.0, span / 2, high), "low": (0.0, -span / 2, high)}


def telecom_bundle(rng: np.random.Generator) -> Made:
    """Lines that have always been there, bundled and looped between two poles."""
    span, high = rng.uniform(14, 26), rng.uniform(5.2, 7.0)
    parts = [_pole(rng, side * span / 2, high + 0.7) for side in (-1, 1)]
    ends = np.array([(0, -span / 2, high), (0, span / 2, high)])
    for _ in range(int(rng.integers(4, 9))):
        jog = rng.normal(0, 0.05, (2, 3)) * np.array([1, 0, 1.6])
        sag = rng.uniform(1.002, 1.008)
        path = catenary(ends + jog, sag, DOWN)
        radius = rng.uniform(0.009, 0.024)
        parts.append(
            tube(path, radius, varied(rng, srgb("#202124"), 0.3), Material.RUBBER, sides=5)
        )
    coil_at = -span / 2 + rng.uniform(0.8, 2.0)
    round_ = np.linspace(0, 2 * np.pi * 3, 42)
    reach = rng.uniform(0.18, 0.3) * (1 + 0.06 * np.sin(round_ * 0.7))
    coil = [
        0.03 * np.sin(round_ * 0.4),
        coil_at + reach * np.cos(round_),
        high - 0.35 + reach * np.sin(round_),
    ]
    parts.append(tube(np.column_stack(coil), 0.011, srgb("#1d1e20"), Material.RUBBER, sides=5))
    splice = [(0, span * 0.2, high - 0.22), (0, span * 0.2 + 0.5, high - 0.24)]
    parts.append(tube(splice, 0.07, srgb("#26282a"), Material.RUBBER))
    return merged(parts), {"high": (0.0, span / 2, high), "low": (0.0, -span / 2, high)}


def hose(rng: np.random.Generator) -> Made:
    """A garden hose from a tap on the wall to the ground, and on over it."""
    tap = rng.uniform(0.5, 1.0)
    albedo = varied(rng, srgb(str(rng.choice(["#5b7a4f", "#a58c3e", "#4f7391", "#8a5a4c"]))), 0.12)
    turns = np.cumsum(rng.normal(0, 20, 26)) + rng.uniform(-40, 40)
    steps = 0.14 * np.column_stack([np.cos(np.radians(turns)), np.sin(np.radians(turns))])
    over = np.cumsum(steps, axis=0) + np.array([0.3, 0])
    over[:, 0] = np.maximum(over[:, 0], 0.12)
    drop = np.array(
        [(0.12, 0, tap - 0.03), (0.17, 0, tap - 0.1), (0.19, 0.01, tap * 0.5), (0.22, 0.01, 0.1)]
    )
    path = np.vstack([drop, np.column_stack([over, np.full(len(over), 0.014)])])
    brass = srgb("#8a7544")
    parts = [
        tube(_smooth(path), 0.012, albedo, Material.RUBBER, sides=6),
        tube(
            [(-0.02, 0, tap), (0.11, 0, tap), (0.13, 0, tap - 0.05)], 0.013, brass, Material.METAL
        ),
        box((0.012, 0.07, 0.02), brass, Material.METAL).moved(shift(0.06, 0, tap + 0.02)),
    ]
    x, y = over[-1].tolist()
    return merged(parts), {"high": (0.12, 0.0, tap), "low": (x, y, 0.014)}


def rope(rng: np.random.Generator) -> Made:
    """A thick rope from a hook down to its own coil on the ground."""
    high = rng.uniform(2.4, 4.5)
    albedo = varied(rng, srgb(str(rng.choice(["#a3916c", "#b5b1a4", "#5f7f95", "#6d7a4e"]))), 0.12)
    fall = np.linspace(high, 0.12, 24)
    sway = 0.05 * np.sin(np.linspace(0, rng.uniform(2, 5), 24))
    hung = np.column_stack([0.1 + sway, 0.6 * sway, fall])
    round_ = np.linspace(0, 2 * np.pi * 3.5, 50)
    reach = np.linspace(0.24, 0.12, 50) + 0.02 * np.sin(round_ * 1.3)
    coil = np.column_stack(
        [0.1 + reach * np.cos(round_), reach * np.sin(round_), np.linspace(0.02, 0.08, 50)]
    )
    radius = rng.uniform(0.011, 0.017)
    parts = [tube(path, radius, albedo, Material.CLOTH, sides=6) for path in (hung, coil)]
    for z in rng.uniform(0.6, high - 0.4, int(rng.integers(0, 3))).tolist():
        x, y = np.interp(z, fall[::-1], hung[::-1, 0]), np.interp(z, fall[::-1], hung[::-1, 1])
        knot = [(x, y, z - 0.03), (x, y, z - 0.015), (x, y, z + 0.015), (x, y, z + 0.03)]
        parts.append(tube(knot, [0.015, 0.033, 0.033, 0.015], albedo, Material.CLOTH, sides=6))
    hook = [(-0.02, 0, high), (0.1, 0, high), (0.1, 0, high - 0.04)]
    parts.append(tube(hook, 0.01, srgb("#55534f"), Material.METAL, sides=5))
    return merged(parts), {"high": (0.1, 0.0, high), "low": (0.1, 0.0, 0.02)}


def drain_pipe(rng: np.random.Generator) -> Made:
    """A pipe down the wall in its brackets, its foot turned out over the ground."""
    high, radius = rng.uniform(3.0, 9.0), rng.uniform(0.038, 0.056)
    albedo = varied(rng, srgb(str(rng.choice(["#bfbdb5", "#a8a59b", "#8c8f8e", "#6d5a4c"]))), 0.1)
    x = radius + 0.03
    path = [
        (x, 0, high),
        (x, 0, 0.34),
        (x + 0.02, 0, 0.24),
        (x + 0.13, 0, 0.13),
        (x + 0.17, 0, 0.1),
    ]
    parts = [tube(path, radius, albedo, Material.PAINT, sides=10)]
    for z in np.arange(0.6, high - 0.2, rng.uniform(1.2, 2.0)).tolist():
        parts.append(
            tube([(x, 0, z), (x, 0, z + 0.06)], radius * 1.18, albedo, Material.PAINT, sides=10)
        )
        parts.append(
            box((x, 0.03, 0.03), srgb("#77746f"), Material.METAL).moved(shift(x / 2, 0, z))
        )
    return merged(parts), {"high": (x, 0.0, high), "low": (x + 0.17, 0.0, 0.1)}


def loose_cable(rng: np.random.Generator) -> Made:
    """A dead cable: it hangs from above and ends in the air, or on the ground beside nothing."""
    high = rng.uniform(3.5, 7.0)
    end = float(rng.choice([0.012, rng.uniform(0.8, 2.4)]))
    albedo = varied(rng, srgb(str(rng.choice(SHEATHS))), 0.15)
    curl = np.linspace(0, 1, 30)
    side = rng.uniform(0.1, 0.5) * curl**2 * np.array([[1.0], [rng.choice([-1, 1])]])
    kink = 0.03 * lumps(rng, 0.9)(np.column_stack([curl * 3, curl, curl])) * curl
    path = np.column_stack([0.04 + side[0] + kink, side[1] - kink, high + (end - high) * curl])
    if end < 0.1:
        turns = np.cumsum(rng.normal(0, 25, 9))
        run = 0.1 * np.column_stack([np.cos(np.radians(turns)), np.sin(np.radians(turns))])
        over = path[-1, :2] + np.cumsum(run, axis=0)
        path = np.vstack([path, np.column_stack([over, np.full(9, end)])])
    low = path[-1].tolist()
    mesh = tube(path, THINNEST_M, albedo, Material.PAINT, sides=6)
    return mesh, {"high": (0.04, 0.0, high), "low": (low[0], low[1], low[2])}


def awning(rng: np.random.Generator) -> Made:
    """Cloth over a shop front, plain or striped, with a scalloped hem."""
    wide, out, high = rng.uniform(2.2, 4.2), rng.uniform(0.9, 1.6), rng.uniform(2.5, 3.0)
    albedo = varied(rng, srgb(str(rng.choice(AWNINGS))), 0.12)
    other = varied(rng, srgb("#c2bcae"), 0.1) if rng.random() < 0.5 else albedo
    drop = rng.uniform(0.35, 0.7)
    edges = np.linspace(-wide / 2, wide / 2, int(wide / 0.24) + 1)
    sag = np.linspace(0, 1, 4)
    parts = []
    for k in range(len(edges) - 1):
        paint, (a, b) = (albedo, other)[k % 2], edges[k : k + 2].tolist()
        zs = high - drop * sag - 0.05 * np.sin(np.pi * sag)
        for i in range(3):
            (u, v), (p, q) = (sag[i : i + 2] * out), zs[i : i + 2]
            parts.append(quad([(u, a, p), (v, a, q), (v, b, q), (u, b, p)], paint, Material.CLOTH))
        foot = high - drop
        hem = [
            (out, a, foot),
            (out, a, foot - 0.14),
            (out, (a + b) / 2, foot - 0.2),
            (out, b, foot - 0.14),
            (out, b, foot),
        ]
        parts.append(polygon(hem, paint, Material.CLOTH))
    steel = srgb("#8a8b8a")
    for side in (-1, 1):
        y = side * (wide / 2 - 0.05)
        parts.append(
            tube(
                [(0, y, high - drop - 0.35), (out, y, high - drop)],
                0.015,
                steel,
                Material.METAL,
                sides=5,
            )
        )
    parts.append(
        tube([(0.04, -wide / 2, high), (0.04, wide / 2, high)], 0.05, steel, Material.METAL)
    )
    return merged(parts), {"high": (0.0, 0.0, high), "low": (out, 0.0, high - drop - 0.2)}


def market_stall(rng: np.random.Generator) -> Made:
    """A table with crates of fruit and greens under a big umbrella."""
    wide, deep, high = rng.uniform(1.6, 2.4), 0.8, 0.72
    steel = srgb("#76787a")
    legs = [
        tube([(x, y, 0), (x, y, high)], 0.015, steel, Material.METAL, sides=5)
        for x in (-deep / 2 + 0.05, deep / 2 - 0.05)
        for y in (-wide / 2 + 0.05, wide / 2 - 0.05)
    ]
    parts = [
        *legs,
        box((deep, wide, 0.03), srgb("#8a7a60"), Material.WOOD).moved(shift(0, 0, high)),
    ]
    if rng.random() < 0.6:
        skirt = varied(rng, srgb(str(rng.choice(CLOTHES))), 0.1)
        parts.append(
            box((deep + 0.02, wide + 0.02, 0.4), skirt, Material.CLOTH).moved(
                shift(0, 0, high - 0.38)
            )
        )
    for y in np.arange(-wide / 2 + 0.22, wide / 2 - 0.1, 0.4).tolist():
        for x in (-0.19, 0.19):
            if rng.random() < 0.9:
                parts.append(_crate(rng).moved(shift(x, y, high + 0.03)))
    parts += [
        _crate(rng).moved(shift(rng.uniform(0.6, 0.9), rng.uniform(-wide, wide) / 2))
        for _ in range(rng.integers(0, 4))
    ]
    parts.append(_umbrella(rng, 2.3).moved(shift(-0.35, 0)))
    return merged(parts), {"high": (-0.35, 0.0, 2.4)}


def flower_pots(rng: np.random.Generator) -> Made:
    """Pots of all sizes in a row along the wall, something green in each."""
    parts, y = [], 0.0
    for _ in range(int(rng.integers(3, 9))):
        pot, wide = _potted(rng)
        parts.append(pot.moved(shift(rng.uniform(0.25, 0.4), y + wide / 2)))
        y += wide + rng.uniform(0.02, 0.2)
    return merged(parts).moved(shift(0, -y / 2)), {}


def wheelie_bin(rng: np.random.Generator) -> Made:
    """A 120 or 240 liter bin that stands in its place, its lid to +x."""
    albedo = varied(rng, srgb(str(rng.choice(BINS))), 0.12)
    size = float(rng.choice([0.86, 1.0]))
    return _wheelie(rng, albedo, size), {"top": (0.0, 0.0, 1.07 * size)}


def bin_row(rng: np.random.Generator) -> Made:
    """The bins of a collection point, a color for each sort, sometimes on a slab under a board."""
    count, size = int(rng.integers(2, 5)), float(rng.choice([0.9, 1.0]))
    colors = rng.permutation(np.array(BINS))[:count].tolist()
    parts = []
    for k, code in enumerate(colors):
        one = _wheelie(rng, varied(rng, srgb(code), 0.1), size)
        out = shift(rng.normal(0, 0.03), (k - (count - 1) / 2) * 0.68)
        parts.append(one.moved(out @ turn(rng.normal(0, 3))))
    if rng.random() < 0.5:
        wide = 0.68 * count + 0.3
        board = box((0.04, wide, 0.7), srgb("#51705c"), Material.PAINT).moved(shift(-0.55, 0, 1.25))
        sign = box((0.045, wide * 0.8, 0.28), srgb("#bdbcb2")).moved(shift(-0.55, 0, 1.5))
        posts = [
            tube(
                [(-0.57, s * wide * 0.45, 0), (-0.57, s * wide * 0.45, 1.98)],
                0.03,
                srgb("#777a7b"),
                Material.METAL,
            )
            for s in (-1, 1)
        ]
        parts += [board, sign, *posts]
    return merged(parts), {"top": (0.0, 0.0, 1.07 * size)}


def traffic_cone(rng: np.random.Generator) -> Made:
    high = rng.uniform(0.5, 0.75)
    orange = varied(rng, srgb(str(rng.choice(["#a8542f", "#b3623a", "#a04538"]))), 0.15)
    white = srgb("#b9b8b2")
    parts = [soft_box((0.36, 0.36, 0.035), 0.012, srgb("#2d2b2a"), Material.RUBBER)]
    levels = [0.035, 0.34, 0.52, 0.66, 0.82, 1.0]
    for k, (low, top) in enumerate(pairwise(levels)):
        radii = [0.13 - 0.1 * low, 0.13 - 0.1 * top]
        path = [(0, 0, low * high), (0, 0, top * high)]
        parts.append(tube(path, radii, white if k in (1, 3) else orange, Material.RUBBER, sides=14))
    return merged(parts), {"top": (0.0, 0.0, high)}


def bench(rng: np.random.Generator) -> Made:
    """A slatted bench with a back, on iron feet."""
    wide = rng.uniform(1.3, 1.8)
    wood, iron = varied(rng, srgb(str(rng.choice(WOODS))), 0.15), srgb("#3a3c3d")
    parts = []
    for x, z, lean in (
        (0.22, 0.43, 0),
        (0.1, 0.44, 0),
        (-0.02, 0.44, 0),
        (-0.14, 0.43, 0),
        (-0.23, 0.56, 78),
        (-0.26, 0.7, 78),
        (-0.29, 0.84, 78),
    ):
        slat = box((0.1, wide, 0.03), varied(rng, wood, 0.1), Material.WOOD)
        parts.append(slat.moved(turn(lean, "y")).moved(shift(x, 0, z)))
    for side in (-1, 1):
        y = side * (wide / 2 - 0.18)
        parts.append(
            tube(
                [(0.24, y, 0), (0.2, y, 0.42), (-0.16, y, 0.42), (-0.3, y, 0.9)],
                0.022,
                iron,
                Material.METAL,
                sides=6,
            )
        )
        parts.append(tube([(-0.3, y, 0), (-0.16, y, 0.42)], 0.022, iron, Material.METAL, sides=6))
    return merged(parts), {"seat": (0.0, 0.0, 0.47)}


def sandwich_board(rng: np.random.Generator) -> Made:
    """A shop's folding board, its writing to both sides."""
    wide, high = rng.uniform(0.5, 0.7), rng.uniform(0.85, 1.15)
    ground = varied(rng, srgb(str(rng.choice(["#33393a", "#b9b3a2", "#74463d", "#3f5a66"]))), 0.1)
    ink = srgb("#bdb9ab") if sum(ground) < 0.6 else srgb("#3a3f45")
    rim = varied(rng, srgb(str(rng.choice(WOODS))), 0.1)
    face = [
        box((0.02, wide, high), rim, Material.WOOD),
        box((0.024, wide - 0.08, high - 0.16), ground, Material.PAINT).moved(shift(0, 0, 0.1)),
    ]
    for k in range(int(rng.integers(3, 6))):
        long = (wide - 0.2) * rng.uniform(0.4, 1.0)
        tall = 0.1 if k == 0 else 0.045
        face.append(box((0.028, long, tall), ink).moved(shift(0, 0, high - 0.24 - 0.13 * k)))
    side = merged(face).moved(turn(-14, "y")).moved(shift(0.14, 0, 0))
    whole = merged(
        [
            side.moved(shift(high * 0.24 - 0.14, 0)),
            side.moved(shift(high * 0.24 - 0.14, 0)).moved(turn(180)),
        ]
    )
    return whole, {"top": (0.0, 0.0, high)}


KINDS: Final[Mapping[str, Make]] = MappingProxyType(
    {
        "washing-line": washing_line,
        "telecom-bundle": telecom_bundle,
        "hose": hose,
        "rope": rope,
        "drain-pipe": drain_pipe,
        "loose-cable": loose_cable,
        "awning": awning,
        "market-stall": market_stall,
        "flower-pots": flower_pots,
        "wheelie-bin": wheelie_bin,
        "bin-row": bin_row,
        "traffic-cone": traffic_cone,
        "bench": bench,
        "sandwich-board": sandwich_board,
    }
)


def _garment(rng: np.random.Generator) -> tuple[Mesh, float]:
    """Something washed, hung by its upper edge from the origin, and how wide it is along y."""
    albedo = varied(rng, srgb(str(rng.choice(CLOTHES))), 0.15)
    sort = str(rng.choice(["shirt", "trousers", "towel", "sheet"], p=[0.4, 0.25, 0.2, 0.15]))
    if sort == "shirt":
        w, h = rng.uniform(0.44, 0.58), rng.uniform(0.6, 0.78)
        sleeve = rng.uniform(0.2, 0.5)
        left = (
            _hanging(rng, (0.15, sleeve), albedo)
            .moved(turn(24, "x"))
            .moved(shift(0, -w / 2 - 0.03, -0.02))
        )
        right = (
            _hanging(rng, (0.15, sleeve), albedo)
            .moved(turn(-24, "x"))
            .moved(shift(0, w / 2 + 0.03, -0.02))
        )
        return merged([_hanging(rng, (w, h), albedo), left, right]), w + 0.4
    if sort == "trousers":
        w, h = rng.uniform(0.36, 0.44), rng.uniform(0.85, 1.05)
        legs = [
            _hanging(rng, (w * 0.48, h), albedo).moved(shift(0, s * w * 0.27, -0.12))
            for s in (-1, 1)
        ]
        return merged([_hanging(rng, (w, 0.26), albedo), *legs]), w
    wide = rng.uniform(0.35, 0.6) if sort == "towel" else rng.uniform(1.1, 1.5)
    return _hanging(rng, (wide, rng.uniform(0.6, 1.2)), albedo), wide


def _hanging(rng: np.random.Generator, wide_high: tuple[float, float], albedo: Rgb) -> Mesh:
    """A cloth in folds, its upper edge along y at z = 0."""
    wide, high = wide_high
    columns, rows = max(int(wide / 0.09), 3), 6
    y, down = np.meshgrid(np.linspace(-wide / 2, wide / 2, columns), np.linspace(0, 1, rows))
    fold = 0.028 * np.sin(y * rng.uniform(14, 24) + rng.uniform(0, 6)) * (0.4 + 0.8 * down)
    hem = high * down + 0.03 * np.sin(y * 6 + rng.uniform(0, 6)) * down
    points = np.stack([fold + 0.05 * down * rng.normal(), y * (1 - 0.05 * down), -hem], axis=-1)
    sheet = loft(
        np.concatenate([points, points[:, ::-1] - [0.008, 0, 0]], axis=1), albedo, Material.CLOTH
    )
    return sheet


def _pole(rng: np.random.Generator, y: float, high: float) -> Mesh:
    """A concrete pole with a bracket and a hoop of painted marks."""
    grey = varied(rng, srgb("#95928a"), 0.1)
    shaft = tube([(0, y, 0), (0, y, high)], [0.16, 0.1], grey, Material.CONCRETE, sides=10)
    arm = box((0.7, 0.07, 0.07), srgb("#5e605f"), Material.METAL).moved(shift(0, y, high - 0.75))
    return merged([shaft, arm])


def _crate(rng: np.random.Generator) -> Mesh:
    """A shallow crate heaped with one sort of fruit or greens."""
    shell = varied(rng, srgb(str(rng.choice(["#4d6f8c", "#8a7a5c", "#556b50", "#8c5148"]))), 0.15)
    fruit = srgb(
        str(rng.choice(["#9c4a33", "#a97b35", "#5f7a3a", "#8a9a52", "#6b3a44", "#a9854a"]))
    )
    rim = box((0.35, 0.37, 0.14), shell, Material.PAINT)
    berry = [(0, 0, -0.04), (0, 0, 0), (0, 0, 0.036)]
    heap = [
        tube(berry, [0.01, 0.047, 0.012], varied(rng, fruit, 0.2), Material.PLAIN, sides=6).moved(
            shift(
                x + rng.normal(0, 0.012), y + rng.normal(0, 0.012), 0.15 + rng.uniform(-0.01, 0.03)
            )
        )
        for x in (-0.12, -0.04, 0.04, 0.12)
        for y in (-0.12, -0.04, 0.04, 0.12)
        if rng.random() < 0.85
    ]
    return merged([rim, *heap])


def _umbrella(rng: np.random.Generator, high: float) -> Mesh:
    albedo = varied(rng, srgb(str(rng.choice([*AWNINGS, "#8a4a44", "#3f6a5c"]))), 0.12)
    other = varied(rng, srgb("#bcb6a6"), 0.1) if rng.random() < 0.4 else varied(rng, albedo, 0.1)
    reach, parts = rng.uniform(1.0, 1.35), []
    around = np.linspace(0, 2 * np.pi, 9)
    rim = np.column_stack([reach * np.cos(around), reach * np.sin(around), np.full(9, high - 0.42)])
    for k in range(8):
        paint = (albedo, other)[k % 2]
        a, b = rim[k], rim[k + 1]
        flap = np.array([0, 0, -0.14])
        parts.append(polygon(np.stack([(0, 0, high), a, b]), paint, Material.CLOTH))
        parts.append(quad([a, a + flap, b + flap, b], paint, Material.CLOTH))
    parts.append(tube([(0, 0, 0), (0, 0, high)], 0.02, srgb("#8d8e8c"), Material.METAL, sides=6))
    parts.append(
        tube([(0, 0, 0), (0, 0, 0.12)], 0.22, srgb("#6f6d68"), Material.CONCRETE, sides=10)
    )
    return merged(parts)


def _potted(rng: np.random.Generator) -> tuple[Mesh, float]:
    """A pot with its plant, and how wide the pot is."""
    wide = rng.uniform(0.18, 0.46)
    tall = wide * rng.uniform(0.7, 1.05)
    clay = varied(
        rng, srgb(str(rng.choice(["#8a5a44", "#7d7a74", "#a8a59a", "#4b5157", "#5f7281"]))), 0.15
    )
    path = [(0, 0, 0), (0, 0, tall * 0.86), (0, 0, tall * 0.87), (0, 0, tall)]
    radii = wide / 2 * np.array([0.68, 0.93, 1.0, 1.0])
    parts = [tube(path, radii, clay, Material.CONCRETE, sides=12)]
    green = srgb(str(rng.choice(LEAF_GREENS)))
    reach, high = wide * rng.uniform(0.5, 0.95), rng.uniform(0.15, 0.7)
    for _ in range(int(rng.integers(14, 30))):
        way, rise = rng.uniform(0, 360), rng.uniform(0.1, 1.0)
        long = rng.uniform(0.5, 1.0) * reach
        half, tip = long * rng.uniform(0.1, 0.22), high * rise
        blade = [
            (0, 0, 0.0),
            (long * 0.5, -half, tip * 0.8),
            (long, 0, tip),
            (long * 0.5, half, tip * 0.8),
        ]
        leaf = polygon(blade, varied(rng, green, 0.3), Material.LEAVES)
        parts.append(leaf.moved(shift(0, 0, tall - 0.02) @ turn(way)))
    bush = ball((reach * 0.7, reach * 0.7, high * 0.42), green, Material.LEAVES, sides=10)
    rough = 1 + 0.25 * lumps(rng, 0.15)(bush.position.astype(np.float64))[:, None]
    points = bush.position * rough
    bush = replace(
        bush,
        position=points.astype(np.float32),
        normal=smooth_normals(points, bush.faces.astype(np.int64)),
    )
    parts.append(bush.moved(shift(0, 0, tall + high * 0.3)))
    return merged(parts), wide


def _wheelie(rng: np.random.Generator, albedo: Rgb, size: float) -> Mesh:
    """A wheeled bin, wider at the top, a worn label on its front, its lid shut or ajar."""
    levels = np.array([0.05, 0.12, 0.5, 0.9, 0.95, 0.96])
    grow = np.array([0.8, 0.84, 0.92, 1.0, 1.06, 1.06])
    section = soft_box((0.6, 0.56, 1.0), 0.06, albedo).position[24:36, :2].astype(np.float64)
    rings = [
        np.column_stack([section * g, np.full(12, z)]) for z, g in zip(levels, grow, strict=True)
    ]
    parts = [loft(np.stack(rings), albedo, Material.PAINT)]
    lid = soft_box((0.66, 0.62, 0.09), 0.04, varied(rng, albedo, 0.1), Material.PAINT)
    ajar = rng.uniform(8, 25) if rng.random() < 0.2 else 0.0
    lid = lid.moved(shift(0.33, 0)).moved(turn(-ajar, "y")).moved(shift(-0.33, 0, 0.96))
    grip = [(-0.37, -0.22, 1.0), (-0.4, -0.2, 1.02), (-0.4, 0.2, 1.02), (-0.37, 0.22, 1.0)]
    parts += [lid, tube(grip, 0.016, albedo, Material.RUBBER, sides=6)]
    for side in (-1, 1):
        hub = [(-0.24, side * 0.2, 0.1), (-0.24, side * 0.27, 0.1)]
        parts.append(tube(hub, 0.1, srgb("#1d1d1e"), Material.RUBBER, sides=12))
    label = box((0.012, 0.26, 0.2), varied(rng, srgb("#b5b4ac"), 0.15)).moved(turn(4, "y"))
    parts.append(label.moved(shift(0.275, 0, 0.58)))
    return merged(part.moved(np.diag([size, size, size, 1]).astype(np.float32)) for part in parts)


def _smooth(path: Sequence[Sequence[float]] | Points) -> Points:
    """The same way with its corners cut, twice."""
    points = np.asarray(path, np.float64)
    for _ in range(2):
        near, far = 0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]
        cut = np.stack([near, far], axis=1).reshape(-1, 3)
        points = np.vstack([points[:1], cut[1:-1], points[-1:]])
    return points
