"""How much was dumped, how bad that is, and how sure."""

from __future__ import annotations

from typing import Final, Literal

from edge.scenarios.dumping_carrier import Carrier
from edge.vision.scene import Thing
from wire import DumpingFacts

LEAST_M2: Final = 0.006
"""What is smaller than a hand is no item, but a piece of something."""
HEAP_M2: Final = 0.6
TRUCKLOAD_M2: Final = 2.0
"""From so much of its face on a load is a heap, and a truckload."""
CARRIER_M2: Final = {"person": 0.8, "vehicle": 5.0}
"""The size by which a load is judged where the ground was not measured; others by a person's."""
BULKY: Final = 0.3
"""Share of looks from which on a load is builders' waste."""


def load_of(area_m2: float) -> Literal["item", "heap", "truckload"]:
    """How much it is.

    >>> load_of(0.2), load_of(1.0), load_of(3.0)
    ('item', 'heap', 'truckload')
    """
    return "item" if area_m2 < HEAP_M2 else "heap" if area_m2 < TRUCKLOAD_M2 else "truckload"


def confidence(thing: Thing) -> float:
    """How far the evidence goes: the outline's newness, and what the detector said."""
    sharp = min(max((thing.newness - 0.5) / 0.3, 0.0), 1.0)
    known = thing.looks.waste - thing.looks.person - thing.looks.vehicle
    return float(min(max(0.45 + 0.3 * sharp + 0.2 * known, 0.05), 0.95))


def urgency(facts: DumpingFacts) -> int:
    """4 for an item by day; night adds 2, heap and truckload 1 and 2, whatever is worse 1."""
    size = ("item", "heap", "truckload").index(facts.load)
    worse = facts.builders_waste or facts.border or facts.earlier > 0
    return 4 + 2 * facts.night + size + worse


def guessed_m2(area_px: float, carrier: Carrier) -> float:
    """By the size of who brought it."""
    share = area_px / carrier.area_px
    return share * CARRIER_M2.get(carrier.label, CARRIER_M2["person"])


def is_builders(thing: Thing) -> bool:
    """Whether it is rubble or furniture, as far as the detector tells."""
    return thing.looks.bulky >= BULKY
