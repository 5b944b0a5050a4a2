"""Stories of charging: cables from houses to e-bikes, and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from benchmarks.events.casting import Someone, Take, beside, beside_bike
from benchmarks.events.places import Berth, Xy

Story = Callable[[Take, float, Berth], None]
BIKES: Final = ("e-bike", "e-bike", "delivery-e-bike")
AISLE_M: Final = 1.4
OUTWARD_DEG: Final = 180.0
"""Every house of the benchmark's streets looks south."""


def _yes(take: Take, actors: list[str], begin_s: float, why: str) -> None:
    take.tells(True, actors, (begin_s, take.seconds), why)


def _no(take: Take, actors: list[str], begin_s: float, end_s: float, why: str) -> None:
    take.tells(False, actors, (begin_s, end_s), why)


def _bike(take: Take, berth: Berth) -> str:
    return take.stands(take.any_of(BIKES), berth.at, berth.heading_deg)


def _hung(take: Take, start: str | list[float], to: str | list[float], at_s: float = 0.0) -> str:
    name = take.cast("cable")
    take.step(at_s, name, "hangs", from_=start, to=to)
    return name


def before_clip(take: Take, at_s: float, berth: Berth) -> None:
    """The cable hangs from the first moment on; a resident walks past."""
    bike = _bike(take, berth)
    cable = _hung(take, berth.opening, bike)
    Someone.comes(take, at_s, beside(berth.at, 180, AISLE_M + 0.8)).leaves()
    _yes(take, [bike, cable], 0.0, "A cable hangs from the house to an e-bike all the time.")


def plugs_in(take: Take, at_s: float, berth: Berth) -> None:
    """A rider parks, plugs the cable in and goes."""
    bike, cable = take.cast(take.any_of(BIKES)), take.cast("cable")
    who = Someone.comes(take, at_s, berth.at, [bike]).parks()
    begin_s = who.plugs(cable, berth.opening, bike)
    who.at = berth.at
    who.leaves()
    _yes(
        take, [who.name, bike, cable], begin_s, "A rider parks and plugs a cable from the house in."
    )


def plugs_parked(take: Take, at_s: float, berth: Berth) -> None:
    """The bike stood there; its owner comes on foot and plugs it in."""
    bike, cable = _bike(take, berth), take.cast("cable")
    who = Someone.comes(take, at_s, beside_bike(berth))
    begin_s = who.plugs(cable, berth.opening, bike)
    who.leaves()
    _yes(take, [who.name, bike, cable], begin_s, "A parked e-bike is plugged in from the house.")


def two_bikes(take: Take, at_s: float, berth: Berth) -> None:
    """Two bikes on cables from one opening."""
    first = _bike(take, berth)
    second = take.stands("e-bike", beside(berth.at, berth.heading_deg + 90, 1.0), berth.heading_deg)
    cables = [_hung(take, berth.opening, bike) for bike in (first, second)]
    _yes(take, [first, second, *cables], 0.0, "Two e-bikes hang on cables from one opening.")


def three_bikes(take: Take, at_s: float, berth: Berth) -> None:
    """Three bikes on one extension reel that is fed from the house."""
    bikes = [
        take.stands("e-bike", beside(berth.at, berth.heading_deg + 90, 0.95 * k), berth.heading_deg)
        for k in (-1, 0, 1)
    ]
    reel_at = beside(beside(berth.at, 180, 1.3), berth.heading_deg + 90, 0.48)
    reel = take.stands("extension-reel", reel_at)
    cables = [_hung(take, berth.opening, [*reel_at, 0.3])]
    cables += [_hung(take, [*reel_at, 0.3], bike) for bike in bikes]
    _yes(take, [*bikes, reel, *cables], 0.0, "Three e-bikes hang on one reel fed from the house.")


def battery(take: Take, at_s: float, berth: Berth) -> None:
    """The battery is taken out, stands beside its bike, and is charged there."""
    bike = _bike(take, berth)
    pack_at = beside(berth.at, OUTWARD_DEG + 33, 1.3)
    pack = take.stands("battery", pack_at)
    cable = _hung(take, berth.opening, [*pack_at, 0.2])
    _yes(take, [bike, pack, cable], 0.0, "A battery beside its e-bike charges from the house.")


