"""What a camera's street makes of a thing: whether it counts there, and how large it is."""

from __future__ import annotations

from datetime import datetime, time

from edge.scenarios.dumping_carrier import Carrier
from edge.scenarios.dumping_extent import guessed_m2
from edge.scenarios.ground import foot_of
from edge.scenarios.night import Night
from edge.scenarios.zones import Zones
from edge.site import Collection, SiteFile
from edge.vision.scene import Box


class Setting:
    """One camera's site file, laid over frames of one size, and its clock."""

    def __init__(self, site: SiteFile | None, night: Night, stay_s: float) -> None:
        self.stay_s = stay_s
        self._site = site
        self._night = night
        self._zones = Zones(None, (1, 1))

    def fit(self, frame_wh: tuple[int, int]) -> bool:
        """Lays it over frames of a size; whether that is another one."""
        if frame_wh == self._zones.frame_wh:
            return False
        self._zones = Zones(self._site, frame_wh)
        return True

    def watches(self, xyxy: Box) -> bool:
        return self._zones.watches(foot_of(xyxy))

    def point(self, xyxy: Box) -> Collection | None:
        """The collection point in which it stands, open or not."""
        return self._zones.collection(foot_of(xyxy))

    def is_at_border(self, xyxy: Box) -> bool:
        return self._zones.of_kind("border", foot_of(xyxy)) is not None

    def is_night(self, at: datetime) -> bool:
        return self._night.at(at)

    def clock(self, at: datetime) -> time:
        """What the clock on the wall says."""
        return self._night.clock(at)

    @property
    def is_measured(self) -> bool:
        return self._zones.ground is not None

    def size_m2(self, xyxy: Box, area_px: float, carrier: Carrier) -> float:
        """By the measured ground, or else by who brought it."""
        if self._zones.ground is None:
            return guessed_m2(area_px, carrier)
        return self._zones.ground.area_m2(xyxy, area_px)
