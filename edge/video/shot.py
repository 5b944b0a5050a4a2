"""What a reading of a source is: decoded pictures, and a word on what was missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from edge.video.protocol import Opened

if TYPE_CHECKING:
    import av


@dataclass(slots=True)
class Shot:
    """A decoded picture before it is turned into pixels; its times as in ``Picture``."""

    image: av.VideoFrame
    index: int
    at_s: float
    captured_at_s: float
    monotonic_s: float
    seam: bool = False


class UnreadableError(Exception):
    """The source cannot be read; says why in words."""


class Reading(Protocol):
    """One pass over a source."""

    opened: Opened

    def shots(self) -> Iterator[Shot]: ...

    def broken(self) -> str:
        """After the last shot: what was not there, in words; empty if all was."""
