"""What a body's own shape does to its clothes: creases, and shade where little light comes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.scenes.assets.body import Array, Bone, Frame, Piece
from models.scenes.mesh import Material

CREASE_M = 0.002


def worn(piece: Piece, frame: Frame, hem: float, rng: np.random.Generator) -> Piece:
    """The piece creased and shaded; ``hem`` is where the top ends, a share of the stature."""
    mesh = piece.mesh
    cloth = (mesh.material == Material.CLOTH).astype(np.float64)[:, None]
    count = len(mesh.position)
    off = cloth * rng.normal(0, CREASE_M, (count, 1))
    leaning = mesh.normal + cloth * rng.normal(0, 0.14, (count, 3))
    leaning /= np.linalg.norm(leaning, axis=1, keepdims=True)
    faded = 1 + cloth * rng.normal(0, 0.05, (count, 1))
    shade = _shade(piece, frame, hem)[:, None]
    return replace(
        piece,
        mesh=replace(
            mesh,
            position=(mesh.position + off * mesh.normal).astype(np.float32),
            normal=leaning.astype(np.float32),
            albedo=(mesh.albedo * faded * shade).astype(np.float32),
        ),
    )


def _shade(piece: Piece, frame: Frame, hem: float) -> Array:
    """``(n,)`` 0 to 1: the share of the light that comes past the rest of the body."""
    mesh, ties = piece.mesh, piece.ties
    z = mesh.position[:, 2].astype(np.float64) / frame.height_m
    inward = -mesh.normal[:, 1] * np.sign(mesh.position[:, 1])
    limbs = [
        ties[:, [first, first + 1, second, second + 1]].sum(axis=1) > 0.5
        for first, second in ((Bone.ARM_L, Bone.ARM_R), (Bone.THIGH_L, Bone.THIGH_R))
    ]
    arms, legs = limbs
    trunk = ~arms & ~legs & (ties[:, Bone.HEAD] == 0)
    chin = frame.chin_m / frame.height_m
    shade = np.ones(len(z))
    shade -= 0.3 * (arms & (inward > 0.3) & (z < 0.79))
    shade -= np.where(legs & (inward > 0.3), np.interp(z, [0.1, 0.46], [0.1, 0.42]), 0)
    shade -= 0.22 * (trunk & (inward < -0.6) & (z > 0.56) & (z < 0.79))
    shade -= np.where((z < hem) & (legs | trunk), np.interp(z, [hem - 0.06, hem], [0, 0.3]), 0)
    shade -= 0.25 * ((np.abs(z - chin) < 0.02) & (mesh.normal[:, 2] < 0.3))
    return np.clip(shade, 0.4, 1)
