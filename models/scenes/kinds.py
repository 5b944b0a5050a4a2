"""The words for what a scene can hold, and what each word makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np

from models.scenes.assets import building, cable
from models.scenes.assets.asset import Asset
from models.scenes.assets.cycles import CYCLES as CYCLE_KINDS
from models.scenes.assets.cycles import cycle
from models.scenes.assets.lookalikes import KINDS as LOOKALIKES
from models.scenes.assets.lookalikes import lookalike
from models.scenes.assets.person import Age, Person
from models.scenes.assets.vehicles import VEHICLES as VEHICLE_KINDS
from models.scenes.assets.vehicles import vehicle
from models.scenes.assets.waste import KINDS as WASTE_KINDS
from models.scenes.assets.waste import waste
from models.scenes.mesh import Mesh, scaled

Size = tuple[float, float, float]

PEOPLE: Final[dict[str, Age]] = {
    "person": "adult",
    "adult": "adult",
    "child": "child",
    "old": "old",
}
"""And of which age each is."""
CYCLES: Final = frozenset(CYCLE_KINDS)
VEHICLES: Final = frozenset(VEHICLE_KINDS)
HANGING: Final = frozenset({"cable"})
SIZES: Final[dict[str, Size]] = {
    "roof-room": (5.0, 3.6, 2.8),
    "balcony-room": (3.2, 1.4, 2.7),
    "scaffold": (1.2, 7.2, 6.0),
}
"""Usual length, depth and height of what is built."""
STYLES: Final[tuple[building.Style, ...]] = ("frame-sheet", "brick")
GROWING_STEPS: Final = 20


@dataclass(slots=True)
class Prop:
    """One actor's body, apart from where it stands.

    Attributes:
        half_m: From its middle to its side or end, the farther of the two.
        anchors: Named places in its own metres.
        person: How it moves, for people.
        of_share: Its mesh when so much of it is built.
    """

    kind: str
    label: str
    half_m: float = 0.3
    anchors: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    person: Person | None = None
    of_share: Callable[[float], Mesh] | None = None
    _made: dict[int, Mesh] = field(default_factory=dict)

    def mesh(self, share: float = 1.0) -> Mesh:
        """The same mesh for the same share, in steps of a twentieth."""
        assert self.of_share is not None
        step = round(share * GROWING_STEPS)
        if step not in self._made:
            self._made[step] = self.of_share(step / GROWING_STEPS)
        return self._made[step]


def prop(kind: str, seed: int, size: Size | None = None) -> Prop:
    """What a word of ``KINDS`` makes."""
    return KINDS[kind](seed, size)


def _person(age: Age, seed: int, size: Size | None) -> Prop:
    return Prop("person", "person", 0.35, person=Person(seed, age))


def _standing(make: Callable[[int], Asset], seed: int, size: Size | None) -> Prop:
    asset = make(seed)
    reach = np.abs(asset.mesh.position[:, :2]).max()
    return Prop(
        asset.kind,
        asset.label,
        float(reach),
        asset.anchors,
        of_share=lambda share: (
            asset.mesh if share == 1.0 else asset.mesh.moved(scaled(max(share, 0.05)))
        ),
    )


def _built(
    make: Callable[[int, Size, float], Asset], kind: str, seed: int, size: Size | None
) -> Prop:
    measures = size or SIZES[kind]
    asset = make(seed, measures, 1.0)
    return Prop(
        kind,
        asset.label,
        max(measures[:2]) / 2,
        asset.anchors,
        of_share=lambda share: make(seed, measures, share).mesh,
    )


def _cable(seed: int, size: Size | None) -> Prop:
    return Prop("cable", "cable", 0.1)


def _scaffold(seed: int, size: Size, share: float) -> Asset:
    _, width, height = size
    return building.scaffolding(seed, width, max(height * share, 2.0))


def _roof_room(seed: int, size: Size, share: float) -> Asset:
    style = STYLES[seed // 2 % len(STYLES)]  # odd and even seeds part training from judging
    return building.roof_room(seed, size, share, style=style)


Make = Callable[[int, Size | None], Prop]
KINDS: Final[dict[str, Make]] = {
    **{kind: partial(_person, age) for kind, age in PEOPLE.items()},
    **{kind: partial(_standing, partial(cycle, kind)) for kind in sorted(CYCLES)},
    **{kind: partial(_standing, partial(vehicle, kind)) for kind in VEHICLE_KINDS},
    **{kind: partial(_standing, partial(waste, kind)) for kind in WASTE_KINDS},
    **{kind: partial(_standing, partial(lookalike, kind)) for kind in LOOKALIKES},
    "charger": partial(_standing, cable.charger),
    "plug": partial(_standing, cable.plug),
    "extension-reel": partial(_standing, cable.extension_reel),
    "battery": partial(_standing, cable.battery),
    "cable": _cable,
    "scaffold": partial(_built, _scaffold, "scaffold"),
    "roof-room": partial(_built, _roof_room, "roof-room"),
    "balcony-room": partial(_built, building.balcony_room, "balcony-room"),
    **{kind: partial(_standing, partial(building.material, kind)) for kind in building.KINDS},
}
"""Each word a script may use for an actor, and what makes one from a seed and a size."""
