"""The time-lapses of the benchmark: where their cameras hang, and where something may be built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from benchmarks.events.casting_construction import Site
from benchmarks.events.places import PLACES, Places

OUT: Final = 180.0
"""Fronts look south."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What one camera sees of building ground; every site has a name."""

    places: Places
    sites: Mapping[str, Site]


def _roof(camera: str, *, small: bool = False) -> Ground:
    places = Places("roof", camera, wh=(960, 540) if small else (1280, 720))
    return Ground(
        places,
        MappingProxyType(
            {
                "roof 1": Site((-20.4, 8.6, 5.9), 90),
                "roof 2": Site((-3.4, 8.6, 5.9), 90),
                "roof 3": Site((12.2, 8.5, 8.85), 90),
                "roof 5": Site((-8.4, 22.2, 8.85), 90),
                "roof 5 east": Site((-5.6, 22.2, 8.85), 90),
                "roof 6": Site((6.7, 22.2, 11.8), 90),
                "roof 7": Site((20.4, 22.0, 11.8), 90),
                "front 2": Site((2.9, 3.35, 0.0), OUT),
                "over front 2": Site((-6.15, 3.7, 3.0), OUT),
                "lane": Site((3.0, 0.3, 0.0), 90),
            }
        ),
    )


def _ground(at: str, sites: Mapping[str, Site]) -> Ground:
    return Ground(PLACES[at], MappingProxyType(dict(sites)))


def _photo(number: int, heading_deg: float, sites: Sequence[Sequence[float]]) -> Ground:
    """A drone's photo from 40 m, in the direction that its shadows tell: ``heading_deg`` is up.

    Sites are metres right and up from its middle, and may say how far they are turned.
    """
    camera: dict[str, float | tuple[float, float, float]] = {
        "position": (0.0, 0.0, 40.0),
        "heading_deg": heading_deg,
        "tilt_deg": 89.9,
        "fov_deg": 86.63,
    }
    places = Places(f"drone/DJI_00{number}.JPG", camera, wh=(1920, 1080))
    middle = Site((0.0, 0.0, 0.0), heading_deg)
    named = {
        f"ground {k}": Site(middle.off(right, up), middle.turned(sum(turned)))
        for k, (right, up, *turned) in enumerate(sites, 1)
    }
    return Ground(places, MappingProxyType(named))


GROUNDS: Final[Mapping[str, Ground]] = MappingProxyType(
    {
        "tower": _roof("tower"),
        "stair-head": _roof("stair_head", small=True),
        "drone": _roof("drone"),
        "drone-late": _roof("drone_late", small=True),
        "yard": _ground(
            "yard-opposite",
            {
                "corner": Site((-3.6, 3.0, 0.0)),
                "by the shed": Site((7.0, 3.4, 0.0), 90),
                "front": Site((6.5, 11.2, 2.85), OUT),
                "middle": Site((1.0, 4.6, 0.0), 90),
            },
        ),
        "ditch": _ground(
            "ditch-pole",
            {
                "verge": Site((-0.2, -3.6, 0.0), 90),
                "bank": Site((-1.6, 0.9, 0.0), 90),
                "path": Site((3.2, 1.2, 0.0), 90),
                "lane": Site((-2.4, -0.9, 0.0)),
            },
        ),
        "border": _ground(
            "border-pole",
            {
                "wasteland": Site((5.6, -3.6, 0.0), 20),
                "strip": Site((9.4, 1.6, 0.0), 240),
                "verge": Site((-3.0, 4.0, 0.0), OUT),
                "lane": Site((1.4, 1.2, 0.0), 90),
            },
        ),
        "junction": _ground(
            "junction-own",
            {
                "shop 1": Site((8.0, 8.1, 0.0), OUT),
                "over shop 3": Site((14.95, 9.2, 3.4), OUT),
                "pavement": Site((11.6, 7.0, 0.0), 90),
                "shop 2": Site((11.0, 9.9, 0.5), OUT),
            },
        ),
        "photo 18": _photo(
            18, 45.0, ((31.6, 13.9), (33.4, 4.2), (28.4, -10.4), (28.4, 0.6), (23.3, -12.8))
        ),
        "photo 19": _photo(
            19, 42.8, ((30.8, -4.6), (32.4, -12.2), (26.5, -12.9), (30.8, 5.8), (20.4, -9.8))
        ),
        "photo 24": _photo(
            24, 40.0, ((2.0, 15.4), (6.6, 2.0, 180), (-2.0, 6.7), (7.8, 13.4), (-4.5, -5.6))
        ),
        "photo 25": _photo(
            25,
            48.0,
            ((-4.9, -4.3), (14.6, -13.3, 120), (17.4, 15.0), (21.5, -6.5), (-1.9, 15.3, 90)),
        ),
    }
)
