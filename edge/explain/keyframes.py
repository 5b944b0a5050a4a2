"""What the camera showed before: a few shrunk, redacted pictures, and where tracks went.

Pictures lie the closer together the younger they are, so that minutes and weeks fit into one
bound. Around the time when something came that still stands, they lie closer than elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import cv2
import numpy as np

from edge.evidence.redaction import redacted
from edge.video.frame import Pixels
from edge.vision.scene import Scene, Track

LONG_SIDE_PX: Final = 960
JPEG_QUALITY: Final = 80
MOVING_EVERY_S: Final = 1.0
STILL_EVERY_S: Final = 5.0
MOST_BYTES: Final = 12_000_000
CAME_S: Final = 2.0
"""So near the time when something came, pictures are wanted most."""
WANTED: Final = 8.0
"""By so much more than others."""
STEP_S: Final = 0.4
MOST_TRACKS: Final = 200
MOST_STEPS: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class KeyFrame:
    """One picture, heads blurred.

    Attributes:
        at_s: By the frames' monotonic clock.
        jpeg: Of the picture, ``scale`` times as large as the frame.
    """

    at: datetime
    at_s: float
    jpeg: bytes
    scale: float
    frame_wh: tuple[int, int]
    tracks: tuple[Track, ...]

    def pixels(self) -> Pixels:
        packed = np.frombuffer(self.jpeg, np.uint8)
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def key_frame(scene: Scene, long_side_px: int = LONG_SIDE_PX) -> KeyFrame:
    """A scene's picture, shrunk and redacted as evidence is."""
    frame = scene.frame
    scale = min(1.0, long_side_px / max(frame.wh))
    small = frame.pixels
    if scale < 1:
        how = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
        small = np.asarray(cv2.resize(small, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    safe = redacted(small, scene.people * np.float32(scale))
    _, packed = cv2.imencode(".jpg", safe, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return KeyFrame(
        frame.captured_at, frame.monotonic_s, packed.tobytes(), scale, frame.wh, scene.tracks
    )


class KeyFrames:
    """One camera's memory in pictures; bounded in bytes, whatever the time."""

    def __init__(self, most_bytes: int = MOST_BYTES, *, detects: bool = True) -> None:
        """``detects``: people are found by a detector; else by motion, once the eye is settled."""
        self._most_bytes = most_bytes
        self._detects = detects
        self._kept: list[KeyFrame] = []
        self._paths: OrderedDict[int, list[tuple[float, float, float]]] = OrderedDict()
        self._began: datetime | None = None
        self.size_bytes = 0

    def see(self, scene: Scene) -> None:
        """Keeps a scene's picture when it is time for one, and gives up the least wanted."""
        frame = scene.frame
        if frame.seam or self._began is None:
            self._began = frame.captured_at
            self._paths.clear()
        self._follow(scene)
        if not scene.settled and not self._detects:
            return
        every_s = MOVING_EVERY_S if scene.tracks else STILL_EVERY_S
        if self._kept and 0 <= frame.monotonic_s - self._kept[-1].at_s < every_s:
            return
        self._kept.append(key_frame(scene))
        self.size_bytes += len(self._kept[-1].jpeg)
        if self.size_bytes > self._most_bytes:
            came = [thing.appeared_s for thing in scene.things]
            self._thin(frame.monotonic_s, [*came, *(bike.since_s for bike in scene.parked)])

    def all(self) -> list[KeyFrame]:
        """The oldest first; what a seam ended, too."""
        return list(self._kept)

    def unbroken(self) -> list[KeyFrame]:
        """Those since the last seam."""
        return [kept for kept in self._kept if self._began is None or kept.at >= self._began]

    def path(self, track_id: int, span_s: tuple[float, float]) -> list[tuple[float, float]]:
        """Where a track's feet went in that time, in frame pixels; empty where it is forgotten."""
        since_s, until_s = span_s
        return [
            (x, y) for at_s, x, y in self._paths.get(track_id, ()) if since_s <= at_s <= until_s
        ]

    def _follow(self, scene: Scene) -> None:
        now_s = scene.frame.monotonic_s
        for track in scene.tracks:
            path = self._paths.get(track.track_id)
            if path is None:
                path = self._paths[track.track_id] = []
                if len(self._paths) > MOST_TRACKS:
                    self._paths.popitem(last=False)
            if track.seen and (not path or now_s - path[-1][0] >= STEP_S):
                left, _, right, bottom = track.xyxy
                path.append((now_s, (left + right) / 2, bottom))
                if len(path) > MOST_STEPS:
                    del path[1:-1:2]

    def _thin(self, now_s: float, came_s: Iterable[float]) -> None:
        """Gives up pictures whose neighbors are closest for their age; never the first or last."""
        came = np.fromiter(came_s, np.float64)
        while self.size_bytes > self._most_bytes and len(self._kept) > 2:
            at_s = np.array([kept.at_s for kept in self._kept])
            age_s = np.maximum(np.abs(now_s - at_s[1:-1]), 1.0)
            worth = np.abs(at_s[2:] - at_s[:-2]) / age_s
            near = (np.abs(at_s[1:-1, None] - came) <= CAME_S).any(axis=1)
            row = 1 + int(np.argmin(np.where(near, WANTED * worth, worth)))
            self.size_bytes -= len(self._kept.pop(row).jpeg)
