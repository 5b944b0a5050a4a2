"""The table of the benchmark's clips: where, in which light, and which stories it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.events.truth import Light, Scenario


@dataclass(frozen=True, slots=True)
class Row:
    """One clip.

    Attributes:
        at: A name in ``PLACES``, or for construction in ``GROUNDS``.
        stories: Names in the scenario's ``STORIES``; each begins some seconds after the one before.
        sites: For construction, where each story takes place.
    """

    scenario: Scenario
    at: str
    light: Light
    stories: tuple[str, ...]
    sites: tuple[str, ...] = ()


def _dump(at: str, light: Light, *stories: str) -> Row:
    return Row("dumping", at, light, stories)


def _charge(at: str, light: Light, *stories: str) -> Row:
    return Row("charging", at, light, stories)


def _built(at: str, light: Light, *pairs: str) -> Row:
    """Each pair is ``story: site``."""
    told = [tuple(pair.split(": ")) for pair in pairs]
    return Row("construction", at, light, tuple(t[0] for t in told), tuple(t[1] for t in told))


def _photo(number: int, *stories: str) -> Row:
    sites = tuple(f"ground {k}" for k in range(1, len(stories) + 1))
    return Row("construction", f"photo {number}", "day", stories, sites)


DUMPING: Final = (
    _dump("gate-across", "night", "walker", "rests", "van", "drives by"),
    _dump("gate-pole", "infrared", "outside the point", "inside the point", "old person", "toy"),
    _dump("gate-gatehouse", "rain", "two walkers", "bike parked", "furniture", "wind"),
    _dump("yard-opposite", "dusk", "child", "van", "washing"),
    _dump("yard-corner", "night", "delivery", "walker", "e-bike"),
    _dump("junction-corner", "rain", "two walkers", "phones", "e-bike", "car parks"),
    _dump("junction-shops", "day", "outside the point", "stall", "inside the point"),
    _dump("ditch-pole", "infrared", "tricycle tips", "waits", "walker", "old bag"),
    _dump("ditch-bend", "night", "truck tips", "long pause", "exchange"),
    _dump("ditch-far-bank", "rain", "van", "old bag", "beside heap"),
    _dump("border-pole", "infrared", "truck tips", "bike parked", "furniture", "rests"),
    _dump("border-end", "day", "tricycle", "walker", "collects"),
    _dump("border-wall", "night", "long pause", "waits", "behind a tricycle"),
    _dump("square", "day", "walker", "rests", "furniture", "phones"),
    _dump("square", "day", "e-bike", "bike parked", "child", "toy"),
    _dump("square", "day", "old bag", "van", "two walkers", "waits"),
    _dump("square", "day", "long pause", "exchange", "old person", "wind"),
    _dump("square", "day", "tricycle", "delivery", "walker", "stall"),
    _dump("square", "day", "passer-by", "furniture", "washing", "rests"),
    _dump("square", "day", "phones", "van", "beside heap", "toy"),
    _dump("square", "day", "tricycle tips", "bike parked", "walker", "waits"),
    _dump("square", "day", "long pause", "exchange", "behind a tricycle", "car parks"),
    _dump("square", "day", "two walkers", "collects", "e-bike", "phones"),
)
CHARGING: Final = (
    _charge("yard-own", "night", "plugs in", "before the clip", "unconnected", "two bikes"),
    _charge("yard-own", "day", "over a hook", "plugs parked", "hose", "battery"),
    _charge("yard-own", "infrared", "three bikes", "cable, no bike", "plugs in", "drain pipe"),
    _charge("yard-corner", "infrared", "before the clip", "battery", "loose cable", "plugs parked"),
    _charge("yard-corner", "rain", "two bikes", "plugs in", "before the clip", "drain pipe"),
    _charge("yard-corner", "day", "plugs parked", "over a hook", "washing line", "tricycle"),
    _charge("yard-opposite", "night", "plugs in", "two bikes", "before the clip", "unconnected"),
    _charge("yard-opposite", "rain", "before the clip", "in the shed", "plugs in", "plugs parked"),
    _charge("yard-lamp-post", "dusk", "plugs in", "two bikes", "rope", "before the clip"),
    _charge("yard-lamp-post", "infrared", "two bikes", "before the clip", "telecom", "plugs in"),
    _charge("junction-own", "rain", "plugs parked", "before the clip", "unconnected"),
    _charge("junction-own", "night", "battery", "parks", "cable, no bike"),
    _charge("junction-far-own", "day", "before the clip", "stops and goes", "plugs parked"),
    _charge("junction-far-own", "infrared", "plugs in", "cable to stall", "tricycle"),
    _charge("roof-west-own", "night", "plugs in", "drain pipe", "before the clip"),
    _charge("roof-west-own", "rain", "before the clip", "loose cable", "plugs parked"),
    _charge("roof-east-own", "dusk", "plugs parked", "telecom", "before the clip"),
    _charge("roof-east-own", "infrared", "over a hook", "loose cable", "two bikes"),
    _charge("square", "day", "unconnected", "washing line", "lamp to stall", "stops and goes"),
    _charge("square", "day", "parks", "rope to post", "line on the ground", "battery carried"),
    _charge("square", "day", "washing line", "parks", "unconnected", "line on the ground"),
    _charge("square", "day", "battery carried", "stops and goes", "rope to post", "unconnected"),
    _charge("square", "day", "washing line", "parks", "lamp to stall", "line on the ground"),
)
CONSTRUCTION: Final = (
    _built(
        "tower", "day", "roof room: roof 2", "pots: roof 3", "truck: lane", "with workers: roof 1"
    ),
    _built("tower", "rain", "roof room: roof 3", "washing: roof 2", "scaffold: front 2"),
    _built("tower", "dusk", "balcony room: over front 2", "van: lane", "roof room: roof 5"),
    _built(
        "tower", "day", "permitted scaffold: front 2", "stacks to frame: roof 3", "washing: roof 1"
    ),
    _built("stair-head", "day", "roof room: roof 2", "permitted room: roof 5", "pots: roof 1"),
    _built("stair-head", "rain", "scaffold: front 2", "washing: roof 3", "stacks to frame: roof 1"),
    _built("drone", "day", "roof room: roof 1", "stacks to frame: roof 6", "material goes: roof 2"),
    _built("drone", "day", "with workers: roof 7", "roof room: roof 5 east", "pots: roof 3"),
    _built("drone-late", "day", "roof room: roof 6", "truck: lane", "with workers: roof 2"),
    _built("yard", "day", "shed: corner", "stall: by the shed", "balcony room: front"),
    _built("yard", "dusk", "material goes: middle", "shed: by the shed", "people: corner"),
    _built("ditch", "day", "shed: verge", "leaves: bank", "material goes: lane"),
    _built("border", "day", "shed: wasteland", "van: lane", "material goes: verge"),
    _built("border", "rain", "stacks to frame: strip", "truck: lane", "boards: wasteland"),
    _built("junction", "day", "shed: shop 1", "balcony room: over shop 3", "stall: pavement"),
    _photo(18, "shed", "truck", "roof room", "material goes", "van"),
    _photo(18, "stacks to frame", "shed", "pots", "stall", "truck"),
    _photo(19, "with workers", "shed", "material goes", "roof room", "van"),
    _photo(19, "washing", "roof room", "shed", "stall", "truck"),
    _photo(24, "roof room", "shed", "pots", "stall", "material goes"),
    _photo(24, "washing", "stacks to frame", "boards", "shed", "people"),
    _photo(25, "shed", "material goes", "van", "roof room", "stacks to frame"),
    _photo(25, "stall", "truck", "washing", "with workers", "shed"),
)
