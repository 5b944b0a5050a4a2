"""The rules by which an alert and an event are said to be the same; the index freezes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pydantic import ConfigDict

Xyxy = tuple[float, float, float, float]

DWELL_S: Final[Mapping[str, float]] = MappingProxyType(
    {"charging": 180.0, "dumping": 60.0, "construction": 86_400.0}
)
LEAST_IOU: Final = 0.1
LEAST_WIDER_PX: Final = 10.0


@dataclass(frozen=True, slots=True)
class Rules:
    """When an alert may be an event's.

    Attributes:
        dwell_s: By scenario, how long a system may watch before it calls a thing an offence.
        slack_s: How much later than that its alert still counts.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    dwell_s: dict[str, float] = field(default_factory=lambda: dict(DWELL_S))
    slack_s: float = 60.0

    def grace_s(self, scenario: str) -> float:
        """For how long after an event's end an alert still counts."""
        return self.dwell_s.get(scenario, DWELL_S.get(scenario, 0.0)) + self.slack_s


def is_at(region: Xyxy | None, place: Xyxy | None) -> bool:
    """Whether an alert's region is at an event's place.

    It is where the two overlap by an IoU of 0.1, or where the region's middle lies in the place
    widened by half its size on every side and the region is no larger than that. The first takes
    regions that hold the place with much around it, the second those that show a part of it, as
    the e-bike alone of a cable that hangs from the fourth floor. A whole picture is neither. Who
    tells no box, or has none, is judged by time alone.
    """
    if region is None or place is None:
        return True
    if iou(region, place) >= LEAST_IOU:
        return True
    wider = widened(place)
    return _holds(wider, middle(region)) and area_px(region) <= area_px(wider)


def iou(one: Xyxy, other: Xyxy) -> float:
    """Shared area over joint area, 0 to 1.

    >>> iou((0, 0, 2, 2), (1, 0, 3, 2))
    0.3333333333333333
    """
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (area_px(one) + area_px(other) - shared)


def widened(box: Xyxy) -> Xyxy:
    """A box with half its size, or 10 px, more on every side."""
    left, top, right, bottom = box
    across = max((right - left) / 2, LEAST_WIDER_PX)
    down = max((bottom - top) / 2, LEAST_WIDER_PX)
    return left - across, top - down, right + across, bottom + down


def middle(box: Xyxy) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def area_px(box: Xyxy) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def gap_px(one: Xyxy, other: Xyxy) -> float:
    """Pixels between two boxes' middles."""
    (x, y), (to_x, to_y) = middle(one), middle(other)
    return float(((x - to_x) ** 2 + (y - to_y) ** 2) ** 0.5)


def _holds(box: Xyxy, point: tuple[float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
