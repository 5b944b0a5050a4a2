"""Car bodies: a lower body of cross-sections with open wheel arches, and the windows above it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.scenes.assets.skins import Coat, both, mixed, skin
from models.scenes.assets.wheels import DARK
from models.scenes.mesh import Material, Mesh, ball, box, merged, polygon, shift, srgb

GLASS: Coat = (srgb("#14191d"), Material.GLASS)
HEADLAMP: Coat = (srgb("#b9c0c4"), Material.GLASS)
TAIL_LAMP: Coat = (srgb("#8f1512"), Material.PLAIN)
AMBER: Coat = (srgb("#b0641a"), Material.PLAIN)
PLATE_BLUE: Coat = (srgb("#34558f"), Material.PLAIN)
PLATE_GREEN: Coat = (srgb("#8fc4a4"), Material.PLAIN)
PLATE_YELLOW: Coat = (srgb("#c29a35"), Material.PLAIN)


@dataclass(frozen=True, slots=True)
class Shape:
    """A body's measures in metres; x runs from the middle of the car, forward.

    Attributes:
        lwh: Length, width without mirrors, height.
        wheelbase: From axle to axle; the front overhang is ``overhang``.
        wheel_r: Radius of a wheel with its tire.
        clearance: Height of the sill.
        belt: Height of the window sill at the front door.
        nose: Heights of the hood at its front and at the windscreen.
        deck: Heights of the tail at its end and at the rear window.
        glass: x where the windscreen meets the hood, where it meets the roof, where the roof ends,
            where the rear window meets the tail.
        roof: Half of its breadth over half the width.
        panes: Shares of the side from rear to front that begin and end a window.
    """

    lwh: tuple[float, float, float]
    wheelbase: float
    overhang: float
    wheel_r: float
    clearance: float
    belt: float
    nose: tuple[float, float]
    deck: tuple[float, float]
    glass: tuple[float, float, float, float]
    roof: float
    panes: tuple[tuple[float, float], ...]

    @property
    def axles(self) -> tuple[float, float]:
        """x of the rear and the front axle."""
        front = self.lwh[0] / 2 - self.overhang
        return front - self.wheelbase, front


def lower_body(shape: Shape, paint: Coat, trim: Coat) -> Mesh:
    """All below the windows, as sections along x; lamps are part of the skin."""
    length, width, _ = shape.lwh
    x, seam = _stations(shape)
    rear, front = x + length / 2, length / 2 - x
    ends = np.minimum(rear, front)
    plan = 0.28 * _rounding(front, 0.42) + 0.16 * _rounding(rear, 0.2)
    plan += 0.03 * np.abs(2 * x / length) ** 4
    half = width / 2 - plan
    top = _top_line(shape, x) - 0.16 * _rounding(front, 0.20) - 0.08 * _rounding(rear, 0.10)
    low = shape.clearance + 0.10 * _rounding(ends, 0.25)
    for axle in shape.axles:
        arch = shape.wheel_r * 1.17
        over = np.sqrt(np.maximum(arch**2 - (x - axle) ** 2, 0))
        low = np.where(over > 0, np.maximum(low, shape.wheel_r + over), low)
    rows = [  # breadth in shares of the half width, height in shares from low to top
        (half - 0.22, low + 0.02),
        (half - 0.03, low),
        (half - 0.005, low + 0.25 * (top - low)),
        (half, low + 0.55 * (top - low)),
        (half - 0.025, low + 0.83 * (top - low)),
        (half - 0.075, low + 0.97 * (top - low)),
        (half - 0.16, top + 0.005),
        (half * 0.45, top + 0.030),
    ]
    right = np.stack([np.stack([x, y, z], -1) for y, z in rows], 1)
    left = right[:, ::-1] * np.array([1, -1, 1])
    rings = np.concatenate([right, left], 1)
    which = np.zeros((len(x) - 1, rings.shape[1]), np.int64)
    which[:, [0, 14, 15]] = 1
    middle = (x[1:] + x[:-1]) / 2
    ahead, behind = length / 2 - middle, middle + length / 2
    seams = np.isin(np.arange(len(middle)), seam)
    for along, rows_, coat in (
        (seams, (2, 3, 4, 10, 11, 12), 2),
        (np.full(len(middle), trim is DARK), (1, 13), 1),
        ((ahead < 0.36) & (ahead > 0.02), (4, 10), 3),
        (behind < 0.20, (3, 4, 10, 11), 4),
    ):
        for row in rows_:
            which[along, row] = coat
    shadow: Coat = (mixed(paint[0], (0.01, 0.01, 0.01), 0.75), Material.PAINT)
    core = box((shape.wheelbase + 0.9, width - 0.5, top.min() - 0.25), *DARK)
    coats = [paint, DARK, shadow, HEADLAMP, TAIL_LAMP]
    return merged(
        [
            skin(rings, coats, which, crease_deg=34),
            core.moved(shift(sum(shape.axles) / 2, 0, shape.clearance - 0.02)),
        ]
    )


def upper_body(shape: Shape, paint: Coat, pillar: Coat) -> Mesh:
    """Windows, pillars and roof, as outlines one above the other."""
    _, width, height = shape.lwh
    cowl, roof_front, roof_rear, tail = shape.glass
    side = np.unique(np.concatenate([[0, 1], np.ravel(shape.panes)]))
    across = np.array([-0.9, -0.45, 0, 0.45, 0.9])
    sill = np.interp(side, [0, 1], [shape.deck[1], shape.nose[1]]) - 0.03
    sill = np.where((side > 0.1) & (side < 0.9), np.maximum(sill, shape.belt - 0.03), sill)
    levels = [0, 0.10, 0.5, 0.88, 1.0]
    rings = []
    for t in levels:
        half = width / 2 * ((1 - t) * 0.915 + t * shape.roof + 0.10 * t * (1 - t))
        back, ahead = tail + t * (roof_rear - tail), cowl + t * (roof_front - cowl)
        top = height - 0.075
        x = back + side * (ahead - back)
        slim = half * (1 - 0.05 * _rounding(x - back, 0.3) - 0.04 * _rounding(ahead - x, 0.3))
        lengthwise = np.column_stack([x, -slim, sill + t * (top - sill)])
        bow = 0.13 * (1 - across**2)
        z0, z1 = (s + t * (top - s) for s in (sill[-1], sill[0]))
        face = np.column_stack([ahead + bow, across * slim[-1], np.full(5, z0 + 0.02 * t)])
        back_face = np.column_stack(
            [back - 0.6 * bow, -across * slim[0], np.full(5, z1 + 0.02 * t)]
        )
        other = lengthwise[::-1] * np.array([1, -1, 1])
        rings.append(np.concatenate([lengthwise, face, other, back_face]))
    edge = rings[-1]
    middle = np.array([(roof_front + roof_rear) / 2, 0, height])
    for share, rise in ((0.92, 0.6), (0.62, 0.93), (0.25, 1.0)):
        ring = middle + (edge - middle) * np.array([share, share, 0])
        ring[:, 2] = edge[:, 2] + rise * (height - edge[:, 2])
        rings.append(ring)
    panes = _panes(side, shape.panes)
    which = np.zeros((len(rings) - 1, rings[0].shape[0]), np.int64)
    which[:3] = np.where(panes, 1, 2)
    which[0] = np.where(panes, 2, 0)
    which[3] = 0
    return skin(np.stack(rings), [paint, GLASS, pillar], which, crease_deg=30)


def trimmings(shape: Shape, paint: Coat, plate: Coat) -> Mesh:
    """Grille, intake, plates and mirrors."""
    length, width, _ = shape.lwh
    nose, ahead, back = shape.nose[0], length / 2 + 0.006, -length / 2 - 0.006
    low = shape.clearance
    parts = [
        _patch(ahead, (0, low + 0.62 * (nose - low)), (width * 0.46, 0.13), DARK),
        _patch(ahead, (0, low + 0.26 * (nose - low)), (width * 0.58, 0.12), DARK),
        _patch(ahead + 0.012, (0, low + 0.40 * (nose - low)), (0.44, 0.14), plate),
        _patch(back - 0.008, (0, low + 0.58 * (shape.deck[0] - low)), (0.44, 0.14), plate),
        _patch(back, (0, low + 0.22 * (shape.deck[0] - low)), (width * 0.6, 0.13), DARK),
    ]
    parts += [
        _patch(back, (y * width, low + 0.74 * (shape.deck[0] - low)), (0.3, 0.13), TAIL_LAMP)
        for y in (-0.3, 0.3)
    ]
    mirror = ball((0.08, 0.11, 0.075), *paint, sides=8)
    at = shape.glass[0] - 0.28, width / 2 + 0.045, shape.belt + 0.07
    return merged([*parts, both(mirror.moved(shift(*at)))])


def _patch(x: float, yz: tuple[float, float], wh: tuple[float, float], coat: Coat) -> Mesh:
    """An upright plate across the car, facing the nearer end."""
    (y, z), (w, h) = yz, (wh[0] / 2, wh[1] / 2)
    way = 1 if x > 0 else -1
    corners = [(x, y - way * w, z - h), (x, y + way * w, z - h), (x, y + way * w, z + h)]
    return polygon([*corners, (x, y - way * w, z + h)], coat[0], coat[1])


def _panes(
    side: npt.NDArray[np.float64], panes: tuple[tuple[float, float], ...]
) -> npt.NDArray[np.bool_]:
    """Which cells of an outline are glass: right side, front, left side, rear."""
    middle = (side[1:] + side[:-1]) / 2
    open_ = np.zeros(len(middle), np.bool_)
    for start, end in panes:
        open_ |= (middle > start) & (middle < end)
    face = np.array([True] * 4)
    corner = np.array([False])
    return np.concatenate([open_, corner, face, corner, open_[::-1], corner, face, corner])


def _top_line(shape: Shape, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Height of hood, window sill and tail along the car."""
    length, cowl, tail = shape.lwh[0], shape.glass[0], shape.glass[3]
    belt = shape.belt
    line = np.interp(
        x,
        [-length / 2, tail - 0.05, tail + 0.35, cowl - 0.35, cowl + 0.05, length / 2],
        [shape.deck[0], shape.deck[1], belt, belt, shape.nose[1], shape.nose[0]],
    )
    return np.asarray(line)


