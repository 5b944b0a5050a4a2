"""The photos of a flight at working size, over one map of metres."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from shapely import Polygon

from edge.errors import BrokenOffError, SourceError
from edge.video.frame import Pixels
from edge.video.replay import Replay
from edge.video.source import Source
from edge.video.telemetry import Flight, Photo
from edge.vision.flight_pair import Doubles, Pose, UnlaidError
from edge.vision.growth import shrunk
from edge.vision.registration import Features

M_PER_DEG: Final = 111_195.0
"""Of latitude, on a sphere; a flight is small."""

MOST_FEATURES: Final = 4000
"""More than of a fixed camera: treetops fill a photo, and two flights share but a part of it."""


class Ground:
    """Metres east and north of where the first photo was taken."""

    def __init__(self, origin: Photo) -> None:
        self._latitude, self._longitude = origin.latitude, origin.longitude
        self._east = M_PER_DEG * float(np.cos(np.radians(origin.latitude)))

    def at(self, photo: Photo) -> tuple[float, float, float]:
        turn = (photo.longitude - self._longitude + 180) % 360 - 180
        north = M_PER_DEG * (photo.latitude - self._latitude)
        return self._east * turn, north, photo.height_m

    def position(self, spot: Doubles) -> tuple[float, float]:
        """Latitude and longitude of ``(2,)`` metres."""
        east, north = spot.tolist()
        return self._latitude + north / M_PER_DEG, self._longitude + east / self._east


@dataclass(slots=True, eq=False)
class Shown:
    """A photo at working size.

    Attributes:
        pixels: ``(height, width, 3)``.
        full_wh: Size of the photo itself.
        pose: By telemetry, of pictures of the working size.
    """

    photo: Photo
    pixels: Pixels
    full_wh: tuple[int, int]
    pose: Pose
    outline: Polygon
    _features: list[Features] = field(default_factory=list)

    @property
    def wh(self) -> tuple[int, int]:
        return self.pose.wh

    def features(self) -> Features:
        if not self._features:
            self._features.append(Features.of(self.pixels, MOST_FEATURES))
        return self._features[0]

    def overlap(self, other: Shown) -> float:
        """Of the smaller one's ground, what both show."""
        both = self.outline.intersection(other.outline).area
        return float(both / min(self.outline.area, other.outline.area))


def pictures_of(flight: Flight, ground: Ground, lose: Callable[[str], None]) -> Iterator[Shown]:
    """The photos of a flight that can be read and placed, in the order of time."""
    wanted = {photo.index: photo for photo in flight.photos}
    read: dict[int, tuple[Pixels, tuple[int, int]]] = {}
    try:
        with Replay(Source("folder", str(flight.folder))) as reading:
            for frame in reading.frames():
                if frame.index in wanted:
                    read[frame.index] = shrunk(frame.pixels), frame.wh
    except (BrokenOffError, SourceError) as error:
        lose(f"{error}; what could be read is compared")
    for photo in flight.photos:
        if photo.index not in read:
            continue
        pixels, full_wh = read[photo.index]
        wh = pixels.shape[1], pixels.shape[0]
        angles = photo.yaw_deg, photo.pitch_deg, photo.roll_deg
        pose = Pose.of(ground.at(photo), angles, photo.lens_mm, wh)
        try:
            outline = Polygon(pose.outline())
        except UnlaidError as error:
            lose(f"{photo.path}: {error}; it is left out")
            continue
        yield Shown(photo, pixels, full_wh, pose, outline)
