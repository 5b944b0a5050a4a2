"""Cars, vans and trucks from a seed; each looks along +x."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from models.scenes.assets.asset import Asset
from models.scenes.assets.cars import car
from models.scenes.assets.trucks import truck

VEHICLES: Final[dict[str, Callable[[str, int], Asset]]] = {
    "car": car,
    "van": car,
    "truck": truck,
    "collection-truck": truck,
}


def vehicle(kind: str, seed: int) -> Asset:
    """One of ``VEHICLES``.

    Anchors, in its own metres: ``headlight_left``, ``headlight_right``; on the ground
    ``door_driver`` beside the door and ``tail`` behind; ``bed``, the load's floor, on trucks.

    Raises:
        ValueError: No such kind.
    """
    if kind not in VEHICLES:
        raise ValueError(f"kind {kind!r}: want one of {', '.join(VEHICLES)}")
    return VEHICLES[kind](kind, seed)