def _stations(shape: Shape) -> tuple[npt.NDArray[np.float64], list[int]]:
    """x of the sections, and which cells between them are door seams."""
    length, cowl, tail = shape.lwh[0], shape.glass[0], shape.glass[3]
    ends = length / 2 - np.array([0, 0.02, 0.06, 0.12, 0.2, 0.3, 0.42])
    arch = shape.wheel_r * 1.17
    round_ = arch * np.cos(np.linspace(0, np.pi, 9))
    round_[[0, -1]] *= 1.001
    seams = [shape.axles[1] - arch - 0.12, *(cowl - (cowl - tail) * s for s in (0.44, 0.74))]
    pairs = np.array([(s - 0.012, s + 0.012) for s in seams])
    fill = np.array([cowl + 0.05, cowl - 0.35, tail - 0.05, tail + 0.35])
    x = np.unique(
        np.concatenate([ends, -ends, *(axle + round_ for axle in shape.axles), pairs.ravel(), fill])
    )
    x = x[np.concatenate([[True], np.diff(x) > 0.004])]
    middle = (x[1:] + x[:-1]) / 2
    seam = [int(np.abs(middle - s).argmin()) for s in seams]
    return x, seam


def _rounding(from_end: npt.NDArray[np.float64], depth: float) -> npt.NDArray[np.float64]:
    """1 at the end, 0 from that depth on, a quarter of a circle between."""
    share = np.clip(1 - from_end / depth, 0, 1)
    return np.asarray(1 - np.sqrt(1 - share**2))
