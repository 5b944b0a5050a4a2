"""What can stand in a street, as a value: a mesh, its class, and its named places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from models.scenes.mesh import Mesh

LABELS: Final = (
    "person",
    "bicycle",
    "e-bike",
    "motorcycle",
    "tricycle",
    "car",
    "truck",
    "waste",
    "bulky",
    "cable",
    "scaffold",
)
"""Classes of truth, in the order of street-n: truck is van or truck, bulky rubble or furniture."""


@dataclass(frozen=True, slots=True, eq=False)
class Asset:
    """One thing, made from a seed: it stands at the origin on z = 0 and looks along +x.

    Attributes:
        kind: The word a script uses for it, as "e-bike" or "bag".
        label: One of ``LABELS``; empty for what no class names.
        anchors: Named places in its own metres, as "plug", "saddle", "headlight_left".
    """

    kind: str
    label: str
    mesh: Mesh
    anchors: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.label and self.label not in LABELS:
            raise ValueError(f"label {self.label!r}: want one of {', '.join(LABELS)}, or none")
