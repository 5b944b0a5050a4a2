"""A dressed body at rest: trunk, limbs, head, and what is worn, as pieces that bend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from models.scenes.assets.body import (
    ELBOW,
    HIP_Y,
    KNEE,
    Array,
    Bone,
    Frame,
    Piece,
    limb_ties,
    piece,
    rigid,
    stack,
    trunk_ties,
)
from models.scenes.assets.wardrobe import Look
from models.scenes.mesh import Material, Rgb

TRUNK: Final = np.array(
    [
        # height, half breadth, half depth, middle: shares of the stature
        (0.20, 0.106, 0.080, 0.000),
        (0.30, 0.103, 0.078, 0.000),
        (0.38, 0.100, 0.075, -0.002),
        (0.455, 0.096, 0.070, -0.006),
        (0.485, 0.098, 0.070, -0.008),
        (0.525, 0.099, 0.070, -0.008),
        (0.57, 0.094, 0.064, -0.002),
        (0.62, 0.088, 0.059, 0.002),
        (0.68, 0.094, 0.063, 0.002),
        (0.73, 0.102, 0.067, 0.002),
        (0.775, 0.107, 0.064, 0.000),
        (0.80, 0.110, 0.056, -0.003),
        (0.818, 0.103, 0.046, -0.005),
        (0.833, 0.078, 0.040, -0.007),
        (0.856, 0.034, 0.033, -0.003),
    ]
)
ARM: Final = np.array(
    [
        (0.487, 0.0165),
        (0.53, 0.0205),
        (0.58, 0.0262),
        (0.625, 0.0255),
        (0.67, 0.0262),
        (0.74, 0.0305),
        (0.775, 0.0335),
        (0.80, 0.031),
        (0.816, 0.0235),
        (0.823, 0.010),
    ]
)
LEG: Final = np.array(
    [
        # height, radius, middle: shares of the stature
        (0.035, 0.0235, -0.006),
        (0.08, 0.0218, -0.006),
        (0.19, 0.0335, -0.011),
        (0.25, 0.0320, -0.004),
        (0.285, 0.0320, 0.001),
        (0.32, 0.0345, 0.002),
        (0.38, 0.0425, 0.001),
        (0.49, 0.0515, -0.006),
        (0.53, 0.0460, -0.009),
        (0.555, 0.0340, -0.008),
    ]
)
SILVER: Final[Rgb] = (0.62, 0.63, 0.62)


def dressed_trunk(frame: Frame, look: Look) -> Iterator[Piece]:
    """Top, what covers the hips, and a vest."""
    h, ties = frame.height_m, trunk_ties(frame.height_m)
    bare = look.legs_hem if look.skirt else 0.455
    lower = trunk_rows(frame, (bare, min(look.hem + 0.05, 0.6)), 0.004 + 0.012 * look.skirt)
    lower[:, 1:3] -= np.where(lower[:, :1] > look.hem * h, 0.011, 0.0)
    if not look.skirt:
        lower[:, 1] *= np.interp(lower[:, 0] / h, [0.455, 0.51], [0.76, 1.0])
    yield piece(stack(lower, 12, 2.5), look.legs, ties)
    rows = trunk_rows(frame, (look.hem, 0.856), look.loose_m)
    yield piece(stack(rows, 12, 2.5), look.top, ties)
    if look.under != look.top:
        rows = trunk_rows(frame, (max(look.hem, 0.5), 0.852), look.loose_m)
        rows[:, 3] += 0.5 * rows[:, 1] + 0.009
        rows[:, 1] *= 0.5
        rows[:, 2] = np.linspace(0.022, 0.032, len(rows)) * h
        yield piece(stack(rows, 8, 4.0), look.under, ties)
    if look.vest:
        rows = trunk_rows(frame, (0.49, 0.826), look.loose_m + 0.012)
        for low in (0.55, 0.66):
            band = trunk_rows(frame, (low, low + 0.03), look.loose_m + 0.019)
            yield piece(stack(band[[0, -1]], 12, 2.5), SILVER, ties, Material.PLAIN)
        yield piece(stack(rows, 12, 2.5), look.vest, ties)
    collar = [(0.835, 0.045, 0.052, -0.004, 0), (0.868, 0.040, 0.041, 0.004, 0)]
    if look.loose_m > 0.01:
        yield piece(stack(np.array(collar) * h, 10), look.top, ties)


def trunk_rows(frame: Frame, span: tuple[float, float], loose_m: float) -> Array:
    """Rows for ``stack`` of the trunk between two heights, cloth standing off by so much."""
    low, high = span
    inside = TRUNK[(TRUNK[:, 0] > low + 0.008) & (TRUNK[:, 0] < high - 0.004), 0]
    z = np.concatenate([[low], inside, [high]])
    breadth, depth, middle = (np.interp(z, TRUNK[:, 0], TRUNK[:, k]) for k in (1, 2, 3))
    waist, hips = np.exp(-(((z - 0.62) / 0.05) ** 2)), np.exp(-(((z - 0.50) / 0.06) ** 2))
    chest = np.exp(-(((z - 0.735) / 0.03) ** 2))
    if frame.female:
        breadth = breadth * (1 - 0.09 * waist + 0.04 * hips - 0.09 * (z > 0.7))
        depth, middle = depth + 0.007 * chest, middle + 0.007 * chest
    belly = (frame.girth - 1) * np.exp(-(((z - 0.6) / 0.07) ** 2))
    breadth, depth = breadth * frame.girth, depth * (0.3 + 0.7 * frame.girth) + 0.06 * belly
    middle = middle + 0.05 * np.maximum(belly, 0)
    off = loose_m / frame.height_m * np.interp(z, [0.3, 0.46, 0.8, 0.85], [1.6, 1.0, 0.7, 0.1])
    columns = (z, depth + off, breadth + off, middle, np.zeros_like(z))
    return np.column_stack(columns) * frame.height_m


def limbs(frame: Frame, look: Look) -> Iterator[Piece]:
    """Arms, hands, legs and shoes."""
    h, thick = frame.height_m, 0.35 + 0.65 * frame.girth
    for arm, leg, way in ((Bone.ARM_L, Bone.THIGH_L, 1), (Bone.ARM_R, Bone.THIGH_R, -1)):
        y = way * frame.shoulder_y
        z, radius, colors = _sleeve(ARM, look.sleeve, (look.skin, look.top))
        cloth = z >= look.sleeve
        slim = 0.9 if frame.female else 1.0
        r = radius * thick * slim + cloth * (0.3 * look.loose_m + 0.004) / h
        rows = np.column_stack([z, 1.06 * r, r, np.full_like(z, -0.006), np.full_like(z, y)])
        yield piece(
            stack(rows * h, 8), colors, limb_ties(arm, ELBOW * h, 0.045 * h, (Bone.CHEST, 0.81 * h))
        )
        yield from _hand(h, look.skin, arm + 2, y)
        bare = (look.skin, look.skin if look.skirt else look.legs)
        z, radius, colors = _sleeve(LEG, look.legs_hem, bare)
        r = radius * thick
        if not look.skirt:
            low = np.interp(z, [0.05, 0.3, 0.5], [look.cut, look.cut + 0.003, 0.0])
            r = np.where(z >= look.legs_hem, np.maximum(r + 0.004, low), r)
        r = r - np.where(z > look.hem + 0.005, 0.007, 0.0)
        at_x = np.interp(z, LEG[:, 0], LEG[:, 2])
        at_y = way * (HIP_Y + np.interp(z, [0.05, 0.3, 0.5], [0.0, 0.0, 0.002]))
        rows = np.column_stack([z, 1.08 * r, r, at_x, at_y])
        yield piece(
            stack(rows * h, 8), colors, limb_ties(leg, KNEE * h, 0.05 * h, (Bone.PELVIS, 0.53 * h))
        )
        yield _shoe(h, look, leg + 2, way * HIP_Y)


def _sleeve(
    profile: Array, hem: float, colors: tuple[Rgb, Rgb]
) -> tuple[Array, Array, Sequence[Rgb]]:
    """Heights and radii of a limb, with an edge where cloth begins, and the rings' colors."""
    edge = np.array([hem - 1e-4, hem])
    z = np.sort(np.concatenate([profile[np.abs(profile[:, 0] - hem) > 0.006, 0], edge]))
    return z, np.interp(z, profile[:, 0], profile[:, 1]), [colors[int(at >= hem)] for at in z]


