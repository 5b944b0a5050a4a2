"""The cable that hangs from a window, and what is at its ends.

A slack line hangs as a * cosh(x / a) in the plane of its ends and of all that pulls on it: steady
wind tilts that plane, and neither its length nor its ends change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.assets.asset import Asset
from models.scenes.assets.waste import soft_box, varied
from models.scenes.mesh import Material, Mesh, Rgb, box, merged, shift, srgb, tube, turn

Xyz = tuple[float, float, float]
Points = npt.NDArray[np.float64]
Made = tuple[Mesh, Mapping[str, Xyz]]

THINNEST_M: Final = 0.01
"""A thinner cable would be lost between the samples of a picture."""
STRONGEST_M: Final = 1.2
"""No gust carries the middle of a cable farther than this."""
SHEATHS: Final = ("#1d1d1f", "#e0ddd5", "#d9d8d4", "#dd7430", "#e4e2da", "#d8d0ba")
"""What a house's cords come in: white for the most part, some black or orange."""
SEGMENTS: Final = 36


def hanging_cable(
    seed: int, ends: tuple[Xyz, Xyz], *, slack: float = 1.06, wind_m: float = 0.0
) -> Asset:
    """A cable between two places of the world, in the world's metres.

    Args:
        seed: Of its color and thickness.
        ends: Either may be the higher one.
        slack: Its length over the distance of its ends, above 1.
        wind_m: How far its middle is blown, to the left of the way from the first end to the
            second; as far as its slack lets it.
    """
    rng = np.random.default_rng((seed, 11))
    path = blown(np.asarray(ends, np.float64), slack, wind_m)
    floor = min(THINNEST_M, float(path[[0, -1], 2].min()))
    path[:, 2] = np.maximum(path[:, 2], floor)
    albedo = varied(rng, srgb(str(rng.choice(SHEATHS))), 0.15)
    radius = max(rng.uniform(0.004, 0.006), THINNEST_M)
    mesh = tube(path, radius, albedo, Material.PAINT, sides=6)
    low, high = sorted(ends, key=lambda end: end[2])
    return Asset("hanging-cable", "cable", mesh, {"high": high, "low": low})


def wind_sway(seed: int, at_s: float, strength_mps: float) -> float:
    """Metres by which wind carries the middle of a slack cable aside, smooth over time.

    Gusts come and go over tens of seconds, the cable swings in them every two or three; never more
    than ``STRONGEST_M`` to either side, and nothing without wind.
    """
    rng = np.random.default_rng((seed, 12))
    reach = STRONGEST_M * np.tanh(0.011 * strength_mps**2 / STRONGEST_M)
    gusts = _waves(rng, at_s, (31.0, 17.0, 9.0))
    swing = _waves(rng, at_s, (3.4, 2.6, 1.9))
    strength = 0.5 + 0.5 * gusts
    side = float(rng.choice([-1.0, 1.0]))
    return float(side * reach * strength * (0.55 + 0.45 * swing))


