"""Electric two-wheelers as Chinese streets are full of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.scenes.assets.asset import Asset
from models.scenes.assets.bicycles import BLACK, basket, handlebar, mirrors
from models.scenes.assets.bodywork import AMBER, HEADLAMP, TAIL_LAMP
from models.scenes.assets.skins import DUST, Coat, Point, bar, both, bulk, dusty, mixed, painted
from models.scenes.assets.wheels import DARK, STEEL, cast_wheel
from models.scenes.mesh import Material, Mesh, ball, box, merged, shift, srgb, turn

PAINTS: Final = (
    "#8c2426", "#1f2124", "#c9c9c4", "#2d4d73", "#8f9599", "#b59f7c", "#5d8a86", "#8a6a72",
    "#26282b", "#d0d0cb", "#4a5a46", "#6a3038",
)  # fmt: skip
BOXES: Final = ("#3a6f9f", "#c2952b", "#2f3236", "#8c2f2a")
PLATE: Final[Coat] = (srgb("#cfd3cf"), Material.PLAIN)
BATTERY: Final[Coat] = (srgb("#2a2b2d"), Material.PAINT)
WHEEL_R: Final = 0.23
REAR_X, FRONT_X = -0.63, 0.62


def scooter(kind: str, seed: int, *, battery_out: bool) -> Asset:
    """An "e-bike" or "delivery-e-bike"; with the battery out, its seat stands open."""
    rng = np.random.default_rng(seed)
    delivers = kind == "delivery-e-bike"
    paint = painted(str(rng.choice(PAINTS)), float(rng.uniform(0, 0.22)))
    pedals = not delivers and rng.random() < 0.35
    parts = [
        cast_wheel(WHEEL_R, 0.092, motor=True).moved(shift(REAR_X, 0)),
        cast_wheel(WHEEL_R, 0.086).moved(shift(FRONT_X, 0)),
        _front(paint),
        _steering(mirrors_too=rng.random() < 0.65),
        _small_parts(),
        *([_slim_body(paint, battery_out=battery_out)] if pedals else
          [_full_body(paint), _floor(paint), _seat(open_=battery_out)]),
    ]  # fmt: skip
    if pedals:
        parts.append(_shield(paint, slim=True))
    else:
        parts.append(_shield(paint, slim=False))
    if delivers:
        parts.append(_delivery_box(rng))
    elif rng.random() < 0.35:
        parts.append(_top_case(paint))
    else:
        parts.append(_backrest())
    if pedals or rng.random() < 0.35:
        parts.append(basket((0.60, 0.66), BLACK))
    mesh = dusty(merged(parts), float(rng.uniform(0.15, 0.6)))
    return Asset(kind, "e-bike", mesh, _anchors(pedals=pedals))


def _front(paint: Coat) -> Mesh:
    """Fork and the mudguard over the front wheel."""
    legs = both(
        bar([(FRONT_X, 0.075, WHEEL_R), (0.53, 0.075, 0.5), (0.50, 0.03, 0.56)], 0.02, STEEL)
    )
    over = WHEEL_R + 0.045
    angles = np.radians([165, 140, 110, 80, 50, 30])
    rows = [(FRONT_X + over * np.cos(a), WHEEL_R + over * np.sin(a), 0.055, 0.022) for a in angles]
    return merged([legs, bulk(rows, paint)])


def _shield(paint: Coat, *, slim: bool) -> Mesh:
    """The front shield from the floor to the bar, with the head lamp in its upper part."""
    rows = np.array(
        [
            (0.36, 0.29, 0.15, 0.04),
            (0.42, 0.40, 0.20, 0.065),
            (0.44, 0.56, 0.215, 0.085),
            (0.41, 0.72, 0.195, 0.085),
            (0.365, 0.85, 0.14, 0.08),
            (0.33, 0.93, 0.08, 0.06),
        ]
    )
    if slim:
        rows[:, 2] *= 0.62
    shell = bulk(rows, paint, upright=True, power=2.6)
    inside = rows.copy()
    inside[:, 0] -= 0.025
    inside[:, 2] *= 0.9
    liner = bulk(inside[:-1], DARK, upright=True, power=2.6)
    lamp = bulk(
        [(0.37, 0.965, 0.10, 0.05), (0.45, 0.955, 0.095, 0.045), (0.475, 0.95, 0.05, 0.025)],
        HEADLAMP,
    )
    nose = bulk(
        [
            (0.25, 1.0, 0.05, 0.025),
            (0.29, 0.99, 0.13, 0.06),
            (0.38, 0.975, 0.13, 0.075),
            (0.435, 0.96, 0.11, 0.06),
        ],
        paint,
    )
    blink = both(ball((0.03, 0.05, 0.025), *AMBER, sides=6).moved(shift(0.47, 0.13, 0.74)))
    return merged([shell, liner, lamp, nose, blink])


def _steering(*, mirrors_too: bool) -> Mesh:
    """Bar and grips; mirrors are often taken off."""
    grips = handlebar(((0.33, 0, 0.98), (0.32, 0.14, 1.0), (0.28, 0.2, 1.01), (0.18, 0.34, 0.99)))
    return merged([grips, mirrors((0.29, 0.2, 1.01), up=0.15)]) if mirrors_too else grips


def _full_body(paint: Coat) -> Mesh:
    """The shell under the seat, from the floor to the tail."""
    rows = [
        (-0.10, 0.42, 0.10, 0.10),
        (-0.14, 0.48, 0.15, 0.20),
        (-0.30, 0.53, 0.18, 0.19),
        (-0.48, 0.585, 0.185, 0.145),
        (-0.66, 0.635, 0.165, 0.105),
        (-0.82, 0.69, 0.10, 0.05),
        (-0.88, 0.70, 0.05, 0.025),
    ]
    belly: Coat = (mixed(DARK[0], paint[0], 0.1), Material.RUBBER)
    under = bulk(
        [(-0.08, 0.30, 0.09, 0.06), (-0.30, 0.32, 0.13, 0.09), (-0.52, 0.36, 0.09, 0.08)], belly
    )
    return merged([bulk(rows, paint), under])


def _floor(paint: Coat) -> Mesh:
    """The board for the feet, with the frame's painted edge."""
    edge = bulk(
        [(-0.14, 0.27, 0.13, 0.05), (0.1, 0.265, 0.155, 0.045), (0.38, 0.30, 0.14, 0.05)],
        paint,
        power=5,
    )
    mat = box((0.44, 0.26, 0.012), *BLACK).moved(shift(0.11, 0, 0.308))
    return merged([edge, mat])


