"""Watches along with an agent, and draws what led to each alert once it is filed."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

import cv2

from edge.explain.folder import Shelf
from edge.explain.keyframes import KeyFrames, key_frame
from edge.explain.sheet import sheet
from edge.explain.story import story
from edge.scenarios.finding import Finding
from edge.vision.scene import Scene
from wire import Alert

NOW_PX: Final = 1920
"""Long side of the picture on which an alert opens; those before it are smaller."""
JPEG_QUALITY: Final = 88


class PictureExplainer:
    """One camera's memory, and the pictures made of it."""

    def __init__(self, shelf: Shelf, zone: tzinfo, *, detects: bool) -> None:
        self._shelf = shelf
        self._zone = zone
        self._kept = KeyFrames(detects=detects)

    def see(self, scene: Scene) -> None:
        """Remembers what may be wanted."""
        self._kept.see(scene)

    def explain(self, scene: Scene, finding: Finding, alert: Alert) -> None:
        """Draws an opening; what becomes of it later needs no explanation."""
        if finding.phase != "opened":
            return
        told = story(finding, self._kept, key_frame(scene, NOW_PX))
        picture = sheet(alert, told, self._zone)
        _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        self._shelf.put(alert, jpeg.tobytes())


class NoExplainer:
    """Remembers nothing."""

    def see(self, scene: Scene) -> None:
        """Forgets it."""

    def explain(self, scene: Scene, finding: Finding, alert: Alert) -> None:
        """Draws nothing."""
