"""What a script comes to in a street: for every actor, from when on it does what, and where.

Everything impossible is found here: places that no street has, paths too fast, hands too full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from models.scenes.around import Footprint, footprint, led_around
from models.scenes.kinds import CYCLES, HANGING, PEOPLE, VEHICLES, Prop
from models.scenes.mesh import shift, turn
from models.scenes.moves import Leg, Path, along_way, duration_s, point_on
from models.scenes.script import Place, Script, Step
from models.scenes.streets.street import Street

Stand = tuple[float, float, float, float]
"""East, north, up in metres, and yaw: degrees counter-clockwise from east."""

FASTEST_MPS: Final = {"walks": 3.0, "rides": 12.0, "drives": 12.0}
USUAL_MPS: Final = {"walks": 1.3, "rides": 4.2, "drives": 6.0}
SLOWER: Final = {"child": 0.85, "old": 0.65}
RAMP_S: Final = {"walks": 0.8, "rides": 2.0, "drives": 3.0}
CORNER_M: Final = {"walks": 0.6, "rides": 2.5, "drives": 5.0}
HALF_M: Final = {"walks": 0.25, "rides": 0.6, "drives": 1.4}
TAKES_S: Final = {
    "puts down": 1.8,
    "picks up": 1.8,
    "dismounts": 1.2,
    "gets out": 0.6,
    "mounts": 1.0,
}
PLUGS_S, TIPS_S = 2.5, 6.0
REACH_M: Final = 2.5
LARGE_M: Final = 0.25
"""Half the length of the smallest thing that a walker goes around."""
DOOR_M: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Beat:
    """What one actor does from a time on, until its next beat.

    Attributes:
        does: "stands", "stops", "walks", "rides", "drives", "bends", "sits", "mounts",
            "dismounts", "puts down", "picks up", "carried", "ridden", "grows", "hangs" or "gone".
        done_s: When it is done; it stays as it then is.
        at: Where it is when done.
        came: Where it was before, for what takes it a little aside.
        leg: The path, where it goes one.
        holds: Actors in its hands while it does so.
        by: Who carries or rides it, what it sits on, or what it picks up.
        share: From and to, of what grows.
        ends: The two places that a hanging thing hangs between.
        walked_m: How far it had walked before.
    """

    begin_s: float
    done_s: float
    does: str
    at: Stand
    came: Stand
    leg: Leg | None = None
    holds: tuple[str, ...] = ()
    by: str = ""
    share: tuple[float, float] = (1.0, 1.0)
    ends: tuple[Place, Place] = ("", "")
    walked_m: float = 0.0


Plan = Mapping[str, tuple[Beat, ...]]


def plan(script: Script, street: Street, props: Mapping[str, Prop]) -> Plan:
    """Beats of every actor, in order of time.

    Raises:
        TomlError: A step cannot be; in one sentence with file, line and key.
    """
    planner = _Planner(script, street, props)
    for index, step in enumerate(script.steps):
        planner.take(index, step)
    for index, event in enumerate(script.events):
        if event.place is not None:
            planner.index, planner.table = index, "event"
            planner.resolve(event.place, "place")
    return {name: tuple(beats) for name, beats in planner.beats.items()}


@dataclass
class _Planner:
    """The street while the steps are gone through, one after the other."""

    script: Script
    street: Street
    props: Mapping[str, Prop]
    beats: dict[str, list[Beat]] = field(default_factory=dict)
    inside: dict[str, str] = field(default_factory=dict)
    """Which vehicle or hand holds a thing."""
    index: int = 0
    table: str = "step"

    def __post_init__(self) -> None:
        self.beats = {actor.name: [] for actor in self.script.actors}
        self.kinds = {actor.name: actor.kind for actor in self.script.actors}

    def take(self, index: int, step: Step) -> None:
        self.index = index
        begin_s, last = self.script.begins_s(step), self._last(step.who)
        if last is not None and begin_s < last.done_s - 1e-6:
            raise self.fault(
                "at_s" if step.at is None else "at",
                f"{step.who} {last.does} until {last.done_s:.1f} s, "
                f"and cannot do something else at {begin_s:g} s",
            )
        if (last is None or last.does == "gone") and step.does not in _FIRST:
            raise self.fault("does", f"{step.who} is not there; let it enter or stand somewhere")
        if last is not None and last.does != "gone" and step.does in ("enters", "gets out"):
            raise self.fault("does", f"{step.who} is there already")
        _DOES[step.does](self, step, begin_s)

    def fault(self, key: str, said: str) -> Exception:
        return self.script.fault((self.table, self.index, key), said)

    # where

    def resolve(self, place: Place, key: str, toward: Stand | None = None) -> Stand:
        """A place as a stand; beside an actor, on the side of who comes from ``toward``."""
        if not isinstance(place, str):
            return place[0], place[1], (*place, 0.0)[2], 0.0
        name, at, share = place.partition("@")
        if at and name in self.street.ways:
            try:
                part = float(share)
            except ValueError:
                part = -1.0
            if not 0 <= part <= 1:
                raise self.fault(key, f"{place!r}: want a share from 0 to 1, as in {name}@0.3")
            x, y, yaw = point_on(self.street.ways[name], part)
            return x, y, 0.0, yaw
        if place in self.street.spots:
            x, y, heading = self.street.spots[place]
            return x, y, 0.0, 90 - heading
        if place in self.street.openings:
            x, y, z = self.street.openings[place]
            return x, y, z, 0.0
        if place in self.beats:
            return self._beside(self._here(place, key), self.props[place].half_m, toward)
        known = sorted([*self.street.spots, *self.street.openings, *self.beats])
        raise self.fault(
            key,
            f"no place {place!r} in street {self.street.name!r}; want one of {', '.join(known)}, "
            f"or a share of a way: {', '.join(f'{way}@0.5' for way in sorted(self.street.ways))}",
        )

    def _beside(self, here: Stand, half_m: float, toward: Stand | None) -> Stand:
        if toward is None:
            return here
        away = np.array(toward[:2]) - here[:2]
        away = away / max(float(np.linalg.norm(away)), 1e-6) * (half_m + 0.45)
        return here[0] + float(away[0]), here[1] + float(away[1]), 0.0, here[3]

    def _here(self, name: str, key: str) -> Stand:
        last = self._last(name)
        if last is None or last.does == "gone":
            raise self.fault(key, f"{name} is not there")
        return self._here(last.by, key) if last.does in ("carried", "ridden") else last.at

    def _last(self, name: str) -> Beat | None:
        return self.beats[name][-1] if self.beats[name] else None

    def _far_m(self, one: Stand, other: Stand) -> float:
        return float(np.hypot(one[0] - other[0], one[1] - other[1]))

    def _facing(self, here: Stand, there: Stand) -> float:
        return float(np.degrees(np.arctan2(there[1] - here[1], there[0] - here[0])))

    def _turned(self, at: Stand, step: Step) -> Stand:
        return at if step.heading_deg is None else (*at[:3], 90 - step.heading_deg)

    # doing

    def say(self, who: str, beat: Beat) -> None:
        self.beats[who].append(beat)

    def _still(self, step: Step, begin_s: float, at: Stand, does: str, takes_s: float) -> Beat:
        """The next beat of who goes on where it is, with what it holds."""
        last, done_s = self._last(step.who), begin_s + takes_s
        if last is None or last.does == "gone":
            return Beat(begin_s, done_s, does, at, at)
        walked_m = last.leg.path.length_m if last.leg and last.does == "walks" else 0.0
        return Beat(
            begin_s,
            done_s,
            does,
            at,
            last.at,
            holds=last.holds,
            by=self._mount(step.who),
            share=(last.share[1], last.share[1]),
            walked_m=last.walked_m + walked_m,
        )

    def _mount(self, who: str) -> str:
        """What somebody sits on to ride."""
        last = self._last(who)
        return last.by if last is not None and last.does in ("sits", "rides", "mounts") else ""

    def enters(self, step: Step, begin_s: float) -> None:
        assert step.start is not None
        at = self._turned(self.resolve(step.start, "from"), step)
        rides = self.kinds[step.who] in PEOPLE
        cycle = next((n for n in step.having if rides and self.kinds[n] in CYCLES), "")
        load = tuple(name for name in step.having if name != cycle)
        bed = "bed" in self.props[cycle].anchors if cycle else False
        for name in load:
            self._hold(name, cycle if bed else step.who, begin_s)
        holds = load if self.kinds[step.who] in PEOPLE and not bed else ()
        beat = Beat(begin_s, begin_s, "sits" if cycle else "stands", at, at, holds=holds, by=cycle)
        self.say(step.who, beat)
        if cycle:
            self.say(cycle, Beat(begin_s, begin_s, "ridden", at, at, by=step.who))
        if step.to is not None:
            self._go(step, begin_s, self._gait(step))

    def _gait(self, step: Step) -> str:
        if self.kinds[step.who] in PEOPLE:
            return "rides" if self._mount(step.who) else "walks"
        if self.kinds[step.who] in VEHICLES or self.kinds[step.who] in CYCLES:
            return "drives"
        raise self.fault("does", f"{step.who}, a {self.kinds[step.who]}, cannot go by itself")

    def walks(self, step: Step, begin_s: float) -> None:
        if self.kinds[step.who] not in PEOPLE:
            raise self.fault("does", f"{step.who}, a {self.kinds[step.who]}, cannot walk")
        if mount := self._mount(step.who):
            raise self.fault("does", f"{step.who} sits on {mount}; let it park first")
        self._go(step, begin_s, "walks")

    def rides(self, step: Step, begin_s: float) -> None:
        cycle = step.having[0]
        if self.kinds[cycle] not in CYCLES or self.kinds[step.who] not in PEOPLE:
            raise self.fault("with", f"{step.who} cannot ride {cycle}, a {self.kinds[cycle]}")
        here = self._here(cycle, "with")
        if self._mount(step.who) != cycle:
            self._near(step.who, cycle, "with", REACH_M)
            mounts = self._still(step, begin_s, here, "mounts", TAKES_S["mounts"])
            self.say(step.who, replace(mounts, by=cycle))
            begin_s = mounts.done_s
        self._go(step, begin_s, "rides")

    def drives(self, step: Step, begin_s: float) -> None:
        if self._gait(step) != "drives":
            raise self.fault("does", f"{step.who}, a {self.kinds[step.who]}, cannot drive")
        self._go(step, begin_s, "drives")

    def _go(self, step: Step, begin_s: float, gait: str) -> None:
        """A leg from where who is; what it rides goes with it."""
        assert step.to is not None
        here = self._here(step.who, "who")
        goal = self._turned(self.resolve(step.to, "to", here), step)
        if step.along and step.along not in self.street.ways:
            known = ", ".join(sorted(self.street.ways))
            raise self.fault("along", f"no way {step.along!r}; want one of {known}")
        way = self.street.ways.get(step.along)
        corners = np.array([here[:2], goal[:2]]) if way is None else along_way(here, way, goal)
        if gait == "walks":
            corners = led_around(corners, self._standing(here, begin_s))
        else:
            corners = _steered(corners, here, goal, CORNER_M[gait] * 0.7)
        path = Path.through(corners, CORNER_M[gait])
        usual = USUAL_MPS[gait] * SLOWER.get(self.kinds[step.who], 1.0)
        takes_s = step.over_s or duration_s(path.length_m, usual, RAMP_S[gait])
        last = self._last(step.who)
        enters = last is not None and last.begin_s == begin_s and not last.leg
        yaw_deg = path.yaw_deg(0.0, HALF_M[gait]) if enters else here[3]
        leg = Leg(path, begin_s, begin_s + takes_s, RAMP_S[gait], yaw_deg, HALF_M[gait])
        if leg.top_mps > FASTEST_MPS[gait] + 1e-6:
            raise self.fault(
                "over_s",
                f"{step.who} would need {leg.top_mps:.1f} m/s for {path.length_m:.1f} m; "
                f"who {gait} goes {FASTEST_MPS[gait]:g} m/s at most",
            )
        arrived = (goal[0], goal[1], goal[2], leg.yaw_deg(leg.end_s))
        beat = replace(self._still(step, begin_s, arrived, gait, takes_s), leg=leg, came=here)
        self.say(step.who, beat)
        if beat.by:
            ridden = Beat(begin_s, leg.end_s, "ridden", arrived, here, leg=leg, by=step.who)
            self.say(beat.by, ridden)
        if step.heading_deg is not None and gait == "walks":
            self.say(step.who, self._still(step, leg.end_s, goal, "stands", 0.7))

    def _standing(self, here: Stand, at_s: float) -> list[Footprint]:
        """What stands on the same floor, and is so large that a walker goes around it."""
        found = []
        for name, kind in self.props.items():
            last = self._last(name)
            if last is None or kind.of_share is None or kind.half_m < LARGE_M:
                continue
            if last.does in ("stands", "stops", "grows", "drives") and last.done_s <= at_s:
                x, y, z, yaw_deg = last.at
                if abs(z - here[2]) > 1:
                    continue
                matrix = (shift(x, y, z) @ turn(yaw_deg)).astype(np.float32)
                found.append(footprint(kind.mesh(last.share[1]).position, matrix))
        return found

    def stands(self, step: Step, begin_s: float) -> None:
        last = self._last(step.who)
        if step.where is None and (last is None or last.does == "gone"):
            raise self.fault("does", f"{step.who} is not there yet; say where it {step.does}")
        if step.where is not None and last is not None and last.does != "gone":
            raise self.fault("where", f"{step.who} is there already; let it go to another place")
        at = (
            self._here(step.who, "who") if step.where is None else self.resolve(step.where, "where")
        )
        if step.where is not None and self.kinds[step.who] in PEOPLE:
            for name in step.having:
                self._hold(name, step.who, begin_s)
        does = "stands" if step.does == "parks" else step.does
        beat = self._still(step, begin_s, self._turned(at, step), does, step.over_s or 0.0)
        if beat.by and does in ("stands", "stops"):
            beat = replace(beat, does="sits")
        if last is None or last.does == "gone":
            beat = replace(beat, holds=step.having if self.kinds[step.who] in PEOPLE else ())
        if step.reaches is not None:
            beat = replace(beat, share=(step.reaches, step.reaches))
        self.say(step.who, beat)
        if step.over_s and does in ("bends", "sits"):
            self.say(step.who, self._still(step, beat.done_s, beat.at, "stands", 0.0))

    def puts_down(self, step: Step, begin_s: float) -> None:
        thing, here = step.having[0], self._here(step.who, "who")
        if self.inside.get(thing) != step.who:
            raise self.fault("with", f"{step.who} does not carry {thing}")
        takes_s = step.over_s or TAKES_S["puts down"]
        rest = self._free(here) if step.to is None else self.resolve(step.to, "to")
        if self._far_m(here, rest) > 1.6:
            raise self.fault("to", f"{self._far_m(here, rest):.1f} m is beyond {step.who}'s arm")
        facing = (*here[:3], self._facing(here, rest)) if self._far_m(here, rest) > 0.2 else here
        beat = self._still(step, begin_s, facing, "puts down", takes_s)
        left = tuple(name for name in beat.holds if name != thing)
        self.say(step.who, replace(beat, by=thing))
        down_s = begin_s + takes_s * 0.5
        self.say(thing, Beat(down_s - 0.25, down_s, "stands", rest, rest, by=step.who))
        done = replace(beat, begin_s=beat.done_s, does="stands", came=facing, holds=left, by="")
        self.say(step.who, done)
        del self.inside[thing]

    def _free(self, here: Stand) -> Stand:
        """A place before one's feet where nothing lies yet."""
        lying = [
            beats[-1].at
            for name, beats in self.beats.items()
            if beats and beats[-1].does == "stands" and self.kinds[name] not in PEOPLE
        ]
        spots = [
            (
                here[0] + reach * float(np.cos(np.radians(here[3] + aside))),
                here[1] + reach * float(np.sin(np.radians(here[3] + aside))),
                here[2],
                here[3] + 40 + aside,
            )
            for reach in (0.6, 0.95, 1.3)
            for aside in (0, 45, -45, 85, -85)
        ]
        free = [at for at in spots if all(self._far_m(at, other) > 0.5 for other in lying)]
        return (free or spots)[0]

    def picks_up(self, step: Step, begin_s: float) -> None:
        thing, here = step.having[0], self._here(step.who, "who")
        holder = self.inside.get(thing, "")
        if holder and self.kinds[holder] not in VEHICLES | CYCLES:
            raise self.fault("with", f"{holder} carries {thing}")
        self._near(step.who, holder or thing, "with", DOOR_M if holder else REACH_M)
        takes_s = step.over_s or TAKES_S["picks up"]
        there = self._here(holder or thing, "with")
        at = (*here[:3], self._facing(here, there))
        beat = self._still(step, begin_s, at, "picks up", takes_s)
        self.say(step.who, replace(beat, by=thing))
        half_s = begin_s + takes_s / 2
        self.say(thing, Beat(half_s, half_s + 0.25, "carried", at, there, by=step.who))
        holds = (*beat.holds, thing)
        done = replace(beat, begin_s=beat.done_s, does="stands", came=at, holds=holds, by="")
        self.say(step.who, done)
        self.inside[thing] = step.who

    def _hold(self, thing: str, who: str, begin_s: float) -> None:
        if self.kinds[thing] in HANGING:
            raise self.fault("with", f"{thing}, a cable, can only hang or be plugged in")
        if thing in self.inside:
            raise self.fault("with", f"{self.inside[thing]} has {thing} already")
        self.inside[thing] = who
        if self.kinds[who] in PEOPLE or "bed" in self.props[who].anchors:
            nowhere = (0.0, 0.0, 0.0, 0.0)
            self.say(thing, Beat(begin_s, begin_s, "carried", nowhere, nowhere, by=who))

    def _near(self, who: str, other: str, key: str, most_m: float) -> None:
        far_m = self._far_m(self._here(who, "who"), self._here(other, key))
        if far_m > most_m + self.props[other].half_m:
            raise self.fault(key, f"{who} is {far_m:.1f} m from {other}; let it go there first")

    def parks(self, step: Step, begin_s: float) -> None:
        cycle = step.having[0] if step.having else ""
        if self.kinds[step.who] not in PEOPLE:
            return self.stands(step, begin_s)
        if not cycle or self._mount(step.who) != cycle:
            raise self.fault("with", f"{step.who} does not ride {cycle}")
        at = self._here(step.who, "who")
        side = np.radians(at[3] + 90)
        foot = (at[0] + 0.65 * float(np.cos(side)), at[1] + 0.65 * float(np.sin(side)), *at[2:])
        takes_s = step.over_s or TAKES_S["dismounts"]
        beat = self._still(step, begin_s, foot, "dismounts", takes_s)
        self.say(step.who, beat)
        done = replace(beat, begin_s=beat.done_s, does="stands", came=foot, by="")
        self.say(step.who, done)
        self.say(cycle, Beat(begin_s, begin_s, "stands", at, at))
        return None

    def gets_out(self, step: Step, begin_s: float) -> None:
        assert step.start is not None
        vehicle = self._vehicle(step.start, "from")
        door = self._door(vehicle, "from")
        for name in step.having:
            if self.inside.get(name) == vehicle:
                del self.inside[name]
            self._hold(name, step.who, begin_s)
        takes_s = step.over_s or TAKES_S["gets out"]
        self.say(
            step.who, Beat(begin_s, begin_s + takes_s, "stands", door, door, holds=step.having)
        )

    def gets_in(self, step: Step, begin_s: float) -> None:
        assert step.to is not None
        vehicle, here = self._vehicle(step.to, "to"), self._here(step.who, "who")
        door = self._door(vehicle, "to")
        if self._far_m(here, door) > DOOR_M:
            raise self.fault("to", f"{step.who} is {self._far_m(here, door):.1f} m from the door")
        path = Path.through([here[:2], door[:2]], 0.0)
        takes_s = step.over_s or duration_s(path.length_m, 1.2, 0.5)
        leg = Leg(path, begin_s, begin_s + takes_s, 0.5, here[3], 0.25)
        self.say(step.who, replace(self._still(step, begin_s, door, "walks", takes_s), leg=leg))
        self._vanish(step.who, leg.end_s)

    def _vehicle(self, place: Place, key: str) -> str:
        if not isinstance(place, str) or self.kinds.get(place) not in VEHICLES:
            raise self.fault(key, f"{place!r} is none of this scene's cars, vans and trucks")
        return place

    def _door(self, vehicle: str, key: str) -> Stand:
        x, y, z, yaw = self._here(vehicle, key)
        away_x, away_y, _ = self.props[vehicle].anchors.get("door_driver", (0.5, 1.5, 0.0))
        c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
        return (
            x + float(c * away_x - s * away_y),
            y + float(s * away_x + c * away_y),
            z,
            yaw + 90 * float(np.sign(away_y)),
        )

    def plugs_in(self, step: Step, begin_s: float) -> None:
        assert step.start is not None
        assert step.to is not None
        if not isinstance(step.to, str) or self.kinds.get(step.to) not in CYCLES:
            raise self.fault("to", f"{step.to!r} is none of this scene's cycles")
        self._near(step.who, step.to, "to", REACH_M)
        self.resolve(step.start, "from")
        here, cycle = self._here(step.who, "who"), self._here(step.to, "to")
        at = (*here[:3], self._facing(here, cycle))
        takes_s = step.over_s or PLUGS_S
        beat = self._still(step, begin_s, at, "bends", takes_s)
        self.say(step.who, beat)
        self.say(step.who, replace(beat, begin_s=beat.done_s, does="stands", came=at))
        self._hang(step.having[0], begin_s + takes_s / 2, (step.start, step.to))

    def unplugs(self, step: Step, begin_s: float) -> None:
        cable = self._last(step.having[0])
        if cable is None or cable.does != "hangs":
            raise self.fault("with", f"{step.having[0]} is not plugged in")
        here, takes_s = self._here(step.who, "who"), step.over_s or PLUGS_S
        beat = self._still(step, begin_s, here, "bends", takes_s)
        self.say(step.who, beat)
        self.say(step.who, replace(beat, begin_s=beat.done_s, does="stands", came=here))
        self._vanish(step.having[0], begin_s + takes_s / 2)

    def hangs(self, step: Step, begin_s: float) -> None:
        assert step.start is not None
        assert step.to is not None
        self._hang(step.who, begin_s, (step.start, step.to))

    def _hang(self, thing: str, begin_s: float, ends: tuple[Place, Place]) -> None:
        if self.kinds[thing] not in HANGING:
            raise self.fault("does", f"{thing}, a {self.kinds[thing]}, cannot hang; a cable can")
        first, second = self.resolve(ends[0], "from"), self.resolve(ends[1], "to")
        if ends[0] == ends[1]:
            raise self.fault("to", f"both ends of {thing} are at {ends[1]!r}")
        if self._far_m(first, second) > 25:
            far_m = self._far_m(first, second)
            raise self.fault("to", f"{thing} would have to span {far_m:.0f} m; 25 m is the most")
        self.say(thing, Beat(begin_s, begin_s, "hangs", second, first, ends=ends))

    def tips(self, step: Step, begin_s: float) -> None:
        thing, here = step.having[0], self._here(step.who, "who")
        if self.kinds[step.who] not in VEHICLES | CYCLES:
            raise self.fault("does", f"{step.who}, a {self.kinds[step.who]}, cannot tip anything")
        back = self.props[step.who].half_m + self.props[thing].half_m * 0.7
        yaw = np.radians(here[3])
        rest = (here[0] - back * float(np.cos(yaw)), here[1] - back * float(np.sin(yaw)), *here[2:])
        takes_s = step.over_s or TIPS_S
        self.say(step.who, self._still(step, begin_s, here, "stands", takes_s))
        self.say(thing, Beat(begin_s, begin_s + takes_s, "grows", rest, rest, share=(0.1, 1.0)))
        self.inside.pop(thing, None)

    def grows(self, step: Step, begin_s: float) -> None:
        last = self._last(step.who)
        assert last is not None
        assert step.reaches is not None
        takes_s = step.over_s or 0.0
        if step.until is not None:
            takes_s = (step.until - self.script.scene.at).total_seconds() - begin_s
            if takes_s < 0:
                raise self.fault("until", f"{step.until} is before this step begins")
        share = (last.share[1], step.reaches)
        self.say(step.who, Beat(begin_s, begin_s + takes_s, "grows", last.at, last.at, share=share))

    def leaves(self, step: Step, begin_s: float) -> None:
        if step.to is not None:
            self._go(step, begin_s, self._gait(step))
        last = self._last(step.who)
        assert last is not None
        self._vanish(step.who, max(begin_s, last.done_s))

    def _vanish(self, who: str, begin_s: float) -> None:
        """It is gone, and with it what it carries and rides."""
        last = self._last(who)
        assert last is not None
        gone = Beat(begin_s, begin_s, "gone", last.at, last.at)
        mount = self._mount(who)
        load = tuple(name for name, holder in self.inside.items() if holder in (who, mount))
        for name in load:
            del self.inside[name]
        for name in dict.fromkeys((who, *((mount,) if mount else ()), *load)):
            self.say(name, gone)


