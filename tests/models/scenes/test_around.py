"""Walkers go around what stands in their way."""

from itertools import pairwise

import numpy as np
import pytest

from models.scenes.around import CLEAR_M, footprint, led_around
from models.scenes.mesh import box, shift, turn

CAR = box((4.4, 1.8, 1.4), (0.1, 0.1, 0.1))


@pytest.mark.parametrize("yaw_deg", [0, 40, 90])
@pytest.mark.parametrize(
    ("way", "turns"),
    [
        pytest.param([(-6, 0.2), (6, -0.1)], True, id="along it"),
        pytest.param([(0.4, -5), (0.2, 5)], True, id="across it"),
        pytest.param([(-6, 3), (6, 3)], False, id="past it"),
        pytest.param([(0, 0), (6, 0)], False, id="out of it"),
    ],
)
def test_a_way_leads_around_a_car(
    way: list[tuple[float, float]], turns: bool, yaw_deg: int
) -> None:
    """A straight way through it gets corners, and none of it comes nearer than a body's width."""
    place = shift(3, 2) @ turn(yaw_deg)
    ends = np.array(way) @ place[:2, :2].T + place[:2, 3]
    led = led_around(ends, [footprint(CAR.position, place)])
    assert led[[0, -1]] == pytest.approx(ends, abs=1e-5)
    assert (len(led) > 2) == turns
    if turns:
        own = (led - place[:2, 3]) @ place[:2, :2]
        along = np.concatenate([np.linspace(a, b, 50) for a, b in pairwise(own)])
        assert (np.abs(along) - (2.2, 0.9)).max(axis=1).min() > CLEAR_M - 0.02
        assert np.hypot(*np.diff(led, axis=0).T).sum() < 1.4 * np.hypot(*(ends[1] - ends[0]))
