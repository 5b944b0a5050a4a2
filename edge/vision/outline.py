"""What a patch's outline tells: something has come, something has gone, or only light."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from edge.video.frame import Pixels
from edge.vision.boxes import Bools, Floats
from edge.vision.motion import Motion

LOCAL_PX: Final = 6.0
"""How far along an outline it is judged together."""
COME: Final = 0.65
"""Share of new contrast from which on a stretch of outline is a thing's that has come."""


def newness(mask: Bools, motion: Motion) -> float | None:
    """Contrast along a patch's outline now, over now plus reference: 0 to 1.

    Above a half something stands there that has an outline; below it the reference had one, and
    the patch is the bare ground behind it. None where the patch has no outline of its own.

    Args:
        mask: ``(height, width)`` the patch in the whole picture.
    """
    rows, cols = _around(mask)
    inner = mask[rows, cols].view(np.uint8)
    outline = free_outline(inner, motion.foreground[rows, cols].view(np.uint8))
    if outline is None:
        return None
    now, before = (_contrast(p[rows, cols], outline) for p in (motion.picture, motion.reference))
    return now / max(now + before, 1e-6)


def come_part(mask: Bools, motion: Motion) -> Bools:
    """``(height, width)``: the pixels of a patch by which the outline is new.

    Where something has gone, what was put down beside or behind it makes one patch with the bared
    ground.
    """
    part = np.zeros_like(mask)
    rows, cols = _around(mask)
    inner = mask[rows, cols].view(np.uint8)
    outline = free_outline(inner, motion.foreground[rows, cols].view(np.uint8))
    if outline is None:
        return part
    now, before = (
        cv2.GaussianBlur(_steepness(p[rows, cols]) * outline, (0, 0), LOCAL_PX)
        for p in (motion.picture, motion.reference)
    )
    new = ((now > COME * (now + before)) & mask[rows, cols]).view(np.uint8)
    body = cv2.morphologyEx(new, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    part[rows, cols] = (cv2.dilate(body, np.ones((7, 7), np.uint8)) > 0) & mask[rows, cols]
    return part


def texture_kept(mask: Bools, motion: Motion) -> float:
    """Correlation of the slopes inside a patch before and now, -1 to 1.

    Light and shadow leave the ground's own texture; a thing covers it. 0 where there is too
    little of either to tell.
    """
    rows, cols = _around(mask)
    inside = cv2.erode(mask[rows, cols].view(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if np.count_nonzero(inside) < 16:
        return 0.0
    now, before = (
        np.concatenate(_slopes(p[rows, cols], inside)) for p in (motion.picture, motion.reference)
    )
    spread = float(now.std()), float(before.std())
    if min(spread) < 4:
        return 0.0
    together = float(np.mean((now - now.mean()) * (before - before.mean())))
    return together / (spread[0] * spread[1])


def free_outline(mask: Pixels, foreground: Pixels) -> Bools | None:
    """Where a mask borders on bare ground, both sides of the line.

    None where most of it borders on other foreground: a patch of a coat has no outline of its own.
    """
    reach = np.ones((5, 5), np.uint8)
    wide = cv2.dilate(mask, reach) > 0
    outline = wide & (cv2.erode(mask, reach) == 0)
    other = cv2.dilate(((foreground > 0) & ~wide).view(np.uint8), reach) > 0
    free: Bools = outline & ~other
    return free if np.count_nonzero(free) > 0.5 * np.count_nonzero(outline) else None


def box_of(mask: Bools) -> Floats:
    """xyxy of a mask's pixels."""
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    return np.array([left, top, left + width, top + height], np.float32)


def _around(mask: Bools) -> tuple[slice, slice]:
    """Rows and columns of a mask's box and four pixels around it."""
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    rows = slice(max(top - 4, 0), top + height + 4)
    return rows, slice(max(left - 4, 0), left + width + 4)


def _slopes(pixels: Pixels, where: Bools) -> tuple[Floats, Floats]:
    """Across and down, at the pixels of a mask."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    across = cv2.Sobel(gray, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    return across[where].astype(np.float32), down[where].astype(np.float32)


def _contrast(pixels: Pixels, where: Bools) -> float:
    """Mean steepness at the pixels of a mask."""
    return float(np.hypot(*_slopes(pixels, where)).mean())


def _steepness(pixels: Pixels) -> Floats:
    """``(height, width)``."""
    everywhere = np.ones(pixels.shape[:2], np.bool_)
    return np.hypot(*_slopes(pixels, everywhere)).reshape(pixels.shape[:2])
