"""Pictures for people: truth drawn over, sheets of moments, the note that all is composed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.scenes.assets.asset import LABELS
from models.scenes.truth import Seen, mask_of

Pixels = npt.NDArray[np.uint8]
NOTE: Final = "composed"
COLORS: Final = (
    *((90, 200, 255), (255, 190, 80), (120, 230, 120), (80, 170, 90), (200, 200, 90)),
    *((230, 130, 90), (200, 90, 160), (90, 110, 240), (60, 160, 220), (60, 230, 230)),
    (180, 180, 180),
)
"""Blue, green, red of each label, in the order of ``LABELS``."""


def drawn_over(bgr: Pixels, things: Sequence[Seen], at: str = "") -> Pixels:
    """A picture ``(height, width, 3)`` with boxes, outlines, words and shares over it."""
    shown = bgr.copy()
    for thing in things:
        if thing.visible_xyxy is None:
            continue
        color = COLORS[LABELS.index(thing.label)] if thing.label else (230, 230, 230)
        left, top, right, bottom = (round(edge) for edge in thing.visible_xyxy)
        mask = mask_of(thing.rle)[top:bottom, left:right].astype(np.uint8)
        outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(shown, outlines, -1, color, 1, offset=(left, top))
        if thing.full_xyxy is not None:
            low_x, low_y, high_x, high_y = (round(edge) for edge in thing.full_xyxy)
            cv2.rectangle(shown, (low_x, low_y), (high_x - 1, high_y - 1), color, 1)
        said = f"{thing.name} {thing.kind} {thing.visible_share:.0%}"
        _write(shown, said, (left, max(top - 5, 12)), color)
    return _write(shown, at, (10, 22), (255, 255, 255)) if at else shown


def sheet(pictures: Sequence[Pixels], columns: int, width: int = 480) -> Pixels:
    """Pictures of one size, made so wide, in rows of ``columns``."""
    height = round(width * pictures[0].shape[0] / pictures[0].shape[1])
    small = [cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) for one in pictures]
    small += [np.zeros_like(small[0])] * (-len(small) % columns)
    rows = [np.hstack(small[k : k + columns]) for k in range(0, len(small), columns)]
    return np.vstack(rows).astype(np.uint8)


def save(path: Path, bgr: Pixels, quality: int = 92) -> None:
    """Writes a JPEG or PNG whose metadata says that it is composed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() in {".jpg", ".jpeg"}:
        encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        comment = NOTE.encode()
        note = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        path.write_bytes(encoded[:2] + note + encoded[2:])
        return
    encoded = cv2.imencode(".png", bgr)[1].tobytes()
    chunk = b"tEXt" + b"Comment\x00" + NOTE.encode()
    note = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    end_of_head = 8 + 25
    path.write_bytes(encoded[:end_of_head] + note + encoded[end_of_head:])


def _write(bgr: Pixels, said: str, at: tuple[int, int], color: tuple[int, int, int]) -> Pixels:
    for line_color, thick in (((0, 0, 0), 3), (color, 1)):
        cv2.putText(bgr, said, at, cv2.FONT_HERSHEY_SIMPLEX, 0.45, line_color, thick, cv2.LINE_AA)
    return bgr
