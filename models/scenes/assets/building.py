"""What building looks like from the street: material, scaffolding, a room that grows on a roof.

A room grows with its ``stage`` from 0 to 1: material is brought, posts rise, walls close, the roof
goes on. Nothing that stands is ever lower at a later stage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from models.scenes.assets.asset import Asset
from models.scenes.assets.waste import mound, soft_box, varied
from models.scenes.mesh import (
    Material,
    Mesh,
    Rgb,
    box,
    merged,
    polygon,
    quad,
    scaled,
    shift,
    srgb,
    tube,
    turn,
)

Xyz = tuple[float, float, float]
Make = Callable[[np.random.Generator], Mesh]
Style = Literal["frame-sheet", "brick"]

LIFT_M: Final = 1.8
"""From one deck of a scaffold to the next."""
BLUE_SHEETS: Final = ("#4a73a0", "#3f6a9a", "#5c80a6")
GREY_SHEETS: Final = ("#9a9c9b", "#b1b0aa", "#87898a")
STEEL: Final = ("#6f6a66", "#7d5a48", "#8b8d8f")
BRICKS: Final = ("#7b5548", "#856355", "#7f7d76")


def material(kind: str, seed: int) -> Asset:
    """Building material as it is delivered; ``kind`` is a word of ``KINDS``."""
    rng = np.random.default_rng((seed, sorted(KINDS).index(kind)))
    mesh = KINDS[kind](rng)
    return Asset(kind, "", mesh, {"top": (0.0, 0.0, float(mesh.position[:, 2].max()))})


def scaffolding(seed: int, width_m: float, height_m: float) -> Asset:
    """Steel or bamboo before a wall: it is so wide along y, its wall behind it at x = -0.6.

    Decks of planks every lift, a stair of braces, and green netting before some of its bays. A
    lower one of the same seed is the same scaffold some days earlier.
    """
    rng = np.random.default_rng((seed, 21))
    bamboo = rng.random() < 0.25
    pole = varied(rng, srgb("#a08b5c" if bamboo else str(rng.choice(STEEL))), 0.15)
    radius = 0.042 if bamboo else 0.026
    bays = max(round(width_m / 1.8), 1)
    lifts = max(int((height_m - 1.0) / LIFT_M + 1e-6), 1)
    ys = np.linspace(-width_m / 2, width_m / 2, bays + 1).tolist()
    zs = [LIFT_M * k for k in range(1, lifts + 1)]
    netted = rng.random() < 0.6

    def bar(start: Xyz, end: Xyz) -> Mesh:
        over = 0.12 * (np.array(end) - start) / np.linalg.norm(np.array(end) - start)
        ends = [np.array(start) - over * (start[2] > 0.2), np.array(end) + over]
        return tube(ends, radius, varied(rng, pole, 0.12), Material.METAL, sides=5)

    parts = [bar((x, y, 0), (x, y, height_m - 0.12)) for x in (-0.5, 0.5) for y in ys]
    half = width_m / 2
    for k, z in enumerate(zs):
        rng = np.random.default_rng((seed, 21, k))
        parts += [bar((x, -half, z), (x, half, z)) for x in (-0.5, 0.5)]
        parts += [bar((-0.5, y, z - 0.05), (0.5, y, z - 0.05)) for y in ys]
        parts.append(bar((0.5, -half, z + 0.95), (0.5, half, z + 0.95)))
        parts += _deck(rng, width_m, z)
        low, bay = max(z - LIFT_M, 0.15), k % bays
        first, last = (ys[bay], ys[bay + 1]) if k % 2 else (ys[bay + 1], ys[bay])
        parts.append(bar((0.53, first, low), (0.53, last, z)))
    if netted:
        parts += _netting(np.random.default_rng((seed, 22)), ys, [0.0, *zs])
    return Asset("scaffolding", "scaffold", merged(parts), {"top": (0.0, 0.0, height_m)})


def roof_room(seed: int, size_xyz: Xyz, stage: float, *, style: Style) -> Asset:
    """A room as it is put on a flat roof without leave, at a stage of its growth.

    Args:
        seed: Of its colors, openings and the slope of its roof.
        size_xyz: Its floor and its height at the high side.
        stage: 0 bare, 0.12 material brought, 0.35 framed, 0.75 walled, 1 done.
        style: Steel frame and color-steel sheets, or brick walls under them.
    """
    rng = np.random.default_rng((seed, 22))
    stage = float(np.clip(stage, 0, 1))
    x, y, z = size_xyz
    low = z * rng.uniform(0.82, 0.9)
    blue = rng.random() < (0.8 if style == "frame-sheet" else 0.6)
    roof = varied(rng, srgb(str(rng.choice(BLUE_SHEETS if blue else GREY_SHEETS))), 0.12)
    clad = roof if rng.random() < 0.35 else varied(rng, srgb("#b9bab6"), 0.1)
    brick = varied(rng, srgb(str(rng.choice(BRICKS))), 0.1)
    parts = [_brought(np.random.default_rng((seed, 23)), size_xyz, _share(stage, 0, 0.12), style)]
    steel = varied(rng, srgb(str(rng.choice(STEEL))), 0.1)
    parts += _frame((x, y, z), low, _share(stage, 0.12, 0.35), steel)
    walls = _share(stage, 0.3, 0.75)
    for way, long, deep in ((0, y, x), (180, y, x), (90, x, y), (270, x, y)):
        door = way == 0
        skin = (brick, Material.BRICK) if style == "brick" else (clad, Material.CORRUGATED)
        wall = _wall(long, z - 0.1 if door else low, walls, skin, door=door)
        parts.append(wall.moved(turn(way) @ shift(deep / 2 - 0.06, 0)))
        if stage > 0.9:
            parts.append(
                _closed(long, z - 0.1 if door else low, door=door).moved(
                    turn(way) @ shift(deep / 2 - 0.06, 0)
                )
            )
    parts += _roof((x, y, z), low, _share(stage, 0.72, 0.97), roof)
    return Asset("roof-room", "", merged(parts), {"top": (0.0, 0.0, z)})


def balcony_room(seed: int, size_xyz: Xyz, stage: float) -> Asset:
    """A box of steel and glass that closes a balcony or a terrace, at a stage of its growth.

    Its open side, where the house is, looks along -x.
    """
    rng = np.random.default_rng((seed, 24))
    stage = float(np.clip(stage, 0, 1))
    x, y, z = size_xyz
    frame = varied(rng, srgb(str(rng.choice(["#c4c5c3", "#6b5a4a", "#3c4044", "#a9acae"]))), 0.1)
    glass = srgb(str(rng.choice(["#2c3a40", "#31453f", "#3a4248"])))
    sheet = varied(rng, srgb(str(rng.choice([*BLUE_SHEETS, *GREY_SHEETS]))), 0.1)
    up = z * _share(stage, 0.02, 0.3)
    panes = _share(stage, 0.35, 0.8)
    parts = []
    for way, long, deep in ((0, y, x), (90, x, y), (270, x, y)):
        count = max(round(long / 0.85), 1)
        side = _glazing(long, z, count, (up, panes), (frame, glass))
        parts.append(side.moved(turn(way) @ shift(deep / 2 - 0.03, 0)))
    roofed = _share(stage, 0.7, 1)
    if roofed > 0:
        slab = box((x + 0.12, (y + 0.12) * roofed, 0.07), sheet, Material.CORRUGATED)
        parts.append(slab.moved(shift(0, -(y + 0.12) * (1 - roofed) / 2, z)))
    return Asset("balcony-room", "", merged(parts), {"top": (0.0, 0.0, z)})


def _bricks(rng: np.random.Generator) -> Mesh:
    """A stack of bricks on its pallet, its top course begun."""
    albedo = varied(rng, srgb(str(rng.choice(BRICKS))), 0.15)
    courses = int(rng.integers(6, 15))
    parts = [_pallet(rng, 1.0, 1.0)]
    stack = box((0.96, 0.96, 0.06 * courses), albedo, Material.BRICK)
    parts.append(stack.moved(shift(0, 0, 0.14)))
    for _ in range(int(rng.integers(3, 14))):
        x = 0.24 * int(rng.integers(4)) - 0.36
        y = 0.12 * int(rng.integers(8)) - 0.42
        one = box((0.235, 0.112, 0.055), varied(rng, albedo, 0.25))
        parts.append(one.moved(shift(x, y, 0.14 + 0.06 * courses) @ turn(rng.normal(0, 3))))
    for _ in range(int(rng.integers(0, 6))):
        one = box((0.235, 0.112, 0.055), varied(rng, albedo, 0.25))
        thrown = one.moved(turn(rng.uniform(0, 360))).moved(shift(rng.uniform(0.65, 1.0), 0))
        parts.append(thrown.moved(turn(rng.uniform(0, 360))))
    return merged(parts)


def _sand(rng: np.random.Generator) -> Mesh:
    albedo = varied(rng, srgb(str(rng.choice(["#a8966f", "#9c8a6b", "#8d8678"]))), 0.1)
    wide = rng.uniform(1.4, 3.2)
    size = (wide, wide * rng.uniform(0.7, 1.0), wide * rng.uniform(0.2, 0.29))
    return mound(rng, size, albedo, Material.SAND)


def _cement(rng: np.random.Generator) -> Mesh:
    """Sacks of cement laid crosswise on a pallet, some layers high."""
    parts = [_pallet(rng, 1.15, 1.15)]
    paper = srgb(str(rng.choice(["#a9a595", "#8f9490", "#b3a98f"])))
    print_ = srgb(str(rng.choice(["#45688c", "#8b4a42", "#4f7a5a"])))
    for layer in range(int(rng.integers(2, 6))):
        for k in range(5):
            if layer > 1 and rng.random() < 0.12:
                continue
            size = rng.normal((0.6, 0.4, 0.135), (0.01, 0.01, 0.006)).tolist()
            sack = soft_box(size, 0.055, varied(rng, paper, 0.1), Material.CARTON)
            mark = box((0.26, 0.4 * 1.005, 0.05), print_).moved(shift(0, 0, 0.045))
            spot = ((0.27, -0.37), (0.27, 0.03), (0.27, 0.43), (-0.28, -0.27), (-0.28, 0.33))[k]
            bent = turn(rng.normal(0, 4) + (90 if k > 2 else 0))
            lies = shift(spot[0], spot[1] * 0.95, 0.14 + 0.125 * layer) @ bent
            parts.append(merged([sack, mark]).moved(lies).moved(turn(180.0 * layer)))
    return merged(parts)


def _steel(rng: np.random.Generator) -> Mesh:
    """A bundle of bars, tied, on two timbers."""
    long = rng.uniform(3.0, 6.0)
    rust = srgb(str(rng.choice(["#6b4a38", "#5c5552", "#77503a"])))
    parts = [
        box((0.1, 0.7, 0.1), srgb("#7b6548"), Material.WOOD).moved(shift(x, 0))
        for x in (-0.3 * long, 0.3 * long)
    ]
    for k in range(int(rng.integers(12, 28))):
        y, z = rng.normal(0, 0.05), 0.11 + 0.02 * (k // 7)
        back, front = rng.normal(0, 0.08, 2) + np.array([-long / 2, long / 2])
        sag = -0.03 * rng.random()
        path = [(back, y, z), (0.0, y + rng.normal(0, 0.01), z + sag), (front, y, z)]
        parts.append(tube(path, 0.009, varied(rng, rust, 0.25), Material.METAL, sides=5))
    return merged(parts)


def _sheets(rng: np.random.Generator) -> Mesh:
    """A stack of blue color-steel sheets, not quite flush."""
    codes = BLUE_SHEETS if rng.random() < 0.85 else GREY_SHEETS
    albedo = varied(rng, srgb(str(rng.choice(codes))), 0.1)
    long = rng.uniform(2.4, 4.0)
    parts = [
        box((0.1, 1.0, 0.08), srgb("#7b6548"), Material.WOOD).moved(shift(x, 0))
        for x in (-long * 0.32, long * 0.32)
    ]
    for k in range(int(rng.integers(6, 14))):
        sheet = _corrugated(long, 0.95, albedo)
        out = shift(rng.normal(0, 0.03), rng.normal(0, 0.02), 0.085 + 0.022 * k)
        parts.append(sheet.moved(out @ turn(rng.normal(0, 0.7))))
    return merged(parts)


KINDS: Final[Mapping[str, Make]] = MappingProxyType(
    {"bricks": _bricks, "sand": _sand, "cement": _cement, "steel": _steel, "sheets": _sheets}
)


def _share(stage: float, start: float, end: float) -> float:
    """How far the work between two stages has come, 0 to 1."""
    return float(np.clip((stage - start) / (end - start), 0, 1))


def _pallet(rng: np.random.Generator, x: float, y: float) -> Mesh:
    wood = varied(rng, srgb("#94805c"), 0.15)
    slats = [
        box((x, y / 9, 0.022), varied(rng, wood, 0.15), Material.WOOD).moved(shift(0, v, 0.118))
        for v in np.linspace(-y * 0.44, y * 0.44, 6).tolist()
    ]
    feet = [
        box((0.09, y, 0.118), wood, Material.WOOD).moved(shift(u, 0))
        for u in (-x * 0.44, 0, x * 0.44)
    ]
    return merged([*slats, *feet])


def _corrugated(long: float, wide: float, albedo: Rgb) -> Mesh:
    """A sheet in trapezoid waves, so long along x."""
    return _ribbed([(-long / 2, 0.0), (long / 2, 0.0)], -wide / 2, wide / 2, albedo)


def _ribbed(ends_xz: Sequence[tuple[float, float]], start: float, end: float, albedo: Rgb) -> Mesh:
    """A sheet between two edges along y, from ``start`` to ``end``, with ribs a hand apart."""
    count = max(round((end - start) / 0.19), 1)
    wave = np.array([(0, 0), (0.5, 0), (0.65, 0.03), (0.85, 0.03)])
    steps = (wave[None] + np.arange(count)[:, None, None] * [1.0, 0.0]).reshape(-1, 2)
    steps = np.vstack([steps, [count, 0]])
    ys, ups = start + steps[:, 0] / count * (end - start), steps[:, 1]
    (back, foot), (front, top) = ends_xz
    near = np.column_stack([np.full(len(ys), back), ys, foot + ups])
    far = np.column_stack([np.full(len(ys), front), ys, top + ups])
    return _quads(np.stack([near[:-1], far[:-1], far[1:], near[1:]], axis=1), albedo)


def _quads(corners: npt.ArrayLike, albedo: Rgb, material: Material = Material.METAL) -> Mesh:
    """Flat patches ``(n, 4, 3)``, each counter-clockwise seen from its front."""
    patches = np.asarray(corners, np.float64)
    area = np.cross(patches[:, 2] - patches[:, 0], patches[:, 3] - patches[:, 1])
    normal = area / np.maximum(np.linalg.norm(area, axis=1, keepdims=True), 1e-9)
    rows = 4 * np.arange(len(patches))[:, None, None] + np.array([(0, 1, 2), (0, 2, 3)])
    count = 4 * len(patches)
    return Mesh(
        position=patches.reshape(-1, 3).astype(np.float32),
        normal=normal.repeat(4, axis=0).astype(np.float32),
        albedo=np.tile(np.array(albedo, np.float32), (count, 1)),
        material=np.full(count, material, np.float32),
        faces=rows.reshape(-1, 3).astype(np.uint32),
    )


def _deck(rng: np.random.Generator, width_m: float, z: float) -> list[Mesh]:
    """Planks of one lift, some of them short or missing."""
    wood = srgb(str(rng.choice(["#8f7a58", "#7a6a52", "#9a8762"])))
    planks = []
    for x in (-0.33, -0.09, 0.15, 0.36):
        share = rng.uniform(0.45, 1.0) if rng.random() < 0.4 else 1.0
        size = (0.21, width_m * share, 0.04)
        plank = box(size, varied(rng, wood, 0.2), Material.WOOD)
        planks.append(
            plank.moved(shift(x, width_m * (1 - share) / 2 * rng.choice([-1, 1]), z + 0.03))
        )
    return planks


def _netting(rng: np.random.Generator, ys: Sequence[float], zs: Sequence[float]) -> list[Mesh]:
    """Green nets tied before the bays, slack between their ties; here and there one is off."""
    green = varied(rng, srgb(str(rng.choice(["#62786a", "#566c5e", "#708474"]))), 0.1)
    off = rng.uniform(0.0, 0.5)
    nets = []
    for low, high in pairwise(zs):
        for left, right in pairwise(ys):
            if rng.random() < off:
                continue
            hem = low + rng.uniform(0, 0.3) * (high - low) * (rng.random() < 0.3)
            across, rise = np.meshgrid(np.linspace(0, 1, 6), np.linspace(0, 1, 5))
            slack = 0.1 * np.sin(np.pi * across) * (1.1 - rise) + rng.normal(0, 0.015, across.shape)
            net = np.stack(
                [0.57 + slack, left + across * (right - left), hem + rise * (high - hem)], axis=-1
            )
            shade = varied(rng, green, 0.12)
            loops = [net[:-1, :-1], net[:-1, 1:], net[1:, 1:], net[1:, :-1]]
            patches = np.stack(loops, axis=2).reshape(-1, 4, 3)
            nets.append(_quads(patches, shade, Material.PLAIN))
    return nets


def _brought(rng: np.random.Generator, size_xyz: Xyz, share: float, style: Style) -> Mesh:
    """The material where the room will stand, arrived in part: each lot once whole."""
    x, y, z = size_xyz
    lots = ("bricks", "cement", "sand") if style == "brick" else ("sheets", "bricks", "cement")
    made = [KINDS[lot](rng) for lot in lots]
    spots = np.linspace(-y / 2, y / 2, len(lots) + 2)[1:-1].tolist()
    arrived = []
    for k, (lot, spot) in enumerate(zip(made, spots, strict=True)):
        if share * len(lots) < k + 1:
            continue
        reach = np.ptp(lot.position, axis=0)
        fit = min(1.0, 0.42 * z / reach[2], 0.8 * x / reach[0], 0.95 * y / len(lots) / reach[1])
        arrived.append(lot.moved(shift(0, spot) @ scaled(float(fit))))
    return merged(arrived)


def _frame(size_xyz: Xyz, low: float, share: float, steel: Rgb) -> list[Mesh]:
    """Posts that rise one after another, then the beams on them; the high side looks along +x."""
    x, y, z = size_xyz
    count = max(round(y / 2.2), 1)
    ys = np.linspace(-y / 2 + 0.06, y / 2 - 0.06, count + 1).tolist()
    raised = share * (len(ys) + 2)
    parts = []
    for k, post in enumerate(ys):
        up = float(np.clip(raised - k, 0, 1))
        for side, high in ((-1, low), (1, z - 0.08)):
            if up * high > 0.02:
                parts.append(
                    box((0.08, 0.08, up * high), steel, Material.METAL).moved(
                        shift(side * (x / 2 - 0.06), post)
                    )
                )
    if raised >= len(ys) + 0.5:
        for side, high in ((-1, low), (1, z - 0.08)):
            beam = box((0.06, y, 0.08), steel, Material.METAL)
            parts.append(beam.moved(shift(side * (x / 2 - 0.06), 0, high - 0.08)))
    if raised >= len(ys) + 1:
        for post in ys:
            rafter = [(-x / 2 + 0.06, post, low), (x / 2 - 0.06, post, z - 0.08)]
            parts.append(tube(rafter, 0.035, steel, Material.METAL, sides=4))
    return parts


def _opening(long: float, high: float, *, door: bool) -> tuple[float, float, float]:
    """Half its width, its foot and its head."""
    half = min(0.5 if door else 0.65, long * 0.28)
    return (half, 0.0, min(2.05, high * 0.85)) if door else (half, high * 0.36, high * 0.8)


def _wall(
    long: float, high: float, share: float, skin: tuple[Rgb, Material], *, door: bool
) -> Mesh:
    """A wall along y with an opening, risen to a share of its height."""
    now = high * share
    half, sill, head = _opening(long, high, door=door)
    side = (long - 2 * half) / 2
    spans = [(-long / 2 + side / 2, side, 0.0, high), (long / 2 - side / 2, side, 0.0, high)]
    spans += [(0.0, 2 * half, 0.0, sill), (0.0, 2 * half, head, high)]
    return merged(
        box((0.12, wide, min(now, top) - foot), *skin).moved(shift(0, y, foot))
        for y, wide, foot, top in spans
        if min(now, top) - foot > 0.01
    )


def _closed(long: float, high: float, *, door: bool) -> Mesh:
    """What fills a wall's opening: a door, or a window of two leaves."""
    half, sill, head = _opening(long, high, door=door)
    shade, stuff = (srgb("#6d6258"), Material.PAINT) if door else (srgb("#2d3a3e"), Material.GLASS)
    pane = box((0.05, 2 * half, head - sill), shade, stuff).moved(shift(0.01, 0, sill))
    rim = srgb("#b9bab7")
    posts = [
        box((0.07, 0.05, head - sill), rim, Material.PAINT).moved(shift(0.02, y, sill))
        for y in ((-half, half) if door else (-half, 0.0, half))
    ]
    lintel = box((0.07, 2 * half, 0.05), rim, Material.PAINT).moved(shift(0.02, 0, head - 0.05))
    return merged([pane, *posts, lintel])


