"""A drawn street at nightfall: every pixel is a ray that meets road, pavement or façade and is lit
by lamps.

World: meters, x to the right along the street, y up, z away from the camera towards the façade.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Point = tuple[float, float, float]
Rng = np.random.Generator

KERB_Z, FACADE_Z, KERB_M = 11.6, 15.0, 0.14
AMBIENT_BGR = np.array([0.074, 0.058, 0.048], np.float32)
SHUTTERS_X = ((-5.2, -2.2), (-1.4, 1.8), (2.5, 5.7), (11.0, 14.2), (14.9, 18.1))
DOOR_X = (7.6, 9.0)
POLE_XZ, POLE_TOP_M = (6.3, 11.95), 5.15


@dataclass(frozen=True, slots=True, eq=False)
class Lamp:
    """A light at a point; ``power_bgr`` is its brightness at one meter."""

    at: Point
    power_bgr: tuple[float, float, float]


LAMPS = (
    Lamp((5.2, 4.95, 12.0), (5.6, 8.8, 11.2)),
    Lamp((-9.0, 5.2, 11.5), (2.6, 4.2, 5.4)),
    Lamp((19.5, 5.2, 11.5), (2.6, 4.2, 5.4)),
    Lamp((8.3, 2.0, 14.3), (0.42, 0.75, 0.92)),
)


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole above the near roadside.

    Attributes:
        size_wh: picture in pixels.
        focal_px: focal length.
        height_m: above the road.
        pitch_deg: downwards. yaw_deg: to the right.
    """

    size_wh: tuple[int, int]
    focal_px: float
    height_m: float = 5.0
    pitch_deg: float = 16.0
    yaw_deg: float = 22.0

    def axes(
        self,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Right, up and forward in the world."""
        pitch, yaw = np.radians(self.pitch_deg), np.radians(self.yaw_deg)
        forward = np.array(
            [np.sin(yaw) * np.cos(pitch), -np.sin(pitch), np.cos(yaw) * np.cos(pitch)]
        )
        right = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
        return right, np.cross(forward, right), forward

    def project(self, point: Point | npt.NDArray[np.float64]) -> tuple[float, float, float]:
        """Pixel x, pixel y and depth in meters of a point before the camera."""
        right, up, forward = self.axes()
        offset = np.asarray(point, np.float64) - (0.0, self.height_m, 0.0)
        depth = float(offset @ forward)
        width, height = self.size_wh
        scale = self.focal_px / depth
        return (
            width / 2 + float(offset @ right) * scale,
            height / 2 - float(offset @ up) * scale,
            depth,
        )

    def rays(self) -> Floats:
        """Direction ``(h, w, 3)`` of every pixel's ray, not normalized."""
        right, up, forward = self.axes()
        width, height = self.size_wh
        xs = (np.arange(width) + 0.5 - width / 2) / self.focal_px
        ys = (np.arange(height) + 0.5 - height / 2) / self.focal_px
        rays = forward + xs[None, :, None] * right - ys[:, None, None] * up
        return rays.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    """The empty street.

    Attributes:
        light: ``(h, w, 3)`` linear light without what moves, BGR.
        albedo: ``(h, w, 3)`` reflectance, BGR, 0..1.
        place: ``(h, w, 3)`` world point of every pixel.
        pole: ``(h, w)`` how far the lamp post covers a pixel, 0..1.
    """

    camera: Camera
    light: Floats
    albedo: Floats
    place: Floats
    pole: Floats


def draw_street(camera: Camera, seed: int) -> Street:
    """The empty street, drawn at twice the size and averaged down."""
    width, height = camera.size_wh
    fine = Camera(
        (width * 2, height * 2),
        camera.focal_px * 2,
        camera.height_m,
        camera.pitch_deg,
        camera.yaw_deg,
    )
    rng = np.random.default_rng(seed)
    place, normal, is_wall = _hits(fine)
    albedo, glow, relief = _ground_and_wall(place, is_wall, rng)
    shade = _contact_shade(place, is_wall) * (1 + relief[..., None])
    light = albedo * lit(place, normal, LAMPS) * shade + glow
    light, pole = _with_post(_halved(light), camera)
    return Street(camera, _with_bloom(light, camera), _halved(albedo), _halved(place), pole)


def _halved(layer: Floats) -> Floats:
    size = layer.shape[1] // 2, layer.shape[0] // 2
    return np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), np.float32)


