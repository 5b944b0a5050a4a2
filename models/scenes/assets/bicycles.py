"""Bicycles and motorcycles: what is built of tubes about two large wheels."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from models.scenes.assets.asset import Asset
from models.scenes.assets.bodywork import AMBER, HEADLAMP, PLATE_YELLOW, TAIL_LAMP
from models.scenes.assets.skins import Coat, Point, bar, both, bulk, dusty, lathe, mixed, painted
from models.scenes.assets.wheels import DARK, STEEL, cast_wheel, spoked_wheel
from models.scenes.mesh import Material, Mesh, ball, box, merged, shift, srgb, turn

BLACK: Final[Coat] = (srgb("#1c1c1e"), Material.RUBBER)
SHARED: Final = ("#c9a227", "#3f7fb5", "#4a9a8c")
"""What rental fleets are painted: whole frames of one color."""
OWNED: Final = ("#2b2d30", "#6d7074", "#7a2a2c", "#2f4a68", "#b9bbb8", "#3e5a47", "#54433c")
MOTORS: Final = ("#7d1f1f", "#1f2022", "#26364c", "#8e9194", "#2a2b2e", "#6a2420")


def bicycle(seed: int) -> Asset:
    """A city bicycle, a rental one, or one with a straight bar."""
    rng = np.random.default_rng(seed)
    rental = rng.random() < 0.4
    paint = painted(str(rng.choice(SHARED if rental else OWNED)), float(rng.uniform(0, 0.2)))
    straight = not rental and rng.random() < 0.4
    radius = float(rng.choice([0.31, 0.34]))
    rear, front, saddle, grips = -0.53, 0.54, (-0.26, 0.92), (0.29, 1.02)
    wheel = spoked_wheel(radius, 0.036 if not straight else 0.046)
    parts = [wheel.moved(shift(rear, 0)), wheel.moved(shift(front, 0))]
    parts += [_diamond(paint, radius, step_through=not straight)]
    parts += [_bicycle_bar(grips, straight=straight), _pedals((-0.05, 0.28))]
    parts += [bar([(-0.16, 0, 0.62), (-0.24, 0, 0.88)], 0.014, STEEL)]
    seat = [(-0.42, 0.90, 0.01, 0.01), (-0.40, 0.91, 0.09, 0.025), (-0.3, 0.91, 0.075, 0.028)]
    parts += [bulk([*seat, (-0.18, 0.92, 0.025, 0.02), (-0.12, 0.91, 0.012, 0.012)], BLACK)]
    if not straight:
        parts += [_fender(x, radius, paint if rental else STEEL) for x in (rear, front)]
        parts.append(_rack(rear, radius))
    if rental or rng.random() < 0.5:
        color_ = paint if rental else STEEL
        parts.append(basket((0.58, 0.76), color_))
    stand = bar([(-0.42, 0.05, 0.3), (-0.5, 0.2, 0.01)], 0.01, STEEL)
    mesh = dusty(merged([*parts, stand]), float(rng.uniform(0.1, 0.6)))
    anchors = {
        "saddle": (saddle[0], 0.0, saddle[1]),
        "bar": (grips[0] - 0.06, 0.0, grips[1]),
        "headlight": (0.5, 0.0, 0.82),
    }
    return Asset("bicycle", "bicycle", mesh, anchors)


def motorcycle(seed: int) -> Asset:
    """A 125 cc machine: tank, engine, long seat, exhaust."""
    rng = np.random.default_rng(seed)
    paint = painted(str(rng.choice(MOTORS)), float(rng.uniform(0, 0.2)))
    rear, front, radius = -0.62, 0.68, 0.295
    parts = [
        spoked_wheel(radius, 0.085, spokes=10, hub=0.075).moved(shift(rear, 0)),
        cast_wheel(radius, 0.075).moved(shift(front, 0)),
        bulk([(-0.02, 0.86, 0.06, 0.04), (0.04, 0.87, 0.12, 0.10), (0.2, 0.89, 0.15, 0.13),
              (0.36, 0.86, 0.12, 0.12), (0.42, 0.84, 0.05, 0.06)], paint, power=2.4),
        bulk([(-0.75, 0.84, 0.05, 0.02), (-0.72, 0.84, 0.11, 0.045), (-0.4, 0.82, 0.13, 0.05),
              (-0.1, 0.80, 0.11, 0.05), (0.02, 0.82, 0.07, 0.04)], BLACK),
        both(bulk([(-0.72, 0.74, 0.01, 0.03), (-0.5, 0.68, 0.02, 0.1), (-0.22, 0.64, 0.015, 0.1)],
                  paint).moved(shift(0, 0.12))),
        bulk([(-0.9, 0.76, 0.05, 0.02), (-0.86, 0.77, 0.1, 0.05), (-0.7, 0.77, 0.11, 0.05)], paint),
        _engine(),
        _motor_front(paint, front, radius),
        _fender(rear, radius + 0.05, BLACK, breadth=0.07),
    ]  # fmt: skip
    exhaust = [(0.2, -0.12, 0.42), (0.12, -0.15, 0.26), (-0.3, -0.17, 0.27)]
    parts += [
        bar(exhaust, 0.022, STEEL),
        bar([(-0.25, -0.17, 0.28), (-0.8, -0.19, 0.36)], 0.045, STEEL, sides=8),
        both(bar([(rear, 0.12, radius), (-0.48, 0.14, 0.72)], 0.028, STEEL)),
        both(bar([(rear, 0.09, radius), (-0.1, 0.1, 0.36)], 0.025, BLACK)),
        bar([(-0.1, -0.28, 0.3), (-0.1, 0.28, 0.3)], 0.016, BLACK),
        bar([(-0.2, 0.1, 0.3), (-0.24, 0.24, 0.01)], 0.013, STEEL),
        box((0.04, 0.14, 0.07), *TAIL_LAMP).moved(shift(-0.92, 0, 0.73)),
        box((0.01, 0.22, 0.14), *PLATE_YELLOW).moved(turn(12, "y")).moved(shift(-0.95, 0, 0.52)),
        both(ball((0.03, 0.03, 0.025), *AMBER, sides=6).moved(shift(-0.86, 0.17, 0.74))),
    ]
    if rng.random() < 0.4:
        parts.append(box((0.4, 0.42, 0.32), *BLACK).moved(shift(-0.95, 0, 0.86)))
    mesh = dusty(merged(parts), float(rng.uniform(0.2, 0.7)))
    anchors = {
        "saddle": (-0.25, 0.0, 0.86), "bar": (0.26, 0.0, 1.04),
        "headlight": (0.58, 0.0, 0.88),
    }  # fmt: skip
    return Asset("motorcycle", "motorcycle", mesh, anchors)


def basket(at_xz: tuple[float, float], coat: Coat) -> Mesh:
    """A front basket, wider at its rim, its walls in two tones as a mesh looks from afar."""
    x, z = at_xz
    dark: Coat = (mixed(coat[0], (0.02, 0.02, 0.02), 0.55), coat[1])
    shell = bulk([(x, z, 0.12, 0.10), (x, z + 0.2, 0.17, 0.14)], dark, upright=True, power=6)
    rim = [
        (x + dx, dy, z + 0.2)
        for dx, dy in ((-0.13, -0.16), (-0.13, 0.16), (0.13, 0.16), (0.13, -0.16), (-0.13, -0.16))
    ]
    edges = [bar([a, b], 0.012, coat, sides=5) for a, b in pairwise(rim)]
    return merged([shell, *edges])


def handlebar(points: tuple[Point, ...], radius: float = 0.012) -> Mesh:
    """Both halves of a bar, whose left one runs through ``points``, with its grip at the end."""
    *_, inner, end = points
    grip = bar([inner, end], radius * 1.5, BLACK)
    lever = bar(
        [(inner[0] + 0.05, inner[1], inner[2]), (end[0] + 0.06, end[1], end[2])], 0.006, STEEL
    )
    return both(merged([bar(points, radius, STEEL), grip, lever]))


def mirrors(at: Point, up: float = 0.18) -> Mesh:
    """A pair of round mirrors on stalks that rise from a bar."""
    x, y, z = at
    stalk = bar([(x, y, z), (x + 0.02, y + 0.06, z + up)], 0.007, BLACK, sides=5)
    glass = lathe(
        [(0.002, 0.012), (0.052, 0.01), (0.045, -0.014), (0.002, -0.018)], [BLACK], sides=10
    )
    return both(merged([stalk, glass.moved(turn(90)).moved(shift(x + 0.02, y + 0.1, z + up))]))


def _fender(x: float, radius: float, coat: Coat, *, breadth: float = 0.03) -> Mesh:
    """A mudguard over the upper rear of a wheel."""
    angles = np.radians(np.linspace(20, 190 if x < 0 else 170, 8))
    r = radius + 0.025
    left = np.column_stack(
        [x + r * np.cos(angles), np.full(8, breadth), radius + r * np.sin(angles)]
    )
    return merged(
        [
            bar([tuple(p) for p in left * np.array([1, way, 1])], 0.009, coat, sides=4)
            for way in (-1, 0, 1)
        ]
    )


def _diamond(paint: Coat, radius: float, *, step_through: bool) -> Mesh:
    """Frame and fork."""
    crank, seat, head, neck = (-0.05, 0, 0.28), (-0.18, 0, 0.68), (0.36, 0, 0.62), (0.33, 0, 0.8)
    drop = (-0.53, 0.055, radius)
    tubes = [bar([crank, seat], 0.019, paint), bar([head, neck], 0.022, paint)]
    tubes.append(bar([crank, head], 0.026 if step_through else 0.022, paint))
    if step_through:
        tubes.append(bar([(-0.11, 0, 0.45), (0.35, 0, 0.7)], 0.02, paint))
    else:
        tubes.append(bar([seat, neck], 0.02, paint))
    stays = [
        bar([drop, (-0.06, 0.03, 0.28)], 0.011, paint),
        bar([drop, (-0.18, 0.02, 0.66)], 0.010, paint),
    ]
    fork = bar([(0.54, 0.055, radius), (0.42, 0.055, 0.62), (0.36, 0.02, 0.66)], 0.013, paint)
    guard = box((0.5, 0.02, 0.09), *BLACK).moved(shift(-0.28, -0.07, 0.25))
    return merged([*tubes, both(merged([*stays, fork])), guard])


def _bicycle_bar(grips: tuple[float, float], *, straight: bool) -> Mesh:
    x, z = grips
    stem = bar([(0.33, 0, 0.8), (x + 0.02, 0, z - 0.02)], 0.015, STEEL)
    if straight:
        return merged(
            [stem, handlebar(((x + 0.02, 0, z - 0.02), (x, 0.2, z), (x - 0.02, 0.31, z)))]
        )
    return merged(
        [
            stem,
            handlebar(
                (
                    (x + 0.02, 0, z - 0.02),
                    (x + 0.05, 0.16, z),
                    (x - 0.02, 0.25, z),
                    (x - 0.14, 0.28, z - 0.01),
                )
            ),
        ]
    )


def _pedals(at_xz: tuple[float, float]) -> Mesh:
    x, z = at_xz
    ring = lathe([(0.01, -0.06), (0.09, -0.062), (0.09, -0.068), (0.01, -0.07)], [STEEL], sides=14)
    arms = [
        merged(
            [
                bar(
                    [(x, way * 0.06, z), (x + way * 0.12, way * 0.09, z - way * 0.12)],
                    0.01,
                    STEEL,
                    sides=5,
                ),
                box((0.09, 0.1, 0.025), *BLACK).moved(
                    shift(x + way * 0.12, way * 0.14, z - way * 0.12)
                ),
            ]
        )
        for way in (-1, 1)
    ]
    return merged([ring.moved(shift(x, 0, z)), *arms])


def _rack(rear: float, radius: float) -> Mesh:
    """A rear carrier."""
    z = 2 * radius + 0.1
    side = bar([(rear + 0.3, 0.06, z), (rear - 0.22, 0.06, z)], 0.008, BLACK, sides=5)
    leg = bar([(rear, 0.07, radius), (rear - 0.1, 0.065, z)], 0.007, BLACK, sides=5)
    plate = box((0.42, 0.1, 0.012), *BLACK).moved(shift(rear, 0, z))
    return merged([plate, both(merged([side, leg]))])


def _engine() -> Mesh:
    """Crankcase, finned cylinder, frame tubes."""
    case = bulk(
        [
            (-0.2, 0.38, 0.1, 0.08),
            (-0.1, 0.38, 0.15, 0.13),
            (0.1, 0.38, 0.15, 0.12),
            (0.18, 0.38, 0.1, 0.08),
        ],
        STEEL,
    )
    fins = [
        box((0.2, 0.2, 0.018), *(STEEL if k % 2 else DARK)).moved(shift(0.1, 0, 0.47 + 0.03 * k))
        for k in range(6)
    ]
    frame = [
        bar([(0.34, 0.04, 0.86), (0.25, 0.09, 0.3), (-0.15, 0.1, 0.26)], 0.02, BLACK),
        bar([(0.3, 0.05, 0.8), (-0.3, 0.1, 0.7), (-0.75, 0.1, 0.74)], 0.018, BLACK),
    ]
    side = box((0.3, 0.3, 0.28), *DARK).moved(shift(-0.3, 0, 0.5))
    return merged([case, *fins, side, both(merged(frame))])


def _motor_front(paint: Coat, front: float, radius: float) -> Mesh:
    """Fork, mudguard, head lamp, bar and mirrors."""
    legs = both(
        bar([(front, 0.085, radius), (0.47, 0.085, 0.82), (0.4, 0.085, 0.98)], 0.022, STEEL)
    )
    guard = bulk(
        [
            (front - 0.28, 0.5, 0.03, 0.01),
            (front - 0.2, 0.58, 0.06, 0.02),
            (front + 0.02, 0.635, 0.06, 0.02),
            (front + 0.2, 0.57, 0.05, 0.015),
        ],
        paint,
    )
    shell = bulk(
        [(0.42, 0.9, 0.06, 0.06), (0.5, 0.9, 0.1, 0.1), (0.56, 0.9, 0.095, 0.095)], paint, power=2
    )
    lens = bulk([(0.555, 0.9, 0.085, 0.085), (0.58, 0.9, 0.05, 0.05)], HEADLAMP, power=2)
    grips = handlebar(((0.4, 0, 0.99), (0.38, 0.16, 1.03), (0.31, 0.24, 1.05), (0.22, 0.36, 1.04)))
    blink = both(ball((0.03, 0.03, 0.025), *AMBER, sides=6).moved(shift(0.48, 0.18, 0.88)))
    return merged([legs, guard, shell, lens, grips, blink, mirrors((0.32, 0.24, 1.05))])
