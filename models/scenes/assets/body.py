"""A human body at rest, in pieces that bend: rings of skin and cloth, tied to a small skeleton."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from models.scenes.mesh import Floats, Material, Mesh, Rgb, loft, merged

Array = npt.NDArray[np.float64]
Ties = Callable[[Array], Array]
"""From ``(n, 3)`` places at rest to the ``(n, bones)`` shares with which bones move them."""


class Bone(IntEnum):
    """What moves as one; the left limbs first, each from the trunk outward."""

    PELVIS = 0
    SPINE = 1
    CHEST = 2
    HEAD = 3
    ARM_L = 4
    FOREARM_L = 5
    HAND_L = 6
    ARM_R = 7
    FOREARM_R = 8
    HAND_R = 9
    THIGH_L = 10
    SHIN_L = 11
    FOOT_L = 12
    THIGH_R = 13
    SHIN_R = 14
    FOOT_R = 15


SHOULDER, ELBOW, WRIST, HIP, KNEE, ANKLE = 0.812, 0.632, 0.487, 0.53, 0.285, 0.045
"""Heights of the joints, as shares of the stature (after Drillis and Contini)."""
HIP_Y: Final = 0.05
CHIN: Final = 0.868


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of one body.

    Attributes:
        height_m: Stature.
        head_m: From chin to crown.
        girth: Breadth and depth against the usual; 1 is slim.
        female: Narrower at shoulder and waist, wider at the hip.
    """

    height_m: float
    head_m: float
    girth: float
    female: bool

    @property
    def shoulder_y(self) -> float:
        """Share of the stature from the middle to a shoulder's joint."""
        return (0.085 if self.female else 0.096) * (0.6 + 0.4 * self.girth)

    def joints(self) -> Array:
        """``(bones, 3)`` metres at rest: upright, limbs straight down."""
        y = self.shoulder_y
        chin = self.chin_m / self.height_m
        trunk = [(0, 0, HIP), (0, 0, 0.6), (0, 0, 0.69), (-0.005, 0, chin)]
        arm = [(-0.006, y, SHOULDER), (-0.006, y, ELBOW), (-0.006, y, WRIST)]
        leg = [(0, HIP_Y, HIP), (0, HIP_Y, KNEE), (0, HIP_Y, ANKLE)]
        limbs = [(x, way * y, z) for part in (arm, leg) for way in (1, -1) for x, y, z in part]
        return np.array([*trunk, *limbs]) * self.height_m

    @property
    def chin_m(self) -> float:
        return self.height_m - self.head_m


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some skin or cloth: a mesh at rest, and ``(n, bones)`` shares of the bones that move it."""

    mesh: Mesh
    ties: Floats


def joined(pieces: Iterable[Piece]) -> Piece:
    every = list(pieces)
    return Piece(
        merged(piece.mesh for piece in every), np.concatenate([piece.ties for piece in every])
    )


def stack(rows: npt.ArrayLike, sides: int = 10, power: float = 2.0) -> Array:
    """``(n, sides, 3)`` level rings, the lowest first.

    Args:
        rows: ``(n, 5)``: height, half of its depth (x) and breadth (y), its middle's x and y.
        sides: Corners of each ring.
        power: 2 is round, more is squarer.
    """
    z, half_x, half_y, at_x, at_y = np.asarray(rows, np.float64).T[:, :, None]
    round_ = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    c, s = (np.sign(w) * np.abs(w) ** (2 / power) for w in (np.cos(round_), np.sin(round_)))
    return np.stack([at_x + half_x * c, at_y + half_y * s, np.broadcast_to(z, (len(z), sides))], -1)


def piece(
    rings: Array, colors: Rgb | Sequence[Rgb], ties: Ties, material: Material = Material.CLOTH
) -> Piece:
    """A closed skin over rings; one color, or one for each ring."""
    mesh = loft(rings, (0, 0, 0), material)
    each = np.broadcast_to(np.asarray(colors, np.float32), (len(rings), 3))
    paint = np.concatenate([np.repeat(each, rings.shape[1], axis=0), each[[0, -1]]])
    return Piece(replace(mesh, albedo=paint), ties(mesh.position.astype(np.float64)).astype("f4"))


def rigid(bone: Bone) -> Ties:
    """All of it moves with one bone."""

    def ties(at: Array) -> Array:
        shares = np.zeros((len(at), len(Bone)))
        shares[:, bone] = 1
        return shares

    return ties


def trunk_ties(height_m: float) -> Ties:
    """Trunk, coat and skirt: chest, waist and hips, and below them the legs."""

    def ties(at: Array) -> Array:
        z, y = at[:, 2] / height_m, at[:, 1] / height_m
        shares = np.zeros((len(at), len(Bone)))
        chest, spine = _rise(z, 0.64, 0.74), _rise(z, 0.56, 0.64)
        legs = 0.95 * _rise(-z, -0.54, -0.42)
        shins = legs * _rise(-z, -0.31, -0.22)
        left = _rise(y, -0.06, 0.06)
        shares[:, Bone.CHEST] = chest
        shares[:, Bone.SPINE] = spine - chest
        shares[:, Bone.PELVIS] = 1 - spine - legs
        for side, thigh, shin in (
            (left, Bone.THIGH_L, Bone.SHIN_L),
            (1 - left, Bone.THIGH_R, Bone.SHIN_R),
        ):
            shares[:, thigh] = side * (legs - shins)
            shares[:, shin] = side * shins
        return shares

    return ties


def limb_ties(first: Bone, bend_m: float, soft_m: float, root: tuple[Bone, float]) -> Ties:
    """A limb of two bones that bends at a height, and passes softly into its root at another."""
    trunk, root_m = root

    def ties(at: Array) -> Array:
        shares = np.zeros((len(at), len(Bone)))
        upper = _rise(at[:, 2], bend_m - soft_m, bend_m + soft_m)
        into = 0.75 * _rise(at[:, 2], root_m - 0.6 * soft_m, root_m + 0.6 * soft_m)
        shares[:, trunk] = into
        shares[:, first] = upper - into
        shares[:, first + 1] = 1 - upper
        return shares

    return ties


def hanging_ties(top_m: float, low_m: float) -> Ties:
    """Moves with the head above one height, with the chest below another."""

    def ties(at: Array) -> Array:
        shares = np.zeros((len(at), len(Bone)))
        shares[:, Bone.HEAD] = _rise(at[:, 2], low_m, top_m)
        shares[:, Bone.CHEST] = 1 - shares[:, Bone.HEAD]
        return shares

    return ties


def _rise(value: Array, low: float, high: float) -> Array:
    """0 at and below ``low``, 1 at and above ``high``, smooth between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float64)
