"""How sure a figure is: 95 % intervals for shares, for rates, and for shares of whole clips."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

LEVEL: Final = 0.95
Z: Final = 1.959963984540054
"""The normal quantile that leaves 2.5 % above."""
DRAWS: Final = 4000


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float

    def joined(self, other: Interval) -> Interval:
        """The least interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))


def wilson(hits: int, total: int) -> Interval:
    """Wilson's score interval of a share; 0 to 1 where nothing was asked.

    Raises:
        ValueError: More hits than there are.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total}: want 0 <= hits <= total")
    if total == 0:
        return Interval(0.0, 1.0)
    share = hits / total
    scale = 1 + Z**2 / total
    center = (share + Z**2 / (2 * total)) / scale
    half = Z / scale * math.sqrt(share * (1 - share) / total + Z**2 / (4 * total**2))
    low = 0.0 if hits == 0 else center - half
    high = 1.0 if hits == total else center + half
    return Interval(low, high)


def poisson(count: int) -> Interval:
    """The exact interval of a Poisson mean of which ``count`` was seen (Garwood, 1936).

    Raises:
        ValueError: A negative count.
    """
    if count < 0:
        raise ValueError(f"count {count}: want 0 or more")
    tail = (1 - LEVEL) / 2
    most = count + 10 * math.sqrt(count + 1) + 20
    low = 0.0 if count == 0 else _root(lambda mean: _at_most(count - 1, mean) - (1 - tail), most)
    return Interval(low, _root(lambda mean: _at_most(count, mean) - tail, most))


def rate(count: int, hours: float) -> Interval | None:
    """The interval of a rate; None where nothing was looked at."""
    if hours <= 0:
        return None
    mean = poisson(count)
    return Interval(mean.low / hours, mean.high / hours)


def bootstrap(by_clip: Sequence[tuple[int, int]], seed: int = 0) -> Interval:
    """The interval of a share by drawing whole clips anew, since events of one belong together.

    Args:
        by_clip: Hits and total of each clip.
    """
    pairs = np.array([pair for pair in by_clip if pair[1]], dtype=np.int64).reshape(-1, 2)
    if not len(pairs):
        return Interval(0.0, 1.0)
    draws = np.random.default_rng(seed).integers(0, len(pairs), (DRAWS, len(pairs)))
    sums = pairs[draws].sum(axis=1)
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [tail, 100 - tail]).tolist()
    return Interval(low, high)


def share_of_clips(by_clip: Sequence[tuple[int, int]]) -> Interval:
    """Wilson's and the bootstrap's interval in one: the wider end of each.

    The bootstrap alone is blind where all clips agree: ten hits of ten would be certain.
    """
    hits = sum(pair[0] for pair in by_clip)
    total = sum(pair[1] for pair in by_clip)
    return wilson(hits, total).joined(bootstrap(by_clip))


def _at_most(count: int, mean: float) -> float:
    """The chance of ``count`` or fewer."""
    if mean <= 0:
        return 1.0
    logs = (k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(count + 1))
    return math.fsum(math.exp(log) for log in logs)


def _root(of: Callable[[float], float], most: float) -> float:
    """Where a falling function crosses zero, between 0 and ``most``."""
    low, high = 0.0, most
    for _ in range(200):
        half = (low + high) / 2
        low, high = (half, high) if of(half) > 0 else (low, half)
    return (low + high) / 2
