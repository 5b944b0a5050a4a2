"""A clip while its script is written: who comes, goes and leaves what, told as steps in time.

Speeds are kept here and not asked of the scene maker, so that what is frozen stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import atan2, cos, degrees, hypot, radians, sin
from types import MappingProxyType
from typing import Final, Literal, Self

import numpy as np

from benchmarks.events.places import Berth, Places, Xy
from models.purpose import Purpose

Value = str | bool | int | float | Sequence["Value"] | Mapping[str, "Value"]
Table = dict[str, Value]
Scenario = Literal["charging", "dumping", "construction"]
WALKS_MPS: Final = {"person": 1.25, "child": 1.05, "old": 0.85}
RIDES_MPS, DRIVES_MPS = 4.0, 6.0
CYCLES: Final = ("bicycle", "e_bike", "delivery_e_bike", "motorcycle", "tricycle")
HANDS_S, ARM_M = 2.0, 0.75
TAIL_M: Final = 3.9
"""From the middle of any vehicle to clear ground behind it."""
FARTHEST_M: Final = 24.0
TIPPERS: Final[Mapping[Purpose, Sequence[int]]] = MappingProxyType(
    {
        "benchmark": (3, 31, 49, 63, 71, 75, 81, 85, 87, 101),
        "training": (20, 22, 24, 30, 34, 38, 42, 46, 48, 54),
    }
)
"""Seeds of trucks whose bed tips."""
MARGIN_M: Final = 0.4
"""Wider than the works themselves, as a parcel is."""
FILED_S: Final = 30 * 86_400.0
SQUARE: Final = ((-1, -1), (1, -1), (1, 1), (-1, 1))


@dataclass(slots=True)
class Take:
    """One clip's actors, steps and events.

    Attributes:
        seconds: How long it is.
        began: Of a time-lapse: steps then tell their hour, and not their second.
        road_free_s: When the halt is free for the next vehicle.
    """

    scenario: Scenario
    places: Places
    rng: np.random.Generator
    seconds: float
    began: datetime | None = None
    actors: list[Table] = field(default_factory=list)
    steps: list[tuple[float, Table]] = field(default_factory=list)
    events: list[Table] = field(default_factory=list)
    permits: list[Table] = field(default_factory=list)
    road_free_s: float = 0.0
    purpose: Purpose = "benchmark"

    def cast(self, kind: str, *, size: Sequence[float] | None = None) -> str:
        """A new actor's name; the benchmark's seeds are odd."""
        word = kind.replace("-", "_")
        name = f"{word}_{1 + sum(str(a['name']).startswith(word + '_') for a in self.actors)}"
        seed = int(self.rng.integers(0, 400)) * 2 + (self.purpose == "benchmark")
        if kind == "truck" and self.scenario == "dumping":
            tippers = TIPPERS[self.purpose]
            seed = tippers[seed % len(tippers)]
        actor: Table = {"name": name, "kind": kind, "seed": seed}
        self.actors.append(actor | ({"size": list(size)} if size else {}))
        return name

    def step(self, at_s: float, who: str, does: str, **keys: Value) -> None:
        told = {key.rstrip("_"): value for key, value in keys.items() if value not in ((), [])}
        told = {"with" if key == "carrying" else key: value for key, value in told.items()}
        at_s = round(at_s, 1)
        when: Table = {"at_s": at_s} if self.began is None else {"at": self.hour(at_s)}
        self.steps.append((at_s, {**when, "who": who, "does": does, **told}))

    def hour(self, at_s: float) -> str:
        """The time of a time-lapse, as TOML has it."""
        assert self.began is not None
        return (self.began + timedelta(seconds=at_s)).isoformat()

    def stands(self, kind: str, at: Sequence[float], heading_deg: float = 0.0) -> str:
        """Something that is there from the first moment on."""
        name = self.cast(kind)
        self.step(0.0, name, "stands", where=_rounded(at), heading_deg=heading_deg)
        return name

    def tells(
        self,
        offence: bool,
        actors: Sequence[str],
        span_s: tuple[float, float],
        reason: str,
        place: Xy | None = None,
    ) -> None:
        """An event from ``span_s[0]`` to ``span_s[1]``, where its things are, or at a place."""
        self.events.append(
            {
                "scenario": self.scenario,
                "offence": offence,
                "actors": list(actors),
                "begin": round(span_s[0], 1),
                "end": round(min(span_s[1], self.seconds), 1),
                "reason": reason,
                **({} if place is None else {"place": _rounded(place)}),
            }
        )

    def files_works(self, at: Sequence[float], heading_deg: float, size: Sequence[float]) -> None:
        """Works of this size, looking so, are in the register for longer than anybody looks."""
        heading = radians(heading_deg)
        ahead, aside = (sin(heading), cos(heading)), (cos(heading), -sin(heading))
        deep, wide = size[0] / 2 + MARGIN_M, size[1] / 2 + MARGIN_M
        corners = [
            [
                round(at[0] + a * deep * ahead[0] + b * wide * aside[0], 2),
                round(at[1] + a * deep * ahead[1] + b * wide * aside[1], 2),
                at[2],
            ]
            for a, b in SQUARE
        ]
        area: Table = {"kind": "permit", "corners": corners, "height_m": size[2] + MARGIN_M}
        self.permits.append(
            {**area, "from": self.hour(-FILED_S), "until": self.hour(self.seconds + FILED_S)}
        )

    def any_of(self, words: Sequence[str]) -> str:
        return words[int(self.rng.integers(len(words)))]

    def edge(self, near: Xy) -> Xy:
        """The nearest place outside the picture from which one can come."""
        return min(self.places.edges, key=lambda at: hypot(at[0] - near[0], at[1] - near[1]))

    def inward(self, at: Xy, turn_deg: float, far_m: float) -> Xy:
        """So far from a place, turned off the way to its edge toward where the picture is."""
        x, y = np.mean(self.places.drops, axis=0).tolist()
        toward = heading(at, self.edge(at))
        sides = [beside(at, toward + side * turn_deg, far_m) for side in (-1, 1)]
        return min(sides, key=lambda side: hypot(side[0] - x, side[1] - y))

    def exit(self, near: Xy) -> Xy:
        """Some place outside the picture, not too far; in real footage none across its middle,
        where posts stand that would not hide who passes behind them.
        """
        far = sorted(self.places.edges, key=lambda at: hypot(at[0] - near[0], at[1] - near[1]))
        fit = [at for at in far if hypot(at[0] - near[0], at[1] - near[1]) < FARTHEST_M / 2]
        if self.places.is_real:
            fit = [at for at in fit if at[0] * near[0] > 0]
        return fit[int(self.rng.integers(len(fit)))] if fit else far[0]


@dataclass(slots=True)
class Someone:
    """A person in a take, with a clock and a place of its own."""

    take: Take
    name: str
    kind: str
    at: Xy
    now_s: float
    rides: str = ""

    @classmethod
    def comes(
        cls,
        take: Take,
        now_s: float,
        to: Xy,
        carrying: Sequence[str] = (),
        *,
        kind: str = "person",
    ) -> Self:
        """Enters from the nearest edge, on foot or on the cycle it has, and goes ``to`` a place."""
        edge = take.edge(to)
        on = next((name for name in carrying if name.startswith(CYCLES)), "")
        who = cls(take, take.cast(kind), kind, edge, now_s, on)
        way_s = who._way_s(to)
        keys: Table = {"heading_deg": heading(edge, to)} if on else {}
        take.step(
            now_s, who.name, "enters", from_=list(edge), to=_rounded(to), carrying=list(carrying),
            over_s=way_s, **keys,
        )  # fmt: skip
        who.at, who.now_s = to, now_s + way_s + 0.1
        return who

    def goes(self, to: Xy) -> Self:
        way_s = self._way_s(to)
        keys: Table = {"carrying": self.rides, "heading_deg": heading(self.at, to)}
        does = "rides" if self.rides else "walks"
        self.take.step(
            self.now_s, self.name, does, to=_rounded(to), over_s=way_s,
            **(keys if self.rides else {}),
        )  # fmt: skip
        self.at, self.now_s = to, self.now_s + way_s + (1.2 if self.rides else 0.1)
        return self

    def puts(self, thing: str, to: Xy) -> float:
        """Puts a thing down within reach; the moment it lies there."""
        self.take.step(
            self.now_s, self.name, "puts down", carrying=thing, to=_rounded(to), over_s=HANDS_S
        )
        self.now_s += HANDS_S + 0.1
        return self.now_s - HANDS_S / 2

    def takes(self, thing: str) -> float:
        """Picks a thing up; the moment it is in the hand."""
        self.take.step(self.now_s, self.name, "picks up", carrying=thing, over_s=HANDS_S)
        self.now_s += HANDS_S + 0.1
        return self.now_s - HANDS_S / 2

    def waits(self, seconds: float) -> Self:
        self.now_s += seconds
        return self

    def bends(self, seconds: float) -> Self:
        self.take.step(self.now_s, self.name, "bends", over_s=seconds)
        self.now_s += seconds + 0.1
        return self

    def parks(self) -> Self:
        self.take.step(self.now_s, self.name, "parks", carrying=self.rides, over_s=1.4)
        self.rides = ""
        self.now_s += 1.6
        return self

    def plugs(self, cable: str, opening: Value, cycle: str) -> float:
        self.take.step(
            self.now_s, self.name, "plugs in", carrying=cable, from_=opening, to=cycle, over_s=3.0
        )
        self.now_s += 3.1
        return self.now_s - 1.6

    def mounts(self, cycle: str, to: Xy) -> Self:
        self.rides = cycle
        return self.leaves(to)

    def leaves(self, to: Xy | None = None) -> Self:
        """Goes out of the picture, and is gone."""
        self.goes(to or self.take.exit(self.at))
        self.take.step(self.now_s, self.name, "leaves")
        return self

    def _way_s(self, to: Xy) -> float:
        far_m = max(hypot(to[0] - self.at[0], to[1] - self.at[1]), 0.3)
        if self.rides:
            return round(far_m / RIDES_MPS + 2.6, 1)
        return round(far_m / WALKS_MPS[self.kind] + 0.9, 1)


@dataclass(slots=True)
class Carrier:
    """A car, van or truck on the street's carriageway, with a clock of its own."""

    take: Take
    name: str
    now_s: float
    at: Xy
    heading_deg: float

    @classmethod
    def comes(
        cls,
        take: Take,
        kind: str,
        now_s: float,
        carrying: Sequence[str] = (),
        *,
        short_m: float = 0,
    ) -> Self:
        """Drives to the street's halt, or stops so many metres before it."""
        assert take.places.drive is not None
        start, halt, _ = take.places.drive
        now_s = max(now_s, take.road_free_s)
        ahead = heading(start, halt)
        stop = beside(halt, ahead + 180, short_m)
        name = take.cast(kind)
        way_s = round(hypot(stop[0] - start[0], stop[1] - start[1]) / DRIVES_MPS + 3.2, 1)
        take.step(
            now_s, name, "enters", from_=list(start), to=_rounded(stop), carrying=list(carrying),
            over_s=way_s, heading_deg=ahead,
        )  # fmt: skip
        return cls(take, name, now_s + way_s + 0.3, stop, ahead)

    @property
    def door(self) -> Xy:
        """On the ground at the driver's door."""
        return beside(beside(self.at, self.heading_deg, 0.7), self.heading_deg - 90, 1.6)

    def driver(self, carrying: Sequence[str] = ()) -> Someone:
        """Gets out, with what is carried first."""
        who = Someone(self.take, self.take.cast("person"), "person", self.door, self.now_s)
        self.take.step(
            self.now_s, who.name, "gets out", from_=self.name, carrying=list(carrying), over_s=0.8
        )
        who.now_s += 1.0
        return who

    def around(self, to: Xy) -> list[Xy]:
        """The corners of its tail that lie between its door and a place on its other side."""
        ahead = radians(self.heading_deg)
        aside_m = (to[0] - self.at[0]) * cos(ahead) - (to[1] - self.at[1]) * sin(ahead)
        if aside_m < 0:
            return []
        tail = beside(self.at, self.heading_deg + 180, TAIL_M)
        return [beside(tail, self.heading_deg + side, 1.7) for side in (-90, 90)]

    def carries(self, who: Someone, to: Xy) -> None:
        """The driver goes round the vehicle to a place."""
        for corner in self.around(to):
            who.goes(corner)
        who.goes(short_of(to, who.at))

    def boards(self, who: Someone) -> None:
        for corner in reversed(self.around(who.at)):
            who.goes(corner)
        who.goes(self.door)
        self.take.step(who.now_s, who.name, "gets in", to=self.name, over_s=1.0)
        self.now_s = who.now_s + 2.0

    def leaves(self) -> float:
        """Drives off; the moment it is gone."""
        assert self.take.places.drive is not None
        out = self.take.places.drive[2]
        way_s = round(hypot(out[0] - self.at[0], out[1] - self.at[1]) / DRIVES_MPS + 3.2, 1)
        self.take.step(
            self.now_s, self.name, "leaves", to=list(out), over_s=way_s,
            heading_deg=heading(self.at, out),
        )  # fmt: skip
        self.take.road_free_s = self.now_s + way_s
        return self.now_s + way_s


