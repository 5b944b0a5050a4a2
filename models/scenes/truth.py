"""What a picture of a scene truly shows: boxes, masks, visible shares, and the deeds.

JSON lines: the first tells of the whole clip, each further one of one frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.camera import Camera
from models.scenes.mesh import Floats, Ints
from models.scenes.render import Body
from models.scenes.stage import Cast, Part

Xyxy = tuple[float, float, float, float]
Rle = Mapping[str, list[int]]
VERSION: Final = 1
OUTLINE_PX: Final = 1920


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing in one frame.

    Attributes:
        instance: Its number, the same throughout the clip.
        label: One of ``LABELS``; empty for what no class names.
        visible_xyxy: Box of the pixels that show it; None where none does.
        full_xyxy: Box it would have were nothing before it, cut at the frame; None outside.
        visible_share: Of its outline, frame or no frame, the part that shows, 0 to 1.
        rle: Its pixels, as COCO has them: runs down the columns, clear and set in turn.
    """

    instance: int
    name: str
    kind: str
    label: str
    does: str
    visible_xyxy: Xyxy | None
    full_xyxy: Xyxy | None
    visible_share: float
    rle: Rle

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of the script.

    Attributes:
        offence: False for what only looks like one.
        parties: Names of who and what takes part.
        place_xyxy: Where in the picture; None outside.
        area_m2: Ground that what is left covers; 0 where nothing is.
    """

    scenario: str
    offence: bool
    begin_s: float
    end_s: float
    parties: tuple[str, ...]
    place_xyxy: Xyxy | None
    area_m2: float
    reason: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Witness:
    """Tells what pictures by one camera show; remembers outlines of what stands still."""

    camera: Camera
    wh: tuple[int, int]
    _outlines: dict[int, tuple[Body, float, Xyxy | None]] = field(default_factory=dict)

    def see(
        self,
        cast: Cast,
        instance: npt.NDArray[np.uint16],
        shaken_px: tuple[float, float] = (0.0, 0.0),
    ) -> tuple[Seen, ...]:
        """Everything of the cast, seen or hidden.

        Args:
            instance: ``(height, width)`` numbers of ``cast.parts``.
            shaken_px: How far right and down this picture is moved.
        """
        bodies = {body.instance: body for body in cast.bodies}
        boxes = boxes_of(instance)
        return tuple(
            self._seen(
                part,
                instance == part.instance,
                boxes.get(part.instance),
                self._outline(bodies[part.instance], shaken_px),
            )
            for part in cast.parts
        )

    def box(self, body: Body) -> Xyxy | None:
        """The box that a body would have were nothing before it, cut at the frame."""
        return self._outline(body, (0.0, 0.0))[1]

    def _seen(
        self,
        part: Part,
        mask: npt.NDArray[np.bool_],
        visible: Xyxy | None,
        outline: tuple[float, Xyxy | None],
    ) -> Seen:
        area_px, full = outline
        share = float(mask.sum()) / max(area_px, 1.0)
        return Seen(
            instance=part.instance,
            name=part.name,
            kind=part.kind,
            label=part.label,
            does=part.does,
            visible_xyxy=visible,
            full_xyxy=full,
            visible_share=round(min(share, 1.0), 3),
            rle=rle_of(mask),
        )

    def _outline(self, body: Body, shaken_px: tuple[float, float]) -> tuple[float, Xyxy | None]:
        """Pixels inside its outline, and its box cut at the frame."""
        known = self._outlines.get(body.instance)
        if known is None or not _same(known[0], body):
            pixels = self.camera.project(body.mesh.moved(body.matrix).position, self.wh)
            known = (body, outline_px(pixels, body.mesh.faces, self.wh), _box(pixels))
            self._outlines[body.instance] = known
        return known[1], _cut(known[2], shaken_px, self.wh)


def rle_of(mask: npt.NDArray[np.bool_]) -> Rle:
    """Runs down the columns of ``(height, width)``, clear first; ``mask_of`` is its inverse.

    >>> rle_of(np.array([[False, True], [False, True]]))
    {'size': [2, 2], 'counts': [2, 2]}
    """
    height, width = mask.shape
    used = np.flatnonzero(mask.any(axis=0))
    if not len(used):
        return {"size": [height, width], "counts": [height * width]}
    first, last = int(used[0]), int(used[-1]) + 1
    flat = mask[:, first:last].T.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1 + first * height
    edges = [0, *([first * height] if flat[0] else []), *changes.tolist()]
    if flat[-1] and last < width:
        edges.append(last * height)
    counts = np.diff([*edges, height * width]).tolist()
    return {"size": [height, width], "counts": counts}


def mask_of(rle: Rle) -> npt.NDArray[np.bool_]:
    """``(height, width)`` of runs."""
    height, width = rle["size"]
    flat = np.repeat(np.arange(len(rle["counts"])) % 2 == 1, rle["counts"])
    return flat.reshape(width, height).T.copy()


def boxes_of(instance: npt.NDArray[np.uint16]) -> dict[int, Xyxy]:
    """The box of every number but 0 in ``(height, width)``: left, top, right, bottom."""
    rows, columns = np.nonzero(instance)
    who = instance[rows, columns].astype(np.int64)
    most = int(who.max(initial=0)) + 1
    low, high = np.full((most, 2), 1 << 30), np.full((most, 2), -1)
    for k, line in enumerate((columns, rows)):
        np.minimum.at(low[:, k], who, line)
        np.maximum.at(high[:, k], who, line)
    return {
        number: (
            float(low[number, 0]),
            float(low[number, 1]),
            float(high[number, 0] + 1),
            float(high[number, 1] + 1),
        )
        for number in np.unique(who).tolist()
    }


def outline_px(pixels: Floats, faces: Ints, wh: tuple[int, int]) -> float:
    """Area in pixels that triangles cover, up to a frame's size beyond the frame."""
    corners = pixels[faces]
    corners = corners[np.isfinite(corners).all(axis=(1, 2))]
    corners = np.clip(corners, -np.array(wh), 2 * np.array(wh))
    if not len(corners):
        return 0.0
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    scale = OUTLINE_PX / max(float((high - low).max()), 1.0)
    fine = np.round((corners - low) * scale * 16).astype(np.int32)
    width, height = (np.ceil((high - low) * scale).astype(int) + 2).tolist()
    canvas = np.zeros((height, width), np.uint8)
    for triangle in fine:
        cv2.fillConvexPoly(canvas, triangle, 1, shift=4)
    return float(canvas.sum()) / scale**2


