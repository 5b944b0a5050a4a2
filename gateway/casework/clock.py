"""Jumps of the wall clock, seen against a clock that never jumps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one moment; ``uptime_s`` also counts while the machine sleeps."""

    wall: datetime
    uptime_s: float


def jump_between(before: Reading, now: Reading) -> timedelta:
    """How far somebody has set the wall clock meanwhile; zero where nobody has.

    Deadlines are moments of the wall clock: moved by this, they leave people the time they had.
    """
    passed = timedelta(seconds=now.uptime_s - before.uptime_s)
    jump = now.wall - before.wall - passed
    return jump if abs(jump) > TOLERANCE else timedelta(0)
