"""What the district knows of the place that construction is watched in: zones, permits, scale."""

from __future__ import annotations

from datetime import date

from edge.scenarios.ground import foot_of
from edge.scenarios.zones import Zones
from edge.site import Permit, SiteFile
from edge.vision.scene import Box


class Register:
    """A site file in one camera's frame; without one everything is watched and nothing is filed."""

    def __init__(self, site: SiteFile | None, frame_wh: tuple[int, int]) -> None:
        self._zones = Zones(site, frame_wh)

    def watches(self, xyxy: Box) -> bool:
        return self._zones.watches(foot_of(xyxy))

    def permit(self, xyxy: Box, day: date) -> Permit | None:
        return self._zones.permit(xyxy, day)

    def parcel(self, xyxy: Box) -> str:
        """Name of the building, or else the watched zone, in which it stands."""
        foot = foot_of(xyxy)
        zone = self._zones.of_kind("building", foot) or self._zones.of_kind("watch", foot)
        return zone.name if zone else ""

    def area_m2(self, xyxy: Box, area_px: float) -> float | None:
        """Of its face, at the scale of its feet; None where the ground was not measured."""
        ground = self._zones.ground
        return None if ground is None else round(ground.area_m2(xyxy, area_px), 1)
