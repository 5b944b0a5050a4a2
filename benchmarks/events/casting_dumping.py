"""Stories of dumping: what people do with waste in a street, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import radians, sin
from types import MappingProxyType
from typing import Final

from benchmarks.events.casting import Carrier, Someone, Take, beside, heading, short_of
from benchmarks.events.places import Xy

Story = Callable[[Take, float, Xy], None]
HAND: Final = ("bag", "bag", "bags", "carton")
LONG_S: Final = 14.0
Cycle = tuple[float, Xy]
"""Which way it looks, and where it stands."""
CYCLE_TAIL_M: Final = 1.9
ABREAST_DEG: Final = 110.0
"""Who rides halts abreast of where the thing will lie, well inside the picture."""


def _left(take: Take, actors: list[str], begin_s: float, what: str) -> None:
    take.tells(True, actors, (begin_s, take.seconds), what)


def _no(take: Take, actors: list[str], begin_s: float, end_s: float, why: str) -> None:
    take.tells(False, actors, (begin_s, end_s), why)


def _load(take: Take, thing: str) -> list[str]:
    """What one person can carry: of bags, one in each hand."""
    return [take.cast("bag"), take.cast("bag")] if thing == "bags" else [take.cast(thing)]


def _lays(who: Someone, load: list[str], drop: Xy) -> float:
    """Puts a load down side by side; the moment the first of it lies there."""
    side = heading(who.at, drop) + 90
    return min([who.puts(what, beside(drop, side, 0.6 * k)) for k, what in enumerate(load)])


def _lifts(who: Someone, load: list[str]) -> float:
    """Picks a load up; the last moment at which all of it lies there."""
    return min([who.takes(what) for what in load]) - 0.2


def _to_and_fro(who: Someone, cycle: Cycle, drop: Xy, load: list[str]) -> float:
    """From a parked cycle around its tail to the place, and back; the moment the load lies."""
    ahead, at = cycle
    foot = who.at
    right = sin(radians(heading(at, drop) - ahead)) > 0
    tail = beside(at, ahead + 180, CYCLE_TAIL_M)
    around = [beside(tail, ahead + side, 0.7) for side in (-90, 90)] if right else []
    for corner in around:
        who.goes(corner)
    who.goes(short_of(drop, who.at))
    down_s = _lays(who, load, drop)
    for corner in reversed(around):
        who.goes(corner)
    who.goes(foot)
    return down_s


def _one_leaves(take: Take, at_s: float, drop: Xy, thing: str, kind: str = "person") -> Someone:
    """Somebody comes with a thing, puts it down and goes; the event is told."""
    load = _load(take, thing)
    before = short_of(drop, take.edge(drop))
    who = Someone.comes(take, at_s, before, load, kind=kind)
    down_s = _lays(who, load, drop)
    who.leaves()
    _left(take, [who.name, *load], down_s, f"Left where nobody collects it: {thing}.")
    return who


def walker(take: Take, at_s: float, drop: Xy) -> None:
    _one_leaves(take, at_s, drop, take.any_of(HAND))


def furniture(take: Take, at_s: float, drop: Xy) -> None:
    _one_leaves(take, at_s, drop, "furniture")


def child(take: Take, at_s: float, drop: Xy) -> None:
    _one_leaves(take, at_s, drop, "bag", kind="child")


def old_person(take: Take, at_s: float, drop: Xy) -> None:
    _one_leaves(take, at_s, drop, take.any_of(("bag", "carton")), kind="old")


def two_walkers(take: Take, at_s: float, drop: Xy) -> None:
    """Two come together; one leaves a carton, the other a bag beside it."""
    first, second = take.cast("carton"), take.cast("bag")
    edge = take.edge(drop)
    side = heading(drop, edge) + (90 if edge[0] > drop[0] else -90)
    one = Someone.comes(take, at_s, short_of(drop, edge), [first])
    down_s = one.puts(first, drop)
    other_drop = beside(drop, side, 0.7)
    two = Someone.comes(take, at_s + 2.5, short_of(other_drop, edge), [second])
    two.puts(second, other_drop)
    one.leaves(edge)
    two.leaves(edge)
    _left(take, [one.name, two.name, first, second], down_s, "Two people leave a carton and a bag.")


def long_pause(take: Take, at_s: float, drop: Xy) -> None:
    """Puts a bag down, lingers as if waiting, and goes without it."""
    what = take.cast("bag")
    who = Someone.comes(take, at_s, short_of(drop, take.edge(drop)), [what])
    down_s = who.puts(what, drop)
    who.waits(LONG_S).leaves()
    _left(take, [who.name, what], down_s, "After a long pause its bearer goes without the bag.")


def passer_by(take: Take, at_s: float, drop: Xy) -> None:
    """While the bag lies there, someone else walks past it."""
    first = _one_leaves(take, at_s, drop, "bag")
    passer = Someone.comes(take, first.now_s, beside(drop, 90, 1.3))
    passer.leaves()


def beside_heap(take: Take, at_s: float, drop: Xy) -> None:
    """A heap lay there before; one bag more is added."""
    take.stands("rubble", beside(drop, heading(take.edge(drop), drop) - 45, 1.6))
    _one_leaves(take, at_s, drop, "bag")


def behind_tricycle(take: Take, at_s: float, drop: Xy) -> None:
    """The bearer goes behind a parked tricycle, bends there, and comes out without the bag."""
    edge = take.edge(drop)
    take.stands("tricycle", beside(drop, heading(drop, edge) + 90, 1.9), heading(drop, edge))
    load = _load(take, "bags")
    who = Someone.comes(take, at_s, short_of(drop, edge), load)
    down_s = _lays(who, load, drop)
    who.goes(beside(drop, heading(drop, edge) + 90, 3.6)).leaves()
    _left(take, [who.name, *load], down_s, "Bags stay beside a parked tricycle.")


def e_bike(take: Take, at_s: float, drop: Xy) -> None:
    """A rider stops, gets off, leaves a bag, mounts again and rides off."""
    bike, what = take.cast(take.any_of(("e-bike", "bicycle"))), take.cast("bag")
    halt = take.inward(drop, ABREAST_DEG, 2.2)
    edge = take.edge(halt)
    who = Someone.comes(take, at_s, halt, [bike, what]).parks()
    who.at = beside(halt, heading(edge, halt) - 90, 0.65)
    down_s = _to_and_fro(who, (heading(edge, halt), halt), drop, [what])
    who.mounts(bike, edge)
    _left(take, [who.name, bike, what], down_s, "A rider leaves a bag and rides off.")


def tricycle(take: Take, at_s: float, drop: Xy) -> None:
    """A tricycle carries a thing on its bed; its rider unloads and rides off."""
    cycle, what = take.cast("tricycle"), take.cast(take.any_of(("furniture", "carton")))
    halt = take.inward(drop, ABREAST_DEG, 2.6)
    edge = take.edge(halt)
    who = Someone.comes(take, at_s, halt, [cycle, what], kind="old").parks()
    who.at = beside(halt, heading(edge, halt) - 90, 0.65)
    who.takes(what)
    down_s = _to_and_fro(who, (heading(edge, halt), halt), drop, [what])
    who.mounts(cycle, edge)
    _left(take, [who.name, cycle, what], down_s, "A tricycle's rider unloads waste and rides off.")


def tricycle_tips(take: Take, at_s: float, drop: Xy) -> None:
    """A tricycle halts with its back to the place, and its bed is tipped out."""
    cycle, what = take.cast("tricycle"), take.cast("rubble")
    edge = take.edge(drop)
    way = heading(edge, drop)
    who = Someone.comes(take, at_s, beside(drop, way, 2.2), [cycle])
    tips_s = who.now_s + 0.5
    take.step(tips_s, cycle, "tips", carrying=what, over_s=6.0)
    who.now_s = tips_s + 6.5
    if take.places.is_real or take.places.drive is None:
        who.goes(beside(who.at, way - 90, 2.5)).leaves(take.edge(who.at))
    else:
        who.leaves(take.places.drive[2])
    _left(take, [who.name, cycle, what], tips_s, "Rubble is tipped from a tricycle.")


def van(take: Take, at_s: float, drop: Xy) -> None:
    """A van halts; its driver carries something out, comes back and drives off."""
    load = _load(take, take.any_of(("furniture", "bags", "carton")))
    ride = Carrier.comes(take, "van", at_s, load)
    who = ride.driver(load)
    ride.carries(who, drop)
    down_s = _lays(who, load, drop)
    ride.boards(who)
    ride.leaves()
    _left(
        take, [ride.name, who.name, *load], down_s, "A van's driver leaves a load and drives off."
    )


def truck_tips(take: Take, at_s: float, drop: Xy) -> None:
    """A truck tips builders' waste behind itself and drives off."""
    what = take.cast(take.any_of(("building-waste", "rubble")))
    ride = Carrier.comes(take, "truck", at_s)
    take.step(ride.now_s, ride.name, "tips", carrying=what, over_s=7.0)
    down_s, ride.now_s = ride.now_s, ride.now_s + 7.5
    ride.leaves()
    _left(take, [ride.name, what], down_s, "A truck tips builders' waste and drives off.")


