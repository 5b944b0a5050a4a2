"""Trees, bushes and weeds: trunks of tubes, crowns of some hundred small leaf clumps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from models.scenes.mesh import Floats, Material, Mesh, Rgb, ball, merged, shift, srgb, tube
from models.scenes.streets.parts import Reals, Rect, dim, quads, tinted

GREENS = ("#47562f", "#3f5230", "#55603a", "#4a5a3c", "#5c6238")


def tree(rng: np.random.Generator, xy: tuple[float, float], height: float = 7.0) -> Mesh:
    """A broad-leaved street tree."""
    bark, green = tinted(rng, "#5b5047", 0.2), tinted(rng, str(rng.choice(GREENS)), 0.15)
    fork = height * rng.uniform(0.3, 0.42)
    lean = rng.uniform(-0.25, 0.25, 2)
    trunk = [(0, 0, 0), (*(0.4 * lean), 0.5 * fork), (*lean, fork)]
    wood = [tube(trunk, np.array([1.25, 1.0, 0.8]) * height * 0.019, bark, Material.WOOD, sides=8)]
    middles = []
    for angle in np.arange(6) * np.pi / 3 + rng.uniform(0, np.pi) + rng.uniform(-0.4, 0.4, 6):
        reach = height * rng.uniform(0.1, 0.23)
        top = (lean[0] + reach * np.cos(angle), lean[1] + reach * np.sin(angle))
        tip = (*top, height * rng.uniform(0.52, 0.78))
        knee = (*(0.45 * np.add(top, lean)), 0.5 * (fork + tip[2]) + 0.2)
        wood.append(
            tube(
                [(*lean, fork - 0.1), knee, tip],
                height * np.array([0.011, 0.008, 0.003]),
                bark,
                Material.WOOD,
                sides=5,
            )
        )
        middles.append(tip)
    middles += [(*lean, 0.8 * height), (*(lean + rng.uniform(-0.5, 0.5, 2)), 0.66 * height)]
    radii = height * rng.uniform(0.13, 0.2, len(middles))
    crown = _clumps(rng, np.column_stack([middles, radii]), green, count=150)
    return merged([*wood, crown]).moved(shift(*xy))


def bush(rng: np.random.Generator, xy: tuple[float, float], size: float = 0.8) -> Mesh:
    """A rounded shrub, about as high as wide."""
    green = tinted(rng, str(rng.choice(GREENS)), 0.2)
    middles = rng.uniform(-0.3, 0.3, (3, 3)) * size + (0, 0, 0.45 * size)
    core = ball((0.24 * size, 0.24 * size, 0.3 * size), dim(green, 0.35), Material.LEAVES, sides=7)
    leaves = _clumps(rng, np.column_stack([middles, np.full(3, 0.36 * size)]), green, count=60)
    return merged([core.moved(shift(0, 0, 0.36 * size)), leaves]).moved(shift(*xy))


def hedge(rng: np.random.Generator, area: Rect, height: float) -> Mesh:
    """A clipped hedge, gaps and all."""
    west, south, east, north = area
    green = tinted(rng, str(rng.choice(GREENS)), 0.12)
    long_ = east - west > north - south
    count = max(int((east - west if long_ else north - south) / 0.55), 2)
    t = np.linspace(0.02, 0.98, count) + rng.uniform(-0.1, 0.1, count) / count
    x = west + t * (east - west) if long_ else np.full(count, (west + east) / 2)
    y = np.full(count, (south + north) / 2) if long_ else south + t * (north - south)
    middles = np.column_stack([x, y, rng.uniform(0.42, 0.55, count) * height])
    thick = min(east - west, north - south)
    radii = rng.uniform(0.42, 0.58, count) * max(thick, height)
    return _clumps(rng, np.column_stack([middles, radii]), green, count=44)


def treeline(
    rng: np.random.Generator, start: tuple[float, float], end: tuple[float, float], height: float
) -> Mesh:
    """Crowns of far trees from one point to another, without trunks."""
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    t = np.linspace(0, 1, max(int(length / (0.5 * height)), 2))[:, None]
    line = np.array(start) * (1 - t) + np.array(end) * t + rng.uniform(-1, 1, (len(t), 2))
    middles = np.column_stack([line, height * rng.uniform(0.34, 0.55, len(t))])
    radii = height * rng.uniform(0.32, 0.44, len(t))
    green = tinted(rng, "#4d5841", 0.1)
    cores = [
        ball((0.7 * r, 0.7 * r, z), dim(green, 0.42), Material.LEAVES, sides=6).moved(
            shift(x, y, 0.7 * z)
        )
        for (x, y, z), r in zip(middles.tolist(), radii.tolist(), strict=True)
    ]
    return merged(
        [*cores, _clumps(rng, np.column_stack([middles, 1.15 * radii]), green, count=44, leaf=1.8)]
    )


def weeds(
    rng: np.random.Generator, area: Rect, count: int, height: float = 0.35, *, z: float = 0.0
) -> Mesh:
    """Tufts of grass blades strewn over an area, thicker in some places than in others."""
    west, south, east, north = area
    homes = rng.uniform((west, south), (east, north), (max(count // 9, 1), 2))
    spread = 0.12 * np.array([min(east - west, 8.0), min(north - south, 8.0)])
    at = homes[rng.integers(len(homes), size=count)] + rng.normal(0, 1, (count, 2)) * spread
    at = np.clip(at, (west, south), (east, north))
    return _blades(rng, at, height, z)


def _blades(rng: np.random.Generator, at: npt.NDArray[np.float64], height: float, z: float) -> Mesh:
    per = 8
    foot = np.repeat(np.column_stack([at, np.full(len(at), z)]), per, axis=0)
    count = len(foot)
    angle = rng.uniform(0, 2 * np.pi, count)
    out = np.column_stack([np.cos(angle), np.sin(angle)])
    tall = 0.8 * height * rng.gamma(6.0, 1 / 6.0, count)
    side = (0.004 + 0.007 * height) * np.column_stack([-out[:, 1], out[:, 0], np.zeros(count)])
    mid = foot + np.column_stack([0.2 * tall[:, None] * out, 0.65 * tall])
    tip = foot + np.column_stack([0.55 * tall[:, None] * out, tall])
    corners = np.stack([foot - side, foot + side, mid + 0.7 * side, tip], 1)
    hues = np.array([srgb(code) for code in ("#5a6638", "#6d6c3e", "#837a4e", "#4b5b33")])
    color = hues[rng.integers(4, size=count)] * rng.uniform(0.6, 1.15, (count, 1))
    by_corner = color[:, None] * np.array([0.5, 0.5, 0.9, 1.1])[None, :, None]
    tufts = quads(corners, by_corner, Material.LEAVES)
    upward = tufts.normal * 0.5 + np.array([0, 0, 0.85])
    return replace(tufts, normal=_unit(upward))


def _clumps(
    rng: np.random.Generator,
    balls: Reals,
    green: Rgb,
    *,
    count: int,
    leaf: float = 1.0,
) -> Mesh:
    """Leaf clumps on the shells of balls ``(n, 4)``: their middles and radii.

    They are lit as the whole crown is rounded.
    """
    middles, radii = balls[:, :3], balls[:, 3]
    blobs = np.repeat(np.arange(len(middles)), count)
    way = _unit(rng.standard_normal((len(blobs), 3)) * (1, 1, 0.8)).astype(float)
    radius = radii[blobs] * rng.uniform(0.55, 1.08, len(blobs))
    place = middles[blobs] + way * radius[:, None] * (1, 1, 0.85)
    size = leaf * radii[blobs] * rng.uniform(0.1, 0.26, len(blobs))
    axis = _unit(way + 0.9 * rng.standard_normal(way.shape)).astype(float)
    side = np.cross(axis, rng.standard_normal(way.shape))
    side = _unit(side).astype(float) * size[:, None]
    up = np.cross(axis, _unit(side)) * size[:, None] * rng.uniform(0.5, 0.9, (len(blobs), 1))
    skew = rng.uniform(-0.5, 0.5, (len(blobs), 1)) * up
    corners = np.stack([place - side, place - up + skew, place + side, place + up + skew], 1)
    low, high = place[:, 2].min(), place[:, 2].max()
    depth = (place[:, 2] - low) / max(high - low, 0.1)
    tone = (
        (0.45 + 0.7 * depth)
        * (0.55 + 0.5 * radius / radii[blobs])
        * rng.uniform(0.75, 1.25, len(blobs))
    )
    yellow = 1 + rng.uniform(-0.1, 0.22, (len(blobs), 1)) * (1, 0.5, -0.3)
    leaves = quads(corners, np.array(green) * tone[:, None] * yellow, Material.LEAVES)
    outward = _unit(place - middles.mean(axis=0) + 0.4 * way + (0, 0, 0.15))
    return replace(
        leaves, normal=_unit(0.75 * np.repeat(outward, 4, axis=0) + 0.35 * leaves.normal)
    )


def _unit(vectors: npt.ArrayLike) -> Floats:
    rows = np.asarray(vectors, float)
    unit: Floats = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(
        np.float32
    )
    return unit
