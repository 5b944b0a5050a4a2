"""Heads: face, hair, and what is worn on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from models.scenes.assets.body import (
    Array,
    Bone,
    Frame,
    Piece,
    hanging_ties,
    piece,
    rigid,
    stack,
)
from models.scenes.assets.wardrobe import Look
from models.scenes.mesh import Material

SKULL: Final = np.array(
    [
        # height above the chin, half depth, half breadth, middle: shares of the head
        (0.00, 0.13, 0.13, 0.17),
        (0.05, 0.21, 0.20, 0.13),
        (0.14, 0.29, 0.255, 0.09),
        (0.25, 0.36, 0.295, 0.045),
        (0.38, 0.405, 0.32, 0.012),
        (0.51, 0.415, 0.335, 0.0),
        (0.62, 0.42, 0.345, -0.01),
        (0.75, 0.405, 0.335, -0.02),
        (0.87, 0.335, 0.275, -0.025),
        (0.95, 0.22, 0.185, -0.025),
        (1.00, 0.07, 0.06, -0.025),
    ]
)
SIDES: Final = 12
HEAD: Final = rigid(Bone.HEAD)


def head(frame: Frame, look: Look) -> Iterator[Piece]:
    """Neck, head, ears, hair and hat."""
    h, size, chin = frame.height_m, frame.head_m, frame.chin_m
    neck = [
        (0.82 * h, 0.037 * h, 0.040 * h, -0.012 * h, 0),
        (0.848 * h, 0.031 * h, 0.032 * h, -0.006 * h, 0),
        (chin + 0.3 * size, 0.033 * h, 0.031 * h, -0.004 * h, 0),
    ]
    ties = hanging_ties(chin + 0.02, 0.835 * h)
    yield piece(stack(neck, 9), look.skin, ties, Material.SKIN)
    yield _face(frame, look)
    for y in (0.335, -0.335) if look.cut_hair in {"short", "bald", "bun"} else ():
        ear = np.array([(0.36, 0.03, 0.03, -0.03, y), (0.58, 0.06, 0.035, -0.05, y * 1.06)])
        yield piece(_placed(frame, ear, 5), look.skin, HEAD, Material.SKIN)
    yield from _hair(frame, look)
    yield from HATS[look.hat](frame, look)


def _face(frame: Frame, look: Look) -> Piece:
    rings = _placed(frame, np.column_stack([SKULL, np.zeros(len(SKULL))]), SIDES)
    rings[4, 0, 0] += 0.10 * frame.head_m
    rings[5, 0, 0] += 0.035 * frame.head_m
    rings[5, [1, -1], 0] -= 0.025 * frame.head_m
    made = piece(rings, look.skin, HEAD, Material.SKIN)
    paint = made.mesh.albedo.copy()
    paint[5 * SIDES + np.array([1, SIDES - 1])] *= 0.30
    paint[6 * SIDES + np.array([1, SIDES - 1])] *= 0.62
    paint[3 * SIDES + np.array([0, 1, SIDES - 1])] *= (0.85, 0.62, 0.62)
    paint[:SIDES] *= 0.75
    if look.cut_hair != "bald":
        x, z = made.mesh.position[:, 0], made.mesh.position[:, 2] - frame.chin_m
        high = (z > 0.2 * frame.head_m) & (x < -0.12 * frame.head_m)
        paint[high | ((z > 0.45 * frame.head_m) & (x < 0.1 * frame.head_m))] = look.hair
    return Piece(replace(made.mesh, albedo=paint), made.ties)


def _hair(frame: Frame, look: Look) -> Iterator[Piece]:
    """A shell that comes out of the skull where hair grows."""
    if look.cut_hair == "bald" or look.hat == "hood":
        return
    nape = 0.2 if look.cut_hair == "short" else 0.05
    if look.hat == "none":
        yield piece(_shell(frame, (nape, 0.46, 0.80), 0.055), look.hair, HEAD, Material.PLAIN)
    size, chin = frame.head_m, frame.chin_m
    low = {"bob": -0.05, "long": -0.65}.get(look.cut_hair)
    if low is not None:
        rows = np.array(
            [
                (low, 0.10, 0.22, -0.27, 0),
                (low * 0.5, 0.15, 0.31, -0.27, 0),
                (0.12, 0.24, 0.37, -0.19, 0),
                (0.45, 0.33, 0.385, -0.12, 0),
                (0.8, 0.28, 0.32, -0.1, 0),
            ]
        )
        ties = hanging_ties(chin + 0.1 * size, chin - 0.5 * size)
        yield piece(_placed(frame, rows, 10), look.hair, ties, Material.PLAIN)
    if look.cut_hair == "tail":
        rows = np.array(
            [(-0.25, 0.04, 0.05, -0.5, 0), (0.2, 0.1, 0.1, -0.56, 0), (0.65, 0.08, 0.08, -0.42, 0)]
        )
        yield piece(_placed(frame, rows, 7), look.hair, HEAD, Material.PLAIN)
    if look.cut_hair == "bun":
        rows = np.array(
            [(0.5, 0.06, 0.06, -0.45, 0), (0.62, 0.14, 0.14, -0.5, 0), (0.76, 0.06, 0.06, -0.48, 0)]
        )
        yield piece(_placed(frame, rows, 7), look.hair, HEAD, Material.PLAIN)


def _shell(frame: Frame, edges: tuple[float, float, float], off: float) -> Array:
    """Rings just outside the skull above an edge, and just inside below it.

    ``edges`` are heights of the edge at the nape, over the ears and over the brow.
    """
    rows = np.column_stack([SKULL, np.zeros(len(SKULL))])[3:]
    rings = _placed(frame, rows, SIDES)
    round_ = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    back = -np.cos(round_)
    nape, ear, brow = edges
    edge = np.where(
        back > 0, ear + (nape - ear) * back**2, ear + (brow - ear) * np.sqrt(np.maximum(-back, 0))
    )
    out = np.where(rows[:, :1] >= edge - 0.02, off, -0.05) * frame.head_m
    middle = rings.mean(axis=1, keepdims=True)
    spoke = rings - middle
    length = np.linalg.norm(spoke, axis=2, keepdims=True)
    rings = rings + spoke / length * out[:, :, None]
    rings[-2:, :, 2] += 0.7 * off * frame.head_m
    return np.asarray(rings, np.float64)


def _dome(frame: Frame, off: float, low: float) -> Array:
    """Rings of a cap from some height of the head up."""
    inside = SKULL[SKULL[:, 0] > low + 0.03]
    at_low = [np.interp(low, SKULL[:, 0], SKULL[:, k]) for k in range(4)]
    rows = np.column_stack([np.vstack([at_low, inside]), np.zeros(len(inside) + 1)])
    rows[:, 1:3] += off
    rows[:, 0] = low + (rows[:, 0] - low) * (1 + off / (1 - low))
    return _placed(frame, rows, 12)


def _cap(frame: Frame, look: Look) -> Iterator[Piece]:
    yield piece(_dome(frame, 0.07, 0.68), look.hat_color, HEAD)
    brim = np.array([(0.66, 0.22, 0.26, 0.48, 0), (0.70, 0.20, 0.25, 0.44, 0)])
    yield piece(_placed(frame, brim, 10), look.hat_color, HEAD)


def _helmet(frame: Frame, look: Look) -> Iterator[Piece]:
    yield piece(_dome(frame, 0.13, 0.50), look.hat_color, HEAD, Material.PAINT)
    visor = np.array([(0.62, 0.20, 0.33, 0.42, 0), (0.68, 0.16, 0.30, 0.38, 0)])
    yield piece(_placed(frame, visor, 10, 2.6), (0.02, 0.02, 0.022), HEAD, Material.PLASTIC)
    strap = np.array([(-0.02, 0.1, 0.15, 0.1, 0), (0.5, 0.05, 0.37, 0.03, 0)])
    yield piece(_placed(frame, strap, 6, 4.0), (0.02, 0.02, 0.022), HEAD, Material.PLASTIC)


def _hood(frame: Frame, look: Look) -> Iterator[Piece]:
    yield piece(_shell(frame, (0.0, 0.15, 0.86), 0.11), look.hat_color, HEAD)
    rows = np.array([(-0.3, 0.36, 0.42, -0.1, 0), (0.2, 0.34, 0.38, -0.16, 0)])
    ties = hanging_ties(frame.chin_m + 0.05, frame.chin_m - 0.1)
    yield piece(_placed(frame, rows, 10), look.hat_color, ties)


def _brim(frame: Frame, look: Look) -> Iterator[Piece]:
    """A straw hat."""
    yield piece(_dome(frame, 0.07, 0.70), look.hat_color, HEAD)
    rows = np.array([(0.66, 0.82, 0.76, -0.02, 0), (0.74, 0.42, 0.36, -0.02, 0)])
    yield piece(_placed(frame, rows, 14), look.hat_color, HEAD)


def _none(frame: Frame, look: Look) -> Iterator[Piece]:
    yield from ()


HATS: Final = {"none": _none, "cap": _cap, "helmet": _helmet, "hood": _hood, "brim": _brim}


def _placed(frame: Frame, rows: Array, sides: int, power: float = 2.0) -> Array:
    """``stack`` of rows in shares of the head, heights from the chin."""
    return stack(rows * frame.head_m + np.array([frame.chin_m, 0, 0, 0, 0]), sides, power)
