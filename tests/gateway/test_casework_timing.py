"""Which of a box's clocks is believed, and what a jump of our own does."""

from datetime import datetime, timedelta

import pytest

from gateway.casework.clock import Reading, jump_between
from gateway.casework.timing import Timing, time_of
from tests.gateway.district import NIGHT

LATE = timedelta(minutes=2)


def at(seconds: float) -> datetime:
    return NIGHT + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("captured_at", "age_s", "timing"),
    [
        pytest.param(at(-3), 1.0, Timing(at(-3), None, False), id="fresh, clock right"),
        pytest.param(at(-3605), 3600.0, Timing(at(-3605), None, True), id="held back for an hour"),
        pytest.param(
            at(-90_000), 2.0, Timing(at(-2), 2 - 90_000, False), id="fresh, clock a day behind"
        ),
        pytest.param(
            at(7200), 3600.0, Timing(at(-3600), 10_800.0, True), id="an hour old, clock ahead"
        ),
        pytest.param(at(-5), None, Timing(at(-5), None, False), id="age unknown, fresh"),
        pytest.param(at(-500), None, Timing(at(-500), None, True), id="age unknown, late"),
        pytest.param(at(500), None, Timing(at(0), 500.0, False), id="age unknown, from the future"),
        pytest.param(
            at(-(10**8)), None, Timing(at(0), -(10.0**8), True), id="age unknown, clock never set"
        ),
    ],
)
def test_time_of(captured_at: datetime, age_s: float | None, timing: Timing) -> None:
    """The monotonic age wins over the wall clock, which is only marked where it is wrong."""
    assert time_of(captured_at, age_s, NIGHT, LATE) == timing


@pytest.mark.parametrize(
    ("wall_s", "uptime_s", "jump_s"),
    [
        pytest.param(1, 1, 0, id="time passes"),
        pytest.param(1, 4, 0, id="a little adjustment"),
        pytest.param(86_400, 86_400, 0, id="the machine slept"),
        pytest.param(3601, 1, 3600, id="set forward"),
        pytest.param(-3599, 1, -3600, id="set back"),
    ],
)
def test_jump(wall_s: float, uptime_s: float, jump_s: float) -> None:
    """Only somebody setting the clock is a jump."""
    jump = jump_between(Reading(NIGHT, 1000), Reading(at(wall_s), 1000 + uptime_s))
    assert jump == timedelta(seconds=jump_s)