def _hand(h: float, skin: Rgb, bone: int, y: float) -> Iterator[Piece]:
    """A loosely curled hand and its thumb."""
    inward = -0.012 * np.sign(y)
    rows = [
        (0.395, 0.010, 0.007, 0.004, y + inward),
        (0.412, 0.019, 0.010, 0.002, y + 0.7 * inward),
        (0.44, 0.0235, 0.0115, 0.000, y + 0.2 * inward),
        (0.465, 0.0205, 0.0115, -0.003, y),
        (0.49, 0.0135, 0.0125, -0.006, y),
    ]
    yield piece(stack(np.array(rows) * h, 6, 2.4), skin, rigid(Bone(bone)), Material.SKIN)
    thumb = [(0.425, 0.006, 0.006, 0.026, y + inward), (0.465, 0.008, 0.008, 0.010, y)]
    yield piece(stack(np.array(thumb) * h, 5), skin, rigid(Bone(bone)), Material.SKIN)


def _shoe(h: float, look: Look, bone: int, y: float) -> Piece:
    rows = [
        (0.000, 0.074, 0.026, 0.040, y),
        (0.013, 0.077, 0.028, 0.040, y),
        (0.0131, 0.075, 0.027, 0.040, y),
        (0.028, 0.068, 0.026, 0.034, y),
        (0.045, 0.047, 0.025, 0.014, y),
        (0.068, 0.027, 0.023, -0.005, y),
    ]
    colors = [look.sole, look.sole, *[look.shoes] * 4]
    return piece(stack(np.array(rows) * h, 8, 2.4), colors, rigid(Bone(bone)), Material.RUBBER)


