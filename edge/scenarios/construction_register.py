"""What the district knows of the place that construction is watched in: zones, permits, scale."""

from __future__ import annotations

from datetime import date

from edge.scenarios.zones import Zones
from edge.site import Permit, SiteFile
from edge.vision.scene import Box


class Register:
    """A site file in one camera's frame; without one everything is watched and nothing is filed."""

    def __init__(self, site: SiteFile | None, frame_wh: tuple[int, int]) -> None:
        self._zones = Zones(site, frame_wh)
        self._plane = site.plane(frame_wh) if site else None

    def watches(self, xyxy: Box) -> bool:
        return self._zones.watches(_foot(xyxy))

    def permit(self, xyxy: Box, day: date) -> Permit | None:
        return self._zones.permit(xyxy, day)

    def parcel(self, xyxy: Box) -> str:
        """Name of the building, or else the watched zone, in which it stands."""
        zone = self._zones.of_kind("building", _foot(xyxy)) or self._zones.of_kind(
            "watch", _foot(xyxy)
        )
        return zone.name if zone else ""

    def area_m2(self, xyxy: Box, area_px: float) -> float | None:
        """Of its face, at the scale of its feet; None where the ground was not measured."""
        return None if self._plane is None else round(self._plane.area_m2(xyxy, area_px), 1)


def _foot(xyxy: Box) -> tuple[float, float]:
    left, _, right, bottom = xyxy
    return (left + right) / 2, bottom