def over_hook(take: Take, at_s: float, berth: Berth) -> None:
    """The cable is led over a hook in the wall before it comes down."""
    bike = _bike(take, berth)
    aside_m = 1.25 if berth.heading_deg < 45 else -1.25  # where no balcony hides it
    hook = [round(berth.at[0] + aside_m, 2), round(take.places.wall[0][1] - 0.1, 2), 2.75]
    cables = [_hung(take, berth.opening, hook), _hung(take, hook, bike)]
    first, second = take.actors[-2:]
    first["seed"] = second["seed"]  # one cable, of one color
    _yes(take, [bike, *cables], 0.0, "A cable led over a hook in the wall reaches an e-bike.")


def tricycle(take: Take, at_s: float, berth: Berth) -> None:
    """An electric tricycle is charged."""
    trike = take.stands("tricycle", berth.at, berth.heading_deg)
    cable = _hung(take, berth.opening, trike)
    _yes(take, [trike, cable], 0.0, "A cable hangs from the house to an electric tricycle.")


def unconnected(take: Take, at_s: float, berth: Berth) -> None:
    """A bike below the lines that are always there."""
    bike = _bike(take, berth)
    who = Someone.comes(take, at_s, beside_bike(berth))
    who.bends(3.0).leaves()
    _no(take, [bike, who.name], 0.0, take.seconds, "An e-bike stands there; nothing is plugged in.")


def parks(take: Take, at_s: float, berth: Berth) -> None:
    """A bike is parked and left, without a cable."""
    bike = take.cast(take.any_of(BIKES))
    who = Someone.comes(take, at_s, berth.at, [bike]).parks()
    begin_s = who.now_s
    who.at = berth.at
    who.leaves()
    _no(take, [who.name, bike], begin_s, take.seconds, "An e-bike is parked without a cable.")


def stops_and_goes(take: Take, at_s: float, berth: Berth) -> None:
    """A rider stops below a window for ten seconds and rides on."""
    bike = take.cast("delivery-e-bike")
    who = Someone.comes(take, at_s, berth.at, [bike])
    begin_s = who.now_s
    who.waits(10.0)
    end_s = who.now_s
    who.leaves()
    _no(take, [who.name, bike], begin_s, end_s, "A rider stops for ten seconds and rides on.")


def washing_line(take: Take, at_s: float, berth: Berth) -> None:
    bike = _bike(take, berth)
    line = take.stands(
        "washing-line", beside(berth.at, OUTWARD_DEG if berth.opening else 0, 2.4), OUTWARD_DEG
    )
    who = Someone.comes(take, at_s, beside(berth.at, 180, 3.2))
    who.bends(2.0).leaves()
    _no(take, [bike, line], 0.0, take.seconds, "A washing line beside an e-bike.")


def _from_wall(kind: str, why: str) -> Story:
    def story(take: Take, at_s: float, berth: Berth) -> None:
        bike = _bike(take, berth)
        wall = min(take.places.wall, key=lambda foot: abs(foot[0] - berth.at[0]))
        aside_m = 0.7 if berth.heading_deg < 180 else -0.7  # away from the stairwell's door
        thing = take.stands(kind, (berth.at[0] + aside_m, wall[1]), OUTWARD_DEG)
        _no(take, [bike, thing], 0.0, take.seconds, why)

    story.__doc__ = why
    return story


def telecom(take: Take, at_s: float, berth: Berth) -> None:
    """A bundle of lines that is always there runs above the bike."""
    bike = _bike(take, berth)
    bundle = take.stands("telecom-bundle", beside(berth.at, 180, 1.8), 180)
    _no(take, [bike, bundle], 0.0, take.seconds, "Telecom lines hang above an e-bike.")


def cable_to_stall(take: Take, at_s: float, berth: Berth) -> None:
    """The cable feeds a stall's lamp, and a bike is parked near it."""
    bike = take.stands("e-bike", beside(berth.at, berth.heading_deg + 180, 2.4), berth.heading_deg)
    booth = take.stands("market-stall", beside(berth.at, 180, 0.4), 180)
    cable = _hung(take, berth.opening, [*beside(berth.at, 180, 0.2), 2.2])
    _no(take, [bike, booth, cable], 0.0, take.seconds, "The cable feeds a stall, not the e-bike.")


