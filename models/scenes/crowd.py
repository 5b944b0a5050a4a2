"""A random cast for one picture: people in acts, riders, what is parked and what is left lying.

Everything stands on the ground where such things stand, and nothing in anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from models.scenes.assets.building import KINDS as MATERIALS
from models.scenes.assets.cable import hanging_cable
from models.scenes.assets.cycles import CYCLES
from models.scenes.assets.lookalikes import KINDS as LOOKALIKES
from models.scenes.assets.pose import SEAT_M, Act
from models.scenes.assets.waste import KINDS as WASTE
from models.scenes.camera import Camera
from models.scenes.kinds import VEHICLES, Prop, prop
from models.scenes.light import Lamp
from models.scenes.mesh import Mesh, shift
from models.scenes.moves import point_on
from models.scenes.plan import Stand
from models.scenes.render import Body
from models.scenes.stage import Cast, Part, headlights, in_world, matrix_of
from models.scenes.streets.street import Street

Rng = np.random.Generator
ROADS: Final = ("lane", "drive", "turn", "road")
"""Beginnings of the names of ways on which things drive."""
NEAR_M, FAR_M = 3.0, 42.0
TRIES: Final = 14
ON_WALLS: Final = frozenset({"drain-pipe", "awning", "telecom-bundle", "rope"})
"""Look-alikes that make no sense away from a wall."""
POOL: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "people": (("person", "person", "person", "person", "old", "child"), 9),
    "cycles": ((*CYCLES, "e-bike", "e-bike", "bicycle"), 8),
    "vehicles": ((*sorted(VEHICLES), "car", "car"), 5),
    "waste": ((*WASTE, "bag", "bag", "carton"), 10),
    "decoys": ((*(kind for kind in LOOKALIKES if kind not in ON_WALLS), *MATERIALS), 5),
    "scaffolds": (("scaffold",), 1),
}
"""What a stage has at hand for its pictures: kinds to draw from, and how many."""
RADIUS_M: Final = {"person": 0.35, "cable": 0.0}


@dataclass(frozen=True, slots=True)
class Pool:
    """Props made once for some pictures of one stage; ``rows[name]`` are as ``POOL`` says.

    All their seeds are even or all odd, as ``parity`` is 0 or 1.
    """

    rows: dict[str, list[tuple[str, Prop]]]
    parity: int

    @classmethod
    def drawn(cls, rng: Rng, parity: int) -> Pool:
        """From seeds that are all even or all odd, as ``parity`` is 0 or 1."""
        rows: dict[str, list[tuple[str, Prop]]] = {}
        for name, (kinds, count) in POOL.items():
            drawn = [str(rng.choice(kinds)) for _ in range(count)]
            seeds = 2 * rng.integers(0, 1 << 20, count) + parity
            rows[name] = [
                (kind, prop(kind, int(seed))) for kind, seed in zip(drawn, seeds, strict=True)
            ]
        return cls(rows, parity)


@dataclass
class Crowd:
    """One picture's cast while it grows."""

    street: Street
    camera: Camera
    wh: tuple[int, int]
    pool: Pool
    rng: Rng
    night: bool
    bodies: list[Body] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    beams: list[Lamp] = field(default_factory=list)
    taken: list[tuple[float, float, float]] = field(default_factory=list)

    def cast(self) -> Cast:
        """Everybody and everything, at random."""
        for name, some, often in (
            ("vehicles", self._vehicle, 1.2),
            ("scaffolds", self._scaffold, 0.5),
            ("cycles", self._parked_row, 1.1),
            ("people", self._rider, 0.8),
            ("waste", self._heap, 1.5),
            ("decoys", self._decoy, 0.9),
            ("people", self._person, 2.6),
        ):
            row = self.pool.rows[name]
            for number in self.rng.permutation(len(row))[: int(self.rng.poisson(often))]:
                some(*row[int(number)])
        return Cast(tuple(self.bodies), tuple(self.parts), tuple(self.beams[:4]))

    def _put(self, kind: str, thing: Prop, stand: Stand, mesh: Mesh, does: str) -> Body:
        body = Body(mesh, matrix_of(stand), len(self.bodies) + 1)
        self.bodies.append(body)
        self.parts.append(Part(body.instance, f"{kind}_{body.instance}", kind, thing.label, does))
        self.taken.append((stand[0], stand[1], RADIUS_M.get(thing.kind, thing.half_m)))
        return body

    def _vehicle(self, kind: str, thing: Prop) -> None:
        drives = self.rng.random() < 0.45
        stand = self._on_way(thing, road=True) if drives else self._at_spot(thing, ("park",), 0.3)
        if stand is None:
            return
        body = self._put(kind, thing, stand, thing.mesh(), "drives" if drives else "stands")
        if drives and self.night:
            self.beams += headlights(thing, body.matrix)

    def _parked_row(self, kind: str, thing: Prop) -> None:
        """A cycle, or several side by side; now and then one that is being charged."""
        first = self._at_spot(thing, ("park", "entrance", "shed", "wait"), 1.2)
        if first is None:
            return
        x, y, z, yaw = first
        aside = np.radians(yaw + 90)
        for number in range(int(self.rng.integers(1, 5))):
            step = 0.75 * number
            at = (x + step * float(np.cos(aside)), y + step * float(np.sin(aside)), z)
            other_kind, other = (kind, thing) if not number else self._any("cycles")
            if not self._free(at[0], at[1], 0.25):
                continue
            stand = (*at, yaw + float(self.rng.normal(0, 6)))
            body = self._put(other_kind, other, stand, other.mesh(), "stands")
            self.taken[-1] = (at[0], at[1], 0.4)
            if "plug" in other.anchors and self.rng.random() < 0.75:
                self._cable(in_world(body.matrix, other.anchors["plug"]))

    def _cable(self, plug: tuple[float, float, float]) -> None:
        """From a window or socket near by down to a plug."""
        near = [
            at
            for at in self.street.openings.values()
            if 0.5 < np.linalg.norm(np.subtract(at, plug)) < 14 and at[2] > plug[2]
        ]
        if not near:
            return
        start = near[int(self.rng.integers(len(near)))]
        seed = 2 * int(self.rng.integers(1 << 19)) + self.pool.parity
        slack = float(self.rng.uniform(1.02, 1.2))
        asset = hanging_cable(
            seed, (start, plug), slack=slack, wind_m=float(self.rng.normal(0, 0.15))
        )
        cable = Prop("cable", "cable")
        self._put("cable", cable, (0.0, 0.0, 0.0, 0.0), asset.mesh, "hangs")
        self.taken.pop()

    def _rider(self, kind: str, thing: Prop) -> None:
        cycle_kind, cycle = self._any("cycles")
        stand = self._on_way(cycle, road=bool(self.rng.random() < 0.6))
        if stand is None or thing.person is None or "saddle" not in cycle.anchors:
            return
        body = self._put(cycle_kind, cycle, stand, cycle.mesh(), "ridden")
        if self.night:
            self.beams += headlights(cycle, body.matrix, share=0.2)
        x, y, z = cycle.anchors["saddle"]
        seat = (body.matrix @ shift(x, y, z - SEAT_M)).astype(np.float32)
        rider = Body(thing.person.mesh(Act(seated=1.0)), seat, len(self.bodies) + 1)
        self.bodies.append(rider)
        name = f"{kind}_{rider.instance}"
        self.parts.append(Part(rider.instance, name, kind, thing.label, "rides"))

    def _person(self, kind: str, thing: Prop) -> None:
        if thing.person is None:
            return
        spotted = self.rng.random() < 0.4
        stand = self._at_spot(thing, ("",), 2.5) if spotted else self._on_way(thing, road=False)
        if stand is None:
            return
        stand = (*stand[:3], stand[3] + float(self.rng.uniform(-180, 180) if spotted else 0))
        walks = not spotted and self.rng.random() < 0.8
        held = self._any("waste") if self.rng.random() < 0.3 else None
        boxed = held is not None and held[0] in ("carton", "furniture")
        act = Act(
            walked_m=float(self.rng.uniform(0, 9)),
            speed_mps=float(self.rng.uniform(0.7, 1.6)) if walks else 0.0,
            bend=float(self.rng.uniform(0.3, 1)) if self.rng.random() < 0.18 and not walks else 0.0,
            holds="nothing" if held is None else "box" if boxed else "bag",
            sway_s=float(self.rng.uniform(0, 60)),
        )
        body = self._put(kind, thing, stand, thing.person.mesh(act), "walks" if walks else "stands")
        if held is not None and held[0] in ("bag", "carton"):
            x, y, z = in_world(body.matrix, thing.person.hand(act))
            grip = held[1].anchors["grip"][2] * (0.5 if boxed else 1.0)
            self._put(
                held[0], held[1], (x, y, max(z - grip, 0.0), stand[3]), held[1].mesh(), "carried"
            )
            self.taken.pop()

    def _heap(self, kind: str, thing: Prop) -> None:
        """Something left lying, and more of it about it."""
        first = self._at_spot(thing, ("drop", "collection", "park"), 1.5)
        stand = first or self._on_way(thing, road=False)
        for number in range(int(self.rng.choice(4, p=(0.45, 0.3, 0.15, 0.1))) + 1):
            other_kind, other = (kind, thing) if not number else self._any("waste")
            if stand is None:
                return
            away, side = float(self.rng.uniform(0.4, 1.3)) * number, self.rng.uniform(0, 2 * np.pi)
            x, y = stand[0] + away * float(np.cos(side)), stand[1] + away * float(np.sin(side))
            if self._free(x, y, 0.7 * other.half_m):
                at = (x, y, stand[2], float(self.rng.uniform(0, 360)))
                self._put(other_kind, other, at, other.mesh(), "stands")

    def _decoy(self, kind: str, thing: Prop) -> None:
        stand = self._at_spot(thing, ("",), 2.5)
        if stand is not None:
            self._put(kind, thing, stand, thing.mesh(), "stands")

    def _scaffold(self, kind: str, thing: Prop) -> None:
        """Before a wall that has openings; without one, anywhere."""
        walls = [at for at in self.street.openings.values() if self._in_sight(at[0], at[1])]
        if not walls:
            return
        x, y, _ = walls[int(self.rng.integers(len(walls)))]
        away = np.array(self.camera.position[:2]) - (x, y)
        toward = round(float(np.degrees(np.arctan2(away[1], away[0]))) / 90) * 90.0
        ahead = np.array([np.cos(np.radians(toward)), np.sin(np.radians(toward))]) * 0.75
        stand = (x + float(ahead[0]), y + float(ahead[1]), 0.0, toward)
        share = float(self.rng.uniform(0.4, 1.0))
        self._put(kind, thing, stand, thing.mesh(share), "stands")

    # places

    def _any(self, name: str) -> tuple[str, Prop]:
        row = self.pool.rows[name]
        return row[int(self.rng.integers(len(row)))]

    def _on_way(self, thing: Prop, *, road: bool) -> Stand | None:
        """Somewhere along a way, in sight and free; a road is a way on which things drive."""
        ways = [way for name, way in self.street.ways.items() if name.startswith(ROADS) == road]
        if not ways:
            return None

        def somewhere() -> Stand:
            way = ways[int(self.rng.integers(len(ways)))]
            x, y, yaw = point_on(way, float(self.rng.uniform(0.02, 0.98)))
            aside = float(self.rng.normal(0, 0.2 if road else 0.5))
            turned = yaw + (180 if not road and self.rng.random() < 0.5 else 0)
            across = np.radians(yaw + 90)
            return x + aside * float(np.cos(across)), y + aside * float(np.sin(across)), 0.0, turned

        return self._first(thing, somewhere)

    def _at_spot(self, thing: Prop, begins: tuple[str, ...], off_m: float) -> Stand | None:
        """About a spot whose name begins so, in sight and free."""
        spots = [at for name, at in self.street.spots.items() if name.startswith(begins)]
        if not spots:
            return None

        def somewhere() -> Stand:
            x, y, heading = spots[int(self.rng.integers(len(spots)))]
            off_x, off_y = self.rng.uniform(-off_m, off_m, 2).tolist()
            turned = 90 - heading + float(self.rng.normal(0, 5)) + 180 * self.rng.integers(2)
            return x + off_x, y + off_y, 0.0, float(turned)

        return self._first(thing, somewhere)

    def _first(self, thing: Prop, somewhere: Callable[[], Stand]) -> Stand | None:
        radius = RADIUS_M.get(thing.kind, thing.half_m)
        for _ in range(TRIES):
            stand = somewhere()
            if self._in_sight(stand[0], stand[1]) and self._free(stand[0], stand[1], radius):
                return stand
        return None

    def _in_sight(self, x: float, y: float) -> bool:
        far_m = float(np.hypot(x - self.camera.position[0], y - self.camera.position[1]))
        right, down = self.camera.project([(x, y, 0.5)], self.wh)[0].tolist()
        return NEAR_M < far_m < FAR_M and 0 < right < self.wh[0] and 0 < down < self.wh[1]

    def _free(self, x: float, y: float, radius_m: float) -> bool:
        return all(np.hypot(x - a, y - b) > 0.85 * (radius_m + r) for a, b, r in self.taken)
