"""What streets are laid of: boxes and sheets, ground, kerbs, markings, stones, cameras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera
from models.scenes.mesh import (
    Material,
    Mesh,
    Rgb,
    merged,
    polygon,
    smooth_normals,
    srgb,
)

Rect = tuple[float, float, float, float]
"""West, south, east, north in metres."""
Reals = npt.NDArray[np.float64]
ASPHALT: Final = srgb("#5d5c5a")
TAR: Final = srgb("#4b4a49")
WORN_WHITE: Final = srgb("#b4b1a8")
STEEL: Final = srgb("#7d8284")
CONCRETE: Final = srgb("#8d8a83")
_CUBE: Final = np.array(
    [
        [(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)],
        [(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)],
        [(0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)],
        [(1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)],
        [(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)],
        [(0, 1, 0), (1, 1, 0), (1, 0, 0), (0, 0, 0)],
    ],
    float,
)


def dim(albedo: Rgb, by: float) -> Rgb:
    """A color made darker, or lighter if ``by`` is more than 1."""
    return min(albedo[0] * by, 1.0), min(albedo[1] * by, 1.0), min(albedo[2] * by, 1.0)


def quads(corners: npt.ArrayLike, albedo: npt.ArrayLike, material: Material) -> Mesh:
    """Flat quads ``(n, 4, 3)`` of one color ``(3,)``, one each ``(n, 3)``, or by corner."""
    points = np.asarray(corners, np.float32).reshape(-1, 4, 3)
    count = len(points)
    normal = np.cross(points[:, 2] - points[:, 0], points[:, 3] - points[:, 1])
    size = np.linalg.norm(normal, axis=1, keepdims=True)
    color = np.asarray(albedo, np.float32)
    if color.ndim < 3:
        color = np.broadcast_to(color.reshape(-1, 1, 3), (count, 4, 3))
    whole = size[:, 0] > 1e-9
    points, normal, color = points[whole], normal[whole] / size[whole], color[whole]
    count = len(points)
    first = 4 * np.arange(count)[:, None]
    faces = np.concatenate([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])])
    return Mesh(
        position=points.reshape(-1, 3),
        normal=np.repeat(normal, 4, axis=0).astype(np.float32),
        albedo=np.ascontiguousarray(color.reshape(-1, 3)),
        material=np.full(4 * count, material, np.float32),
        faces=faces.astype(np.uint32),
    )


def boxes(bounds: npt.ArrayLike, albedo: npt.ArrayLike, material: Material, sides: int = 6) -> Mesh:
    """Upright boxes ``(n, 6)``: the least x, y, z and the greatest; colors as in ``quads``.

    With 5 sides they have no bottom; with 3 only what is seen of a thin bar: front and flanks.
    """
    limits = np.asarray(bounds, float).reshape(-1, 1, 1, 6)
    points = limits[..., :3] + _CUBE[:sides] * (limits[..., 3:] - limits[..., :3])
    color = np.asarray(albedo, np.float32)
    return quads(points, np.repeat(color, sides, axis=0) if color.ndim == 2 else color, material)


def sheet(
    xs: npt.ArrayLike,
    ys: npt.ArrayLike,
    z: npt.ArrayLike,
    albedo: npt.ArrayLike,
    material: Material,
) -> Mesh:
    """Ground over a grid; ``z`` and ``albedo`` for all, or ``(len(ys), len(xs))`` of them."""
    x, y = np.meshgrid(np.asarray(xs, float), np.asarray(ys, float))
    points = np.stack([x, y, np.broadcast_to(np.asarray(z, float), x.shape)], -1).reshape(-1, 3)
    row = np.arange(x.size).reshape(x.shape)
    a, b, c, d = row[:-1, :-1], row[:-1, 1:], row[1:, 1:], row[1:, :-1]
    faces = np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).reshape(-1, 3)
    color = np.broadcast_to(np.asarray(albedo, np.float32), (*x.shape, 3)).reshape(-1, 3)
    return Mesh(
        position=points.astype(np.float32),
        normal=smooth_normals(points, faces),
        albedo=np.ascontiguousarray(color),
        material=np.full(x.size, material, np.float32),
        faces=faces.astype(np.uint32),
    )


def tinted(rng: np.random.Generator, code: str, spread: float = 0.12) -> Rgb:
    """A color near the one named, a little lighter or darker, warmer or cooler."""
    light, warm = rng.uniform(-spread, spread), rng.uniform(-spread, spread) / 3
    r, g, b = np.clip(np.array(srgb(code)) * (1 + light) * (1 + warm, 1, 1 - warm), 0, 1).tolist()
    return r, g, b


def aimed(position: tuple[float, float, float], at: Sequence[float], fov_deg: float) -> Camera:
    """A camera that has a point in the middle of its picture."""
    x, y, z = np.asarray(at, float) - position
    heading, tilt = np.degrees(np.arctan2(x, y)), np.degrees(np.arctan2(-z, np.hypot(x, y)))
    return Camera(position, float(heading) % 360, float(tilt), fov_deg, k1=-0.04)


def steps(low: float, high: float, size: float) -> Reals:
    """Even marks from one end to the other, about so far apart."""
    return np.linspace(low, high, max(round((high - low) / size), 1) + 1)


def road(rng: np.random.Generator, area: Rect, *, along: str = "x", lanes: int = 2) -> Mesh:
    """A carriageway at z = 0, polished where wheels run, darker where oil drips."""
    west, south, east, north = area
    long_, across = (
        ((west, east), (south, north)) if along == "x" else ((south, north), (west, east))
    )
    u, v = steps(*across, 0.35), steps(*long_, 7.0)
    lane = ((u - across[0]) / (across[1] - across[0]) * lanes) % 1
    tracks = np.exp(-(((np.abs(lane - 0.5) - 0.24) / 0.09) ** 2))
    gutter = np.exp(-np.minimum(u - across[0], across[1] - u) / 0.35)
    tone = 1 + 0.13 * tracks - 0.1 * np.exp(-(((lane - 0.5) / 0.07) ** 2)) - 0.28 * gutter
    tones = tone[:, None] * (1 + 0.05 * rng.standard_normal((len(u), len(v))))
    color = np.array(tinted(rng, "#5f5e5b", 0.15)) * tones[..., None]
    if along == "x":
        return sheet(v, u, 0.0, color, Material.ASPHALT)
    return sheet(u, v, 0.0, color.transpose(1, 0, 2), Material.ASPHALT)


def floor(area: Rect, z: float, albedo: Rgb, material: Material, walls: str = "") -> Mesh:
    """Flat ground, dark along those of its sides (of "wsen") where a wall stands."""
    west, south, east, north = area
    foot = np.array([0.0, 0.12, 0.4, 1.0])
    x, y = steps(west, east, 5.0), steps(south, north, 5.0)
    x = np.unique(
        [*x, *(west + foot if "w" in walls else ()), *(east - foot if "e" in walls else ())]
    )
    y = np.unique(
        [*y, *(south + foot if "s" in walls else ()), *(north - foot if "n" in walls else ())]
    )
    near = np.full((len(y), len(x)), 9.0)
    gaps = {
        "w": x[None] - west,
        "e": east - x[None],
        "s": y[:, None] - south,
        "n": north - y[:, None],
    }
    for side in walls:
        near = np.minimum(near, gaps[side])
    tones = 1 - 0.5 * np.exp(-near / 0.28)
    return sheet(x, y, z, np.array(albedo) * tones[..., None], material)


def kerb(start: Sequence[float], end: Sequence[float], albedo: Rgb = CONCRETE) -> Mesh:
    """Kerb stones a metre long from one point to another, along x or y."""
    (x0, y0), (x1, y1) = start, end
    marks = steps(0, float(np.hypot(x1 - x0, y1 - y0)), 1.0)
    horizontal = abs(x1 - x0) > abs(y1 - y0)
    base = min(x0, x1) if horizontal else min(y0, y1)
    lo, hi = base + marks[:-1] + 0.006, base + marks[1:] - 0.006
    flat, one = np.zeros_like(lo), np.ones_like(lo)
    if horizontal:
        bounds = np.stack([lo, flat + y0 - 0.07, flat - 0.05, hi, flat + y0 + 0.07, 0.07 * one], -1)
    else:
        bounds = np.stack([flat + x0 - 0.07, lo, flat - 0.05, flat + x0 + 0.07, hi, 0.07 * one], -1)
    tone = 1 + 0.12 * np.sin(37.0 * np.arange(len(lo)) ** 1.3)
    return boxes(bounds, np.array(albedo) * tone[:, None], Material.CONCRETE)


def marks(rects: npt.ArrayLike, albedo: Rgb = WORN_WHITE, z: float = 0.008) -> Mesh:
    """Worn road paint on rectangles ``(n, 4)``: west, south, east, north."""
    w, s, e, n = np.asarray(rects, float).reshape(-1, 4).T
    high = np.full_like(w, z)
    corners = np.stack(
        [np.stack(p, -1) for p in ((w, s, high), (e, s, high), (e, n, high), (w, n, high))], 1
    )
    return quads(corners, albedo, Material.ASPHALT)


def zebra(area: Rect, *, along: str = "x") -> Mesh:
    """Stripes 0.45 m wide that lie ``along`` an axis and fill an area."""
    west, south, east, north = area
    if along == "x":
        low = np.arange(south + 0.2, north - 0.45, 0.95)
        return marks([(west, y, east, y + 0.45) for y in low])
    low = np.arange(west + 0.2, east - 0.45, 0.95)
    return marks([(x, south, x + 0.45, north) for x in low])


def scars(rng: np.random.Generator, area: Rect, count: int, albedo: Rgb = TAR) -> Mesh:
    """Patches of newer, darker ground, and the covers of manholes."""
    west, south, east, north = area
    size = rng.uniform((0.6, 0.5), (3.2, 1.5), (count, 2))
    low = rng.uniform((west, south), (east - 3.2, north - 1.5), (count, 2))
    patches = marks(np.column_stack([low, low + size]), dim(albedo, rng.uniform(0.88, 1.12)), 0.004)
    covers = []
    for x, y in rng.uniform(
        (west + 1, south + 0.6), (east - 1, north - 0.6), (max(count // 2, 1), 2)
    ):
        ring = disc(0.36, 20) + np.array([x, y, 0.006])
        covers += [
            polygon(ring, dim(CONCRETE, 0.75), Material.CONCRETE),
            polygon(disc(0.3, 20) + np.array([x, y, 0.01]), srgb("#43423f"), Material.METAL),
        ]
    return merged([patches, *covers])


def stones(rng: np.random.Generator, area: Rect, count: int, albedo: Rgb) -> Mesh:
    """Pebbles, chips of brick and clods, two to twelve centimetres, strewn over an area."""
    west, south, east, north = area
    at = rng.uniform((west, south), (east, north), (count, 2))
    half = rng.gamma(2.0, 0.008, (count, 1)) * rng.uniform(0.6, 1.3, (count, 3))
    middle = np.column_stack([at, 0.4 * half[:, 2]])
    tone = np.array(albedo) * rng.uniform(0.5, 1.3, (count, 1))
    heap = boxes(np.column_stack([middle - half, middle + half]), tone, Material.SOIL, 5)
    lean = rng.uniform(-0.02, 0.02, (count, 20, 3)).reshape(-1, 3) * np.repeat(half / 0.03, 20, 0)
    return replace(heap, position=(heap.position + lean).astype(np.float32))


def corners(area: Rect) -> tuple[tuple[float, float], ...]:
    """A rectangle as a polygon."""
    west, south, east, north = area
    return (west, south), (east, south), (east, north), (west, north)


def disc(radius: float, sides: int) -> Reals:
    """``(sides, 3)`` points of a level disc; a square of four lies along the axes."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False) + np.pi / sides
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.zeros(sides)])