def outside_point(take: Take, at_s: float, drop: Xy) -> None:
    """Beside the collection point is not in it."""
    corners = take.places.collection
    east = max(x for x, _ in corners)
    front = min(y for _, y in corners)
    _one_leaves(take, at_s, (east + 1.2, front - 0.7), take.any_of(("bags", "carton")))


def inside_point(take: Take, at_s: float, drop: Xy) -> None:
    """The registered collection point is where waste belongs."""
    corners = take.places.collection
    middle = sum(x for x, _ in corners) / len(corners)
    place = (middle, min(y for _, y in corners) + 0.25)
    what = take.cast("bag")
    who = Someone.comes(take, at_s, short_of(place, take.edge(place)), [what])
    down_s = who.puts(what, place)
    who.leaves()
    _no(take, [who.name, what], down_s, take.seconds, "It lies in the registered collection point.")


def rests(take: Take, at_s: float, drop: Xy) -> None:
    """Puts a bag down, rests, and takes it along again."""
    load = _load(take, take.any_of(HAND))
    who = Someone.comes(take, at_s, short_of(drop, take.edge(drop)), load)
    down_s = _lays(who, load, drop)
    who.waits(12.0)
    up_s = _lifts(who, load)
    who.leaves()
    _no(take, [who.name, *load], down_s, up_s, "Its bearer rests and takes it along again.")


