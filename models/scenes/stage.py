"""A script at any moment: which bodies are where, what they hold, which lamps they carry.

Pure: the same moment is the same cast, whatever was asked before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.scenes.assets.cable import hanging_cable, wind_sway
from models.scenes.assets.pose import SEAT_M, Act, Holds
from models.scenes.kinds import CYCLES, PEOPLE, VEHICLES, Prop, prop
from models.scenes.light import Lamp, headlight
from models.scenes.mesh import Floats, Mesh, shift, turn
from models.scenes.moves import blended_deg, eased, point_on
from models.scenes.plan import Beat, Plan, Stand, plan
from models.scenes.render import Body
from models.scenes.script import Place, Script
from models.scenes.sky import Weather
from models.scenes.streets.street import Street

WEATHERS: Final = {
    "clear": Weather(wind_mps=2.0),
    "cloudy": Weather(cloud=0.5, wind_mps=4.0),
    "overcast": Weather(cloud=1.0, wind_mps=3.0),
    "drizzle": Weather(cloud=1.0, rain=0.35, wind_mps=3.0),
    "rain": Weather(cloud=1.0, rain=0.9, wind_mps=6.0),
    "fog": Weather(cloud=0.7, fog=0.6, wind_mps=0.5),
}
"""What a script's word for the weather means."""
IN_ARMS: Final = frozenset({"carton", "cartons", "furniture", "charger", "battery"})
CYCLE_BEAM: Final = 0.2
SLACK: Final = 1.05
LIGHTS_S: Final = 3.0
"""So long after it has come to rest a vehicle's lights go out, unless it only stops."""
Xyz = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """Who a body is: its number in the picture, and its words."""

    instance: int
    name: str
    kind: str
    label: str
    does: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything of the script at one moment; ``parts[k]`` says what ``bodies[k]`` is.

    Attributes:
        beams: Lit headlights.
    """

    bodies: tuple[Body, ...]
    parts: tuple[Part, ...]
    beams: tuple[Lamp, ...] = ()


class Stage:
    """A script in its street."""

    def __init__(self, script: Script, street: Street, *, night: bool = False) -> None:
        """
        Raises:
            TomlError: A step cannot be.
        """
        self.script = script
        self.street = street
        self.night = night
        self.props: Mapping[str, Prop] = {
            actor.name: prop(actor.kind, actor.seed, actor.size) for actor in script.actors
        }
        self.plan: Plan = plan(script, street, self.props)
        self._begins = {name: [beat.begin_s for beat in beats] for name, beats in self.plan.items()}
        self._kinds = {actor.name: actor.kind for actor in script.actors}
        self.still = frozenset(name for name in self.plan if self._never_moves(name))
        """Actors that are the same from the first moment to the last."""

    def at(self, t_s: float) -> Cast:
        bodies, parts, beams = [], [], []
        for number, actor in enumerate(self.script.actors, 1):
            beat = self._beat(actor.name, t_s)
            if beat is None or beat.does == "gone":
                continue
            body = self._body(actor.name, beat, t_s, number)
            kind = self.props[actor.name]
            bodies.append(body)
            parts.append(Part(number, actor.name, actor.kind, kind.label, beat.does))
            if self.night and _lit(self._kinds[actor.name], beat, t_s):
                slight = self._kinds[actor.name] in CYCLES
                beams.append(headlights(kind, body.matrix, CYCLE_BEAM if slight else 1.0))
        ordered = sorted(beams, key=len, reverse=True)
        return Cast(tuple(bodies), tuple(parts), tuple(lamp for pair in ordered for lamp in pair))

    def stand(self, name: str, t_s: float) -> Stand | None:
        """Where an actor is; None where it is not there."""
        beat = self._beat(name, t_s)
        if beat is None or beat.does == "gone":
            return None
        if beat.does == "carried" or (beat.by and beat.does == "stands" and t_s < beat.done_s):
            return self._in_hand(name, beat, t_s)
        if beat.does == "ridden" and beat.leg is None:
            return beat.at
        return _on_leg(beat, t_s) if beat.leg else _aside(beat, t_s)

    def place(self, place: Place, t_s: float) -> Xyz:
        """Where a script's word for a place leads."""
        if isinstance(place, str) and (way := place.partition("@"))[0] in self.street.ways:
            x, y, _ = point_on(self.street.ways[way[0]], float(way[2]))
            return x, y, 0.0
        return self._end(place, t_s)

    def _beat(self, name: str, t_s: float) -> Beat | None:
        index = bisect_right(self._begins[name], t_s + 1e-9)
        return self.plan[name][index - 1] if index else None

    def _never_moves(self, name: str) -> bool:
        beats = self.plan[name]
        return (
            len(beats) == 1
            and beats[0].begin_s <= 0
            and beats[0].does in ("stands", "grows")
            and beats[0].share[0] == beats[0].share[1]
            and self._kinds[name] not in PEOPLE
            and not any(name == other.by for track in self.plan.values() for other in track)
        )

    def _body(self, name: str, beat: Beat, t_s: float, number: int) -> Body:
        if beat.does == "hangs" and self.props[name].of_share is None:
            return Body(self._cable(name, beat, t_s), shift(0, 0), number)
        stand = self.stand(name, t_s)
        assert stand is not None
        kind = self.props[name]
        if kind.person is not None:
            return Body(
                kind.person.mesh(self._act(name, beat, t_s)), self._seat(beat, stand, t_s), number
            )
        first, last = beat.share
        share = first + (last - first) * _share(beat, t_s)
        return Body(kind.mesh(share), matrix_of(stand), number)

    def _act(self, name: str, beat: Beat, t_s: float) -> Act:
        """The act of a person at a moment."""
        gone_m = beat.leg.gone_m(t_s) if beat.leg and beat.does == "walks" else 0.0
        held = [thing for thing in beat.holds if self._beat_is(thing, "carried", t_s)]
        return Act(
            walked_m=beat.walked_m + gone_m,
            speed_mps=beat.leg.speed_mps(t_s) if beat.leg and beat.does == "walks" else 0.0,
            bend=_bend(beat, t_s),
            holds=_holds([self._kinds[thing] for thing in held]),
            seated=_seated(beat, t_s),
            sway_s=t_s,
        )

    def _beat_is(self, name: str, does: str, t_s: float) -> bool:
        beat = self._beat(name, t_s)
        return beat is not None and beat.does == does

    def _seat(self, beat: Beat, stand: Stand, t_s: float) -> Floats:
        """Of a person: on the ground, or so high that a saddle is under it."""
        matrix = matrix_of(stand)
        up = _seated(beat, t_s)
        if not up or beat.by not in self.props:
            return matrix
        x, y, z = self.props[beat.by].anchors.get("saddle", (-0.2, 0.0, SEAT_M))
        return (matrix @ shift(x * up, y * up, (z - SEAT_M) * up)).astype(np.float32)

    def _in_hand(self, name: str, beat: Beat, t_s: float) -> Stand:
        """A thing that is carried, or on its way between hand and ground."""
        hand = self._hand(beat.by, name, t_s)
        if beat.does == "carried" and beat.done_s <= beat.begin_s:
            return hand
        share = eased(_share(beat, t_s))
        return (
            _between(beat.came, hand, share)
            if beat.does == "carried"
            else _between(hand, beat.at, share)
        )

    def _hand(self, who: str, thing: str, t_s: float) -> Stand:
        """Where a thing is that this hand holds by its grip."""
        holder = self._beat(who, t_s)
        stand = self.stand(who, t_s)
        person = self.props[who].person
        assert holder is not None
        assert stand is not None
        if person is None:
            x, y, z = in_world(matrix_of(stand), self.props[who].anchors["bed"])
            return x, y, z, stand[3]
        act = self._act(who, holder, t_s)
        x, y, z = person.hand(act)
        grip = self.props[thing].anchors.get("grip", (0.0, 0.0, 0.1))[2]
        others = sorted(set(holder.holds) - {thing})
        second = bool(others) and not (thing in holder.holds and thing < others[0])
        if act.holds == "box":
            z += 0.35 if second else 0.5 * grip
        elif second:
            y = -y
        matrix = self._seat(holder, stand, t_s) @ shift(x, y, z - grip)
        return float(matrix[0, 3]), float(matrix[1, 3]), max(float(matrix[2, 3]), 0.0), stand[3]

    def _cable(self, name: str, beat: Beat, t_s: float) -> Mesh:
        seed = next(actor.seed for actor in self.script.actors if actor.name == name)
        first, second = (self._end(place, t_s) for place in beat.ends)
        wind = wind_sway(seed, t_s, WEATHERS[self.script.scene.weather].wind_mps)
        return hanging_cable(seed, (first, second), slack=SLACK, wind_m=wind).mesh

    def _end(self, place: Place, t_s: float) -> Xyz:
        """An end of a cable: an opening, a spot, or an actor's plug."""
        if not isinstance(place, str):
            return place[0], place[1], (*place, 0.05)[2]
        if place in self.street.openings:
            return self.street.openings[place]
        if place in self.street.spots:
            return (*self.street.spots[place][:2], 0.05)
        stand = self.stand(place, t_s) or self.plan[place][-1].at
        anchor = self.props[place].anchors.get("plug", (0.0, 0.0, 0.4))
        return in_world(matrix_of(stand), anchor)


