"""Stories of construction, told over days: what grows on roofs, fronts and ground, and what not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from types import MappingProxyType
from typing import Final

from benchmarks.events.casting import Take

Xyz = tuple[float, float, float]
Story = Callable[[Take, "Site"], None]
DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Site:
    """Where something may be built: its floor, and where its front looks."""

    at: Xyz
    heading_deg: float = 0.0

    def off(self, right: float, ahead: float) -> Xyz:
        """A place so many metres from its middle, for who looks where its front does."""
        x, y, z = self.at
        turn = radians(self.heading_deg)
        east = right * cos(turn) + ahead * sin(turn)
        north = ahead * cos(turn) - right * sin(turn)
        return round(x + east, 2), round(y + north, 2), z

    def turned(self, by_deg: float) -> float:
        return (self.heading_deg + by_deg) % 360


def _grows(
    take: Take, site: Site, kind: str, size: Sequence[float], days: tuple[float, float]
) -> str:
    """Something goes up between two days of the time-lapse."""
    name = take.cast(kind, size=size)
    begin_s, end_s = (day * DAY_S for day in days)
    take.step(
        begin_s, name, "stands", where=list(site.at), heading_deg=site.heading_deg, reaches=0.05
    )
    take.step(begin_s + 600, name, "grows", reaches=1.0, until=take.hour(end_s))
    return name


def _stays(
    take: Take, kind: str, at: Xyz, days: tuple[float, float], heading_deg: float = 0
) -> str:
    """Something stands there from one day to another; past the end, it stays."""
    name = take.cast(kind)
    take.step(days[0] * DAY_S, name, "stands", where=list(at), heading_deg=heading_deg)
    if days[1] * DAY_S < take.seconds:
        take.step(days[1] * DAY_S, name, "leaves")
    return name


def _days(take: Take, first: float, last: float) -> tuple[float, float]:
    """Shares of the time-lapse in days, kept to daytime work."""
    whole = take.seconds / DAY_S
    return round(whole * first, 1), round(whole * last, 1)


def _size(take: Take, low: Xyz, high: Xyz) -> list[float]:
    return [round(float(take.rng.uniform(a, b)), 1) for a, b in zip(low, high, strict=True)]


def _tells(take: Take, offence: bool, actors: list[str], first_day: float, why: str) -> None:
    take.tells(offence, actors, (first_day * DAY_S, take.seconds), why)


def roof_room(take: Take, site: Site) -> None:
    first, last = _days(take, 0.15, 0.85)
    room = _grows(take, site, "roof-room", _size(take, (4, 3, 2.5), (5.2, 3.8, 2.9)), (first, last))
    _tells(take, True, [room], first, "A room grows, and the register holds no permit for it.")


def with_workers(take: Take, site: Site) -> None:
    """Material comes first, then workers, then the room."""
    first, last = _days(take, 0.2, 0.9)
    stacks = [
        _stays(take, kind, site.off(right, ahead), (first - 0.1, 1e3), site.turned(90))
        for kind, right, ahead in (("sheets", 0.0, -3.7), ("cement", 1.0, 3.5))
    ]
    room = _grows(
        take, site, "roof-room", _size(take, (3.6, 3, 2.5), (4.4, 3.4, 2.8)), (first, last)
    )
    worker = _stays(take, "person", site.off(2.2, -1.6), _days(take, 0.3, 0.75), site.turned(-90))
    actors = [room, *stacks, worker]
    _tells(take, True, actors, first - 0.1, "Material, workers, and then a room without a permit.")


def stacks_to_frame(take: Take, site: Site) -> None:
    """Material is stacked, and by the last look a frame stands."""
    first, last = _days(take, 0.2, 0.9)
    kinds = (("bricks", 0.0, -3.0), ("steel", 2.1, 0.0), ("sand", 0.4, 3.8))
    stacks = [
        _stays(take, kind, site.off(right, ahead), (first, 1e3), site.heading_deg)
        for kind, right, ahead in kinds
    ]
    name = take.cast("roof-room", size=[3.6, 3.0, 2.6])
    take.step(
        first * DAY_S + 7200, name, "stands", where=list(site.at), heading_deg=site.heading_deg,
        reaches=0.05,
    )  # fmt: skip
    take.step(first * DAY_S + 7800, name, "grows", reaches=0.45, until=take.hour(last * DAY_S))
    _tells(
        take, True, [name, *stacks], first, "Stacks of material become a frame without a permit."
    )


def shed(take: Take, site: Site) -> None:
    first, last = _days(take, 0.2, 0.8)
    room = _grows(
        take, site, "roof-room", _size(take, (2.6, 2.2, 2.2), (3.6, 3, 2.6)), (first, last)
    )
    _tells(take, True, [room], first, "A shed goes up on open ground without a permit.")


def balcony_room(take: Take, site: Site) -> None:
    first, last = _days(take, 0.15, 0.8)
    size = _size(take, (1.3, 3.0, 2.4), (1.6, 3.8, 2.7))
    room = _grows(take, site, "balcony-room", size, (first, last))
    _tells(take, True, [room], first, "A glazed room grows out of the front without a permit.")


def scaffold(take: Take, site: Site) -> None:
    """Sand and bricks come, then a scaffold rises."""
    first, last = _days(take, 0.15, 0.7)
    stacks = [
        _stays(take, kind, site.off(right, ahead), (first, 1e3), site.heading_deg)
        for kind, right, ahead in (("sand", 1.0, 2.4), ("bricks", 4.8, 0.4))
    ]
    frame = _grows(take, site, "scaffold", [1.2, 7.2, 5.6], (first + 0.1, last))
    _tells(take, True, [frame, *stacks], first, "A scaffold and material; no works are filed.")


def permitted(take: Take, site: Site) -> None:
    """The same scaffold with a permit: what the picture cannot tell, the register does."""
    first, last = _days(take, 0.15, 0.7)
    size = [1.2, 7.2, 5.6]
    frame = _grows(take, site, "scaffold", size, (first, last))
    take.files_works(site.at, site.heading_deg, size)
    _tells(take, False, [frame], first, "A scaffold rises, and the works are filed.")


def permitted_room(take: Take, site: Site) -> None:
    first, last = _days(take, 0.15, 0.8)
    size = [4.0, 3.2, 2.6]
    room = _grows(take, site, "roof-room", size, (first, last))
    take.files_works(site.at, site.heading_deg, size)
    _tells(take, False, [room], first, "A room grows, and the register holds its permit.")


def material_goes(take: Take, site: Site) -> None:
    """Material is delivered, and some days later taken away again."""
    days = _days(take, 0.25, 0.7)
    stacks = [
        _stays(take, kind, site.off(right, 0), days, site.heading_deg)
        for kind, right in (("bricks", 0.0), ("cement", -2.0))
    ]
    take.tells(
        False, stacks, (days[0] * DAY_S, days[1] * DAY_S), "Material comes and is taken away again."
    )


def _appears(
    kinds: Sequence[tuple[str, float, float]],
    why: str,
    days: tuple[float, float],
    turned_deg: float = 0.0,
) -> Story:
    """Things that come on one day, and stay or go."""

    def story(take: Take, site: Site) -> None:
        when = _days(take, *days)
        things = [
            _stays(take, kind, site.off(right, ahead), when, site.turned(turned_deg))
            for kind, right, ahead in kinds
        ]
        end_s = min(when[1] * DAY_S, take.seconds)
        take.tells(False, things, (when[0] * DAY_S, end_s), why)

    story.__doc__ = why
    return story


STORIES: Final[Mapping[str, Story]] = MappingProxyType(
    {
        "roof room": roof_room,
        "with workers": with_workers,
        "stacks to frame": stacks_to_frame,
        "shed": shed,
        "balcony room": balcony_room,
        "scaffold": scaffold,
        "permitted scaffold": permitted,
        "permitted room": permitted_room,
        "material goes": material_goes,
        "awning": _appears([("awning", 0, 0)], "An awning is put up.", (0.3, 9)),
        "washing": _appears(
            [("washing-line", 0, 0)], "Washing hangs on its line.", (0.2, 0.75), 90
        ),
        "truck": _appears([("truck", 0, 0)], "A truck is parked for a while.", (0.3, 0.8)),
        "van": _appears([("van", 0, 0)], "A van is parked for a while.", (0.2, 0.7)),
        "stall": _appears([("market-stall", 0, 0)], "A market stall stands there.", (0.2, 0.8)),
        "leaves": _appears([("leaves", 0, 0), ("leaves", 2, 1)], "Leaves fall.", (0.3, 9)),
        "pots": _appears(
            [("flower-pots", 0, 0), ("bench", 2.3, 0)],
            "Pots and a bench for a roof garden.",
            (0.3, 9),
        ),
        "bins": _appears(
            [("bin-row", 0, 0), ("wheelie-bin", 1.5, 0)], "Bins are set up.", (0.3, 9)
        ),
        "people": _appears(
            [("person", 0, 0), ("person", 0.8, 0.3)], "Two people stand and talk.", (0.3, 0.55)
        ),
        "boards": _appears(
            [("sandwich-board", 0, 0), ("traffic-cone", 1.2, 0)], "Boards and cones.", (0.2, 0.8)
        ),
    }
)