def cable_no_bike(take: Take, at_s: float, berth: Berth) -> None:
    """A cable hangs down to the ground, and no bike is there."""
    cable = _hung(take, berth.opening, [*berth.at, 0.05])
    Someone.comes(take, at_s, beside(berth.at, 180, AISLE_M + 0.8)).leaves()
    _no(
        take,
        [cable],
        0.0,
        take.seconds,
        "A cable hangs to the ground, and nothing is plugged in.",
    )


def in_shed(take: Take, at_s: float, berth: Berth) -> None:
    """A bike on a cable in the registered shed."""
    corners = take.places.shed
    west, front = min(x for x, _ in corners), min(y for _, y in corners)
    at = (west + 1.4, front + 1.4)
    bike = take.stands("e-bike", at)
    cable = _hung(take, [round(at[0] + 0.8, 2), round(at[1] + 1.66, 2), 1.2], bike)
    _no(take, [bike, cable], 0.0, take.seconds, "An e-bike charges in the registered shed.")


def line_on_ground(take: Take, at_s: float, berth: Berth) -> None:
    """A cable lies on the ground beside a bike, and ends nowhere."""
    bike = _bike(take, berth)
    inward_deg = 113 if berth.at[0] < 0 else 247
    start = beside(berth.at, inward_deg, 1.3)
    cable = _hung(take, [*start, 0.03], [*beside(start, inward_deg, 2.2), 0.03])
    _no(take, [bike, cable], 0.0, take.seconds, "A cable lies beside an e-bike, not plugged in.")


def lamp_to_stall(take: Take, at_s: float, berth: Berth) -> None:
    """A real lamp post feeds a stall by a cable; a bike is parked beside the stall."""
    stall_at: Xy = (-1.3, 22.4)
    bike = take.stands("e-bike", beside(stall_at, 90, 2.8), 30)
    booth = take.stands("market-stall", stall_at, 180)
    cable = _hung(take, [0.62, 20.0, 2.7], [*beside(stall_at, 90, 0.3), 2.2])
    _no(take, [bike, booth, cable], 0.0, take.seconds, "A lamp post feeds a stall, not the e-bike.")


def charger_carried(take: Take, at_s: float, berth: Berth) -> None:
    """Someone carries a battery from the bike away, to charge it at home."""
    bike = _bike(take, berth)
    pack = take.stands("battery", beside(berth.at, berth.heading_deg + 90, 0.6))
    who = Someone.comes(take, at_s, beside(berth.at, berth.heading_deg + 90, 1.3))
    up_s = who.takes(pack)
    who.leaves()
    _no(take, [bike, pack, who.name], 0.0, up_s, "A battery is carried away, to be charged inside.")


def rope_to_post(take: Take, at_s: float, berth: Berth) -> None:
    """A rope is strung beside the bike, as for a fence."""
    bike = _bike(take, berth)
    inward_deg = 90 if berth.at[0] < 0 else 270
    start = beside(berth.at, inward_deg, 1.1)
    end = beside(start, inward_deg, 2.4)
    posts = [take.stands("traffic-cone", at) for at in (start, end)]
    line = _hung(take, [*start, 0.5], [*end, 0.5])
    _no(take, [bike, *posts, line], 0.0, take.seconds, "A line between cones beside an e-bike.")


STORIES: Final[Mapping[str, Story]] = MappingProxyType(
    {
        "before the clip": before_clip,
        "plugs in": plugs_in,
        "plugs parked": plugs_parked,
        "two bikes": two_bikes,
        "three bikes": three_bikes,
        "battery": battery,
        "over a hook": over_hook,
        "tricycle": tricycle,
        "unconnected": unconnected,
        "parks": parks,
        "stops and goes": stops_and_goes,
        "washing line": washing_line,
        "hose": _from_wall("hose", "A hose from a tap lies beside an e-bike."),
        "rope": _from_wall("rope", "A rope hangs from a hook beside an e-bike."),
        "drain pipe": _from_wall("drain-pipe", "A drain pipe comes down beside an e-bike."),
        "loose cable": _from_wall("loose-cable", "A dead cable ends in the air by an e-bike."),
        "telecom": telecom,
        "cable to stall": cable_to_stall,
        "cable, no bike": cable_no_bike,
        "in the shed": in_shed,
        "line on the ground": line_on_ground,
        "lamp to stall": lamp_to_stall,
        "battery carried": charger_carried,
        "rope to post": rope_to_post,
    }
)
