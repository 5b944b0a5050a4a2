"""Night as a fact for policy: by the site's own hours, else by the sun, else by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Final

from astral import Observer
from astral.sun import elevation

from edge.site import Hours
from wire import Position

SUN_DOWN_DEG: Final = -0.833
"""Elevation at which the sun's upper edge sets, refraction included."""
USUAL: Final = Hours(since=time(22), until=time(6))


@dataclass(frozen=True, slots=True)
class Night:
    """When it is night at one site.

    Attributes:
        position: The site's, if known.
        zone: The site's clock.
        hours: The site's own night; it goes before the sun's.
    """

    position: Position | None
    zone: tzinfo
    hours: Hours | None = None

    def at(self, moment: datetime) -> bool:
        """Whether the sun is down; without a position, whether it is 22:00 to 06:00."""
        if self.hours is not None or self.position is None:
            return (self.hours or USUAL).hold(self.clock(moment))
        here = Observer(self.position.latitude_deg, self.position.longitude_deg)
        return elevation(here, moment) < SUN_DOWN_DEG

    def clock(self, moment: datetime) -> time:
        """What the clock on the wall says."""
        return moment.astimezone(self.zone).time()
