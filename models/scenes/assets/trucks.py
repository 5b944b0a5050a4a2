"""Light trucks with the cab over the axle, from a seed: flatbed, tipper, box, refuse collector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.assets.asset import Asset
from models.scenes.assets.bodywork import (
    AMBER,
    GLASS,
    HEADLAMP,
    PLATE_BLUE,
    PLATE_YELLOW,
    TAIL_LAMP,
)
from models.scenes.assets.skins import (
    Coat,
    bar,
    both,
    chalky,
    dusty,
    mirrored,
    mixed,
    painted,
    skin,
)
from models.scenes.assets.wheels import DARK, STEEL, car_wheel
from models.scenes.mesh import Material, Mesh, box, merged, shift, srgb

CABS: Final = (
    "#31598f",
    "#2c5aa0",
    "#d8d9d6",
    "#d8d9d6",
    "#c9cbc9",
    "#39659a",
    "#9a3a2f",
    "#7f8f9c",
)
"""Blue and white are what these trucks mostly are."""
COLLECTOR: Final = ("#5b8a5e", "#d5d7d3", "#4a8f80", "#cfd3cd")


@dataclass(frozen=True, slots=True)
class Frame:
    """A truck's measures in metres; x runs from the middle of the truck, forward."""

    length: float
    width: float
    cab_height: float
    wheel_r: float
    floor: float
    """Height of the load's floor."""

    @property
    def nose(self) -> float:
        return self.length / 2

    @property
    def axles(self) -> tuple[float, float]:
        return -self.length * 0.27, self.nose - 1.02

    @property
    def bed(self) -> tuple[float, float]:
        """x where the load begins, at the tail, and ends, behind the cab."""
        return -self.length / 2 + 0.05, self.nose - 1.85


def truck(kind: str, seed: int) -> Asset:
    """A "truck" or "collection-truck"."""
    rng = np.random.default_rng(seed)
    collects = kind == "collection-truck"
    frame = _frame(rng, collects=collects)
    wear = float(rng.uniform(0.02, 0.18))
    paint = painted(str(rng.choice(COLLECTOR if collects else CABS)), wear)
    load, height = _compactor(frame, paint) if collects else _load(frame, paint, rng)
    plate = PLATE_YELLOW if frame.length > 6.3 else PLATE_BLUE
    parts = [_cab(frame, paint), _face(frame, plate), _chassis(frame), load]
    mesh = dusty(merged(parts), float(rng.uniform(0.3, 0.8)))
    return Asset(kind, "truck", mesh, _anchors(frame, height))


def _frame(rng: np.random.Generator, *, collects: bool) -> Frame:
    if collects:
        return Frame(float(rng.uniform(6.2, 7.0)), 2.1, 2.35, 0.40, 0.85)
    length = float(rng.uniform(5.2, 6.6))
    return Frame(length, 1.75 + 0.18 * (length - 5.2), 2.05 + 0.12 * (length - 5.2), 0.36, 0.82)


def _cab(frame: Frame, paint: Coat) -> Mesh:
    """A cab as outlines one above the other, its windows part of the skin."""
    levels = np.array([0.42, 0.62, 0.80, 1.0, 1.16, 1.22])
    levels = np.append(levels, [frame.cab_height - 0.22, frame.cab_height - 0.10])
    side = np.array([0, 0.13, 0.40, 0.44, 0.90, 1.0])
    rings = np.stack([_outline(frame, float(z), side) for z in levels])
    arch = frame.wheel_r * 1.25
    over = np.sqrt(np.maximum(arch**2 - (rings[0, :, 0] - frame.axles[1]) ** 2, 0))
    low = np.where(np.abs(rings[0, :, 1]) > frame.width * 0.4, frame.wheel_r + over, 0)
    rings[:, :, 2] = np.maximum(rings[:, :, 2], np.minimum(low, 0.9))
    top = rings[-1]
    middle = np.array([frame.nose - 0.9, 0, 0])
    roof = []
    for share, rise in ((0.93, 0.07), (0.5, 0.1)):
        ring = middle + (top - middle) * np.array([share, share, 1])
        ring[:, 2] = top[:, 2] + rise
        roof.append(ring)
    rings = np.concatenate([rings, np.stack(roof)])
    count = rings.shape[1]
    which = np.zeros((len(rings) - 1, count), np.int64)
    which[5, [3, 6, 7, 8, 9, 12]] = 1
    which[0, :] = 2
    which[2, 6:10] = 2
    which[1, [6, 9]] = 3
    return skin(rings, [paint, GLASS, DARK, HEADLAMP], which, crease_deg=32)


