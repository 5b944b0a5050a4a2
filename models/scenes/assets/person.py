"""People: somebody drawn from a seed, who walks, stands, bends, carries, pushes and sits."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.scenes.assets.body import Array, Frame, joined
from models.scenes.assets.figure import bag, dressed_trunk, limbs
from models.scenes.assets.head import head
from models.scenes.assets.pose import BOARD_M, SEAT_M, Act, Holds, Manner, palms, posed
from models.scenes.assets.wardrobe import Age, dressed
from models.scenes.assets.wear import worn
from models.scenes.mesh import Mesh

__all__ = ["BOARD_M", "SEAT_M", "Act", "Age", "Holds", "Person"]

STATURE_M: Final = {"adult": (1.52, 1.85), "child": (1.0, 1.4), "old": (1.48, 1.74)}


class Person:
    """One person: stands at the origin on z = 0 and looks along +x.

    Seated, the origin is under the seat: the saddle's top is at ``SEAT_M``, the board under the
    feet at ``BOARD_M``.
    """

    label: Final = "person"

    def __init__(self, seed: int, age: Age = "adult") -> None:
        rng = np.random.default_rng(seed)
        female = bool(rng.random() < 0.48)
        self._frame = _frame(rng, age, female=female)
        self._manner = _manner(rng, age)
        self.height_m = self._frame.height_m
        look = dressed(rng, age, female=female)
        parts = (dressed_trunk, limbs, head, bag)
        rest = joined(part for some in parts for part in some(self._frame, look))
        self._rest = worn(rest, self._frame, look.hem, rng)

    def mesh(self, act: Act) -> Mesh:
        """The person in an act."""
        rest, moves = self._rest.mesh, self._moves(act)
        count = len(rest.position)
        blend = (self._rest.ties @ moves.reshape(len(moves), 12).astype("f4")).reshape(count, 3, 4)
        position = np.einsum("nij,nj->ni", blend[:, :, :3], rest.position) + blend[:, :, 3]
        normal = np.einsum("nij,nj->ni", blend[:, :, :3], rest.normal)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
        return Mesh(position, normal, rest.albedo, rest.material, rest.faces)

    def hand(self, act: Act) -> tuple[float, float, float]:
        """Where what is carried is: the right palm; between both for a box or a bar."""
        left, right = palms(self._moves(act), self._frame)
        x, y, z = (left + right) / 2 if act.holds in {"box", "bar"} else right
        return float(x), float(y), float(z)

    def _moves(self, act: Act) -> Array:
        return posed(self._frame, self._manner, act)


def _frame(rng: np.random.Generator, age: Age, *, female: bool) -> Frame:
    low, high = STATURE_M[age]
    middle = (low + high) / 2 - (0.05 if female else -0.04) * (age != "child")
    height = float(np.clip(rng.normal(middle, 0.07), low, high))
    head = height / 7.5 if age != "child" else 0.205 + 0.02 * (height - 1.0) / 0.4
    return Frame(height, head, float(np.clip(rng.normal(1.04, 0.09), 0.88, 1.28)), female)


def _manner(rng: np.random.Generator, age: Age) -> Manner:
    old = age == "old"
    idle = rng.choice(
        ("hang", "phone", "behind", "pockets", "hip"),
        p=(0.4, 0.05, 0.4, 0.1, 0.05) if old else (0.42, 0.25, 0.06, 0.17, 0.1),
    )
    return Manner(
        stoop_deg=float(rng.uniform(8, 20) if old else rng.uniform(-1, 5)),
        gaze_deg=(float(rng.normal(0, 14)), float(rng.normal(3, 5))),
        swing_deg=float(rng.uniform(12, 20) if old else rng.uniform(20, 32)),
        idle=str(idle),  # type: ignore[arg-type]  # drawn from Idle's words
        side=int(rng.choice((-1, 1))),
    )
