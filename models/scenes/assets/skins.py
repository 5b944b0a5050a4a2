"""Skins of sheet metal and molded plastic: smooth where they bend little, sharp where they bend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from models.scenes.mesh import Floats, Material, Mesh, Rgb, merged, srgb, tube

Coat = tuple[Rgb, Material]
"""What a surface is painted with, and what it is."""
Point = tuple[float, float, float]

DUST: Rgb = srgb("#8a7f70")


def skin(
    rings: npt.ArrayLike,
    coats: Sequence[Coat],
    which: npt.NDArray[np.int64] | None = None,
    *,
    crease_deg: float = 38.0,
    closed: bool = True,
) -> Mesh:
    """A skin over ``(n, sides, 3)`` rings, sharp where it bends more than that.

    Each ring runs counter-clockwise seen from the end, looking back along the skin. ``which`` is
    ``(n - 1, sides)``: the row of ``coats`` of each cell, from a point to the next of its ring;
    a ``closed`` end is painted as the cell in the middle of its ring.
    """
    points = np.asarray(rings, np.float64)
    count, sides, _ = points.shape
    cells = np.zeros((count - 1, sides), np.int64) if which is None else which
    row = np.arange(count * sides).reshape(count, sides)
    right = np.roll(row, -1, axis=1)
    a, b, c, d = row[:-1], right[:-1], right[1:], row[1:]
    faces = [np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)], 2).reshape(-1, 3)]
    worn_by = [np.repeat(cells.ravel(), 2)]
    ends = (
        ((row[0], -1, cells[0, sides // 2]), (row[-1], 1, cells[-1, sides // 2])) if closed else ()
    )
    for number, (edge, way, coat) in enumerate(ends):
        middle = np.full(sides, count * sides + number)
        faces.append(np.column_stack([middle, edge, np.roll(edge, -way)]))
        worn_by.append(np.full(sides, coat))
    middles = np.stack([points[0].mean(axis=0), points[-1].mean(axis=0)])
    corners = np.concatenate([points.reshape(-1, 3), middles])
    return _creased(corners, np.concatenate(faces), (np.concatenate(worn_by), coats), crease_deg)


def lathe(profile: npt.ArrayLike, coats: Sequence[Coat], *, sides: int = 20) -> Mesh:
    """A body of revolution about the y axis from ``(n, 2)`` rows of radius and y, y falling.

    ``coats`` has one entry for each pair of rows, or one for all.
    """
    rows = np.asarray(profile, np.float64)
    round_ = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    rings = np.stack(
        [
            rows[:, :1] * np.cos(round_),
            np.broadcast_to(rows[:, 1:], (len(rows), sides)),
            rows[:, :1] * np.sin(round_),
        ],
        axis=-1,
    )
    every = np.arange(len(rows) - 1) % len(coats)
    return skin(rings, coats, np.tile(every[:, None], (1, sides)), closed=False)


def bulk(stations: npt.ArrayLike, coat: Coat, *, upright: bool = False, power: float = 3.0) -> Mesh:
    """A molded body along x, or upright along z, of ``(n, 4)`` rows.

    A row is x, z, half the breadth in y, and half the extent in z (in x where upright). The section
    is a superellipse: ``power`` 2 is round, 5 nearly a box.
    """
    rows = np.asarray(stations, np.float64)
    round_ = (np.arange(14) + 0.5) * 2 * np.pi / 14
    c, s = np.cos(round_), np.sin(round_)
    first = np.sign(c) * np.abs(c) ** (2 / power)
    second = np.sign(s) * np.abs(s) ** (2 / power)
    x, z, half_y, half = (rows[:, k : k + 1] for k in range(4))
    flat = np.zeros((len(rows), 14))
    if upright:
        rings = np.stack([x + half * first, half_y * second, z + flat], -1)
    else:
        rings = np.stack([x + flat, half_y * first, z + half * second], -1)
    return skin(rings, [coat], crease_deg=50)


def bar(points: Sequence[Point], radius: float, coat: Coat, *, sides: int = 6) -> Mesh:
    """A straight or bent tube."""
    return tube(points, radius, coat[0], coat[1], sides=sides)


def mirrored(mesh: Mesh) -> Mesh:
    """The mesh with left and right exchanged."""
    flip = np.array([1, -1, 1], np.float32)
    return replace(
        mesh,
        position=mesh.position * flip,
        normal=mesh.normal * flip,
        faces=np.ascontiguousarray(mesh.faces[:, ::-1]),
    )


def both(mesh: Mesh) -> Mesh:
    """The mesh and its mirror image."""
    return merged([mesh, mirrored(mesh)])


def painted(code: str, dust: float) -> Coat:
    """Gloss paint that has faded into dust by that share, 0 to 1.

    The albedo lies below the color named, since the sky mirrored in the gloss lightens it.
    """
    r, g, b = (max(0.3 * part, part - 0.03) for part in mixed(srgb(code), DUST, dust))
    return (r, g, b), Material.PAINT


def chalky(coat: Coat) -> Coat:
    """The paint of working sheet metal, its gloss long gone."""
    return coat[0], Material.PLAIN


def mixed(color: Rgb, other: Rgb, share: float) -> Rgb:
    """A color with a share, 0 to 1, of another."""
    r, g, b = (
        float((1 - share) * one + share * two) for one, two in zip(color, other, strict=True)
    )
    return r, g, b


def dusty(mesh: Mesh, share: float) -> Mesh:
    """The mesh with road dust: most of it low down, a film on what faces up; glass keeps less.

    The poles of balls, which have no normal, get one.
    """
    pole = np.linalg.norm(mesh.normal, axis=1, keepdims=True) < 0.5
    mesh = replace(mesh, normal=np.where(pole, np.array([0, 0, 1], np.float32), mesh.normal))
    height = np.exp(-np.maximum(mesh.position[:, 2], 0) / 0.35)
    up = np.maximum(mesh.normal[:, 2], 0)
    cover = np.clip(share * (0.15 + 0.75 * height + 0.3 * up), 0, 0.8)
    cover = np.where(mesh.material == Material.GLASS, 0.3 * cover, cover)
    cover = np.where(mesh.material == Material.RUBBER, 0.5 * cover, cover)[:, None]
    albedo: Floats = ((1 - cover) * mesh.albedo + cover * np.array(DUST)).astype(np.float32)
    return replace(mesh, albedo=albedo)


def _creased(
    points: npt.NDArray[np.float64],
    faces: npt.NDArray[np.int64],
    coating: tuple[npt.NDArray[np.int64], Sequence[Coat]],
    crease_deg: float,
) -> Mesh:
    """Three points to a face, each with the mean normal of the faces about it that bend little."""
    which, coats = coating
    a, b, c = (points[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    area = np.linalg.norm(normal, axis=1)
    there = area > 1e-9
    faces, which, normal = faces[there], which[there], normal[there]
    unit = normal / area[there, None]
    corner = faces.ravel()
    order = np.argsort(corner, kind="stable")
    of_face = order // 3
    size = np.bincount(corner, minlength=len(points))
    start = np.cumsum(size) - size
    own = corner[order]
    first = np.repeat(np.arange(len(order)), size[own])
    begun = np.cumsum(size[own]) - size[own]
    second = np.repeat(start[own] - begun, size[own]) + np.arange(len(first))
    near = (unit[of_face[first]] * unit[of_face[second]]).sum(axis=1) > np.cos(
        np.radians(crease_deg)
    )
    total = np.zeros((len(order), 3))
    np.add.at(total, order[first[near]], normal[of_face[second[near]]])
    length = np.linalg.norm(total, axis=1, keepdims=True)
    rgb = np.array([coat[0] for coat in coats], np.float32)
    material = np.array([coat[1] for coat in coats], np.float32)
    return Mesh(
        position=points[corner].astype(np.float32),
        normal=(total / np.maximum(length, 1e-12)).astype(np.float32),
        albedo=rgb[np.repeat(which, 3)],
        material=material[np.repeat(which, 3)],
        faces=np.arange(len(corner), dtype=np.uint32).reshape(-1, 3),
    )