def lit(place: Floats, normal: Floats, lamps: tuple[Lamp, ...]) -> Floats:
    """Light ``(h, w, 3)`` that falls on places with these normals, ambient included."""
    total = np.broadcast_to(AMBIENT_BGR, place.shape).copy()
    for lamp in lamps:
        towards = np.array(lamp.at, np.float32) - place
        square = (towards**2).sum(axis=-1, keepdims=True) + 0.3
        facing = np.clip((towards * normal).sum(axis=-1, keepdims=True) / np.sqrt(square), 0.04, 1)
        total += facing / square * np.array(lamp.power_bgr, np.float32)
    return total


def light_at(point: Point) -> npt.NDArray[np.float32]:
    """Light ``(3,)`` on something upright that stands at a point, from all sides."""
    place = np.array([[point]], np.float32)
    total = AMBIENT_BGR.copy()
    for lamp in LAMPS:
        square = float(((np.array(lamp.at) - place[0, 0]) ** 2).sum()) + 0.3
        total += 0.7 * np.array(lamp.power_bgr, np.float32) / square
    return total


def developed(light: Floats, exposure: float = 2.9) -> npt.NDArray[np.uint8]:
    """Linear light to a camera's 8 bits: a soft shoulder and a display curve."""
    film = (1 - np.exp(-exposure * np.maximum(light, 0))) ** (1 / 1.9)
    return np.clip(film * 255, 0, 255).astype(np.uint8)


def fractal(shape: tuple[int, int], u: Floats, v: Floats, rng: Rng, octaves: int = 4) -> Floats:
    """Cloudy noise of -1..1 at world coordinates ``u, v``; ``shape`` is the lattice before it
    repeats.
    """
    total = np.zeros(u.shape, np.float32)
    for octave in range(octaves):
        lattice = rng.uniform(-1, 1, shape).astype(np.float32)
        x, y = u * 2**octave, v * 2**octave
        map_x, map_y = (
            np.mod(x, shape[1]).astype(np.float32),
            np.mod(y, shape[0]).astype(np.float32),
        )
        padded = np.pad(lattice, ((0, 1), (0, 1)), mode="wrap")
        total += cv2.remap(padded, map_x, map_y, cv2.INTER_LINEAR) / 2**octave
    return total / 1.9


def _hits(camera: Camera) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Where each ray ends, the surface's normal there, and whether it is the façade."""
    rays = camera.rays()
    eye = np.array([0, camera.height_m, 0], np.float32)
    down = np.minimum(rays[..., 1], -1e-4)
    road_t = camera.height_m / -down
    walk_t = (camera.height_m - KERB_M) / -down
    on_walk = rays[..., 2] * walk_t > KERB_Z
    wall_t = FACADE_Z / rays[..., 2]
    ground_t = np.where(on_walk, walk_t, road_t)
    kerb_face = ~on_walk & (rays[..., 2] * road_t > KERB_Z)
    ground_t = np.where(kerb_face, KERB_Z / rays[..., 2], ground_t)
    is_wall = wall_t < ground_t
    place = eye + rays * np.where(is_wall, wall_t, ground_t)[..., None]
    normal = np.zeros_like(place)
    upright = is_wall | kerb_face
    normal[..., 1], normal[..., 2] = ~upright, -1.0 * upright
    return place, normal, is_wall


def _ground_and_wall(
    place: Floats, is_wall: npt.NDArray[np.bool_], rng: Rng
) -> tuple[Floats, Floats, Floats]:
    x, y, z = place[..., 0], place[..., 1], place[..., 2]
    road, road_relief = _asphalt(x, z, rng)
    walk, walk_relief = _paving(x, z, rng)
    wall, glow, wall_relief = _facade(x, y, rng)
    on_walk = z >= KERB_Z
    stone = (z >= KERB_Z - 0.01) & (z < KERB_Z + 0.22)
    joint = np.abs(np.mod(x, 0.9) - 0.45) > 0.438
    walk[stone] = 0.36 - 0.18 * joint[stone][:, None]
    albedo = np.where(is_wall[..., None], wall, np.where(on_walk[..., None], walk, road))
    relief = np.where(is_wall, wall_relief, np.where(on_walk, walk_relief, road_relief))
    return (
        albedo.astype(np.float32),
        (glow * is_wall[..., None]).astype(np.float32),
        relief.astype(np.float32),
    )


