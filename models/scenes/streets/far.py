"""Houses too far to have doors: what closes the view."""

from __future__ import annotations

import numpy as np

from models.scenes.mesh import Material, Mesh, merged
from models.scenes.streets.facade import WALLS
from models.scenes.streets.fittings import LIT
from models.scenes.streets.parts import Reals, Rect, boxes, quads, tinted


def block(rng: np.random.Generator, area: Rect, floors: int, *, night: bool) -> Mesh:
    """A far house: a box, windows on the sides toward the origin, paled by the air between."""
    west, south, east, north = area
    tall, air = floors * 2.95, np.array([0.36, 0.39, 0.42])
    base = 0.62 * np.array(tinted(rng, str(rng.choice(WALLS)))) + 0.3 * air
    hut = (west + 2, south + 2, tall, west + 6, south + 6, tall + 2.6)
    body = boxes([(west, south, 0, east, north, tall), hut], base, Material.PLASTER)
    corners = np.concatenate(
        [
            _panes((west, east), south - 0.03 if south + north > 0 else north + 0.03, floors),
            _panes((south, north), west - 0.03 if west + east > 0 else east + 0.03, floors)[
                ..., [1, 0, 2]
            ],
        ]
    )
    lit = rng.random(len(corners)) < 0.3
    tone = 0.5 * base * rng.uniform(0.4, 0.9, (len(corners), 1)) + 0.02
    glow = 0.6 * LIT[rng.integers(len(LIT), size=len(corners))]
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