def waits(take: Take, at_s: float, drop: Xy) -> None:
    """Stands beside the bag to the end."""
    what = take.cast("bag")
    stand = short_of(drop, take.edge(drop)) if take.places.is_real else take.inward(drop, 80, 0.8)
    who = Someone.comes(take, at_s, stand, [what])
    down_s = who.puts(what, drop)
    _no(take, [who.name, what], down_s, take.seconds, "Its owner stands beside it all the time.")


def bike_parked(take: Take, at_s: float, drop: Xy) -> None:
    """Parking is no dumping."""
    bike = take.cast(take.any_of(("e-bike", "bicycle", "motorcycle")))
    who = Someone.comes(take, at_s, drop, [bike]).parks()
    begin_s = who.now_s
    who.leaves()
    _no(take, [who.name, bike], begin_s, take.seconds, "A bike is parked; that is no dumping.")


def delivery(take: Take, at_s: float, drop: Xy) -> None:
    """A rider sets a box down, and someone fetches it."""
    bike, what = take.cast("delivery-e-bike"), take.cast("carton")
    halt = take.inward(drop, ABREAST_DEG, 2.2)
    edge = take.edge(halt)
    rider = Someone.comes(take, at_s, halt, [bike, what]).parks()
    rider.at = beside(halt, heading(edge, halt) - 90, 0.65)
    down_s = _to_and_fro(rider, (heading(edge, halt), halt), drop, [what])
    rider.mounts(bike, edge)
    other = Someone.comes(take, down_s + 9.0, beside(drop, 0, 0.9))
    up_s = _lifts(other, [what])
    other.leaves()
    _no(take, [rider.name, bike, what, other.name], down_s, up_s, "A delivery that is fetched.")


def car_parks(take: Take, at_s: float, drop: Xy) -> None:
    ride = Carrier.comes(take, take.any_of(("car", "van")), at_s)
    who = ride.driver()
    who.leaves()
    _no(take, [ride.name, who.name], ride.now_s, take.seconds, "A car is parked, nothing is left.")


def drives_by(take: Take, at_s: float, drop: Xy) -> None:
    """Its headlights sweep over the place by night."""
    ride = Carrier.comes(take, "car", at_s)
    begin_s = ride.now_s
    end_s = ride.leaves()
    _no(take, [ride.name], begin_s, end_s, "A car halts a moment and goes on; lights and shadows.")


def collects(take: Take, at_s: float, drop: Xy) -> None:
    """A collection crew takes away what lay there: something goes, nothing comes."""
    load = [take.stands("bag", at) for at in (drop, beside(drop, 90, 0.6))]
    ride = Carrier.comes(take, "collection-truck", at_s)
    who = ride.driver()
    ride.carries(who, drop)
    up_s = _lifts(who, load)
    ride.boards(who)
    gone_s = ride.leaves()
    why = "A collection crew takes waste away."
    take.tells(False, [ride.name, who.name, *load], (up_s, gone_s), why, drop)