def _asphalt(x: Floats, z: Floats, rng: Rng) -> tuple[Floats, Floats]:
    grain = rng.normal(0, 1, x.shape).astype(np.float32)
    clouds = fractal((64, 64), x * 0.7, z * 0.7, rng)
    fine = fractal((256, 256), x * 9, z * 9, rng, 2)
    gray = 0.155 + 0.035 * clouds + 0.02 * fine
    tracks = np.exp(-((z - 8.0) ** 2) / 0.12) + np.exp(-((z - 9.7) ** 2) / 0.12)
    gray -= 0.018 * tracks
    crack = np.abs(fractal((64, 64), x * 0.8 + 7, z * 1.6, rng, 5)) + np.clip(clouds, 0, 1) * 0.05
    gray = gray * (1 - 0.3 * np.clip(1 - crack / 0.009, 0, 1))
    patch = (np.abs(x - 9.5 - 0.1 * z) < 1.1) & (np.abs(z - 9.3) < 0.75)
    gray = np.where(patch, gray * 0.72 + 0.004 * fine, gray)
    gutter = np.exp(-((z - KERB_Z + 0.12) ** 2) / 0.02)
    gray -= 0.05 * gutter * (1 + clouds)
    worn = np.clip(0.75 + 0.9 * fractal((128, 128), x * 3, z * 3, rng, 3), 0.15, 1)
    line = (np.abs(z - 10.75) < 0.07).astype(np.float32)
    gray = gray * (1 - line * worn * 0.85) + 0.55 * line * worn * 0.85
    hole = ((x - 1.2) ** 2 + (z - 9.2) ** 2) < 0.36**2
    rim = hole & (((x - 1.2) ** 2 + (z - 9.2) ** 2) > 0.31**2)
    gray = np.where(hole, 0.085 + 0.03 * (np.sin(x * 60) * np.sin(z * 60) > 0), gray)
    gray = np.where(rim, 0.2, gray)
    tint = np.array([1.02, 1.0, 0.97], np.float32)
    return (gray[..., None] * tint).astype(np.float32), 0.10 * grain


def _paving(x: Floats, z: Floats, rng: Rng) -> tuple[Floats, Floats]:
    side = 0.42
    row = np.floor(z / side).astype(np.int64)
    shifted = x + 0.5 * side * (row % 2)
    column = np.floor(shifted / side).astype(np.int64)
    shades = rng.normal(0, 1, (64, 256)).astype(np.float32)
    tile = shades[row % 64, column % 256]
    joint = (np.abs(np.mod(shifted, side) - side / 2) > side / 2 - 0.012) | (
        np.abs(np.mod(z, side) - side / 2) > side / 2 - 0.012
    )
    clouds = fractal((64, 64), x * 0.9 + 11, z * 1.4, rng)
    spots = fractal((256, 256), x * 6, z * 6, rng, 2) > 0.62
    gray = 0.27 + 0.022 * tile + 0.045 * clouds - 0.05 * spots
    gray = np.where(joint, gray * 0.62, gray)
    guide = np.abs(z - 13.05) < 0.21
    ribs = np.where(guide, 0.85 + 0.15 * np.sign(np.sin(z * 2 * np.pi / 0.07)), 1.0)
    tint = np.where(guide[..., None], np.array([0.45, 0.86, 1.0]), np.array([0.93, 0.97, 1.0]))
    return (gray[..., None] * ribs[..., None] * tint).astype(np.float32), 0.05 * rng.normal(
        0, 1, x.shape
    ).astype(np.float32)


