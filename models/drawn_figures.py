"""What moves in the drawn street: people made of limbs, a rubbish bag, a car; each a small picture
with its cover.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from models.drawn_street import KERB_M, KERB_Z, LAMPS, Camera, Floats, Point, light_at

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Clothes:
    """Reflectances, BGR."""

    coat: Point = (0.10, 0.085, 0.08)
    trousers: Point = (0.13, 0.10, 0.085)
    hair: Point = (0.03, 0.03, 0.03)
    skin: Point = (0.26, 0.36, 0.50)
    shoes: Point = (0.07, 0.07, 0.08)


@dataclass(frozen=True, slots=True)
class Person:
    """A person at one moment.

    Attributes:
        x, z: where the feet are, meters.
        facing: 1 looks to the right of the picture, -1 to the left.
        phase: of the walk, in steps; a whole number is a moment with the legs apart.
        stride: 0 stands, 1 walks.
        bend: 0 upright, 1 bent to the ground.
        carries: whether a bag hangs from the hand.
    """

    x: float
    z: float
    facing: int
    phase: float
    stride: float = 1.0
    bend: float = 0.0
    carries: bool = False
    height_m: float = 1.72
    clothes: Clothes = Clothes()

    @property
    def scale(self) -> float:
        return self.height_m / 1.72


@dataclass(frozen=True, slots=True)
class Bag:
    """A full rubbish bag; ``x, z`` is where it stands, ``lift_m`` how high above the ground its
    bottom is.
    """

    x: float
    z: float
    lift_m: float = 0.0
    side_m: float = 0.68
    seed: int = 5


@dataclass(frozen=True, slots=True)
class Car:
    """A car that drives along the street; ``x`` is its middle, ``heading`` 1 to the right or -1."""

    x: float
    z: float
    heading: int
    paint: Point = (0.17, 0.12, 0.10)


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """Linear light ``(h, w, 3)`` and cover ``(h, w)`` 0..1 of one thing, to be laid over the
    picture at ``left, top``.
    """

    light: Floats
    cover: Floats
    left: int
    top: int

    def box(self) -> tuple[float, float, float, float] | None:
        """Left, top, right, bottom of what is covered by half or more; None where nothing is."""
        x, y, w, h = cv2.boundingRect((self.cover > 0.5).astype(np.uint8))
        if not w:
            return None
        return self.left + x, self.top + y, self.left + x + w, self.top + y + h


class _Sheet:
    """A patch of the picture at three times its resolution, in meters about a foot point; limbs are
    laid on it.
    """

    def __init__(self, camera: Camera, foot: Point, half_m: float, tall_m: float) -> None:
        self._x, self._y, depth = camera.project(foot)
        self.px_per_m = camera.focal_px / depth * 3
        self.left = int(self._x - half_m * self.px_per_m / 3) - 1
        self.top = int(self._y - tall_m * self.px_per_m / 3) - 1
        width = int(2 * half_m * self.px_per_m / 3) + 3
        height = int((tall_m + 0.25) * self.px_per_m / 3) + 3
        xs = (np.arange(width * 3) + 0.5) / 3 + self.left - self._x
        ys = (np.arange(height * 3) + 0.5) / 3 + self.top - self._y
        self.u, self.v = np.meshgrid(xs * 3 / self.px_per_m, -ys * 3 / self.px_per_m)
        self.light = np.zeros((height * 3, width * 3, 3), np.float32)
        self.cover = np.zeros((height * 3, width * 3), np.float32)
        self._lamp_side, self.received = _lamp_side(foot), light_at((foot[0], 1.0, foot[2]))

    def limb(self, a: Pair, b: Pair, radii: Pair, albedo: Point, dim: float = 1.0) -> None:
        """A tapered round limb from a to b (meters right of and above the foot point), shaded as a
        cylinder.
        """
        along = np.array(b, np.float64) - a
        length = max(float(np.hypot(*along)), 1e-6)
        area = self._around(a, b, max(radii))
        du, dv = self.u[area] - a[0], self.v[area] - a[1]
        part = np.clip((du * along[0] + dv * along[1]) / length**2, 0, 1)
        radius = radii[0] + (radii[1] - radii[0]) * part
        off_u, off_v = du - part * along[0], dv - part * along[1]
        distance = np.hypot(off_u, off_v)
        inside = np.clip((radius - distance) * self.px_per_m + 0.5, 0, 1).astype(np.float32)
        facing = self._facing(off_u / radius, off_v / radius) * dim
        self._lay(area, inside, facing, albedo)

    def blob(self, inside: Floats, nu: Floats, nv: Floats, albedo: Point) -> None:
        """Lays a shape over the whole sheet; ``nu, nv`` are its normals to the right and up."""
        whole = slice(None), slice(None)
        self._lay(whole, inside, self._facing(nu.astype(np.float64), nv.astype(np.float64)), albedo)

    def _around(self, a: Pair, b: Pair, radius: float) -> tuple[slice, slice]:
        """The part of the sheet that a limb can reach."""
        reach = radius + 2 / self.px_per_m
        us, vs = self.u[0], -self.v[:, 0]
        first, end = np.searchsorted(us, [min(a[0], b[0]) - reach, max(a[0], b[0]) + reach])
        top, bottom = np.searchsorted(vs, [-max(a[1], b[1]) - reach, -min(a[1], b[1]) + reach])
        return slice(int(top), int(bottom)), slice(int(first), int(end))

    def _facing(
        self, nu: npt.NDArray[np.float64], nv: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """How much light a surface with these normals gets, 0.1..1.2."""
        towards = np.sqrt(np.clip(1 - nu**2 - nv**2, 0, 1))
        side = 0.42 * nu * self._lamp_side
        return np.clip(0.30 + side + 0.40 * nv + 0.38 * towards, 0.10, 1.2)

    def _lay(
        self,
        area: tuple[slice, slice],
        inside: Floats,
        facing: npt.NDArray[np.float64],
        albedo: Point,
    ) -> None:
        shaded = facing[..., None] * np.array(albedo, np.float32) * self.received * 1.25
        over = inside[..., None]
        self.light[area] = self.light[area] * (1 - over) + shaded * over
        self.cover[area] = np.maximum(self.cover[area], inside)

    def gloss(self, amount: Floats) -> None:
        self.light = (
            self.light + amount[..., None] * self.received * self.cover[..., None]
        ).astype(np.float32)

    def sprite(self) -> Sprite:
        height, width = self.cover.shape
        size = width // 3, height // 3
        cover = cv2.resize(self.cover, size, interpolation=cv2.INTER_AREA)
        light = cv2.resize(self.light * self.cover[..., None], size, interpolation=cv2.INTER_AREA)
        return Sprite(
            np.asarray(light, np.float32), np.asarray(cover, np.float32), self.left, self.top
        )


@lru_cache(maxsize=32)
def draw_person(person: Person, camera: Camera) -> Sprite:
    """The person as a sprite; light is premultiplied by cover."""
    sheet = _Sheet(camera, (person.x, ground_m(person.z), person.z), 1.15, 2.0)
    scale, face, clothes = person.scale, person.facing, person.clothes
    swing = np.sin(np.pi * person.phase) * person.stride
    bob = 0.025 * abs(np.cos(np.pi * person.phase)) * person.stride
    hip = (-0.10 * person.bend * face, (0.90 - 0.22 * person.bend + bob - 0.02) * scale)
    lean = np.radians(4 * person.stride + 62 * person.bend)
    neck = (hip[0] + 0.52 * scale * np.sin(lean) * face, hip[1] + 0.52 * scale * np.cos(lean))
    head_at = (
        neck[0] + 0.19 * scale * np.sin(lean * 0.85) * face,
        neck[1] + 0.19 * scale * np.cos(lean * 0.85),
    )
    shoulder = (neck[0] - 0.04 * np.sin(lean) * face, neck[1] - 0.07 * scale)
    _leg(sheet, hip, -swing, person, near=False)
    _arm(sheet, shoulder, swing, person, near=False)
    _leg(sheet, hip, swing, person, near=True)
    sheet.limb((hip[0], hip[1] - 0.02), neck, (0.155 * scale, 0.165 * scale), clothes.coat)
    sheet.limb(
        (hip[0], hip[1] - 0.10 * scale),
        (hip[0], hip[1] + 0.1),
        (0.165 * scale, 0.15 * scale),
        clothes.coat,
        0.9,
    )
    sheet.limb(neck, head_at, (0.055 * scale, 0.06 * scale), clothes.skin, 0.8)
    sheet.limb(
        head_at, (head_at[0], head_at[1] + 0.03), (0.098 * scale, 0.095 * scale), clothes.skin
    )
    crown = (head_at[0] - 0.028 * face, head_at[1] + 0.05 * scale)
    sheet.limb(
        crown,
        (crown[0] - 0.015 * face, crown[1] - 0.02),
        (0.098 * scale, 0.095 * scale),
        clothes.hair,
    )
    hand = _arm(sheet, shoulder, -swing, person, near=True)
    if person.carries:
        _lay_bag(sheet, (hand[0], max(hand[1] - 0.62, 0.0)), 0.64, 5)
    return sheet.sprite()


def _leg(sheet: _Sheet, hip: Pair, swing: float, person: Person, near: bool) -> None:
    face, clothes, scale, dim = person.facing, person.clothes, person.scale, 1.0 if near else 0.72
    thigh = np.radians(26 * swing + 38 * person.bend)
    bend = np.radians(
        10 + 34 * max(0.0, -swing) * (0.5 + 0.5 * person.stride)
    ) * person.stride + np.radians(70 * person.bend)
    knee = (hip[0] + 0.44 * scale * np.sin(thigh) * face, hip[1] - 0.44 * scale * np.cos(thigh))
    ankle = (
        knee[0] + 0.42 * scale * np.sin(thigh - bend) * face,
        knee[1] - 0.42 * scale * np.cos(thigh - bend),
    )
    ankle = (ankle[0], max(ankle[1], 0.055))
    sheet.limb(hip, knee, (0.098 * scale, 0.075 * scale), clothes.trousers, dim)
    sheet.limb(knee, ankle, (0.075 * scale, 0.055 * scale), clothes.trousers, dim * 0.95)
    sheet.limb(
        (ankle[0] - 0.03 * face, 0.04 + ankle[1] - 0.055),
        (ankle[0] + 0.15 * face, 0.035 + ankle[1] - 0.055),
        (0.05, 0.038),
        clothes.shoes,
        dim,
    )


def _arm(sheet: _Sheet, shoulder: Pair, swing: float, person: Person, near: bool) -> Pair:
    """Draws an arm and says where its hand is; the near one bears the bag."""
    face, clothes, scale, dim = person.facing, person.clothes, person.scale, 1.0 if near else 0.72
    loaded = near and (person.carries or person.bend > 0)
    upper = np.radians(8 + 14 * person.bend) if loaded else np.radians(24 * swing + 6)
    fore = upper + (np.radians(6) if loaded else np.radians(18))
    elbow = (
        shoulder[0] + 0.29 * scale * np.sin(upper) * face,
        shoulder[1] - 0.29 * scale * np.cos(upper),
    )
    hand = (elbow[0] + 0.27 * scale * np.sin(fore) * face, elbow[1] - 0.27 * scale * np.cos(fore))
    sheet.limb(shoulder, elbow, (0.07 * scale, 0.058 * scale), clothes.coat, dim * 1.05)
    sheet.limb(elbow, hand, (0.056 * scale, 0.042 * scale), clothes.coat, dim)
    sheet.limb(hand, (hand[0] + 0.02 * face, hand[1] - 0.06), (0.042, 0.04), clothes.skin, dim)
    return float(hand[0]), float(hand[1])


@lru_cache(maxsize=32)
def draw_bag(bag: Bag, camera: Camera) -> Sprite:
    sheet = _Sheet(camera, (bag.x, ground_m(bag.z), bag.z), 0.7, 1.1 + bag.lift_m)
    _lay_bag(sheet, (0.0, bag.lift_m), bag.side_m, bag.seed)
    return sheet.sprite()


def _lay_bag(sheet: _Sheet, at: Pair, side_m: float, seed: int) -> None:
    """A bulging plastic bag with a knot, its folds running to the knot; ``at`` is the middle of its
    bottom.
    """
    rng = np.random.default_rng(seed)
    half = side_m / 2
    u, v = (sheet.u - at[0]) / half, (sheet.v - at[1]) / half - 0.86
    angle = np.arctan2(v, u)
    outline = (
        0.93
        + 0.05 * np.sin(3 * angle + 0.7)
        + 0.035 * np.sin(5 * angle + 2.1)
        + 0.02 * np.sin(9 * angle + rng.uniform(0, 6))
    )
    outline = np.where(
        v < 0, outline * (1 + 0.10 * np.abs(u)), outline * (1 - 0.10 * np.clip(v, 0, 1))
    )
    squat = np.maximum(np.hypot(u / 1.02, np.where(v < 0, v * 1.06, v * 0.98)), 1e-6)
    inside = np.clip((outline - squat) * half * sheet.px_per_m + 0.5, 0, 1) * (
        sheet.v > at[1] - 0.01
    )
    folds = np.sin(angle * 11 + 3 * np.sin(angle * 4 + squat * 5) + rng.uniform(0, 6)) * np.clip(
        squat, 0, 1
    )
    creases = np.sin(u * 9 + 4 * np.sin(v * 5 + 1)) * np.sin(v * 11 + 3 * np.sin(u * 6))
    nu, nv = u / outline * 0.85 + 0.16 * folds, v / outline * 0.85 + 0.13 * creases
    sheet.blob(
        inside.astype(np.float32), nu.astype(np.float32), nv.astype(np.float32), (0.50, 0.54, 0.52)
    )
    for offset, size in ((-0.07, 0.055), (0.08, 0.05), (0.0, 0.06)):
        sheet.limb(
            (at[0] + offset * 0.3, at[1] + side_m * 0.84),
            (at[0] + offset, at[1] + side_m * 1.0),
            (size * 1.3, size * 0.6),
            (0.46, 0.50, 0.48),
        )
    shine = np.clip(np.sin(angle * 7 + 2 * creases) * creases - 0.55, 0, 1) * (inside > 0.5) * 0.5
    stuff = (np.hypot(u + 0.25, v + 0.2) < 0.33) | (np.hypot(u - 0.4, v - 0.05) < 0.2)
    sheet.gloss((shine - 0.10 * stuff * (inside > 0.5) * (0.7 + 0.3 * creases)).astype(np.float32))


def ground_m(z: float) -> float:
    return KERB_M if z >= KERB_Z else 0.0


def _lamp_side(foot: Point) -> float:
    """From which side most light comes: -1 left … 1 right."""
    pull = 0.0
    total = 1e-6
    for lamp in LAMPS:
        offset = np.array(lamp.at) - (foot[0], 1.2, foot[2])
        strength = lamp.power_bgr[1] / float((offset**2).sum())
        pull += strength * float(offset[0]) / float(np.sqrt((offset**2).sum()))
        total += strength
    return float(np.clip(1.6 * pull / total, -1, 1))


PROFILE = (
    *((-2.12, 0.32), (-2.2, 0.55), (-2.16, 0.88), (-1.95, 0.98), (-1.55, 1.04)),
    *((-1.0, 1.40), (-0.5, 1.47), (0.35, 1.45), (1.12, 1.05), (1.6, 0.97)),
    *((2.02, 0.84), (2.18, 0.62), (2.14, 0.32)),
)
"""A car's outline from its rear to its front: meters along it and up."""
GLASS = (
    ((-1.38, 1.03), (-0.95, 1.33), (-0.45, 1.39), (-0.30, 1.39), (-0.30, 1.03)),
    ((-0.20, 1.03), (-0.20, 1.39), (0.30, 1.37), (0.95, 1.05)),
)