def old_bag(take: Take, at_s: float, drop: Xy) -> None:
    """The bag lay there before the clip began; someone walks past."""
    what = take.stands("bag", drop)
    who = Someone.comes(take, at_s, beside(drop, heading(drop, take.edge(drop)), 0.9))
    who.bends(2.0)
    end_s = who.now_s
    who.leaves()
    _no(take, [who.name, what], at_s, end_s + 10.0, "A passer-by; the bag was there before.")


def phones(take: Take, at_s: float, drop: Xy) -> None:
    """Stops with a bag in the hand, and goes on with it."""
    what = take.cast("bag")
    who = Someone.comes(take, at_s, drop, [what])
    begin_s = who.now_s
    who.waits(11.0)
    end_s = who.now_s
    who.leaves()
    _no(take, [who.name, what], begin_s, end_s, "Somebody stops with a bag and goes on with it.")


def stall(take: Take, at_s: float, drop: Xy) -> None:
    """A market stall, and the vendor who sets goods beside it."""
    away = 30.0 if take.places.is_real else heading(take.edge(drop), drop)  # clear of the post
    booth = take.stands("market-stall", beside(drop, away, 1.9), (away + 180) % 360)
    goods = take.cast("carton")
    who = Someone.comes(take, at_s, short_of(drop, take.edge(drop)), [goods])
    down_s = who.puts(goods, drop)
    _no(take, [who.name, booth, goods], down_s, take.seconds, "A vendor stays with the goods.")


def toy(take: Take, at_s: float, drop: Xy) -> None:
    """A child drops something and picks it up."""
    what = take.cast("carton")
    who = Someone.comes(take, at_s, short_of(drop, take.edge(drop)), [what], kind="child")
    down_s = who.puts(what, drop)
    up_s = _lifts(who.waits(5.0), [what])
    who.leaves()
    _no(take, [who.name, what], down_s, up_s, "A child drops a toy and picks it up.")


def washing(take: Take, at_s: float, drop: Xy) -> None:
    """A basket stands below a washing line while the washing is seen to."""
    line = take.stands("washing-line", beside(drop, 0, 1.1))
    what = take.cast("carton")
    who = Someone.comes(take, at_s, short_of(drop, take.edge(drop)), [what], kind="old")
    down_s = who.puts(what, drop)
    up_s = _lifts(who.bends(3.0).waits(4.0), [what])
    who.leaves()
    _no(take, [who.name, line, what], down_s, up_s, "A basket at a washing line, taken away again.")


def exchange(take: Take, at_s: float, drop: Xy) -> None:
    """One sets a bag down for another, who carries it away while the first looks on."""
    what = take.cast("bag")
    edge = take.edge(drop)
    one = Someone.comes(take, at_s, short_of(drop, edge), [what])
    other = Someone.comes(take, at_s + 3.0, take.inward(drop, 80, 0.9))
    down_s = one.puts(what, drop)
    other.now_s = one.now_s = max(other.now_s, one.now_s) + 1.0
    up_s = _lifts(other, [what])
    one.leaves(edge)
    other.waits(2.0).leaves()
    _no(take, [one.name, other.name, what], down_s, up_s, "Two people hand a bag over.")


def wind(take: Take, at_s: float, drop: Xy) -> None:
    """Leaves lie in the wind and somebody walks past them."""
    what = take.stands("leaves", drop)
    who = Someone.comes(take, at_s, beside(drop, heading(drop, take.edge(drop)), 1.2))
    end_s = who.now_s
    who.leaves()
    _no(take, [who.name, what], at_s, end_s + 5.0, "Leaves, shadows and a passer-by.")


STORIES: Final[Mapping[str, Story]] = MappingProxyType(
    {
        "walker": walker,
        "furniture": furniture,
        "child": child,
        "old person": old_person,
        "two walkers": two_walkers,
        "long pause": long_pause,
        "passer-by": passer_by,
        "beside heap": beside_heap,
        "behind a tricycle": behind_tricycle,
        "e-bike": e_bike,
        "tricycle": tricycle,
        "tricycle tips": tricycle_tips,
        "van": van,
        "truck tips": truck_tips,
        "outside the point": outside_point,
        "inside the point": inside_point,
        "rests": rests,
        "waits": waits,
        "bike parked": bike_parked,
        "delivery": delivery,
        "car parks": car_parks,
        "drives by": drives_by,
        "collects": collects,
        "old bag": old_bag,
        "phones": phones,
        "stall": stall,
        "toy": toy,
        "washing": washing,
        "exchange": exchange,
        "wind": wind,
    }
)
