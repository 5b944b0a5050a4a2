"""A street to stand in, as a value: what it is built of, and the places a script can name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.scenes.camera import Camera
from models.scenes.light import Lamp
from models.scenes.mesh import Mesh

Spot = tuple[float, float, float]
"""East and north in metres, and the compass direction in which to look."""
Way = tuple[tuple[float, float], ...]
"""East and north of its corners."""


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    """One street, made from a seed.

    Attributes:
        mesh: All that stands there always; windows that are lit are so by night only.
        cameras: Named places where a camera hangs; at least two.
        spots: Named places on the ground.
        ways: Named ways to go, pavements and lanes, from one edge of the picture to another.
        openings: Named windows, doors, balconies and sockets of the building, in metres.
        zones: Named areas of ground: collection points, sheds, border strips.
        lamps: What is lit at night; the first throws shadows.
    """

    name: str
    mesh: Mesh
    cameras: Mapping[str, Camera]
    spots: Mapping[str, Spot]
    ways: Mapping[str, Way]
    openings: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    zones: Mapping[str, Way] = field(default_factory=dict)
    lamps: tuple[Lamp, ...] = ()
