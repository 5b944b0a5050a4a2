"""What speaks against a place's being an offence, in words and numbers; without any, it is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from edge.scenarios.construction_place import STAGED, Place
from edge.scenarios.construction_veto import LEAST_SHARE
from edge.scenarios.construction_words import (
    came_at_once,
    gone_again,
    passes_for_a_vehicle,
    too_short,
    too_small,
)
from edge.scenarios.finding import Doubt

HOUR_S: Final = 3600.0


def about(place: Place, looks_limit: int, span_limit_s: float) -> Iterator[Doubt]:
    """Whether it lasts, grows in stages, is no vehicle and large enough, in this order."""
    looks, span_s = len(place.sights), place.span_s
    if looks < looks_limit or span_s < span_limit_s:
        lacking = max(1 - looks / looks_limit, 1 - span_s / span_limit_s)
        why = too_short(looks, looks_limit, span_s / HOUR_S, span_limit_s / HOUR_S)
        yield Doubt("too-short", why, lacking)
    if not place.staged:
        lacking = min(max((STAGED - place.held) / (STAGED - 1), 0), 1)
        why = came_at_once(looks, span_s / HOUR_S, place.held, STAGED)
        yield Doubt("came-at-once", why, lacking)
    if place.vehicle:
        vehicles = place.vehicles
        yield Doubt("vehicle", passes_for_a_vehicle(vehicles, looks), 2 * vehicles / looks - 1)
    share = place.sights[-1].area_px / place.mask.size
    if share < LEAST_SHARE:
        yield Doubt("too-small", too_small(share, LEAST_SHARE), 1 - share / LEAST_SHARE)


def worst(place: Place, looks_limit: int, span_limit_s: float) -> Doubt:
    """The first doubt about a place that is over; without any, that it has gone."""
    looks = len(place.sights)
    gone = Doubt("gone-again", gone_again(looks), 1 / (looks + 1))
    return next(about(place, looks_limit, span_limit_s), gone)
