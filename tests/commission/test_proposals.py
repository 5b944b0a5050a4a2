"""A limit is proposed only where the clip bears it out."""

from math import inf, log

import pytest

from sanse.commission.proposals import Stood, limit, most, rungs, score

DAY_S = 86_400.0


def test_the_upper_bound() -> None:
    """None seen allow three; the textbook's figures for more."""
    assert most(0) == pytest.approx(-log(0.05), abs=1e-6)
    assert [round(most(k), 2) for k in (1, 5, 10)] == [4.74, 10.51, 16.96]


def test_a_limit_lets_through_what_stood_as_long() -> None:
    """What was seen to go alerts up to its stay; what was not may have stood for good."""
    steps = rungs([Stood(25, True), Stood(12, False)], DAY_S, [Stood(9, True)], 8)
    alarms = {step.value: (step.alarms, step.innocents) for step in steps}
    assert [alarms[value] for value in (8, 10, 20, 30, 600)] == [
        (2, 1),
        (2, 0),
        (2, 0),
        (1, 0),
        (1, 0),
    ]


def test_the_shortest_limit_that_is_borne_out() -> None:
    """Two days of clip: 5 a day hold where no more than four stays are as long."""
    stays = [Stood(seconds, True) for seconds in (9, 14, 18, 22, 28, 28, 28)]
    steps = rungs(stays, 2 * DAY_S, [], 8)
    proposal = limit("dumping.stay_s", 60.0, 5.0, steps, 2 * DAY_S)
    assert proposal.value == 20
    assert "48.0 h" in proposal.why[0]


def test_a_short_clip_bears_nothing_out() -> None:
    """79 s without an alarm still allow thousands a day; the sentence says how long it takes."""
    steps = rungs([], 79.0, [], 8)
    proposal = limit("dumping.stay_s", 60.0, 5.0, steps, 79.0)
    assert proposal.value is None
    assert "3,276 a day" in proposal.why[0]
    assert "takes 14.4 h" in proposal.why[0]
    assert "14.4 小时" in proposal.why[1]


def test_none_a_day_cannot_be_borne_out() -> None:
    """No clip proves that there is never a false alarm."""
    proposal = limit("dumping.stay_s", 60.0, 0.0, rungs([], DAY_S, [], 8), DAY_S)
    assert proposal.value is None
    assert "no clip" in proposal.why[0]


def test_what_was_not_watched() -> None:
    """A second of footage that was not watched bears nothing out, and nothing divides by it."""
    steps = rungs([], 0.0, [], 8)
    assert steps[0].most_per_day == inf
    assert limit("charging.dwell_s", 180.0, 5.0, steps, 0.0).value is None


@pytest.mark.parametrize(
    ("drawn", "false", "value"),
    [
        pytest.param([0.6, 0.7, 0.8, 0.7, 0.9], [0.2, 0.1], 0.4, id="a gap: its middle"),
        pytest.param([0.6, 0.7, 0.8, 0.7, 0.9], [0.65], None, id="the empty picture is surer"),
        pytest.param([0.0, 0.0, 0.8, 0.7, 0.9], [], None, id="some were not seen at all"),
        pytest.param([0.9, 0.9], [], None, id="too few"),
    ],
)
def test_scores(drawn: list[float], false: list[float], value: float | None) -> None:
    """A score is proposed where it parts the drawn from what is not there."""
    assert score("person", drawn, false).value == value
