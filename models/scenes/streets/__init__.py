"""The streets by name; each is made anew from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np

from models.scenes.streets.border import border
from models.scenes.streets.ditch import ditch
from models.scenes.streets.gate import gate
from models.scenes.streets.junction import junction
from models.scenes.streets.roof import roof
from models.scenes.streets.street import Street
from models.scenes.streets.yard import yard


class Builder(Protocol):
    """Builds one kind of street; by day and by night of the same draws."""

    def __call__(self, rng: np.random.Generator, *, night: bool) -> Street: ...


STREETS: Final[Mapping[str, Builder]] = {
    "gate": gate,
    "yard": yard,
    "junction": junction,
    "ditch": ditch,
    "border": border,
    "roof": roof,
}


def street(name: str, seed: int, *, night: bool = False) -> Street:
    """One of ``STREETS``, of a seed; at night its lamps are lit, and some windows."""
    return STREETS[name](np.random.default_rng(seed), night=night)
