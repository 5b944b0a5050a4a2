"""Cars and vans from a seed."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.scenes.assets.asset import Asset
from models.scenes.assets.bodywork import (
    PLATE_BLUE,
    PLATE_GREEN,
    Shape,
    lower_body,
    trimmings,
    upper_body,
)
from models.scenes.assets.skins import bar, both, dusty, mirrored, painted
from models.scenes.assets.wheels import ALLOY, DARK, STEEL, car_wheel
from models.scenes.mesh import Mesh, merged, scaled, shift

SEDAN: Final = Shape(
    (4.65, 1.80, 1.46), 2.68, 0.90, 0.32, 0.20, 0.93, (0.72, 0.96), (0.92, 1.01),
    (1.02, 0.22, -1.05, -1.72), 0.70, ((0.10, 0.24), (0.27, 0.56), (0.60, 0.90)),
)  # fmt: skip
HATCHBACK: Final = Shape(
    (4.05, 1.72, 1.50), 2.50, 0.82, 0.30, 0.19, 0.93, (0.74, 0.97), (0.92, 0.98),
    (1.00, 0.25, -1.55, -1.92), 0.71, ((0.08, 0.20), (0.24, 0.54), (0.58, 0.90)),
)  # fmt: skip
SUV: Final = Shape(
    (4.60, 1.86, 1.70), 2.68, 0.90, 0.36, 0.27, 1.07, (0.88, 1.10), (1.02, 1.10),
    (1.10, 0.38, -1.72, -2.14), 0.72, ((0.07, 0.22), (0.26, 0.55), (0.59, 0.91)),
)  # fmt: skip
MINIVAN: Final = Shape(
    (4.25, 1.66, 1.84), 2.70, 0.72, 0.30, 0.21, 1.02, (0.80, 1.04), (0.98, 1.02),
    (1.62, 0.86, -1.98, -2.08), 0.80, ((0.05, 0.32), (0.36, 0.63), (0.66, 0.92)),
)  # fmt: skip
PANEL_VAN: Final = Shape(
    (5.20, 1.98, 2.32), 3.20, 0.95, 0.34, 0.26, 1.18, (0.94, 1.22), (1.14, 1.18),
    (1.78, 0.98, -2.50, -2.56), 0.84, ((0.74, 0.93),),
)  # fmt: skip
STYLES: Final = {
    "car": ((SEDAN, 0.45), (HATCHBACK, 0.2), (SUV, 0.35)),
    "van": ((MINIVAN, 0.65), (PANEL_VAN, 0.35)),
}
PAINTS: Final = {
    "car": ("#d9dad8", "#d4d4d0", "#9b9ea1", "#6e7276", "#3a3d40", "#1e2022", "#22242a", "#7c1f22",
            "#27374f", "#5a4c40", "#a59b86", "#3f5a72"),
    "van": ("#d6d6d2", "#cfd0cc", "#b3b5b5", "#8a8d8f", "#5f6468", "#a89f90", "#3b4f6b"),
}  # fmt: skip


def car(kind: str, seed: int) -> Asset:
    """A "car" or "van"."""
    rng = np.random.default_rng(seed)
    styles = STYLES[kind]
    shape = styles[int(rng.choice(len(styles), p=[share for _, share in styles]))][0]
    paint = painted(str(rng.choice(PAINTS[kind])), float(rng.uniform(0, 0.18)))
    trim = DARK if shape in (SUV, MINIVAN, PANEL_VAN) else paint
    pillar = DARK if kind == "car" else paint
    plate = PLATE_GREEN if rng.random() < 0.3 else PLATE_BLUE
    parts = [
        lower_body(shape, paint, trim),
        upper_body(shape, paint, pillar),
        trimmings(shape, paint, plate),
        _wheels(shape, rng),
    ]
    if shape is SUV or rng.random() < 0.15:
        parts.append(_rails(shape))
    size = float(rng.uniform(0.97, 1.03))
    mesh = dusty(merged(parts).moved(scaled(size)), float(rng.uniform(0.1, 0.6)))
    return Asset(kind, "car" if kind == "car" else "truck", mesh, _anchors(shape, size))


def _wheels(shape: Shape, rng: np.random.Generator) -> Mesh:
    spokes = int(rng.choice([0, 5, 5, 6, 8, 10]))
    wheel = car_wheel(shape.wheel_r, 0.2, spokes=spokes, rim=ALLOY if rng.random() < 0.7 else STEEL)
    side = shape.lwh[1] / 2 - 0.125
    left = merged([wheel.moved(shift(axle, side)) for axle in shape.axles])
    return merged([left, mirrored(left)])


def _rails(shape: Shape) -> Mesh:
    """Roof rails."""
    _, front, rear, _ = shape.glass
    y, z = shape.lwh[1] / 2 * shape.roof - 0.09, shape.lwh[2] + 0.02
    ends = [(rear + 0.15, y, z - 0.06), (rear + 0.3, y, z), (front - 0.4, y, z)]
    return both(bar([*ends, (front - 0.2, y, z - 0.06)], 0.016, STEEL, sides=5))


def _anchors(shape: Shape, size: float) -> dict[str, tuple[float, float, float]]:
    length, width, _ = shape.lwh
    lamp = (length / 2 - 0.08, width * 0.36, shape.nose[0] - 0.12)
    at = {
        "headlight_left": lamp,
        "headlight_right": (lamp[0], -lamp[1], lamp[2]),
        "door_driver": (shape.glass[0] - 0.95, width / 2 + 0.45, 0.0),
        "tail": (-length / 2 - 0.6, 0.0, 0.0),
    }
    return {name: (x * size, y * size, z * size) for name, (x, y, z) in at.items()}
