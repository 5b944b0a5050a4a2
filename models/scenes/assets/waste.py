"""What people leave at the roadside: bags, cartons, furniture, rubble, heaps of leaves.

Plastic is slack: a bag is a skin about lumps, pleated toward its knot and flat where it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.assets.asset import Asset
from models.scenes.mesh import (
    Material,
    Mesh,
    Rgb,
    box,
    loft,
    merged,
    quad,
    shift,
    smooth_normals,
    srgb,
    tube,
    turn,
)

Points = npt.NDArray[np.float64]
Make = Callable[[np.random.Generator], Mesh]

PLASTICS: Final[Mapping[str, tuple[tuple[str, ...], float, float]]] = MappingProxyType(
    {
        "black": (("#15161a", "#1b1b1c", "#22252b"), 0.0, 0.34),
        "white": (("#c4c6c3", "#b4b9b9", "#aeada5"), 0.55, 0.22),
        "blue": (("#46699a", "#6488ab", "#3a5580"), 0.4, 0.14),
        "green": (("#7a9c74", "#5c8560", "#98ad8c"), 0.5, 0.12),
        "red": (("#8f4744", "#a06a62"), 0.4, 0.02),
        "woven": (("#b5b2a6", "#a8a391", "#bdbbb1", "#a3a78c"), 0.0, 0.13),
    }
)
"""Colors of each plastic as screens show them, how far its contents shine through, how common."""
STRIPES: Final = (srgb("#8c4a45"), srgb("#4a6088"))
CONTENTS: Final = tuple(
    srgb(code)
    for code in ("#8d6a47", "#c8b79a", "#b2463a", "#3c5238", "#e2ddd2", "#34404f", "#c49a3a")
)
CARDBOARD: Final = ("#a88a63", "#b3966e", "#967850", "#8e7a5f")
WOODS: Final = ("#8a6a48", "#6f4f36", "#a98d68", "#59402e")


def waste(kind: str, seed: int) -> Asset:
    """Something left behind; ``kind`` is a word of ``KINDS``.

    The anchor "grip" is where a hand holds it, "top" its highest point.
    """
    label, make = KINDS[kind]
    mesh = make(np.random.default_rng((seed, sorted(KINDS).index(kind))))
    x, y, z = mesh.position[int(mesh.position[:, 2].argmax())].tolist()
    return Asset(kind, label, mesh, {"grip": (x, y, z - 0.04), "top": (x, y, z)})


def bag(rng: np.random.Generator, sort: str = "") -> Mesh:
    """A tied bag of a sort of ``PLASTICS``, by default a common one."""
    shares = np.array([share for _, _, share in PLASTICS.values()])
    sort = sort or str(rng.choice(list(PLASTICS), p=shares / shares.sum()))
    codes, clear, _ = PLASTICS[sort]
    albedo = varied(rng, srgb(str(rng.choice(codes))), 0.12)
    if sort == "woven":
        return _woven_sack(rng, albedo)
    wide = rng.uniform(0.32, 0.62)
    skin = loft(_sack(rng, wide, wide * rng.uniform(0.75, 1.15)), albedo, Material.PLASTIC)
    lies = rng.random() < 0.3
    skin = _dropped(rng, skin, rng.uniform(55, 95) if lies else rng.uniform(0, 22))
    return _shining_through(rng, skin, clear * rng.uniform(0.5, 1.3))


def bags(rng: np.random.Generator) -> Mesh:
    """A heap of three to eight bags, mostly of one plastic, perhaps a carton among them."""
    shares = np.array([share for _, _, share in PLASTICS.values()])
    usual = str(rng.choice(list(PLASTICS), p=shares / shares.sum()))
    count = int(rng.integers(3, 9))
    parts = [bag(rng, usual if rng.random() < 0.55 else "") for _ in range(count)]
    if rng.random() < 0.4:
        parts[-1] = carton(rng)
    return heaped(rng, parts)


def carton(rng: np.random.Generator) -> Mesh:
    """A cardboard box: shut and taped, open with its flaps out, or pressed flat."""
    albedo = varied(rng, srgb(str(rng.choice(CARDBOARD))), 0.1)
    x, y, z = rng.uniform(0.25, 0.6), rng.uniform(0.22, 0.45), rng.uniform(0.18, 0.45)
    state = rng.random()
    if state < 0.2:
        flat = box((x + z, y + z, 0.015), albedo, Material.CARTON)
        return turned_at_will(rng, leaning(flat, rng.uniform(0, 9)))
    if state < 0.6:
        tape = box((x * 1.003, 0.055, z * 1.004), varied(rng, srgb("#b39b6b"), 0.1))
        label = box((x * 0.35, y * 1.006, z * 0.3), srgb("#cfcac0")).moved(
            shift(-x * 0.2, 0, z * 0.45)
        )
        parts = [box((x, y, z), albedo, Material.CARTON), tape, label]
    else:
        parts = _open_box(rng, (x, y, z), albedo)
    return turned_at_will(rng, merged(parts))


def cartons(rng: np.random.Generator) -> Mesh:
    parts = [carton(rng) for _ in range(int(rng.integers(3, 7)))]
    return heaped(rng, parts)


def furniture(rng: np.random.Generator) -> Mesh:
    make = (_sofa, _chair, _mattress, _cupboard)[int(rng.integers(4))]
    return turned_at_will(rng, make(rng), 25)


def rubble(rng: np.random.Generator) -> Mesh:
    """A heap of broken brick, concrete and plaster on its own dust."""
    wide, high = rng.uniform(1.2, 2.6), rng.uniform(0.3, 0.65)
    size = (wide, wide * rng.uniform(0.65, 1.0), high)
    dust = mound(rng, size, varied(rng, srgb("#847b70"), 0.15), Material.SOIL)
    codes = ("#7a5649", "#8c887f", "#a59f94", "#74706a", "#8b8378", "#989084")
    colors = np.array([srgb(code) for code in codes])
    count = int(90 + 60 * wide)
    rough = np.clip(rng.gamma(2.4, 0.03, (count, 1)), 0.03, 0.25)
    sizes = rough * np.array([1.4, 0.95, 0.65]) * rng.uniform(0.7, 1.4, (count, 3))
    whole = rng.random(count) < rng.uniform(0.02, 0.25)
    sizes[whole] = (0.24, 0.115, 0.055)
    sorts = rng.integers(len(colors), size=count)
    sorts[(sorts == 0) & (rough[:, 0] > 0.07)] = 1  # brick breaks small
    paints = colors[np.where(whole, 0, sorts)]
    bent = 1 + np.where(whole, 0.0, 0.16)[:, None, None] * np.clip(
        rng.normal(size=(count, 8, 3)), -1.5, 1.5
    )
    cube = box((1, 1, 1), (0, 0, 0))
    corners, rows = np.unique(cube.position, axis=0, return_inverse=True)
    pieces = (corners - np.array([0, 0, 0.5])) * sizes[:, None] * bent
    parts = [dust, _strewn(rng, pieces, rows.reshape(-1)[cube.faces], paints, dust)]
    if rng.random() < 0.5:
        path = np.cumsum(rng.normal(0, 0.16, (5, 3)), axis=0) + np.array([0, 0, high])
        path[:, 2] = np.maximum(path[:, 2], high * 0.6)
        parts.append(tube(path, 0.011, srgb("#5a3d2c"), Material.METAL, sides=5))
    return merged(parts)


def leaves(rng: np.random.Generator) -> Mesh:
    """A swept heap of leaves, some loose about it."""
    codes = ("#7d6034", "#8f6d2f", "#5f4a2c", "#6a6a35", "#96783d")
    colors = np.array([srgb(code) for code in codes])
    size = (rng.uniform(0.9, 1.9), rng.uniform(0.7, 1.4), rng.uniform(0.22, 0.5))
    usual = colors[int(rng.integers(5))]
    heap = mound(rng, size, varied(rng, usual, 0.15), Material.LEAVES)
    rim = np.array([(-0.5, 0, 0), (0, -0.3, 0.1), (0.5, 0, 0.05), (0, 0.3, 0.12)])
    loose = rim * rng.uniform(0.05, 0.1, (450, 1, 1))
    paints = colors[rng.integers(5, size=450)]
    return merged([heap, _strewn(rng, loose, np.array([(0, 1, 2), (0, 2, 3)]), paints, heap)])


def building_waste(rng: np.random.Generator) -> Mesh:
    """What a renovation throws out: filled sacks, planks, tiles, pipes, boards."""
    white = srgb(str(rng.choice(PLASTICS["woven"][0])))
    sacks = [
        _woven_sack(rng, varied(rng, white, 0.1), plain=True) for _ in range(rng.integers(3, 8))
    ]
    parts = [heaped(rng, sacks)]
    reach = float(abs(parts[0].position[:, 1]).max())
    for _ in range(int(rng.integers(2, 6))):
        size = (rng.uniform(0.9, 2.2), rng.uniform(0.06, 0.2), rng.uniform(0.015, 0.03))
        plank = box(size, varied(rng, srgb(str(rng.choice(WOODS))), 0.2), Material.WOOD)
        parts.append(_leant(rng, plank, reach))
    for _ in range(int(rng.integers(0, 4))):
        length = rng.uniform(0.8, 2.0)
        white = varied(rng, srgb("#c9c9c4"), 0.1)
        pipe = tube([(-length / 2, 0, 0.03), (length / 2, 0, 0.03)], 0.028, white, Material.PAINT)
        parts.append(_leant(rng, pipe, reach))
    tiles = [
        box((0.6, 0.6, 0.01), varied(rng, srgb("#b9b3a6"), 0.1)).moved(
            shift(rng.normal(0, 0.012), rng.normal(0, 0.012), 0.011 * k)
        )
        for k in range(int(rng.integers(3, 12)))
    ]
    parts.append(merged(tiles).moved(shift(0.2, -reach - 0.45) @ turn(rng.uniform(0, 90))))
    return merged(parts)


KINDS: Final[Mapping[str, tuple[str, Make]]] = MappingProxyType(
    {
        "bag": ("waste", bag),
        "bags": ("waste", bags),
        "carton": ("waste", carton),
        "cartons": ("waste", cartons),
        "furniture": ("bulky", furniture),
        "rubble": ("bulky", rubble),
        "building-waste": ("bulky", building_waste),
        "leaves": ("waste", leaves),
    }
)


def varied(rng: np.random.Generator, albedo: npt.ArrayLike, by: float) -> Rgb:
    """The color a little lighter or darker, and a trace off in hue."""
    r, g, b = np.clip(
        np.array(albedo) * rng.uniform(1 - by, 1 + by) * rng.uniform(0.96, 1.04, 3), 0, 0.9
    )
    return float(r), float(g), float(b)


def lumps(rng: np.random.Generator, wave_m: float) -> Callable[[Points], Points]:
    """Smooth noise of variance about 1 over ``(..., 3)`` metres, its lumps so far apart."""
    ways = rng.normal(size=(9, 3))
    ways *= (
        2
        * np.pi
        / wave_m
        * rng.uniform(0.6, 1.5, (9, 1))
        / np.linalg.norm(ways, axis=1, keepdims=True)
    )
    phases = rng.uniform(0, 2 * np.pi, 9)
    return lambda places: np.asarray(np.cos(places @ ways.T + phases).sum(axis=-1) / 2.1)


def _painted(mesh: Mesh, colors: npt.ArrayLike) -> Mesh:
    """Each face in a color of its own, ``(m, 3)``: no point is shared any more."""
    rows = mesh.faces.reshape(-1)
    return Mesh(
        position=mesh.position[rows],
        normal=mesh.normal[rows],
        albedo=np.repeat(np.asarray(colors, np.float32), 3, axis=0),
        material=mesh.material[rows],
        faces=np.arange(len(rows), dtype=np.uint32).reshape(-1, 3),
    )


def soft_box(
    size_xyz: Sequence[float], edge_m: float, albedo: Rgb, material: Material = Material.CLOTH
) -> Mesh:
    """A box with round edges, stood on z = 0: a cushion, a bin, a molded case."""
    x, y, z = size_xyz
    round_ = np.radians([8, 45, 82])
    corners = [(x / 2, y / 2, 0), (-x / 2, y / 2, 90), (-x / 2, -y / 2, 180), (x / 2, -y / 2, 270)]
    rings = []
    for rise in np.radians([-90, -50, -12, 12, 50, 90]):
        out, up = edge_m * np.cos(rise), edge_m * np.sin(rise)
        level = edge_m + up if rise < 0 else z - edge_m + up
        ring = []
        for cx, cy, start in corners:
            angles = round_ + np.radians(start)
            inner = np.array([cx - np.sign(cx) * edge_m, cy - np.sign(cy) * edge_m])
            ring.append(inner + out * np.column_stack([np.cos(angles), np.sin(angles)]))
        flat = np.concatenate(ring)
        rings.append(np.column_stack([flat, np.full(len(flat), level)]))
    return loft(np.stack(rings), albedo, material)


def mound(
    rng: np.random.Generator, size_xyz: Sequence[float], albedo: Rgb, material: Material
) -> Mesh:
    """A heap with an uneven foot, stood on z = 0."""
    x, y, z = size_xyz
    inward = np.array([1.06, 1.0, 0.86, 0.68, 0.48, 0.27, 0.08])
    height = np.array([0.0, 0.05, 0.24, 0.5, 0.77, 0.95, 1.0])
    round_ = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    ring = np.column_stack([np.cos(round_) * x / 2, np.sin(round_) * y / 2, np.zeros(28)])
    points = inward[:, None, None] * ring + (height * z)[:, None, None] * np.array([0, 0, 1.0])
    wide = lumps(rng, 0.8 * max(x, y))(points)[..., None]
    fine = lumps(rng, 0.25 * max(x, y))(points)[..., None]
    bump = 1 + 0.1 * wide + 0.05 * fine
    points = points * np.concatenate([bump, bump, np.clip(bump, 0.8, 1.15)], axis=-1)
    return loft(points, albedo, material)


def heaped(rng: np.random.Generator, parts: Sequence[Mesh]) -> Mesh:
    """Things dropped on one another: each slides in from its side until it touches, or on top."""
    placed: list[tuple[float, float, float, float]] = []
    moved = []
    for part in parts:
        reach = 0.42 * float(np.ptp(part.position[:, :2], axis=0).mean())
        x, y, z = _resting(rng, reach, placed)
        placed.append((x, y, reach, z + 0.62 * float(part.position[:, 2].max())))
        moved.append(part.moved(shift(x, y, z) @ turn(rng.uniform(0, 360))))
    return merged(moved)


def turned_at_will(rng: np.random.Generator, mesh: Mesh, degrees: float = 180.0) -> Mesh:
    return mesh.moved(turn(rng.uniform(-degrees, degrees)))


def leaning(mesh: Mesh, degrees: float, axis: str = "y") -> Mesh:
    """Tipped over, and set down on z = 0 again."""
    tipped = mesh.moved(turn(degrees, axis))
    return tipped.moved(shift(0, 0, -float(tipped.position[:, 2].min())))


def _resting(
    rng: np.random.Generator, reach: float, placed: Sequence[tuple[float, float, float, float]]
) -> tuple[float, float, float]:
    """Where a thing of this reach comes to lie: beside the others, or on them one time in three."""
    if not placed:
        return 0.0, 0.0, 0.0
    if len(placed) > 2 and rng.random() < 0.33:
        x, y, _, top = placed[int(rng.integers(len(placed)))]
        return x + rng.normal(0, 0.08), y + rng.normal(0, 0.08), top
    way = rng.uniform(0, 2 * np.pi)
    for far in np.arange(0.0, 4.0, 0.05).tolist():
        x, y = far * np.cos(way), far * np.sin(way)
        if all(np.hypot(x - u, y - v) > 0.76 * (reach + other) for u, v, other, _ in placed):
            return float(x), float(y), 0.0
    raise AssertionError("four metres hold no more")


def _sack(rng: np.random.Generator, wide: float, high: float) -> Points:
    """``(16, 28, 3)``: a slack bag from its foot to the frayed end over its knot."""
    level = np.array(
        [0, 0.01, 0.05, 0.14, 0.26, 0.39, 0.51, 0.61, 0.7, 0.77, 0.82, 0.855, 0.88, 0.92, 0.97, 1]
    )
    out = np.array(
        [0.5, 0.72, 0.88, 0.98, 1, 0.96, 0.86, 0.72, 0.54, 0.36, 0.21, 0.12, 0.1, 0.2, 0.3, 0.33]
    )
    round_ = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    pleats: Points = sum(
        rng.uniform(0.4, 1) * np.cos(n * round_ + rng.uniform(0, 6.3) + 1.5 * level[:, None])
        for n in rng.choice(np.arange(4, 11), 4, replace=False)
    )
    pleat = np.interp(level, [0, 0.2, 0.6, 0.8, 0.88, 1], [0.01, 0.03, 0.09, 0.2, 0.1, 0.3])
    radius = wide / 2 * out[:, None] * (1 + pleat[:, None] * np.asarray(pleats))
    points = np.stack(
        [
            radius * np.cos(round_) * rng.uniform(0.95, 1.2),
            radius * np.sin(round_) * rng.uniform(0.8, 1.0),
            np.broadcast_to(level[:, None] * high, radius.shape),
        ],
        axis=-1,
    )
    full = np.interp(level, [0, 0.3, 0.75, 1], [0.5, 1, 0.6, 0.1])[:, None, None]
    swell = 0.075 * lumps(rng, 0.6 * wide)(points) + 0.03 * lumps(rng, 0.25 * wide)(points)
    creased = abs(lumps(rng, 0.24 * wide)(points * np.array([1, 1, 0.35])))
    swell -= 0.06 * np.clip(0.7 - creased, 0, 1)
    middle = points * np.array([0, 0, 1.0])
    points = middle + (points - middle) * (1 + full * swell[..., None])
    points[..., 2] += (
        0.05 * high * full[..., 0] * lumps(rng, 0.5 * wide)(points) * (level[:, None] > 0.1)
    )
    frayed = (level > 0.9)[:, None] * lumps(rng, 0.1 * wide)(points)
    points[..., 2] += 0.05 * wide * frayed
    lean = rng.normal(0, 0.22, 2) * high
    points[..., :2] += (level**2.2)[:, None, None] * lean
    return np.asarray(points)


def _dropped(rng: np.random.Generator, mesh: Mesh, tip_deg: float) -> Mesh:
    """Tipped, and pressed flat where it lies: the skin spreads over the ground."""
    tipped = mesh.moved(turn(rng.uniform(0, 360)) @ turn(tip_deg, "y")).position.astype(np.float64)
    tipped[:, 2] *= 1 - 0.3 * np.sin(np.radians(tip_deg))
    sunk = np.quantile(tipped[:, 2], 0.1) * 0.8 + tipped[:, 2].min() * 0.2
    above = tipped[:, 2] - sunk
    soft = 0.05
    pressed = np.where(above > soft, above, soft * np.exp(np.minimum(above - soft, 0) / soft))
    tipped[:, 2] = pressed - pressed.min()
    spread = 1 + 0.1 * np.exp(-tipped[:, 2:] / 0.08)
    tipped[:, :2] = (tipped[:, :2] - tipped[:, :2].mean(axis=0)) * spread
    return replace(
        mesh,
        position=tipped.astype(np.float32),
        normal=smooth_normals(tipped, mesh.faces.astype(np.int64)),
    )


def _shining_through(rng: np.random.Generator, mesh: Mesh, clear: float) -> Mesh:
    """What the bag holds, seen through its skin as dim patches of color."""
    if clear <= 0:
        return mesh
    reach = float(abs(mesh.position).max())
    places = rng.uniform(-reach, reach, (14, 3)) * np.array([1, 1, 0.5]) + np.array(
        [0, 0, reach / 2]
    )
    colors = np.array(CONTENTS)[rng.integers(len(CONTENTS), size=14)]
    far = np.linalg.norm(mesh.position[:, None] - places, axis=-1)
    nearest = colors[far.argmin(axis=1)]
    patch = np.clip(0.5 + 0.6 * lumps(rng, 0.5 * reach)(mesh.position.astype(np.float64)), 0, 1)
    slack = np.clip(1.25 - mesh.position[:, 2] / reach, 0.15, 1)
    share = (min(clear, 0.7) * patch * slack)[:, None]
    return replace(mesh, albedo=(mesh.albedo * (1 - share) + nearest * share).astype(np.float32))


def _woven_sack(rng: np.random.Generator, albedo: Rgb, *, plain: bool = False) -> Mesh:
    """A woven plastic sack, tied: dirty white, or striped in red and blue as travelers carry."""
    wide = rng.uniform(0.42, 0.55)
    points = _sack(rng, wide, wide * rng.uniform(1.1, 1.55))
    points[..., 0] *= 1.1
    skin = loft(points, albedo, Material.CLOTH)
    skin = _dropped(rng, skin, rng.uniform(70, 95) if rng.random() < 0.5 else rng.uniform(0, 14))
    paint = np.tile(np.array(albedo), (len(skin.faces), 1))
    column, row = (np.arange(15 * 28) % 28).repeat(2), (np.arange(15 * 28) // 28).repeat(2)
    body = paint[: len(column)]
    if plain or rng.random() < 0.5:
        printed = (column % 14 > 3) & (column % 14 < 10) & np.isin(row, [3, 4, 6, 7])
        kept = (rng.random(15 * 28) < 0.9).repeat(2)
        body[printed & kept] *= np.array(STRIPES[int(rng.integers(2))]) ** 0.4
    else:
        for stripe, at in zip(STRIPES, (0, 2), strict=True):
            body[column % 4 == at] = 0.65 * np.array(stripe) + 0.35 * np.array(albedo)
    dirt = 1 - 0.2 * np.clip(lumps(rng, 0.5)(skin.position[skin.faces].mean(axis=1)), -0.5, 1.5)
    paint *= dirt[:, None]
    return _painted(skin, paint)


def _open_box(
    rng: np.random.Generator, size_xyz: tuple[float, float, float], albedo: Rgb
) -> list[Mesh]:
    x, y, z = size_xyz
    inner: Rgb = (albedo[0] * 0.55, albedo[1] * 0.55, albedo[2] * 0.55)
    whole = box(size_xyz, albedo, Material.CARTON)
    sides = replace(whole, faces=whole.faces[:8])  # without the lid and the floor
    floor = box((x * 0.97, y * 0.97, z * rng.uniform(0.05, 0.6)), inner, Material.CARTON)
    parts = [sides, floor]
    for half, deep, way in ((x / 2, y, 0), (y / 2, x, 90), (x / 2, y, 180), (y / 2, x, 270)):
        flap = quad(
            [(0, -deep / 2, 0), (y / 2, -deep / 2, 0), (y / 2, deep / 2, 0), (0, deep / 2, 0)],
            albedo,
            Material.CARTON,
        )
        hinge = shift(half, 0, z) @ turn(rng.uniform(-35, 75), "y")
        parts.append(flap.moved(turn(way) @ hinge))
    return parts


def _strewn(
    rng: np.random.Generator,
    pieces: Points,
    faces: npt.NDArray[np.integer],
    paints: Points,
    heap: Mesh,
) -> Mesh:
    """``(n, corners, 3)`` pieces thrown on a heap and about its foot, painted ``(n, 3)``."""
    count = len(pieces)
    on = heap.position[heap.faces[rng.integers(len(heap.faces) - 56, size=count)]]
    spots = np.einsum("nk,nkd->nd", rng.dirichlet([1, 1, 1], count), on.astype(np.float64))
    low = spots[:, 2] < 0.3 * heap.position[:, 2].max()
    out = np.where(low, 1 + rng.gamma(1.2, 0.06, count), 1.0)
    spots *= np.column_stack([out, out, np.maximum(0, 1 - 8 * (out - 1))])
    yaw, tip = rng.uniform(0, 2 * np.pi, (count, 1)), rng.normal(0, 0.4, (count, 1))
    x, y, z = pieces[..., 0], pieces[..., 1], pieces[..., 2]
    y, z = y * np.cos(tip) - z * np.sin(tip), y * np.sin(tip) + z * np.cos(tip)
    x, y = x * np.cos(yaw) - y * np.sin(yaw), x * np.sin(yaw) + y * np.cos(yaw)
    lift = spots[:, 2:] - 0.6 * z.min(axis=1, keepdims=True)
    placed = np.stack([x + spots[:, :1], y + spots[:, 1:2], z + lift], axis=-1)
    corners = placed[:, faces].reshape(-1, 3)
    rows = np.arange(len(corners), dtype=np.uint32).reshape(-1, 3)
    shade = np.clip(paints * rng.uniform(0.75, 1.2, (count, 1)), 0, 0.9)
    return Mesh(
        position=corners.astype(np.float32),
        normal=smooth_normals(corners, rows.astype(np.int64)),
        albedo=shade.repeat(faces.size, axis=0).astype(np.float32),
        material=np.full(len(corners), Material.PLAIN, np.float32),
        faces=rows,
    )


def _leant(rng: np.random.Generator, long: Mesh, reach: float) -> Mesh:
    """Lying beside the heap, or up on it with one end."""
    up = leaning(long, float(rng.choice([0.0, -14.0, -22.0])))
    return up.moved(
        turn(rng.normal(0, 25)) @ shift(rng.normal(0, 0.3), reach * rng.uniform(0.3, 1.3))
    )


def _sofa(rng: np.random.Generator) -> Mesh:
    codes = ("#5c5048", "#6d6a66", "#7b5f4a", "#4a5258", "#8c7f6c", "#5b3530")
    albedo = varied(rng, srgb(str(rng.choice(codes))), 0.15)
    dark = varied(rng, (albedo[0] * 0.75, albedo[1] * 0.75, albedo[2] * 0.75), 0.05)
    wide, deep = rng.uniform(1.3, 2.1), rng.uniform(0.78, 0.92)
    parts = [soft_box((deep, wide, 0.3), 0.05, dark).moved(shift(0, 0, 0.06))]
    seats = 3 if wide > 1.75 else 2
    each = (wide - 0.36) / seats
    for k in range(seats):
        y = -(wide - 0.36) / 2 + each * (k + 0.5)
        sag = rng.uniform(-2, 2)
        parts.append(
            soft_box((deep - 0.22, each * 0.97, 0.16), 0.06, albedo).moved(
                shift(0.1, y, 0.32) @ turn(sag)
            )
        )
        if rng.random() < 0.85:
            back = soft_box((0.18, each * 0.96, 0.46), 0.07, albedo)
            parts.append(back.moved(shift(-deep / 2 + 0.22, y, 0.4) @ turn(-12 + sag, "y")))
    parts.append(soft_box((0.17, wide, 0.78), 0.07, dark).moved(shift(-deep / 2 + 0.07, 0, 0.05)))
    for side in (-1, 1):
        arm = soft_box((deep, 0.19, 0.58), 0.08, dark)
        parts.append(arm.moved(shift(0.02, side * (wide / 2 - 0.09), 0.04)))
    return _upset(rng, merged(parts), 0.15, "y")


def _chair(rng: np.random.Generator) -> Mesh:
    albedo = varied(rng, srgb(str(rng.choice(WOODS))), 0.2)
    w, seat = rng.uniform(0.4, 0.46), rng.uniform(0.42, 0.46)
    parts = [soft_box((w, w, 0.05), 0.02, albedo, Material.WOOD).moved(shift(0, 0, seat))]
    for sx in (-1, 1):
        for sy in (-1, 1):
            top = 0.9 if sx < 0 else seat
            foot, head = (
                (sx * (w / 2 - 0.01), sy * (w / 2 - 0.02)),
                (sx * (w / 2 - 0.03), sy * (w / 2 - 0.03)),
            )
            out = -0.06 if sx < 0 else 0.0
            path = [(*foot, 0), (*head, seat), (head[0] + out, head[1], max(top, seat + 0.01))]
            parts.append(tube(path, 0.019, albedo, Material.WOOD, sides=5))
    for z in (0.62, 0.75, 0.86):
        parts.append(
            box((0.02, w - 0.05, 0.06), albedo, Material.WOOD).moved(shift(-w / 2 - 0.01, 0, z))
        )
    return _upset(rng, merged(parts), 0.5, str(rng.choice(["x", "y"])))


def _mattress(rng: np.random.Generator) -> Mesh:
    """A stained mattress, lying, or stood on its long edge and bending."""
    albedo = varied(rng, srgb(str(rng.choice(["#b9b0a0", "#c2bfb8", "#a7a296", "#9fa8ad"]))), 0.1)
    long, wide, thick = 1.95, rng.uniform(0.9, 1.5), rng.uniform(0.14, 0.24)
    slabs = 12
    rows = []
    rim = soft_box((long / slabs, wide, thick), 0.05, albedo).position[:-2].reshape(6, 12, 3)
    section = np.unique(rim[..., 1:].reshape(-1, 2).round(4), axis=0)
    angles = np.arctan2(section[:, 1] - thick / 2, section[:, 0])
    section = section[np.argsort(angles)]
    bend = rng.uniform(-0.09, 0.02)
    for x in np.linspace(-long / 2, long / 2, slabs):
        tuck = 0.94 if abs(x) > long * 0.49 else 1.0
        ring = np.column_stack([np.full(len(section), x), section * tuck])
        ring[:, 2] += bend * np.cos(np.pi * x / long)
        rows.append(ring)
    points = np.stack(rows)
    points[..., 2] += 0.008 * lumps(rng, 0.25)(points)
    body = loft(points, albedo, Material.CLOTH)
    stain = np.clip(lumps(rng, 0.7)(body.position.astype(np.float64)) - 0.4, 0, 1)[:, None] * 0.45
    body = replace(
        body,
        albedo=(body.albedo * (1 - stain) + np.array(srgb("#6b573a")) * stain).astype(np.float32),
    )
    return leaning(body, float(rng.choice([0.0, 78.0, 84.0])), "x")


def _cupboard(rng: np.random.Generator) -> Mesh:
    """A cupboard with handles, a door ajar or gone, upright or on its back."""
    albedo = varied(rng, srgb(str(rng.choice([*WOODS, "#c5c0b4", "#b5b0a8"]))), 0.15)
    dark: Rgb = (albedo[0] * 0.25, albedo[1] * 0.25, albedo[2] * 0.25)
    x, y, z = rng.uniform(0.38, 0.55), rng.uniform(0.7, 1.2), rng.uniform(0.8, 1.7)
    parts = [box((x, y, z), albedo, Material.WOOD)]
    parts.append(box((0.01, y - 0.06, z - 0.12), dark).moved(shift(x / 2, 0, 0.08)))
    for side in (-1, 1):
        if rng.random() < 0.2:
            continue
        door = box((0.02, y / 2 - 0.035, z - 0.13), albedo, Material.WOOD)
        knob = box((0.03, 0.02, 0.1), srgb("#3b3835"), Material.METAL).moved(
            shift(0.02, -0.8 * (y / 4) * 0.9, z / 2)
        )
        ajar = rng.uniform(10, 80) if rng.random() < 0.35 else 0.0
        leaf = merged([door, knob]).moved(shift(0, -(y / 4 - 0.01)))
        hinge = shift(x / 2 + 0.015, side * (y / 2 - 0.03)) @ (
            turn(ajar) if side > 0 else turn(180 - ajar)
        )
        parts.append(leaf.moved(hinge))
    return leaning(merged(parts), -90.0 if rng.random() < 0.3 else 0.0)


def _upset(rng: np.random.Generator, mesh: Mesh, chance: float, axis: str) -> Mesh:
    if rng.random() > chance:
        return mesh
    return leaning(mesh, float(rng.choice([90.0, -90.0])), axis)
