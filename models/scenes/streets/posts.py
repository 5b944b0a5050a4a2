"""What stands upright in a street: lamps, poles and their cables, signs, fences, walls."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from models.scenes.light import Lamp
from models.scenes.mesh import Material, Mesh, Rgb, box, merged, polygon, shift, srgb, tube, turn
from models.scenes.streets.parts import CONCRETE, STEEL, boxes, dim, disc, quads, steps, tinted


def street_lamp(
    xy: tuple[float, float], facing_deg: float, height: float, *, night: bool, white: bool = False
) -> tuple[Mesh, Lamp]:
    """A lamp on a pole; its arm points in a compass direction."""
    pole = tube([(0, 0, 0), (0, 0, 0.9), (0, 0, height)], [0.1, 0.08, 0.05], STEEL, Material.PAINT)
    arm = tube(
        [(0, 0, height - 0.1), (0.5, 0, height + 0.18), (1.3, 0, height + 0.25)],
        0.03,
        STEEL,
        Material.PAINT,
        sides=6,
    )
    head = box((0.62, 0.26, 0.09), dim(STEEL, 0.8), Material.PAINT).moved(
        shift(1.5, 0, height + 0.2)
    )
    glow = Material.GLOWING if night else Material.GLASS
    lens = quads(
        [[(1.25, 0.09, 0), (1.75, 0.09, 0), (1.75, -0.09, 0), (1.25, -0.09, 0)]],
        (0.9, 0.78, 0.5) if night else (0.4, 0.4, 0.38),
        glow,
    ).moved(shift(0, 0, height + 0.19))
    foot = box((0.36, 0.36, 0.16), CONCRETE, Material.CONCRETE)
    bearing = np.radians(facing_deg)
    place = shift(*xy) @ turn(90 - facing_deg)
    strength = (height / 5.5) ** 2
    rgb = np.array((52.0, 52.0, 50.0) if white else (60.0, 48.0, 30.0)) * strength
    spot = (xy[0] + 1.5 * np.sin(bearing), xy[1] + 1.5 * np.cos(bearing), height + 0.06)
    lamp = Lamp((float(spot[0]), float(spot[1]), spot[2]), (0, 0, -1), (rgb[0], rgb[1], rgb[2]), 74)
    return merged([pole, arm, head, lens, foot]).moved(place.astype(np.float32)), lamp


def power_pole(rng: np.random.Generator, xy: tuple[float, float], height: float = 8.5) -> Mesh:
    """A concrete pole with two cross-arms, a box or two and a coil of spare cable."""
    grey = tinted(rng, "#8a867c")
    pole = tube([(0, 0, 0), (0, 0, height)], [0.17, 0.11], grey, Material.CONCRETE, sides=10)
    arms = boxes(
        [
            (-0.04, -0.8, height - 0.5, 0.04, 0.8, height - 0.42),
            (-0.04, -0.5, height - 1.2, 0.04, 0.5, height - 1.13),
        ],
        dim(STEEL, 0.7),
        Material.METAL,
    )
    meter = box((0.3, 0.42, 0.6), tinted(rng, "#a5a7a3"), Material.PAINT)
    coil_at = np.linspace(0, 2 * np.pi, 14)
    coil = tube(
        np.column_stack([np.full(14, 0.19), 0.24 * np.cos(coil_at), 4.2 + 0.24 * np.sin(coil_at)]),
        0.035,
        srgb("#1d1d1e"),
        Material.RUBBER,
        sides=5,
    )
    band = tube([(0, 0, 0.4), (0, 0, 1.5)], [0.18, 0.17], srgb("#a39a55"), Material.PAINT, sides=10)
    parts = [pole, arms, meter.moved(shift(0.25, 0, rng.uniform(2.4, 3.4))), coil, band]
    return merged(parts).moved(shift(*xy) @ turn(float(rng.choice([0.0, 90.0]))))


def cable(start: npt.ArrayLike, end: npt.ArrayLike, sag_m: float, radius: float = 0.014) -> Mesh:
    """A cable that hangs between two points."""
    t = np.linspace(0, 1, 11)[:, None]
    line = np.asarray(start, float) * (1 - t) + np.asarray(end, float) * t
    line[:, 2:] -= 4 * sag_m * t * (1 - t)
    return tube(line, radius, srgb("#1b1b1d"), Material.RUBBER, sides=4)


def cables(rng: np.random.Generator, poles: Sequence[Sequence[float]], count: int) -> Mesh:
    """An untidy bundle from pole to pole; ``poles`` are points in metres where it is tied."""
    spans = []
    for start, end in pairwise(poles):
        for _ in range(count):
            off = (*rng.uniform(-0.3, 0.3, 2), rng.uniform(-0.9, 0.0))
            spans.append(
                cable(
                    np.add(start, off),
                    np.add(end, off),
                    rng.uniform(0.3, 0.9),
                    rng.uniform(0.008, 0.022),
                )
            )
    return merged(spans)


def sign_post(rng: np.random.Generator, xy: tuple[float, float], facing_deg: float) -> Mesh:
    """A post with a blank traffic sign, round or square."""
    code = str(rng.choice(["#2d4f86", "#9a3b33", "#a8a7a1"]))
    post = tube([(0, 0, 0), (0, 0, 2.6)], 0.035, STEEL, Material.METAL, sides=6)
    edge = disc(0.32, 20 if rng.random() < 0.6 else 4) @ turn(90, "y")[:3, :3].T
    plates = [
        polygon(edge + np.array([0.05, 0, 2.3]), tinted(rng, code), Material.PAINT),
        polygon(edge[::-1] + np.array([0.045, 0, 2.3]), STEEL, Material.METAL),
        polygon(0.86 * edge + np.array([0.053, 0, 2.3]), srgb("#b9b8b2"), Material.PAINT),
    ]
    return merged([post, *plates]).moved(shift(*xy) @ turn(90 - facing_deg))


def bollards(places: npt.ArrayLike, albedo: Rgb) -> Mesh:
    """Posts 0.75 m high at ``(n, 2)``, with a pale band."""
    posts = []
    for x, y in np.asarray(places, float):
        posts += [
            tube([(x, y, 0), (x, y, 0.75)], 0.06, albedo, Material.PAINT, sides=8),
            tube([(x, y, 0.52), (x, y, 0.62)], 0.064, srgb("#b3b2ab"), Material.PAINT, sides=8),
        ]
    return merged(posts)


def fence(start: tuple[float, float], end: tuple[float, float], height: float, albedo: Rgb) -> Mesh:
    """Railings along x or y: upright bars every 0.14 m between two rails, and posts."""
    (x0, y0), (x1, y1) = start, end
    length = float(np.hypot(x1 - x0, y1 - y0))
    at = steps(0, length, 0.14)
    posts = steps(0, length, 2.8)
    bars = [(u - 0.011, -0.011, 0.1, u + 0.011, 0.011, height) for u in at]
    bars += [(u - 0.035, -0.035, 0, u + 0.035, 0.035, height + 0.08) for u in posts]
    bars += [(0, -0.018, z, length, 0.018, z + 0.04) for z in (0.18, height - 0.2)]
    angle = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    return boxes(bars, albedo, Material.PAINT).moved(shift(x0, y0) @ turn(angle))


def wall(
    start: tuple[float, float], end: tuple[float, float], height: float, look: tuple[Rgb, Material]
) -> Mesh:
    """A wall 0.24 m thick with a coping; ``look`` is its color and material."""
    (x0, y0), (x1, y1) = start, end
    length = float(np.hypot(x1 - x0, y1 - y0))
    albedo, material = look
    body = boxes([(0, -0.12, 0, length, 0.12, height)], albedo, material)
    coping = boxes(
        [(-0.02, -0.17, height, length + 0.02, 0.17, height + 0.08)], CONCRETE, Material.CONCRETE
    )
    piers = boxes(
        [(u - 0.2, -0.17, 0, u + 0.2, 0.17, height + 0.02) for u in steps(0, length, 4.5)],
        dim(albedo, 0.9),
        material,
    )
    angle = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    return merged([body, coping, piers]).moved(shift(x0, y0) @ turn(angle))
