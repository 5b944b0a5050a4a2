"""Stories of dumping: what people do with waste in a street, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from benchmarks.events.casting import Carrier, Someone, Take, beside, heading, short_of
from benchmarks.events.places import Xy

Story = Callable[[Take, float, Xy], None]
HAND: Final = ("bag", "bag", "bags", "carton")
LONG_S: Final = 14.0


def _left(take: Take, actors: list[str], begin_s: float, what: str) -> None:
    take.tells(True, actors, (begin_s, take.seconds), what)


def _no(take: Take, actors: list[str], begin_s: float, end_s: float, why: str) -> None:
    take.tells(False, actors, (begin_s, end_s), why)


def _one_leaves(take: Take, at_s: float, drop: Xy, thing: str, kind: str = "person") -> Someone:
    """Somebody comes with a thing, puts it down and goes; the event is told."""
    what = take.cast(thing)
    before = short_of(drop, take.edge(drop))
    who = Someone.comes(take, at_s, before, [what], kind=kind)
    down_s = who.puts(what, drop)
    who.leaves()
    _left(take, [who.name, what], down_s, f"The {thing} stays where nobody collects it.")
    return who


def walker(take: Take, at_s: float, drop: Xy) -> None:
    _one_leaves(take, at_s, drop, take.any_of(HAND))


def furniture(take: Take, at_s: float, drop: Xy) -> None:
    _one_leaves(take, at_s, drop, "furniture")


def child(take: Take, at_s: float, drop: Xy) -> None:
    _one_leaves(take, at_s, drop, "bag", kind="child")


def old_person(take: Take, at_s: float, drop: Xy) -> None:
    _one_leaves(take, at_s, drop, take.any_of(("bag", "cartons")), kind="old")


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
    take.stands("rubble", beside(drop, heading(take.edge(drop), drop), 1.6))
    _one_leaves(take, at_s, drop, "bag")


def behind_tricycle(take: Take, at_s: float, drop: Xy) -> None:
    """The bearer goes behind a parked tricycle, bends there, and comes out without the bag."""
    edge = take.edge(drop)
    take.stands("tricycle", beside(drop, heading(drop, edge) + 90, 1.9), heading(drop, edge))
    what = take.cast("bags")
    who = Someone.comes(take, at_s, short_of(drop, edge), [what])
    down_s = who.puts(what, drop)
    who.goes(beside(drop, heading(drop, edge) + 90, 3.6)).leaves()
    _left(take, [who.name, what], down_s, "Bags stay beside a parked tricycle.")


def e_bike(take: Take, at_s: float, drop: Xy) -> None:
    """A rider stops, gets off, leaves a bag, mounts again and rides off."""
    bike, what = take.cast(take.any_of(("e-bike", "bicycle"))), take.cast("bag")
    edge = take.edge(drop)
    halt = beside(drop, heading(drop, edge), 2.2)
    who = Someone.comes(take, at_s, halt, [bike, what]).parks()
    who.at = beside(halt, heading(edge, halt) - 90, 0.65)
    who.goes(short_of(drop, who.at))
    down_s = who.puts(what, drop)
    who.goes(beside(halt, heading(edge, halt) - 90, 0.65)).mounts(bike, take.exit(halt))
    _left(take, [who.name, bike, what], down_s, "A rider leaves a bag and rides off.")


def tricycle(take: Take, at_s: float, drop: Xy) -> None:
    """A tricycle carries a bag on its bed; its rider unloads and rides off."""
    cycle, what = take.cast("tricycle"), take.cast(take.any_of(("bags", "cartons")))
    edge = take.edge(drop)
    halt = beside(drop, heading(drop, edge), 3.0)
    who = Someone.comes(take, at_s, halt, [cycle, what], kind="old").parks()
    foot = beside(halt, heading(edge, halt) - 90, 0.65)
    who.at = foot
    who.takes(what)
    who.goes(short_of(drop, who.at))
    down_s = who.puts(what, drop)
    who.goes(foot).mounts(cycle, take.exit(halt))
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
    who.leaves()
    _left(take, [who.name, cycle, what], tips_s, "Rubble is tipped from a tricycle.")


def van(take: Take, at_s: float, drop: Xy) -> None:
    """A van halts; its driver carries something out, comes back and drives off."""
    what = take.cast(take.any_of(("furniture", "bags", "cartons")))
    ride = Carrier.comes(take, "van", at_s, [what])
    who = ride.driver([what])
    ride.carries(who, drop)
    down_s = who.puts(what, drop)
    ride.boards(who)
    ride.leaves()
    _left(take, [ride.name, who.name, what], down_s, "A van's driver leaves a load and drives off.")


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
    _one_leaves(take, at_s, (east + 1.2, front - 0.7), take.any_of(("bags", "cartons")))


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
    what = take.cast(take.any_of(HAND))
    who = Someone.comes(take, at_s, short_of(drop, take.edge(drop)), [what])
    down_s = who.puts(what, drop)
    up_s = who.waits(12.0).takes(what)
    who.leaves()
    _no(take, [who.name, what], down_s, up_s, "Its bearer rests and takes it along again.")


def waits(take: Take, at_s: float, drop: Xy) -> None:
    """Stands beside the bag to the end."""
    what = take.cast("bag")
    who = Someone.comes(take, at_s, beside(drop, heading(drop, take.edge(drop)) + 80, 0.8), [what])
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
    edge = take.edge(drop)
    halt = beside(drop, heading(drop, edge), 2.2)
    rider = Someone.comes(take, at_s, halt, [bike, what]).parks()
    foot = beside(halt, heading(edge, halt) - 90, 0.65)
    rider.at = foot
    rider.goes(short_of(drop, foot))
    down_s = rider.puts(what, drop)
    rider.goes(foot).mounts(bike, take.exit(halt))
    other = Someone.comes(take, down_s + 4.0, beside(drop, 0, 0.9))
    up_s = other.takes(what)
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
    what = take.stands("bags", drop)
    ride = Carrier.comes(take, "collection-truck", at_s)
    who = ride.driver()
    ride.carries(who, drop)
    up_s = who.takes(what)
    ride.boards(who)
    gone_s = ride.leaves()
    _no(take, [ride.name, who.name, what], up_s, gone_s, "A collection crew takes waste away.")


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
    away = heading(take.edge(drop), drop)
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
    up_s = who.waits(5.0).takes(what)
    who.leaves()
    _no(take, [who.name, what], down_s, up_s, "A child drops a toy and picks it up.")


def washing(take: Take, at_s: float, drop: Xy) -> None:
    """A basket stands below a washing line while the washing is seen to."""
    line = take.stands("washing-line", beside(drop, heading(take.edge(drop), drop), 1.2))
    what = take.cast("carton")
    who = Someone.comes(take, at_s, short_of(drop, take.edge(drop)), [what], kind="old")
    down_s = who.puts(what, drop)
    up_s = who.bends(3.0).waits(4.0).takes(what)
    who.leaves()
    _no(take, [who.name, line, what], down_s, up_s, "A basket at a washing line, taken away again.")


def exchange(take: Take, at_s: float, drop: Xy) -> None:
    """One sets a bag down for another, who carries it away."""
    what = take.cast("bag")
    edge = take.edge(drop)
    one = Someone.comes(take, at_s, short_of(drop, edge), [what])
    other = Someone.comes(take, at_s + 3.0, beside(drop, heading(edge, drop), 0.75))
    down_s = one.puts(what, drop)
    other.now_s = max(other.now_s, one.now_s + 1.0)
    up_s = other.takes(what)
    one.leaves()
    other.leaves()
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
