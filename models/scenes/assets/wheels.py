"""Wheels that stand on z = 0 with their axle along y; y grows to the outer side."""

from __future__ import annotations

import numpy as np

from models.scenes.assets.skins import Coat, bar, lathe
from models.scenes.mesh import Material, Mesh, merged, polygon, shift, srgb, turn

TIRE: Coat = (srgb("#26262a"), Material.RUBBER)
DARK: Coat = (srgb("#1d1e20"), Material.RUBBER)
STEEL: Coat = (srgb("#8d9094"), Material.METAL)
ALLOY: Coat = (srgb("#a4a8ad"), Material.METAL)


def car_wheel(radius: float, width: float, *, spokes: int = 5, rim: Coat = ALLOY) -> Mesh:
    """A tire about an open rim of so many spokes; 0 spokes is a steel disc."""
    inner, half = radius * 0.66, width / 2
    tire = lathe(
        [
            (inner, half * 0.9),
            (radius * 0.9, half),
            (radius, half * 0.7),
            (radius, -half * 0.7),
            (radius * 0.9, -half),
            (inner, -half * 0.9),
        ],
        [TIRE],
    )
    lip = lathe(
        [(inner * 0.9, half * 0.55), (inner * 1.02, half * 0.93), (inner * 1.02, half * 0.8)],
        [rim, rim],
    )
    floor = lathe([(0.02, half * 0.5), (inner, half * 0.45), (inner, 0)], [DARK])
    hub = lathe(
        [(0.01, half * 0.9), (radius * 0.16, half * 0.84), (radius * 0.17, half * 0.5)], [rim]
    )
    if spokes:
        inside = [_spoke(inner, half, 360 * k / spokes, rim) for k in range(spokes)]
    else:
        disc = [(0.01, half * 0.4), (radius * 0.3, half * 0.75), (inner, half * 0.5), (inner, 0)]
        inside = [lathe(disc, [rim])]
    return merged([tire, lip, floor, hub, *inside]).moved(shift(0, 0, radius))


def spoked_wheel(radius: float, tire: float, *, spokes: int = 14, hub: float = 0.03) -> Mesh:
    """A bicycle's or motorcycle's: a thin tire of that thickness, a bright rim and wire spokes."""
    ring = _ring(radius - tire / 2, tire / 2, TIRE)
    rim = _ring(radius - tire - 0.008, 0.012, STEEL, sides=20)
    drum = lathe([(0.004, 0.05), (hub, 0.045), (hub, -0.045), (0.004, -0.05)], [STEEL], sides=10)
    wires = []
    for k in range(spokes):
        angle = 2 * np.pi * k / spokes
        c, s = float(np.cos(angle)), float(np.sin(angle))
        out, side = radius - tire - 0.01, 0.03 * (-1) ** k
        wires.append(bar([(hub * c, side, hub * s), (out * c, 0, out * s)], 0.0022, STEEL, sides=3))
    return merged([ring, rim, drum, *wires]).moved(shift(0, 0, radius))


def cast_wheel(radius: float, tire: float, *, motor: bool = False) -> Mesh:
    """A scooter's: a fat tire on a cast rim of three arms, or about a hub motor."""
    ring = _ring(radius - tire / 2, tire / 2, TIRE, sides=20)
    inner = radius - tire
    rim = lathe(
        [
            (inner * 0.88, 0.028),
            (inner * 1.04, 0.034),
            (inner * 1.04, -0.034),
            (inner * 0.88, -0.028),
        ],
        [STEEL],
        sides=18,
    )
    hub_r = inner * (0.82 if motor else 0.3)
    hub = lathe(
        [
            (0.01, 0.06),
            (hub_r * 0.6, 0.056),
            (hub_r, 0.035),
            (hub_r, -0.035),
            (hub_r * 0.6, -0.056),
            (0.01, -0.06),
        ],
        [DARK if motor else STEEL],
        sides=16,
    )
    arms = [
        bar([(0, 0, 0), (0, 0, inner)], 0.02, STEEL, sides=4).moved(turn(120 * k + 20, "y"))
        for k in range(0 if motor else 3)
    ]
    return merged([ring, rim, hub, *arms]).moved(shift(0, 0, radius))


def _spoke(inner: float, half: float, angle_deg: float, rim: Coat) -> Mesh:
    """A flat spoke on the outer side, from the hub to the lip."""
    near, far = inner * 0.17, inner * 0.24
    corners = [
        (-near, half * 0.84, 0.0),
        (-far, half * 0.78, inner * 0.98),
        (far, half * 0.78, inner * 0.98),
        (near, half * 0.84, 0.0),
    ]
    return polygon(corners, rim[0], rim[1]).moved(turn(angle_deg, "y"))


def _ring(radius: float, thick: float, coat: Coat, *, sides: int = 24) -> Mesh:
    """A torus about y."""
    round_ = np.linspace(0, 2 * np.pi, 7)
    profile = np.column_stack([radius - thick * np.cos(round_), -thick * np.sin(round_)])
    return lathe(profile, [coat], sides=sides)