def _seat(*, open_: bool) -> Mesh:
    """A long cushion; open, it stands up about its front and shows the empty bay."""
    rows = [
        (-0.02, 0.73, 0.06, 0.02),
        (-0.05, 0.735, 0.11, 0.045),
        (-0.25, 0.735, 0.15, 0.055),
        (-0.42, 0.755, 0.155, 0.055),
        (-0.68, 0.78, 0.13, 0.05),
        (-0.74, 0.78, 0.08, 0.02),
    ]
    cushion = bulk(rows, BLACK)
    if not open_:
        return cushion
    upright = cushion.moved(shift(0.04, 0, -0.72)).moved(turn(68, "y")).moved(shift(-0.04, 0, 0.72))
    bay = box((0.42, 0.24, 0.01), (0.008, 0.008, 0.009), Material.RUBBER)
    return merged([upright, bay.moved(turn(-8, "y")).moved(shift(-0.32, 0, 0.715))])


def _slim_body(paint: Coat, *, battery_out: bool) -> Mesh:
    """The pedal kind: a deep step-through tube, a saddle, the battery behind its post."""
    frame = [
        bar(
            [(0.40, 0, 0.62), (0.28, 0, 0.36), (0.12, 0, 0.29), (-0.12, 0, 0.29)],
            0.035,
            paint,
            sides=8,
        ),
        bar([(-0.12, 0, 0.28), (-0.24, 0, 0.70)], 0.024, paint, sides=8),
        both(bar([(-0.12, 0.04, 0.29), (REAR_X, 0.07, WHEEL_R)], 0.018, paint)),
        both(bar([(-0.22, 0.04, 0.6), (REAR_X, 0.07, WHEEL_R)], 0.014, STEEL)),
        both(bar([(-0.2, 0.08, 0.62), (-0.85, 0.08, 0.6)], 0.012, BLACK)),
        box((0.5, 0.17, 0.02), *BLACK).moved(shift(-0.6, 0, 0.6)),
        bar([(0.0, -0.16, 0.26), (0.0, 0.16, 0.26)], 0.012, STEEL),
        both(box((0.09, 0.09, 0.025), *BLACK).moved(shift(0.0, 0.2, 0.25))),
    ]
    saddle = [
        (-0.42, 0.73, 0.05, 0.02),
        (-0.38, 0.74, 0.13, 0.05),
        (-0.26, 0.745, 0.12, 0.05),
        (-0.12, 0.74, 0.05, 0.035),
    ]
    rear = [
        (-0.50, 0.64, 0.04, 0.02),
        (-0.54, 0.66, 0.12, 0.045),
        (-0.76, 0.66, 0.12, 0.045),
        (-0.8, 0.65, 0.08, 0.02),
    ]
    parts = [*frame, bulk(saddle, BLACK), bulk(rear, BLACK)]
    if not battery_out:
        parts.append(
            bulk(
                [(-0.30, 0.30, 0.075, 0.07), (-0.36, 0.58, 0.075, 0.075)],
                BATTERY,
                upright=True,
                power=6,
            )
        )
    return merged(parts)