def _rounded(points: tuple[Pair, ...]) -> list[Pair]:
    """Corners cut twice by Chaikin's rule, the ends kept."""
    for _ in range(2):
        cut = [points[0]]
        for (x1, y1), (x2, y2) in pairwise(points):
            cut += [
                (0.75 * x1 + 0.25 * x2, 0.75 * y1 + 0.25 * y2),
                (0.25 * x1 + 0.75 * x2, 0.25 * y1 + 0.75 * y2),
            ]
        points = (*cut, points[-1])
    return list(points)


class _CarSheet:
    """The whole picture at twice its size, in the car's own meters: along it, up, and across the
    street.
    """

    def __init__(self, car: Car, camera: Camera) -> None:
        width, height = camera.size_wh
        self._car, self._camera = car, camera
        self._received = light_at((car.x, 1.2, car.z)) * 1.2
        self.light = np.zeros((height * 2, width * 2, 3), np.float32)
        self.cover = np.zeros((height * 2, width * 2), np.float32)

    def spot(self, x: float, y: float, z: float) -> Pair:
        px, py, _ = self._camera.project((self._car.x + x * self._car.heading, y, z))
        return px * 2, py * 2

    def fill(self, points: list[Pair], albedo: Point, facing: float) -> None:
        polygon = np.array(points).round().astype(np.int32)
        tone = tuple(float(value) for value in np.array(albedo) * facing * self._received)
        cv2.fillPoly(self.light, [polygon], tone, cv2.LINE_AA)
        cv2.fillPoly(self.cover, [polygon], 1.0, cv2.LINE_AA)

    def glow(self, x: float, z: float, color: Point) -> None:
        at = tuple(round(value) for value in self.spot(x, 0.72, z))
        cv2.ellipse(self.light, at, (5, 3), 0, 0, 360, color, -1, cv2.LINE_AA)
        cv2.ellipse(self.cover, at, (5, 3), 0, 0, 360, 1.0, -1, cv2.LINE_AA)

    def sprite(self) -> Sprite:
        size = self._camera.size_wh
        light = cv2.GaussianBlur(self.light, (0, 0), 0.8) * self.cover[..., None]
        small = (
            cv2.resize(light, size, interpolation=cv2.INTER_AREA),
            cv2.resize(self.cover, size, interpolation=cv2.INTER_AREA),
        )
        return Sprite(np.asarray(small[0], np.float32), np.asarray(small[1], np.float32), 0, 0)