def _steered(
    corners: np.typing.NDArray[np.float64], here: Stand, goal: Stand, run_m: float
) -> np.typing.NDArray[np.float64]:
    """Corners by which what has wheels leaves as it stands, and arrives as it shall stand."""
    far_m = (
        np.linalg.norm(corners - corners[0], axis=1),
        np.linalg.norm(corners - corners[-1], axis=1),
    )
    if far_m[0][-1] < 2.5 * run_m:
        return corners
    kept = (far_m[0] > 2 * run_m) & (far_m[1] > 2 * run_m)
    kept[[0, -1]] = True
    corners = corners[kept]
    out = run_m * np.array([np.cos(np.radians(here[3])), np.sin(np.radians(here[3]))])
    into = run_m * np.array([np.cos(np.radians(goal[3])), np.sin(np.radians(goal[3]))])
    ahead, before = corners[1] - corners[0], corners[-1] - corners[-2]
    into = into if float(into @ before) >= 0 else -into
    between = [corners[0] + out] if float(out @ ahead) > 0 else []
    return np.vstack([corners[0], *between, *corners[1:-1], corners[-1] - into, corners[-1]])


_FIRST: Final = ("enters", "stands", "stops", "sits", "parks", "gets out", "hangs")
_DOES: Final[dict[str, Callable[[_Planner, Step, float], None]]] = {
    "enters": _Planner.enters,
    "walks": _Planner.walks,
    "rides": _Planner.rides,
    "drives": _Planner.drives,
    "stands": _Planner.stands,
    "stops": _Planner.stands,
    "sits": _Planner.stands,
    "bends": _Planner.stands,
    "puts down": _Planner.puts_down,
    "picks up": _Planner.picks_up,
    "parks": _Planner.parks,
    "gets out": _Planner.gets_out,
    "gets in": _Planner.gets_in,
    "plugs in": _Planner.plugs_in,
    "unplugs": _Planner.unplugs,
    "hangs": _Planner.hangs,
    "tips": _Planner.tips,
    "grows": _Planner.grows,
    "leaves": _Planner.leaves,
}