def _facade(x: Floats, y: Floats, rng: Rng) -> tuple[Floats, Floats, Floats]:
    streaks = fractal((64, 64), x * 2.2, y * 0.22, rng)
    clouds = fractal((64, 64), x * 0.8, y * 0.8, rng)
    run_off = np.clip(fractal((128, 128), x * 5, y * 0.12, rng, 3), 0, 1) * np.clip(
        (y - 0.4) / 3, 0, 1
    )
    base = (0.30 + 0.07 * clouds + 0.08 * streaks) * (1 - 0.35 * run_off)
    color = base[..., None] * np.array([0.80, 0.91, 1.0], np.float32)
    low = y < 0.75
    slab = (np.abs(np.mod(x, 0.8) - 0.4) > 0.39) | (np.abs(y - 0.72) < 0.03)
    color = np.where(
        low[..., None], (0.17 + 0.03 * clouds - 0.07 * slab)[..., None] * np.ones(3), color
    )
    relief = 0.04 * rng.normal(0, 1, x.shape)
    glow = np.zeros((*x.shape, 3), np.float32)
    for number, (left, right) in enumerate(SHUTTERS_X):
        inside = (x > left) & (x < right) & (y > 0.12) & (y < 2.75)
        frame = inside & ((x < left + 0.09) | (x > right - 0.09) | (y > 2.55))
        rust = np.clip(fractal((64, 64), x * 1.5 + number * 9, y * 0.8, rng), 0, 1)
        slats = 0.72 + 0.28 * np.sin(y * 2 * np.pi / 0.11)
        tones = (
            (0.33, 0.32, 0.30),
            (0.36, 0.30, 0.25),
            (0.27, 0.31, 0.30),
            (0.32, 0.32, 0.33),
            (0.30, 0.30, 0.34),
        )
        metal = (slats * (0.9 + 0.12 * clouds))[..., None] * np.array(tones[number], np.float32)
        metal = (
            metal * (1 - 0.45 * rust[..., None])
            + np.array([0.05, 0.10, 0.17]) * 0.45 * rust[..., None]
        )
        color = np.where(inside[..., None], metal, color)
        color = np.where(frame[..., None], 0.13, color)
    color, glow = _door(x, y, color, glow)
    return _upper_floor(x, y, color.astype(np.float32), glow, rng), glow, relief.astype(np.float32)


def _door(
    x: Floats, y: Floats, color: npt.NDArray[np.floating], glow: Floats
) -> tuple[npt.NDArray[np.floating], Floats]:
    """An entrance with light behind frosted glass."""
    left, right = DOOR_X
    opening = (x > left) & (x < right) & (y > 0.1) & (y < 2.5)
    bar = (
        np.abs(np.mod(x - left, (right - left) / 2) - (right - left) / 4)
        > (right - left) / 4 - 0.05
    )
    frame = opening & (bar | (np.abs(y - 1.0) < 0.04) | (y > 2.42))
    color = np.where(opening[..., None], 0.12, color)
    fall = np.exp(-((x - 8.3) ** 2) / 0.5) * np.clip(0.35 + y / 2.6, 0, 1)
    glow = np.where(
        (opening & ~frame)[..., None],
        (0.10 * fall)[..., None] * np.array([0.55, 0.85, 1.0], np.float32),
        glow,
    )
    return color, glow.astype(np.float32)


def _upper_floor(x: Floats, y: Floats, color: Floats, glow: Floats, rng: Rng) -> Floats:
    """Board, windows, air conditioners and pipes; ``glow`` is changed in place."""
    board = (y > 2.95) & (y < 3.55)
    section = np.floor((x + 5.6) / 3.9).astype(np.int64) % 5
    tones = np.array(
        [
            [0.15, 0.12, 0.11],
            [0.10, 0.10, 0.17],
            [0.12, 0.15, 0.12],
            [0.19, 0.19, 0.18],
            [0.10, 0.13, 0.16],
        ],
        np.float32,
    )
    edge = (np.abs(y - 3.25) > 0.27) | (np.abs(np.mod(x + 5.6, 3.9) - 1.95) > 1.91)
    grime = 0.8 + 0.35 * fractal((64, 64), x * 1.7, y * 0.5, rng)
    color = np.where(
        board[..., None], tones[section] * (grime * np.where(edge, 0.5, 1.0))[..., None], color
    )
    for number, left in enumerate(np.arange(-4.6, 19, 2.6)):
        window = (x > left) & (x < left + 1.5) & (y > 4.15) & (y < 5.9)
        frame = window & (
            (x < left + 0.07) | (x > left + 1.43) | (np.abs(x - left - 0.75) < 0.035) | (y < 4.22)
        )
        folds = 0.8 + 0.2 * np.sin((x - left) * 2 * np.pi / 0.16 + rng.uniform(0, 6))
        color = np.where(window[..., None], 0.06, color)
        if number % 4 == 2:
            warm = np.array([0.045, 0.085, 0.12], np.float32) * (0.9 if number != 6 else 0.5)
            glow[:] = np.where((window & ~frame)[..., None], folds[..., None] * warm, glow)
        color = np.where(frame[..., None], 0.34, color)
        sill = (x > left - 0.08) & (x < left + 1.58) & (np.abs(y - 4.1) < 0.06)
        color = np.where(sill[..., None], 0.38, color)
    for left in (-2.7, 2.4, 7.7, 12.8):
        unit = (x > left) & (x < left + 0.85) & (y > 3.66) & (y < 4.28)
        fan = np.hypot(x - left - 0.36, y - 3.97)
        ring = unit & (fan < 0.24) & (np.mod(fan, 0.06) < 0.03)
        color = np.where(unit[..., None], 0.46, color)
        color = np.where(ring[..., None], 0.16, color)
        under = (x > left) & (x < left + 0.9) & (y > 3.5) & (y <= 3.66)
        color = np.where(under[..., None], color * 0.55, color)
    for at in (-1.8, 6.6, 10.2, 14.55):
        pipe = np.abs(x - at) < 0.055
        color = np.where(pipe[..., None], 0.42 - 0.22 * np.abs(x - at)[..., None] / 0.055, color)
    return color.astype(np.float32)


