"""What hangs on a façade: panes, burglar cages, air conditioners, washing."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from models.scenes.mesh import Material, Mesh, Rgb, merged, srgb, tube
from models.scenes.streets.parts import STEEL, boxes, dim, quads, tinted

LIT: Final = np.array([(0.42, 0.27, 0.11), (0.4, 0.33, 0.2), (0.3, 0.34, 0.36), (0.22, 0.11, 0.05)])
"""Lamplight behind windows, before curtains."""
DEEP_M: Final = 0.16
"""How far behind the wall's face panes lie."""


def laundry(rng: np.random.Generator, low: float, high: float, y: float) -> Mesh:
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


def cage(hole: tuple[float, float, float, float], rng: np.random.Generator) -> Mesh:
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


def conditioner(rng: np.random.Generator) -> Mesh:
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
    return merged(
        [
            boxes([(-0.42, -0.43, 0, 0.42, -0.12, 0.58)], white, Material.PAINT),
            quads(blades, dim(white, 0.18), Material.PLAIN),
            boxes(feet, dim(STEEL, 0.5), Material.METAL),
            hose,
        ]
    )


def pane(
    hole: tuple[float, float, float, float], frame: Rgb, rng: np.random.Generator, *, lit: bool
) -> Mesh:
    """Two or three sashes behind a frame; curtains show as paler or warmer halves."""
    x0, z0, x1, z1 = hole
    sashes = 3 if x1 - x0 > 1.9 else 2
    xs, y = np.linspace(x0, x1, sashes + 1), DEEP_M
    corners = [[(a, y, z0), (b, y, z0), (b, y, z1), (a, y, z1)] for a, b in pairwise(xs)]
    curtain = np.array(
        tinted(rng, str(rng.choice(["#56524a", "#3c4247", "#5e5347", "#2b2d2e"])), 0.3)
    )
    drawn = rng.random((sashes, 1)) < 0.4
    color = np.where(drawn, 0.5 * curtain, np.array([0.018, 0.022, 0.025]))
    glow = (
        LIT[rng.integers(len(LIT))]
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