def _roof(size_xyz: Xyz, low: float, share: float, sheet: Rgb) -> list[Mesh]:
    """Sheets laid one by one from one side on, sloping to -x, over gables of the same."""
    x, y, z = size_xyz
    if share <= 0:
        return []
    out, wide = 0.22, (y + 0.3) * share
    start, end = -(y + 0.3) / 2, -(y + 0.3) / 2 + wide
    drop = (z - low) * out / x
    ends = (-x / 2 - out, low - drop), (x / 2 + out, z + drop - 0.06)
    (back, foot), (front, top) = ends
    top = min(top, z)
    parts = [_ribbed([(back, foot), (front, top)], start, end, sheet)]
    rim = [
        (back, start, foot),
        (front, start, top),
        (front, start, top - 0.1),
        (back, start, foot - 0.1),
    ]
    parts.append(polygon(rim, sheet, Material.METAL))
    parts.append(polygon([(p, end, h) for p, _, h in rim], sheet, Material.METAL))
    lip = [
        (front, start, top + 0.035),
        (front, end, top + 0.035),
        (front, end, top - 0.1),
        (front, start, top - 0.1),
    ]
    parts.append(quad(lip, sheet, Material.METAL))
    for side in (-1, 1):
        edge = side * (y / 2 - 0.06)
        gable = [(-x / 2, edge, low), (x / 2, edge, low), (x / 2, edge, z - 0.05)]
        if start <= edge <= end:
            parts.append(polygon(gable, sheet, Material.CORRUGATED))
    return parts


def _glazing(
    long: float, z: float, count: int, grown: tuple[float, float], paints: tuple[Rgb, Rgb]
) -> Mesh:
    """One side along y: posts as high as they have come, then panels and panes one by one."""
    (up, panes), (frame, glass) = grown, paints
    ys = np.linspace(-long / 2, long / 2, count + 1)
    parts = [
        box((0.05, 0.05, up), frame, Material.PAINT).moved(shift(0, y))
        for y in ys.tolist()
        if up > 0.02
    ]
    done = up >= z - 1e-6
    if done:
        rails = (0.0, z * 0.33, z * 0.78, z - 0.05)
        parts += [
            box((0.05, long, 0.05), frame, Material.PAINT).moved(shift(0, 0, h)) for h in rails
        ]
    for k in range(int(panes * count + 1e-9) if done else 0):
        wide = long / count - 0.05
        middle = float(ys[k] + ys[k + 1]) / 2
        parts.append(
            box((0.03, wide, z * 0.31), frame, Material.PAINT).moved(shift(0, middle, 0.03))
        )
        parts.append(
            box((0.02, wide, z * 0.62), glass, Material.GLASS).moved(shift(0, middle, z * 0.35))
        )
    return merged(parts)