def heading(start: Xy, to: Xy) -> float:
    """Compass direction from one place to another, in whole degrees.

    >>> heading((0, 0), (1, 0)), heading((0, 0), (0, -2))
    (90.0, 180.0)
    """
    return round(degrees(atan2(to[0] - start[0], to[1] - start[1]))) % 360.0


def beside(at: Xy, heading_deg: float, far_m: float) -> Xy:
    """The place so far off in a compass direction.

    >>> beside((1, 1), 90, 2)
    (3.0, 1.0)
    """
    turn = radians(heading_deg)
    return round(at[0] + far_m * sin(turn), 2), round(at[1] + far_m * cos(turn), 2)


def short_of(at: Xy, seen_from: Xy) -> Xy:
    """An arm's length before a place, for who comes from another."""
    return beside(at, heading(at, seen_from), ARM_M)


def beside_bike(berth: Berth) -> Xy:
    """Where one stands to plug a bike in."""
    return beside(berth.at, berth.heading_deg - 90, 0.75)


def toml_of(scene: Table, take: Take) -> str:
    """The script as it is written to a file."""
    steps = [table for _, table in sorted(take.steps, key=lambda step: step[0])]
    parts = [_section("[scene]", scene)]
    parts += [_section("[[actor]]", actor) for actor in take.actors]
    parts += [_section("[[step]]", step) for step in steps]
    parts += [_section("[[event]]", event) for event in take.events]
    parts += [_section("[[area]]", area) for area in (*_registered(take.places), *take.permits)]
    return "\n".join(parts)


def _registered(places: Places) -> list[Table]:
    """What the district's register knows of a camera's ground."""
    known = {"collection": places.collection, "shed": places.shed}
    return [
        {"kind": kind, "corners": [list(corner) for corner in corners]}
        for kind, corners in known.items()
        if corners
    ]


def _section(head: str, table: Table) -> str:
    return "\n".join([head, *(f"{key} = {_told(value)}" for key, value in table.items()), ""])


def _told(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _is_time(value) else f'"{value}"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_told(one)}" for key, one in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_told(one) for one in value) + "]"
    return f"{value:g}" if isinstance(value, float) and value != int(value) else f"{value}"


def _is_time(text: str) -> bool:
    return len(text) == len("2026-05-12T10:20:00+08:00") and text[10] == "T"


def _rounded(at: Sequence[float]) -> list[float]:
    return [round(float(part), 2) for part in at]