DARK_GLASS: Point = (0.035, 0.03, 0.027)


@lru_cache(maxsize=4)
def draw_car(car: Car, camera: Camera) -> Sprite:
    """The car as a profile drawn out over its width: the strips that face the camera, then the near
    side.
    """
    sheet = _CarSheet(car, camera)
    near, far = car.z - 0.87, car.z + 0.87
    outline = _rounded(PROFILE)
    for (x1, y1), (x2, y2) in pairwise(outline):
        strip = [
            sheet.spot(x1, y1, near),
            sheet.spot(x2, y2, near),
            sheet.spot(x2, y2, far),
            sheet.spot(x1, y1, far),
        ]
        if _turn(strip) * car.heading > 0:
            continue
        up = (x2 - x1) / max(float(np.hypot(x2 - x1, y2 - y1)), 1e-6)
        screen = y1 + y2 > 2.16 and 0.25 < up < 0.92
        sheet.fill(strip, DARK_GLASS if screen else car.paint, 0.35 + 0.95 * max(up, 0.0))
    sheet.fill([sheet.spot(x, y, near) for x, y in outline], car.paint, 0.5)
    shoulder = [(-2.14, 0.9), (-1.6, 1.0), (1.15, 1.02), (2.0, 0.84), (2.05, 0.74), (-2.17, 0.78)]
    sheet.fill([sheet.spot(x, y, near) for x, y in shoulder], car.paint, 0.8)
    sheet.fill(
        [
            sheet.spot(x, y, near)
            for x, y in ((-2.1, 0.32), (-2.14, 0.46), (2.12, 0.46), (2.1, 0.32))
        ],
        car.paint,
        0.28,
    )
    for pane in GLASS:
        sheet.fill([sheet.spot(x, y, near) for x, y in pane], DARK_GLASS, 0.9)
    for wheel_x in (-1.36, 1.36):
        for radius, albedo in (
            (0.43, 0.012),
            (0.34, 0.03),
            (0.21, 0.11),
            (0.19, 0.05),
            (0.08, 0.10),
        ):
            angles = np.linspace(0, 2 * np.pi, 36)
            ring = [
                sheet.spot(wheel_x + radius * np.cos(a), 0.34 + radius * np.sin(a), near - 0.02)
                for a in angles
            ]
            sheet.fill(ring, (albedo, albedo, albedo), 0.9)
    rear_seen = (car.x * car.heading) > 0
    x, color = (-2.15, (0.08, 0.08, 1.5)) if rear_seen else (2.12, (3.0, 3.3, 3.5))
    for z in (near + 0.15, far - 0.15):
        sheet.glow(x, z, color)
    return sheet.sprite()


def _turn(points: list[Pair]) -> float:
    """Twice the signed area of a polygon in the picture."""
    table = np.array(points)
    after = np.roll(table, -1, axis=0)
    return float((table[:, 0] * after[:, 1] - after[:, 0] * table[:, 1]).sum())
