"""What dumping must not lose in a restart: where something was raised, and what is open.

Times go into the file by the frames' monotonic clock, which no restart outlives, beside the wall
clock of the last frame, by which the new one is found to be ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from edge.scenarios.dumping_raised import Raised
from edge.scenarios.finding import Finding
from edge.video.frame import Frame


@dataclass(frozen=True, slots=True)
class Open:
    """The open alerts of one camera.

    Attributes:
        at: Time of the last frame, at ``at_s``.
        loads: What they were raised on, and what is held back.
        told: What each of them said last.
    """

    at: datetime
    at_s: float
    loads: tuple[Raised, ...]
    told: tuple[Finding, ...]

    def resume(self, frame: Frame, ids: Iterator[int]) -> None:
        """Lets the loads go on by the clock of the first frame after a restart."""
        off_s = max((frame.captured_at - self.at).total_seconds(), 0.0)
        for load in self.loads:
            load.resume(frame.monotonic_s - off_s - self.at_s, ids)


_FILE = TypeAdapter(Open)


def packed(now: Open) -> bytes:
    """A small file of all; ``unpacked`` is its inverse."""
    return _FILE.dump_json(now)


def unpacked(saved: bytes) -> Open:
    """
    Raises:
        ValueError: It is no such file.
    """
    try:
        return _FILE.validate_json(saved)
    except ValidationError as error:
        raise ValueError("it is no list of open dumpings") from error
