"""Intervals are those of the tables."""

import pytest

from benchmarks.events.intervals import (
    Interval,
    bootstrap,
    poisson,
    rate,
    share_of_clips,
    wilson,
)


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        pytest.param(81, 263, 0.2553, 0.3662, id="Newcombe 1998, 81 of 263"),
        pytest.param(15, 148, 0.0624, 0.1605, id="Newcombe 1998, 15 of 148"),
        pytest.param(0, 20, 0.0, 0.1611, id="Newcombe 1998, none of 20"),
        pytest.param(1, 29, 0.0061, 0.1718, id="Newcombe 1998, 1 of 29"),
        pytest.param(10, 10, 0.7225, 1.0, id="all of 10"),
        pytest.param(0, 0, 0.0, 1.0, id="nothing was asked"),
    ],
)
def test_share(hits: int, total: int, low: float, high: float) -> None:
    """Wilson's interval has the values that the literature prints."""
    interval = wilson(hits, total)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=6e-5)


def test_share_of_too_many() -> None:
    """More hits than there are is a slip of the caller."""
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        pytest.param(0, 0.0, 3.6889, id="none"),
        pytest.param(1, 0.0253, 5.5716, id="one"),
        pytest.param(3, 0.6187, 8.7673, id="three"),
        pytest.param(10, 4.7954, 18.3904, id="ten"),
        pytest.param(100, 81.3640, 121.6270, id="a hundred"),
    ],
)
def test_count(count: int, low: float, high: float) -> None:
    """The exact Poisson interval has the values of Garwood's table."""
    interval = poisson(count)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-3)


def test_rate() -> None:
    """No alarm in two hours still allows 1.84 an hour; no hours allow no figure."""
    interval = rate(0, 2.0)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.0, 1.8444), abs=1e-3)
    assert rate(0, 0.0) is None


def test_clips_are_drawn_whole() -> None:
    """Five events of one clip tell less than five of five clips."""
    apart = bootstrap([(1, 1), (0, 1)] * 10)
    together = bootstrap([(10, 10), (0, 10)])
    assert (together.low, together.high) == (0.0, 1.0)
    assert apart.low > 0.2
    assert apart.high < 0.8


def test_all_found_is_not_certain() -> None:
    """Where every clip is whole the bootstrap is blind, and Wilson's interval stands."""
    assert bootstrap([(1, 1)] * 10) == Interval(1.0, 1.0)
    assert share_of_clips([(1, 1)] * 10) == wilson(10, 10)
    assert share_of_clips([]) == Interval(0.0, 1.0)
