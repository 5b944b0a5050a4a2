"""What happens at a place: short scripts of offences, and of what only looks like one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import atan2, degrees
from typing import Any, Final, Literal

from sanse.commission.places import WALK_M, Place, Xy

Scenario = Literal["charging", "dumping", "construction"]
SCENARIOS: Final[tuple[Scenario, ...]] = ("dumping", "charging", "construction")
CALM_S: Final = 3.0
"""Before anybody comes: the box first learns the empty place."""
PACE_MPS: Final = 1.4
OUTLET_M: Final = (1.6, 3.2)
"""A cable comes from so far behind the bike, and from so high up."""
LOOKS_H: Final = (0.0, 4.0, 8.0, 24.0, 34.0, 48.0, 60.0, 74.0, 88.0)
"""A time-lapse's looks: the first three are the baseline."""
BUILDS_H: Final = (20.0, 84.0)
SHED_M: Final = (3.4, 2.6, 2.5)


@dataclass(slots=True)
class Telling:
    """A script while it is told, at one place.

    Attributes:
        stays_s: How long what is left must stand before the box shall speak.
        seed: Of the cast; odd, as all that judges.
        begin_s: When the deed is done; what comes later answers it.
    """

    place: Place
    stays_s: float
    at: datetime
    seed: int
    actors: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    now_s: float = CALM_S
    begin_s: float = 0.0
    looks: list[datetime] = field(default_factory=list)

    def cast(self, name: str, kind: str, **more: object) -> str:
        self.actors.append({"name": name, "kind": kind, "seed": self.seed} | more)
        return name

    def at_m(self, aside_m: float, away_m: float = 0.0) -> list[float]:
        """A place so far aside of this one, and so far beyond it."""
        (x, y), (ax, ay), (bx, by) = self.place.metres, self.place.aside, self.place.away
        return [
            round(x + aside_m * ax + away_m * bx, 2),
            round(y + aside_m * ay + away_m * by, 2),
        ]

    def step(self, who: str, does: str, over_s: float | None = None, **more: object) -> None:
        timed = {} if over_s is None else {"over_s": round(over_s, 1)}
        self.steps.append({"at_s": round(self.now_s, 2), "who": who, "does": does} | timed | more)
        self.now_s += (over_s or 0.0) + 0.1

    def comes(self, who: str, to_m: float, **more: object) -> None:
        takes_s = (WALK_M - to_m) / PACE_MPS + 0.6
        ends = {"from": self.at_m(WALK_M), "to": self.at_m(to_m)}
        self.step(who, "enters", takes_s, **ends, **more)

    def goes(self, who: str, from_m: float, to_m: float = WALK_M + 1) -> None:
        self.step(who, "walks", abs(to_m - from_m) / PACE_MPS + 0.8, to=self.at_m(to_m))
        self.step(who, "leaves")


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of probe.

    Attributes:
        scenario: Which offence it is, or looks like.
        says: What happens, in English and Chinese.
        tell: Adds cast and steps; returns who takes part.
    """

    name: str
    scenario: Scenario
    offence: bool
    says: tuple[str, str]
    tell: Callable[[Telling], list[str]]

    @property
    def is_lapse(self) -> bool:
        return self.scenario == "construction"


def script_of(
    story: Story, telling: Telling, camera: dict[str, Any], scene: dict[str, Any]
) -> dict[str, Any]:
    """The script as TOML tables, for ``models.scenes.script``.

    Args:
        camera: Of the stage; ``scene`` its background, rate and size.
    """
    actors = story.tell(telling)
    event: dict[str, Any] = {
        "scenario": story.scenario,
        "offence": story.offence,
        "actors": actors,
        "reason": story.says[0],
    }
    told: dict[str, Any] = {**scene, "camera": camera, "seed": telling.seed, "at": telling.at}
    if telling.looks:
        told |= {"looks": telling.looks}
        event |= {"begin": telling.looks[3], "end": telling.looks[-1]}
    else:
        seconds = round(telling.now_s + telling.stays_s, 1)
        told |= {"seconds": seconds}
        event |= {"begin": round(telling.begin_s, 2), "end": seconds}
    return {"scene": told, "actor": telling.actors, "step": telling.steps, "event": [event]}


def _dumps(told: Telling) -> list[str]:
    who = told.cast("walker", "person")
    what = told.cast("thing", "bag" if told.place.number % 2 else "carton")
    told.comes(who, 0.6, **{"with": what})
    told.begin_s = told.now_s + 1.0
    told.step(who, "puts down", 2.0, **{"with": what, "to": told.at_m(0.0)})
    told.goes(who, 0.6)
    return [who, what]


def _charges(told: Telling) -> list[str]:
    bike, who = told.cast("bike", "e-bike"), told.cast("walker", "person")
    cable = told.cast("cable", "cable")
    _bike_stands(told, bike)
    told.comes(who, 0.9)
    told.begin_s = told.now_s + 1.2
    outlet = [*told.at_m(-0.3, OUTLET_M[0]), OUTLET_M[1]]
    told.step(who, "plugs in", 2.5, **{"with": cable, "from": outlet, "to": bike})
    told.goes(who, 0.9)
    return [bike, who, cable]


def _builds(told: Telling) -> list[str]:
    shed = told.cast("shed", "roof-room", size=list(SHED_M))
    told.looks = [told.at + timedelta(hours=hours) for hours in LOOKS_H]
    begins, done = (told.at + timedelta(hours=hours) for hours in BUILDS_H)
    spot = {"where": told.at_m(0.0), "reaches": 0.1}
    told.steps += [
        {"at": begins, "who": shed, "does": "stands", **spot},
        {"at": begins, "who": shed, "does": "grows", "reaches": 1.0, "until": done},
    ]
    return [shed]


def _passes(told: Telling) -> list[str]:
    who = told.cast("walker", "person")
    told.comes(who, 0.0)
    told.begin_s = told.now_s
    told.goes(who, 0.0, -WALK_M)
    return [who]


def _rests(told: Telling) -> list[str]:
    who, what = told.cast("walker", "person"), told.cast("thing", "bag")
    told.comes(who, 0.6, **{"with": what})
    told.begin_s = told.now_s + 1.0
    told.step(who, "puts down", 2.0, **{"with": what, "to": told.at_m(0.0)})
    told.step(who, "stands", 5.0)
    told.step(who, "picks up", 2.0, **{"with": what})
    told.goes(who, 0.6)
    return [who, what]


def _parks(told: Telling) -> list[str]:
    bike, who = told.cast("bike", "e-bike"), told.cast("walker", "person")
    ends = {"from": told.at_m(WALK_M), "to": told.at_m(0.0)}
    told.step(who, "enters", 2.6, **ends, **{"with": bike})
    told.step(who, "parks", 1.4, **{"with": bike})
    told.begin_s = told.now_s
    told.goes(who, 0.6)
    return [bike, who]


def _stands_bike(told: Telling) -> list[str]:
    bike = told.cast("bike", "e-bike")
    _bike_stands(told, bike)
    told.begin_s = told.now_s
    return [bike]


def _stall(told: Telling) -> list[str]:
    stall = told.cast("stall", "market-stall")
    told.looks = [told.at + timedelta(hours=hours) for hours in LOOKS_H]
    comes = told.at + timedelta(hours=BUILDS_H[0])
    told.steps.append({"at": comes, "who": stall, "does": "stands", "where": told.at_m(0.0)})
    return [stall]


def _bike_stands(told: Telling, bike: str) -> None:
    """A bike is there from the first picture, broadside to the camera."""
    stand = {"where": told.at_m(0.0), "heading_deg": _heading(told.place.aside)}
    told.steps.append({"at_s": 0.0, "who": bike, "does": "stands", **stand})


def _heading(way: Xy) -> float:
    """Compass direction of a way east and north."""
    return round(degrees(atan2(way[0], way[1])) % 360, 1)


_EVERY: Final = (
    Story(
        "dumps",
        "dumping",
        True,
        ("Somebody puts a bag or carton down and goes.", "有人放下垃圾袋或纸箱后离开。"),
        _dumps,
    ),
    Story(
        "charges",
        "charging",
        True,
        ("A cable from above is plugged into an e-bike.", "从高处拉线给电动自行车充电。"),
        _charges,
    ),
    Story(
        "builds",
        "construction",
        True,
        ("A shed goes up in stages within four days.", "四天内分阶段搭起一间棚屋。"),
        _builds,
    ),
    Story("passes", "dumping", False, ("Somebody walks by.", "有人走过。"), _passes),
    Story(
        "rests",
        "dumping",
        False,
        ("A bag is put down and taken along again.", "放下袋子歇脚后又带走。"),
        _rests,
    ),
    Story("parks", "dumping", False, ("An e-bike is parked.", "停放电动自行车。"), _parks),
    Story(
        "bike",
        "charging",
        False,
        ("An e-bike stands without a cable.", "电动自行车停放，没有接线。"),
        _stands_bike,
    ),
    Story(
        "stall",
        "construction",
        False,
        ("A stall comes at once and stays.", "摊位一次摆好，不再变化。"),
        _stall,
    ),
)
STORIES: Final[dict[str, Story]] = {story.name: story for story in _EVERY}
