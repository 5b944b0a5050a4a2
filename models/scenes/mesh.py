"""Triangles in metres, and the shapes that everything is built of.

Right-handed: x east, y north, z up. An asset stands at the origin on z = 0 and looks along +x.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.uint32]
Rgb = tuple[float, float, float]
"""Albedo in linear light, 0 to 1; ``srgb`` makes one of a color as screens show it."""


class Material(IntEnum):
    """What a surface is made of: the renderer gives each its grain, stains and gloss."""

    PLAIN = 0
    CLOTH = 1
    SKIN = 2
    ASPHALT = 3
    CONCRETE = 4
    BRICK = 5
    PLASTER = 6
    TILE = 7
    GRASS = 8
    LEAVES = 9
    PAINT = 10
    METAL = 11
    RUBBER = 12
    GLASS = 13
    PLASTIC = 14
    CARTON = 15
    WOOD = 16
    SAND = 17
    SOIL = 18
    WATER = 19
    CORRUGATED = 20
    GLOWING = 21


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """A heap of triangles.

    Attributes:
        position: ``(n, 3)`` metres.
        normal: ``(n, 3)`` of length 1, outward.
        albedo: ``(n, 3)`` linear light, 0 to 1.
        material: ``(n,)`` of ``Material``.
        faces: ``(m, 3)`` rows into the others, counter-clockwise seen from outside.
    """

    position: Floats
    normal: Floats
    albedo: Floats
    material: Floats
    faces: Ints

    def moved(self, by: Floats) -> Mesh:
        """The mesh under a ``(4, 4)`` of turn, shift and even scale."""
        turned = self.normal @ by[:3, :3].T
        length = np.linalg.norm(turned, axis=1, keepdims=True)
        return replace(
            self,
            position=(self.position @ by[:3, :3].T + by[:3, 3]).astype(np.float32),
            normal=(turned / np.maximum(length, 1e-9)).astype(np.float32),
        )


def merged(meshes: Iterable[Mesh]) -> Mesh:
    """All of them as one."""
    parts = list(meshes)
    if not parts:
        return _mesh(
            np.empty((0, 3)), np.empty((0, 3)), np.empty((0, 3)), (0, 0, 0), Material.PLAIN
        )
    starts = np.cumsum([0, *(len(part.position) for part in parts[:-1])])
    return Mesh(
        position=np.concatenate([part.position for part in parts]),
        normal=np.concatenate([part.normal for part in parts]),
        albedo=np.concatenate([part.albedo for part in parts]),
        material=np.concatenate([part.material for part in parts]),
        faces=np.concatenate(
            [part.faces + np.uint32(start) for part, start in zip(parts, starts, strict=True)]
        ),
    )


def srgb(code: str) -> Rgb:
    """Linear light of a color as screens show it.

    >>> srgb("#ffffff")
    (1.0, 1.0, 1.0)
    """
    shown = np.array([int(code[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    return float(linear[0]), float(linear[1]), float(linear[2])


def shift(x: float, y: float, z: float = 0.0) -> Floats:
    """``(4, 4)`` that moves by so many metres."""
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, 3] = x, y, z
    return matrix


def turn(degrees: float, axis: str = "z") -> Floats:
    """``(4, 4)`` that turns about an axis, counter-clockwise seen against it."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(4, dtype=np.float32)
    matrix[first, first] = matrix[second, second] = c
    matrix[first, second], matrix[second, first] = -s, s
    return matrix


def scaled(factor: float) -> Floats:
    return np.diag([factor, factor, factor, 1]).astype(np.float32)


def box(size_xyz: Sequence[float], albedo: Rgb, material: Material = Material.PLAIN) -> Mesh:
    """Stands on z = 0, its middle at x = y = 0."""
    x, y, z = size_xyz
    outline = np.array([(-x / 2, -y / 2), (x / 2, -y / 2), (x / 2, y / 2), (-x / 2, y / 2)])
    return prism(outline, z, albedo, material)


def prism(
    outline_xy: npt.ArrayLike, height: float, albedo: Rgb, material: Material = Material.PLAIN
) -> Mesh:
    """A convex outline ``(n, 2)``, counter-clockwise seen from above, drawn up from z = 0."""
    outline = np.asarray(outline_xy, np.float32)
    count = len(outline)
    low = np.column_stack([outline, np.zeros(count)])
    high = np.column_stack([outline, np.full(count, height)])
    following = np.roll(np.arange(count), -1)
    walls = [
        quad([low[k], low[j], high[j], high[k]], albedo, material)
        for k, j in enumerate(following.tolist())
    ]
    return merged([*walls, polygon(high, albedo, material), polygon(low[::-1], albedo, material)])


