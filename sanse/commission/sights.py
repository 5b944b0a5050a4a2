"""What a probe's clip truly shows, how sure the detector is of it, and a small picture of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import cv2
import numpy as np

from edge.evidence.redaction import redacted
from edge.video.frame import Pixels
from edge.vision.boxes import LABELS, PERSON, VEHICLE, Floats, iou
from edge.vision.detector import OnnxDetector
from edge.vision.scene import Box
from sanse.commission.places import Place
from sanse.commission.results import Score

ANY_SCORE: Final = 0.05
SAME: Final = 0.3
"""Overlap from which on a box is of what was drawn."""
PICTURE_WH: Final = (240, 180)
JPEG_QUALITY: Final = 72
Label = Literal["person", "waste"]
LABELS_OF: Final[dict[str, Label]] = {"person": "person", "waste": "waste"}


@dataclass(frozen=True, slots=True)
class Truth:
    """A truth file, as far as it is needed here.

    Attributes:
        place: About the deed, in pixels.
        frames: What each frame shows, in order.
    """

    place: Box | None
    begin_s: float
    frames: tuple[dict[str, Any], ...]

    @classmethod
    def read(cls, path: Path) -> Truth:
        head, *frames = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        event = head["events"][0]
        return cls(
            tuple(event["place_xyxy"]) if event["place_xyxy"] else None,
            float(event["begin_s"]),
            tuple(frames),
        )

    def telling(self) -> dict[str, int]:
        """Numbers of the frames worth looking at: the last, and where something shows whole.

        ``person`` is the walker half way, ``waste`` the thing when it lies there at the end.
        """
        walking = [k for k, f in enumerate(self.frames) if _shown(f, "person", "walks")]
        lying = [k for k, f in enumerate(self.frames) if _shown(f, "waste", "stands")]
        found = {"last": len(self.frames) - 1}
        if walking:
            found["person"] = walking[len(walking) // 2]
        if lying:
            found["waste"] = lying[-1]
        return found


def scores(truth: Truth, pictures: Mapping[int, Pixels], sharp: OnnxDetector) -> tuple[Score, ...]:
    """How sure the detector is of the walker on its way, and of the thing at the end."""
    found = []
    for name, number in truth.telling().items():
        thing = _shown(truth.frames[number], name, "")
        if name in LABELS_OF and number in pictures and thing is not None:
            told = LABELS_OF[name]
            sure = best_score(pictures[number], thing, told, sharp)
            found.append(Score(label=told, score=sure))
    return tuple(found)


def recognised(truth: Truth, last: Pixels, detector: OnnxDetector | None) -> bool:
    """Whether the detector takes the bike at the end for a vehicle, in the whole picture or near.

    Only a bike that shows whole is asked for.
    """
    bike = _shown(truth.frames[-1], "e-bike", "")
    if detector is None or bike is None:
        return True
    wide = 2 * max(bike[2] - bike[0], bike[3] - bike[1])
    x, y = (bike[0] + bike[2]) / 2, (bike[1] + bike[3]) / 2
    left, top = max(round(x - wide), 0), max(round(y - wide), 0)
    near = last[top : round(y + wide), left : round(x + wide)]
    aside: Box = (bike[0] - left, bike[1] - top, bike[2] - left, bike[3] - top)
    return any(
        best_score(part, box, "vehicle", detector) > 0
        for part, box in ((last, bike), (near, aside))
    )


def best_score(pixels: Pixels, xyxy: Box, label: str, sharp: OnnxDetector) -> float:
    """The surest box of a label on a place; 0 where there is none."""
    seen = sharp.detect(pixels)
    seen = seen.where(seen.label == LABELS.index(label))
    place: Floats = np.array([xyxy], np.float32)
    on_it = seen.score[(iou(seen.xyxy, place) >= SAME).any(axis=1)]
    return round(float(on_it.max(initial=0.0)), 3)


def false_scores(empty: Pixels, sharp: OnnxDetector) -> tuple[Score, ...]:
    """All that the detector believes to see in a picture in which nobody is."""
    seen = sharp.detect(empty)
    return tuple(
        Score(label=LABELS_OF[LABELS[label]], score=round(float(score), 3))
        for score, label in zip(seen.score.tolist(), seen.label.tolist(), strict=True)
        if LABELS[label] in LABELS_OF
    )


def is_taken(empty: Pixels, place: Place, detector: OnnxDetector | None) -> bool:
    """Whether a vehicle stands where something would be drawn."""
    if detector is None:
        return False
    seen = detector.detect(empty)
    x, y = place.pixel
    return any(
        box[0] <= x <= box[2] and box[1] <= y <= box[3] + 2
        for box in seen.where(seen.label == VEHICLE).xyxy.tolist()
    )


def picture(pixels: Pixels, about: Box, detector: OnnxDetector | None) -> str:
    """A small JPEG in base64 of what is about a deed, heads blurred."""
    if detector is not None:
        seen = detector.detect(pixels)
        pixels = redacted(pixels, seen.where(seen.label == PERSON).xyxy)
    height, width = pixels.shape[:2]
    wide = min(max(4.0 * (about[2] - about[0]), 4.0 * (about[3] - about[1]), 120.0), width)
    high = min(wide * PICTURE_WH[1] / PICTURE_WH[0], height)
    left = np.clip((about[0] + about[2] - wide) / 2, 0, width - wide)
    top = np.clip((about[1] + about[3] - high) / 2, 0, height - high)
    part = pixels[round(top) : round(top + high), round(left) : round(left + wide)]
    shown = np.asarray(cv2.resize(part, PICTURE_WH, interpolation=cv2.INTER_AREA), np.uint8)
    return jpeg(shown)


def jpeg(pixels: Pixels, quality: int = JPEG_QUALITY) -> str:
    packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return base64.b64encode(packed.tobytes()).decode()


def _shown(frame: dict[str, Any], label: str, does: str) -> Box | None:
    """Where a thing of a label shows whole, while it does something."""
    for thing in frame["things"]:
        box = thing["visible_xyxy"]
        if thing["label"] == label and does in thing["does"] and box and _whole(thing):
            return tuple(box)
    return None


def _whole(thing: dict[str, Any]) -> bool:
    return float(thing["visible_share"]) >= 0.8
