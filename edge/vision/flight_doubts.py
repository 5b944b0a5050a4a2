"""Where features and telemetry disagree: in which way, and what that says of the telemetry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge.vision.flight_pair import Doubles, Laid

LEAST_OFF_M: Final = 2.0
LEAST_OFF_SHARE: Final = 0.08
"""Of the height: GPS, gimbal and a tilt of the ground may be off by so much, and nobody wonders."""
LEAST_LAG_S: Final = 0.3
EXPLAINED: Final = 0.35
"""Of the disagreement: so much may be left once a lag is taken away."""
MOST_SCALE: Final = 1.15


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """One pair of photos, and how fast the drones flew then: ``(2,)`` m/s, None if nobody knows."""

    laid: Laid
    before_speed: Doubles | None
    after_speed: Doubles | None


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is wrong with the telemetry of two flights.

    Attributes:
        said: One sentence each, naming the flights.
        scale_known: Both tell heights on one scale: areas and heights can be told.
    """

    said: tuple[str, ...]
    scale_known: bool


def doubts(before: str, after: str, drifts: Sequence[Drift]) -> Doubts:
    """Compares where features put the later photos with where their telemetry does."""
    said = []
    laids = [drift.laid for drift in drifts]
    scale = float(np.median([laid.after.height_m / laid.told.height_m for laid in laids]))
    if scale_known := 1 / MOST_SCALE < scale < MOST_SCALE:
        said += _drifted(before, after, drifts)
    else:
        told = float(np.median([laid.told.height_m for laid in laids]))
        known = float(np.median([laid.before.height_m for laid in laids]))
        said.append(
            f"{after}: tells {told:.0f} m above the ground where its pictures, against {before} at "
            f"{known:.0f} m, are as from {told * scale:.0f} m: one of the two counts in feet or "
            "from sea level; the features are used, and neither area nor height is told"
        )
    return Doubts(tuple(said), scale_known)


def _drifted(before: str, after: str, drifts: Sequence[Drift]) -> list[str]:
    off = np.array([drift.laid.after.at[:2] - drift.laid.told.at[:2] for drift in drifts])
    height_m = float(np.median([drift.laid.before.height_m for drift in drifts]))
    off_m = _rms(off)
    if off_m < max(LEAST_OFF_M, LEAST_OFF_SHARE * height_m):
        return []
    of_after = _lag(off, [drift.after_speed for drift in drifts])
    of_before = _lag(-off, [drift.before_speed for drift in drifts])
    lag_s, rest_m, who = min((*of_after, after), (*of_before, before), key=lambda fit: fit[1])
    if abs(lag_s) >= LEAST_LAG_S and rest_m <= EXPLAINED * off_m:
        late = "lags" if lag_s > 0 else "runs ahead"
        return [
            f"{who}: its telemetry {late} by about {abs(lag_s):.1f} s of flight (photos lie "
            f"{off_m:.0f} m from where it puts them, along the flight); the features are used; "
            "set the clocks of camera and drone alike"
        ]
    return [
        f"{after}: its telemetry and that of {before} put photos {off_m:.0f} m off what their "
        "features say, and no lag explains it; the features are used; look at GPS fix and yaw"
    ]


def _lag(off: Doubles, speeds: Sequence[Doubles | None]) -> tuple[float, float]:
    """Seconds that explain most, and the metres that they leave."""
    known = np.array([speed is not None for speed in speeds])
    if not known.all():
        return 0.0, np.inf
    flown = np.array([speed for speed in speeds if speed is not None])
    square = float((flown * flown).sum())
    if square <= 0:
        return 0.0, np.inf
    lag_s = float((off * flown).sum()) / square
    return lag_s, _rms(off - lag_s * flown)


def _rms(metres: Doubles) -> float:
    return float(np.sqrt((metres**2).sum(axis=1).mean()))