def blown(ends: Points, slack: float, aside_m: float) -> Points:
    """``(n, 3)`` of a catenary between two ends ``(2, 3)``, its middle blown to the left."""
    way = ends[1] - ends[0]
    left = np.array([-way[1], way[0], 0.0])
    left = left / np.linalg.norm(left) if np.linalg.norm(left) > 1e-6 else np.array([0, 1.0, 0])
    straight = ends.mean(axis=0) @ left
    low, high = 0.0, np.radians(80)
    for _ in range(30 if aside_m else 0):
        angle = (low + high) / 2
        pulled = np.sin(angle) * left * np.sign(aside_m) - np.array([0, 0, np.cos(angle)])
        middle = catenary(ends, slack, pulled)[SEGMENTS // 2]
        short = abs(middle @ left - straight) < abs(aside_m)
        low, high = (angle, high) if short else (low, angle)
    pull = np.sin(low) * left * np.sign(aside_m) - np.array([0, 0, np.cos(low)])
    return catenary(ends, slack, pull)


def catenary(ends: Points, slack: float, pull: Points) -> Points:
    """``(n, 3)`` of a line between two ends ``(2, 3)``, evenly along it, under a pull of length 1.

    Raises:
        ValueError: The line is no longer than the distance of its ends.
    """
    way = ends[1] - ends[0]
    far = float(np.linalg.norm(way))
    if slack <= 1 or far <= 0:
        raise ValueError(f"slack {slack} over {far} m: want above 1, over some distance")
    length, rise = slack * far, -float(way @ pull)
    over = way + rise * pull
    across = max(float(np.linalg.norm(over)), 1e-3 * far)
    # length^2 - rise^2 = (2 a sinh(across / 2a))^2, solved for u = across / 2a
    ratio = np.sqrt(length**2 - rise**2) / across
    low, high = 0.0, 20.0
    for _ in range(60):
        u = (low + high) / 2
        low, high = (u, high) if np.sinh(u) < ratio * u else (low, u)
    a = across / (2 * max(high, 1e-9))
    first = a * np.arctanh(rise / length) - across / 2  # where the line starts, from its lowest
    along = np.linspace(0, length, SEGMENTS + 1)
    at = a * np.arcsinh(along / a + np.sinh(first / a))
    height = a * (np.cosh(at / a) - np.cosh(first / a))
    path = ends[0] + np.outer((at - first) / across, over) - np.outer(height, pull)
    path[0], path[-1] = ends
    return np.asarray(path)


def charger(seed: int) -> Asset:
    """The brick that charges an e-bike, its lamp lit, its two cords lying beside it."""
    return _made("charger", seed, _charger)


def plug(seed: int) -> Asset:
    return _made("plug", seed, _plug)


def extension_reel(seed: int) -> Asset:
    """A drum of cable in its stand, sockets on its face."""
    return _made("extension-reel", seed, _extension_reel)


def extension_strip(seed: int) -> Asset:
    return _made("extension-strip", seed, _extension_strip)


def battery(seed: int) -> Asset:
    """The battery of an e-bike, taken out: a case with a handle."""
    return _made("battery", seed, _battery)


def _waves(rng: np.random.Generator, at_s: float, periods_s: tuple[float, ...]) -> float:
    """A sum of slow waves within -1 and 1."""
    periods = np.array(periods_s) * rng.uniform(0.85, 1.15, len(periods_s))
    phases = rng.uniform(0, 2 * np.pi, len(periods_s))
    return float(np.sin(2 * np.pi * at_s / periods + phases).mean())


def _made(kind: str, seed: int, make: Callable[[np.random.Generator], Made]) -> Asset:
    mesh, anchors = make(np.random.default_rng((seed, len(kind))))
    return Asset(kind, "", mesh, anchors)


def _charger(rng: np.random.Generator) -> Made:
    dark = varied(rng, srgb("#232427"), 0.3)
    x, y, z = rng.uniform(0.15, 0.19), rng.uniform(0.075, 0.09), 0.055
    parts = [soft_box((x, y, z), 0.012, dark, Material.PAINT)]
    parts += [
        box((0.006, y * 0.8, 0.006), srgb("#111111")).moved(shift(offset, 0, z - 0.003))
        for offset in np.linspace(-x * 0.3, x * 0.15, 5).tolist()
    ]
    lamp = srgb(str(rng.choice(["#d03a2a", "#4fbf4a"])))
    parts.append(box((0.008, 0.008, 0.004), lamp, Material.GLOWING).moved(shift(x * 0.38, 0.02, z)))
    cords: list[Xyz] = []
    for side in (-1, 1):
        turns = np.cumsum(rng.normal(0, 22, 7))
        steps = 0.05 * np.column_stack(
            [side * np.cos(np.radians(turns)), np.sin(np.radians(turns))]
        )
        flat = np.cumsum(np.vstack([[side * x / 2, 0], steps]), axis=0)
        height = np.interp(np.arange(8), [0, 2, 7], [0.025, 0.006, 0.006])
        path = np.column_stack([flat, height])
        parts.append(tube(path, 0.005, dark, Material.RUBBER, sides=5))
        cords.append((float(path[-1, 0]), float(path[-1, 1]), float(path[-1, 2])))
    return merged(parts), {"mains": cords[0], "bike": cords[1], "grip": (0.0, 0.0, z)}


def _plug(rng: np.random.Generator) -> Made:
    """A plug as it sticks in a socket at the origin, its pins toward -x."""
    shade = varied(rng, srgb(str(rng.choice(["#d8d5cc", "#202124"]))), 0.1)
    body = tube([(0, 0, 0.02), (0.03, 0, 0.02), (0.055, 0, 0.02)], [0.02, 0.018, 0.008], shade)
    pins = [
        box((0.02, 0.007, 0.002), srgb("#b8a468"), Material.METAL).moved(shift(-0.01, y, z))
        for y, z in ((-0.009, 0.026), (0.009, 0.026), (0, 0.01))
    ]
    return merged([body, *pins]), {"cord": (0.055, 0.0, 0.02), "pins": (-0.01, 0.0, 0.02)}


def _extension_reel(rng: np.random.Generator) -> Made:
    sheath = varied(rng, srgb(str(rng.choice(["#96613c", "#1f2022", "#84473d"]))), 0.15)
    face = srgb(str(rng.choice(["#a06238", "#2b2d30", "#8a463a"])))
    radius, width, axle = 0.13, 0.11, 0.17
    parts = []
    for side in (-1, 1):
        disc = [(0, side * width / 2, axle), (0, side * (width / 2 + 0.012), axle)]
        parts.append(tube(disc, radius, face, Material.PLASTIC, sides=18))
        foot = side * (width / 2 + 0.035)
        hoop = [
            (-0.13, foot, 0.012),
            (-0.05, foot, 0.3),
            (0.05, foot, 0.3),
            (0.13, foot, 0.012),
            (-0.13, foot, 0.012),
        ]
        parts.append(tube(hoop, 0.009, srgb("#3a3c3f"), Material.METAL, sides=5))
    handle = width / 2 + 0.035
    parts.append(
        tube([(0, -handle, 0.3), (0, handle, 0.3)], 0.014, srgb("#202124"), Material.RUBBER)
    )
    round_ = np.linspace(0, 2 * np.pi * 9, 9 * 10)
    wound = 0.1 + 0.012 * np.sin(round_ * 0.31)
    coil = np.column_stack(
        [wound * np.cos(round_), np.linspace(-0.048, 0.048, 90), axle + wound * np.sin(round_)]
    )
    parts.append(tube(coil, 0.008, sheath, Material.RUBBER, sides=5))
    for k in range(4):
        spot = shift(0.055 * np.cos(k * 1.571), width / 2 + 0.014, axle + 0.055 * np.sin(k * 1.571))
        parts.append(box((0.035, 0.006, 0.035), srgb("#d2cfc6")).moved(spot @ shift(0, 0, -0.017)))
    return merged(parts), {"cord": (0.1, 0.0, axle), "grip": (0.0, 0.0, 0.31)}


def _extension_strip(rng: np.random.Generator) -> Made:
    shade = varied(rng, srgb(str(rng.choice(["#d6d3ca", "#c9c8c2", "#2a2b2e"]))), 0.08)
    count = int(rng.integers(3, 7))
    long = 0.05 * count + 0.05
    parts = [soft_box((long, 0.055, 0.035), 0.01, shade, Material.PAINT)]
    dark: Rgb = srgb("#2a2a2a")
    for k in range(count):
        x = -long / 2 + 0.05 + 0.05 * k
        for y, way in ((0.009, 35.0), (-0.009, -35.0)):
            slot = box((0.012, 0.003, 0.002), dark).moved(turn(way))
            parts.append(slot.moved(shift(x, y, 0.035)))
    lamp = box((0.014, 0.02, 0.006), srgb("#c8402c"), Material.GLOWING)
    parts.append(lamp.moved(shift(-long / 2 + 0.02, 0, 0.033)))
    return merged(parts), {"cord": (-long / 2, 0.0, 0.018), "socket": (long / 2 - 0.05, 0.0, 0.035)}


def _battery(rng: np.random.Generator) -> Made:
    shade = varied(rng, srgb(str(rng.choice(["#26282b", "#3b3f45", "#5a2f2c", "#2d3d55"]))), 0.15)
    x, y, z = rng.uniform(0.18, 0.36), rng.uniform(0.13, 0.18), rng.uniform(0.17, 0.26)
    band = soft_box((x * 1.01, y * 1.01, 0.05), 0.012, srgb("#8c8f93"), Material.PAINT)
    parts = [soft_box((x, y, z), 0.02, shade, Material.PAINT), band.moved(shift(0, 0, z * 0.55))]
    reach = x * 0.28
    hoop = [
        (-reach, 0, z - 0.01),
        (-reach, 0, z + 0.035),
        (reach, 0, z + 0.035),
        (reach, 0, z - 0.01),
    ]
    parts.append(tube(hoop, 0.011, srgb("#191a1c"), Material.RUBBER, sides=6))
    socket = box((0.012, 0.04, 0.03), srgb("#0f0f10")).moved(shift(x / 2, 0, z * 0.25))
    return merged([*parts, socket]), {
        "socket": (x / 2, 0.0, z * 0.28),
        "grip": (0.0, 0.0, z + 0.035),
    }


KINDS: Final[Mapping[str, Callable[[int], Asset]]] = MappingProxyType(
    {
        "charger": charger,
        "plug": plug,
        "extension-reel": extension_reel,
        "extension-strip": extension_strip,
        "battery": battery,
    }
)