def _backrest() -> Mesh:
    """The grab bar behind the pillion."""
    return bar(
        [
            (-0.62, -0.13, 0.75),
            (-0.84, -0.11, 0.86),
            (-0.86, 0, 0.87),
            (-0.84, 0.11, 0.86),
            (-0.62, 0.13, 0.75),
        ],
        0.013,
        STEEL,
    )


def _top_case(paint: Coat) -> Mesh:
    rows = [
        (-0.86, 0.78, 0.16, 0.14),
        (-0.87, 0.92, 0.19, 0.17),
        (-0.87, 1.02, 0.17, 0.15),
        (-0.87, 1.07, 0.1, 0.09),
    ]
    return merged([bulk(rows, BLACK if paint[0][0] > 0.1 else paint, upright=True, power=4)])


def _delivery_box(rng: np.random.Generator) -> Mesh:
    """The insulated box of a courier, with a pale band."""
    color = srgb(str(rng.choice(BOXES)))
    coat: Coat = (mixed(color, DUST, 0.12), Material.CLOTH)
    body = bulk(
        [(-0.76, 0.82, 0.235, 0.235), (-0.76, 1.26, 0.24, 0.24), (-0.76, 1.29, 0.22, 0.22)],
        coat,
        upright=True,
        power=9,
    )
    pale: Coat = (mixed(color, srgb("#c8c8c2"), 0.7), Material.CLOTH)
    band = bulk(
        [(-0.76, 1.13, 0.243, 0.243), (-0.76, 1.18, 0.243, 0.243)], pale, upright=True, power=9
    )
    rack = box((0.5, 0.3, 0.04), *BLACK).moved(shift(-0.74, 0, 0.78))
    return merged([body, band, rack])


def _small_parts() -> Mesh:
    """Shock absorbers, rear mudguard, stand, tail lamp, plate."""
    shock = both(bar([(REAR_X, 0.1, WHEEL_R), (-0.54, 0.12, 0.56)], 0.026, STEEL))
    arm = both(bar([(REAR_X, 0.085, WHEEL_R), (-0.2, 0.09, 0.3)], 0.02, BLACK))
    over = WHEEL_R + 0.04
    rows = [
        (REAR_X + over * np.cos(a), WHEEL_R + over * np.sin(a), 0.055, 0.018)
        for a in np.radians([60, 90, 125, 160, 185])
    ]
    stand = bar([(-0.18, 0.09, 0.28), (-0.24, 0.24, 0.01)], 0.012, STEEL)
    lamp = box((0.05, 0.2, 0.06), *TAIL_LAMP).moved(shift(-0.87, 0, 0.66))
    plate = box((0.01, 0.2, 0.12), *PLATE).moved(turn(15, "y")).moved(shift(-0.92, 0, 0.48))
    return merged([shock, arm, bulk(rows, BLACK), stand, lamp, plate])


def _anchors(*, pedals: bool) -> dict[str, Point]:
    return {
        "saddle": (-0.26, 0.0, 0.79),
        "bar": (0.22, 0.0, 1.0),
        "plug": (-0.10, 0.06, 0.30) if pedals else (-0.12, 0.13, 0.46),
        "battery": (-0.33, 0.0, 0.45),
        "headlight": (0.47, 0.0, 0.95),
    }
