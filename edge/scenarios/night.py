"""Night as a fact for policy: by the sun where the place is known, by the clock elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from astral import Observer
from astral.sun import elevation

from wire import Position

SUN_DOWN_DEG: Final = -0.833
"""Elevation at which the sun's upper edge sets, refraction included."""


@dataclass(frozen=True, slots=True)
class Night:
    """When it is night at one site.

    Attributes:
        position: The site's, if known.
        zone: The site's clock, asked only where there is no position.
    """

    position: Position | None
    zone: tzinfo

    def at(self, moment: datetime) -> bool:
        """Whether the sun is down; without a position, whether it is 22:00 to 06:00."""
        if self.position is None:
            hour = moment.astimezone(self.zone).hour
            return hour >= 22 or hour < 6
        here = Observer(self.position.latitude_deg, self.position.longitude_deg)
        return elevation(here, moment) < SUN_DOWN_DEG
