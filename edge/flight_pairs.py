"""Later flights, laid photo by photo onto the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

import numpy as np

from edge.errors import SourceError
from edge.flight_photos import Ground, Shown, pictures_of
from edge.video.telemetry import Flight, read_flight
from edge.vision.flight_doubts import Drift, doubts
from edge.vision.flight_pair import Doubles, Laid, UnlaidError, lay

LEAST_OVERLAP: Final = 0.25
"""Of the smaller photo's ground: two photos must share so much to be compared."""
TRIES: Final = 2
"""Photos of a later flight that are tried against one of the earlier."""


@dataclass(slots=True, eq=False)
class Flown:
    """A later flight: its photos, and which of them is laid onto which of the first flight's.

    Attributes:
        laid: By the row of the earlier photo: row of the later one, and how.
        measures: Its heights are on the earlier flight's scale.
    """

    flight: Flight
    shown: list[Shown]
    laid: dict[int, tuple[int, Laid]]
    measures: bool = True

    @classmethod
    def over(
        cls,
        earlier: Sequence[Shown],
        before: Flight,
        flight: Flight,
        ground: Ground,
        lose: Callable[[str], None],
    ) -> Self:
        """Lays each earlier photo's counterpart onto it; what has none is said."""
        later = list(pictures_of(flight, ground, lose))
        laid: dict[int, tuple[int, Laid]] = {}
        apart, faults = 0, []
        for row, photo in enumerate(earlier):
            near = [i for i, other in enumerate(later) if photo.overlap(other) >= LEAST_OVERLAP]
            apart += not near
            try:
                laid.update({row: _laid(photo, later, near)} if near else {})
            except UnlaidError as error:
                faults.append(str(error))
        if later and apart:
            lose(_elsewhere(before, flight, earlier, later, apart))
        if faults:
            lose(
                f"{flight.folder}: {len(faults)} of {len(earlier)} photos of {before.folder} have "
                f"no counterpart that fits and are left out, as {faults[0]}"
            )
        return cls(flight, later, laid)

    def doubt(self, before: Flight, earlier: Sequence[Shown], say: Callable[[str], None]) -> None:
        """Says where telemetry and features disagree, and marks heights that cannot be told."""
        of_before, of_after = _speeds(earlier), _speeds(self.shown)
        drifts = [
            Drift(laid, of_before[row], of_after[index]) for row, (index, laid) in self.laid.items()
        ]
        told = doubts(str(before.folder), str(self.flight.folder), drifts)
        self.measures = told.scale_known
        for sentence in told.said:
            say(sentence)


def usable(folder: Path, lose: Callable[[str], None]) -> Flight:
    """Raises: SourceError: Nothing of it can be used."""
    flight = read_flight(folder)
    for fault in flight.faults:
        lose(fault)
    return flight


def later_flights(
    before: Flight, folders: Sequence[Path], lose: Callable[[str], None]
) -> Iterable[Flight]:
    """The later flights in the order of time."""
    flights = []
    for folder in folders:
        try:
            flight = usable(folder, lose)
        except SourceError as error:
            lose(str(error))
            continue
        if flight.began_at <= before.photos[-1].captured_at:
            lose(
                f"{folder}: was flown on {flight.began_at:%Y-%m-%d %H:%M}, not after "
                f"{before.folder}; it is left out; give the earlier flight first, and look at "
                "the drone's clock"
            )
            continue
        flights.append(flight)
    return sorted(flights, key=lambda flight: flight.began_at)


def _laid(photo: Shown, later: Sequence[Shown], rows: Sequence[int]) -> tuple[int, Laid]:
    """Of the photos that show its ground, the nearest that fits.

    Raises:
        UnlaidError: None does; names the nearest.
    """
    rows = sorted(rows, key=lambda row: float(np.linalg.norm(later[row].pose.at - photo.pose.at)))
    fault: UnlaidError | None = None
    for row in rows[:TRIES]:
        other = later[row]
        try:
            return row, lay(photo.features(), photo.pose, other.features(), other.pose)
        except UnlaidError as error:
            fault = fault or UnlaidError(f"{other.photo.path} on {photo.photo.path}: {error}")
    raise fault or UnlaidError("there is none")


def _elsewhere(
    before: Flight, flight: Flight, earlier: Sequence[Shown], later: Sequence[Shown], apart: int
) -> str:
    if apart < len(earlier):
        return (
            f"{flight.folder}: does not show the ground of {apart} of {len(earlier)} photos of "
            f"{before.folder}; they are not compared with it"
        )
    far_m = min(float(np.linalg.norm((a.pose.at - b.pose.at)[:2])) for a in earlier for b in later)
    return (
        f"{flight.folder}: shows none of the ground of {before.folder}, its nearest photo was "
        f"taken {far_m:.0f} m away; compare flights over the same parcels"
    )


def _speeds(shown: Sequence[Shown]) -> list[Doubles | None]:
    """``(2,)`` m/s at each photo, over the legs before and after it."""
    legs: list[Doubles | None] = []
    for one, other in pairwise(shown):
        took_s = (other.photo.captured_at - one.photo.captured_at).total_seconds()
        flown = (other.pose.at - one.pose.at)[:2]
        legs.append(flown / took_s if took_s > 0 else None)
    speeds: list[Doubles | None] = []
    for into, out in zip([None, *legs], [*legs, None], strict=True):
        known = [leg for leg in (into, out) if leg is not None]
        speeds.append(np.mean(known, axis=0) if known else None)
    return speeds
