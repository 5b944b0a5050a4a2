"""Electric cargo tricycles with an open bed, from a seed."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.scenes.assets.asset import Asset
from models.scenes.assets.bicycles import BLACK, handlebar, mirrors
from models.scenes.assets.bodywork import AMBER, GLASS, HEADLAMP, TAIL_LAMP
from models.scenes.assets.skins import Coat, bar, both, bulk, chalky, dusty, mixed, painted
from models.scenes.assets.wheels import DARK, STEEL, car_wheel, cast_wheel
from models.scenes.mesh import Material, Mesh, ball, box, merged, shift, srgb

PAINTS: Final = ("#2f5688", "#7d2a26", "#3d6b4c", "#2b4d7c", "#8a3028", "#7b8083", "#31566a")
FRONT_X, WHEEL_R = 1.12, 0.235


def tricycle(seed: int) -> Asset:
    """Open bed behind, the driver's bench before it, a motorcycle's front."""
    rng = np.random.default_rng(seed)
    paint = chalky(painted(str(rng.choice(PAINTS)), float(rng.uniform(0.0, 0.15))))
    length, width = float(rng.uniform(1.45, 1.8)), float(rng.uniform(0.95, 1.1))
    sides = float(rng.uniform(0.28, 0.42))
    axle = 0.1 - length * 0.55
    parts = [_bed(paint, (length, width, sides)), _driver(paint), _front(paint)]
    wheel = car_wheel(WHEEL_R, 0.11, spokes=0, rim=STEEL).moved(shift(axle, width / 2 - 0.02))
    parts.append(both(wheel))
    parts.append(bar([(axle, -width / 2, WHEEL_R), (axle, width / 2, WHEEL_R)], 0.045, DARK))
    parts.append(both(bar([(axle, 0.25, WHEEL_R + 0.06), (0.9, 0.1, 0.4)], 0.035, DARK)))
    if rng.random() < 0.45:
        parts.append(_canopy(paint))
    mesh = dusty(merged(parts), float(rng.uniform(0.2, 0.6)))
    anchors = {
        "saddle": (0.32, 0.0, 0.80),
        "bar": (0.76, 0.0, 1.06),
        "plug": (0.30, 0.26, 0.5),
        "battery": (0.30, 0.0, 0.45),
        "headlight": (1.06, 0.0, 0.92),
        "bed": (0.1 - length / 2, 0.0, 0.56),
    }
    return Asset("tricycle", "tricycle", mesh, anchors)


def _bed(paint: Coat, size: tuple[float, float, float]) -> Mesh:
    """Floor, ribbed sides, tail gate, lamps."""
    length, width, sides = size
    middle, z, half = 0.1 - length / 2, 0.54, width / 2
    worn: Coat = (mixed(paint[0], srgb("#75695a"), 0.6), Material.METAL)
    dark: Coat = (mixed(paint[0], (0.02, 0.02, 0.02), 0.35), Material.PLAIN)
    floor = box((length, width, 0.04), *worn).moved(shift(middle, 0, z - 0.02))
    frame = box((length - 0.1, 0.06, 0.1), *DARK).moved(shift(middle, 0.28, z - 0.12))
    wall = box((length, 0.025, sides), *paint).moved(shift(middle, half, z))
    rim = box((length + 0.03, 0.045, 0.035), *dark).moved(shift(middle, half, z + sides - 0.02))
    ribs = [
        box((0.045, 0.045, sides), *dark).moved(shift(float(x), half + 0.01, z))
        for x in np.linspace(middle - length / 2 + 0.03, middle + length / 2 - 0.03, 5)
    ]
    ends = [
        box((0.025, width, sides), *paint).moved(shift(middle + way * length / 2, 0, z))
        for way in (-1, 1)
    ]
    guard = box((0.5, 0.16, 0.02), *dark).moved(shift(0.1 - length * 0.55, half - 0.02, z - 0.03))
    lamp = box((0.03, 0.12, 0.08), *TAIL_LAMP).moved(shift(0.08 - length, half - 0.12, z - 0.12))
    return merged([floor, *ends, both(merged([wall, rim, frame, guard, lamp, *ribs]))])


def _driver(paint: Coat) -> Mesh:
    """The bench over the batteries, its backrest, the floor before it."""
    case = box((0.42, 0.62, 0.36), *paint).moved(shift(0.32, 0, 0.36))
    cushion = bulk(
        [
            (0.10, 0.76, 0.25, 0.02),
            (0.13, 0.76, 0.31, 0.055),
            (0.5, 0.75, 0.30, 0.055),
            (0.55, 0.74, 0.2, 0.02),
        ],
        BLACK,
        power=5,
    )
    back = bulk([(0.13, 0.88, 0.29, 0.03), (0.10, 1.08, 0.28, 0.03)], BLACK, upright=True, power=5)
    floor = box((0.55, 0.6, 0.04), *BLACK).moved(shift(0.72, 0, 0.34))
    edge = box((0.57, 0.64, 0.05), *paint).moved(shift(0.72, 0, 0.30))
    return merged([case, cushion, back, floor, edge])


def _front(paint: Coat) -> Mesh:
    """Wheel, fork, shield, lamp, bar."""
    wheel = cast_wheel(WHEEL_R, 0.085).moved(shift(FRONT_X, 0))
    fork = both(bar([(FRONT_X, 0.09, WHEEL_R), (1.0, 0.09, 0.62), (0.93, 0.07, 0.9)], 0.024, STEEL))
    over = WHEEL_R + 0.05
    rows = [
        (FRONT_X + over * np.cos(a), WHEEL_R + over * np.sin(a), 0.07, 0.022)
        for a in np.radians([165, 135, 105, 75, 45, 25])
    ]
    shield = bulk(
        [
            (0.90, 0.34, 0.28, 0.03),
            (0.95, 0.5, 0.29, 0.04),
            (0.96, 0.72, 0.24, 0.06),
            (0.93, 0.92, 0.15, 0.08),
            (0.90, 1.0, 0.09, 0.05),
        ],
        paint,
        upright=True,
    )
    lamp = bulk(
        [(0.98, 0.9, 0.1, 0.07), (1.05, 0.9, 0.095, 0.065), (1.07, 0.9, 0.06, 0.04)], HEADLAMP
    )
    blink = both(ball((0.03, 0.05, 0.03), *AMBER, sides=6).moved(shift(0.99, 0.17, 0.78)))
    grips = handlebar(((0.88, 0, 1.03), (0.87, 0.18, 1.06), (0.83, 0.26, 1.07), (0.72, 0.38, 1.06)))
    return merged(
        [wheel, fork, bulk(rows, paint), shield, lamp, blink, grips, mirrors((0.84, 0.26, 1.08))]
    )


def _canopy(paint: Coat) -> Mesh:
    """A roof on posts over the driver, with a windscreen."""
    posts = [
        bar([(0.12, 0.32, 0.6), (0.12, 0.32, 1.72)], 0.016, DARK),
        bar([(0.93, 0.27, 0.6), (0.86, 0.30, 1.70)], 0.016, DARK),
    ]
    roof = bulk(
        [
            (-0.05, 1.73, 0.33, 0.015),
            (0.0, 1.745, 0.38, 0.03),
            (0.5, 1.77, 0.40, 0.035),
            (0.98, 1.73, 0.36, 0.02),
        ],
        paint,
        power=5,
    )
    pane = bulk(
        [(0.93, 1.05, 0.26, 0.006), (0.87, 1.68, 0.29, 0.006)], GLASS, upright=True, power=8
    )
    return merged([both(merged(posts)), roof, pane])
