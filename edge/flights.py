"""Flights over the same ground, compared: what was built between them becomes alerts.

The orchestra around ``edge.scenarios.construction_flights``: reads photos and telemetry, lays later
photos onto earlier ones, keeps evidence and prints alerts. What cannot be used is said in one
sentence and costs no more than itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
from shapely import Polygon

from edge.agent import MissLog
from edge.build import open_detector
from edge.config import BoxConfig
from edge.errors import SourceError
from edge.flight_alerts import Filing
from edge.flight_pairs import TRIES, Flown, later_flights, usable
from edge.flight_photos import Ground, Shown, pictures_of
from edge.ids import uuid7
from edge.near_misses import NoMissLog
from edge.replay import PrintingOutbox, Trace
from edge.scenarios.construction_flights import MOST_ANGLE_DEG, DarkError, Grown, Look, Parcel
from edge.scenarios.construction_register import Register
from edge.scenarios.night import Night
from edge.video.frame import Frame
from edge.vision.boxes import Bools
from edge.vision.detector import OnnxDetector
from edge.vision.flight_pair import Doubles, UnlaidError, lay
from edge.vision.growth import Picture
from edge.vision.lean import height_of

BESIDE: Final = 0.5
"""Of the ground of two photos of one flight, which together tell a height."""
OWN_DEG: Final = 2.0
"""Photos that see a spot so nearly from the same sides in all flights all decide over it."""
SAME: Final = 0.3
"""Of the smaller: two findings that share so much ground are one."""


@dataclass(frozen=True, slots=True)
class FlightSettings:
    """What to compare and how.

    Attributes:
        config: Its first camera speaks in the alerts; its site file is drawn in the first photo of
            ``before``.
        evidence: Folder for photos before and after; None keeps none.
        explain: Folder for one picture for each alert; None draws none.
        trace: Told of each near miss.
    """

    before: Path
    after: tuple[Path, ...]
    config: BoxConfig
    evidence: Path | None = None
    explain: Path | None = None
    default_model: Path | None = None
    trace: Callable[[str], None] | None = None


@dataclass(slots=True)
class FlightSummary:
    """What was compared.

    Attributes:
        compared: Pairs of photos.
        lost: Whether something could not be looked at.
    """

    flights: int = 0
    compared: int = 0
    alerts: int = 0
    lost: bool = False

    def __str__(self) -> str:
        alerts = f"{self.alerts} alert{'' if self.alerts == 1 else 's'}"
        return f"{self.flights} flights, {self.compared} pairs of photos compared, {alerts}"


def compare_flights(
    settings: FlightSettings, print_line: Callable[[bytes], None], say: Callable[[str], None]
) -> FlightSummary:
    """Compares each later flight with the first.

    Raises:
        SourceError: ``before`` cannot be used, or no later flight can.
        ConfigError: ``explain`` cannot be written.
        ModelError: The detector cannot serve.
    """
    summary = FlightSummary()

    def lose(sentence: str) -> None:
        summary.lost = True
        say(sentence)

    before = usable(settings.before, lose)
    ground = Ground(before.photos[0])
    earlier = list(pictures_of(before, ground, lose))
    if not earlier:
        raise SourceError(str(settings.before), "holds no photo that looks down to the ground")
    pairs = [
        flown
        for flight in later_flights(before, settings.after, lose)
        if (flown := Flown.over(earlier, before, flight, ground, lose)).laid
    ]
    for flown in pairs:
        flown.doubt(before, earlier, say)
    if not pairs:
        raise SourceError(str(settings.before), "no later flight can be compared with it")
    summary.flights = 1 + len(pairs)
    outbox = PrintingOutbox(print_line, updates=False)
    detector = open_detector(settings.config.detector, settings.default_model)
    filing = Filing.of(settings.config, detector, (settings.evidence, settings.explain), uuid4())
    comparison = _Comparison(settings, ground, earlier, pairs, detector)
    misses: MissLog = Trace(settings.trace, UTC) if settings.trace else NoMissLog()
    found: list[tuple[Shown, Grown]] = []
    for index, photo in enumerate(earlier):
        parcel = comparison.parcel(index)
        for look in comparison.looks(index):
            summary.compared += _compared(parcel, look, comparison.names(index, look), lose)
        found += [(photo, grown) for grown in parcel.grown()]
        for miss in parcel.misses:
            misses.note(filing.who.camera_id, miss)
    for photo, grown in _distinct(found):
        outbox.file(filing.alert(photo, comparison.source(grown.look), grown))
    summary.alerts = outbox.printed
    return summary


def _compared(parcel: Parcel, look: Look, names: str, lose: Callable[[str], None]) -> bool:
    """Whether a look could be judged; what of it could not is said."""
    try:
        wide = parcel.look(look)
    except DarkError as error:
        lose(f"{names}: passed over, lit too differently: {error}; fly in like light and season")
        return False
    if wide:
        lose(
            f"{names}: {wide} changed {'place is' if wide == 1 else 'places are'} passed over: "
            f"seen from more than {MOST_ANGLE_DEG:g}° apart, a roof that leans and one that is new "
            "look alike; fly the same route"
        )
    return True


@dataclass(slots=True, eq=False)
class _Comparison:
    settings: FlightSettings
    ground: Ground
    earlier: list[Shown]
    flown: list[Flown]
    detector: OnnxDetector | None
    _sources: dict[int, tuple[Flown, int]] = field(default_factory=dict)

    def parcel(self, index: int) -> Parcel:
        config, photo = self.settings.config, self.earlier[index]
        camera = config.cameras[0]
        drawn = config.drawn(camera)
        return Parcel(
            before=self._frame(photo),
            config=config.construction,
            register=Register(drawn, self.earlier[0].wh),
            night=Night(config.site_of(camera).position, UTC, drawn.night if drawn else None),
            new_id=uuid7,
            detector=self.detector,
            owns=lambda spot: self._owns(index, spot),
            position=self.ground.position,
            height_of=self._height_of,
            measures=all(flown.measures for flown in self.flown),
        )

    def looks(self, index: int) -> Iterator[Look]:
        """At one of the earlier photos, in the order of time."""
        to_register = self._to_register(index)
        for flown in self.flown:
            if (laid := flown.laid.get(index)) is None:
                continue
            row, onto = laid
            photo = flown.shown[row]
            look = Look(self._frame(photo), photo.full_wh, onto, to_register @ onto.onto)
            self._sources[id(look.frame)] = flown, row
            yield look

    def source(self, look: Look) -> Shown:
        flown, row = self._sources[id(look.frame)]
        return flown.shown[row]

    def names(self, index: int, look: Look) -> str:
        return f"{self.earlier[index].photo.path} and {self.source(look).photo.path}"

    def _frame(self, shown: Shown) -> Frame:
        at_s = (shown.photo.captured_at - self.earlier[0].photo.captured_at).total_seconds()
        return Frame(shown.pixels, shown.photo.captured_at, at_s, shown.photo.index)

    def _to_register(self, index: int) -> Doubles:
        """``(3, 3)`` from an earlier photo's pixels to the first one's."""
        first, photo = self.earlier[0], self.earlier[index]
        if index == 0:
            return np.eye(3)
        if self.settings.config.drawn(self.settings.config.cameras[0]) is not None:
            try:
                return lay(first.features(), first.pose, photo.features(), photo.pose).onto
            except UnlaidError:
                pass
        return first.pose.plane() @ np.linalg.inv(photo.pose.plane())

    def _owns(self, index: int, spot: Doubles) -> bool:
        """Whether no other photo is seen from nearer the same side, over all flights."""
        costs = [self._cost(row, spot) for row in range(len(self.earlier))]
        return costs[index] <= min(costs) + OWN_DEG

    def _cost(self, index: int, spot: Doubles) -> float:
        if not self.earlier[index].pose.shows(spot):
            return np.inf
        laid = [flown.laid.get(index) for flown in self.flown]
        angles = [
            pair[1].angle_deg(spot) if pair and pair[1].after.shows(spot) else 90.0 for pair in laid
        ]
        return max(angles)

    def _height_of(self, look: Look, mask: Bools) -> float | None:
        """By another photo of the same flight, the one that looks from farthest aside first."""
        flown, row = self._sources[id(look.frame)]
        photo = flown.shown[row]
        others = sorted(
            (
                other
                for other in flown.shown
                if other is not photo and photo.overlap(other) > BESIDE
            ),
            key=lambda other: -float(np.linalg.norm(other.pose.at - photo.pose.at)),
        )
        for other in others[:TRIES]:
            try:
                laid = lay(photo.features(), photo.pose, other.features(), other.pose)
            except UnlaidError:
                continue
            baseline = Picture.of(photo.pixels)
            beside = Picture.of(laid.later_on_earlier(other.pixels)).exposed_as(baseline)
            if (height_m := height_of(beside, baseline, mask, laid)) is not None:
                return height_m
        return None


def _distinct(found: Iterable[tuple[Shown, Grown]]) -> list[tuple[Shown, Grown]]:
    """One of each that share their ground, the surest."""
    kept: list[tuple[Shown, Grown]] = []
    for photo, grown in sorted(found, key=lambda pair: -pair[1].finding.confidence):
        here = Polygon(grown.ground)
        others = (Polygon(other.ground) for _, other in kept)
        if all(here.intersection(o).area < SAME * min(here.area, o.area) for o in others):
            kept.append((photo, grown))
    return kept