def _contact_shade(place: Floats, is_wall: npt.NDArray[np.bool_]) -> Floats:
    """Dirt and missing sky in the corner between pavement and wall, and under the board."""
    y, z = place[..., 1], place[..., 2]
    corner = np.where(is_wall, np.clip(y / 0.5, 0, 1), np.clip((FACADE_Z - z) / 0.5, 0, 1))
    under_board = np.where(is_wall & (y < 2.95), np.clip((2.95 - y) / 0.45, 0, 1), 1.0)
    shade: Floats = ((0.55 + 0.45 * corner) * (0.6 + 0.4 * under_board))[..., None].astype(
        np.float32
    )
    return shade


def _with_post(light: Floats, camera: Camera) -> tuple[Floats, Floats]:
    """Adds the lamp post; the second value says how far it covers each pixel."""
    height, width = light.shape[:2]
    zoom = 4
    cover = np.zeros((height * zoom, width * zoom), np.uint8)
    tone = np.zeros((height * zoom, width * zoom), np.float32)
    x, z = POLE_XZ
    foot, top = camera.project((x, KERB_M, z)), camera.project((x, POLE_TOP_M, z))
    tip = camera.project((5.25, POLE_TOP_M + 0.06, 12.0))
    for start, end, thick_m in ((foot, top, 0.13), (top, tip, 0.09)):
        px = thick_m * camera.focal_px / start[2]
        a, b = ((round(p[0] * zoom), round(p[1] * zoom)) for p in (start, end))
        cv2.line(cover, a, b, 255, max(1, round(px * zoom)))
        cv2.line(tone, a, b, 0.06, max(1, round(px * zoom)))
        shift = round(-px * zoom * 0.22)
        cv2.line(
            tone, (a[0] + shift, a[1]), (b[0] + shift, b[1]), 0.16, max(1, round(px * zoom * 0.35))
        )
    box = camera.project((x, 0.75, z))
    half = round(0.11 * camera.focal_px / box[2] * zoom)
    bx, by = round(box[0] * zoom), round(box[1] * zoom)
    cv2.rectangle(cover, (bx - half, by - 2 * half), (bx + half, by + 2 * half), 255, -1)
    cv2.rectangle(tone, (bx - half, by - 2 * half), (bx + half, by + 2 * half), 0.11, -1)
    covered = (cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA) / 255).astype(
        np.float32
    )
    gray = cv2.resize(tone, (width, height), interpolation=cv2.INTER_AREA)[..., None]
    metal = gray * np.array([0.85, 0.95, 1.0], np.float32)
    return (light * (1 - covered[..., None]) + metal).astype(np.float32), covered


def _with_bloom(light: Floats, camera: Camera) -> Floats:
    """Adds the lamp's bright head and the glare around bright things that a cheap lens has."""
    x, y, _ = camera.project((5.2, 5.1, 12.0))
    head = np.zeros(light.shape[:2], np.float32)
    cv2.ellipse(head, (round(x), round(y)), (15, 4), 4, 0, 360, 1.0, -1)
    disc = np.asarray(cv2.GaussianBlur(head, (0, 0), 1.0), np.float32)
    bright = light + 4.0 * disc[..., None] * np.array([0.75, 0.92, 1.0], np.float32)
    over = np.clip(bright - 0.35, 0, None)
    glare = 0.16 * cv2.GaussianBlur(over, (0, 0), 7) + 0.13 * cv2.GaussianBlur(over, (0, 0), 34)
    bloomed: Floats = (bright + glare).astype(np.float32)
    return bloomed
