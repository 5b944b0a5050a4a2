"""Bicycles, electric two-wheelers, motorcycles and tricycles from a seed; each looks along +x."""

from __future__ import annotations

from typing import Final

from models.scenes.assets.asset import Asset
from models.scenes.assets.bicycles import bicycle, motorcycle
from models.scenes.assets.scooters import scooter
from models.scenes.assets.tricycles import tricycle

CYCLES: Final = ("bicycle", "e-bike", "delivery-e-bike", "motorcycle", "tricycle")


def cycle(kind: str, seed: int, *, battery_out: bool = False) -> Asset:
    """One of ``CYCLES``; an e-bike with its battery out stands open.

    Anchors, in its own metres: ``saddle``, a rider's hips; ``bar``, the middle of the grips;
    ``headlight``; ``plug`` and ``battery`` on what is electric; ``bed``, the floor of a
    tricycle's bed.

    Raises:
        ValueError: No such kind.
    """
    if kind in ("e-bike", "delivery-e-bike"):
        return scooter(kind, seed, battery_out=battery_out)
    plain = {"bicycle": bicycle, "motorcycle": motorcycle, "tricycle": tricycle}
    if kind not in plain:
        raise ValueError(f"kind {kind!r}: want one of {', '.join(CYCLES)}")
    return plain[kind](seed)