def area_m2(bodies: Sequence[Body]) -> float:
    """Ground that bodies cover, each by the hull of its outline seen from above."""
    grounds = [body.mesh.moved(body.matrix).position[:, :2].astype(np.float32) for body in bodies]
    hulls = [cv2.convexHull(np.ascontiguousarray(ground)) for ground in grounds]
    return round(float(sum(cv2.contourArea(hull) for hull in hulls)), 2)


def around(boxes: Iterable[Xyxy | None]) -> Xyxy | None:
    """The box around boxes."""
    table = np.array([box for box in boxes if box is not None]).reshape(-1, 4)
    if not len(table):
        return None
    left, top = table[:, :2].min(axis=0).tolist()
    right, bottom = table[:, 2:].max(axis=0).tolist()
    return left, top, right, bottom


def _same(one: Body, other: Body) -> bool:
    return one.mesh is other.mesh and bool((one.matrix == other.matrix).all())


def _box(pixels: Floats) -> Xyxy | None:
    seen = pixels[np.isfinite(pixels).all(axis=1)]
    if not len(seen):
        return None
    left, top = seen.min(axis=0).tolist()
    right, bottom = seen.max(axis=0).tolist()
    return left, top, right, bottom


def _cut(box: Xyxy | None, moved_px: tuple[float, float], wh: tuple[int, int]) -> Xyxy | None:
    """A box moved, then cut at the frame; None where nothing of it is left."""
    if box is None:
        return None
    moved = np.add(box, [*moved_px, *moved_px])
    left, top, right, bottom = np.clip(moved, 0, [*wh, *wh]).round(1).tolist()
    return (left, top, right, bottom) if right > left and bottom > top else None
