"""A site's areas in one camera's frame: what lies where, and what is allowed there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, Protocol, TypeVar

from shapely import Point, Polygon, affinity, box, prepare

from edge.site import Collection, Permit, Pixel, Shed, SiteFile, Zone
from edge.vision.scene import Box

COVERED = 0.6
"""Share of a thing that a permit's parcel covers when the permit is for it."""


class _Area(Protocol):
    @property
    def polygon(self) -> tuple[Pixel, ...]: ...


_A = TypeVar("_A", bound=_Area)
_Outlined = tuple[_A, Polygon]


class Zones:
    """Asked where a thing stands; without a site file the whole frame is watched.

    Attributes:
        ground: In the frame's pixels; None where nobody measured it.
    """

    def __init__(self, site: SiteFile | None, frame_wh: tuple[int, int]) -> None:
        self.frame_wh = frame_wh
        self.ground = site.plane(frame_wh) if site else None
        drawn_wh = site.frame_wh if site else frame_wh
        self._scale = frame_wh[0] / drawn_wh[0], frame_wh[1] / drawn_wh[1]
        self._zones = self._outlined(site.zone if site else ())
        self._sheds = self._outlined(site.shed if site else ())
        self._collections = self._outlined(site.collection if site else ())
        self._permits = self._outlined(site.permit if site else ())

    def watches(self, foot: Pixel) -> bool:
        """Whether anything that stands there counts."""
        if self.of_kind("ignore", foot) is not None:
            return False
        watched = any(zone.kind == "watch" for zone, _ in self._zones)
        return not watched or self.of_kind("watch", foot) is not None

    def of_kind(
        self, kind: Literal["watch", "ignore", "stairwell", "border", "building"], foot: Pixel
    ) -> Zone | None:
        """The zone of a kind in which a spot lies."""
        return _holding([(zone, at) for zone, at in self._zones if zone.kind == kind], foot)

    def shed(self, foot: Pixel) -> Shed | None:
        return _holding(self._sheds, foot)

    def collection(self, foot: Pixel) -> Collection | None:
        """The collection point in which a spot lies, open or not."""
        return _holding(self._collections, foot)

    def permit(self, xyxy: Box, day: date) -> Permit | None:
        """The permit whose parcel covers most of a thing on that day."""
        thing = box(*xyxy)
        for permit, parcel in self._permits:
            share = parcel.intersection(thing).area / max(thing.area, 1e-9)
            if permit.covers(day) and share >= COVERED:
                return permit
        return None

    def _outlined(self, areas: Sequence[_A]) -> list[_Outlined[_A]]:
        found = []
        for area in areas:
            polygon = affinity.scale(Polygon(area.polygon), *self._scale, origin=(0, 0))
            prepare(polygon)
            found.append((area, polygon))
        return found


def _holding(areas: Sequence[_Outlined[_A]], foot: Pixel) -> _A | None:
    return next((area for area, polygon in areas if polygon.contains(Point(foot))), None)
