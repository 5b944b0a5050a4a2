"""When an alert happened, by whichever of the box's clocks can be believed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(seconds=60)
"""From the frame to the alert about it some seconds pass; more than this is a wrong clock."""

OLDEST: Final = timedelta(days=45)
"""Boxes keep alerts for 30 days; a time before this is a clock that was never set."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The time of an alert, put right.

    Attributes:
        clock_offset_s: How far the box's wall clock is ahead; None where nothing is wrong with it.
        late: Told long after it happened.
    """

    happened_at: datetime
    clock_offset_s: float | None
    late: bool


def time_of(
    captured_at: datetime, age_s: float | None, received_at: datetime, late_after: timedelta
) -> Timing:
    """Puts the time of an alert's first revision right.

    Args:
        captured_at: By the box's wall clock.
        age_s: By the box's monotonic clock, since the alert was made; None after a reboot.
        received_at: By the gateway's clock.
        late_after: From this age on an alert is late.
    """
    if age_s is not None:
        made_at = received_at - timedelta(seconds=age_s)
        late = timedelta(seconds=age_s) > late_after
        if abs(captured_at - made_at) <= TOLERANCE:
            return Timing(captured_at, None, late)
        return Timing(made_at, (captured_at - made_at).total_seconds(), late)
    offset_s = (captured_at - received_at).total_seconds()
    if captured_at - received_at > TOLERANCE:
        return Timing(received_at, offset_s, late=False)
    if received_at - captured_at > OLDEST:
        return Timing(received_at, offset_s, late=True)
    return Timing(captured_at, None, received_at - captured_at > late_after)