def quad(corners: npt.ArrayLike, albedo: Rgb, material: Material = Material.PLAIN) -> Mesh:
    """Four corners ``(4, 3)``, counter-clockwise seen from its front."""
    return polygon(corners, albedo, material)


def polygon(corners: npt.ArrayLike, albedo: Rgb, material: Material = Material.PLAIN) -> Mesh:
    """A flat convex polygon ``(n, 3)``, counter-clockwise seen from its front."""
    position = np.asarray(corners, np.float32)
    ahead = np.roll(position, -1, axis=0)
    area = np.cross(position, ahead).sum(axis=0)
    normal = np.broadcast_to(area / max(float(np.linalg.norm(area)), 1e-9), position.shape)
    rows = np.arange(1, len(position) - 1)
    faces = np.column_stack([np.zeros_like(rows), rows, rows + 1])
    return _mesh(position, normal, faces, albedo, material)


def tube(
    path: npt.ArrayLike,
    radii: float | npt.ArrayLike,
    albedo: Rgb,
    material: Material = Material.PLAIN,
    *,
    sides: int = 8,
) -> Mesh:
    """A round tube along ``(n, 3)`` points with ``(n,)`` radii, closed at both ends."""
    points = np.asarray(path, np.float64)
    count = len(points)
    along = np.gradient(points, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    steep = abs(along[0, 2]) > 0.9
    across = np.cross(along, np.array([1.0, 0, 0]) if steep else np.array([0, 0, 1.0]))
    flat = np.linalg.norm(across, axis=1) < 1e-6
    across[flat] = np.cross(along[flat], np.array([0, 1.0, 0]))
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    rings = np.broadcast_to(np.asarray(radii, np.float64), (count,))
    round_ = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    up = np.cross(across, along)
    spokes = (
        np.cos(round_)[None, :, None] * across[:, None]
        - np.sin(round_)[None, :, None] * up[:, None]
    )
    return loft(points[:, None] + rings[:, None, None] * spokes, albedo, material)


def loft(rings: npt.ArrayLike, albedo: Rgb, material: Material = Material.PLAIN) -> Mesh:
    """A skin over ``(n, sides, 3)`` rings of points, closed at both ends.

    Each ring runs counter-clockwise seen from the end, looking back along the skin.
    """
    points = np.asarray(rings, np.float64)
    count, sides, _ = points.shape
    row = np.arange(count * sides).reshape(count, sides)
    right = np.roll(row, -1, axis=1)
    a, b, c, d = row[:-1], right[:-1], right[1:], row[1:]
    faces = np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)], 2).reshape(-1, 3)
    flat = points.reshape(-1, 3)
    ends = [(points[0].mean(axis=0), row[0], -1), (points[-1].mean(axis=0), row[-1], 1)]
    caps = []
    for number, (_, edge, way) in enumerate(ends):
        middle = np.full(sides, len(flat) + number)
        caps.append(np.column_stack([middle, edge, np.roll(edge, -way)]))
    flat = np.concatenate([flat, np.stack([end[0] for end in ends])])
    faces = np.concatenate([faces, *caps])
    return _mesh(flat, smooth_normals(flat, faces), faces, albedo, material)


def ball(
    radii_xyz: Sequence[float], albedo: Rgb, material: Material = Material.PLAIN, *, sides: int = 12
) -> Mesh:
    """An ellipsoid about the origin."""
    radii = np.asarray(radii_xyz, np.float64)
    rise = np.linspace(-np.pi / 2, np.pi / 2, max(sides // 2, 3) + 2)
    round_ = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    unit = np.stack(
        [
            np.cos(rise)[:, None] * np.cos(round_),
            np.cos(rise)[:, None] * np.sin(round_),
            np.broadcast_to(np.sin(rise)[:, None], (len(rise), sides)),
        ],
        axis=-1,
    )
    return loft(unit * radii, albedo, material)


def smooth_normals(position: npt.NDArray[np.float64], faces: npt.NDArray[np.int64]) -> Floats:
    """``(n, 3)`` of length 1: the mean of the faces about each point, large ones counting more."""
    a, b, c = (position[faces[:, k]] for k in range(3))
    flat = np.cross(b - a, c - a)
    total = np.zeros_like(position)
    for k in range(3):
        np.add.at(total, faces[:, k], flat)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    unit: Floats = (total / np.maximum(length, 1e-12)).astype(np.float32)
    return unit


def _mesh(
    position: npt.ArrayLike,
    normal: npt.ArrayLike,
    faces: npt.ArrayLike,
    albedo: Rgb,
    material: Material,
) -> Mesh:
    points = np.asarray(position, np.float32)
    return Mesh(
        position=points,
        normal=np.asarray(normal, np.float32),
        albedo=np.tile(np.array(albedo, np.float32), (len(points), 1)),
        material=np.full(len(points), material, np.float32),
        faces=np.asarray(faces, np.uint32),
    )