def matrix_of(stand: Stand) -> Floats:
    x, y, z, yaw_deg = stand
    return (shift(x, y, z) @ turn(yaw_deg)).astype(np.float32)


def _share(beat: Beat, t_s: float) -> float:
    """How much of a beat is done."""
    whole = beat.done_s - beat.begin_s
    return 1.0 if whole <= 0 else min(max((t_s - beat.begin_s) / whole, 0.0), 1.0)


def _on_leg(beat: Beat, t_s: float) -> Stand:
    assert beat.leg is not None
    x, y = beat.leg.xy(t_s)
    z = beat.came[2] + (beat.at[2] - beat.came[2]) * _share(beat, t_s)
    return x, y, z, beat.leg.yaw_deg(t_s)


def _aside(beat: Beat, t_s: float) -> Stand:
    """On the short way from where it was; a mere turn takes the first part of the beat."""
    if beat.came == beat.at:
        return beat.at
    return _between(beat.came, beat.at, eased(min(1.0, 2.5 * _share(beat, t_s))))


def _between(first: Stand, second: Stand, share: float) -> Stand:
    x, y, z = (a + (b - a) * share for a, b in zip(first[:3], second[:3], strict=True))
    return x, y, z, blended_deg(first[3], second[3], share)


def _bend(beat: Beat, t_s: float) -> float:
    share = _share(beat, t_s)
    if beat.does in ("puts down", "picks up"):
        return eased(share * 2.2) if share < 0.5 else eased((1 - share) * 2.2)
    if beat.does == "bends":
        low = min((t_s - beat.begin_s) / 0.8, (beat.done_s - t_s) / 0.8)
        return 0.75 * eased(low)
    return 0.0