def _outline(frame: Frame, z: float, side: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """One outline of the cab ``(n, 3)``: right side, front, left side, back."""
    share = max(0.0, (z - 1.1) / (frame.cab_height - 1.1))
    ahead = frame.nose - 0.30 * share**1.3 - 0.04 * max(0.0, 0.8 - z)
    back = frame.nose - 1.75
    half = frame.width / 2 * (1 - 0.09 * share)
    x = back + side * (ahead - 0.10 - back)
    along = np.column_stack([x, np.full(len(x), -half), np.full(len(x), z)])
    across = np.array([-0.9, -0.5, 0, 0.5, 0.9])
    bow = ahead - 0.09 * np.abs(across) ** 3
    front = np.column_stack([bow, across * half, np.full(5, z)])
    return np.concatenate([along, front, along[::-1] * np.array([1, -1, 1])])


def _face(frame: Frame, plate: Coat) -> Mesh:
    """Bumper, plate, mirrors, wipers' dark strip."""
    x, half = frame.nose, frame.width / 2
    bumper = box((0.16, frame.width * 0.97, 0.2), *DARK).moved(shift(x - 0.03, 0, 0.36))
    parts = [bumper, box((0.01, 0.44, 0.14), *plate).moved(shift(x + 0.055, 0, 0.39))]
    mirror = box((0.07, 0.17, 0.34), *DARK).moved(shift(x - 0.22, half + 0.17, 1.38))
    arm = bar([(x - 0.22, half - 0.08, 1.75), (x - 0.22, half + 0.17, 1.7)], 0.014, DARK, sides=5)
    blinker = box((0.06, 0.05, 0.10), *AMBER).moved(shift(x - 0.17, half - 0.02, 0.72))
    parts.append(both(merged([mirror, arm, blinker])))
    return merged(parts)


def _chassis(frame: Frame) -> Mesh:
    """Rails, wheels, tank, mud flaps, tail lamps and the guard at the tail."""
    tail = -frame.length / 2
    half = frame.width / 2
    rail = box((frame.length - 0.5, 0.09, 0.2), *DARK).moved(shift(-0.1, 0.36, frame.floor - 0.32))
    wheel = car_wheel(frame.wheel_r, 0.22, spokes=0, rim=STEEL)
    front = wheel.moved(shift(frame.axles[1], half - 0.15))
    rear = wheel.moved(shift(frame.axles[0], half - 0.14))
    twin = car_wheel(frame.wheel_r, 0.2, spokes=0).moved(shift(frame.axles[0], half - 0.38))
    flap = box((0.02, 0.4, 0.4), *DARK).moved(shift(frame.axles[0] - 0.55, half - 0.25, 0.2))
    lamp = box((0.05, 0.32, 0.11), *TAIL_LAMP).moved(shift(tail + 0.06, half - 0.28, 0.6))
    axle = bar(
        [(frame.axles[0], 0, frame.wheel_r), (frame.axles[0], half - 0.3, frame.wheel_r)],
        0.09,
        DARK,
    )
    left = merged([rail, front, rear, twin, flap, lamp, axle])
    tank = box((0.75, 0.35, 0.38), *STEEL).moved(shift(0.35, -half + 0.3, 0.42))
    box_ = box((0.5, 0.35, 0.36), *DARK).moved(shift(0.35, half - 0.3, 0.43))
    guard = box((0.06, frame.width * 0.9, 0.1), *DARK).moved(shift(tail + 0.1, 0, 0.45))
    engine = box((1.6, frame.width * 0.62, 0.75), *DARK).moved(shift(frame.nose - 0.95, 0, 0.4))
    return merged([left, mirrored(left), tank, box_, guard, engine])


def _load(frame: Frame, paint: Coat, rng: np.random.Generator) -> tuple[Mesh, float]:
    """What it carries its goods in, and the height of the floor."""
    style = str(rng.choice(["flatbed", "tipper", "box"], p=[0.45, 0.25, 0.30]))
    if style == "box":
        return _container(frame, rng), frame.floor
    sides = 0.42 if style == "flatbed" else 0.85
    body = paint if rng.random() < 0.7 else (srgb("#7d8288"), Material.PAINT)
    return _open_bed(frame, sides, chalky(body)), frame.floor + 0.06


def _open_bed(frame: Frame, height: float, paint: Coat) -> Mesh:
    """Floor, ribbed drop sides, tail gate, and the rack behind the cab."""
    back, ahead = frame.bed
    length, half, z = ahead - back, frame.width / 2 + 0.03, frame.floor
    middle = (back + ahead) / 2
    worn: Coat = (mixed(paint[0], srgb("#6f675c"), 0.55), Material.METAL)
    dark: Coat = (mixed(paint[0], (0.02, 0.02, 0.02), 0.4), Material.PLAIN)
    floor = box((length, 2 * half, 0.1), *worn).moved(shift(middle, 0, z - 0.05))
    side = box((length, 0.04, height), *paint).moved(shift(middle, half, z))
    rim = box((length + 0.03, 0.07, 0.05), *dark).moved(shift(middle, half, z + height - 0.04))
    skirt = box((length, 0.06, 0.09), *dark).moved(shift(middle, half, z - 0.04))
    ribs = [
        box((0.06, 0.06, height), *dark).moved(shift(float(x), half + 0.015, z))
        for x in np.linspace(back + 0.05, ahead - 0.05, 7)
    ]
    ends = [box((0.04, 2 * half, height), *paint).moved(shift(x, 0, z)) for x in (back, ahead)]
    post = box((0.05, 0.05, 0.95), *dark).moved(shift(ahead + 0.02, half - 0.1, z))
    bars = [
        bar([(ahead + 0.02, -half + 0.1, z + h), (ahead + 0.02, half - 0.1, z + h)], 0.022, dark)
        for h in (0.6, 0.78, 0.95)
    ]
    return merged([floor, *ends, *bars, both(merged([side, rim, skirt, *ribs, post]))])


def _container(frame: Frame, rng: np.random.Generator) -> Mesh:
    """A closed box with aluminium edges and two doors at the tail."""
    back, ahead = frame.bed
    length, width, z = ahead - back, frame.width + 0.1, frame.floor - 0.08
    height = float(rng.uniform(1.75, 2.05))
    middle = (back + ahead) / 2
    color = str(rng.choice(["#d3d4d1", "#d3d4d1", "#b9bcbc", "#5f7f9f"]))
    ribbed = Material.CORRUGATED if rng.random() < 0.4 else Material.PAINT
    body = box((length, width, height), srgb(color), ribbed).moved(shift(middle, 0, z))
    parts = [body]
    rail_y = width / 2
    for x in (back, ahead):
        post = box((0.07, 0.07, height + 0.02), *STEEL).moved(shift(x, rail_y - 0.02, z))
        parts.append(both(post))
    for h in (z - 0.02, z + height - 0.05):
        rail = box((length + 0.05, 0.06, 0.08), *STEEL).moved(shift(middle, rail_y, h))
        cross = [box((0.06, width, 0.08), *STEEL).moved(shift(x, 0, h)) for x in (back, ahead)]
        parts += [both(rail), *cross]
    for y in (-0.45, -0.08, 0.08, 0.45):
        rod = bar([(back - 0.05, y, z + 0.1), (back - 0.05, y, z + height - 0.1)], 0.014, STEEL)
        parts.append(rod)
    return merged(parts)


def _compactor(frame: Frame, paint: Coat) -> tuple[Mesh, float]:
    """A barrel-sided body and the hopper that takes the bins, and the height of the hopper."""
    back, ahead = frame.bed
    split, half = back + 1.35, frame.width / 2 + 0.02
    rings = np.stack([_barrel(x, half, (frame.floor - 0.1, 2.45)) for x in (split, ahead)])
    body = skin(rings, [paint], crease_deg=20)
    dark: Coat = (mixed(paint[0], (0.02, 0.02, 0.02), 0.35), Material.PAINT)
    stations = (
        (back + 0.1, 0.75, 1.35),
        (back + 0.25, 0.62, 1.9),
        (back + 0.75, 0.6, 2.4),
        (split, 0.62, 2.5),
    )
    hopper = skin(
        np.stack([_barrel(x, half * 0.97, (low, high)) for x, low, high in stations]),
        [dark],
        crease_deg=20,
    )
    mouth = skin(
        np.stack(
            [
                _barrel(back + 0.05 + k * 0.04, half * 0.8, (0.85 + k * 0.05, 1.45 + k * 0.2))
                for k in range(2)
            ]
        ),
        [DARK],
    )
    ribs = [
        skin(
            np.stack([_barrel(x + e, half + 0.035, (frame.floor - 0.1, 2.48)) for e in (0, 0.07)]),
            [dark],
            crease_deg=20,
        )
        for x in np.linspace(split, ahead - 0.07, 4).tolist()
    ]
    arm = bar([(back + 0.35, half + 0.03, 0.8), (back + 0.9, half + 0.03, 2.3)], 0.05, STEEL)
    comb = box((0.08, frame.width * 0.75, 0.12), *STEEL).moved(shift(back - 0.02, 0, 0.85))
    return merged([body, hopper, mouth, comb, *ribs, both(arm)]), 1.0


def _barrel(x: float, half: float, low_high: tuple[float, float]) -> npt.NDArray[np.float64]:
    """A section across, ``(10, 3)``, bulged at the sides."""
    low, high = low_high
    tall = high - low
    shares = [(0.9, 0.0), (0.97, 0.12), (1.0, 0.5), (0.96, 0.85), (0.84, 1.0)]
    right = np.array([(x, half * y, low + tall * z) for y, z in shares])
    return np.concatenate([right, right[::-1] * np.array([1, -1, 1])])


def _anchors(frame: Frame, floor: float) -> dict[str, tuple[float, float, float]]:
    back, ahead = frame.bed
    return {
        "headlight_left": (frame.nose, frame.width * 0.38, 0.72),
        "headlight_right": (frame.nose, -frame.width * 0.38, 0.72),
        "door_driver": (frame.nose - 0.9, frame.width / 2 + 0.45, 0.0),
        "tail": (-frame.length / 2 - 0.6, 0.0, 0.0),
        "bed": ((back + ahead) / 2, 0.0, floor),
    }