def bag(frame: Frame, look: Look) -> Iterator[Piece]:
    """A backpack with its straps, or a bag at the hip with a strap across."""
    h = frame.height_m
    chest = rigid(Bone.CHEST)
    if look.bag == "backpack":
        back = -0.062 * h - look.loose_m - 0.03
        rows = [
            (0.60 * h, 0.05, 0.11, back, 0.0),
            (0.615 * h, 0.075, 0.13, back - 0.01, 0.0),
            (0.70 * h, 0.08, 0.135, back - 0.015, 0.0),
            (0.77 * h, 0.065, 0.13, back, 0.0),
            (0.81 * h, 0.03, 0.10, back + 0.01, 0.0),
        ]
        yield piece(stack(rows, 10, 3.5), look.bag_color, chest)
        for y in (0.065 * h, -0.065 * h):
            strap = trunk_rows(frame, (0.66, 0.832), look.loose_m + 0.012)[::2]
            strap[:, 2], strap[:, 4] = 0.02, y
            yield piece(stack(strap, 5, 4.0), look.bag_color, chest)
    if look.bag == "shoulder":
        side = 0.112 * h * frame.girth + look.loose_m + 0.03
        rows = [
            (0.47 * h, 0.11, 0.03, 0.0, side),
            (0.48 * h, 0.13, 0.045, 0.0, side),
            (0.56 * h, 0.13, 0.04, 0.0, side),
            (0.58 * h, 0.12, 0.02, 0.0, side),
        ]
        yield piece(stack(rows, 8, 4.0), look.bag_color, rigid(Bone.PELVIS), Material.PLASTIC)
        strap = trunk_rows(frame, (0.57, 0.84), look.loose_m + 0.008)
        strap[:, 2] = 0.018
        strap[:, 4] = np.linspace(side * 0.82, -0.055 * h, len(strap))
        yield piece(stack(strap, 6, 4.0), look.bag_color, trunk_ties(h))
