"""Houses: façades as Chinese housing has them, with balconies, stairwells and shops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from models.scenes.mesh import Floats, Material, Mesh, box, merged, shift, srgb, tube
from models.scenes.streets.bays import Style, bay
from models.scenes.streets.parts import CONCRETE, boxes, dim, quads, tinted

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


def house(style: Style, rng: np.random.Generator, *, night: bool) -> tuple[Mesh, Openings]:
    """A house whose façade is y = 0, from x = 0 to its width, and looks along -y."""
    frame = tinted(rng, str(rng.choice(["#c3c4c0", "#5b5650", "#8b8f90", "#41524a"])))
    parts, openings = [_shell(style)], Openings()
    for storey in range(1, style.floors + 1):
        for column in range(1, style.columns + 1):
            low = np.array([(column - 1) * style.bay_m, (storey - 1) * style.storey_m])
            name, at, mesh = bay(style, (storey, column), frame, rng, night=night)
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


def _shell(style: Style) -> Mesh:
    """The other three walls and the roof."""
    w, d, h = style.width_m, style.deep_m, style.height_m
    faces = np.array(
        [
            [(w, 0, 0), (w, d, 0), (w, d, h), (w, 0, h)],
            [(w, d, 0), (0, d, 0), (0, d, h), (w, d, h)],
            [(0, d, 0), (0, 0, 0), (0, 0, h), (0, d, h)],
        ]
    )
    top = quads(
        [[(0, 0, h), (w, 0, h), (w, d, h), (0, d, h)]], dim(CONCRETE, 0.8), Material.CONCRETE
    )
    return merged([quads(faces, dim(style.wall, 0.9), style.material), top])


def _bands(style: Style) -> Mesh:
    """String courses, a plinth, and joints that part one stretch of wall from the next."""
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
        at = np.linspace(0, style.width_m, style.columns + 3)
        line = np.column_stack([at, np.full_like(at, -0.07), z + rng.uniform(-0.07, 0.07, len(at))])
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
