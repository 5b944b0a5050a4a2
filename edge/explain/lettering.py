"""Chinese and English on a picture, in the fonts that OpenCV brings along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2

from edge.video.frame import Pixels

Color = tuple[int, int, int]
"""Blue, green, red."""

_ATOMS: Final = re.compile(r"[\u2e80-\uffef][，。；：、！？）」]*|[^\s\u2e80-\uffef]+\s*|\s+")
"""What a line may be broken between: one Chinese character, or one word."""


@dataclass(frozen=True, slots=True)
class Style:
    """How letters look; ``weight`` 400 is regular, Chinese has that alone."""

    size_px: int
    color: Color
    weight: int = 400


def put(picture: Pixels, text: str, at: tuple[int, int], style: Style) -> int:
    """Writes one line from its left end on the base line; returns where it ends."""
    end, _ = cv2.putText(picture, text, at, style.color, _face(), style.size_px, style.weight)
    return int(end[0])


def width_px(text: str, style: Style) -> int:
    """How wide one line is."""
    *_, wide, _ = cv2.getTextSize((1, 1), text, (0, 0), _face(), style.size_px, style.weight)
    return int(wide)


def wrapped(text: str, style: Style, most_px: int) -> list[str]:
    """The lines of a text, none wider than that unless a single word is.

    >>> wrapped("It has stayed 62 s", Style(16, (0, 0, 0)), 90)
    ['It has', 'stayed 62 s']
    """
    lines = [""]
    for atom in _ATOMS.findall(text):
        longer = lines[-1] + atom
        if lines[-1] and width_px(longer.rstrip(), style) > most_px:
            lines.append(atom.lstrip())
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines]


@cache
def _face() -> cv2.FontFace:
    """Latin from OpenCV's own font; what that lacks, from its Unicode font."""
    return cv2.FontFace("sans")
