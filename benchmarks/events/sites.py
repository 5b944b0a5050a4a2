"""The time-lapses of the benchmark: where their cameras hang, and where something may be built."""

from __future__ import annotations

from collections.abc import Mapping
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
                "roof 1": Site((-20.4, 8.4, 5.9)),
                "roof 1 east": Site((-15.4, 7.2, 5.9)),
                "roof 2": Site((-4.4, 8.0, 5.9)),
                "roof 2 east": Site((2.2, 7.0, 5.9)),
                "roof 3": Site((13.6, 8.0, 8.85)),
                "roof 5": Site((-8.4, 21.6, 8.85)),
                "roof 5 east": Site((-3.0, 21.2, 8.85)),
                "roof 6": Site((7.2, 21.4, 11.8)),
                "roof 7": Site((20.4, 21.2, 11.8)),
                "front 1": Site((-18.0, 3.7, 0.0), OUT),
                "front 2": Site((-0.8, 3.7, 0.0), OUT),
                "front 3": Site((13.2, 3.7, 0.0), OUT),
                "over front 2": Site((-5.9, 3.7, 3.0), OUT),
                "wall 2": Site((1.0, 4.4, 0.0), OUT),
                "pavement west": Site((-9.0, 2.4, 0.0), 90),
                "pavement east": Site((7.2, 2.4, 0.0), 90),
                "lane": Site((3.0, 0.3, 0.0), 90),
            }
        ),
    )


def _ground(at: str, sites: Mapping[str, Site]) -> Ground:
    return Ground(PLACES[at], MappingProxyType(dict(sites)))


def _photo(number: int, sites: tuple[tuple[float, float], ...]) -> Ground:
    """A drone's photo from 40 m; up is taken for north, for then shadows fall as its own do."""
    camera: dict[str, float | tuple[float, float, float]] = {
        "position": (0.0, 0.0, 40.0),
        "heading_deg": 0.0,
        "tilt_deg": 89.9,
        "fov_deg": 86.63,
    }
    places = Places(f"drone/DJI_00{number}.JPG", camera, wh=(1920, 1080))
    named = {f"ground {k}": Site((x, y, 0.0)) for k, (x, y) in enumerate(sites, 1)}
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
                "front": Site((6.6, 11.1, 3.0), OUT),
                "middle": Site((1.0, 4.6, 0.0), 90),
            },
        ),
        "ditch": _ground(
            "ditch-pole",
            {
                "verge": Site((3.4, -3.9, 0.0), 90),
                "bank": Site((-1.6, 1.3, 0.0), 90),
                "path": Site((3.2, 1.2, 0.0), 90),
                "lane": Site((-2.4, -0.9, 0.0), 90),
            },
        ),
        "border": _ground(
            "border-pole",
            {
                "wasteland": Site((5.6, -3.6, 0.0), 20),
                "strip": Site((10.6, 2.6, 0.0), 60),
                "verge": Site((-3.0, 4.4, 0.0), OUT),
                "lane": Site((1.4, 1.2, 0.0), 90),
            },
        ),
        "junction": _ground(
            "junction-own",
            {
                "shop 1": Site((8.0, 8.5, 0.0)),
                "over shop 3": Site((14.6, 9.2, 3.4), OUT),
                "pavement": Site((11.6, 7.0, 0.0), 90),
                "shop 2": Site((11.0, 9.9, 0.5), OUT),
            },
        ),
        "photo 18": _photo(
            18, ((31.6, 13.9), (31.5, 3.7), (30.4, -12.3), (28.4, 0.6), (23.3, -12.8))
        ),
        "photo 19": _photo(
            19, ((30.8, -2.6), (31.6, -12.2), (26.5, -12.9), (30.8, 5.8), (20.4, -9.8))
        ),
        "photo 24": _photo(
            24, ((1.2, 15.6), (20.9, -14.5), (-2.0, 6.7), (7.9, 15.0), (-9.7, -3.6))
        ),
        "photo 25": _photo(
            25, ((-3.3, -4.7), (9.1, 8.8), (17.4, 15.0), (19.5, -7.8), (-1.5, 15.1))
        ),
    }
)