def _seated(beat: Beat, t_s: float) -> float:
    share = eased(_share(beat, t_s))
    return {"sits": 1.0, "rides": 1.0, "mounts": share, "dismounts": 1 - share}.get(beat.does, 0.0)


def _holds(kinds: list[str]) -> Holds:
    if not kinds:
        return "nothing"
    return "box" if any(kind in IN_ARMS for kind in kinds) else "bag"


def _lit(kind: str, beat: Beat, t_s: float) -> bool:
    if kind in VEHICLES:
        return beat.does == "stops" or (beat.does == "drives" and t_s < beat.done_s + LIGHTS_S)
    return kind in CYCLES and beat.does == "ridden"


def headlights(kind: Prop, matrix: Floats, share: float = 1.0) -> list[Lamp]:
    """Its headlights, in the world."""
    ahead = matrix[:3, :3] @ np.array([1.0, 0.0, -0.08])
    toward = (float(ahead[0]), float(ahead[1]), float(ahead[2]))
    return [
        headlight(in_world(matrix, at), toward, share=share)
        for name, at in sorted(kind.anchors.items())
        if name.startswith("headlight")
    ]


def in_world(matrix: Floats, anchor: Xyz) -> Xyz:
    """A place of a body's own metres, in the world's."""
    x, y, z = (matrix[:3, :3] @ np.array(anchor) + matrix[:3, 3]).tolist()
    return x, y, z
