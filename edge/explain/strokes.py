"""What is pointed at, drawn into a panel: bright, with a dark edge, so that it shows anywhere."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from edge.explain import words
from edge.explain.lettering import Color, Style, put, width_px
from edge.explain.story import Role, Stroke
from edge.video.frame import Pixels
from edge.vision.boxes import Floats
from edge.vision.scene import Box
from wire import Sentence

INK: Final[Color] = (36, 28, 22)
WHITE: Final[Color] = (255, 255, 255)
COLORS: Final[dict[Role, Color]] = {
    "thing": (48, 64, 232),
    "place": (255, 255, 255),
    "carrier": (236, 128, 28),
    "path": (236, 128, 28),
    "line": (0, 214, 255),
    "change": (48, 64, 232),
}
LINE_PX: Final = 2
EDGE_PX: Final = 4
DASH_PX: Final = 7
STEP_PX: Final = 18
TINT: Final = 0.08

Points = npt.NDArray[np.int32]


def draw(picture: Pixels, stroke: Stroke, shown: Box) -> None:
    """Draws into a picture that shows a part of the frame."""
    left, top, right, bottom = shown
    height, width = picture.shape[:2]
    scale = np.array([width / (right - left), height / (bottom - top)])
    xy = np.round((np.array(stroke.xy) - (left, top)) * scale).astype(np.int32)
    color = COLORS[stroke.role]
    if stroke.role == "place":
        _dashed(picture, xy)
    elif stroke.role == "path":
        _way(picture, xy, color)
    elif stroke.role == "line":
        _line(picture, xy, color)
    else:
        if stroke.role == "change":
            tinted = cv2.fillPoly(picture.copy(), [xy], color)
            cv2.addWeighted(tinted, TINT, picture, 1 - TINT, 0, picture)
        _outline(picture, xy, color, closed=True)
    if stroke.label is not None:
        low, high = xy.min(axis=0), xy.max(axis=0)
        _tag(picture, stroke.label, (int(low[0]), int(low[1])), int(high[1]), stroke.role)


def _outline(picture: Pixels, xy: Points, color: Color, *, closed: bool) -> None:
    cv2.polylines(picture, [xy], closed, INK, EDGE_PX, cv2.LINE_AA)
    cv2.polylines(picture, [xy], closed, color, LINE_PX, cv2.LINE_AA)


def _dashed(picture: Pixels, xy: Points) -> None:
    for one, other in zip(xy, np.roll(xy, -1, axis=0), strict=True):
        count = max(round(float(np.hypot(*(other - one))) / DASH_PX), 1)
        spots = np.linspace(one, other, count + 1).round().astype(int).tolist()
        for start, end in zip(spots[0::2], spots[1::2], strict=False):
            cv2.line(picture, start, end, INK, EDGE_PX, cv2.LINE_AA)
            cv2.line(picture, start, end, WHITE, LINE_PX, cv2.LINE_AA)


def _way(picture: Pixels, xy: Points, color: Color) -> None:
    """A path with an arrow where it ends or leaves the picture; who only sways makes none."""
    steps = _steps(xy, picture.shape[1], picture.shape[0])
    if len(steps) < 2:
        return
    _outline(picture, steps.round().astype(np.int32), color, closed=False)
    tip = steps[-1]
    along = (tip - steps[-2]) / max(np.hypot(*(tip - steps[-2])), 1.0)
    aside = np.array([-along[1], along[0]])
    head = np.array([tip + 2 * along, tip - 13 * along + 8 * aside, tip - 13 * along - 8 * aside])
    cv2.fillPoly(picture, [head.round().astype(np.int32)], color, cv2.LINE_AA)
    cv2.polylines(picture, [head.round().astype(np.int32)], True, INK, 1, cv2.LINE_AA)


def _steps(xy: Points, width: int, height: int) -> Floats:
    """The path smoothed, in steps that can be seen, up to where it leaves the picture."""
    ends = np.concatenate([xy[:1], xy, xy[-1:]]).astype(np.float32)
    smooth = (ends[:-2] + ends[1:-1] + ends[2:]) / 3
    kept = [smooth[0]]
    for spot in smooth[1:]:
        if np.hypot(*(spot - kept[-1])) < STEP_PX:
            continue
        was_in = _inside(kept[-1], width, height)
        if was_in and not _inside(spot, width, height):
            area = (EDGE_PX, EDGE_PX, width - 2 * EDGE_PX, height - 2 * EDGE_PX)
            start, end = kept[-1].astype(int).tolist(), spot.astype(int).tolist()
            kept.append(np.array(cv2.clipLine(area, start, end)[2], np.float32))
            break
        kept.append(spot)
    return np.array(kept, np.float32)


def _inside(spot: Floats, width: int, height: int) -> bool:
    x, y = float(spot[0]), float(spot[1])
    return EDGE_PX <= x < width - EDGE_PX and EDGE_PX <= y < height - EDGE_PX


def _line(picture: Pixels, xy: Points, color: Color) -> None:
    """A line that was followed, with both its ends."""
    _outline(picture, xy, color, closed=False)
    for spot, label in ((xy[0], words.LOWER), (xy[-1], words.UPPER)):
        x, y = spot.tolist()
        cv2.circle(picture, (x, y), 8, INK, EDGE_PX, cv2.LINE_AA)
        cv2.circle(picture, (x, y), 8, color, LINE_PX, cv2.LINE_AA)
        _tag(picture, label, (x + 16, y + 12), y, "line")


def _tag(picture: Pixels, label: Sentence, above: tuple[int, int], below: int, role: Role) -> None:
    """A name on its own ground, standing on ``above``, or hanging from ``below`` where it must."""
    height, width = picture.shape[:2]
    text, style = f"{label.zh} {label.en}", Style(15, INK if role == "line" else WHITE)
    wide, tall = width_px(text, style) + 12, 24
    left = min(max(above[0] - 1, 0), max(width - wide, 0))
    top = above[1] - tall - 2 if above[1] - tall - 2 >= 0 else min(below + 3, height - tall)
    cv2.rectangle(picture, (left, top), (left + wide, top + tall), COLORS[role], cv2.FILLED)
    put(picture, text, (left + 6, top + 17), style)
